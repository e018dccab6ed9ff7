//! Holding back a scheduled run that would write far more records than usual, until someone runs it.

use leadferry_replication::Settings;
use leadferry_replication::brake::{Brake, RUNS};
use leadferry_store::{Replication, counted, grouped};

use super::plan;
use crate::{Code, Error, Result, Workspace};

/// Runs that are looked at for what is usual; those that wrote nothing say nothing.
const LOOKED_AT: usize = 200;

/// Why a scheduled run is held back, and since when nothing has run.
pub(super) struct HeldBack {
    /// For the alert and whoever watches.
    pub(super) error: Error,
    /// When the last run began, UTC milliseconds.
    pub(super) since: i64,
}

/// Decides whether a scheduled run is held back. One that goes on after a stop isn't: it was let go before.
///
/// # Errors
/// As [`plan`].
pub(super) fn held_back(
    workspace: &Workspace,
    replication: &Replication,
) -> Result<Option<HeldBack>> {
    let settings = Settings::from_json(&replication.settings)?;
    let brake = Brake {
        times: settings.brake_times,
        contacts: settings.brake_contacts,
    };
    let runs = workspace
        .store()
        .read(|reader| reader.runs(Some(replication.id), None, LOOKED_AT))?;
    let Some(last) = runs.first().filter(|run| run.stop_kind.is_none()) else {
        return Ok(None);
    };
    let written = runs.iter().map(|run| run.created + run.updated);
    let written: Vec<u64> = written.filter(|records| *records > 0).take(RUNS).collect();
    if brake.holds(&written, u64::MAX).is_none() {
        return Ok(None);
    }
    let counts = plan(workspace, &replication.name)?.counts;
    let would = counts.create + counts.update + counts.match_pending;
    Ok(brake.holds(&written, would).map(|usual| HeldBack {
        error: Error::new(
            Code::SetUp,
            format!(
                "the scheduled run is on hold: it would send {}, and usually it's about {}",
                counted(would, "contact", "contacts"),
                grouped(usual)
            ),
            "check the plan, then run the replication yourself. Scheduled runs go on after that",
        ),
        since: last.started_at,
    }))
}
