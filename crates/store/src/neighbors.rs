//! The files that belong to a workspace by their names alone: SQLite uses them without asking where they came from.
//!
//! A folder that somebody else packed may hold more than the workspace. A link in the place of the log would make SQLite
//! write into whatever it leads to, and a rollback journal that names a *super-journal* would make SQLite delete that file
//! (<https://www.sqlite.org/fileformat.html>, section 3). We make neither.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// What SQLite puts beside a database, and we beside a workspace.
const FILES: &[&str] = &["-wal", "-shm", "-journal", ".backups/lock"];
const FOLDER: &str = ".backups";

/// What every rollback journal begins with, and what stands at its end where it names a super-journal.
const JOURNAL_MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Refuses a database beside which stands what isn't ours.
///
/// # Errors
/// [`Error::Foreign`] naming the file.
pub(crate) fn check(path: &Path) -> Result<()> {
    check_beside(path)?;
    // SQLite follows a link to the file, and puts its own files beside that.
    match fs::canonicalize(path) {
        Ok(real) if real != path => check_beside(&real),
        _ => Ok(()),
    }
}

fn check_beside(path: &Path) -> Result<()> {
    for ending in FILES {
        let file = beside(path, ending);
        let Ok(data) = fs::symlink_metadata(&file) else {
            continue;
        };
        if let Some(what) = other_kind(&data).or_else(|| second_name(&data)) {
            return Err(Error::Foreign { path: file, what });
        }
    }
    let folder = beside(path, FOLDER);
    if let Ok(data) = fs::symlink_metadata(&folder)
        && !data.is_dir()
    {
        let what = other_kind(&data).unwrap_or("isn't a folder");
        return Err(Error::Foreign { path: folder, what });
    }
    let journal = beside(path, "-journal");
    if names_another_file(&journal) {
        return Err(Error::Foreign {
            path: journal,
            what: "would have another file deleted",
        });
    }
    Ok(())
}

/// Says what isn't a regular file. The text completes "FILE …".
fn other_kind(data: &fs::Metadata) -> Option<&'static str> {
    let kind = data.file_type();
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Some("is a pipe");
        }
        if kind.is_socket() {
            return Some("is a socket");
        }
        if kind.is_block_device() || kind.is_char_device() {
            return Some("is a device");
        }
    }
    if kind.is_symlink() {
        return Some("is a link");
    }
    if kind.is_dir() {
        return Some("is a folder");
    }
    (!kind.is_file()).then_some("isn't a regular file")
}

/// Says what has another name as well: whoever writes to it changes what that name stands for. The text completes "FILE …".
fn second_name(data: &fs::Metadata) -> Option<&'static str> {
    (names_of(data) > 1).then_some("is a hard link")
}

/// Returns how many names a file has.
#[cfg(unix)]
fn names_of(data: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(data)
}

#[cfg(not(unix))]
fn names_of(_: &fs::Metadata) -> u64 {
    1
}

/// Tells whether a workspace can be opened by another name, too. Whoever does so has a log of their own there, and writes
/// over what is written here.
pub(crate) fn has_second_name(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| names_of(&data) > 1)
}

/// Returns the name of what stands beside a database: its own name, and an ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Tells whether a log, or its index, stands beside a database.
pub(crate) fn has_log(path: &Path) -> bool {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    ["-wal", "-shm"]
        .iter()
        .any(|ending| beside(&path, ending).exists())
}

/// Tells whether a log itself stands beside a database.
pub(crate) fn has_log_file(path: &Path) -> bool {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&path, "-wal").exists()
}

/// Tells whether an index of a log stands beside a database.
pub(crate) fn has_index(path: &Path) -> bool {
    index_of(path).exists()
}

/// Returns the name of the index of a log: beside the file itself, where `path` is a link to it.
pub(crate) fn index_of(path: &Path) -> PathBuf {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&path, "-shm")
}

/// Tells whether a rollback journal stands beside a database.
pub(crate) fn has_journal(path: &Path) -> bool {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&path, "-journal").exists()
}

/// Tells whether a rollback journal names a super-journal. One that can't be read can't be used by SQLite either.
fn names_another_file(journal: &Path) -> bool {
    let Ok(mut file) = File::open(journal) else {
        return false;
    };
    let mut end = [0; 8];
    let at_the_end = file.seek(SeekFrom::End(-8)).is_ok();
    at_the_end && file.read_exact(&mut end).is_ok() && end == JOURNAL_MAGIC
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.leadferry");
        fs::write(&path, "").unwrap();
        (folder, path)
    }

    #[test]
    fn sound_neighbors_pass() {
        let (_folder, path) = place();
        assert!(check(&path).is_ok());
        fs::create_dir(beside(&path, FOLDER)).unwrap();
        for ending in FILES {
            fs::write(beside(&path, ending), JOURNAL_MAGIC).unwrap();
        }
        fs::write(
            beside(&path, "-journal"),
            [&JOURNAL_MAGIC[..], &[0; 512]].concat(),
        )
        .unwrap();
        assert!(check(&path).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_file_of_ours_is_refused_by_name() {
        for ending in ["-wal", "-shm", "-journal", FOLDER] {
            let (folder, path) = place();
            let bait = folder.path().join(".bashrc");
            fs::write(&bait, "precious").unwrap();
            std::os::unix::fs::symlink(&bait, beside(&path, ending)).unwrap();
            let refused = check(&path).unwrap_err().to_string();
            assert!(refused.contains(ending), "{refused}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_second_name_of_another_file_is_refused_by_name() {
        for ending in FILES {
            let (folder, path) = place();
            let bait = folder.path().join(".bashrc");
            fs::write(&bait, "precious").unwrap();
            fs::create_dir(beside(&path, FOLDER)).unwrap();
            fs::hard_link(&bait, beside(&path, ending)).unwrap();
            let refused = check(&path).unwrap_err().to_string();
            assert!(refused.ends_with("is a hard link"), "{refused}");
            assert!(refused.contains(ending), "{refused}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_isnt_a_file_is_called_what_it_is() {
        let (folder, path) = place();
        let wal = beside(&path, "-wal");
        let told = || check(&path).unwrap_err().to_string();
        fs::create_dir(&wal).unwrap();
        assert!(told().ends_with("-wal is a folder"), "{}", told());
        fs::remove_dir(&wal).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&wal).status();
        assert!(made.unwrap().success());
        assert!(told().ends_with("-wal is a pipe"), "{}", told());
        fs::remove_file(&wal).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(&wal).unwrap();
        assert!(told().ends_with("-wal is a socket"), "{}", told());
        drop((socket, folder));
    }

    #[test]
    fn a_journal_that_would_have_another_file_deleted_is_refused() {
        let (_folder, path) = place();
        let name = b"/home/mia/.bashrc";
        let mut journal = [&JOURNAL_MAGIC[..], &[0; 504]].concat();
        journal.extend(0x4000_0000_u32.to_be_bytes());
        journal.extend(name);
        journal.extend(u32::try_from(name.len()).unwrap().to_be_bytes());
        let sum: u32 = name.iter().map(|byte| u32::from(*byte)).sum();
        journal.extend(sum.to_be_bytes());
        journal.extend(JOURNAL_MAGIC);
        fs::write(beside(&path, "-journal"), journal).unwrap();
        let refused = check(&path).unwrap_err().to_string();
        assert!(refused.contains("-journal"), "{refused}");
    }
}
