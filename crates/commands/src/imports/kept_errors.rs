//! The errors file of an import under way, and what this computer remembers of it.

use std::path::Path;

use leadferry_store::{ImportId, ImportProgress, ImportState, Store};

use super::errors_file::ErrorsFile;
use super::own_files::{OwnErrors, OwnFiles, Record};
use super::{Error, Result};
use crate::locks::FileLock;

/// What is said where the errors file of an interrupted import cannot be continued.
pub(super) const RESTARTED: &str = "Leadferry started a new errors file. The one from before the interruption was moved, changed, \
                         or written on another computer. Its rows are in the new file as well, except those that \
                         match several contacts.";

/// An errors file that is remembered together with each page that is committed.
pub(super) struct KeptErrors {
    pub(super) file: ErrorsFile,
    files: OwnFiles,
    import: ImportId,
    record: Record,
    _alone: Option<FileLock>,
}

impl KeptErrors {
    /// Begins, or goes on with the file of an interrupted import; `source` is the file that the user names now.
    ///
    /// True where the file before is lost, and a new one has to be begun.
    ///
    /// # Errors
    /// [`Error::AlreadyRunning`] when another process has the import.
    pub(super) fn begin(
        store: &Store,
        files: &OwnFiles,
        (id, progress): (ImportId, ImportProgress),
        source: &Path,
        mut file: ErrorsFile,
    ) -> Result<(Self, bool)> {
        let alone = files.lock(id)?;
        let import = store.read(|reader| reader.import(id))?;
        if import.state != ImportState::Running || import.progress != progress {
            return Err(Error::AlreadyRunning);
        }
        let before = files.record(&import).and_then(|record| record.errors);
        let mut record =
            Record::new(&import, source).map_err(|error| Error::reading(source, error))?;
        if let Some(mut ours) = before
            && file.resume(&mut ours, progress.errors_bytes)?
        {
            record.errors = Some(ours);
        }
        let is_lost = record.errors.is_none() && progress.errors_bytes > 0;
        files.keep(id, &record);
        let kept = Self {
            file,
            files: files.clone(),
            import: id,
            record,
            _alone: alone,
        };
        Ok((kept, is_lost))
    }

    /// Remembers what the file is to hold, and makes it hold that. Comes before the commit of the rows: whenever it is
    /// interrupted, the file is as it was or as it is remembered, and anything else is somebody else's work.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.file.create()?;
        if let Some(path) = self.file.path() {
            let ours = self
                .record
                .errors
                .get_or_insert_with(|| OwnErrors::new(path, self.file.encoding()));
            if self.file.note(ours) {
                self.files.keep(self.import, &self.record);
            }
        }
        self.file.sync()
    }
}
