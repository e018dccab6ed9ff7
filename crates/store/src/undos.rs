//! What undoing a run does to each record that the run wrote: planned, on its way, done, or left alone and why.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::links::stored_names;
use crate::{
    Batch, BatchId, BatchRow, ContactId, Deed, Error, LinkState, NewRun, Outcome, Reader, Result,
    RunId, Writer,
};

/// Where undoing a record stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum UndoState {
    /// The record is to be deleted: the run created it.
    Delete,
    /// Values are to be restored.
    Restore,
    /// The request that deletes it may have left.
    Deleting,
    /// The request that restores values may have left.
    Restoring,
    /// It was deleted.
    Deleted,
    /// Its values were restored.
    Restored,
    /// It is left alone.
    Skipped,
}

stored_names!(UndoState {
    Delete = "delete",
    Restore = "restore",
    Deleting = "deleting",
    Restoring = "restoring",
    Deleted = "deleted",
    Restored = "restored",
    Skipped = "skipped",
});

impl UndoState {
    /// States in which something is still to be done.
    pub const OPEN: [Self; 4] = [Self::Delete, Self::Restore, Self::Deleting, Self::Restoring];

    /// Tells whether the record is as it was before the run.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Deleted | Self::Restored)
    }

    /// Tells whether a request about the record may have left.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Deleting | Self::Restoring)
    }
}

/// A field that the run wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UndoField {
    /// API name.
    pub field: String,
    /// What was sent last, by any run.
    pub sent: Value,
    /// What the record held before the run; missing where it wasn't read.
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    pub before: Option<Value>,
    /// What the record holds now; missing where it can't be read.
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    pub now: Option<Value>,
    /// Why the field isn't restored, as a code; missing where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// An empty value is a value.
fn there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What undoing a run does to one record.
#[derive(Debug, Clone, PartialEq)]
pub struct UndoRow {
    /// The run that is undone.
    pub run: RunId,
    /// The contact, as it was when the run sent it.
    pub contact: ContactId,
    /// The record.
    pub record_id: String,
    /// Where it stands.
    pub state: UndoState,
    /// The fields that the run wrote.
    pub fields: Vec<UndoField>,
    /// When the org changed the record last, as it was read; UTC milliseconds by the org's clock.
    pub modified: Option<i64>,
    /// When it was first read like that, UTC milliseconds.
    pub read_at: i64,
    /// Refusals so far that may pass.
    pub attempts: u32,
    /// Why it is skipped: a code of ours in lower case, or the org's.
    pub code: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// The run that undid it.
    pub undone_by: Option<RunId>,
    /// When it was undone, UTC milliseconds.
    pub done_at: Option<i64>,
}

/// A place in a list of undo rows.
pub type UndoPlace = (ContactId, String);

/// How many records stand where, and why those are skipped that are.
pub type UndoCounts = BTreeMap<(UndoState, Option<String>), u64>;

const COLUMNS: &str = "run_id, contact_id, record_id, state, fields, modified, read_at, attempts, code, message, undone_by, done_at";

fn undo_row(row: &Row<'_>) -> rusqlite::Result<UndoRow> {
    Ok(UndoRow {
        run: row.get(0)?,
        contact: row.get(1)?,
        record_id: row.get(2)?,
        state: row.get(3)?,
        fields: serde_json::from_str(row.get_ref(4)?.as_str()?).unwrap_or_default(),
        modified: row.get(5)?,
        read_at: row.get(6)?,
        attempts: row.get(7)?,
        code: row.get(8)?,
        message: row.get(9)?,
        undone_by: row.get(10)?,
        done_at: row.get(11)?,
    })
}

