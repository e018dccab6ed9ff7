//! `POST /practice-org/admin/records/{action}`: what people do in the org by hand.

use super::required;
use crate::http::{Answer, Refused};
use crate::json::{Json, object};
use crate::org::Org;

/// Converts, merges, edits, deletes, undeletes or purges.
pub(super) fn change(org: &Org, action: &str, body: &Json) -> Result<Answer, Refused> {
    let done = match action {
        "convert-lead" => org.convert_lead(
            required(body, "id")?,
            body.get("contact_id").and_then(Json::as_str),
        ),
        "merge" => {
            let losers: Vec<String> = body
                .get("losers")
                .map(Json::items)
                .unwrap_or_default()
                .iter()
                .filter_map(|l| l.as_str().map(str::to_owned))
                .collect();
            org.merge(required(body, "winner")?, &losers)
        }
        "delete" => {
            let schema = org.schema();
            let (kind, id) = org
                .known(&schema, required(body, "id")?)
                .map_err(|t| t.refused(&[]))?;
            org.delete(kind, &id)
                .map(|id| object([("id", id.into()), ("success", true.into())]))
        }
        "edit" => org
            .edit_by_colleague(
                required(body, "id")?,
                body.get("fields").unwrap_or(&Json::Null),
                body.get("behind_ms")
                    .and_then(Json::as_i64)
                    .unwrap_or_default(),
            )
            .map(|id| object([("id", id.into()), ("success", true.into())])),
        "undelete" => org
            .undelete(required(body, "id")?)
            .map(|()| object([("success", true.into())])),
        "purge" => org
            .purge(required(body, "id")?)
            .map(|()| object([("success", true.into())])),
        _ => return Err(Refused::not_found()),
    };
    done.map(|json| Answer::json(200, json))
        .map_err(|t| t.refused(&[]))
}
