//! Tells whether a workspace's main file is cut off: SQLite itself takes the rest of a torn last page for zeros, and an
//! empty file for a new one. With a log beside the file it looks at no length at all.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

use crate::{Error, Result, backup, log};

/// What every file of this format begins with, <https://www.sqlite.org/fileformat.html> section 1.3.
const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: u64 = 100;

/// Refuses an empty file that was a workspace, as its log or its backups tell. SQLite would throw the log away, so it must
/// not see one, and it takes one byte for none.
pub(crate) fn check_beginning(path: &Path) -> Result<()> {
    match length_of(path)? {
        0 if log_bytes(path) > 0 || backup::is_backed_up(path) => {
            Err(Error::Damaged("the file is empty".to_owned()))
        }
        1 => Err(Error::Damaged(
            "the file is cut off after 1 byte".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Refuses a file that lacks pages which its log does not hold either.
///
/// Called inside a read transaction. While it lasts, pages that the main file may lack stay in the log: a writer begins
/// a log anew only when nobody reads from it and all of it stands in the main file. The main file itself is not opened
/// here: closing it would drop the locks that this process has on it elsewhere.
pub(crate) fn check_pages(connection: &Connection, path: &Path) -> Result<()> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let pages = match number("page_count") {
        Ok(pages) => pages,
        Err(error) => {
            check_header(path)?;
            let is_not_ours = error.sqlite_error_code() == Some(ErrorCode::NotADatabase);
            // What it is instead is told by whoever reads on.
            return if is_not_ours {
                Ok(())
            } else {
                Err(error.into())
            };
        }
    };
    let size = u64::from(number("page_size")?);
    let length = length_of(path)?;
    let whole = length / size;
    if whole >= u64::from(pages) {
        return Ok(());
    }
    let log = match log_bytes(path) {
        0 => log::Pages::default(),
        _ => log::pages(&log_of(path)).map_err(|source| file_error(path, source))?,
    };
    let lost = (1..=pages)
        .skip_while(|page| u64::from(*page) <= whole)
        .filter(|page| !log.holds(*page))
        .count();
    if lost == 0 {
        return Ok(());
    }
    Err(Error::Damaged(format!(
        "the file is cut off after {length} of {} bytes",
        u64::from(pages) * size
    )))
}

/// Refuses what is left of a file of this format that is shorter than its header says, or ends within the header.
///
/// Called for a file that can't be read at all, so that nothing in this process has locks on it.
fn check_header(path: &Path) -> Result<()> {
    let length = length_of(path)?;
    let mut header = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEADER).read_to_end(&mut header))
        .map_err(|source| file_error(path, source))?;
    let is_of_this_format = header.starts_with(MAGIC) || MAGIC.starts_with(&header);
    if is_of_this_format && length < HEADER {
        return Err(Error::Damaged(format!(
            "the file is cut off after {length} bytes"
        )));
    }
    let should_be = if is_of_this_format {
        length_in(&header)
    } else {
        0
    };
    if length < should_be {
        return Err(Error::Damaged(format!(
            "the file is cut off after {length} of {should_be} bytes"
        )));
    }
    Ok(())
}

/// Returns how long a whole header says that its file is.
fn length_in(header: &[u8]) -> u64 {
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    let size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    u64::from(pages) * size
}

fn length_of(path: &Path) -> Result<u64> {
    match std::fs::metadata(path) {
        Ok(data) => Ok(data.len()),
        Err(source) => Err(file_error(path, source)),
    }
}

fn file_error(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}

/// Returns the name of the log that holds what the main file may not hold yet: beside the file itself, where `path` is a
/// link to it.
pub(crate) fn log_of(path: &Path) -> PathBuf {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.into_os_string();
    name.push("-wal");
    PathBuf::from(name)
}

/// Tells whether a log with content stands beside a workspace: some process has it open, or was killed while it had.
pub fn is_log_left(path: &Path) -> bool {
    log_bytes(path) > 0
}

/// Returns how long the log is; 0 when there is none.
pub(crate) fn log_bytes(path: &Path) -> u64 {
    std::fs::metadata(log_of(path)).map_or(0, |log| log.len())
}

#[cfg(test)]
mod tests;
