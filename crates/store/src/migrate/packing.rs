//! Packs what an older version kept one by one: the rows of batches, and the hashes of links.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Row, Transaction, named_params};

use crate::batches::{self, BatchRow, FIELDS_ALONE, Packed};
use crate::crash_points::crash_point;
use crate::links::SentFields;
use crate::{Hashes, Result, ValueHash};

pub(super) const ROWS: &str = "
SELECT batch_id, position, queue_id, contact_id, guid, record_id, how, stamps, seq, payload, hashes, outcome, errors,
  old_values
FROM batch_rows ORDER BY batch_id, position";

/// Packs what an older version kept of batches and links.
pub(super) fn pack(transaction: &Transaction<'_>) -> Result<()> {
    pack_rows(transaction)?;
    pack_links(transaction)?;
    crash_point("migration.packed");
    Ok(())
}

/// Packs the hashes of links: 8 of their 12 bytes are enough to know a value again, so that nothing is sent again.
fn pack_links(transaction: &Transaction<'_>) -> Result<()> {
    transaction.execute_batch(
        "INSERT INTO sent_fields (name) SELECT DISTINCT f.key FROM links l, json_each(l.sent) f ORDER BY f.key",
    )?;
    let fields = SentFields::read(transaction)?;
    transaction.create_scalar_function(
        "packed_sent",
        1,
        FunctionFlags::SQLITE_UTF8,
        move |context| Ok(fields.pack(&hashes(context.get_raw(0).as_str()?))),
    )?;
    transaction.execute_batch(
        "UPDATE links SET packed = packed_sent(sent);
         ALTER TABLE links DROP COLUMN sent;
         ALTER TABLE links RENAME COLUMN packed TO sent;",
    )?;
    Ok(transaction.remove_function("packed_sent", 1)?)
}

/// Reads hashes as they were stored: base64url of 12 bytes.
fn hashes(text: &str) -> Hashes {
    let stored: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
    let hashes = stored.into_iter().map(|(field, hash)| {
        let digest = URL_SAFE_NO_PAD.decode(hash).unwrap_or_default();
        (field.into(), ValueHash::of_first(&digest))
    });
    hashes.collect()
}

/// Packs the rows of all batches, one batch after the other, and drops their table.
fn pack_rows(transaction: &Transaction<'_>) -> Result<()> {
    let mut statement = transaction.prepare(ROWS)?;
    let mut stored = statement.query([])?;
    let mut rows: Vec<BatchRow> = Vec::new();
    while let Some(row) = stored.next()? {
        let row = batch_row(row)?;
        if rows.first().is_some_and(|first| first.batch != row.batch) {
            put(transaction, &rows)?;
            rows.clear();
        }
        rows.push(row);
    }
    put(transaction, &rows)?;
    drop(stored);
    drop(statement);
    Ok(transaction.execute_batch("DROP TABLE batch_rows")?)
}

pub(super) fn batch_row(row: &Row<'_>) -> rusqlite::Result<BatchRow> {
    Ok(BatchRow {
        batch: row.get(0)?,
        position: row.get(1)?,
        entry: row.get(2)?,
        contact: row.get(3)?,
        guid: row.get(4)?,
        record_id: row.get(5)?,
        found: row.get(6)?,
        stamps: row.get(7)?,
        seq: row.get(8)?,
        payload: row.get(9)?,
        hashes: Some(hashes(row.get_ref(10)?.as_str()?)),
        outcome: row.get(11)?,
        errors: row.get(12)?,
        old_values: row.get(13)?,
    })
}

fn put(transaction: &Transaction<'_>, rows: &[BatchRow]) -> Result<()> {
    let Some(BatchRow { batch, .. }) = rows.first() else {
        return Ok(());
    };
    let Packed {
        contacts,
        answers,
        body,
        before,
    } = batches::pack(rows, &FIELDS_ALONE)?;
    transaction
        .prepare_cached(
            "UPDATE batches SET contacts = :contacts, answers = :answers WHERE id = :id",
        )?
        .execute(named_params! { ":contacts": contacts, ":answers": answers, ":id": batch })?;
    transaction
        .prepare_cached(
            "INSERT INTO batch_bodies (batch_id, body, before) VALUES (:id, :body, :before)",
        )?
        .execute(named_params! { ":id": batch, ":body": body, ":before": before })?;
    let mut name = transaction.prepare_cached(
        "INSERT OR IGNORE INTO contact_batches (block, batch_id) VALUES (:contact / 256, :id)",
    )?;
    for row in rows {
        name.execute(named_params! { ":contact": row.contact, ":id": batch })?;
    }
    Ok(())
}
