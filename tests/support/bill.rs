//! How many calls a run may make where the org misbehaves: what it costs without, and so much for each fault.

use std::collections::BTreeMap;

use leadferry_store::{EntryId, Outcome};
use reqwest::Method;
use serde_json::Value;

use super::cli::Cli;
use super::journey::Step;
use super::practice::PracticeOrg;
use super::prepared::Prepared;
use super::workspace::Workspace;

/// Faults of a whole request: it is made once more.
const OF_REQUESTS: &[&str] = &[
    "expired_session",
    "server_unavailable",
    "html_instead_of_json",
    "truncated_body",
    "reset_before",
    "reset_after",
    "applied_late",
    "concurrent_limit",
    "daily_limit",
];

/// Those after which nobody knows whether the org has taken a batch: it is asked, then the batch is sent again.
const LEAVING_DOUBT: &[&str] = &[
    "server_unavailable",
    "html_instead_of_json",
    "truncated_body",
    "reset_before",
    "reset_after",
    "applied_late",
];

/// Those that cut the connection, as a gateway does with what is too large for it: the batch goes in two.
const CUTTING: &[&str] = &["reset_before", "reset_after"];

/// The calls of a run without faults, in batches of so many rows.
pub(crate) struct Bill {
    fault_free: u64,
    batch_size: u64,
}

impl Bill {
    /// Counts the calls that the org gets where nothing goes wrong.
    pub(crate) fn of(prepared: &Prepared, batch_size: u16) -> Self {
        let folder = prepared.copy();
        let cli = Cli::in_folder(folder.path());
        let org = PracticeOrg::serve(&cli);
        let before = org.requests();
        cli.run(&Step::Run.command()).expect(1);
        Self {
            fault_free: org.requests() - before,
            batch_size: u64::from(batch_size),
        }
    }

    /// Returns the most calls for so many runs that met `faults`; asked before those are forgotten.
    pub(crate) fn most(
        &self,
        faults: &[Value],
        org: &PracticeOrg,
        workspace: &Workspace,
        runs: u64,
    ) -> u64 {
        let listed = org.admin(Method::GET, "faults", None);
        let for_faults: u64 = faults
            .iter()
            .map(|fault| self.for_fault(fault, hits(fault, &listed)))
            .sum();
        let mut times: BTreeMap<EntryId, u64> = BTreeMap::new();
        let rows = workspace.rows().into_iter();
        for row in rows.filter(|row| row.outcome == Some(Outcome::Retry)) {
            *times.entry(row.entry).or_default() += 1;
        }
        let refused: u64 = times.values().sum();
        let rounds = times.values().copied().max().unwrap_or(0);
        // A run that is started once more asks first whether the org's fields have changed.
        let started_again = runs - 1;
        self.fault_free + for_faults + refused.div_ceil(self.batch_size) + rounds + started_again
    }

    fn for_fault(&self, fault: &Value, hits: u64) -> u64 {
        let is_one_of = |names: &[&str]| names.iter().any(|name| fault["name"] == *name);
        if fault["name"] == "refuse_request" || fault["name"] == "request_too_long" {
            let halvings = u64::from(self.batch_size.next_power_of_two().ilog2());
            let rows = fault["values"]
                .as_array()
                .map_or(hits, |rows| rows.len() as u64);
            return 2 * halvings * rows;
        }
        if fault["name"] == "gateway_limit" {
            // Each refusal is one call and makes two of one; those that follow are as small from the start.
            return 2 * hits + self.fault_free;
        }
        // Renewing a sign-in is a request as well, but no call of the API.
        let renewals = if fault["name"] == "expired_session" {
            hits
        } else {
            0
        };
        let sends = fault["match"]["path"] == "composite/sobjects" || fault["match"].is_null();
        renewals
            + hits
                * (u64::from(is_one_of(OF_REQUESTS))
                    + 2 * u64::from(sends && is_one_of(LEAVING_DOUBT))
                    + u64::from(sends && is_one_of(CUTTING)))
    }
}

/// Returns how often a fault has hit: one that is spent is no longer listed.
fn hits(fault: &Value, listed: &Value) -> u64 {
    let still_there = listed["faults"].as_array().unwrap().iter().find(|one| {
        let same = |key: &str| one[key] == fault[key];
        ["name", "match", "fraction", "code", "status", "percent"]
            .iter()
            .all(|key| same(key))
    });
    let fired = still_there.map_or(&fault["times"], |one| &one["fired"]);
    fired.as_u64().unwrap_or(0)
}
