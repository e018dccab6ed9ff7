//! Takes people out of our backups, wherever those of a workspace stand.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension;

use super::ErasedPerson;
use super::removing::Listed;
use crate::crash_points::crash_point;
use crate::maintenance::Maintenance;
use crate::open::{self, Access};
use crate::{ContactId, Error, Reader, Result, SCHEMA_VERSION, Store, Writer, backup, store};

/// What SQLite puts beside a file, and leaves there when it is killed.
const SIDE_FILES: [&str; 3] = ["-journal", "-wal", "-shm"];

/// What became of the backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErasedBackups {
    /// Backups that held the person and were rewritten.
    pub rewritten: u64,
    /// Backups that were dropped: they are damaged or of an older version, and can't be rewritten.
    pub dropped: u64,
    /// What a backup that was killed left behind.
    pub leftovers: u64,
}

impl Store {
    /// Erases people from every backup of ours that `done` doesn't name, and adds those to it.
    pub(super) fn erase_from_backups(
        &self,
        people: &[ErasedPerson],
        done: &mut BTreeSet<PathBuf>,
        erased: &mut ErasedBackups,
    ) -> Result<()> {
        for folder in self.backup_folders()? {
            if !folder.is_dir() {
                continue;
            }
            // A copy that another process is making still has them in it.
            let _held = Maintenance::of_folder(folder.clone(), backup::PATIENCE)?;
            for file in backup::files(&folder)? {
                if !done.insert(file.clone()) {
                    continue;
                }
                if backup_is_whole(&file) {
                    rewrite_or_drop(&file, people, erased)?;
                    crash_point("erase.backup_done");
                } else {
                    remove(&file)?;
                    erased.leftovers += 1;
                }
            }
            erased.leftovers += remove_orphans(&folder)?;
        }
        Ok(())
    }

    /// Returns the folders with backups of this workspace: under the path that it was opened by, under the one that a
    /// symbolic link leads to, beside these what a renamed or hard-linked workspace left, and what a moved one left behind.
    fn backup_folders(&self) -> Result<BTreeSet<PathBuf>> {
        let path = self.path().to_owned();
        let id = self.read(|reader| reader.workspace_id())?;
        let canonical = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        let mut folders = BTreeSet::new();
        for path in [&path, &canonical] {
            // Two paths may lead to one folder.
            let own = backup::folder_beside(path);
            let own = fs::canonicalize(&own).unwrap_or(own);
            let siblings = own.parent().map_or_else(Vec::new, folders_beside);
            folders.insert(own);
            for folder in siblings {
                let is_ours = !folders.contains(&folder)
                    && !belongs_to_another(&folder, &canonical)
                    && holds_backup_of(&folder, id.as_deref())?;
                if is_ours {
                    folders.insert(folder);
                }
            }
        }
        for former in self.former_places() {
            let folder = backup::folder_beside(&former);
            // What is still there is a workspace of its own, of which this one is a copy.
            let was_moved = !former.exists() && folder.is_dir();
            if was_moved && holds_backup_of(&folder, id.as_deref())? {
                folders.insert(fs::canonicalize(&folder).unwrap_or(folder));
            }
        }
        Ok(folders)
    }
}

impl Writer<'_> {
    /// Removes a person from a backup, under the values that they had when it was taken as well; tells whether anything was
    /// there to remove.
    fn remove_from_backup(&self, person: &ErasedPerson) -> Result<bool> {
        let mut ids: Vec<ContactId> = Vec::new();
        for guid in &person.guids {
            if let Some(id) = self.id_of(guid)? {
                ids.extend(self.person(id)?);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut person = person.clone();
        person.add(self.values_of(&ids)?);
        let removed = self.remove_person(&ids, &person, Listed::Redacted)?;
        let mut counts = removed.rows.values().chain(removed.texts.values());
        Ok(counts.any(|count| *count > 0))
    }
}

impl Reader<'_> {
    fn id_of(&self, guid: &str) -> Result<Option<ContactId>> {
        Ok(self
            .connection
            .prepare_cached("SELECT id FROM contacts WHERE guid = ?1")?
            .query_row([guid], |row| row.get(0))
            .optional()?)
    }
}