impl Reader<'_> {
    /// Returns what undoing a run does to a record, as far as that was planned.
    pub fn undo_row(
        &self,
        run: RunId,
        contact: ContactId,
        record_id: &str,
    ) -> Result<Option<UndoRow>> {
        Ok(self
            .connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM undo_rows
                 WHERE run_id = :run AND contact_id = :contact AND record_id = :record"
            ))?
            .query_row(
                named_params! { ":run": run, ":contact": contact, ":record": record_id },
                undo_row,
            )
            .optional()?)
    }

    /// Returns records of a run in these states, in the order of contact and record, after that place.
    pub fn undo_rows(
        &self,
        run: RunId,
        states: &[UndoState],
        after: &UndoPlace,
        limit: usize,
    ) -> Result<Vec<UndoRow>> {
        let mut found: Vec<UndoRow> = Vec::new();
        for state in states {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM undo_rows
                 WHERE run_id = :run AND state = :state AND contact_id >= :contact
                   AND (contact_id, record_id) > (:contact, :record)
                 ORDER BY contact_id, record_id LIMIT :limit"
            ))?;
            let rows = statement.query_map(
                named_params! {
                    ":run": run, ":state": state, ":contact": after.0, ":record": after.1, ":limit": limit,
                },
                undo_row,
            )?;
            for row in rows {
                found.push(row?);
            }
        }
        found.sort_by(|one, other| {
            (one.contact, &one.record_id).cmp(&(other.contact, &other.record_id))
        });
        found.truncate(limit);
        Ok(found)
    }

    /// Returns how many records of a run stand where.
    pub fn undo_counts(&self, run: RunId) -> Result<UndoCounts> {
        self.count_undo_rows("run_id = :run", run)
    }

    /// Returns how many records a run has undone, and how: `Deleted` and `Restored`.
    pub fn undone_counts(&self, undoer: RunId) -> Result<UndoCounts> {
        self.count_undo_rows("undone_by = :run", undoer)
    }

    fn count_undo_rows(&self, condition: &str, run: RunId) -> Result<UndoCounts> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT state, code, count(*) FROM undo_rows WHERE {condition} GROUP BY state, code"
        ))?;
        let rows = statement.query_map(named_params! { ":run": run }, |row| {
            Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns what is said about one of the records of a run that are skipped for a reason.
    pub fn undo_example(&self, run: RunId, code: &str) -> Result<Option<String>> {
        let found: Option<Option<String>> = self
            .connection
            .prepare_cached(
                "SELECT message FROM undo_rows WHERE run_id = :run AND state = 'skipped' AND code = :code LIMIT 1",
            )?
            .query_row(named_params! { ":run": run, ":code": code }, |row| row.get(0))
            .optional()?;
        Ok(found.flatten())
    }

    /// Returns what was undone of a contact, the oldest first.
    pub fn undone_of(&self, contact: ContactId) -> Result<Vec<UndoRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM undo_rows
             WHERE contact_id = :contact AND state IN ('deleted', 'restored') ORDER BY undone_by"
        ))?;
        let rows = statement.query_map(named_params! { ":contact": contact }, undo_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns what runs have written to a record for these contacts, with the batch of each row, the oldest first.
    pub fn written_to(
        &self,
        contacts: &[ContactId],
        org_id: &str,
        record_id: &str,
    ) -> Result<Vec<(Batch, BatchRow)>> {
        let mut written = Vec::new();
        for contact in contacts {
            for (_, deed) in self.history(*contact)? {
                let Deed::Sent(row) = deed else { continue };
                let is_taken = matches!(row.outcome, Some(Outcome::Created | Outcome::Updated));
                if !is_taken || row.record_id.as_deref() != Some(record_id) {
                    continue;
                }
                let batch = self.batch(row.batch)?;
                if batch.org_id == org_id {
                    written.push((batch, row));
                }
            }
        }
        written.sort_by_key(|(batch, row)| (batch.run, batch.id, row.position));
        Ok(written)
    }

    /// Returns when the last answer to a batch was taken in, UTC milliseconds; `None` while one is awaited.
    pub fn batch_settled_at(&self, batch: BatchId) -> Result<Option<i64>> {
        Ok(self
            .connection
            .prepare_cached("SELECT settled_at FROM batches WHERE id = :id")?
            .query_row(named_params! { ":id": batch }, |row| row.get(0))?)
    }

    /// Returns the mapping that a run used.
    pub fn mapping_of_run(&self, run: RunId) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT m.body FROM runs r JOIN mappings m
                   ON m.replication_id = r.replication_id AND m.version = r.mapping_version
                 WHERE r.id = :run",
            )?
            .query_row(named_params! { ":run": run }, |row| row.get(0))
            .optional()?)
    }
}

