//! The file with the rows that could not be taken in: the same header and the same text, to be mended and imported.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::csv_record::Dialect;
use super::encoding::FileEncoding;
use super::own_files::OwnErrors;
use super::source::{Format, Source};
use super::{Error, Result};
use crate::{files, formulas};

/// The column that an errors file adds; it is left out when the file is imported.
pub(crate) const REASON: &str = "Leadferry error";

/// So many bytes of rows wait in memory, so that it can be noted what the file will hold before it holds it.
const WAITING_BYTES: usize = 1 << 20;

/// An errors file being written; it comes into being when its first rows are written.
#[derive(Debug)]
pub(crate) struct ErrorsFile {
    path: PathBuf,
    file: Option<File>,
    /// What the file doesn't hold yet.
    waiting: Vec<u8>,
    /// With what is waiting.
    bytes: u64,
    /// With what is waiting.
    hash: Sha256,
    encoding: FileEncoding,
    dialect: Dialect,
    line_end: &'static str,
    /// Rows may hold what a spreadsheet would calculate; those of a file of ours were made harmless before.
    guards: bool,
    /// The header, encoded.
    head: Vec<u8>,
    columns: usize,
    /// The beginning of a character whose end is in the next piece of a long row.
    torn: Vec<u8>,
    /// Where the reason stands already, when an errors file is being imported.
    reason_column: Option<usize>,
    /// Rows that were mended stand in the errors file of their own import still.
    discards: bool,
}

/// A faulty row as it stands in its file.
pub(crate) struct FaultyRow<'a> {
    pub(crate) raw: &'a [u8],
    /// Its cells; 0 where it could not be taken apart.
    pub(crate) cells: usize,
    /// Where the old reason begins in `raw`, if it has one.
    pub(crate) old_reason: Option<usize>,
    pub(crate) reason: &'a str,
}

impl ErrorsFile {
    /// Prepares an errors file for a source; nothing is written yet.
    pub(crate) fn new(source: &Source, path: PathBuf, reason_column: Option<usize>) -> Self {
        let (encoding, dialect, line_end) = match source.format {
            Format::Csv {
                encoding,
                dialect,
                line_end,
                ..
            } => (encoding, dialect, line_end),
            Format::Xlsx { .. } | Format::Vcard { .. } | Format::Mended(_) => {
                (FileEncoding::MARKED_UTF_8, Dialect::of(b','), "\r\n")
            }
        };
        let mut file = Self {
            path,
            file: None,
            waiting: Vec::new(),
            bytes: 0,
            hash: Sha256::new(),
            encoding,
            dialect,
            line_end,
            // Between single quotes an apostrophe would end the cell; spreadsheets show such cells as text.
            guards: !source.own.is_guarded() && dialect.quote != b'\'',
            head: Vec::new(),
            torn: Vec::new(),
            columns: source.header.len(),
            reason_column,
            discards: matches!(source.format, Format::Mended(_)),
        };
        let mut header = source.header_raw.clone();
        if reason_column.is_none() {
            header.push(dialect.delimiter);
            if dialect.quote == b'\'' {
                // Single quotes are told from apostrophes by standing around every column name.
                header.extend_from_slice(format!("'{REASON}'").as_bytes());
            } else {
                header.extend_from_slice(REASON.as_bytes());
            }
        }
        file.head = encoding.bom_bytes().to_vec();
        file.head
            .extend(file.encoded(&file.harmless(header), line_end));
        file
    }

    /// Takes up the file of an interrupted import with the `bytes` that belong to its committed rows.
    ///
    /// The file is replaced by a copy of these, never opened for writing. False when it is not as it was left.
    pub(super) fn resume(&mut self, ours: &mut OwnErrors, bytes: u64) -> Result<bool> {
        let Some((draft, hash)) = ours.begun(bytes) else {
            return Ok(false);
        };
        self.path.clone_from(&ours.path);
        let file = draft.go_on().map_err(|source| self.failed(source))?;
        (self.file, self.bytes, self.hash) = (Some(file), bytes, hash);
        Ok(true)
    }

    /// Creates the file, if there is something to write to it.
    pub(super) fn create(&mut self) -> Result<()> {
        if self.file.is_none() && !self.waiting.is_empty() {
            let (path, file) = create(&self.path)?;
            (self.path, self.file) = (path, Some(file));
        }
        Ok(())
    }

    /// Notes what the file holds once it is synced; false where that is known.
    pub(super) fn note(&self, ours: &mut OwnErrors) -> bool {
        ours.note(self.bytes, &self.hash)
    }

    /// Returns where the file is, once it has a row.
    pub(crate) fn path(&self) -> Option<&Path> {
        (self.bytes > 0).then_some(self.path.as_path())
    }

    /// Returns the name of its encoding.
    pub(super) fn encoding(&self) -> String {
        self.encoding.written().name()
    }

