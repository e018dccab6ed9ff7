//! Takes one copy, and reads it back.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::folder::UNFINISHED;
use super::{GoesOn, always};
use crate::check::{MOST_PROBLEMS, report};
use crate::crash_points::crash_point;
use crate::damage::{forget_in, in_words};
use crate::error::ENDLESS;
use crate::open::{self, Access};
use crate::{Error, Guid, Result, fold, private, search_index};

const PAGES_A_STEP: i32 = 1000;
const PAUSE: Duration = Duration::from_millis(5);
/// Looking at a file must come to an end, whatever is in it: so long, and a second more for each of these bytes.
const CHECK_PATIENCE: Duration = Duration::from_secs(60);
const BYTES_A_SECOND: u64 = 2 * 1024 * 1024;
const STEPS_BETWEEN_LOOKS: i32 = 100_000;

/// What a copy shows of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Sound,
    /// Its search index is damaged, and was made anew in the copy.
    NeedsIndex,
}

/// Copies one state of the database to a new file: whole and sound, or not at all.
///
/// # Errors
/// [`Error::Exists`] when anything has that name by then;
/// [`Error::Damaged`] when the copy, and with it the source, is damaged; [`Error::Cancelled`] when `goes_on` said no.
pub(crate) fn copy(source: &Connection, path: &Path, goes_on: GoesOn) -> Result<Source> {
    let unfinished = unfinished(path)?;
    let copied = copy_pages(source, &unfinished, goes_on).and_then(|found| {
        crash_point("backup.copied");
        name_new(&unfinished, path).map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
            _ => Error::File {
                path: path.to_owned(),
                source,
            },
        })?;
        Ok(found)
    });
    if copied.is_err() {
        // Best effort: what failed is reported anyway.
        let _ = fs::remove_file(&unfinished);
    }
    copied.map_err(|error| match error {
        // Nobody knows the name that the file has until it's whole.
        Error::File { source, .. } => Error::File {
            path: path.to_owned(),
            source,
        },
        error => error,
    })
}

/// Tells whether a backup is one of ours, whole, and readable without a fault.
pub(crate) fn is_sound(path: &Path) -> bool {
    open::checked(path, Access::Read)
        .and_then(|connection| check(&connection, path, always()))
        .is_ok()
}

/// Returns a name that no other process takes.
pub(crate) fn unfinished(path: &Path) -> Result<PathBuf> {
    let mut name = OsString::from(path);
    name.push(format!(".{}.{UNFINISHED}", Guid::random()?));
    Ok(name.into())
}

/// Returns how long a look at a whole file may take.
pub(crate) fn patience_with(path: &Path) -> Duration {
    let bytes = fs::metadata(path).map_or(0, |data| data.len());
    CHECK_PATIENCE + Duration::from_secs(bytes / BYTES_A_SECOND)
}

pub(crate) fn copy_pages(source: &Connection, path: &Path, goes_on: GoesOn) -> Result<Source> {
    private::create(path)?;
    let file_error = |error| Error::File {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    };
    let mut target = Connection::open(open::literal(path)).map_err(file_error)?;
    open::harden(&target)?;
    fold::register(&target)?;
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
                StepResult::More => {
                    let left = backup.progress();
                    let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
                    let total = count(left.pagecount);
                    if !goes_on(total.saturating_sub(count(left.remaining)), total) {
                        return Err(Error::Cancelled);
                    }
                }
                _ => std::thread::sleep(PAUSE),
            }
        }
    }
    drop(snapshot);
    // One self-contained file, without a log beside it.
    target.pragma_update(None, "journal_mode", "delete")?;
    let found = check_or_mend(&mut target, path, &goes_on)?;
    forget_in(&target)?;
    match goes_on(1, 1) {
        true => Ok(found),
        false => Err(Error::Cancelled),
    }
}

/// Refuses a copy with a fault. A fault of the search index alone loses nothing: the copy gets a new one.
fn check_or_mend(copy: &mut Connection, path: &Path, goes_on: &GoesOn) -> Result<Source> {
    let checked = check(copy, path, goes_on.clone()).and_then(|()| search_index::check(copy));
    match checked {
        Ok(()) => Ok(Source::Sound),
        Err(Error::Damaged(_) | Error::SearchIndex) if search_index::make_anew(copy)? => {
            check(copy, path, goes_on.clone())?;
            Ok(Source::NeedsIndex)
        }
        Err(Error::SearchIndex) => Err(Error::Damaged("the search index".to_owned())),
        Err(error) => Err(error),
    }
}

/// Refuses a copy with a fault in a page, a row or the search index.
fn check(copy: &Connection, path: &Path, goes_on: GoesOn) -> Result<()> {
    let (begun, patience) = (Instant::now(), patience_with(path));
    let asked = goes_on.clone();
    copy.progress_handler(
        STEPS_BETWEEN_LOOKS,
        Some(move || begun.elapsed() > patience || !asked(1, 1)),
    )?;
    let problems = match report(copy, "quick_check", MOST_PROBLEMS) {
        Err(Error::Interrupted) if !goes_on(1, 1) => return Err(Error::Cancelled),
        Err(Error::Interrupted) => return Err(Error::Damaged(ENDLESS.to_owned())),
        read => read?,
    };
    copy.progress_handler(0, None::<fn() -> bool>)?;
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Damaged(in_words(copy, &problems).join(", "))),
    }
}

pub(super) fn name_it(unfinished: &Path, path: &Path) -> std::io::Result<()> {
    fs::File::open(unfinished)?.sync_all()?;
    fs::rename(unfinished, path)?;
    keep_name(path)
}

/// The same for a name that nothing has yet.
///
/// # Errors
/// Of the kind `AlreadyExists` when something has it.
pub(crate) fn name_new(unfinished: &Path, path: &Path) -> std::io::Result<()> {
    fs::File::open(unfinished)?.sync_all()?;
    match fs::hard_link(unfinished, path) {
        Ok(()) => fs::remove_file(unfinished)?,
        // Some drives know no links.
        Err(_) if path.symlink_metadata().is_err() => fs::rename(unfinished, path)?,
        Err(error) => return Err(error),
    }
    keep_name(path)
}

fn keep_name(path: &Path) -> std::io::Result<()> {
    // The name has to be on the disk as well, where the system lets a folder be written through.
    #[cfg(unix)]
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
