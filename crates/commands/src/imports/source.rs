//! Opens a file, finds out what it is, and reads its rows.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use leadferry_store::grouped;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::charset::Charset;
use super::csv_record::Dialect;
use super::csv_rows::CsvRows;
use super::encoding::{FileEncoding, TextReader};
use super::errors_file::{REASON, push_quoted};
use super::file_kind::{Known, known};
use super::group_headings::{self, Span};
use super::header_names;
use super::header_row::{Candidate, Head, IsName};
use super::packed;
use super::sheet_survey::{Merge, SheetSurvey};
use super::sheets::{self, Sheet};
use super::survey::Survey;
use super::vcard_rows::{self, VcardRows};
use super::{
    Error, ImportRequest, Result, Warning, cells, damaged_letters, dialect, emails, xlsx_rows,
};
use crate::headings::OWN_ID;
use crate::{files, formulas};

/// Most columns of a file.
pub(crate) const MOST_COLUMNS: usize = 20_000;
/// Bytes between two pulses.
pub(crate) const PULSE: u64 = 256 * 1024;
/// Pulses after which no column names are looked for any more.
pub(crate) const MOST_PULSES: u64 = 128;
const SAMPLE: u64 = 256 * 1024;
const CHUNK: usize = 1 << 20;
/// So many bytes tell what a file is.
const FIRST: usize = 128;

/// Whether to go on to the next row.
pub(crate) type Flow = ControlFlow<()>;

/// What reading hands on.
pub(crate) enum Event<'a> {
    /// A data row.
    Row(Row<'a>),
    /// More of the row before, which is faulty and too long for memory.
    Rest(&'a [u8]),
    /// [`PULSE`] bytes without the end of a row: the time to check for a cancel.
    Pulse,
}

/// One data row.
pub(crate) struct Row<'a> {
    /// Its number as a spreadsheet counts: the column names usually stand in row 1.
    pub(crate) number: u64,
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
        /// Each row is a single quoted cell that holds the others.
        packed: bool,
    },
    /// One sheet of a workbook.
    Xlsx { sheet: String },
    /// Cards of people.
    Vcard { encoding: FileEncoding },
    /// Rows of a file as somebody mended them.
    Mended(Vec<MendedRow>),
}

impl Format {
    /// Returns the word for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::Xlsx { .. } => "xlsx",
            Self::Vcard { .. } => "vcard",
            Self::Mended(_) => "rows",
        }
    }
}

/// Whether a file was written here: then its cells are read back exactly as they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Own {
    /// It comes from somewhere else.
    #[default]
    No,
    /// Invalid rows of some file: cells that a spreadsheet would calculate were made harmless.
    Errors,
    /// An export: besides, its columns are fields, and its cells are values as they are stored.
    Export,
}

impl Own {
    fn of(header: &[String]) -> Self {
        if header.first().is_some_and(|name| name == OWN_ID) {
            Self::Export
        } else if header.iter().any(|name| name == REASON) {
            Self::Errors
        } else {
            Self::No
        }
    }

    /// Tells whether cells that a spreadsheet would calculate were made harmless.
    pub(crate) fn is_guarded(self) -> bool {
        self != Self::No
    }

    fn restored(self, cell: &str, delimiter: u8) -> Cow<'_, str> {
        match self {
            Self::Export if cell.contains('\'') => formulas::restored_cell(cell, delimiter).into(),
            Self::Errors if cell.contains('\'') => formulas::restored(cell, delimiter).into(),
            _ => cell.into(),
        }
    }
}

/// A row as somebody mended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct MendedRow {
    /// Number of the row in the file, from 1.
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
    /// The row with the column names as the file counts; 0 where it has none.
    pub(crate) header_row: u64,
    /// The rows with the column names, where these take several.
    header_lines: RangeInclusive<u64>,
    /// The first rows, to choose another one from.
    pub(crate) head: Vec<Candidate>,
    /// All sheets of a workbook.
    pub(crate) sheets: Vec<Sheet>,
    /// What to know of how the file was read.
    pub(crate) remarks: Vec<Warning>,
    pub(crate) own: Own,
    /// Rows before the first data row.
    head_rows: usize,
    /// Merged cells of a sheet whose value holds for the rows below.
    merges: Vec<Merge>,
    modified: Option<SystemTime>,
}

