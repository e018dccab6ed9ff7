//! Takes the rows of a file into the workspace page by page: each page is committed with its counts in one transaction,
//! while the next one is read.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use leadferry_store::{ImportId, ImportProgress, Store, Writer, crash_point};

use super::errors_file::{ErrorsFile, FaultyRow};
use super::gathering::{Content, Page, PageRow, Part, RowFault, RowReader, gather};
use super::kept_errors::KeptErrors;
use super::remarks::Tally;
use super::source::{Event, Format, Source};
use super::values::Reason;
use super::{Error, Fault, ImportProgress as Progress, Result, Warning};

/// So many faults and warnings are told one by one.
pub(crate) const TOLD: usize = 20;

/// A row and its reason take more room than the row. Of files as people have them it is seldom this much, of a file whose
/// quotation marks or delimiters are wrong it can be many times the file.
const ERRORS_PER_BYTE: u64 = 4;
/// Cells of a workbook are packed, several to one.
const ERRORS_PER_PACKED_BYTE: u64 = 16;
/// How long rows of a page are written without asking whether to go on.
const PATIENCE: Duration = Duration::from_millis(250);
const LEAST_ERRORS_BYTES: u64 = 16 * 1024 * 1024;

/// Writes what rows say into the workspace.
pub(crate) trait Writing<D> {
    /// Takes the rows of a page in, each with what becomes of it for the tally.
    fn write(&mut self, writer: &Writer<'_>, page: &Page<D>, done: &mut Done<'_>) -> Result<()>;
}

/// What became of a row.
pub(crate) enum Outcome {
    /// A new contact, or an activity of a contact.
    Created,
    /// A contact changed, or an activity that waits for its contact.
    Updated,
    Unchanged,
    Skipped,
    Invalid(RowFault),
}

/// What the rows of a page have come to.
pub(crate) struct Done<'e> {
    errors: &'e mut ErrorsFile,
    names: &'e dyn Fn(usize) -> String,
    raw: &'e [u8],
    /// The time, UTC milliseconds.
    pub(crate) now: i64,
    progress: ImportProgress,
    faults: Vec<Fault>,
    warnings: Vec<Warning>,
    /// What is told of cells.
    pub(crate) remarks: Tally,
    /// Links made.
    pub(crate) linked: u64,
    goes_on: &'e mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
    /// When that was asked last.
    asked: Instant,
    is_stopped: bool,
}

impl Done<'_> {
    /// Tells whether the rows from here on are left for another time: a page can take longer than somebody waits who has
    /// canceled.
    pub(crate) fn is_stopped(&mut self) -> bool {
        if !self.is_stopped && self.asked.elapsed() >= PATIENCE {
            self.is_stopped = (self.goes_on)(&self.progress).is_break();
            self.asked = Instant::now();
        }
        self.is_stopped
    }

    /// Counts a row, and writes an invalid one to the errors file.
    pub(crate) fn row<D>(&mut self, row: &PageRow<D>, outcome: Outcome) -> Result<()> {
        crash_point("import.row");
        self.progress.committed_row += 1;
        match outcome {
            Outcome::Created => self.progress.created += 1,
            Outcome::Updated => self.progress.updated += 1,
            Outcome::Unchanged => self.progress.unchanged += 1,
            Outcome::Skipped => self.progress.skipped += 1,
            Outcome::Invalid(fault) => return self.invalid(row, fault),
        }
        Ok(())
    }

    /// Tells something of a row that was taken in.
    pub(crate) fn warn(&mut self, line: u64, text: &str) {
        self.warnings.push(Warning::of_row(Some(line), text));
    }

    fn invalid<D>(&mut self, row: &PageRow<D>, fault: RowFault) -> Result<()> {
        self.progress.faulty += 1;
        let column = fault.column.map(self.names);
        if !matches!(row.content, Content::Written(_)) {
            self.errors.write(&FaultyRow {
                raw: &self.raw[row.raw.clone()],
                cells: row.cells,
                old_reason: row.old_reason,
                reason: &reason(row.line, column.as_deref(), &fault.reason),
            })?;
        }
        if self.faults.len() < TOLD {
            self.faults.push(Fault {
                line: row.line,
                column,
                reason: fault.reason.into_owned(),
                cells: Vec::new(),
            });
        }
        Ok(())
    }
}