    /// Returns its length in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds a row.
    pub(crate) fn write(&mut self, row: &FaultyRow<'_>) -> Result<()> {
        if self.discards {
            return Ok(());
        }
        let mut line = Vec::with_capacity(row.raw.len() + 64);
        self.line(row, &mut line);
        let encoded = self.encoded(&self.harmless(line), self.line_end);
        self.append(&encoded)
    }

    /// Adds a piece of a row too long for memory.
    pub(crate) fn write_piece(&mut self, piece: &[u8]) -> Result<()> {
        let mut text = std::mem::take(&mut self.torn);
        text.extend_from_slice(piece);
        let whole = match std::str::from_utf8(&text) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => text.len(),
        };
        self.torn = text.split_off(whole);
        let encoded = self.encoded(&self.harmless(text), "");
        self.append(&encoded)
    }

    /// Ends such a row.
    pub(crate) fn end_pieces(&mut self) -> Result<()> {
        let torn = std::mem::take(&mut self.torn);
        let encoded = self.encoded(&torn, self.line_end);
        self.append(&encoded)
    }

    /// Makes everything durable.
    pub(crate) fn sync(&mut self) -> Result<()> {
        self.write_waiting()?;
        let Some(file) = &self.file else {
            return Ok(());
        };
        file.sync_data().map_err(|source| self.failed(source))
    }

    fn write_waiting(&mut self) -> Result<()> {
        self.create()?;
        let waiting = std::mem::take(&mut self.waiting);
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.write_all(&waiting)
            .map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::ErrorsFile {
            path: self.path.clone(),
            source,
        }
    }

    /// Returns a line, or a piece of one, of which a spreadsheet calculates nothing.
    fn harmless(&self, line: Vec<u8>) -> Vec<u8> {
        if self.guards {
            formulas::guarded(&line, self.dialect.delimiter)
        } else {
            line
        }
    }

    /// The row, with the reason behind it where that cannot be mistaken for one of its cells.
    fn line(&self, row: &FaultyRow<'_>, line: &mut Vec<u8>) {
        let Dialect {
            delimiter, quote, ..
        } = self.dialect;
        if row.cells == 0 {
            line.extend_from_slice(row.raw);
            return;
        }
        let at = self.reason_column.unwrap_or(self.columns);
        match row.old_reason {
            // A reason that is not the last cell stays as it is.
            Some(_) if row.cells > at + 1 => line.extend_from_slice(row.raw),
            Some(start) => {
                line.extend_from_slice(&row.raw[..start]);
                push_quoted(line, row.reason, delimiter, quote);
            }
            None => {
                line.extend_from_slice(row.raw);
                let missing = (at + 1).saturating_sub(row.cells).max(1);
                line.resize(line.len() + missing, delimiter);
                push_quoted(line, row.reason, delimiter, quote);
            }
        }
    }

    fn encoded(&self, text: &[u8], line_end: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.encoding.encode(text, &mut bytes);
        self.encoding.encode(line_end.as_bytes(), &mut bytes);
        bytes
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        if self.bytes == 0 {
            let head = std::mem::take(&mut self.head);
            self.wait(&head);
        }
        self.wait(bytes);
        match self.waiting.len() > WAITING_BYTES {
            true => self.write_waiting(),
            false => Ok(()),
        }
    }

    fn wait(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }
}

/// Returns where the errors of a file go: `people.csv` has `people.errors.csv` beside it, unless another place is named.
pub(super) fn errors_path(named: Option<&Path>, file: &Path) -> Result<PathBuf> {
    let path = named.map_or_else(
        || {
            let mut name = file.file_stem().unwrap_or_default().to_owned();
            name.push(".errors.csv");
            file.with_file_name(name)
        },
        Path::to_owned,
    );
    std::path::absolute(&path).map_err(|source| Error::ErrorsFile { path, source })
}

/// Creates the file, under another name where one is there already: it may hold rows that are still to be mended.
fn create(path: &Path) -> Result<(PathBuf, File)> {
    let numbered = (2..1000).map(|number| path.with_extension(format!("{number}.csv")));
    for candidate in std::iter::once(path.to_owned()).chain(numbered) {
        match files::create_new(&candidate) {
            Ok(file) => return Ok((candidate, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => {
                return Err(Error::ErrorsFile {
                    path: candidate,
                    source,
                });
            }
        }
    }
    Err(Error::ErrorsFile {
        path: path.to_owned(),
        source: io::ErrorKind::AlreadyExists.into(),
    })
}

/// Writes a cell, quoted where it has to be.
pub(crate) fn push_quoted(out: &mut Vec<u8>, cell: &str, delimiter: u8, quote: u8) {
    let special = |byte: u8| byte == delimiter || byte == quote || matches!(byte, b'\n' | b'\r');
    let blank_edge = cell.starts_with(' ') || cell.ends_with(' ');
    if !cell.bytes().any(special) && !blank_edge {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(quote);
    for byte in cell.bytes() {
        if byte == quote {
            out.push(quote);
        }
        out.push(byte);
    }
    out.push(quote);
}
