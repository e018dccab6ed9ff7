//! Setting up a replication part by part: where the user left off, until it has run for the first time.

use leadferry_store::{Reader, ReplicationId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Error, Result, Workspace};

/// A part of setting up a replication, in the order in which they follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SetUpPart {
    /// The connection, and signing in to it.
    Connection,
    /// Its name, how records are found and changed, and the alerts.
    Details,
    /// Which contacts are sent.
    Who,
    /// The segments that show in Salesforce.
    Segments,
    /// Which value goes to which field.
    Mapping,
    /// When it runs, and how it sends.
    Schedule,
    /// The first plan.
    Plan,
}

/// Where the user is in setting up a replication.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
pub struct SetUpAt {
    /// The replication.
    pub name: String,
    /// The part that is open.
    pub part: SetUpPart,
}

/// Keeps the part of its setup at which a replication was left.
///
/// # Errors
/// When there is no such replication.
pub fn set_up_at(workspace: &Workspace, at: &SetUpAt) -> Result<()> {
    let part = json!(at.part);
    workspace.store().write(|writer| {
        let id = writer.replication_named(&at.name)?.id;
        writer.set_replication_set_up(id, part.as_str().unwrap_or_default())?;
        Ok::<_, Error>(())
    })
}

/// Returns the part of its setup that a replication was left at; nothing for what a later version has written.
pub(super) fn left_at(
    reader: &Reader<'_>,
    replication: ReplicationId,
) -> Result<Option<SetUpPart>> {
    let kept = reader.replication_set_up(replication)?;
    Ok(kept.and_then(|part| serde_json::from_value(part.into()).ok()))
}
