//! Spans of time as rules name them: `30 days`, `2 weeks`, `6 months`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use serde::{Deserialize, Serialize};

use crate::{Date, Error, Result};

/// The longest span of a unit: a hundred years.
const MOST_YEARS: u32 = 100;

/// The unit of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanUnit {
    /// 60 minutes.
    Hours,
    /// 24 hours for moments, a calendar day for dates.
    Days,
    /// 7 days.
    Weeks,
    /// A calendar month, in UTC for moments; the 31st becomes the last of a shorter month.
    Months,
    /// 12 months.
    Years,
}

/// A span of time, written as `30 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    /// How many, at least 1.
    pub count: u32,
    /// Of what.
    pub unit: SpanUnit,
}

impl SpanUnit {
    const ALL: [(Self, &'static str, u32); 5] = [
        (Self::Hours, "hour", MOST_YEARS * 8_784),
        (Self::Days, "day", MOST_YEARS * 366),
        (Self::Weeks, "week", MOST_YEARS * 53),
        (Self::Months, "month", MOST_YEARS * 12),
        (Self::Years, "year", MOST_YEARS),
    ];

    fn code(self) -> i64 {
        match self {
            Self::Hours => 0,
            Self::Days => 1,
            Self::Weeks => 2,
            Self::Months => 3,
            Self::Years => 4,
        }
    }
}

impl Span {
    /// Returns the moment this long after another, UTC milliseconds. Never falls as the other grows.
    pub fn after(self, moment: i64) -> i64 {
        let count = i64::from(self.count);
        let hours = match self.unit {
            SpanUnit::Hours => count,
            SpanUnit::Days => count * 24,
            SpanUnit::Weeks => count * 24 * 7,
            SpanUnit::Months => return months_after(moment, count),
            SpanUnit::Years => return months_after(moment, count * 12),
        };
        moment.saturating_add(hours * 3_600_000)
    }

    /// Returns the earliest moment that is less than this long ago: what lies at or after it is within the span.
    pub fn ago(self, now: i64) -> i64 {
        earliest(now, self, |moment| self.after(moment) > now)
    }

    /// Returns the date this long after another; hours count as none.
    pub(crate) fn after_date(self, date: Date) -> Date {
        let count = i64::from(self.count);
        let later = match self.unit {
            SpanUnit::Hours => Ok(date),
            SpanUnit::Days => date.checked_add(count.days()),
            SpanUnit::Weeks => date.checked_add(count.weeks()),
            SpanUnit::Months => date.checked_add(count.months()),
            SpanUnit::Years => date.checked_add(count.years()),
        };
        later.unwrap_or(Date::MAX)
    }

    /// Returns the earliest date that is less than this long before another.
    pub(crate) fn before_date(self, today: Date) -> Date {
        // A few days earlier than the calendar says, then forwards: months are not equally long.
        let count = i64::from(self.count);
        let back = match self.unit {
            SpanUnit::Hours => Ok(today),
            SpanUnit::Days => today.checked_sub(count.days()),
            SpanUnit::Weeks => today.checked_sub(count.weeks()),
            SpanUnit::Months => today.checked_sub(count.months()),
            SpanUnit::Years => today.checked_sub(count.years()),
        };
        let mut date = back
            .and_then(|date| date.checked_sub(4.days()))
            .unwrap_or(Date::MIN);
        while self.after_date(date) <= today && date < today {
            date = date.tomorrow().unwrap_or(Date::MAX);
        }
        date
    }
}

/// Finds the first moment around `now - span` for which `holds`; it holds for all later ones.
fn earliest(now: i64, span: Span, holds: impl Fn(i64) -> bool) -> i64 {
    const MARGIN: i64 = 5 * 86_400_000;
    let length = span.after(now).saturating_sub(now);
    let (mut low, mut high) = (now.saturating_sub(length).saturating_sub(MARGIN), now);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

fn months_after(moment: i64, months: i64) -> i64 {
    let later = || {
        let civil: DateTime = Timestamp::from_millisecond(moment)
            .ok()?
            .to_zoned(TimeZone::UTC)
            .datetime();
        let later = civil.checked_add(months.months()).ok()?;
        Some(
            later
                .to_zoned(TimeZone::UTC)
                .ok()?
                .timestamp()
                .as_millisecond(),
        )
    };
    later().unwrap_or(i64::MAX)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = SpanUnit::ALL
            .iter()
            .find(|(unit, ..)| *unit == self.unit)
            .map_or("day", |(_, name, _)| name);
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {name}{plural}", self.count)
    }
}

impl FromStr for Span {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refused = || {
            let shown: String = text.chars().take(40).collect();
            Error::Refused(format!(
                "\"{shown}\" isn't a time span; enter a number of hours, days, weeks, months or years, such as \
                 30 days (at most 100 years)"
            ))
        };
        let text = text.trim();
        let split = text
            .find(|letter: char| !letter.is_ascii_digit())
            .ok_or_else(refused)?;
        let count: u32 = text[..split].parse().map_err(|_| refused())?;
        let word = text[split..].trim().to_ascii_lowercase();
        let word = word.strip_suffix('s').unwrap_or(&word);
        let (unit, _, most) = SpanUnit::ALL
            .into_iter()
            .find(|(_, name, _)| *name == word)
            .ok_or_else(refused)?;
        if count == 0 || count > most {
            return Err(refused());
        }
        Ok(Self { count, unit })
    }
}

