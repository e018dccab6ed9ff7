//! Files of contacts that people open in a spreadsheet: CSV, and Excel workbooks.

use std::path::Path;

use leadferry_store::Value;

use crate::csv_file::CsvFile;
use crate::headings::OWN_ID;
use crate::xlsx_file::XlsxFile;
use crate::{Error, Result, values};

/// A file of contacts being written; it takes its place when it is finished, and is gone when it is not.
pub(crate) enum ContactsFile {
    Csv(Box<CsvFile>),
    Xlsx(Box<XlsxFile>),
}

impl ContactsFile {
    /// Begins a file for so many contacts; the ending of its name says which kind it is.
    ///
    /// # Errors
    /// When the kind is unknown or holds fewer, the file cannot be written, or something other than a file is in its
    /// place.
    pub(crate) fn create(place: &Path, contacts: usize) -> Result<Self> {
        let ending = place.extension().unwrap_or_default().to_ascii_lowercase();
        match ending.to_str() {
            Some("csv") => CsvFile::create(place).map(Box::new).map(Self::Csv),
            Some("xlsx") => XlsxFile::create(place, contacts)
                .map(Box::new)
                .map(Self::Xlsx),
            _ => Err(Error::usage(
                "Contacts can't be exported to a file of this type.",
                "End the file name with .csv or .xlsx.",
            )),
        }
    }

    /// Writes the line of headings.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn headings(&mut self, headings: &[&str]) -> Result<()> {
        let all = [OWN_ID].into_iter().chain(headings.iter().copied());
        match self {
            Self::Csv(file) => file.line(all.map(str::to_owned)),
            Self::Xlsx(file) => file.headings(all),
        }
    }

    /// Writes a contact's line; text that a spreadsheet would calculate is shown instead.
    ///
    /// # Errors
    /// When it cannot be written, or a cell cannot hold so much.
    pub(crate) fn line(&mut self, guid: &str, cells: &[Option<Value>]) -> Result<()> {
        match self {
            Self::Csv(file) => {
                let cells = cells.iter().map(|cell| {
                    let value = cell.as_ref();
                    value.map(values::plain).unwrap_or_default()
                });
                file.line(std::iter::once(guid.to_owned()).chain(cells))
            }
            Self::Xlsx(file) => file.line(guid, cells),
        }
    }

    /// Puts the file in its place, unless `goes_on` says no meanwhile.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(self, goes_on: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        match self {
            Self::Csv(file) => file.finish(),
            Self::Xlsx(file) => file.finish(goes_on),
        }
    }
}
