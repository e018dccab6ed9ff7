//! Runs: what was sent, and what came back.

mod checking;
mod contacts;
mod undoing;

use std::collections::BTreeMap;

use leadferry_store::{BatchId, BatchRow, BulkJob, ContactId, Guid, Outcome, Reader};
pub use leadferry_store::{BulkJobState, Run, RunId, RunState};
use serde::Serialize;
use serde_json::Value;

pub use checking::{CheckedField, CheckedRecord, RunCheck, check};
pub use contacts::{RunContact, RunContactsPage, RunContactsQuery, RunPart, SentField, contacts};
pub use undoing::{
    UndoOutcome, UndoPage, UndoPart, UndoPlan, UndoQuery, UndoRecord, UndoSkipped, UndoState,
    UndoneField, plan_undo, undo, undo_plan, undo_rows,
};

use crate::causes::{self, Cure};
use crate::figures::{QueueFigures, RunFigures};
use crate::replications::{Person, people};
use crate::{Result, Workspace};

/// Before the first row of a run.
const FIRST: (BatchId, i64) = (BatchId(0), -1);
/// Stands for the code of a refusal that has none.
const UNKNOWN: &str = "unknown";

/// A run with the name of its replication.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunInfo {
    /// The replication.
    #[serde(rename = "replication_name")]
    pub name: String,
    /// The connection that it used; `None` where that is removed.
    pub connection_name: Option<String>,
    /// What became of its contacts.
    pub figures: RunFigures,
    /// Contacts that wait to be sent now, as the queue counts them; `None` where a later run has gone on with them.
    pub waiting: Option<u64>,
    /// The run.
    #[serde(flatten)]
    pub run: Run,
}

fn used(reader: &Reader<'_>, run: &Run) -> Result<Option<String>, leadferry_store::Error> {
    match reader.connection(run.connection) {
        Ok(connection) => Ok(Some(connection.name)),
        Err(leadferry_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl RunInfo {
    fn of(reader: &Reader<'_>, run: Run) -> Result<Self, leadferry_store::Error> {
        let last = reader.last_run(run.replication)?;
        let waiting = match last.filter(|last| last.id == run.id) {
            Some(_) => Some(QueueFigures::of(&reader.queue_counts(run.replication)?).waiting),
            None => None,
        };
        Ok(Self {
            name: reader.replication(run.replication)?.name,
            connection_name: used(reader, &run)?,
            figures: RunFigures::of(&run),
            waiting,
            run,
        })
    }
}

/// Returns the latest runs, the latest first.
///
/// # Errors
/// When there is no such replication.
pub fn list(
    workspace: &Workspace,
    replication: Option<&str>,
    limit: usize,
) -> Result<Vec<RunInfo>> {
    Ok(workspace.store().read(|reader| {
        let replication = replication
            .map(|name| reader.replication_named(name))
            .transpose()?
            .map(|found| found.id);
        let runs = reader.runs(replication, None, limit)?;
        let named = runs.into_iter().map(|run| RunInfo::of(reader, run));
        named.collect::<Result<Vec<_>, leadferry_store::Error>>()
    })?)
}

/// A run with the contacts that it was about.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunCard {
    /// The run.
    #[serde(flatten)]
    pub run: RunInfo,
    /// Refusals by cause, the most frequent first.
    pub refusals: Vec<Refusal>,
    /// Contacts newly blocked before anything was sent for them, by cause.
    pub blocks: Vec<Refusal>,
    /// Bulk jobs that its contacts went with, the oldest first.
    pub jobs: Vec<RunJob>,
    /// The first rows that were sent.
    pub rows: Vec<RunRow>,
}

/// A bulk job of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RunJob {
    /// Its id in the org; none before it was created.
    pub job_id: Option<String>,
    /// How far it is.
    pub state: BulkJobState,
    /// Its rows.
    pub rows: u64,
    /// Rows that Salesforce had processed when it was asked last.
    pub processed: u64,
    /// Rows that it had refused.
    pub failed: u64,
    /// What Salesforce says about why it failed.
    pub message: Option<String>,
}

/// Contacts that were refused for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Refusal {
    /// The org's code, or ours in lower case.
    pub code: String,
    /// The cause in two or three words.
    pub label: String,
    /// How many rows.
    pub rows: u64,
    /// What it means.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// The first words of the org about it.
    pub example: String,
    /// What can be offered; nothing where it passes by itself.
    pub cures: &'static [Cure],
}

/// A row that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunRow {
    /// The contact, as it was then.
    pub contact: Guid,
    /// Its name today, else its email, else its company.
    pub name: String,
    /// The record.
    pub record_id: Option<String>,
    /// How the record was found.
    pub found: &'static str,
    /// What became of it; `None` while there is no answer.
    pub outcome: Option<&'static str>,
    /// What was sent; `null` when history was thinned.
    pub sent: Value,
    /// What the record held before; `null` where it was not read.
    pub before: Value,
    /// What the org answered.
    pub errors: Value,
}

