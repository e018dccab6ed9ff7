//! Takes a person out of an org's file for good, whether or not the org is being served: SQLite's own locks keep the
//! two apart.
//!
//! Records made for the person go, with what they were converted or merged into. Everything else that names the person
//! is redacted, or goes where it is only a log. Another contact's record keeps its own email, phone numbers and name.

mod jobs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use rusqlite::limits::Limit;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::org::opening;
use crate::{Error, Result};

const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long somebody may go on reading an old state.
const PATIENCE_WITH_READERS: Duration = Duration::from_secs(5);
/// Objects whose records are people.
const PEOPLE: [&str; 2] = ["o_Lead", "o_Contact"];
/// Records that are about a person alone, which files of earlier versions lack: they go with the person's own.
const ABOUT: [(&str, &str); 6] = [
    ("o_Task", "WhoId"),
    ("o_CampaignMember", "LeadId"),
    ("o_CampaignMember", "ContactId"),
    ("o_OpportunityContactRole", "ContactId"),
    ("o_AccountContactRelation", "ContactId"),
    ("o_Account", "PersonContactId"),
];
/// Tables that log what was asked for: a row that names the person goes as a whole.
const LOGS: [&str; 4] = ["requests", "cursors", "faults", "tickets"];
/// What a record of another contact may share with the person, and keeps.
const OWN_FIELDS: [&str; 9] = [
    "Email",
    "Phone",
    "MobilePhone",
    "HomePhone",
    "Fax",
    "Website",
    "Name",
    "FirstName",
    "LastName",
];

/// Who is erased.
pub struct Erasing<'a> {
    /// Values of the identifier field.
    pub guids: &'a BTreeSet<String>,
    /// Ids of records, 18 characters.
    pub records: &'a BTreeSet<String>,
    /// Tells whether a text names the person.
    pub names: &'a dyn Fn(&str) -> bool,
    /// Returns a text without what names the person.
    pub without: &'a dyn Fn(&str) -> String,
}

impl std::fmt::Debug for Erasing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Erasing").finish_non_exhaustive()
    }
}

/// Returns the id of the org in a file; `None` where the file holds none.
///
/// # Errors
/// [`Error::Altered`]; [`Error::Newer`]; [`Error::Database`].
pub fn organization(file: &Path) -> Result<Option<String>> {
    let connection = opening::existing(file)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'o_Organization'";
    if connection.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    let sql = "SELECT \"Id\" FROM \"o_Organization\"";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?)
}

/// Erases a person from the org in a file, and returns how many records went. Freed pages and the log are emptied.
///
/// # Errors
/// [`Error::Altered`]; [`Error::Newer`]; [`Error::Busy`] when somebody keeps reading an old state: try again later.
pub fn erase(file: &Path, who: &Erasing<'_>) -> Result<u64> {
    let mut connection = opening::existing(file)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "secure_delete", true)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == 0 {
        return Ok(0);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let removed = remove_records(&transaction, who)?;
    jobs::erase(&transaction, who)?;
    redact_the_rest(&transaction, who)?;
    transaction.commit()?;
    // Deleted rows are overwritten, but pages that were rearranged earlier may hold another copy. The file that is written
    // anew is attached.
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    connection.execute_batch("VACUUM")?;
    connection.busy_timeout(PATIENCE_WITH_READERS)?;
    let busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        return Err(Error::Busy(file.to_owned()));
    }
    Ok(removed)
}

fn remove_records(connection: &Connection, who: &Erasing<'_>) -> Result<u64> {
    let mut ids = BTreeSet::new();
    for table in PEOPLE {
        let columns = text_columns(connection, table)?;
        for_each_row(connection, table, &columns, |_, values| {
            if is_theirs(values, who) {
                ids.extend(values.get("Id").cloned());
            }
            Ok(())
        })?;
    }
    add_relatives(connection, &mut ids)?;
    let mut removed = 0;
    for id in &ids {
        for table in PEOPLE {
            let sql = format!("DELETE FROM \"{table}\" WHERE \"Id\" = ?1");
            removed += connection.prepare_cached(&sql)?.execute([id])? as u64;
        }
        connection
            .prepare_cached("DELETE FROM assignments WHERE record = ?1")?
            .execute([id])?;
        for (table, column) in ABOUT {
            if text_columns(connection, table)?.iter().any(|c| c == column) {
                let sql = format!("DELETE FROM \"{table}\" WHERE \"{column}\" = ?1");
                connection.prepare_cached(&sql)?.execute([id])?;
            }
        }
    }
    Ok(removed)
}

/// Decides whether a record is the person's: by id or identifier, else by email or name unless it is another contact's.
fn is_theirs(values: &BTreeMap<&str, String>, who: &Erasing<'_>) -> bool {
    let by_id = values.get("Id").is_some_and(|id| who.records.contains(id));
    if by_id || values.values().any(|value| who.guids.contains(value)) {
        return true;
    }
    let named = |field| values.get(field).is_some_and(|value| (who.names)(value));
    !is_of_another(values) && (named("Email") || named("Name"))
}

