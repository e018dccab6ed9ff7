//! What a run came to.

use leadferry_salesforce::{ErrorCode, RowError};
use leadferry_store::{BulkJob, RunId, RunStop, counted, grouped};
use serde::Serialize;

use crate::mapping::{Finding, Severity};
use crate::setup::NO_EMAIL_CURE;
use crate::{Error, Result};

/// What a run offers that needs more calls than there are.
pub const AS_MANY_AS_POSSIBLE: &str = "Or send as many as possible now.";

/// The word for a scheduled run that stopped because too many contacts were refused.
pub const BRAKED: &str = "brake";

/// What a run came to. The queue keeps what was not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RunReport {
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
    /// Selected contacts for which nothing differed.
    pub unchanged: u64,
    /// Contacts that the org refused in this run, and that aren't tried again by themselves.
    pub failed: u64,
    /// Contacts newly blocked in this run before anything was sent for them.
    pub blocked: u64,
    /// Contacts that need a person when the run ends, those of earlier runs included.
    pub standing: u64,
    /// Contacts that still wait in the queue.
    pub waiting: u64,
    /// Contacts that were waiting and are no longer selected.
    pub withdrawn: u64,
    /// Contacts that are not selected, or that the org's answer rules out, as in a plan; unset where the run ended before
    /// it had considered all.
    pub left_out: Option<u64>,
    /// HTTP requests made.
    pub calls: u64,
    /// The run, for its history.
    pub run: Option<RunId>,
    /// Values that were left out because Salesforce refused them alone.
    pub values_left_out: Vec<ValueLeftOut>,
    /// Why it stopped before everything due was sent.
    pub stopped: Option<Stop>,
}

/// A value that a run left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ValueLeftOut {
    /// In words, the field and the value named.
    pub message: String,
    /// How many contacts.
    pub contacts: u64,
}

/// A run tells so many different values.
const MOST_LEFT_OUT: usize = 100;

impl RunReport {
    /// Adds the values that a contact was sent without.
    pub(super) fn add_values_left_out(&mut self, said: Vec<String>) {
        for message in said {
            let known = self
                .values_left_out
                .iter()
                .position(|known| known.message == message);
            match known {
                Some(at) => self.values_left_out[at].contacts += 1,
                None if self.values_left_out.len() < MOST_LEFT_OUT => {
                    self.values_left_out.push(ValueLeftOut {
                        message,
                        contacts: 1,
                    });
                }
                None => {}
            }
        }
    }
}

/// What kind of thing stopped a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// Someone has to sign in again.
    SignIn,
    /// The org's calls of the last 24 hours are used up, or the reserve is reached.
    Limit,
    /// The org's storage is full.
    Storage,
    /// The user or the edition may not do this.
    Rights,
    /// The org's fields and the mapping do not fit any more.
    SetUp,
    /// Nobody can be looked for by email in this org, as the replication asks.
    EmailMatching,
    /// The org cannot be reached.
    NoNetwork,
    /// Something on this machine keeps it from going on, such as a passphrase that does not open the secrets.
    Local,
    /// The user cancelled it.
    Cancelled,
    /// It was to send the first few contacts only.
    First,
    /// Nobody has started it, and too many contacts were refused.
    Brake,
    /// A bulk job takes long, was aborted, or can't be made.
    Job,
}

impl StopKind {
    /// How the workspace names a run that was to send the first few contacts only.
    pub const FIRST: &str = "first";
}

/// Why a run stopped, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Stop {
    /// What kind of thing it was.
    pub kind: StopKind,
    /// What happened, for people.
    pub message: String,
    /// What to do about it.
    pub cure: String,
}

impl Stop {
    /// Tells whether the user cancelled it.
    pub fn is_cancelled(&self) -> bool {
        self.kind == StopKind::Cancelled
    }

    pub(super) fn first(most: u32) -> Self {
        let sent = counted(u64::from(most), "contact", "contacts");
        Self {
            kind: StopKind::First,
            message: format!("Sent the first {sent}. The others wait"),
            cure: "Check the records, then run the replication to send the others.".into(),
        }
    }

