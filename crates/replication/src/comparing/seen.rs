//! Reads back what a run has sent, and holds each field against it.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::{Id, Record};
use leadferry_store::{BatchId, BatchRow, ContactId, Guid, Outcome, RunId, Store};
use serde_json::{Map, Value};

use crate::settling::same;
use crate::setup::target_object;
use crate::{Org, Result};

/// A record that a run has sent, as the org holds it now.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenRecord {
    /// The contact, as it was then.
    pub contact: ContactId,
    /// Its guid, as it was then.
    pub guid: Guid,
    /// The record.
    pub record_id: String,
    /// Whether the run created it.
    pub created: bool,
    /// Whether it isn't there anymore.
    pub gone: bool,
    /// The fields that were sent and can be read back.
    pub fields: Vec<SeenField>,
}

impl SeenRecord {
    /// Tells whether the org holds everything as it was sent.
    pub fn is_same(&self) -> bool {
        !self.gone && self.fields.iter().all(|field| field.same)
    }
}

/// A field that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenField {
    /// API name.
    pub field: String,
    /// What was sent.
    pub sent: Value,
    /// What the org holds.
    pub held: Value,
    /// Whether that is the same, as the org writes it.
    pub same: bool,
}

/// Reads back the first records that a run has created and updated, at most `limit`; one call for 2,000.
///
/// # Errors
/// When the org cannot be asked.
pub async fn seen_of_run(
    store: &Store,
    org: &Org,
    run: RunId,
    limit: usize,
) -> Result<Vec<SeenRecord>> {
    let (rows, object, visible) = store.read(|reader| -> Result<_> {
        let found = reader.run(run)?;
        let object = reader.replication(found.replication)?.object;
        let target = target_object(reader, Some(org.connection), &object)?;
        let visible: BTreeSet<String> = target.fields.into_iter().map(|field| field.name).collect();
        let mut rows = Vec::new();
        for outcome in [Outcome::Created, Outcome::Updated] {
            let before = (BatchId(0), -1);
            rows.extend(reader.run_rows_with(run, outcome, before, limit - rows.len())?);
        }
        Ok((rows, object, visible))
    })?;
    let sent: Vec<(BatchRow, Map<String, Value>)> = rows
        .into_iter()
        .map(|row| {
            let mut sent: Map<String, Value> =
                serde_json::from_str(&row.payload).unwrap_or_default();
            sent.retain(|field, value| !value.is_object() && visible.contains(field));
            (row, sent)
        })
        .collect();
    let mut fields: BTreeSet<&str> = BTreeSet::from(["Id"]);
    fields.extend(
        sent.iter()
            .flat_map(|(_, sent)| sent.keys().map(String::as_str)),
    );
    let fields: Vec<&str> = fields.into_iter().collect();
    let ids = sent.iter().filter_map(|(row, _)| row.record_id.as_deref());
    let ids: Vec<Id> = ids.map(Id::parse).collect::<Result<_, _>>()?;
    let records = org.client.retrieve(&object, &ids, &fields).await?;
    let by_id: BTreeMap<String, Record> = records
        .into_iter()
        .flatten()
        .filter_map(|record| Some((record.id()?.to_string(), record)))
        .collect();
    Ok(sent
        .into_iter()
        .map(|(row, sent)| seen(row, sent, &by_id))
        .collect())
}

fn seen(row: BatchRow, sent: Map<String, Value>, by_id: &BTreeMap<String, Record>) -> SeenRecord {
    let record_id = row.record_id.unwrap_or_default();
    let record = by_id.get(&record_id);
    let fields = sent.into_iter().map(|(field, sent)| {
        let held = record.and_then(|record| record.value(&field)).cloned();
        let held = held.unwrap_or_default();
        SeenField {
            same: record.is_some() && same(&sent, &held),
            field,
            sent,
            held,
        }
    });
    SeenRecord {
        contact: row.contact,
        guid: row.guid,
        created: row.outcome == Some(Outcome::Created),
        gone: record.is_none(),
        fields: fields.collect(),
        record_id,
    }
}
