//! `GET` and `PUT /practice-org/admin/limits`.

use crate::http::{Answer, Refused};
use crate::json::{Json, object};
use crate::org::Org;

/// Limits that can be set, and where they stand.
pub(super) fn limits(org: &Org) -> Result<Answer, Refused> {
    let body = object([
        ("daily_api_requests", org.daily_limit()?.into()),
        ("api_requests_used", org.calls_today()?.into()),
        (
            "data_storage_mb",
            org.setting("data_storage_mb")?.unwrap_or_default(),
        ),
        ("data_storage_used_kb", org.storage_kb()?.into()),
        (
            "session_seconds",
            org.number("session_seconds", 7200)?.into(),
        ),
        ("daily_bulk_batches", org.most_batches()?.into()),
        ("bulk_batches_used", org.batches_today()?.into()),
        ("daily_bulk_query_jobs", org.most_query_jobs()?.into()),
    ]);
    Ok(Answer::json(200, body))
}

/// Sets those that are given.
pub(super) fn set_limits(org: &Org, body: &Json) -> Result<Answer, Refused> {
    for member in body.members() {
        let number = member.value.as_i64().filter(|n| *n >= 0);
        match (member.name.as_str(), number) {
            ("data_storage_mb", None) if member.value == Json::Null => {
                org.set_setting("data_storage_mb", &Json::Null)?
            }
            ("api_requests_used", Some(n)) => org.set_calls_today(n)?,
            (
                "daily_api_requests"
                | "data_storage_mb"
                | "session_seconds"
                | "daily_bulk_batches"
                | "daily_bulk_query_jobs",
                Some(_),
            ) => org.set_setting(&member.name, &member.value)?,
            _ => {
                return Err(Refused::new(
                    400,
                    "INVALID_LIMIT",
                    format!("no limit {} of {}", member.name, member.value),
                ));
            }
        }
    }
    limits(org)
}
