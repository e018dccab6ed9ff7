//! Misbehaviour on request: named, counted, never random.

use std::sync::Arc;

use rusqlite::Connection;

use crate::http::{Answer, Call, Refused};
use crate::json::{self, Json, object};
use crate::org::field::Access;
use crate::org::schema::Schema;
use crate::org::{RowError, Trouble};

/// Names, and what each does. The admin endpoint lists them.
pub(crate) const NAMES: &[(&str, &str)] = &[
    (
        "expired_session",
        "401 INVALID_SESSION_ID, whatever the token",
    ),
    ("server_unavailable", "503 SERVER_UNAVAILABLE"),
    (
        "html_instead_of_json",
        "a maintenance page in HTML; status (503)",
    ),
    (
        "truncated_body",
        "the answer breaks off half-way; the request took effect",
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
        "every request waits ms (100) before it is looked at",
    ),
    (
        "concurrent_limit",
        "403 REQUEST_LIMIT_EXCEEDED, too many long calls",
    ),
    (
        "daily_limit",
        "403 REQUEST_LIMIT_EXCEEDED, calls of the day used up",
    ),
    (
        "request_too_long",
        "400 REQUEST_RUNNING_TOO_LONG; nothing took effect",
    ),
    (
        "lock_rows",
        "UNABLE_TO_LOCK_ROW on rows; fraction (1), values",
    ),
    (
        "row_error",
        "rows are refused with code (UNKNOWN_EXCEPTION) and message; fields, fraction (1), values",
    ),
    (
        "refuse_request",
        "a row makes the org refuse the whole request with code (JSON_PARSER_ERROR), message, status (400); fraction (1), values",
    ),
    ("storage_full", "STORAGE_LIMIT_EXCEEDED on every create"),
    (
        "duplicate_rule",
        "a duplicate rule on e-mail; action (alert or block)",
    ),
    (
        "field_hidden",
        "object's field is not seen, as without permission",
    ),
    ("field_gone", "object's field is not there"),
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
const ON_DATA: [&str; 6] = [
    "expired_session",
    "concurrent_limit",
    "daily_limit",
    "request_too_long",
    "field_hidden",
    "field_gone",
];

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

/// What happens to the request at hand.
#[derive(Debug, Default)]
pub(crate) struct Armed {
    /// Wait before anything.
    pub(crate) latency_ms: u64,
    /// Wait before answering.
    pub(crate) slow_ms: u64,
    /// Do not carry it out.
    pub(crate) stop: Option<Stop>,
    /// Carry it out, then do not answer properly.
    pub(crate) after: Option<After>,
    /// The session counts as expired.
    pub(crate) expired: bool,
    /// The day's calls count as used up.
    pub(crate) daily_limit: bool,
    /// The schema with fields hidden or gone.
    pub(crate) schema: Option<Arc<Schema>>,
    rows: Vec<RowFault>,
}

/// A request that is not carried out.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// It is answered so.
    Answer(Answer),
    /// The connection is dropped.
    Drop,
}

/// A request that is carried out and not answered properly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum After {
    /// The connection is dropped.
    Drop,
    /// The answer breaks off.
    Truncate,
    /// The connection is dropped first; it is carried out so many milliseconds later.
    Late(u64),
}

