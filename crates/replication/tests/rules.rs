//! The rules of replication, each told as a sentence and shown on a practice org in this process.
//!
//! Every test has a workspace and an org of its own. The engine is called as the commands call it; what it did is read
//! back from the org with plain queries and from the workspace through the store.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "rules/harness.rs"]
mod harness;

#[path = "rules/another_name.rs"]
mod another_name;
#[path = "rules/brake.rs"]
mod brake;
#[path = "rules/bulk.rs"]
mod bulk;
#[path = "rules/company_name.rs"]
mod company_name;
#[path = "rules/comparing.rs"]
mod comparing;
#[path = "rules/consent_syncs.rs"]
mod consent_syncs;
#[path = "rules/earlier_runs.rs"]
mod earlier_runs;
#[path = "rules/faults.rs"]
mod faults;
#[path = "rules/gateways.rs"]
mod gateways;
#[path = "rules/inbound.rs"]
mod inbound;
#[path = "rules/life_in_the_org.rs"]
mod life_in_the_org;
#[path = "rules/likely_duplicates.rs"]
mod likely_duplicates;
#[path = "rules/limits_and_stops.rs"]
mod limits_and_stops;
#[path = "rules/matching.rs"]
mod matching;
#[path = "rules/merging_here.rs"]
mod merging_here;
#[path = "rules/mid_flight.rs"]
mod mid_flight;
#[path = "rules/opt_outs.rs"]
mod opt_outs;
#[path = "rules/partners.rs"]
mod partners;
#[path = "rules/plans.rs"]
mod plans;
#[path = "rules/pulls.rs"]
mod pulls;
#[path = "rules/refusals.rs"]
mod refusals;
#[path = "rules/refused_rows.rs"]
mod refused_rows;
#[path = "rules/segments.rs"]
mod segments;
#[path = "rules/selection.rs"]
mod selection;
#[path = "rules/set_up.rs"]
mod set_up;
#[path = "rules/undoing.rs"]
mod undoing;
#[path = "rules/unsettled_facts.rs"]
mod unsettled_facts;
#[path = "rules/values.rs"]
mod values;
