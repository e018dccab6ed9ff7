//! The four kinds of traces, looked for in a folded text: whole words, emails, phone numbers, full names.

use std::ops::Range;

/// Most separators between two words of a name, or two digits of a phone number.
const MOST_SEPARATORS: usize = 3;
const ENCODED_BLANK: &str = "%20";

/// Finds a word that isn't part of a longer one.
pub(super) fn words(text: &str, word: &str, spans: &mut Vec<Range<usize>>) {
    for (start, _) in text.match_indices(word) {
        let end = start + word.len();
        if is_free(text, start, end) {
            spans.push(start..end);
        }
    }
}

/// Finds an email that isn't part of a longer one.
pub(super) fn emails(text: &str, email: &str, spans: &mut Vec<Range<usize>>) {
    for (start, _) in text.match_indices(email) {
        let end = start + email.len();
        if !goes_on_before(&text[..start]) && !goes_on_behind(&text[end..]) {
            spans.push(start..end);
        }
    }
}

fn goes_on_before(text: &str) -> bool {
    let mut before = text.chars().rev();
    match before.next() {
        Some(letter) if "._+-".contains(letter) => before.next().is_some_and(is_wordy),
        letter => letter.is_some_and(is_wordy) && !ends_in_escape(text.as_bytes()),
    }
}

fn goes_on_behind(text: &str) -> bool {
    let mut behind = text.chars();
    match behind.next() {
        Some('.' | '-') => behind.next().is_some_and(is_wordy),
        letter => letter.is_some_and(is_wordy),
    }
}

/// Tells whether a text ends with a character as URLs write it, such as `%3d`.
fn ends_in_escape(text: &[u8]) -> bool {
    matches!(text, [.., b'%', one, two] if one.is_ascii_hexdigit() && two.is_ascii_hexdigit())
}

/// Finds a phone number, however its digits are grouped.
pub(super) fn digits(text: &str, digits: &str, spans: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let first = digits.as_bytes().first();
    for start in 0..bytes.len() {
        let begins = Some(&bytes[start]) == first;
        if !begins || start > 0 && bytes[start - 1].is_ascii_digit() {
            continue;
        }
        if let Some(end) = digits_from(bytes, start, digits.as_bytes()) {
            spans.push(start..end);
        }
    }
}

fn digits_from(text: &[u8], start: usize, digits: &[u8]) -> Option<usize> {
    let mut at = start;
    for (position, digit) in digits.iter().enumerate() {
        let mut separators = 0;
        while position > 0 && text.get(at).is_some_and(|byte| b" -./()\t".contains(byte)) {
            (at, separators) = (at + 1, separators + 1);
        }
        if separators > MOST_SEPARATORS || text.get(at) != Some(digit) {
            return None;
        }
        at += 1;
    }
    let goes_on = text.get(at).is_some_and(u8::is_ascii_digit);
    (!goes_on).then_some(at)
}

/// Finds the words of a name one after the other.
pub(super) fn names(text: &str, name: &[String], spans: &mut Vec<Range<usize>>) {
    let Some((first, rest)) = name.split_first() else {
        return;
    };
    for (start, _) in text.match_indices(first.as_str()) {
        if let Some(end) = name_from(text, start + first.len(), rest)
            && is_free(text, start, end)
        {
            spans.push(start..end);
        }
    }
}

fn name_from(text: &str, mut at: usize, rest: &[String]) -> Option<usize> {
    for word in rest {
        let separators = separators(&text[at..]);
        let before = text[..at].chars().next_back();
        let needs_none = before.is_some_and(is_unspaced) && word.starts_with(is_unspaced);
        if separators == 0 && !needs_none || !text[at + separators..].starts_with(word.as_str()) {
            return None;
        }
        at += separators + word.len();
    }
    Some(at)
}

/// Returns how many bytes at the beginning of a text stand between two words of a name.
fn separators(text: &str) -> usize {
    let mut bytes = 0;
    for _ in 0..MOST_SEPARATORS {
        let rest = &text[bytes..];
        bytes += match rest.chars().next() {
            _ if rest.starts_with(ENCODED_BLANK) => ENCODED_BLANK.len(),
            Some(letter) if is_between_words(letter) => letter.len_utf8(),
            _ => break,
        };
    }
    bytes
}

/// Tells whether a character separates the words of a name, in texts and in names of files.
pub(super) fn is_between_words(letter: char) -> bool {
    letter.is_whitespace() || ",._+-".contains(letter)
}

/// Tells whether neither end of a match is in the middle of a word.
fn is_free(text: &str, start: usize, end: usize) -> bool {
    let joined = |one: Option<char>, other: Option<char>| {
        one.is_some_and(is_wordy) && other.is_some_and(is_wordy)
    };
    let ends_of = |text: &str| (text.chars().next(), text.chars().next_back());
    let (first, last) = ends_of(&text[start..end]);
    !joined(ends_of(&text[..start]).1, first) && !joined(last, ends_of(&text[end..]).0)
}

fn is_wordy(letter: char) -> bool {
    letter.is_alphanumeric() && !is_unspaced(letter)
}

/// Tells whether a character is of a script that puts no blanks between words.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{0E00}'..='\u{0EFF}' | '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
