//! `practice-org act …`: what a colleague does in the org.

use clap::Subcommand;
use leadferry_commands::practice::Act as Deed;
use leadferry_commands::{Result, Workspace, practice};
use serde_json::Value;

use super::pair;
use crate::app::App;

const EDIT_EXAMPLE: &str = "For example:
  leadferry-cli practice-org act edit 00Q000000000001AAA Rating=Hot Phone=";

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Act {
    /// Convert a lead to a contact and its account.
    Convert {
        /// Id of the lead.
        lead: String,
        /// Convert it to this existing contact.
        #[arg(long, value_name = "CONTACT_ID")]
        into: Option<String>,
    },
    /// Merge one or two records into another.
    Merge {
        /// Id of the record to keep.
        winner: String,
        /// Ids of the records to merge into it.
        #[arg(required = true, num_args = 1..=2)]
        losers: Vec<String>,
    },
    /// Change fields of a record as Sam Seller.
    #[command(after_long_help = EDIT_EXAMPLE)]
    Edit {
        /// Id of the record.
        id: String,
        /// Fields and values. An empty value clears the field.
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = pair)]
        fields: Vec<(String, String)>,
    },
    /// Move a record to the recycle bin.
    Delete {
        /// Id of the record.
        id: String,
    },
    /// Restore a record from the recycle bin.
    Undelete {
        /// Id of the record.
        id: String,
    },
    /// Delete a record for good, also from the recycle bin.
    Purge {
        /// Id of the record.
        id: String,
    },
}

pub(super) async fn run(act: &Act, workspace: &Workspace, app: &App) -> Result<()> {
    let answer = practice::act(workspace, &deed(act)).await?;
    app.output.result(&answer, |answer| told(act, answer));
    Ok(())
}

fn deed(act: &Act) -> Deed {
    match act.clone() {
        Act::Convert { lead, into } => Deed::Convert { lead, into },
        Act::Merge { winner, losers } => Deed::Merge { winner, losers },
        Act::Edit { id, fields } => Deed::Edit {
            id,
            fields: fields.into_iter().collect(),
        },
        Act::Delete { id } => Deed::Delete(id),
        Act::Undelete { id } => Deed::Undelete(id),
        Act::Purge { id } => Deed::Purge(id),
    }
}

fn told(act: &Act, answer: &Value) -> String {
    match act {
        Act::Convert { lead, .. } => format!(
            "Converted lead {lead} to contact {}.\n",
            answer["contactId"].as_str().unwrap_or_default()
        ),
        Act::Merge { winner, losers } => {
            format!("Merged {} into {winner}.\n", losers.join(" and "))
        }
        Act::Edit { id, .. } => format!("Changed {id}.\n"),
        Act::Delete { id } => format!("Moved {id} to the recycle bin.\n"),
        Act::Undelete { id } => format!("Restored {id}.\n"),
        Act::Purge { id } => format!("Deleted {id} for good.\n"),
    }
}
