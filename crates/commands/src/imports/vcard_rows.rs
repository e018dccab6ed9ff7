//! Reads vCard files card by card, each as a row of a table with columns of its own.

use std::io::{self, BufRead, BufReader, Read};

use memchr::memchr2;

use super::csv_record::Record;
use super::errors_file::push_quoted;
use super::source::{Cells, Event, Flow, PULSE, Row};
use super::vcards::{COLUMNS, cells};

/// Most bytes of one card, without its pictures and sounds.
const MOST_BYTES: usize = 1 << 20;
/// What takes much room and is not imported.
const SKIPPED: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];

const TOO_LONG: &str = "the card is longer than 1 MB";
const NOT_UTF_8: &str = "the card contains bytes that are not UTF-8 text";
const NO_CARD: &str = "this is not a vCard that can be read";

/// Returns the column names, and the line with them as CSV.
pub(crate) fn header() -> (Vec<String>, Vec<u8>) {
    let names = COLUMNS.map(str::to_owned).to_vec();
    (names, COLUMNS.join(",").into_bytes())
}

/// A reader of cards.
pub(crate) struct VcardRows<R> {
    lines: Lines<R>,
    /// The card being read, but for what is skipped.
    card: Vec<u8>,
    too_long: bool,
    /// The line on which it begins.
    first_line: u64,
    /// How deep the reader is in cards; cards may hold others.
    depth: u32,
    /// The property that is skipped goes on.
    skipping: bool,
    /// The last line begins the card of an agent.
    after_agent: bool,
    /// Bytes up to the last event.
    told: u64,
}

impl<R: Read> VcardRows<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            lines: Lines::new(input),
            card: Vec::new(),
            too_long: false,
            first_line: 1,
            depth: 0,
            skipping: false,
            after_agent: false,
            told: 0,
        }
    }

    /// Hands on every card until the end, or until `take` breaks; true at the end of the input.
    pub(crate) fn for_each<E: From<io::Error>>(
        &mut self,
        take: &mut dyn FnMut(Event<'_>, &R) -> Result<Flow, E>,
    ) -> Result<bool, E> {
        let mut line = Vec::new();
        while self.lines.read(&mut line)? {
            // Whatever lacks its end stops here.
            if self.begins(&line) && self.hand_on(take)?.is_break() {
                return Ok(false);
            }
            if self.add(&line) {
                self.told = self.lines.bytes;
                if self.hand_on(take)?.is_break() {
                    return Ok(false);
                }
            } else if self.lines.bytes - self.told >= PULSE {
                self.told = self.lines.bytes;
                if take(Event::Pulse, self.lines.input())?.is_break() {
                    return Ok(false);
                }
            }
        }
        // What is left lacks its end.
        Ok(self.card.trim_ascii().is_empty() || self.hand_on(take)?.is_continue())
    }

    /// Tells whether a line begins another card behind what is read; an agent's card stands inside another.
    fn begins(&self, line: &[u8]) -> bool {
        let is_begun = !self.card.is_empty() || self.too_long;
        is_begun && !self.after_agent && is_line(line, b"BEGIN:VCARD")
    }

    /// Adds a line; true when it ends a card.
    fn add(&mut self, line: &[u8]) -> bool {
        let goes_on = line.starts_with(b" ") || line.starts_with(b"\t");
        if goes_on && self.skipping {
            return false;
        }
        self.skipping = is_skipped(line);
        if self.skipping {
            return false;
        }
        if self.card.is_empty() && !self.too_long {
            if line.trim_ascii().is_empty() {
                return false;
            }
            self.first_line = self.lines.count;
        }
        let after_agent = std::mem::replace(&mut self.after_agent, is_agent(line));
        self.skipping = self.after_agent;
        // An agent's card inside this one is about somebody else.
        let is_of_agent = after_agent && is_line(line, b"BEGIN:VCARD") || self.depth > 1;
        if !is_of_agent && !self.after_agent {
            self.keep(line);
        }
        if is_line(line, b"BEGIN:VCARD") {
            self.depth = if after_agent { self.depth + 1 } else { 1 };
        } else if is_line(line, b"END:VCARD") {
            self.depth = self.depth.saturating_sub(1);
            return self.depth == 0;
        }
        false
    }

    fn keep(&mut self, line: &[u8]) {
        if self.card.len() + line.len() > MOST_BYTES {
            self.too_long = true;
        } else {
            self.card.extend_from_slice(line);
            self.card.extend_from_slice(b"\r\n");
        }
    }

    fn hand_on<E: From<io::Error>>(
        &mut self,
        take: &mut dyn FnMut(Event<'_>, &R) -> Result<Flow, E>,
    ) -> Result<Flow, E> {
        let card = std::mem::take(&mut self.card);
        let lacks_end = std::mem::take(&mut self.depth) > 0;
        let read = match std::str::from_utf8(&card) {
            _ if std::mem::take(&mut self.too_long) => Err(TOO_LONG),
            _ if lacks_end => Err(NO_CARD),
            Ok(text) => cells(text).ok_or(NO_CARD),
            Err(_) => Err(NOT_UTF_8),
        };
        let (mut record, mut raw) = (Record::default(), Vec::new());
        match &read {
            Ok(cells) => {
                for cell in cells {
                    if !record.ends.is_empty() {
                        raw.push(b',');
                    }
                    record.starts.push(raw.len());
                    push_quoted(&mut raw, cell, b',', b'"');
                    record.push(cell.as_bytes());
                }
            }
            Err(_) => push_quoted(&mut raw, &String::from_utf8_lossy(&card), b',', b'"'),
        }
        // Only whole cells of text were added.
        let text = std::str::from_utf8(&record.text).unwrap_or_default();
        let row = Row {
            number: self.first_line,
            lines: 1,
            cells: Cells::new(text, &record.ends),
            starts: &record.starts,
            raw: &raw,
            fault: read.err(),
            unfinished: false,
        };
        take(Event::Row(row), self.lines.input())
    }
}

fn is_line(line: &[u8], text: &[u8]) -> bool {
    line.trim_ascii().eq_ignore_ascii_case(text)
}

fn is_agent(line: &[u8]) -> bool {
    line.get(..5)
        .is_some_and(|name| name.eq_ignore_ascii_case(b"AGENT"))
}

/// Tells whether a line begins a property that is left out; a group may stand before its name.
fn is_skipped(line: &[u8]) -> bool {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';'));
    let name = &line[..end.unwrap_or(0)];
    let name = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    SKIPPED
        .iter()
        .any(|skipped| name.eq_ignore_ascii_case(skipped.as_bytes()))
}

