//! `queue.…`: who waits, who is blocked and why.

use serde::Deserialize;

use super::table::commands;
use crate::queue::{self, QueueFilter, QueueList, Release, Retry, WaitingAgain};

commands! {
    /// Shows the queue: what needs a person first.
    "queue.list" (QueuePage) -> QueueList = |at, request| {
        queue::list(at.workspace()?, &request.filter, request.after.as_deref(), request.limit)
    };
    /// Lets blocked and given-up contacts be tried again with the next run.
    "queue.retry" (Retry) -> WaitingAgain, stales ["queue", "replications", "contacts"] = |at, request| {
        queue::retry(at.workspace()?, &request)
    };
    /// Releases contacts on hold: they are sent again with the next run.
    "queue.release" (Release) -> WaitingAgain, stales ["queue", "replications", "contacts"] = |at, request| {
        queue::release(at.workspace()?, &request)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct QueuePage {
    /// Which contacts.
    filter: QueueFilter,
    /// `next` of the page before.
    after: Option<String>,
    /// How many at most.
    limit: usize,
}
