//! Subqueries of the SELECT list: the records that point to a record.

use std::sync::Arc;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::Fault;
use super::ast::{Item, Query};
use super::condition::Sql;
use super::run::read;
use super::scope::Scope;
use super::selection::Selection;
use super::translate;
use crate::http::Refused;
use crate::json::{Json, object};
use crate::org::schema::{Object, Schema};
use crate::org::{Org, numbers};

/// One subquery, ready to be asked for each parent.
pub(super) struct Children {
    name: String,
    object: Arc<Object>,
    /// The last bound value is still to come: the parent's id.
    rows: Sql,
    selection: Selection,
}

/// The subqueries of a list.
pub(super) fn of_items(
    schema: &Schema,
    parent: &Object,
    items: &[Item],
    every: bool,
) -> Result<Vec<Children>, Fault> {
    let mut all: Vec<Children> = Vec::new();
    for item in items {
        let Item::Children(query) = item else {
            continue;
        };
        let children = translated(schema, parent, query, every)?;
        if all.iter().any(|c| c.name == children.name) {
            let message = format!("duplicate field selected: {}", children.name);
            return Err(Fault::at("INVALID_FIELD", message, query.from.at));
        }
        all.push(children);
    }
    Ok(all)
}

fn translated(
    schema: &Schema,
    parent: &Object,
    query: &Query,
    every: bool,
) -> Result<Children, Fault> {
    let Some((name, object, field)) = schema.children(parent, &query.from.text) else {
        let message = format!(
            "Didn't understand relationship '{}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
            query.from.text
        );
        return Err(Fault::at("INVALID_TYPE", message, query.from.at));
    };
    let malformed = |message: &str| Err(Fault::at("MALFORMED_QUERY", message, query.from.at));
    let nested = |item: &Item| matches!(item, Item::Children(_));
    if query.select.iter().any(nested) {
        return malformed("this practice org reads one level of children");
    }
    if super::grouping::is_grouped(query) || matches!(query.select[..], [Item::Count(_)]) {
        return malformed("Only root queries support aggregate expressions");
    }
    let alias = query.alias.as_deref();
    let mut scope = Scope::new(schema, &object, "t", alias);
    let selection = Selection::of_items(&object, &query.select, &mut scope, query.limit)?;
    let mut scope = Scope::new(schema, &object, "t", alias);
    let filter = translate::filter(schema, &object, &mut scope, query, every, 0)?;
    let order = translate::order_by(&mut scope, &query.order)?;
    let glue = if filter.text.is_empty() {
        " WHERE"
    } else {
        " AND"
    };
    let text = format!(
        "SELECT t.row FROM {} t{}{}{glue} t.{} = ?{order}{}",
        object.table(),
        scope.joins(),
        filter.text,
        field.column(),
        translate::limit(query.limit, query.offset)
    );
    Ok(Children {
        name,
        object,
        rows: Sql {
            text,
            bound: filter.bound,
        },
        selection,
    })
}

impl Children {
    /// Adds the children of a record to it; null if it has none.
    pub(super) fn add(
        &self,
        org: &Org,
        record: &mut Json,
        id: &str,
        version: &str,
    ) -> Result<(), Refused> {
        let mut statement = org.conn().prepare_cached(&self.rows.text)?;
        let id = Value::Text(id.to_owned());
        let bound = params_from_iter(self.rows.bound.iter().chain([&id]));
        let rows: Vec<i64> = statement
            .query_map(bound, |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if rows.is_empty() {
            record.push(&self.name, Json::Null);
            return Ok(());
        }
        let records = read(
            org,
            &self.selection,
            &[],
            &self.object,
            &numbers(&rows),
            version,
        )?;
        let page = object([
            ("totalSize", rows.len().into()),
            ("done", true.into()),
            ("records", Json::Array(records)),
        ]);
        record.push(&self.name, page);
        Ok(())
    }
}
