//! What separates and quotes the cells of a text, found out from its beginning.

use super::csv_record::{Dialect, Parsed, Record, parse};
use super::{fold::fold, header_names};
use crate::headings::OWN_ID;

const DELIMITERS: [u8; 7] = [b',', b';', b'\t', b'|', b'~', b'^', b'\x1f'];
const ROWS: usize = 100;
/// So many rows may hold the column names.
const HEADER_ROWS: usize = 20;

/// Guesses the dialect; `whole` says that the sample is all there is, `told` is the delimiter that is known already.
pub(crate) fn guess(sample: &[u8], whole: bool, told: Option<u8>) -> Dialect {
    let told = told.or_else(|| own_delimiter(sample));
    let told = told.as_slice();
    let candidates = if told.is_empty() {
        DELIMITERS.as_slice()
    } else {
        told
    };
    let mut best = (Points::default(), Dialect::of(candidates[0]));
    for delimiter in candidates.iter().copied() {
        let dialect = of(sample, delimiter);
        let points = points(sample, whole, dialect);
        if points > best.0 || delimiter == best.1.delimiter {
            best = (points, dialect);
        }
    }
    let by_colons = || by_colons(sample, whole, best.0.known_names);
    match told {
        [] => by_colons().unwrap_or(best.1),
        _ => best.1,
    }
}

/// Returns the dialect of a file whose cells colons separate: several known names in a row, and as many cells in nearly all
/// others. *Email: ada@example.com* has one.
fn by_colons(sample: &[u8], whole: bool, known_names: usize) -> Option<Dialect> {
    let dialect = of(sample, b':');
    let points = points(sample, whole, dialect);
    let is_it = points.known_names > known_names.max(1) && points.alike >= 900;
    is_it.then_some(dialect)
}

/// Returns what follows the first column name of an export, whatever its cells look like.
fn own_delimiter(sample: &[u8]) -> Option<u8> {
    let name = sample.strip_prefix(b"\"").unwrap_or(sample);
    let rest = name.strip_prefix(OWN_ID.as_bytes())?;
    let next = rest.strip_prefix(b"\"").unwrap_or(rest).first();
    next.copied().filter(|byte| DELIMITERS.contains(byte))
}

/// How well a dialect fits, the weightiest sign first.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Points {
    known_names: usize,
    /// Of 1,000 rows, those with as many cells as the first; 0 where the first has one cell only.
    alike: usize,
    columns: usize,
}

fn points(sample: &[u8], whole: bool, dialect: Dialect) -> Points {
    let mut counts = Vec::new();
    // The row with the most known names, and how many these are: titles and notes may stand above it.
    let (mut header, mut known_names) = (0, 0);
    for_each_record(sample, whole, dialect, |record| {
        if counts.len() < HEADER_ROWS {
            let known = names(record)
                .filter(|name| header_names::is_known(&fold(name)))
                .count();
            if known > known_names {
                (header, known_names) = (counts.len(), known);
            }
        }
        counts.push(record.ends.len());
        counts.len() < ROWS
    });
    let counts = &counts[header.min(counts.len())..];
    let columns = counts.first().copied().unwrap_or(0);
    if columns < 2 {
        return Points {
            known_names,
            ..Points::default()
        };
    }
    let alike = counts.iter().filter(|count| **count == columns).count() * 1000 / counts.len();
    Points {
        known_names,
        alike,
        columns,
    }
}

fn names(record: &Record) -> impl Iterator<Item = &str> {
    let mut from = 0;
    record.ends.iter().filter_map(move |end| {
        let cell = &record.text[std::mem::replace(&mut from, *end)..*end];
        std::str::from_utf8(cell).ok()
    })
}

fn for_each_record(
    sample: &[u8],
    whole: bool,
    dialect: Dialect,
    mut take: impl FnMut(&Record) -> bool,
) {
    let mut record = Record::default();
    let mut rest = sample;
    while !rest.is_empty() {
        match parse(rest, whole, dialect, &mut record) {
            Parsed::Record {
                length, consumed, ..
            } => {
                rest = &rest[consumed..];
                if length > 0 && !take(&record) {
                    return;
                }
            }
            Parsed::More => return,
            Parsed::OpenQuote => {
                let line = rest.iter().position(|byte| *byte == b'\n');
                rest = &rest[line.map_or(rest.len(), |at| at + 1)..];
            }
        }
    }
}

