//! Opening a workspace; the one writer and the several readers.
//!
//! WAL has one writer. Ours is one connection behind a lock; another process's writer is waited for by the busy
//! handler. Each write is one `BEGIN IMMEDIATE` transaction: a read transaction that turns into a write fails at once
//! whatever the time-out. Readers have connections of their own that refuse to write.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, InterruptHandle, TransactionBehavior};

use crate::damage::KnownDamage;
use crate::error::ENDLESS;
use crate::links::SentFields;
use crate::lists::Shelf;
use crate::maintenance::Maintenance;
use crate::open::{self, Access, Found, Traces};
use crate::open_here::OpenHere;
use crate::segments::Trials;
use crate::watchdog::{Watch, Watchdog};
use crate::{
    Error, Result, SCHEMA_VERSION, UnderWay, backup, creating, migrate, neighbors, search_index,
    torn,
};

/// Another process may be migrating a million contacts.
pub(crate) const MIGRATION_PATIENCE: Duration = Duration::from_secs(600);
const SPARE_READERS: usize = 4;
/// How long closing waits for those who are reading.
const PATIENCE_WITH_READERS: Duration = Duration::from_secs(10);
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

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
    /// Whether this is a backup, open in the place of a damaged workspace.
    stands_in: bool,
    writer: Mutex<Connection>,
    readers: Mutex<Readers>,
    /// Sees others write: what it counts holds for one connection only.
    watcher: Mutex<Option<Connection>>,
    shelf: Shelf,
    trials: Trials,
    part_trials: Trials,
    watchdog: Watchdog,
    known_damage: KnownDamage,
    /// Where this computer knows it to have been before.
    former_places: OnceLock<Vec<PathBuf>>,
    /// Dropped behind the connections.
    _traces: Traces,
    _open: OpenHere,
    /// Whether the search index was made anew, and nobody has been told yet.
    mended: AtomicBool,
}

/// The connections that read.
#[derive(Debug, Default)]
struct Readers {
    /// Those that wait for the next use.
    spare: Vec<Connection>,
    /// How many are in use.
    lent: usize,
    is_closed: bool,
}

/// A connection that reads, until it is dropped.
struct Lent<'s> {
    connection: Option<Connection>,
    readers: &'s Mutex<Readers>,
}

impl Deref for Lent<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        let Some(connection) = &self.connection else {
            unreachable!("it is there until it is dropped");
        };
        connection
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut readers = lock(self.readers);
        readers.lent -= 1;
        if let Some(connection) = self.connection.take()
            && readers.spare.len() < SPARE_READERS
            && !readers.is_closed
        {
            readers.spare.push(connection);
        }
    }
}

impl Store {
    /// Creates a workspace file, which only this user can read. It has its name only once it is whole.
    ///
    /// # Errors
    /// [`Error::Exists`] when a file is there; [`Error::File`] when it cannot be made.
    pub fn create(path: &Path, now: i64) -> Result<Self> {
        creating::create(path, now)?;
        Self::open_begun(path, OpenOptions::default(), now)
    }

    /// Opens a workspace; an older file is backed up and migrated first.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::NotAWorkspace`], [`Error::Newer`], [`Error::Damaged`], [`Error::Altered`].
    pub fn open(path: &Path, options: OpenOptions, now: i64) -> Result<Self> {
        match std::fs::metadata(path) {
            Ok(data) if data.is_file() => {}
            Ok(_) => return Err(Error::NotAWorkspace(path.to_owned())),
            Err(_) => return Err(Error::Missing(path.to_owned())),
        }
        torn::check_beginning(path)?;
        Self::open_begun(path, options, now)
    }

