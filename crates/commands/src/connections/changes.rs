//! Changing a connection.

use leadferry_salesforce::auth::LoginHost;
use leadferry_store::{Connection, ConnectionChange, ConnectionFacts, Flow, JwtSettings};
use secrecy::SecretString;

use super::{UserSignIn, all, checked_client_id, checked_name, unused};
use crate::secrets::Entry;
use crate::{Error, Result, Workspace, keys, passwords};

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
    /// How it signs in. What was entered for host and app stays.
    pub flow: Option<Flow>,
    /// Who signs in.
    pub user: UserSignIn,
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
    let after = changed(&before, &checked);
    // The secrets first: without them the connection would be half changed.
    let has_secret = keep_secret(workspace, &before, &after, change.client_secret.as_ref())?;
    keep_key(workspace, &before, &after)?;
    keep_password(workspace, &before, &after, &change.user)?;
    store.write(|writer| {
        writer.change_connection(before.id, &checked)?;
        if after.client_id != before.client_id {
            let facts = ConnectionFacts {
                key_entered_at: Some(workspace.host().now()),
                ..writer.connection(before.id)?.facts
            };
            writer.set_connection_facts(before.id, &facts)?;
        }
        writer.set_vault(before.id, before.vault, has_secret)
    })?;
    workspace.open_sessions().forget(before.id);
    if let Some(key) = &after.jwt.key_id {
        keys::given(workspace, key)?;
    }
    let_go_of_unused(workspace, &before)?;
    Ok(store.read(|reader| reader.connection(before.id))?)
}

/// Returns the connection as it will be.
fn changed(before: &Connection, change: &ConnectionChange) -> Connection {
    let mut after = before.clone();
    after.host = change.host.clone().or(after.host);
    after.client_id = change.client_id.clone().or(after.client_id);
    after.username = change.username.clone().or(after.username);
    after.flow = change.flow.unwrap_or(after.flow);
    if let Some(jwt) = &change.jwt {
        after.jwt = jwt.clone();
    }
    after
}

fn checked(before: &Connection, change: &ChangeConnection) -> Result<ConnectionChange> {
    let touches_app = change.host.is_some()
        || change.flow.is_some()
        || !change.user.is_empty()
        || change.client_id.is_some()
        || change.client_secret.is_some()
        || change.callback_port.is_some();
    if before.flow == Flow::Practice && touches_app {
        return Err(Error::usage(
            "the practice org has no host, client id or secret",
            "change its name only",
        ));
    }
    let flow = change.flow.unwrap_or(before.flow);
    if flow == Flow::Practice && before.flow != Flow::Practice {
        return Err(Error::usage(
            "A connection to Salesforce can't become the practice org.",
            "Add a connection to the practice org instead.",
        ));
    }
    let user = &change.user;
    let jwt = match (flow == before.flow, flow) {
        // Another kind of sign-in is set up as a new connection is; the user's name may stay.
        (false, Flow::Jwt | Flow::Password) => {
            let known = UserSignIn {
                username: user.username.clone().or_else(|| before.username.clone()),
                ..user.clone()
            };
            known.checked(flow)?.1
        }
        (_, Flow::Jwt) => {
            user.check_flow(flow)?;
            user.checked_jwt(&before.jwt)?
        }
        _ => {
            user.check_flow(flow)?;
            JwtSettings::default()
        }
    };
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
        flow: change.flow,
        username: user.checked_username()?,
        jwt: Some(jwt),
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
        None if after.flow == Flow::ClientCredentials => Err(Error::usage(
            "The consumer secret is missing.",
            "Enter the app's consumer secret again.",
        )
        .because("A secret is never sent to another host or app than the one it was entered for.")
        .at("client_secret")),
        None => Ok(false),
    }
}

/// Keeps the key for host and app as they will be. Once it has signed in, it does so at no other host.
fn keep_key(workspace: &Workspace, before: &Connection, after: &Connection) -> Result<()> {
    if after.flow != Flow::Jwt || Entry::of_key(before) == Entry::of_key(after) {
        return Ok(());
    }
    if let Some((vault, entry)) = after.vault.zip(Entry::of_key(after))
        && let Some(private) = key_that_follows(workspace, before, after)?
    {
        return workspace.secrets().write(vault, &entry, &private);
    }
    keys::give(workspace, after).map_err(|error| match before.jwt.key_id == after.jwt.key_id {
        true => Error::usage(
            "The key is missing.",
            "Import the key file again, or make a new key.",
        )
        .because("A key that has signed in at one host never signs in at another.")
        .at("key"),
        false => error,
    })
}

/// Returns the key where it may follow the change: a mistyped address or consumer key must not cost a key whose
/// certificate is uploaded already. It goes to another app at the same host, and anywhere while nobody has signed in.
fn key_that_follows(
    workspace: &Workspace,
    before: &Connection,
    after: &Connection,
) -> Result<Option<SecretString>> {
    let is_same = before.jwt.key_id == after.jwt.key_id;
    let may_follow = before.host == after.host || before.signed_in_at.is_none();
    match before.vault.zip(Entry::of_key(before)) {
        Some((vault, entry)) if is_same && may_follow => workspace.secrets().read(vault, &entry),
        _ => Ok(None),
    }
}

/// Keeps a new password or security token, as [`keep_key`] keeps a key.
fn keep_password(
    workspace: &Workspace,
    before: &Connection,
    after: &Connection,
    user: &UserSignIn,
) -> Result<()> {
    if after.flow != Flow::Password {
        return Ok(());
    }
    let secrets = workspace.secrets();
    let is_same = Entry::of_password(before) == Entry::of_password(after);
    match (&user.password, &user.security_token) {
        (Some(password), token) => passwords::keep(after, secrets, password, token.as_ref()),
        (None, _) if !is_same => Err(Error::usage(
            "The password is missing.",
            "Enter the user's Salesforce password again.",
        )
        .because("A password is never sent to another host, or for another app or user, than the one it was entered for.")
        .at("password")),
        (None, Some(token)) => passwords::keep_token(after, secrets, token),
        (None, None) => Ok(()),
    }
}

/// Lets go of secrets that no connection of this workspace uses any more.
fn let_go_of_unused(workspace: &Workspace, before: &Connection) -> Result<()> {
    let Some(vault) = before.vault.filter(|_| workspace.approval().is_given()) else {
        return Ok(());
    };
    let all = all(workspace)?;
    let secrets = workspace.secrets();
    for of in &Entry::KINDS {
        if let Some(entry) = unused(&all, before, of) {
            secrets.let_go(vault, &entry)?;
        }
    }
    if let Some(key) = &before.jwt.key_id {
        workspace
            .store()
            .write(|writer| writer.remove_signing_key(key))?;
    }
    Ok(())
}
