//! Dates and times as people and programs write them.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use super::DateOrder;
use super::fold::fold;

/// How the dates of one column are written.
#[derive(Debug, Clone)]
pub(crate) struct DateManner {
    pub(crate) order: DateOrder,
    /// The latest year that two digits may mean.
    pub(crate) latest: i16,
    /// Some of them have another order, as their figures show.
    pub(crate) mixed: bool,
}

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateCell {
    Date(Date),
    /// A birthday without its year, which some programs write as 1604.
    Incomplete,
    /// The `0/0/00` that some programs write for none.
    Nothing,
    /// A day that its month doesn't have.
    NoSuchDay(NoSuchDay),
}

/// A day that no calendar has, such as February 30.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NoSuchDay {
    year: i16,
    month: i8,
    day: i8,
}

impl std::fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What some cells of a column say about the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Known(DateOrder),
    /// Dates like 03/04/1990 only.
    Unclear,
    /// Some dates begin with the day and others with the month, most of them in this order.
    Mixed(DateOrder),
    /// No date in figures that could be read two ways.
    Irrelevant,
}

/// The year that Apple's address book writes for none.
const NO_YEAR: i16 = 1604;
/// Days as spreadsheets count them, in five figures: from 1927 to 2173.
const SERIAL: std::ops::RangeInclusive<i64> = 10_000..=99_999;

/// Looks at some cells of a column for dates that can be read in one order only.
pub(crate) fn order<'a>(cells: impl Iterator<Item = &'a str>) -> Order {
    let (mut day_first, mut month_first, mut year_first, mut unclear) = (0, 0, 0, 0);
    for cell in cells {
        let Some((first, second, _)) = ambiguous(cell) else {
            continue;
        };
        match (first, second) {
            // What stands for no date says nothing.
            (0, _) | (_, 0) => {}
            (32.., _) => year_first += 1,
            (13.., _) => day_first += 1,
            (_, 13..) => month_first += 1,
            _ => unclear += 1,
        }
    }
    if year_first > day_first.max(month_first) {
        Order::Known(DateOrder::Ymd)
    } else if day_first > 0 && month_first > 0 {
        Order::Mixed(match day_first >= month_first {
            true => DateOrder::Dmy,
            false => DateOrder::Mdy,
        })
    } else if day_first != month_first {
        Order::Known(if day_first > month_first {
            DateOrder::Dmy
        } else {
            DateOrder::Mdy
        })
    } else if day_first + unclear > 0 {
        Order::Unclear
    } else {
        Order::Irrelevant
    }
}

/// Returns the three figures of a date whose order cannot be told from its form.
fn ambiguous(cell: &str) -> Option<(u16, u16, u16)> {
    let date = split_time(cell.trim()).0;
    let figures: Vec<&str> = date.split(['/', '-']).collect();
    match figures.as_slice() {
        [first, second, third] if first.len() <= 2 => Some((
            first.parse().ok()?,
            second.parse().ok()?,
            third.parse().ok()?,
        )),
        _ => None,
    }
}

/// Reads a date; a time after it is left out.
pub(crate) fn date(text: &str, manner: &DateManner) -> Option<DateCell> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("--") {
        let fits = rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        return (fits && rest.len() >= 4).then_some(DateCell::Incomplete);
    }
    let date = split_time(text).0;
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return civil(
            &date[..4],
            number(&date[4..6])?,
            number(&date[6..])?,
            manner,
        );
    }
    if date.len() == 5
        && let Ok(days) = date.parse::<i64>()
        && SERIAL.contains(&days)
    {
        return serial(days);
    }
    let dots = date.contains('.');
    let is_gap = |letter: char| {
        matches!(
            letter,
            '/' | '-' | '.' | ',' | ' ' | '\u{a0}' | '年' | '月' | '日'
        )
    };
    let mut parts: Vec<&str> = date
        .split(is_gap)
        .filter(|part| !part.is_empty() && !matches!(*part, "de" | "of"))
        .collect();
    // The day of the week says nothing more.
    let is_weekday = |part: &&str| !part.starts_with(|first: char| first.is_ascii_digit());
    if parts.len() == 4 && parts.first().is_some_and(is_weekday) {
        parts.remove(0);
    }
    let &[first, second, third] = parts.as_slice() else {
        let is_part = without_year(&parts) || without_day(&parts);
        return is_part.then_some(DateCell::Incomplete);
    };
    if let Some(month) = month(second) {
        let (day, year) = if first.len() == 4 {
            (third, first)
        } else {
            (first, third)
        };
        let day = day.trim_end_matches(char::is_alphabetic);
        return civil(year, month, number(day)?, manner);
    }
    if let Some(month) = month(first) {
        return civil(
            third,
            month,
            number(second.trim_end_matches(char::is_alphabetic))?,
            manner,
        );
    }
    let order = match () {
        () if first.len() == 4 => DateOrder::Ymd,
        // With dots the day comes first, unless the year does.
        () if dots && (manner.order != DateOrder::Ymd || third.len() == 4) => DateOrder::Dmy,
        () => manner.order,
    };
    match order {
        DateOrder::Ymd => civil(first, number(second)?, number(third)?, manner),
        order => {
            let (one, two) = (number(first)?, number(second)?);
            let day_first = || civil(third, two, one, manner);
            let month_first = || civil(third, one, two, manner);
            let is_other = manner.mixed && !dots;
            match order {
                DateOrder::Mdy => in_order(month_first, is_other.then_some(day_first)),
                _ => in_order(day_first, is_other.then_some(month_first)),
            }
        }
    }
}

