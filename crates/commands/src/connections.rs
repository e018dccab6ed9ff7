//! Connections: the orgs that a workspace may talk to.

mod assertion;
mod changes;
pub mod check;
mod details;
mod drafts;
mod drifting;
mod failure;
mod guide;
mod hosts;
mod idle;
mod kept;
mod pages;
mod proxies;
mod revoking;
mod sign_in;
#[cfg(test)]
mod testing;
mod users;

use leadferry_replication::CallBudget;
use leadferry_salesforce::auth::LoginHost;
use leadferry_salesforce::{Client, TokenKind};
pub use leadferry_store::{Connection, Flow};
use leadferry_store::{ConnectionFacts, ConnectionTrouble, JwtSettings, NewConnection};
use secrecy::SecretString;
use serde::Serialize;

use crate::diagnosis::Who;
pub use crate::orgs::DescribeNews;
use crate::orgs::{self, bind, keep_allowance};
use crate::secrets::Entry;
use crate::{Code, Error, Result, Workspace, alerts, diagnosis, keys, passwords, quoted};
pub use assertion::{ShownAssertion, assertion};
pub use changes::{ChangeConnection, set};
pub use check::{CheckLine, ConnectionCheck, Fix, check};
pub use details::{ConnectionDetails, ObjectRights, Scope, Warning, details};
pub(crate) use details::{certificate_cure, certificate_end_in_words, certificate_warning};
pub use drafts::{Draft, Generation, discard_draft, drafts, save_draft};
pub use drifting::{ChangedField, FieldUser, FieldUserKind, drift, drift_of_replication};
pub(crate) use drifting::{changed_fields, drift_around};
pub use failure::{RawAnswer, SetUpStep, SignInFailure};
pub use guide::{
    CallbackCheck, FlowChoice, GenerationChoice, Guide, GuideNeed, GuideRequest, GuideStep,
    GuideValue, SaveGuide, ScopePreset, check_callback, flows, guide, page_to_print, save_guide,
};
pub use hosts::{HostKind, HostReading, host};
pub use idle::keep_alive;
pub(crate) use idle::{LAPSE_CURE, lapse_in_words};
pub use kept::{KeptSecrets, SecurityFacts, security};
pub use pages::SalesforcePage;
pub(crate) use pages::address as page_address;
pub(crate) use proxies::use_kept as use_kept_proxy;
pub use proxies::{ProxySetting, proxy, set_proxy};
pub use revoking::{Revoked, revoke};
pub(crate) use sign_in::SignIns;
pub use sign_in::{
    Authorize, Phase, SignInOutcome, SignInState, SigningIn, authorize, sign_in, sign_in_state,
    stop_sign_in,
};
pub use users::UserSignIn;

/// Ports of the callback, tried in this order: an app in Salesforce must list each address exactly.
pub const CALLBACK_PORTS: &[u16] = &[18_533, 28_533, 38_533];

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
    /// Who signs in, for the flows that ask for it.
    pub user: UserSignIn,
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
    if let Some(key) = &new.jwt.key_id {
        store.read(|reader| reader.signing_key(key))?;
    }
    let now = workspace.host().now();
    let id = store.write(|writer| {
        let id = writer.add_connection(&new, now)?;
        let facts = ConnectionFacts {
            key_entered_at: new.client_id.as_ref().map(|_| now),
            ..ConnectionFacts::default()
        };
        writer.set_connection_facts(id, &facts)?;
        Ok::<_, leadferry_store::Error>(id)
    })?;
    let connection = store.read(|reader| reader.connection(id))?;
    if let Err(error) = finish_adding(workspace, &connection, request).await {
        // Half a connection helps no one.
        store.write(|writer| writer.remove_connection(id))?;
        return Err(error);
    }
    if let Some(key) = &connection.jwt.key_id {
        keys::given(workspace, key)?;
    }
    Ok(store.read(|reader| reader.connection(id))?)
}

async fn finish_adding(
    workspace: &Workspace,
    connection: &Connection,
    request: &AddConnection,
) -> Result<()> {
    if connection.flow == Flow::Practice {
        let client = orgs::client(workspace, connection)?;
        bind(workspace, connection, &client).await?;
        return Ok(());
    }
    let secrets = workspace.secrets();
    let vault = secrets.choose_vault();
    let kept = Connection {
        vault: Some(vault),
        ..connection.clone()
    };
    let secret = request.client_secret.as_ref();
    if let Some((secret, entry)) = secret.zip(Entry::of_app(&kept)) {
        secrets.write(vault, &entry, secret)?;
    }
    match (kept.flow, &request.user.password) {
        (Flow::Jwt, _) => keys::give(workspace, &kept)?,
        (Flow::Password, Some(password)) => {
            let token = request.user.security_token.as_ref();
            passwords::keep(&kept, secrets, password, token)?;
        }
        _ => {}
    }
    workspace
        .store()
        .write(|writer| writer.set_vault(kept.id, Some(vault), secret.is_some()))?;
    Ok(())
}

