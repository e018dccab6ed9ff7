//! Queries whose records have a value for each column and nothing below: those that Bulk API 2.0 takes.

use rusqlite::params_from_iter;

use super::parser;
use super::run::{prepare, read};
use super::selection::FlatColumn;
use super::translate::{Finds, Translated};
use crate::http::Refused;
use crate::json::Json;
use crate::org::field::Kind;
use crate::org::{Org, numbers};

/// A query that a bulk job may run.
pub(crate) struct Flat {
    translated: Translated,
    columns: Vec<FlatColumn>,
}

/// Reads a query that a bulk job may run.
pub(crate) fn flat(org: &Org, text: &str, every: bool) -> Result<Flat, Refused> {
    let refuse = |what: &str| {
        let message = format!("Bulk API 2.0 queries don't support {what}");
        Refused::new(400, "API_ERROR", message)
    };
    let query = parser::parse(text).map_err(|fault| fault.refused(text))?;
    if query.offset.is_some() {
        return Err(refuse("OFFSET"));
    }
    let translated = prepare(org, text, every, false)?;
    let Finds::Rows(selection, children) = &translated.finds else {
        return Err(refuse("GROUP BY and aggregate functions"));
    };
    if !children.is_empty() {
        return Err(refuse("subqueries of children"));
    }
    let columns = selection
        .flat_columns()
        .ok_or_else(|| refuse("TYPEOF and compound fields"))?;
    Ok(Flat {
        translated,
        columns,
    })
}

impl Flat {
    /// API name of the object.
    pub(crate) fn object(&self) -> &str {
        &self.translated.object.name
    }

    /// Names of the columns, such as `Owner.Name`.
    pub(crate) fn columns(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|(path, _)| path.join("."))
            .collect()
    }

    /// The numbers of the rows that the query finds, in its order.
    pub(crate) fn rows(&self, org: &Org) -> Result<Vec<i64>, Refused> {
        let sql = &self.translated.rows;
        let mut statement = org.conn().prepare_cached(&sql.text)?;
        let rows = statement.query_map(params_from_iter(&sql.bound), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The values of some rows as a file holds them, one for each column.
    pub(crate) fn values(
        &self,
        org: &Org,
        rows: &[i64],
        version: &str,
    ) -> Result<Vec<Vec<String>>, Refused> {
        let Finds::Rows(selection, _) = &self.translated.finds else {
            return Ok(Vec::new());
        };
        let object = &self.translated.object;
        let records = read(org, selection, &[], object, &numbers(rows), version)?;
        let texts = |record: &Json| {
            let text = |(path, kind): &FlatColumn| text_of(at(record, path), *kind);
            self.columns.iter().map(text).collect()
        };
        Ok(records.iter().map(texts).collect())
    }
}

fn at<'a>(record: &'a Json, path: &[String]) -> Option<&'a Json> {
    let mut value = Some(record);
    for name in path {
        value = value.and_then(|json| json.get(name));
    }
    value
}

fn text_of(value: Option<&Json>, kind: Kind) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        // Files end a date-time with Z, JSON ends it with an offset.
        Some(Json::String(text)) if kind == Kind::DateTime => text.replace("+0000", "Z"),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
