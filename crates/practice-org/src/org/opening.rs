//! Opens the org's file, which a stranger may have made.
//!
//! The tables of objects grow with custom fields, so they are judged by their form: plain columns, and the indexes that
//! [`super::tables`] makes. Anything that could run on its own, such as a trigger, a view or a generated column, is
//! refused before anything else is read.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::tables::{BOOKKEEPING, BULK, FORMAT, WIDE};
use crate::files::{other_kind, second_name};
use crate::{Error, Result};

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A schema is read within milliseconds. One that takes longer was made to keep us busy.
const PATIENCE: Duration = Duration::from_secs(10);
const STEPS_BETWEEN_LOOKS: i32 = 10_000;
const MOST_PARTS: usize = 5_000;
/// Most characters of a name from the file that are shown.
const LONGEST_NAME: usize = 80;
const LONGEST_VALUE_BYTES: i32 = 256 * 1024 * 1024;

/// What the declaration of a column consists of.
const COLUMN_WORDS: &[&str] = &[
    "TEXT", "INTEGER", "ANY", "COLLATE", "NOCASE", "NOT", "NULL", "UNIQUE", "DEFAULT", "0", "1",
];

/// What `ANALYZE` in another program leaves behind.
const STATISTICS: &[&str] = &[
    "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
];

/// A table, index, trigger or view, as the file lists it.
struct Part {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

/// Opens a file whose tables are ours; creates one, for this user alone, where there is none.
pub(super) fn open(file: &Path) -> Result<Connection> {
    create(file)?;
    existing(file)
}

/// Opens a file whose tables are ours.
///
/// # Errors
/// [`Error::Altered`] where they aren't, or the file can't be read; [`Error::Newer`]; [`Error::Database`], also where no
/// file has that name.
pub(crate) fn existing(file: &Path) -> Result<Connection> {
    let had_log = has_log(file);
    let had_index = beside(file, "-shm").exists();
    let opened = check(file).and_then(|()| connect(file));
    if opened.is_err() && !had_log {
        sweep(file);
    }
    if opened.is_err() && !had_index {
        remove_index(file);
    }
    opened.map_err(|error| named(error, file))
}

/// Takes away the empty log that looking at a refused file has put beside it: SQLite does that itself when a connection
/// that may write is closed.
fn sweep(file: &Path) {
    let log = beside(file, "-wal");
    if !has_log(file) || std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return;
    }
    let swept = connect(file)
        .and_then(|conn| Ok(conn.pragma_query_value(None, "schema_version", |_| Ok(()))?));
    if let Err(error) = swept {
        tracing::debug!(%error, "an empty log stays beside an org that was refused");
    }
}

/// Takes away the index that looking at a refused file has put beside its log, which stays.
///
/// In exclusive mode and without an index in the way SQLite locks the file against everybody, so that nobody uses the index.
fn remove_index(file: &Path) {
    let [log, index, journal] = ["-wal", "-shm", "-journal"].map(|ending| beside(file, ending));
    if !index.exists() || !log.exists() || journal.exists() {
        return;
    }
    match alone(file).map(|alone| (std::fs::remove_file(&index), alone)) {
        Ok((Ok(()), _alone)) => {}
        Ok((Err(error), _alone)) => tracing::debug!(%error, "the index of a log stays"),
        Err(error) => tracing::debug!(%error, "the index of a log stays, since others use it"),
    }
}

/// Locks a file with a log against everybody else, and leaves the log as it is.
fn alone(file: &Path) -> Result<Connection> {
    let conn = connect(file)?;
    conn.busy_timeout(std::time::Duration::ZERO)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    match conn.pragma_query_value(None, "schema_version", |_| Ok(())) {
        // SQLite looks at the first page once it has the lock.
        Err(error)
            if !matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
            ) =>
        {
            Err(error.into())
        }
        _ => Ok(conn),
    }
}

/// Returns a path that SQLite takes for one: a name that begins with `file:` is an address to it.
fn literal(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned())
}

fn has_log(file: &Path) -> bool {
    ["-wal", "-shm"]
        .iter()
        .any(|ending| beside(file, ending).exists())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Says of a file that can't be read which one it is, and whether that is its content's fault or the disk's.
pub(crate) fn named(error: Error, file: &Path) -> Error {
    let Error::Database(cause) = &error else {
        return error;
    };
    match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => altered(file, "isn't a database"),
        Some(ErrorCode::DatabaseCorrupt) => altered(file, "is damaged"),
        Some(
            ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::OutOfMemory,
        ) => error,
        // Of a file that we wrote every statement works, and every value can be read back.
        _ => altered(file, "holds records that Leadferry didn't write"),
    }
}

fn altered(file: &Path, what: impl Into<String>) -> Error {
    Error::Altered {
        path: file.to_owned(),
        what: what.into(),
    }
}

fn connect(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(literal(file), flags)?;
    harden(&conn)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    Ok(conn)
}

/// Opening a pipe would wait for its other end, and writing to a file with a second name would change what that name stands
/// for.
fn check_regular(file: &Path) -> Result<()> {
    match std::fs::metadata(file) {
        Ok(data) => refuse_unless_alone(file, &data)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(Error::File {
                path: file.to_owned(),
                source,
            });
        }
    }
    for ending in ["-wal", "-shm", "-journal"] {
        let path = beside(file, ending);
        if let Ok(data) = std::fs::symlink_metadata(&path) {
            refuse_unless_alone(&path, &data)?;
        }
    }
    Ok(())
}

