//! Runs: executions of a replication, and what each did with each contact.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::batches::{BatchRow, ROW_COLUMNS, batch_row};
use crate::links::stored_names;
use crate::{
    BatchId, ConnectionId, ContactId, Error, Outcome, Reader, ReplicationId, Result, RunId,
    Versions, Writer,
};

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Under way.
    Running,
    /// Went through all that was due.
    Finished,
    /// Stopped by something that would hit every contact; the queue waits.
    Stopped,
    /// Stopped by the user; the queue waits.
    Cancelled,
    /// Its process ended under way; a later run went on.
    Interrupted,
}

stored_names!(RunState {
    Running = "running",
    Finished = "finished",
    Stopped = "stopped",
    Cancelled = "cancelled",
    Interrupted = "interrupted",
});

/// A run to be begun.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The replication.
    pub replication: ReplicationId,
    /// The connection used.
    pub connection: ConnectionId,
    /// The org.
    pub org_id: String,
    /// The versions that it works with.
    pub versions: Versions,
}

/// The numbers of a run that are not read off its batches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunTally {
    /// Selected contacts for which nothing differed.
    pub unchanged: u64,
    /// Contacts that were waiting and are no longer selected.
    pub withdrawn: u64,
    /// HTTP requests made.
    pub calls: u64,
    /// Calls left of the 24-hour allowance, when last seen.
    pub calls_left: Option<u64>,
    /// Bytes sent, as they went over the wire.
    pub bytes_sent: u64,
}

/// A stored run with its counts.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Run {
    /// Id.
    pub id: RunId,
    /// The replication.
    pub replication: ReplicationId,
    /// The connection used.
    pub connection: ConnectionId,
    /// The org.
    pub org_id: String,
    /// State.
    pub state: RunState,
    /// The versions that it worked with.
    pub versions: Versions,
    /// The counts of the plan that it carried out.
    pub planned: serde_json::Value,
    /// Rows sent, those tried again included.
    pub sent: u64,
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
    /// Selected contacts for which nothing differed.
    pub unchanged: u64,
    /// Rows refused for good, by the org's code.
    pub failed: BTreeMap<String, u64>,
    /// Contacts newly blocked before anything was sent for them, by code.
    pub blocked: BTreeMap<String, u64>,
    /// Contacts that were waiting and are no longer selected.
    pub withdrawn: u64,
    /// HTTP requests made.
    pub calls: u64,
    /// Calls left of the 24-hour allowance, when last seen.
    pub calls_left: Option<u64>,
    /// Bytes sent.
    pub bytes_sent: u64,
    /// Why it stopped.
    pub reason: Option<String>,
    /// When it began, UTC milliseconds.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// Something that happened to a contact in a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// A row was sent.
    Sent(BatchRow),
    /// The contact was blocked before anything was sent.
    Blocked {
        /// Code.
        code: String,
        /// Why, for people.
        message: String,
    },
}

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get("id")?,
        replication: row.get("replication_id")?,
        connection: row.get("connection_id")?,
        org_id: row.get("org_id")?,
        state: row.get("state")?,
        versions: Versions {
            settings: row.get("settings_version")?,
            mapping: row.get("mapping_version")?,
            describe: row.get("describe_version")?,
        },
        planned: serde_json::from_str(&row.get::<_, String>("planned")?).unwrap_or_default(),
        sent: 0,
        created: 0,
        updated: 0,
        unchanged: row.get("unchanged")?,
        failed: BTreeMap::new(),
        blocked: BTreeMap::new(),
        withdrawn: row.get("withdrawn")?,
        calls: row.get("calls")?,
        calls_left: row.get("calls_left")?,
        bytes_sent: row.get("bytes_sent")?,
        reason: row.get("reason")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
    })
}

