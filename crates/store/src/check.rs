//! Whether the workspace file is sound, and what is in it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Error, Result, SCHEMA_VERSION, Store};

const MOST_PROBLEMS: usize = 100;

/// What a check of the workspace found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// What is wrong with the file, at most 100 lines; empty when it is sound.
    pub problems: Vec<String>,
    /// Version of the file.
    pub schema_version: u32,
    /// Size of the file, in bytes.
    pub file_bytes: u64,
    /// Rows by what they are.
    pub counts: BTreeMap<&'static str, u64>,
}

const COUNTS: &[(&str, &str)] = &[
    (
        "contacts",
        "SELECT count(*) FROM contacts WHERE deleted_at IS NULL",
    ),
    (
        "deleted_contacts",
        "SELECT count(*) FROM contacts WHERE deleted_at IS NOT NULL",
    ),
    ("accounts", "SELECT count(*) FROM accounts"),
    ("custom_fields", "SELECT count(*) FROM custom_fields"),
    ("scores", "SELECT count(*) FROM scores"),
    ("connections", "SELECT count(*) FROM connections"),
    ("replications", "SELECT count(*) FROM replications"),
    ("links", "SELECT count(*) FROM links"),
    (
        "queue",
        "SELECT count(*) FROM queue WHERE state IN ('pending', 'sending')",
    ),
    (
        "open_batches",
        "SELECT count(*) FROM batches WHERE state IN ('prepared', 'unknown')",
    ),
    ("runs", "SELECT count(*) FROM runs"),
    ("imports", "SELECT count(*) FROM imports"),
];

impl Health {
    /// Tells whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Store {
    /// Checks every page, index and reference of the workspace. Takes seconds per million contacts.
    ///
    /// # Errors
    /// When the workspace cannot be read at all.
    pub fn check(&self) -> Result<Health> {
        let file_bytes = std::fs::metadata(self.path())
            .map_err(|source| Error::File {
                path: self.path().to_owned(),
                source,
            })?
            .len();
        self.read(|reader| {
            let mut problems = Vec::new();
            let mut statement = reader
                .connection
                .prepare(&format!("PRAGMA integrity_check({MOST_PROBLEMS})"))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let line: String = row.get(0)?;
                if line != "ok" {
                    problems.push(line);
                }
            }
            let mut statement = reader.connection.prepare(
                "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 100",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (table, id, parent): (String, Option<i64>, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let id = id.map(|id| format!(" row {id}")).unwrap_or_default();
                problems.push(format!(
                    "{table}{id} refers to a row of {parent} that is missing"
                ));
            }
            problems.truncate(MOST_PROBLEMS);
            let mut counts = BTreeMap::new();
            for (name, sql) in COUNTS {
                counts.insert(
                    *name,
                    reader.connection.query_row(sql, [], |row| row.get(0))?,
                );
            }
            Ok(Health {
                problems,
                schema_version: SCHEMA_VERSION,
                file_bytes,
                counts,
            })
        })
    }
}
