//! Undoes a run: the acting half of [`crate::undoing`].
//!
//! Each record is read, judged and changed in one step: the change goes with the condition that nobody has touched the
//! record since it was read. What is to be done is durable before it leaves; after a kill or a lost answer the record
//! itself tells whether it was carried out.

mod acting;
mod reading;

use std::collections::BTreeSet;
use std::sync::Arc;

use leadferry_salesforce::Client;
use leadferry_store::{
    ApiReading, BatchId, NewRun, Replication, Run, RunId, RunState, RunTally, Store, UndoCounts,
    UndoRow, UndoState, crash_point,
};
use serde::Serialize;

use crate::backoff::Policy;
use crate::budget::CallBudget;
use crate::mapping::Mapping;
use crate::progress::{Cancel, Progress, Stage, Step};
use crate::run::{Clock, Stop, reading as api_reading};
use crate::setup::target_object;
use crate::undoing::{Rules, Verdict, judge};
use crate::{Error, Org, Result, Settings};

/// Records looked at in one transaction while it is planned.
const PAGE: usize = 500;
/// Records that are changed in one request.
const MOST: usize = leadferry_salesforce::request::MAX_GUARDED;
/// The org's conditions know whole seconds: what was read this long ago and is unchanged can't change unnoticed.
const SECOND_MS: i64 = 1_000;

/// What undoing a run needs.
#[derive(Clone, Copy)]
pub struct UndoSetup<'a> {
    /// The workspace.
    pub store: &'a Arc<Store>,
    /// The run to be undone.
    pub run: RunId,
    /// The org that it sent to.
    pub org: &'a Org,
    /// The clock, UTC milliseconds.
    pub clock: &'a Clock,
    /// All waits.
    pub policy: &'a Policy,
    /// Stops it between requests.
    pub cancel: &'a Cancel,
    /// Sees how far it is.
    pub progress: &'a dyn Progress,
}

/// How many records undoing a run concerns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UndoTotals {
    /// Records to be deleted.
    pub delete: u64,
    /// Records whose values are to be restored.
    pub restore: u64,
    /// Records that are left alone.
    pub skipped: u64,
    /// Records that were deleted.
    pub deleted: u64,
    /// Records whose values were restored.
    pub restored: u64,
}

impl UndoTotals {
    /// Sums up where records stand.
    pub fn of(counts: &UndoCounts) -> Self {
        let mut totals = Self::default();
        for ((state, _), records) in counts {
            *match state {
                UndoState::Delete | UndoState::Deleting => &mut totals.delete,
                UndoState::Restore | UndoState::Restoring => &mut totals.restore,
                UndoState::Skipped => &mut totals.skipped,
                UndoState::Deleted => &mut totals.deleted,
                UndoState::Restored => &mut totals.restored,
            } += records;
        }
        totals
    }

    /// Returns the calls that it takes to carry out what is planned: one for the fields, then every record is planned and
    /// read once more before it's changed.
    pub fn calls(&self, object: &str) -> u64 {
        let questions = if object == "Contact" && self.delete > 0 {
            2
        } else {
            1
        };
        let open = self.delete + self.restore;
        let plan = (open + self.skipped).div_ceil(PAGE as u64) * questions;
        let requests = open.div_ceil(MOST as u64) * (1 + questions);
        u64::from(open > 0) + plan + requests
    }
}

/// What undoing a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UndoReport {
    /// The run that undid the other.
    pub run: RunId,
    /// The run that was undone.
    pub undoes: RunId,
    /// Records deleted by it.
    pub deleted: u64,
    /// Records whose values were restored by it.
    pub restored: u64,
    /// Records of the run that are left alone.
    pub skipped: u64,
    /// Records that are still to be undone.
    pub remaining: u64,
    /// HTTP requests made.
    pub calls: u64,
    /// Why it stopped before everything was undone.
    pub stopped: Option<Stop>,
}

/// Works out what undoing a run would do: the org is read, and nothing is changed there.
///
/// # Errors
/// When the org cannot be asked, or the workspace cannot be written; [`Error::Cancelled`] when somebody says so.
pub async fn plan_undo(setup: &UndoSetup<'_>) -> Result<UndoTotals> {
    let mut undoer = Undoer::load(setup).await?;
    undoer.plan().await?;
    undoer.totals()
}

