//! Takes what can still be read of a damaged workspace into a new one.
//!
//! The damaged file is only read. Tables are read row by row, past the pages that can't be; nothing in the file that isn't
//! ours is looked at. What comes out is a workspace of its own: it has to be approved, its replications are disabled, and
//! a request whose answer nobody knows is still one whose answer nobody knows.

mod beginning;
mod reading;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::backup::{GoesOn, name_new, unfinished};
use crate::check::{MOST_PROBLEMS, report};
use crate::maintenance::Maintenance;
use crate::open::{self, Traces};
use crate::{
    Error, Result, SCHEMA_VERSION, backup, migrate, neighbors, private, schema, store, torn,
};
use reading::Table;
use writing::NewFile;

/// What came of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvagedTable {
    /// The table.
    pub name: &'static str,
    /// Rows that the new workspace has.
    pub kept: u64,
    /// Rows that are known to be lost: damaged ones, and those of somebody who is lost.
    pub lost: u64,
    /// Whether more may be lost, since nothing tells how many there were.
    pub may_lack_more: bool,
}

/// What came of a damaged workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvaged {
    /// The tables that had rows, or may have had.
    pub tables: Vec<SalvagedTable>,
    /// What can't be proved any more with the consent ledger; `None` where it is whole.
    pub ledger: Option<String>,
    /// The backup whose first page was used, where the file's own is lost: what came later may not have been found.
    pub found_by: Option<PathBuf>,
}

/// Takes what can be read of `damaged` into the new workspace `into`, for as long as `goes_on` agrees; it is told the tables
/// done and the tables in all. `now` is UTC milliseconds.
///
/// # Errors
/// [`Error::Missing`]; [`Error::NotAWorkspace`] and [`Error::Damaged`] when not even the list of tables can be read;
/// [`Error::Newer`]; [`Error::Exists`] when something has the new name; [`Error::Cancelled`]; [`Error::DiskFull`];
/// [`Error::File`]. There is no new file then.
pub fn salvage(damaged: &Path, into: &Path, goes_on: &GoesOn) -> Result<Salvaged> {
    if into.symlink_metadata().is_ok() {
        return Err(Error::Exists(into.to_owned()));
    }
    match fs::metadata(damaged) {
        Ok(data) if data.is_file() => {}
        Ok(_) => return Err(Error::NotAWorkspace(damaged.to_owned())),
        Err(_) => return Err(Error::Missing(damaged.to_owned())),
    }
    neighbors::check(damaged)?;
    check_folder(into)?;
    let _traces = Traces::beside(damaged);
    let source = match read(damaged) {
        Err(Error::Damaged(cause)) => match beginning::lender(damaged) {
            Some(backup) => Source::Lent(backup),
            None => return Err(Error::Damaged(cause)),
        },
        read => {
            let (connection, version) = read?;
            Source::Own(connection, version)
        }
    };
    let held = Maintenance::begin(into, store::MIGRATION_PATIENCE)?;
    backup::clear_unfinished(held.folder());
    let draft = unfinished(&held.folder().join("salvaged"))?;
    let filled = match source {
        Source::Own(connection, version) => fill(&connection, &draft, version, goes_on),
        Source::Lent(backup) => beginning::mend(damaged, &backup, held.folder(), goes_on)
            .and_then(|mended| fill(&mended.connection, &draft, mended.version, goes_on))
            .map(|salvaged| Salvaged {
                found_by: Some(backup),
                ..salvaged
            }),
    };
    let done = filled.and_then(|salvaged| {
        name_new(&draft, into).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Error::Exists(into.to_owned()),
            _ => at(into, source),
        })?;
        Ok(salvaged)
    });
    if done.is_err() {
        // Best effort: what failed is reported anyway.
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(neighbors::beside(&draft, ending));
        }
    }
    done.map_err(|error| match error {
        // Nobody knows the name that the file has until it's whole.
        Error::File { source, .. } => at(into, source),
        error => error,
    })
}

/// What the tables are read from.
enum Source {
    /// The damaged file, of this version.
    Own(Connection, u32),
    /// A copy of it with the first page of this backup.
    Lent(PathBuf),
}

/// Opens a damaged file whose first page can be read, and returns its version.
fn read(damaged: &Path) -> Result<(Connection, u32)> {
    torn::check_beginning(damaged)?;
    let source = lenient(damaged)?;
    let version = version_of(&source, damaged)?;
    let listed = schema::salvageable(&source, version)?;
    match listed.tables.iter().any(|table| table.is_there) {
        true => Ok((source, version)),
        false => Err(Error::Damaged("the list of its tables is lost".to_owned())),
    }
}