impl Source {
    /// Opens a file and reads it once, for its hash and its encoding; `pulse` gets the bytes read so far, and the size of
    /// the file, once a megabyte.
    ///
    /// # Errors
    /// [`Error::Stopped`] when `pulse` breaks; whatever keeps the whole file out.
    pub(crate) fn open(
        request: &ImportRequest,
        pulse: &mut dyn FnMut(u64, u64) -> Flow,
    ) -> Result<Self> {
        Self::open_with(request, header_names::is_known, pulse)
    }

    /// Opens a file of another kind, whose columns have names of their own.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub(crate) fn open_with(
        request: &ImportRequest,
        is_name: IsName,
        pulse: &mut dyn FnMut(u64, u64) -> Flow,
    ) -> Result<Self> {
        let path = request.file.as_path();
        let file = files::open(path).map_err(|error| Error::reading(path, error))?;
        let metadata = file
            .metadata()
            .map_err(|error| Error::reading(path, error))?;
        let told = request.encoding.as_deref().map(Charset::named);
        let told = told.transpose()?;
        let read = read_once(path, file, metadata.len(), pulse)?;
        if read.first.is_empty() {
            return Err(Error::Empty(path.to_owned()));
        }
        let mut source = Self {
            path: path.to_owned(),
            format: Format::Mended(Vec::new()),
            bytes: metadata.len(),
            hash: read.hash,
            header: Vec::new(),
            header_raw: Vec::new(),
            header_row: 0,
            header_lines: 0..=0,
            head: Vec::new(),
            sheets: Vec::new(),
            remarks: Vec::new(),
            own: Own::No,
            head_rows: 0,
            merges: Vec::new(),
            modified: metadata.modified().ok(),
        };
        let kind = known(path, &read.first)?;
        if kind == Known::Spreadsheet {
            source.choose_sheet(request.sheet.as_deref(), is_name)?;
        } else {
            let (encoding, guessed) = read.survey.finish(told);
            source.remark(guessed, "--encoding NAME");
            source.format = match kind {
                Known::Cards => Format::Vcard { encoding },
                _ => source.text_format(encoding, request.delimiter)?,
            };
        }
        source.read_header(request.header_row, is_name)?;
        let survey = source.survey_sheet(pulse)?;
        source.join_headings(&survey.head);
        source.tell_header(request.header_row);
        let hidden = survey.hidden_names(&source.header);
        let remarks = survey.remarks().chain(hidden);
        source.remarks.extend(remarks.map(Warning::of_file));
        source.merges = survey.merges;
        source
            .merges
            .retain(|merge| merge.first > source.header_row);
        Ok(source)
    }

    /// Tells what was done with the file, and the option that does it otherwise.
    fn remark(&mut self, text: Option<String>, option: &str) {
        let remark = text.map(|text| Warning::of_file(text).with_option(option));
        self.remarks.extend(remark);
    }

    fn choose_sheet(&mut self, named: Option<&str>, is_name: IsName) -> Result<()> {
        let chosen = sheets::choose(&self.path, self.bytes, named, is_name)?;
        self.remark(chosen.remark, "--sheet NAME");
        self.sheets = chosen.sheets;
        self.format = Format::Xlsx { sheet: chosen.name };
        Ok(())
    }

    /// Finds what a sheet says only behind its rows.
    fn survey_sheet(&self, pulse: &mut dyn FnMut(u64, u64) -> Flow) -> Result<SheetSurvey> {
        match &self.format {
            Format::Xlsx { sheet } => {
                xlsx_rows::survey(&self.path, sheet, self.header_row, self.bytes, pulse)
            }
            _ => Ok(SheetSurvey::default()),
        }
    }

    /// Joins column names with the headings that stand above several of them.
    fn join_headings(&mut self, spans: &[Span]) {
        let is_own = self.own != Own::No;
        let Some(at) = self
            .head
            .iter()
            .position(|row| row.number == self.header_row)
        else {
            return;
        };
        let Some(joined) = group_headings::join(&self.head, at, spans).filter(|_| !is_own) else {
            return;
        };
        let rows = self
            .head
            .iter()
            .filter(|row| joined.lines.contains(&row.number));
        self.head_rows = rows.map(|row| row.rows).max().unwrap_or(self.head_rows);
        (self.header, self.header_lines) = (joined.names, joined.lines);
        self.header_row = *self.header_lines.end();
        let delimiter = self.delimiter();
        self.header_raw.clear();
        for (at, name) in self.header.iter().enumerate() {
            if at > 0 {
                self.header_raw.push(delimiter);
            }
            push_quoted(&mut self.header_raw, name, delimiter, b'"');
        }
    }

    /// Says where the column names are, unless that was told.
    fn tell_header(&mut self, wanted: Option<u64>) {
        let (first, last) = (*self.header_lines.start(), *self.header_lines.end());
        let above = self.head.iter().filter(|row| row.number < first).count();
        if wanted.is_some() || above == 0 && first == last {
            return;
        }
        let (names, them) = match first == last {
            true => (format!("The column names are in row {first}."), "it"),
            false => (
                format!("The column names are in rows {first} to {last}."),
                "them",
            ),
        };
        let left_out = match above {
            0 => String::new(),
            1 => format!(" The row above {them} is left out."),
            rows => format!(
                " The {} rows above {them} are left out.",
                grouped(rows as u64)
            ),
        };
        self.remark(Some(names + &left_out), "--header-row N");
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
            header_row: self.header_row,
            header_lines: self.header_lines.clone(),
            head: Vec::new(),
            sheets: Vec::new(),
            remarks: Vec::new(),
            own: self.own,
            head_rows: 0,
            merges: Vec::new(),
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
        let mut restored = Restored::default();
        self.for_each_line(&mut |event, bytes| match event {
            Event::Row(_) if head > 0 => {
                head -= 1;
                Ok(ControlFlow::Continue(()))
            }
            Event::Row(row) if self.own.is_guarded() => {
                let cells = match self.format {
                    // They were restored before somebody mended them.
                    Format::Mended(_) => row.cells,
                    _ => restored.of(row.cells, |cell| self.own.restored(cell, self.delimiter())),
                };
                take(Event::Row(Row { cells, ..row }), bytes)
            }
            event => take(event, bytes),
        })
    }

    fn delimiter(&self) -> u8 {
        match self.format {
            Format::Csv { dialect, .. } => dialect.delimiter,
            Format::Xlsx { .. } | Format::Vcard { .. } | Format::Mended(_) => b',',
        }
    }

    fn for_each_line(&self, take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>) -> Result<bool> {
        match &self.format {
            Format::Xlsx { sheet } => {
                xlsx_rows::for_each(&self.path, sheet, self.bytes, &self.merges, take)
            }
            Format::Mended(rows) => for_each_mended(rows, take),
            Format::Vcard { encoding } => {
                let mut cards = VcardRows::new(self.text(*encoding)?);
                let result = cards
                    .for_each::<Failure>(&mut |event, text| Ok(take(event, text.inner().bytes)?));
                result.map_err(|failure| self.failed(failure))
            }
            Format::Csv {
                encoding,
                dialect,
                packed,
                ..
            } => {
                let text = self.text(*encoding)?;
                let damage = encoding.replacement_means_damage();
                let mut rows = CsvRows::new(text, *dialect, damage).packed(*packed);
                let result = rows
                    .for_each::<Failure>(&mut |event, text| Ok(take(event, text.inner().bytes)?));
                result.map_err(|failure| self.failed(failure))
            }
        }
    }

    fn text(&self, encoding: FileEncoding) -> Result<TextReader<Counted>> {
        let file = files::open(&self.path).map_err(|error| Error::reading(&self.path, error))?;
        Ok(TextReader::new(Counted { file, bytes: 0 }, encoding))
    }

    fn failed(&self, failure: Failure) -> Error {
        match failure {
            Failure::Read(error) => Error::reading(&self.path, error),
            Failure::Take(error) => error,
        }
    }

    /// Finds the row with the column names: the one that is wanted, else the most likely one.
    fn read_header(&mut self, wanted: Option<u64>, is_name: IsName) -> Result<()> {
        if let Format::Vcard { .. } = self.format {
            (self.header, self.header_raw) = vcard_rows::header();
            return Ok(());
        }
        let head = Head::read(&mut |take| self.for_each_line(take), wanted, is_name)?;
        let at = head
            .choose(&self.path, wanted)
            .map_err(|error| self.empty_sheet(error))?;
        let row = head.rows[at].clone();
        if let Some(reason) = row.fault {
            return Err(Error::FaultyHeader(reason.to_owned()));
        }
        if row.cells.len() > MOST_COLUMNS {
            return Err(Error::TooManyColumns {
                found: row.cells.len(),
                most: MOST_COLUMNS,
            });
        }
        if row.cells.iter().any(|name| emails::is_email(name)) {
            return Err(Error::NoHeader(self.path.clone()));
        }
        let own = Own::of(&row.cells);
        let names = row
            .cells
            .iter()
            .map(|name| own.restored(name, self.delimiter()));
        self.header = names.map(Cow::into_owned).collect();
        (self.header_raw, self.header_row) = (row.raw, row.number);
        self.header_lines = row.number..=row.number;
        (self.head_rows, self.own) = (row.rows, own);
        self.head = head.rows;
        Ok(())
    }

    /// Of an empty sheet the others are named.
    fn empty_sheet(&self, error: Error) -> Error {
        match (&error, &self.format) {
            (Error::Empty(path), Format::Xlsx { sheet }) if self.sheets.len() > 1 => {
                let others = self.sheets.iter().filter(|other| other.name != *sheet);
                Error::EmptySheet {
                    path: path.clone(),
                    sheet: sheet.clone(),
                    others: others.map(|other| other.name.clone()).collect(),
                }
            }
            _ => error,
        }
    }

    /// Finds out how cells are separated, from the beginning of the text.
    fn text_format(&mut self, encoding: FileEncoding, told: Option<char>) -> Result<Format> {
        let fail = |error| Error::reading(&self.path, error);
        let mut sample = Vec::new();
        let mut text = self.text(encoding)?.take(SAMPLE);
        text.read_to_end(&mut sample).map_err(fail)?;
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
        let unpacked = packed::dialect(&sample, whole, told);
        if unpacked.is_some() {
            let text = "Each row was a single quoted cell. Leadferry split the rows into columns.";
            self.remarks.push(Warning::of_file(text));
        }
        Ok(Format::Csv {
            encoding,
            dialect: unpacked.unwrap_or_else(|| dialect::guess(&sample, whole, told)),
            line_end,
            packed: unpacked.is_some(),
        })
    }
}

