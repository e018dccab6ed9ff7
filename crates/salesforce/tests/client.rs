//! How the client behaves towards an org, over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "client/org.rs"]
mod org;

#[path = "client/bulk.rs"]
mod bulk;
#[path = "client/failures.rs"]
mod failures;
#[path = "client/reading.rs"]
mod reading;
#[path = "client/searching.rs"]
mod searching;
#[path = "client/setup.rs"]
mod setup;
#[path = "client/sign_in.rs"]
mod sign_in;
#[path = "client/writing.rs"]
mod writing;