#[derive(Debug)]
struct RowFault {
    fault: Fault,
    rows: i64,
    hit: bool,
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
        let sql = "INSERT INTO faults (definition) VALUES (?1) RETURNING id";
        fault.id = conn.query_row(sql, [given.to_string()], |row| row.get(0))?;
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
        let mut armed = Armed::default();
        for fault in self.list.iter_mut().filter(|f| f.matches(call)) {
            fault.seen += 1;
            if fault.due() {
                if ON_ROWS.contains(&fault.name.as_str()) {
                    armed.rows.push(RowFault {
                        fault: fault.clone(),
                        rows: 0,
                        hit: false,
                    });
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
                format!("no fault '{name}'; there are {}", names.join(", ")),
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

    fn text<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.definition
            .get(name)
            .and_then(Json::as_str)
            .unwrap_or(default)
    }
}

impl Armed {
    fn apply(&mut self, fault: &Fault, schema: &Arc<Schema>) {
        match fault.name.as_str() {
            "latency" => self.latency_ms += fault.number("ms", 100),
            "slow" => self.slow_ms += fault.number("ms", 5000),
            "expired_session" => self.expired = true,
            "daily_limit" => self.daily_limit = true,
            "server_unavailable" => self.stop_with(&Refused::new(
                503,
                "SERVER_UNAVAILABLE",
                "Server Unavailable",
            )),
            "concurrent_limit" => {
                self.stop_with(&Refused::new(
                    403,
                    "REQUEST_LIMIT_EXCEEDED",
                    "ConcurrentPerOrgLongTxn Limit exceeded.",
                ));
            }
            "request_too_long" => {
                let message = "Your request was running for too long, and has been stopped.";
                self.stop_with(&Refused::new(400, "REQUEST_RUNNING_TOO_LONG", message));
            }
            "html_instead_of_json" => {
                let status = u16::try_from(fault.number("status", 503)).unwrap_or(503);
                let page = "<html><head><title>Maintenance</title></head><body><h1>We are down for maintenance.</h1></body></html>";
                self.stop = Some(Stop::Answer(Answer::html(status, page)));
            }
            "reset_before" => self.stop = Some(Stop::Drop),
            "reset_after" => self.after = Some(After::Drop),
            "truncated_body" => self.after = Some(After::Truncate),
            "applied_late" => self.after = Some(After::Late(fault.number("ms", 1000))),
            "field_hidden" | "field_gone" => self.change_schema(fault, schema),
            _ => {}
        }
    }

    fn stop_with(&mut self, refused: &Refused) {
        self.stop = Some(Stop::Answer(refused.answer()));
    }

    fn change_schema(&mut self, fault: &Fault, schema: &Arc<Schema>) {
        let mut changed = (**self.schema.as_ref().unwrap_or(schema)).clone();
        let name = fault.text("field", "");
        changed.change(fault.text("object", "Lead"), |object| {
            if fault.name == "field_gone" {
                object.fields.retain(|f| !f.name.eq_ignore_ascii_case(name));
            } else if let Some(field) = object
                .fields
                .iter_mut()
                .find(|f| f.name.eq_ignore_ascii_case(name))
            {
                field.access = Access::None;
            }
            object.changed_at = crate::org::values::stamp_ms();
        });
        self.schema = Some(Arc::new(changed));
    }

    /// The trouble asked for on this row.
    pub(crate) fn row(&mut self, record: &Json) -> Option<Trouble> {
        let mut trouble = None;
        for row in &mut self.rows {
            if !matches!(
                row.fault.name.as_str(),
                "lock_rows" | "row_error" | "refuse_request"
            ) || !row.concerns(record)
            {
                continue;
            }
            row.hit = true;
            let fault = &row.fault;
            trouble = Some(match fault.name.as_str() {
                "lock_rows" => {
                    let message = "unable to obtain exclusive access to this record or 1 records";
                    Trouble::Row(RowError::new("UNABLE_TO_LOCK_ROW", message))
                }
                "row_error" => {
                    let mut error = RowError::new(
                        fault.text("code", "UNKNOWN_EXCEPTION"),
                        fault.text("message", "asked for"),
                    );
                    let fields = fault.definition.get("fields").map_or(&[][..], Json::items);
                    error.fields = fields
                        .iter()
                        .filter_map(|f| f.as_str().map(str::to_owned))
                        .collect();
                    Trouble::Row(error)
                }
                _ => {
                    let status = u16::try_from(fault.number("status", 400)).unwrap_or(400);
                    let message =
                        fault.text("message", "Unexpected character at [line:1, column:1]");
                    Trouble::Whole(Refused::new(
                        status,
                        fault.text("code", "JSON_PARSER_ERROR"),
                        message,
                    ))
                }
            });
        }
        trouble
    }

    /// Whether creates are refused for want of room.
    pub(crate) fn storage_full(&mut self) -> bool {
        self.hit("storage_full").is_some()
    }

    /// The action of a duplicate rule asked for.
    pub(crate) fn duplicate_rule(&mut self) -> Option<String> {
        self.hit("duplicate_rule")
            .map(|f| f.text("action", "alert").to_owned())
    }

    fn hit(&mut self, name: &str) -> Option<&Fault> {
        let row = self.rows.iter_mut().find(|r| r.fault.name == name)?;
        row.hit = true;
        Some(&row.fault)
    }
}

impl RowFault {
    fn concerns(&mut self, record: &Json) -> bool {
        if let Some(values) = self.fault.definition.get("values") {
            let named = |text: &str| {
                values
                    .items()
                    .iter()
                    .filter_map(Json::as_str)
                    .any(|v| v.eq_ignore_ascii_case(text))
            };
            return record
                .members()
                .iter()
                .any(|m| m.value.as_str().is_some_and(named));
        }
        let fraction = self
            .fault
            .definition
            .get("fraction")
            .and_then(Json::as_f64)
            .unwrap_or(1.0);
        self.rows += 1;
        let share = |n: i64| (n as f64 * fraction + 1e-9).floor();
        share(self.rows) > share(self.rows - 1)
    }
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
mod tests {
    use super::*;

    fn conn() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE faults (id INTEGER PRIMARY KEY, definition TEXT NOT NULL)",
        )
        .unwrap();
        conn
    }

    fn call(path: &str) -> Call {
        Call {
            method: "PATCH".to_owned(),
            path: path.to_owned(),
            ..Call::default()
        }
    }

    #[test]
    fn a_percentage_spoils_the_same_requests_each_time() {
        let conn = conn();
        let schema = Arc::new(Schema::default());
        let mut faults = Faults::default();
        faults
            .add(
                &conn,
                &json::parse(r#"{"name":"reset_before","percent":25}"#).unwrap(),
            )
            .unwrap();
        let fired: Vec<bool> = (0..8)
            .map(|_| {
                faults
                    .arm(&conn, &call("/x"), &schema)
                    .unwrap()
                    .stop
                    .is_some()
            })
            .collect();
        assert_eq!(
            fired,
            [false, false, false, true, false, false, false, true]
        );
    }

    #[test]
    fn a_fault_ends_after_its_times_and_keeps_to_its_path() {
        let conn = conn();
        let schema = Arc::new(Schema::default());
        let mut faults = Faults::default();
        let given =
            r#"{"name":"slow","times":1,"ms":7,"match":{"path":"/composite","method":"patch"}}"#;
        faults.add(&conn, &json::parse(given).unwrap()).unwrap();
        assert_eq!(
            faults.arm(&conn, &call("/query"), &schema).unwrap().slow_ms,
            0
        );
        assert_eq!(
            faults
                .arm(&conn, &call("/a/composite/b"), &schema)
                .unwrap()
                .slow_ms,
            7
        );
        assert_eq!(
            faults
                .arm(&conn, &call("/a/composite/b"), &schema)
                .unwrap()
                .slow_ms,
            0,
            "once only"
        );
        assert_eq!(
            Faults::load(&conn).unwrap().list(),
            Json::Array(Vec::new()),
            "nor after a restart"
        );
    }

    #[test]
    fn an_unknown_name_is_refused() {
        let refused =
            Faults::default().add(&conn(), &json::parse(r#"{"name":"nonsense"}"#).unwrap());
        assert_eq!(refused.unwrap_err().code, "UNKNOWN_FAULT");
    }
}