/// Reads a date in one order, and in the other one where that gives no day.
fn in_order(
    first: impl Fn() -> Option<DateCell>,
    other: Option<impl Fn() -> Option<DateCell>>,
) -> Option<DateCell> {
    match (first(), other) {
        (None | Some(DateCell::NoSuchDay(_)), Some(other)) => other(),
        (read, _) => read,
    }
}

/// Returns the day that a date or a moment names and no calendar has.
pub(crate) fn no_such_day(text: &str, manner: &DateManner) -> Option<NoSuchDay> {
    match date(text, manner)? {
        DateCell::NoSuchDay(day) => Some(day),
        _ => None,
    }
}

/// Reads a date and time as UTC milliseconds; `zone` is for those that name none, midnight for dates alone.
pub(crate) fn moment(text: &str, manner: &DateManner, zone: &TimeZone) -> Option<i64> {
    let (day, rest) = split_time(text.trim());
    let DateCell::Date(day) = date(day, manner)? else {
        return None;
    };
    let (time, offset) = if rest.is_empty() {
        (Time::midnight(), None)
    } else {
        time(rest)?
    };
    let local = day.to_datetime(time);
    let timestamp = match offset {
        Some(offset) => offset.to_timestamp(local).ok()?,
        None => zone.to_timestamp(local).ok()?,
    };
    Some(timestamp.as_millisecond())
}

/// Splits before the time of day: at a `T` or blank that figures and a colon follow.
fn split_time(text: &str) -> (&str, &str) {
    let Some(colon) = text.find(':') else {
        return (text, "");
    };
    match text[..colon].rfind(|letter: char| !letter.is_ascii_digit()) {
        Some(at) => {
            let sign = text[at..].chars().next().map_or(1, char::len_utf8);
            (
                text[..at].trim_end_matches([' ', ',', 'T', 't']),
                &text[at + sign..],
            )
        }
        None => (text, ""),
    }
}

