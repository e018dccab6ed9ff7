//! When a replication would run next by a schedule, before it is saved.

use jiff::tz::TimeZone;
use leadferry_replication::settings::Schedule;
use serde::Serialize;

use super::last_known;
use crate::{Result, Workspace};

/// When a schedule comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct NextRun {
    /// UTC milliseconds; none where it doesn't go by the clock.
    pub at: Option<i64>,
    /// The time zone that times of the day are in.
    pub time_zone: String,
}

/// Returns when a replication would run next by this schedule.
///
/// # Errors
/// When there is no such replication, or the text isn't a schedule.
pub fn next_run(workspace: &Workspace, name: &str, schedule: &str) -> Result<NextRun> {
    let now = workspace.host().now();
    let schedule: Schedule = schedule.parse()?;
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let time_zone = reader.time_zone()?;
        let zone = TimeZone::get(&time_zone).unwrap_or(TimeZone::UTC);
        let current = leadferry_replication::Settings::from_json(&replication.settings)?.schedule;
        // Another schedule begins when it is saved, which is now.
        let since = if current == schedule {
            let set = reader.settings_since(replication.id, replication.settings_version)?;
            let run = reader.last_run(replication.id)?.map(|run| run.started_at);
            last_known(run, set, now)
        } else {
            now
        };
        Ok(NextRun {
            at: schedule.next_after(since, now, &zone),
            time_zone,
        })
    })
}
