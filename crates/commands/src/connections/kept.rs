//! What is kept where, for whoever wants to know.

use std::path::PathBuf;

use leadferry_store::{Flow, Vault};
use serde::Serialize;

use super::list;
use crate::{Result, Workspace};

/// What is kept where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SecurityFacts {
    /// Where the secrets of a new connection would go.
    pub vault: Vault,
    /// The sealed file of secrets.
    pub sealed_file: PathBuf,
    /// Whether there is one.
    pub sealed_file_exists: bool,
    /// The workspace; secrets are never in it.
    pub workspace: PathBuf,
    /// Locks, the list of work under way, and the sealed file.
    pub data_folder: PathBuf,
    /// What is kept for each connection.
    pub connections: Vec<KeptSecrets>,
}

/// What is kept for a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct KeptSecrets {
    /// The connection.
    pub name: String,
    /// Where; `None` where it needs no secrets.
    pub vault: Option<Vault>,
    /// Whether the app's secret is there.
    pub has_secret: bool,
    /// Whether the sign-in of a user is there.
    pub has_sign_in: bool,
}

/// Returns what is kept where.
///
/// # Errors
/// When the workspace cannot be read.
pub fn security(workspace: &Workspace) -> Result<SecurityFacts> {
    let secrets = workspace.secrets();
    let connections = list(workspace)?.into_iter().map(|connection| KeptSecrets {
        name: connection.name,
        vault: connection
            .vault
            .filter(|_| connection.flow != Flow::Practice),
        has_secret: connection.has_secret,
        has_sign_in: connection.flow == Flow::Browser && connection.org_id.is_some(),
    });
    Ok(SecurityFacts {
        vault: secrets.usable_vault(),
        sealed_file: secrets.file_path().to_owned(),
        sealed_file_exists: secrets.file_exists(),
        workspace: workspace.store().path().to_owned(),
        data_folder: workspace.host().environment.data_folder.clone(),
        connections: connections.collect(),
    })
}
