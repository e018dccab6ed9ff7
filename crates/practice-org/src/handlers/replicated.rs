//! `GET /sobjects/X/updated` and `/deleted`: which records changed in a span of time.
//!
//! # Source
//! REST API Developer Guide, "sObject Get Updated" and "sObject Get Deleted"; SOAP API Developer Guide, "`getDeleted()`".

use std::sync::Arc;

use rusqlite::params;

use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::schema::Object;
use crate::org::values;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Most ids in an answer.
const MOST: usize = 600_000;

/// A span of whole minutes, UTC milliseconds; the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    start_ms: i64,
    end_ms: i64,
    /// Where the next span should begin: more may still happen in the minute at hand.
    covered_ms: i64,
}

/// Ids of the records that were created or changed.
pub(super) fn updated(request: &Request<'_>, name: &str) -> Result<Answer, Refused> {
    let kind = replicated(request, name)?;
    let span = span(request, 30)?;
    let ids = changed(request, &kind, span, false)?.into_iter();
    let ids = array(ids.map(|(id, _)| id));
    let body = [("ids", ids), ("latestDateCovered", covered(span))];
    Ok(Answer::json(200, object(body)))
}

/// Ids of the records that were deleted, each with its moment.
pub(super) fn deleted(request: &Request<'_>, name: &str) -> Result<Answer, Refused> {
    let kind = replicated(request, name)?;
    let span = span(request, 15)?;
    let deleted = changed(request, &kind, span, true)?.into_iter();
    let records = deleted.map(|(id, ms)| {
        object([
            ("deletedDate", values::datetime_text(ms).into()),
            ("id", id.into()),
        ])
    });
    let body = [
        ("deletedRecords", array(records)),
        ("earliestDateAvailable", earliest(request, &kind)?),
        ("latestDateCovered", covered(span)),
    ];
    Ok(Answer::json(200, object(body)))
}

/// The object of a path, if its records carry what the resources look at.
fn replicated(request: &Request<'_>, name: &str) -> Result<Arc<Object>, Refused> {
    let kind = object_named(request, name)?;
    if kind.any_field("SystemModstamp").is_some() && kind.any_field("IsDeleted").is_some() {
        return Ok(kind);
    }
    let message = format!("entity type {} does not support replication", kind.name);
    Err(Refused::new(400, "INVALID_TYPE_FOR_OPERATION", message))
}

fn span(request: &Request<'_>, days: i64) -> Result<Span, Refused> {
    let moment = |name: &str| {
        let text = request.call.param(name).filter(|t| !t.trim().is_empty());
        let text = text.ok_or_else(|| {
            Refused::new(
                400,
                "MISSING_ARGUMENT",
                format!("Missing required parameter: {name}"),
            )
        })?;
        // A plus sign that was not encoded arrives as a blank.
        values::datetime_ms(text.trim().replace(' ', "+").as_str())
            .ok_or_else(|| refused(format!("{name} is not a valid date and time: {text}")))
    };
    check(moment("start")?, moment("end")?, values::now_ms(), days)
}

/// Seconds don't count. The span must hold a minute and begin at most so many days ago.
fn check(start_ms: i64, end_ms: i64, now_ms: i64, days: i64) -> Result<Span, Refused> {
    let minute = |ms: i64| ms.div_euclid(MINUTE_MS) * MINUTE_MS;
    let (start_ms, end_ms) = (minute(start_ms), minute(end_ms));
    if end_ms - start_ms < MINUTE_MS {
        let message = "The end date must be more than one minute after the start date";
        return Err(refused(message.to_owned()));
    }
    if start_ms < minute(now_ms) - days * DAY_MS {
        return Err(refused(format!(
            "The start date must be within the last {days} days"
        )));
    }
    Ok(Span {
        start_ms,
        end_ms,
        covered_ms: end_ms.min(minute(now_ms)),
    })
}

fn refused(message: String) -> Refused {
    Refused::new(400, "INVALID_REPLICATION_DATE", message)
}

fn changed(
    request: &Request<'_>,
    kind: &Object,
    span: Span,
    deleted: bool,
) -> Result<Vec<(String, i64)>, Refused> {
    let sql = format!(
        "SELECT \"Id\", \"SystemModstamp\" FROM {} WHERE \"IsDeleted\" = ?1 AND \"SystemModstamp\" >= ?2
         AND \"SystemModstamp\" < ?3 ORDER BY \"SystemModstamp\", row LIMIT ?4",
        kind.table()
    );
    let mut statement = request.org.conn().prepare_cached(&sql)?;
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![deleted, span.start_ms, span.end_ms, limit], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let rows: Vec<(String, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    if rows.len() > MOST {
        let message = format!("More than {MOST} records changed. Ask for a shorter span of time.");
        return Err(Refused::new(400, "EXCEEDED_ID_LIMIT", message));
    }
    Ok(rows)
}

fn covered(span: Span) -> Json {
    values::datetime_text(span.covered_ms).into()
}

/// The moment of the oldest record in the recycle bin; now, if it is empty.
fn earliest(request: &Request<'_>, kind: &Object) -> Result<Json, Refused> {
    let sql = format!(
        "SELECT min(\"SystemModstamp\") FROM {} WHERE \"IsDeleted\" = 1",
        kind.table()
    );
    let mut statement = request.org.conn().prepare_cached(&sql)?;
    let oldest: Option<i64> = statement.query_row([], |row| row.get(0))?;
    Ok(values::datetime_text(oldest.unwrap_or_else(values::now_ms)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_whole_minutes_within_its_days() {
        let now = 100 * DAY_MS;
        let span = check(now - 90_000, now - 30_000 + 5, now, 15).unwrap();
        assert_eq!(
            span.end_ms - span.start_ms,
            MINUTE_MS,
            "seconds don't count"
        );
        let ahead = check(now, now + 60 * MINUTE_MS, now, 15).unwrap();
        assert_eq!(ahead.covered_ms, now, "what is still to come isn't covered");
        let code = |start, end| check(start, end, now, 15).unwrap_err().code;
        assert_eq!(code(now - 50_000, now - 10_000), "INVALID_REPLICATION_DATE");
        assert_eq!(code(now - 16 * DAY_MS, now), "INVALID_REPLICATION_DATE");
        assert_eq!(code(now, now - MINUTE_MS), "INVALID_REPLICATION_DATE");
    }
}