/// Tells whether a record holds an identifier: of the person's own records nothing is asked any more.
fn is_of_another(values: &BTreeMap<&str, String>) -> bool {
    let is_guid = |value: &String| {
        value.len() == 32
            && value
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    values.values().any(is_guid)
}

/// Adds the contacts that leads were converted to, the leads that they were, and records that were merged away.
fn add_relatives(connection: &Connection, ids: &mut BTreeSet<String>) -> Result<()> {
    const RELATIVES: &str = "
        SELECT \"ConvertedContactId\" FROM \"o_Lead\" WHERE \"Id\" = ?1 AND \"ConvertedContactId\" IS NOT NULL
        UNION SELECT \"Id\" FROM \"o_Lead\" WHERE \"ConvertedContactId\" = ?1 OR \"MasterRecordId\" = ?1
        UNION SELECT \"Id\" FROM \"o_Contact\" WHERE \"MasterRecordId\" = ?1";
    let mut statement = connection.prepare(RELATIVES)?;
    let mut open: Vec<String> = ids.iter().cloned().collect();
    while let Some(id) = open.pop() {
        let relatives = statement.query_map([id], |row| row.get(0))?;
        for relative in relatives.collect::<rusqlite::Result<Vec<String>>>()? {
            if ids.insert(relative.clone()) {
                open.push(relative);
            }
        }
    }
    Ok(())
}

fn redact_the_rest(connection: &Connection, who: &Erasing<'_>) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let tables: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for table in tables {
        if LOGS.contains(&table.as_str()) {
            remove_from_log(connection, &table, who)?;
        } else if has_row_numbers(connection, &table)? && !jobs::FILES.contains(&table.as_str()) {
            redact(connection, &table, who)?;
        }
    }
    connection.execute(
        "DELETE FROM cursor_pages WHERE cursor NOT IN (SELECT id FROM cursors)",
        [],
    )?;
    Ok(())
}

fn remove_from_log(connection: &Connection, table: &str, who: &Erasing<'_>) -> Result<()> {
    let columns = text_columns(connection, table)?;
    let sql = format!("DELETE FROM \"{table}\" WHERE rowid = ?1");
    for_each_row(connection, table, &columns, |row, values| {
        if values.values().any(|value| (who.names)(value)) {
            connection.prepare_cached(&sql)?.execute([row])?;
        }
        Ok(())
    })
}

fn redact(connection: &Connection, table: &str, who: &Erasing<'_>) -> Result<()> {
    let columns = text_columns(connection, table)?;
    for_each_row(connection, table, &columns, |row, values| {
        let keeps_own = PEOPLE.contains(&table) && is_of_another(values);
        for (column, value) in values {
            if keeps_own && OWN_FIELDS.contains(column) || !(who.names)(value) {
                continue;
            }
            let sql = format!("UPDATE \"{table}\" SET \"{column}\" = ?2 WHERE rowid = ?1");
            connection
                .prepare_cached(&sql)?
                .execute(params![row, (who.without)(value)])?;
        }
        Ok(())
    })
}

fn text_columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement =
        connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE type = 'TEXT'")?;
    let columns = statement.query_map([table], |row| row.get(0))?;
    Ok(columns.collect::<rusqlite::Result<_>>()?)
}

/// Tells whether rows of a table can be told by number; the one that can't holds numbers alone.
fn has_row_numbers(connection: &Connection, table: &str) -> Result<bool> {
    let sql = "SELECT wr = 0 FROM pragma_table_list(?1)";
    Ok(connection.query_row(sql, [table], |row| row.get(0))?)
}

/// Calls `f` with the number and the set texts of each row; `f` may change or delete that row.
fn for_each_row(
    connection: &Connection,
    table: &str,
    columns: &[String],
    mut f: impl FnMut(i64, &BTreeMap<&str, String>) -> Result<()>,
) -> Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    let quoted: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let sql = format!(
        "SELECT rowid, {} FROM \"{table}\" WHERE rowid > ?1 ORDER BY rowid LIMIT 1",
        quoted.join(", ")
    );
    let mut statement = connection.prepare(&sql)?;
    let mut after = i64::MIN;
    loop {
        let next = statement.query_row([after], |row| {
            let mut values = BTreeMap::new();
            for (at, column) in columns.iter().enumerate() {
                if let Some(text) = row.get::<_, Option<String>>(at + 1)? {
                    values.insert(column.as_str(), text);
                }
            }
            Ok((row.get(0)?, values))
        });
        let Some((row, values)) = next.optional()? else {
            return Ok(());
        };
        f(row, &values)?;
        after = row;
    }
}

#[cfg(test)]
mod tests;
