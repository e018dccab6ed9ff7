//! Imports through the front door: a file goes in, contacts and an errors file come out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod any_bytes;
mod faults;
mod formats;
mod matching;
mod mending;
mod resuming;
mod trial;
mod trying;
