//! Opens a file, finds out what it is, and reads its rows.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::csv_record::Dialect;
use super::csv_rows::CsvRows;
use super::encoding::{self, FileEncoding, Survey, TextReader};
use super::{Error, ImportRequest, Result, dialect, emails, xlsx_rows};

/// Most columns of a file.
pub(crate) const MOST_COLUMNS: usize = 20_000;
const SAMPLE: u64 = 256 * 1024;
const CHUNK: usize = 64 * 1024;

/// Whether to go on to the next row.
pub(crate) type Flow = ControlFlow<()>;

/// What reading hands on.
pub(crate) enum Event<'a> {
    /// A data row.
    Row(Row<'a>),
    /// More of the row before, which is faulty and too long for memory.
    Rest(&'a [u8]),
}

/// One data row.
pub(crate) struct Row<'a> {
    /// The line that it begins on, from 1.
    pub(crate) line: u64,
    /// How many lines it spans.
    pub(crate) lines: u64,
    /// Its cells; none where it is faulty.
    pub(crate) cells: Cells<'a>,
    /// Where each cell begins in `raw`.
    pub(crate) starts: &'a [usize],
    /// The row as it stands in the file, as UTF-8 and without its line end.
    pub(crate) raw: &'a [u8],
    /// Why it cannot be read.
    pub(crate) fault: Option<&'static str>,
    /// More of it follows as [`Event::Rest`].
    pub(crate) unfinished: bool,
}

/// The cells of a row.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Cells<'a> {
    pub(crate) const NONE: Self = Self {
        text: "",
        ends: &[],
    };

    pub(crate) fn new(text: &'a str, ends: &'a [usize]) -> Self {
        Self { text, ends }
    }

    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// Returns a cell; cells missing at the end of a row are empty.
    pub(crate) fn get(self, at: usize) -> &'a str {
        let Some(end) = self.ends.get(at) else {
            return "";
        };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..*end]
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |at| self.get(at))
    }
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text.
    Csv {
        encoding: FileEncoding,
        dialect: Dialect,
        /// The line end of the first line.
        line_end: &'static str,
    },
    /// One sheet of a workbook.
    Xlsx { sheet: String },
    /// Rows of a file as somebody mended them.
    Mended(Vec<MendedRow>),
}

/// A row as somebody mended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct MendedRow {
    /// Line of the file on which the row begins, from 1.
    pub line: u64,
    /// Its cells in the order of the columns.
    pub cells: Vec<String>,
}

/// A file ready to be read, any number of times.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) format: Format,
    pub(crate) bytes: u64,
    /// SHA-256 of the whole file in hex.
    pub(crate) hash: String,
    /// The column names as they stand in the file.
    pub(crate) header: Vec<String>,
    /// The line with the column names as it stands in the file.
    pub(crate) header_raw: Vec<u8>,
    /// Rows before the first data row.
    head_rows: usize,
    modified: Option<SystemTime>,
}

impl Source {
    /// Opens a file and reads it once, for its hash and its encoding.
    pub(crate) fn open(request: &ImportRequest) -> Result<Self> {
        let path = request.file.as_path();
        let metadata = std::fs::metadata(path).map_err(|error| Error::reading(path, error))?;
        if !metadata.is_file() {
            return Err(Error::NotAFile(path.to_owned()));
        }
        let told = request
            .encoding
            .as_deref()
            .map(encoding::named)
            .transpose()?;
        let read = read_once(path)?;
        if read.first.is_empty() {
            return Err(Error::Empty(path.to_owned()));
        }
        let format = match known_format(path, &read.first)? {
            Known::Spreadsheet => Format::Xlsx {
                sheet: xlsx_rows::choose_sheet(path, request.sheet.as_deref())?,
            },
            Known::Text => {
                let encoding = read.survey.finish(told);
                text_format(path, encoding, request.delimiter)?
            }
        };
        let mut source = Self {
            path: path.to_owned(),
            format,
            bytes: metadata.len(),
            hash: read.hash,
            header: Vec::new(),
            header_raw: Vec::new(),
            head_rows: 0,
            modified: metadata.modified().ok(),
        };
        source.read_header()?;
        Ok(source)
    }

