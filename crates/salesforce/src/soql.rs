//! Queries: values become text here and nowhere else.

mod conditions;
mod select;

pub use conditions::{Comparison, Condition, Days, Literal, Number, Path, Place};
pub(crate) use select::clauses;
pub use select::{Order, Select};

/// Returns a text as a quoted SOQL literal.
///
/// # Source
/// SOQL and SOSL Reference, "Quoted String Escape Sequences".
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// Returns texts as the list of an IN condition, such as `('a','b')`.
pub fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = texts.into_iter().map(quote).collect();
    format!("({})", quoted.join(","))
}

/// Tells whether a text is safe to stand as an object, field or relationship path in a query or an address.
pub fn is_name(text: &str) -> bool {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest = |character: char| character.is_ascii_alphanumeric() || "_.".contains(character);
    starts_well && text.len() <= 255 && text.chars().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_cannot_end_a_literal() {
        assert_eq!(quote(r"O'Neil\"), r"'O\'Neil\\'");
        assert_eq!(list(["a", "b'"]), r"('a','b\'')");
    }

    #[test]
    fn names_hold_no_spaces_and_no_punctuation() {
        assert!(is_name("Account.Owner__r.X__c"));
        for text in ["", "1a", "Name FROM", "a,b", "a/b", "ä"] {
            assert!(!is_name(text), "{text}");
        }
    }
}
