//! Queries that answer groups: aggregates, GROUP BY, HAVING.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::Fault;
use super::ast::{Aggregate, Condition, Expression, Function, Item, Query};
use super::condition::{self, Sql};
use super::expression;
use super::scope::Scope;
use super::translate;
use crate::json::{Json, object};
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Schema};
use crate::org::values;

/// A value of an answered group.
pub(super) struct Member {
    name: String,
    field: Field,
    average: bool,
}

/// Whether a query answers groups instead of records.
pub(super) fn is_grouped(query: &Query) -> bool {
    let aggregate = |item: &Item| matches!(item, Item::Value(e, _) if e.is_aggregate());
    !query.group.is_empty() || query.select.iter().any(aggregate)
}

/// The SQL of a grouped query without its limit, and what its columns are.
pub(super) fn translate(
    schema: &Schema,
    object: &Object,
    query: &Query,
    every: bool,
) -> Result<(Sql, Vec<Member>), Fault> {
    let mut scope = Scope::new(schema, object, "t", query.alias.as_deref());
    let groups = Groups::of(query, &mut scope)?;
    let (columns, members) = selected(query, &groups, &mut scope)?;
    if query.group.is_empty() {
        let clause = match (&query.limit, query.order.first()) {
            (Some(_), _) => Some("LIMIT"),
            (_, Some(_)) => Some("ORDER BY"),
            _ => None,
        };
        if let Some(clause) = clause {
            let message = format!(
                "Non-grouped query that uses overall aggregate functions cannot also use {clause}"
            );
            return Err(Fault::plain("MALFORMED_QUERY", message));
        }
    }
    let filter = translate::filter(schema, object, &mut scope, query, every, 0)?;
    let having = match &query.having {
        Some(condition) => {
            groups.check(condition, &scope)?;
            condition::sql(schema, &mut scope, condition, 0, condition::Place::Having)?
        }
        None => Sql::default(),
    };
    for order in &query.order {
        groups.need(&order.by, &scope, "Ordered field")?;
    }
    let order = translate::order_by(&mut scope, &query.order)?;
    let mut text = format!(
        "SELECT {} FROM {} t{}{}",
        columns.join(", "),
        object.table(),
        scope.joins(),
        filter.text
    );
    if !groups.sql.is_empty() {
        text.push_str(&format!(" GROUP BY {}", groups.sql.join(", ")));
    }
    if !having.text.is_empty() {
        text.push_str(&format!(" HAVING {}", having.text));
    }
    text.push_str(&order);
    let bound = filter.bound.into_iter().chain(having.bound).collect();
    Ok((Sql { text, bound }, members))
}

/// What makes records one group.
struct Groups {
    keys: Vec<String>,
    sql: Vec<String>,
    /// Keys of plain date fields: their parts may be selected too.
    dates: Vec<String>,
}

impl Groups {
    fn of(query: &Query, scope: &mut Scope<'_>) -> Result<Groups, Fault> {
        let mut groups = Groups {
            keys: Vec::new(),
            sql: Vec::new(),
            dates: Vec::new(),
        };
        for by in &query.group {
            if by.is_aggregate() {
                let message = format!(
                    "Aggregate functions are not allowed in GROUP BY: {}",
                    by.shown()
                );
                return Err(Fault::at("MALFORMED_QUERY", message, by.at()));
            }
            let column = expression::column(scope, by)?;
            if matches!(by, Expression::Field(_)) && !groupable(&column.field) {
                let message = format!(
                    "field '{}' can not be grouped in a query call",
                    column.field.name
                );
                return Err(Fault::at("INVALID_FIELD", message, by.at()));
            }
            let key = key(by, scope);
            if column.field.kind == Kind::Date {
                groups.dates.push(key.clone());
            }
            groups.keys.push(key);
            groups.sql.push(column.sql);
        }
        Ok(groups)
    }

