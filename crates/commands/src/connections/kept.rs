//! What is kept where, for whoever wants to know.

use std::path::PathBuf;

use leadferry_store::{Flow, Vault};
use serde::Serialize;

use super::{Connection, all};
use crate::secrets::Entry;
use crate::{Result, Workspace};

/// What is kept where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SecurityFacts {
    /// Where the secrets of a new connection would go.
    pub vault: Vault,
    /// Whether the system's keychain may be used: otherwise what is in it can't be read.
    pub keychain: bool,
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
    /// The only host that its secrets go to; `None` for the practice org.
    pub host: Option<String>,
    /// Where; `None` where it needs no secrets.
    pub vault: Option<Vault>,
    /// Whether the app's secret is there.
    pub has_secret: bool,
    /// Whether the sign-in of a user is there.
    pub has_sign_in: bool,
    /// Whether a private key is there.
    pub has_key: bool,
    /// Whether a user's password is there.
    pub has_password: bool,
}

/// Returns what is kept where.
pub fn security(workspace: &Workspace) -> Result<SecurityFacts> {
    let secrets = workspace.secrets();
    let is_kept = |entry: Option<Entry>| entry.map_or(Ok(false), |entry| secrets.is_kept(&entry));
    let kept = |connection: Connection| {
        Ok(KeptSecrets {
            vault: connection
                .vault
                .filter(|_| connection.flow != Flow::Practice),
            has_secret: connection.has_secret && is_kept(Entry::of_app(&connection))?,
            has_sign_in: is_kept(Entry::of_sign_in(&connection))?,
            has_key: is_kept(Entry::of_key(&connection))?,
            has_password: is_kept(Entry::of_password(&connection))?,
            host: connection.host,
            name: connection.name,
        })
    };
    Ok(SecurityFacts {
        vault: secrets.usable_vault(),
        keychain: workspace.host().environment.keychain,
        sealed_file: secrets.file_path().to_owned(),
        sealed_file_exists: secrets.file_exists(),
        workspace: workspace.store().path().to_owned(),
        data_folder: workspace.host().environment.data_folder.clone(),
        connections: all(workspace)?
            .into_iter()
            .map(kept)
            .collect::<Result<_>>()?,
    })
}
