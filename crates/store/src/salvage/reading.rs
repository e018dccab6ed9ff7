//! Reads the rows of a table of a damaged file, in the order of their keys, and goes on behind what can't be read.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, Row, params_from_iter};

use crate::Result;

/// How far apart the places are at most that are tried behind a damaged one, until very many were damaged as well: rows
/// between two of them are lost.
const WIDEST_STEP: i64 = 16;
/// So many damaged places of one step make it wider.
const PATIENCE: u32 = 256;
/// No table has more places to be tried than this.
const MOST_TRIES: u32 = 2_000_000;

/// A table of a damaged file.
pub(super) struct Table<'c> {
    connection: &'c Connection,
    pub(super) name: &'static str,
    pub(super) columns: Vec<String>,
    key: Vec<String>,
}

/// What a table was like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Nothing in it was damaged.
    pub(super) is_whole: bool,
}

/// How reading came to an end.
enum End {
    OfTable,
    /// Behind this key something is damaged; `None` where not even the first row can be read.
    Damaged(Option<Vec<Value>>),
}

/// Where reading begins.
enum From {
    Beginning,
    /// At the first key with this beginning, or behind it.
    At(Vec<Value>),
}

/// What stands at a place.
#[derive(PartialEq, Eq)]
enum Place {
    Row,
    Nothing,
    Damage,
}

impl<'c> Table<'c> {
    pub(super) fn of(connection: &'c Connection, name: &'static str, sql: &str) -> Result<Self> {
        let mut statement = connection.prepare("SELECT name, pk FROM pragma_table_info(?1)")?;
        let columns = statement.query_map([name], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?;
        let columns: Vec<(String, i64)> = columns.collect::<rusqlite::Result<_>>()?;
        let mut key: Vec<&(String, i64)> = columns.iter().filter(|(_, at)| *at > 0).collect();
        key.sort_by_key(|(_, at)| *at);
        let key = match sql.contains("WITHOUT ROWID") {
            true => key.into_iter().map(|(name, _)| quoted(name)).collect(),
            false => vec!["rowid".to_owned()],
        };
        Ok(Self {
            connection,
            name,
            columns: columns.into_iter().map(|(name, _)| name).collect(),
            key,
        })
    }

    /// Gives every row that can be read to `take`.
    pub(super) fn read(&self, take: &mut dyn FnMut(Vec<Value>) -> Result<()>) -> Result<Found> {
        let (mut from, mut is_whole, mut tries) = (From::Beginning, true, MOST_TRIES);
        loop {
            let End::Damaged(last) = self.read_on(&from, take)? else {
                return Ok(Found { is_whole });
            };
            is_whole = false;
            let last = last.or(match from {
                From::Beginning => None,
                From::At(key) => Some(key),
            });
            match self.next_readable(last.as_deref(), &mut tries)? {
                Some(next) => from = From::At(next),
                None => {
                    // Where keys are texts, nothing tells which one comes next: the rest is read from its end.
                    self.read_back_to(last.as_deref(), take)?;
                    return Ok(Found { is_whole });
                }
            }
        }
    }

    /// Returns how many rows there were, where the table itself or an index can still tell.
    pub(super) fn count(&self) -> Option<u64> {
        let count = |sql: &str| self.connection.query_row(sql, [], |row| row.get(0)).ok();
        let table = quoted(self.name);
        let by_index = || {
            let mut statement = self
                .connection
                .prepare("SELECT name FROM pragma_index_list(?1) WHERE partial = 0")
                .ok()?;
            let names = statement
                .query_map([self.name], |row| row.get::<_, String>(0))
                .ok()?;
            names.filter_map(|name| name.ok()).find_map(|name| {
                count(&format!(
                    "SELECT count(*) FROM {table} INDEXED BY {}",
                    quoted(&name)
                ))
            })
        };
        count(&format!("SELECT count(*) FROM {table}")).or_else(by_index)
    }

    fn read_on(&self, from: &From, take: &mut dyn FnMut(Vec<Value>) -> Result<()>) -> Result<End> {
        let (condition, bound) = match from {
            From::Beginning => (String::new(), &[][..]),
            From::At(key) => (self.compared(key.len(), ">="), &key[..]),
        };
        let order = self.key.join(", ");
        let sql = format!("{} {condition} ORDER BY {order}", self.select());
        self.rows(&sql, bound, take)
    }

    /// Reads the rows behind a key from the last one on, until something is damaged.
    fn read_back_to(
        &self,
        last: Option<&[Value]>,
        take: &mut dyn FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<()> {
        if self.key.len() == 1 && self.key[0] == "rowid" {
            return Ok(());
        }
        let bound = last.unwrap_or_default();
        let condition = match last {
            Some(key) => self.compared(key.len(), ">"),
            None => String::new(),
        };
        let order: Vec<String> = self.key.iter().map(|part| format!("{part} DESC")).collect();
        let sql = format!(
            "{} {condition} ORDER BY {}",
            self.select(),
            order.join(", ")
        );
        self.rows(&sql, bound, take).map(|_| ())
    }

    fn rows(
        &self,
        sql: &str,
        bound: &[Value],
        take: &mut dyn FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<End> {
        let mut last = None;
        let mut statement = match self.connection.prepare(sql) {
            Ok(statement) => statement,
            Err(error) => return damaged(error, last),
        };
        let mut rows = match statement.query(params_from_iter(bound)) {
            Ok(rows) => rows,
            Err(error) => return damaged(error, last),
        };
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(End::OfTable),
                Err(error) => return damaged(error, last),
            };
            let Some(mut values) = values(row) else {
                // A text that is none: the row is lost, and the one behind it is not.
                last = key_of(row, self.key.len()).or(last);
                continue;
            };
            let cells = values.split_off(self.key.len());
            take(cells)?;
            last = Some(values);
        }
    }

    /// Returns the beginning of a key behind `last` from which rows can be read again; `None` where there are none.
    fn next_readable(&self, last: Option<&[Value]>, tries: &mut u32) -> Result<Option<Vec<Value>>> {
        let before_all = [Value::Integer(-1)];
        let last = last.unwrap_or(&before_all);
        for at in (0..last.len()).rev() {
            let Value::Integer(from) = last[at] else {
                continue;
            };
            let place = |number: i64| {
                let mut key = last[..at].to_vec();
                key.push(Value::Integer(number));
                key
            };
            if let Some(number) = self.search(&place, from, tries)? {
                return Ok(Some(place(number)));
            }
        }
        Ok(None)
    }

    /// Tries places behind `from`, ever farther away, and comes back to the first one that can be read.
    fn search(
        &self,
        place: &dyn Fn(i64) -> Vec<Value>,
        from: i64,
        tries: &mut u32,
    ) -> Result<Option<i64>> {
        let (mut damaged, mut step, mut widest, mut failures) = (from, 1_i64, WIDEST_STEP, 0);
        let mut found = loop {
            let Some(next) = damaged.checked_add(step).filter(|_| *tries > 0) else {
                return Ok(None);
            };
            *tries -= 1;
            match self.look(place(next))? {
                Place::Damage => damaged = next,
                Place::Row | Place::Nothing => break next,
            }
            failures += 1;
            if failures % PATIENCE == 0 {
                widest = widest.saturating_mul(2);
            }
            step = step.saturating_mul(2).min(widest);
        };
        while found - damaged > 1 {
            let middle = damaged + (found - damaged) / 2;
            match self.look(place(middle))? {
                Place::Damage => damaged = middle,
                Place::Row | Place::Nothing => found = middle,
            }
        }
        Ok((self.look(place(found))? == Place::Row).then_some(found))
    }

    /// Looks at the first row at a place or behind it.
    fn look(&self, key: Vec<Value>) -> Result<Place> {
        let order = self.key.join(", ");
        let condition = self.compared(key.len(), ">=");
        let sql = format!("{} {condition} ORDER BY {order} LIMIT 1", self.select());
        let looked = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                let mut rows = statement.query(params_from_iter(&key))?;
                Ok(match rows.next()? {
                    Some(_) => Place::Row,
                    None => Place::Nothing,
                })
            });
        match looked {
            Ok(place) => Ok(place),
            Err(error) if is_damage(&error) => Ok(Place::Damage),
            Err(error) => Err(error.into()),
        }
    }

    fn select(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|name| quoted(name)).collect();
        // Indexes may be damaged on their own.
        format!(
            "SELECT {}, {} FROM {} NOT INDEXED",
            self.key.join(", "),
            columns.join(", "),
            quoted(self.name)
        )
    }

    fn compared(&self, parts: usize, sign: &str) -> String {
        let marks: Vec<&str> = (0..parts).map(|_| "?").collect();
        match parts {
            1 => format!("WHERE {} {sign} ?", self.key[0]),
            _ => format!(
                "WHERE ({}) {sign} ({})",
                self.key[..parts].join(", "),
                marks.join(", ")
            ),
        }
    }
}