/// Refuses to go on with a file of which nearly everything is invalid. Its last page doesn't count as read.
fn refuse_endless_errors(source: &Source, bytes: u64) -> Result<()> {
    let factor = match source.format {
        Format::Xlsx { .. } => ERRORS_PER_PACKED_BYTE,
        _ => ERRORS_PER_BYTE,
    };
    let most = LEAST_ERRORS_BYTES + factor * source.bytes;
    if bytes <= most {
        return Ok(());
    }
    Err(Error::TooManyInvalid {
        path: source.path.clone(),
        most_mb: most / 1_000_000,
    })
}

/// Returns what the errors file says of a row.
fn reason(line: u64, column: Option<&str>, reason: &Reason) -> String {
    match column {
        Some(column) => format!("row {line}, {column}: {reason}"),
        None => format!("row {line}: {reason}"),
    }
}

/// Rows on their way into the workspace.
pub(crate) struct Intake<'s> {
    pub(crate) store: &'s Store,
    pub(crate) source: &'s Source,
    pub(crate) import: ImportId,
    pub(crate) errors: KeptErrors,
    /// The names of the columns.
    pub(crate) names: &'s dyn Fn(usize) -> String,
    /// What is committed.
    pub(crate) progress: ImportProgress,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) warning_count: u64,
    /// Links made.
    pub(crate) linked: u64,
    /// What is told of cells, by column.
    remarks: Tally,
}

impl<'s> Intake<'s> {
    /// Begins, or goes on where `progress` says.
    pub(crate) fn new(
        store: &'s Store,
        source: &'s Source,
        (import, progress): (ImportId, ImportProgress),
        errors: KeptErrors,
        names: &'s dyn Fn(usize) -> String,
    ) -> Self {
        Self {
            store,
            source,
            import,
            errors,
            names,
            progress,
            faults: Vec::new(),
            warnings: Vec::new(),
            warning_count: 0,
            linked: 0,
            remarks: Tally::default(),
        }
    }

