//! Replications: who goes where, and how; planning, matching and running them.

mod changing;
mod one_writer;
mod running;

pub use leadferry_replication::settings::{EmptyValues, WhenConverted, WhenDeleted};
pub use leadferry_replication::{Cancel, Settings};
pub use leadferry_store::PlanDecision;
use leadferry_store::{EntryState, Reader, Replication};
use serde::Serialize;

pub use changing::{AddReplication, ReplicationChange, add, copy, remove, set};
pub(crate) use one_writer::check_one_writer;
pub(crate) use running::sender_lock;
pub use running::{
    BlockedBy, Ending, PlanReport, PlannedContact, RunOutcome, find_people, plan, planned, run,
};

use crate::{Result, Workspace};

/// A replication with its settings.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ReplicationInfo {
    /// Name.
    pub name: String,
    /// Target object.
    pub object: String,
    /// The connection's name.
    pub connection: Option<String>,
    /// Off keeps the queue and sends nothing.
    pub enabled: bool,
    /// The score's name; none means all contacts.
    pub score: Option<String>,
    /// Points that mark a contact.
    pub minimum: Option<i64>,
    /// Contacts that wait to go, those on their way included.
    pub queued: u64,
    /// The other settings.
    pub settings: Settings,
}

/// Returns all replications by name.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<ReplicationInfo>> {
    workspace.store().read(|reader| {
        let all = reader.replications()?;
        all.into_iter()
            .map(|replication| info(reader, replication))
            .collect()
    })
}

/// Returns one replication.
///
/// # Errors
/// When there is none of that name.
pub fn show(workspace: &Workspace, name: &str) -> Result<ReplicationInfo> {
    workspace
        .store()
        .read(|reader| info(reader, reader.replication_named(name)?))
}

fn info(reader: &Reader<'_>, replication: Replication) -> Result<ReplicationInfo> {
    let connection = replication
        .connection
        .map(|id| reader.connection(id))
        .transpose()?;
    let score = replication
        .threshold
        .map(|threshold| reader.score(threshold.score))
        .transpose()?;
    let counts = reader.queue_counts(replication.id)?;
    let waiting = [EntryState::Pending, EntryState::Sending];
    Ok(ReplicationInfo {
        settings: Settings::from_json(&replication.settings)?,
        name: replication.name,
        object: replication.object,
        connection: connection.map(|connection| connection.name),
        enabled: replication.enabled,
        score: score.map(|score| score.name),
        minimum: replication.threshold.map(|threshold| threshold.minimum),
        queued: waiting.iter().filter_map(|state| counts.get(state)).sum(),
    })
}
