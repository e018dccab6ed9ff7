//! Files in which each row is a single quoted cell that holds the others: so Excel saves a CSV file that it took for
//! one column.

use super::csv_record::{Dialect, Parsed, Record, parse};
use super::{dialect, emails};

const QUOTE: u8 = b'"';
/// So many rows are looked at.
const ROWS: usize = 100;

/// Returns the dialect inside the quotes, where rows are packed so.
pub(crate) fn dialect(sample: &[u8], whole: bool, told: Option<u8>) -> Option<Dialect> {
    let lines = unpacked(sample, whole);
    let (first, rows) = lines.split_first()?;
    let packed = rows.iter().filter(|line| line.packed).count();
    let is_packed = match rows {
        [] => first.packed,
        _ => 10 * packed >= 9 * rows.len(),
    };
    if !is_packed {
        return None;
    }
    let text: Vec<u8> = lines
        .iter()
        .flat_map(|line| [line.text.as_slice(), b"\n"].concat())
        .collect();
    let dialect = dialect::guess(&text, true, told);
    let columns = cells(&first.text, dialect).len();
    let alike = rows
        .iter()
        .filter(|row| cells(&row.text, dialect).len() == columns)
        .count();
    let has_email = |row: &Line| {
        cells(&row.text, dialect)
            .iter()
            .any(|cell| emails::is_email(cell.trim()))
    };
    // A name with a comma in it is quoted, too.
    let is_sure = columns > 2 || (columns == 2 && (first.packed || rows.iter().any(has_email)));
    (is_sure && dialect.quote == QUOTE && 10 * alike >= 8 * rows.len()).then_some(dialect)
}

struct Line {
    text: Vec<u8>,
    packed: bool,
}

/// Returns the first rows, those that are one quoted cell without their quotes.
fn unpacked(sample: &[u8], whole: bool) -> Vec<Line> {
    // No text holds this sign, so that every row is one cell.
    let single = Dialect::of(0);
    let (mut rest, mut lines, mut record) = (sample, Vec::new(), Record::default());
    while !rest.is_empty() && lines.len() < ROWS {
        let Parsed::Record {
            length, consumed, ..
        } = parse(rest, whole, single, &mut record)
        else {
            break;
        };
        let raw = &rest[..length];
        if !raw.trim_ascii().is_empty() {
            let inner = inner(raw);
            lines.push(Line {
                packed: inner.is_some(),
                text: inner.unwrap_or_else(|| raw.to_vec()),
            });
        }
        rest = &rest[consumed..];
    }
    lines
}

/// Returns what stands inside the quotes of a row that is a single quoted cell.
pub(crate) fn inner(raw: &[u8]) -> Option<Vec<u8>> {
    let quoted = raw
        .trim_ascii()
        .strip_prefix(&[QUOTE])?
        .strip_suffix(&[QUOTE])?;
    let mut inner = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        // A quote that is not doubled ends a cell.
        if *byte == QUOTE && bytes.next() != Some(&QUOTE) {
            return None;
        }
        inner.push(*byte);
    }
    Some(inner)
}

fn cells(row: &[u8], dialect: Dialect) -> Vec<String> {
    let mut record = Record::default();
    let Parsed::Record { .. } = parse(row, true, dialect, &mut record) else {
        return Vec::new();
    };
    let mut from = 0;
    let cell = |end: &usize| {
        let cell = &record.text[std::mem::replace(&mut from, *end)..*end];
        String::from_utf8_lossy(cell).into_owned()
    };
    record.ends.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(text: &str) -> Option<char> {
        dialect(text.as_bytes(), true, None).map(|dialect| dialect.delimiter.into())
    }

    #[test]
    fn rows_inside_quotes_are_recognised() {
        for (text, found) in [
            (
                "First Name,Last Name,Email\n\"Ada,Byron,a@example.com\"\n\"Bo,\"\"Beck, Jr\"\",b@example.com\"\n",
                ',',
            ),
            (
                "\"First Name;Last Name;Email\"\r\n\"Ada;Byron;a@example.com\"\r\n",
                ';',
            ),
            ("\"Name,Email\"\n\"Ada,a@example.com\"\n", ','),
            ("\"First Name,Last Name,Email\"\n", ','),
        ] {
            assert_eq!(delimiter(text), Some(found), "{text}");
        }
    }

    #[test]
    fn quoted_cells_are_not_taken_for_rows() {
        for text in [
            "Name\n\"Byron, Ada\"\n",
            "Name,Email\n\"Byron, Ada\",a@example.com\n",
            "Name,Email\n\"Byron, Ada\"\n",
            "\"Name\"\n\"Ada\"\n",
            "\"Name\",\"Email\",\"City\"\n\"Ada\",\"a@example.com\",\"Rome\"\n",
            "Name,Email,City\nAda,a@example.com,Rome\n",
            "",
        ] {
            assert_eq!(delimiter(text), None, "{text}");
        }
    }
}
