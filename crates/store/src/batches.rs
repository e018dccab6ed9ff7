//! Batches: the rows that go in one request, durable with their payloads before the request leaves.
//!
//! A batch's rows are stored together, see [`packed`]; [`rows`] reads, answers and replaces them.

mod functions;
mod packed;
mod rows;

use std::borrow::Cow;

use rusqlite::{Row, named_params};
use serde::{Deserialize, Serialize};

use crate::clock::LONGEST_WAIT_MS;
use crate::links::stored_names;
use crate::selection::ids_of;
use crate::{
    BatchId, BulkJobId, ContactId, EntryId, Error, Guid, Hashes, Reader, ReplicationId, Result,
    RunId, Writer,
};

pub(crate) use functions::register;
pub use packed::RequestForm;
pub(crate) use packed::{FIELDS_ALONE, Packed, pack};
pub use rows::RowOutcome;
pub(crate) use rows::{Tallies, first_code};

/// What a batch does in the org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Updates known records by their ids.
    Update,
    /// Creates records by upsert on the identifier field.
    Upsert {
        /// The identifier field's API name.
        identifier_field: String,
    },
}

/// The state of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Durable; its request has not left, or was refused before anything was applied.
    Prepared,
    /// Every row has its answer.
    Answered,
    /// May have been applied: to be settled by asking the org.
    Unknown,
    /// Its rows went over to two new batches.
    Split,
}

stored_names!(BatchState { Prepared = "prepared", Answered = "answered", Unknown = "unknown", Split = "split" });

/// How the record of a row was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// No record: the row creates one.
    New,
    /// A record held the identifier.
    Identifier,
    /// A record had the e-mail.
    Email,
    /// The contact was linked.
    Linked,
}

stored_names!(Found { New = "new", Identifier = "identifier", Email = "email", Linked = "linked" });

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The org created a record.
    Created,
    /// The org updated the record.
    Updated,
    /// The org refused the row for good.
    Refused,
    /// The org refused the row for now.
    Retry,
    /// The record was gone when an unknown batch was settled; a person had deleted it.
    Lost,
}

stored_names!(Outcome {
    Created = "created",
    Updated = "updated",
    Refused = "refused",
    Retry = "retry",
    Lost = "lost",
});

/// A batch to be made durable.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// The run.
    pub run: RunId,
    /// The replication.
    pub replication: ReplicationId,
    /// The org.
    pub org_id: String,
    /// The target object.
    pub object: String,
    /// What it does.
    pub operation: Operation,
    /// Whether the org's assignment rules run.
    pub assignment: bool,
    /// Whether duplicate rules that only warn are overridden.
    pub allow_duplicates: bool,
    /// Its rows, in request order.
    pub rows: Vec<NewRow>,
}

/// A row of a batch to be made durable.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// The queue entry; becomes `sending`.
    pub entry: EntryId,
    /// The contact.
    pub contact: ContactId,
    /// The contact's guid.
    pub guid: Guid,
    /// The record to update; `None` for a create.
    pub record_id: Option<String>,
    /// How the record was found.
    pub found: Found,
    /// Whether the identifier is written to a record that did not have it.
    pub stamps: bool,
    /// The contact's sequence number that the payload was built from.
    pub seq: i64,
    /// The sequence number at which the queue entry was considered last.
    pub considered: i64,
    /// The fields as a JSON object.
    pub payload: String,
    /// Their hashes.
    pub hashes: Hashes,
    /// What the org held before, as a JSON object, where it was read.
    pub old_values: Option<String>,
}

/// A stored batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// Id.
    pub id: BatchId,
    /// The run.
    pub run: RunId,
    /// The replication.
    pub replication: ReplicationId,
    /// The org.
    pub org_id: String,
    /// The target object.
    pub object: String,
    /// What it does.
    pub operation: Operation,
    /// Whether the org's assignment rules run.
    pub assignment: bool,
    /// Whether duplicate rules that only warn are overridden.
    pub allow_duplicates: bool,
    /// State.
    pub state: BatchState,
    /// The job that it goes with, while that hasn't ended.
    pub bulk_job: Option<BulkJobId>,
    /// When it became durable, UTC milliseconds.
    pub prepared_at: i64,
}