    pub(super) fn braked(refused: u64, rows: u64) -> Self {
        Self {
            kind: StopKind::Brake,
            message: format!(
                "The scheduled run stopped: Salesforce refused {} of {}",
                grouped(refused),
                counted(rows, "contact", "contacts")
            ),
            cure:
                "Check the reasons. Then let scheduled runs go on, or run the replication yourself."
                    .into(),
        }
    }

    pub(super) fn job_goes_on(job: &BulkJob) -> Self {
        Self {
            kind: StopKind::Job,
            message: format!(
                "Salesforce is still processing {}. {} were processed so far",
                named(job),
                counted(job.processed, "row", "rows")
            ),
            cure: "Run the replication again later to get the results. A bulk job that's stuck can be aborted in Salesforce \
                   Setup, under Bulk Data Load Jobs."
                .into(),
        }
    }

    pub(super) fn job_aborted(job: &BulkJob) -> Self {
        Self {
            kind: StopKind::Job,
            message: format!(
                "Someone aborted {} in Salesforce. What was processed is recorded, and the rest waits",
                named(job)
            ),
            cure: "Run the replication again to continue.".into(),
        }
    }

    pub(super) fn no_jobs(words: Option<&str>) -> Self {
        let said = words.map(|words| format!(". Salesforce says: {}", words.trim_end_matches('.')));
        Self {
            kind: StopKind::Job,
            message: format!(
                "Salesforce couldn't process the bulk job{}",
                said.unwrap_or_default()
            ),
            cure: "Set the replication's API to automatic or to Collections, then run it again."
                .into(),
        }
    }

    pub(crate) fn undo_cancelled() -> Self {
        Self {
            kind: StopKind::Cancelled,
            message: "Undoing was canceled. What was undone is recorded".into(),
            cure: "Undo the run again to continue.".into(),
        }
    }

    /// Something on this machine failed.
    pub(crate) fn local(message: &str) -> Self {
        Self {
            kind: StopKind::Local,
            message: message.to_owned(),
            cure: "Undo the run again to continue.".into(),
        }
    }

    /// Says what to do where it was a run that undoes another: nothing goes on by itself.
    pub(crate) fn for_undo(self) -> Self {
        if self.kind != StopKind::Limit {
            return self;
        }
        Self {
            cure: "Undo the run again when more calls are available. Or lower the reserve.".into(),
            ..self
        }
    }

    pub(super) fn cancelled() -> Self {
        Self {
            kind: StopKind::Cancelled,
            message: "The run was canceled. What was sent is recorded, and the rest waits".into(),
            cure: "Run the replication again to continue.".into(),
        }
    }

    /// Returns what the workspace keeps of it.
    pub(crate) fn stored(&self) -> RunStop {
        let kind = match self.kind {
            StopKind::SignIn => "sign_in",
            StopKind::Limit => "limit",
            StopKind::Storage => "storage",
            StopKind::Rights => "rights",
            StopKind::SetUp => "set_up",
            StopKind::EmailMatching => "email_matching",
            StopKind::NoNetwork => "no_network",
            StopKind::Local => "local",
            StopKind::Cancelled => "cancelled",
            StopKind::First => StopKind::FIRST,
            StopKind::Brake => BRAKED,
            StopKind::Job => "job",
        };
        RunStop {
            kind: kind.to_owned(),
            message: self.message.clone(),
            cure: self.cure.clone(),
        }
    }

    pub(super) fn reserve(left: u64, reserve: u64) -> Self {
        Self {
            kind: StopKind::Limit,
            message: format!(
                "Waiting for API calls. {} in the org's 24 hours, and {} reserved for other tools",
                counted(left, "is left", "are left"),
                counted(reserve, "is", "are")
            ),
            cure: "The run continues by itself when calls become available, while Leadferry is open. Or lower the reserve."
                .into(),
        }
    }

    pub(crate) fn too_costly(calls: u64, left: u64, reserve: u64) -> Self {
        Self {
            kind: StopKind::Limit,
            message: format!(
                "Waiting for API calls. The run needs {}, {} in the org's 24 hours, and {} reserved for other tools",
                grouped(calls),
                counted(left, "is left", "are left"),
                counted(reserve, "is", "are")
            ),
            cure: format!(
                "The run starts by itself when enough calls are available, while Leadferry is open. {AS_MANY_AS_POSSIBLE}"
            ),
        }
    }

