//! Gives a copy of a damaged file the first page of a backup, where its own is lost.
//!
//! The first page says that the file is one of ours, and where the list of its tables is. That list seldom moves, so that an
//! earlier first page mostly still finds it. The list itself is the damaged file's own: a table is read where the file says it
//! begins, and only if the file describes it as we made it.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{at, lenient};
use crate::backup::{self, GoesOn, copy_pages, unfinished};
use crate::open::{self, Access};
use crate::{Error, Result, SCHEMA_VERSION, neighbors, private, schema, torn};

const LARGEST_PAGE: u64 = 65_536;
/// Where the numbers stand in the first page, <https://www.sqlite.org/fileformat.html> section 1.3.
const CHANGES: usize = 24;
const PAGES: usize = 28;
const FREE_PAGES: std::ops::Range<usize> = 32..40;
const CHANGES_AT_COUNT: usize = 92;
/// Where it says what kind of page it is besides, and that it only leads to the pages with the list.
const KIND: usize = 100;
const LEADS_ON: u8 = 5;

/// A file that is gone when this is dropped, with what SQLite keeps beside it.
#[derive(Debug)]
pub(super) struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        // What can't be removed is cleared away with the other unfinished files.
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(neighbors::beside(&self.0, ending));
        }
    }
}

/// A damaged file that can be read by the first page of a backup.
#[derive(Debug)]
pub(super) struct Mended {
    pub(super) connection: Connection,
    pub(super) version: u32,
    /// Dropped behind the connection.
    _copy: Passing,
}

/// Returns the backup beside a damaged file that can lend its first page.
pub(super) fn lender(damaged: &Path) -> Option<PathBuf> {
    // The one with the latest change, whatever its name says of when it was made.
    backup::newest_sound_backup(damaged, i64::MAX)
}

/// Copies the damaged file and its log into `folder`, with the first page of `backup`.
///
/// # Errors
/// [`Error::Damaged`] when it can't be read even so; [`Error::Cancelled`]; [`Error::DiskFull`]; [`Error::File`].
pub(super) fn mend(
    damaged: &Path,
    backup: &Path,
    folder: &Path,
    goes_on: &GoesOn,
) -> Result<Mended> {
    let lost = || Error::Damaged("its first page and the list of its tables are lost".to_owned());
    // Reading a file that SQLite has open here would give up its locks.
    if crate::is_open_here(damaged) {
        return Err(lost());
    }
    let mut first = first_page(backup, folder, goes_on)?;
    let copy = Passing(unfinished(&folder.join("damaged"))?);
    let mut copied = || -> io::Result<()> {
        let mut file = private::open_or_create(&copy.0).map_err(io::Error::other)?;
        let length = io::copy(&mut File::open(damaged)?, &mut file)?;
        count_pages(&mut first, length);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&first)?;
        if torn::log_bytes(damaged) > 0 {
            let log = neighbors::beside(&copy.0, "-wal");
            let mut log = private::open_or_create(&log).map_err(io::Error::other)?;
            io::copy(&mut File::open(torn::log_of(damaged))?, &mut log)?;
        }
        Ok(())
    };
    copied().map_err(|source| at(damaged, source))?;
    let connection = lenient(&copy.0)?;
    let version = likeliest_version(&connection)?.ok_or_else(lost)?;
    Ok(Mended {
        connection,
        version,
        _copy: copy,
    })
}

/// Reads the first page of a backup. Only SQLite may open a file that is open here, so it makes a copy.
fn first_page(backup: &Path, folder: &Path, goes_on: &GoesOn) -> Result<Vec<u8>> {
    let copy = Passing(unfinished(&folder.join("beginning"))?);
    let source = open::checked(backup, Access::Read)?;
    copy_pages(&source, &copy.0, goes_on.clone())?;
    let mut page = Vec::new();
    File::open(&copy.0)
        .and_then(|file| file.take(LARGEST_PAGE).read_to_end(&mut page))
        .map_err(|source| at(backup, source))?;
    page.truncate(size_of_a_page(&page));
    match page.get(KIND) {
        Some(&LEADS_ON) => Ok(page),
        // It would hold entries of the backup's list, and say where tables begin that may begin elsewhere by now.
        _ => Err(Error::Damaged(
            "its first page is lost, and the backup's doesn't fit".to_owned(),
        )),
    }
}

fn size_of_a_page(first: &[u8]) -> usize {
    match (first.get(16), first.get(17)) {
        (Some(0), Some(1)) => 65_536,
        (Some(high), Some(low)) => usize::from(u16::from_be_bytes([*high, *low])),
        _ => 0,
    }
}

/// Writes into a first page how many pages the file has, and that it knows of no free ones.
fn count_pages(first: &mut [u8], length: u64) {
    let pages = (length / first.len() as u64).max(1);
    let pages = u32::try_from(pages).unwrap_or(u32::MAX);
    first[PAGES..PAGES + 4].copy_from_slice(&pages.to_be_bytes());
    first[FREE_PAGES].fill(0);
    first.copy_within(CHANGES..CHANGES + 4, CHANGES_AT_COUNT);
}

/// Returns the version whose tables the file has most of: a backup's first page knows only the backup's.
fn likeliest_version(connection: &Connection) -> Result<Option<u32>> {
    let mut likeliest = (0, None);
    for version in (1..=SCHEMA_VERSION).rev() {
        let listed = schema::salvageable(connection, version)?;
        let there = listed.tables.iter().filter(|table| table.is_there).count();
        if there > likeliest.0 {
            likeliest = (there, Some(version));
        }
    }
    Ok(likeliest.1)
}