fn refuse_unless_alone(file: &Path, data: &std::fs::Metadata) -> Result<()> {
    match other_kind(data).or_else(|| second_name(data)) {
        Some(what) => Err(altered(file, what)),
        None => Ok(()),
    }
}

fn create(file: &Path) -> Result<()> {
    check_regular(file)?;
    if !file.exists() {
        // SQLite would take them for a part of the new file.
        remove_side_files(file)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(_) => Ok(()),
        Err(source) => Err(Error::File {
            path: file.to_owned(),
            source,
        }),
    }
}

/// Removes what SQLite kept beside a file.
pub(crate) fn remove_side_files(file: &Path) -> Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let path = beside(file, ending);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::File { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Looks at the file through a connection that cannot write, so that a refused file stays as it is.
fn check(file: &Path) -> Result<()> {
    check_regular(file)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(literal(file), flags)?;
    harden(&conn)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    let begun = Instant::now();
    conn.progress_handler(
        STEPS_BETWEEN_LOOKS,
        Some(move || begun.elapsed() > PATIENCE),
    )?;
    match look(&conn, file) {
        Err(Error::Database(error))
            if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
        {
            Err(altered(
                file,
                "has a list of tables that can't be read in time",
            ))
        }
        looked => looked,
    }
}

fn look(conn: &Connection, file: &Path) -> Result<()> {
    let format: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if format > FORMAT {
        return Err(Error::Newer {
            found: format,
            known: FORMAT,
        });
    }
    let bookkeeping = bookkeeping()?;
    let mut statement =
        conn.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema LIMIT ?1")?;
    let mut rows = statement.query([MOST_PARTS + 1])?;
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        let part = Part {
            kind: row.get(0)?,
            name: row.get(1)?,
            table: row.get(2)?,
            sql: row.get(3)?,
        };
        seen += 1;
        let is_ours = seen <= MOST_PARTS && format > 0 && is_ours(&part, &bookkeeping);
        if !is_ours {
            let name = shortened(&part.name);
            let what = format!(
                "contains a {} \"{name}\" that Leadferry didn't create",
                part.kind
            );
            return Err(altered(file, what));
        }
    }
    Ok(())
}

/// Returns a name from the file as it can be shown.
fn shortened(name: &str) -> String {
    let mut letters = name.chars();
    let mut text: String = letters.by_ref().take(LONGEST_NAME).collect();
    text = text.escape_debug().to_string();
    if letters.next().is_some() {
        text.push('…');
    }
    text
}

/// Returns the SQL of the org's own tables and indexes, by their names.
fn bookkeeping() -> Result<BTreeMap<String, String>> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(BOOKKEEPING)?;
    conn.execute_batch(BULK)?;
    let mut statement = conn.prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema")?;
    let parts = statement.query_map([], |row| {
        Ok((row.get(0)?, spaced(&row.get::<_, String>(1)?)))
    })?;
    Ok(parts.collect::<rusqlite::Result<_>>()?)
}

fn is_ours(part: &Part, bookkeeping: &BTreeMap<String, String>) -> bool {
    if let Some(ours) = bookkeeping.get(&part.name) {
        return spaced(&part.sql) == *ours;
    }
    match part.kind.as_str() {
        "table" if STATISTICS.contains(&spaced(&part.sql).as_str()) => true,
        "table" => part.name.starts_with("o_") && is_plain_table(part),
        // SQLite's own, of a column that is unique.
        "index" if part.sql.is_empty() => part.name.starts_with("sqlite_autoindex_"),
        "index" => is_plain_index(part),
        _ => false,
    }
}

fn is_plain_table(part: &Part) -> bool {
    let sql = spaced(&part.sql);
    let columns = sql
        .strip_prefix(&format!("CREATE TABLE \"{}\" (", part.name))
        .and_then(|rest| rest.strip_suffix(") STRICT"));
    let Some(columns) = columns else {
        return false;
    };
    columns
        .split(',')
        .map(str::trim)
        .enumerate()
        .all(|(at, column)| match at {
            0 => column == "row INTEGER PRIMARY KEY",
            _ => is_plain_column(column),
        })
}

fn is_plain_column(column: &str) -> bool {
    let mut words = column.split(' ');
    let is_name = |word: &str| {
        word.strip_prefix('"')
            .and_then(|word| word.strip_suffix('"'))
            .is_some_and(is_plain_name)
    };
    words.next().is_some_and(is_name) && words.all(|word| COLUMN_WORDS.contains(&word))
}

fn is_plain_index(part: &Part) -> bool {
    let Some(object) = part.table.strip_prefix("o_") else {
        return false;
    };
    let field = ["i_", "w_"]
        .iter()
        .find_map(|kind| part.name.strip_prefix(&format!("{kind}{object}_")));
    let Some(field) = field.filter(|field| is_plain_name(field) && is_plain_name(object)) else {
        return false;
    };
    let sql = spaced(&part.sql);
    let condition = sql.strip_prefix(&format!(
        "CREATE INDEX \"{}\" ON \"o_{object}\" (\"{field}\")",
        part.name
    ));
    condition.is_some_and(|condition| {
        condition.is_empty()
            || [
                format!(" WHERE \"{field}\" IS NOT NULL"),
                format!(" WHERE \"{field}\" = 1"),
                format!(" WHERE \"{field}\" {WIDE}"),
            ]
            .contains(&condition.to_owned())
    })
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns a text with one blank wherever it has white space.
fn spaced(sql: &str) -> String {
    sql.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Limits what the file can make a connection do.
fn harden(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES)?;
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    Ok(conn.pragma_update(None, "mmap_size", 0)?)
}

#[cfg(test)]
mod tests;
