//! Replications: who goes where, and how; planning, matching and running them.

mod activating;
mod changing;
mod difference;
mod one_writer;
mod person;
mod planned;
mod reconciling;
mod renaming;
mod running;
mod standing;
mod unplanned;
mod watching;

pub use leadferry_replication::settings::{EmptyValues, WhenConverted, WhenDeleted};
pub use leadferry_replication::{Cancel, Settings};
pub use leadferry_store::PlanDecision;
use leadferry_store::{Reader, Replication};
use serde::Serialize;

pub use activating::{
    Activation, ActivationRequest, Activations, MappingIdState, activate, activate_all,
    activations, deactivate,
};
pub use changing::{AddReplication, ReplicationChange, add, copy, remove, set};
pub use difference::difference;
pub use leadferry_replication::comparing::{Compared, Cost, Passage, SegmentPassage};
pub use leadferry_replication::mapping::Phase;
pub use leadferry_replication::plan::{Before, Difference, WhyNot};
pub(crate) use one_writer::check_one_writer;
pub use person::Person;
pub use planned::{KeptPlan, PlannedLine, PlannedPage, PlannedQuery, latest_plan, page};
pub use reconciling::{
    DifferingContact, DifferingField, DifferingPage, Reconciled, Reconciliation, SentAgain,
    differing, reconcile, reconciliation, send_again,
};
pub(crate) use renaming::{Renamed, rename, users_of_segment};
pub(crate) use running::sender_lock;
pub use running::{
    BlockedBy, Ending, PlanReport, PlannedContact, RunOutcome, find_people, plan, planned, run,
};
pub use standing::{LastRun, Need, OrgKind, ReadyStep, ReplicationState, Standing};
pub use unplanned::{UnplannedLine, UnplannedPage, UnplannedRequest, unplanned};
pub use watching::{Watched, watch};

use standing::Moment;

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
    /// Version of the settings, from 1.
    pub settings_version: i64,
    /// How it stands.
    pub standing: Standing,
}

/// Returns all replications by name.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<ReplicationInfo>> {
    let moment = Moment::of(workspace);
    workspace.store().read(|reader| {
        let all = reader.replications()?;
        all.into_iter()
            .map(|replication| info(reader, replication, &moment))
            .collect()
    })
}

/// Returns one replication.
///
/// # Errors
/// When there is none of that name.
pub fn show(workspace: &Workspace, name: &str) -> Result<ReplicationInfo> {
    let moment = Moment::of(workspace);
    workspace
        .store()
        .read(|reader| info(reader, reader.replication_named(name)?, &moment))
}

fn info(reader: &Reader<'_>, replication: Replication, moment: &Moment) -> Result<ReplicationInfo> {
    let standing = standing::standing(reader, &replication, moment)?;
    let connection = replication
        .connection
        .map(|id| reader.connection(id))
        .transpose()?;
    let score = replication
        .threshold
        .map(|threshold| reader.score(threshold.score))
        .transpose()?;
    Ok(ReplicationInfo {
        settings: Settings::from_json(&replication.settings)?,
        settings_version: replication.settings_version,
        name: replication.name,
        object: replication.object,
        connection: connection.map(|connection| connection.name),
        enabled: replication.enabled,
        score: score.map(|score| score.name),
        minimum: replication.threshold.map(|threshold| threshold.minimum),
        queued: standing.waiting,
        standing,
    })
}

/// Whom a choice of score and minimum would select.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Selected {
    /// Contacts selected.
    pub selected: u64,
    /// Contacts in the workspace.
    pub contacts: u64,
    /// Of these, those of which nothing may be sent.
    pub not_sent: u64,
}

/// Counts whom a choice of score and minimum would select by the points of this moment; all without a score.
///
/// # Errors
/// When there is no such score.
pub fn count(workspace: &Workspace, score: Option<&str>, minimum: i64) -> Result<Selected> {
    workspace.store().read(|reader| {
        let (contacts, not_sent) = (reader.live_contacts()?, reader.not_sent_count()?);
        let selected = match score.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => reader.reaching_count(reader.score_named(name)?.id, minimum)?,
            None => contacts.saturating_sub(not_sent),
        };
        Ok(Selected {
            selected,
            contacts,
            not_sent,
        })
    })
}
