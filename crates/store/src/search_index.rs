//! The search index: it holds nothing that the contacts don't, so a damaged one is made anew from them.
//!
//! Its own tables belong to FTS5, which can't empty them once it can't read them, and their pages can be lost like any
//! others. So they are taken out of the list of tables, made anew under the same names, and the file is written anew
//! without the pages that were theirs. Before that, everything else in the file must have passed SQLite's check.

use std::path::PathBuf;
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::check::{STEPS_BETWEEN_LOOKS, report};
use crate::contacts::INDEX;
use crate::crash_points::crash_point;
use crate::{Error, Reader, Result, SCHEMA_VERSION, backup, erase, schema};

/// What SQLite says of a damaged index, <https://www.sqlite.org/rescode.html>.
pub(crate) const CORRUPT_INDEX: i32 = 267;
/// How FTS5 begins to say that its own settings are lost: it has no code for that.
pub(crate) const UNKNOWN_FORMAT: &str = "invalid fts5 file format";

/// The tables: the one that is searched, and those that FTS5 keeps it in.
const TABLES: &str = "('contacts_search', 'contacts_search_config', 'contacts_search_content', 'contacts_search_data',
  'contacts_search_docsize', 'contacts_search_idx')";

/// Each page that belonged to the index is a line of a check, and none may hide what stands behind them.
const MOST_LINES: usize = 1 << 30;

/// Contacts of each end of the table that must be found by their emails.
const SAMPLES: u32 = 10;

/// Tells whether nothing can be found or entered: what is read for every word can't be read.
pub(crate) fn is_unreadable(connection: &Connection) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM contacts_search WHERE contacts_search MATCH 'x')";
    let read = connection.query_row(sql, [], |_| Ok(()));
    matches!(
        read.map_err(Error::from),
        Err(Error::SearchIndex | Error::Damaged(_))
    )
}

/// Refuses an index that can be read and says something else than the contacts, as far as that shows: other contacts
/// than there are, or not even those of the sample.
///
/// # Errors
/// [`Error::SearchIndex`].
pub(crate) fn check(connection: &Connection) -> Result<()> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == SCHEMA_VERSION && (has_others(connection)? || lacks_some(connection)?) {
        return Err(Error::SearchIndex);
    }
    Ok(())
}

fn has_others(connection: &Connection) -> Result<bool> {
    let sql = "
        SELECT (SELECT count(*) FROM contacts) <> (SELECT count(*) FROM contacts_search_docsize)
          OR EXISTS (
            SELECT 1 FROM contacts_search_docsize AS entry
            WHERE typeof(sz) <> 'blob' OR length(sz) < 6 OR typeof(origin) <> 'integer'
              OR NOT EXISTS (SELECT 1 FROM contacts WHERE contacts.id = entry.id)
          )";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn lacks_some(connection: &Connection) -> Result<bool> {
    let mut find = connection.prepare(
        "SELECT EXISTS (SELECT 1 FROM contacts_search WHERE contacts_search MATCH ?1 AND rowid = ?2)",
    )?;
    for order in ["ASC", "DESC"] {
        // Only what any tokenizer takes for words.
        let mut samples = connection.prepare(&format!(
            "SELECT '\"' || email || '\"', id FROM contacts
             WHERE email GLOB '[a-z]*' AND email NOT GLOB '*[^a-z0-9@._-]*' ORDER BY id {order} LIMIT {SAMPLES}"
        ))?;
        let samples = samples.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?;
        for sample in samples {
            if !find.query_row(sample?, |row| row.get::<_, bool>(0))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Makes the index anew, where nothing else in the file is damaged; tells whether that was so. Takes what a check and a
/// copy of the file take. Nothing changes otherwise.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn make_anew(connection: &mut Connection) -> Result<bool> {
    // Nobody else may write the tables of an index past it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    let made = renew(connection);
    // What the connection knows of the tables is read again, whatever became of them.
    let reread = connection.execute_batch("PRAGMA writable_schema = RESET");
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    reread?;
    match made {
        Ok(true) => {
            crash_point("search_index.made");
            erase::vacuum(connection)?;
            crash_point("search_index.clean");
            Ok(true)
        }
        Err(Error::Damaged(_)) => Ok(false),
        made => made,
    }
}

fn renew(connection: &mut Connection) -> Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    transaction.execute_batch(&format!(
        "PRAGMA writable_schema = ON;
         DELETE FROM sqlite_schema WHERE tbl_name IN {TABLES} AND type <> 'trigger';
         PRAGMA writable_schema = RESET;"
    ))?;
    if !is_sound_without_index(&transaction)? {
        return Ok(false);
    }
    // Nothing that stands in the file is run.
    transaction.execute_batch(schema::sql_of_table(version, "contacts_search")?)?;
    fill(&transaction, version)?;
    transaction.commit()?;
    Ok(true)
}

fn is_sound_without_index(transaction: &Transaction<'_>) -> Result<bool> {
    let path = PathBuf::from(transaction.path().unwrap_or_default());
    let (begun, patience) = (Instant::now(), backup::patience_with(&path));
    transaction.progress_handler(
        STEPS_BETWEEN_LOOKS,
        Some(move || begun.elapsed() > patience),
    )?;
    let report = report(transaction, "quick_check", MOST_LINES);
    transaction.progress_handler(0, None::<fn() -> bool>)?;
    let report = match report {
        Err(Error::Interrupted) => return Ok(false),
        report => report?,
    };
    let mut lines = report.iter().flat_map(|problem| problem.lines());
    Ok(lines.all(is_about_unused_pages))
}

/// Those that were the index's belong to nothing at that moment; writing the file anew leaves all unused ones behind.
fn is_about_unused_pages(line: &str) -> bool {
    line.starts_with("*** in database") || line.starts_with("Freelist:") || {
        let page = line.strip_prefix("Page ");
        page.is_some_and(|rest| rest.ends_with(": never used"))
    }
}

fn fill(transaction: &Transaction<'_>, version: u32) -> Result<()> {
    match version {
        SCHEMA_VERSION => transaction.execute_batch(&format!("{INDEX} ORDER BY id"))?,
        // An older index reads the contacts itself. It has to do only until the file is migrated.
        _ => transaction
            .execute_batch("INSERT INTO contacts_search (contacts_search) VALUES ('rebuild')")?,
    }
    Ok(())
}

impl Reader<'_> {
    /// Names the search index where it is damaged.
    pub(crate) fn damaged_index(&self) -> Result<Vec<String>> {
        match check(self.connection) {
            Ok(()) => Ok(Vec::new()),
            Err(Error::SearchIndex) => Ok(vec!["the search index".to_owned()]),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