    /// Writes the invalid rows among those committed to the new errors file that takes the place of a lost one.
    ///
    /// Those that only the workspace refused can't be told any more.
    pub(crate) fn write_lost<R: RowReader>(&mut self, mut reader: R) -> Result<()> {
        let (file, names) = (&mut self.errors.file, self.names);
        let (mut left, mut is_open) = (self.progress.committed_row, false);
        self.source.for_each_row(&mut |event, _| {
            let row = match event {
                Event::Row(row) => row,
                Event::Rest(piece) if is_open => {
                    file.write_piece(piece)?;
                    return Ok(ControlFlow::Continue(()));
                }
                Event::Rest(_) | Event::Pulse => return Ok(ControlFlow::Continue(())),
            };
            if std::mem::take(&mut is_open) {
                file.end_pieces()?;
            }
            if left == 0 {
                return Ok(ControlFlow::Break(()));
            }
            left -= 1;
            match Content::of(&row, &mut reader) {
                Content::Faulty(fault) => {
                    let column = fault.column.map(names);
                    let old_reason = reader.reason_column().and_then(|at| row.starts.get(at));
                    file.write(&FaultyRow {
                        raw: row.raw,
                        cells: row.cells.len(),
                        old_reason: old_reason.copied(),
                        reason: &reason(row.number, column.as_deref(), &fault.reason),
                    })?;
                }
                Content::Written(_) => {
                    file.write_piece(row.raw)?;
                    is_open = true;
                }
                Content::Blank | Content::Draft(_) => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if is_open {
            self.errors.file.end_pieces()?;
        }
        self.errors.sync()?;
        // Whoever is killed from here on goes on with this file.
        let (import, bytes) = (self.import, self.errors.file.bytes());
        self.store
            .write::<_, Error>(|writer| Ok(writer.set_errors_bytes(import, bytes)?))?;
        self.progress.errors_bytes = bytes;
        Ok(())
    }

    /// Returns what is told of cells, a warning for each column.
    pub(crate) fn remarks(&self) -> Vec<Warning> {
        self.remarks.warnings(self.names)
    }

    /// Returns the errors file, once it has a row.
    pub(crate) fn errors_file(&self) -> Option<&std::path::Path> {
        self.errors.file.path()
    }

    /// Reads the file and takes it in, side by side; true when all of it is committed.
    ///
    /// `progress` is called after each page and may break.
    pub(crate) fn take_all<R: RowReader + Send>(
        &mut self,
        reader: R,
        writing: &mut impl Writing<R::Draft>,
        now: &impl Fn() -> i64,
        progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<bool> {
        let (source, committed) = (self.source, self.progress.committed_row);
        // One page is read while one is written; more would only take memory.
        let (parts, received) = mpsc::sync_channel(0);
        let stopped = &AtomicBool::new(false);
        let complete = thread::scope(|scope| {
            let reading = scope.spawn(move || gather(source, reader, committed, parts, stopped));
            let taken = self.take_parts(received, writing, now, progress);
            stopped.store(!matches!(taken, Ok(true)), Ordering::Relaxed);
            let read = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
            Ok::<_, Error>(taken? && read?)
        })?;
        if complete {
            crash_point("import.before_finish");
            let import = self.import;
            self.store
                .write::<_, Error>(|writer| Ok(writer.finish_import(import, now())?))?;
            let _ = progress(&self.report(source.bytes));
        }
        Ok(complete)
    }

    /// Takes in what is read; false when `progress` breaks. Whoever reads stops when `parts` is dropped.
    fn take_parts<D>(
        &mut self,
        parts: Receiver<Part<D>>,
        writing: &mut impl Writing<D>,
        now: &impl Fn() -> i64,
        progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<bool> {
        let (mut bytes, bytes_total) = (0, self.source.bytes);
        for part in parts {
            match part {
                Part::Page(page) => {
                    if !self.commit(&page, writing, now(), &mut |so_far| {
                        progress(&report(so_far, bytes, bytes_total))
                    })? {
                        return Ok(false);
                    }
                    if page.is_last {
                        continue;
                    }
                    bytes = page.bytes_read;
                }
                // A long row is no longer here than in its own file.
                Part::Piece(piece) => self.errors.file.write_piece(&piece)?,
                Part::EndOfRow => {
                    self.errors.file.end_pieces()?;
                    continue;
                }
                Part::Pulse(read) => bytes = read,
            }
            if progress(&self.report(bytes)).is_break() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn report(&self, bytes: u64) -> Progress {
        report(&self.progress, bytes, self.source.bytes)
    }

    /// Commits a page, or its rows up to a stop; false where `goes_on` breaks.
    fn commit<D>(
        &mut self,
        page: &Page<D>,
        writing: &mut impl Writing<D>,
        now: i64,
        goes_on: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
    ) -> Result<bool> {
        if !self.source.is_unchanged() {
            return Err(Error::Changed(self.source.path.clone()));
        }
        let before = self.progress;
        let errors = &mut self.errors;
        let done = self.store.write(|writer| {
            if writer.import(self.import)?.progress != before {
                return Err(Error::AlreadyRunning);
            }
            let mut done = Done {
                errors: &mut errors.file,
                names: self.names,
                raw: &page.raw,
                now,
                progress: before,
                faults: Vec::new(),
                warnings: Vec::new(),
                remarks: Tally::default(),
                linked: 0,
                goes_on: &mut *goes_on,
                asked: Instant::now(),
                is_stopped: false,
            };
            writing.write(writer, page, &mut done)?;
            let Done {
                is_stopped,
                mut progress,
                faults,
                warnings,
                remarks,
                linked,
                ..
            } = done;
            crash_point("import.before_errors");
            errors.sync()?;
            refuse_endless_errors(self.source, errors.file.bytes())?;
            progress.errors_bytes = errors.file.bytes();
            writer.import_progress(self.import, &progress)?;
            crash_point("import.before_commit");
            Ok((progress, faults, warnings, remarks, linked, is_stopped))
        })?;
        crash_point("import.after_commit");
        let (progress, faults, warnings, remarks, linked, is_stopped) = done;
        self.progress = progress;
        self.linked += linked;
        self.remarks.merge(remarks);
        let room = TOLD.saturating_sub(self.faults.len());
        self.faults.extend(faults.into_iter().take(room));
        self.warning_count += warnings.len() as u64;
        let room = TOLD.saturating_sub(self.warnings.len());
        self.warnings.extend(warnings.into_iter().take(room));
        Ok(!is_stopped)
    }
}

fn report(done: &ImportProgress, bytes: u64, bytes_total: u64) -> Progress {
    Progress {
        rows: done.committed_row,
        bytes,
        bytes_total,
        created: done.created,
        updated: done.updated,
        faulty: done.faulty,
    }
}
