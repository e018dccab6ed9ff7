//! Undoing a run: what it would do, doing it, and what became of each record.

use leadferry_replication::setup::target_object;
use leadferry_replication::targets::TargetObject;
use leadferry_replication::{
    self as engine, CallBudget, Cancel, Reach, UndoReport, UndoSetup, UndoTotals,
};
pub use leadferry_store::UndoState;
use leadferry_store::{ContactId, Replication, Run, RunId, UndoRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::jobs::JobKind;
use crate::orgs::{self, keep_allowance};
use crate::replications::{Person, Shown, people, sender_lock};
use crate::{Error, Result, Workspace, quoted};

/// Records of a page at most.
const MOST: usize = 500;

/// What undoing a run would do, or has done.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct UndoPlan {
    /// The run.
    pub run: RunId,
    /// Its replication.
    pub replication: String,
    /// `Lead` or `Contact`.
    pub object: String,
    /// How many records.
    #[serde(flatten)]
    pub totals: UndoTotals,
    /// API calls that it takes to carry out what is planned.
    pub calls: u64,
    /// The calls that may be made now; `None` where the org has told nothing yet.
    pub budget: Option<CallBudget>,
    /// Why records are left alone, the most frequent reason first.
    pub skipped_by: Vec<UndoSkipped>,
    /// Contacts whose requests have no answer yet. Undoing asks Salesforce about them first.
    pub unanswered: u64,
}

/// A reason for which records are left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UndoSkipped {
    /// A word of ours in lower case, or the org's code.
    pub code: String,
    /// How many records.
    pub records: u64,
    /// The same for people, of one of them.
    pub message: String,
}

/// Works out what undoing a run would do: Salesforce is read, and nothing is changed there.
///
/// # Errors
/// When there is no such run, it undoes another one itself, or the org cannot be asked.
pub async fn plan_undo(workspace: &Workspace, run: i64, cancel: &Cancel) -> Result<UndoPlan> {
    let (run, replication, org) = undoable(workspace, RunId(run)).await?;
    refresh_fields(workspace, &org, &replication).await?;
    let host = workspace.host();
    let shown = Shown::of(workspace, JobKind::Plan, &replication.name);
    let connection = workspace
        .store()
        .read(|reader| reader.connection(org.connection))?;
    let policy = orgs::policy(workspace, &connection);
    let setup = UndoSetup {
        store: workspace.store(),
        run: run.id,
        org: &org,
        clock: &*host.clock,
        policy: &policy,
        cancel,
        progress: &shown,
    };
    let planning = engine::plan_undo(&setup);
    let planned = tokio::select! {
        planned = planning => planned,
        never = shown.stops(cancel) => match never {},
    };
    keep_allowance(workspace, org.connection, &org.client)?;
    planned?;
    undo_plan(workspace, run.id.0)
}

/// Returns what undoing a run would do as it was planned last, and what was done of it.
///
/// # Errors
/// When there is no such run.
pub fn undo_plan(workspace: &Workspace, run: i64) -> Result<UndoPlan> {
    workspace.store().read(|reader| {
        let run = reader.run(RunId(run))?;
        let replication = reader.replication(run.replication)?;
        let counts = reader.undo_counts(run.id)?;
        let totals = UndoTotals::of(&counts);
        let mut skipped_by = Vec::new();
        for ((state, code), records) in &counts {
            if let (UndoState::Skipped, Some(code)) = (state, code) {
                skipped_by.push(UndoSkipped {
                    code: code.clone(),
                    records: *records,
                    message: reader.undo_example(run.id, code)?.unwrap_or_default(),
                });
            }
        }
        skipped_by.sort_by_key(|skipped| std::cmp::Reverse(skipped.records));
        let tallies = reader.run_tallies(run.id)?;
        let unanswered = tallies.iter().filter(|tally| tally.outcome.is_none());
        Ok(UndoPlan {
            run: run.id,
            calls: totals.calls(&replication.object),
            budget: orgs::budget_of(workspace, reader, &replication)?,
            replication: replication.name,
            object: replication.object,
            totals,
            skipped_by,
            unanswered: unanswered.map(|tally| tally.rows).sum(),
        })
    })
}

