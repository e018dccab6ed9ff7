//! Numbered migrations, forward only; a copy of the file is kept before each.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::crash_points::crash_point;
use crate::{Error, Result, backup, read_only};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_contact_lists.sql")),
    M::up(include_str!("migrations/0003_former_describes.sql")),
    M::up(include_str!("migrations/0004_searches.sql")),
    M::up(include_str!("migrations/0005_runs_counted_by_batch.sql")),
    M::up(include_str!("migrations/0007_figures.sql")),
    M::up(include_str!("migrations/0008_segments.sql")),
    M::up(include_str!("migrations/0009_watch.sql")),
    M::up(include_str!("migrations/0010_consents.sql")),
];

const CHECK_TIMEOUT: Duration = Duration::from_secs(30);

/// Marks the file as ours (`PRAGMA application_id`): "LFRY".
const APPLICATION_ID: i32 = 0x4C46_5259;

/// The schema version that this app writes.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

/// Refuses files that are not ours or are newer than this app.
///
/// Looks through a connection of its own that cannot write and sets nothing, so that a refused file stays as it is.
pub(crate) fn check(path: &Path) -> Result<()> {
    let connection = read_only::open(path)?;
    connection.busy_timeout(CHECK_TIMEOUT)?;
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let found = match number("user_version") {
        Ok(version) => u32::try_from(version).unwrap_or(u32::MAX),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(Error::NotAWorkspace(path.to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    let application = number("application_id")?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (found > 0 || tables > 0) {
        return Err(Error::NotAWorkspace(path.to_owned()));
    }
    if found > SCHEMA_VERSION {
        return Err(Error::Newer {
            found,
            known: SCHEMA_VERSION,
        });
    }
    Ok(())
}

/// Brings the file to [`SCHEMA_VERSION`].
pub(crate) fn run(connection: &mut Connection, path: &Path, now: i64) -> Result<()> {
    run_steps(connection, path, STEPS, now)
}

fn run_steps(connection: &mut Connection, path: &Path, steps: &[M<'_>], now: i64) -> Result<()> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if usize::try_from(found).is_ok_and(|found| found >= steps.len()) {
        return Ok(());
    }
    if found > 0 {
        backup::before_migration(connection, path, found, now)?;
    }
    crash_point("migration.begun");
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    Migrations::from_slice(steps)
        .to_latest(connection)
        .map_err(|error| Error::Database(Box::new(error)))?;
    crash_point("migration.done");
    Ok(())
}

#[cfg(test)]
mod tests;
