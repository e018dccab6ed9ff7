//! Makes files and folders that nobody but this user may read, whatever the process lets others do by default.

use std::fs::{DirBuilder, File, OpenOptions};
use std::path::Path;

use crate::{Error, Result};

/// Creates a file. SQLite gives the log and its index the same rights.
///
/// # Errors
/// [`Error::Exists`] when a file is there; [`Error::File`] when it can't be made.
pub(crate) fn create(path: &Path) -> Result<()> {
    match options().create_new(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Error::Exists(path.to_owned()))
        }
        Err(source) => Err(at(path, source)),
    }
}

/// Opens a file, and creates it where there is none; an existing one keeps its rights.
///
/// # Errors
/// [`Error::File`].
pub(crate) fn open_or_create(path: &Path) -> Result<File> {
    let opened = options().create(true).truncate(false).open(path);
    opened.map_err(|source| at(path, source))
}

/// Makes a folder, and those above it that are missing; an existing one keeps its rights.
///
/// # Errors
/// [`Error::File`].
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| at(path, source))
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn at(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
