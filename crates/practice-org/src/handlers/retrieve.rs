//! `GET` and `POST /composite/sobjects/X`: many records by id.

use super::rows::chosen;
use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::Json;

/// Most ids in a request.
const MOST: usize = 2000;

/// Records in the order of their ids, null where there is none.
pub(super) fn records(request: &Request<'_>, name: &str) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    let split = |text: &str| {
        text.split(',')
            .map(|s| s.trim().to_owned())
            .collect::<Vec<String>>()
    };
    let (ids, fields) = match request.call.verb() {
        "POST" => {
            let body = request.call.json()?;
            let list = |name: &str| {
                body.get(name).map(|v| {
                    v.items()
                        .iter()
                        .filter_map(|i| i.as_str().map(str::to_owned))
                        .collect()
                })
            };
            (list("ids"), list("fields"))
        }
        _ => (
            request.call.param("ids").map(split),
            request.call.param("fields").map(split),
        ),
    };
    let missing = |name: &str| {
        Refused::new(
            400,
            "MISSING_ARGUMENT",
            format!("The required field '{name}' is missing"),
        )
    };
    let ids = ids
        .filter(|i| !i.is_empty())
        .ok_or_else(|| missing("ids"))?;
    let fields = fields
        .filter(|f| !f.is_empty())
        .ok_or_else(|| missing("fields"))?;
    if ids.len() > MOST {
        let message =
            format!("record limit reached. cannot submit more than {MOST} records into this call");
        return Err(Refused::new(400, "EXCEEDED_ID_LIMIT", message));
    }
    let fields = chosen(&kind, Some(&fields.join(",")))?;
    let records = request.org.read(&kind, &ids, &fields, request.version)?;
    Ok(Answer::json(
        200,
        Json::Array(records.into_iter().map(Option::unwrap_or_default).collect()),
    ))
}
