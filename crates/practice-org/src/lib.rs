//! A practice org: a server on a loopback port that answers as a Salesforce org does.
//!
//! It speaks the documented REST API over real HTTP, keeps its records in one SQLite file of its own, enforces what an
//! org enforces with the same codes and messages, and can be told to misbehave. It shares no types with the client that
//! talks to it: two independent spellings of the wire keep each other honest. What it does not imitate is listed in this
//! crate's README.
//!
//! The layers, from the socket inwards: `server` (sockets, faults of the connection), `handlers` (one per endpoint),
//! `soql` (the query language), `org` (records, schema, tokens, settings), `faults` and `sample`.

mod error;
mod faults;
mod handlers;
mod http;
mod json;
mod line;
mod org;
mod ownership;
mod sample;
mod server;
mod soql;
mod sosl;

pub use error::{Error, Result};
pub use ownership::{Owner, owner};
pub use server::{Options, Running, serve};

/// The app and the user that every practice org comes with.
///
/// The app needs no secret in the browser flow, takes `http://localhost:{any port}/oauth/callback`, may use client
/// credentials and the password flow, and may have every scope. The user is a System Administrator.
pub mod built_in {
    /// Consumer key of the app.
    pub const CLIENT_ID: &str = "3MVG9leadferry.practice.org.app";
    /// Consumer secret of the app.
    pub const CLIENT_SECRET: &str = "PRACTICE0SECRET";
    /// User name, also the e-mail address.
    pub const USERNAME: &str = "admin@practice.example";
    /// Password.
    pub const PASSWORD: &str = "practice";
}
