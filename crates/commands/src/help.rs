//! What this program is, and where it keeps things.

use std::path::PathBuf;

use serde::Serialize;

use crate::Environment;

/// What this is, and where it keeps things on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct About {
    /// The version.
    pub version: &'static str,
    /// The licence, as an SPDX expression.
    pub licence: &'static str,
    /// Where locks, logs and the file of secrets are.
    pub data_folder: PathBuf,
    /// Where the logs are; nothing of contacts stands in them.
    pub logs_folder: PathBuf,
}

/// Tells about this program.
pub fn about(environment: &Environment) -> About {
    About {
        version: env!("CARGO_PKG_VERSION"),
        licence: env!("CARGO_PKG_LICENSE"),
        data_folder: environment.data_folder.clone(),
        logs_folder: environment.data_folder.join("logs"),
    }
}
