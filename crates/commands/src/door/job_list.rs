//! `jobs.…`: work under way, here and in other processes.

use serde::Deserialize;

use super::table::{Nothing, commands};
use crate::jobs::{self, Job};

commands! {
    /// Returns what is being done on this workspace, the eldest first.
    "jobs.list" (Nothing) -> Vec<Job> = |at, _| Ok(jobs::list(at.workspace()?));
    /// Asks a job to stop, whichever process does it.
    "jobs.cancel" (CancelJob) -> () = |at, request| jobs::cancel(at.workspace()?, &request.id);
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct CancelJob {
    /// The job.
    id: String,
}
