//! Conditions as a tree: what a query or a search filters by, built from values and written in one place.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{is_name, quote};
use crate::{Error, Result};

/// The API name of a field, or the path to a parent's field, such as `Owner.Name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

impl Path {
    /// Returns the path that a text spells.
    ///
    /// # Errors
    /// [`Error::InvalidName`] when it can be none.
    pub fn new(text: &str) -> Result<Path> {
        if is_name(text) {
            return Ok(Path(text.to_owned()));
        }
        let name = text.chars().take(100).collect();
        Err(Error::InvalidName { name })
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What must hold of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of these; true where there is none.
    All(Vec<Condition>),
    /// At least one of these; true where there is none, as if it had not been asked.
    Any(Vec<Condition>),
    /// The field compares so with the value.
    Compares(Path, Comparison, Literal),
    /// The field holds the text at this place, whatever the case.
    Holds(Path, Place, String),
    /// The field does not hold the text at this place.
    HoldsNot(Path, Place, String),
    /// The field is one of these; never true where there is none.
    IsOneOf(Path, Vec<Literal>),
    /// The field is none of these.
    IsNoneOf(Path, Vec<Literal>),
    /// One of these is chosen in the multi-select picklist.
    Includes(Path, Vec<String>),
    /// None of these is chosen in the multi-select picklist.
    Excludes(Path, Vec<String>),
}

/// How a field compares with a value.
#[expect(missing_docs, reason = "each says what it is")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Where in a field a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    Inside,
    /// At its beginning.
    Beginning,
    /// At its end.
    End,
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// No value.
    Null,
    /// A text.
    Text(String),
    /// A number.
    Number(Number),
    /// A ticked or unticked checkbox.
    YesNo(bool),
    /// A date.
    Date(Date),
    /// A moment.
    Moment(Timestamp),
    /// Days as seen from today, in the time zone of the user who is signed in.
    Days(Days),
}

/// A number by its digits, so that none is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Returns the number that a text spells: digits, at most one point among them, perhaps a sign before them.
    pub fn parse(text: &str) -> Option<Number> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = text.len() <= 40 && all_digits(whole) && all_digits(fraction);
        fits.then(|| Number(format!("{sign}{digits}")))
    }
}

/// A span of days as seen from today.
///
/// # Source
/// SOQL and SOSL Reference, "Date Formats and Date Literals in WHERE".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
    /// This week, from the org's first day of the week.
    ThisWeek,
    /// This month.
    ThisMonth,
    /// This quarter.
    ThisQuarter,
    /// This year.
    ThisYear,
    /// So many days back, and today.
    Last(u16),
    /// So many days from tomorrow on.
    Next(u16),
}

impl Condition {
    /// Returns the condition in the org's language, or `None` where everything fulfils it.
    pub fn text(&self) -> Option<String> {
        match self {
            Condition::All(parts) => joined(parts, " AND "),
            Condition::Any(parts) => joined(parts, " OR "),
            Condition::Compares(path, comparison, value) => Some(format!(
                "{} {} {}",
                path.as_str(),
                comparison.sign(),
                value.text()
            )),
            Condition::Holds(path, place, text) => Some(like(path, *place, text)),
            Condition::HoldsNot(path, place, text) => {
                Some(format!("(NOT {})", like(path, *place, text)))
            }
            Condition::IsOneOf(path, values) => Some(among(path, "IN", literals(values))),
            Condition::IsNoneOf(path, values) => Some(among(path, "NOT IN", literals(values))),
            Condition::Includes(path, values) => Some(among(path, "INCLUDES", texts(values))),
            Condition::Excludes(path, values) => Some(among(path, "EXCLUDES", texts(values))),
        }
    }
}

/// Joins conditions; each that is itself joined stands in parentheses, so that no precedence matters.
fn joined(parts: &[Condition], by: &str) -> Option<String> {
    let texts: Vec<String> = parts
        .iter()
        .filter_map(|part| match part {
            Condition::All(_) | Condition::Any(_) => Some(format!("({})", part.text()?)),
            _ => part.text(),
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join(by))
}

fn like(path: &Path, place: Place, text: &str) -> String {
    format!("{} LIKE {}", path.as_str(), pattern(place, text))
}

fn among(path: &Path, word: &str, values: Vec<String>) -> String {
    // The org refuses an empty list; an id that no record has says the same.
    if values.is_empty() {
        let never = if matches!(word, "IN" | "INCLUDES") {
            "="
        } else {
            "!="
        };
        return format!("Id {never} null");
    }
    format!("{} {word} ({})", path.as_str(), values.join(","))
}

fn literals(values: &[Literal]) -> Vec<String> {
    values.iter().map(Literal::text).collect()
}

fn texts(values: &[String]) -> Vec<String> {
    values.iter().map(|value| quote(value)).collect()
}

/// Returns a text as a pattern of LIKE in which no sign of the text has a meaning.
///
/// # Source
/// SOQL and SOSL Reference, "Quoted String Escape Sequences": `\_` and `\%` in LIKE only.
fn pattern(place: Place, text: &str) -> String {
    let quoted = quote(text);
    let inner = quoted[1..quoted.len() - 1]
        .replace('%', "\\%")
        .replace('_', "\\_");
    let (before, after) = match place {
        Place::Inside => ("%", "%"),
        Place::Beginning => ("", "%"),
        Place::End => ("%", ""),
    };
    format!("'{before}{inner}{after}'")
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

impl Literal {
    fn text(&self) -> String {
        match self {
            Literal::Null => "null".to_owned(),
            Literal::Text(text) => quote(text),
            Literal::Number(Number(digits)) => digits.clone(),
            Literal::YesNo(yes) => yes.to_string(),
            Literal::Date(date) => date.to_string(),
            Literal::Moment(moment) => moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Literal::Days(days) => days.text(),
        }
    }
}

impl Days {
    fn text(self) -> String {
        match self {
            Days::Today => "TODAY".to_owned(),
            Days::Yesterday => "YESTERDAY".to_owned(),
            Days::ThisWeek => "THIS_WEEK".to_owned(),
            Days::ThisMonth => "THIS_MONTH".to_owned(),
            Days::ThisQuarter => "THIS_QUARTER".to_owned(),
            Days::ThisYear => "THIS_YEAR".to_owned(),
            Days::Last(days) => format!("LAST_N_DAYS:{days}"),
            Days::Next(days) => format!("NEXT_N_DAYS:{days}"),
        }
    }
}

#[cfg(test)]
#[path = "conditions_tests.rs"]
mod tests;
