//! Turns a whole query into SQL: one statement for the row numbers, one selection for a page of records.

use std::sync::Arc;

use rusqlite::types::Value;

use super::Fault;
use super::ast::{Expression, Item, Order, Query};
use super::children::{self, Children};
use super::condition::{self, Place, Sql};
use super::expression;
use super::grouping::{self, Member};
use super::scope::Scope;
use super::selection::Selection;
use crate::json::array;
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Root, Schema};

/// A query ready to run.
pub(crate) struct Translated {
    /// What it asks about.
    pub(crate) object: Arc<Object>,
    /// Its SQL.
    pub(super) rows: Sql,
    /// What that SQL finds.
    pub(super) finds: Finds,
}

/// What a query's SQL finds.
pub(super) enum Finds {
    /// One number: `SELECT count(*) …`.
    Count,
    /// The numbers of rows, `SELECT t.row …`; selection and subqueries read a page of them.
    Rows(Selection, Vec<Children>),
    /// Groups, ready to be shown.
    Groups(Vec<Member>),
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
    let (mut rows, finds) = if grouping::is_grouped(query) {
        let (rows, members) = grouping::translate(schema, &object, query, reach.every)?;
        (rows, Finds::Groups(members))
    } else if matches!(query.select[..], [Item::Count(_)]) {
        if let Some(order) = query.order.first() {
            let message = format!(
                "Ordered field must be grouped or aggregated: {}",
                order.by.shown()
            );
            return Err(Fault::at("MALFORMED_QUERY", message, order.by.at()));
        }
        let rows = plain(schema, &object, query, reach.every)?;
        (rows, Finds::Count)
    } else {
        let mut scope = Scope::new(schema, &object, "t", query.alias.as_deref());
        let selection = Selection::of_items(&object, &query.select, &mut scope, query.limit)?;
        let children = children::of_items(schema, &object, &query.select, reach.every)?;
        let rows = plain(schema, &object, query, reach.every)?;
        (rows, Finds::Rows(selection, children))
    };
    if let Some(offset) = query.offset.filter(|o| *o > reach.offset_maximum) {
        let message = format!("Maximum SOQL offset allowed is {}", reach.offset_maximum);
        tracing::debug!(offset, "offset refused");
        return Err(Fault::plain("NUMBER_OUTSIDE_VALID_RANGE", message));
    }
    let limit = limit(query.limit, query.offset);
    match finds {
        Finds::Count if limit.is_empty() => {
            rows.text = rows.text.replacen("SELECT t.row", "SELECT count(*)", 1);
        }
        // A number of records is limited before it is counted.
        Finds::Count => rows.text = format!("SELECT count(*) FROM ({}{limit})", rows.text),
        _ => rows.text.push_str(&limit),
    }
    Ok(Translated {
        object,
        rows,
        finds,
    })
}

/// `LIMIT … OFFSET …`, or nothing.
pub(super) fn limit(limit: Option<i64>, offset: Option<i64>) -> String {
    match (limit, offset) {
        (None, None) => String::new(),
        (limit, offset) => format!(
            " LIMIT {} OFFSET {}",
            limit.unwrap_or(-1),
            offset.unwrap_or(0)
        ),
    }
}

/// The numbers of the records that a query finds.
///
/// Its scope is its own, so that parents only shown are not joined for counting.
fn plain(schema: &Schema, object: &Object, query: &Query, every: bool) -> Result<Sql, Fault> {
    let mut scope = Scope::new(schema, object, "t", query.alias.as_deref());
    let filter = filter(schema, object, &mut scope, query, every, 0)?;
    for order in &query.order {
        if order.by.is_aggregate() {
            let message = format!(
                "Aggregate functions need a grouped query: {}",
                order.by.shown()
            );
            return Err(Fault::at("MALFORMED_QUERY", message, order.by.at()));
        }
    }
    let order = order_by(&mut scope, &query.order)?;
    let text = format!(
        "SELECT t.row FROM {} t{}{}{order}",
        object.table(),
        scope.joins(),
        filter.text
    );
    Ok(Sql {
        text,
        bound: filter.bound,
    })
}

