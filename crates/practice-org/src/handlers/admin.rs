//! `/practice-org/admin/…`: what only a practice org has. Every call needs the header `X-Admin-Key`.

mod records;
mod state;

use crate::faults;
use crate::http::{Answer, Call, Refused};
use crate::json::{Json, object};
use crate::org::Org;
use crate::secret::same;

/// Where the admin endpoints begin.
pub(crate) const ROOT: &str = "/practice-org/admin";

/// Answers an admin call.
pub(super) fn answer(org: &Org, call: &Call, key: &str) -> Answer {
    if !call
        .header("x-admin-key")
        .is_some_and(|given| same(given, key))
    {
        return Refused::new(
            403,
            "ADMIN_KEY_REQUIRED",
            "The header X-Admin-Key is missing or wrong. The key is in the port file beside the org's file.",
        )
        .answer()
        .for_a_guess();
    }
    let result = org.attempt(|| {
        let answer = dispatch(org, call)?;
        Ok((answer, true))
    });
    result.unwrap_or_else(|refused| refused.answer())
}

fn dispatch(org: &Org, call: &Call) -> Result<Answer, Refused> {
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    let body = || {
        if call.body.is_empty() {
            Ok(object([]))
        } else {
            call.json()
        }
    };
    match (call.method.as_str(), &parts[..]) {
        ("POST", ["faults"]) => {
            let id = org.faults.borrow_mut().add(org.conn(), &body()?)?;
            Ok(Answer::json(201, object([("id", id.into())])))
        }
        ("GET", ["faults"]) => {
            let list = org.faults.borrow().list();
            Ok(Answer::json(
                200,
                object([("faults", list), ("names", faults::names())]),
            ))
        }
        ("DELETE", ["faults"]) => {
            org.faults
                .borrow_mut()
                .clear(org.conn(), call.param("name"))?;
            Ok(Answer::no_content())
        }
        ("GET", ["switches"]) => Ok(Answer::json(200, org.switches()?)),
        ("PUT", ["switches"]) => {
            org.set_switches(&body()?)?;
            Ok(Answer::json(200, org.switches()?))
        }
        ("GET", ["rules"]) => Ok(Answer::json(200, org.rules())),
        ("POST", ["rules"]) => Ok(Answer::json(201, org.add_rule(&body()?)?)),
        ("DELETE", ["rules", object, name]) => {
            org.remove_rule(object, name)?;
            Ok(Answer::no_content())
        }
        ("GET", ["record-types"]) => Ok(Answer::json(200, org.record_types())),
        ("POST", ["record-types"]) => Ok(Answer::json(201, org.add_record_type(&body()?)?)),
        ("DELETE", ["record-types", object, name]) => {
            org.remove_record_type(object, name)?;
            Ok(Answer::no_content())
        }
        ("GET", ["objects"]) => Ok(Answer::json(200, org.custom_objects()?)),
        ("POST", ["objects"]) => Ok(Answer::json(201, org.add_custom_object(&body()?)?)),
        ("GET", ["adopted"]) => Ok(Answer::json(200, org.adopted()?)),
        ("POST", ["adopted"]) => Ok(Answer::json(200, org.adopt(&body()?)?)),
        ("GET", ["fields"]) => Ok(Answer::json(200, org.withheld())),
        ("PUT", ["fields"]) => {
            org.set_access(&body()?)?;
            Ok(Answer::json(200, org.withheld()))
        }
        ("GET", ["profiles"]) => Ok(Answer::json(200, org.profiles()?)),
        ("PUT", ["profiles"]) => {
            org.set_profile(&body()?)?;
            Ok(Answer::json(200, org.profiles()?))
        }
        ("PUT", ["runs-as"]) => {
            org.set_runs_as(&body()?)?;
            Ok(Answer::json(200, org.profiles()?))
        }
        ("POST", ["apps"]) => Ok(Answer::json(201, org.register_app(&body()?)?.to_json())),
        ("PATCH", ["apps", client_id]) => Ok(Answer::json(
            200,
            org.change_app(client_id, &body()?)?.to_json(),
        )),
        ("GET", ["apps"]) => Ok(Answer::json(200, org.apps()?)),
        ("POST", ["records", action]) => records::change(org, action, &body()?),
        ("GET", ["assignments"]) => Ok(Answer::json(200, org.assignments(call.param("id"))?)),
        ("GET", ["requests"]) => {
            let most = call
                .param("limit")
                .and_then(|n| n.parse().ok())
                .unwrap_or(200);
            Ok(Answer::json(200, org.recent_requests(most)?))
        }
        ("GET", ["counters"]) => Ok(Answer::json(200, org.counters()?)),
        ("GET", ["limits"]) => state::limits(org),
        ("PUT", ["limits"]) => state::set_limits(org, &body()?),
        ("POST", ["sessions", "expire"]) => Ok(Answer::json(
            200,
            object([("ended", org.expire_sessions()?.into())]),
        )),
        ("POST", ["sessions", "revoke"]) => Ok(Answer::json(
            200,
            object([("ended", org.revoke_everything()?.into())]),
        )),
        ("POST", ["sample"]) => {
            let added =
                crate::sample::fill(org).map_err(|e| Refused::new(400, "SAMPLE", e.to_string()))?;
            Ok(Answer::json(200, object([("added", added.into())])))
        }
        _ => Err(Refused::not_found()),
    }
}

/// A text member that must be there.
fn required<'a>(body: &'a Json, name: &str) -> Result<&'a str, Refused> {
    body.get(name)
        .and_then(Json::as_str)
        .ok_or_else(|| Refused::new(400, "MISSING_ARGUMENT", format!("{name} is missing")))
}
