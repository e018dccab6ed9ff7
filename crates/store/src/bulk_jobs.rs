//! Bulk jobs: batches that go to the org together, in one file.
//!
//! A job is durable before it's created in the org, and its id there is durable before its file leaves. So what this table
//! says tells whether anything of it can have been applied.

use rusqlite::{Row, named_params};
use serde::Serialize;

use crate::links::stored_names;
use crate::{Batch, BatchId, BulkJobId, Operation, Reader, Result, RunId, Writer};

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum BulkJobState {
    /// Its batches are being prepared. The org doesn't know it.
    Gathering,
    /// It's about to be created. The org may have it, but not its file.
    Creating,
    /// The org has created it. Its file may have arrived, but nothing of it was applied.
    Open,
    /// The org has its file and may have applied any of its rows.
    Processing,
    /// It ended, and the org's answers were taken.
    Complete,
    /// Someone ended it. What was known of its rows was taken.
    Aborted,
    /// The org couldn't go on with it. What was known of its rows was taken.
    Failed,
    /// The org doesn't have it anymore: its rows are looked up one by one.
    Gone,
    /// It ended before any of its rows was applied. They are back in the queue.
    Withdrawn,
}

stored_names!(BulkJobState {
    Gathering = "gathering",
    Creating = "creating",
    Open = "open",
    Processing = "processing",
    Complete = "complete",
    Aborted = "aborted",
    Failed = "failed",
    Gone = "gone",
    Withdrawn = "withdrawn",
});

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkJob {
    /// Id in the workspace.
    pub id: BulkJobId,
    /// The run that made it.
    pub run: RunId,
    /// The org.
    pub org_id: String,
    /// The target object.
    pub object: String,
    /// What it does with each row.
    pub operation: Operation,
    /// How far it is.
    pub state: BulkJobState,
    /// Its id in the org.
    pub job_id: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Rows that the org had looked at when it was asked last.
    pub processed: u64,
    /// Rows that it had refused.
    pub failed: u64,
    /// The org's words about why it failed.
    pub message: Option<String>,
    /// When it was about to be created in the org, UTC milliseconds.
    pub created_at: Option<i64>,
    /// When it ended, UTC milliseconds.
    pub ended_at: Option<i64>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkJobEnd<'a> {
    /// How.
    pub state: BulkJobState,
    /// The org's words about it.
    pub message: Option<&'a str>,
    /// When, UTC milliseconds.
    pub at: i64,
}

const JOB: &str = "
SELECT id, run_id, org_id, object, identifier_field, state, job_id, rows, processed, failed, message, created_at, ended_at
FROM bulk_jobs";

fn job(row: &Row<'_>) -> rusqlite::Result<BulkJob> {
    Ok(BulkJob {
        id: row.get("id")?,
        run: row.get("run_id")?,
        org_id: row.get("org_id")?,
        object: row.get("object")?,
        operation: match row.get("identifier_field")? {
            Some(identifier_field) => Operation::Upsert { identifier_field },
            None => Operation::Update,
        },
        state: row.get("state")?,
        job_id: row.get("job_id")?,
        rows: row.get("rows")?,
        processed: row.get("processed")?,
        failed: row.get("failed")?,
        message: row.get("message")?,
        created_at: row.get("created_at")?,
        ended_at: row.get("ended_at")?,
    })
}

impl Reader<'_> {
    /// Returns one job.
    pub fn bulk_job(&self, id: BulkJobId) -> Result<BulkJob> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{JOB} WHERE id = :id"))?;
        Ok(statement.query_row(named_params! { ":id": id }, job)?)
    }

    /// Returns the jobs of an org that haven't ended, the oldest first.
    pub fn open_bulk_jobs(&self, org_id: &str) -> Result<Vec<BulkJob>> {
        let sql = format!("{JOB} WHERE org_id = :org AND ended_at IS NULL ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let jobs = statement.query_map(named_params! { ":org": org_id }, job)?;
        Ok(jobs.collect::<Result<_, _>>()?)
    }

    /// Returns the jobs of a run, the oldest first.
    pub fn bulk_jobs_of_run(&self, run: RunId) -> Result<Vec<BulkJob>> {
        let sql = format!("{JOB} WHERE run_id = :run ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let jobs = statement.query_map(named_params! { ":run": run }, job)?;
        Ok(jobs.collect::<Result<_, _>>()?)
    }

    /// Returns the batches that go with a job, in order.
    pub fn batches_of_bulk_job(&self, id: BulkJobId) -> Result<Vec<Batch>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM batches WHERE bulk_job = :id ORDER BY id")?;
        let ids =
            statement.query_map(named_params! { ":id": id }, |row| row.get::<_, BatchId>(0))?;
        ids.map(|id| self.batch(id?)).collect()
    }
}

