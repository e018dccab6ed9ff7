//! How many contacts stand where, and what became of those of a run: counted and named here alone, so that plan, run, alert,
//! lists and status bar say the same number under the same name.

use std::collections::BTreeMap;
use std::iter::Sum;

use leadferry_replication::RunReport;
use leadferry_store::{EntryState, Run};
pub use leadferry_store::{counted, grouped};
use serde::{Deserialize, Serialize};

/// What each number is called, on the screen and on the terminal.
pub const NAMES: &[(&str, &str)] = &[
    (WAITING, "Waiting"),
    (BLOCKED, "Blocked"),
    (SENT, "Sent"),
    (HELD, "On hold"),
    (CREATED, "Created"),
    (UPDATED, "Updated"),
    (UNCHANGED, "Unchanged"),
];

const WAITING: &str = "waiting";
const BLOCKED: &str = "blocked";
const SENT: &str = "sent";
const HELD: &str = "held";
const CREATED: &str = "created";
const UPDATED: &str = "updated";
const UNCHANGED: &str = "unchanged";

/// The states of contacts that wait for a run to send them, those being sent included.
const WAITS: [EntryState; 2] = [EntryState::Pending, EntryState::Sending];
/// The states of contacts that are not sent until someone acts.
const STANDS_BLOCKED: [EntryState; 2] = [EntryState::Blocked, EntryState::GivenUp];

/// One of the figures, as a list of its contacts is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueFigure {
    /// Contacts that wait to be sent.
    Waiting,
    /// Contacts that are not sent until someone acts.
    Blocked,
    /// Contacts that the org holds as we want them.
    Sent,
    /// Contacts whose records were undone, until they are released.
    Held,
}

impl QueueFigure {
    /// Returns the states that the figure sums up.
    pub fn states(self) -> &'static [EntryState] {
        match self {
            Self::Waiting => &WAITS,
            Self::Blocked => &STANDS_BLOCKED,
            Self::Sent => &[EntryState::Done],
            Self::Held => &[EntryState::Held],
        }
    }
}

/// Where the contacts of replications stand now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct QueueFigures {
    /// Contacts that wait to be sent, those being sent included.
    pub waiting: u64,
    /// Contacts that are not sent until someone acts, those refused too often included.
    pub blocked: u64,
    /// Contacts that the org holds as we want them.
    pub sent: u64,
    /// Contacts whose records were undone, until they are released.
    pub held: u64,
}

impl QueueFigures {
    /// Sums up the states of a queue.
    pub fn of(counts: &BTreeMap<EntryState, u64>) -> Self {
        let sum = |states: &[EntryState]| states.iter().filter_map(|state| counts.get(state)).sum();
        Self {
            waiting: sum(QueueFigure::Waiting.states()),
            blocked: sum(QueueFigure::Blocked.states()),
            sent: sum(QueueFigure::Sent.states()),
            held: sum(QueueFigure::Held.states()),
        }
    }
}

impl Sum for QueueFigures {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            waiting: sum.waiting + one.waiting,
            blocked: sum.blocked + one.blocked,
            sent: sum.sent + one.sent,
            held: sum.held + one.held,
        })
    }
}

/// What became of the contacts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RunFigures {
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
    /// Contacts for which nothing differed.
    pub unchanged: u64,
    /// Contacts that the run newly blocked: before anything was sent, or because the org refused them.
    pub blocked: u64,
}

impl RunFigures {
    /// Sums up a run as the workspace keeps it.
    pub fn of(run: &Run) -> Self {
        let Run {
            created,
            updated,
            unchanged,
            ..
        } = *run;
        Self {
            created,
            updated,
            unchanged,
            blocked: run.failed.values().chain(run.blocked.values()).sum(),
        }
    }

    /// Sums up a run that has just ended.
    pub fn of_report(report: &RunReport) -> Self {
        Self {
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            blocked: report.failed + report.blocked,
        }
    }

    /// Names what the run did, as in *657 created, 33 updated, 20 blocked*; empty where it did nothing.
    pub fn in_words(&self) -> String {
        let parts = [
            (self.created, CREATED),
            (self.updated, UPDATED),
            (self.blocked, BLOCKED),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts
            .map(|(count, name)| format!("{} {name}", grouped(*count)))
            .collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_refused_too_often_count_as_blocked_and_those_being_sent_as_waiting() {
        let counts = BTreeMap::from([
            (EntryState::Pending, 5),
            (EntryState::Sending, 2),
            (EntryState::Blocked, 17),
            (EntryState::GivenUp, 3),
            (EntryState::Done, 690),
            (EntryState::Withdrawn, 8),
        ]);
        let figures = QueueFigures::of(&counts);
        assert_eq!(
            (figures.waiting, figures.blocked, figures.sent),
            (7, 20, 690)
        );
        let all: QueueFigures = [figures, figures].into_iter().sum();
        assert_eq!((all.waiting, all.blocked, all.sent), (14, 40, 1_380));
    }

    #[test]
    fn a_run_names_what_it_did_and_no_more() {
        let figures = RunFigures {
            created: 1_204,
            blocked: 20,
            unchanged: 9,
            ..RunFigures::default()
        };
        assert_eq!(figures.in_words(), "1,204 created, 20 blocked");
        assert_eq!(RunFigures::default().in_words(), "");
    }
}
