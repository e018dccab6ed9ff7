//! Brings a file of activities in: who did what, when.
//!
//! Rows are matched to contacts by e-mail or guid. Rows of people who are not here wait for them; rows that cannot be
//! read go to the errors file and never stop the rest.

mod holding;
mod preview;
mod rows;
mod writing;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use leadferry_store::{
    ImportId, ImportKind, ImportProgress as Progress, ImportState, NewImport, Store, Writer,
    crash_point,
};
use serde::{Deserialize, Serialize};

use super::errors_file::{ErrorsFile, errors_path};
use super::intake::Intake;
use super::kept_errors::{KeptErrors, RESTARTED};
use super::own_files::OwnFiles;
use super::run::reading;
use super::source::Source;
use super::{DateOrder, Error, Fault, ImportProgress, ImportRequest, Result, Warning};
pub use preview::{ActivitiesColumn, ActivitiesPreview, preview_activities};
use rows::{ActivityReader, Layout};
use writing::Activities;

/// What to import, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct ActivitiesRequest {
    /// The CSV or XLSX file.
    pub file: PathBuf,
    /// The sheet of a spreadsheet; the visible one that looks most like such a list where unset.
    pub sheet: Option<String>,
    /// The row with the column names as the file counts, from 1; found out where unset.
    pub header_row: Option<u64>,
    /// An encoding label such as `windows-1252`; found out where unset.
    pub encoding: Option<String>,
    /// What separates cells; found out where unset.
    pub delimiter: Option<char>,
    /// Column name and what it holds: `email`, `guid`, `type`, `time`, `value`, `url`, `title`, `note`, or `-`.
    pub map: Vec<(String, String)>,
    /// The type of rows that name none.
    pub kind: Option<String>,
    /// Types that are not known are added; otherwise such rows are faulty.
    pub create_types: bool,
    /// The order of dates like 03/04/1990; found out where unset.
    pub dates: Option<DateOrder>,
    /// The zone of times that name none; the workspace's where unset.
    pub time_zone: Option<String>,
    /// Where faulty rows go; beside the file where unset.
    pub errors_file: Option<PathBuf>,
    /// Import a file that was imported before.
    pub again: bool,
}

impl ActivitiesRequest {
    /// Opens the file.
    fn open(&self, pulse: &mut dyn FnMut(u64, u64) -> ControlFlow<()>) -> Result<Source> {
        let request = ImportRequest {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            ..ImportRequest::default()
        };
        Source::open_with(&request, holding::is_known, pulse)
    }
}

/// What an import of activities came to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ActivitiesOutcome {
    /// The import.
    pub import: i64,
    /// The file was read to its end; otherwise the same request goes on from there.
    pub finished: bool,
    /// An interrupted import was taken up.
    pub resumed: bool,
    /// Data rows taken in or reported.
    pub rows: u64,
    /// Activities of contacts.
    pub added: u64,
    /// Activities of people who are not here yet.
    pub waiting: u64,
    /// Blank rows.
    pub skipped: u64,
    /// Rows that could not be taken in.
    pub faulty: u64,
    /// Where these are.
    pub errors_file: Option<PathBuf>,
    /// The first of them.
    pub faults: Vec<Fault>,
    /// What to know about the import as a whole.
    pub warnings: Vec<Warning>,
    /// Types that were not known before.
    pub types_created: Vec<String>,
    /// Columns that were left out.
    pub columns_ignored: Vec<String>,
}

/// Imports activities; an import that was interrupted goes on behind its last committed row.
///
/// # Errors
/// [`Error::AlreadyImported`] when the same file was imported before and the request does not say `again`; whatever
/// keeps the whole file out. Rows committed before an error stay.
pub fn import_activities(
    store: &Store,
    files: &OwnFiles,
    request: &ActivitiesRequest,
    now: impl Fn() -> i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<ActivitiesOutcome> {
    let source = request.open(&mut reading(progress))?;
    let zone = store.read(|reader| reader.time_zone())?;
    let layout = Layout::decide(&source, request, &zone, now())?;
    let (import, done, resumed) = store.write(|writer| begin(writer, &source, request, now()))?;
    crash_point("import.begun");
    let path = errors_path(request.errors_file.as_deref(), &request.file)?;
    let errors = ErrorsFile::new(&source, path, layout.reason_column());
    let begun = (import, done);
    let (errors, is_lost) = KeptErrors::begin(store, files, begun, &request.file, errors)?;
    let name = |at: usize| layout.name(at).to_owned();
    let mut intake = Intake::new(store, &source, begun, errors, &name);
    let mut warnings = source.remarks.clone();
    if is_lost {
        intake.write_lost(ActivityReader::new(&layout, now()))?;
        warnings.push(Warning::of_file(RESTARTED));
    }
    let mut activities = Activities::new(import, request.create_types, &layout);
    let reader = ActivityReader::new(&layout, now());
    let finished = intake.take_all(reader, &mut activities, &now, progress)?;
    warnings.append(&mut intake.remarks());
    let done = intake.progress;
    Ok(ActivitiesOutcome {
        import: import.0,
        finished,
        resumed,
        rows: done.committed_row,
        added: done.created,
        waiting: done.updated,
        skipped: done.skipped,
        faulty: done.faulty,
        errors_file: intake.errors_file().map(Path::to_owned),
        faults: std::mem::take(&mut intake.faults),
        warnings,
        types_created: activities.types_created,
        columns_ignored: layout.ignored(),
    })
}

/// Begins an import, or takes up one that was interrupted.
fn begin(
    writer: &Writer<'_>,
    source: &Source,
    request: &ActivitiesRequest,
    now: i64,
) -> Result<(ImportId, Progress, bool)> {
    let bare = ActivitiesRequest {
        file: PathBuf::new(),
        errors_file: None,
        again: false,
        ..request.clone()
    };
    let options = serde_json::to_string(&bare)
        .map_err(|_| Error::Mapping("a path in the request isn't text".to_owned()))?;
    if let Some(prior) = writer.import_by_hash(&source.hash)? {
        if prior.state == ImportState::Running && prior.options == options {
            return Ok((prior.id, prior.progress, true));
        }
        if !request.again {
            return Err(Error::AlreadyImported {
                import: prior.id.0,
                ended_at: prior.ended_at,
                rows: prior.progress.committed_row,
            });
        }
    }
    let name = source.path.file_name().unwrap_or_default();
    let new = NewImport {
        kind: ImportKind::Activities,
        file_name: &name.to_string_lossy(),
        file_hash: &source.hash,
        options: &options,
        errors_file: None,
    };
    Ok((writer.begin_import(&new, now)?, Progress::default(), false))
}