/// What undoing a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UndoOutcome {
    /// The replication.
    pub replication: String,
    /// The counts, and why it stopped if it did.
    #[serde(flatten)]
    pub report: UndoReport,
}

impl UndoOutcome {
    /// Tells whether everything that could be undone was.
    pub fn is_whole(&self) -> bool {
        self.report.stopped.is_none() && self.report.remaining == 0
    }
}

/// Undoes a run: plans anew, then deletes and restores. What others have changed since is left alone.
///
/// # Errors
/// As [`plan_undo`], and when another process sends to the org. What the org refuses is in the answer.
pub async fn undo(workspace: &Workspace, run: i64, cancel: &Cancel) -> Result<UndoOutcome> {
    workspace.check_may_send()?;
    let _under_way = workspace.store().under_way();
    let (run, replication, org) = undoable(workspace, RunId(run)).await?;
    let _sender = sender_lock(workspace, &org.org_id)?;
    let connection = workspace
        .store()
        .read(|reader| reader.connection(org.connection))?;
    let policy = orgs::policy(workspace, &connection);
    let host = workspace.host();
    let shown = Shown::of(workspace, JobKind::Run, &replication.name);
    let undoing = async {
        settle(workspace, &replication, &org, &policy, cancel, &shown).await?;
        refresh_fields(workspace, &org, &replication).await?;
        let setup = UndoSetup {
            store: workspace.store(),
            run: run.id,
            org: &org,
            clock: &*host.clock,
            policy: &policy,
            cancel,
            progress: &shown,
        };
        Ok::<_, Error>(engine::undo(&setup).await?)
    };
    let report = tokio::select! {
        report = undoing => report,
        never = shown.stops(cancel) => match never {},
    };
    keep_allowance(workspace, org.connection, &org.client)?;
    Ok(UndoOutcome {
        replication: replication.name,
        report: report?,
    })
}

/// Finds out what became of requests without an answer, and sends nothing new.
async fn settle(
    workspace: &Workspace,
    replication: &Replication,
    org: &engine::Org,
    policy: &engine::Policy,
    cancel: &Cancel,
    shown: &Shown<'_>,
) -> Result<()> {
    let open = workspace
        .store()
        .read(|reader| reader.open_batches(&org.org_id))?;
    if open.is_empty() {
        return Ok(());
    }
    let clock = &workspace.host().clock;
    let report = engine::run(
        workspace.store(),
        replication.id,
        org,
        &**clock,
        policy,
        Reach::First(0),
        cancel,
        shown,
    )
    .await?;
    let left = workspace
        .store()
        .read(|reader| reader.open_batches(&org.org_id))?;
    if left.is_empty() {
        return Ok(());
    }
    let why = report.stopped.map(|stop| stop.message).unwrap_or_default();
    Err(Error::new(
        crate::Code::NoNetwork,
        "Nothing was undone. Salesforce hasn't said yet what became of an earlier request.",
        "Try again in a few minutes.",
    )
    .because(why))
}

/// Returns a run that can be undone, with its replication and org.
async fn undoable(workspace: &Workspace, id: RunId) -> Result<(Run, Replication, engine::Org)> {
    let (run, replication) = workspace.store().read(|reader| {
        let run = reader.run(id)?;
        let replication = reader.replication(run.replication)?;
        Ok::<_, Error>((run, replication))
    })?;
    if let Some(undone) = run.undoes {
        return Err(Error::usage(
            format!("Run {id} can't be undone."),
            "To send the contacts again, release them and run the replication.",
        )
        .because(format!(
            "It undid run {undone}, and its contacts are on hold."
        ))
        .with_command(format!(
            "queue release --replication {}",
            quoted(&replication.name)
        )));
    }
    let org = orgs::org(workspace, run.connection).await?;
    if org.org_id != run.org_id {
        return Err(Error::usage(
            format!("Run {id} can't be undone."),
            "Undo it in the workspace whose connection leads to that org.",
        )
        .because("The connection leads to another org now."));
    }
    Ok((run, replication, org))
}

