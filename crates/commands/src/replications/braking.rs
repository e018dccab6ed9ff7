//! Holding back a scheduled run that would write far more records than usual, or after too much was refused, until someone
//! lets it go on.

use leadferry_replication::brake::{Brake, RUNS};
use leadferry_replication::run::BRAKED;
use leadferry_replication::{Settings, StopKind};
use leadferry_store::{Reader, Replication, Run, counted, grouped};
use serde::Serialize;

use super::{ReplicationInfo, plan, show};
use crate::{Code, Error, Result, Workspace, quoted};

/// Runs that are looked at for what is usual; those that wrote nothing say nothing.
const LOOKED_AT: usize = 200;

/// Why a scheduled run is held back, and since when nothing has run.
pub(super) struct HeldBack {
    /// For the alert and whoever watches.
    pub(super) error: Error,
    /// When the last run began, UTC milliseconds.
    pub(super) since: i64,
}

/// Decides whether a scheduled run is held back. One that goes on after a stop isn't: it was let go before. What is
/// decided is kept, for the window to show.
///
/// # Errors
/// As [`plan`].
pub(super) fn held_back(
    workspace: &Workspace,
    replication: &Replication,
) -> Result<Option<HeldBack>> {
    let (runs, brake) = workspace.store().read(|reader| {
        let runs = reader.runs(Some(replication.id), None, LOOKED_AT)?;
        Ok::<_, Error>((sending(runs), reader.brake(replication.id)?))
    })?;
    let Some(last) = runs.first() else {
        return Ok(None);
    };
    if brake.released == Some(last.id) {
        return Ok(None);
    }
    let why = match last.stop_kind.as_deref() {
        Some(BRAKED) => last.reason.clone().unwrap_or_default(),
        Some(kind) if kind != StopKind::FIRST => return Ok(None),
        _ => match far_more_than_usual(workspace, replication, &runs)? {
            Some(why) => why,
            None => return Ok(None),
        },
    };
    workspace
        .store()
        .write(|writer| writer.hold_scheduled(replication.id, last.id, &why))?;
    let error = Error::new(
        Code::SetUp,
        why,
        "check the plan, then let scheduled runs go on, or run the replication yourself",
    );
    let name = quoted(&replication.name);
    Ok(Some(HeldBack {
        error: error.with_command(format!("replications release {name}")),
        since: last.started_at,
    }))
}

/// Leaves out what isn't sending: runs that undo others.
fn sending(mut runs: Vec<Run>) -> Vec<Run> {
    runs.retain(|run| run.undoes.is_none());
    runs
}

fn far_more_than_usual(
    workspace: &Workspace,
    replication: &Replication,
    runs: &[Run],
) -> Result<Option<String>> {
    let settings = Settings::from_json(&replication.settings)?;
    let brake = Brake {
        times: settings.brake_times,
        contacts: settings.brake_contacts,
    };
    // The first few of a run say nothing about what is usual.
    let usual = runs
        .iter()
        .filter(|run| run.stop_kind.as_deref() != Some(StopKind::FIRST));
    let written = usual.map(|run| run.created + run.updated);
    let written: Vec<u64> = written.filter(|records| *records > 0).take(RUNS).collect();
    if brake.holds(&written, u64::MAX).is_none() {
        return Ok(None);
    }
    let counts = plan(workspace, &replication.name)?.counts;
    let would = counts.create + counts.update + counts.match_pending;
    Ok(brake.holds(&written, would).map(|usual| {
        format!(
            "the scheduled run is on hold: it would send {}, and usually it's about {}",
            counted(would, "contact", "contacts"),
            grouped(usual)
        )
    }))
}

/// What holds the scheduled runs of a replication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct HeldRuns {
    /// Why, in a sentence without its full stop.
    pub reason: String,
    /// The run since which they wait.
    pub since_run: i64,
}

/// Returns what holds the scheduled runs of a replication, as far as it was noticed.
pub(super) fn held_runs(
    reader: &Reader<'_>,
    replication: &Replication,
) -> Result<Option<HeldRuns>, leadferry_store::Error> {
    let Some(last) = reader.last_run(replication.id)? else {
        return Ok(None);
    };
    let brake = reader.brake(replication.id)?;
    let stopped = last.stop_kind.as_deref() == Some(BRAKED) && brake.released != Some(last.id);
    let held = brake.holds(last.id).map(str::to_owned);
    let reason = held.or_else(|| last.reason.clone().filter(|_| stopped));
    Ok(reason.map(|reason| HeldRuns {
        reason,
        since_run: last.id.0,
    }))
}

/// Lets the scheduled runs of a replication go on that wait for someone.
///
/// # Errors
/// When there is no such replication, or none of its runs waits.
pub fn release(workspace: &Workspace, name: &str) -> Result<ReplicationInfo> {
    workspace.store().write(|writer| {
        let replication = writer.replication_named(name)?;
        if held_runs(writer, &replication)?.is_none() {
            return Err(Error::usage(
                format!("No scheduled run of \"{}\" is on hold.", replication.name),
                "Nothing to do. It runs on its schedule.",
            ));
        }
        if let Some(last) = writer.last_run(replication.id)? {
            writer.release_scheduled(replication.id, last.id)?;
        }
        Ok(())
    })?;
    show(workspace, name)
}
