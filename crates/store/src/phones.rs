//! Phone numbers in the search index: a number is found however it was written, and however it is typed.
//!
//! The index holds the digits of a number from the beginning of each of its parts on, so that *030 1234567* is found by
//! the whole number, without the area code, and by its first digits; a number with a country code without that, too.

use std::collections::BTreeSet;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

use crate::Result;

/// Fewer digits would find half the workspace.
const LEAST_DIGITS: usize = 3;
/// Longer than any number with its extension.
const MOST_DIGITS: usize = 24;
const MOST_PARTS: usize = 8;

/// Makes `phone_words` known to SQL on this connection.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("phone_words", 1, flags, |context| {
        Ok(match context.get_raw(0) {
            ValueRef::Text(text) => {
                let words = words(&String::from_utf8_lossy(text));
                Some(words.into_iter().collect::<Vec<_>>().join(" "))
            }
            _ => None,
        })
    })?;
    Ok(())
}

/// Returns what a number is found by.
fn words(number: &str) -> BTreeSet<String> {
    let number = without_trunk_zero(number);
    let parts: Vec<&str> = number
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .take(MOST_PARTS)
        .collect();
    let mut words: BTreeSet<String> = (0..parts.len())
        .map(|from| parts[from..].concat())
        .collect();
    words.extend(without_country_code(&number));
    words
        .iter()
        .map(|word| word.trim_start_matches('0'))
        .filter(|word| (LEAST_DIGITS..=MOST_DIGITS).contains(&word.len()))
        .map(str::to_owned)
        .collect()
}

/// Returns the words that begin a number as somebody types it; none where it has too few digits.
pub(crate) fn beginnings(typed: &str) -> Vec<String> {
    let typed = without_trunk_zero(typed);
    let whole = digits(&typed);
    let whole = whole.trim_start_matches('0').to_owned();
    let mut found = vec![whole];
    found.extend(without_country_code(&typed));
    found.retain(|word| (LEAST_DIGITS..=MOST_DIGITS).contains(&word.len()));
    found
}

/// Tells whether a word can be a part of a phone number.
pub(crate) fn is_part(word: &str) -> bool {
    let mut letters = word.chars();
    word.contains(|letter: char| letter.is_ascii_digit())
        && letters.all(|letter| letter.is_ascii_digit() || "+-/().".contains(letter))
}

/// Leaves out the zero of *+49 (0)30 1234567*, which nobody dials from abroad.
fn without_trunk_zero(number: &str) -> String {
    number.replace("(0)", " ")
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns a number that begins with a country code without it.
fn without_country_code(number: &str) -> Option<String> {
    let number = number.trim();
    let rest = number
        .strip_prefix('+')
        .or_else(|| number.strip_prefix("00"))?;
    let rest = digits(rest);
    let national = rest.get(country_code_length(&rest)..)?;
    Some(national.trim_start_matches('0').to_owned())
}

/// Returns how many digits a country code has, by its first two (ITU-T E.164).
fn country_code_length(number: &str) -> usize {
    let first_two = number.get(..2).and_then(|two| two.parse().ok());
    match first_two {
        Some(10..=19 | 70..=79) => 1,
        Some(
            20
            | 27
            | 30..=34
            | 36
            | 39..=41
            | 43..=49
            | 51..=58
            | 60..=66
            | 81
            | 82
            | 84
            | 86
            | 90..=95
            | 98,
        ) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{beginnings, is_part, words};

    fn finds(typed: &str, stored: &str) -> bool {
        let words = words(stored);
        beginnings(typed)
            .iter()
            .any(|beginning| words.iter().any(|word| word.starts_with(beginning)))
    }

    #[test]
    fn a_number_is_found_however_either_is_written() {
        let written = [
            "+49 30 1234567",
            "+49 (0)30 1234567",
            "+49301234567",
            "0049 30 123 45 67",
            "030/1234567",
            "(030) 12345-67",
            "030 1234567 ext. 12",
        ];
        for stored in written {
            for typed in written.into_iter().filter(|typed| !typed.contains("ext")) {
                assert!(finds(typed, stored), "{typed} finds {stored}");
            }
        }
        assert!(finds("1234567", "+49 30 1234567"), "without the area code");
        assert!(finds("0151 23", "+49 151 23456789"), "its first digits");
        assert!(finds("+1 555 123", "(555) 123-4567"));
        assert!(finds("555 123", "+15551234567"));
        assert!(finds("040 123", "+358401234567"));
        assert!(!finds("030 1234567", "030 7654321"));
        assert!(!finds("34567", "030 1234567"), "not from the middle on");
    }

    #[test]
    fn a_few_digits_are_no_number() {
        assert!(beginnings("12").is_empty());
        assert!(beginnings("00").is_empty());
        assert!(words("n/a").is_empty());
        assert!(is_part("(030)") && is_part("+49"));
        assert!(!is_part("24h") && !is_part("-"));
    }
}
