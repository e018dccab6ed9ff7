//! Locks between processes: the system drops them when their process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::{Error, Result};

/// A held lock; dropping it lets go.
#[derive(Debug)]
pub(crate) struct FileLock(#[expect(dead_code, reason = "open is locked")] File);

impl FileLock {
    /// Takes the lock, waiting for whoever has it. Blocks the thread.
    pub(crate) fn wait(path: &Path) -> Result<FileLock> {
        let file = open(path)?;
        file.lock().map_err(|error| Error::file(path, &error))?;
        Ok(FileLock(file))
    }

    /// Takes the lock if nobody has it.
    pub(crate) fn try_take(path: &Path) -> Result<Option<FileLock>> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(FileLock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::file(path, &error)),
        }
    }
}

fn open(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    let opened = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    opened.map_err(|error| Error::file(path, &error))
}

/// Makes a folder that only the user may look into, where the system knows such a thing.
pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Error::file(folder, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_free_again_once_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/a.lock");
        let held = FileLock::try_take(&path).unwrap();
        assert!(held.is_some());
        assert!(
            FileLock::try_take(&path).unwrap().is_none(),
            "a second holder must be refused"
        );
        drop(held);
        assert!(FileLock::try_take(&path).unwrap().is_some());
    }
}