    pub(super) fn email_matching(why: &str) -> Self {
        Self {
            kind: StopKind::EmailMatching,
            message: why.to_owned(),
            cure: format!("{NO_EMAIL_CURE}, then run it again"),
        }
    }

    pub(super) fn settings(fault: String) -> Self {
        Self {
            kind: StopKind::SetUp,
            message: fault,
            cure: "Change the setting, then run the replication again.".into(),
        }
    }

    /// Returns the stop of a replication that can't be used as it is; `None` where something else failed.
    pub(super) fn unusable(error: &Error) -> Option<Self> {
        match error {
            Error::Settings(fault) => Some(Self::settings(fault.clone())),
            Error::Mapping(findings) => Some(Self {
                message: error.to_string(),
                ..Self::mapping(findings)
            }),
            _ => None,
        }
    }

    /// Adds that a no was sent all the same.
    pub(super) fn with_only_no(self, sent: bool) -> Self {
        let also = if sent {
            ". Only opt-outs and refused consent were sent"
        } else {
            ""
        };
        Self {
            message: format!("{}{also}", self.message),
            ..self
        }
    }

    pub(super) fn mapping(findings: &[Finding]) -> Self {
        let mut faults = findings.iter();
        let first = faults.find(|finding| finding.severity == Severity::Error);
        Self {
            kind: StopKind::SetUp,
            message: first.map_or_else(
                || "the org's fields changed".into(),
                |finding| format!("the org's fields changed: {}", finding.message),
            ),
            cure: first.map_or_else(
                || "Check the mapping.".into(),
                |finding| finding.cure.clone(),
            ),
        }
    }

    /// Returns the stop that an engine error stands for.
    ///
    /// # Errors
    /// The error itself, when it is not the org's.
    pub(super) fn of(error: &Error) -> Result<Self> {
        match error {
            Error::Salesforce(error) => Ok(Self::of_request(error)),
            other => Err(Error::Unexpected(other.to_string())),
        }
    }

    /// Returns the stop that a failed request stands for.
    pub(crate) fn of_request(error: &leadferry_salesforce::Error) -> Self {
        if let leadferry_salesforce::Error::Reserved { left, reserve } = error {
            return Self::reserve(*left, *reserve);
        }
        let kind = if error.needs_sign_in() {
            StopKind::SignIn
        } else if matches!(error, leadferry_salesforce::Error::Sessions { .. }) {
            StopKind::Local
        } else if error.is_daily_limit() || error.is_concurrent_limit() {
            StopKind::Limit
        } else if error.needs_describe() {
            StopKind::SetUp
        } else if error.code() == Some(&ErrorCode::StorageLimitExceeded) {
            StopKind::Storage
        } else if error.retryable() {
            StopKind::NoNetwork
        } else {
            StopKind::Rights
        };
        // Whoever keeps the sign-in knows best what is wrong with it.
        if let leadferry_salesforce::Error::Sessions { words, cure, .. } = error {
            return Self {
                kind,
                message: words.clone(),
                cure: cure.clone(),
            };
        }
        let words = error.message().filter(|words| !words.is_empty());
        let message = match words {
            Some(words) => format!("{}: {words}", error.cause()),
            None => error.cause().to_owned(),
        };
        Self {
            kind,
            message,
            cure: error.cure().to_owned(),
        }
    }

    /// Returns the stop that a row's refusal stands for.
    pub(super) fn of_row(error: &RowError) -> Self {
        let kind = if error.code == ErrorCode::StorageLimitExceeded {
            StopKind::Storage
        } else {
            StopKind::Rights
        };
        Self {
            kind,
            message: format!("{}: {}", error.cause(), error.message),
            cure: error.cure().to_owned(),
        }
    }
}

fn named(job: &BulkJob) -> String {
    match &job.job_id {
        Some(id) => format!("bulk job {id}"),
        None => "a bulk job".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_says_its_numbers_as_people_write_them() {
        let stops = [
            Stop::too_costly(100_001, 99_900, 1_000),
            Stop::reserve(1, 1),
        ];
        assert_eq!(
            stops.map(|stop| stop.message),
            [
                "Waiting for API calls. The run needs 100,001, 99,900 are left in the org's 24 hours, and 1,000 are reserved \
                 for other tools",
                "Waiting for API calls. 1 is left in the org's 24 hours, and 1 is reserved for other tools",
            ]
        );
    }
}
