//! The rows of batches, read, answered and replaced together.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Row, ToSql, named_params};

use super::packed::{Answer, FIELDS_ALONE, Packed, pack, pack_answers, positions, unpack_answers};
use super::{BatchRow, Outcome};
use crate::{BatchId, ContactId, Error, Reader, Result, Writer};

/// Contacts whose batches are found together: a run sends them in the order of their ids, as a rule.
const BLOCK: i64 = 256;

/// What became of a row of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// Its position in the request.
    pub position: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// The record that came of it; that of the row stays where there is none.
    pub record_id: Option<String>,
    /// The org's errors as JSON.
    pub errors: Option<String>,
}

const PACKED: &str = "
SELECT t.contacts, t.answers, b.body, b.before FROM batches t JOIN batch_bodies b ON b.batch_id = t.id";

fn packed(row: &Row<'_>) -> rusqlite::Result<Packed> {
    Ok(Packed {
        contacts: row.get(0)?,
        answers: row.get(1)?,
        body: row.get(2)?,
        before: row.get(3)?,
    })
}

impl Reader<'_> {
    /// Returns the rows of a batch in request order.
    pub fn batch_rows(&self, id: BatchId) -> Result<Vec<BatchRow>> {
        let packed = self
            .connection
            .prepare_cached(&format!("{PACKED} WHERE t.id = :id"))?
            .query_row(named_params! { ":id": id }, packed)
            .optional()?;
        packed.map_or_else(|| Ok(Vec::new()), |packed| packed.rows(id))
    }

    /// Returns the open batches of which nobody can say any more whom they are for, or that are for somebody who is gone.
    ///
    /// No foreign key holds the contacts of rows that are stored together.
    pub(crate) fn batches_that_lost_someone(&self) -> Result<Vec<BatchId>> {
        let mut open = self
            .connection
            .prepare("SELECT id FROM batches WHERE state IN ('prepared', 'unknown')")?;
        let open = open.query_map([], |row| row.get(0))?;
        let mut is_there = self
            .connection
            .prepare("SELECT 1 FROM contacts WHERE id = :contact")?;
        let mut lost = Vec::new();
        for batch in open {
            let batch = batch?;
            let is_whole = self.batch_rows(batch).is_ok_and(|rows| {
                let is_there =
                    |row: &BatchRow| is_there.exists(named_params! { ":contact": row.contact });
                !rows.is_empty()
                    && rows
                        .iter()
                        .map(is_there)
                        .all(|there| there.unwrap_or(false))
            });
            if !is_whole {
                lost.push(batch);
            }
        }
        Ok(lost)
    }

    /// Returns the batches that meet a condition on `t` and have a row for a contact, in the order of their ids.
    pub(crate) fn batches_of(
        &self,
        contact: ContactId,
        condition: &str,
        bound: &[(&str, &dyn ToSql)],
    ) -> Result<Vec<BatchId>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT t.id FROM contact_batches k JOIN batches t ON t.id = k.batch_id
             WHERE k.block = :contact / {BLOCK} AND {condition}
               AND row_outcome(t.contacts, NULL, :contact) IS NOT NULL ORDER BY t.id"
        ))?;
        let mut all = bound.to_vec();
        all.push((":contact", &contact));
        let ids = statement.query_map(&*all, |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns a contact's row in a batch.
    pub(crate) fn row_for(&self, batch: BatchId, contact: ContactId) -> Result<Option<BatchRow>> {
        let mut rows = self.batch_rows(batch)?.into_iter();
        Ok(rows.find(|row| row.contact == contact))
    }

    /// Returns every row that was made for a contact, the oldest first.
    pub(crate) fn rows_for(&self, contact: ContactId) -> Result<Vec<BatchRow>> {
        let mut rows = Vec::new();
        for batch in self.batches_of(contact, "TRUE", &[])? {
            rows.extend(self.row_for(batch, contact)?);
        }
        Ok(rows)
    }

    /// Returns what a record was sent last, field by field, as far as history keeps it.
    pub fn sent_last(
        &self,
        contact: ContactId,
        record: &str,
    ) -> Result<serde_json::Map<String, serde_json::Value>> {
        // A field that was sent longer ago than in so many requests is not worth the search.
        const REQUESTS: usize = 100;
        let taken = "row_outcome(t.contacts, t.answers, :contact) IN ('created', 'updated')";
        let batches = self.batches_of(contact, taken, &[])?;
        let mut sent = serde_json::Map::new();
        for batch in batches.into_iter().rev().take(REQUESTS) {
            let row = self.row_for(batch, contact)?;
            let Some(row) = row.filter(|row| row.record_id.as_deref() == Some(record)) else {
                continue;
            };
            let fields: serde_json::Map<_, _> = serde_json::from_str(&row.payload)
                .map_err(|error| Error::unreadable("payload", error))?;
            for (field, value) in fields {
                sent.entry(field).or_insert(value);
            }
        }
        Ok(sent)
    }

    /// Tells whether an earlier request of ours was to create the record of the same queue entry, and nobody knew whether
    /// the org had applied it: it may have done so late.
    pub fn may_have_been_created_before(&self, row: &BatchRow) -> Result<bool> {
        let in_doubt = "t.id < :batch AND t.read_back_at IS NOT NULL
               AND row_outcome(t.contacts, t.answers, :contact) = 'retry'";
        for batch in self.batches_of(row.contact, in_doubt, &[(":batch", &row.batch)])? {
            let before = self.row_for(batch, row.contact)?;
            if before.is_some_and(|one| one.entry == row.entry && one.found == super::Found::New) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the row that was sent for the same queue entry after this one and was taken, the latest.
    pub fn newer_row(&self, row: &BatchRow) -> Result<Option<BatchRow>> {
        let taken = "t.id > :batch AND row_outcome(t.contacts, t.answers, :contact) IN ('created', 'updated')";
        let batches = self.batches_of(row.contact, taken, &[(":batch", &row.batch)])?;
        for batch in batches.into_iter().rev() {
            let newer = self.row_for(batch, row.contact)?;
            let is_newer = |one: &BatchRow| {
                // A no may have gone to other records of the same contact.
                one.entry == row.entry
                    && (row.record_id.is_none() || one.record_id == row.record_id)
            };
            if let Some(newer) = newer.filter(is_newer) {
                return Ok(Some(newer));
            }
        }
        Ok(None)
    }

    /// Returns how many rows of a batch had each outcome, by the code of their first error.
    pub(crate) fn tallies_of(&self, id: BatchId) -> Result<Tallies> {
        let stored = self
            .connection
            .prepare_cached("SELECT contacts, answers FROM batches WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| {
                Ok((
                    row.get::<_, Option<Vec<u8>>>(0)?,
                    row.get::<_, Option<Vec<u8>>>(1)?,
                ))
            })?;
        let (Some(contacts), answers) = stored else {
            return Ok(Tallies::new());
        };
        let mut tallies = Tallies::new();
        for answer in answers_of(&contacts, answers.as_deref())? {
            let code = first_code(answer.errors.as_deref());
            *tallies.entry((answer.outcome, code)).or_default() += 1;
        }
        Ok(tallies)
    }
}

/// Rows by outcome and code; no code is an empty one.
pub(crate) type Tallies = BTreeMap<(Option<Outcome>, String), u64>;

/// Returns an answer for each row, in request order.
fn answers_of(contacts: &[u8], answers: Option<&[u8]>) -> Result<Vec<Answer>> {
    let rows = positions(contacts)?.len();
    let mut all = answers.map_or_else(|| Ok(Vec::new()), unpack_answers)?;
    all.resize_with(rows, Answer::default);
    Ok(all)
}

/// Returns the code of the first of the org's errors.
pub(crate) fn first_code(errors: Option<&str>) -> String {
    #[derive(serde::Deserialize)]
    struct Coded {
        #[serde(default)]
        code: String,
    }
    let errors: Vec<Coded> = errors
        .and_then(|errors| serde_json::from_str(errors).ok())
        .unwrap_or_default();
    errors
        .into_iter()
        .next()
        .map(|first| first.code)
        .unwrap_or_default()
}

impl Writer<'_> {
    /// Stores the rows of a batch, in place of those that it has.
    pub(super) fn put_rows(&self, id: BatchId, packed: &Packed) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE batches SET contacts = :contacts, answers = :answers WHERE id = :id",
            )?
            .execute(named_params! {
                ":contacts": packed.contacts, ":answers": packed.answers, ":id": id,
            })?;
        self.connection
            .prepare_cached(
                "INSERT INTO batch_bodies (batch_id, body, before) VALUES (:id, :body, :before)
                 ON CONFLICT (batch_id) DO UPDATE SET body = excluded.body, before = excluded.before",
            )?
            .execute(named_params! { ":id": id, ":body": packed.body, ":before": packed.before })?;
        Ok(())
    }

    /// Records that a batch has rows for contacts.
    pub(super) fn name_batch(
        &self,
        id: BatchId,
        contacts: impl Iterator<Item = ContactId>,
    ) -> Result<()> {
        let blocks: BTreeSet<i64> = contacts.map(|contact| contact.0 / BLOCK).collect();
        let mut statement = self
            .connection
            .prepare_cached("INSERT INTO contact_batches (block, batch_id) VALUES (:block, :id)")?;
        for block in blocks {
            statement.execute(named_params! { ":block": block, ":id": id })?;
        }
        Ok(())
    }

    /// Replaces the rows of a batch by these, some of which may be gone or changed; what is sent again is put together
    /// anew.
    pub(crate) fn replace_rows(&self, id: BatchId, rows: &[BatchRow]) -> Result<()> {
        self.remove_rows(id)?;
        self.put_rows(id, &pack(rows, &FIELDS_ALONE)?)?;
        self.name_batch(id, rows.iter().map(|row| row.contact))
    }

    /// Removes the rows of a batch.
    pub(super) fn remove_rows(&self, id: BatchId) -> Result<()> {
        for sql in [
            "UPDATE batches SET contacts = NULL, answers = NULL WHERE id = :id",
            "DELETE FROM batch_bodies WHERE batch_id = :id",
            "DELETE FROM contact_batches WHERE batch_id = :id",
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute(named_params! { ":id": id })?;
        }
        Ok(())
    }

    /// Records what became of a row.
    pub fn answer_row(
        &self,
        batch: BatchId,
        position: u32,
        outcome: Outcome,
        record_id: Option<&str>,
        errors: Option<&str>,
    ) -> Result<()> {
        let answer = RowOutcome {
            position,
            outcome,
            record_id: record_id.map(str::to_owned),
            errors: errors.map(str::to_owned),
        };
        self.answer_rows(batch, vec![answer])
    }

    /// Records what became of rows of a batch; those of others stay.
    pub fn answer_rows(&self, batch: BatchId, outcomes: Vec<RowOutcome>) -> Result<()> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let (contacts, answers): (Vec<u8>, Option<Vec<u8>>) = self
            .connection
            .prepare_cached("SELECT contacts, answers FROM batches WHERE id = :id")?
            .query_row(named_params! { ":id": batch }, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let mut answers = answers_of(&contacts, answers.as_deref())?;
        let places: BTreeMap<u32, usize> = positions(&contacts)?.into_iter().zip(0..).collect();
        for one in outcomes {
            let Some(answer) = places
                .get(&one.position)
                .and_then(|at| answers.get_mut(*at))
            else {
                continue;
            };
            *answer = Answer {
                outcome: Some(one.outcome),
                record_id: one.record_id.or_else(|| answer.record_id.take()),
                errors: one.errors,
            };
        }
        self.connection
            .prepare_cached("UPDATE batches SET answers = :answers WHERE id = :id")?
            .execute(named_params! { ":answers": pack_answers(&answers), ":id": batch })?;
        Ok(())
    }

    /// Keeps how many rows were created, updated and refused, which figures over time read alone, and how many had each
    /// outcome and code, which a run's figures read alone.
    pub(super) fn count_batch(&self, id: BatchId) -> Result<()> {
        let tallies = self.tallies_of(id)?;
        let count = |outcomes: &[Outcome]| -> u64 {
            let counted = tallies.iter().filter(|((outcome, _), _)| {
                outcome.is_some_and(|outcome| outcomes.contains(&outcome))
            });
            counted.map(|(_, rows)| rows).sum()
        };
        self.connection
            .prepare_cached(
                "UPDATE batches SET created = :created, updated = :updated, refused = :refused WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": id, ":created": count(&[Outcome::Created]), ":updated": count(&[Outcome::Updated]),
                ":refused": count(&[Outcome::Refused, Outcome::Lost]),
            })?;
        let mut statement = self.connection.prepare_cached(
            "INSERT OR REPLACE INTO batch_tallies (batch_id, outcome, code, rows) VALUES (:id, :outcome, :code, :rows)",
        )?;
        for ((outcome, code), rows) in &tallies {
            let outcome = outcome.map_or("", Outcome::name);
            statement.execute(named_params! {
                ":id": id, ":outcome": outcome, ":code": code, ":rows": rows,
            })?;
        }
        Ok(())
    }

    /// Empties what rows of a batch sent and what the org held before; returns how many there were.
    pub(crate) fn thin_batch(&self, id: BatchId) -> Result<u64> {
        let mut rows = self.batch_rows(id)?;
        let mut emptied = 0;
        for row in &mut rows {
            if row.payload != "{}" || row.old_values.is_some() {
                emptied += 1;
                row.payload = "{}".to_owned();
                row.old_values = None;
            }
        }
        if emptied > 0 {
            self.replace_rows(id, &rows)?;
        }
        Ok(emptied)
    }
}
