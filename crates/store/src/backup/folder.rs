//! The folder of the backups: what is in it, in which order, and what goes.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::clock::is_within;
use crate::torn::{log_bytes, log_of};
use crate::{Error, Result};

const ENDING: &str = "backup";
const FOLDER_ENDING: &str = "backups";
/// A workspace that gave way to a backup; nobody can be erased from one that is damaged, so it goes then.
const REPLACED: &str = "replaced";
/// What a copy is called until it is whole; SQLite's journal of it has this name and an ending behind it.
pub(super) const UNFINISHED: &str = "unfinished";
/// What a daily backup must leave free on the disk.
const ROOM_LEFT_BYTES: u64 = 100 * 1024 * 1024;
const TIME: &str = "%Y-%m-%dT%H%M%SZ";

/// Returns the folder of our backups of a workspace, the same one whatever link it was opened by.
pub(crate) fn folder(workspace: &Path) -> PathBuf {
    let place = fs::canonicalize(workspace);
    folder_beside(place.as_deref().unwrap_or(workspace))
}

/// Returns the folder that stands beside a path, where a workspace opened by a link once had its backups.
pub(crate) fn folder_beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{FOLDER_ENDING}"));
    PathBuf::from(name)
}

/// Tells whether a folder is one of ours, by its name.
pub(super) fn is_of_backups(folder: &Path) -> bool {
    folder
        .extension()
        .is_some_and(|ending| ending == FOLDER_ENDING)
}

/// Returns our backups of a workspace, unfinished ones included, by name.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        path.extension().is_some_and(|ending| {
            [ENDING, UNFINISHED, REPLACED]
                .iter()
                .any(|one| ending == *one)
        })
    });
    // Whoever sent the workspace may have sent the folder, too, with links and pipes in it.
    paths.retain(|path| fs::symlink_metadata(path).is_ok_and(|data| data.is_file()));
    Ok(paths)
}

/// Tells whether a workspace of this name has had content before.
pub(crate) fn is_backed_up(workspace: &Path) -> bool {
    files(&folder(workspace)).is_ok_and(|files| !files.is_empty())
}

/// The finished backups, the oldest first.
pub(super) struct Copies(Vec<PathBuf>);

impl Copies {
    pub(super) fn of(folder: &Path, now: i64) -> Self {
        let mut paths = files(folder).unwrap_or_default();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
        // A copy is older than now. A name that says otherwise comes from a wrong clock, and nothing says from when.
        paths.sort_by_key(|path| (made_at(path).is_none_or(|at| at <= now), path.clone()));
        Self(paths)
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &PathBuf> {
        self.0.iter().rev()
    }

    pub(super) fn into_oldest_first(self) -> Vec<PathBuf> {
        self.0
    }

    /// Tells whether a daily copy was made within the last `length` milliseconds.
    pub(super) fn has_daily_within(&self, length: i64, now: i64) -> bool {
        self.0
            .iter()
            .filter(|path| is_of_kind(path, "daily"))
            .filter_map(|path| made_at(path))
            .any(|at| is_within(at, length, now))
    }
}

/// Tells whether a backup was made for this reason.
pub(super) fn is_of_kind(path: &Path, kind: &str) -> bool {
    let ending = format!(".{kind}.{ENDING}");
    path.to_str().is_some_and(|path| path.ends_with(&ending))
}

/// Returns the name of a backup. Names sort by time.
pub(super) fn file_name(now: i64, kind: &str) -> String {
    let at = Timestamp::from_millisecond(now).unwrap_or_default();
    format!("{}.{kind}.{ENDING}", at.strftime(TIME))
}

/// Returns a name that no file has, for a workspace that gives way to a backup.
pub(super) fn replaced_name(folder: &Path, now: i64) -> PathBuf {
    let at = Timestamp::from_millisecond(now).unwrap_or_default();
    let at = at.strftime(TIME).to_string();
    let numbered = (2..).map(|number| folder.join(format!("{at}.{number}.{REPLACED}")));
    let mut names = std::iter::once(folder.join(format!("{at}.{REPLACED}"))).chain(numbered);
    names
        .find(|name| !name.exists())
        .unwrap_or_else(|| folder.join(format!("{at}.{REPLACED}")))
}

/// Returns the moment that a name tells, UTC milliseconds.
fn made_at(path: &Path) -> Option<i64> {
    let (time, _) = path.file_name()?.to_str()?.split_once('.')?;
    let time = jiff::civil::DateTime::strptime(TIME, time).ok()?;
    Some(time.in_tz("UTC").ok()?.timestamp().as_millisecond())
}

/// Compares the files' own times, all from the same clock; an empty log holds no change. A backup that says it was made
/// later than now was made with a wrong clock, and proves nothing.
pub(super) fn changed_since(workspace: &Path, backup: &Path, now: i64) -> bool {
    let Ok(made) = fs::metadata(backup).and_then(|data| data.modified()) else {
        return true;
    };
    let is_later_than_now = made
        .duration_since(std::time::UNIX_EPOCH)
        .is_ok_and(|since| i64::try_from(since.as_millis()).is_ok_and(|at| at > now));
    is_later_than_now
        || [workspace, &log_of(workspace)]
            .into_iter()
            .any(|path| match fs::metadata(path) {
                Ok(data) => data.len() > 0 && data.modified().is_ok_and(|time| time > made),
                Err(_) => false,
            })
}

/// Removes what a process that was killed left of a copy. Called by whoever has the right to make one, so that nobody
/// else is at it.
pub(crate) fn clear_unfinished(folder: &Path) {
    let ending = format!(".{UNFINISHED}");
    for path in entries(folder).unwrap_or_default() {
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.ends_with(&ending) || name.contains(&format!("{ending}-")))
        {
            remove(&path);
        }
    }
}

/// Removes the oldest copies of a kind beyond `kept`; one that cannot be removed now goes the next time.
///
/// Called after a sound copy was made, which is the newest and stays.
pub(super) fn prune(folder: &Path, kind: &str, kept: u32, now: i64) {
    let kept = usize::try_from(kept.max(1)).unwrap_or(usize::MAX);
    let copies = Copies::of(folder, now);
    let of_kind = copies.newest_first().filter(|path| is_of_kind(path, kind));
    for path in of_kind.skip(kept) {
        remove(path);
    }
}

/// Refuses a copy that would leave the disk all but full.
pub(super) fn leave_room(folder: &Path, workspace: &Path) -> Result<()> {
    let size = fs::metadata(workspace).map_or(0, |data| data.len());
    let needed = size + log_bytes(workspace) + ROOM_LEFT_BYTES;
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

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let file_error = |source| Error::File {
        path: folder.to_owned(),
        source,
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(file_error(error)),
    };
    let paths = entries.map(|entry| Ok(entry.map_err(file_error)?.path()));
    let mut paths = paths.collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::warn!(%error, "could not remove an old backup");
    }
}
