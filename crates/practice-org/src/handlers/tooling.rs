//! The part of the Tooling API that makes and finds custom fields.

use super::{Request, describe, query, rows};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::Org;
use crate::org::ids;
use crate::org::schema::Root;

/// Answers what follows `/tooling`.
pub(super) fn answer(request: &Request<'_>, parts: &[&str]) -> Result<Answer, Refused> {
    let verb = request.call.verb();
    match (verb, parts) {
        ("GET", ["query"]) => query::first(request, false, true),
        ("GET", ["query", locator]) => query::next(request, locator),
        ("GET", ["sobjects"]) => {
            let schema = request.org.schema();
            let objects = schema
                .objects()
                .iter()
                .filter(|o| o.root != Root::Data)
                .map(|o| describe::summary(o, request.version));
            let body = object([
                ("encoding", "UTF-8".into()),
                ("maxBatchSize", 200_i64.into()),
                ("sobjects", array(objects)),
            ]);
            Ok(Answer::json(200, body))
        }
        ("GET", ["sobjects", name, "describe"]) => describe::one(request, name, true),
        ("POST", ["sobjects", "CustomField"]) => {
            let id = request.org.create_custom_field(&request.call.json()?)?;
            Ok(Answer::json(201, Org::custom_field_answer(&id)))
        }
        ("GET", ["sobjects", "CustomField", id]) => {
            let schema = request.org.schema();
            let kind = schema
                .object("CustomField")
                .ok_or_else(Refused::not_found)?;
            let id = ids::normal(id).ok_or_else(Refused::not_found)?;
            rows::read(request, kind, &id)
        }
        ("DELETE", ["sobjects", "CustomField", id]) => {
            request.org.delete_custom_field(id)?;
            Ok(Answer::no_content())
        }
        (_, []) => Ok(Answer::json(
            200,
            object([(
                "sobjects",
                Json::from(format!(
                    "/services/data/{}/tooling/sobjects",
                    request.version
                )),
            )]),
        )),
        _ => Err(Refused::not_found()),
    }
}
