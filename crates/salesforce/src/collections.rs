//! Many rows in one call.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::request::{self, PackedRows};
use crate::{Client, Id, Record, Result, RowAnswer, WriteOptions};

impl Client {
    /// Reads records by id, up to 2,000 a call; the answer keeps the order, None where the org has no such record.
    ///
    /// # Source
    /// REST API Developer Guide, "Get Records with sObject Collections".
    pub async fn retrieve(
        &self,
        object: &str,
        ids: &[Id],
        fields: &[&str],
    ) -> Result<Vec<Option<Record>>> {
        let version = self.api_version().await?;
        let mut records = Vec::with_capacity(ids.len());
        for part in ids.chunks(request::MAX_RETRIEVED) {
            let request = request::retrieve(version, object, part, fields)?;
            let answer = self.send(&request).await?;
            let items: Vec<Value> = answer.json()?;
            if items.len() != part.len() {
                return Err(answer.unreadable("not as many records as ids"));
            }
            records.extend(items.into_iter().map(Record::from_value));
        }
        Ok(records)
    }

    /// Updates up to 200 rows by id; one answer a row, in their order.
    ///
    /// Each row carries `attributes` and `id`. Never repeated here, except after a renewed sign-in.
    ///
    /// # Errors
    /// [`Error::TooLarge`](crate::Error::TooLarge) above 200 rows, and whatever refuses the request as a whole.
    /// # Source
    /// REST API Developer Guide, "sObject Collections".
    pub async fn update(
        &self,
        rows: &[Box<RawValue>],
        how: &WriteOptions,
    ) -> Result<Vec<RowAnswer>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let request = request::update(self.api_version().await?, rows, how)?;
        self.send(&request).await?.row_answers(rows.len())
    }

    /// Upserts up to 200 rows of one object by an external id; one answer a row, in their order.
    ///
    /// Each row carries `attributes` and the external id field, and no `id`. The org refuses every copy of a key that
    /// stands in a request twice.
    pub async fn upsert(
        &self,
        object: &str,
        external_id_field: &str,
        rows: &[Box<RawValue>],
        how: &WriteOptions,
    ) -> Result<Vec<RowAnswer>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let version = self.api_version().await?;
        let request = request::upsert(version, object, external_id_field, rows, how)?;
        self.send(&request).await?.row_answers(rows.len())
    }

    /// Updates rows as [`Self::update`] does, with a body that is packed already.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub async fn update_packed(
        &self,
        rows: PackedRows<'_>,
        how: &WriteOptions,
    ) -> Result<Vec<RowAnswer>> {
        let request = request::update_packed(self.api_version().await?, rows, how)?;
        self.send(&request).await?.row_answers(rows.rows)
    }

    /// Upserts rows as [`Self::upsert`] does, with a body that is packed already.
    ///
    /// # Errors
    /// As [`Self::upsert`].
    pub async fn upsert_packed(
        &self,
        object: &str,
        external_id_field: &str,
        rows: PackedRows<'_>,
        how: &WriteOptions,
    ) -> Result<Vec<RowAnswer>> {
        let version = self.api_version().await?;
        let request = request::upsert_packed(version, object, external_id_field, rows, how)?;
        self.send(&request).await?.row_answers(rows.rows)
    }

    /// Creates up to 200 rows, each with its `attributes`; one answer a row, in their order.
    ///
    /// A create that may have been carried out cannot be told from one that was not: upsert where that matters.
    pub async fn create(
        &self,
        rows: &[Box<RawValue>],
        how: &WriteOptions,
    ) -> Result<Vec<RowAnswer>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let request = request::create(self.api_version().await?, rows, how)?;
        self.send(&request).await?.row_answers(rows.len())
    }

    /// Deletes up to 200 records; one answer a record, in their order.
    pub async fn delete(&self, ids: &[Id], how: &WriteOptions) -> Result<Vec<RowAnswer>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let request = request::delete(self.api_version().await?, ids, how)?;
        self.send(&request).await?.row_answers(ids.len())
    }
}
