//! Backups of the workspace: before each migration, daily, and where the user asks for one.
//!
//! Ours stand in the folder `<workspace>.backups`. A copy is taken page by page from one state of the file and gets
//! its name only when it is whole, on the disk, and was read back without a fault. So no copy of a damaged workspace
//! ever takes the place of a sound one.

mod copying;
mod folder;
mod restoring;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

pub(crate) use copying::{copy_pages, is_sound, name_new, patience_with, unfinished};
pub(crate) use folder::{clear_unfinished, files, folder, folder_beside, is_backed_up};
pub use restoring::{check_backup, restore};

use crate::clock::is_within;
use crate::crash_points::crash_point;
use crate::maintenance::Maintenance;
use crate::open::{self, Access};
use crate::{Damage, Error, Reader, Result, Store};
use copying::Source;
use folder::{Copies, file_name};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A backup takes seconds per million contacts: whoever finds another process at it waits for its end.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Is told the pages done and the pages in all, and says whether the work goes on.
pub type GoesOn = Arc<dyn Fn(u64, u64) -> bool + Send + Sync>;

/// Returns a [`GoesOn`] for work that nobody cancels.
pub fn always() -> GoesOn {
    Arc::new(|_, _| true)
}

/// What came of a daily backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DailyBackup {
    /// The copy was made.
    Made(PathBuf),
    /// The last one is less than a day old, nothing has changed since, or backups are switched off.
    NotDue,
    /// It could not be made; the text says why. Nothing else is wrong.
    Skipped(String),
    /// The workspace is damaged. No copy was made, and the earlier ones are kept.
    Damaged(Damage),
}

impl Store {
    /// Copies the workspace as it is now to a new file, for as long as `goes_on` agrees.
    ///
    /// # Errors
    /// [`Error::Exists`] when a file is there; [`Error::Cancelled`] when `goes_on` said no; [`Error::DiskFull`];
    /// [`Error::File`]; [`Error::Busy`] when the file is to stand among the backups, and another process is making one;
    /// [`Error::Damaged`] when the workspace is damaged. No file is left then.
    pub fn backup_to(&self, path: &Path, goes_on: GoesOn) -> Result<()> {
        if path.symlink_metadata().is_ok() {
            return Err(Error::Exists(path.to_owned()));
        }
        // Whoever has the right to it clears away what looks unfinished there.
        let held = folder_of_backups(path)
            .map(|folder| Maintenance::of_folder(folder, PATIENCE))
            .transpose()?;
        let found = self.with_reader(|connection| copying::copy(connection, path, goes_on))?;
        drop(held);
        if found == Source::NeedsIndex {
            at_the_latest_next_time(self.mend_search_index());
        }
        Ok(())
    }

    /// Makes a backup when the last one is a day old and the workspace has changed since; the last few are kept
    /// (see [`crate::Reader::backups_kept`]).
    ///
    /// A damaged workspace is looked at again after a day, or when [`Store::check`] finds it sound.
    ///
    /// # Errors
    /// Only when the workspace cannot be read: a backup that fails is [`DailyBackup::Skipped`].
    pub fn daily_backup(&self, now: i64) -> Result<DailyBackup> {
        let kept = self.read(|reader| reader.backups_kept())?;
        let damage = self.damage()?;
        let is_due = kept > 0 && is_due(self.path(), now);
        match damage {
            Some(known) if !is_due || is_within(known.found_at, DAY_MS, now) => {
                return Ok(DailyBackup::Damaged(known));
            }
            None if !is_due => return Ok(DailyBackup::NotDue),
            _ => {}
        }
        match self.make_daily(now, kept) {
            Ok(None) => Ok(DailyBackup::NotDue),
            Ok(Some(path)) => {
                self.forget_damage();
                Ok(DailyBackup::Made(path))
            }
            Err(Error::Damaged(problem)) => {
                Ok(DailyBackup::Damaged(self.remember_damage(problem, now)))
            }
            Err(Error::Busy) => {
                let text = "another process is still making a backup";
                Ok(DailyBackup::Skipped(text.to_owned()))
            }
            Err(error) => Ok(DailyBackup::Skipped(reason(&error))),
        }
    }

    /// Makes the copy of this day; `None` when another process has made it meanwhile.
    fn make_daily(&self, now: i64, kept: u32) -> Result<Option<PathBuf>> {
        let held = Maintenance::begin(self.path(), PATIENCE)?;
        folder::clear_unfinished(held.folder());
        if !is_due(self.path(), now) {
            return Ok(None);
        }
        // A changed ledger must not take the place of the last one that proves something.
        if let Some(fault) = self.read(|reader| reader.new_ledger_fault())? {
            return Err(Error::Refused(fault));
        }
        folder::leave_room(held.folder(), self.path())?;
        let path = held.folder().join(file_name(now, "daily"));
        let found = self.with_reader(|connection| copying::copy(connection, &path, always()))?;
        crash_point("backup.made");
        if found == Source::NeedsIndex {
            at_the_latest_next_time(self.mend_search_index_as(&held));
        }
        folder::prune(held.folder(), "daily", kept, now);
        Ok(Some(path))
    }
}

/// Returns the newest backup that can be read without a fault, and takes seconds per million contacts for that.
///
/// The newest is the one with the latest change in it, whatever the clock said when it was made; a backup that can't say
/// goes by its name.
pub fn newest_sound_backup(workspace: &Path, now: i64) -> Option<PathBuf> {
    let copies = Copies::of(&folder(workspace), now);
    let mut copies: Vec<_> = copies
        .newest_first()
        .map(|path| (last_change(path).ok(), path))
        .collect();
    copies.sort_by_key(|(change, _)| std::cmp::Reverse(*change));
    let mut sound = copies.into_iter().filter(|(_, path)| is_sound(path));
    sound.next().map(|(_, path)| path.clone())
}

/// Returns the number of the last change that a backup holds.
fn last_change(path: &Path) -> Result<i64> {
    let connection = open::checked(path, Access::Read)?;
    Reader::of(&connection).sequence()
}

/// Returns the backups that were made of a workspace by itself, the oldest first; `now` is UTC milliseconds.
pub fn backups_of(workspace: &Path, now: i64) -> Vec<PathBuf> {
    Copies::of(&folder(workspace), now).into_oldest_first()
}

/// Copies the file before it is migrated from version `found`.
pub(crate) fn before_migration(
    connection: &Connection,
    held: &Maintenance,
    found: u32,
    now: i64,
) -> Result<()> {
    folder::clear_unfinished(held.folder());
    let path = held
        .folder()
        .join(file_name(now, &format!("version-{found}")));
    if path.exists() {
        return Ok(());
    }
    copying::copy(connection, &path, always()).map(|_| ())
}

fn is_due(workspace: &Path, now: i64) -> bool {
    let copies = Copies::of(&folder(workspace), now);
    let fresh = copies.has_daily_within(DAY_MS, now);
    let newest = copies
        .newest_first()
        .find(|path| folder::is_of_kind(path, "daily"));
    !fresh && newest.is_none_or(|last| folder::changed_since(workspace, last, now))
}

/// Returns the folder of backups, of any workspace, that a file is to stand in.
fn folder_of_backups(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    let folder = file.parent()?;
    // By its own name, links followed.
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder::is_of_backups(&folder).then_some(folder)
}

/// The backup that showed what is damaged is made: where the index can't be mended now, the next look at it does that.
fn at_the_latest_next_time(mended: Result<bool>) {
    if let Err(error) = mended {
        tracing::warn!(%error, "the search index is still damaged");
    }
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
