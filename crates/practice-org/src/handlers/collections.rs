//! sObject Collections: create, update, upsert and delete of up to 200 records.

use std::collections::HashMap;

use rusqlite::types::Value;

use super::external_id::key_field;
use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::Json;
use crate::org::field::{Field, Kind};
use crate::org::schema::Object;
use crate::org::{Outcome, RowError, Trouble, UpsertRow, ids};

/// Most records in a request.
const MOST: usize = 200;

/// Most runs of neighbours of one type.
const MOST_CHUNKS: usize = 10;

/// `POST`, `PATCH` and `DELETE /composite/sobjects`.
pub(super) fn any(request: &Request<'_>) -> Result<Answer, Refused> {
    match request.call.verb() {
        "POST" => write(request, false),
        "PATCH" => write(request, true),
        _ => delete(request),
    }
}

fn rows(body: &Json) -> Result<&[Json], Refused> {
    let Some(Json::Array(rows)) = body.get("records") else {
        let message = "The 'records' property is missing or is not an array";
        return Err(Refused::new(400, "JSON_PARSER_ERROR", message));
    };
    too_many(rows.len())?;
    Ok(rows)
}

fn too_many(rows: usize) -> Result<(), Refused> {
    if rows > MOST {
        let message =
            format!("record limit reached. cannot submit more than {MOST} records into this call");
        return Err(Refused::new(400, "EXCEEDED_ID_LIMIT", message));
    }
    Ok(())
}

fn all_or_none(body: &Json) -> Result<bool, Refused> {
    match body.get("allOrNone") {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Bool(value)) => Ok(*value),
        Some(other) => {
            let message =
                format!("Cannot deserialize instance of boolean from VALUE_STRING value {other}");
            Err(Refused::new(400, "JSON_PARSER_ERROR", message))
        }
    }
}

fn type_of(row: &Json) -> Option<&str> {
    row.get("attributes")
        .and_then(|a| a.get("type"))
        .and_then(Json::as_str)
}

fn chunks(rows: &[Json]) -> Result<(), Refused> {
    let mut count = 0;
    let mut last = None;
    for row in rows {
        let this = type_of(row).map(str::to_ascii_lowercase);
        count += usize::from(last.as_ref() != Some(&this));
        last = Some(this);
    }
    if count > MOST_CHUNKS {
        let message = "Cannot have more than 10 chunks in a single operation. Please rearrange the data to reduce chunking.";
        return Err(Refused::new(400, "LIMIT_EXCEEDED", message));
    }
    Ok(())
}

fn write(request: &Request<'_>, update: bool) -> Result<Answer, Refused> {
    let body = request.call.json()?;
    let rows = rows(&body)?;
    chunks(rows)?;
    let all_or_none = all_or_none(&body)?;
    let options = request.write_options();
    let schema = request.org.schema();
    let mut seen: Vec<String> = Vec::new();
    let outcomes = request.org.each_row(rows, all_or_none, |_, row| {
        let Some(kind) = type_of(row).and_then(|t| schema.object(t)) else {
            return Err(untyped(row));
        };
        if !update {
            let id = request.org.create(kind, row, &options)?;
            return Ok(Outcome::done(id, None));
        }
        let id = row
            .get_any_case("Id")
            .and_then(Json::as_str)
            .unwrap_or_default();
        if id.is_empty() {
            return Err(
                RowError::new("MISSING_ARGUMENT", "Id not specified in an update call")
                    .of(&["Id"])
                    .into(),
            );
        }
        let id = ids::normal(id).unwrap_or_else(|| id.to_owned());
        if seen.contains(&id) {
            return Err(
                RowError::new("DUPLICATE_VALUE", format!("duplicate id in list: {id}")).into(),
            );
        }
        seen.push(id.clone());
        request
            .org
            .update(kind, &id, row, &options)
            .map_err(missing_row)?;
        Ok(Outcome::done(id, None))
    });
    let outcomes = outcomes.map_err(|t| t.refused(&request.call.body))?;
    Ok(Answer::json(200, request.org.results(&outcomes, false)?))
}

/// In a collection a record that is not there is a wrong reference, not a missing resource.
fn missing_row(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Row(error) if error.code == "NOT_FOUND" => {
            RowError::new("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id").into()
        }
        other => other,
    }
}

fn untyped(row: &Json) -> Trouble {
    match type_of(row) {
        Some(name) => RowError::new(
            "INVALID_TYPE",
            format!("sObject type '{name}' is not supported."),
        )
        .into(),
        None => Trouble::Whole(Refused::new(
            400,
            "INVALID_INPUT",
            "The sobject type must be given in the attributes of each record",
        )),
    }
}

