//! `POST /sobjects/X` and one record by its id.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::preconditions::{self, Current};
use super::{Request, describe, object_named, recent};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::field::Field;
use crate::org::ids;
use crate::org::schema::Object;

/// `GET` and `POST /sobjects/X`.
pub(super) fn one(request: &Request<'_>, name: &str) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    if request.call.verb() == "POST" {
        return create(request, &kind);
    }
    let body = object([
        ("objectDescribe", describe::summary(&kind, request.version)),
        ("recentItems", array(recent::of(request, &[&kind], 200)?)),
    ]);
    Ok(Answer::json(200, body))
}

/// Creates a record.
pub(super) fn create(request: &Request<'_>, kind: &Object) -> Result<Answer, Refused> {
    let body = request.call.json()?;
    let created = request.org.create(kind, &body, &request.write_options());
    let id = created.map_err(|t| t.refused(&request.call.body))?;
    let location = format!(
        "/services/data/{}/sobjects/{}/{id}",
        request.version, kind.name
    );
    Ok(Answer::json(201, saved(&id, None)).with("Location", location))
}

/// `{"id","success","errors"}`, with `created` for upserts.
pub(super) fn saved(id: &str, created: Option<bool>) -> Json {
    let mut body = object([
        ("id", id.into()),
        ("success", true.into()),
        ("errors", Json::Array(Vec::new())),
    ]);
    if let Some(created) = created {
        body.push("created", created);
    }
    body
}

/// `GET`, `PATCH` and `DELETE /sobjects/X/{id}`; `POST /sobjects/X/Id` creates.
pub(super) fn record(request: &Request<'_>, name: &str, id: &str) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    let verb = request.call.verb();
    if verb == "POST" && id.eq_ignore_ascii_case("id") {
        return create(request, &kind);
    }
    let id = ids::normal(id)
        .filter(|i| i.starts_with(&kind.prefix))
        .ok_or_else(|| {
            let message =
                "Provided external ID field does not exist or is not accessible: ".to_owned() + id;
            if id.len() == 15 || id.len() == 18 {
                malformed(&kind, id)
            } else {
                Refused::new(404, "NOT_FOUND", message)
            }
        })?;
    match verb {
        "GET" | "HEAD" => read(request, &kind, &id),
        "PATCH" => {
            if let Some(current) = current(request, &kind, &id)? {
                preconditions::expected(request.call, &current)?;
            }
            let body = request.call.json()?;
            if body.get_any_case("Id").is_some() {
                let message = "The Id field should not be specified in the sobject data.";
                return Err(Refused::new(400, "INVALID_FIELD", message));
            }
            let updated = request
                .org
                .update(&kind, &id, &body, &request.write_options());
            updated.map_err(|t| t.refused(&request.call.body))?;
            Ok(Answer::no_content())
        }
        "DELETE" => {
            request.org.delete(&kind, &id).map_err(|t| t.refused(&[]))?;
            Ok(Answer::no_content())
        }
        other => Err(Refused::method(other, "HEAD,GET,PATCH,DELETE")),
    }
}

fn malformed(kind: &Object, id: &str) -> Refused {
    Refused::new(
        400,
        "MALFORMED_ID",
        format!("{} ID: id value of incorrect type: {id}", kind.label),
    )
}

/// One record with the fields asked for, or all.
pub(super) fn read(request: &Request<'_>, kind: &Object, id: &str) -> Result<Answer, Refused> {
    if let Some((_, true)) = request.org.state(kind, id)? {
        return Err(Refused::new(404, "ENTITY_IS_DELETED", "entity is deleted"));
    }
    let missing = || {
        let message = "Provided external ID field does not exist or is not accessible: ";
        Refused::new(404, "NOT_FOUND", message.to_owned() + id)
    };
    let current = current(request, kind, id)?.ok_or_else(missing)?;
    let fields = chosen(kind, request.call.param("fields"))?;
    preconditions::read(request.call, &current, || {
        let mut records = request
            .org
            .read(kind, &[id.to_owned()], &fields, request.version)?;
        let record = records.pop().flatten().ok_or_else(missing)?;
        Ok(Answer::json(200, record))
    })
}

/// The record that a lookup of another one points to. Lists of children are asked for by query here.
pub(super) fn parent(
    request: &Request<'_>,
    kind: &Object,
    id: &str,
    relationship: &str,
) -> Result<Answer, Refused> {
    let verb = request.call.verb();
    let lookup = kind.relation(relationship).ok_or_else(Refused::not_found)?;
    if !matches!(verb, "GET" | "HEAD") {
        return Err(Refused::method(verb, "HEAD,GET"));
    }
    let ids = [id.to_owned()];
    let mut found = request.org.read(kind, &ids, &[lookup], request.version)?;
    let record = found.pop().flatten().ok_or_else(Refused::not_found)?;
    let parent = record.get(&lookup.name).and_then(Json::as_str);
    let parent = parent.ok_or_else(Refused::not_found)?;
    let schema = request.org.schema();
    let target = schema.by_id(parent).ok_or_else(Refused::not_found)?;
    read(request, target, parent)
}

/// The fields a comma list names; all visible ones without a list.
pub(super) fn chosen<'a>(kind: &'a Object, list: Option<&str>) -> Result<Vec<&'a Field>, Refused> {
    let Some(list) = list.filter(|l| !l.is_empty()) else {
        return Ok(kind.visible().collect());
    };
    let one = |name: &str| {
        kind.field(name).ok_or_else(|| {
            let message = format!(
                "\n{name}\n^\nERROR at Row:1:Column:1\nNo such column '{name}' on entity '{}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
                kind.name
            );
            Refused::new(400, "INVALID_FIELD", message)
        })
    };
    list.split(',').map(|name| one(name.trim())).collect()
}

/// A record as a conditional request sees it; nothing if there is none.
fn current(request: &Request<'_>, kind: &Object, id: &str) -> Result<Option<Current>, Refused> {
    let Some((changed_ms, _)) = request.org.state(kind, id)? else {
        return Ok(None);
    };
    let tag = if kind.name == "Account" {
        Some(tag(request, kind, id)?)
    } else {
        None
    };
    Ok(Some(Current { changed_ms, tag }))
}

/// The entity tag of a record: a digest of all it holds. Only accounts have one.
fn tag(request: &Request<'_>, kind: &Object, id: &str) -> Result<String, Refused> {
    let fields: Vec<&Field> = kind.visible().collect();
    let record = request.org.read(kind, &[id.to_owned()], &fields, "")?;
    let text = Json::Array(record.into_iter().flatten().collect()).to_string();
    let digest = Sha256::digest(text.as_bytes());
    Ok(format!("\"{}\"", STANDARD.encode(&digest[..18])))
}

/// Paths of several records, the body of a 300.
pub(super) fn choices(request: &Request<'_>, kind: &Object, ids: &[String]) -> Answer {
    let paths = ids.iter().map(|id| {
        format!(
            "/services/data/{}/sobjects/{}/{id}",
            request.version, kind.name
        )
    });
    Answer::json(300, array(paths))
}