/// Reads lines; of one too long only the beginning.
struct Lines<R> {
    input: BufReader<R>,
    /// Lines, and bytes, so far.
    count: u64,
    bytes: u64,
    after_return: bool,
}

impl<R: Read> Lines<R> {
    fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(64 * 1024, input),
            count: 0,
            bytes: 0,
            after_return: false,
        }
    }

    fn input(&self) -> &R {
        self.input.get_ref()
    }

    /// Reads the next line without its end; false at the end of the input.
    fn read(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let mut is_begun = false;
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                self.count += u64::from(is_begun);
                return Ok(is_begun);
            }
            if std::mem::take(&mut self.after_return) && input[0] == b'\n' {
                self.input.consume(1);
                self.bytes += 1;
                continue;
            }
            is_begun = true;
            let end = memchr2(b'\n', b'\r', input);
            let length = end.unwrap_or(input.len());
            let room = (MOST_BYTES + 1).saturating_sub(line.len());
            line.extend_from_slice(&input[..length.min(room)]);
            self.after_return = end.is_some_and(|end| input[end] == b'\r');
            let consumed = length + usize::from(end.is_some());
            self.input.consume(consumed);
            self.bytes += consumed as u64;
            if end.is_some() {
                self.count += 1;
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    fn rows(input: impl Read) -> Vec<String> {
        let mut seen = Vec::new();
        let mut rows = VcardRows::new(input);
        rows.for_each::<io::Error>(&mut |event, _| {
            match event {
                Event::Row(row) => seen.push(match row.fault {
                    Some(fault) => format!("{} {fault}", row.number),
                    None => {
                        let filled = row.cells.iter().filter(|cell| !cell.is_empty());
                        format!("{} {}", row.number, filled.collect::<Vec<_>>().join("|"))
                    }
                }),
                Event::Rest(_) | Event::Pulse => {}
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        seen
    }

    fn card(lines: &str) -> String {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}\r\nEND:VCARD\r\n")
    }

    #[test]
    fn each_card_is_a_row_whatever_the_line_ends() {
        let text = card("EMAIL:a@example.com") + "\r\n" + &card("EMAIL:b@example.com");
        let expected = ["1 a@example.com", "6 b@example.com"];
        assert_eq!(rows(text.as_bytes()), expected);
        assert_eq!(rows(text.replace("\r\n", "\n").as_bytes()), expected);
        assert_eq!(rows(text.replace("\r\n", "\r").as_bytes()), expected);
    }

    #[test]
    fn pictures_do_not_count_and_cards_too_long_are_invalid_alone() {
        let folded = "\r\n ".to_owned() + &"A".repeat(75);
        let photo = format!(
            "item1.PHOTO;ENCODING=b:AAAA{}\r\nEMAIL:a@example.com",
            folded.repeat(20_000)
        );
        let note = format!("NOTE:x{}", folded.repeat(20_000));
        let text = card(&photo) + &card(&note) + &card("EMAIL:b@example.com");
        let rows = rows(text.as_bytes());
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0], "1 a@example.com");
        assert!(rows[1].ends_with(TOO_LONG), "{}", rows[1]);
        assert!(rows[2].ends_with(" b@example.com"), "{}", rows[2]);
    }

    #[test]
    fn the_card_of_an_agent_is_passed_over_and_what_follows_it_is_read() {
        let folded = card("EMAIL:a@example.com\r\nAGENT;VALUE=uri:cid:\r\n other");
        assert_eq!(rows(folded.as_bytes()), ["1 a@example.com"]);
        let agent = "AGENT:\r\nBEGIN:VCARD\r\nEMAIL:other@example.com\r\nEND:VCARD\r\n";
        let text = card(&format!("{agent}EMAIL:a@example.com")) + &card("EMAIL:b@example.com");
        assert_eq!(
            rows(text.as_bytes()),
            ["1 a@example.com", "9 b@example.com"]
        );
    }

    #[test]
    fn what_is_no_card_is_told() {
        let text = card("EMAIL:a@example.com")
            + "some text\r\nBEGIN:VCARD\r\nEMAIL:b@example.com\r\n"
            + &card("EMAIL:c@example.com");
        let fault = "this is not a vCard that can be read";
        let expected = [
            "1 a@example.com".to_owned(),
            format!("5 {fault}"),
            format!("6 {fault}"),
            "8 c@example.com".to_owned(),
        ];
        assert_eq!(rows(text.as_bytes()), expected);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(proptest::sample::select(b"A:;=.\r\n \\,\xff\xc3".to_vec()), 0..200)) {
            let text = [b"BEGIN:VCARD\r\n".as_slice(), &bytes, b"\r\nEND:VCARD\r\n"].concat();
            rows(text.as_slice());
            rows(bytes.as_slice());
        }
    }
}