    /// Refuses what is neither an aggregate nor the same in all records of a group.
    fn need(&self, expression: &Expression, scope: &Scope<'_>, what: &str) -> Result<(), Fault> {
        let of_a_date = matches!(expression, Expression::Call(..))
            && self
                .dates
                .contains(&key(&Expression::Field(expression.path().clone()), scope));
        if expression.is_aggregate() || of_a_date || self.keys.contains(&key(expression, scope)) {
            return Ok(());
        }
        let message = format!(
            "{what} must be grouped or aggregated: {}",
            expression.shown()
        );
        Err(Fault::at("MALFORMED_QUERY", message, expression.at()))
    }

    fn check(&self, condition: &Condition, scope: &Scope<'_>) -> Result<(), Fault> {
        match condition {
            Condition::And(list) | Condition::Or(list) => {
                list.iter().try_for_each(|c| self.check(c, scope))
            }
            Condition::Not(inner) => self.check(inner, scope),
            Condition::Compare(expression, ..) => self.need(expression, scope, "Field"),
        }
    }
}

/// Whether records may be grouped by a field, as its describe says.
pub(crate) fn groupable(field: &Field) -> bool {
    use Kind::{Address, Complex, Currency, DateTime, Double, LongText, MultiPicklist, Percent};
    !matches!(
        field.kind,
        LongText | Address | Complex | Double | Currency | Percent | DateTime | MultiPicklist
    )
}

fn key(expression: &Expression, scope: &Scope<'_>) -> String {
    let names = scope.strip(expression.path());
    let path: Vec<String> = names.iter().map(|n| n.text.to_ascii_lowercase()).collect();
    match expression {
        Expression::Field(_) => path.join("."),
        Expression::Call(function, _) => format!("{function:?} {}", path.join(".")),
    }
}

fn selected(
    query: &Query,
    groups: &Groups,
    scope: &mut Scope<'_>,
) -> Result<(Vec<String>, Vec<Member>), Fault> {
    let (mut columns, mut members): (Vec<String>, Vec<Member>) = Default::default();
    let mut unnamed = 0;
    for item in &query.select {
        let (value, alias) = match item {
            Item::Value(value, alias) => (value, alias),
            Item::Count(at) => {
                let message = "COUNT() must be the only element of an ungrouped query";
                return Err(Fault::at("MALFORMED_QUERY", message, *at));
            }
            Item::Children(query) => {
                let message = "A grouped query cannot have subqueries";
                return Err(Fault::at("MALFORMED_QUERY", message, query.from.at));
            }
            Item::Fields(kind) => {
                let message = "Field must be grouped or aggregated: FIELDS()";
                return Err(Fault::at("MALFORMED_QUERY", message, kind.at));
            }
        };
        groups.need(value, scope, "Field")?;
        let column = expression::column(scope, value)?;
        let name = match (alias, value) {
            (Some(alias), _) => alias.text.clone(),
            (None, Expression::Field(_)) => column.field.name.clone(),
            (None, Expression::Call(..)) => {
                unnamed += 1;
                format!("expr{}", unnamed - 1)
            }
        };
        if members.iter().any(|m| m.name.eq_ignore_ascii_case(&name)) {
            let message = format!("duplicate alias: {name}");
            return Err(Fault::at("MALFORMED_QUERY", message, value.at()));
        }
        let average = matches!(
            value,
            Expression::Call(Function::Aggregate(Aggregate::Average), _)
        );
        columns.push(column.sql);
        members.push(Member {
            name,
            field: column.field,
            average,
        });
    }
    Ok((columns, members))
}

/// Builds the answer's record of a group.
pub(super) fn record(members: &[Member], row: &Row<'_>) -> rusqlite::Result<Json> {
    let kind = object([("type", "AggregateResult".into())]);
    let mut json = object([("attributes", kind)]);
    for (n, member) in members.iter().enumerate() {
        let value = match row.get_ref(n)? {
            // Decimals are kept as whole numbers of their smallest unit.
            ValueRef::Real(number) if member.average => {
                let unit = 10_f64.powi(i32::try_from(member.field.scale).unwrap_or(0));
                Json::Number(format!("{:?}", number / unit))
            }
            value => values::to_json(&member.field, value),
        };
        json.push(&member.name, value);
    }
    Ok(json)
}
