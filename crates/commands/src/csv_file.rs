//! CSV files that people open in a spreadsheet.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// A CSV file being written; it takes its place when it is finished.
pub(crate) struct CsvFile {
    place: PathBuf,
    half: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl CsvFile {
    /// Begins a file beside its place, with the mark that spreadsheets know UTF-8 by.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn create(place: &Path) -> Result<Self> {
        let half = place.with_extension("half");
        let fail = |error| Error::file(&half, &error);
        let mut file = BufWriter::new(File::create(&half).map_err(fail)?);
        std::io::Write::write_all(&mut file, "\u{feff}".as_bytes()).map_err(fail)?;
        Ok(Self {
            place: place.to_owned(),
            writer: csv::Writer::from_writer(file),
            half,
        })
    }

    /// Writes a line; what a spreadsheet would calculate is shown instead.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn line(&mut self, cells: impl Iterator<Item = String>) -> Result<()> {
        self.writer
            .write_record(cells.map(safe))
            .map_err(|error| Error::file(&self.half, &std::io::Error::other(error)))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(mut self) -> Result<()> {
        let written = self.writer.flush().and_then(|()| {
            self.writer.get_ref().get_ref().sync_all()?;
            std::fs::rename(&self.half, &self.place)
        });
        written.map_err(|error| Error::file(&self.place, &error))
    }
}

impl Drop for CsvFile {
    fn drop(&mut self) {
        // A finished one is not there any more.
        let _ = std::fs::remove_file(&self.half);
    }
}

/// Puts an apostrophe before what spreadsheets take for a formula; numbers stay.
fn safe(cell: String) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if risky && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nothing_is_calculated_by_a_spreadsheet() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-5", "-5"),
            ("-5+cmd", "'-5+cmd"),
            ("+49 30 1234", "'+49 30 1234"),
            ("Rome", "Rome"),
        ] {
            assert_eq!(safe(cell.to_owned()), written);
        }
    }
}