/// Undoes a run: plans anew, then deletes and restores.
///
/// The caller holds the org's sender lock, and no request to the org waits for its answer.
///
/// # Errors
/// When the workspace cannot be written; what the org refuses is in the report.
pub async fn undo(setup: &UndoSetup<'_>) -> Result<UndoReport> {
    let before = setup.org.client.traffic();
    let run = setup.store.write(|writer| -> Result<RunId> {
        let undone = writer.run(setup.run)?;
        let new = NewRun {
            replication: undone.replication,
            connection: undone.connection,
            org_id: undone.org_id,
            versions: undone.versions,
        };
        Ok(writer.begin_undo(&new, setup.run, (setup.clock)())?)
    })?;
    crash_point("undo.begun");
    let undoing = carry_out(setup, run).await;
    let now = (setup.clock)();
    let (state, stop) = match &undoing {
        Ok(None) => (RunState::Finished, None),
        Ok(Some(stop)) => {
            let state = if stop.is_cancelled() {
                RunState::Cancelled
            } else {
                RunState::Stopped
            };
            (state, Some(stop.clone()))
        }
        Err(error) => (RunState::Stopped, Some(Stop::local(&error.to_string()))),
    };
    let traffic = setup.org.client.traffic();
    let usage = setup.org.client.usage();
    let tally = RunTally {
        calls: traffic.calls - before.calls,
        calls_left: usage.map(|usage| usage.max.saturating_sub(usage.used)),
        bytes_sent: traffic.bytes_sent - before.bytes_sent,
        ..RunTally::default()
    };
    let (counts, own) = setup.store.write(|writer| -> Result<_> {
        writer.set_run_tally(run, &tally)?;
        let reading: ApiReading = api_reading(&setup.org.client, now);
        writer.keep_reading(setup.org.connection, &reading)?;
        let stored = stop.as_ref().map(Stop::stored);
        writer.end_run(run, state, stored.as_ref(), now)?;
        Ok((writer.undo_counts(setup.run)?, writer.undone_counts(run)?))
    })?;
    let stopped = undoing?;
    let (totals, own) = (UndoTotals::of(&counts), UndoTotals::of(&own));
    Ok(UndoReport {
        run,
        undoes: setup.run,
        deleted: own.deleted,
        restored: own.restored,
        skipped: totals.skipped,
        remaining: totals.delete + totals.restore,
        calls: tally.calls,
        stopped,
    })
}

/// Plans and acts; returns why it stopped.
async fn carry_out(setup: &UndoSetup<'_>, run: RunId) -> Result<Option<Stop>> {
    let planned = async {
        let mut undoer = Undoer::load(setup).await?;
        undoer.plan().await?;
        Ok::<_, Error>(undoer)
    };
    let mut undoer = match planned.await {
        Ok(undoer) => undoer,
        Err(Error::Cancelled) => return Ok(Some(Stop::undo_cancelled())),
        Err(Error::Salesforce(error)) => return Ok(Some(Stop::of_request(&error).for_undo())),
        Err(error) => return Err(error),
    };
    let totals = undoer.totals()?;
    let planned = serde_json::to_value(totals).unwrap_or_default();
    setup
        .store
        .write(|writer| writer.set_planned(run, &planned))?;
    crash_point("undo.planned");
    if let Some(stop) = undoer.too_costly(&totals) {
        return Ok(Some(stop));
    }
    let stop = undoer.act(run).await?;
    Ok(stop.map(Stop::for_undo))
}

/// What undoes a run.
struct Undoer<'a> {
    setup: &'a UndoSetup<'a>,
    undone: Run,
    replication: Replication,
    settings: Settings,
    rules: Rules,
    /// Objects that may hang on records, and that this org or user doesn't have.
    unknown: BTreeSet<&'static str>,
}

impl<'a> Undoer<'a> {
    async fn load(setup: &'a UndoSetup<'a>) -> Result<Self> {
        let (undone, replication, mappings) = setup.store.read(|reader| -> Result<_> {
            let undone = reader.run(setup.run)?;
            let replication = reader.replication(undone.replication)?;
            let now = reader.mapping(replication.id)?.body;
            let then = reader.mapping_of_run(undone.id)?;
            Ok((undone, replication, [Some(now), then]))
        })?;
        let settings = Settings::from_json(&replication.settings)?;
        let target = setup.store.read(|reader| {
            target_object(reader, Some(setup.org.connection), &replication.object)
        })?;
        let mut rules = Rules {
            identifier: settings.identifier.clone(),
            user: user_of(setup.store, setup.org).await?,
            visible: target
                .fields
                .iter()
                .map(|field| field.name.clone())
                .collect(),
            ..Rules::default()
        };
        for body in mappings.into_iter().flatten() {
            if let Ok(mapping) = Mapping::parse(&body) {
                rules.learn_noes(&mapping);
            }
        }
        let undoer = Self {
            setup,
            undone,
            replication,
            settings,
            rules,
            unknown: BTreeSet::new(),
        };
        undoer.keep_reserve()?;
        Ok(undoer)
    }

