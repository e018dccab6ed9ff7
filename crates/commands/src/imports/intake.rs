//! Takes pages of rows into the workspace: each is committed with its counts in one transaction.

use leadferry_store::{ContactField, ImportId, ImportProgress, Store, crash_point};

use super::commit::Commit;
use super::contact_rows::Layout;
use super::gathering::{Page, Part};
use super::kept_errors::KeptErrors;
use super::remarks::Tally;
use super::source::Source;
use super::{Error, Existing, Fault, Result, Warning};

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
    layout: &'s Layout,
    errors: KeptErrors,
    /// What is committed.
    pub(crate) progress: ImportProgress,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) warning_count: u64,
    /// What is told of cells, by column.
    remarks: Tally,
}

impl<'s> Intake<'s> {
    /// Begins, or goes on where `progress` says.
    pub(crate) fn new(
        store: &'s Store,
        source: &'s Source,
        terms: Terms,
        layout: &'s Layout,
        errors: KeptErrors,
        progress: ImportProgress,
    ) -> Self {
        Self {
            store,
            source,
            terms,
            layout,
            errors,
            progress,
            faults: Vec::new(),
            warnings: Vec::new(),
            warning_count: 0,
            remarks: Tally::default(),
        }
    }

    /// Returns what is told of cells, a warning for each column.
    pub(crate) fn remarks(&self) -> Vec<Warning> {
        self.remarks.warnings(|at| self.layout.name(at))
    }

    /// Returns the errors file, once it has a row.
    pub(crate) fn errors_file(&self) -> Option<&std::path::Path> {
        self.errors.file.path()
    }

    /// Takes what a file gives.
    pub(crate) fn take(&mut self, part: &Part, now: i64) -> Result<()> {
        match part {
            Part::Piece(piece) => self.errors.file.write_piece(piece),
            Part::EndOfRow => self.errors.file.end_pieces(),
            Part::Pulse(_) => Ok(()),
            Part::Page(page) => self.commit(page, now),
        }
    }

    fn commit(&mut self, page: &Page, now: i64) -> Result<()> {
        if !self.source.is_unchanged() {
            return Err(Error::Changed(self.source.path.clone()));
        }
        let before = self.progress;
        let (progress, faults, warnings, remarks) = self.store.write(|writer| {
            if writer.import(self.terms.import)?.progress != before {
                return Err(Error::AlreadyRunning);
            }
            let mut commit = Commit::new(writer, self.terms, now, before);
            commit.load_people(page)?;
            for row in &page.rows {
                commit.row(row, &page.raw, self.layout, &mut self.errors.file)?;
            }
            crash_point("import.before_errors");
            self.errors.sync()?;
            commit.progress.errors_bytes = self.errors.file.bytes();
            writer.import_progress(self.terms.import, &commit.progress)?;
            crash_point("import.before_commit");
            Ok((
                commit.progress,
                commit.faults,
                commit.warnings,
                commit.remarks,
            ))
        })?;
        crash_point("import.after_commit");
        self.progress = progress;
        self.remarks.merge(remarks);
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
        Ok(())
    }
}
