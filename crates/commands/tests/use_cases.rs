//! The use cases as a front end sees them, on a real practice org in this process.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up should stop"
)]

#[path = "use_cases/support.rs"]
mod support;

#[path = "use_cases/adopting.rs"]
mod adopting;
#[path = "use_cases/alerts.rs"]
mod alerts;
#[path = "use_cases/checks.rs"]
mod checks;
#[path = "use_cases/connections.rs"]
mod connections;
#[path = "use_cases/consent_syncs.rs"]
mod consent_syncs;
#[path = "use_cases/counting.rs"]
mod counting;
#[path = "use_cases/exporting.rs"]
mod exporting;
#[path = "use_cases/hints.rs"]
mod hints;
#[path = "use_cases/mapping_aids.rs"]
mod mapping_aids;
#[path = "use_cases/people.rs"]
mod people;
#[path = "use_cases/prepare_org.rs"]
mod prepare_org;
#[path = "use_cases/replications.rs"]
mod replications;
#[path = "use_cases/run_record.rs"]
mod run_record;
#[path = "use_cases/searching.rs"]
mod searching;
#[path = "use_cases/segments.rs"]
mod segments;
#[path = "use_cases/unknown_names.rs"]
mod unknown_names;
#[path = "use_cases/ways_in.rs"]
mod ways_in;
#[path = "use_cases/workspaces.rs"]
mod workspaces;
