//! Locks between processes: the system drops them when their process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::files::{hashed, make_folder, open_lock};
use crate::{Error, Result};

/// Returns the lock file of a name in a folder of the data folder. Names may come from a workspace that somebody else made:
/// one that isn't a plain word is hashed, so that it can't lead out of the folder.
pub(crate) fn lock_file(data_folder: &Path, folder: &str, name: &str) -> PathBuf {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let file = match (1..=64).contains(&name.len()) && name.bytes().all(is_plain) {
        true => name.to_owned(),
        false => hashed(name.as_bytes()),
    };
    data_folder.join(folder).join(format!("{file}.lock"))
}

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

/// A lock that several hold at once; dropping it lets go.
#[derive(Debug)]
pub(crate) struct SharedLock(#[expect(dead_code, reason = "open is locked")] File);

impl SharedLock {
    /// Takes the lock, and tells whether nobody else had it.
    pub(crate) fn share(path: &Path) -> Result<(SharedLock, bool)> {
        let file = open(path)?;
        let failed = |error| Error::file(path, &error);
        let was_free = file.try_lock().is_ok();
        if was_free {
            file.unlock().map_err(failed)?;
        }
        file.lock_shared().map_err(failed)?;
        Ok((SharedLock(file), was_free))
    }
}

fn open(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    open_lock(path).map_err(|error| Error::file(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder_of_its_lock() {
        let data = Path::new("/data");
        let at = |name| lock_file(data, "senders", name);
        assert_eq!(at("00D5i0"), Path::new("/data/senders/00D5i0.lock"));
        let long = "x".repeat(300);
        for name in ["../../x", "/etc/passwd", "a/b", "..", "", "C:\\x", &long] {
            let path = at(name);
            assert_eq!(path.parent(), Some(Path::new("/data/senders")), "{name}");
            assert_ne!(path, at("other"), "{name}");
        }
        assert_ne!(at("../a"), at("../b"));
    }

    #[test]
    fn whoever_shares_a_lock_knows_whether_others_have_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let (first, was_free) = SharedLock::share(&path).unwrap();
        assert!(was_free);
        let (second, was_free) = SharedLock::share(&path).unwrap();
        assert!(!was_free);
        drop((first, second));
        assert!(SharedLock::share(&path).unwrap().1);
    }

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