/// A stored row of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchRow {
    /// The batch.
    pub batch: BatchId,
    /// Position in the request, from 0.
    pub position: u32,
    /// The queue entry.
    pub entry: EntryId,
    /// The contact, as it was when the batch was made.
    pub contact: ContactId,
    /// The contact's guid, as it was then.
    pub guid: Guid,
    /// The record updated, or that came of the upsert.
    pub record_id: Option<String>,
    /// How the record was found.
    pub found: Found,
    /// Whether the identifier is written to a record that did not have it.
    pub stamps: bool,
    /// The contact's sequence number that the payload was built from.
    pub seq: i64,
    /// The fields as a JSON object; an empty one when history was thinned.
    pub payload: String,
    /// The hashes that its link is to keep, where they are known or don't follow from the fields; see [`Self::sent`].
    pub hashes: Option<Hashes>,
    /// What became of it; `None` while there is no answer.
    pub outcome: Option<Outcome>,
    /// The org's errors as JSON.
    pub errors: Option<String>,
    /// What the org held before, as a JSON object, where it was read.
    pub old_values: Option<String>,
}

impl BatchRow {
    /// Returns the hashes that its link is to keep: by field, of what is sent and of what counts as sent.
    pub fn sent(&self) -> Cow<'_, Hashes> {
        match &self.hashes {
            Some(hashes) => Cow::Borrowed(hashes),
            None => Cow::Owned(packed::hashes_of(&self.payload)),
        }
    }
}

const BATCH: &str = "
SELECT id, run_id, replication_id, org_id, object, operation, identifier_field, assignment, allow_duplicates, state, prepared_at,
  (SELECT j.id FROM bulk_jobs j WHERE j.id = batches.bulk_job AND j.ended_at IS NULL) AS bulk_job
FROM batches";

fn batch(row: &Row<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        id: row.get("id")?,
        run: row.get("run_id")?,
        replication: row.get("replication_id")?,
        org_id: row.get("org_id")?,
        object: row.get("object")?,
        operation: match row.get("identifier_field")? {
            Some(identifier_field) => Operation::Upsert { identifier_field },
            None => Operation::Update,
        },
        assignment: row.get("assignment")?,
        allow_duplicates: row.get("allow_duplicates")?,
        state: row.get("state")?,
        bulk_job: row.get("bulk_job")?,
        prepared_at: row.get("prepared_at")?,
    })
}

