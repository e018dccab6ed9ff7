//! CSV files that people open in a spreadsheet.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::files::Draft;
use crate::formulas::guarded_cell;
use crate::{Error, Result};

/// A CSV file being written; it takes its place when it is finished.
pub(crate) struct CsvFile {
    place: PathBuf,
    writer: csv::Writer<Draft>,
}

impl CsvFile {
    /// Begins a file beside its place, with the mark that spreadsheets know UTF-8 by.
    ///
    /// # Errors
    /// When it cannot be written, or something other than a file is in its place.
    pub(crate) fn create(place: &Path) -> Result<Self> {
        let begun = Draft::beside(place).and_then(|mut draft| {
            draft.write_all("\u{feff}".as_bytes())?;
            Ok(draft)
        });
        Ok(Self {
            place: place.to_owned(),
            writer: csv::Writer::from_writer(begun.map_err(|error| Error::file(place, &error))?),
        })
    }

    /// Writes a line; what a spreadsheet would calculate is shown instead.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn line(&mut self, cells: impl Iterator<Item = String>) -> Result<()> {
        self.writer
            .write_record(cells.map(|cell| guarded_cell(&cell)))
            .map_err(|error| Error::file(&self.place, &std::io::Error::other(error)))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(self) -> Result<()> {
        let place = self.place;
        let written = self.writer.into_inner().map_err(|error| error.into_error());
        written
            .and_then(Draft::finish)
            .map_err(|error| Error::file(&place, &error))
    }
}
