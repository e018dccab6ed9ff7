//! Checks that a file holds what our migrations make, and nothing else.
//!
//! A trigger, a view or a generated column is a program that runs whenever the file is used. A workspace may come from
//! a stranger, so before anything else is read, its schema is compared with the one that the migrations up to its
//! version make in memory. Made at run time are only custom fields with their indexes, see [`crate::custom_fields`], and the
//! tables of the mirror, which follow from its catalogue, see [`crate::Mirror`].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rusqlite::Connection;

use crate::mirror::tables::expected_parts;
use crate::{Error, Result, custom_fields, fold, migrate};

/// Most characters of a name from the file that are shown.
const LONGEST_NAME: usize = 80;

/// A table, index, trigger or view, by its kind and name: the table that it belongs to, and the normalized SQL.
type Parts = BTreeMap<(String, String), (String, String)>;

/// Far more than the largest workspace has: 500 custom fields, each with two indexes, and 500 mirrored objects.
const MOST_PARTS: usize = 5_000;

/// What `ANALYZE` in another program leaves behind: figures that the query planner reads, and no code.
const STATISTICS: &[(&str, &str)] = &[
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    (
        "sqlite_stat4",
        "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
    ),
];

/// Refuses a file whose schema is not the one of its version.
///
/// # Errors
/// [`Error::Altered`] names the first part that was added, changed or removed.
pub(crate) fn check(connection: &Connection, version: u32) -> Result<()> {
    let found = parts(connection)?;
    let expected = expected(version)?;
    let mirrors = mirrors(connection, expected, &found)?;
    match difference(expected, &mirrors, &found) {
        None => Ok(()),
        Some(what) => Err(Error::Altered(what)),
    }
}

/// Returns the tables and indexes that the catalogue of the mirror calls for; none where the catalogue isn't ours.
fn mirrors(connection: &Connection, expected: &Parts, found: &Parts) -> Result<Parts> {
    let is_ours = |table: &str| {
        let key = ("table".to_owned(), table.to_owned());
        expected.contains_key(&key) && expected.get(&key) == found.get(&key)
    };
    if !is_ours("mirror_objects") || !is_ours("mirror_fields") {
        return Ok(Parts::new());
    }
    let indexes = found.keys().filter(|(kind, _)| kind == "index");
    let indexes = indexes.map(|(_, name)| name.as_str());
    let parts = expected_parts(connection, indexes)?.into_iter();
    let parts = parts.map(|((kind, name), sql)| {
        let table = match (kind, name.match_indices('_').nth(1)) {
            ("index", Some((end, _))) => name[..end].to_owned(),
            _ => name.clone(),
        };
        ((kind.to_owned(), name), (table, normalized(&sql, false)))
    });
    Ok(parts.collect())
}

/// What a damaged file still has of the tables and indexes that are ours.
pub(crate) struct Salvageable {
    /// Every table of the version that holds rows of its own.
    pub(crate) tables: Vec<ListedTable>,
    /// What stands behind `CREATE INDEX` for the indexes that were made at run time.
    pub(crate) indexes: Vec<String>,
}

/// A table of ours.
pub(crate) struct ListedTable {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
    /// Whether the damaged file still has it, as we made it.
    pub(crate) is_there: bool,
}

/// Returns what can be read of a damaged file: the search index, which is made anew, and the mirror, which the next pull makes
/// again, are left out. Custom fields come before the contacts that have columns for them.
///
/// # Errors
/// [`Error::Altered`] when the version is unknown.
pub(crate) fn salvageable(connection: &Connection, version: u32) -> Result<Salvageable> {
    let mut found = Parts::new();
    // As far as it can be read.
    let _ = gather(connection, &mut found, Odd::Skipped);
    let expected = expected(version)?;
    let is_index = |name: &str| name.starts_with("contacts_search") || name.starts_with("sqlite_");
    let tables = expected
        .iter()
        .filter(|((kind, name), _)| kind == "table" && !is_index(name));
    let mut tables: Vec<ListedTable> = tables
        .map(|(key, part)| ListedTable {
            name: key.1.as_str(),
            sql: part.1.as_str(),
            is_there: found.get(key) == Some(part),
        })
        .collect();
    tables.sort_by_key(|table| table.name != "custom_fields");
    let indexes = found.iter().filter_map(|((kind, name), part)| {
        let ours = || custom_fields::indexes_named(name).into_iter();
        let is_this =
            |index: &String| part.1 == normalized(&format!("CREATE INDEX {index}"), false);
        (kind == "index" && part.0 == "contacts").then(|| ours().find(is_this))?
    });
    Ok(Salvageable {
        tables,
        indexes: indexes.collect(),
    })
}

/// Returns the first difference, in words that complete "the workspace …". A table of the mirror may lack: the next pull
/// makes it again.
fn difference(expected: &Parts, mirrors: &Parts, found: &Parts) -> Option<String> {
    for ((kind, name), part) in found {
        let key = (kind.clone(), name.clone());
        match expected.get(&key).or_else(|| mirrors.get(&key)) {
            Some(ours) if ours == part => {}
            Some(_) => {
                return Some(format!("contains a changed {kind} \"{}\"", shortened(name)));
            }
            None if is_made_at_run_time(kind, name, part) => {}
            None => {
                return Some(format!(
                    "contains {} \"{}\" that Leadferry didn't create",
                    with_article(kind),
                    shortened(name)
                ));
            }
        }
    }
    let lost = expected.keys().find(|part| !found.contains_key(*part));
    lost.map(|(kind, name)| format!("lacks the {kind} \"{name}\""))
}

/// Returns a kind of part, such as *an index*.
fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

