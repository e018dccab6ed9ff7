//! Numbered migrations, forward only; a copy of the file is kept before each.

mod packing;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite_migration::{HookError, M, Migrations};

use crate::crash_points::crash_point;
use crate::maintenance::Maintenance;
use crate::{Error, Result, backup};

/// After these statements the rows of batches and the hashes of links are packed.
const PACK_ROWS: &str = include_str!("migrations/0015_rows_beside_the_body.sql");

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_contact_lists.sql")),
    M::up(include_str!("migrations/0003_former_describes.sql")),
    M::up(include_str!("migrations/0004_searches.sql")),
    M::up(include_str!("migrations/0005_runs_counted_by_batch.sql")),
    M::up(include_str!("migrations/0006_figures.sql")),
    M::up(include_str!("migrations/0007_segments.sql")),
    M::up(include_str!("migrations/0008_watch.sql")),
    M::up(include_str!("migrations/0009_consents.sql")),
    M::up(include_str!("migrations/0010_workspace_id.sql")),
    M::up(include_str!("migrations/0011_erased_from_versions.sql")),
    M::up(include_str!(
        "migrations/0012_search_by_phone_and_place.sql"
    )),
    M::up(include_str!("migrations/0013_consent_ledger.sql")),
    M::up(include_str!("migrations/0014_mirror.sql")),
    M::up(PACK_ROWS),
    M::up(include_str!("migrations/0016_undos.sql")),
    M::up(include_str!("migrations/0017_inbound.sql")),
    M::up(include_str!("migrations/0018_links_by_record.sql")),
    M::up(include_str!("migrations/0019_refusals.sql")),
    M::up(include_str!("migrations/0020_ways_in.sql")).foreign_key_check(),
    M::up(include_str!("migrations/0021_bulk_jobs.sql")),
    M::up(include_str!("migrations/0022_links_from_files.sql")),
    M::up(include_str!("migrations/0023_checks_without_lists.sql")),
    M::up(include_str!("migrations/0024_slim_queue.sql")).foreign_key_check(),
];

/// Marks the file as ours (`PRAGMA application_id`): "LFRY".
pub(crate) const APPLICATION_ID: i32 = 0x4C46_5259;

/// The schema version that this app writes.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

/// Brings the file to [`SCHEMA_VERSION`]. The caller holds the file's [`crate::maintenance::Maintenance`]: of several
/// processes at an older file one backs it up and migrates it, the others find that done.
pub(crate) fn run(connection: &mut Connection, held: &Maintenance, now: i64) -> Result<()> {
    run_steps(connection, held, &steps(), now)
}

/// Returns the migrations with what happens besides SQL.
fn steps() -> Vec<M<'static>> {
    let whole = |step: &M<'static>| match *step == M::up(PACK_ROWS) {
        true => M::up_with_hook(PACK_ROWS, |transaction| {
            packing::pack(transaction).map_err(|error| HookError::Hook(error.to_string()))
        }),
        false => step.clone(),
    };
    STEPS.iter().map(whole).collect()
}

/// Brings a database of an earlier version to a version, without a backup.
pub(crate) fn make(connection: &mut Connection, version: u32) -> Result<()> {
    let steps = steps();
    let steps = &steps[..(version as usize).min(steps.len())];
    if steps.is_empty() {
        return Ok(());
    }
    migrated(connection, steps)
}

fn run_steps(
    connection: &mut Connection,
    held: &Maintenance,
    steps: &[M<'_>],
    now: i64,
) -> Result<()> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if usize::try_from(found).is_ok_and(|found| found >= steps.len()) {
        return Ok(());
    }
    if found > 0 {
        backup::before_migration(connection, held, found, now)?;
    }
    crash_point("migration.begun");
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrated(connection, steps)?;
    crash_point("migration.done");
    Ok(())
}

/// Runs the steps with foreign keys off: a table that others point to can be made anew, and takes none of their rows along.
/// Only here a statement may write the schema: a check is changed without writing the rows again.
fn migrated(connection: &mut Connection, steps: &[M<'_>]) -> Result<()> {
    let is_defensive = connection.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    let done = Migrations::from_slice(steps).to_latest(connection);
    // A step that failed may have left the schema writable.
    let reread = connection.execute_batch("PRAGMA writable_schema = RESET");
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, is_defensive)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    reread?;
    done.map_err(|error| Error::Database(Box::new(error)))
}

#[cfg(test)]
mod tests;
