//! Files of records: strict about quotes, as Salesforce is.

use super::job::Format;

/// A record of a file: its values, or why it can't be read.
pub(crate) type Line = Result<Vec<String>, &'static str>;

/// Reads the records of a file one by one. Lines end with LF, with CR and LF, or with the text.
pub(crate) struct Reader<'a> {
    rest: &'a str,
    delimiter: char,
}

impl<'a> Reader<'a> {
    /// Reads `text`.
    pub(crate) fn new(text: &'a str, format: Format) -> Reader<'a> {
        Reader {
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
            delimiter: format.delimiter,
        }
    }

    /// The next record as it stands in the file, with its line's end; blank lines are passed over.
    pub(crate) fn next_raw(&mut self) -> Option<&'a str> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let end = end_of_record(self.rest);
            let (record, rest) = self.rest.split_at(end);
            self.rest = rest;
            if !record.trim_end_matches(['\r', '\n']).is_empty() {
                return Some(record);
            }
        }
    }

    /// The values of a record.
    pub(crate) fn values(&self, record: &str) -> Line {
        values(record.trim_end_matches(['\r', '\n']), self.delimiter)
    }
}

/// The bytes up to and with the line's end that stands in no quotes.
fn end_of_record(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn values(line: &str, delimiter: char) -> Line {
    let mut values = Vec::new();
    let mut rest = line;
    loop {
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted)?,
            None => {
                let end = rest.find(delimiter).unwrap_or(rest.len());
                let (plain, after) = rest.split_at(end);
                if plain.contains('"') {
                    return Err("a quotation mark stands in a value without quotation marks");
                }
                (plain.to_owned(), after)
            }
        };
        values.push(value);
        let mut letters = after.chars();
        match letters.next() {
            None => return Ok(values),
            Some(c) if c == delimiter => rest = letters.as_str(),
            Some(_) => return Err("a quotation mark is followed by text"),
        }
    }
}

/// The value up to its closing quotation mark, and what follows.
fn quoted_value(text: &str) -> Result<(String, &str), &'static str> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest
            .split_once('"')
            .ok_or("a quotation mark is not closed")?;
        value.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                value.push('"');
                rest = after;
            }
            None => return Ok((value, after)),
        }
    }
}

/// Writes a record, each value in quotation marks.
pub(crate) fn write<'a>(
    out: &mut String,
    values: impl IntoIterator<Item = &'a str>,
    format: Format,
) {
    for (n, value) in values.into_iter().enumerate() {
        if n > 0 {
            out.push(format.delimiter);
        }
        out.push('"');
        out.push_str(&value.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str(if format.crlf { "\r\n" } else { "\n" });
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: Format = Format {
        delimiter: ',',
        crlf: false,
    };

    fn read(text: &str) -> Vec<Line> {
        let mut reader = Reader::new(text, FORMAT);
        let mut lines = Vec::new();
        while let Some(raw) = reader.next_raw() {
            lines.push(reader.values(raw));
        }
        lines
    }

    #[test]
    fn values_may_hold_delimiters_quotes_and_lines() {
        let lines = read("\u{feff}A,B\n\n\"x, \"\"y\"\"\nz\",\r\n,last");
        let values: Vec<Vec<String>> = lines.into_iter().map(Result::unwrap).collect();
        assert_eq!(values, [["A", "B"], ["x, \"y\"\nz", ""], ["", "last"]]);
    }

    #[test]
    fn a_space_beside_a_quotation_mark_spoils_its_record_alone() {
        let lines = read("\"a\" ,b\n \"a\",b\n\"open\nc,d");
        assert!(lines.iter().all(Result::is_err), "{lines:?}");
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut text = String::new();
        write(&mut text, ["a\"b", "", "c,\r\nd"], FORMAT);
        assert_eq!(
            read(&text),
            [Ok(vec!["a\"b".into(), "".into(), "c,\r\nd".into()])]
        );
    }
}
