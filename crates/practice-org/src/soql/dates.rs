//! Date literals: named periods as ranges of days.

use jiff::ToSpan;
use jiff::civil::{Date, date};

const PLAIN: [&str; 24] = [
    "TODAY",
    "YESTERDAY",
    "TOMORROW",
    "THIS_WEEK",
    "LAST_WEEK",
    "NEXT_WEEK",
    "THIS_MONTH",
    "LAST_MONTH",
    "NEXT_MONTH",
    "THIS_QUARTER",
    "LAST_QUARTER",
    "NEXT_QUARTER",
    "THIS_YEAR",
    "LAST_YEAR",
    "NEXT_YEAR",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
    "THIS_FISCAL_QUARTER",
    "LAST_FISCAL_QUARTER",
    "NEXT_FISCAL_QUARTER",
    "THIS_FISCAL_YEAR",
    "LAST_FISCAL_YEAR",
    "NEXT_FISCAL_YEAR",
    "LAST_365_DAYS",
];
const COUNTED: [&str; 13] = [
    "LAST_N_DAYS",
    "NEXT_N_DAYS",
    "N_DAYS_AGO",
    "LAST_N_WEEKS",
    "NEXT_N_WEEKS",
    "N_WEEKS_AGO",
    "LAST_N_MONTHS",
    "NEXT_N_MONTHS",
    "N_MONTHS_AGO",
    "LAST_N_QUARTERS",
    "NEXT_N_QUARTERS",
    "LAST_N_YEARS",
    "NEXT_N_YEARS",
];

/// Whether a word, in upper case, names a period.
pub(crate) fn is_period(word: &str) -> bool {
    PLAIN.contains(&word) || is_counted(word)
}

/// Whether a period takes a number after a colon.
pub(crate) fn is_counted(word: &str) -> bool {
    COUNTED.contains(&word)
}

/// First day of a period, and the first day after it. Weeks begin on Sunday, the fiscal year in January.
pub(crate) fn range(name: &str, number: i64, today: Date) -> Option<(Date, Date)> {
    let days = |from: i64, to: i64| {
        Some((
            today.checked_add(from.days()).ok()?,
            today.checked_add(to.days()).ok()?,
        ))
    };
    let week = today
        .checked_sub(i64::from(today.weekday().to_sunday_zero_offset()).days())
        .ok()?;
    let weeks = |from: i64, to: i64| {
        Some((
            week.checked_add(from.weeks()).ok()?,
            week.checked_add(to.weeks()).ok()?,
        ))
    };
    let month = date(today.year(), today.month(), 1);
    let months = |from: i64, to: i64| {
        Some((
            month.checked_add(from.months()).ok()?,
            month.checked_add(to.months()).ok()?,
        ))
    };
    let quarter = month
        .checked_sub(i64::from((today.month() - 1) % 3).months())
        .ok()?;
    let quarters = |from: i64, to: i64| {
        Some((
            quarter.checked_add((from * 3).months()).ok()?,
            quarter.checked_add((to * 3).months()).ok()?,
        ))
    };
    let year = date(today.year(), 1, 1);
    let years = |from: i64, to: i64| {
        Some((
            year.checked_add(from.years()).ok()?,
            year.checked_add(to.years()).ok()?,
        ))
    };
    match name.replace("FISCAL_", "").as_str() {
        "TODAY" => days(0, 1),
        "YESTERDAY" => days(-1, 0),
        "TOMORROW" => days(1, 2),
        "THIS_WEEK" => weeks(0, 1),
        "LAST_WEEK" => weeks(-1, 0),
        "NEXT_WEEK" => weeks(1, 2),
        "THIS_MONTH" => months(0, 1),
        "LAST_MONTH" => months(-1, 0),
        "NEXT_MONTH" => months(1, 2),
        "THIS_QUARTER" => quarters(0, 1),
        "LAST_QUARTER" => quarters(-1, 0),
        "NEXT_QUARTER" => quarters(1, 2),
        "THIS_YEAR" => years(0, 1),
        "LAST_YEAR" => years(-1, 0),
        "NEXT_YEAR" => years(1, 2),
        "LAST_90_DAYS" => days(-90, 1),
        "LAST_365_DAYS" => days(-365, 1),
        "NEXT_90_DAYS" => days(1, 91),
        "LAST_N_DAYS" => days(-number, 1),
        "NEXT_N_DAYS" => days(1, number + 1),
        "N_DAYS_AGO" => days(-number, 1 - number),
        "LAST_N_WEEKS" => weeks(-number, 0),
        "NEXT_N_WEEKS" => weeks(1, number + 1),
        "N_WEEKS_AGO" => weeks(-number, 1 - number),
        "LAST_N_MONTHS" => months(-number, 0),
        "NEXT_N_MONTHS" => months(1, number + 1),
        "N_MONTHS_AGO" => months(-number, 1 - number),
        "LAST_N_QUARTERS" => quarters(-number, 0),
        "NEXT_N_QUARTERS" => quarters(1, number + 1),
        "LAST_N_YEARS" => years(-number, 0),
        "NEXT_N_YEARS" => years(1, number + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_their_borders() {
        let sunday = date(2026, 11, 22);
        assert_eq!(
            range("THIS_WEEK", 0, sunday),
            Some((sunday, date(2026, 11, 29)))
        );
        assert_eq!(
            range("LAST_QUARTER", 0, sunday),
            Some((date(2026, 7, 1), date(2026, 10, 1)))
        );
        assert_eq!(
            range("LAST_N_DAYS", 7, sunday),
            Some((date(2026, 11, 15), date(2026, 11, 23)))
        );
        assert_eq!(
            range("N_MONTHS_AGO", 1, sunday),
            Some((date(2026, 10, 1), date(2026, 11, 1)))
        );
        for name in PLAIN.iter().chain(&COUNTED) {
            assert!(range(name, 3, sunday).is_some(), "{name}");
        }
    }
}
