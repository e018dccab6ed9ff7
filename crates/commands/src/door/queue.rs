//! `queue.…`: who waits, who is blocked and why.

use serde::Deserialize;

use super::table::commands;
use crate::queue::{self, QueueFilter, QueueList, Retry, WaitingAgain};

commands! {
    /// Shows the queue: what needs a person first.
    "queue.list" (QueuePage) -> QueueList = |at, request| {
        queue::list(at.workspace()?, &request.filter, request.limit)
    };
    /// Lets blocked and given-up contacts be tried again with the next run.
    "queue.retry" (Retry) -> WaitingAgain, stales ["queue", "replications", "contacts"] = |at, request| {
        queue::retry(at.workspace()?, &request)
    };
    /// Lets held contacts go again with the next run.
    "queue.release" (Release) -> WaitingAgain, stales ["queue", "replications", "contacts"] = |at, request| {
        queue::release(at.workspace()?, request.replication.as_deref(), request.contact.as_deref())
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct QueuePage {
    /// Which contacts.
    filter: QueueFilter,
    /// How many at most.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Release {
    /// Of this replication; of all without.
    replication: Option<String>,
    /// Only this contact.
    contact: Option<String>,
}
