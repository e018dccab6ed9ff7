//! Reads delimited text row by row, in bounded memory, and always finds the next row again.

use std::io::{self, Read};

use memchr::memchr;

use super::csv_record::{Dialect, Parsed, Record, first_line, parse};
use super::packed;
use super::source::{Cells, Event, Flow, PULSE, Row};

/// Most bytes of one record; a longer one is a faulty row.
const MOST_BYTES: usize = 1 << 20;
const CHUNK: usize = 256 * 1024;

/// A reader of rows.
pub(crate) struct CsvRows<R> {
    input: R,
    dialect: Dialect,
    buffer: Vec<u8>,
    /// What is read and not yet consumed.
    start: usize,
    end: usize,
    at_end: bool,
    /// The next row's number.
    number: u64,
    /// Bytes of blank lines since the last pulse.
    blank: usize,
    record: Record,
    damage: bool,
    /// Each row is a single quoted cell that holds the others.
    packed: bool,
}

enum Stepped {
    Row(Step),
    /// Nothing but blank lines for a while.
    Pulse,
    End,
}

/// One row's place in the buffer.
struct Step {
    length: usize,
    consumed: usize,
    lines: u64,
    fault: Option<&'static str>,
    /// The line goes on beyond the buffer.
    unfinished: bool,
}

impl<R: Read> CsvRows<R> {
    /// `damage` says that U+FFFD in the text stands for bytes that could not be decoded.
    pub(crate) fn new(input: R, dialect: Dialect, damage: bool) -> Self {
        let buffer = vec![0; MOST_BYTES + CHUNK];
        Self {
            input,
            dialect,
            buffer,
            start: 0,
            end: 0,
            at_end: false,
            number: 1,
            blank: 0,
            record: Record::default(),
            damage,
            packed: false,
        }
    }

    /// Says whether each row is a single quoted cell that holds the others.
    pub(crate) fn packed(mut self, packed: bool) -> Self {
        self.packed = packed;
        self
    }

