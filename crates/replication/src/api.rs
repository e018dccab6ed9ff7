//! Which of Salesforce's APIs sends a replication's rows, and what each costs in calls. Plain functions.
//!
//! Settings and values mean the same with both. What Bulk API can't do is listed in [`Settings::only_collections`].

use serde::{Deserialize, Serialize};

use crate::settings::{Api, Settings};

/// The most rows that Collections send where the choice is automatic: a job isn't worth its calls for fewer.
pub const MOST_BY_COLLECTIONS: u64 = 2_000;

/// The most rows of a job. Its answers are in memory when it ends.
pub const JOB_ROWS: u64 = 50_000;

/// Calls of a job: it's created, gets its file, is closed, is asked for about five times, and its results are read.
const CALLS_A_JOB: u64 = 10;

/// How rows are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Requests of up to 200 records.
    Collections,
    /// Jobs of Bulk API 2.0.
    Bulk,
}

/// Why rows are sent this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WayReason {
    /// The settings say so.
    Chosen,
    /// It uses the fewest calls.
    Cheaper,
    /// Only Collections run the org's assignment rules.
    AssignmentRules,
    /// Only Collections can override duplicate rules.
    DuplicateRules,
}

/// How the rows of a plan are sent, and what a run costs either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ApiCosts {
    /// How they are sent.
    pub way: Way,
    /// Why.
    pub why: WayReason,
    /// API calls of a run that sends by Collections.
    pub collections: u64,
    /// API calls of a run that sends by Bulk API; `None` where it can't.
    pub bulk: Option<u64>,
}

impl ApiCosts {
    /// Works out the costs of a run that creates and updates so many records, and makes `others` calls besides.
    pub fn of(settings: &Settings, creates: u64, updates: u64, others: u64) -> Self {
        let kinds = [creates, updates];
        let sum = |calls: &dyn Fn(u64) -> u64| others + kinds.into_iter().map(calls).sum::<u64>();
        let by_collections = |rows: u64| rows.div_ceil(u64::from(settings.batch_size.max(1)));
        let by_jobs = |rows: u64| rows.div_ceil(JOB_ROWS) * CALLS_A_JOB;
        // What is left over from full jobs goes by whichever is cheaper.
        let mixed = |rows: u64| {
            let (full, rest) = (rows / JOB_ROWS, rows % JOB_ROWS);
            let rest = match rest > MOST_BY_COLLECTIONS {
                true => CALLS_A_JOB,
                false => by_collections(rest),
            };
            full * CALLS_A_JOB + rest
        };
        let collections = sum(&by_collections);
        if let Some(why) = settings.only_collections() {
            return Self {
                way: Way::Collections,
                why,
                collections,
                bulk: None,
            };
        }
        let has_jobs = kinds.into_iter().any(|rows| rows > MOST_BY_COLLECTIONS);
        let (way, why) = match settings.api {
            Api::Collections => (Way::Collections, WayReason::Chosen),
            Api::Bulk => (Way::Bulk, WayReason::Chosen),
            Api::Auto if has_jobs => (Way::Bulk, WayReason::Cheaper),
            Api::Auto => (Way::Collections, WayReason::Cheaper),
        };
        // Where no job is worth it, its price is that of jobs alone.
        let bulk = match settings.api {
            Api::Auto if has_jobs => sum(&mixed),
            _ => sum(&by_jobs),
        };
        Self {
            way,
            why,
            collections,
            bulk: Some(bulk),
        }
    }

    /// Returns the calls of the run.
    pub fn calls(&self) -> u64 {
        match self.way {
            Way::Bulk => self.bulk.unwrap_or(self.collections),
            Way::Collections => self.collections,
        }
    }
}

impl Settings {
    /// Returns why Bulk API can't send for this replication, where it can't.
    pub fn only_collections(&self) -> Option<WayReason> {
        if self.assignment_rules {
            Some(WayReason::AssignmentRules)
        } else if self.allow_duplicates {
            Some(WayReason::DuplicateRules)
        } else {
            None
        }
    }
}

impl WayReason {
    /// Says it, for people.
    pub fn text(self) -> &'static str {
        match self {
            WayReason::Chosen => "as set",
            WayReason::Cheaper => "fewest API calls",
            WayReason::AssignmentRules => "Bulk API can't run the org's default assignment rules",
            WayReason::DuplicateRules => "Bulk API can't override duplicate rules",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(change: impl FnOnce(&mut Settings), creates: u64, updates: u64) -> ApiCosts {
        let mut settings = Settings::default();
        change(&mut settings);
        ApiCosts::of(&settings, creates, updates, 2)
    }

    fn is(costs: ApiCosts, way: Way, collections: u64, bulk: Option<u64>) {
        assert_eq!(
            (costs.way, costs.collections, costs.bulk),
            (way, collections, bulk)
        );
    }

    #[test]
    fn the_cheaper_way_is_picked_by_itself() {
        let auto = |creates, updates| costs(|_| {}, creates, updates);
        is(auto(2_000, 0), Way::Collections, 12, Some(12));
        is(auto(2_001, 0), Way::Bulk, 13, Some(12));
        is(auto(1_500, 1_500), Way::Collections, 18, Some(22));
        is(auto(100_500, 300), Way::Bulk, 507, Some(2 + 20 + 3 + 2));
        is(auto(1_000_000, 0), Way::Bulk, 5_002, Some(202));
    }

    #[test]
    fn a_setting_decides_where_it_can() {
        is(
            costs(|all| all.api = Api::Bulk, 100, 0),
            Way::Bulk,
            3,
            Some(12),
        );
        is(
            costs(|all| all.api = Api::Collections, 100_000, 0),
            Way::Collections,
            502,
            Some(22),
        );
        let alone = costs(|all| all.assignment_rules = true, 100_000, 0);
        is(alone, Way::Collections, 502, None);
        assert_eq!(alone.why, WayReason::AssignmentRules);
        let alone = costs(|all| all.allow_duplicates = true, 100_000, 0);
        assert_eq!(alone.why, WayReason::DuplicateRules);
        assert_eq!(alone.calls(), 502);
    }
}
