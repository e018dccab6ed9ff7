//! Opens the small files beside an org in folders that others may write to as well, such as a shared one.
//!
//! A link or a file of another user found there is never followed, read or trusted.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::{Error, Result};

/// Most bytes read of a small file.
const MOST_BYTES: u64 = 4096;

/// Opens a file for locking, and makes it where there is none, readable by this user alone.
pub(crate) fn open_or_make(path: &Path) -> Result<File> {
    let mut options = options();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(|e| failed(path, e))?;
    let found = file.metadata().map_err(|e| failed(path, e))?;
    mine(path, &found)?;
    keep_others_out(&file, &found);
    Ok(file)
}

/// Takes from others what an earlier version left open to them: whoever can read a file can lock it.
#[cfg(unix)]
fn keep_others_out(file: &File, found: &Metadata) {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = found.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(0o600);
        // Some file systems, such as those of memory cards, know no permissions.
        let _ = file.set_permissions(permissions);
    }
}

#[cfg(not(unix))]
fn keep_others_out(_: &File, _: &Metadata) {}

/// Reads a small file; `None` if there is none.
pub(crate) fn read_small(path: &Path) -> Result<Option<String>> {
    let file = match options().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, error)),
    };
    let found = file.metadata().map_err(|e| failed(path, e))?;
    mine(path, &found)?;
    let mut text = String::new();
    let read = file.take(MOST_BYTES).read_to_string(&mut text);
    read.map_err(|e| failed(path, e))?;
    Ok(Some(text))
}

/// Puts a file readable by this user alone in the place of whatever is there.
///
/// `temporary` stands in the same folder; the new file appears under its name whole or not at all.
pub(crate) fn replace(path: &Path, temporary: &Path, text: &str) -> Result<()> {
    let write = || -> std::io::Result<()> {
        // What a killed process, or a stranger, left there is neither followed nor kept open to them.
        match std::fs::remove_file(temporary) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = options().write(true).create_new(true).open(temporary)?;
        file.write_all(text.as_bytes())?;
        std::fs::rename(temporary, path)
    };
    write().map_err(|error| failed(path, error))
}

/// Refuses links and files of another user.
///
/// # Errors
/// [`Error::File`] when there is none, [`Error::Foreign`] when it is not ours.
pub(crate) fn must_be_mine(path: &Path) -> Result<()> {
    let found = std::fs::symlink_metadata(path).map_err(|e| failed(path, e))?;
    mine(path, &found)
}

fn mine(path: &Path, found: &Metadata) -> Result<()> {
    let what = other_kind(found).or_else(|| another_user(found));
    match what.or_else(|| second_name(found)) {
        Some(what) => Err(Error::Foreign {
            path: path.to_owned(),
            what,
        }),
        None => Ok(()),
    }
}

/// Says what isn't a regular file. The text completes "FILE …".
pub(crate) fn other_kind(found: &Metadata) -> Option<&'static str> {
    let kind = found.file_type();
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

/// Says what has another name as well: what is done to it is done to what that name stands for. The text completes "FILE …".
#[cfg(unix)]
pub(crate) fn second_name(found: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt as _;
    (found.nlink() > 1).then_some("is a hard link")
}

#[cfg(not(unix))]
pub(crate) fn second_name(_: &Metadata) -> Option<&'static str> {
    None
}

#[cfg(unix)]
fn another_user(found: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid().as_raw();
    (!is_trusted(found.uid(), me)).then_some("belongs to another user")
}

#[cfg(not(unix))]
fn another_user(_: &Metadata) -> Option<&'static str> {
    None
}

/// Whether a file's owner may have written it: the system's administrator could change everything anyway.
#[cfg(unix)]
fn is_trusted(owner: u32, me: u32) -> bool {
    owner == me || owner == 0
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    // A pipe in the place of a file would block whoever opens it.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    OpenOptions::new()
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    // What isn't a file fails to open with words that nobody understands.
    let what = std::fs::symlink_metadata(path)
        .ok()
        .as_ref()
        .and_then(other_kind);
    let path = path.to_owned();
    match what {
        Some(what) => Error::Foreign { path, what },
        None => Error::File { path, source },
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::is_trusted;

    #[test]
    fn a_file_of_another_user_is_not_trusted_even_by_the_administrator() {
        assert!(is_trusted(1000, 1000));
        assert!(is_trusted(0, 1000));
        assert!(!is_trusted(1001, 1000));
        assert!(!is_trusted(1000, 0));
    }
}
