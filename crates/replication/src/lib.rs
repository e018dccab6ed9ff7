//! DECIDES what goes to the org, and sees that it arrives exactly once.
//!
//! The data's path, in the order of the stages; each takes the value that the one before returned:
//!
//! - [`planning`]: who goes, and what a run would do with each contact (selection and judgement);
//! - [`mapping`]: which field goes where, and what each value becomes on the way;
//! - [`matching`]: who is in the org already;
//! - [`batching`]: the rows of a request;
//! - [`sending`]: the request, or `bulk`: a job that many batches go with; [`api`]: which of the two;
//! - [`reconciling`]: the answers, row by row; [`settling`] where there was none;
//! - [`consent_syncs`]: what sets a consent sync apart;
//! - [`comparing`]: whether the org still holds what was sent;
//! - [`mod@run`]: the one conductor that holds them together, with [`mod@plan`] as its dry half;
//! - [`undoing`]: what undoing a run does to each record; [`mod@undo`] does it;
//! - [`pulling`]: what a pull reads, and what it becomes in the mirror; [`inbound`]: what of it comes into contacts;
//!   [`mod@pull`] conducts both;
//! - [`budget`]: how many calls a run may make; [`brake`]: which scheduled runs wait for someone; [`backoff`]: when to try again; [`progress`]: what a caller sees.
//!
//! All but the conductor, the plan and the questions to the org are plain functions.
//!
//! A function that returns a [`Result`] fails, whatever else its docs say, when the workspace can't be read or written.

pub mod api;
mod asking;
pub mod backoff;
pub mod batching;
pub mod brake;
pub mod budget;
mod bulk;
pub mod comparing;
pub mod consent_syncs;
mod error;
pub mod inbound;
mod leaving_out;
pub mod mapping;
pub mod matching;
pub mod plan;
pub mod planning;
pub mod progress;
pub mod pull;
pub mod pulling;
pub mod reconciling;
pub mod refusals;
pub mod run;
pub mod sending;
pub mod settings;
pub mod settling;
pub mod setup;
pub mod targets;
pub mod undo;
pub mod undoing;

pub use api::{ApiCosts, Way, WayReason};
pub use asking::Org;
pub use backoff::Policy;
pub use budget::CallBudget;
pub use error::{Error, Result};
pub use matching::DOUBT_CURE;
pub use plan::{Plan, PlanCounts, find_people, plan};
pub use progress::{Cancel, Progress, Stage, Step, Unseen};
pub use pull::{PullReport, PullSetup, apply_schema, mirrored_fields, pull};
pub use run::{Clock, Reach, RunReport, Stop, StopKind, ValueLeftOut, Wish, run};
pub use settings::Settings;
pub use setup::{NO_EMAIL_CURE, owes_no};
pub use undo::{UndoReport, UndoSetup, UndoTotals, plan_undo, undo};