impl TryFrom<String> for Span {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl Span {
    /// Writes a call of the SQL function that [`Span::after`] is; it is NULL for no moment.
    pub(crate) fn after_sql(self, moment: &str) -> String {
        format!("later({moment}, {}, {})", self.count, self.unit.code())
    }

    /// Writes a call of the SQL function for the first moment from which another is not further than the span.
    pub(crate) fn before_sql(self, moment: &str) -> String {
        format!("sooner({moment}, {}, {})", self.count, self.unit.code())
    }
}

/// Makes `later(moment, count, unit)` and its opposite `sooner` known to SQL on this connection.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("later", 3, flags, |context| {
        let moment = context.get::<Option<i64>>(0)?;
        let span = span_in(context)?;
        Ok(moment.map(|moment| span.after(moment)))
    })?;
    connection.create_scalar_function("sooner", 3, flags, |context| {
        let moment = context.get::<Option<i64>>(0)?;
        let span = span_in(context)?;
        Ok(moment.map(|moment| earliest(moment, span, |start| span.after(start) >= moment)))
    })?;
    Ok(())
}

fn span_in(context: &Context<'_>) -> rusqlite::Result<Span> {
    let code: i64 = context.get(2)?;
    let unit = SpanUnit::ALL
        .iter()
        .find(|(unit, ..)| unit.code() == code)
        .map_or(SpanUnit::Days, |(unit, ..)| *unit);
    Ok(Span {
        count: context.get(1)?,
        unit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn spans_read_and_print_the_same() {
        for (text, printed) in [
            ("30 days", "30 days"),
            ("1 Day", "1 day"),
            ("2weeks", "2 weeks"),
            (" 6 months ", "6 months"),
            ("100 years", "100 years"),
        ] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), printed);
        }
        for text in [
            "",
            "days",
            "0 days",
            "3 moons",
            "-1 day",
            "101 years",
            "3",
            "9999999999 days",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn months_end_with_the_month() {
        let month: Span = "1 month".parse().unwrap();
        assert_eq!(
            month.after(moment("2026-01-31T10:00:00Z")),
            moment("2026-02-28T10:00:00Z")
        );
        let year: Span = "1 year".parse().unwrap();
        assert_eq!(
            year.after(moment("2028-02-29T00:00:00Z")),
            moment("2029-02-28T00:00:00Z")
        );
    }

    proptest! {
        #[test]
        fn ago_is_the_first_moment_within(count in 1u32..40, unit in 0usize..5, now in 0i64..4_000_000_000_000) {
            let span = Span { count, unit: SpanUnit::ALL[unit].0 };
            let first = span.ago(now);
            prop_assert!(span.after(first) > now);
            prop_assert!(span.after(first - 1) <= now);
        }

        #[test]
        fn dates_before_are_the_first_within(count in 1u32..40, unit in 1usize..5, day in 0i64..40_000) {
            let span = Span { count, unit: SpanUnit::ALL[unit].0 };
            let today = Date::constant(1970, 1, 1).checked_add(day.days()).unwrap();
            let first = span.before_date(today);
            prop_assert!(span.after_date(first) > today);
            prop_assert!(span.after_date(first.yesterday().unwrap()) <= today);
        }
    }
}