/// Checks what the flow needs, and brings the host into its form.
fn checked(request: &AddConnection) -> Result<NewConnection> {
    let mut new = NewConnection {
        name: checked_name(&request.name)?,
        flow: request.flow,
        host: None,
        client_id: None,
        callback_port: request.callback_port,
        username: None,
        jwt: JwtSettings::default(),
    };
    if request.flow == Flow::Practice {
        if request.host.is_some()
            || request.client_id.is_some()
            || request.client_secret.is_some()
            || !request.user.is_empty()
        {
            return Err(Error::usage(
                "the practice org has no host, client id or secret",
                "leave them out",
            ));
        }
        return Ok(new);
    }
    let host = request.host.as_deref().ok_or_else(|| {
        Error::usage(
            "the connection needs a host",
            "enter the org's My Domain name, such as acme or acme.my.salesforce.com",
        )
        .at("host")
    })?;
    new.host = Some(LoginHost::parse(host)?.to_string());
    new.client_id = Some(checked_client_id(
        request.client_id.as_deref().unwrap_or_default(),
    )?);
    if request.flow == Flow::ClientCredentials && request.client_secret.is_none() {
        return Err(Error::usage(
            "the connection needs the app's consumer secret",
            "enter the consumer secret of the app",
        )
        .at("client_secret"));
    }
    (new.username, new.jwt) = request.user.checked(request.flow)?;
    Ok(new)
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.chars().any(char::is_control) {
        return Err(Error::usage(
            "this can't be a connection's name",
            "enter 1 to 255 characters on one line",
        ));
    }
    Ok(name.to_owned())
}

fn checked_client_id(client_id: &str) -> Result<String> {
    let client_id = client_id.trim();
    if client_id.is_empty() {
        return Err(Error::usage(
            "the connection needs the app's client id",
            "enter the consumer key of the app in the org",
        )
        .at("client_id"));
    }
    if client_id.len() > 1_000 || client_id.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        return Err(Error::usage(
            "this isn't a consumer key",
            "copy only the key, without spaces, and paste it again",
        ));
    }
    Ok(client_id.to_owned())
}

/// Returns all connections by name.
pub fn list(workspace: &Workspace) -> Result<Vec<ConnectionInfo>> {
    let now = workspace.host().now();
    workspace.store().read(|reader| {
        let all = reader.connections()?.into_iter();
        all.map(|connection| {
            Ok(ConnectionInfo {
                budget: orgs::budget(workspace, reader, &connection, 0)?,
                certificate_warning: certificate_warning(&connection, now),
                connection,
            })
        })
        .collect()
    })
}

fn all(workspace: &Workspace) -> Result<Vec<Connection>> {
    Ok(workspace.store().read(|reader| reader.connections())?)
}

/// A connection, and what is left of its API calls.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ConnectionInfo {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// The API calls of 24 hours; `None` where the org has told nothing yet.
    pub budget: Option<CallBudget>,
    /// Set where the key's certificate ends within a month, or has ended.
    pub certificate_warning: Option<Warning>,
}

/// What testing a connection found.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Tested {
    /// The connection as it is now.
    pub connection: Connection,
    /// The objects that can be sent to.
    pub describes: Vec<DescribeNews>,
    /// The changed fields that something here uses.
    pub drift: Vec<ChangedField>,
    /// The API calls of 24 hours; `None` where the org tells nothing.
    pub budget: Option<CallBudget>,
    /// Data storage in megabytes that is left, where the user may see it.
    pub storage_left_mb: Option<i64>,
}

/// Asks the org who is signed in, for its limits, and whether its fields have changed; what does not work is recorded.
///
/// # Errors
/// When the org cannot be reached, or nobody is signed in.
pub async fn test(workspace: &Workspace, name: &str) -> Result<Tested> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(name))?;
    match ask(workspace, &connection).await {
        Ok((tested, _)) => Ok(tested),
        Err(error) => {
            record_trouble(workspace, &connection, &error);
            Err(leading_to_the_note(error, name))
        }
    }
}

/// Leads to the check where only an admin can help: it has a note for them.
fn leading_to_the_note(error: Error, name: &str) -> Error {
    let known = error.said.as_ref().and_then(|said| {
        let text = format!("{} {}", said.code, said.words);
        diagnosis::diagnose(&text).found.into_iter().next()
    });
    let has_note = known.is_some_and(|known| known.who == Who::Admin && known.note.is_some());
    match has_note && error.command.is_none() {
        true => error.with_command(format!("connections check {}", quoted(name))),
        false => error,
    }
}