fn is_made_at_run_time(kind: &str, name: &str, (table, sql): &(String, String)) -> bool {
    match kind {
        "index" => {
            table == "contacts"
                && custom_fields::indexes_named(name)
                    .iter()
                    .any(|ours| *sql == normalized(&format!("CREATE INDEX {ours}"), false))
        }
        "table" => STATISTICS
            .iter()
            .any(|(table, ours)| name == *table && *sql == normalized(ours, false)),
        _ => false,
    }
}

/// Returns the SQL that makes a table of a version.
pub(crate) fn sql_of_table(version: u32, name: &str) -> Result<&'static str> {
    let part = expected(version)?.get(&("table".to_owned(), name.to_owned()));
    part.map(|(_, sql)| sql.as_str())
        .ok_or_else(|| Error::not_found("table", name))
}

/// The parts of this version's schema, a line each: kind, name, table and normalized SQL, with tabs between. Every program begins
/// with a look at the schema, and to make it from the migrations takes longer than all else that it does then.
const CURRENT: &str = include_str!("schema/current.tsv");

/// Returns the schema of a version, made once per process: of this version as it's kept, of others from the migrations.
fn expected(version: u32) -> Result<&'static Parts> {
    static EXPECTED: [OnceLock<Parts>; migrate::SCHEMA_VERSION as usize + 1] =
        [const { OnceLock::new() }; migrate::SCHEMA_VERSION as usize + 1];
    let slot = EXPECTED
        .get(version as usize)
        .ok_or_else(|| Error::Altered(format!("has the unknown version {version}")))?;
    if let Some(parts) = slot.get() {
        return Ok(parts);
    }
    let made = match version {
        migrate::SCHEMA_VERSION => kept(),
        version => migrated(version)?,
    };
    Ok(slot.get_or_init(|| made))
}

fn kept() -> Parts {
    let lines = CURRENT.lines().map(|line| line.splitn(4, '\t'));
    let parts = lines.filter_map(|mut line| {
        let mut next = || line.next().map(str::to_owned);
        Some(((next()?, next()?), (next()?, next()?)))
    });
    parts.collect()
}

fn migrated(version: u32) -> Result<Parts> {
    let mut connection = Connection::open_in_memory()?;
    fold::register(&connection)?;
    migrate::make(&mut connection, version)?;
    parts(&connection)
}

fn parts(connection: &Connection) -> Result<Parts> {
    let mut parts = Parts::new();
    gather(connection, &mut parts, Odd::Refused)?;
    Ok(parts)
}

/// What becomes of an entry that isn't one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Odd {
    Refused,
    Skipped,
}

fn gather(connection: &Connection, parts: &mut Parts, odd: Odd) -> Result<()> {
    let mut statement = connection
        .prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema LIMIT ?1")?;
    let rows = statement.query_map([MOST_PARTS + 1], |row| {
        let (kind, name, table, sql): (String, String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let sql = normalized(&sql, table == "contacts" && kind == "table");
        Ok(((kind, name), (table, sql)))
    })?;
    for row in rows {
        let (key, part) = match row {
            Err(
                rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::FromSqlConversionFailure(..),
            ) if odd == Odd::Skipped => continue,
            row => row?,
        };
        if parts.len() >= MOST_PARTS {
            return Err(Error::Altered(format!(
                "contains more than {MOST_PARTS} tables and indexes"
            )));
        }
        if parts.insert(key.clone(), part).is_some() {
            let (kind, name) = key;
            return Err(Error::Altered(format!(
                "contains the {kind} \"{}\" twice",
                name.escape_debug()
            )));
        }
    }
    Ok(())
}

/// Returns SQL as its words with one blank between them, without comments; of the contacts table without custom columns.
///
/// SQLite keeps the text as it was written, comments included, and writes an added column into the middle of it.
fn normalized(sql: &str, of_contacts: bool) -> String {
    let mut words = words(sql);
    if of_contacts {
        words = without_custom_columns(&words);
    }
    words.join(" ")
}

fn words(sql: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (length, is_word) = match first {
            _ if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), false),
            _ if rest.starts_with("/*") => {
                (rest.find("*/").map_or(rest.len(), |end| end + 2), false)
            }
            _ if first.is_ascii_whitespace() => (1, false),
            '\'' | '"' | '`' => (quoted_length(rest, first), true),
            '[' => (rest.find(']').map_or(rest.len(), |end| end + 1), true),
            _ if is_of_a_name(first) => (
                rest.find(|letter| !is_of_a_name(letter))
                    .unwrap_or(rest.len()),
                true,
            ),
            _ => (first.len_utf8(), true),
        };
        let (word, after) = rest.split_at(length);
        if is_word {
            words.push(word);
        }
        rest = after;
    }
    words
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '$') || !letter.is_ascii()
}

/// Returns how many bytes a quoted text takes with its quotes; a doubled quote is one within.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// Leaves out `, c_<number> <type>`, wherever an added column stands.
fn without_custom_columns<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut left = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, others)) = rest.split_first() {
        rest = match rest {
            [",", column, "TEXT" | "REAL" | "INTEGER", after @ ..]
                if custom_fields::is_custom_column(column) && matches!(after, ["," | ")", ..]) =>
            {
                after
            }
            _ => {
                left.push(*first);
                others
            }
        };
    }
    left
}

/// Returns a name from the file as it can be shown.
fn shortened(name: &str) -> String {
    let mut letters = name.chars();
    let mut text: String = letters.by_ref().take(LONGEST_NAME).collect();
    text = text.escape_debug().to_string();
    if letters.next().is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests;
