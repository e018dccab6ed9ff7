//! Conditions whose answer changes as time passes: *within the last 30 days*, *birthday within 7 days*.
//!
//! Each comes with the moment of its next change, so that contacts are looked at again when it has come.

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Cell;

use super::{Bound, Operator, Test};
use crate::{Date, FieldKind, Reader, Result, Span};

impl Reader<'_> {
    /// Translates a relative condition on a date or a moment.
    pub(super) fn relative_sql(
        &self,
        column: &str,
        op: Operator,
        kind: FieldKind,
        span: Span,
        bound: &mut Bound,
    ) -> Result<Test> {
        if kind == FieldKind::DateTime {
            return Ok(moment_sql(column, op, span, bound));
        }
        let zone = self.time_zone()?;
        Ok(date_sql(column, op, span, &zone, bound))
    }
}

fn moment_sql(column: &str, op: Operator, span: Span, bound: &mut Bound) -> Test {
    let now = bound.now;
    let mut place = |moment: i64| bound.bind(Cell::Integer(moment));
    let (here, first) = (place(now), place(span.ago(now)));
    let leaves = span.after_sql(column);
    match op {
        Operator::WithinLast => Test {
            sql: format!("({column} <= {here} AND {column} >= {first})"),
            change: Some(format!(
                "CASE WHEN {column} > {here} THEN {column} WHEN {column} >= {first} THEN {leaves} END"
            )),
        },
        Operator::LongerAgo => Test {
            sql: format!("({column} < {first})"),
            change: Some(format!("CASE WHEN {column} >= {first} THEN {leaves} END")),
        },
        _ => {
            let end = place(span.after(now));
            let enters = span.before_sql(column);
            Test {
                sql: format!("({column} > {here} AND {column} <= {end})"),
                change: Some(format!(
                    "CASE WHEN {column} > {end} THEN {enters} WHEN {column} > {here} THEN {column} END"
                )),
            }
        }
    }
}

fn date_sql(column: &str, op: Operator, span: Span, zone: &str, bound: &mut Bound) -> Test {
    let today = today(bound.now, zone);
    let mut place = |text: String| bound.bind(Cell::Text(text));
    let sql = match op {
        Operator::WithinLast => format!(
            "({column} <= {} AND {column} >= {})",
            place(today.to_string()),
            place(span.before_date(today).to_string())
        ),
        Operator::LongerAgo => {
            format!(
                "({column} < {})",
                place(span.before_date(today).to_string())
            )
        }
        Operator::WithinNext => format!(
            "({column} >= {} AND {column} <= {})",
            place(today.to_string()),
            place(span.after_date(today).to_string())
        ),
        _ => format!(
            "(next_anniversary({column}, {}) <= {})",
            place(today.to_string()),
            place(span.after_date(today).to_string())
        ),
    };
    let change = format!(
        "date_change({column}, {}, {}, {}, {})",
        place(op.name()),
        place(span.to_string()),
        place(today.to_string()),
        place(zone.to_owned()),
    );
    Test {
        sql,
        change: Some(change),
    }
}

/// Returns the date of a moment in a time zone.
pub(crate) fn today(now: i64, zone: &str) -> Date {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    jiff::Timestamp::from_millisecond(now)
        .unwrap_or_default()
        .to_zoned(zone)
        .date()
}

/// Returns the next day, from today on, that has the day and month of a date; the 29th of February is the 28th in
/// years that have none.
pub(crate) fn next_anniversary(date: Date, today: Date) -> Date {
    let in_year = |year: i16| {
        Date::new(year, date.month(), date.day())
            .or_else(|_| Date::new(year, date.month(), 28))
            .unwrap_or(Date::MAX)
    };
    let this_year = in_year(today.year());
    if this_year >= today {
        this_year
    } else {
        in_year(today.year().saturating_add(1))
    }
}