/// Shows a run, with the first rows that it sent; only the refused ones where `refused` says so.
///
/// # Errors
/// When there is no such run.
pub fn show(workspace: &Workspace, run: i64, refused: bool, limit: usize) -> Result<RunCard> {
    let id = RunId(run);
    let store = workspace.store();
    let run = store.read(|reader| RunInfo::of(reader, reader.run(id)?))?;
    Ok(store.read(|reader| {
        let refusals = refusals(reader, id)?;
        let rows = if refused {
            refused_rows(reader, id, &refusals, limit)?
        } else {
            reader.run_rows(id, FIRST, limit)?
        };
        let people = people(reader, rows.iter().map(|row| row.contact))?;
        let rows = rows.into_iter().map(|row| {
            let person = people.get(&row.contact).cloned();
            shown(row, person)
        });
        let jobs = reader.bulk_jobs_of_run(id)?.into_iter().map(job);
        Ok::<_, leadferry_store::Error>(RunCard {
            jobs: jobs.collect(),
            blocks: blocks(reader, &run.run)?,
            rows: rows.collect(),
            refusals,
            run,
        })
    })?)
}

fn job(job: BulkJob) -> RunJob {
    RunJob {
        job_id: job.job_id,
        state: job.state,
        rows: job.rows,
        processed: job.processed,
        failed: job.failed,
        message: job.message,
    }
}

/// Counts refusals by the tallies of the run's batches; one row of each cause is read for its words.
fn refusals(reader: &Reader<'_>, run: RunId) -> Result<Vec<Refusal>, leadferry_store::Error> {
    // Those refused for good by code, then those that were tried again. A contact whose tries came to nothing counts once,
    // with its last.
    let mut for_good: BTreeMap<String, u64> = BTreeMap::new();
    let mut for_now: BTreeMap<String, u64> = BTreeMap::new();
    for tally in reader.run_tallies(run)? {
        let counts = match tally.outcome {
            Some(Outcome::Refused | Outcome::Lost) => &mut for_good,
            Some(Outcome::Retry) => &mut for_now,
            _ => continue,
        };
        *counts.entry(tally.code.unwrap_or_default()).or_default() += tally.rows;
    }
    for_now.retain(|code, _| !for_good.contains_key(code));
    let both = [(for_good, true), (for_now, false)];
    let counted = both.into_iter().flat_map(|(counts, ends)| {
        counts
            .into_iter()
            .map(move |(code, rows)| (code, rows, ends))
    });
    let mut found = Vec::new();
    for (code, rows, ends) in counted {
        let first = reader.run_rows_refused(run, &code, FIRST, 1)?.pop();
        let example = first.map(|row| message(&row)).unwrap_or_default();
        found.push(explained(code, example, rows, ends));
    }
    Ok(most_frequent(found))
}

fn refused_rows(
    reader: &Reader<'_>,
    run: RunId,
    refusals: &[Refusal],
    limit: usize,
) -> Result<Vec<BatchRow>, leadferry_store::Error> {
    let mut rows = Vec::new();
    for refusal in refusals {
        let code = if refusal.code == UNKNOWN {
            ""
        } else {
            &refusal.code
        };
        rows.extend(reader.run_rows_refused(run, code, FIRST, limit)?);
    }
    rows.sort_by_key(|row| (row.batch, row.position));
    rows.truncate(limit);
    Ok(rows)
}

fn shown(row: BatchRow, person: Option<Person>) -> RunRow {
    let json = |text: Option<&str>| {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Value::Null)
    };
    RunRow {
        sent: json(Some(&row.payload)),
        before: json(row.old_values.as_deref()),
        errors: json(row.errors.as_deref()),
        name: person.unwrap_or_else(|| Person::gone(&row.guid)).name,
        contact: row.guid,
        record_id: row.record_id,
        found: row.found.name(),
        outcome: row.outcome.map(Outcome::name),
    }
}

/// Returns the org's words about a refused row.
fn message(row: &BatchRow) -> String {
    let errors = row.errors.as_deref();
    let errors: Value = errors
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    errors[0]["message"].as_str().unwrap_or_default().to_owned()
}

/// The org's code for a value that it doesn't offer for the record type.
const NOT_OFFERED: &str = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
/// What becomes of contacts that have one.
const SENT_WITHOUT: &str = "no action needed. Leadferry leaves the value out and sends the rest";

/// Explains a code; `for_good` says that a contact at least is not tried again by itself.
fn explained(code: String, example: String, rows: u64, for_good: bool) -> Refusal {
    let code = if code.is_empty() {
        UNKNOWN.to_owned()
    } else {
        code
    };
    let known = crate::diagnosis::explained(&code, &example);
    let (cure, cures) = if for_good {
        (known.cure, causes::cures(&code, &Value::Null))
    } else if code == NOT_OFFERED {
        (SENT_WITHOUT.to_owned(), &[][..])
    } else {
        (crate::diagnosis::outlook(&code), &[][..])
    };
    Refusal {
        cures,
        code,
        label: known.label,
        rows,
        cause: known.cause,
        cure,
        example,
    }
}

fn blocks(reader: &Reader<'_>, run: &Run) -> Result<Vec<Refusal>, leadferry_store::Error> {
    let mut found = Vec::new();
    for (code, rows) in &run.blocked {
        let first = reader
            .run_blocks(run.id, Some(code), ContactId(0), 1)?
            .pop();
        let example = first.map(|(_, _, message)| message).unwrap_or_default();
        found.push(explained(code.clone(), example, *rows, true));
    }
    Ok(most_frequent(found))
}

fn most_frequent(mut refusals: Vec<Refusal>) -> Vec<Refusal> {
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.rows));
    refusals
}
