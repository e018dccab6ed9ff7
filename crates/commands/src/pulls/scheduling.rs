//! When a pull runs by itself.

use jiff::tz::TimeZone;
use leadferry_replication::pulling::PullSettings;
use leadferry_replication::settings::Schedule;
use leadferry_store::{AlertKind, Pull, Reader};
use serde::{Deserialize, Serialize};

use crate::replications::last_known;
use crate::{Error, Result, Workspace};

/// Changes to what can be set of a pull; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct PullChange {
    /// A disabled pull runs by hand only.
    pub enabled: Option<bool>,
    /// `manual`, `every 15 minutes` or `at 08:00, 13:30`.
    pub schedule: Option<String>,
    /// API calls of the 24-hour allowance that are left to others.
    pub api_reserve: Option<u64>,
    /// What someone wants to be told of.
    pub alerts: Option<Vec<AlertKind>>,
    /// Minutes after which what is due and has not begun is late.
    pub late_after: Option<u32>,
}

impl PullChange {
    pub(super) fn apply(&self, pull: &mut Pull, now: i64) -> Result<()> {
        let mut settings = PullSettings::from_json(&pull.settings)?;
        let (was, was_enabled) = (settings.schedule.clone(), pull.enabled);
        if let Some(schedule) = &self.schedule {
            settings.schedule = schedule_of(schedule)?;
        }
        settings.api_reserve = self.api_reserve.unwrap_or(settings.api_reserve);
        settings.late_after = self.late_after.unwrap_or(settings.late_after);
        if let Some(alerts) = &self.alerts {
            settings.alerts.clone_from(alerts);
            settings.alerts.sort_unstable();
            settings.alerts.dedup();
        }
        settings.check().map_err(of_pull)?;
        pull.enabled = self.enabled.unwrap_or(pull.enabled);
        if settings.schedule != was || (pull.enabled && !was_enabled) {
            pull.set_at = now;
        }
        pull.settings = settings.json();
        Ok(())
    }
}

/// Reads a schedule as pulls can have it.
fn schedule_of(text: &str) -> Result<Schedule> {
    match text.parse() {
        Ok(Schedule::OnChange) | Err(_) => {
            let shown: String = text.chars().take(60).collect();
            let error = Error::usage(
                format!("pulls can't run \"{shown}\""),
                "use manual, every 15 minutes (a week at most) or at 08:00, 13:30",
            );
            Err(error.with_command("pulls set NAME --help"))
        }
        Ok(schedule) => Ok(schedule),
    }
}

/// Says of a setting of a pull where it is changed.
fn of_pull(error: leadferry_replication::Error) -> Error {
    Error::from(error).with_command("pulls set NAME --help")
}

/// When a pull comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct NextPull {
    /// UTC milliseconds; none where it runs by hand only.
    pub at: Option<i64>,
    /// The time zone that times of the day are in.
    pub time_zone: String,
}

/// Returns when a pull would run next by a schedule, before it is saved.
///
/// # Errors
/// When there is no such pull, or the text isn't a schedule.
pub fn next_run(workspace: &Workspace, name: &str, schedule: &str) -> Result<NextPull> {
    let now = workspace.host().now();
    let schedule = schedule_of(schedule)?;
    workspace.store().read(|reader| {
        let pull = reader.pull_named(name)?;
        Ok(NextPull {
            at: next(reader, &pull, &schedule, now)?,
            time_zone: reader.time_zone()?,
        })
    })
}

/// Returns when a pull runs next by a schedule; one that isn't its own begins when it is saved, which is now.
pub(super) fn next(
    reader: &Reader<'_>,
    pull: &Pull,
    schedule: &Schedule,
    now: i64,
) -> Result<Option<i64>> {
    let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
    let current = PullSettings::from_json(&pull.settings)?.schedule;
    let since = match current == *schedule {
        true => last_known(last_begun(reader, pull)?, pull.set_at, now),
        false => now,
    };
    Ok(schedule.next_after(since, now, &zone))
}

/// Returns since when a pull is due; none where it isn't.
pub(crate) fn due_since(
    reader: &Reader<'_>,
    pull: &Pull,
    settings: &PullSettings,
    now: i64,
) -> Result<Option<i64>, Error> {
    let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
    let last = last_known(last_begun(reader, pull)?, pull.set_at, now);
    Ok(settings.schedule.due_since(last, now, &zone))
}

fn last_begun(reader: &Reader<'_>, pull: &Pull) -> Result<Option<i64>> {
    let runs = reader.pull_runs(pull.id, 1)?;
    Ok(runs.first().map(|run| run.started_at))
}
