//! Who serves an org: the holder of the lock beside its file, found through the port file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::json::{self, Json, object};
use crate::{Error, Result};

/// Who serves an org now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Loopback port.
    pub port: u16,
    /// Value of the `X-Admin-Key` header for the admin endpoints.
    pub admin_key: String,
}

/// Returns who serves the org in `file`, or `None` if nobody does.
///
/// # Errors
/// [`Error::File`] when the lock or port file cannot be read, or an owner did not write its port within two seconds.
pub fn owner(file: &Path) -> Result<Option<Owner>> {
    let lock_path = beside(file, "lock");
    if !lock_path.exists() {
        return Ok(None);
    }
    for _ in 0..40 {
        let lock = open(&lock_path)?;
        match lock.try_lock() {
            Ok(()) => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => {
                return Err(Error::File {
                    path: lock_path,
                    source,
                });
            }
        }
        if let Some(owner) = read_port(file) {
            return Ok(Some(owner));
        }
        // The owner has just taken the lock and not yet a port.
        std::thread::sleep(Duration::from_millis(50));
    }
    let source = std::io::Error::other("the owner has not written its port");
    Err(Error::File {
        path: beside(file, "port"),
        source,
    })
}

/// The lock on an org, held while it is served. The port file goes with it.
#[derive(Debug)]
pub(crate) struct Held {
    file: PathBuf,
    _lock: File,
}

impl Held {
    /// Takes the lock.
    pub(crate) fn take(file: &Path) -> Result<Held> {
        let lock_path = beside(file, "lock");
        let lock = open(&lock_path)?;
        // Someone who only looks holds the lock for a moment.
        for attempt in 0..5 {
            match lock.try_lock() {
                Ok(()) => {
                    remove(&beside(file, "port"));
                    return Ok(Held {
                        file: file.to_owned(),
                        _lock: lock,
                    });
                }
                Err(TryLockError::WouldBlock) if attempt < 4 => {
                    std::thread::sleep(Duration::from_millis(20))
                }
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(source)) => {
                    return Err(Error::File {
                        path: lock_path,
                        source,
                    });
                }
            }
        }
        Err(Error::Busy(file.to_owned()))
    }

    /// Writes the port file, readable by this user alone.
    pub(crate) fn announce(&self, owner: &Owner) -> Result<()> {
        let (path, temporary) = (beside(&self.file, "port"), beside(&self.file, "port.new"));
        let body = object([
            ("port", i64::from(owner.port).into()),
            ("admin_key", owner.admin_key.as_str().into()),
        ]);
        let write = || -> std::io::Result<()> {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options
                .open(&temporary)?
                .write_all(body.to_string().as_bytes())?;
            std::fs::rename(&temporary, &path)
        };
        write().map_err(|source| Error::File {
            path: path.clone(),
            source,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        remove(&beside(&self.file, "port"));
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the port file could not be removed");
    }
}

fn open(path: &Path) -> Result<File> {
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    opened.map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })
}

fn read_port(file: &Path) -> Option<Owner> {
    let text = std::fs::read_to_string(beside(file, "port")).ok()?;
    let json = json::parse(&text).ok()?;
    let port = json
        .get("port")
        .and_then(Json::as_i64)
        .and_then(|p| u16::try_from(p).ok())?;
    Some(Owner {
        port,
        admin_key: json.get("admin_key")?.as_str()?.to_owned(),
    })
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