fn damaged(error: rusqlite::Error, last: Option<Vec<Value>>) -> Result<End> {
    match is_damage(&error) {
        true => Ok(End::Damaged(last)),
        false => Err(error.into()),
    }
}

/// A page that holds something else, is missing, or that the disk doesn't give.
fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::SystemIoFailure
                | ErrorCode::TooBig
        )
    )
}

/// Returns the values of a row; `None` where one of them can't be what it says.
fn values(row: &Row<'_>) -> Option<Vec<Value>> {
    let width = row.as_ref().column_count();
    let value = |at| match row.get_ref(at).ok()? {
        ValueRef::Null => Some(Value::Null),
        ValueRef::Integer(number) => Some(Value::Integer(number)),
        ValueRef::Real(number) => Some(Value::Real(number)),
        // None of our texts has a zero in it: that is what stands where the rest of a page is lost.
        ValueRef::Text(text) if text.contains(&0) => None,
        ValueRef::Text(text) => Some(Value::Text(std::str::from_utf8(text).ok()?.to_owned())),
        ValueRef::Blob(bytes) => Some(Value::Blob(bytes.to_vec())),
    };
    (0..width).map(value).collect()
}

fn key_of(row: &Row<'_>, parts: usize) -> Option<Vec<Value>> {
    (0..parts).map(|at| row.get(at).ok()).collect()
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl std::fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
