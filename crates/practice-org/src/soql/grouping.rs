//! Queries that answer groups: aggregates, GROUP BY, HAVING.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::Fault;
use super::ast::{Aggregate, Condition, Expression, Function, Item, Query, Subtotals};
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
    for order in &query.order {
        groups.need(&order.by, &scope, "Ordered field")?;
    }
    if query.subtotals != Subtotals::None {
        let sql = with_subtotals(schema, object, query, every, &groups, columns, scope)?;
        return Ok((sql, members));
    }
    let filter = translate::filter(schema, object, &mut scope, query, every, 0)?;
    let having = match &query.having {
        Some(condition) => {
            groups.check(condition, &scope)?;
            condition::sql(schema, &mut scope, condition, 0, condition::Place::Having)?
        }
        None => Sql::default(),
    };
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

/// One SELECT for each set of keys that is added up, those that a set lacks being null.
fn with_subtotals(
    schema: &Schema,
    object: &Object,
    query: &Query,
    every: bool,
    groups: &Groups,
    columns: Vec<String>,
    mut scope: Scope<'_>,
) -> Result<Sql, Fault> {
    if query.having.is_some() {
        let message = "this practice org takes no HAVING with ROLLUP and CUBE";
        return Err(Fault::plain("MALFORMED_QUERY", message));
    }
    let filter = translate::filter(schema, object, &mut scope, query, every, 0)?;
    let mut orders = Vec::new();
    for order in &query.order {
        let (sql, _) = groups.column(&order.by, &mut scope)?;
        orders.push((sql, translate::direction(order)));
    }
    if orders.is_empty() {
        orders = groups
            .sql
            .iter()
            .map(|sql| (sql.clone(), "ASC NULLS LAST".to_owned()))
            .collect();
    }
    let selected: Vec<&String> = columns
        .iter()
        .chain(orders.iter().map(|(sql, _)| sql))
        .collect();
    let count = groups.sql.len();
    let sets = match query.subtotals {
        Subtotals::Rollup => (0..=count).rev().map(|n| (1 << n) - 1).collect(),
        _ => (0..1_usize << count).rev().collect::<Vec<usize>>(),
    };
    let mut parts = Vec::new();
    for set in &sets {
        let has = |n: usize| set & (1 << n) != 0;
        let shown = |(n, sql): (usize, &&String)| format!("{} AS c{n}", groups.in_set(sql, has));
        let list: Vec<String> = selected.iter().enumerate().map(shown).collect();
        let keys: Vec<&str> = (0..count)
            .filter(|n| has(*n))
            .map(|n| groups.sql[n].as_str())
            .collect();
        let by = match keys.is_empty() {
            // The sum over no records is no row.
            true => " HAVING count(*) > 0".to_owned(),
            false => format!(" GROUP BY {}", keys.join(", ")),
        };
        parts.push(format!(
            "SELECT {} FROM {} t{}{}{by}",
            list.join(", "),
            object.table(),
            scope.joins(),
            filter.text
        ));
    }
    let shown: Vec<String> = (0..columns.len()).map(|n| format!("c{n}")).collect();
    let order = orders
        .iter()
        .enumerate()
        .map(|(n, (_, direction))| format!("c{} {direction}", columns.len() + n));
    let text = format!(
        "SELECT {} FROM ({}) ORDER BY {}",
        shown.join(", "),
        parts.join(" UNION ALL "),
        order.collect::<Vec<_>>().join(", ")
    );
    let bound = filter
        .bound
        .iter()
        .cycle()
        .take(filter.bound.len() * sets.len())
        .cloned()
        .collect();
    Ok(Sql { text, bound })
}

/// What makes records one group.
struct Groups {
    keys: Vec<String>,
    sql: Vec<String>,
    /// Keys of plain date fields: their parts may be selected too.
    dates: Vec<String>,
    subtotals: bool,
}

impl Groups {
    fn of(query: &Query, scope: &mut Scope<'_>) -> Result<Groups, Fault> {
        let mut groups = Groups {
            keys: Vec::new(),
            sql: Vec::new(),
            dates: Vec::new(),
            subtotals: query.subtotals != Subtotals::None,
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

    /// The SQL of a selected value, and its field; of `GROUPING` a mark that [`Groups::in_set`] replaces.
    fn column(&self, value: &Expression, scope: &mut Scope<'_>) -> Result<(String, Field), Fault> {
        let Expression::Call(Function::Grouping, path) = value else {
            let column = expression::column(scope, value)?;
            return Ok((column.sql, column.field));
        };
        let key = key(&Expression::Field(path.clone()), scope);
        match self.keys.iter().position(|known| *known == key) {
            Some(n) if self.subtotals => {
                let field = Field::plain("GROUPING", "Grouping", Kind::Int);
                Ok((format!("GROUPING {n}"), field))
            }
            _ => {
                let message = format!("{} needs a field of GROUP BY ROLLUP or CUBE", value.shown());
                Err(Fault::at("MALFORMED_QUERY", message, value.at()))
            }
        }
    }

    /// A selected value's SQL in the sum over some of the keys.
    fn in_set(&self, sql: &str, has: impl Fn(usize) -> bool) -> String {
        if let Some(n) = sql.strip_prefix("GROUPING ").and_then(|n| n.parse().ok()) {
            return i32::from(!has(n)).to_string();
        }
        match self.sql.iter().position(|key| key == sql) {
            Some(n) if !has(n) => "NULL".to_owned(),
            _ => sql.to_owned(),
        }
    }

    /// Refuses what is neither an aggregate nor the same in all records of a group.
    fn need(&self, expression: &Expression, scope: &Scope<'_>, what: &str) -> Result<(), Fault> {
        let of_a_date = matches!(expression, Expression::Call(..))
            && self
                .dates
                .contains(&key(&Expression::Field(expression.path().clone()), scope));
        let grouping = matches!(expression, Expression::Call(Function::Grouping, _));
        if expression.is_aggregate()
            || grouping
            || of_a_date
            || self.keys.contains(&key(expression, scope))
        {
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
            Item::ByType(by_type) => {
                let message = "A grouped query cannot have TYPEOF";
                return Err(Fault::at(
                    "MALFORMED_QUERY",
                    message,
                    by_type.relationship.at,
                ));
            }
            Item::Fields(kind) => {
                let message = "Field must be grouped or aggregated: FIELDS()";
                return Err(Fault::at("MALFORMED_QUERY", message, kind.at));
            }
        };
        groups.need(value, scope, "Field")?;
        let (sql, field) = groups.column(value, scope)?;
        let name = match (alias, value) {
            (Some(alias), _) => alias.text.clone(),
            (None, Expression::Field(_)) => field.name.clone(),
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
        columns.push(sql);
        members.push(Member {
            name,
            field,
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
