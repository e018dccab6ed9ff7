//! Misbehaviour on request: named, counted, never random.

mod armed;
mod settings;

use std::sync::Arc;

use rusqlite::Connection;

use crate::http::{Call, Refused};
use crate::json::{self, Json, object};
use crate::org::schema::Schema;
use armed::RowFault;
pub(crate) use armed::{After, Armed, Stop};

/// Names, and what each does. The admin endpoint lists them.
pub(crate) const NAMES: &[(&str, &str)] = &[
    ("expired_session", "401 INVALID_SESSION_ID for any token"),
    ("server_unavailable", "503 SERVER_UNAVAILABLE"),
    (
        "html_instead_of_json",
        "a maintenance page in HTML; status (503)",
    ),
    (
        "truncated_body",
        "the answer breaks off halfway; the request took effect",
    ),
    (
        "reset_before",
        "the connection is dropped; nothing took effect",
    ),
    (
        "reset_after",
        "the connection is dropped; the request took effect",
    ),
    (
        "applied_late",
        "the connection is dropped; the request takes effect ms (1000) later",
    ),
    (
        "slow",
        "the request takes effect; the answer comes ms (5000) later",
    ),
    (
        "latency",
        "every request waits ms (100) before it's handled",
    ),
    (
        "duration",
        "every call takes at least ms (250), including the org's own work",
    ),
    (
        "concurrent_limit",
        "403 REQUEST_LIMIT_EXCEEDED, too many concurrent requests",
    ),
    (
        "daily_limit",
        "403 REQUEST_LIMIT_EXCEEDED, daily calls used up",
    ),
    (
        "request_too_long",
        "400 REQUEST_RUNNING_TOO_LONG; nothing took effect",
    ),
    (
        "gateway_limit",
        "a gateway refuses writes of more than rows (50) with 413 and a page in HTML; with cut (false) it drops the \
         connection instead",
    ),
    (
        "lock_rows",
        "UNABLE_TO_LOCK_ROW on rows; fraction (1), values",
    ),
    (
        "row_error",
        "rows are rejected with code (UNKNOWN_EXCEPTION) and message; fields, fraction (1), values",
    ),
    (
        "refuse_request",
        "a row makes the org reject the whole request with code (JSON_PARSER_ERROR), message, status (400); \
         fraction (1), values",
    ),
    ("storage_full", "STORAGE_LIMIT_EXCEEDED on every create"),
    (
        "duplicate_rule",
        "a duplicate rule on email; action (alert or block)",
    ),
    (
        "field_hidden",
        "a field of an object is hidden, as without permission; object, field",
    ),
    (
        "field_gone",
        "a field of an object doesn't exist; object, field",
    ),
    (
        "field_encrypted",
        "a field of an object is encrypted, so that no query can filter by it; object, field",
    ),
    (
        "bulk_job_lost",
        "the next bulk job vanishes after rows (0) of its records",
    ),
    (
        "bulk_job_aborted",
        "somebody aborts the next bulk job after rows (0) of its records",
    ),
    (
        "bulk_job_failed",
        "the next bulk job fails after rows (0) of its records",
    ),
    (
        "bulk_job_stuck",
        "the next bulk job stays InProgress for ms before it does anything; 0 (the default): for good",
    ),
    (
        "bulk_results_late",
        "the results of the next bulk job are there ms (2000) after its end",
    ),
];

/// Faults that work on rows, not on whole requests.
const ON_ROWS: [&str; 5] = [
    "lock_rows",
    "row_error",
    "refuse_request",
    "storage_full",
    "duplicate_rule",
];

/// Faults that concern REST calls alone.
const ON_DATA: [&str; 8] = [
    "expired_session",
    "concurrent_limit",
    "daily_limit",
    "request_too_long",
    "field_hidden",
    "field_gone",
    "field_encrypted",
    "gateway_limit",
];

/// Faults that happen to a bulk job; the request that creates it arms them.
const ON_JOBS: [&str; 5] = [
    "bulk_job_lost",
    "bulk_job_aborted",
    "bulk_job_failed",
    "bulk_job_stuck",
    "bulk_results_late",
];

/// Faults that change what the org looks like.
const ON_FIELDS: [&str; 3] = ["field_hidden", "field_gone", "field_encrypted"];

