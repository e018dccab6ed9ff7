//! The file with the rows that could not be taken in: the same header and the same text, to be mended and imported.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use super::csv_record::Dialect;
use super::encoding::FileEncoding;
use super::source::{Format, Source};
use super::{Error, Result};

/// The column that an errors file adds; it is left out when the file is imported.
pub(crate) const REASON: &str = "Leadferry error";

/// An errors file being written; it comes into being with its first row.
#[derive(Debug)]
pub(crate) struct ErrorsFile {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    bytes: u64,
    encoding: FileEncoding,
    dialect: Dialect,
    line_end: &'static str,
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
            } => (encoding, dialect, line_end),
            // Spreadsheet programs need the mark to see that a CSV file is UTF-8.
            Format::Xlsx { .. } | Format::Mended(_) => {
                let encoding = FileEncoding {
                    encoding: encoding_rs::UTF_8,
                    bom: true,
                };
                (
                    encoding,
                    Dialect {
                        delimiter: b',',
                        quote: b'"',
                    },
                    "\r\n",
                )
            }
        };
        let mut file = Self {
            path,
            file: None,
            bytes: 0,
            encoding,
            dialect,
            line_end,
            head: Vec::new(),
            torn: Vec::new(),
            columns: source.header.len(),
            reason_column,
            discards: matches!(source.format, Format::Mended(_)),
        };
        let mut header = source.header_raw.clone();
        if reason_column.is_none() {
            header.push(dialect.delimiter);
            push_quoted(&mut header, REASON, dialect.delimiter, dialect.quote);
        }
        file.head = encoding.bom_bytes().to_vec();
        file.head
            .extend(file.encoded(&[&header, line_end.as_bytes()]));
        file
    }

    /// Takes up the file of an interrupted import, cut back to what belongs to its committed rows.
    ///
    /// False when the file is not there any more, or shorter than that.
    pub(crate) fn resume(&mut self, path: &Path, bytes: u64) -> Result<bool> {
        let fail = |source| Error::ErrorsFile {
            path: path.to_owned(),
            source,
        };
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(fail(error)),
        };
        if file.metadata().map_err(fail)?.len() < bytes {
            return Ok(false);
        }
        file.set_len(bytes)
            .and_then(|()| file.seek(io::SeekFrom::End(0)))
            .map_err(fail)?;
        self.path = path.to_owned();
        (self.file, self.bytes) = (Some(BufWriter::new(file)), bytes);
        Ok(true)
    }

    /// Returns where the file is, once it has a row.
    pub(crate) fn path(&self) -> Option<&Path> {
        (self.bytes > 0).then_some(self.path.as_path())
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
        line.extend_from_slice(self.line_end.as_bytes());
        let encoded = self.encoded(&[&line]);
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
        let encoded = self.encoded(&[&text]);
        self.append(&encoded)
    }

    /// Ends such a row.
    pub(crate) fn end_pieces(&mut self) -> Result<()> {
        let torn = std::mem::take(&mut self.torn);
        let encoded = self.encoded(&[&torn, self.line_end.as_bytes()]);
        self.append(&encoded)
    }

    /// Makes everything durable.
    pub(crate) fn sync(&mut self) -> Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let synced = file.flush().and_then(|()| file.get_ref().sync_data());
        synced.map_err(|source| Error::ErrorsFile {
            path: self.path.clone(),
            source,
        })
    }

    /// The row, with the reason behind it where that cannot be mistaken for one of its cells.
    fn line(&self, row: &FaultyRow<'_>, line: &mut Vec<u8>) {
        let Dialect { delimiter, quote } = self.dialect;
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

    fn encoded(&self, pieces: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        pieces
            .iter()
            .for_each(|piece| self.encoding.encode(piece, &mut bytes));
        bytes
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        if self.file.is_none() {
            let (path, file) = create(&self.path)?;
            (self.path, self.file) = (path, Some(BufWriter::new(file)));
            let head = std::mem::take(&mut self.head);
            self.append(&head)?;
        }
        if let Some(file) = &mut self.file {
            file.write_all(bytes).map_err(|source| Error::ErrorsFile {
                path: self.path.clone(),
                source,
            })?;
            self.bytes += bytes.len() as u64;
        }
        Ok(())
    }
}

/// Returns where the errors of a file go by default: `people.csv` has `people.errors.csv`.
pub(crate) fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(".errors.csv");
    file.with_file_name(name)
}

/// Creates the file, under another name where one is there already: it may hold rows that are still to be mended.
fn create(path: &Path) -> Result<(PathBuf, File)> {
    let numbered = (2..1000).map(|number| path.with_extension(format!("{number}.csv")));
    for candidate in std::iter::once(path.to_owned()).chain(numbered) {
        match File::create_new(&candidate) {
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
