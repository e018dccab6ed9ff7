//! Changing a connection.

use leadferry_salesforce::auth::LoginHost;
use leadferry_store::{Connection, ConnectionChange, Flow};
use secrecy::SecretString;

use super::{all, checked_client_id, checked_name, unused};
use crate::secrets::Entry;
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
    store.check_writable()?;
    let before = store.read(|reader| reader.connection_named(name))?;
    let checked = checked(&before, change)?;
    let mut after = before.clone();
    after.host = checked.host.clone().or(after.host);
    after.client_id = checked.client_id.clone().or(after.client_id);
    // The secret first: without it the connection would be half changed.
    let has_secret = keep_secret(workspace, &before, &after, change.client_secret.as_ref())?;
    store.write(|writer| {
        writer.change_connection(before.id, &checked)?;
        writer.set_vault(before.id, before.vault, has_secret)
    })?;
    workspace.open_sessions().forget(before.id);
    let_go_of_unused(workspace, &before)?;
    Ok(store.read(|reader| reader.connection(before.id))?)
}

fn checked(before: &Connection, change: &ChangeConnection) -> Result<ConnectionChange> {
    let touches_app = change.host.is_some()
        || change.client_id.is_some()
        || change.client_secret.is_some()
        || change.callback_port.is_some();
    if before.flow == Flow::Practice && touches_app {
        return Err(Error::usage(
            "the practice org has no host, client id or secret",
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

/// Keeps a new secret for the app as it will be; returns whether there is one. The secret of the app as it was goes to no
/// other host and no other app.
fn keep_secret(
    workspace: &Workspace,
    before: &Connection,
    after: &Connection,
    new: Option<&SecretString>,
) -> Result<bool> {
    use secrecy::ExposeSecret as _;
    let (Some(vault), Some(entry)) = (before.vault, Entry::of_app(after)) else {
        return Ok(false);
    };
    match new {
        Some(new) if new.expose_secret().is_empty() => Ok(false),
        Some(new) => workspace.secrets().write(vault, &entry, new).map(|()| true),
        None if Entry::of_app(before).as_ref() == Some(&entry) => Ok(before.has_secret),
        None if before.flow == Flow::ClientCredentials => Err(Error::usage(
            "The client secret is missing.",
            "Enter the app's consumer secret again.",
        )
        .because("A secret is never sent to another host or app than the one it was entered for.")),
        None => Ok(false),
    }
}

/// Lets go of secrets that no connection of this workspace uses any more.
fn let_go_of_unused(workspace: &Workspace, before: &Connection) -> Result<()> {
    let Some(vault) = before.vault.filter(|_| workspace.approval().is_given()) else {
        return Ok(());
    };
    let all = all(workspace)?;
    let secrets = workspace.secrets();
    let with_secret: Vec<_> = all.iter().filter(|one| one.has_secret).cloned().collect();
    let app = unused(&with_secret, before, Entry::of_app).filter(|_| before.has_secret);
    for entry in [app, unused(&all, before, Entry::of_sign_in)]
        .into_iter()
        .flatten()
    {
        secrets.let_go(vault, &entry)?;
    }
    Ok(())
}
