//! The records that a search finds, filtered, ordered and limited as a query's.

use std::sync::Arc;

use rusqlite::types::Value;

use super::Fault;
use super::ast::{Path, Query};
use super::condition::Sql;
use super::run::read;
use super::scope::Scope;
use super::selection::Selection;
use super::translate;
use crate::http::Refused;
use crate::json::Json;
use crate::org::schema::{Object, Schema};
use crate::org::{Org, numbers};

/// A query for what a search finds in one object.
pub(crate) struct Searched {
    /// The object.
    object: Arc<Object>,
    /// Finds the numbers of rows.
    sql: Sql,
    /// How to read them.
    selection: Selection,
}

impl Searched {
    /// Runs it.
    pub(crate) fn records(&self, org: &Org, version: &str) -> Result<Vec<Json>, Refused> {
        let mut statement = org.conn().prepare_cached(&self.sql.text)?;
        let bound = rusqlite::params_from_iter(&self.sql.bound);
        let rows: Vec<i64> = statement
            .query_map(bound, |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let rows = numbers(&rows);
        read(org, &self.selection, &[], &self.object, &rows, version)
    }
}

/// Most columns put together at once: SQLite bounds the depth of what is.
const CHUNK: usize = 100;

/// Translates a query and a search of `paths`; nothing if there are none.
pub(crate) fn search(
    schema: &Schema,
    query: &Query,
    paths: &[Path],
    words: &str,
    limit: i64,
) -> Result<Option<Searched>, Fault> {
    let object = translate::object_of(schema, query, Some(false))?;
    let mut scope = Scope::new(schema, &object, "t", None);
    let selection = Selection::of_items(&object, &query.select, &mut scope, None)?;
    let mut scope = Scope::new(schema, &object, "t", None);
    let filter = translate::filter(schema, &object, &mut scope, query, false, 0)?;
    let order = translate::order_by(&mut scope, &query.order)?;
    if paths.is_empty() {
        return Ok(None);
    }
    let columns: Vec<String> = paths
        .iter()
        .map(|path| Ok(format!("coalesce({}, '')", scope.column(path)?.sql)))
        .collect::<Result<_, Fault>>()?;
    let chunks = columns.chunks(CHUNK).map(|c| c.join(" || char(31) || "));
    let text: Vec<String> = chunks.map(|c| format!("({c})")).collect();
    let glue = if filter.text.is_empty() {
        " WHERE"
    } else {
        " AND"
    };
    let text = format!(
        "SELECT t.row FROM {} t{}{}{glue} finds(?, {}){order}{}",
        object.table(),
        scope.joins(),
        filter.text,
        text.join(" || char(31) || "),
        translate::limit(Some(limit), query.offset)
    );
    let words = Value::Text(words.to_owned());
    let bound = filter.bound.into_iter().chain([words]).collect();
    Ok(Some(Searched {
        object,
        sql: Sql { text, bound },
        selection,
    }))
}
