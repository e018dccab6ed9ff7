//! Opens files that a stranger may have made.
//!
//! A file is looked at before it is used: through a connection that cannot write, in bounded time, and without running
//! anything that the file brings along. What passes is a whole file of a known version with our schema alone.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::migrate::{APPLICATION_ID, SCHEMA_VERSION};
use crate::{
    Error, Result, batches, fold, links, long_values, neighbors, read_only, rules, schema, torn,
};

pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// A schema is read within milliseconds. One that takes longer was made to keep us busy.
const CHECK_PATIENCE: Duration = Duration::from_secs(10);
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// Twice the longest description of an object that an org may give.
const LONGEST_VALUE_BYTES: i32 = 128 * 1024 * 1024;
const LONGEST_SQL_BYTES: i32 = 16 * 1024 * 1024;
/// `VACUUM` attaches the file that it writes.
const MOST_ATTACHED: i32 = 1;
/// Our triggers and cascades are a few levels deep.
const DEEPEST_TRIGGERS: i32 = 50;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read; nothing on the disk changes.
    Read,
    /// Read and write a file that is there.
    Write,
}

/// What a look at a file has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The version of its schema; 0 for a file without one.
    pub(crate) version: u32,
    /// Whether it keeps a write-ahead log, as a workspace does and a backup doesn't.
    pub(crate) has_log: bool,
}

/// Takes away what looking at a file has put beside it. Dropped behind the connections to it.
#[derive(Debug)]
pub(crate) struct Traces {
    path: PathBuf,
    had_log: bool,
    had_index: bool,
}

impl Traces {
    /// Remembers what is beside a file before it is looked at.
    pub(crate) fn beside(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            had_log: neighbors::has_log(path),
            had_index: neighbors::has_index(path),
        }
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if !self.had_log {
            sweep(&self.path);
        }
        if !self.had_index {
            remove_index(&self.path);
        }
    }
}

/// A connection that leaves nothing beside the file when it is dropped.
#[derive(Debug)]
pub(crate) struct Opened {
    connection: Connection,
    _traces: Traces,
}

