//! Reads the rest of an object by a query job of Bulk API 2.0, where that takes fewer calls than page by page.

use std::time::Duration;

use leadferry_salesforce::Record;
use leadferry_salesforce::bulk::{BulkJob, BulkState};
use leadferry_store::{PullProgress, crash_point};
use serde_json::{Map, Value};

use super::{Prepared, Reading};
use crate::Result;
use crate::pulling::From;

/// Rows that one call brings.
const ROWS_A_CALL: u32 = 50_000;
/// Rows that are written in one transaction.
const ROWS_A_STEP: usize = 2_000;
/// Calls for creating a job, asking how far it is, and removing it.
const CALLS_A_JOB: u64 = 10;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Tells whether a job takes fewer calls for so many rows than pages of this size.
pub(super) fn is_cheaper(rows: u64, page: u64) -> bool {
    let by_page = rows.div_ceil(page.max(1));
    CALLS_A_JOB + rows.div_ceil(ROWS_A_CALL.into()) < by_page
}

impl Reading<'_> {
    /// Reads what comes after the last record that was read. Returns whether it did: an org can refuse such jobs.
    pub(super) async fn read_in_bulk(
        &mut self,
        prepared: &Prepared,
        progress: &mut PullProgress,
        total: u64,
    ) -> Result<bool> {
        let from = match &progress.cursor {
            Some((stamp, id)) => From::Record(*stamp, id.clone()),
            None => From::Start,
        };
        let client = self.setup.org.client.clone();
        let created = client
            .create_query_job(&prepared.question.soql(&from), prepared.question.all)
            .await;
        let job = match created {
            Ok(job) => self.wait_for(job).await?,
            Err(error) if is_refused(&error) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if job.state != BulkState::JobComplete {
            tracing::debug!(error = ?job.error, "a query job failed");
            return Ok(false);
        }
        let mut next: Option<String> = None;
        loop {
            let page = client.query_page(&job.id, next.as_deref(), ROWS_A_CALL);
            let mut page = page.await?;
            let mut records = Vec::new();
            while let Some(cells) = page.next_record().await? {
                records.push(record_of(&prepared.question.object, &page.columns, cells));
                if records.len() == ROWS_A_STEP {
                    self.keep_step(prepared, progress, &mut records, total)?;
                }
            }
            self.keep_step(prepared, progress, &mut records, total)?;
            match &page.next {
                Some(more) => next = Some(more.clone()),
                None => break,
            }
        }
        // It would go by itself after seven days.
        if let Err(error) = client.delete_query_job(&job.id).await {
            tracing::debug!(%error, "a query job is left behind");
        }
        Ok(true)
    }

    fn keep_step(
        &mut self,
        prepared: &Prepared,
        progress: &mut PullProgress,
        records: &mut Vec<Record>,
        total: u64,
    ) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        self.check_goes_on()?;
        self.keep_records(prepared, progress, records)?;
        crash_point("pull.bulk");
        self.step(total);
        records.clear();
        Ok(())
    }

    /// Asks how far a job is until it has ended. One that nobody waits for any more is ended.
    async fn wait_for(&self, mut job: BulkJob) -> Result<BulkJob> {
        let client = &self.setup.org.client;
        let mut wait = FIRST_WAIT;
        while !job.state.is_final() {
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
            if let Err(error) = self.check_goes_on() {
                let ended = client.abort_query_job(&job.id).await;
                tracing::debug!(?ended, "a query job was ended");
                return Err(error);
            }
            job = client.query_job(&job.id).await?;
        }
        Ok(job)
    }
}

/// Tells whether the org doesn't let this user, or this edition, run such jobs.
fn is_refused(error: &leadferry_salesforce::Error) -> bool {
    matches!(error, leadferry_salesforce::Error::Refused { .. })
        && !error.needs_sign_in()
        && !error.retryable()
}

/// Returns a row of text as a record. Checkboxes that decide about the record become yes or no.
fn record_of(object: &str, columns: &[String], cells: Vec<String>) -> Record {
    let value = |name: &str, cell: String| match cell.as_str() {
        "" => Value::Null,
        text if matches!(name, "IsDeleted" | "IsConverted") => Value::Bool(text == "true"),
        _ => Value::String(cell),
    };
    let fields: Map<String, Value> = columns
        .iter()
        .zip(cells)
        .map(|(name, cell)| (name.clone(), value(name, cell)))
        .collect();
    Record {
        object: object.to_owned(),
        fields,
    }
}

#[cfg(test)]
mod tests {
    use super::is_cheaper;

    #[test]
    fn a_job_is_worth_its_calls_for_many_rows_only() {
        assert!(!is_cheaper(2_000, 2_000));
        assert!(!is_cheaper(20_000, 2_000));
        assert!(is_cheaper(30_000, 2_000), "15 pages, or 11 calls");
        assert!(is_cheaper(1_000_000, 2_000));
        assert!(!is_cheaper(0, 0));
    }
}
