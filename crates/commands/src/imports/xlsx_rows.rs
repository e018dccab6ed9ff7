//! Reads one sheet of a workbook row by row; the sheet is never in memory as a whole.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, open_workbook};

use super::csv_record::Record;
use super::errors_file::push_quoted;
use super::source::{Cells, Event, Flow, MOST_COLUMNS, Row};
use super::{Error, Result, workbook_check};

const MOST_BYTES: usize = 1 << 20;
/// The day after 31 December 9999, as spreadsheets count days.
const DAYS: std::ops::Range<f64> = 0.0..2_958_466.0;

type Workbook = Xlsx<BufReader<File>>;

/// Returns the sheet to read: the one named, in any case, else the first.
pub(crate) fn choose_sheet(path: &Path, named: Option<&str>) -> Result<String> {
    if let Some(reason) = workbook_check::fault(path) {
        return Err(Error::Spreadsheet {
            path: path.to_owned(),
            reason: reason.to_owned(),
        });
    }
    let sheets = open(path)?.sheet_names();
    let Some(name) = named else {
        return sheets
            .into_iter()
            .next()
            .ok_or_else(|| Error::Empty(path.to_owned()));
    };
    match sheets
        .iter()
        .find(|sheet| sheet.to_lowercase() == name.trim().to_lowercase())
    {
        Some(sheet) => Ok(sheet.clone()),
        None => Err(Error::NoSuchSheet {
            name: name.to_owned(),
            sheets,
        }),
    }
}

/// Returns the names of a workbook's sheets.
pub(crate) fn sheets(path: &Path) -> Result<Vec<String>> {
    Ok(open(path)?.sheet_names())
}

/// Hands on every row that holds something, until `take` breaks; true at the end of the sheet.
pub(crate) fn for_each(
    path: &Path,
    sheet: &str,
    bytes: u64,
    take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>,
) -> Result<bool> {
    let mut workbook = open(path)?;
    let mut cells = guarded(path, || workbook.worksheet_cells_reader(sheet))?;
    let last_row = u64::from(cells.dimensions().end.0) + 1;
    let mut row = SheetRow::default();
    while let Some(cell) = guarded(path, || cells.next_cell())? {
        let (at, column) = cell.get_position();
        let line = u64::from(at) + 1;
        if line != row.line {
            // The size of a sheet says little; the share of its rows read so far stands in for bytes.
            let read = bytes.saturating_mul(row.line.min(last_row)) / last_row;
            if row.hand_on(read, take)?.is_break() {
                return Ok(false);
            }
            row.start(line);
        }
        let column = column as usize;
        if column >= MOST_COLUMNS {
            return Err(Error::TooManyColumns {
                found: column + 1,
                most: MOST_COLUMNS,
            });
        }
        row.set(column, &text(cell.get_value()));
    }
    Ok(row.hand_on(bytes, take)?.is_continue())
}

/// The row being gathered, and the same row as CSV.
#[derive(Default)]
struct SheetRow {
    line: u64,
    record: Record,
    raw: Vec<u8>,
    too_long: bool,
}

impl SheetRow {
    fn start(&mut self, line: u64) {
        self.line = line;
        self.record.clear();
        self.raw.clear();
        self.too_long = false;
    }

    fn set(&mut self, column: usize, cell: &str) {
        self.too_long |= self.record.text.len() + cell.len() > MOST_BYTES;
        // A cell that is empty, or stands before its neighbours, adds nothing.
        if cell.is_empty() || self.too_long || column < self.record.ends.len() {
            return;
        }
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
        if self.record.ends.is_empty() && !self.too_long {
            return Ok(Flow::Continue(()));
        }
        // Only whole cells of text were added.
        let text = std::str::from_utf8(&self.record.text).unwrap_or_default();
        let (cells, fault) = match self.too_long {
            true => (Cells::NONE, Some("the row is longer than 1 MB")),
            false => (Cells::new(text, &self.record.ends), None),
        };
        let row = Row {
            line: self.line,
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

/// Returns a cell as a person would type it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // What a formula could not work out is no value.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Phone numbers and postal codes come as floating point; whole ones lose the point again.
fn number_text(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if !moment.is_datetime() || !DAYS.contains(&days) {
        return number_text(days);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if days < 1.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

fn open(path: &Path) -> Result<Workbook> {
    guarded(path, || open_workbook(path))
}

/// Runs a step of the reader; a hostile file that makes it panic is a broken spreadsheet like any other.
fn guarded<T>(path: &Path, step: impl FnOnce() -> Result<T, XlsxError>) -> Result<T> {
    let reason = match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(XlsxError::FileNotFound(_))) => "it is not an XLSX file".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it is damaged".to_owned(),
    };
    Err(Error::Spreadsheet {
        path: path.to_owned(),
        reason,
    })
}
