//! Sends batches together as a job of Bulk API 2.0, and learns what became of jobs that were sent before.
//!
//! The job's id is in the workspace before its file leaves, and nothing of a job is applied before it's closed. So a job without
//! an id, and an open one, can be withdrawn; any other is waited for, and the org's results tell about its rows.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use leadferry_salesforce::bulk::{
    BulkJob as OrgJob, BulkOperation, BulkRow, BulkState, IngestJob, Outgoing, RowResults,
};
use leadferry_salesforce::{Client, ErrorCode, Id, RowAnswer, RowError};
use leadferry_store::{BatchRow, BulkJob, BulkJobState, Operation, Store, crash_point};
use tokio::time::Instant;

use crate::backoff::Policy;
use crate::progress::Cancel;
use crate::sending::bodies;
use crate::{Error, Result};

/// How often a waiting job looks whether someone has canceled the run.
const GLANCE: Duration = Duration::from_millis(50);

/// A job of ours was created within this time of the moment that the workspace knows; clocks differ.
const NEAR_MS: i64 = 5 * 60 * 1_000;

/// What a job came to.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The org has told what became of its rows.
    Answered(Results),
    /// Nothing of it was applied, and nothing will be.
    NotApplied,
    /// The same, because the org refuses such jobs.
    Refused(leadferry_salesforce::Error),
    /// The org doesn't have it anymore.
    Gone,
    /// The org is still at it, and was waited for long enough.
    GoesOn,
}

/// The org's word on a job's rows.
#[derive(Debug)]
pub(crate) struct Results {
    /// How the job ended.
    pub(crate) state: BulkState,
    /// The org's words about why it failed.
    pub(crate) message: Option<String>,
    answers: HashMap<String, RowAnswer>,
}

impl Results {
    /// Returns the answers to a batch's rows, in their order. Rows that the org doesn't name have none.
    pub(crate) fn take(&mut self, operation: &Operation, rows: &[BatchRow]) -> Vec<RowAnswer> {
        let answers = rows.iter().filter_map(|row| match operation {
            Operation::Update => self.answers.remove(row.record_id.as_deref()?),
            Operation::Upsert { .. } => self.answers.remove(row.guid.as_str()),
        });
        answers.collect()
    }
}

/// Rows that the org has looked at in jobs that haven't ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Processed(Arc<AtomicU64>);

