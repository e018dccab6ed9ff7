//! Tells whether a workspace's main file is cut off: SQLite itself takes the rest of a torn last page for zeros, and an
//! empty file for a new one.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use crate::{Error, Result, backup};

/// What every file of this format begins with, <https://www.sqlite.org/fileformat.html> section 1.3.
const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 100;

/// A checkpoint by another process writes the length first and the pages afterwards; it is over soon.
const LOOKS: u32 = 5;
const BETWEEN: Duration = Duration::from_millis(40);

/// Refuses a file that holds less than it says.
pub(crate) fn check(path: &Path) -> Result<()> {
    for look in 0..LOOKS {
        let Some(lacks) = lacks(path).map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })?
        else {
            return Ok(());
        };
        if look + 1 == LOOKS {
            return Err(Error::Damaged(lacks));
        }
        std::thread::sleep(BETWEEN);
    }
    Ok(())
}

/// Returns what is missing, in words.
fn lacks(path: &Path) -> std::io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        // One that was killed when it was made is empty as well, and has no backups yet.
        let had_content = backup::files(&backup::folder(path)).is_ok_and(|files| !files.is_empty());
        return Ok(had_content.then(|| "it is empty".to_owned()));
    }
    let mut header = Vec::with_capacity(HEADER);
    file.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
    if header.len() < HEADER {
        let is_ours = header.starts_with(MAGIC) || MAGIC.starts_with(&header);
        return Ok(is_ours.then(|| format!("it ends after {length} bytes")));
    }
    let pages = u64::from(u32::from_be_bytes([
        header[28], header[29], header[30], header[31],
    ]));
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    // What is not in the file yet may be in the log.
    let is_short = header.starts_with(MAGIC) && length < pages * page && !has_log(path);
    Ok(is_short.then(|| format!("it ends after {length} of {} bytes", pages * page)))
}

/// Tells whether there is a log that holds what the main file may not hold yet.
pub(crate) fn has_log(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(name).is_ok_and(|log| log.len() > 0)
}