impl Reader<'_> {
    /// Returns a run with its counts.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn run(&self, id: RunId) -> Result<Run> {
        let mut found = self
            .connection
            .prepare_cached("SELECT * FROM runs WHERE id = :id")?
            .query_row(named_params! { ":id": id }, run)
            .optional()?
            .ok_or_else(|| Error::not_found("run", id))?;
        self.count_run(&mut found)?;
        Ok(found)
    }

    /// Returns the latest runs, the latest first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn runs(&self, replication: Option<ReplicationId>, limit: usize) -> Result<Vec<Run>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT * FROM runs WHERE :replication IS NULL OR replication_id = :replication
             ORDER BY id DESC LIMIT :limit",
        )?;
        let rows = statement.query_map(
            named_params! { ":replication": replication, ":limit": limit },
            run,
        )?;
        let mut runs = rows.collect::<Result<Vec<_>, _>>()?;
        for found in &mut runs {
            self.count_run(found)?;
        }
        Ok(runs)
    }

    /// Counts come from the rows themselves: whatever kills a run, they are true.
    fn count_run(&self, run: &mut Run) -> Result<()> {
        let mut outcomes = self.connection.prepare_cached(
            "SELECT b.outcome, b.errors ->> '$[0].code', count(*) FROM batches t JOIN batch_rows b ON b.batch_id = t.id
             WHERE t.run_id = :run GROUP BY 1, 2",
        )?;
        let rows = outcomes.query_map(named_params! { ":run": run.id }, |row| {
            Ok((
                row.get::<_, Option<Outcome>>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, u64>(2)?,
            ))
        })?;
        for row in rows {
            let (outcome, code, count) = row?;
            run.sent += count;
            match outcome {
                Some(Outcome::Created) => run.created += count,
                Some(Outcome::Updated) => run.updated += count,
                Some(Outcome::Refused | Outcome::Lost) => {
                    *run.failed
                        .entry(code.unwrap_or_else(|| "unknown".into()))
                        .or_default() += count;
                }
                Some(Outcome::Retry) | None => {}
            }
        }
        let mut blocks = self.connection.prepare_cached(
            "SELECT code, count(*) FROM run_blocks WHERE run_id = :run GROUP BY code",
        )?;
        let rows = blocks.query_map(named_params! { ":run": run.id }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        run.blocked = rows.collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Returns the rows that a run sent, in the order of batch and position, after that place.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn run_rows(
        &self,
        run: RunId,
        after: (BatchId, i64),
        limit: usize,
    ) -> Result<Vec<BatchRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ROW_COLUMNS} FROM batches t JOIN batch_rows b ON b.batch_id = t.id
             WHERE t.run_id = :run AND (t.id, b.position) > (:batch, :position)
             ORDER BY t.id, b.position LIMIT :limit"
        ))?;
        let rows = statement.query_map(
            named_params! { ":run": run, ":batch": after.0, ":position": after.1, ":limit": limit },
            batch_row,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the contacts that a run newly blocked, with code and reason.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn run_blocks(
        &self,
        run: RunId,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<(ContactId, String, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, code, message FROM run_blocks WHERE run_id = :run AND contact_id > :after
             ORDER BY contact_id LIMIT :limit",
        )?;
        let rows = statement.query_map(
            named_params! { ":run": run, ":after": after, ":limit": limit },
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns what runs did with a contact, the oldest first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn history(&self, contact: ContactId) -> Result<Vec<(RunId, Deed)>> {
        let mut sent = self.connection.prepare_cached(&format!(
            "SELECT {ROW_COLUMNS}, t.run_id FROM batch_rows b JOIN batches t ON t.id = b.batch_id
             WHERE b.contact_id = :contact ORDER BY b.batch_id"
        ))?;
        let mut deeds = sent
            .query_map(named_params! { ":contact": contact }, |row| {
                Ok((row.get(14)?, Deed::Sent(batch_row(row)?)))
            })?
            .collect::<Result<Vec<(RunId, Deed)>, _>>()?;
        let mut blocked = self
            .connection
            .prepare_cached("SELECT run_id, code, message FROM run_blocks WHERE contact_id = :contact ORDER BY run_id")?;
        for row in blocked.query_map(named_params! { ":contact": contact }, |row| {
            Ok((
                row.get(0)?,
                Deed::Blocked {
                    code: row.get(1)?,
                    message: row.get(2)?,
                },
            ))
        })? {
            deeds.push(row?);
        }
        deeds.sort_by_key(|(run, _)| *run);
        Ok(deeds)
    }
}

impl Writer<'_> {
    /// Begins a run. Runs of the same org that still say `running` were left by an ended process: the caller holds
    /// the org's sender lock. They become `interrupted`.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn begin_run(&self, new: &NewRun, now: i64) -> Result<RunId> {
        self.connection
            .prepare_cached(
                "UPDATE runs SET state = 'interrupted', ended_at = :now WHERE org_id = :org AND state = 'running'",
            )?
            .execute(named_params! { ":org": new.org_id, ":now": now })?;
        self.connection
            .prepare_cached(
                "INSERT INTO runs (replication_id, connection_id, org_id, state, settings_version, mapping_version,
                   describe_version, started_at)
                 VALUES (:replication, :connection, :org, 'running', :settings, :mapping, :describe, :now)",
            )?
            .execute(named_params! {
                ":replication": new.replication, ":connection": new.connection, ":org": new.org_id,
                ":settings": new.versions.settings, ":mapping": new.versions.mapping,
                ":describe": new.versions.describe, ":now": now,
            })?;
        Ok(RunId(self.connection.last_insert_rowid()))
    }

    /// Records the counts of the plan that a run carries out.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn set_planned(&self, run: RunId, planned: &serde_json::Value) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE runs SET planned = :planned WHERE id = :run")?
            .execute(named_params! { ":planned": planned.to_string(), ":run": run })?;
        Ok(())
    }

    /// Records the numbers so far.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn set_run_tally(&self, run: RunId, tally: &RunTally) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE runs SET unchanged = :unchanged, withdrawn = :withdrawn, calls = :calls,
                   calls_left = coalesce(:calls_left, calls_left), bytes_sent = :bytes_sent WHERE id = :run",
            )?
            .execute(named_params! {
                ":unchanged": tally.unchanged, ":withdrawn": tally.withdrawn, ":calls": tally.calls,
                ":calls_left": tally.calls_left, ":bytes_sent": tally.bytes_sent, ":run": run,
            })?;
        Ok(())
    }

    /// Ends a run.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn end_run(
        &self,
        run: RunId,
        state: RunState,
        reason: Option<&str>,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE runs SET state = :state, reason = :reason, ended_at = :now WHERE id = :run",
            )?
            .execute(
                named_params! { ":state": state, ":reason": reason, ":now": now, ":run": run },
            )?;
        Ok(())
    }

    /// Records that a run newly blocked a contact without sending anything for it.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn add_run_block(
        &self,
        run: RunId,
        contact: ContactId,
        code: &str,
        message: &str,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO run_blocks (run_id, contact_id, code, message)
                 VALUES (:run, :contact, :code, :message)",
            )?
            .execute(named_params! { ":run": run, ":contact": contact, ":code": code, ":message": message })?;
        Ok(())
    }
}
