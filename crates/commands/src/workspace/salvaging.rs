//! Taking what can still be read of a damaged workspace into a new one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use leadferry_store::{Error as Failure, GoesOn, SalvagedTable};
use serde::Serialize;

use crate::error::sentence;
use crate::jobs::{self, JobKind};
use crate::{Code, Error, FrontEnd, Result, Step, Workspace};

/// What came of a damaged workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SalvagedWorkspace {
    /// The damaged workspace; it stays as it is.
    pub damaged: PathBuf,
    /// The new one.
    pub path: PathBuf,
    /// What came over and what didn't, table by table.
    pub parts: Vec<SalvagedPart>,
    /// Why the consent ledger isn't whole any more; `None` where it is.
    pub ledger: Option<String>,
    /// The backup that told where the tables begin; `None` where the damaged file still does.
    pub found_by: Option<PathBuf>,
}

/// What came of one kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SalvagedPart {
    /// What the records are called.
    pub what: String,
    /// How many the new workspace has.
    pub kept: u64,
    /// How many are known to be lost.
    pub lost: u64,
    /// Whether more may be lost: nothing tells how many there were.
    pub may_lack_more: bool,
}

/// Takes what can be read of the workspace at `damaged` into a new one at `into`, and tells `front_end` how far it is.
///
/// The damaged file isn't changed. The new workspace isn't approved and its replications are disabled.
///
/// # Errors
/// When not even the list of tables can be read, something has the new name, or the disk refuses; there is no new file then.
pub fn salvage(
    damaged: &Path,
    into: &Path,
    front_end: &Arc<dyn FrontEnd>,
) -> Result<SalvagedWorkspace> {
    let front_end = front_end.clone();
    let goes_on = move |done, total| {
        if total > 0 {
            front_end.step(Step {
                stage: "salvaging",
                done,
                total,
            });
        }
        true
    };
    salvage_while(damaged, into, &(Arc::new(goes_on) as GoesOn))
}

/// The same as a job of the workspace that is open, which can be canceled.
///
/// # Errors
/// As [`salvage`].
pub(crate) fn salvage_as_job(
    workspace: &Workspace,
    damaged: &Path,
    into: &Path,
) -> Result<SalvagedWorkspace> {
    let job = jobs::begin(workspace, JobKind::Export, &super::title_of(into));
    let goes_on = move |done, total| {
        if total > 0 {
            job.step("salvaging", done, total);
        }
        job.goes_on()
    };
    salvage_while(damaged, into, &(Arc::new(goes_on) as GoesOn))
}

fn salvage_while(damaged: &Path, into: &Path, goes_on: &GoesOn) -> Result<SalvagedWorkspace> {
    let salvaged = leadferry_store::salvage(damaged, into, goes_on)
        .map_err(|error| refused(damaged, error))?;
    Ok(SalvagedWorkspace {
        damaged: damaged.to_owned(),
        path: into.to_owned(),
        parts: salvaged.tables.into_iter().map(part).collect(),
        ledger: salvaged.ledger.map(|fault| sentence(&fault)),
        found_by: salvaged.found_by,
    })
}

fn refused(damaged: &Path, error: Failure) -> Error {
    let cause = match error {
        Failure::Damaged(cause) if leadferry_store::backups_of(damaged, i64::MAX).is_empty() => {
            return without_backup(damaged, &cause);
        }
        Failure::Damaged(cause) => sentence(&cause),
        Failure::Cancelled => return jobs::cancelled("Salvaging the workspace"),
        error => return error.into(),
    };
    let message = format!("{} can't be salvaged.", damaged.display());
    Error::new(Code::Local, message, "Restore a backup.")
        .because(cause)
        .with_command("workspace restore --yes")
}

/// A backup is what lacks: its first page would tell where to read.
fn without_backup(damaged: &Path, cause: &str) -> Error {
    let mut folder = damaged.as_os_str().to_owned();
    folder.push(".backups");
    let message = format!("{} can't be salvaged.", damaged.display());
    let hint = format!(
        "If you keep a backup elsewhere, restore it. Or copy it to the folder {}, as a file that ends in .backup, and salvage again.",
        PathBuf::from(folder).display()
    );
    Error::new(Code::Local, message, hint).because(sentence(cause))
}

fn part(table: SalvagedTable) -> SalvagedPart {
    SalvagedPart {
        what: label_of(table.name),
        kept: table.kept,
        lost: table.lost,
        may_lack_more: table.may_lack_more,
    }
}

/// Returns what the rows of a table are called.
fn label_of(table: &str) -> String {
    let label = match table {
        "account_contacts" => "company memberships",
        "accounts" => "companies",
        "act_contacts" => "changes that can be undone, by contact",
        "acts" => "changes that can be undone",
        "api_readings" => "readings of API limits",
        "batch_bodies" => "values sent to Salesforce",
        "batch_tallies" => "results of requests",
        "batches" => "requests to Salesforce",
        "changes_due" => "scheduled recalculations",
        "conflicts" => "conflicts",
        "consent_events" => "events of the consent ledger",
        "consent_subjects" => "people of the consent ledger",
        "consent_texts" => "sources of consent",
        "consent_wordings" => "consent wordings",
        "consents" => "consent answers",
        "contact_batches" => "contacts by request",
        "describes" => "descriptions of Salesforce objects",
        "differences" => "differences from Salesforce",
        "email_list_entries" => "entries in email lists",
        "former_describes" => "earlier descriptions of Salesforce objects",
        "links" => "links to Salesforce records",
        "marks" => "marks of replications",
        "mirror_fields" => "fields of pulled objects",
        "mirror_objects" => "pulled objects",
        "plan_rows" => "plan rows",
        "pull_run_objects" => "objects of pull runs",
        "purposes" => "consent purposes",
        "queue" => "queue entries",
        "refusal_records" => "records that got a no",
        "refusal_searches" => "searches for records that get a no",
        "replication_settings" => "settings of replications",
        "run_blocks" => "blocked entries of runs",
        "score_points" => "points in scores",
        "searches" => "saved searches",
        "segment_days" => "sizes of segments",
        "segment_history" => "former segment memberships",
        "segment_members" => "segment memberships",
        "sent_fields" => "fields sent to Salesforce",
        "sequence" => "change counter",
        "undo_rows" => "records of undone runs",
        "waiting_activities" => "activities waiting for a contact",
        table => return table.replace('_', " "),
    };
    label.to_owned()
}
