//! One process at a time migrates a workspace or makes backups of it.
//!
//! The lock stands in the folder of the backups. The system drops it when its process ends, however it ends. The file
//! of the lock stays: two processes must never lock two files of one name.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::{Error, Result, backup, private};

const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// The right to migrate a workspace and to change the folder of its backups; dropping it lets go.
#[derive(Debug)]
pub(crate) struct Maintenance {
    folder: PathBuf,
    _lock: File,
}

impl Maintenance {
    /// Waits for the right for a while.
    ///
    /// # Errors
    /// [`Error::Busy`] when another process has it for longer; [`Error::File`] when the folder can't be made or written.
    pub(crate) fn begin(workspace: &Path, patience: Duration) -> Result<Self> {
        let folder = backup::folder(workspace);
        private::make_folder(&folder)?;
        Self::of_folder(folder, patience)
    }

    /// The same for a folder of backups that is there.
    ///
    /// # Errors
    /// As [`Maintenance::begin`].
    pub(crate) fn of_folder(folder: PathBuf, patience: Duration) -> Result<Self> {
        let path = folder.join("lock");
        let lock = private::open_or_create(&path)?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if begun.elapsed() < patience => {
                    std::thread::sleep(BETWEEN_TRIES);
                }
                Err(TryLockError::WouldBlock) => return Err(Error::Busy),
                // Some network drives know no locks. A workspace opens there, but sends nothing.
                Err(TryLockError::Error(error))
                    if error.kind() == std::io::ErrorKind::Unsupported =>
                {
                    tracing::warn!(%error, "this drive keeps no locks");
                    break;
                }
                Err(TryLockError::Error(source)) => return Err(Error::File { path, source }),
            }
        }
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Returns the folder of the backups.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}
