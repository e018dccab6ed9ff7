//! Imports through the front door: a file goes in, contacts and an errors file come out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod activities;
mod answers;
mod any_bytes;
mod book;
mod column_names;
mod consent;
mod counting;
mod documented;
mod encodings;
mod faults;
mod formats;
mod header_rows;
mod keys;
mod mailing_programs;
mod matching;
mod mending;
mod nothing_unsaid;
mod packaging;
mod people_files;
mod programs;
mod resuming;
mod same_people;
mod spreadsheets;
mod strangers;
mod trial;
mod trying;
mod vcards;