/// The cells of a row as they were before they were made harmless; reused from row to row.
#[derive(Default)]
struct Restored {
    text: String,
    ends: Vec<usize>,
}

impl Restored {
    fn of<'a>(
        &'a mut self,
        cells: Cells<'a>,
        restored: impl Fn(&'a str) -> Cow<'a, str>,
    ) -> Cells<'a> {
        self.text.clear();
        self.ends.clear();
        for cell in cells.iter() {
            self.text.push_str(&restored(cell));
            self.ends.push(self.text.len());
        }
        Cells::new(&self.text, &self.ends)
    }
}

/// Returns the name of a column without the signs around it that nobody sees, and with the letters that it once had.
pub(crate) fn clean_name(name: &str) -> String {
    let name = name.trim().trim_start_matches('\u{feff}').trim();
    let name = cells::within_quotes(name).unwrap_or(name);
    damaged_letters::mended(name).unwrap_or_else(|| name.to_owned())
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

fn read_once(
    path: &Path,
    mut file: File,
    size: u64,
    pulse: &mut dyn FnMut(u64, u64) -> Flow,
) -> Result<ReadOnce> {
    let fail = |error| Error::reading(path, error);
    let (mut hash, mut survey, mut first) = (Sha256::new(), Survey::default(), Vec::new());
    let (mut buffer, mut bytes, mut told) = (vec![0; CHUNK], 0, 0);
    loop {
        if bytes - told >= CHUNK as u64 {
            told = bytes;
            if pulse(bytes, size).is_break() {
                return Err(Error::Stopped);
            }
        }
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => &buffer[..read],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(fail(error)),
        };
        if first.is_empty() {
            first = read[..read.len().min(FIRST)].to_vec();
        }
        bytes += read.len() as u64;
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
            number: row.line,
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
pub(crate) fn separator_line(text: &[u8]) -> Option<u8> {
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
