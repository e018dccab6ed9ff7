//! Copies of the workspace: before each migration, daily, and where the user asks for one.
//!
//! Ours stand in the folder `<workspace>.backups`. A copy is taken page by page from one state of the file and gets
//! its name only when it is whole and on the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::{Error, Result, Store};

const PAGES_A_STEP: i32 = 1000;
const PAUSE: Duration = Duration::from_millis(5);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// What a daily backup must leave free on the disk.
const ROOM_LEFT_BYTES: u64 = 100 * 1024 * 1024;
const ENDING: &str = "backup";
const UNFINISHED: &str = "unfinished";

/// What came of a daily backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DailyBackup {
    /// The copy was made.
    Made(PathBuf),
    /// The last one is less than a day old, nothing has changed since, or backups are switched off.
    NotDue,
    /// It could not be made; the text says why. Nothing else is wrong.
    Skipped(String),
}

impl Store {
    /// Copies the workspace as it is now to a new file.
    ///
    /// # Errors
    /// [`Error::Exists`] when a file is there; [`Error::DiskFull`]; [`Error::File`].
    pub fn backup_to(&self, path: &Path) -> Result<()> {
        if path.exists() {
            return Err(Error::Exists(path.to_owned()));
        }
        self.with_reader(|connection| copy(connection, path))
    }

    /// Makes a backup when the last one is a day old and the workspace has changed since; the last few are kept
    /// (see [`crate::Reader::backups_kept`]).
    ///
    /// # Errors
    /// Only when the workspace cannot be read: a backup that fails is [`DailyBackup::Skipped`].
    pub fn daily_backup(&self, now: i64) -> Result<DailyBackup> {
        let kept = self.read(|reader| reader.backups_kept())?;
        let folder = folder(self.path());
        if kept == 0 || !is_due(self.path(), &folder, now) {
            return Ok(DailyBackup::NotDue);
        }
        match self.make_daily(&folder, now, kept) {
            Ok(path) => Ok(DailyBackup::Made(path)),
            Err(error) => Ok(DailyBackup::Skipped(reason(&error))),
        }
    }

    fn make_daily(&self, folder: &Path, now: i64, kept: u32) -> Result<PathBuf> {
        let path = folder.join(file_name(now, "daily"));
        make_folder(folder)?;
        leave_room(folder, self.path())?;
        self.with_reader(|connection| copy(connection, &path))?;
        prune(folder, "daily", kept);
        Ok(path)
    }
}

/// Copies the file before it is migrated from version `found`.
pub(crate) fn before_migration(
    connection: &Connection,
    path: &Path,
    found: u32,
    now: i64,
) -> Result<()> {
    let folder = folder(path);
    make_folder(&folder)?;
    let copy_path = folder.join(file_name(now, &format!("version-{found}")));
    if copy_path.exists() {
        return Ok(());
    }
    copy(connection, &copy_path)
}

/// Returns the folder of our backups of a workspace.
pub(crate) fn folder(workspace: &Path) -> PathBuf {
    let mut name = workspace.as_os_str().to_owned();
    name.push(".backups");
    PathBuf::from(name)
}

/// Returns our backups of a workspace, unfinished ones included, eldest first.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => {
            return Err(Error::File {
                path: folder.to_owned(),
                source,
            });
        }
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|source| Error::File {
                path: folder.to_owned(),
                source,
            })?
            .path();
        if path
            .extension()
            .is_some_and(|ending| ending == ENDING || ending == UNFINISHED)
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Copies one state of the database to a new file, whole or not at all.
pub(crate) fn copy(source: &Connection, path: &Path) -> Result<()> {
    let unfinished = path.with_added_extension(UNFINISHED);
    let copied = copy_pages(source, &unfinished).and_then(|()| {
        let file_error = |source| Error::File {
            path: path.to_owned(),
            source,
        };
        fs::File::open(&unfinished)
            .and_then(|file| file.sync_all())
            .map_err(file_error)?;
        fs::rename(&unfinished, path).map_err(file_error)
    });
    if copied.is_err() {
        // Best effort: what failed is reported anyway.
        let _ = fs::remove_file(&unfinished);
    }
    copied
}

fn copy_pages(source: &Connection, path: &Path) -> Result<()> {
    let file_error = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(file_error(error));
        }
        _ => {}
    }
    let mut target =
        Connection::open(path).map_err(|error| file_error(std::io::Error::other(error)))?;
    // The read transaction holds one state, so that other writers do not make the copy begin anew.
    let snapshot = if source.is_autocommit() {
        Some(source.unchecked_transaction()?)
    } else {
        None
    };
    source.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    {
        let backup = Backup::new(source, &mut target)?;
        loop {
            match backup.step(PAGES_A_STEP)? {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(PAUSE),
            }
        }
    }
    drop(snapshot);
    // One self-contained file, without a log beside it.
    target.pragma_update(None, "journal_mode", "delete")?;
    Ok(())
}

fn is_due(workspace: &Path, folder: &Path, now: i64) -> bool {
    let daily = files_of(folder, "daily");
    let Some(last) = daily.last() else {
        return true;
    };
    let fresh = last
        .file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| *name > *file_name(now - DAY_MS, "daily"));
    !fresh && changed_since(workspace, last)
}

/// Compares the files' own times, all from the same clock; an empty log holds no change.
fn changed_since(workspace: &Path, backup: &Path) -> bool {
    let Ok(made) = fs::metadata(backup).and_then(|data| data.modified()) else {
        return true;
    };
    [workspace, &log_of(workspace)]
        .into_iter()
        .any(|path| match fs::metadata(path) {
            Ok(data) => data.len() > 0 && data.modified().is_ok_and(|time| time > made),
            Err(_) => false,
        })
}

fn files_of(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let ending = format!(".{kind}.{ENDING}");
    let mut paths = files(folder).unwrap_or_default();
    paths.retain(|path| path.to_str().is_some_and(|path| path.ends_with(&ending)));
    paths
}

/// Removes the eldest copies of a kind beyond `kept`; one that cannot be removed now goes the next time.
fn prune(folder: &Path, kind: &str, kept: u32) {
    let paths = files_of(folder, kind);
    let surplus = paths
        .len()
        .saturating_sub(usize::try_from(kept).unwrap_or(usize::MAX));
    for path in &paths[..surplus] {
        if let Err(error) = fs::remove_file(path) {
            tracing::warn!(%error, "could not remove an old backup");
        }
    }
}

/// Names sort by time.
fn file_name(now: i64, kind: &str) -> String {
    let at = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    format!("{}.{kind}.{ENDING}", at.strftime("%Y-%m-%dT%H%M%SZ"))
}

/// Refuses a copy that would leave the disk all but full.
fn leave_room(folder: &Path, workspace: &Path) -> Result<()> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    let needed = size(workspace) + size(&log_of(workspace)) + ROOM_LEFT_BYTES;
    let free = fs4::available_space(folder).map_err(|source| Error::File {
        path: folder.to_owned(),
        source,
    })?;
    if free < needed {
        Err(Error::DiskFull)
    } else {
        Ok(())
    }
}

fn log_of(workspace: &Path) -> PathBuf {
    let mut log = workspace.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|source| Error::File {
        path: folder.to_owned(),
        source,
    })
}

fn reason(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