impl Deref for Opened {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Opened {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// Opens a workspace or a backup after [`check`] has passed it. An empty file is neither.
///
/// # Errors
/// As [`check`].
pub(crate) fn checked(path: &Path, access: Access) -> Result<Opened> {
    let traces = Traces::beside(path);
    torn::check_beginning(path)?;
    if check(path)?.version == 0 {
        return Err(Error::NotAWorkspace(path.to_owned()));
    }
    Ok(Opened {
        connection: connect(path, access)?,
        _traces: traces,
    })
}

/// Opens a file that has been checked, with limits on what it can do to us.
pub(crate) fn connect(path: &Path, access: Access) -> Result<Connection> {
    let connection = match access {
        Access::Read => read_only::open(path)?,
        Access::Write => writing(path)?,
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    rusqlite::vtab::array::load_module(&connection)?;
    fold::register(&connection)?;
    rules::register(&connection)?;
    batches::register(&connection)?;
    links::register(&connection)?;
    Ok(connection)
}

/// Refuses a file that is not ours, is newer than this app, is cut off, or holds more than our schema. Leaves it as it is.
///
/// # Errors
/// [`Error::NotAWorkspace`], [`Error::Newer`], [`Error::Damaged`], [`Error::Altered`].
pub(crate) fn check(path: &Path) -> Result<Found> {
    neighbors::check(path)?;
    look_at(path)
}

/// Takes away the empty log and its index that looking at a file has put beside it. SQLite does it itself when a
/// connection that may write is closed, and only if nobody else has the file open.
fn sweep(path: &Path) {
    if !neighbors::has_log(path) || torn::log_bytes(path) > 0 || neighbors::has_journal(path) {
        return;
    }
    let swept = writing(path)
        .and_then(|connection| connection.pragma_query_value(None, "schema_version", |_| Ok(())));
    if let Err(error) = swept {
        tracing::debug!(%error, "an empty log stays beside a file that was looked at");
    }
}

/// Takes away the index of a log that stays. SQLite makes one for whoever reads a log, and removes it only with the log.
///
/// Without an index of its own in the way, SQLite reads in exclusive mode with one in memory. For that it locks the file
/// against everybody, in this process and in others: then nobody uses the index, and the log needs none to be valid.
fn remove_index(path: &Path) {
    let stands = neighbors::has_index(path) && neighbors::has_log_file(path);
    if !stands || neighbors::has_journal(path) {
        return;
    }
    let removed = alone(path).map(|alone| {
        let removed = std::fs::remove_file(neighbors::index_of(path));
        drop(alone);
        removed
    });
    match removed {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the index of a log stays"),
        Err(error) => tracing::debug!(%error, "the index of a log stays, since others use it"),
    }
}

/// Locks a file with a log against everybody else, and leaves the log as it is.
fn alone(path: &Path) -> rusqlite::Result<Connection> {
    let connection = writing(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    match connection.pragma_query_value(None, "schema_version", |_| Ok(())) {
        // SQLite looks at the first page once it has the lock.
        Err(error) if is_damage(&error) => Ok(connection),
        Err(error) => Err(error),
        Ok(()) => Ok(connection),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// Returns a path that SQLite takes for one: a name that begins with `file:` is an address to it, of another file than the one
/// that was looked at.
pub(crate) fn literal(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn writing(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(literal(path), flags)?;
    harden(&connection)?;
    Ok(connection)
}

fn look_at(path: &Path) -> Result<Found> {
    let connection = read_only::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let begun = Instant::now();
    connection.progress_handler(
        STEPS_BETWEEN_LOOKS,
        Some(move || begun.elapsed() > CHECK_PATIENCE),
    )?;
    match look(&connection, path) {
        Err(Error::Interrupted) => Err(Error::Damaged(format!(
            "the structure of the file couldn't be read within {} seconds",
            CHECK_PATIENCE.as_secs()
        ))),
        looked => looked,
    }
}

fn look(connection: &Connection, path: &Path) -> Result<Found> {
    // One state of the file: another process may be migrating it, or writing its log back.
    let transaction = connection.unchecked_transaction()?;
    torn::check_pages(&transaction, path)?;
    let version = version_of_ours(&transaction, path)?;
    schema::check(&transaction, version)?;
    long_values::check(&transaction)?;
    let mode: String = transaction.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    Ok(Found {
        version,
        has_log: mode == "wal",
    })
}

fn version_of_ours(connection: &Connection, path: &Path) -> Result<u32> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let found = match number("user_version") {
        Ok(version) => u32::try_from(version).unwrap_or(u32::MAX),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            return Err(Error::NotAWorkspace(path.to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    let is_ours = number("application_id")? == APPLICATION_ID;
    if !is_ours && (found > 0 || has_tables(connection)?) {
        return Err(Error::NotAWorkspace(path.to_owned()));
    }
    if found > SCHEMA_VERSION {
        return Err(Error::Newer {
            found,
            known: SCHEMA_VERSION,
        });
    }
    Ok(found)
}

fn has_tables(connection: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema)";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Limits what a file can make a connection do.
pub(crate) fn harden(connection: &Connection) -> rusqlite::Result<()> {
    // The search index's own tables can't be written past it, nor the schema.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL_BYTES),
        (Limit::SQLITE_LIMIT_ATTACHED, MOST_ATTACHED),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, DEEPEST_TRIGGERS),
    ] {
        connection.set_limit(limit, most)?;
    }
    // Damaged pages are noticed when they are read, and never through a map of the file, where reading could kill us.
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, workspace};
    use crate::{OpenOptions, Store};

    #[test]
    fn looking_at_a_file_that_is_refused_leaves_nothing_beside_it() {
        let workspace = workspace();
        workspace.sql("CREATE TABLE mine (id INTEGER)");
        let (path, folder) = (workspace.path(), workspace.folder);
        drop(workspace.store);
        let refused = || matches!(checked(&path, Access::Read), Err(Error::Altered(_)));
        leaves_nothing(&path, folder.path(), &|| assert!(refused()));
    }

    #[test]
    fn looking_at_a_copy_leaves_nothing_beside_it() {
        let workspace = workspace();
        let path = workspace.folder.path().join("copies/mine.leadferry");
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        let (original, folder) = (workspace.path(), workspace.folder);
        drop(workspace.store);
        // As a file manager copies it: with a log of its own to begin.
        std::fs::copy(original, &path).unwrap();
        let looks: [&dyn Fn(); 4] = [
            &|| drop(checked(&path, Access::Read).unwrap()),
            &|| drop(Store::open(&path, OpenOptions { read_only: true }, NOW).unwrap()),
            &|| crate::check_backup(&path).unwrap(),
            &|| {
                let store = Store::open(&path, OpenOptions { read_only: true }, NOW).unwrap();
                store.read(|reader| reader.live_contacts()).unwrap();
                store.check().unwrap();
            },
        ];
        for look in looks {
            leaves_nothing(&path, &folder.path().join("copies"), look);
        }
    }

    /// A workspace with its log as a killed process or a file manager leaves it: without the index.
    fn with_a_log() -> (tempfile::TempDir, PathBuf) {
        let workspace = workspace();
        workspace.writing(|writer| writer.set_workspace_name("Only in the log"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.leadferry");
        for ending in ["", "-wal"] {
            let of_it = |file: &Path| neighbors::beside(file, ending);
            std::fs::copy(of_it(&workspace.path()), of_it(&path)).unwrap();
        }
        assert!(torn::log_bytes(&path) > 0);
        (folder, path)
    }

    #[test]
    fn looking_at_a_file_with_a_log_leaves_the_log_and_nothing_else_beside_it() {
        let (folder, path) = with_a_log();
        let log = torn::log_of(&path);
        let before = std::fs::read(&log).unwrap();
        let name = || {
            let store = Store::open(&path, OpenOptions { read_only: true }, NOW).unwrap();
            let name = store.read(|reader| reader.workspace_name()).unwrap();
            assert_eq!(name, "Only in the log");
        };
        let into = tempfile::tempdir().unwrap();
        let looks: [&dyn Fn(); 3] = [
            &|| drop(checked(&path, Access::Read).unwrap()),
            &name,
            &|| {
                let into = into.path().join("new.leadferry");
                crate::salvage(&path, &into, &crate::always()).unwrap();
            },
        ];
        for look in looks {
            leaves_nothing(&path, folder.path(), look);
            assert!(
                std::fs::read(&log).unwrap() == before,
                "the log stays as it is"
            );
        }
        // What somebody changed in it is refused, what is lost of it is damage.
        for spoilt in [0..100, 100..4096] {
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[spoilt].fill(0xAA);
            std::fs::write(&path, bytes).unwrap();
            leaves_nothing(&path, folder.path(), &|| drop(checked(&path, Access::Read)));
            assert!(std::fs::read(&log).unwrap() == before);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_workspace_with_a_second_name_is_only_read() {
        let workspace = workspace();
        let (path, folder) = (workspace.path(), workspace.folder);
        drop(workspace.store);
        let (other, unfinished) = (
            folder.path().join("other.leadferry"),
            crate::backup::folder(&path).join("new.1.unfinished"),
        );
        std::fs::hard_link(&path, &other).unwrap();
        for name in [&path, &other] {
            let written = Store::open(name, OpenOptions::default(), NOW);
            assert!(matches!(written, Err(Error::SecondName)), "{written:?}");
            Store::open(name, OpenOptions { read_only: true }, NOW).unwrap();
        }
        std::fs::remove_file(&other).unwrap();
        // As a kill leaves it while a new file gets its name.
        std::fs::hard_link(&path, &unfinished).unwrap();
        drop(Store::open(&path, OpenOptions::default(), NOW).unwrap());
        assert!(!unfinished.exists());
    }

    #[test]
    fn the_index_of_a_log_that_somebody_else_reads_stays_until_they_are_done() {
        let (folder, path) = with_a_log();
        let other = Store::open(&path, OpenOptions { read_only: true }, NOW).unwrap();
        let name = |store: &Store| store.read(|reader| reader.workspace_name()).unwrap();
        drop(checked(&path, Access::Read).unwrap());
        assert!(neighbors::has_index(&path));
        assert_eq!(name(&other), "Only in the log");
        drop(other);
        assert!(!neighbors::has_index(&path));
        drop(folder);
    }

    fn leaves_nothing(path: &Path, folder: &Path, look: &dyn Fn()) {
        let names = || {
            let entries = std::fs::read_dir(folder).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let (before, bytes) = (names(), std::fs::read(path).unwrap());
        look();
        assert_eq!(names(), before);
        assert_eq!(std::fs::read(path).unwrap(), bytes);
    }
}
