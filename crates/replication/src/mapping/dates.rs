//! Dates and moments: between the two in the workspace's time zone, and as the org reads them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// The years that the org takes.
const YEARS: std::ops::RangeInclusive<i16> = 1700..=4000;

/// Why a date cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not a date at all.
    Unreadable,
    /// The org does not take dates that far away.
    OutOfRange,
}

/// Returns the date on which a moment falls.
pub(crate) fn date_of(milliseconds: i64, zone: &TimeZone) -> Result<Date, Fault> {
    let moment = Timestamp::from_millisecond(milliseconds).map_err(|_| Fault::OutOfRange)?;
    Ok(zone.to_datetime(moment).date())
}

/// Returns the moment at which a date begins, UTC milliseconds.
pub(crate) fn start_of(date: Date, zone: &TimeZone) -> Result<i64, Fault> {
    // Where the clocks skip midnight, the day begins at the first moment after it.
    moment_of(date.to_datetime(Time::midnight()), zone)
}

fn moment_of(local: DateTime, zone: &TimeZone) -> Result<i64, Fault> {
    let moment = zone
        .to_ambiguous_zoned(local)
        .compatible()
        .map_err(|_| Fault::OutOfRange)?;
    Ok(moment.timestamp().as_millisecond())
}

/// Writes a date as `2026-01-31`.
pub(super) fn date_text(date: Date) -> Result<String, Fault> {
    if YEARS.contains(&date.year()) {
        Ok(date.to_string())
    } else {
        Err(Fault::OutOfRange)
    }
}

/// Writes a moment as `2026-01-31T10:00:00.000Z`; the org keeps whole seconds.
pub(super) fn moment_text(milliseconds: i64) -> Result<String, Fault> {
    let moment = Timestamp::from_millisecond(milliseconds.div_euclid(1000).saturating_mul(1000))
        .map_err(|_| Fault::OutOfRange)?;
    let utc = TimeZone::UTC.to_datetime(moment);
    let day = date_text(utc.date())?;
    Ok(format!(
        "{day}T{:02}:{:02}:{:02}.000Z",
        utc.hour(),
        utc.minute(),
        utc.second()
    ))
}

/// Writes a moment for people, as `2026-01-31 10:00` in the time zone.
pub(super) fn moment_for_people(milliseconds: i64, zone: &TimeZone) -> Option<String> {
    let local = zone.to_datetime(Timestamp::from_millisecond(milliseconds).ok()?);
    Some(format!(
        "{} {:02}:{:02}",
        local.date(),
        local.hour(),
        local.minute()
    ))
}

/// A date or a moment that was written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// A date.
    Date(Date),
    /// A moment, UTC milliseconds.
    Moment(i64),
}

/// Reads `2026-01-31`, `2026-01-31 10:00[:00]` in the time zone, or a moment with its offset.
pub(super) fn read(text: &str, zone: &TimeZone) -> Result<Read, Fault> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Read::Moment(moment.as_millisecond()));
    }
    if text.len() == "2026-01-31".len() {
        return text.parse().map(Read::Date).map_err(|_| Fault::Unreadable);
    }
    let local: DateTime = text.parse().map_err(|_| Fault::Unreadable)?;
    moment_of(local, zone).map(Read::Moment)
}

/// Reads `10:30` or `10:30:15` and writes it as `10:30:00.000Z`.
pub(super) fn time_text(text: &str) -> Result<String, Fault> {
    let time: Time = text
        .trim()
        .trim_end_matches('Z')
        .parse()
        .map_err(|_| Fault::Unreadable)?;
    Ok(format!(
        "{:02}:{:02}:{:02}.{:03}Z",
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::{Fault, Read, date_of, date_text, moment_text, read, start_of, time_text};

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_date_begins_at_midnight_of_the_time_zone() {
        for (name, moment) in [
            ("UTC", "2026-01-31T00:00:00.000Z"),
            ("Europe/Berlin", "2026-01-30T23:00:00.000Z"),
            ("America/New_York", "2026-01-31T05:00:00.000Z"),
            ("Asia/Kolkata", "2026-01-30T18:30:00.000Z"),
        ] {
            let start = start_of(date(2026, 1, 31), &zone(name)).unwrap();
            assert_eq!(moment_text(start).unwrap(), moment, "{name}");
            assert_eq!(date_of(start, &zone(name)), Ok(date(2026, 1, 31)), "{name}");
        }
    }

    #[test]
    fn a_day_without_midnight_begins_when_the_clocks_have_jumped() {
        // Beirut's clocks jump from 00:00 to 01:00 at the start of summer.
        let start = start_of(date(2024, 3, 31), &zone("Asia/Beirut")).unwrap();
        assert_eq!(moment_text(start).unwrap(), "2024-03-30T22:00:00.000Z");
    }

    #[test]
    fn a_moment_falls_on_the_date_that_the_time_zone_has() {
        let moment = 1_769_900_400_000; // 2026-01-31T23:00:00Z
        assert_eq!(date_of(moment, &zone("UTC")), Ok(date(2026, 1, 31)));
        assert_eq!(
            date_of(moment, &zone("Europe/Berlin")),
            Ok(date(2026, 2, 1))
        );
    }

    #[test]
    fn moments_are_sent_in_whole_seconds() {
        assert_eq!(
            moment_text(1_769_900_400_999).unwrap(),
            "2026-01-31T23:00:00.000Z"
        );
        assert_eq!(moment_text(-1).unwrap(), "1969-12-31T23:59:59.000Z");
    }

    #[test]
    fn dates_that_the_org_does_not_take_are_refused() {
        assert_eq!(date_text(date(1699, 12, 31)), Err(Fault::OutOfRange));
        assert_eq!(date_text(date(1700, 1, 1)), Ok("1700-01-01".into()));
        assert_eq!(date_text(date(4000, 12, 31)), Ok("4000-12-31".into()));
        assert_eq!(moment_text(i64::MAX), Err(Fault::OutOfRange));
        assert_eq!(moment_text(i64::MIN), Err(Fault::OutOfRange));
    }

    #[test]
    fn dates_and_moments_are_read_from_text() {
        let berlin = zone("Europe/Berlin");
        let moment = |text: &str| match read(text, &berlin) {
            Ok(Read::Moment(moment)) => moment_text(moment).unwrap(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(
            read(" 2026-01-31 ", &berlin),
            Ok(Read::Date(date(2026, 1, 31)))
        );
        assert_eq!(moment("2026-01-31 10:00"), "2026-01-31T09:00:00.000Z");
        assert_eq!(moment("2026-01-31T10:00:05"), "2026-01-31T09:00:05.000Z");
        assert_eq!(moment("2026-01-31T10:00:00Z"), "2026-01-31T10:00:00.000Z");
        assert_eq!(
            moment("2026-01-31T10:00:00-05:00"),
            "2026-01-31T15:00:00.000Z"
        );
        for text in [
            "",
            "tomorrow",
            "31.01.2026",
            "2026-02-30",
            "2026-13-01",
            "2026-01-31 25:00",
            "9999999999",
        ] {
            assert_eq!(read(text, &berlin), Err(Fault::Unreadable), "{text}");
        }
    }

    #[test]
    fn times_of_day_are_sent_with_milliseconds() {
        assert_eq!(time_text("18:30").as_deref(), Ok("18:30:00.000Z"));
        assert_eq!(time_text("18:30:05.5Z").as_deref(), Ok("18:30:05.500Z"));
        assert_eq!(time_text("half past six"), Err(Fault::Unreadable));
    }
}
