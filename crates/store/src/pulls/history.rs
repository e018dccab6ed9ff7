//! What each run of a pull brought.

use rusqlite::{Row, named_params};
use serde::{Deserialize, Serialize};

use crate::{PullId, PullRunId, Reader, Result, Writer};

/// How a run of a pull stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PullRunState {
    /// Under way.
    Running,
    /// Done.
    Finished,
    /// Something kept it from going on.
    Stopped,
    /// The user stopped it.
    Cancelled,
    /// Its process ended.
    Interrupted,
}

impl PullRunState {
    fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "running" => Self::Running,
            "finished" => Self::Finished,
            "cancelled" => Self::Cancelled,
            "interrupted" => Self::Interrupted,
            _ => Self::Stopped,
        }
    }
}

/// A run of a pull.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullRun {
    /// Id.
    pub id: PullRunId,
    /// How it stands.
    pub state: PullRunState,
    /// Why it stopped.
    pub reason: Option<String>,
    /// API calls.
    pub calls: u64,
    /// When it began, UTC milliseconds.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// What it did, object by object.
    pub objects: Vec<PullRunObject>,
}

/// What a run of a pull did with an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullRunObject {
    /// API name.
    pub object: String,
    /// Records read, some of them perhaps twice.
    pub read: u64,
    /// Records that the mirror lacked.
    pub new: u64,
    /// Records that are another than before.
    pub changed: u64,
    /// Records that were found in the recycle bin.
    pub deleted: u64,
    /// Records that the org returned no more.
    pub gone: u64,
    /// API calls.
    pub calls: u64,
    /// Live records by the org's own count; none where it wasn't counted.
    pub in_org: Option<u64>,
    /// Live records in the mirror afterwards.
    pub in_mirror: Option<u64>,
    /// What the user should know.
    pub notes: Vec<String>,
}

fn object_of(row: &Row<'_>) -> rusqlite::Result<PullRunObject> {
    let notes: String = row.get("notes")?;
    Ok(PullRunObject {
        object: row.get("object")?,
        read: row.get("read")?,
        new: row.get("new")?,
        changed: row.get("changed")?,
        deleted: row.get("deleted")?,
        gone: row.get("gone")?,
        calls: row.get("calls")?,
        in_org: row.get("in_org")?,
        in_mirror: row.get("in_mirror")?,
        notes: serde_json::from_str(&notes).unwrap_or_default(),
    })
}

impl Reader<'_> {
    /// Returns the latest runs of a pull, the last one first.
    pub fn pull_runs(&self, pull: PullId, limit: usize) -> Result<Vec<PullRun>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, state, reason, calls, started_at, ended_at FROM pull_runs WHERE pull_id = :pull
             ORDER BY id DESC LIMIT :limit",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let runs = statement
            .query_map(named_params! { ":pull": pull, ":limit": limit }, |row| {
                Ok(PullRun {
                    id: row.get("id")?,
                    state: PullRunState::from_name(&row.get::<_, String>("state")?),
                    reason: row.get("reason")?,
                    calls: row.get("calls")?,
                    started_at: row.get("started_at")?,
                    ended_at: row.get("ended_at")?,
                    objects: Vec::new(),
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        runs.into_iter()
            .map(|run| self.with_run_objects(run))
            .collect()
    }

    fn with_run_objects(&self, mut run: PullRun) -> Result<PullRun> {
        let mut statement = self.connection.prepare_cached(
            "SELECT object, read, new, changed, deleted, gone, calls, in_org, in_mirror, notes FROM pull_run_objects
             WHERE run_id = :run ORDER BY object",
        )?;
        let objects = statement.query_map(named_params! { ":run": run.id }, object_of)?;
        run.objects = objects.collect::<rusqlite::Result<_>>()?;
        Ok(run)
    }
}

impl Writer<'_> {
    /// Begins a run; one of an ended process counts as interrupted. The caller holds the org's lock.
    pub fn begin_pull_run(&self, pull: PullId, now: i64) -> Result<PullRunId> {
        self.connection.execute(
            "UPDATE pull_runs SET state = 'interrupted', ended_at = :now WHERE pull_id = :pull AND state = 'running'",
            named_params! { ":now": now, ":pull": pull },
        )?;
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO pull_runs (pull_id, state, started_at) VALUES (:pull, 'running', :now)",
            )?
            .insert(named_params! { ":pull": pull, ":now": now })?;
        Ok(PullRunId(id))
    }

    /// Keeps what a run has done with an object so far.
    pub fn note_pull_run(&self, run: PullRunId, done: &PullRunObject) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO pull_run_objects (run_id, object, read, new, changed, deleted, gone, calls, in_org, in_mirror, notes)
                 VALUES (:run, :object, :read, :new, :changed, :deleted, :gone, :calls, :in_org, :in_mirror, :notes)
                 ON CONFLICT (run_id, object) DO UPDATE SET read = excluded.read, new = excluded.new,
                   changed = excluded.changed, deleted = excluded.deleted, gone = excluded.gone, calls = excluded.calls,
                   in_org = excluded.in_org, in_mirror = excluded.in_mirror, notes = excluded.notes",
            )?
            .execute(named_params! {
                ":run": run, ":object": done.object, ":read": done.read, ":new": done.new, ":changed": done.changed,
                ":deleted": done.deleted, ":gone": done.gone, ":calls": done.calls, ":in_org": done.in_org,
                ":in_mirror": done.in_mirror, ":notes": serde_json::json!(done.notes).to_string(),
            })?;
        Ok(())
    }

    /// Ends a run.
    pub fn end_pull_run(
        &self,
        run: PullRunId,
        state: PullRunState,
        reason: Option<&str>,
        calls: u64,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE pull_runs SET state = :state, reason = :reason, calls = :calls, ended_at = :now WHERE id = :run",
            )?
            .execute(named_params! {
                ":state": state.name(), ":reason": reason, ":calls": calls, ":now": now, ":run": run,
            })?;
        Ok(())
    }
}