    /// Opens a backup for reading, in the place of a workspace that is damaged.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_stand_in(backup: &Path, now: i64) -> Result<Self> {
        let mut store = Self::open(backup, OpenOptions { read_only: true }, now)?;
        store.stands_in = true;
        Ok(store)
    }

    fn open_begun(path: &Path, options: OpenOptions, now: i64) -> Result<Self> {
        let traces = Traces::beside(path);
        let found = open::check(path)?;
        if found.version == 0 {
            return Err(Error::NotAWorkspace(path.to_owned()));
        }
        let (writer, index) = match options.read_only {
            true => (connect(path, true)?, Index::Ready),
            false => prepared(path, found, now)?,
        };
        let store = Self {
            watchdog: Watchdog::of(path),
            path: path.to_owned(),
            read_only: options.read_only,
            stands_in: false,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            watcher: Mutex::default(),
            shelf: Shelf::default(),
            trials: Trials::default(),
            part_trials: Trials::default(),
            known_damage: KnownDamage::default(),
            former_places: OnceLock::new(),
            _traces: traces,
            _open: OpenHere::note(path),
            mended: AtomicBool::new(index == Index::Mended),
        };
        // Whatever keeps this from being read is told by whoever reads next.
        let _ = store.damage();
        if index == Index::Damaged
            && let Err(error) = store.look_for_damage(|| true, now)
        {
            tracing::warn!(%error, "it isn't known what is damaged");
        }
        Ok(store)
    }

    /// Says where this computer has known the workspace before, so that erasing finds the backups left there.
    pub fn was_at(&self, places: Vec<PathBuf>) {
        // Only the first time counts: it doesn't move while it is open.
        let _ = self.former_places.set(places);
    }

    pub(crate) fn former_places(&self) -> Vec<PathBuf> {
        self.former_places.get().cloned().unwrap_or_default()
    }

    /// Returns the path of the workspace file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells whether the workspace was opened without the right to write, or is known to be damaged.
    pub fn is_read_only(&self) -> bool {
        self.read_only || self.known_damage.is_known()
    }

    /// Lets what begins now write to its end, even if the workspace is found damaged meanwhile: what was sent must be
    /// taken down.
    pub fn under_way(&self) -> UnderWay<'_> {
        self.known_damage.under_way()
    }

    /// Tells whether the search index was damaged and made anew since the last call.
    pub fn take_mended(&self) -> bool {
        self.mended.swap(false, Ordering::Relaxed)
    }

    /// Runs `f` on one consistent state of the workspace.
    ///
    /// # Errors
    /// What `f` returns, or what keeps the workspace from being read.
    pub fn read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.reader()?;
        let watch = self.watchdog.watch(connection.get_interrupt_handle());
        let result = (|| {
            let transaction = connection.unchecked_transaction().map_err(Error::from)?;
            f(&Reader::of(&transaction))
        })();
        unless_endless(&watch, result)
    }

    /// Runs `f` as [`Store::read`] does, where another thread can interrupt it: `begun` gets the handle for that and says
    /// whether to go on, `ended` runs before the connection is anyone else's. `None` when it was not to go on.
    pub(crate) fn read_interruptible<T>(
        &self,
        begun: impl FnOnce(InterruptHandle) -> bool,
        ended: impl FnOnce(),
        f: impl FnOnce(&Reader<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let connection = self.reader()?;
        let watch = self.watchdog.watch(connection.get_interrupt_handle());
        let result = if begun(connection.get_interrupt_handle()) {
            connection
                .unchecked_transaction()
                .map_err(Error::from)
                .and_then(|transaction| f(&Reader::of(&transaction)))
                .map(Some)
        } else {
            Ok(None)
        };
        ended();
        unless_endless(&watch, result)
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

    /// Refuses to begin what is going to write.
    ///
    /// # Errors
    /// [`Error::ReadOnly`]; [`Error::KnownDamage`].
    pub fn check_writable(&self) -> Result<()> {
        match (self.read_only, self.known_damage.get()) {
            (true, _) if self.stands_in => Err(Error::StandsIn),
            (true, _) => Err(Error::ReadOnly),
            (false, Some(damage)) => Err(Error::KnownDamage(Box::new(damage))),
            (false, None) => Ok(()),
        }
    }

    /// Runs `f` in one write transaction: all of it is kept, or with an error none of it.
    ///
    /// # Errors
    /// What `f` returns, or what keeps the workspace from being written.
    pub fn write<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.known_damage.is_under_way() {
            self.check_writable()?;
        }
        self.write_regardless(f)
    }

    /// Runs `f` as [`Store::write`] does, in a workspace that is known to be damaged as well.
    pub(crate) fn write_regardless<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.read_only {
            return Err(Error::ReadOnly.into());
        }
        let mut connection = lock(&self.writer);
        let handle = connection.get_interrupt_handle();
        let mut watch = None;
        let result = write_on(&mut connection, |writer| {
            // Waiting for another process is over by now.
            watch = Some(self.watchdog.watch(handle));
            f(writer)
        });
        match watch {
            Some(watch) => unless_endless(&watch, result),
            None => result,
        }
    }

    /// Returns a number that differs from the one before whenever this or another process has written meanwhile.
    pub fn data_version(&self) -> Result<i64> {
        let mut watcher = lock(&self.watcher);
        let connection = match &mut *watcher {
            Some(connection) => connection,
            _ if lock(&self.readers).is_closed => return Err(Error::Interrupted),
            none => none.insert(self.connect_reader()?),
        };
        Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Makes the search index anew where it alone is damaged; tells whether that was so.
    pub(crate) fn mend_search_index(&self) -> Result<bool> {
        if self.read_only {
            return Ok(false);
        }
        self.mend_search_index_as(&Maintenance::begin(self.path(), backup::PATIENCE)?)
    }

    /// The same for whoever has the right to it.
    pub(crate) fn mend_search_index_as(&self, _: &Maintenance) -> Result<bool> {
        let mended = self.with_writer(search_index::make_anew)?;
        self.mended.fetch_or(mended, Ordering::Relaxed);
        Ok(mended)
    }

    pub(crate) fn known_damage(&self) -> &KnownDamage {
        &self.known_damage
    }

    /// Runs `f` on the bare writing connection, outside any transaction.
    pub(crate) fn with_writer<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        f(&mut lock(&self.writer))
    }

    /// Runs `f` on a bare reading connection, outside any transaction.
    pub(crate) fn with_reader<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        f(&*self.reader()?)
    }

    /// Closes the file for good, so that another one can take its place under the same name: SQLite must not take the new
    /// one's log for this one's.
    ///
    /// # Errors
    /// [`Error::InUse`] when somebody keeps reading for longer than ten seconds; it stays open then.
    pub fn close(&self) -> Result<()> {
        let until = Instant::now() + PATIENCE_WITH_READERS;
        let closed = Connection::open_in_memory()?;
        loop {
            let mut readers = lock(&self.readers);
            readers.is_closed = true;
            readers.spare.clear();
            if readers.lent == 0 {
                break;
            }
            if Instant::now() > until {
                readers.is_closed = false;
                return Err(Error::InUse);
            }
            drop(readers);
            std::thread::sleep(BETWEEN_TRIES);
        }
        *lock(&self.watcher) = None;
        *lock(&self.writer) = closed;
        Ok(())
    }

    fn reader(&self) -> Result<Lent<'_>> {
        let mut readers = lock(&self.readers);
        if readers.is_closed {
            return Err(Error::Interrupted);
        }
        readers.lent += 1;
        let mut lent = Lent {
            connection: readers.spare.pop(),
            readers: &self.readers,
        };
        drop(readers);
        if lent.connection.is_none() {
            lent.connection = Some(self.connect_reader()?);
        }
        Ok(lent)
    }

    fn connect_reader(&self) -> Result<Connection> {
        let connection = connect(&self.path, self.read_only)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", READER_CACHE)?;
        Ok(connection)
    }
}