fn time(text: &str) -> Option<(Time, Option<Offset>)> {
    let clock_end = text
        .find(|letter: char| !matches!(letter, '0'..='9' | ':' | '.'))
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at(clock_end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let figures: Vec<i8> = clock
        .split(':')
        .map(|figure| figure.parse().ok())
        .collect::<Option<_>>()?;
    let (mut hour, minute, second) = match figures.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let mut rest = rest.trim().to_ascii_lowercase().replace('.', "");
    for (mark, afternoon) in [("am", false), ("pm", true)] {
        if let Some(after) = rest.strip_prefix(mark) {
            hour = if afternoon { hour % 12 + 12 } else { hour % 12 };
            rest = after.trim().to_owned();
            break;
        }
    }
    let millis = format!("{:0<3}", fraction.get(..3).unwrap_or(fraction))
        .parse::<i32>()
        .ok()?;
    let time = Time::new(hour, minute, second, millis * 1_000_000).ok()?;
    Some((time, offset(&rest)?))
}

/// Reads `Z`, `UTC`, `+0200` or `+02:00`; the outer `None` is for what is none of these.
fn offset(text: &str) -> Option<Option<Offset>> {
    if text.is_empty() {
        return Some(None);
    }
    if matches!(text, "z" | "utc" | "gmt") {
        return Some(Some(Offset::UTC));
    }
    let (sign, figures) = match text.split_at_checked(1)? {
        ("+", figures) => (1, figures),
        ("-", figures) => (-1, figures),
        _ => return None,
    };
    let figures = figures.replace(':', "");
    let (hours, minutes) = figures.split_at_checked(2)?;
    let minutes: i32 = if minutes.is_empty() {
        0
    } else {
        minutes.parse().ok()?
    };
    let seconds = hours
        .parse::<i32>()
        .ok()?
        .checked_mul(3600)?
        .checked_add(minutes.checked_mul(60)?)?;
    Offset::from_seconds(sign * seconds).ok().map(Some)
}

/// Returns the day that a spreadsheet program counts as this number.
fn serial(days: i64) -> Option<DateCell> {
    let span = jiff::Span::new().try_days(days).ok()?;
    let date = Date::constant(1899, 12, 30).checked_add(span).ok()?;
    Some(DateCell::Date(date))
}

fn number(text: &str) -> Option<i8> {
    text.parse().ok()
}

fn civil(year: &str, month: i8, day: i8, manner: &DateManner) -> Option<DateCell> {
    let short = year.len() <= 2;
    let mut year: i16 = year.parse().ok().filter(|year| *year >= 0)?;
    if month == 0 && day == 0 {
        return Some(DateCell::Nothing);
    }
    if short {
        year += manner.latest / 100 * 100;
        if year > manner.latest {
            year -= 100;
        }
    }
    let Ok(date) = Date::new(year, month, day) else {
        let has_form = (1..=12).contains(&month) && (1..=31).contains(&day) && year > 0;
        return has_form.then_some(DateCell::NoSuchDay(NoSuchDay { year, month, day }));
    };
    Some(match year {
        NO_YEAR => DateCell::Incomplete,
        _ => DateCell::Date(date),
    })
}

/// Tells whether the parts of a date are a day and a month, in either order.
fn without_year(parts: &[&str]) -> bool {
    let is_day = |text: &str| {
        let digits = text.trim_end_matches(char::is_alphabetic);
        number(digits).is_some_and(|day| (1..=31).contains(&day))
    };
    let is_month = |text: &str| match number(text) {
        Some(month) => (1..=12).contains(&month),
        None => month(text).is_some(),
    };
    match parts {
        [one, two] => is_day(one) && is_month(two) || is_month(one) && is_day(two),
        _ => false,
    }
}

/// Tells whether a cell is a year, alone or with a month.
pub(crate) fn lacks_day(cell: &str) -> bool {
    let parts: Vec<&str> = cell
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    without_day(&parts)
}

fn without_day(parts: &[&str]) -> bool {
    let is_year = |text: &str| {
        text.len() == 4
            && text
                .parse()
                .is_ok_and(|year: u16| (1850..2200).contains(&year))
    };
    let is_month = |text: &str| match number(text) {
        Some(month) => (1..=12).contains(&month),
        None => month(text).is_some(),
    };
    match parts {
        [year] => is_year(year),
        [one, two] => is_month(one) && is_year(two) || is_year(one) && is_month(two),
        _ => false,
    }
}

/// How the names of months begin in the languages we read, folded.
const MONTHS: [&str; 12] = [
    "jan ene gen sty led tammi",
    "feb fev lut uno helmi",
    "mar mrz mae maa mrt bre",
    "apr avr abr kwi dub huhti",
    "may mai mei maj mag kve touko",
    "jun juin giu cze cerven cervn cvn kesa",
    "jul juil lug lip cervene cervenc cvc heina",
    "aug aou ago sie srp elo",
    "sep set wrz zar syys",
    "oct okt ott out paz rij loka",
    "nov lis marras",
    "dec dez dic des gru pro joulu",
];

/// Reads the name of a month, whole or shortened.
fn month(text: &str) -> Option<i8> {
    if !text.starts_with(char::is_alphabetic) {
        return None;
    }
    let name = fold(text);
    let beginnings = (1..).zip(MONTHS).flat_map(|(month, names)| {
        names
            .split_whitespace()
            .map(move |beginning| (month, beginning))
    });
    let known = beginnings.filter(|(_, beginning)| name.starts_with(beginning));
    known
        .max_by_key(|(_, beginning)| beginning.len())
        .map(|(month, _)| month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: DateOrder) -> Option<String> {
        match date(
            text,
            &DateManner {
                order,
                latest: 2026,
                mixed: false,
            },
        )? {
            DateCell::Date(date) => Some(date.to_string()),
            DateCell::Incomplete => Some("incomplete".into()),
            DateCell::Nothing => Some("nothing".into()),
            DateCell::NoSuchDay(day) => Some(format!("no {day}")),
        }
    }

    #[test]
    fn dates_are_read_in_every_usual_form() {
        use DateOrder::{Dmy, Mdy, Ymd};
        let cases = [
            ("1990-03-04", Mdy, "1990-03-04"),
            ("1990/03/04", Mdy, "1990-03-04"),
            ("19900304", Dmy, "1990-03-04"),
            ("03/04/1990", Dmy, "1990-04-03"),
            ("03/04/1990", Mdy, "1990-03-04"),
            ("3.4.1990", Mdy, "1990-04-03"),
            ("3.4.1990", Ymd, "1990-04-03"),
            ("90.4.3", Ymd, "1990-04-03"),
            ("3/4/90", Dmy, "1990-04-03"),
            ("3/4/20", Dmy, "2020-04-03"),
            ("3/4/27", Dmy, "1927-04-03"),
            ("1990-03-04T10:00:00Z", Dmy, "1990-03-04"),
            ("4 March 1990", Dmy, "1990-03-04"),
            ("Mar 4, 1990", Dmy, "1990-03-04"),
            ("4. März 1990", Dmy, "1990-03-04"),
            ("4 de marzo de 1990", Dmy, "1990-03-04"),
            ("4-Jul-1990", Dmy, "1990-07-04"),
            ("4th of March, 1990", Dmy, "1990-03-04"),
            ("1st January 1990", Dmy, "1990-01-01"),
            ("4 juin 1990", Dmy, "1990-06-04"),
            ("2024-02-30", Dmy, "no 2024-02-30"),
            ("31/04/2023 10:00", Dmy, "no 2023-04-31"),
            ("29. Februar 2023", Dmy, "no 2023-02-29"),
            ("31112", Dmy, "1985-03-06"),
            ("1985年3月15日", Dmy, "1985-03-15"),
            ("1604-05-09", Dmy, "incomplete"),
            ("--03-04", Dmy, "incomplete"),
            ("03/15", Dmy, "incomplete"),
            ("15. März", Dmy, "incomplete"),
            ("March 15th", Dmy, "incomplete"),
            ("0/0/00", Dmy, "nothing"),
            ("4 marraskuu 1990", Dmy, "1990-11-04"),
            ("4. července 1990", Dmy, "1990-07-04"),
            ("4. června 1990", Dmy, "1990-06-04"),
            ("4 paź 1990", Dmy, "1990-10-04"),
        ];
        for (text, order, expected) in cases {
            assert_eq!(read(text, order).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "soon",
            "1990-13-01",
            "13/32",
            "12:30",
            "5",
            "99999-01-01",
        ] {
            assert_eq!(read(text, Dmy), None, "{text}");
        }
    }

    #[test]
    fn the_order_is_decided_by_dates_that_leave_no_doubt() {
        let decide = |cells: &[&str]| order(cells.iter().copied());
        assert_eq!(
            decide(&["03/04/1990", "25/04/1990"]),
            Order::Known(DateOrder::Dmy)
        );
        assert_eq!(
            decide(&["03/04/1990", "04/25/1990"]),
            Order::Known(DateOrder::Mdy)
        );
        assert_eq!(decide(&["03/04/1990"]), Order::Unclear);
        assert_eq!(
            decide(&["25/04/1990", "04/25/1990", "04/26/1990"]),
            Order::Mixed(DateOrder::Mdy)
        );
        assert_eq!(decide(&["1990-03-04", "3.4.1990", ""]), Order::Irrelevant);
        assert_eq!(decide(&["0/0/00", "00-00-0000"]), Order::Irrelevant);
    }

    #[test]
    fn times_are_turned_into_utc() {
        let manner = DateManner {
            order: DateOrder::Dmy,
            latest: 2026,
            mixed: false,
        };
        let zone = TimeZone::fixed(Offset::from_hours(2).unwrap());
        let read = |text: &str| {
            moment(text, &manner, &zone)
                .map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string())
        };
        let cases = [
            ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
            ("2024-05-01 10:00:00.250+0100", "2024-05-01T09:00:00.25Z"),
            ("2024-05-01T10:00-05:30", "2024-05-01T15:30:00Z"),
            ("01/05/2024 3:05 PM", "2024-05-01T13:05:00Z"),
            ("01.05.2024, 12:00", "2024-05-01T10:00:00Z"),
            ("2024-05-01", "2024-04-30T22:00:00Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(read("2024-05-01 25:00"), None);
        assert_eq!(read("10:00"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9TZamp/:., é+-]{0,24}") {
            let manner = DateManner { order: DateOrder::Mdy, latest: 2026, mixed: false };
            let _ = (date(&text, &manner), moment(&text, &manner, &TimeZone::UTC), order([text.as_str()].into_iter()));
        }
    }
}
