//! How many API calls a run may make: what is left of the org's 24 hours, less what is kept for other tools.

use leadferry_salesforce::ApiUsage;
use leadferry_store::{Allowance, ApiReading, Connection, Reader};
use serde::Serialize;

use crate::api::ApiCosts;
use crate::{Result, Settings};

/// The pace is that of the last hour.
const PACE: i64 = 24;

/// The calls that are left, as far as the org has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct CallBudget {
    /// Everybody's calls within 24 hours: as the org told, less those that have lapsed since, more those that we have
    /// made since.
    pub used: u64,
    /// Calls of ours within 24 hours, as far as the org counts them.
    pub ours: u64,
    /// Calls allowed within 24 hours.
    pub max: u64,
    /// Calls that are kept for other tools.
    pub reserve: u64,
    /// Calls that a run may make now.
    pub room: u64,
    /// Until when the room lasts at the pace of the last hour, UTC milliseconds; `None` where that is a day or longer.
    pub lasts_until: Option<i64>,
}

impl CallBudget {
    /// Returns the budget of a connection at a moment; `None` where the org has told nothing yet. `day_ms` is how long
    /// the org counts a call.
    pub fn of(
        reader: &Reader<'_>,
        connection: &Connection,
        reserve: u64,
        now: i64,
        day_ms: i64,
    ) -> Result<Option<Self>> {
        let Some(allowance) = connection.allowance else {
            return Ok(None);
        };
        let readings = reader.api_readings(connection.id, allowance.seen_at - day_ms)?;
        Ok(Some(Self::work_out(
            allowance, &readings, reserve, now, day_ms,
        )))
    }

    fn work_out(
        allowance: Allowance,
        readings: &[ApiReading],
        reserve: u64,
        now: i64,
        day_ms: i64,
    ) -> Self {
        let told = if now - allowance.seen_at >= day_ms {
            0
        } else {
            allowance.used.saturating_sub(made(readings, now - day_ms))
        };
        let ours = |since: i64| -> u64 {
            let within = readings.iter().filter(|reading| reading.at > since);
            within.map(|reading| reading.calls).sum()
        };
        let since_told = ours(allowance.seen_at.max(now - day_ms));
        // The org's count is the one that it stops us by; it leaves out calls that never arrived.
        let used = told + since_told;
        let ours = ours(now - day_ms).min(used);
        let room = allowance.max.saturating_sub(used).saturating_sub(reserve);
        let hour = day_ms / PACE;
        let pace = made(readings, now).saturating_sub(made(readings, now - hour));
        let lasts = i64::try_from(room)
            .unwrap_or(i64::MAX)
            .saturating_mul(hour)
            .checked_div(i64::try_from(pace).unwrap_or(i64::MAX));
        Self {
            used,
            ours,
            max: allowance.max,
            reserve,
            room,
            lasts_until: lasts
                .filter(|lasts| *lasts < day_ms)
                .map(|lasts| now + lasts),
        }
    }

    /// Returns the calls that are left, the reserve included.
    pub fn left(&self) -> u64 {
        self.max.saturating_sub(self.used)
    }

    /// Returns it as the client counts.
    pub fn usage(&self) -> ApiUsage {
        ApiUsage {
            used: self.used,
            max: self.max,
        }
    }
}

/// Returns the calls that are known to have been made until a moment: ours, or what the org's count grew by.
fn made(readings: &[ApiReading], until: i64) -> u64 {
    let mut before: Option<u64> = None;
    let mut sum = 0;
    for reading in readings.iter().take_while(|reading| reading.at <= until) {
        let grown = match (before, reading.used) {
            (Some(before), Some(used)) => used.saturating_sub(before),
            _ => 0,
        };
        sum += reading.calls.max(grown);
        before = reading.used.or(before);
    }
    sum
}

/// Returns the calls that sending to people takes: one look at the fields, one question per 2,000, and the requests that
/// send them.
pub fn calls_for(people: u64, settings: &Settings) -> u64 {
    let others = u64::from(people > 0) + people.div_ceil(2_000);
    ApiCosts::of(settings, people, 0, others).calls()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * HOUR;
    const HOUR: i64 = 3_600_000;
    const NOW: i64 = 500_000 * HOUR;

    fn reading(hours_ago: i64, calls: u64, used: u64) -> ApiReading {
        ApiReading {
            at: NOW - hours_ago * HOUR,
            calls,
            used: Some(used),
            max: Some(1_000),
        }
    }

    fn budget(readings: &[ApiReading], later_hours: i64) -> CallBudget {
        let last = readings.last().unwrap();
        let allowance = Allowance {
            used: last.used.unwrap(),
            max: 1_000,
            seen_at: last.at,
        };
        CallBudget::work_out(allowance, readings, 100, NOW + later_hours * HOUR, DAY)
    }

    #[test]
    fn calls_lapse_a_day_after_they_were_made_and_the_reserve_never_counts() {
        // 50 of ours and then 300 more of everybody's, 20 of them ours, had been made by then.
        let readings = [
            reading(10, 50, 550),
            reading(4, 20, 850),
            reading(0, 50, 900),
        ];
        let room = |later| budget(&readings, later).room;
        assert_eq!(room(0), 0, "what is left is the reserve");
        assert_eq!(room(13), 0);
        assert_eq!(room(14), 50);
        assert_eq!(room(20), 350);
        assert_eq!(room(24), 900, "nothing of what the org told is left");
        assert_eq!(budget(&readings, 0).usage().used, 900);
    }

    #[test]
    fn the_org_says_how_many_calls_of_ours_count() {
        // The org doesn't count every call of ours, and tells nothing with some answers.
        let silent = ApiReading {
            used: None,
            max: None,
            ..reading(0, 2, 0)
        };
        let told = Allowance {
            used: 20,
            max: 1_000,
            seen_at: NOW - HOUR,
        };
        let readings = [reading(2, 15, 17), reading(1, 7, 20), silent];
        let found = CallBudget::work_out(told, &readings, 0, NOW, DAY);
        assert_eq!(
            (found.used, found.ours, found.left()),
            (22, 22, 978),
            "a run goes by the org's count, and so does its plan"
        );
    }

    #[test]
    fn the_room_lasts_as_long_as_the_pace_of_the_last_hour_lets_it() {
        let readings = [reading(2, 5, 100), reading(0, 50, 300)];
        assert_eq!(budget(&readings, 0).lasts_until, Some(NOW + 3 * HOUR));
        assert_eq!(
            budget(&readings, 2).lasts_until,
            None,
            "nobody calls any more"
        );
    }

    #[test]
    fn the_calls_of_a_run_are_counted_in_questions_and_batches() {
        let settings = Settings::default();
        assert_eq!(calls_for(0, &settings), 0);
        assert_eq!(calls_for(1, &settings), 3);
        assert_eq!(calls_for(2_000, &settings), 1 + 1 + 10);
        assert_eq!(calls_for(4_001, &settings), 1 + 3 + 10, "a job");
    }
}
