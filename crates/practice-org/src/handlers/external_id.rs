//! One record by the value of an external id: upsert, read, delete.

use super::rows::{self, choices, read, saved};
use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::Json;
use crate::org::field::{Field, Kind};
use crate::org::schema::Object;
use crate::org::{UpsertRow, ids};

/// `GET`, `PATCH` and `DELETE /sobjects/X/{field}/{value}`, and `GET /sobjects/X/{id}/{relationship}`.
pub(super) fn record(
    request: &Request<'_>,
    name: &str,
    field: &str,
    value: &str,
) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    if let Some(id) = ids::normal(field).filter(|id| id.starts_with(&kind.prefix)) {
        return rows::parent(request, &kind, &id, value);
    }
    let field = key_field(&kind, field)?;
    if field.kind == Kind::Id && matches!(request.call.verb(), "GET" | "HEAD" | "DELETE") {
        return rows::record(request, name, value);
    }
    if looks_like_file(value) {
        return Err(Refused::not_found());
    }
    let given = if field.kind.is_decimal() {
        Json::Number(value.to_owned())
    } else {
        Json::from(value)
    };
    let value = request
        .org
        .key_value(field, &given)
        .map_err(|t| t.refused(&[]))?;
    let found = request.org.find_by_key(&kind, field, &value)?;
    let ids: Vec<String> = found
        .iter()
        .filter(|f| !f.deleted)
        .map(|f| f.id.clone())
        .collect();
    if ids.len() > 1 {
        return Ok(choices(request, &kind, &ids));
    }
    match (request.call.verb(), ids.first()) {
        ("PATCH", _) => upsert(
            request,
            UpsertRow {
                object: &kind,
                key: field,
                value,
                record: &Json::Null,
                update_only: false,
            },
        ),
        ("GET" | "HEAD", Some(id)) => read(request, &kind, id),
        ("DELETE", Some(id)) => {
            request.org.delete(&kind, id).map_err(|t| t.refused(&[]))?;
            Ok(Answer::no_content())
        }
        ("GET" | "HEAD" | "DELETE", None) => Err(Refused::not_found()),
        (other, _) => Err(Refused::method(other, "HEAD,GET,PATCH,DELETE")),
    }
}

fn upsert(request: &Request<'_>, row: UpsertRow<'_>) -> Result<Answer, Refused> {
    let body = request.call.json()?;
    let key = &row.key.name;
    let named = |name: &str| body.get_any_case(name).is_some();
    if named("Id") || named(key) && !request.org.is_on("key_allowed_in_upsert_body")? {
        let name = if named("Id") { "Id" } else { key };
        let message = format!("The {name} field should not be specified in the sobject data.");
        return Err(Refused::new(400, "INVALID_FIELD", message));
    }
    let update_only = request
        .call
        .param("updateOnly")
        .is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let row = UpsertRow {
        record: &body,
        update_only,
        ..row
    };
    let outcome = request
        .org
        .upsert(&row, &request.write_options())
        .map_err(|t| {
            let mut refused = t.refused(&request.call.body);
            if refused.code == "NOT_FOUND" && update_only {
                refused.status = request
                    .org
                    .switch("update_only_missing_status")
                    .ok()
                    .and_then(|v| v.as_i64())
                    .map_or(404, |n| n as u16);
            }
            refused
        })?;
    let created = outcome.created.unwrap_or(false);
    let number: f32 = request
        .version
        .trim_start_matches('v')
        .parse()
        .unwrap_or(67.0);
    let id = outcome.id.unwrap_or_default();
    match created {
        // Up to v45 an update by key answered nothing.
        false if number < 46.0 => Ok(Answer::no_content()),
        _ => Ok(Answer::json(
            if created { 201 } else { 200 },
            saved(&id, (number >= 46.0).then_some(created)),
        )),
    }
}

/// The field that may serve as key, as the single-record resources name the lack of one.
pub(super) fn key_field<'a>(kind: &'a Object, name: &str) -> Result<&'a Field, Refused> {
    let usable = |f: &&Field| f.external_id || f.id_lookup || f.kind == Kind::Id;
    kind.field(name).filter(usable).ok_or_else(|| {
        let message =
            format!("Provided external ID field does not exist or is not accessible: {name}");
        Refused::new(404, "NOT_FOUND", message)
    })
}

/// The real server takes the end of such a path for a file name.
fn looks_like_file(value: &str) -> bool {
    let ending = value.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    value.contains('@')
        && ending.is_some_and(|e| matches!(e.as_str(), "inc" | "jsp" | "css" | "js" | "ico"))
}
