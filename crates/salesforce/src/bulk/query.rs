//! Jobs that read.

use serde_json::{Map, json};

use super::job::{BulkJob, job};
use super::results::Records;
use crate::request;
use crate::{Client, Error, Id, Result};

/// A page of a query's answer, read record by record.
#[derive(Debug)]
pub struct QueryPage {
    /// Names of the columns, such as `Owner.Name`.
    pub columns: Vec<String>,
    /// How many records the page holds.
    pub count: u64,
    /// Where the next page is; None after the last.
    pub next: Option<String>,
    records: Records,
    read: u64,
}

impl QueryPage {
    /// Reads the values of the next record, an empty one for null; None after the last.
    ///
    /// Date-times end with `Z`, checkboxes say `true` or `false`.
    ///
    /// # Errors
    /// [`Error::Unreadable`] where a record has another form, or they are not as many as was said.
    pub async fn next_record(&mut self) -> Result<Option<Vec<String>>> {
        let record = self.records.next().await?;
        let form = record
            .as_ref()
            .is_none_or(|r| r.len() == self.columns.len());
        self.read += u64::from(record.is_some());
        let ends_well = record.is_some() || self.read == self.count;
        if !form || !ends_well || self.read > self.count {
            return Err(self
                .records
                .unreadable("not the records that were promised"));
        }
        Ok(record)
    }
}

impl Client {
    /// Creates a job that reads; `all` includes deleted and archived records. Never repeated here.
    ///
    /// # Source
    /// Bulk API 2.0 Developer Guide, "Create a Query Job".
    pub async fn create_query_job(&self, soql: &str, all: bool) -> Result<BulkJob> {
        let mut body = Map::new();
        let operation = if all { "queryAll" } else { "query" };
        body.insert("operation".to_owned(), json!(operation));
        body.insert("query".to_owned(), json!(soql));
        let request = request::create_job(self.api_version().await?, "query", &body);
        job(&self.send(&request).await?)
    }

    /// Reads how far a job that reads has come.
    pub async fn query_job(&self, id: &Id) -> Result<BulkJob> {
        let request = request::job(self.api_version().await?, "query", id);
        self.read(&request, job).await
    }

    /// Ends a job that reads.
    pub async fn abort_query_job(&self, id: &Id) -> Result<BulkJob> {
        let version = self.api_version().await?;
        let request = request::set_job_state(version, "query", id, "Aborted");
        job(&self.send(&request).await?)
    }

    /// Removes a job that has ended, with its answer.
    pub async fn delete_query_job(&self, id: &Id) -> Result<()> {
        let request = request::delete_job(self.api_version().await?, "query", id);
        self.send(&request).await.map(drop)
    }

    /// Opens a page of so many records at most; `from` is the `next` of the page before.
    ///
    /// # Errors
    /// [`Error::Paging`] when the page leads to itself.
    pub async fn query_page(&self, id: &Id, from: Option<&str>, most: u32) -> Result<QueryPage> {
        let version = self.api_version().await?;
        let request = request::query_page(version, id, from, most);
        let (mut records, headers) = self.open(&request).await?;
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let count = text("Sforce-NumberOfRecords").and_then(|text| text.parse().ok());
        let count = count.ok_or_else(|| records.unreadable("no number of records"))?;
        let next = match text("Sforce-Locator") {
            None | Some("null" | "") => None,
            Some(next) if Some(next) == from || count == 0 => return Err(Error::Paging),
            Some(next) => Some(next.to_owned()),
        };
        let columns = records.next().await?.unwrap_or_default();
        Ok(QueryPage {
            columns,
            count,
            next,
            records,
            read: 0,
        })
    }
}
