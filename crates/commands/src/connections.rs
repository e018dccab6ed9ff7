//! Connections: the orgs that a workspace may talk to.

use std::time::Duration;

use leadferry_salesforce::auth::{self, Listener, LoginHost};
use leadferry_store::NewConnection;
pub use leadferry_store::{Allowance, Connection, Flow};
use secrecy::SecretString;
use serde::Serialize;

pub use crate::orgs::DescribeNews;
use crate::orgs::{self, bind, keep_allowance, refresh_describes};
use crate::scopes;
use crate::sessions::{self, app_name, app_of, keep_tokens, sign_in_name, to_the_end};
use crate::{Code, Error, Result, Workspace};

/// Ports of the callback, tried in this order: an app in Salesforce must list each address exactly.
pub const CALLBACK_PORTS: &[u16] = &[18_533, 28_533, 38_533];

/// How long the browser may take.
const BROWSER_TIME: Duration = Duration::from_secs(600);

/// Refusals that stay in the browser: nothing comes back here until the wait is over.
const SHOWN_IN_BROWSER: &str = "If the browser shows an error and does not come back, stop the wait and mend what it names:
  redirect_uri_mismatch         list the callback address above in the app, letter by letter
  invalid_client_id             check the client id; a new app needs up to ten minutes
  OAUTH_APPROVAL_ERROR_GENERIC  give the app the scopes api and refresh_token, and have it installed in the org
  OAUTH_AUTHORIZATION_BLOCKED   the app must be registered in the very org that you sign in to";

/// A connection to be added.
#[derive(Debug, Clone)]
pub struct AddConnection {
    /// Name, unique in the workspace.
    pub name: String,
    /// How it signs in.
    pub flow: Flow,
    /// Prefix, host or address of the org; none for the practice org.
    pub host: Option<String>,
    /// Consumer key of the app in the org.
    pub client_id: Option<String>,
    /// Consumer secret, where the app asks for one.
    pub client_secret: Option<SecretString>,
    /// The one callback port that the app lists, where it is not one of [`CALLBACK_PORTS`].
    pub callback_port: Option<u16>,
}

/// Adds a connection; the practice org is signed in to at once.
///
/// # Errors
/// When the name is taken, or something that the flow needs is missing.
pub async fn add(workspace: &Workspace, request: &AddConnection) -> Result<Connection> {
    let new = checked(request)?;
    let store = workspace.store();
    if store
        .read(|reader| reader.connection_named(&new.name))
        .is_ok()
    {
        return Err(leadferry_store::Error::NameTaken {
            kind: "connection",
            name: new.name,
        }
        .into());
    }
    let id = store.write(|writer| writer.add_connection(&new, workspace.host().now()))?;
    let connection = store.read(|reader| reader.connection(id))?;
    let finished = finish_adding(workspace, &connection, request.client_secret.as_ref()).await;
    if let Err(error) = finished {
        // Half a connection helps no one.
        store.write(|writer| writer.remove_connection(id))?;
        return Err(error);
    }
    Ok(store.read(|reader| reader.connection(id))?)
}

async fn finish_adding(
    workspace: &Workspace,
    connection: &Connection,
    secret: Option<&SecretString>,
) -> Result<()> {
    if connection.flow == Flow::Practice {
        let client = orgs::client(workspace, connection)?;
        bind(workspace, connection, &client).await?;
        return Ok(());
    }
    let vault = workspace.secrets().choose_vault();
    if let Some(secret) = secret {
        workspace
            .secrets()
            .write(vault, &app_name(connection), secret)?;
    }
    workspace
        .store()
        .write(|writer| writer.set_vault(connection.id, Some(vault), secret.is_some()))?;
    Ok(())
}

/// Checks what the flow needs, and brings the host into its form.
fn checked(request: &AddConnection) -> Result<NewConnection> {
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.chars().any(char::is_control) {
        return Err(Error::usage(
            "a connection's name has 1 to 255 characters on one line",
            "choose another name",
        ));
    }
    let mut new = NewConnection {
        name: name.to_owned(),
        flow: request.flow,
        host: None,
        client_id: None,
        callback_port: request.callback_port,
    };
    if request.flow == Flow::Practice {
        if request.host.is_some() || request.client_id.is_some() || request.client_secret.is_some()
        {
            return Err(Error::usage(
                "the practice org needs no host, client id or secret",
                "leave them out",
            ));
        }
        return Ok(new);
    }
    let host = request.host.as_deref().ok_or_else(|| {
        Error::usage(
            "the connection needs a host",
            "give --host, such as acme or acme.my.salesforce.com",
        )
    })?;
    new.host = Some(LoginHost::parse(host)?.to_string());
    let client_id = request
        .client_id
        .as_deref()
        .map(str::trim)
        .filter(|id| !id.is_empty());
    let client_id = client_id.ok_or_else(|| {
        Error::usage(
            "the connection needs the app's client id",
            "give --client-id with the consumer key of the app in the org",
        )
    })?;
    new.client_id = Some(client_id.to_owned());
    if request.flow == Flow::ClientCredentials && request.client_secret.is_none() {
        return Err(Error::usage(
            "this flow needs the app's client secret",
            "give it with --client-secret-stdin",
        ));
    }
    Ok(new)
}

/// Returns all connections by name.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<Connection>> {
    Ok(workspace.store().read(|reader| reader.connections())?)
}

/// How to sign in with the browser.
#[derive(Debug, Clone, Copy)]
pub struct Authorize {
    /// Whether the browser is opened; otherwise the address is only told.
    pub open_browser: bool,
}