fn check_folder(into: &Path) -> Result<()> {
    let into = std::path::absolute(into).map_err(|source| at(into, source))?;
    match into.parent() {
        Some(folder) => fs::metadata(folder)
            .map_err(|source| at(folder, source))
            .map(|_| ()),
        None => Ok(()),
    }
}

fn at(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}

/// Opens a file for reading that is cut off, or whose list of tables can be read only in part.
fn lenient(path: &Path) -> Result<Connection> {
    let connection = open::connect(path, open::Access::Read)?;
    // Nothing can be written through it. This lets SQLite make do with what it can read of the list of tables.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    connection.execute_batch("PRAGMA writable_schema = ON")?;
    Ok(connection)
}

fn version_of(source: &Connection, path: &Path) -> Result<u32> {
    let number = |name| source.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let unreadable = |error: rusqlite::Error| match Error::from(error) {
        Error::Damaged(_) => {
            let what = "its beginning is lost, or it never was a workspace";
            Error::Damaged(what.to_owned())
        }
        error => error,
    };
    let (id, version) = (
        number("application_id").map_err(unreadable)?,
        number("user_version").map_err(unreadable)?,
    );
    let version = u32::try_from(version).unwrap_or(u32::MAX);
    match version {
        _ if id != migrate::APPLICATION_ID => Err(Error::NotAWorkspace(path.to_owned())),
        0 => Err(Error::NotAWorkspace(path.to_owned())),
        found if found > SCHEMA_VERSION => Err(Error::Newer {
            found,
            known: SCHEMA_VERSION,
        }),
        found => Ok(found),
    }
}

fn fill(source: &Connection, draft: &Path, version: u32, goes_on: &GoesOn) -> Result<Salvaged> {
    let listed = schema::salvageable(source, version)?;
    private::create(draft)?;
    let new = NewFile::make(draft, version)?;
    let total = listed.tables.len() as u64;
    let mut salvaged = Salvaged::default();
    for (done, table) in (0..).zip(&listed.tables) {
        if !goes_on(done, total) {
            return Err(Error::Cancelled);
        }
        salvaged.tables.push(match table.is_there {
            true => take(source, table, &new, goes_on)?,
            false => SalvagedTable {
                name: table.name,
                kept: 0,
                lost: 0,
                may_lack_more: true,
            },
        });
        if table.name == "custom_fields" {
            new.add_custom_columns()?;
        }
    }
    new.take_ids_ever_given(source)?;
    for (table, rows) in new.drop_orphans(&listed.tables)? {
        for salvaged in salvaged.tables.iter_mut().filter(|one| one.name == table) {
            salvaged.kept -= rows.min(salvaged.kept);
            salvaged.lost += rows;
        }
    }
    salvaged.ledger = new.finish(&listed.indexes)?;
    check(draft)?;
    salvaged
        .tables
        .retain(|table| table.kept > 0 || table.lost > 0 || table.may_lack_more);
    Ok(salvaged)
}

/// Takes the rows of a table over.
fn take(
    source: &Connection,
    listed: &schema::ListedTable,
    new: &NewFile,
    goes_on: &GoesOn,
) -> Result<SalvagedTable> {
    let table = Table::of(source, listed.name, listed.sql)?;
    let (mut kept, mut read) = (0, 0_u64);
    let mut rows = new.rows_of(&table)?;
    let found = table.read(&mut |row| {
        read += 1;
        if read.is_multiple_of(1000) && !goes_on(0, 0) {
            return Err(Error::Cancelled);
        }
        kept += u64::from(rows.insert(row)?);
        Ok(())
    })?;
    drop(rows);
    let expected = table.count();
    let lost = expected.map_or(0, |expected| expected.saturating_sub(kept));
    Ok(SalvagedTable {
        name: listed.name,
        kept,
        lost: lost.max(read - kept),
        may_lack_more: !found.is_whole && expected.is_none(),
    })
}

/// Refuses a new file that isn't sound.
fn check(draft: &Path) -> Result<()> {
    let connection = open::checked(draft, open::Access::Read)?;
    let problems = report(&connection, "quick_check", MOST_PROBLEMS)?;
    match problems.first() {
        Some(problem) => Err(Error::Damaged(problem.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
