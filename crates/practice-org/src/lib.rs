//! A practice org: a server on a loopback port that answers as a Salesforce org does.
//!
//! It speaks the documented REST API over real HTTP, keeps its records in one SQLite file of its own, enforces what an
//! org enforces with the same codes and messages, and can be told to misbehave. It shares no types with the client that
//! talks to it: two independent spellings of the wire keep each other honest. What it does not imitate is listed in this
//! crate's README.
//!
//! The layers, from the socket inwards: `listening` (connections), `door` (who may come in), `answering` (faults of the
//! connection), `handlers` (one per endpoint), `bulk` (jobs, which `working` works off), `soql` (the query language), `org` (records, schema, tokens, settings),
//! `faults` and `sample`.

mod answering;
mod body;
mod bulk;
mod door;
mod erase;
mod error;
mod faults;
mod files;
mod guesses;
mod handlers;
mod http;
mod json;
mod line;
mod listening;
mod org;
mod ownership;
mod patience;
mod proof;
mod response;
mod sample;
mod seats;
mod secret;
mod server;
mod size;
mod soql;
mod sosl;
mod working;

pub use erase::{Erasing, erase, organization};
pub use error::{Error, Result};
pub use org::secrets::{Secrets, secrets};
pub use ownership::{Owner, owner, owner_knowing, remove};
pub use patience::Patience;
pub use server::{Options, Running, serve};

/// The app and the user that every practice org comes with.
///
/// The app needs no secret in the browser flow, takes `http://localhost:{any port}/oauth/callback`, may use client
/// credentials and the password flow, and may have every scope. The user is a System Administrator. The app's secret and
/// the user's password are random and differ from file to file: see [`Secrets`].
pub mod built_in {
    /// Consumer key of the app.
    pub const CLIENT_ID: &str = "3MVG9leadferry.practice.org.app";
    /// User name, also the email address.
    pub const USERNAME: &str = "admin@practice.example";
}
