//! Turns a whole query into SQL: one statement for the row numbers, one selection for a page of records.

use std::sync::Arc;

use super::Fault;
use super::ast::{Item, Order, Query};
use super::condition::{self, Sql};
use super::scope::Scope;
use super::selection::Selection;
use crate::org::field::Kind;
use crate::org::schema::{Object, Root, Schema};

/// A query ready to run.
pub(crate) struct Translated {
    /// What it asks about.
    pub(crate) object: Arc<Object>,
    /// `SELECT t.row …` or, for `COUNT()`, `SELECT count(*) …`.
    pub(crate) rows: Sql,
    /// Only the number of records is wanted.
    pub(crate) count: bool,
    /// How to read a page.
    pub(crate) selection: Option<Selection>,
}

/// Options of a query beyond its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Deleted records too.
    pub(crate) every: bool,
    /// Asked under the tooling root.
    pub(crate) tooling: bool,
    /// The largest OFFSET.
    pub(crate) offset_maximum: i64,
}

/// Translates a query.
pub(crate) fn translate(schema: &Schema, query: &Query, reach: Reach) -> Result<Translated, Fault> {
    let object = object_of(schema, query, Some(reach.tooling))?;
    let mut scope = Scope::new(schema, &object, "t", query.alias.as_deref());
    let count = matches!(query.select[..], [Item::Count]);
    let selection = if count {
        None
    } else {
        Some(Selection::of_items(
            &object,
            &query.select,
            &mut scope,
            query.limit,
        )?)
    };
    // The scope of the row numbers starts afresh, so that parents only shown are not joined for counting.
    let mut scope = Scope::new(schema, &object, "t", query.alias.as_deref());
    let filter = filter(schema, &object, &mut scope, query, reach.every, 0)?;
    let order = order_by(&mut scope, &query.order)?;
    let mut text = String::from(if count {
        "SELECT count(*)"
    } else {
        "SELECT t.row"
    });
    text.push_str(&format!(
        " FROM {} t{}{}{order}",
        object.table(),
        scope.joins(),
        filter.text
    ));
    if let Some(offset) = query.offset.filter(|o| *o > reach.offset_maximum) {
        let message = format!("Maximum SOQL offset allowed is {}", reach.offset_maximum);
        tracing::debug!(offset, "offset refused");
        return Err(Fault::plain("NUMBER_OUTSIDE_VALID_RANGE", message));
    }
    if query.limit.is_some() || query.offset.is_some() {
        text.push_str(&format!(
            " LIMIT {} OFFSET {}",
            query.limit.unwrap_or(-1),
            query.offset.unwrap_or(0)
        ));
    }
    Ok(Translated {
        object,
        rows: Sql {
            text,
            bound: filter.bound,
        },
        count,
        selection,
    })
}

/// The SQL of `IN (SELECT …)`.
pub(super) fn semi_join(schema: &Schema, query: &Query, depth: usize) -> Result<Sql, Fault> {
    let object = object_of(schema, query, None)?;
    let table = format!("s{depth}");
    let mut scope = Scope::new(schema, &object, &table, query.alias.as_deref());
    let [Item::Field(path)] = &query.select[..] else {
        return Err(Fault::at(
            "MALFORMED_QUERY",
            "Subqueries of IN select one field",
            query.from.at,
        ));
    };
    if depth > 2 || query.limit.is_some() || query.offset.is_some() || !query.order.is_empty() {
        return Err(Fault::at(
            "MALFORMED_QUERY",
            "Nesting, ordering and limits are not supported in subqueries of IN",
            query.from.at,
        ));
    }
    let column = scope.column(path)?;
    if !column.field.kind.is_id() {
        return Err(Fault::at(
            "MALFORMED_QUERY",
            "The inner and outer selects should be on id or reference fields",
            path[0].at,
        ));
    }
    let filter = filter(schema, &object, &mut scope, query, false, depth)?;
    let glue = if filter.text.is_empty() {
        " WHERE"
    } else {
        " AND"
    };
    let text = format!(
        "SELECT {} FROM {} {table}{}{}{glue} {} IS NOT NULL",
        column.sql,
        object.table(),
        scope.joins(),
        filter.text,
        column.sql
    );
    Ok(Sql {
        text,
        bound: filter.bound,
    })
}

fn filter(
    schema: &Schema,
    object: &Object,
    scope: &mut Scope<'_>,
    query: &Query,
    every: bool,
    depth: usize,
) -> Result<Sql, Fault> {
    let table = if depth == 0 {
        "t".to_owned()
    } else {
        format!("s{depth}")
    };
    let mut sql = match &query.condition {
        Some(condition) => condition::sql(schema, scope, condition, depth)?,
        None => Sql::default(),
    };
    let live = (!every && object.any_field("IsDeleted").is_some())
        .then(|| format!("{table}.\"IsDeleted\" = 0"));
    sql.text = match (sql.text.is_empty(), live) {
        (true, None) => String::new(),
        (true, Some(live)) => format!(" WHERE {live}"),
        (false, None) => format!(" WHERE {}", sql.text),
        (false, Some(live)) => format!(" WHERE {} AND {live}", sql.text),
    };
    Ok(sql)
}

fn object_of(schema: &Schema, query: &Query, tooling: Option<bool>) -> Result<Arc<Object>, Fault> {
    let fits = |o: &&Arc<Object>| {
        tooling.is_none_or(|tooling| o.root == Root::Both || tooling == (o.root == Root::Tooling))
    };
    schema.object(&query.from.text).filter(fits).cloned().ok_or_else(|| {
        let message = format!(
            "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
            query.from.text
        );
        Fault::at("INVALID_TYPE", message, query.from.at)
    })
}

fn order_by(scope: &mut Scope<'_>, order: &[Order]) -> Result<String, Fault> {
    let mut parts = Vec::new();
    for entry in order {
        let column = scope.column(&entry.path)?;
        if matches!(
            column.field.kind,
            Kind::LongText | Kind::Address | Kind::Complex | Kind::MultiPicklist
        ) {
            let message = format!(
                "field '{}' can not be sorted in a query call",
                column.field.name
            );
            return Err(Fault::at("INVALID_FIELD", message, entry.path[0].at));
        }
        let direction = if entry.descending { "DESC" } else { "ASC" };
        let nulls = if entry.nulls_last { "LAST" } else { "FIRST" };
        parts.push(format!("{} {direction} NULLS {nulls}", column.sql));
    }
    Ok(if parts.is_empty() {
        String::new()
    } else {
        format!(" ORDER BY {}", parts.join(", "))
    })
}
