//! Figures over many rows, for pictures: counted by SQL through indexes, never row by row.

use rusqlite::{OptionalExtension, Row, named_params};

use crate::{
    Allowance, ConnectionId, ContactId, EntryState, Reader, ReplicationId, Result, RunId, RunState,
    Writer,
};

/// Readings older than this are thrown away.
const READINGS_MS: i64 = 8 * 24 * 60 * 60 * 1000;

/// What became of the rows that were answered within a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
    /// Rows refused for good.
    pub refused: u64,
}

/// Contacts of a replication that are in the same state for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCause {
    /// The replication.
    pub replication: ReplicationId,
    /// `blocked`, `given_up`, or `pending` where it is tried again.
    pub state: EntryState,
    /// The org's code, or ours in lower case.
    pub code: String,
    /// How many contacts.
    pub contacts: u64,
    /// What was said of the first of them.
    pub message: String,
}

/// The latest run of a replication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestRun {
    /// The run.
    pub run: RunId,
    /// The replication.
    pub replication: ReplicationId,
    /// How it ended, if it did.
    pub state: RunState,
    /// Why it stopped.
    pub reason: Option<String>,
    /// When it ended, UTC milliseconds.
    pub ended_at: Option<i64>,
}

/// Calls that were made, and what the org said about everybody's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApiReading {
    /// When, UTC milliseconds.
    pub at: i64,
    /// Calls of ours since the reading before.
    pub calls: u64,
    /// Everybody's calls within 24 hours; `None` where the org did not say.
    pub used: Option<u64>,
    /// Calls allowed within 24 hours.
    pub max: Option<u64>,
}

impl ApiReading {
    /// Returns the allowance that the org told.
    pub fn allowance(&self) -> Option<Allowance> {
        Some(Allowance {
            used: self.used?,
            max: self.max?,
            seen_at: self.at,
        })
    }
}

fn latest_run(row: &Row<'_>) -> rusqlite::Result<LatestRun> {
    Ok(LatestRun {
        run: row.get(0)?,
        replication: row.get(1)?,
        state: row.get(2)?,
        reason: row.get(3)?,
        ended_at: row.get(4)?,
    })
}

impl Reader<'_> {
    /// Returns what became of the rows answered from `from` until before `until`, UTC milliseconds.
    pub fn outcomes_between(&self, from: i64, until: i64) -> Result<Outcomes> {
        let mut statement = self.connection.prepare_cached(
            "SELECT coalesce(sum(created), 0), coalesce(sum(updated), 0), coalesce(sum(refused), 0) FROM batches
             WHERE settled_at >= :from AND settled_at < :until",
        )?;
        let found =
            statement.query_row(named_params! { ":from": from, ":until": until }, |row| {
                Ok(Outcomes {
                    created: row.get(0)?,
                    updated: row.get(1)?,
                    refused: row.get(2)?,
                })
            })?;
        Ok(found)
    }

    /// Returns how many contacts the runs of a replication that began from `from` until before `until` blocked without
    /// sending anything.
    pub fn blocked_between(
        &self,
        replication: ReplicationId,
        from: i64,
        until: i64,
    ) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM runs r JOIN run_blocks b ON b.run_id = r.id
                 WHERE r.replication_id = :replication AND r.started_at >= :from AND r.started_at < :until",
            )?
            .query_row(
                named_params! { ":replication": replication, ":from": from, ":until": until },
                |row| row.get(0),
            )?)
    }

    /// Returns why contacts of a replication do not get through, the most frequent cause first.
    pub fn open_causes(&self, replication: ReplicationId) -> Result<Vec<OpenCause>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.state, c.code, c.contacts, q.message
             FROM (SELECT state, code, count(*) AS contacts, min(id) AS first FROM queue
                   WHERE replication_id = :replication AND state IN ('blocked', 'given_up', 'pending')
                     AND code IS NOT NULL
                   GROUP BY state, code) c
             JOIN queue q ON q.id = c.first
             ORDER BY c.contacts DESC, c.code",
        )?;
        let rows = statement.query_map(named_params! { ":replication": replication }, |row| {
            Ok(OpenCause {
                replication,
                state: row.get(0)?,
                code: row.get(1)?,
                contacts: row.get(2)?,
                message: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many contacts of a replication wait to go.
    pub fn waiting_contacts(&self, replication: ReplicationId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM queue WHERE replication_id = :replication AND state = 'pending' AND state <> 'sending'")?
            .query_row(named_params! { ":replication": replication }, |row| row.get(0))?)
    }

    /// Returns the latest run of a replication.
    pub fn latest_run(&self, replication: ReplicationId) -> Result<Option<LatestRun>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT id, replication_id, state, reason, ended_at FROM runs WHERE replication_id = :replication
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":replication": replication }, latest_run)
            .optional()?)
    }

    /// Returns the readings of a connection since `from`, the earliest first.
    pub fn api_readings(&self, connection: ConnectionId, from: i64) -> Result<Vec<ApiReading>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, calls, used, max FROM api_readings WHERE connection_id = :connection AND at >= :from
             ORDER BY at, id",
        )?;
        let rows = statement.query_map(
            named_params! { ":connection": connection, ":from": from },
            |row| {
                Ok(ApiReading {
                    at: row.get(0)?,
                    calls: row.get(1)?,
                    used: row.get(2)?,
                    max: row.get(3)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns whether any contact is there, deleted ones aside.
    pub fn has_contacts(&self) -> Result<bool> {
        let first: Option<ContactId> = self
            .connection
            .prepare_cached(
                "SELECT id FROM contacts WHERE deleted_at IS NULL AND merged_into IS NULL LIMIT 1",
            )?
            .query_row([], |row| row.get(0))
            .optional()?;
        Ok(first.is_some())
    }
}

impl Writer<'_> {
    /// Keeps a reading; one that says nothing new, after no call of ours, is left out.
    pub fn keep_reading(&self, connection: ConnectionId, reading: &ApiReading) -> Result<()> {
        if let Some(allowance) = reading.allowance() {
            self.set_allowance(connection, allowance)?;
        }
        if reading.calls == 0 {
            return Ok(());
        }
        self.connection
            .prepare_cached(
                "INSERT INTO api_readings (connection_id, at, calls, used, max)
                 VALUES (:connection, :at, :calls, :used, :max)",
            )?
            .execute(named_params! {
                ":connection": connection, ":at": reading.at, ":calls": reading.calls, ":used": reading.used,
                ":max": reading.max,
            })?;
        self.connection
            .prepare_cached(
                "DELETE FROM api_readings WHERE connection_id = :connection AND at < :limit",
            )?
            .execute(
                named_params! { ":connection": connection, ":limit": reading.at - READINGS_MS },
            )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
