//! Whether the workspace file is sound, and what is in it.

use std::collections::BTreeMap;
use std::time::Instant;

use rusqlite::Connection;
use serde::Serialize;

use crate::damage::in_words;
use crate::{Error, Reader, Result, SCHEMA_VERSION, Store, backup};

pub(crate) const MOST_PROBLEMS: usize = 100;
/// Steps of the database between two looks whether to go on.
pub(crate) const STEPS_BETWEEN_LOOKS: i32 = 10_000;

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
    /// Checks every page, index and reference of the workspace, and makes the search index anew where it alone is damaged
    /// (see [`Store::take_mended`]). Takes seconds per million contacts.
    pub fn check(&self) -> Result<Health> {
        let mut health = self.examine()?;
        if !health.is_sound()
            && self.read(|reader| reader.may_need_index())?
            && self.mend_search_index()?
        {
            health = self.examine()?;
        }
        if health.is_sound() {
            self.forget_damage();
        }
        Ok(health)
    }

    /// Looks at every page until `goes_on` says no. Damage is remembered; a damaged search index is made anew. Returns
    /// whether everything was looked at. `now` is UTC milliseconds.
    ///
    /// # Errors
    /// When the workspace cannot be read for another reason than damage.
    pub fn look_for_damage(
        &self,
        goes_on: impl Fn() -> bool + Send + Sync + 'static,
        now: i64,
    ) -> Result<bool> {
        let (begun, patience) = (Instant::now(), backup::patience_with(self.path()));
        let ends = move || begun.elapsed() > patience || !goes_on();
        let looked = self.with_reader(|connection| {
            connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(ends))?;
            let report = report(connection, "quick_check", MOST_PROBLEMS);
            connection.progress_handler(0, None::<fn() -> bool>)?;
            Ok(in_words(connection, &report?))
        });
        let problems = match looked {
            Err(Error::Interrupted) => return Ok(false),
            looked => looked?,
        };
        if !problems.is_empty() && !self.mend_search_index()? {
            self.remember_damage(problems.join(", "), now);
        }
        Ok(true)
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
            let mut problems = reader.damaged_index()?;
            problems.extend(reader.lost_references()?);
            Ok((problems, reader.counts()?))
        })?;
        Ok(Health {
            problems,
            schema_version: SCHEMA_VERSION,
            file_bytes,
            counts,
        })
    }
}

/// Returns what SQLite finds wrong with a database, about as many lines as `most`; `check` is one of its two pragmas.
///
/// # Errors
/// When the database cannot be read for another reason than damage.
pub(crate) fn report(connection: &Connection, check: &str, most: usize) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    match add_problems(connection, check, most, &mut problems) {
        // Some damage ends the check itself.
        Err(Error::Damaged(problem)) => problems.push(problem),
        Err(Error::SearchIndex) => problems.push("contacts_search".to_owned()),
        ended => ended?,
    }
    Ok(problems)
}

fn add_problems(
    connection: &Connection,
    check: &str,
    most: usize,
    problems: &mut Vec<String>,
) -> Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA {check}({most})"))?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    for line in lines {
        let line = line?;
        if line != "ok" {
            problems.push(line);
        }
    }
    Ok(())
}

impl Reader<'_> {
    fn damaged_pages(&self) -> Result<Vec<String>> {
        let report = report(self.connection, "integrity_check", MOST_PROBLEMS)?;
        Ok(in_words(self.connection, &report))
    }

    /// Tells whether what is wrong can be wrong with the search index: references and other indexes are no part of it.
    fn may_need_index(&self) -> Result<bool> {
        let pages = report(self.connection, "quick_check", MOST_PROBLEMS)?;
        Ok(!pages.is_empty() || !self.damaged_index()?.is_empty())
    }

    fn lost_references(&self) -> Result<Vec<String>> {
        let sql =
            format!("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT {MOST_PROBLEMS}");
        let mut statement = self.connection.prepare(&sql)?;
        let lines = statement.query_map([], |row| {
            let (table, parent): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(format!("{parent} lost a row that is named in {table}"))
        })?;
        let mut report: Vec<String> = lines.collect::<rusqlite::Result<_>>()?;
        let batches = self.batches_that_lost_someone()?;
        report.extend(batches.iter().map(|_| "lost rows in batches".to_owned()));
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
