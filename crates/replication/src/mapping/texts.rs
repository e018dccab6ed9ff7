//! Text as Salesforce can store it: no characters that XML forbids, no blanks at the end, not too long.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// Removes what XML 1.0 cannot hold, and white space at the end; `None` is blank.
pub(super) fn clean(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let text = if may_be_forbidden(&text) && text.contains(is_forbidden) {
        Cow::Owned(text.chars().filter(|char| !is_forbidden(*char)).collect())
    } else {
        text
    };
    let length = text.trim_end().len();
    match text {
        _ if length == 0 => None,
        Cow::Borrowed(text) => Some(Cow::Borrowed(&text[..length])),
        Cow::Owned(mut text) => {
            text.truncate(length);
            Some(Cow::Owned(text))
        }
    }
}

/// Tells by the bytes, which is quicker, whether any character may be forbidden; the last two begin with `EF`.
fn may_be_forbidden(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' || byte == 0xef)
}

fn is_forbidden(char: char) -> bool {
    matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns a text of several lines in one, with commas between them; `None` where it is one already.
pub(super) fn one_line(text: &str) -> Option<String> {
    if !text.contains(['\n', '\r']) {
        return None;
    }
    let lines = text
        .split(['\n', '\r'])
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| !line.is_empty());
    Some(lines.collect::<Vec<_>>().join(", "))
}

/// Returns the length as the org counts it, in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Tells whether a text has at most this many UTF-16 units.
pub(super) fn fits(text: &str, limit: usize) -> bool {
    // A text never has more UTF-16 units than bytes, and never fewer than a third of them.
    text.len() <= limit || (text.len() <= limit.saturating_mul(3) && length(text) <= limit)
}

/// Returns the longest start of at most `limit` UTF-16 units that ends between two graphemes and not in white space.
///
/// Where already the first grapheme is too long, it is cut between two characters.
pub(super) fn shorten(text: &str, limit: usize) -> &str {
    let end = last_boundary(text.grapheme_indices(true), limit);
    let end = if end > 0 {
        end
    } else {
        let chars = text
            .char_indices()
            .map(|(at, char)| (at, &text[at..at + char.len_utf8()]));
        last_boundary(chars, limit)
    };
    text[..end].trim_end()
}

fn last_boundary<'a>(parts: impl Iterator<Item = (usize, &'a str)>, limit: usize) -> usize {
    let (mut units, mut end) = (0, 0);
    for (at, part) in parts {
        units += length(part);
        if units > limit {
            break;
        }
        end = at + part.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::{clean, fits, is_forbidden, length, may_be_forbidden, one_line, shorten};

    #[test]
    fn text_is_cut_between_graphemes_and_counted_in_utf_16_units() {
        for (text, limit, cut) in [
            ("Meier", 5, "Meier"),
            ("Meiers", 5, "Meier"),
            ("日本語", 2, "日本"),
            ("a👍b", 2, "a"),
            ("a👍b", 3, "a👍"),
            ("e\u{301}e\u{301}", 3, "e\u{301}"),
            ("👨‍👩‍👧!", 8, "👨‍👩‍👧"),
            ("x👨‍👩‍👧", 8, "x"),
            ("🇩🇪🇫🇷", 7, "🇩🇪"),
            ("one two", 4, "one"),
            ("abc", 0, ""),
        ] {
            assert_eq!(shorten(text, limit), cut, "{text} to {limit}");
        }
    }

    #[test]
    fn a_grapheme_longer_than_the_field_is_cut_between_characters() {
        let stacked = format!("e{}", "\u{301}".repeat(50));
        assert_eq!(length(shorten(&stacked, 10)), 10);
    }

    #[test]
    fn several_lines_become_one() {
        assert_eq!(one_line("one"), None);
        assert_eq!(
            one_line("one,\r\n two\n\nthree").as_deref(),
            Some("one, two, three")
        );
    }

    #[test]
    fn what_xml_forbids_is_removed_and_blank_text_is_unset() {
        let cleaned = |text: &'static str| clean(Cow::Borrowed(text)).map(Cow::into_owned);
        assert_eq!(cleaned("a\0b\u{b}c\td\r\ne"), Some("abc\td\r\ne".into()));
        assert_eq!(cleaned("\u{ffff}x\u{fffe} "), Some("x".into()));
        assert_eq!(
            cleaned(" kept at the start"),
            Some(" kept at the start".into())
        );
        assert_eq!(cleaned(" \t\n\u{a0}"), None);
        assert_eq!(cleaned("\0\u{1f}"), None);
    }

    proptest! {
        #[test]
        fn shortened_text_always_fits_and_is_a_prefix(text in "\\PC*", limit in 0_usize..60) {
            let cut = shorten(&text, limit);
            prop_assert!(text.starts_with(cut));
            prop_assert!(length(cut) <= limit && fits(cut, limit));
            prop_assert_eq!(fits(&text, limit), length(&text) <= limit);
        }

        #[test]
        fn no_text_is_taken_for_plain_that_holds_what_xml_forbids(text in "(?s).*") {
            prop_assert!(may_be_forbidden(&text) || !text.contains(is_forbidden));
        }
    }
}