/// The SQL of `IN (SELECT …)` that a field of the outer object is compared with.
pub(super) fn semi_join(
    schema: &Schema,
    query: &Query,
    outer: &Object,
    compared: &Field,
    at: usize,
) -> Result<Sql, Fault> {
    let object = object_of(schema, query, None)?;
    let malformed = |message: &str, at| Err(Fault::at("MALFORMED_QUERY", message, at));
    if object.name == outer.name {
        let message = "The inner and outer selects should not be on the same object type";
        return malformed(message, query.from.at);
    }
    let mut scope = Scope::new(schema, &object, "s1", query.alias.as_deref());
    let [Item::Value(Expression::Field(path), None)] = &query.select[..] else {
        return malformed("Subqueries of IN select one field", query.from.at);
    };
    let tail = query.limit.is_some() || query.offset.is_some() || !query.order.is_empty();
    if tail || !query.group.is_empty() {
        let message = "Grouping, ordering and limits are not supported in subqueries of IN";
        return malformed(message, query.from.at);
    }
    let column = scope.column(path)?;
    if !column.field.kind.is_id() {
        return malformed(
            "The inner and outer selects should be on id or reference fields",
            path[0].at,
        );
    }
    if !column
        .field
        .targets
        .iter()
        .any(|t| compared.targets.contains(t))
    {
        let message = format!(
            "The ids of '{}' can't be compared with those of '{}': they are ids of other objects",
            compared.name, column.field.name
        );
        return malformed(&message, at);
    }
    let filter = filter(schema, &object, &mut scope, query, false, 1)?;
    let glue = if filter.text.is_empty() {
        " WHERE"
    } else {
        " AND"
    };
    let text = format!(
        "SELECT {} FROM {} s1{}{}{glue} {} IS NOT NULL",
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

/// `WHERE …` with what every query leaves out.
pub(super) fn filter(
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
        Some(condition) => {
            condition::check_semi_joins(condition)?;
            condition::sql(schema, scope, condition, depth, Place::Where)?
        }
        None => Sql::default(),
    };
    let mut also = Vec::new();
    if !every && object.any_field("IsDeleted").is_some() {
        also.push(format!("{table}.\"IsDeleted\" = 0"));
    }
    if object.name == "FieldDefinition" && !schema.gone().is_empty() {
        also.push(format!(
            "{table}.\"DurableId\" NOT IN (SELECT value FROM json_each(?))"
        ));
        let gone = array(schema.gone().iter().map(String::as_str));
        sql.bound.push(Value::Text(gone.to_string()));
    }
    let own = std::mem::take(&mut sql.text);
    let parts: Vec<String> = [own]
        .into_iter()
        .filter(|t| !t.is_empty())
        .chain(also)
        .collect();
    if !parts.is_empty() {
        sql.text = format!(" WHERE {}", parts.join(" AND "));
    }
    Ok(sql)
}

/// The object that a query is about.
pub(super) fn object_of(
    schema: &Schema,
    query: &Query,
    tooling: Option<bool>,
) -> Result<Arc<Object>, Fault> {
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

/// `DESC NULLS LAST` and its like.
pub(super) fn direction(order: &Order) -> String {
    let direction = if order.descending { "DESC" } else { "ASC" };
    let nulls = if order.nulls_last { "LAST" } else { "FIRST" };
    format!("{direction} NULLS {nulls}")
}

/// `ORDER BY …`, or nothing.
pub(super) fn order_by(scope: &mut Scope<'_>, order: &[Order]) -> Result<String, Fault> {
    let mut parts = Vec::new();
    for entry in order {
        let column = expression::column(scope, &entry.by)?;
        if matches!(
            column.field.kind,
            Kind::LongText | Kind::Address | Kind::Complex | Kind::MultiPicklist
        ) {
            let message = format!(
                "field '{}' can not be sorted in a query call",
                column.field.name
            );
            return Err(Fault::at("INVALID_FIELD", message, entry.by.at()));
        }
        parts.push(format!("{} {}", column.sql, direction(entry)));
    }
    Ok(if parts.is_empty() {
        String::new()
    } else {
        format!(" ORDER BY {}", parts.join(", "))
    })
}
