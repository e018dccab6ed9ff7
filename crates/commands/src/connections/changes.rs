//! Changing a connection.

use leadferry_salesforce::auth::LoginHost;
use leadferry_store::{Connection, ConnectionChange, Flow};
use secrecy::SecretString;

use super::{checked_client_id, checked_name, list};
use crate::sessions::{app_name, sign_in_name};
use crate::{Error, Result, Workspace};

/// What is to be changed about a connection; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ChangeConnection {
    /// Its name.
    pub name: Option<String>,
    /// Prefix, host or address of the org.
    pub host: Option<String>,
    /// Consumer key of the app in the org.
    pub client_id: Option<String>,
    /// Consumer secret; an empty one removes what is kept.
    pub client_secret: Option<SecretString>,
    /// The one callback port that the app lists; 0 goes back to ours.
    pub callback_port: Option<u16>,
}

/// Changes a connection. With another host or app somebody has to sign in again, to the same org as before.
///
/// # Errors
/// When the name is taken, or a value is not allowed.
pub async fn set(
    workspace: &Workspace,
    name: &str,
    change: &ChangeConnection,
) -> Result<Connection> {
    let store = workspace.store();
    let before = store.read(|reader| reader.connection_named(name))?;
    let checked = checked(&before, change)?;
    let mut after = before.clone();
    after.host = checked.host.clone().or(after.host);
    after.client_id = checked.client_id.clone().or(after.client_id);
    // The secret first: without it the connection would be half changed.
    let has_secret = move_secret(workspace, &before, &after, change.client_secret.as_ref())?;
    store.write(|writer| {
        writer.change_connection(before.id, &checked)?;
        writer.set_vault(before.id, before.vault, has_secret)
    })?;
    forget_unused(workspace, &before, &after)?;
    Ok(store.read(|reader| reader.connection(before.id))?)
}

fn checked(before: &Connection, change: &ChangeConnection) -> Result<ConnectionChange> {
    let touches_app = change.host.is_some()
        || change.client_id.is_some()
        || change.client_secret.is_some()
        || change.callback_port.is_some();
    if before.flow == Flow::Practice && touches_app {
        return Err(Error::usage(
            "the practice org needs no host, client id or secret",
            "change its name only",
        ));
    }
    Ok(ConnectionChange {
        name: change.name.as_deref().map(checked_name).transpose()?,
        host: match change.host.as_deref() {
            Some(host) => Some(LoginHost::parse(host)?.to_string()),
            None => None,
        },
        client_id: change
            .client_id
            .as_deref()
            .map(checked_client_id)
            .transpose()?,
        callback_port: change
            .callback_port
            .map(|port| Some(port).filter(|port| *port > 0)),
    })
}

/// Keeps the secret under the app's name as it will be; returns whether there is one.
fn move_secret(
    workspace: &Workspace,
    before: &Connection,
    after: &Connection,
    new: Option<&SecretString>,
) -> Result<bool> {
    use secrecy::ExposeSecret as _;
    let Some(vault) = before.vault else {
        return Ok(false);
    };
    let secrets = workspace.secrets();
    match new {
        Some(new) if new.expose_secret().is_empty() => Ok(false),
        Some(new) => secrets.write(vault, &app_name(after), new).map(|()| true),
        None if !before.has_secret || app_name(before) == app_name(after) => Ok(before.has_secret),
        None => match secrets.read(vault, &app_name(before))? {
            Some(kept) => secrets.write(vault, &app_name(after), &kept).map(|()| true),
            None => Ok(false),
        },
    }
}

/// Removes secrets that no connection of this workspace uses any more.
fn forget_unused(workspace: &Workspace, before: &Connection, after: &Connection) -> Result<()> {
    let Some(vault) = before.vault else {
        return Ok(());
    };
    let all = list(workspace)?;
    let secrets = workspace.secrets();
    let app_used = all
        .iter()
        .any(|other| other.has_secret && app_name(other) == app_name(before));
    if before.has_secret && !app_used {
        secrets.remove(vault, &app_name(before))?;
    }
    let sign_in_moved = sign_in_name(before) != sign_in_name(after);
    let sign_in_used = all
        .iter()
        .any(|other| sign_in_name(other) == sign_in_name(before));
    if before.org_id.is_some() && sign_in_moved && !sign_in_used {
        secrets.remove(vault, &sign_in_name(before))?;
    }
    Ok(())
}
