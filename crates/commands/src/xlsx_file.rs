//! Excel workbooks with one sheet, written row by row in little memory.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use leadferry_store::{Date, Value};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::files::{self, Draft};
use crate::formulas::guarded_cell;
use crate::{Error, Result, values};

/// Rows of a sheet, the headings among them.
///
/// # Source
/// Microsoft, "Excel specifications and limits".
const MOST_ROWS: usize = 1 << 20;
/// Characters of a cell, from the same page.
const MOST_CHARACTERS: usize = 32_767;
/// Excel keeps 15 digits of a number.
const LARGEST_NUMBER: u64 = 999_999_999_999_999;
/// Before this day Excel counts one that never was.
const FIRST_DAY: Date = Date::constant(1900, 3, 1);
const DAY_ZERO: Date = Date::constant(1899, 12, 30);
/// The number of the format that shows a date as the reader's system does.
const SHORT_DATE: u8 = 14;
const COLUMN_WIDTH: f64 = 18.0;

/// A workbook being written; it takes its place when it is finished.
pub(crate) struct XlsxFile {
    place: PathBuf,
    draft: Draft,
    workbook: Workbook,
    row: u32,
    date: Format,
}

impl XlsxFile {
    /// Begins a workbook beside its place. Until it is finished, its rows are in a file without a name there.
    ///
    /// # Errors
    /// When a sheet holds fewer contacts, it cannot be written, or something other than a file is in its place.
    pub(crate) fn create(place: &Path, contacts: usize) -> Result<Self> {
        if contacts >= MOST_ROWS {
            return Err(Error::usage(
                "An Excel sheet can't hold this many contacts.",
                "Export them as CSV, or filter them first.",
            )
            .because("A sheet holds at most 1,048,575 contacts."));
        }
        let draft = Draft::beside(place).map_err(|error| Error::file(place, &error))?;
        let mut workbook = Workbook::new();
        workbook
            .set_tempdir(files::folder_of(place))
            .and_then(|workbook| workbook.add_worksheet_with_constant_memory())
            .map_err(|error| fault(place, error))?;
        Ok(Self {
            place: place.to_owned(),
            draft,
            workbook,
            row: 0,
            date: Format::new().set_num_format_index(SHORT_DATE),
        })
    }

    /// Writes the line of headings, which stays in sight.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn headings<'h>(&mut self, headings: impl Iterator<Item = &'h str>) -> Result<()> {
        let bold = Format::new().set_bold();
        self.put(|sheet, row, _| {
            sheet.set_freeze_panes(1, 0)?;
            for (column, heading) in (0..).zip(headings) {
                sheet.set_column_width(column, COLUMN_WIDTH)?;
                sheet.write_string_with_format(row, column, guarded_cell(heading), &bold)?;
            }
            Ok(())
        })
    }

    /// Writes a contact's line.
    ///
    /// # Errors
    /// When it cannot be written, or a cell cannot hold so much.
    pub(crate) fn line(&mut self, guid: &str, cells: &[Option<Value>]) -> Result<()> {
        let too_long = |value: &Value| matches!(value, Value::Text(text) if text.chars().count() >= MOST_CHARACTERS);
        if cells.iter().flatten().any(too_long) {
            return Err(Error::usage(
                "A text is too long for an Excel cell.",
                "Export the contacts as CSV, or leave out the column with long texts.",
            )
            .because("A cell holds at most 32,767 characters."));
        }
        self.put(|sheet, row, date| {
            sheet.write_string(row, 0, guid)?;
            for (column, cell) in (1..).zip(cells) {
                if let Some(value) = cell {
                    write(sheet, row, column, value, date)?;
                }
            }
            Ok(())
        })
    }

    fn put(
        &mut self,
        write: impl FnOnce(&mut Worksheet, u32, &Format) -> std::result::Result<(), XlsxError>,
    ) -> Result<()> {
        let sheet = self.workbook.worksheet_from_index(0);
        sheet
            .and_then(|sheet| write(sheet, self.row, &self.date))
            .map_err(|error| fault(&self.place, error))?;
        self.row += 1;
        Ok(())
    }

    /// Puts the workbook in its place, unless `goes_on` says no meanwhile.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(mut self, goes_on: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let out = Stoppable {
            draft: &mut self.draft,
            goes_on,
        };
        let saved = self.workbook.save_to_writer(out);
        saved.map_err(|error| fault(&self.place, error))?;
        let placed = self.draft.finish();
        placed.map_err(|error| Error::file(&self.place, &error))
    }
}

/// Packing a large sheet takes a while, and can be stopped, too.
struct Stoppable<'a> {
    draft: &'a mut Draft,
    goes_on: &'a (dyn Fn() -> bool + Sync),
}

impl Write for Stoppable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !(self.goes_on)() {
            return Err(io::Error::other("canceled"));
        }
        self.draft.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.draft.flush()
    }
}

/// Writes a value in the form in which Excel can calculate with it, where that loses nothing.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    date: &Format,
) -> std::result::Result<(), XlsxError> {
    match (value, number(value), day(value)) {
        (_, Some(number), _) => sheet.write_number(row, column, number)?,
        (_, _, Some(day)) => sheet.write_number_with_format(row, column, day, date)?,
        (Value::YesNo(yes), ..) => sheet.write_boolean(row, column, *yes)?,
        // Who saves the sheet as CSV must not get a formula either, and an import takes the mark away again.
        (Value::Text(text), ..) => sheet.write_string(row, column, guarded_cell(text))?,
        _ => sheet.write_string(row, column, values::plain(value))?,
    };
    Ok(())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) if number.unsigned_abs() <= LARGEST_NUMBER => Some(*number as f64),
        Value::Decimal(number) if number.units.unsigned_abs() <= LARGEST_NUMBER => {
            number.to_string().parse().ok()
        }
        Value::Float(number) => Some(*number).filter(|number| keeps_all_digits(*number)),
        _ => None,
    }
}

fn keeps_all_digits(number: f64) -> bool {
    format!("{number:.14e}").parse() == Ok(number)
}

fn day(value: &Value) -> Option<f64> {
    match value {
        Value::Date(date) if *date >= FIRST_DAY => {
            let days = date.since(DAY_ZERO).ok()?.get_days();
            Some(f64::from(days))
        }
        _ => None,
    }
}

fn fault(place: &Path, error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => Error::file(place, &error),
        error => Error::file(place, &io::Error::other(error.to_string())),
    }
}