impl Reader<'_> {
    /// Returns one batch.
    pub fn batch(&self, id: BatchId) -> Result<Batch> {
        Ok(self
            .connection
            .prepare_cached(&format!("{BATCH} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, batch)?)
    }

    /// Returns the batches of an org that have no known answer, the oldest first.
    pub fn open_batches(&self, org_id: &str) -> Result<Vec<Batch>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{BATCH} WHERE org_id = :org AND state IN ('prepared', 'unknown') ORDER BY id"
        ))?;
        Ok(statement
            .query_map(named_params! { ":org": org_id }, batch)?
            .collect::<Result<_, _>>()?)
    }

    /// Returns how many batches of all orgs have no known answer.
    pub fn count_open_batches(&self) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM batches WHERE state IN ('prepared', 'unknown')")?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns the settled batches of an org whose rows are due to be read back once more.
    pub fn batches_to_read_back(&self, org_id: &str, now: i64) -> Result<Vec<Batch>> {
        let ahead = now.saturating_add(LONGEST_WAIT_MS);
        let mut statement = self.connection.prepare_cached(&format!(
            "{BATCH} WHERE read_back_at IS NOT NULL AND (read_back_at <= :now OR read_back_at > :ahead)
               AND org_id = :org AND state = 'answered'
             ORDER BY read_back_at, id"
        ))?;
        Ok(statement
            .query_map(
                named_params! { ":org": org_id, ":now": now, ":ahead": ahead },
                batch,
            )?
            .collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Makes a batch durable and hands its entries over to it: they become `sending`. Returns it with its rows.
    ///
    /// # Errors
    /// [`Error::Refused`] when an entry is owned by another batch.
    pub fn prepare_batch(&self, new: NewBatch, now: i64) -> Result<(Batch, Vec<BatchRow>)> {
        let (batch, rows, _) = self.prepare_request(new, &FIELDS_ALONE, now)?;
        Ok((batch, rows))
    }

    /// Makes a batch durable as [`Self::prepare_batch`] does, with its body as it leaves; returns that as well, gzipped.
    ///
    /// # Errors
    /// [`Error::Refused`] when an entry is owned by another batch.
    pub fn prepare_request(
        &self,
        new: NewBatch,
        form: &RequestForm<'_>,
        now: i64,
    ) -> Result<(Batch, Vec<BatchRow>, Vec<u8>)> {
        let id = self.add_batch(&new, now)?;
        self.take_entries(id, &new.rows, now)?;
        let rows = (0..).zip(new.rows);
        let rows: Vec<BatchRow> = rows
            .map(|(position, row)| row.stored(id, position))
            .collect();
        let packed = pack(&rows, form)?;
        self.put_rows(id, &packed)?;
        self.name_batch(id, rows.iter().map(|row| row.contact))?;
        let batch = Batch {
            id,
            run: new.run,
            replication: new.replication,
            org_id: new.org_id,
            object: new.object,
            operation: new.operation,
            assignment: new.assignment,
            allow_duplicates: new.allow_duplicates,
            state: BatchState::Prepared,
            bulk_job: None,
            prepared_at: now,
        };
        Ok((batch, rows, packed.body))
    }

    fn add_batch(&self, new: &NewBatch, now: i64) -> Result<BatchId> {
        let (operation, field) = match &new.operation {
            Operation::Update => ("update", None),
            Operation::Upsert { identifier_field } => ("upsert", Some(identifier_field)),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO batches (run_id, replication_id, org_id, object, operation, identifier_field, assignment,
                   allow_duplicates, state, prepared_at)
                 VALUES (:run, :replication, :org, :object, :operation, :field, :assignment, :allow, 'prepared', :now)",
            )?
            .execute(named_params! {
                ":run": new.run, ":replication": new.replication, ":org": new.org_id, ":object": new.object,
                ":operation": operation, ":field": field, ":assignment": new.assignment,
                ":allow": new.allow_duplicates, ":now": now,
            })?;
        Ok(BatchId(self.connection.last_insert_rowid()))
    }

    /// Makes the entries of a batch's rows `sending`.
    fn take_entries(&self, batch: BatchId, rows: &[NewRow], now: i64) -> Result<()> {
        let ids = ids_of(rows.iter().map(|row| row.entry.0));
        let taken = self
            .connection
            .prepare_cached(
                "UPDATE queue SET state = 'sending', batch_id = :batch, since = :now
                 WHERE id IN rarray(:ids) AND state = 'pending'",
            )?
            .execute(named_params! { ":batch": batch, ":ids": ids, ":now": now })?;
        if taken != rows.len() {
            let missing = rows.len() - taken;
            return Err(Error::Refused(format!(
                "{missing} queue entries are not pending"
            )));
        }
        // Those changed since they were considered last.
        let mut statement = self
            .connection
            .prepare_cached("UPDATE queue SET seq = :seq WHERE id = :entry AND seq < :seq")?;
        for row in rows.iter().filter(|row| row.seq > row.considered) {
            statement.execute(named_params! { ":entry": row.entry, ":seq": row.seq })?;
        }
        Ok(())
    }

    /// Takes a batch back that never left: its entries are `pending` as before, and nothing is kept of it.
    pub fn take_back_batch(&self, id: BatchId, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE queue SET state = 'pending', batch_id = NULL, since = :now WHERE batch_id = :id",
            )?
            .execute(named_params! { ":id": id, ":now": now })?;
        self.connection
            .prepare_cached("DELETE FROM batches WHERE id = :id AND state = 'prepared'")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    /// Records that a batch may have been applied.
    pub fn batch_became_unknown(&self, id: BatchId) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE batches SET state = 'unknown' WHERE id = :id AND state = 'prepared'",
            )?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    /// Records that every row of a batch has its answer; `read_back_at` for one that was unknown.
    pub fn batch_was_answered(
        &self,
        id: BatchId,
        read_back_at: Option<i64>,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE batches SET state = 'answered', settled_at = :now, read_back_at = :read_back_at WHERE id = :id",
            )?
            .execute(named_params! { ":id": id, ":read_back_at": read_back_at, ":now": now })?;
        self.count_batch(id)
    }

    /// Records that the rows of a settled batch were read back once more.
    pub fn batch_was_read_back(&self, id: BatchId) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE batches SET read_back_at = NULL WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        self.count_batch(id)
    }

    /// Halves a batch: its rows go over to two new ones, in order.
    ///
    /// # Errors
    /// [`Error::Refused`] for a batch of one row.
    pub fn split_batch(&self, id: BatchId, now: i64) -> Result<[BatchId; 2]> {
        let mut rows = self.batch_rows(id)?;
        if rows.len() < 2 {
            return Err(Error::Refused(format!(
                "batch {id} has one row and cannot be halved"
            )));
        }
        let rest = rows.split_off(rows.len() / 2);
        let halves = [
            self.take_rows(id, rows, now)?,
            self.take_rows(id, rest, now)?,
        ];
        self.remove_rows(id)?;
        self.connection
            .prepare_cached("UPDATE batches SET state = 'split', settled_at = :now WHERE id = :id")?
            .execute(named_params! { ":id": id, ":now": now })?;
        Ok(halves)
    }

    /// Moves rows to a batch of their own.
    fn take_rows(&self, from: BatchId, mut rows: Vec<BatchRow>, now: i64) -> Result<BatchId> {
        self.connection
            .prepare_cached(
                "INSERT INTO batches (run_id, replication_id, org_id, object, operation, identifier_field, assignment,
                   allow_duplicates, state, split_from, prepared_at)
                 SELECT run_id, replication_id, org_id, object, operation, identifier_field, assignment,
                   allow_duplicates, 'prepared', id, :now FROM batches WHERE id = :from",
            )?
            .execute(named_params! { ":from": from, ":now": now })?;
        let id = BatchId(self.connection.last_insert_rowid());
        // Of rows that have their answer the entries are no longer this batch's.
        self.connection
            .prepare_cached(
                "UPDATE queue SET batch_id = :id WHERE batch_id = :from AND id IN rarray(:entries)",
            )?
            .execute(named_params! {
                ":id": id, ":from": from, ":entries": ids_of(rows.iter().map(|row| row.entry.0)),
            })?;
        for (position, row) in (0..).zip(&mut rows) {
            (row.batch, row.position) = (id, position);
        }
        self.put_rows(id, &pack(&rows, &FIELDS_ALONE)?)?;
        self.name_batch(id, rows.iter().map(|row| row.contact))?;
        Ok(id)
    }
}

impl NewRow {
    fn stored(self, batch: BatchId, position: u32) -> BatchRow {
        BatchRow {
            batch,
            position,
            entry: self.entry,
            contact: self.contact,
            hashes: Some(self.hashes),
            guid: self.guid,
            record_id: self.record_id,
            found: self.found,
            stamps: self.stamps,
            seq: self.seq,
            payload: self.payload,
            outcome: None,
            errors: None,
            old_values: self.old_values,
        }
    }
}

#[cfg(test)]
mod tests;