/// How the search index was found when the workspace was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    Ready,
    /// It couldn't be read, and was made anew.
    Mended,
    /// It can't be read, and neither can something else.
    Damaged,
}

/// Opens a file for writing that has the current version by then, and a search index that can be read.
fn prepared(path: &Path, found: Found, now: i64) -> Result<(Connection, Index)> {
    refuse_second_name(path)?;
    if found.version == SCHEMA_VERSION && found.has_log {
        let mut writer = connect(path, false)?;
        if !search_index::is_unreadable(&writer) {
            begin_ledger(&mut writer)?;
            return Ok((writer, Index::Ready));
        }
    }
    // Several processes may find such a file at once. One prepares it, the others wait.
    let held = Maintenance::begin(path, MIGRATION_PATIENCE).map_err(as_read_only)?;
    let mut writer = connect(path, false)?;
    let is_damaged = search_index::is_unreadable(&writer);
    let index = match is_damaged && !search_index::make_anew(&mut writer)? {
        true => Index::Damaged,
        false if is_damaged => Index::Mended,
        false => Index::Ready,
    };
    migrate::run(&mut writer, &held, now)?;
    begin_ledger(&mut writer)?;
    Ok((writer, index))
}

/// Refuses to write to a file that others may write to by another name. The name that whoever made it was killed over goes.
fn refuse_second_name(path: &Path) -> Result<()> {
    if !neighbors::has_second_name(path) {
        return Ok(());
    }
    let held = Maintenance::begin(path, MIGRATION_PATIENCE).map_err(as_read_only)?;
    backup::clear_unfinished(held.folder());
    match neighbors::has_second_name(path) {
        true => Err(Error::SecondName),
        false => Ok(()),
    }
}