/// All faults asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<Fault>,
}

/// A fault asked for.
#[derive(Clone, Debug)]
struct Fault {
    id: i64,
    /// As it was given, with `times` counted down.
    definition: Json,
    name: String,
    times: Option<i64>,
    percent: f64,
    path: Option<String>,
    method: Option<String>,
    /// Requests it matched, and those it spoilt.
    seen: i64,
    fired: i64,
}

impl Faults {
    /// Reads what was asked for before the org was served.
    pub(crate) fn load(conn: &Connection) -> rusqlite::Result<Faults> {
        let mut statement = conn.prepare("SELECT id, definition FROM faults ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut faults = Faults::default();
        for row in rows {
            let (id, text) = row?;
            faults.list.extend(
                json::parse(&text)
                    .ok()
                    .and_then(|given| Fault::read(id, given).ok()),
            );
        }
        Ok(faults)
    }

    /// Adds a fault and returns its id.
    pub(crate) fn add(&mut self, conn: &Connection, given: &Json) -> Result<i64, Refused> {
        let mut fault = Fault::read(0, given.clone())?;
        fault = Fault::read(0, settings::checked(&fault.definition)?)?;
        let sql = "INSERT INTO faults (definition) VALUES (?1) RETURNING id";
        fault.id = conn.query_row(sql, [fault.definition.to_string()], |row| row.get(0))?;
        let id = fault.id;
        self.list.push(fault);
        Ok(id)
    }

    /// Forgets all faults, or those of one name.
    pub(crate) fn clear(&mut self, conn: &Connection, name: Option<&str>) -> rusqlite::Result<()> {
        let gone = |f: &Fault| name.is_none_or(|n| n == f.name);
        for fault in self.list.iter().filter(|f| gone(f)) {
            conn.execute("DELETE FROM faults WHERE id = ?1", [fault.id])?;
        }
        self.list.retain(|f| !gone(f));
        Ok(())
    }

    /// The faults as asked for, with their counts.
    pub(crate) fn list(&self) -> Json {
        Json::Array(self.list.iter().map(Fault::to_json).collect())
    }

    /// Decides what happens to a request.
    pub(crate) fn arm(
        &mut self,
        conn: &Connection,
        call: &Call,
        schema: &Arc<Schema>,
    ) -> rusqlite::Result<Armed> {
        self.arm_those(conn, call, schema, |_| true)
    }

    /// Decides what happens to a chunk of a bulk job: what works on rows and fields. `call` is as if the chunk were sent.
    pub(crate) fn arm_chunk(
        &mut self,
        conn: &Connection,
        call: &Call,
        schema: &Arc<Schema>,
    ) -> rusqlite::Result<Armed> {
        let works = |name: &str| ON_ROWS.contains(&name) || ON_FIELDS.contains(&name);
        self.arm_those(conn, call, schema, works)
    }

    fn arm_those(
        &mut self,
        conn: &Connection,
        call: &Call,
        schema: &Arc<Schema>,
        wanted: impl Fn(&str) -> bool,
    ) -> rusqlite::Result<Armed> {
        let mut armed = Armed::default();
        let due = |f: &&mut Fault| wanted(&f.name) && f.matches(call);
        for fault in self.list.iter_mut().filter(due) {
            fault.seen += 1;
            if fault.due() {
                if ON_ROWS.contains(&fault.name.as_str()) {
                    armed.rows.push(RowFault::new(fault.clone()));
                } else {
                    fault.fire();
                    armed.apply(fault, schema);
                }
            }
            fault.save(conn)?;
        }
        self.drop_spent(conn)?;
        Ok(armed)
    }

    /// Takes back row faults that another request used up, or someone forgot, since they were armed.
    pub(crate) fn disarm_spent(&self, armed: &mut Armed) {
        armed
            .rows
            .retain(|r| self.list.iter().any(|f| f.id == r.fault.id));
    }

    /// Counts the row faults that hit, when the request is done.
    pub(crate) fn settle(&mut self, conn: &Connection, armed: &Armed) -> rusqlite::Result<()> {
        for hit in armed.rows.iter().filter(|r| r.hit) {
            if let Some(fault) = self.list.iter_mut().find(|f| f.id == hit.fault.id) {
                fault.fire();
                fault.save(conn)?;
            }
        }
        self.drop_spent(conn)
    }

    fn drop_spent(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        for fault in self.list.iter().filter(|f| f.times == Some(0)) {
            conn.execute("DELETE FROM faults WHERE id = ?1", [fault.id])?;
        }
        self.list.retain(|f| f.times != Some(0));
        Ok(())
    }
}

impl Fault {
    fn read(id: i64, given: Json) -> Result<Fault, Refused> {
        let name = given
            .get("name")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        if !NAMES.iter().any(|(known, _)| *known == name) {
            let names: Vec<&str> = NAMES.iter().map(|(n, _)| *n).collect();
            return Err(Refused::new(
                400,
                "UNKNOWN_FAULT",
                format!(
                    "there's no fault '{name}'. Choose one of {}",
                    names.join(", ")
                ),
            ));
        }
        let matching = given.get("match").cloned().unwrap_or_default();
        let text = |key: &str| matching.get(key).and_then(Json::as_str).map(str::to_owned);
        let number = |key: &str| given.get(key).and_then(Json::as_i64);
        Ok(Fault {
            id,
            name,
            times: number("times").filter(|n| *n > 0),
            percent: given.get("percent").and_then(Json::as_f64).unwrap_or(100.0),
            path: text("path"),
            method: text("method"),
            seen: number("seen").unwrap_or(0),
            fired: number("fired").unwrap_or(0),
            definition: given,
        })
    }

