//! Gathers rows into pages; each page is committed with its counts in one transaction.

use std::ops::Range;

use leadferry_store::{ContactField, ImportId, ImportProgress, Store, crash_point};

use super::commit::Commit;
use super::contact_rows::{Draft, Layout, RowFault};
use super::errors_file::ErrorsFile;
use super::places::Places;
use super::source::{Event, Row, Source};
use super::{Error, Existing, Fault, Result, Warning};

/// Rows of the first page: something is seen at once. Each page after it has twice as many, up to the most, since a
/// commit costs the more a row the fewer it has.
const FIRST_PAGE_ROWS: usize = 1_000;
const MOST_PAGE_ROWS: usize = 8_000;
const PAGE_BYTES: usize = 4 << 20;
/// So many faults and warnings are told one by one.
pub(crate) const TOLD: usize = 20;

/// What makes a row and a contact the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Email,
    Field(ContactField),
    None,
}

/// How rows are taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) import: ImportId,
    pub(crate) key: Key,
    pub(crate) existing: Existing,
    pub(crate) create_accounts: bool,
}

/// Rows on their way into the workspace.
pub(crate) struct Intake<'s> {
    store: &'s Store,
    source: &'s Source,
    terms: Terms,
    layout: Layout,
    places: Places,
    errors: ErrorsFile,
    /// What is committed.
    pub(crate) progress: ImportProgress,
    /// Rows committed by an earlier attempt that are still to be passed over.
    passing: u64,
    page: Page,
    page_rows: usize,
    /// The errors file ends in the middle of a row too long for memory.
    row_open: bool,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) warning_count: u64,
}

#[derive(Default)]
pub(crate) struct Page {
    /// The rows as they stand in the file, one after the other.
    pub(crate) raw: Vec<u8>,
    pub(crate) rows: Vec<PageRow>,
}

pub(crate) struct PageRow {
    pub(crate) line: u64,
    pub(crate) raw: Range<usize>,
    pub(crate) cells: usize,
    pub(crate) old_reason: Option<usize>,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Blank,
    Draft(Draft),
    Faulty(RowFault),
    /// Faulty, and in the errors file already.
    Written(RowFault),
}

impl<'s> Intake<'s> {
    /// Begins, or goes on where `progress` says.
    pub(crate) fn new(
        store: &'s Store,
        source: &'s Source,
        terms: Terms,
        layout: Layout,
        errors: ErrorsFile,
        progress: ImportProgress,
    ) -> Self {
        Self {
            store,
            source,
            terms,
            layout,
            places: Places::default(),
            errors,
            progress,
            passing: progress.committed_row,
            page: Page::default(),
            page_rows: FIRST_PAGE_ROWS,
            row_open: false,
            faults: Vec::new(),
            warnings: Vec::new(),
            warning_count: 0,
        }
    }

    /// Returns the errors file, once it has a row.
    pub(crate) fn errors_file(&self) -> Option<&std::path::Path> {
        self.errors.path()
    }

    /// Takes what the file gives; true when a page was committed.
    pub(crate) fn take(&mut self, event: Event<'_>, now: i64) -> Result<bool> {
        match event {
            Event::Rest(piece) => {
                if self.row_open {
                    self.errors.write_piece(piece)?;
                }
                Ok(false)
            }
            Event::Row(_) if self.passing > 0 => {
                self.passing -= 1;
                Ok(false)
            }
            Event::Row(row) => {
                self.close_row()?;
                if row.unfinished {
                    // Rows before it come before it in the errors file.
                    self.commit(now)?;
                }
                self.add(&row)?;
                let full =
                    self.page.rows.len() >= self.page_rows || self.page.raw.len() >= PAGE_BYTES;
                // The end of a row too long for memory belongs to the same page.
                if full && !row.unfinished {
                    self.commit(now)
                } else {
                    Ok(false)
                }
            }
        }
    }

    fn close_row(&mut self) -> Result<()> {
        if std::mem::take(&mut self.row_open) {
            self.errors.end_pieces()?;
        }
        Ok(())
    }

    fn add(&mut self, row: &Row<'_>) -> Result<()> {
        let old_reason = self
            .layout
            .reason()
            .and_then(|at| row.starts.get(at))
            .copied();
        let content = match row.fault {
            Some(reason) => {
                let fault = RowFault {
                    column: None,
                    reason: reason.into(),
                };
                if row.unfinished {
                    self.errors.write_piece(row.raw)?;
                    self.row_open = true;
                    Content::Written(fault)
                } else {
                    Content::Faulty(fault)
                }
            }
            None if self.layout.is_blank(row.cells) => Content::Blank,
            None => match self.layout.read(row, &mut self.places) {
                Ok(draft) => Content::Draft(draft),
                Err(fault) => Content::Faulty(fault),
            },
        };
        let start = self.page.raw.len();
        if !row.unfinished {
            self.page.raw.extend_from_slice(row.raw);
        }
        let raw = start..self.page.raw.len();
        self.page.rows.push(PageRow {
            line: row.line,
            raw,
            cells: row.cells.len(),
            old_reason,
            content,
        });
        Ok(())
    }

    /// Commits the rows gathered; true when there were any.
    pub(crate) fn commit(&mut self, now: i64) -> Result<bool> {
        self.close_row()?;
        if self.page.rows.is_empty() {
            return Ok(false);
        }
        if !self.source.is_unchanged() {
            return Err(Error::Changed(self.source.path.clone()));
        }
        let page = std::mem::take(&mut self.page);
        let before = self.progress;
        let (progress, faults, warnings) = self.store.write(|writer| {
            if writer.import(self.terms.import)?.progress != before {
                return Err(Error::AlreadyRunning);
            }
            let mut commit = Commit::new(writer, self.terms, now, before);
            commit.load_people(&page)?;
            for row in &page.rows {
                commit.row(row, &page.raw, &self.layout, &mut self.errors)?;
            }
            crash_point("import.before_errors");
            self.errors.sync()?;
            commit.progress.errors_bytes = self.errors.bytes();
            if let Some(path) = self.errors.path() {
                writer.set_errors_file(self.terms.import, Some(&path.to_string_lossy()))?;
            }
            writer.import_progress(self.terms.import, &commit.progress)?;
            crash_point("import.before_commit");
            Ok((commit.progress, commit.faults, commit.warnings))
        })?;
        crash_point("import.after_commit");
        self.page_rows = (2 * self.page_rows).min(MOST_PAGE_ROWS);
        self.progress = progress;
        self.faults.extend(
            faults
                .into_iter()
                .take(TOLD.saturating_sub(self.faults.len())),
        );
        self.warning_count += warnings.len() as u64;
        self.warnings.extend(
            warnings
                .into_iter()
                .take(TOLD.saturating_sub(self.warnings.len())),
        );
        Ok(true)
    }
}
