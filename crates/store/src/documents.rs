//! What is kept as JSON in one cell, such as rules. A workspace from elsewhere may hold anything there.

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};

use crate::{Error, Result};

/// Most letters of a name or reason that a workspace or file gives: enough to be recognized.
const MOST_LETTERS: usize = 400;

/// Most bytes of a document: five hundred rules with thousands of values each.
const MOST_BYTES: usize = 4 << 20;

/// Reads a document; a longer one than any that is written is refused before it takes memory.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    if text.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(serde_json::Error::custom(format!("longer than {most} MB")));
    }
    serde_json::from_str(text)
}

/// Writes a document.
///
/// # Errors
/// [`Error::Refused`] when it gets too long to be read again.
pub(crate) fn write<T: Serialize + ?Sized>(what: &'static str, document: &T) -> Result<String> {
    let text = serde_json::to_string(document).map_err(|error| Error::unreadable(what, error))?;
    if text.len() > MOST_BYTES {
        return Err(Error::Refused(format!(
            "the {what} have more than {} MB; move long lists of addresses to a list of emails",
            MOST_BYTES >> 20
        )));
    }
    Ok(text)
}

/// What can't be read, for people: its place and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unread(String);

impl Unread {
    /// Names the place, such as "the rules of the segment \"Leads\"", and says why it can't be read.
    pub fn new(place: &str, error: &serde_json::Error) -> Self {
        Self(format!("{}: {}", short(place), why_unread(error)))
    }

    /// Returns the same as the fault of a cell.
    pub(crate) fn in_cell(self, column: usize) -> rusqlite::Error {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, text, Box::new(self))
    }
}

/// Returns why JSON can't be read in plain words, with the line where there are several.
pub fn why_unread(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&at).unwrap_or(&text);
    let why = match text {
        "recursion limit exceeded" => "it's nested too deeply".to_owned(),
        "number out of range" => "it has a number that is too large".to_owned(),
        _ if error.is_syntax() || error.is_eof() => "it isn't valid JSON".to_owned(),
        _ => in_words(text),
    };
    match error.line() {
        0 | 1 => short(&why),
        line => format!("{} (line {line})", short(&why)),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Puts what the parser says into words; what is ours already stays.
fn in_words(text: &str) -> String {
    // Groups of rules name the place in front.
    let at = ["unknown ", "missing ", "duplicate ", "invalid "]
        .iter()
        .filter_map(|word| text.find(word))
        .min();
    let Some((place, fault)) = at.map(|at| text.split_at(at)) else {
        return text.to_owned();
    };
    let quoted = |text: &str| text.replace('`', "\"");
    let words = if let Some(rest) = fault
        .strip_prefix("unknown variant `")
        .or_else(|| fault.strip_prefix("unknown field `"))
    {
        rest.split_once("`, ").map(|(found, expected)| {
            let known = expected
                .trim_start_matches("expected one of ")
                .trim_start_matches("expected ")
                .replace('`', "");
            match known.starts_with("there are no") {
                true => format!("\"{found}\" can't be used here"),
                false => format!("\"{found}\" can't be used here. Use {known}"),
            }
        })
    } else if let Some(name) = fault.strip_prefix("missing field ") {
        Some(format!("{} is missing", quoted(name)))
    } else if let Some(name) = fault.strip_prefix("duplicate field ") {
        Some(format!("{} is there twice", quoted(name)))
    } else {
        let wrong = fault
            .strip_prefix("invalid type: ")
            .or_else(|| fault.strip_prefix("invalid value: "));
        wrong
            .and_then(|rest| rest.rsplit_once(", expected "))
            .map(|(found, expected)| {
                let expected = kind(expected);
                format!("it must be {expected}, not {}", value(found))
            })
    };
    match words {
        Some(words) => format!("{place}{words}"),
        None => text.to_owned(),
    }
}

/// What is expected, in words.
fn kind(expected: &str) -> String {
    let words = match expected {
        "a sequence" => "a list",
        "a map" => "an object",
        "a string" | "string" => "text",
        "a boolean" => "true or false",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65,535",
        "u32" | "u64" | "usize" => "a whole number that isn't negative",
        "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "string or map" => "one of the known values",
        other if other.starts_with("struct ") => "an object",
        other if other.starts_with("variant ") || other.starts_with("enum ") => {
            "one of the known values"
        }
        other => other,
    };
    words.replace('`', "")
}

/// What was found, in words.
fn value(found: &str) -> String {
    let (what, rest) = found.split_once(' ').unwrap_or((found, ""));
    match what {
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        "null" | "unit" => "empty".to_owned(),
        "string" => format!("the text {}", short(rest)),
        "integer" | "floating" | "boolean" => rest
            .trim_start_matches("point ")
            .trim_matches('`')
            .to_owned(),
        _ => found.replace('`', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_too_long_is_neither_written_nor_read() {
        let fits = vec!["x".repeat(MOST_BYTES / 2)];
        let text = write("rules", &fits).unwrap();
        assert_eq!(read::<Vec<String>>(&text).unwrap(), fits);
        let long = vec!["x".repeat(MOST_BYTES)];
        assert!(write("rules", &long).is_err());
        let text = serde_json::to_string(&long).unwrap();
        assert!(read::<Vec<String>>(&text).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_said_in_our_words() {
        use crate::RuleTree;
        fn why<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
            why_unread(&read::<T>(text).unwrap_err())
        }
        let rule = |text: &str| why::<RuleTree>(text);
        assert_eq!(
            rule(r#"{"all": [{"field": "email", "op": "is_set", "x": 1}]}"#),
            "rule 1 of \"all\": \"x\" can't be used here. Use field, op, value"
        );
        assert!(
            rule(r#"{"field": "email", "op": "is"}"#)
                .starts_with("\"is\" can't be used here. Use equals, not_equals, ")
        );
        assert_eq!(rule(r#"{"field": "email"}"#), "\"op\" is missing");
        assert_eq!(
            rule(r#"{"points": "Fit", "op": "at_least", "value": "x"}"#),
            "it must be a whole number, not the text \"x\""
        );
        assert_eq!(rule(&"[".repeat(100_000)), "it's nested too deeply");
        assert_eq!(rule("{\n\"all\""), "it isn't valid JSON (line 2)");
        assert_eq!(rule("1e999"), "it has a number that is too large");
        assert_eq!(why::<Vec<u8>>("{}"), "it must be a list, not an object");
        assert_eq!(
            why::<u16>("-5"),
            "it must be a whole number from 0 to 65,535, not -5"
        );
        let long = format!(
            "{{\"field\": \"email\", \"op\": \"{}\"}}",
            "x".repeat(1 << 20)
        );
        assert!(rule(&long).len() < 500);
    }
}
