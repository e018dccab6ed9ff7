//! Reads settled batches back once more, after the org can no longer apply them late.

use std::collections::BTreeMap;

use leadferry_salesforce::Record;
use leadferry_store::{Batch, BatchRow, Outcome, Writer};
use serde_json::{Map, Value};

use super::{Conductor, Stop};
use crate::Result;
use crate::settling::{holds, questions};

impl Conductor<'_> {
    /// Reads the rows of settled batches back once more, after the org can no longer apply them late.
    pub(super) async fn read_back(&mut self) -> Result<()> {
        let now = (self.clock)();
        for batch in self
            .store
            .read(|reader| reader.batches_to_read_back(&self.org.org_id, now))?
        {
            let visible = self.visible_fields(&batch.object)?;
            let mut rows = self.store.read(|reader| reader.batch_rows(batch.id))?;
            rows.retain(|row| {
                matches!(row.outcome, Some(Outcome::Created | Outcome::Updated))
                    && !row.payload.is_empty()
            });
            let records = match self
                .org
                .client
                .queries(&questions(&batch, &rows, &visible), true)
                .await
            {
                Ok(pages) => pages.into_iter().flatten().collect::<Vec<_>>(),
                Err(error) => {
                    self.stop(Stop::of_request(&error));
                    return Ok(());
                }
            };
            let by_id: BTreeMap<String, &Record> = records
                .iter()
                .filter_map(|record| Some((record.id()?.to_string(), record)))
                .collect();
            self.store.write(|writer| -> Result<()> {
                for row in &rows {
                    let record = row.record_id.as_ref().and_then(|id| by_id.get(id));
                    if let Some(record) = record {
                        recheck(writer, &batch, row, record, now)?;
                    }
                }
                Ok(writer.batch_was_read_back(batch.id)?)
            })?;
        }
        Ok(())
    }
}

/// A late application may have put an older payload over a newer one: what no longer holds is sent again.
fn recheck(
    writer: &Writer<'_>,
    batch: &Batch,
    row: &BatchRow,
    record: &Record,
    now: i64,
) -> Result<()> {
    let Some(newer) = writer.newer_row(row)? else {
        return Ok(());
    };
    let mut sent: Map<String, Value> = serde_json::from_str(&newer.payload).unwrap_or_default();
    let mut old: Map<String, Value> = serde_json::from_str(&row.payload).unwrap_or_default();
    sent.retain(|field, _| old.contains_key(field));
    old.retain(|field, _| sent.contains_key(field));
    if !holds(record, &sent) && holds(record, &old) {
        let contact = writer.resolve_contact(row.contact)?;
        if let Some(link) = writer.link(contact, &batch.org_id, &batch.object)? {
            writer.forget_sent(link.id, sent.keys(), now)?;
            writer.reconsider(contact)?;
        }
    }
    Ok(())
}
