//! `doctor.…`: looking at everything that can be wrong.

use serde::Deserialize;

use super::table::commands;
use crate::diagnosis::{self, Diagnosis};
use crate::doctor::{self, Report};

commands! {
    /// Looks at everything; asks the orgs unless offline.
    "doctor.examine" (Examine) -> Report = |at, request| {
        doctor::examine(at.workspace()?, request.offline).await
    };
    /// Explains what a text names: a code, or an error as Leadferry, Salesforce or a log told it.
    "doctor.explain" (Explain) -> Diagnosis = |_at, request| Ok(diagnosis::diagnose(&request.text));
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Examine {
    /// Asks no org.
    offline: bool,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Explain {
    /// A code, or a whole message.
    text: String,
}
