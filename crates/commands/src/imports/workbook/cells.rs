//! The cells of one sheet, in the order of the file.

use quick_xml::events::{BytesStart, Event};

use super::parts::Part;
use super::xml::{attribute, push_text};
use super::{Fault, MOST_CELL, PULSE, Result};
use crate::imports::source::MOST_COLUMNS;

/// No spreadsheet program has more rows.
const MOST_ROWS: u64 = 1 << 20;

/// Reads the cells of a sheet.
pub(super) struct Cells<'a> {
    xml: Part<'a>,
    /// Whether the rows have begun.
    begun: bool,
    /// Rows so far, and cells of the last.
    rows: u64,
    cells: usize,
    line: u64,
    column: usize,
    /// Bytes unpacked at the last [`Found::Nothing`].
    told: u64,
    text: String,
}

/// What comes next in a sheet.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// A cell.
    Cell(Cell),
    /// [`PULSE`] bytes without a cell.
    Nothing,
    End,
}

/// One cell.
#[derive(Debug, PartialEq)]
pub(super) struct Cell {
    /// Its row, from 1.
    pub(super) line: u64,
    /// Its column, from 0.
    pub(super) column: usize,
    pub(super) value: Value,
}

/// What a cell holds.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    /// The text that [`Cells::text`] returns.
    Text,
    /// A shared text.
    Shared(u64),
    Bool(bool),
    /// A number, and the format of its cell.
    Number(f64, Option<usize>),
    /// A formula without a stored result.
    Unsolved,
    Empty,
}

/// How the content of a cell is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Number,
    Shared,
    Text,
    Bool,
    Error,
}

impl<'a> Cells<'a> {
    /// Begins with the part that holds the sheet.
    pub(super) fn new(xml: Part<'a>) -> Self {
        Self {
            xml,
            begun: false,
            rows: 0,
            cells: 0,
            line: 0,
            column: 0,
            told: 0,
            text: String::new(),
        }
    }

    /// Returns the text of the last cell.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns how much of the sheet was read, of the share that it says it has.
    pub(super) fn read_of(&self) -> (u64, u64) {
        let of = self.xml.declared().max(1);
        (self.xml.bytes().min(of), of)
    }

    /// Returns what comes next.
    pub(super) fn next(&mut self) -> Result<Found> {
        loop {
            if self.xml.bytes() - self.told >= PULSE {
                self.told = self.xml.bytes();
                return Ok(Found::Nothing);
            }
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "sheetData" => self.begun = true,
                    "row" if self.begun => {
                        let line = attribute(&tag, "r")?.map(|line| number(&line));
                        self.row(line.transpose()?)?;
                    }
                    "c" if self.begun => {
                        let marks = marks(&tag)?;
                        return self.cell(&marks).map(Found::Cell);
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => {
                    return Ok(Found::End);
                }
                Event::Eof => return Err(Fault::damaged()),
                _ => {}
            }
        }
    }

    fn row(&mut self, line: Option<u64>) -> Result<()> {
        (self.rows, self.cells, self.column) = (self.rows + 1, 0, 0);
        self.line = line.unwrap_or(self.line + 1);
        self.check_line()
    }

    fn check_line(&self) -> Result<()> {
        if self.line == 0 {
            return Err(Fault::damaged());
        }
        if self.rows.max(self.line) > MOST_ROWS {
            return Err(Fault::limit(
                "the sheet holds more than 1,048,576 rows".to_owned(),
            ));
        }
        Ok(())
    }

    fn cell(&mut self, marks: &Marks) -> Result<Cell> {
        if let Some((column, line)) = marks.place {
            self.column = column;
            self.line = line.unwrap_or(self.line);
            self.check_line()?;
        }
        self.cells += 1;
        if self.cells > MOST_COLUMNS {
            let reason = format!("row {} holds more than {MOST_COLUMNS} cells", self.line);
            return Err(Fault::limit(reason));
        }
        let has_formula = self.read_content()?;
        let (line, column) = (self.line, self.column);
        self.column += 1;
        Ok(Cell {
            line,
            column,
            value: match self.value(marks.kind, marks.style)? {
                // A formula whose result is an empty text says so.
                Value::Empty if has_formula && marks.kind != Kind::Text => Value::Unsolved,
                value => value,
            },
        })
    }

