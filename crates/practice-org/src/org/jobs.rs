//! Bulk jobs, their files and their results.

use rusqlite::{OptionalExtension, Row, params};

use super::{Org, values};
use crate::bulk::job::{Format, Options};
use crate::bulk::{BATCH, Job, Operation, Plan, State};
use crate::json::{self, Json, array};

/// Seven days: how long a job that ended is kept.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

const COLUMNS: &str = "id, operation, object, state, key, query, delimiter, crlf, version, options, plan, header,
    uploaded, next_chunk, created_at, began_at, ended_at, due_at, processed, failed, retries, error";

impl Org {
    /// Keeps a new job, and forgets those that ended long ago.
    pub(crate) fn add_job(&self, job: &Job) -> rusqlite::Result<()> {
        let sql = "SELECT id FROM bulk_jobs WHERE max(created_at, ended_at) < ?1";
        let mut statement = self.conn.prepare(sql)?;
        let old = statement.query_map([values::now_ms() - KEPT_MS], |row| row.get(0))?;
        for id in old.collect::<rusqlite::Result<Vec<String>>>()? {
            self.delete_job(&id)?;
        }
        self.conn
            .execute("INSERT INTO bulk_jobs (id) VALUES (?1)", [&job.id])?;
        self.belongs_to(&job.id, &self.acting())?;
        self.save_job(job)
    }

    /// Keeps what became of a job.
    pub(crate) fn save_job(&self, job: &Job) -> rusqlite::Result<()> {
        let sql = "UPDATE bulk_jobs SET operation = ?2, object = ?3, state = ?4, key = ?5, query = ?6, delimiter = ?7,
                   crlf = ?8, version = ?9, options = ?10, plan = ?11, header = ?12, uploaded = ?13, next_chunk = ?14,
                   created_at = ?15, began_at = ?16, ended_at = ?17, due_at = ?18, processed = ?19, failed = ?20,
                   retries = ?21, error = ?22 WHERE id = ?1";
        let header = array(job.header.iter().map(String::as_str));
        self.conn.prepare_cached(sql)?.execute(params![
            job.id,
            job.operation.name(),
            job.object,
            job.state.name(),
            job.key,
            job.query,
            job.format.delimiter_name(),
            job.format.crlf,
            job.version,
            job.options.to_json().to_string(),
            job.plan.to_json().to_string(),
            header.to_string(),
            job.uploaded,
            job.next_chunk,
            job.created_at,
            job.began_at,
            job.ended_at,
            job.due_at,
            job.processed,
            job.failed,
            job.retries,
            job.error,
        ])?;
        Ok(())
    }

    /// The job with this id.
    pub(crate) fn job(&self, id: &str) -> rusqlite::Result<Option<Job>> {
        let sql = format!("SELECT {COLUMNS} FROM bulk_jobs WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_row([id], read).optional()
    }

    /// The jobs that read, or those that write, from the eldest; `skip` of them are left out.
    pub(crate) fn jobs(
        &self,
        queries: bool,
        skip: usize,
        most: usize,
    ) -> rusqlite::Result<Vec<Job>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bulk_jobs WHERE (operation IN ('query', 'queryAll')) = ?1
             ORDER BY row LIMIT ?2 OFFSET ?3"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let jobs = statement.query_map(params![queries, most as i64, skip as i64], read)?;
        jobs.collect()
    }

