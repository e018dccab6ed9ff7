//! What a colleague would do in the org by hand: convert, merge, edit, delete and restore records.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::admin;
use crate::{Result, Workspace};

/// Something a colleague does to records of the practice org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Converts a lead, into an existing contact where one is given.
    Convert {
        /// Id of the lead.
        lead: String,
        /// Id of the contact.
        into: Option<String>,
    },
    /// Merges one or two records into another of the same object.
    Merge {
        /// Id of the record that stays.
        winner: String,
        /// Ids of those that go.
        losers: Vec<String>,
    },
    /// Sets fields. An empty text clears one.
    Edit {
        /// Id of the record.
        id: String,
        /// Values by API name.
        fields: BTreeMap<String, String>,
    },
    /// Moves a record to the recycle bin.
    Delete(String),
    /// Takes a record out of the recycle bin.
    Undelete(String),
    /// Removes a record for good.
    Purge(String),
}

/// Does it, and returns the org's answer.
///
/// # Errors
/// When the org refuses.
pub async fn act(workspace: &Workspace, act: &Act) -> Result<Value> {
    let (action, body) = match act {
        Act::Convert { lead, into } => ("convert-lead", json!({ "id": lead, "contact_id": into })),
        Act::Merge { winner, losers } => ("merge", json!({ "winner": winner, "losers": losers })),
        Act::Edit { id, fields } => {
            let fields = fields.iter().map(|(name, text)| (name, as_json(text)));
            let fields: BTreeMap<_, _> = fields.collect();
            ("edit", json!({ "id": id, "fields": fields }))
        }
        Act::Delete(id) => ("delete", json!({ "id": id })),
        Act::Undelete(id) => ("undelete", json!({ "id": id })),
        Act::Purge(id) => ("purge", json!({ "id": id })),
    };
    admin(
        workspace,
        Method::POST,
        &format!("records/{action}"),
        Some(body),
    )
    .await
}

/// Returns the value that a text stands for: nothing, yes or no, or itself. The org reads numbers from their digits.
fn as_json(text: &str) -> Value {
    match text.trim() {
        "" => Value::Null,
        "true" => true.into(),
        "false" => false.into(),
        _ => text.into(),
    }
}
