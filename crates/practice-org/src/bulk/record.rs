//! Turns a record of a file into the JSON that the same record would have elsewhere.

use crate::json::{Json, object};
use crate::org::RowError;
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Schema};

/// What stands for an empty value; an empty cell leaves the value as it is.
const NULL: &str = "#N/A";

/// What a column of a file means.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// A field.
    Own(Field),
    /// A parent, by its key: the relationship, the parent's object where it is given, the key.
    Parent(String, Option<String>, Field),
}

/// Reads the first line of a file; the error is the name that the object lacks.
pub(super) fn columns(
    schema: &Schema,
    object: &Object,
    header: &[String],
) -> Result<Vec<Column>, String> {
    header
        .iter()
        .map(|name| column(schema, object, name).ok_or_else(|| name.clone()))
        .collect()
}

fn column(schema: &Schema, object: &Object, name: &str) -> Option<Column> {
    let Some((path, key)) = name.split_once('.') else {
        return object.field(name).cloned().map(Column::Own);
    };
    let (kind, relation) = match path.split_once(':') {
        Some((kind, relation)) => (Some(kind), relation),
        None => (None, path),
    };
    let field = object.relation(relation)?;
    let wanted = |target: &&String| kind.is_none_or(|kind| kind.eq_ignore_ascii_case(target));
    let keys = field.targets.iter().filter(wanted);
    let mut keys = keys.filter_map(|target| schema.object(target)?.field(key).cloned());
    let key = keys.next()?;
    Some(Column::Parent(
        relation.to_owned(),
        kind.map(str::to_owned),
        key,
    ))
}

/// The record of a line.
pub(super) fn record(
    object_name: &str,
    columns: &[Column],
    values: &[String],
) -> Result<Json, RowError> {
    let mut record = object([("attributes", object([("type", object_name.into())]))]);
    for (column, text) in columns.iter().zip(values) {
        if text.is_empty() {
            continue;
        }
        match column {
            Column::Own(field) => record.push(&field.name, value(field, text)?),
            Column::Parent(relation, kind, key) => {
                let mut parent = object([]);
                if let Some(kind) = kind {
                    parent.push("attributes", object([("type", kind.as_str().into())]));
                }
                parent.push(&key.name, value(key, text)?);
                record.push(relation, parent);
            }
        }
    }
    Ok(record)
}

fn value(field: &Field, text: &str) -> Result<Json, RowError> {
    if text == NULL {
        return Ok(Json::Null);
    }
    let json = match field.kind {
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(Json::Bool(true)),
            "false" | "0" => Some(Json::Bool(false)),
            _ => None,
        },
        kind if kind == Kind::Int || kind.is_decimal() => {
            let number = crate::json::parse(text.trim()).ok();
            number.filter(|json| matches!(json, Json::Number(_)))
        }
        _ => Some(Json::from(text)),
    };
    json.ok_or_else(|| wrong_type(field, text))
}

/// The refusal of a value that its field can't hold.
pub(super) fn wrong_type(field: &Field, text: &str) -> RowError {
    let message = format!("{}: value not of required type: {text}", field.label);
    RowError::new("INVALID_TYPE_ON_FIELD_IN_RECORD", message).of(&[&field.name])
}