impl Writer<'_> {
    /// Begins a run that undoes another one; see [`Writer::begin_run`].
    pub fn begin_undo(&self, new: &NewRun, undoes: RunId, now: i64) -> Result<RunId> {
        let run = self.begin_run(new, now)?;
        self.connection
            .prepare_cached("UPDATE runs SET undoes = :undoes WHERE id = :run")?
            .execute(named_params! { ":undoes": undoes, ":run": run })?;
        Ok(run)
    }

    /// Keeps what undoing a run does to a record.
    pub fn put_undo_row(&self, row: &UndoRow) -> Result<()> {
        let fields = serde_json::to_string(&row.fields)
            .map_err(|error| Error::unreadable("fields", error))?;
        self.connection
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO undo_rows ({COLUMNS})
                 VALUES (:run, :contact, :record, :state, :fields, :modified, :read_at, :attempts, :code, :message,
                   :undone_by, :done_at)"
            ))?
            .execute(named_params! {
                ":run": row.run, ":contact": row.contact, ":record": row.record_id, ":state": row.state,
                ":fields": fields, ":modified": row.modified, ":read_at": row.read_at, ":attempts": row.attempts,
                ":code": row.code, ":message": row.message, ":undone_by": row.undone_by, ":done_at": row.done_at,
            })?;
        Ok(())
    }

    /// Takes back in the workspace what was undone in the org: a deleted record is no longer linked, of restored fields it
    /// is forgotten that they were sent, and the contact is held in every replication to that object of the org.
    pub fn take_undone(&self, row: &UndoRow, org_id: &str, object: &str, now: i64) -> Result<()> {
        let owner = match self.link_to(org_id, &row.record_id)? {
            Some(link) => {
                if row.state == UndoState::Deleted {
                    self.remove_link(link.id)?;
                } else {
                    let restored = row.fields.iter().filter(|field| field.skipped.is_none());
                    self.forget_sent(link.id, restored.map(|field| &field.field), now)?;
                    if link.state != LinkState::Linked {
                        self.set_link_state(link.id, LinkState::Linked, now)?;
                    }
                }
                link.contact
            }
            None => self.resolve_contact(row.contact)?,
        };
        self.hold_undone(owner, org_id, object, now)
    }

    /// Holds a contact until it is released. That it went is forgotten, so that it goes once more after that.
    fn hold_undone(&self, contact: ContactId, org_id: &str, object: &str, now: i64) -> Result<()> {
        // A run that has read the entries reads them again.
        self.next_sequence()?;
        self.connection
            .prepare_cached(
                "UPDATE queue SET state = 'held', due_at = 0, attempts = 0, since = :now, sent_at = NULL, code = NULL,
                   message = NULL, detail = NULL
                 WHERE contact_id = :contact AND state <> 'sending' AND replication_id IN (
                   SELECT r.id FROM replications r JOIN connections c ON c.id = r.connection_id
                   WHERE c.org_id = :org AND r.object = :object)",
            )?
            .execute(named_params! {
                ":contact": contact, ":org": org_id, ":object": object, ":now": now,
            })?;
        Ok(())
    }

    /// Empties what was kept of values before a moment; returns of how many records.
    pub(crate) fn thin_undo_rows(&self, limit: i64) -> Result<u64> {
        let thinned = self
            .connection
            .prepare_cached(
                "UPDATE undo_rows SET fields = '[]' WHERE read_at < :limit AND fields <> '[]'
                   AND state IN ('deleted', 'restored', 'skipped')",
            )?
            .execute(named_params! { ":limit": limit })?;
        Ok(thinned as u64)
    }

    /// Makes held entries of these contacts `pending` again, of all where there are none; returns how many.
    pub fn release_held(
        &self,
        replication: crate::ReplicationId,
        contacts: &[ContactId],
        now: i64,
    ) -> Result<usize> {
        if contacts.is_empty() {
            return self.release_entries(replication, None, now);
        }
        let mut released = 0;
        for contact in contacts {
            released += self.release_entries(replication, Some(*contact), now)?;
        }
        Ok(released)
    }
}

#[cfg(test)]
mod tests;