    /// Returns the file with nothing but these rows, as they were mended.
    pub(crate) fn mended(&self, rows: &[MendedRow]) -> Self {
        let mut hash = Sha256::new();
        for row in rows {
            hash.update(row.line.to_be_bytes());
            for cell in &row.cells {
                hash.update(cell.len().to_be_bytes());
                hash.update(cell);
            }
        }
        Self {
            path: self.path.clone(),
            bytes: rows.len() as u64,
            format: Format::Mended(rows.to_vec()),
            hash: hex(&hash.finalize()),
            header: self.header.clone(),
            header_raw: self.header_raw.clone(),
            head_rows: 0,
            modified: None,
        }
    }

    /// Tells whether the file is still the one that was opened.
    pub(crate) fn is_unchanged(&self) -> bool {
        if matches!(self.format, Format::Mended(_)) {
            return true;
        }
        let same = |metadata: Metadata| {
            metadata.len() == self.bytes && metadata.modified().ok() == self.modified
        };
        std::fs::metadata(&self.path).is_ok_and(same)
    }

    /// Hands on every data row and the bytes of the file read so far, until `take` breaks; true at the end.
    pub(crate) fn for_each_row(
        &self,
        take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>,
    ) -> Result<bool> {
        let mut head = self.head_rows;
        self.for_each_line(&mut |event, bytes| match event {
            Event::Row(_) if head > 0 => {
                head -= 1;
                Ok(ControlFlow::Continue(()))
            }
            event => take(event, bytes),
        })
    }

    fn for_each_line(&self, take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>) -> Result<bool> {
        match &self.format {
            Format::Xlsx { sheet } => xlsx_rows::for_each(&self.path, sheet, self.bytes, take),
            Format::Mended(rows) => for_each_mended(rows, take),
            Format::Csv {
                encoding, dialect, ..
            } => {
                let file =
                    File::open(&self.path).map_err(|error| Error::reading(&self.path, error))?;
                let text = TextReader::new(Counted { file, bytes: 0 }, *encoding);
                let mut rows = CsvRows::new(text, *dialect, encoding.replacement_means_damage());
                let result = rows
                    .for_each::<Failure>(&mut |event, text| Ok(take(event, text.inner().bytes)?));
                result.map_err(|failure| match failure {
                    Failure::Read(error) => Error::reading(&self.path, error),
                    Failure::Take(error) => error,
                })
            }
        }
    }

    /// Finds the line with the column names.
    fn read_header(&mut self) -> Result<()> {
        let mut found = None;
        let mut head_rows = 0;
        self.for_each_line(&mut |event, _| {
            let Event::Row(row) = event else {
                return Ok(ControlFlow::Break(()));
            };
            head_rows += 1;
            if head_rows == 1 && separator_line(row.raw).is_some() {
                return Ok(ControlFlow::Continue(()));
            }
            if let Some(reason) = row.fault {
                return Err(Error::FaultyHeader(reason.to_owned()));
            }
            if row.cells.len() > MOST_COLUMNS {
                return Err(Error::TooManyColumns {
                    found: row.cells.len(),
                    most: MOST_COLUMNS,
                });
            }
            // Blank lines above the names are common in spreadsheets.
            if row.cells.iter().all(|cell| cell.trim().is_empty()) {
                return Ok(ControlFlow::Continue(()));
            }
            found = Some((
                row.cells.iter().map(clean_name).collect::<Vec<_>>(),
                row.raw.to_vec(),
            ));
            Ok(ControlFlow::Break(()))
        })?;
        let (header, raw) = found.ok_or_else(|| Error::Empty(self.path.clone()))?;
        if header.iter().any(|name| emails::is_email(name)) {
            return Err(Error::NoHeader(self.path.clone()));
        }
        (self.header, self.header_raw, self.head_rows) = (header, raw, head_rows);
        Ok(())
    }
}

fn clean_name(name: &str) -> String {
    name.trim().trim_start_matches('\u{feff}').trim().to_owned()
}

enum Failure {
    Read(io::Error),
    Take(Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Take(error)
    }
}

