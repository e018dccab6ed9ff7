//! Jobs that write.

use std::io;
use std::sync::Arc;

use super::job::{BulkJob, IngestJob, job, jobs};
use super::results::{Places, Records, ResultRow};
use super::upload::{self, Outgoing};
use crate::request::{self, Request};
use crate::{Client, Error, Id, Result};

/// The most characters of a file that goes together with its job.
///
/// # Source
/// Bulk API 2.0 Developer Guide, "Create a Job".
pub const MAX_TOGETHER_CHARS: usize = 100_000;

/// Most pages of the list of jobs that are read; the org keeps jobs for seven days.
const MAX_PAGES: usize = 200;

/// Which rows of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowResults {
    /// Those that were written.
    Successful,
    /// Those that were refused.
    Failed,
    /// Those that the org never came to, as after an abort.
    Unprocessed,
}

/// What the org says about a job's rows, in no order.
#[derive(Debug)]
pub struct ResultRows {
    records: Records,
    places: Places,
}

impl ResultRows {
    /// Reads the next row; None after the last.
    ///
    /// # Errors
    /// [`Error::Unreadable`] where a line has another form, and whatever breaks the connection.
    pub async fn next(&mut self) -> Result<Option<ResultRow>> {
        let Some(record) = self.records.next().await? else {
            return Ok(None);
        };
        let row = self.places.row(record);
        let wrong = || self.records.unreadable("a line that isn't a result");
        row.map(Some).ok_or_else(wrong)
    }
}

impl Client {
    /// Creates a job that writes; it waits for its file for a day. Never repeated here.
    ///
    /// # Source
    /// Bulk API 2.0 Developer Guide, "Create a Job".
    pub async fn create_ingest_job(&self, new: &IngestJob) -> Result<BulkJob> {
        let mut request = request::create_job(self.api_version().await?, "ingest", &new.body()?);
        if new.without_retries {
            let header = ("Sforce-Disable-Batch-Retry", "TRUE".to_owned());
            request.headers.push(header);
        }
        job(&self.send(&request).await?)
    }

    /// Creates a job with a file of at most [`MAX_TOGETHER_CHARS`], and starts it, in one call. Never repeated here.
    pub async fn create_ingest_job_with(&self, new: &IngestJob, file: &str) -> Result<BulkJob> {
        let size = file.chars().count();
        if size > MAX_TOGETHER_CHARS {
            let max = MAX_TOGETHER_CHARS;
            return Err(Error::TooLarge { size, max });
        }
        let version = self.api_version().await?;
        let request = request::create_job_with_file(version, &new.body()?, file);
        job(&self.send(&request).await?)
    }

    /// Sends a job's file while `write` makes it, packed, in bounded memory; returns its bytes before packing.
    ///
    /// `write` runs in a thread of its own, and once more where the session is renewed. A job takes one file. Whether the
    /// file arrived is not known after [`Error::may_have_been_applied`]; closing or aborting the job tells.
    ///
    /// # Errors
    /// [`Error::File`] when `write` fails; then the org has no whole file.
    /// # Source
    /// Bulk API 2.0 Developer Guide, "Upload Job Data".
    pub async fn upload<F>(&self, job: &Id, columns: &[String], write: F) -> Result<u64>
    where
        F: Fn(&mut Outgoing<'_>) -> io::Result<()> + Send + Sync + 'static,
    {
        let request = request::upload(self.api_version().await?, job, self.compresses());
        let write = Arc::new(write);
        let begin = || {
            let write = Arc::clone(&write);
            upload::begin(
                columns.to_vec(),
                write,
                self.compresses(),
                self.sent_bytes(),
            )
        };
        let session = self.session().await?;
        let (body, mut making) = begin();
        let mut answered = self.send_body(&session, &request, body).await;
        if answered.as_ref().is_err_and(Client::is_expired_session) {
            let renewed = self.renewed(&session).await?;
            let (body, file) = begin();
            making = file;
            answered = self.send_body(&renewed, &request, body).await;
        }
        let made = making.await.map_err(io::Error::other).flatten();
        match (answered, made) {
            (Ok(_), Ok(bytes)) => Ok(bytes),
            // Whoever breaks off because nobody listens is not at fault.
            (Err(error), Err(broken)) if broken.kind() == io::ErrorKind::BrokenPipe => Err(error),
            (_, Err(broken)) => Err(Error::File(broken)),
            (Err(error), Ok(_)) => Err(error),
        }
    }

    /// Says that a job's file is whole: the org begins. Sent again it does no harm: the org refuses it.
    pub async fn close_job(&self, id: &Id) -> Result<BulkJob> {
        self.set_job_state(id, "UploadComplete").await
    }

    /// Ends a job that writes; what it has done stays. Sent again it does no harm.
    pub async fn abort_job(&self, id: &Id) -> Result<BulkJob> {
        self.set_job_state(id, "Aborted").await
    }

    async fn set_job_state(&self, id: &Id, state: &str) -> Result<BulkJob> {
        let version = self.api_version().await?;
        let request = request::set_job_state(version, "ingest", id, state);
        job(&self.send(&request).await?)
    }

    /// Removes a job that has ended, with its results.
    pub async fn delete_job(&self, id: &Id) -> Result<()> {
        let request = request::delete_job(self.api_version().await?, "ingest", id);
        self.send(&request).await.map(drop)
    }

    /// Reads how far a job that writes has come.
    pub async fn ingest_job(&self, id: &Id) -> Result<BulkJob> {
        let request = request::job(self.api_version().await?, "ingest", id);
        self.read(&request, job).await
    }

    /// Lists the org's jobs that write, of everybody, within the last seven days.
    pub async fn ingest_jobs(&self) -> Result<Vec<BulkJob>> {
        let version = self.api_version().await?;
        let first = request::jobs(version, "ingest");
        let (mut all, mut next) = self.read(&first, jobs).await?;
        let mut pages = 1;
        let root = format!("{}/jobs/ingest?", request::root(version));
        while let Some(path) = next {
            if pages == MAX_PAGES || !path.starts_with(&root) {
                return Err(Error::Paging);
            }
            pages += 1;
            let (more, after) = self.read(&Request::get(path), jobs).await?;
            all.extend(more);
            next = after;
        }
        Ok(all)
    }

    /// Reads what became of a job's rows once it has ended; each is told by its value in the column `key`.
    ///
    /// Compare how many come with what the job says.
    pub async fn job_results(&self, id: &Id, which: RowResults, key: &str) -> Result<ResultRows> {
        let resource = match which {
            RowResults::Successful => "successfulResults",
            RowResults::Failed => "failedResults",
            RowResults::Unprocessed => "unprocessedrecords",
        };
        let request = request::job_results(self.api_version().await?, id, resource);
        let (mut records, _) = self.open(&request).await?;
        let header = records.next().await?.unwrap_or_default();
        let places = Places::of(&header, key).filter(|places| {
            // Only rows that were never looked at come without the org's words.
            places.has_answers() == (which != RowResults::Unprocessed)
        });
        let places = places.ok_or_else(|| records.unreadable("no such column in a result"))?;
        Ok(ResultRows { records, places })
    }
}