fn of(sample: &[u8], delimiter: u8) -> Dialect {
    let quote = quote(sample, delimiter);
    Dialect {
        delimiter,
        quote,
        backslashes: has_backslashes(sample, delimiter, quote),
    }
}

/// Tells whether a backslash stands before a quote that neither ends its cell nor is doubled: `"Say \"hi\""`.
fn has_backslashes(sample: &[u8], delimiter: u8, quote: u8) -> bool {
    let is_inside = |byte: u8| !byte.is_ascii_whitespace() && byte != delimiter && byte != quote;
    sample.windows(4).any(|bytes| match *bytes {
        [before, b'\\', quoted, after] => {
            before != b'\\' && quoted == quote && is_inside(after) && after != b'\\'
        }
        _ => false,
    })
}

/// Single quotes count only where they stand around every column name: elsewhere they are apostrophes.
fn quote(sample: &[u8], delimiter: u8) -> u8 {
    let line = sample
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .find(|line| !line.is_empty())
        .unwrap_or(&[]);
    let mut cells = line
        .split(|byte| *byte == delimiter)
        .map(<[u8]>::trim_ascii)
        .filter(|cell| !cell.is_empty());
    let single = |cell: &[u8]| cell.len() > 2 && cell.starts_with(b"'") && cell.ends_with(b"'");
    if !line.is_empty() && cells.all(single) {
        b'\''
    } else {
        b'"'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(text: &str) -> (char, char) {
        let dialect = guess(text.as_bytes(), true, None);
        (dialect.delimiter.into(), dialect.quote.into())
    }

    #[test]
    fn each_delimiter_is_recognised() {
        for delimiter in [',', ';', '\t', '|'] {
            let text = "First Name,Last Name,Email\nAda,\"Byron\",ada@example.com\n"
                .replace(',', &delimiter.to_string());
            assert_eq!(guessed(&text), (delimiter, '"'));
        }
    }

    #[test]
    fn other_delimiters_inside_cells_do_not_mislead() {
        assert_eq!(guessed("Name;Notes\nAda;\"a,b,c\"\nBob;x,y,z\n").0, ';');
        assert_eq!(guessed("alpha;beta\n1,5;2,5\n3,5;4,5\n").0, ';');
        assert_eq!(guessed("name,notes\nAda,\"a;b;c\"\nBob,x;y;z\n").0, ',');
    }

    #[test]
    fn notes_above_the_names_do_not_mislead() {
        let text = "Notes:\n\"When you export, some addresses, and names, are left out.\"\n\n";
        for delimiter in [',', ';', '\t', '|'] {
            let rows = "First Name,Last Name,Email\nAda,Byron,ada@example.com\n";
            let rows = rows.replace(',', &delimiter.to_string());
            assert_eq!(guessed(&format!("{text}{rows}")).0, delimiter);
        }
    }

    #[test]
    fn colons_separate_cells_where_nothing_else_does_and_labels_have_none() {
        assert_eq!(
            guessed(
                "First Name:Last Name:Email\nAda:Byron:ada@example.com\nBo:Bell:b@example.com\n"
            )
            .0,
            ':'
        );
        assert_eq!(guessed("Name: Ada\nEmail: ada@example.com\n").0, ',');
        assert_eq!(
            guessed("Name,Email,Seen\nAda,ada@example.com,10:15\n").0,
            ','
        );
    }

    #[test]
    fn backslashes_before_quotes_are_noticed_where_no_cell_ends_with_them() {
        let has = |text: &str| guess(text.as_bytes(), true, None).backslashes;
        assert!(has(
            "\"name\",\"note\"\n\"Ada\",\"She said \\\"hi, all\\\"\"\n"
        ));
        assert!(has("\"name\",\"note\"\n\"\\\"Ada\\\", she said\",\"x\"\n"));
        assert!(!has(
            "\"name\",\"folder\"\n\"Ada\",\"C:\\Temp\\\"\n\"C:\\\",\"x\"\n"
        ));
        assert!(!has("name,note\nAda,\"say \"\"hi\"\"\"\n"));
    }

    #[test]
    fn a_file_of_one_column_is_read_with_commas() {
        assert_eq!(guessed("Email\nada@example.com\n"), (',', '"'));
    }

    #[test]
    fn single_quotes_quote_only_where_the_names_have_them() {
        assert_eq!(
            guessed("'name','city'\n'Ada','Paris, France'\n"),
            (',', '\'')
        );
        assert_eq!(guessed("name,city\n't Hooft,'s-Gravenhage\n"), (',', '"'));
    }
}
