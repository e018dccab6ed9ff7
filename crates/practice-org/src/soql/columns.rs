//! `columns=true`: what a query would answer, column by column.

use super::ast::{Expression, Function, Item, Query};
use super::expression;
use super::scope::Scope;
use super::translate::object_of;
use super::{Fault, grouping, parser};
use crate::http::Refused;
use crate::json::{Json, object};
use crate::org::Org;
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Schema};

/// Describes the columns of a query.
pub(crate) fn columns(org: &Org, soql: &str, tooling: bool) -> Result<Json, Refused> {
    let refused = |fault: Fault| fault.refused(soql);
    let query = parser::parse(soql).map_err(refused)?;
    let schema = org.schema();
    let kind = object_of(&schema, &query, Some(tooling)).map_err(refused)?;
    let list = of_query(&schema, &kind, &query).map_err(refused)?;
    let id_selected = list
        .iter()
        .any(|c| c.get("columnName").and_then(Json::as_str) == Some("Id"));
    Ok(object([
        ("columnMetadata", Json::Array(list)),
        ("entityName", kind.name.as_str().into()),
        ("groupBy", grouping::is_grouped(&query).into()),
        ("idSelected", id_selected.into()),
        ("keyPrefix", kind.prefix.as_str().into()),
    ]))
}

fn of_query(schema: &Schema, kind: &Object, query: &Query) -> Result<Vec<Json>, Fault> {
    let mut scope = Scope::new(schema, kind, "t", query.alias.as_deref());
    let mut list = Vec::new();
    let mut unnamed = 0;
    for item in &query.select {
        match item {
            Item::Value(value @ Expression::Field(path), None) => {
                let column = expression::column(&mut scope, value)?;
                let names: Vec<&str> = scope.strip(path).iter().map(|n| n.text.as_str()).collect();
                add(&mut list, &names, &column.field);
            }
            Item::Value(value, alias) => {
                let field = match value {
                    Expression::Call(Function::Grouping, _) => {
                        Field::plain("GROUPING", "", Kind::Int)
                    }
                    value => expression::column(&mut scope, value)?.field,
                };
                let name = alias.as_ref().map_or_else(
                    || {
                        unnamed += 1;
                        format!("expr{}", unnamed - 1)
                    },
                    |alias| alias.text.clone(),
                );
                let mut column = column(&field, &name, value.is_aggregate() || alias.is_some());
                column.set("displayName", value.shown());
                list.push(column);
            }
            Item::Fields(word) => {
                let custom = word.text.eq_ignore_ascii_case("CUSTOM");
                let standard = word.text.eq_ignore_ascii_case("STANDARD");
                let wanted = kind
                    .visible()
                    .filter(|f| if f.custom { !standard } else { !custom });
                list.extend(wanted.map(|f| column(f, &f.name, false)));
            }
            Item::ByType(by_type) => {
                let field = Field::plain(&by_type.relationship.text, "", Kind::String);
                list.push(column(&field, &by_type.relationship.text, false));
            }
            Item::Children(inner) => {
                if let Some((name, child, _)) = schema.children(kind, &inner.from.text) {
                    let field = Field::plain(&name, "", Kind::String);
                    let mut parent = column(&field, &name, true);
                    parent.set("joinColumns", Json::Array(of_query(schema, &child, inner)?));
                    list.push(parent);
                }
            }
            Item::Count(_) => {}
        }
    }
    Ok(list)
}

/// Adds a column; a parent's one hangs below the columns of its relationships.
fn add(list: &mut Vec<Json>, names: &[&str], field: &Field) {
    let [parent, rest @ ..] = names else { return };
    if rest.is_empty() {
        list.push(column(field, &field.name, false));
        return;
    }
    let named = |c: &Json| {
        c.get("columnName")
            .and_then(Json::as_str)
            .is_some_and(|n| n.eq_ignore_ascii_case(parent))
    };
    let at = list.iter().position(named).unwrap_or_else(|| {
        list.push(column(
            &Field::plain(parent, "", Kind::String),
            parent,
            false,
        ));
        list.len() - 1
    });
    let mut below = list[at]
        .get("joinColumns")
        .map_or_else(Vec::new, |c| c.items().to_vec());
    add(&mut below, rest, field);
    list[at].set("joinColumns", Json::Array(below));
}

fn column(field: &Field, name: &str, aggregate: bool) -> Json {
    let kind = field.kind;
    object([
        ("aggregate", aggregate.into()),
        ("apexType", apex_type(kind).into()),
        ("booleanType", (kind == Kind::Boolean).into()),
        ("columnName", name.into()),
        ("custom", field.custom.into()),
        ("displayName", name.into()),
        ("foreignKeyName", field.relationship.clone().into()),
        ("insertable", field.createable.into()),
        ("joinColumns", Json::Array(Vec::new())),
        (
            "numberType",
            (kind == Kind::Int || kind.is_decimal()).into(),
        ),
        ("textType", (kind.is_text() || kind.is_id()).into()),
        ("updatable", field.updateable.into()),
    ])
}

fn apex_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Reference => "Id",
        Kind::Boolean => "Boolean",
        Kind::Int => "Integer",
        Kind::Date => "Date",
        Kind::DateTime => "Datetime",
        Kind::Address => "Address",
        kind if kind.is_decimal() => "Double",
        _ => "String",
    }
}