impl Writer<'_> {
    /// Begins a job that batches like this one can go with.
    pub fn begin_bulk_job(&self, like: &Batch) -> Result<BulkJob> {
        let (operation, field) = match &like.operation {
            Operation::Update => ("update", None),
            Operation::Upsert { identifier_field } => ("upsert", Some(identifier_field)),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO bulk_jobs (run_id, org_id, object, operation, identifier_field)
                 VALUES (:run, :org, :object, :operation, :field)",
            )?
            .execute(named_params! {
                ":run": like.run, ":org": like.org_id, ":object": like.object, ":operation": operation,
                ":field": field,
            })?;
        self.bulk_job(BulkJobId(self.connection.last_insert_rowid()))
    }

    /// Adds a batch of so many rows to a job.
    pub fn add_to_bulk_job(&self, id: BulkJobId, batch: BatchId, rows: u64) -> Result<()> {
        for (sql, value) in [
            (
                "UPDATE batches SET bulk_job = :id WHERE id = :value",
                batch.0,
            ),
            (
                "UPDATE bulk_jobs SET rows = rows + :value WHERE id = :id",
                i64::try_from(rows).unwrap_or(i64::MAX),
            ),
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute(named_params! { ":id": id, ":value": value })?;
        }
        Ok(())
    }

    /// Lets the batches of a job go one by one instead; the job is forgotten. Returns them.
    pub fn dissolve_bulk_job(&self, id: BulkJobId) -> Result<Vec<BatchId>> {
        let batches = self.batches_of_bulk_job(id)?;
        // The batches keep no reference to it.
        self.connection
            .prepare_cached("DELETE FROM bulk_jobs WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(batches.into_iter().map(|batch| batch.id).collect())
    }

    /// Records that a job is about to be created in the org.
    pub fn begin_creating_bulk_job(&self, id: BulkJobId, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE bulk_jobs SET state = 'creating', created_at = :now WHERE id = :id",
            )?
            .execute(named_params! { ":id": id, ":now": now })?;
        Ok(())
    }

    /// Records the id that the org gave to a job.
    pub fn bulk_job_was_created(&self, id: BulkJobId, job_id: &str) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE bulk_jobs SET state = 'open', job_id = :job WHERE id = :id")?
            .execute(named_params! { ":id": id, ":job": job_id })?;
        Ok(())
    }

    /// Records how far the org is with a job.
    pub fn bulk_job_goes_on(&self, id: BulkJobId, processed: u64, failed: u64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE bulk_jobs SET state = 'processing', processed = :processed, failed = :failed
                 WHERE id = :id AND ended_at IS NULL",
            )?
            .execute(
                named_params! { ":id": id, ":processed": processed, ":failed": failed },
            )?;
        Ok(())
    }

    /// Records how a job ended. Its batches no longer wait for it.
    pub fn bulk_job_ended(&self, id: BulkJobId, end: &BulkJobEnd<'_>) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE bulk_jobs SET state = :state, message = :message, ended_at = :at WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": id, ":state": end.state, ":message": end.message, ":at": end.at,
            })?;
        Ok(())
    }

    /// Takes a job back of which nothing was applied: the entries of its batches are `pending` as before.
    pub fn take_back_bulk_job(&self, id: BulkJobId, now: i64) -> Result<()> {
        for batch in self.batches_of_bulk_job(id)? {
            self.take_back_batch(batch.id, now)?;
        }
        let end = BulkJobEnd {
            state: BulkJobState::Withdrawn,
            message: None,
            at: now,
        };
        self.bulk_job_ended(id, &end)
    }
}
