//! API calls by hour: ours as they were counted, others' as far as the org's own counts give them away.

use leadferry_replication::CallBudget;
use leadferry_store::{ApiReading, Connection, Reader};
use serde::Serialize;

use crate::{Result, Workspace, orgs};

const HOUR_MS: i64 = 60 * 60 * 1000;
const HOURS: i64 = 24;
const DAY_MS: i64 = HOURS * HOUR_MS;

/// The API calls of a connection within the last 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ApiUse {
    /// The connection.
    pub connection: String,
    /// The calls of 24 hours; `None` where the org has told nothing yet.
    pub budget: Option<CallBudget>,
    /// Calls of ours within 24 hours, in all hours together.
    pub ours: u64,
    /// The hours, the earliest first; of the first one only the end lies within 24 hours, and the last one is under way.
    pub hours: Vec<ApiHour>,
}

/// The API calls within an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ApiHour {
    /// When the hour begins, UTC milliseconds.
    pub at: i64,
    /// Calls of ours.
    pub ours: u64,
    /// Calls of other tools, at least: the org counts a sliding day, and what slides out of it is not seen.
    pub others: u64,
}

/// Returns the use of every connection that we have called within 24 hours, the busiest first.
pub(super) fn of_all(
    workspace: &Workspace,
    reader: &Reader<'_>,
    connections: &[Connection],
) -> Result<Vec<ApiUse>> {
    let now = workspace.host().now();
    let mut uses = Vec::new();
    for connection in connections {
        // The reading before the first hour tells where the org's count stood.
        let readings = reader.api_readings(connection.id, now - 2 * DAY_MS)?;
        let hours = hours(&readings, now);
        let ours = hours.iter().map(|hour| hour.ours).sum();
        if ours > 0 {
            uses.push(ApiUse {
                connection: connection.name.clone(),
                budget: orgs::budget(workspace, reader, connection, 0)?,
                ours,
                hours,
            });
        }
    }
    uses.sort_by_key(|one| std::cmp::Reverse(one.ours));
    Ok(uses)
}

/// Sorts readings into hours.
///
/// What the org's count grew by between two readings, less our own calls, was made by others; between readings that
/// lie hours apart it is spread evenly.
fn hours(readings: &[ApiReading], now: i64) -> Vec<ApiHour> {
    let begin = now - DAY_MS;
    let first = begin.div_euclid(HOUR_MS) * HOUR_MS;
    let mut hours: Vec<ApiHour> = (0..=HOURS)
        .map(|hour| ApiHour {
            at: first + hour * HOUR_MS,
            ..ApiHour::default()
        })
        .collect();
    let place = |at: i64| {
        let hour = usize::try_from((at - first).div_euclid(HOUR_MS)).ok();
        hour.filter(|_| at > begin)
    };
    let mut before: Option<(i64, u64)> = None;
    let mut ours_since = 0;
    // A clock that was set back leaves readings ahead of it: they belong to no hour yet.
    for reading in readings.iter().filter(|reading| reading.at <= now) {
        if let Some(hour) = place(reading.at).and_then(|hour| hours.get_mut(hour)) {
            hour.ours += reading.calls;
        }
        ours_since += reading.calls;
        let Some(used) = reading.used else { continue };
        if let Some((at, was)) = before {
            let others = used.saturating_sub(was).saturating_sub(ours_since);
            for (at, part) in spread(others, at, reading.at) {
                if let Some(hour) = place(at).and_then(|hour| hours.get_mut(hour)) {
                    hour.others += part;
                }
            }
        }
        (before, ours_since) = (Some((reading.at, used)), 0);
    }
    hours
}

/// Spreads calls evenly over the hours that a time touches; what does not divide goes to the last ones.
fn spread(calls: u64, from: i64, until: i64) -> impl Iterator<Item = (i64, u64)> {
    let (first, last) = (from.div_euclid(HOUR_MS), until.div_euclid(HOUR_MS));
    let count = u64::try_from(last - first).unwrap_or(0) + 1;
    (first..=last).zip(0..count).map(move |(hour, at)| {
        let share = |at: u64| calls * at / count;
        (hour * HOUR_MS, share(at + 1) - share(at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 500_000 * HOUR_MS + 30 * 60_000;

    fn reading(at: i64, calls: u64, used: Option<u64>) -> ApiReading {
        ApiReading {
            at,
            calls,
            used,
            max: used.map(|_| 15_000),
        }
    }

    fn figures(readings: &[ApiReading]) -> Vec<(usize, u64, u64)> {
        let all = hours(readings, NOW);
        assert_eq!(all.len(), 25);
        all.into_iter()
            .enumerate()
            .filter(|(_, hour)| hour.ours + hour.others > 0)
            .map(|(at, hour)| (at, hour.ours, hour.others))
            .collect()
    }

    #[test]
    fn readings_ahead_of_the_clock_are_left_out_at_once() {
        let ahead = [
            reading(NOW - HOUR_MS, 1, Some(5)),
            reading(i64::MAX, 7, Some(90)),
        ];
        assert_eq!(figures(&ahead), [(23, 1, 0)]);
    }

    #[test]
    fn our_calls_stand_in_the_hour_in_which_they_were_made() {
        let found = figures(&[
            reading(NOW - 2 * HOUR_MS, 5, None),
            reading(NOW, 7, None),
            reading(NOW, 1, None),
        ]);
        assert_eq!(found, [(22, 5, 0), (24, 8, 0)]);
    }

    #[test]
    fn calls_that_were_made_longer_ago_than_a_day_do_not_count() {
        let found = figures(&[
            reading(NOW - DAY_MS, 5, None),
            reading(NOW - DAY_MS + 1, 7, None),
        ]);
        assert_eq!(found, [(0, 7, 0)]);
    }

    #[test]
    fn what_the_org_counts_beyond_ours_was_made_by_others() {
        let found = figures(&[
            reading(NOW - 60_000, 5, Some(100)),
            reading(NOW - 30_000, 2, None),
            reading(NOW, 3, Some(125)),
        ]);
        assert_eq!(found, [(24, 10, 20)]);
    }

    #[test]
    fn a_count_that_fell_because_the_day_moved_on_says_nothing_of_others() {
        let found = figures(&[
            reading(NOW - 60_000, 5, Some(100)),
            reading(NOW, 3, Some(40)),
        ]);
        assert_eq!(found, [(24, 8, 0)]);
    }

    #[test]
    fn between_readings_that_lie_far_apart_others_are_spread_and_none_is_lost() {
        let found = figures(&[
            reading(NOW - 3 * HOUR_MS, 0, Some(0)),
            reading(NOW, 1, Some(12)),
        ]);
        assert_eq!(found, [(21, 0, 2), (22, 0, 3), (23, 0, 3), (24, 1, 3)]);
    }
}