    /// Reads up to the end of a cell; true when it has a formula, which is passed over, since its result stands beside it.
    fn read_content(&mut self) -> Result<bool> {
        self.text.clear();
        let (begin, mut inside, mut aid) = (self.xml.bytes(), false, false);
        let mut has_formula = false;
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" | "t" => inside = !aid,
                    "rPh" => aid = true,
                    "f" => has_formula = true,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => return Ok(has_formula),
                    "v" | "t" => inside = false,
                    "rPh" => aid = false,
                    _ => {}
                },
                Event::Eof => return Err(Fault::damaged()),
                _ if inside => push_text(&event, &mut self.text)?,
                _ => {}
            }
            // What is read of a cell may begin up to a buffer before it.
            if self.xml.bytes() - begin > 4 * MOST_CELL || self.text.len() as u64 > MOST_CELL {
                let (column, most) = (letters(self.column), MOST_CELL >> 20);
                return Err(Fault::limit(format!(
                    "cell {column}{} holds more than {most} MB",
                    self.line
                )));
            }
        }
    }

    fn value(&self, kind: Kind, style: Option<usize>) -> Result<Value> {
        if self.text.is_empty() {
            return Ok(Value::Empty);
        }
        Ok(match kind {
            Kind::Text | Kind::Error => Value::Text,
            Kind::Shared => Value::Shared(self.text.trim().parse().map_err(|_| Fault::damaged())?),
            Kind::Bool => Value::Bool(matches!(self.text.trim(), "1" | "true" | "TRUE")),
            Kind::Number => match self.text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number, style),
                _ => Value::Text,
            },
        })
    }
}

/// What a cell's tag says of it.
pub(super) struct Marks {
    pub(super) place: Option<(usize, Option<u64>)>,
    pub(super) kind: Kind,
    style: Option<usize>,
}

pub(super) fn marks(tag: &BytesStart<'_>) -> Result<Marks> {
    let mut marks = Marks {
        place: None,
        kind: Kind::Number,
        style: None,
    };
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Fault::damaged())?;
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => marks.place = Some(position(value).ok_or_else(Fault::damaged)?),
            "s" => marks.style = usize::try_from(number(value)?).ok(),
            "t" => marks.kind = kind(value)?,
            _ => {}
        }
    }
    Ok(marks)
}

fn kind(name: &str) -> Result<Kind> {
    Ok(match name {
        "n" => Kind::Number,
        "s" => Kind::Shared,
        "str" | "inlineStr" | "is" | "d" => Kind::Text,
        "b" => Kind::Bool,
        "e" => Kind::Error,
        _ => return Err(Fault::damaged()),
    })
}

fn number(text: &str) -> Result<u64> {
    text.trim().parse().map_err(|_| Fault::damaged())
}

/// Reads the name of a cell, such as `AB12`: its column, from 0, and its row.
pub(super) fn position(name: &str) -> Option<(usize, Option<u64>)> {
    let name = name.trim();
    let digits = name.find(|letter: char| !letter.is_ascii_alphabetic());
    let (letters, row) = name.split_at(digits.unwrap_or(name.len()));
    if letters.is_empty() || letters.len() > 4 {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| {
        26 * column + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    let row = match row {
        "" => None,
        row => Some(row.parse().ok()?),
    };
    Some((column - 1, row))
}

/// Returns the name of a column.
pub(super) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        // The remainder is below 26.
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_by_letters_and_rows() {
        for (name, column, row) in [
            ("A1", 0, Some(1)),
            ("z9", 25, Some(9)),
            ("AA10", 26, Some(10)),
            ("XFD1048576", 16_383, Some(1 << 20)),
            ("B", 1, None),
        ] {
            assert_eq!(position(name), Some((column, row)), "{name}");
        }
        for wrong in [
            "",
            "1",
            "A-1",
            "A1x",
            "AAAAA1",
            "Ä1",
            "A99999999999999999999",
        ] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
        let named: Vec<String> = [0, 25, 26, 701, 702, 16_383].map(letters).into();
        assert_eq!(named, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
