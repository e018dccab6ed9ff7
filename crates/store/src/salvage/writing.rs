//! The new workspace, while rows of a damaged one come into it.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, Statement, named_params, params_from_iter};

use super::reading::{Table, quoted};
use crate::schema::ListedTable;
use crate::{
    ContactField, CustomFieldId, FieldKind, Guid, Reader, Result, SCHEMA_VERSION, custom_fields,
    migrate, settings, store,
};

/// Rows that point to rows that are lost can make others point to nothing; so many times at most.
const MOST_ROUNDS: usize = 16;

/// A file with the tables of a version, without rows at first. Nothing checks what they point to until [`NewFile::finish`].
#[derive(Debug)]
pub(super) struct NewFile {
    connection: Connection,
}

impl NewFile {
    pub(super) fn make(path: &Path, version: u32) -> Result<Self> {
        let mut connection = store::connect(path, false)?;
        connection.pragma_update(None, "application_id", migrate::APPLICATION_ID)?;
        migrate::make(&mut connection, version)?;
        connection.pragma_update(None, "foreign_keys", false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        // What a new workspace begins with, the damaged one had, too.
        connection.execute_batch("DELETE FROM settings; DELETE FROM sequence; BEGIN IMMEDIATE")?;
        Ok(Self { connection })
    }

    /// Adds the columns of the custom fields that came over.
    pub(super) fn add_custom_columns(&self) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT id, kind FROM custom_fields")?;
        let fields = statement.query_map([], |row| {
            Ok((CustomFieldId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let fields: Vec<(CustomFieldId, String)> = fields.collect::<rusqlite::Result<_>>()?;
        for (id, kind) in fields {
            let Some(kind) = FieldKind::from_name(&kind, 0) else {
                continue;
            };
            let (column, kind) = (
                ContactField::Custom(id).column(),
                custom_fields::column_type(kind),
            );
            self.connection
                .execute_batch(&format!("ALTER TABLE contacts ADD COLUMN {column} {kind}"))?;
        }
        // Their indexes come last.
        self.connection
            .execute_batch("UPDATE custom_fields SET indexed = 0")?;
        Ok(())
    }

    /// Takes rows of a table, in the columns that both files have.
    pub(super) fn rows_of(&self, table: &Table<'_>) -> Result<Rows<'_>> {
        let mut statement = self
            .connection
            .prepare("SELECT name FROM pragma_table_info(?1)")?;
        let ours = statement.query_map([table.name], |row| row.get(0))?;
        let ours: Vec<String> = ours.collect::<rusqlite::Result<_>>()?;
        let taken: Vec<bool> = table
            .columns
            .iter()
            .map(|name| ours.contains(name))
            .collect();
        let names = table.columns.iter().filter(|name| ours.contains(name));
        let names: Vec<String> = names.map(|name| quoted(name)).collect();
        let marks: Vec<&str> = names.iter().map(|_| "?").collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quoted(table.name),
            names.join(", "),
            marks.join(", ")
        );
        Ok(Rows {
            statement: self.connection.prepare(&sql)?,
            taken,
        })
    }

    /// Remembers the highest ids that were ever given, so that none is given twice.
    pub(super) fn take_ids_ever_given(&self, source: &Connection) -> Result<()> {
        let Ok(mut statement) = source.prepare("SELECT name, seq FROM sqlite_sequence") else {
            return Ok(());
        };
        let Ok(mut rows) = statement.query([]) else {
            return Ok(());
        };
        // As far as they can be read: the rows that came over tell the rest.
        while let Ok(Some(row)) = rows.next() {
            let (Ok(name), Ok(seq)) = (row.get::<_, String>(0), row.get::<_, i64>(1)) else {
                continue;
            };
            let bound = named_params! { ":name": name, ":seq": seq };
            let known = self.connection.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name",
                bound,
            )?;
            let is_ours =
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
            if known == 0
                && self
                    .connection
                    .query_row(is_ours, [&name], |row| row.get(0))?
            {
                self.connection.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)",
                    bound,
                )?;
            }
        }
        Ok(())
    }

    /// Drops the rows that belong to rows that are lost, and returns how many by table. What only mentions a lost row forgets
    /// it. A request that is lost takes its place in the queue along: its contacts are looked for in the org again.
    pub(super) fn drop_orphans(
        &self,
        tables: &[ListedTable],
    ) -> Result<BTreeMap<&'static str, u64>> {
        let mut dropped = BTreeMap::new();
        self.drop_unreadable_batches(&mut dropped)?;
        for _ in 0..MOST_ROUNDS {
            let before = dropped.values().sum::<u64>();
            for table in tables {
                let rows = self.drop_orphans_of(table.name)?;
                if rows > 0 {
                    *dropped.entry(table.name).or_default() += rows;
                }
            }
            if dropped.values().sum::<u64>() == before {
                break;
            }
        }
        Ok(dropped)
    }

