//! The program as a user types it: what it prints, in which form, and with which exit code.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up should stop"
)]

#[path = "cli/machine.rs"]
mod machine;

#[path = "cli/changing.rs"]
mod changing;
#[path = "cli/consent_syncs.rs"]
mod consent_syncs;
#[path = "cli/documents.rs"]
mod documents;
#[path = "cli/drift.rs"]
mod drift;
#[path = "cli/errors.rs"]
mod errors;
#[path = "cli/guide.rs"]
mod guide;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/help_examples.rs"]
mod help_examples;
#[path = "cli/imported_consent.rs"]
mod imported_consent;
#[path = "cli/journey.rs"]
mod journey;
#[path = "cli/mirror_use.rs"]
mod mirror_use;
#[path = "cli/people.rs"]
mod people;
#[path = "cli/practice_org.rs"]
mod practice_org;
#[path = "cli/pulls.rs"]
mod pulls;
#[path = "cli/search.rs"]
mod search;
#[path = "cli/ways_in.rs"]
mod ways_in;
