//! Single records.

use serde_json::Value;

use crate::answer::Answer;
use crate::request;
use crate::{Client, Id, Record, Result, RowAnswer};

impl Client {
    /// Creates one record and returns its id.
    pub async fn create_row(&self, object: &str, fields: &Value) -> Result<Id> {
        let request = request::create_row(self.api_version().await?, object, fields)?;
        created_id(&self.send(&request).await?)
    }

    /// Reads one record; with no fields named, all that the user may read.
    pub async fn get_row(&self, object: &str, id: &Id, fields: &[&str]) -> Result<Record> {
        let request = request::get_row(self.api_version().await?, object, id, fields)?;
        self.send(&request).await?.json()
    }

    /// Updates one record; fields that are absent stay.
    pub async fn update_row(&self, object: &str, id: &Id, fields: &Value) -> Result<()> {
        let request = request::update_row(self.api_version().await?, object, id, fields)?;
        self.send(&request).await.map(drop)
    }

    /// Deletes one record.
    pub async fn delete_row(&self, object: &str, id: &Id) -> Result<()> {
        let request = request::delete_row(self.api_version().await?, object, id)?;
        self.send(&request).await.map(drop)
    }

    /// Upserts one record by an external id; `fields` leaves that field out.
    ///
    /// # Errors
    /// `DUPLICATE_EXTERNAL_ID` with the candidates when several records hold the value.
    pub async fn upsert_row(
        &self,
        object: &str,
        external_id_field: &str,
        value: &str,
        fields: &Value,
    ) -> Result<RowAnswer> {
        let version = self.api_version().await?;
        let request = request::upsert_row(version, object, external_id_field, value, fields)?;
        row_answer(&self.send(&request).await?)
    }
}

pub(crate) fn created_id(answer: &Answer) -> Result<Id> {
    let id = row_answer(answer)?.id;
    id.ok_or_else(|| answer.unreadable("no id of the new record"))
}

fn row_answer(answer: &Answer) -> Result<RowAnswer> {
    let item: Value = answer.json()?;
    RowAnswer::from_value(&item).ok_or_else(|| answer.unreadable("no row answer"))
}
