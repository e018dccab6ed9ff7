//! `runs.…`: what was sent, and what came back.

use serde::Deserialize;

use super::table::commands;
use crate::runs::{self, RunCard, RunContactsPage, RunContactsQuery, RunInfo};

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