/// Counts what is read, for the progress.
struct Counted {
    file: File,
    bytes: u64,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

struct ReadOnce {
    first: Vec<u8>,
    hash: String,
    survey: Survey,
}

fn read_once(path: &Path) -> Result<ReadOnce> {
    let fail = |error| Error::reading(path, error);
    let mut file = File::open(path).map_err(fail)?;
    let (mut hash, mut survey, mut first) = (Sha256::new(), Survey::new(), Vec::new());
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => &buffer[..read],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(fail(error)),
        };
        if first.is_empty() {
            first = read[..read.len().min(64)].to_vec();
        }
        hash.update(read);
        survey.feed(read);
    }
    Ok(ReadOnce {
        first,
        hash: hex(&hash.finalize()),
        survey,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn for_each_mended(
    rows: &[MendedRow],
    take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>,
) -> Result<bool> {
    for (at, row) in rows.iter().enumerate() {
        let mut ends = Vec::with_capacity(row.cells.len());
        let mut text = String::new();
        for cell in &row.cells {
            text.push_str(cell);
            ends.push(text.len());
        }
        let row = Row {
            line: row.line,
            lines: 1,
            cells: Cells::new(&text, &ends),
            starts: &[],
            raw: &[],
            fault: None,
            unfinished: false,
        };
        if take(Event::Row(row), at as u64 + 1)?.is_break() {
            return Ok(false);
        }
    }
    Ok(true)
}

enum Known {
    Spreadsheet,
    Text,
}

fn known_format(path: &Path, first: &[u8]) -> Result<Known> {
    let text = first
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(first)
        .trim_ascii_start()
        .to_ascii_lowercase();
    let what = match first {
        _ if first.starts_with(b"PK\x03\x04") => return Ok(Known::Spreadsheet),
        _ if first.starts_with(b"\xd0\xcf\x11\xe0") => "an old Excel file, or one with a password",
        _ if first.starts_with(b"%PDF") => "a PDF document",
        _ if first.starts_with(b"\x1f\x8b") => "a compressed file",
        _ if first.starts_with(b"SQLite format 3") => "a database",
        _ if text.starts_with(b"begin:vcard") => "a vCard file",
        _ if text.starts_with(b"<!doctype")
            || text.starts_with(b"<html")
            || text.starts_with(b"<?xml") =>
        {
            "a web page or XML"
        }
        _ => return Ok(Known::Text),
    };
    Err(Error::UnknownFormat {
        path: path.to_owned(),
        what,
    })
}

fn text_format(path: &Path, encoding: FileEncoding, told: Option<char>) -> Result<Format> {
    let fail = |error| Error::reading(path, error);
    let file = File::open(path).map_err(fail)?;
    let mut sample = Vec::new();
    TextReader::new(file, encoding)
        .take(SAMPLE)
        .read_to_end(&mut sample)
        .map_err(fail)?;
    let whole = (sample.len() as u64) < SAMPLE;
    let told = match told {
        Some(sign) => Some(delimiter(sign)?),
        None => separator_line(&sample),
    };
    let line_end = match sample.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(at) if sample[at..].starts_with(b"\r\n") => "\r\n",
        Some(at) if sample[at] == b'\r' => "\r",
        _ => "\n",
    };
    Ok(Format::Csv {
        encoding,
        dialect: dialect::guess(&sample, whole, told),
        line_end,
    })
}

fn delimiter(sign: char) -> Result<u8> {
    match u8::try_from(sign) {
        Ok(byte)
            if byte.is_ascii()
                && !byte.is_ascii_alphanumeric()
                && !matches!(byte, b'"' | b'\'' | b'\n' | b'\r' | b' ' | 0) =>
        {
            Ok(byte)
        }
        _ => Err(Error::UnfitDelimiter(sign)),
    }
}

/// Reads the line `sep=;` with which some programs begin a file.
fn separator_line(text: &[u8]) -> Option<u8> {
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""))
        .unwrap_or(line);
    match line {
        [s, e, p, b'=', sign] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            delimiter(char::from(*sign)).ok()
        }
        _ => None,
    }
}