/// Appends the answers of an older version to the ledger, once.
fn begin_ledger(writer: &mut Connection) -> Result<()> {
    let reader = Reader::of(writer);
    if !reader.has_earlier_answers()? {
        return Ok(());
    }
    write_on(writer, |writer| match writer.has_earlier_answers()? {
        true => writer.take_in_earlier_answers(),
        false => Ok(()),
    })
}

/// Says of a folder that takes no file that the workspace in it can only be read.
fn as_read_only(error: Error) -> Error {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    match error {
        Error::File { source, .. }
            if matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem) =>
        {
            Error::ReadOnly
        }
        error => error,
    }
}

/// Turns the error of work that was interrupted because it did not end into its cause.
fn unless_endless<T, E: From<Error>>(watch: &Watch<'_>, result: Result<T, E>) -> Result<T, E> {
    if result.is_err() && watch.was_interrupted() {
        return Err(Error::Damaged(ENDLESS.to_owned()).into());
    }
    result
}

/// Runs `f` in one write transaction of a connection.
pub(crate) fn write_on<T, E: From<Error>>(
    connection: &mut Connection,
    f: impl FnOnce(&Writer<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(Error::from)?;
    let reader = Reader::of(&transaction);
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

pub(crate) fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    let access = if read_only {
        Access::Read
    } else {
        Access::Write
    };
    let connection = open::connect(path, access)?;
    if !read_only {
        // SQLite opens what can't be written for reading, and says so only when something is written.
        if connection.is_readonly("main")? {
            return Err(Error::ReadOnly);
        }
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
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// One consistent state of the workspace, to read.
#[derive(Debug)]
pub struct Reader<'c> {
    pub(crate) connection: &'c Connection,
    /// Read once a transaction, as many links need them.
    pub(crate) sent_fields: RefCell<Option<Rc<SentFields>>>,
}

impl<'c> Reader<'c> {
    /// Returns a reader of what a connection sees, within one transaction.
    pub(crate) fn of(connection: &'c Connection) -> Self {
        Self {
            connection,
            sent_fields: RefCell::default(),
        }
    }
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
    pub fn sequence(&self) -> Result<i64> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM sequence")?
            .query_row([], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Returns the sequence number of this transaction, taking a new one at the first call.
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
