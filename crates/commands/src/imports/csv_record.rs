//! One record of delimited text: where it ends and what its cells hold.
//!
//! Written for files as they are, not as they should be: a stray quote inside a quoted cell is taken as it stands
//! while its line lasts, but an open quote never swallows the lines below without being closed properly.

use memchr::{memchr2, memchr3};

/// Most lines that one record may span.
pub(crate) const MOST_LINES: u64 = 10_000;

/// How cells are separated and quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    /// A backslash before a quote makes it part of the cell, as databases write it.
    pub(crate) backslashes: bool,
}

impl Dialect {
    /// Cells as nearly everybody writes them: in quotes, and quotes in them doubled.
    pub(crate) const fn of(delimiter: u8) -> Self {
        Self {
            delimiter,
            quote: b'"',
            backslashes: false,
        }
    }
}

/// The cells of one record; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// All cells, one after the other, without quotes.
    pub(crate) text: Vec<u8>,
    /// Where each cell ends in `text`.
    pub(crate) ends: Vec<usize>,
    /// Where each cell begins in the record as it stands in the file, its quote included.
    pub(crate) starts: Vec<usize>,
}

impl Record {
    /// Forgets the cells and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.starts.clear();
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, cell: &[u8]) {
        self.text.extend_from_slice(cell);
        self.ends.push(self.text.len());
    }
}

/// What stands at the beginning of some text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A record of `length` bytes; with its line end it takes `consumed` bytes and `lines` lines.
    Record {
        length: usize,
        consumed: usize,
        lines: u64,
    },
    /// A quote is opened and not closed.
    OpenQuote,
    /// More text is needed to tell.
    More,
}

/// Parses the record at the beginning of `input`; `at_end` says that nothing follows the input.
pub(crate) fn parse(input: &[u8], at_end: bool, dialect: Dialect, record: &mut Record) -> Parsed {
    record.clear();
    let (mut at, mut lines) = (0, 0);
    loop {
        record.starts.push(at);
        let begin = at + input[at..].iter().take_while(|byte| **byte == b' ').count();
        if begin == input.len() && !at_end {
            return Parsed::More;
        }
        let cell = if input.get(begin) == Some(&dialect.quote) {
            quoted(input, begin + 1, at_end, dialect, record, &mut lines)
        } else {
            unquoted(input, at, at_end, dialect, record)
        };
        at = match cell {
            Cell::EndsAt(end) => end,
            Cell::OpenQuote => return Parsed::OpenQuote,
            Cell::More => return Parsed::More,
        };
        record.ends.push(record.text.len());
        match input.get(at) {
            Some(byte) if *byte == dialect.delimiter => at += 1,
            Some(_) => {
                return match line_end(input, at, at_end) {
                    Some(length) => Parsed::Record {
                        length: at,
                        consumed: at + length,
                        lines: lines + 1,
                    },
                    None => Parsed::More,
                };
            }
            None => {
                return Parsed::Record {
                    length: at,
                    consumed: at,
                    lines: lines + 1,
                };
            }
        }
    }
}

enum Cell {
    /// The position of the delimiter or line end after the cell, or the end of the text.
    EndsAt(usize),
    OpenQuote,
    More,
}

fn unquoted(
    input: &[u8],
    from: usize,
    at_end: bool,
    dialect: Dialect,
    record: &mut Record,
) -> Cell {
    let end = match memchr3(dialect.delimiter, b'\n', b'\r', &input[from..]) {
        Some(length) => from + length,
        None if at_end => input.len(),
        None => return Cell::More,
    };
    record.text.extend_from_slice(&input[from..end]);
    Cell::EndsAt(end)
}

fn quoted(
    input: &[u8],
    from: usize,
    at_end: bool,
    dialect: Dialect,
    record: &mut Record,
    lines: &mut u64,
) -> Cell {
    let (mut at, mut stray, first_line) = (from, false, *lines);
    loop {
        let Some(length) = memchr3(dialect.quote, b'\n', b'\r', &input[at..]) else {
            return if at_end { Cell::OpenQuote } else { Cell::More };
        };
        let found = at + length;
        if input[found] != dialect.quote {
            let Some(end) = line_end(input, found, at_end) else {
                return Cell::More;
            };
            *lines += 1;
            // After a stray quote nobody can say which one was meant to close the cell.
            if stray || *lines >= MOST_LINES {
                return Cell::OpenQuote;
            }
            record.text.extend_from_slice(&input[at..found + end]);
            at = found + end;
            continue;
        }
        if dialect.backslashes && is_escaped(&input[from..found]) {
            record.text.extend_from_slice(&input[at..found - 1]);
            record.text.push(dialect.quote);
            at = found + 1;
            continue;
        }
        record.text.extend_from_slice(&input[at..found]);
        match after_quote(input, found + 1, at_end, dialect) {
            AfterQuote::More => return Cell::More,
            AfterQuote::Closes(end) => return Cell::EndsAt(end),
            AfterQuote::Escape => {
                record.text.push(dialect.quote);
                at = found + 2;
            }
            AfterQuote::Stray if *lines > first_line => return Cell::OpenQuote,
            AfterQuote::Stray => {
                stray = true;
                record.text.push(dialect.quote);
                at = found + 1;
            }
        }
    }
}