/// Returns the day on which the answer about a date changes next; `None` when it stays.
fn changes_on(date: Date, op: Operator, span: Span, today: Date) -> Option<Date> {
    let (first, end) = (span.before_date(today), span.after_date(today));
    let day_after = |date: Date| date.tomorrow().ok();
    match op {
        Operator::WithinLast if date > today => Some(date),
        Operator::WithinLast | Operator::LongerAgo if date >= first => Some(span.after_date(date)),
        Operator::WithinNext if date > end => Some(reaches(date, span)),
        Operator::WithinNext if date >= today => day_after(date),
        Operator::AnniversaryWithin => {
            let next = next_anniversary(date, today);
            if next > end {
                Some(reaches(next, span))
            } else {
                day_after(next)
            }
        }
        _ => None,
    }
}

/// Returns the first day from which a date is not further than a span.
fn reaches(date: Date, span: Span) -> Date {
    let mut day = span
        .before_date(date)
        .checked_sub(4.days())
        .unwrap_or(Date::MIN);
    while span.after_date(day) < date {
        day = day.tomorrow().unwrap_or(Date::MAX);
    }
    day
}

fn midnight(date: Date, zone: &str) -> Option<i64> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Some(date.to_zoned(zone).ok()?.timestamp().as_millisecond())
}

/// Makes `next_anniversary` and `date_change` known to SQL on this connection.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("next_anniversary", 2, flags, |context| {
        let date = parsed(context.get::<Option<String>>(0)?);
        let today = parsed(context.get::<Option<String>>(1)?);
        let next = date
            .zip(today)
            .map(|(date, today)| next_anniversary(date, today));
        Ok(next.map(|date| date.to_string()))
    })?;
    connection.create_scalar_function("date_change", 5, flags, |context| {
        let text = |at| context.get::<Option<String>>(at);
        let (Some(date), Some(today)) = (parsed(text(0)?), parsed(text(3)?)) else {
            return Ok(None);
        };
        let (Some(op), Some(span), Some(zone)) = (text(1)?, text(2)?, text(4)?) else {
            return Ok(None);
        };
        let op = serde_json::from_value(serde_json::Value::String(op));
        let (Ok(op), Ok(span)) = (op, span.parse()) else {
            return Ok(None);
        };
        Ok(changes_on(date, op, span, today).and_then(|date| midnight(date, &zone)))
    })?;
    Ok(())
}

fn parsed(text: Option<String>) -> Option<Date> {
    text?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn anniversaries_come_back_each_year() {
        let today = date("2026-03-01");
        for (birthday, next) in [
            ("1980-03-01", "2026-03-01"),
            ("1980-02-28", "2027-02-28"),
            ("1984-02-29", "2027-02-28"),
            ("1980-12-31", "2026-12-31"),
        ] {
            assert_eq!(next_anniversary(date(birthday), today), date(next));
        }
    }

    /// Each row: a date, the condition, and the day on which its answer changes, as seen on the 10th of March 2026.
    #[test]
    fn the_day_of_the_next_change_is_known() {
        let today = date("2026-03-10");
        let table = [
            ("2026-03-10", Operator::WithinLast, Some("2026-03-13")),
            ("2026-03-08", Operator::WithinLast, Some("2026-03-11")),
            ("2026-03-07", Operator::WithinLast, None),
            ("2026-03-12", Operator::WithinLast, Some("2026-03-12")),
            ("2026-03-08", Operator::LongerAgo, Some("2026-03-11")),
            ("2026-03-07", Operator::LongerAgo, None),
            ("2026-03-20", Operator::WithinNext, Some("2026-03-17")),
            ("2026-03-13", Operator::WithinNext, Some("2026-03-14")),
            ("2026-03-09", Operator::WithinNext, None),
            (
                "1990-03-12",
                Operator::AnniversaryWithin,
                Some("2026-03-13"),
            ),
            (
                "1990-03-09",
                Operator::AnniversaryWithin,
                Some("2027-03-06"),
            ),
        ];
        let span: Span = "3 days".parse().unwrap();
        for (day, op, change) in table {
            assert_eq!(
                changes_on(date(day), op, span, today),
                change.map(date),
                "{day} {op:?}"
            );
        }
    }
}
