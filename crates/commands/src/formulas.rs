//! Text that a spreadsheet would calculate, made harmless and taken back exactly.
//!
//! A spreadsheet calculates a cell that begins with `=`, `+`, `-` or `@`. Where cells begin depends on the delimiter it
//! assumes, so every place behind one of [`SEPARATORS`] counts as a beginning. An apostrophe is put before the sign;
//! text that has apostrophes there already gets one more. Taking one away therefore always gives back what was there.

/// What can stand before a cell, whichever delimiter a spreadsheet assumes.
const SEPARATORS: &[u8] = b",;|\t\r\n";
/// The signs themselves, and their full-width forms in UTF-8.
const SIGNS: &[&[u8]] = &[
    b"=",
    b"+",
    b"-",
    b"@",
    "\u{ff1d}".as_bytes(),
    "\u{ff0b}".as_bytes(),
    "\u{ff0d}".as_bytes(),
    "\u{ff20}".as_bytes(),
];

/// Returns UTF-8 text in which nothing is calculated; `delimiter` separates cells besides the usual ones.
///
/// Works on a line with its quotes as well as on a single cell.
pub(crate) fn guarded(text: &[u8], delimiter: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for_each_beginning(text, delimiter, |piece, is_beginning| {
        if is_beginning {
            out.push(b'\'');
        }
        out.extend_from_slice(piece);
    });
    out
}

/// Takes back what [`guarded`] did to a cell of a line.
pub(crate) fn restored(cell: &str, delimiter: u8) -> String {
    let mut out = Vec::with_capacity(cell.len());
    for_each_beginning(cell.as_bytes(), delimiter, |piece, is_beginning| {
        let extra = is_beginning && piece.starts_with(b"'");
        out.extend_from_slice(&piece[usize::from(extra)..]);
    });
    text(out)
}

/// Returns a whole cell as [`guarded`] does, for a comma-separated file whose first cell is a name of ours.
///
/// A cell that is nothing but a number or a phone number stays as it is. One that begins with a tab or a line break gets
/// an apostrophe, too: some programs drop these and look at what follows.
pub(crate) fn guarded_cell(cell: &str) -> String {
    if is_number(cell) {
        return cell.to_owned();
    }
    let guarded = text(guarded(cell.as_bytes(), b','));
    if begins_blank(&guarded) {
        format!("'{guarded}")
    } else {
        guarded
    }
}

/// Takes back what [`guarded_cell`] did.
pub(crate) fn restored_cell(cell: &str, delimiter: u8) -> String {
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if begins_blank(rest) => rest,
        _ => cell,
    };
    restored(cell, delimiter)
}

fn begins_blank(cell: &str) -> bool {
    cell.trim_start_matches('\'')
        .starts_with(['\t', '\r', '\n'])
}

/// Only whole ASCII signs come and go, so that text stays text.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Cuts a text before each apostrophe or sign with which a calculated cell would begin; `true` goes with what follows.
fn for_each_beginning<'t>(text: &'t [u8], delimiter: u8, mut take: impl FnMut(&'t [u8], bool)) {
    let separates = |byte: &u8| *byte == delimiter || SEPARATORS.contains(byte);
    let (mut from, mut is_beginning) = (0, false);
    let mut cell = 0;
    loop {
        let at = cell + blank_length(&text[cell..], separates);
        let apostrophes = text[at..].iter().take_while(|byte| **byte == b'\'').count();
        let sign = &text[at + apostrophes..];
        if SIGNS.iter().any(|one| sign.starts_with(one)) {
            take(&text[from..at], is_beginning);
            (from, is_beginning) = (at, true);
        }
        match text[at..].iter().position(separates) {
            Some(length) => cell = at + length + 1,
            None => break,
        }
    }
    take(&text[from..], is_beginning);
}

/// Returns the length of what programs skip before a cell's text: blanks, invisible signs and opening quotes.
fn blank_length(text: &[u8], separates: impl Fn(&u8) -> bool) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at).filter(|byte| !separates(byte)) {
        at += match byte {
            b' ' | b'"' | 0..0x20 | 0x7f => 1,
            _ => match invisible(&text[at..]) {
                Some(length) => length,
                None => break,
            },
        };
    }
    at
}

/// Returns the length of an invisible sign of several bytes that stands first.
fn invisible(text: &[u8]) -> Option<usize> {
    match text {
        // No-break space, soft hyphen.
        [0xc2, 0xa0 | 0xad, ..] => Some(2),
        // Blanks, joiners, marks and overrides of direction from U+2000 on; the mark of byte order.
        [0xe2, 0x80, 0x80..=0x8f | 0xa8..=0xaf, ..]
        | [0xe2, 0x81, 0x9f..=0xaf, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xe1, 0xa0, 0x8e, ..]
        | [0xef, 0xbb, 0xbf, ..] => Some(3),
        _ => None,
    }
}

/// Tells whether a cell is a number such as `-5` and `+1.5e3`, or a phone number such as `+43 1 5550101`.
fn is_number(cell: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_phone = cell
        .strip_prefix('+')
        .is_some_and(|digits| digits.split(' ').all(is_digits));
    // Words such as "inf" are numbers to Rust and names to a spreadsheet.
    let plain = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
    is_phone || (cell.bytes().all(plain) && cell.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests;