    /// Reads on, or notes that the input ends.
    fn fill(&mut self) -> io::Result<()> {
        if self.end + CHUNK > self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        match self.input.read(&mut self.buffer[self.end..]) {
            Ok(0) => {
                self.at_end = true;
                while self.buffer[self.start..self.end].last() == Some(&END_OF_FILE) {
                    self.end -= 1;
                }
            }
            Ok(read) => self.end += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn step(&mut self) -> io::Result<Stepped> {
        // Read anew only once there is twice as much of it, a long record takes no longer than its length asks for.
        let mut wanted = 0;
        loop {
            let begin = self.start;
            self.skip_blank_lines();
            self.blank += self.start - begin;
            if self.blank as u64 >= PULSE {
                self.blank = 0;
                return Ok(Stepped::Pulse);
            }
            let input = &self.buffer[self.start..self.end];
            if input.is_empty() && self.at_end {
                return Ok(Stepped::End);
            }
            if !input.is_empty() && (input.len() >= wanted || self.at_end) {
                match parse(input, self.at_end, self.dialect, &mut self.record) {
                    Parsed::Record {
                        length,
                        consumed,
                        lines,
                    } => {
                        return Ok(Stepped::Row(Step {
                            length,
                            consumed,
                            lines,
                            fault: None,
                            unfinished: false,
                        }));
                    }
                    Parsed::OpenQuote => return self.faulty_line(OPEN_QUOTE).map(Stepped::Row),
                    Parsed::More if input.len() >= MOST_BYTES => {
                        let quoted = first_line(input, self.at_end).is_some();
                        return self
                            .faulty_line(if quoted { OPEN_QUOTE } else { TOO_LONG })
                            .map(Stepped::Row);
                    }
                    Parsed::More => wanted = (2 * input.len()).min(MOST_BYTES),
                }
            }
            self.fill()?;
        }
    }

    /// Gives up a record and takes its first line alone, so that reading goes on below it.
    fn faulty_line(&mut self, reason: &'static str) -> io::Result<Step> {
        loop {
            let input = &self.buffer[self.start..self.end];
            let (length, line_end, unfinished) = match first_line(input, self.at_end) {
                Some((length, line_end)) => (length, line_end, false),
                None if input.len() >= MOST_BYTES => (input.len(), 0, true),
                None => {
                    self.fill()?;
                    continue;
                }
            };
            self.record.clear();
            let lines = u64::from(!unfinished);
            return Ok(Step {
                length,
                consumed: length + line_end,
                lines,
                fault: Some(reason),
                unfinished,
            });
        }
    }

    fn skip_blank_lines(&mut self) {
        while self.start < self.end {
            match (
                self.buffer[self.start],
                self.buffer[self.start..self.end].get(1),
            ) {
                (b'\n', _) => self.start += 1,
                (b'\r', Some(b'\n')) => self.start += 2,
                (b'\r', None) if !self.at_end => return,
                (b'\r', _) => self.start += 1,
                _ => return,
            }
            self.number += 1;
        }
    }

    /// Hands on every row until the end, or until `take` breaks; true at the end of the input.
    pub(crate) fn for_each<E: From<io::Error>>(
        &mut self,
        take: &mut dyn FnMut(Event<'_>, &R) -> Result<Flow, E>,
    ) -> Result<bool, E> {
        loop {
            let step = match self.step()? {
                Stepped::Row(step) => step,
                Stepped::End => return Ok(true),
                Stepped::Pulse if take(Event::Pulse, &self.input)?.is_break() => return Ok(false),
                Stepped::Pulse => continue,
            };
            let raw = self.start..self.start + step.length;
            let number = self.number;
            self.start += step.consumed;
            // A spreadsheet shows a row that spans lines as one.
            self.number += step.lines.min(1);
            let mut raw = &self.buffer[raw];
            if !raw.is_empty() && raw.iter().all(|byte| *byte == END_OF_FILE) {
                continue;
            }
            let inner = if self.packed {
                packed::inner(raw)
            } else {
                None
            };
            if let Some(inner) = &inner
                && let Parsed::Record { .. } = parse(inner, true, self.dialect, &mut self.record)
            {
                raw = inner;
            } else if inner.is_some() {
                parse(raw, true, self.dialect, &mut self.record);
            }
            let (cells, fault) = cells(&self.record, raw, step.fault, self.damage);
            let row = Row {
                number,
                lines: step.lines,
                cells,
                starts: &self.record.starts,
                raw,
                fault,
                unfinished: step.unfinished,
            };
            if take(Event::Row(row), &self.input)?.is_break() {
                return Ok(false);
            }
            if step.unfinished && self.rest_of_line(take)? {
                return Ok(false);
            }
        }
    }

    /// Hands on what is left of a line too long for the buffer; true when `take` breaks.
    fn rest_of_line<E: From<io::Error>>(
        &mut self,
        take: &mut dyn FnMut(Event<'_>, &R) -> Result<Flow, E>,
    ) -> Result<bool, E> {
        loop {
            if self.start == self.end {
                self.fill()?;
            }
            let input = &self.buffer[self.start..self.end];
            let line = first_line(input, self.at_end);
            // A carriage return at the very end may be half of a line end.
            let half = usize::from(line.is_none() && input.last() == Some(&b'\r'));
            let (length, line_end) = line.unwrap_or((input.len() - half, 0));
            let broke = take(Event::Rest(&input[..length]), &self.input)?.is_break();
            self.start += length + line_end;
            if line.is_some() {
                self.number += 1;
            }
            if line.is_some() || broke {
                return Ok(broke);
            }
            if half > 0 {
                self.fill()?;
            }
        }
    }
}

/// With this sign MS-DOS ended a text.
const END_OF_FILE: u8 = 0x1a;
const OPEN_QUOTE: &str = "a quotation mark isn't closed";
const TOO_LONG: &str = "the row is longer than 1 MB";

fn cells<'a>(
    record: &'a Record,
    raw: &[u8],
    fault: Option<&'static str>,
    damage: bool,
) -> (Cells<'a>, Option<&'static str>) {
    if fault.is_some() {
        return (Cells::NONE, fault);
    }
    if memchr(0, raw).is_some() {
        return (Cells::NONE, Some("the row contains NUL characters"));
    }
    let Ok(text) = std::str::from_utf8(&record.text) else {
        return (
            Cells::NONE,
            Some("the row contains bytes that aren't UTF-8 text"),
        );
    };
    if damage && text.contains(char::REPLACEMENT_CHARACTER) {
        return (
            Cells::NONE,
            Some("the row contains bytes that don't belong to the file's encoding"),
        );
    }
    (Cells::new(text, &record.ends), None)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    /// Gives one byte at a time, so that every border of a chunk is met.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            out[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn rows(input: impl Read) -> Vec<String> {
        let mut rows = CsvRows::new(input, Dialect::of(b','), false);
        let mut seen: Vec<String> = Vec::new();
        rows.for_each::<io::Error>(&mut |event, _| {
            match event {
                Event::Row(row) => {
                    let raw = String::from_utf8_lossy(row.raw);
                    seen.push(match row.fault {
                        Some(reason) => format!("{} {reason}: {} bytes", row.number, raw.len()),
                        None => format!(
                            "{} {}",
                            row.number,
                            row.cells.iter().collect::<Vec<_>>().join("|")
                        ),
                    });
                }
                Event::Rest(rest) => {
                    let last = seen.last_mut().unwrap();
                    let (head, bytes) = last.rsplit_once(": ").unwrap();
                    let bytes: usize = bytes.strip_suffix(" bytes").unwrap().parse().unwrap();
                    *last = format!("{head}: {} bytes", bytes + rest.len());
                }
                Event::Pulse => seen.push("pulse".to_owned()),
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        seen
    }

    /// Parsing it anew for each byte would take minutes.
    #[test]
    fn a_long_record_that_comes_in_small_pieces_is_read_at_once() {
        let quotes = "\"".repeat(400_000);
        let text = format!("{quotes}\nnext,row\n");
        let begun = std::time::Instant::now();
        let read = rows(Drops(text.as_bytes()));
        assert_eq!(read.last().unwrap(), "2 next|row");
        assert_eq!(read[0].len(), "1 ".len() + 199_999);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        let text = b"a,b\r\n\r\n\"x\ny\",2\nlast,3";
        let expected = ["1 a|b", "3 x\ny|2", "4 last|3"];
        assert_eq!(rows(text.as_slice()), expected);
        assert_eq!(rows(Drops(text)), expected);
    }

    #[test]
    fn reading_goes_on_below_an_unclosed_quote() {
        let text = b"1,\"open\n2,fine\n3,fine\n";
        assert_eq!(
            rows(text.as_slice()),
            [
                "1 a quotation mark isn't closed: 7 bytes",
                "2 2|fine",
                "3 3|fine"
            ]
        );
    }

    #[test]
    fn an_unclosed_quote_is_given_up_after_ten_thousand_lines() {
        let text = format!("0,\"open\n{}", "x,y\n".repeat(12_000));
        let rows = rows(text.as_bytes());
        assert_eq!(rows[0], "1 a quotation mark isn't closed: 7 bytes");
        assert_eq!(rows.len(), 12_001);
    }

    #[test]
    fn a_line_of_ten_megabytes_is_one_faulty_row_passed_on_whole() {
        for cell in [
            "x".repeat(10 << 20),
            format!("\"{}\"", "x".repeat(10 << 20)),
        ] {
            let text = format!("1,{cell},2\r\n2,fine\r\n");
            let rows = rows(text.as_bytes());
            assert_eq!(
                rows[0],
                format!("1 the row is longer than 1 MB: {} bytes", cell.len() + 4)
            );
            assert_eq!(rows[1..], ["2 2|fine"]);
        }
    }

    #[test]
    fn nul_and_broken_utf_8_make_their_row_faulty_alone() {
        let rows = rows(b"a,\0b\nc,\xff\xfe\nd,e\n".as_slice());
        assert_eq!(rows.len(), 3);
        assert!(rows[0].starts_with("1 the row contains NUL"));
        assert!(rows[1].starts_with("2 the row contains bytes that aren't UTF-8"));
        assert_eq!(rows[2], "3 d|e");
    }

    proptest::proptest! {
        #[test]
        fn the_size_of_the_pieces_does_not_matter(bytes in proptest::collection::vec(proptest::sample::select(b"ab,\" \r\n\0\xff".to_vec()), 0..60)) {
            proptest::prop_assert_eq!(rows(bytes.as_slice()), rows(Drops(&bytes)));
        }
    }
}
