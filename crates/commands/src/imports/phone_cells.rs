//! Phone numbers that share a cell.

use super::emails;

/// One of several numbers of a cell, with what is said about its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number<'c> {
    pub(crate) text: &'c str,
    pub(crate) kind: &'c str,
}

/// Fewest digits of a number where a sign between them says that there are several.
const FEWEST_DIGITS: usize = 5;

/// Returns the numbers of a cell with more than one; nothing where it can be read as one number, or holds something else.
///
/// A slash or a comma stands within numbers as well: what is on both of its sides has to be a whole number.
pub(crate) fn numbers(cell: &str) -> Option<Vec<Number<'_>>> {
    let is_sign = |letter: char| ";|\n\r\t/,&".contains(letter) || letter.is_alphabetic();
    if digits(cell) < 2 * FEWEST_DIGITS || !cell.contains(is_sign) && !cell.contains(" +") {
        return None;
    }
    let clear = |text: &str| digits(text) >= FEWEST_DIGITS && is_figures(text);
    apart(cell, &[';', '|', '\n', '\r', '\t'], clear)
        .or_else(|| apart(cell, &[';', '|', '\n', '\r', '\t', '/', ',', '&'], is_whole))
}

/// Tells whether a text is a phone number with nothing missing.
pub(crate) fn is_whole(text: &str) -> bool {
    let count = digits(text);
    // Other figures may be the number of a customer.
    let begins = count >= 6 && text.starts_with(['+', '0', '(']);
    (begins || count >= 10) && is_figures(text)
}

fn apart<'c>(
    cell: &'c str,
    signs: &[char],
    is_number: impl Fn(&str) -> bool,
) -> Option<Vec<Number<'c>>> {
    let parts = cell
        .split(signs)
        .flat_map(at_words)
        .flat_map(at_plus_signs)
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let numbers: Option<Vec<_>> = parts
        .map(|part| labelled(part).filter(|number| is_number(number.text)))
        .collect();
    numbers.filter(|numbers| numbers.len() > 1)
}

/// Splits a text at words such as *or*.
fn at_words(text: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for word in text.split_whitespace() {
        if emails::is_between(word) {
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            parts.push(&text[from..at]);
            from = at + word.len();
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Splits a text before each plus sign but the first: *+43 1 5550101 +43 664 5550102*.
fn at_plus_signs(text: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, _) in text.match_indices(" +") {
        let before = text[from..at].trim_end();
        // What is behind a label belongs to it.
        if before.ends_with(|letter: char| letter.is_ascii_digit() || letter == ')') {
            parts.push(&text[from..at]);
            from = at;
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Takes off what is said about a number: *mobile: 0170 1*, *0170 1 (mobile)*.
fn labelled(part: &str) -> Option<Number<'_>> {
    let is_start = |letter: char| letter.is_ascii_digit() || matches!(letter, '+' | '(');
    let mut begin = part.find(is_start)?;
    // A label may stand in brackets, as an area code may.
    if part[begin..].starts_with('(')
        && let Some(length) = part[begin..].find(')')
        && digits(&part[begin..begin + length]) == 0
    {
        let rest = begin + length;
        begin = rest + part[rest..].find(is_start)?;
    }
    let end = part.rfind(|letter: char| letter.is_ascii_digit())? + 1;
    let (before, after) = (&part[..begin], &part[end..]);
    let is_word = |text: &&str| text.contains(char::is_alphabetic);
    let kind = [after, before]
        .into_iter()
        .find(is_word)
        .unwrap_or_default();
    let text = part.get(begin..end)?.trim();
    (!text.is_empty()).then_some(Number { text, kind })
}

fn is_figures(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || " \u{a0}+-().–/".contains(letter);
    text.chars().all(is_part)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cell: &str) -> Vec<&str> {
        let numbers = numbers(cell).unwrap_or_default();
        numbers.into_iter().map(|number| number.text).collect()
    }

    #[test]
    fn numbers_that_share_a_cell_are_told_apart() {
        for cell in [
            "+43 1 555 01 01 / +43 664 555 01 02",
            "+43 1 555 01 01; +43 664 555 01 02",
            "+43 1 555 01 01, +43 664 555 01 02",
            "+43 1 555 01 01\n+43 664 555 01 02",
            "+43 1 555 01 01 or +43 664 555 01 02",
            "+43 1 555 01 01 oder +43 664 555 01 02",
            "+43 1 555 01 01 +43 664 555 01 02",
            "Tel. +43 1 555 01 01, mobil: +43 664 555 01 02",
            "+43 1 555 01 01 (Büro) / +43 664 555 01 02 (mobil)",
        ] {
            assert_eq!(
                texts(cell),
                ["+43 1 555 01 01", "+43 664 555 01 02"],
                "{cell}"
            );
        }
        assert_eq!(
            texts("030 123456/0170 1234567"),
            ["030 123456", "0170 1234567"]
        );
        assert_eq!(
            texts("0351/123456; 0170/1234567"),
            ["0351/123456", "0170/1234567"]
        );
        assert_eq!(
            texts("207-555-0101, 207-555-0102"),
            ["207-555-0101", "207-555-0102"]
        );
        let labelled = numbers("+43 1 5550101, Fax: +43 1 5550102").unwrap();
        assert_eq!(labelled[1].kind.trim(), "Fax:");
        assert_eq!(labelled[0].kind, "");
        let numbers = numbers("0351 123456 (Büro), 0170 1234567 mobil").unwrap();
        assert_eq!(numbers[1].kind.trim(), "mobil");
    }

    #[test]
    fn one_number_stays_one_however_it_is_written() {
        for cell in [
            "0351/1234567",
            "0351/12 34-56/57",
            "030 123456/90",
            "+1 (207) 555-0101 ext. 12",
            "(0351) 123456",
            "0351, 123456",
            "+43 (0) 1 555 01 01",
            "Reception",
            "030 123456, ask for Mira",
            "",
        ] {
            assert_eq!(numbers(cell), None, "{cell}");
        }
    }
}