/// Tells whether a text ends with a backslash that another one doesn't take the meaning of.
fn is_escaped(before: &[u8]) -> bool {
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

enum AfterQuote {
    Escape,
    Closes(usize),
    Stray,
    More,
}

fn after_quote(input: &[u8], at: usize, at_end: bool, dialect: Dialect) -> AfterQuote {
    if input.get(at) == Some(&dialect.quote) {
        return AfterQuote::Escape;
    }
    let end = at + input[at..].iter().take_while(|byte| **byte == b' ').count();
    match input.get(end) {
        None if at_end => AfterQuote::Closes(end),
        None => AfterQuote::More,
        Some(byte) if *byte == dialect.delimiter || matches!(byte, b'\n' | b'\r') => {
            AfterQuote::Closes(end)
        }
        Some(_) => AfterQuote::Stray,
    }
}

/// Returns the length of the line end at `at`, `None` when a carriage return may be half of one.
fn line_end(input: &[u8], at: usize, at_end: bool) -> Option<usize> {
    match (input[at], input.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(2),
        (b'\r', None) if !at_end => None,
        _ => Some(1),
    }
}

/// Returns where the first line of `input` ends and how long its line end is, `None` when it does not end there.
pub(crate) fn first_line(input: &[u8], at_end: bool) -> Option<(usize, usize)> {
    match memchr2(b'\n', b'\r', input) {
        Some(at) => line_end(input, at, at_end).map(|length| (at, length)),
        None if at_end => Some((input.len(), 0)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect::of(b',');

    fn cells(input: &str) -> (Vec<String>, usize) {
        cells_in(COMMA, input)
    }

    fn cells_in(dialect: Dialect, input: &str) -> (Vec<String>, usize) {
        let mut record = Record::default();
        match parse(input.as_bytes(), true, dialect, &mut record) {
            Parsed::Record { consumed, .. } => {
                let text = String::from_utf8(record.text).unwrap();
                let mut from = 0;
                let cells = record
                    .ends
                    .iter()
                    .map(|end| text[std::mem::replace(&mut from, *end)..*end].to_owned());
                (cells.collect(), consumed)
            }
            other => (vec![format!("{other:?}")], 0),
        }
    }

    #[test]
    fn quotes_escapes_and_line_ends_are_read_as_everyone_reads_them() {
        let cases: &[(&str, &[&str])] = &[
            ("a,b,c\n", &["a", "b", "c"]),
            ("a,b,c\r\nnext", &["a", "b", "c"]),
            ("a,b,c", &["a", "b", "c"]),
            ("a,,\n", &["a", "", ""]),
            ("\"a,b\",c\n", &["a,b", "c"]),
            ("\"say \"\"hi\"\"\",c\n", &["say \"hi\"", "c"]),
            ("\"two\r\nlines\",c\n", &["two\r\nlines", "c"]),
            ("a, \"b, c\" ,d\n", &["a", "b, c", "d"]),
            ("5\" pipe,b\n", &["5\" pipe", "b"]),
            ("\"\",b\n", &["", "b"]),
        ];
        for (input, expected) in cases {
            assert_eq!(cells(input).0, *expected, "{input:?}");
        }
    }

    #[test]
    fn a_quote_behind_a_backslash_is_part_of_the_cell_where_a_database_wrote_it() {
        let database = Dialect {
            backslashes: true,
            ..COMMA
        };
        for (input, expected) in [
            (
                r#""say \"hi, all\" twice",x"#,
                ["say \"hi, all\" twice", "x"],
            ),
            (r#""\"Mira\", they said",x"#, ["\"Mira\", they said", "x"]),
            (r#""C:\Temp\\",x"#, [r"C:\Temp\\", "x"]),
            (r#""doubled "" too",x"#, ["doubled \" too", "x"]),
        ] {
            assert_eq!(cells_in(database, input).0, expected, "{input}");
        }
    }

    #[test]
    fn a_stray_quote_stays_where_it_is_while_its_line_lasts() {
        assert_eq!(
            cells("\"John \"Johnny\" Doe\",x\n").0,
            ["John \"Johnny\" Doe", "x"]
        );
    }

    #[test]
    fn an_open_quote_does_not_swallow_the_lines_below() {
        assert_eq!(cells("a,\"b\nc,\"d\ne,f\n").0, ["OpenQuote"]);
        assert_eq!(cells("a,\"b\nc,d\n").0, ["OpenQuote"]);
        assert_eq!(cells("\"\"a\n\"\"a\n").0, ["OpenQuote"]);
    }

    #[test]
    fn nothing_is_decided_before_enough_text_is_there() {
        let mut record = Record::default();
        for input in ["a,b", "a,\"b", "a,\"b\"", "a,b\r", "a, ", ""] {
            assert_eq!(
                parse(input.as_bytes(), false, COMMA, &mut record),
                Parsed::More,
                "{input:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back_the_same(
            rows in proptest::collection::vec(proptest::collection::vec("[a-zA-Zäö €\",;\n\r ']{0,8}", 2..5), 1..6)
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let mut rest = std::str::from_utf8(&bytes).unwrap();
            for row in &rows {
                let (read, consumed) = cells(rest);
                proptest::prop_assert_eq!(&read, row);
                rest = &rest[consumed..];
            }
        }

        #[test]
        fn any_bytes_give_a_record_that_ends_where_it_should(bytes in proptest::collection::vec(proptest::sample::select(b"ab,\" \r\n".to_vec()), 0..40)) {
            let mut record = Record::default();
            if let Parsed::Record { length, consumed, .. } = parse(&bytes, true, COMMA, &mut record) {
                proptest::prop_assert!(length <= consumed && consumed <= bytes.len());
                proptest::prop_assert_eq!(record.starts.len(), record.ends.len());
            }
        }
    }
}