    fn drop_orphans_of(&self, table: &str) -> Result<u64> {
        let mut statement = self.connection.prepare(
            "SELECT f.\"from\", f.\"table\", coalesce(f.\"to\", 'id'), c.\"notnull\" = 0 AND c.pk = 0
             FROM pragma_foreign_key_list(?1) AS f JOIN pragma_table_info(?1) AS c ON c.name = f.\"from\"",
        )?;
        let keys = statement.query_map([table], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, bool>(3)?,
            ))
        })?;
        let keys: Vec<(String, String, String, bool)> = keys.collect::<rusqlite::Result<_>>()?;
        let mut dropped = 0;
        for (column, parent, to, may_be_empty) in keys {
            let (table, column) = (quoted(table), quoted(&column));
            let orphans = format!(
                "{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE parent.{} = {table}.{column})",
                quoted(&parent),
                quoted(&to)
            );
            let forget = format!("UPDATE {table} SET {column} = NULL WHERE {orphans}");
            if may_be_empty && self.connection.execute(&forget, []).is_ok() {
                continue;
            }
            let drop = format!("DELETE FROM {table} WHERE {orphans}");
            dropped += self.connection.execute(&drop, [])? as u64;
        }
        Ok(dropped)
    }

    /// Drops the requests without an answer of which nobody can say any more whom they were for, or that were for somebody who
    /// is lost. The others in them are looked for in the org again.
    fn drop_unreadable_batches(&self, dropped: &mut BTreeMap<&'static str, u64>) -> Result<()> {
        let version: u32 = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version < SCHEMA_VERSION {
            // An older file may keep them in a table of their own.
            return Ok(());
        }
        for batch in Reader::of(&self.connection).batches_that_lost_someone()? {
            self.connection
                .execute("DELETE FROM batches WHERE id = ?1", [batch])?;
            *dropped.entry("batches").or_default() += 1;
        }
        Ok(())
    }

    /// Makes a workspace of its own of it, and returns what the consent ledger can't prove any more.
    pub(super) fn finish(mut self, indexes: &[String]) -> Result<Option<String>> {
        self.connection.execute_batch(
            "INSERT INTO sequence (value) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM sequence);
             UPDATE sequence SET value = 1 + max(value, coalesce((SELECT max(seq) FROM contacts), 0),
               coalesce((SELECT max(seq) FROM queue), 0));
             UPDATE replications SET enabled = 0;
             COMMIT",
        )?;
        self.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        migrate::make(&mut self.connection, SCHEMA_VERSION)?;
        let id = Guid::random()?.to_string();
        let fault = store::write_on(&mut self.connection, |writer| {
            for index in indexes {
                let sql = format!("CREATE INDEX IF NOT EXISTS {index}");
                match writer.connection.execute_batch(&sql) {
                    // Of a field that is lost: there is no such column any more.
                    Err(rusqlite::Error::SqlInputError { .. }) => {}
                    made => made?,
                }
            }
            writer.rebuild_search()?;
            writer.set_setting(settings::WORKSPACE_ID, &id)?;
            let fault = writer.check_chain()?.in_words();
            if let Some(fault) = &fault {
                writer.set_setting(settings::SALVAGED_LEDGER, fault)?;
            }
            Ok::<_, crate::Error>(fault)
        })?;
        // It takes the log away, so that the file is all there is.
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(fault)
    }
}

/// Rows on their way into a table.
pub(super) struct Rows<'c> {
    statement: Statement<'c>,
    taken: Vec<bool>,
}

impl Rows<'_> {
    /// Adds a row; false where it can't be one of ours, since a damaged value breaks a rule of the table.
    pub(super) fn insert(&mut self, row: Vec<Value>) -> Result<bool> {
        let values = row.into_iter().zip(&self.taken);
        let values = values.filter_map(|(value, is_taken)| is_taken.then_some(value));
        match self.statement.execute(params_from_iter(values)) {
            Ok(_) => Ok(true),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => Ok(false),
                // A function that a rule of the table calls refuses the value.
                Some(ErrorCode::Unknown) => Ok(false),
                _ => Err(error.into()),
            },
        }
    }
}
