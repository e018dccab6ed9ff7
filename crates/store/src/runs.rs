//! Runs: executions of a replication, and what each did with each contact.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, ToSql, named_params};
use serde::{Deserialize, Serialize};

use crate::batches::{BatchRow, Tallies, first_code};
use crate::links::stored_names;
use crate::{
    BatchId, ConnectionId, ContactId, Error, Outcome, Reader, ReplicationId, Result, RunId,
    UndoState, Versions, Writer,
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

/// Why a run stopped before everything due was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStop {
    /// What kind of thing it was, in one word.
    pub kind: String,
    /// What happened, for people.
    pub message: String,
    /// What to do about it.
    pub cure: String,
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
    /// What kind of thing stopped it, such as `sign_in`.
    pub stop_kind: Option<String>,
    /// What to do about that.
    pub cure: Option<String>,
    /// The run that it undoes; `None` for one that sends.
    pub undoes: Option<RunId>,
    /// Records that it has deleted.
    pub deleted: u64,
    /// Records whose values it has restored.
    pub restored: u64,
    /// When it began, UTC milliseconds.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// How many rows of a run came to the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTallied {
    /// What became of them; `None` while there is no answer.
    pub outcome: Option<Outcome>,
    /// The code of the first error.
    pub code: Option<String>,
    /// How many.
    pub rows: u64,
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
            periods: row.get("periods")?,
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
        stop_kind: row.get("stop_kind")?,
        cure: row.get("cure")?,
        undoes: row.get("undoes")?,
        deleted: 0,
        restored: 0,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// SQL that says which batches `t` are meant, and what it binds.
type Condition<'a> = (&'a str, &'a [(&'a str, &'a dyn ToSql)]);

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

    /// Returns the latest runs, the latest first; those before `before` where it is given.
    pub fn runs(
        &self,
        replication: Option<ReplicationId>,
        before: Option<RunId>,
        limit: usize,
    ) -> Result<Vec<Run>> {
        let condition = match replication {
            Some(_) => "replication_id = :replication",
            None => ":replication IS NULL",
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT * FROM runs WHERE {condition} AND id < :before ORDER BY id DESC LIMIT :limit"
        ))?;
        let before = before.unwrap_or(RunId(i64::MAX));
        let rows = statement.query_map(
            named_params! { ":replication": replication, ":before": before, ":limit": limit },
            run,
        )?;
        let mut runs = rows.collect::<Result<Vec<_>, _>>()?;
        for found in &mut runs {
            self.count_run(found)?;
        }
        Ok(runs)
    }

    /// Returns the latest run of a replication that sends, without its counts: one that undoes another is none.
    pub fn last_run(&self, replication: ReplicationId) -> Result<Option<Run>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT * FROM runs WHERE replication_id = :replication AND undoes IS NULL ORDER BY id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":replication": replication }, run)
            .optional()?)
    }

    /// Returns how many runs of a replication there were.
    pub fn run_count(&self, replication: ReplicationId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM runs WHERE replication_id = :replication")?
            .query_row(named_params! { ":replication": replication }, |row| {
                row.get(0)
            })?)
    }

    /// Tells whether a replication was ever run to this org.
    pub fn has_run_to(&self, replication: ReplicationId, org_id: &str) -> Result<bool> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM runs WHERE replication_id = :replication AND org_id = :org)",
            )?
            .query_row(
                named_params! { ":replication": replication, ":org": org_id },
                |row| row.get(0),
            )?)
    }

    /// Counts come from the rows themselves, added up once per answered batch: whatever kills a run, they are true.
    fn count_run(&self, run: &mut Run) -> Result<()> {
        for tally in self.run_tallies(run.id)? {
            run.sent += tally.rows;
            match tally.outcome {
                Some(Outcome::Created) => run.created += tally.rows,
                Some(Outcome::Updated) => run.updated += tally.rows,
                Some(Outcome::Refused | Outcome::Lost) => {
                    let code = tally.code.unwrap_or_else(|| "unknown".into());
                    *run.failed.entry(code).or_default() += tally.rows;
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
        if run.undoes.is_some() {
            for ((state, _), records) in self.undone_counts(run.id)? {
                match state {
                    UndoState::Deleted => run.deleted += records,
                    UndoState::Restored => run.restored += records,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Returns how many rows of a run came to what, by outcome and code.
    pub fn run_tallies(&self, run: RunId) -> Result<Vec<RunTallied>> {
        let mut tallies = Tallies::new();
        let mut kept = self.connection.prepare_cached(
            "SELECT y.outcome, y.code, sum(y.rows) FROM batches t JOIN batch_tallies y ON y.batch_id = t.id
             WHERE t.run_id = :run AND t.state = 'answered' GROUP BY 1, 2",
        )?;
        let mut rows = kept.query(named_params! { ":run": run })?;
        while let Some(row) = rows.next()? {
            let outcome: String = row.get(0)?;
            let outcome = Some(outcome.as_str()).filter(|outcome| !outcome.is_empty());
            let outcome = outcome.map(Outcome::from_name).transpose()?;
            tallies.insert((outcome, row.get(1)?), row.get(2)?);
        }
        // Few have no answer yet: those in flight.
        let mut open = self.connection.prepare_cached(
            "SELECT id FROM batches WHERE run_id = :run AND state IN ('prepared', 'unknown')",
        )?;
        for id in open.query_map(named_params! { ":run": run }, |row| row.get(0))? {
            for (came_to, rows) in self.tallies_of(id?)? {
                *tallies.entry(came_to).or_default() += rows;
            }
        }
        let tallied = tallies
            .into_iter()
            .map(|((outcome, code), rows)| RunTallied {
                outcome,
                code: Some(code).filter(|code| !code.is_empty()),
                rows,
            });
        Ok(tallied.collect())
    }

    /// Returns the rows that a run sent, in the order of batch and position, after that place.
    pub fn run_rows(
        &self,
        run: RunId,
        after: (BatchId, i64),
        limit: usize,
    ) -> Result<Vec<BatchRow>> {
        self.rows_of_run(run, after, limit, ("", &[]), |_| true)
    }

    /// Returns the rows of a run that were not taken for the reason of this code, in the order of batch and position,
    /// after that place. Batches without such a row are not visited.
    pub fn run_rows_refused(
        &self,
        run: RunId,
        code: &str,
        after: (BatchId, i64),
        limit: usize,
    ) -> Result<Vec<BatchRow>> {
        let refused = "AND (t.state <> 'answered' OR EXISTS (
                 SELECT 1 FROM batch_tallies y WHERE y.batch_id = t.id AND y.code = :code
                   AND y.outcome IN ('refused', 'lost', 'retry')))";
        self.rows_of_run(run, after, limit, (refused, &[(":code", &code)]), |row| {
            let is_refused = matches!(
                row.outcome,
                Some(Outcome::Refused | Outcome::Lost | Outcome::Retry)
            );
            is_refused && first_code(row.errors.as_deref()) == code
        })
    }

    /// Returns the rows of a run that came to this, in the order of batch and position, after that place. Batches without
    /// such a row are not visited.
    pub fn run_rows_with(
        &self,
        run: RunId,
        outcome: Outcome,
        after: (BatchId, i64),
        limit: usize,
    ) -> Result<Vec<BatchRow>> {
        let came_to_this = "AND (t.state <> 'answered' OR EXISTS (
                 SELECT 1 FROM batch_tallies y WHERE y.batch_id = t.id AND y.outcome = :outcome))";
        let batches: Condition<'_> = (came_to_this, &[(":outcome", &outcome)]);
        self.rows_of_run(run, after, limit, batches, |row| {
            row.outcome == Some(outcome)
        })
    }

    /// Returns the rows of a run that meet a condition, in the order of batch and position, after that place, out of the
    /// batches that meet theirs.
    fn rows_of_run(
        &self,
        run: RunId,
        after: (BatchId, i64),
        limit: usize,
        (condition, bound): Condition<'_>,
        is_meant: impl Fn(&BatchRow) -> bool,
    ) -> Result<Vec<BatchRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT t.id FROM batches t WHERE t.run_id = :run AND t.id >= :batch {condition} ORDER BY t.id"
        ))?;
        let mut all = bound.to_vec();
        all.extend_from_slice(named_params! { ":run": run, ":batch": after.0 });
        let mut batches = statement.query(&*all)?;
        let mut found = Vec::new();
        while let Some(batch) = batches.next()? {
            let rows = self.batch_rows(batch.get(0)?)?.into_iter();
            let after = rows.filter(|row| (row.batch, i64::from(row.position)) > after);
            found.extend(after.filter(&is_meant).take(limit - found.len()));
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    /// Returns the contacts that the org holds as the replication wants them, and for whom this run sent nothing, in the
    /// order of their ids, after that one.
    pub fn done_before_run(
        &self,
        replication: ReplicationId,
        run: RunId,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT q.contact_id FROM queue q
             WHERE q.replication_id = :replication AND q.state = 'done' AND q.contact_id > :after
               AND NOT EXISTS (
                 SELECT 1 FROM contact_batches k JOIN batches t ON t.id = k.batch_id
                 WHERE k.block = q.contact_id / 256 AND t.run_id = :run AND t.replication_id = q.replication_id
                   AND row_outcome(t.contacts, NULL, q.contact_id) IS NOT NULL)
             ORDER BY q.contact_id LIMIT :limit",
        )?;
        let rows = statement.query_map(
            named_params! { ":replication": replication, ":run": run, ":after": after, ":limit": limit },
            |row| row.get(0),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the contacts that a run newly blocked, with code and reason; only those of one code where it is given.
    pub fn run_blocks(
        &self,
        run: RunId,
        code: Option<&str>,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<(ContactId, String, String)>> {
        let condition = match code {
            Some(_) => "code = :code",
            None => ":code IS NULL",
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT contact_id, code, message FROM run_blocks
             WHERE run_id = :run AND {condition} AND contact_id > :after ORDER BY contact_id LIMIT :limit"
        ))?;
        let rows = statement.query_map(
            named_params! { ":run": run, ":code": code, ":after": after, ":limit": limit },
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns what runs did with a contact, the oldest first.
    pub fn history(&self, contact: ContactId) -> Result<Vec<(RunId, Deed)>> {
        let mut run_of = self
            .connection
            .prepare_cached("SELECT run_id FROM batches WHERE id = :batch")?;
        let mut deeds = Vec::new();
        for row in self.rows_for(contact)? {
            let run = run_of.query_row(named_params! { ":batch": row.batch }, |row| row.get(0))?;
            deeds.push((run, Deed::Sent(row)));
        }
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
    pub fn begin_run(&self, new: &NewRun, now: i64) -> Result<RunId> {
        self.connection
            .prepare_cached(
                "UPDATE runs SET state = 'interrupted', ended_at = :now WHERE org_id = :org AND state = 'running'",
            )?
            .execute(named_params! { ":org": new.org_id, ":now": now })?;
        self.connection
            .prepare_cached(
                "INSERT INTO runs (replication_id, connection_id, org_id, state, settings_version, mapping_version,
                   describe_version, periods, started_at)
                 VALUES (:replication, :connection, :org, 'running', :settings, :mapping, :describe, :periods, :now)",
            )?
            .execute(named_params! {
                ":replication": new.replication, ":connection": new.connection, ":org": new.org_id,
                ":settings": new.versions.settings, ":mapping": new.versions.mapping,
                ":describe": new.versions.describe, ":periods": new.versions.periods, ":now": now,
            })?;
        Ok(RunId(self.connection.last_insert_rowid()))
    }

    /// Records the counts of the plan that a run carries out.
    pub fn set_planned(&self, run: RunId, planned: &serde_json::Value) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE runs SET planned = :planned WHERE id = :run")?
            .execute(named_params! { ":planned": planned.to_string(), ":run": run })?;
        Ok(())
    }

    /// Records the numbers so far.
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
    pub fn end_run(
        &self,
        run: RunId,
        state: RunState,
        stop: Option<&RunStop>,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE runs SET state = :state, reason = :reason, stop_kind = :kind, cure = :cure, ended_at = :now
                 WHERE id = :run",
            )?
            .execute(named_params! {
                ":state": state, ":reason": stop.map(|stop| &stop.message), ":kind": stop.map(|stop| &stop.kind),
                ":cure": stop.map(|stop| &stop.cure), ":now": now, ":run": run,
            })?;
        Ok(())
    }

    /// Records that a run newly blocked a contact without sending anything for it.
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
