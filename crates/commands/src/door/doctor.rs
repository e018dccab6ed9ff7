//! `doctor.…`: looking at everything that can be wrong.

use serde::Deserialize;

use super::table::commands;
use crate::doctor::{self, Report};

commands! {
    /// Looks at everything; asks the orgs unless offline.
    "doctor.examine" (Examine) -> Report = |at, request| {
        doctor::examine(at.workspace()?, request.offline).await
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Examine {
    /// Asks no org.
    offline: bool,
}