    fn now(&self) -> i64 {
        (self.setup.clock)()
    }

    fn client(&self) -> &Client {
        &self.setup.org.client
    }

    fn totals(&self) -> Result<UndoTotals> {
        let counts = self
            .setup
            .store
            .read(|reader| reader.undo_counts(self.setup.run))?;
        Ok(UndoTotals::of(&counts))
    }

    fn keep_reserve(&self) -> Result<()> {
        let (org, reserve) = (self.setup.org, self.settings.api_reserve);
        let budget = self.setup.store.read(|reader| {
            let connection = reader.connection(org.connection)?;
            CallBudget::of(
                reader,
                &connection,
                reserve,
                self.now(),
                self.setup.policy.day_ms,
            )
        })?;
        let usage = budget.map(|budget| budget.usage());
        org.client.keep_reserve(reserve, usage);
        Ok(())
    }

    /// Says that the calls that are left don't suffice.
    fn too_costly(&self, totals: &UndoTotals) -> Option<Stop> {
        let usage = self.client().usage()?;
        let left = usage.max.saturating_sub(usage.used);
        let reserve = self.settings.api_reserve;
        let calls = totals.calls(&self.replication.object);
        (calls > left.saturating_sub(reserve))
            .then(|| Stop::too_costly(calls, left, reserve).for_undo())
    }

    fn check_goes_on(&self) -> Result<()> {
        if self.setup.cancel.is_cancelled() || !self.setup.progress.goes_on() {
            return Err(Error::Cancelled);
        }
        Ok(())
    }

    fn show(&self, stage: Stage, done: u64, total: u64) {
        self.setup.progress.step(&Step {
            stage,
            done,
            total,
            calls: self.client().traffic().calls,
        });
    }

    /// Judges every record that the run wrote, and keeps what comes of it.
    async fn plan(&mut self) -> Result<()> {
        let total = self.undone.created + self.undone.updated;
        let (mut after, mut done) = ((BatchId(0), -1), 0);
        loop {
            self.check_goes_on()?;
            let rows = self
                .setup
                .store
                .read(|reader| reader.run_rows(self.setup.run, after, PAGE))?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = (last.batch, i64::from(last.position));
            done += rows.len() as u64;
            let wanted = self.to_judge(rows)?;
            let judged = self.judge_all(&wanted).await?;
            let now = self.now();
            self.setup.store.write(|writer| -> Result<()> {
                for (row, verdict) in judged {
                    self.keep(writer, row, verdict, now)?;
                }
                Ok(())
            })?;
            crash_point("undo.page");
            self.show(Stage::Planning, done, total.max(done));
        }
    }

    /// Keeps a verdict; of what turns out to have been carried out, the workspace takes back its part.
    fn keep(
        &self,
        writer: &leadferry_store::Writer<'_>,
        before: UndoRow,
        verdict: Verdict,
        now: i64,
    ) -> Result<()> {
        let row = judged_row(before, verdict, now);
        writer.put_undo_row(&row)?;
        if row.state.is_done() {
            let (org, object) = (&self.setup.org.org_id, &self.replication.object);
            writer.take_undone(&row, org, object, now)?;
        }
        Ok(())
    }

    /// Reads records and judges them, in the same step.
    async fn judge_all(&mut self, wanted: &[reading::Wanted]) -> Result<Vec<(UndoRow, Verdict)>> {
        let found = self.read_records(wanted).await?;
        let judged = wanted.iter().map(|one| {
            let record = found.get(&one.row.record_id);
            (one.row.clone(), judge(&one.history, record, &self.rules))
        });
        Ok(judged.collect())
    }
}

/// Returns the row that keeps a verdict.
fn judged_row(before: UndoRow, verdict: Verdict, now: i64) -> UndoRow {
    let is_same = verdict.modified.is_some() && before.modified == verdict.modified;
    let (code, message) = match verdict.skipped {
        Some(why) => (Some(why.code.to_owned()), Some(why.message)),
        None => (None, None),
    };
    let is_done = verdict.state.is_done();
    UndoRow {
        state: verdict.state,
        fields: verdict.fields,
        modified: verdict.modified,
        // What has not changed since it was read first is known to be older.
        read_at: if is_same { before.read_at } else { now },
        code,
        message,
        done_at: is_done.then_some(now),
        undone_by: before.undone_by.filter(|_| is_done),
        ..before
    }
}

/// Returns the org's id of the user who sends.
async fn user_of(store: &Store, org: &Org) -> Result<String> {
    let connection = store.read(|reader| reader.connection(org.connection))?;
    match connection.user_id {
        Some(user) => Ok(user),
        None => Ok(org.client.user_info().await?.user_id.to_string()),
    }
}
