//! Puts a backup in the place of its workspace; the file that stood there is kept among the backups.
//!
//! The workspace and its log are one state, so they move together: the log gets its second name first, and loses its own
//! only when no workspace of that name is there. Whoever is killed leaves either the old file whole, or none of the name, which
//! the next restore puts right.

use std::fs;
use std::path::{Path, PathBuf};

use super::{PATIENCE, copying, folder};
use crate::crash_points::crash_point;
use crate::maintenance::Maintenance;
use crate::neighbors::{self, beside};
use crate::open::{self, Access};
use crate::torn::{log_bytes, log_of};
use crate::{Error, Result};

/// Refuses a file that can't be restored.
///
/// # Errors
/// What opening a workspace refuses, and [`Error::Missing`] where there is no file.
pub fn check_backup(backup: &Path) -> Result<()> {
    match fs::metadata(backup) {
        Ok(data) if data.is_file() => open::checked(backup, Access::Read).map(|_| ()),
        Ok(_) => Err(Error::NotAWorkspace(backup.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Error::Missing(backup.to_owned()))
        }
        Err(source) => Err(at(backup, source)),
    }
}

/// Copies `backup` into the place of `workspace`; `now` is UTC milliseconds. Returns what the file that was there is
/// called now, `None` when there was none. The backup stays as it is.
///
/// # Errors
/// As [`check_backup`], and [`Error::Damaged`] when the backup is damaged; [`Error::NotAWorkspace`] where something else than
/// a file has the workspace's name; [`Error::InUse`] while another process has the workspace open; [`Error::Busy`] while one
/// makes a backup; [`Error::DiskFull`]; [`Error::File`]. The workspace stays as it was then.
pub fn restore(workspace: &Path, backup: &Path, now: i64) -> Result<Option<PathBuf>> {
    let place = fs::canonicalize(workspace).unwrap_or_else(|_| workspace.to_owned());
    if fs::canonicalize(backup).is_ok_and(|backup| backup == place) {
        let text = format!(
            "{} can't be restored from itself; choose one of its backups",
            workspace.display()
        );
        return Err(Error::Refused(text));
    }
    check_backup(backup)?;
    check_place(&place)?;
    let held = Maintenance::begin(&place, PATIENCE)?;
    folder::clear_unfinished(held.folder());
    refuse_in_use(&place)?;
    let copy = copying::unfinished(&held.folder().join("restored"))?;
    let copied = open::checked(backup, Access::Read)
        .and_then(|backup| copying::copy_pages(&backup, &copy, super::always()))
        .map_err(|error| match error {
            // Nobody knows the name that the file has until it's whole.
            Error::File { source, .. } => at(&place, source),
            error => error,
        })
        .and_then(|_| set_aside(&place, &folder::replaced_name(held.folder(), now)))
        .and_then(|replaced| {
            crash_point("restore.set_aside");
            copying::name_it(&copy, &place).map_err(|source| at(&place, source))?;
            Ok(replaced)
        });
    if copied.is_err() {
        // Best effort: what failed is reported anyway.
        let _ = fs::remove_file(&copy);
    }
    copied
}

/// Refuses a place that no workspace can have, before anything is made beside it.
fn check_place(place: &Path) -> Result<()> {
    match fs::symlink_metadata(place) {
        Ok(data) if data.is_symlink() => {
            let text = format!(
                "{} is a link to a file that isn't there; restore to the file itself",
                place.display()
            );
            return Err(Error::Refused(text));
        }
        Ok(data) if !data.is_file() => return Err(Error::NotAWorkspace(place.to_owned())),
        _ => {}
    }
    let folder = std::path::absolute(place).map_err(|source| at(place, source))?;
    if let Some(folder) = folder.parent() {
        fs::metadata(folder).map_err(|source| at(folder, source))?;
    }
    neighbors::check(place)
}

/// Gives a file and its log another name, and returns it.
fn set_aside(place: &Path, name: &Path) -> Result<Option<PathBuf>> {
    let log = log_of(place);
    let replaced = place.exists().then(|| name.to_owned());
    if let Some(replaced) = &replaced {
        if log_bytes(place) > 0 {
            let kept = log_of(replaced);
            fs::copy(&log, &kept).map_err(|source| at(&kept, source))?;
        }
        fs::rename(place, replaced).map_err(|source| at(place, source))?;
        crash_point("restore.renamed");
    }
    // Without a workspace of its name a log belongs to none: SQLite would take it for one of the backup's.
    for file in [log, beside(place, "-shm"), beside(place, "-journal")] {
        match fs::remove_file(&file) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(at(&file, source));
            }
            _ => {}
        }
    }
    Ok(replaced)
}

/// Whoever has a workspace open keeps a lock on a part of its file, even where nothing of the file can be read.
#[cfg(unix)]
fn refuse_in_use(place: &Path) -> Result<()> {
    use rustix::fs::{FlockOperation, fcntl_lock};
    use rustix::io::Errno;
    let file = match fs::OpenOptions::new().read(true).write(true).open(place) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(at(place, source)),
    };
    match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::AGAIN | Errno::ACCESS) => Err(Error::InUse),
        // A drive that keeps no locks can't tell.
        _ => Ok(()),
    }
}

/// Windows itself renames no file that is open.
#[cfg(not(unix))]
fn refuse_in_use(_: &Path) -> Result<()> {
    Ok(())
}

fn at(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{DAY, NOW, Workspace, workspace};
    use crate::{ContactField, OpenOptions, Store};

    #[test]
    fn a_torn_workspace_with_its_log_gives_way_to_the_backup_and_is_kept() {
        let workspace = workspace();
        workspace.add(&[(ContactField::LastName, "Early")]);
        workspace.daily_backup(NOW + DAY).unwrap();
        let backup = crate::newest_sound_backup(&workspace.path(), NOW + DAY).unwrap();
        workspace.add(&[(ContactField::LastName, "Late")]);
        let Workspace {
            store,
            folder: _folder,
        } = workspace;
        let path = store.path().to_owned();
        drop(store);
        fs::write(log_of(&path), "what is left of a log").unwrap();
        let torn = fs::File::options().write(true).open(&path).unwrap();
        torn.set_len(10_000).unwrap();
        drop(torn);
        let replaced = restore(&path, &backup, NOW + 2 * DAY).unwrap().unwrap();
        assert_eq!(fs::metadata(&replaced).unwrap().len(), 10_000);
        let log = fs::read_to_string(log_of(&replaced)).unwrap();
        assert_eq!(log, "what is left of a log");
        let store = Store::open(&path, OpenOptions::default(), NOW + 2 * DAY).unwrap();
        assert_eq!(store.read(|reader| reader.live_contacts()).unwrap(), 1);
    }

    #[test]
    fn a_missing_workspace_is_restored_and_a_damaged_backup_changes_nothing() {
        let workspace = workspace();
        workspace.daily_backup(NOW + DAY).unwrap();
        let backup = crate::newest_sound_backup(&workspace.path(), NOW + DAY).unwrap();
        let Workspace { store, folder } = workspace;
        let path = store.path().to_owned();
        drop(store);
        let damaged = folder.path().join("damaged.backup");
        let bytes = fs::read(&backup).unwrap();
        fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();
        let before = fs::read(&path).unwrap();
        assert!(restore(&path, &damaged, NOW).is_err());
        assert_eq!(fs::read(&path).unwrap(), before);
        fs::remove_file(&path).unwrap();
        assert_eq!(restore(&path, &backup, NOW).unwrap(), None);
        assert!(Store::open(&path, OpenOptions::default(), NOW).is_ok());
    }
}
