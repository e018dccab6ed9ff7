//! `GET /limits` and `GET /limits/recordCount`.

use super::Request;
use crate::http::{Answer, Refused};
use crate::json::{Json, object};
use crate::org::schema::{Object, Root};

/// Limits that nothing here uses up, with their sizes in a Developer Edition org.
const UNUSED: [(&str, i64); 22] = [
    ("ConcurrentAsyncGetReportInstances", 200),
    ("ConcurrentSyncReportRuns", 20),
    ("DailyAsyncApexExecutions", 250_000),
    ("DailyBulkV2QueryFileStorageMB", 976_562),
    ("DailyDurableGenericStreamingApiEvents", 10_000),
    ("DailyDurableStreamingApiEvents", 10_000),
    ("DailyGenericStreamingApiEvents", 10_000),
    ("DailyStreamingApiEvents", 10_000),
    ("DailyWorkflowEmails", 390),
    ("DurableStreamingApiConcurrentClients", 20),
    ("FileStorageMB", 20),
    ("HourlyAsyncReportRuns", 1_200),
    ("HourlyDashboardRefreshes", 200),
    ("HourlyDashboardResults", 5_000),
    ("HourlyDashboardStatuses", 999_999_999),
    ("HourlyODataCallout", 10_000),
    ("HourlySyncReportRuns", 500),
    ("HourlyTimeBasedWorkflow", 50),
    ("MassEmail", 10),
    ("PermissionSets", 1_500),
    ("SingleEmail", 15),
    ("StreamingApiConcurrentClients", 20),
];

/// All limits with what is left.
pub(super) fn all(request: &Request<'_>) -> Result<Answer, Refused> {
    let org = request.org;
    if !org.may_view_setup(&org.acting())? {
        let message = "You don't have permission to view setup and configuration";
        return Err(Refused::new(403, "INSUFFICIENT_ACCESS", message));
    }
    let (most, used) = (org.daily_limit()?, org.calls_today()?);
    let storage = org
        .setting("data_storage_mb")?
        .and_then(|v| v.as_i64())
        .unwrap_or(10_240);
    let entry =
        |max: i64, left: i64| object([("Max", max.into()), ("Remaining", left.max(0).into())]);
    let mut limits = vec![
        ("DailyApiRequests", entry(most, most - used)),
        (
            "DataStorageMB",
            entry(storage, storage - org.storage_kb()? / 1024),
        ),
    ];
    let (batches, queries) = (org.most_batches()?, org.most_query_jobs()?);
    limits.push((
        "DailyBulkApiBatches",
        entry(batches, batches - org.batches_today()?),
    ));
    limits.push((
        "DailyBulkV2QueryJobs",
        entry(queries, queries - org.query_jobs_today()?),
    ));
    limits.extend(UNUSED.iter().map(|(name, max)| (*name, entry(*max, *max))));
    limits.sort_by_key(|(name, _)| *name);
    let mut body = object([]);
    for (name, limit) in limits {
        body.push(name, limit);
    }
    Ok(Answer::json(200, body))
}

/// How many records objects have: those named, or all. Unknown names are left out.
pub(super) fn record_count(request: &Request<'_>) -> Result<Answer, Refused> {
    let schema = request.org.schema();
    let named = |kind: &Object| match request.call.param("sObjects") {
        None => true,
        Some(names) => names
            .split(',')
            .any(|name| name.trim().eq_ignore_ascii_case(&kind.name)),
    };
    let mut counts = Vec::new();
    for kind in schema
        .objects()
        .iter()
        .filter(|o| o.root == Root::Data && named(o))
    {
        let live = if kind.any_field("IsDeleted").is_some() {
            " WHERE \"IsDeleted\" = 0"
        } else {
            ""
        };
        let sql = format!("SELECT count(*) FROM {}{live}", kind.table());
        let count: i64 = request.org.conn().query_row(&sql, [], |row| row.get(0))?;
        counts.push(object([
            ("count", count.into()),
            ("name", kind.name.as_str().into()),
        ]));
    }
    Ok(Answer::json(
        200,
        object([("sObjects", Json::Array(counts))]),
    ))
}
