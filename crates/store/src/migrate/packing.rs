//! Packs the rows of batches that an older version kept one by one.

use rusqlite::{Row, Transaction, named_params};

use crate::Result;
use crate::batches::{BatchRow, FIELDS_ALONE, Packed, pack};
use crate::crash_points::crash_point;

pub(super) const ROWS: &str = "
SELECT batch_id, position, queue_id, contact_id, guid, record_id, how, stamps, seq, payload, hashes, outcome, errors,
  old_values
FROM batch_rows ORDER BY batch_id, position";

/// Packs the rows of all batches, one batch after the other, and drops their table.
pub(super) fn pack_rows(transaction: &Transaction<'_>) -> Result<()> {
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
    transaction.execute_batch("DROP TABLE batch_rows")?;
    crash_point("migration.packed");
    Ok(())
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
        hashes: row.get(10)?,
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
    } = pack(rows, &FIELDS_ALONE)?;
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
