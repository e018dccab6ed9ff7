//! Values that are far longer than any of ours, in the tables that are read whole wherever something is shown.
//!
//! A host or a setting of a hundred megabytes would make every command slow. It's found by the length that stands before
//! a value, without reading it.

use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Row, ffi};

use crate::{Error, Result};

/// Bytes of the longest rules, settings or mapping.
const LONGEST: u32 = 8 << 20;
/// Bytes of the longest description that an org may give of an object.
const LONGEST_DESCRIPTION: u32 = 64 << 20;

const READ_WHOLE: &[(&str, u32)] = &[
    ("activity_types", LONGEST),
    ("alerts", LONGEST),
    ("connections", LONGEST),
    ("custom_fields", LONGEST),
    ("email_lists", LONGEST),
    ("imports", LONGEST),
    ("mappings", LONGEST),
    ("mirror_fields", LONGEST),
    ("mirror_objects", LONGEST),
    ("pull_objects", LONGEST),
    ("pulls", LONGEST),
    ("purposes", LONGEST),
    ("replication_settings", LONGEST),
    ("replications", LONGEST),
    ("runs", LONGEST),
    ("scores", LONGEST),
    ("searches", LONGEST),
    ("segments", LONGEST),
    ("settings", LONGEST),
    ("signing_keys", LONGEST),
    ("describes", LONGEST_DESCRIPTION),
    ("former_describes", LONGEST_DESCRIPTION),
];

/// Bytes of the longest value of a contact, an account or an activity: a long text of letters of four bytes.
const LONGEST_CELL: usize = 4 * crate::LONGEST_TEXT;

/// Refuses a value of a row that is longer than any that is ever written there, before it's copied.
///
/// # Errors
/// [`Error::Altered`] names the column.
pub(crate) fn check_cell(
    cell: ValueRef<'_>,
    table: &str,
    column: impl FnOnce() -> String,
) -> Result<()> {
    match cell {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) if bytes.len() > LONGEST_CELL => {
            Err(Error::Altered(format!(
                "has a value of {} MB in {table}.{}",
                bytes.len().div_ceil(1 << 20),
                column()
            )))
        }
        _ => Ok(()),
    }
}

/// Returns the value of a column, refused where [`check_cell`] refuses it.
///
/// # Errors
/// As if SQLite had refused the length.
pub(crate) fn get<T: FromSql>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    match row.get_ref(at)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) if bytes.len() > LONGEST_CELL => {
            let code = ffi::Error::new(ffi::SQLITE_TOOBIG);
            Err(rusqlite::Error::SqliteFailure(code, None))
        }
        _ => row.get(at),
    }
}

/// Refuses a file with such a value. Its schema has been checked.
///
/// # Errors
/// [`Error::Altered`] names the column.
pub(crate) fn check(connection: &Connection) -> Result<()> {
    for (table, longest) in READ_WHOLE {
        let column = match too_long(connection, table, *longest) {
            // A damaged file opens all the same, and says so.
            Err(Error::Damaged(_)) => None,
            found => found?,
        };
        if let Some(column) = column {
            return Err(Error::Altered(format!(
                "has a value of more than {} MB in {table}.{column}",
                longest >> 20
            )));
        }
    }
    Ok(())
}

/// Returns a column of a table that holds a longer value; none where the file is too old to have the table.
fn too_long(connection: &Connection, table: &str, longest: u32) -> Result<Option<String>> {
    let mut columns = connection
        .prepare("SELECT name FROM pragma_table_info(?1) WHERE type IN ('TEXT', 'BLOB', 'ANY')")?;
    let columns = columns.query_map([table], |row| row.get::<_, String>(0))?;
    let cases = columns
        .map(|name| {
            Ok(name.map(|name| format!("WHEN octet_length(\"{name}\") > ?1 THEN '{name}'"))?)
        })
        .collect::<Result<Vec<_>>>()?;
    if cases.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT * FROM (SELECT CASE {} END AS name FROM \"{table}\") WHERE name IS NOT NULL LIMIT 1",
        cases.join(" ")
    );
    let found = connection.query_row(&sql, [longest], |row| row.get(0));
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use crate::testing::{NOW, workspace};
    use crate::{Error, OpenOptions, Store};

    #[test]
    fn a_value_that_is_far_longer_than_ours_is_refused_by_name_and_a_long_one_is_not() {
        let workspace = workspace();
        workspace.sql("INSERT INTO settings (key, value) VALUES ('long', hex(zeroblob(2000000)))");
        let path = workspace.path();
        drop(workspace.store);
        Store::open(&path, OpenOptions::default(), NOW).unwrap();
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute_batch("UPDATE settings SET value = hex(zeroblob(5000000)) WHERE key = 'long'")
            .unwrap();
        drop(file);
        let opened = Store::open(&path, OpenOptions::default(), NOW);
        assert!(
            matches!(&opened, Err(Error::Altered(what)) if what.contains("settings.value")),
            "{opened:?}"
        );
    }

    #[test]
    fn a_contact_with_a_value_that_is_longer_than_any_of_ours_is_refused_by_its_column() {
        let workspace = workspace();
        let long = |bytes: usize| {
            workspace.sql(&format!(
                "UPDATE contacts SET company_name = substr(hex(zeroblob({bytes})), 1, {bytes})"
            ));
            workspace.store.read(|reader| {
                reader.contacts(&[crate::ContactId(1)], &[crate::ContactField::CompanyName])
            })
        };
        workspace.writing(|writer| {
            let name = crate::Value::Text("Okafor".to_owned());
            let values = [(crate::ContactField::LastName, name)];
            writer.insert_contact(&values.into_iter().collect(), None, NOW)
        });
        long(500_000).unwrap();
        let refused = long(2 << 20).unwrap_err();
        assert!(
            matches!(&refused, Error::Altered(what) if what.contains("2 MB in contacts.company_name")),
            "{refused:?}"
        );
    }

    #[test]
    fn a_table_that_cannot_be_read_keeps_no_workspace_closed() {
        let workspace = workspace();
        let path = workspace.path();
        drop(workspace.store);
        let file = rusqlite::Connection::open(&path).unwrap();
        let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'imports'";
        let page: usize = file.query_row(root, [], |row| row.get(0)).unwrap();
        file.pragma_update(None, "wal_checkpoint", "TRUNCATE")
            .unwrap();
        drop(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[(page - 1) * 4096..page * 4096].fill(0xAA);
        std::fs::write(&path, bytes).unwrap();
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        assert!(!store.check().unwrap().is_sound());
    }
}
