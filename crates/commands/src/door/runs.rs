//! `runs.…`: what was sent, and what came back.

use serde::Deserialize;

use leadferry_replication::Cancel;

use super::table::commands;
use crate::runs::{
    self, RunCard, RunCheck, RunContactsPage, RunContactsQuery, RunInfo, UndoOutcome, UndoPage,
    UndoPlan, UndoQuery,
};

commands! {
    /// Returns the latest runs, the latest first.
    "runs.list" (RunPage) -> Vec<RunInfo> = |at, request| {
        runs::list(at.workspace()?, request.replication.as_deref(), request.limit)
    };
    /// Shows a run, with the first rows that it sent.
    "runs.show" (OneRun) -> RunCard = |at, request| {
        runs::show(at.workspace()?, request.run, request.refused, request.limit)
    };
    /// Returns contacts of a run, with what was sent and what their records held before, page by page.
    "runs.contacts" (RunContactsQuery) -> RunContactsPage = |at, query| runs::contacts(at.workspace()?, &query);
    /// Reads back the first records that a run has sent, and compares them field by field.
    "runs.check" (CheckRun) -> RunCheck, stales ["connections"] = |at, request| {
        runs::check(at.workspace()?, request.run, request.limit).await
    };
    /// Returns what undoing a run would do as it was planned last, and what was done of it.
    "runs.undo_plan" (UndoOf) -> UndoPlan = |at, request| runs::undo_plan(at.workspace()?, request.run);
    /// Works out what undoing a run would do: Salesforce is read, and nothing is changed there.
    "runs.plan_undo" (UndoOf) -> UndoPlan, stales ["runs", "connections"] = |at, request| {
        runs::plan_undo(at.workspace()?, request.run, &Cancel::new()).await
    };
    /// Returns records of a run, as they were planned or undone, page by page.
    "runs.undo_rows" (UndoQuery) -> UndoPage = |at, query| runs::undo_rows(at.workspace()?, &query);
    /// Undoes a run; `jobs.cancel` stops it between requests.
    "runs.undo" (UndoOf) -> UndoOutcome,
        stales ["replications", "queue", "runs", "links", "contacts", "connections"] = |at, request| {
        runs::undo(at.workspace()?, request.run, &Cancel::new()).await
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct UndoOf {
    /// The run to be undone.
    run: i64,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct RunPage {
    /// Of this replication; of all without.
    replication: Option<String>,
    /// How many at most.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OneRun {
    /// The run.
    run: i64,
    /// Only refused rows.
    refused: bool,
    /// How many rows at most.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct CheckRun {
    /// The run.
    run: i64,
    /// How many records at most.
    limit: usize,
}
