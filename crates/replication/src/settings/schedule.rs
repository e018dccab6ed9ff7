//! When a replication runs by itself.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

const MINUTE_MS: i64 = 60_000;
/// The longest wait between two runs: a week.
const MOST_MINUTES: u32 = 7 * 24 * 60;
const MOST_TIMES: usize = 24;

/// When a replication runs by itself; written `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Schedule {
    /// Never.
    #[default]
    Manual,
    /// As soon as what would be sent has changed.
    OnChange,
    /// So many minutes after the run before.
    Every(u32),
    /// At these times of the day, in the workspace's time zone.
    At(Vec<Time>),
}

impl Schedule {
    /// Returns the time of it that has come since the last run, or since it was set; of several that were missed, one.
    /// Changes are not looked at.
    pub fn due_since(&self, last: i64, now: i64, zone: &TimeZone) -> Option<i64> {
        match self {
            Self::Manual | Self::OnChange => None,
            Self::Every(minutes) => Some(last.saturating_add(i64::from(*minutes) * MINUTE_MS))
                .filter(|time| *time <= now),
            Self::At(times) => latest(times, now, zone).filter(|time| *time > last),
        }
    }

    /// Returns when it comes next: after the last run, or since it was set, and never before now. What was missed comes now.
    pub fn next_after(&self, last: i64, now: i64, zone: &TimeZone) -> Option<i64> {
        match self {
            Self::Manual | Self::OnChange => None,
            Self::Every(minutes) => Some(
                last.saturating_add(i64::from(*minutes) * MINUTE_MS)
                    .max(now),
            ),
            Self::At(_) if self.due_since(last, now, zone).is_some() => Some(now),
            Self::At(times) => next(times, now, zone),
        }
    }
}

/// Returns the first of the times that is still to come, today or tomorrow.
fn next(times: &[Time], now: i64, zone: &TimeZone) -> Option<i64> {
    let here = Timestamp::from_millisecond(now)
        .ok()?
        .to_zoned(zone.clone());
    let days = [here.date(), here.date().tomorrow().ok()?];
    let moments = days.iter().flat_map(|day| {
        times.iter().filter_map(|time| {
            let moment = zone.to_timestamp(day.to_datetime(*time)).ok()?;
            Some(moment.as_millisecond())
        })
    });
    moments.filter(|moment| *moment > now).min()
}

/// Returns the latest of the times that has come, today or yesterday.
fn latest(times: &[Time], now: i64, zone: &TimeZone) -> Option<i64> {
    let here = Timestamp::from_millisecond(now)
        .ok()?
        .to_zoned(zone.clone());
    let days = [here.date(), here.date().yesterday().ok()?];
    let moments = days.iter().flat_map(|day| {
        times.iter().filter_map(|time| {
            let moment = zone.to_timestamp(day.to_datetime(*time)).ok()?;
            Some(moment.as_millisecond())
        })
    });
    moments.filter(|moment| *moment <= now).max()
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manual => f.write_str("manual"),
            Self::OnChange => f.write_str("on change"),
            Self::Every(1) => f.write_str("every 1 minute"),
            Self::Every(minutes) => write!(f, "every {minutes} minutes"),
            Self::At(times) => {
                let times: Vec<_> = times
                    .iter()
                    .map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
                    .collect();
                write!(f, "at {}", times.join(", "))
            }
        }
    }
}

