//! Opening a workspace; the one writer and the several readers.
//!
//! WAL has one writer. Ours is one connection behind a lock; another process's writer is waited for by the busy
//! handler. Each write is one `BEGIN IMMEDIATE` transaction: a read transaction that turns into a write fails at once
//! whatever the time-out. Readers have connections of their own that refuse to write.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle, OpenFlags, TransactionBehavior};

use crate::lists::Shelf;
use crate::segments::Trials;
use crate::{Error, Result, fold, migrate, read_only, rules, torn};

const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
const SPARE_READERS: usize = 4;

/// What a reader keeps of the file, in KiB below zero: several are open at once, and the system keeps the file, too.
const READER_CACHE: i64 = -8_000;

/// How to open a workspace.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenOptions {
    /// Opens without the right to write; nothing is migrated.
    pub read_only: bool,
}

/// An open workspace. Shared between threads by reference.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    read_only: bool,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Sees others write: what it counts holds for one connection only.
    watcher: Mutex<Option<Connection>>,
    shelf: Shelf,
    trials: Trials,
    part_trials: Trials,
}

impl Store {
    /// Creates a workspace file.
    ///
    /// # Errors
    /// [`Error::Exists`] when a file is there; [`Error::File`] when it cannot be made.
    pub fn create(path: &Path, now: i64) -> Result<Self> {
        let file = std::fs::File::create_new(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
            _ => Error::File {
                path: path.to_owned(),
                source,
            },
        })?;
        drop(file);
        Self::open_sound(path, OpenOptions::default(), now)
    }

    /// Opens a workspace; an older file is backed up and migrated first.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::NotAWorkspace`], [`Error::Newer`], [`Error::Damaged`].
    pub fn open(path: &Path, options: OpenOptions, now: i64) -> Result<Self> {
        if !path.is_file() {
            return Err(Error::Missing(path.to_owned()));
        }
        torn::check(path)?;
        Self::open_sound(path, options, now)
    }

    /// Opens a file that is whole, or was made just now.
    fn open_sound(path: &Path, options: OpenOptions, now: i64) -> Result<Self> {
        migrate::check(path)?;
        let mut writer = connect(path, options.read_only)?;
        if !options.read_only {
            migrate::run(&mut writer, path, now)?;
        }
        Ok(Self {
            path: path.to_owned(),
            read_only: options.read_only,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            watcher: Mutex::default(),
            shelf: Shelf::default(),
            trials: Trials::default(),
            part_trials: Trials::default(),
        })
    }

    /// Returns the path of the workspace file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells whether the workspace was opened without the right to write.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Runs `f` on one consistent state of the workspace.
    ///
    /// # Errors
    /// What `f` returns, or what keeps the workspace from being read.
    pub fn read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.take_reader()?;
        let result = (|| {
            let transaction = connection.unchecked_transaction().map_err(Error::from)?;
            f(&Reader {
                connection: &transaction,
            })
        })();
        self.give_back(connection);
        result
    }

    /// Runs `f` as [`Store::read`] does, where another thread can interrupt it: `begun` gets the handle for that and says
    /// whether to go on, `ended` runs before the connection is anyone else's. `None` when it was not to go on.
    pub(crate) fn read_interruptible<T>(
        &self,
        begun: impl FnOnce(InterruptHandle) -> bool,
        ended: impl FnOnce(),
        f: impl FnOnce(&Reader<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let connection = self.take_reader()?;
        let result = if begun(connection.get_interrupt_handle()) {
            connection
                .unchecked_transaction()
                .map_err(Error::from)
                .and_then(|transaction| {
                    f(&Reader {
                        connection: &transaction,
                    })
                })
                .map(Some)
        } else {
            Ok(None)
        };
        ended();
        self.give_back(connection);
        result
    }

    pub(crate) fn trials(&self) -> &Trials {
        &self.trials
    }

    pub(crate) fn part_trials(&self) -> &Trials {
        &self.part_trials
    }

    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Runs `f` in one write transaction: all of it is kept, or with an error none of it.
    ///
    /// # Errors
    /// What `f` returns, or what keeps the workspace from being written.
    pub fn write<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.read_only {
            return Err(Error::ReadOnly.into());
        }
        let mut connection = lock(&self.writer);
        write_on(&mut connection, f)
    }

    /// Returns a number that differs from the one before whenever this or another process has written meanwhile.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn data_version(&self) -> Result<i64> {
        let mut watcher = lock(&self.watcher);
        let connection = match &mut *watcher {
            Some(connection) => connection,
            none => none.insert(self.take_reader()?),
        };
        Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Runs `f` on the bare writing connection, outside any transaction.
    pub(crate) fn with_writer<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        f(&mut lock(&self.writer))
    }

    /// Runs `f` on a bare reading connection, outside any transaction.
    pub(crate) fn with_reader<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.take_reader()?;
        f(&connection)
    }

    fn give_back(&self, connection: Connection) {
        let mut spare = lock(&self.readers);
        if spare.len() < SPARE_READERS {
            spare.push(connection);
        }
    }

    fn take_reader(&self) -> Result<Connection> {
        if let Some(connection) = lock(&self.readers).pop() {
            return Ok(connection);
        }
        let connection = connect(&self.path, self.read_only)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", READER_CACHE)?;
        Ok(connection)
    }
}

/// Runs `f` in one write transaction of a connection.
pub(crate) fn write_on<T, E: From<Error>>(
    connection: &mut Connection,
    f: impl FnOnce(&Writer<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(Error::from)?;
    let reader = Reader {
        connection: &transaction,
    };
    let writer = Writer {
        reader,
        seq: Cell::new(None),
        not_searchable: RefCell::default(),
    };
    let value = f(&writer)?;
    writer.make_searchable()?;
    drop(writer);
    transaction.commit().map_err(Error::from)?;
    Ok(value)
}

/// A poisoned lock only says that another thread panicked; SQLite has rolled its transaction back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    let connection = if read_only {
        read_only::open(path)?
    } else {
        let access = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(path, access)?
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    if !read_only {
        // Readers never wait for the writer, and a commit is one append.
        connection.pragma_update(None, "journal_mode", "wal")?;
        // Pages that are changed again soon are written into the main file once: 16 MB of log at most.
        connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    }
    // A commit is on the disk before we act on it: batches must be durable before they leave.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is erased is overwritten, not just unlinked.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -32_000)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    // A file from elsewhere must not run code of its own through views or triggers that it brings.
    connection.pragma_update(None, "trusted_schema", false)?;
    rusqlite::vtab::array::load_module(&connection)?;
    fold::register(&connection)?;
    rules::register(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// One consistent state of the workspace, to read.
#[derive(Debug)]
pub struct Reader<'c> {
    pub(crate) connection: &'c Connection,
}

/// One write transaction; reads as well.
#[derive(Debug)]
pub struct Writer<'c> {
    reader: Reader<'c>,
    seq: Cell<Option<i64>>,
    /// Contacts added in this transaction that the search index does not hold yet.
    pub(crate) not_searchable: RefCell<Vec<i64>>,
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl Reader<'_> {
    /// Returns the sequence number of the last change.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn sequence(&self) -> Result<i64> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM sequence")?
            .query_row([], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Returns the sequence number of this transaction, taking a new one at the first call.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn next_sequence(&self) -> Result<i64> {
        if let Some(seq) = self.seq.get() {
            return Ok(seq);
        }
        let seq = self
            .connection
            .prepare_cached("UPDATE sequence SET value = value + 1 RETURNING value")?
            .query_row([], |row| row.get(0))?;
        self.seq.set(Some(seq));
        Ok(seq)
    }
}
