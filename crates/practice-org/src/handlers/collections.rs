//! sObject Collections: create, update, upsert and delete of up to 200 records.

use super::external_id::key_field;
use super::row_writes::{Upserts, create_row, delete_row, update_row};
use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::Json;
use crate::org::{RowError, Trouble};

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
        if update {
            update_row(request.org, kind, row, &options, &mut seen)
        } else {
            create_row(request.org, kind, row, &options)
        }
    });
    let outcomes = outcomes.map_err(|t| t.refused(&request.call.body))?;
    Ok(Answer::json(200, request.org.results(&outcomes, false)?))
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
    let upserts = Upserts::new(request.org, &kind, field, rows, &options)?;
    let outcomes = request.org.each_row(rows, all_or_none, |n, row| {
        if !type_of(row).is_some_and(|t| t.eq_ignore_ascii_case(&kind.name)) {
            let message =
                "The sobject type in the attributes of each record must be that of the URL";
            return Err(RowError::new("INVALID_TYPE", message).into());
        }
        upserts.write(n, all_or_none)
    });
    let outcomes = outcomes.map_err(|t| t.refused(&request.call.body))?;
    Ok(Answer::json(200, request.org.results(&outcomes, true)?))
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
    let outcomes = request.org.each_row(&rows, all_or_none, |_, row| {
        delete_row(request.org, row.as_str().unwrap_or_default(), None)
    });
    let outcomes = outcomes.map_err(|t| t.refused(&[]))?;
    Ok(Answer::json(200, request.org.results(&outcomes, false)?))
}