/// `PATCH /composite/sobjects/X/{field}`.
pub(super) fn upsert(request: &Request<'_>, name: &str, field: &str) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    let field = key_field(&kind, field)?;
    let body = request.call.json()?;
    let rows = rows(&body)?;
    let all_or_none = all_or_none(&body)?;
    let options = request.write_options();
    let code = request.org.choice("duplicate_external_id_status_code")?;
    let repeated = repeated(&kind, field, rows);
    let outcomes = request.org.each_row(rows, all_or_none, |n, row| {
        if !type_of(row).is_some_and(|t| t.eq_ignore_ascii_case(&kind.name)) {
            let message =
                "The sobject type in the attributes of each record must be that of the URL";
            return Err(RowError::new("INVALID_TYPE", message).into());
        }
        let key = row.get_any_case(&field.name).cloned().unwrap_or_default();
        let missing = key == Json::Null || key.as_str().is_some_and(|k| k.trim().is_empty());
        if field.kind == Kind::Id && missing {
            return Ok(Outcome::done(
                request.org.create(&kind, row, &options)?,
                Some(true),
            ));
        }
        if missing {
            let message = format!("{} not specified", field.name);
            return Err(RowError::new("MISSING_ARGUMENT", message)
                .of(&[&field.name])
                .into());
        }
        if let Some(shown) = &repeated[n] {
            return Err(
                RowError::new(&code, format!("Duplicate external id specified: {shown}"))
                    .of(&[&field.name])
                    .into(),
            );
        }
        if field.kind != Kind::Id && row.get_any_case("Id").is_some_and(|id| *id != Json::Null) {
            let message = "The Id field should not be specified in the sobject data.";
            return Err(RowError::new("INVALID_FIELD", message).of(&["Id"]).into());
        }
        let mut value = request.org.key_value(field, &key)?;
        if let (Kind::Id, Value::Text(text)) = (field.kind, &value) {
            value = ids::normal(text).map_or(Value::Null, Value::Text);
        }
        let row = UpsertRow {
            object: &kind,
            key: field,
            value,
            record: row,
            update_only: false,
        };
        match request.org.upsert(&row, &options) {
            // Told of a row of a whole that fails: whether it would have made a record.
            Err(Trouble::Row(error)) if all_or_none => Ok(Outcome {
                id: None,
                created: Some(
                    request
                        .org
                        .find_by_key(&kind, field, &row.value)?
                        .is_empty(),
                ),
                error: Some(error),
            }),
            done => done,
        }
    });
    let outcomes = outcomes.map_err(|t| t.refused(&request.call.body))?;
    Ok(Answer::json(200, request.org.results(&outcomes, true)?))
}

/// For each row, its key if another row of the request has the same.
fn repeated(kind: &Object, field: &Field, rows: &[Json]) -> Vec<Option<String>> {
    let folded = field.unique && !field.case_sensitive || field.id_lookup && !field.external_id;
    let key = |row: &Json| {
        let value = row
            .get_any_case(&field.name)
            .filter(|v| **v != Json::Null)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (!text.is_empty() && !kind.name.is_empty()).then_some(text)
    };
    let fold = |text: &str| {
        let text = text.trim();
        if folded {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for text in rows.iter().filter_map(key) {
        *counts.entry(fold(&text)).or_default() += 1;
    }
    rows.iter()
        .map(|row| key(row).filter(|text| counts.get(&fold(text)).is_some_and(|n| *n > 1)))
        .collect()
}

fn delete(request: &Request<'_>) -> Result<Answer, Refused> {
    let ids = request.call.param("ids").filter(|i| !i.is_empty());
    let ids =
        ids.ok_or_else(|| Refused::new(400, "MISSING_ARGUMENT", "The ids parameter is required"))?;
    let rows: Vec<Json> = ids.split(',').map(|id| Json::from(id.trim())).collect();
    too_many(rows.len())?;
    let all_or_none = request
        .call
        .param("allOrNone")
        .is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let schema = request.org.schema();
    let outcomes = request.org.each_row(&rows, all_or_none, |_, row| {
        let id = row.as_str().unwrap_or_default();
        let wrong = || RowError::new("MALFORMED_ID", format!("malformed id {id}"));
        let full = ids::normal(id).ok_or_else(wrong)?;
        let kind = schema.by_id(&full).ok_or_else(wrong)?;
        let id = request.org.delete(kind, &full).map_err(missing_row)?;
        Ok(Outcome::done(id, None))
    });
    let outcomes = outcomes.map_err(|t| t.refused(&[]))?;
    Ok(Answer::json(200, request.org.results(&outcomes, false)?))
}
