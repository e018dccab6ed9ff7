//! What faults do to the request at hand.

use std::sync::Arc;

use super::Fault;
use crate::bulk::Plan;
use crate::http::{Answer, Refused};
use crate::json::Json;
use crate::org::field::Access;
use crate::org::schema::Schema;
use crate::org::{RowError, Trouble};

/// What happens to the request at hand.
#[derive(Debug, Default)]
pub(crate) struct Armed {
    /// Wait before anything.
    pub(crate) latency_ms: u64,
    /// Wait before answering.
    pub(crate) slow_ms: u64,
    /// Do not answer sooner after the request came.
    pub(crate) duration_ms: u64,
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
    /// What will happen to the bulk job that the request creates.
    pub(crate) plan: Plan,
    pub(super) rows: Vec<RowFault>,
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

/// A fault that works on rows.
#[derive(Debug)]
pub(super) struct RowFault {
    /// The fault.
    pub(super) fault: Fault,
    /// Rows it has looked at.
    rows: i64,
    /// It spoilt one at least.
    pub(super) hit: bool,
}

impl Armed {
    pub(super) fn apply(&mut self, fault: &Fault, schema: &Arc<Schema>) {
        match fault.name.as_str() {
            "latency" => self.latency_ms += fault.number("ms", 100),
            "duration" => self.duration_ms = fault.number("ms", 250),
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
            "gateway_limit" if fault.is_set("cut") => self.stop = Some(Stop::Drop),
            "gateway_limit" => {
                let page = "<html><head><title>413 Request Entity Too Large</title></head><body><center><h1>413 Request Entity Too Large</h1></center></body></html>";
                self.stop = Some(Stop::Answer(Answer::html(413, page)));
            }
            "field_hidden" | "field_gone" | "field_encrypted" => self.change_schema(fault, schema),
            "bulk_job_lost" => self.plan.lost_after = Some(fault.whole("rows", 0)),
            "bulk_job_aborted" => self.plan.aborted_after = Some(fault.whole("rows", 0)),
            "bulk_job_failed" => self.plan.failed_after = Some(fault.whole("rows", 0)),
            "bulk_job_stuck" => self.plan.stuck_ms = Some(fault.whole("ms", 0)),
            "bulk_results_late" => self.plan.late_ms = Some(fault.whole("ms", 2000)),
            _ => {}
        }
    }

    fn stop_with(&mut self, refused: &Refused) {
        self.stop = Some(Stop::Answer(refused.answer()));
    }

    fn change_schema(&mut self, fault: &Fault, schema: &Arc<Schema>) {
        let mut changed = (**self.schema.as_ref().unwrap_or(schema)).clone();
        let name = fault.text("field", "");
        let object = fault.text("object", "Lead");
        if fault.name == "field_gone" {
            changed.remove(object, name);
        }
        changed.change(object, |object| {
            let mut fields = object.fields.iter_mut();
            if let Some(field) = fields.find(|f| f.name.eq_ignore_ascii_case(name)) {
                if fault.name == "field_encrypted" {
                    field.filterable = false;
                } else {
                    field.access = Access::None;
                }
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
                    let fields = fault.definition.get("fields");
                    let listed = fields.map_or(&[][..], Json::items).iter();
                    let listed = listed.filter_map(Json::as_str);
                    let one = fields.and_then(Json::as_str);
                    error.fields = listed.chain(one).map(str::to_owned).collect();
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
    /// A fault that has seen no row yet.
    pub(super) fn new(fault: Fault) -> RowFault {
        RowFault {
            fault,
            rows: 0,
            hit: false,
        }
    }

    fn concerns(&mut self, record: &Json) -> bool {
        if let Some(values) = self.fault.definition.get("values") {
            let named = |text: &str| {
                let listed = values.items().iter().filter_map(Json::as_str);
                listed
                    .chain(values.as_str())
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