impl Processed {
    pub(crate) fn rows(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One job's part of them; gone when the job has ended.
#[derive(Debug)]
struct Share {
    all: Processed,
    own: AtomicU64,
}

impl Share {
    fn set(&self, rows: u64) {
        let before = self.own.swap(rows, Ordering::Relaxed);
        self.all
            .0
            .fetch_add(rows.wrapping_sub(before), Ordering::Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// Carries one job.
pub(crate) struct Carrier {
    client: Client,
    store: Arc<Store>,
    policy: Policy,
    cancel: Cancel,
    share: Share,
}

impl Carrier {
    pub(crate) fn new(
        client: &Client,
        store: &Arc<Store>,
        policy: &Policy,
        cancel: &Cancel,
        processed: &Processed,
    ) -> Self {
        Self {
            client: client.clone(),
            store: Arc::clone(store),
            policy: policy.clone(),
            cancel: cancel.clone(),
            share: Share {
                all: processed.clone(),
                own: AtomicU64::new(0),
            },
        }
    }

    /// Sends a job that the workspace is about to create, with a file of these columns, and waits for its end.
    ///
    /// # Errors
    /// The fault of a request. What became of the job is then for [`Self::resume`] to find out.
    pub(crate) async fn send(self, job: BulkJob, columns: Vec<String>) -> Result<Ended> {
        crash_point("bulk.creating");
        let id = match self.client.create_ingest_job(&ingest_job(&job)).await {
            Ok(created) => created.id,
            Err(error) if is_refused(&error) => return Ok(Ended::Refused(error)),
            Err(error) => return Err(error.into()),
        };
        crash_point("bulk.created");
        self.store
            .write(|writer| writer.bulk_job_was_created(job.id, id.as_str()))?;
        crash_point("bulk.named");
        match self.upload(&job, &id, columns).await {
            Ok(closed) => self.wait_for(&job, closed).await,
            Err(Error::Salesforce(error)) if is_refused(&error) => {
                match self.find_out(&job, &id).await? {
                    Ended::NotApplied => Ok(Ended::Refused(error)),
                    ended => Ok(ended),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Finds out what became of a job that may have reached the org, and waits for its end. `alone` tells that no other job is
    /// under way here.
    ///
    /// # Errors
    /// The fault of a request; nothing is lost by that.
    pub(crate) async fn resume(self, job: BulkJob, alone: bool) -> Result<Ended> {
        if let Some(id) = &job.job_id {
            return self.find_out(&job, &Id::parse(id)?).await;
        }
        if alone {
            self.abort_nameless(&job).await?;
        }
        Ok(Ended::NotApplied)
    }

    /// Makes the file while it leaves, and closes the job.
    async fn upload(&self, job: &BulkJob, id: &Id, columns: Vec<String>) -> Result<OrgJob> {
        let (store, job, names) = (Arc::clone(&self.store), job.id, columns.clone());
        let write = move |file: &mut Outgoing<'_>| -> io::Result<()> {
            let batches = store.read(|reader| reader.batches_of_bulk_job(job));
            for batch in batches.map_err(io::Error::other)? {
                let rows = store.read(|reader| reader.batch_rows(batch.id));
                for body in bodies(&batch, &rows.map_err(io::Error::other)?) {
                    let fits = BulkRow::of(&body).map(|row| row.write(file, &names));
                    if !fits.transpose()?.unwrap_or(false) {
                        return Err(io::Error::other("a row doesn't fit the job's file"));
                    }
                }
            }
            Ok(())
        };
        self.client.upload(id, &columns, write).await?;
        crash_point("bulk.uploaded");
        let closed = self.client.close_job(id).await?;
        crash_point("bulk.closed");
        Ok(closed)
    }

    async fn find_out(&self, job: &BulkJob, id: &Id) -> Result<Ended> {
        let found = match self.client.ingest_job(id).await {
            Err(error) if is_gone(&error) => return Ok(Ended::Gone),
            found => found?,
        };
        // Ended by an earlier try of this function, before anyone said that its file is whole.
        let was_ended_here = job.state == BulkJobState::Open && found.processed == 0;
        if found.state == BulkState::Aborted && was_ended_here {
            return Ok(Ended::NotApplied);
        }
        if found.state != BulkState::Open {
            return self.wait_for(job, found).await;
        }
        // Its file may be there, but nobody has said that it's whole: nothing of it is applied.
        self.client.abort_job(id).await?;
        Ok(Ended::NotApplied)
    }

    /// Waits until a job has ended, and reads what became of its rows. A canceled run ends it.
    async fn wait_for(&self, job: &BulkJob, mut found: OrgJob) -> Result<Ended> {
        let mut wait = Wait::new(&self.policy);
        let mut aborted = false;
        loop {
            if found.state != BulkState::Open {
                let (processed, failed) = (found.processed, found.failed);
                self.store
                    .write(|writer| writer.bulk_job_goes_on(job.id, processed, failed))?;
                self.share.set(processed);
            }
            if found.state.is_final() {
                break;
            }
            if self.cancel.is_cancelled() && !aborted {
                aborted = true;
                // It may have ended by itself: the next question tells.
                let ended = self.client.abort_job(&found.id).await;
                tracing::debug!(?ended, "a bulk job was aborted");
            } else if !wait.pause(|| self.cancel.is_cancelled() && !aborted).await {
                return Ok(Ended::GoesOn);
            }
            found = match self.client.ingest_job(&found.id).await {
                Err(error) if is_gone(&error) => return Ok(Ended::Gone),
                found => found?,
            };
        }
        crash_point("bulk.ended");
        self.read_results(job, &found, wait).await
    }

    /// Reads the results, which may come later than the end.
    async fn read_results(&self, job: &BulkJob, found: &OrgJob, mut wait: Wait) -> Result<Ended> {
        loop {
            let mut results = Results {
                state: found.state,
                message: found.error.clone(),
                answers: HashMap::new(),
            };
            match self.read_all(job, found, &mut results).await {
                Ok(()) => {}
                Err(error) if is_gone(&error) => {
                    if wait.pause(|| false).await {
                        continue;
                    }
                    return Ok(Ended::GoesOn);
                }
                // Rows without a word are looked up in the org one by one.
                Err(error @ leadferry_salesforce::Error::Unreadable { .. }) => {
                    tracing::warn!(%error, "the results of a bulk job can't be read");
                }
                Err(error) => return Err(error.into()),
            }
            crash_point("bulk.read");
            return Ok(Ended::Answered(results));
        }
    }

    async fn read_all(
        &self,
        job: &BulkJob,
        found: &OrgJob,
        results: &mut Results,
    ) -> std::result::Result<(), leadferry_salesforce::Error> {
        let (processed, failed) = (found.processed, found.failed);
        let is_whole = found.state == BulkState::JobComplete;
        for (which, is_empty) in [
            (RowResults::Successful, processed > 0 && processed == failed),
            (RowResults::Failed, processed > 0 && failed == 0 && is_whole),
            (RowResults::Unprocessed, is_whole),
        ] {
            if is_empty {
                continue;
            }
            let key = match &job.operation {
                Operation::Update => "Id",
                Operation::Upsert { identifier_field } => identifier_field,
            };
            let mut rows = self.client.job_results(&found.id, which, key).await?;
            while let Some(row) = rows.next().await? {
                let answer = row.answer.unwrap_or_else(unprocessed);
                let key = match &job.operation {
                    Operation::Update => row.key,
                    Operation::Upsert { .. } => row.key.to_ascii_lowercase(),
                };
                // What was written is written, whatever else is said about the row.
                let known = results.answers.entry(key);
                known.or_insert(answer);
            }
        }
        Ok(())
    }

    /// Ends the job that the org may have created without telling: ours by its key, its user and its time. It has no file, so
    /// that nothing depends on it; an update has no key and is left for the org to end.
    async fn abort_nameless(&self, job: &BulkJob) -> Result<()> {
        let (Operation::Upsert { identifier_field }, Some(at)) = (&job.operation, job.created_at)
        else {
            return Ok(());
        };
        let user = self.client.session().await?.user_id;
        let is_ours = |one: &&OrgJob| {
            let near = one
                .created_at
                .is_some_and(|created| (created.as_millisecond() - at).abs() <= NEAR_MS);
            let by_us = match (&one.created_by, &user) {
                (Some(by), Some(user)) => by == user,
                _ => true,
            };
            one.state == BulkState::Open
                && one.object == job.object
                && one.key.as_deref() == Some(identifier_field)
                && near
                && by_us
        };
        let listed = self.client.ingest_jobs().await?;
        let ours: Vec<&OrgJob> = listed.iter().filter(is_ours).collect();
        if let [one] = ours.as_slice() {
            self.client.abort_job(&one.id).await?;
        }
        Ok(())
    }
}

/// Waits that get longer, up to a limit.
struct Wait {
    next: Duration,
    longest: Duration,
    until: Instant,
}

impl Wait {
    fn new(policy: &Policy) -> Self {
        let ms = |wait: i64| Duration::from_millis(wait.unsigned_abs());
        Self {
            next: ms(policy.job_wait_ms),
            longest: ms(policy.job_wait_most_ms),
            until: Instant::now() + ms(policy.job_patience_ms),
        }
    }

    /// Waits, not longer than until `ends`; returns false where it was long enough.
    async fn pause(&mut self, ends: impl Fn() -> bool) -> bool {
        let now = Instant::now();
        if now >= self.until {
            return false;
        }
        let until = now + self.next;
        self.next = (self.next * 2).min(self.longest);
        while !ends() && Instant::now() < until {
            let left = until.duration_since(Instant::now());
            tokio::time::sleep(left.min(GLANCE)).await;
        }
        true
    }
}

fn ingest_job(job: &BulkJob) -> IngestJob {
    let operation = match &job.operation {
        Operation::Update => BulkOperation::Update,
        Operation::Upsert { identifier_field } => BulkOperation::Upsert(identifier_field.clone()),
    };
    IngestJob::new(job.object.clone(), operation)
}

fn unprocessed() -> RowAnswer {
    let words = "The bulk job ended before this row was processed";
    RowAnswer {
        id: None,
        success: false,
        created: None,
        errors: vec![RowError::new(ErrorCode::Unprocessed, words)],
    }
}

/// Tells whether the org refuses such a job, and would refuse the next one as well.
fn is_refused(error: &leadferry_salesforce::Error) -> bool {
    matches!(error, leadferry_salesforce::Error::Refused { .. })
        && !error.retryable()
        && !error.needs_sign_in()
        && !error.may_have_been_applied()
}

fn is_gone(error: &leadferry_salesforce::Error) -> bool {
    matches!(
        error,
        leadferry_salesforce::Error::Refused { status: 404, .. }
    )
}