    /// The job whose turn is next, and when.
    pub(crate) fn due_job(&self) -> rusqlite::Result<Option<(Job, i64)>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bulk_jobs WHERE state IN ('UploadComplete', 'InProgress')
             ORDER BY due_at, row LIMIT 1"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let job = statement.query_row([], read).optional()?;
        Ok(job.map(|job| (job.clone(), job.due_at)))
    }

    /// Removes a job with all that belongs to it.
    pub(crate) fn delete_job(&self, id: &str) -> rusqlite::Result<()> {
        for sql in [
            "DELETE FROM bulk_jobs WHERE id = ?1",
            "DELETE FROM bulk_chunks WHERE job = ?1",
            "DELETE FROM bulk_results WHERE job = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }

    /// Keeps the lines of a chunk, counted from 0.
    pub(crate) fn add_chunk(&self, job: &str, n: i64, lines: &str) -> rusqlite::Result<()> {
        let sql = "INSERT INTO bulk_chunks (job, n, lines) VALUES (?1, ?2, ?3)";
        self.conn
            .prepare_cached(sql)?
            .execute(params![job, n, lines])?;
        Ok(())
    }

    /// The lines of a chunk.
    pub(crate) fn chunk(&self, job: &str, n: i64) -> rusqlite::Result<Option<String>> {
        let sql = "SELECT lines FROM bulk_chunks WHERE job = ?1 AND n = ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        statement
            .query_row(params![job, n], |row| row.get(0))
            .optional()
    }

    /// Whether a job has a chunk with this number.
    pub(crate) fn has_chunk(&self, job: &str, n: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM bulk_chunks WHERE job = ?1 AND n = ?2)";
        self.conn
            .prepare_cached(sql)?
            .query_row(params![job, n], |row| row.get(0))
    }

    /// The lines of all chunks from `n` on, the last chunk first.
    pub(crate) fn chunks_from(&self, job: &str, n: i64) -> rusqlite::Result<String> {
        let sql = "SELECT lines FROM bulk_chunks WHERE job = ?1 AND n >= ?2 ORDER BY n DESC";
        self.texts(sql, params![job, n])
    }

    /// Keeps lines of a result; of queries also how many records they are.
    pub(crate) fn add_result(
        &self,
        job: &str,
        n: i64,
        kind: &str,
        lines: &str,
        records: usize,
    ) -> rusqlite::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let sql =
            "INSERT INTO bulk_results (job, n, kind, lines, records) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.conn.prepare_cached(sql)?;
        statement.execute(params![job, n, kind, lines, records as i64])?;
        Ok(())
    }

    /// All lines of a result, the last chunk first.
    pub(crate) fn result(&self, job: &str, kind: &str) -> rusqlite::Result<String> {
        let sql = "SELECT lines FROM bulk_results WHERE job = ?1 AND kind = ?2 ORDER BY n DESC";
        self.texts(sql, params![job, kind])
    }

    /// The lines of a query's parts that begin with part `n`, one by one, until `take` says no.
    pub(crate) fn each_part(
        &self,
        job: &str,
        n: i64,
        mut take: impl FnMut(&str) -> bool,
    ) -> rusqlite::Result<()> {
        let sql = "SELECT lines FROM bulk_results WHERE job = ?1 AND kind = 'query' AND n >= ?2 ORDER BY n";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![job, n])?;
        while let Some(row) = rows.next()? {
            if !take(&row.get::<_, String>(0)?) {
                break;
            }
        }
        Ok(())
    }

    /// Internal batches of the last 24 hours.
    pub(crate) fn batches_today(&self) -> rusqlite::Result<i64> {
        let sql = "SELECT coalesce(sum((processed + ?2 - 1) / ?2), 0) FROM bulk_jobs
                   WHERE operation NOT IN ('query', 'queryAll') AND created_at > ?1";
        let bound = params![values::now_ms() - DAY_MS, BATCH as i64];
        self.conn
            .prepare_cached(sql)?
            .query_row(bound, |row| row.get(0))
    }

    /// Query jobs of the last 24 hours.
    pub(crate) fn query_jobs_today(&self) -> rusqlite::Result<i64> {
        let sql = "SELECT count(*) FROM bulk_jobs WHERE operation IN ('query', 'queryAll') AND created_at > ?1";
        let since = values::now_ms() - DAY_MS;
        self.conn
            .prepare_cached(sql)?
            .query_row([since], |row| row.get(0))
    }

    fn texts(&self, sql: &str, bound: impl rusqlite::Params) -> rusqlite::Result<String> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(bound)?;
        let mut all = String::new();
        while let Some(row) = rows.next()? {
            all.push_str(row.get_ref(0)?.as_str()?);
        }
        Ok(all)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Job> {
    let text = |at: usize| row.get::<_, String>(at);
    let (operation, state, delimiter) = (text(1)?, text(3)?, text(6)?);
    let crlf: bool = row.get(7)?;
    let ending = if crlf { "CRLF" } else { "LF" };
    let header = json::parse(&text(11)?).unwrap_or_default();
    let names = header.items().iter().filter_map(Json::as_str);
    Ok(Job {
        id: text(0)?,
        operation: Operation::named(&operation).unwrap_or(Operation::Insert),
        object: text(2)?,
        state: State::named(&state).unwrap_or(State::Failed),
        key: row.get(4)?,
        query: row.get(5)?,
        format: Format::named(Some(&delimiter), Some(ending)).unwrap_or(Format {
            delimiter: ',',
            crlf,
        }),
        version: text(8)?,
        options: Options::read(&text(9)?),
        plan: Plan::read(&text(10)?),
        header: names.map(str::to_owned).collect(),
        uploaded: row.get(12)?,
        next_chunk: row.get(13)?,
        created_at: row.get(14)?,
        began_at: row.get(15)?,
        ended_at: row.get(16)?,
        due_at: row.get(17)?,
        processed: row.get(18)?,
        failed: row.get(19)?,
        retries: row.get(20)?,
        error: row.get(21)?,
    })
}