async fn ask(workspace: &Workspace, connection: &Connection) -> Result<(Tested, Client)> {
    let store = workspace.store();
    let mut anew = connection.clone();
    // The newest version that both know, asked for anew.
    anew.api_version = None;
    workspace.open_sessions().forget(connection.id);
    let client = orgs::client(workspace, &anew)?;
    let mut describes = bind(workspace, &anew, &client).await?.describes;
    describes.extend(orgs::refresh_others(workspace, connection.id, &client).await?);
    let limits = client.limits().await?;
    let user = look_at_user(workspace, &client).await;
    let known = store.read(|reader| reader.connection(connection.id))?.facts;
    let facts = ConnectionFacts {
        scopes: known.scopes,
        refreshable: known.refreshable,
        renewed_at: known.renewed_at,
        seen_address: known.seen_address,
        ..user
    };
    keep_allowance(workspace, connection.id, &client)?;
    store.write(|writer| writer.set_connection_facts(connection.id, &facts))?;
    let connection = store.read(|reader| reader.connection(connection.id))?;
    let drift = store.read(|reader| changed_fields(reader, &connection))?;
    alerts::drifted(workspace, connection.id);
    let tested = Tested {
        drift,
        budget: store.read(|reader| orgs::budget(workspace, reader, &connection, 0))?,
        connection,
        describes,
        storage_left_mb: limits.data_storage_mb.map(|limit| limit.remaining),
    };
    Ok((tested, client))
}

/// Asks who the user is; some users may not read it, and that is no trouble.
async fn look_at_user(workspace: &Workspace, client: &Client) -> ConnectionFacts {
    let user = client.own_user().await.ok();
    let session = client.session().await.ok();
    ConnectionFacts {
        token_is_jwt: session.map(|session| session.token_kind() == TokenKind::Jwt),
        user_name: user.as_ref().map(|user| user.name.clone()),
        profile: user.and_then(|user| user.profile),
        checked_at: Some(workspace.host().now()),
        ..ConnectionFacts::default()
    }
}

/// Records why the org could not be asked, so that every front end shows it; what lies with this machine is left out.
fn record_trouble(workspace: &Workspace, connection: &Connection, error: &Error) {
    if matches!(
        error.code,
        Code::Passphrase | Code::Cancelled | Code::Local | Code::ReadOnly | Code::Unapproved
    ) {
        return;
    }
    let store = workspace.store();
    let known = store.read(|reader| reader.connection(connection.id));
    let facts = ConnectionFacts {
        checked_at: Some(workspace.host().now()),
        trouble: Some(ConnectionTrouble {
            message: error.message.clone(),
            cause: error.cause.clone(),
            cure: error.hint.clone(),
            needs_sign_in: error.code == Code::SignIn,
        }),
        ..known.map_or_else(|_| connection.facts.clone(), |known| known.facts)
    };
    if let Err(error) = store.write(|writer| writer.set_connection_facts(connection.id, &facts)) {
        tracing::debug!(%error, "a trouble could not be recorded");
    }
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
    let session = workspace.open_sessions().forget(connection.id);
    let mut revoked = false;
    // What a workspace that nobody approved says of secrets doesn't touch them.
    if let Some(vault) = connection.vault.filter(|_| workspace.approval().is_given()) {
        let rest = all(workspace)?;
        let secrets = workspace.secrets();
        let sign_in = unused(&rest, &connection, Entry::of_sign_in);
        let is_last = match &sign_in {
            Some(sign_in) => !secrets.others_need(sign_in)?,
            None => session.is_some(),
        };
        if is_last {
            let ended = revoking::at_the_org(workspace, &connection, session).await;
            revoked = ended.unwrap_or(false);
        }
        for of in &Entry::KINDS {
            if let Some(entry) = unused(&rest, &connection, of) {
                secrets.let_go(vault, &entry)?;
            }
        }
    }
    if let Some(key) = &connection.jwt.key_id {
        store.write(|writer| writer.remove_signing_key(key))?;
    }
    Ok(Removed {
        name: connection.name,
        revoked,
    })
}

/// Returns the entry of a connection that none of the `rest` of its workspace uses.
fn unused(
    rest: &[Connection],
    connection: &Connection,
    entry: impl Fn(&Connection) -> Option<Entry>,
) -> Option<Entry> {
    let own = entry(connection)?;
    let is_used = rest.iter().any(|other| entry(other).as_ref() == Some(&own));
    (!is_used).then_some(own)
}
