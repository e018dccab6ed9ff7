//! Reads one sheet of a workbook row by row; the sheet is never in memory as a whole.

use std::panic::catch_unwind;
use std::path::Path;

use super::csv_record::Record;
use super::errors_file::push_quoted;
use super::merged_cells::MergedCells;
use super::sheet_survey::{Merge, SheetSurvey};
use super::sheets::Sheet;
use super::source::{Cells, Event, Flow, MOST_COLUMNS, Row};
use super::workbook::{Fault, Next, Workbook};
use super::{Error, Result};

const MOST_BYTES: usize = 1 << 20;

/// Returns a workbook's sheets.
pub(crate) fn sheets(path: &Path) -> Result<Vec<Sheet>> {
    let sheets = open(path)?.into_sheets();
    Ok(sheets
        .map(|(name, hidden)| Sheet { name, hidden })
        .collect())
}

/// Looks through the rows of a sheet below a row.
pub(crate) fn survey(
    path: &Path,
    sheet: &str,
    below: u64,
    bytes: u64,
    pulse: &mut dyn FnMut(u64, u64) -> Flow,
) -> Result<SheetSurvey> {
    let mut go_on = |read, of| pulse(share(bytes, read, of), bytes).is_continue();
    let survey = open(path)?.survey(path, sheet, below, &mut go_on);
    match survey {
        Ok(Some(survey)) => Ok(survey),
        Ok(None) => Err(Error::Stopped),
        Err(fault) => Err(error(path, Some(sheet), fault)),
    }
}

/// Hands on every row that holds something, until `take` breaks; true at the end of the sheet.
pub(crate) fn for_each(
    path: &Path,
    sheet: &str,
    bytes: u64,
    merges: &[Merge],
    take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>,
) -> Result<bool> {
    let workbook = open(path)?;
    let mut row = SheetRow::new(merges);
    let complete = workbook.for_each_cell::<Failure>(path, sheet, &mut |next, (read, of)| {
        let read = share(bytes, read, of);
        let Next::Cell(line, column, text) = next else {
            return Ok(take(Event::Pulse, read)?.is_continue());
        };
        if line != row.line {
            if row.hand_on(read, take)?.is_break() {
                return Ok(false);
            }
            row.start(line);
        }
        if column >= MOST_COLUMNS {
            return Err(Failure::Take(Error::TooManyColumns {
                found: column + 1,
                most: MOST_COLUMNS,
            }));
        }
        row.set(column, text);
        Ok(true)
    });
    match complete {
        Ok(true) => Ok(row.hand_on(bytes, take)?.is_continue()),
        Ok(false) => Ok(false),
        Err(Failure::Take(error)) => Err(error),
        Err(Failure::Read(fault)) => Err(error(path, Some(sheet), fault)),
    }
}

/// The size of a packed file says little; the share of the sheet read so far stands in for its bytes.
fn share(bytes: u64, read: u64, of: u64) -> u64 {
    let share = u128::from(bytes) * u128::from(read) / u128::from(of.max(1));
    u64::try_from(share).unwrap_or(bytes)
}

enum Failure {
    Read(Fault),
    Take(Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Read(fault)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Take(error)
    }
}

/// The row being gathered, and the same row as CSV.
struct SheetRow<'m> {
    line: u64,
    record: Record,
    raw: Vec<u8>,
    too_long: bool,
    merged: MergedCells<'m>,
    /// It holds more than what merged cells give to it.
    is_filled: bool,
}

impl<'m> SheetRow<'m> {
    fn new(merges: &'m [Merge]) -> Self {
        Self {
            line: 0,
            record: Record::default(),
            raw: Vec::new(),
            too_long: false,
            merged: MergedCells::new(merges),
            is_filled: false,
        }
    }

    fn start(&mut self, line: u64) {
        self.line = line;
        self.record.clear();
        self.raw.clear();
        (self.too_long, self.is_filled) = (false, false);
        self.merged.go_to(line);
    }

    fn set(&mut self, column: usize, cell: &str) {
        self.too_long |= self.record.text.len() + cell.len() > MOST_BYTES;
        // A cell that is empty, or stands before its neighbours, adds nothing.
        if cell.is_empty() || self.too_long || column < self.record.ends.len() {
            return;
        }
        self.is_filled = true;
        self.merged.keep(self.line, column, cell);
        self.fill(column);
        self.put(column, cell);
    }

    /// Takes over the values of merged cells up to a column.
    fn fill(&mut self, end: usize) {
        if self.merged.is_empty() {
            return;
        }
        let merged = std::mem::replace(&mut self.merged, MergedCells::new(&[]));
        for (column, text) in merged.values(self.line) {
            self.too_long |= self.record.text.len() + text.len() > MOST_BYTES;
            if column < end && column >= self.record.ends.len() && !self.too_long {
                self.put(column, text);
            }
        }
        self.merged = merged;
    }

    fn put(&mut self, column: usize, cell: &str) {
        while self.record.ends.len() < column {
            self.push("");
        }
        self.push(cell);
    }

    fn push(&mut self, cell: &str) {
        if !self.record.ends.is_empty() {
            self.raw.push(b',');
        }
        self.record.starts.push(self.raw.len());
        push_quoted(&mut self.raw, cell, b',', b'"');
        self.record.push(cell.as_bytes());
    }

    fn hand_on(
        &mut self,
        bytes: u64,
        take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>,
    ) -> Result<Flow> {
        if !self.is_filled && !self.too_long {
            return Ok(Flow::Continue(()));
        }
        self.fill(usize::MAX);
        // Only whole cells of text were added.
        let text = std::str::from_utf8(&self.record.text).unwrap_or_default();
        let (cells, fault) = match self.too_long {
            true => (Cells::NONE, Some("the row is longer than 1 MB")),
            false => (Cells::new(text, &self.record.ends), None),
        };
        let row = Row {
            number: self.line,
            lines: 1,
            cells,
            starts: &self.record.starts,
            raw: &self.raw,
            fault,
            unfinished: false,
        };
        take(Event::Row(row), bytes)
    }
}

/// Opens a workbook; a hostile file that makes the unpacking panic is a broken spreadsheet like any other.
fn open(path: &Path) -> Result<Workbook> {
    let opened = catch_unwind(|| Workbook::open(path));
    let opened = opened.unwrap_or_else(|_| Err(Fault::Broken("it is damaged".to_owned())));
    opened.map_err(|fault| error(path, None, fault))
}

fn error(path: &Path, sheet: Option<&str>, fault: Fault) -> Error {
    let path = path.to_owned();
    let place = sheet.map_or_else(String::new, |sheet| format!(" (sheet \"{sheet}\")"));
    match fault {
        Fault::Broken(reason) => Error::Spreadsheet {
            path,
            reason: format!("{reason}{place}"),
        },
        Fault::Limit(limit) => Error::SpreadsheetTooLarge {
            path,
            limit: format!("{limit}{place}"),
        },
        Fault::Io(error) => Error::reading(&path, error),
    }
}
