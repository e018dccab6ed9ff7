//! The days on which a segment's status is written.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Mapping;

/// From one day until another, both included; without an end that is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// Where a day lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before the period.
    Before,
    /// In it.
    During,
    /// After it.
    After,
}

impl Period {
    /// Tells where a day lies.
    pub fn phase(&self, day: Date) -> Phase {
        if self.from.is_some_and(|from| day < from) {
            Phase::Before
        } else if self.until.is_some_and(|until| day > until) {
            Phase::After
        } else {
            Phase::During
        }
    }

    /// Tells whether it is every day.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Tells whether it ends before it begins.
    pub fn is_empty(&self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until < from)
    }
}

impl Mapping {
    /// Returns the rows that are written on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Self {
        let rows = self.rows.iter();
        Self {
            rows: rows
                .filter(|row| row.period.phase(day) == Phase::During)
                .cloned()
                .collect(),
        }
    }

    /// Counts the starts and ends that have come by a day: as long as the number stays, [`Mapping::on`] does.
    pub fn periods_passed(&self, day: Date) -> i64 {
        let passed = self.rows.iter().map(|row| {
            let begun = row.period.from.is_some_and(|from| from <= day);
            let ended = row.period.until.is_some_and(|until| until < day);
            i64::from(begun) + i64::from(ended)
        });
        passed.sum()
    }
}

/// Returns the day in a time zone.
pub fn day(now: i64, zone: &TimeZone) -> Date {
    let moment = Timestamp::from_millisecond(now).unwrap_or_default();
    zone.to_datetime(moment).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_from_the_first_day_until_the_last() {
        let mapping = Mapping::parse(
            "last_name=LastName\n@segment:Hot=Hot__c ; from 2026-12-01, until 2026-12-24\n",
        )
        .unwrap();
        for (day, rows, passed) in [
            ("2026-11-30", 1, 0),
            ("2026-12-01", 2, 1),
            ("2026-12-24", 2, 1),
            ("2026-12-25", 1, 2),
        ] {
            let day: Date = day.parse().unwrap();
            assert_eq!(mapping.on(day).rows.len(), rows, "{day}");
            assert_eq!(mapping.periods_passed(day), passed, "{day}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_time_zone() {
        let now = "2026-11-30T23:30:00Z".parse::<Timestamp>().unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(day(now.as_millisecond(), &zone).to_string(), "2026-12-01");
    }
}
