//! Who serves an org: the holder of the lock beside its file, found through the port file.

use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::json::{self, Json, object};
use crate::org::opening;
use crate::{Error, Result, Secrets, files, proof, secrets};

/// How long an owner may take to say where it serves, and to prove it.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// Who serves an org now.
#[derive(Clone, PartialEq, Eq)]
pub struct Owner {
    /// Loopback port.
    pub port: u16,
    /// Value of the `X-Admin-Key` header for the admin endpoints.
    pub admin_key: String,
}

impl fmt::Debug for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Owner(port {})", self.port)
    }
}

/// What the files beside an org say about its owner.
enum Found {
    Nobody,
    /// Someone holds the lock and has not written a port, or not yet.
    Silent,
    /// Someone claims to serve the org.
    Claimed(Owner, Secrets),
}

/// Returns who serves the org in `file`, or `None` if nobody does.
///
/// The owner has proved that it knows the secrets in the file: a port that someone else wrote down is never returned.
///
/// # Errors
/// [`Error::File`] and [`Error::Foreign`] when the lock or port file cannot be used, [`Error::Unproven`] when nobody
/// proves within five seconds to be the one who holds the lock.
pub async fn owner(file: &Path) -> Result<Option<Owner>> {
    owner_knowing(file, &mut None).await
}

/// Returns who serves the org in `file` as [`owner`] does, and keeps the secrets read for the next time: who asks before
/// every request needn't open the file each time.
///
/// # Errors
/// As [`owner`].
pub async fn owner_knowing(file: &Path, known: &mut Option<Secrets>) -> Result<Option<Owner>> {
    let began = Instant::now();
    loop {
        let (path, secrets) = (file.to_owned(), known.take());
        let is_known = secrets.is_some();
        let looking = tokio::task::spawn_blocking(move || look(&path, secrets)).await;
        match looking.map_err(|e| Error::Listen(std::io::Error::other(e)))?? {
            Found::Nobody => return Ok(None),
            Found::Claimed(owner, secrets)
                if proof::is_given(owner.port, &secrets.proof_key).await? =>
            {
                *known = Some(secrets);
                return Ok(Some(owner));
            }
            // The org may be another one by now.
            Found::Claimed(..) if is_known => {}
            // It has just taken the lock and has no port yet, or has closed its port and is about to let go.
            Found::Silent | Found::Claimed(..) if began.elapsed() < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
            }
            Found::Silent | Found::Claimed(..) => return Err(Error::Unproven(file.to_owned())),
        }
    }
}

fn look(file: &Path, known: Option<Secrets>) -> Result<Found> {
    let lock_path = beside(file, "lock");
    if !lock_path.exists() {
        return Ok(Found::Nobody);
    }
    if try_lock(&files::open_or_make(&lock_path)?, &lock_path)? {
        return Ok(Found::Nobody);
    }
    let Some(owner) = read_port(file)? else {
        return Ok(Found::Silent);
    };
    match known.map_or_else(|| secrets(file), Ok) {
        Ok(secrets) => Ok(Found::Claimed(owner, secrets)),
        Err(Error::NoSecrets) => Ok(Found::Silent),
        Err(error) => Err(error),
    }
}

/// Removes an org for good: its file, and what SQLite keeps beside it. The next one in its place is new.
///
/// # Errors
/// [`Error::Busy`] while somebody serves it; [`Error::File`].
pub fn remove(file: &Path) -> Result<()> {
    let _held = Held::take(file)?;
    opening::remove_side_files(file)?;
    std::fs::remove_file(file).map_err(|source| Error::File {
        path: file.to_owned(),
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
        let lock = files::open_or_make(&lock_path)?;
        // Someone who only looks holds the lock for a moment.
        for attempt in 0..5 {
            if attempt > 0 {
                std::thread::sleep(Duration::from_millis(20));
            }
            if try_lock(&lock, &lock_path)? {
                remove_port(&beside(file, "port"));
                return Ok(Held {
                    file: file.to_owned(),
                    _lock: lock,
                });
            }
        }
        Err(Error::Busy(file.to_owned()))
    }

    /// Writes the port file, readable by this user alone.
    pub(crate) fn announce(&self, owner: &Owner) -> Result<()> {
        let body = object([
            ("port", i64::from(owner.port).into()),
            ("admin_key", owner.admin_key.as_str().into()),
        ]);
        let (path, temporary) = (beside(&self.file, "port"), beside(&self.file, "port.new"));
        files::replace(&path, &temporary, &body.to_string())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        remove_port(&beside(&self.file, "port"));
    }
}

fn try_lock(lock: &File, path: &Path) -> Result<bool> {
    match lock.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(Error::File {
            path: path.to_owned(),
            source,
        }),
    }
}

fn remove_port(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the port file could not be removed");
    }
}

fn read_port(file: &Path) -> Result<Option<Owner>> {
    let text = files::read_small(&beside(file, "port"))?;
    Ok(text.as_deref().and_then(claimed))
}

fn claimed(text: &str) -> Option<Owner> {
    let json = json::parse(text).ok()?;
    let port = json.get("port").and_then(Json::as_i64)?;
    Some(Owner {
        port: u16::try_from(port).ok()?,
        admin_key: json.get("admin_key")?.as_str()?.to_owned(),
    })
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
