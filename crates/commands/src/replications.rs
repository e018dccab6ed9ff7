//! Replications: who goes where, and how; planning, matching and running them.

mod activating;
mod braking;
mod changing;
mod difference;
mod one_writer;
mod partnering;
mod person;
mod planned;
mod reconciling;
mod remarks;
mod renaming;
mod running;
mod scheduling;
mod selecting;
mod setting_up;
mod standing;
mod unplanned;
mod watching;

pub use leadferry_replication::run::AS_MANY_AS_POSSIBLE;
pub use leadferry_replication::settings::{
    Api, EmptyValues, OptedOut, ReplicationChange, WhenConverted, WhenDeleted,
};
pub use leadferry_replication::{
    ApiCosts, CallBudget, Cancel, Reach, Settings, Stop, StopKind, Way, WayReason,
};
pub use leadferry_store::PlanDecision;
use leadferry_store::{Reader, Replication};
use serde::Serialize;

pub(crate) use activating::field_name;
pub use activating::{
    Activation, ActivationRequest, Activations, MappingIdState, activate, activate_all,
    activations, deactivate,
};
pub use braking::{HeldRuns, release};
pub use changing::{AddReplication, add, copy, remove, set};
pub(crate) use changing::{add_in, check_request, set_in};
pub use difference::difference;
pub use leadferry_replication::comparing::{Compared, Cost, Passage, SegmentPassage};
pub use leadferry_replication::mapping::Phase;
pub use leadferry_replication::mapping::RemarkKind;
pub use leadferry_replication::plan::{Before, Difference, WhyNot};
pub(crate) use one_writer::check_one_writer;
pub use partnering::{
    PartnerInfo, PartnerPreview, PartnerSide, SetPartner, partner_of, preview_partner,
    remove_partner, set_partner,
};
pub use person::Person;
pub(crate) use person::people;
pub use planned::{
    KeptPlan, PlannedLine, PlannedPage, PlannedQuery, PlannedReason, blocked_by, latest_plan, page,
};
pub use reconciling::{
    DifferingContact, DifferingField, DifferingPage, Reconciled, Reconciliation, SentAgain,
    differing, reconcile, reconciliation, send_again,
};
pub use remarks::{PlannedRemark, UnsentField, remarks};
pub(crate) use renaming::{
    rename_in_replications, rename_required_purposes, user_of_purpose, users_of,
};
pub use running::{
    BlockedBy, Ending, PlanReport, PlannedContact, PlannedOf, RunOutcome, RunWish, find_people,
    plan, planned, run, run_as,
};
pub(crate) use running::{Shown, no_connection, sender_lock};
pub use scheduling::{NextRun, next_run};
pub use selecting::{Selected, SelectionChoice, would_select};
pub use setting_up::{SetUpAt, SetUpPart, set_up_at};
pub(crate) use standing::Moment;
pub use standing::{LastRun, Need, OrgKind, ReadyStep, ReplicationState, Standing};
pub use unplanned::{
    UnplannedLine, UnplannedPage, UnplannedReason, UnplannedRequest, unplanned, unplanned_reasons,
};
pub(crate) use watching::last_known;
pub use watching::{Watched, watch};

pub(crate) use standing::selected;

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
    /// The other settings.
    pub settings: Settings,
    /// Version of the settings, from 1.
    pub settings_version: i64,
    /// How it stands.
    pub standing: Standing,
}

/// Returns all replications by name; consent syncs have a list of their own.
pub fn list(workspace: &Workspace) -> Result<Vec<ReplicationInfo>> {
    let all = list_all(workspace)?.into_iter();
    Ok(all
        .filter(|replication| !replication.settings.consent_sync)
        .collect())
}

/// Returns all replications by name, consent syncs among them.
pub(crate) fn list_all(workspace: &Workspace) -> Result<Vec<ReplicationInfo>> {
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

pub(crate) fn info(
    reader: &Reader<'_>,
    replication: Replication,
    moment: &Moment,
) -> Result<ReplicationInfo> {
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
        standing,
    })
}