/// Signs in: in the browser where that is the connection's flow. Waits for the user at most ten minutes.
///
/// # Errors
/// When the user or the org refuses, or nobody comes back in time.
pub async fn authorize(workspace: &Workspace, name: &str, how: Authorize) -> Result<Connection> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(name))?;
    if connection.flow == Flow::Browser {
        in_browser(workspace, &connection, how).await?;
    } else {
        bind(
            workspace,
            &connection,
            &orgs::client(workspace, &connection)?,
        )
        .await?;
    }
    Ok(store.read(|reader| reader.connection(connection.id))?)
}

async fn in_browser(workspace: &Workspace, connection: &Connection, how: Authorize) -> Result<()> {
    let app = app_of(connection, workspace.secrets())?;
    let own = connection.callback_port.map(|port| vec![port]);
    let listener = Listener::bind(own.as_deref().unwrap_or(CALLBACK_PORTS)).await?;
    let sign_in = auth::begin(&app, &listener.redirect_uri(), scopes::ASKED);
    let front_end = &workspace.host().front_end;
    front_end.tell(&format!(
        "Sign in here:\n{}\n(callback address: {}; waiting {} minutes at most)\n{SHOWN_IN_BROWSER}",
        sign_in.url,
        listener.redirect_uri(),
        BROWSER_TIME.as_secs() / 60
    ));
    if how.open_browser && !front_end.open_browser(sign_in.url.as_str()) {
        front_end.tell("The browser could not be opened: open the address yourself.");
    }
    let finished = to_the_end(async move {
        Ok::<_, Error>(auth::finish(&app, sign_in, listener, BROWSER_TIME).await?)
    });
    let tokens = finished.await?;
    let bound = bind_tokens(workspace, connection, &tokens)?;
    for note in scopes::notes(tokens.scope.as_deref(), tokens.refresh_token.is_some()) {
        front_end.tell(note);
    }
    bind(workspace, &bound, &orgs::client(workspace, &bound)?).await?;
    Ok(())
}

/// Keeps new tokens, durable before their first use; refuses those of another org.
fn bind_tokens(
    workspace: &Workspace,
    connection: &Connection,
    tokens: &auth::Tokens,
) -> Result<Connection> {
    let mut bound = connection.clone();
    let (org, user) = (
        tokens.session.org_id.as_ref(),
        tokens.session.user_id.as_ref(),
    );
    let (Some(org), Some(user)) = (org, user) else {
        return Err(Error::new(
            Code::NoNetwork,
            "the sign-in does not say to which org it belongs",
            "sign in again",
        ));
    };
    if let Some(before) = connection
        .org_id
        .as_deref()
        .filter(|before| *before != org.as_str())
    {
        return Err(sessions::another_org(
            &connection.name,
            before,
            org.as_str(),
        ));
    }
    bound.org_id = Some(org.as_str().to_owned());
    bound.user_id = Some(user.as_str().to_owned());
    keep_tokens(&bound, workspace.secrets(), tokens)?;
    Ok(bound)
}

/// What testing a connection found.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Tested {
    /// The connection as it is now.
    pub connection: Connection,
    /// The objects that can be sent to.
    pub describes: Vec<DescribeNews>,
    /// Calls used of the 24-hour allowance.
    pub allowance: Option<Allowance>,
    /// Data storage in megabytes that is left, where the user may see it.
    pub storage_left_mb: Option<i64>,
}

/// Asks the org who is signed in, for its limits, and whether its fields have changed.
///
/// # Errors
/// When the org cannot be reached, or nobody is signed in.
pub async fn test(workspace: &Workspace, name: &str) -> Result<Tested> {
    let store = workspace.store();
    let mut connection = store.read(|reader| reader.connection_named(name))?;
    // The newest version that both know, asked for anew.
    connection.api_version = None;
    let client = orgs::client(workspace, &connection)?;
    bind(workspace, &connection, &client).await?;
    let describes = refresh_describes(workspace, connection.id, &client).await?;
    let limits = client.limits().await?;
    let allowance = keep_allowance(workspace, connection.id, &client)?;
    Ok(Tested {
        connection: store.read(|reader| reader.connection(connection.id))?,
        describes,
        allowance,
        storage_left_mb: limits.data_storage_mb.map(|limit| limit.remaining),
    })
}

/// What removing a connection came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Removed {
    /// Its name.
    pub name: String,
    /// Whether the sign-in was revoked in the org.
    pub revoked: bool,
}

/// Removes a connection with its secrets; the sign-in is revoked where the org can be reached.
///
/// # Errors
/// While a replication uses it.
pub async fn remove(workspace: &Workspace, name: &str) -> Result<Removed> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(name))?;
    store.write(|writer| writer.remove_connection(connection.id))?;
    let rest = list(workspace)?;
    let mut revoked = false;
    if let Some(vault) = connection.vault {
        let secrets = workspace.secrets();
        if connection.org_id.is_some()
            && !rest
                .iter()
                .any(|other| sign_in_name(other) == sign_in_name(&connection))
        {
            revoked = revoke(workspace, &connection).await;
            secrets.remove(vault, &sign_in_name(&connection))?;
        }
        if connection.has_secret
            && !rest
                .iter()
                .any(|other| app_name(other) == app_name(&connection))
        {
            secrets.remove(vault, &app_name(&connection))?;
        }
    }
    Ok(Removed {
        name: connection.name,
        revoked,
    })
}

/// Revokes a sign-in; that the org cannot be reached must not keep it here.
async fn revoke(workspace: &Workspace, connection: &Connection) -> bool {
    let Ok(Some(token)) = sessions::refresh_token_of(connection, workspace.secrets()) else {
        return false;
    };
    let Ok(app) = app_of(connection, workspace.secrets()) else {
        return false;
    };
    auth::revoke(&app, &token).await.is_ok()
}
