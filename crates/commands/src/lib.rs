//! OFFERS every use case once, typed, for all front ends: a front end asks, shows and decides nothing.
//!
//! A front end makes a [`Host`] (what only it can do: ask for a passphrase, open a browser), opens a [`Workspace`] and
//! calls the functions here, one module per concept. What comes back can be shown or written as JSON as it is; an
//! [`Error`] says what happened, why, and what to do.
//!
//! A function that returns a [`Result`] fails, whatever else its docs say, when the workspace can't be read or written.

pub mod accounts;
pub mod activities;
pub mod alerts;
pub mod causes;
pub mod connections;
pub mod consent_syncs;
pub mod consents;
pub mod contacts;
pub mod custom_fields;
pub mod diagnosis;
pub mod doctor;
pub mod door;
pub mod email_lists;
pub mod figures;
pub mod files;
pub mod first_run;
pub mod help;
pub mod imports;
pub mod inbound;
pub mod jobs;
pub mod keys;
pub mod links;
pub mod local_time;
pub mod mappings;
pub mod mirror;
pub mod practice;
pub mod prepare_org;
pub mod pulls;
pub mod queue;
pub mod recalculating;
pub mod replications;
pub mod rules;
pub mod runs;
pub mod scores;
pub mod search;
pub mod segments;
pub mod statistics;
pub mod workspace;

mod approval;
mod contacts_file;
mod csv_file;
mod error;
mod formulas;
mod headings;
mod host;
mod labels;
mod locks;
mod network_drives;
mod orgs;
mod outside;
mod passwords;
mod people;
mod scopes;
mod secrets;
mod sessions;
mod unknown_values;
mod values;
mod xlsx_file;

pub use error::{Code, Error, ExitClass, Result, Said, quoted, sentence};
pub use host::{Ask, Clock, Environment, FrontEnd, Host, Step};
pub use outside::{open_file, open_page};
pub use workspace::Workspace;