impl FromStr for Schedule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refused = || {
            let shown: String = text.chars().take(60).collect();
            Error::Settings(format!(
                "\"{shown}\" isn't a schedule. Use manual, on change, every 15 minutes (a week at most) or at 08:00, 13:30 \
                 ({MOST_TIMES} times at most)."
            ))
        };
        let words = text.trim().to_ascii_lowercase().replace('_', " ");
        if words == "manual" {
            return Ok(Self::Manual);
        }
        if words == "on change" {
            return Ok(Self::OnChange);
        }
        if let Some(rest) = words.strip_prefix("every ") {
            let number = rest.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
            let unit = rest[number.len()..].trim();
            let number: u32 = number.trim().parse().map_err(|_| refused())?;
            let minutes = match unit {
                "minute" | "minutes" | "min" | "" => number,
                "hour" | "hours" => number.checked_mul(60).ok_or_else(refused)?,
                _ => return Err(refused()),
            };
            return match minutes {
                1..=MOST_MINUTES => Ok(Self::Every(minutes)),
                _ => Err(refused()),
            };
        }
        let times = words.strip_prefix("at ").ok_or_else(refused)?;
        let mut times = times
            .split([',', ';', ' '])
            .filter(|time| !time.is_empty())
            .map(|time| Time::strptime("%H:%M", time).map_err(|_| refused()))
            .collect::<Result<Vec<_>>>()?;
        times.sort_unstable();
        times.dedup();
        if times.is_empty() || times.len() > MOST_TIMES {
            return Err(refused());
        }
        Ok(Self::At(times))
    }
}

impl TryFrom<String> for Schedule {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn schedules_read_and_print_the_same() {
        for (text, printed) in [
            ("manual", "manual"),
            ("On Change", "on change"),
            ("on_change", "on change"),
            ("every 15 minutes", "every 15 minutes"),
            ("every 2 hours", "every 120 minutes"),
            ("every 1 minute", "every 1 minute"),
            ("at 13:30, 8:00", "at 08:00, 13:30"),
        ] {
            assert_eq!(text.parse::<Schedule>().unwrap().to_string(), printed);
        }
        for text in [
            "",
            "daily",
            "every 0 minutes",
            "every 9 weeks",
            "at",
            "at 25:00",
            "at noon",
        ] {
            assert!(text.parse::<Schedule>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_missed_is_due_once() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let schedule: Schedule = "at 08:00, 13:30".parse().unwrap();
        // Half past seven UTC is half past eight in Berlin.
        let now = moment("2026-01-10T07:30:00Z");
        let due = |last: &str| schedule.due_since(moment(last), now, &zone);
        let eight = Some(moment("2026-01-10T07:00:00Z"));
        assert_eq!(due("2026-01-10T06:59:59Z"), eight);
        assert_eq!(due("2026-01-10T07:00:00Z"), None, "it has run then");
        assert_eq!(due("2026-01-01T00:00:00Z"), eight, "days were missed");
        let (half_past_one, just_before) = (
            moment("2026-01-09T12:30:00Z"),
            moment("2026-01-10T06:59:00Z"),
        );
        assert_eq!(schedule.due_since(half_past_one, just_before, &zone), None);
        let every: Schedule = "every 15 minutes".parse().unwrap();
        assert_eq!(every.due_since(now - 14 * 60_000, now, &zone), None);
        assert_eq!(
            every.due_since(now - 16 * 60_000, now, &zone),
            Some(now - 60_000)
        );
        assert_eq!(Schedule::OnChange.due_since(0, now, &zone), None);
    }

    #[test]
    fn the_next_time_is_the_first_to_come_and_what_was_missed_comes_now() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = moment("2026-01-10T07:30:00Z");
        let at: Schedule = "at 08:00, 13:30".parse().unwrap();
        assert_eq!(
            at.next_after(moment("2026-01-10T07:00:00Z"), now, &zone),
            Some(moment("2026-01-10T12:30:00Z"))
        );
        assert_eq!(
            at.next_after(moment("2026-01-09T12:30:00Z"), now, &zone),
            Some(now)
        );
        let early: Schedule = "at 08:00".parse().unwrap();
        assert_eq!(
            early.next_after(now, now, &zone),
            Some(moment("2026-01-11T07:00:00Z")),
            "tomorrow"
        );
        let every: Schedule = "every 15 minutes".parse().unwrap();
        assert_eq!(
            every.next_after(now - 60_000, now, &zone),
            Some(now + 14 * 60_000)
        );
        assert_eq!(every.next_after(now - 3_600_000, now, &zone), Some(now));
        assert_eq!(Schedule::Manual.next_after(0, now, &zone), None);
    }
}