/// Tells whether a folder holds a backup of the workspace with this id.
fn holds_backup_of(folder: &Path, id: Option<&str>) -> Result<bool> {
    let Some(id) = id else { return Ok(false) };
    // What can't be read can't be told to be ours.
    let is_ours = |file: &PathBuf| id_in(file).is_ok_and(|found| found.as_deref() == Some(id));
    Ok(backup::files(folder)?.iter().any(is_ours))
}

fn id_in(file: &Path) -> Result<Option<String>> {
    let connection = open::checked(file, Access::Read)?;
    Reader::of(&connection).workspace_id()
}

/// Rewrites a backup without some people, or drops it where that can't be done.
fn rewrite_or_drop(file: &Path, people: &[ErasedPerson], erased: &mut ErasedBackups) -> Result<()> {
    match rewrite(file, people) {
        Ok(held) => erased.rewritten += u64::from(held),
        // Another time it can be.
        Err(error @ (Error::Busy | Error::DiskFull | Error::Disk(_))) => return Err(error),
        Err(error) => {
            tracing::warn!(%error, "a backup is dropped, since nobody can be erased from it");
            remove(file)?;
            erased.dropped += 1;
        }
    }
    Ok(())
}

/// Writes a backup anew without some people; tells whether it held any of them.
fn rewrite(file: &Path, people: &[ErasedPerson]) -> Result<bool> {
    own_alone(file)?;
    let mut connection = open::checked(file, Access::Write)?;
    connection.pragma_update(None, "journal_mode", "delete")?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != SCHEMA_VERSION {
        return Err(Error::Refused(format!("the backup has version {version}")));
    }
    let held = store::write_on(&mut connection, |writer| {
        let mut held = false;
        for person in people {
            held |= writer.remove_from_backup(person)?;
        }
        writer.unmark_all()?;
        Ok::<_, Error>(held)
    })?;
    crash_point("erase.backup");
    // Deleted rows are overwritten, but pages that were rearranged earlier may hold another copy.
    connection.execute_batch("VACUUM")?;
    Ok(held)
}

/// Makes a file one of its own where it has another name, too: what that name stands for isn't ours to change.
#[cfg(unix)]
fn own_alone(file: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let at = |source| Error::File {
        path: file.to_owned(),
        source,
    };
    if fs::metadata(file).map_err(at)?.nlink() < 2 {
        return Ok(());
    }
    let copy = backup::unfinished(file)?;
    fs::copy(file, &copy)
        .and_then(|_| fs::rename(&copy, file))
        .map_err(at)
}

#[cfg(not(unix))]
fn own_alone(_: &Path) -> Result<()> {
    Ok(())
}

fn backup_is_whole(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "backup")
}

/// Tells whether a folder holds the backups of another workspace that is still there. Whatever a workspace says of itself, it
/// never reaches those.
fn belongs_to_another(folder: &Path, workspace: &Path) -> bool {
    let owner = folder.with_extension("");
    owner.exists() && !is_same_file(&owner, workspace)
}

/// Two names of one file, as links make them.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let place = |path| fs::metadata(path).map(|data| (data.dev(), data.ino())).ok();
    place(one).is_some_and(|one| Some(one) == place(other))
}

#[cfg(not(unix))]
fn is_same_file(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).is_ok_and(|one| one == other)
}

fn folders_beside(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    // A link leads to backups of a workspace elsewhere.
    let is_folder = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|data| data.is_dir());
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "backups"))
        .filter(is_folder)
        .collect()
}

/// Removes a file, and what SQLite left beside it.
fn remove(file: &Path) -> Result<()> {
    let mut all = vec![file.to_owned()];
    for ending in SIDE_FILES {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        all.push(name.into());
    }
    for path in all {
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::File { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes what SQLite left beside backups that are gone; returns how many files.
fn remove_orphans(folder: &Path) -> Result<u64> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(0);
    };
    let mut removed = 0;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let Some(name) = path.to_str() else { continue };
        let main = SIDE_FILES
            .iter()
            .find_map(|ending| name.strip_suffix(ending));
        if main.is_some_and(|main| !Path::new(main).exists()) {
            remove(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}
