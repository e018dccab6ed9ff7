//! Whether the workspace file is sound, and what is in it.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use crate::damage::in_words;
use crate::{Error, Reader, Result, SCHEMA_VERSION, Store};

const MOST_PROBLEMS: usize = 100;

/// What a check of the workspace found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The damaged parts of the file in plain words, each once with how many places; empty when it is sound.
    pub problems: Vec<String>,
    /// Version of the file.
    pub schema_version: u32,
    /// Size of the file, in bytes.
    pub file_bytes: u64,
    /// Rows by what they are; empty where the pages of the file are damaged.
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

    /// Names all damaged parts; `None` when nothing is wrong.
    pub fn in_words(&self) -> Option<String> {
        (!self.is_sound()).then(|| self.problems.join(", "))
    }
}

impl Store {
    /// Checks every page, index and reference of the workspace. Takes seconds per million contacts.
    ///
    /// # Errors
    /// When the workspace cannot be read at all.
    pub fn check(&self) -> Result<Health> {
        let health = self.examine()?;
        if health.is_sound() && !self.is_read_only() {
            self.forget_damage();
        }
        Ok(health)
    }

    fn examine(&self) -> Result<Health> {
        let file_bytes = std::fs::metadata(self.path())
            .map_err(|source| Error::File {
                path: self.path().to_owned(),
                source,
            })?
            .len();
        let (problems, counts) = self.read(|reader| {
            let problems = reader.damaged_pages()?;
            if !problems.is_empty() {
                // Nothing else can be asked of pages that contradict each other.
                return Ok::<_, Error>((problems, BTreeMap::new()));
            }
            Ok((reader.lost_references()?, reader.counts()?))
        })?;
        Ok(Health {
            problems,
            schema_version: SCHEMA_VERSION,
            file_bytes,
            counts,
        })
    }
}

/// Returns what SQLite finds wrong with a database, at most 100 lines; `check` is one of its two pragmas.
///
/// # Errors
/// When the database cannot be read for another reason than damage.
pub(crate) fn report(connection: &Connection, check: &str) -> Result<Vec<String>> {
    let sql = format!("PRAGMA {check}({MOST_PROBLEMS})");
    let mut statement = connection.prepare(&sql)?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut problems = Vec::new();
    for line in lines {
        match line.map_err(Error::from) {
            Ok(line) if line == "ok" => {}
            Ok(line) => problems.push(line),
            // Some damage ends the check itself.
            Err(Error::Damaged(problem)) => {
                problems.push(problem);
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(problems)
}

impl Reader<'_> {
    fn damaged_pages(&self) -> Result<Vec<String>> {
        let report = report(self.connection, "integrity_check")?;
        Ok(in_words(self.connection, &report))
    }

    fn lost_references(&self) -> Result<Vec<String>> {
        let sql =
            format!("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT {MOST_PROBLEMS}");
        let mut statement = self.connection.prepare(&sql)?;
        let lines = statement.query_map([], |row| {
            let (table, parent): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(format!("{parent} lost a row that is named in {table}"))
        })?;
        let report: Vec<String> = lines.collect::<rusqlite::Result<_>>()?;
        Ok(in_words(self.connection, &report))
    }

    fn counts(&self) -> Result<BTreeMap<&'static str, u64>> {
        let mut counts = BTreeMap::new();
        for (name, sql) in COUNTS {
            let count = self.connection.query_row(sql, [], |row| row.get(0))?;
            counts.insert(*name, count);
        }
        Ok(counts)
    }
}