/// Reads the org's fields again where they have changed: nobody can be asked about others.
async fn refresh_fields(
    workspace: &Workspace,
    org: &engine::Org,
    replication: &Replication,
) -> Result<()> {
    let ask = orgs::Ask::IfChanged;
    let object = &replication.object;
    orgs::refresh_describe(workspace, org.connection, &org.client, object, ask).await?;
    Ok(())
}

/// Which records of a run are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum UndoPart {
    /// Those that are or were deleted.
    Delete,
    /// Those whose values are or were restored.
    Restore,
    /// Those that are left alone.
    Skipped,
}

impl UndoPart {
    fn states(self) -> &'static [UndoState] {
        match self {
            Self::Delete => &[UndoState::Delete, UndoState::Deleting, UndoState::Deleted],
            Self::Restore => &[
                UndoState::Restore,
                UndoState::Restoring,
                UndoState::Restored,
            ],
            Self::Skipped => &[UndoState::Skipped],
        }
    }
}

/// Which page of a run's records is asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct UndoQuery {
    /// The run that is undone.
    pub run: i64,
    /// Which of its records.
    pub part: UndoPart,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Length of the page, 500 at most.
    pub limit: usize,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct UndoPage {
    /// The records.
    pub records: Vec<UndoRecord>,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<String>,
}

/// A record that undoing a run concerns.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct UndoRecord {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// The record.
    pub record_id: String,
    /// Where it stands.
    pub state: UndoState,
    /// Why it is left alone: a word of ours in lower case, or the org's code.
    pub code: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// The fields that the run wrote.
    pub fields: Vec<UndoneField>,
}

/// A field that the run wrote.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct UndoneField {
    /// API name.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What was sent last.
    pub sent: Value,
    /// What the record held before the run; missing where it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<Value>,
    /// What the record held when it was looked at; missing where it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub now: Option<Value>,
    /// Why it isn't restored, in a word of ours; none where it is.
    pub skipped: Option<String>,
}

/// Returns records of a run, as they were planned or undone.
///
/// # Errors
/// When there is no such run, or `after` is no page's `next`.
pub fn undo_rows(workspace: &Workspace, query: &UndoQuery) -> Result<UndoPage> {
    let limit = query.limit.clamp(1, MOST);
    let after = match &query.after {
        Some(text) => place(text)?,
        None => (ContactId(0), String::new()),
    };
    workspace.store().read(|reader| {
        let run = reader.run(RunId(query.run))?;
        let object = reader.replication(run.replication)?.object;
        let object = target_object(reader, Some(run.connection), &object)?;
        let mut rows = reader.undo_rows(run.id, query.part.states(), &after, limit + 1)?;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more);
        let next = next.map(|row| format!("{}:{}", row.contact.0, row.record_id));
        let named = people(reader, rows.iter().map(|row| row.contact))?;
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            let person = match named.get(&row.contact) {
                Some(person) => person.clone(),
                None => Person::gone(&reader.contact(row.contact)?.guid),
            };
            records.push(record(row, person, &object));
        }
        Ok(UndoPage { records, next })
    })
}

fn record(row: UndoRow, person: Person, object: &TargetObject) -> UndoRecord {
    let fields = row.fields.into_iter().map(|field| UndoneField {
        label: object
            .field(&field.field)
            .map_or_else(|| field.field.clone(), |known| known.label.clone()),
        field: field.field,
        sent: field.sent,
        before: field.before,
        now: field.now,
        skipped: field.skipped,
    });
    UndoRecord {
        fields: fields.collect(),
        person,
        record_id: row.record_id,
        state: row.state,
        code: row.code,
        message: row.message,
    }
}

fn place(text: &str) -> Result<(ContactId, String)> {
    let read = || {
        let (contact, record) = text.split_once(':')?;
        Some((ContactId(contact.parse().ok()?), record.to_owned()))
    };
    read().ok_or_else(|| super::contacts::no_place(text))
}
