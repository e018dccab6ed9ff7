//! Which replications wait for someone: what holds their scheduled runs, and who has let them go on.

use rusqlite::{OptionalExtension, named_params};

use crate::{Reader, ReplicationId, Result, RunId, Writer};

/// What holds the scheduled runs of a replication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brake {
    /// Since this run they wait for someone; why.
    pub held: Option<(RunId, String)>,
    /// Someone has let them go on after this run.
    pub released: Option<RunId>,
}

impl Brake {
    /// Tells why scheduled runs wait, where `last` is the run that sent last.
    pub fn holds(&self, last: RunId) -> Option<&str> {
        let (run, why) = self.held.as_ref()?;
        (*run == last && self.released != Some(last)).then_some(why.as_str())
    }
}

impl Reader<'_> {
    /// Returns what holds the scheduled runs of a replication.
    pub fn brake(&self, replication: ReplicationId) -> Result<Brake> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT brake_held_run, brake_reason, brake_released_run FROM replications WHERE id = :id",
            )?
            .query_row(named_params! { ":id": replication }, |row| {
                let run: Option<RunId> = row.get(0)?;
                let why: Option<String> = row.get(1)?;
                Ok(Brake {
                    held: run.map(|run| (run, why.unwrap_or_default())),
                    released: row.get(2)?,
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Holds the scheduled runs of a replication since a run.
    pub fn hold_scheduled(
        &self,
        replication: ReplicationId,
        since: RunId,
        why: &str,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE replications SET brake_held_run = :run, brake_reason = :why WHERE id = :id",
            )?
            .execute(named_params! { ":run": since, ":why": why, ":id": replication })?;
        Ok(())
    }

    /// Lets scheduled runs go on after a run.
    pub fn release_scheduled(&self, replication: ReplicationId, after: RunId) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE replications SET brake_released_run = :run WHERE id = :id")?
            .execute(named_params! { ":run": after, ":id": replication })?;
        Ok(())
    }
}