    fn to_json(&self) -> Json {
        let mut json = self.definition.clone();
        json.set("id", self.id);
        json.set("times", self.times);
        json.set("seen", self.seen);
        json.set("fired", self.fired);
        json
    }

    fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached("UPDATE faults SET definition = ?2 WHERE id = ?1")?
            .execute(rusqlite::params![self.id, self.to_json().to_string()])?;
        Ok(())
    }

    fn matches(&self, call: &Call) -> bool {
        let data = call.path.starts_with("/services/data/v");
        let concerned = data
            || !(ON_DATA.contains(&self.name.as_str()) || ON_ROWS.contains(&self.name.as_str()));
        concerned
            && self.path.as_deref().is_none_or(|p| call.path.contains(p))
            && self
                .method
                .as_deref()
                .is_none_or(|m| m.eq_ignore_ascii_case(&call.method))
            && (!ON_JOBS.contains(&self.name.as_str()) || creates_job(call))
            && (self.name != "gateway_limit" || rows_of(call) > self.number("rows", 50))
    }

    /// Whether this is one of the requests that a percentage picks: evenly spread, the same each time.
    fn due(&self) -> bool {
        let share = |n: i64| (n as f64 * self.percent / 100.0 + 1e-9).floor();
        share(self.seen) > share(self.seen - 1)
    }

    fn fire(&mut self) {
        self.fired += 1;
        self.times = self.times.map(|n| n - 1);
    }

    fn number(&self, name: &str, default: u64) -> u64 {
        self.definition
            .get(name)
            .and_then(Json::as_i64)
            .and_then(|n| u64::try_from(n).ok())
            .unwrap_or(default)
    }

    fn whole(&self, name: &str, default: i64) -> i64 {
        let value = self.definition.get(name);
        value.and_then(Json::as_i64).unwrap_or(default)
    }

    fn is_set(&self, name: &str) -> bool {
        let value = self.definition.get(name);
        value.and_then(Json::as_bool).unwrap_or(false)
    }

    fn text<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.definition
            .get(name)
            .and_then(Json::as_str)
            .unwrap_or(default)
    }
}

/// Whether a request creates a bulk job.
fn creates_job(call: &Call) -> bool {
    let path = call.path.trim_end_matches('/');
    call.method == "POST" && (path.ends_with("/jobs/ingest") || path.ends_with("/jobs/query"))
}

/// How many rows a request writes.
fn rows_of(call: &Call) -> u64 {
    let body = call.json().unwrap_or_default();
    body.get("records")
        .map_or(0, |rows| rows.items().len() as u64)
}

/// Names and meanings, for the admin endpoint.
pub(crate) fn names() -> Json {
    let mut all = object([]);
    for (name, about) in NAMES {
        all.push(name, *about);
    }
    all
}

#[cfg(test)]
mod tests;
