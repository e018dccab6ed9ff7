//! Bulk API 2.0: jobs that read or write many records while their caller waits.
//!
//! A job's file is kept in chunks of 200 records. [`step`] carries out one chunk in one transaction, so that other
//! requests go on in between, and a job that was interrupted goes on where it stopped.

pub(crate) mod csv;
mod ingest;
pub(crate) mod job;
mod query;
mod record;

pub(crate) use job::{Job, Operation, Plan, State};
pub(crate) use query::{KEPT_TOGETHER, checked as checked_query};

use crate::http::{Call, Refused};
use crate::org::Org;
use crate::org::values::now_ms;

/// Records of a chunk, which are saved together.
pub(crate) const CHUNK: usize = 200;

/// Records of an internal batch.
pub(crate) const BATCH: usize = 10_000;

/// What is left to do after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// Something was done; there may be more.
    Done,
    /// Nothing is due before this time, UTC milliseconds.
    Wait(i64),
    /// No job is open.
    Idle,
}

/// Carries the oldest job that is due one step further.
pub(crate) fn step(org: &Org) -> Step {
    org.act_as(None);
    let done = org.transaction(|org| match org.due_job()? {
        None => Ok(Step::Idle),
        Some((_, at)) if at > now_ms() => Ok(Step::Wait(at)),
        Some((mut job, _)) => {
            advance(org, &mut job)?;
            Ok(Step::Done)
        }
    });
    done.unwrap_or_else(|refused| {
        tracing::error!(message = %refused.message, "a bulk job could not go on");
        Step::Idle
    })
}

fn advance(org: &Org, job: &mut Job) -> Result<(), Refused> {
    org.act_as(Some(org.owner(&job.id)?));
    if job.state == State::UploadComplete {
        return begin(org, job);
    }
    arm(org, job)?;
    let worked = match job.operation.is_query() {
        true => query::run(org, job),
        false => ingest::next_chunk(org, job),
    };
    let armed = org.armed.take();
    org.faults.borrow_mut().settle(org.conn(), &armed)?;
    match worked {
        Ok(()) => {}
        Err(refused) if refused.status >= 500 => return Err(refused),
        Err(refused) => job.fail(&format!("{} : {}", refused.code, refused.message)),
    }
    interfere(org, job)
}

/// Takes a job up, unless it is to fail at once or to be kept waiting.
fn begin(org: &Org, job: &mut Job) -> Result<(), Refused> {
    job.state = State::InProgress;
    job.began_at = now_ms();
    if let Some(ms) = job.plan.stuck_ms {
        job.due_at = if ms == 0 { i64::MAX } else { now_ms() + ms };
    }
    interfere(org, job)
}

/// Lets the faults that were asked for happen to a job when they are due.
fn interfere(org: &Org, job: &mut Job) -> Result<(), Refused> {
    let reached = |rows: &Option<i64>| rows.is_some_and(|rows| job.processed >= rows);
    let open = job.state == State::InProgress;
    if reached(&job.plan.lost_after) {
        return Ok(org.delete_job(&job.id)?);
    }
    if open && reached(&job.plan.failed_after) {
        let why = job.error.take();
        job.fail(&why.unwrap_or_else(|| "InternalServerError : asked for".to_owned()));
    } else if open && reached(&job.plan.aborted_after) {
        job.end(State::Aborted);
    }
    Ok(org.save_job(job)?)
}

/// Arms the faults on rows and fields that concern a job's chunk.
fn arm(org: &Org, job: &Job) -> Result<(), Refused> {
    let call = Call {
        method: "POST".to_owned(),
        path: format!("/services/data/{}/jobs/ingest/{}", job.version, job.id),
        ..Call::default()
    };
    let schema = org.schema();
    let armed = org
        .faults
        .borrow_mut()
        .arm_chunk(org.conn(), &call, &schema)?;
    *org.armed.borrow_mut() = armed;
    Ok(())
}
