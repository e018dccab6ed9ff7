//! Signing in for calls: at the first call only, renewed under a lock that other processes respect.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use leadferry_practice_org::Owner;
use leadferry_salesforce::auth::{self, ASSERTION_LIFETIME_S, App, Assertion, LoginHost, Tokens};
use leadferry_salesforce::{Error as OrgError, OAuthErrorCode, Session, Sessions};
use leadferry_store::{Connection, ConnectionFacts, ConnectionId, Flow, Store, Vault, crash_point};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use crate::keys::private_key_of;
use crate::locks::{FileLock, lock_file};
use crate::practice::{self, Practice};
use crate::secrets::{Entry, Secrets};
use crate::{Code, Error, Host, Result, Workspace, passwords, quoted};

/// Sign-ins to the practice org that are tried, as its owners may end one after the other.
const SIGN_INS: u32 = 5;

/// Signs in to the org of one connection.
pub(crate) struct OrgSessions {
    keys: Keys,
    practice: Arc<Practice>,
    session: SharedSession,
}

/// A session that is opened at the first call.
pub(crate) type SharedSession = Arc<Mutex<Option<Session>>>;

/// The sessions of one open workspace: all clients of a connection that signs in by itself share one, so that the pages of a
/// search don't sign in again and again. The other flows find theirs in the vault, and in the practice org's file.
#[derive(Default)]
pub(crate) struct OpenSessions(std::sync::Mutex<BTreeMap<ConnectionId, OpenSession>>);

/// A session, and what it was opened with.
struct OpenSession {
    with: (Option<Entry>, Option<String>),
    session: SharedSession,
}

impl OpenSessions {
    fn of(&self, connection: &Connection) -> SharedSession {
        let entry = match connection.flow {
            Flow::Practice | Flow::Browser => return SharedSession::default(),
            Flow::ClientCredentials => Entry::of_app(connection),
            Flow::Jwt => Entry::of_key(connection),
            Flow::Password => Entry::of_password(connection),
        };
        // Whose session it is follows from the secret otherwise, and is known only once somebody has signed in.
        let user = match connection.flow {
            Flow::Jwt | Flow::Password => connection.username.clone(),
            _ => None,
        };
        let with = (entry, user);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = open.get(&connection.id).filter(|one| one.with == with) {
            return one.session.clone();
        }
        let session = SharedSession::default();
        let one = OpenSession {
            with,
            session: session.clone(),
        };
        open.insert(connection.id, one);
        session
    }

    /// Makes the next client of a connection sign in anew; returns the session that was shared.
    pub(crate) fn forget(&self, connection: ConnectionId) -> Option<SharedSession> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(open.remove(&connection)?.session)
    }
}

/// A connection, and where its secrets are.
#[derive(Clone)]
struct Keys {
    connection: Connection,
    host: Arc<Host>,
    secrets: Arc<Secrets>,
    store: Arc<Store>,
}

/// What is kept of a browser sign-in, as JSON.
#[derive(Serialize, Deserialize)]
struct Kept {
    refresh_token: Option<String>,
    access_token: String,
    instance_url: Url,
}

#[async_trait]
impl Sessions for OrgSessions {
    async fn current(&self) -> leadferry_salesforce::Result<Session> {
        let mut session = self.session.lock().await;
        if self.keys.connection.flow == Flow::Practice {
            return Ok(self.practice_session(&mut session).await?);
        }
        if let Some(session) = &*session {
            return Ok(session.clone());
        }
        let keys = self.keys.clone();
        let opened = to_the_end(async move { keys.open().await }).await;
        Ok(session.insert(opened?).clone())
    }

    async fn renew(&self, refused: &Session) -> leadferry_salesforce::Result<Session> {
        let mut session = self.session.lock().await;
        if let Some(session) = &*session
            && !same_token(&session.access_token, &refused.access_token)
        {
            return Ok(session.clone());
        }
        *session = None;
        if self.keys.connection.flow == Flow::Practice {
            return Ok(self.practice_session(&mut session).await?);
        }
        let (keys, refused) = (self.keys.clone(), refused.access_token.clone());
        let opened = to_the_end(async move { keys.reopen(refused).await }).await;
        Ok(session.insert(opened?).clone())
    }
}

impl OrgSessions {
    pub(crate) fn new(workspace: &Workspace, connection: &Connection) -> OrgSessions {
        let keys = Keys {
            connection: connection.clone(),
            host: workspace.host().clone(),
            secrets: workspace.secrets().clone(),
            store: workspace.store().clone(),
        };
        OrgSessions {
            keys,
            practice: workspace.practice().clone(),
            session: workspace.open_sessions().of(connection),
        }
    }

    /// Returns a session with whoever serves the practice org now: its tokens live in its file, its port may move.
    async fn practice_session(&self, session: &mut Option<Session>) -> Result<Session, NoSession> {
        let mut owner = self.practice.reach().await?;
        if let Some(session) = session {
            session.instance_url = practice::address(&owner)?;
            return Ok(session.clone());
        }
        for _ in 1..SIGN_INS {
            match self.practice_sign_in(&owner).await {
                // Its owner has just ended: someone else takes over.
                Err(error) if error.is_of_an_ended_owner() => owner = self.practice.reach().await?,
                opened => return Ok(session.insert(opened?).clone()),
            }
        }
        Ok(session.insert(self.practice_sign_in(&owner).await?).clone())
    }

    async fn practice_sign_in(&self, owner: &Owner) -> Result<Session, NoSession> {
        let tokens = auth::client_credentials(&self.practice.app(owner).await?).await?;
        Ok(self.keys.accept(Session {
            instance_url: practice::address(owner)?,
            ..tokens.session
        })?)
    }
}

/// Finishes what was begun, also when nobody waits for it any more: a token that the org has just handed out must be
/// kept.
pub(crate) async fn to_the_end<T: Send + 'static, E: From<Error> + Send + 'static>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, E> {
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|_| interrupted().map_err(E::from))
}

/// Does what blocks, as keychains, sealed files and locks do, on a thread of its own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| interrupted())
}

fn interrupted<T>() -> Result<T> {
    Err(Error::new(
        Code::Local,
        "the sign-in was interrupted",
        "try again",
    ))
}

impl Keys {
    /// Opens a session: as the connection does by itself, or as the user who signed in.
    async fn open(&self) -> Result<Session, NoSession> {
        match self.by_itself().await {
            Some(tokens) => Ok(self.accept(tokens?.session)?),
            None => Ok(self.accept(self.session_of(&self.kept().await?))?),
        }
    }

    /// Opens a session in place of one that the org refused.
    async fn reopen(&self, refused: SecretString) -> Result<Session, NoSession> {
        match self.by_itself().await {
            Some(tokens) => Ok(self.accept(tokens?.session)?),
            None => self.refreshed(&refused).await,
        }
    }

    /// Signs in where no one needs to be there; `None` for the flow where someone does.
    async fn by_itself(&self) -> Option<Result<Tokens, NoSession>> {
        match self.connection.flow {
            Flow::ClientCredentials => Some(self.with_credentials().await),
            Flow::Jwt => Some(self.with_assertion().await),
            Flow::Password => Some(self.with_password().await),
            Flow::Browser | Flow::Practice => None,
        }
    }

    async fn with_credentials(&self) -> Result<Tokens, NoSession> {
        let app = self.app().await?;
        Ok(auth::client_credentials(&app).await?)
    }

    async fn with_assertion(&self) -> Result<Tokens, NoSession> {
        let app = self.app().await?;
        let keys = self.clone();
        let key = blocking(move || private_key_of(&keys.connection, &keys.secrets)).await?;
        let now = self.host.now();
        let assertion = assertion_of(&self.connection, now)?.signed(&key)?;
        Ok(auth::jwt_bearer(&app, &assertion, now).await?)
    }

    async fn with_password(&self) -> Result<Tokens, NoSession> {
        let app = self.app().await?;
        let keys = self.clone();
        let password = blocking(move || passwords::read(&keys.connection, &keys.secrets)).await?;
        let username = self.connection.username.as_deref().unwrap_or_default();
        Ok(auth::password(&app, username, &password).await?)
    }

    async fn app(&self) -> Result<App> {
        let keys = self.clone();
        blocking(move || app_of(&keys.connection, &keys.secrets)).await
    }

    /// Returns what was kept when someone signed in, in whatever process.
    async fn kept(&self) -> Result<Kept> {
        let keys = self.clone();
        let kept = blocking(move || read_kept(&keys.connection, &keys.secrets)).await?;
        kept.ok_or_else(|| not_signed_in(&self.connection))
    }

    /// Opens a new session with the refresh token, unless another process has just done so.
    async fn refreshed(&self, refused: &SecretString) -> Result<Session, NoSession> {
        let user = lock_name(&self.connection);
        let path = lock_file(&self.host.environment.data_folder, "refresh", &user);
        let _lock = blocking(move || FileLock::wait(&path)).await?;
        let kept = self.kept().await?;
        if kept.access_token != refused.expose_secret() {
            return Ok(self.accept(self.session_of(&kept))?);
        }
        let refresh_token = kept.refresh_token.ok_or_else(|| {
            not_signed_in(&self.connection)
                .because("the session has ended, and the org gave no refresh token")
        })?;
        let refresh_token = SecretString::from(refresh_token);
        let tokens = auth::refresh(&self.app().await?, &refresh_token).await?;
        crash_point("refresh.answered");
        // Durable before it is used: with rotation the old refresh token is worthless from now on.
        let (keys, session) = (self.clone(), tokens.session.clone());
        let refresh_token = tokens.refresh_token.unwrap_or(refresh_token);
        blocking(move || {
            keep(
                &keys.connection,
                &keys.secrets,
                &session,
                Some(&refresh_token),
            )
        })
        .await?;
        crash_point("refresh.stored");
        self.note_renewal();
        Ok(self.accept(tokens.session)?)
    }

    /// Takes down that the refresh token was used: one that isn't lapses.
    fn note_renewal(&self) {
        let id = self.connection.id;
        let noted = self.store.write(|writer| {
            let facts = ConnectionFacts {
                renewed_at: Some(self.host.now()),
                ..writer.connection(id)?.facts
            };
            writer.set_connection_facts(id, &facts)
        });
        if let Err(error) = noted {
            tracing::debug!(%error, "a renewal could not be noted");
        }
    }

    fn session_of(&self, kept: &Kept) -> Session {
        let id = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| leadferry_salesforce::Id::parse(text).ok())
        };
        Session {
            instance_url: kept.instance_url.clone(),
            access_token: kept.access_token.as_str().into(),
            org_id: id(&self.connection.org_id),
            user_id: id(&self.connection.user_id),
            scope: None,
        }
    }

    /// Refuses a session with another org than the connection belongs to.
    fn accept(&self, session: Session) -> Result<Session> {
        match (&self.connection.org_id, &session.org_id) {
            (Some(bound), Some(org)) if bound != org.as_str() => {
                Err(another_org(&self.connection, bound, org.as_str()))
            }
            _ => Ok(session),
        }
    }
}

/// Returns the error for a sign-in to another org than before.
pub(crate) fn another_org(connection: &Connection, bound: &str, found: &str) -> Error {
    let message = format!(
        "connection \"{}\" can't be used with this org",
        connection.name
    );
    if connection.flow == Flow::Practice {
        // No sign-in leads back to a practice org whose file is gone.
        return Error::new(
            Code::SetUp,
            message,
            "add a new connection to the practice org, and choose it in your replications and pulls",
        )
        .because("its practice org was replaced by a new one")
        .with_command("connections add NAME --flow practice");
    }
    Error::new(
        Code::SetUp,
        message,
        "sign in to the same org as before, or add another connection for this org and choose it in your replications and pulls",
    )
    .because(format!(
        "it belongs to org {bound}, and this sign-in is for org {found}"
    ))
}

/// Returns the error for a connection without a sign-in that still works.
pub(crate) fn not_signed_in(connection: &Connection) -> Error {
    let cause = match connection.org_id {
        Some(_) => {
            "the host or the app was changed since the last sign-in, or the sign-in isn't stored on this computer"
        }
        None => "this connection has never been signed in",
    };
    Error::new(
        Code::SignIn,
        format!("you aren't signed in to \"{}\"", connection.name),
        "sign in",
    )
    .because(cause)
    .with_command(format!(
        "connections authorize {}",
        quoted(&connection.name)
    ))
}

/// Returns the assertion that a connection signs in with at a time, UTC milliseconds.
pub(crate) fn assertion_of(connection: &Connection, now: i64) -> Result<Assertion> {
    let host = LoginHost::parse(connection.host.as_deref().unwrap_or_default())?;
    let jwt = &connection.jwt;
    let lifetime_s = jwt.lifetime_s.unwrap_or(ASSERTION_LIFETIME_S);
    Ok(Assertion {
        issuer: connection.client_id.clone().unwrap_or_default(),
        subject: connection.username.clone().unwrap_or_default(),
        audience: jwt.audience.clone().unwrap_or_else(|| host.audience()),
        expires_at_s: now / 1000 + i64::from(lifetime_s),
    })
}

/// Returns the app of a connection with its secret.
pub(crate) fn app_of(connection: &Connection, secrets: &Secrets) -> Result<App> {
    let incomplete = || {
        Error::usage(
            format!(
                "connection \"{}\" has no host or client id",
                connection.name
            ),
            "enter the host and the client id again",
        )
        .with_command(format!(
            "connections set {} --host HOST --client-id KEY",
            quoted(&connection.name)
        ))
    };
    let host = LoginHost::parse(connection.host.as_deref().ok_or_else(incomplete)?)?;
    let entry = Entry::of_app(connection).ok_or_else(incomplete)?;
    let client_secret = match connection.vault.filter(|_| connection.has_secret) {
        Some(vault) => secrets.read(vault, &entry)?,
        None => None,
    };
    if connection.has_secret && client_secret.is_none() {
        let message = format!(
            "the client secret of \"{}\" isn't stored on this computer",
            connection.name
        );
        return Err(
            Error::new(Code::SignIn, message, "enter the client secret again").with_command(
                format!(
                    "connections set {} --client-secret-stdin",
                    quoted(&connection.name)
                ),
            ),
        );
    }
    Ok(App {
        host,
        client_id: connection.client_id.clone().ok_or_else(incomplete)?,
        client_secret,
    })
}

/// Keeps a sign-in; it is durable when this returns.
pub(crate) fn keep_tokens(
    connection: &Connection,
    secrets: &Secrets,
    tokens: &Tokens,
) -> Result<()> {
    keep(
        connection,
        secrets,
        &tokens.session,
        tokens.refresh_token.as_ref(),
    )
}

fn keep(
    connection: &Connection,
    secrets: &Secrets,
    session: &Session,
    refresh_token: Option<&SecretString>,
) -> Result<()> {
    let kept = Kept {
        refresh_token: refresh_token.map(|token| token.expose_secret().to_owned()),
        access_token: session.access_token.expose_secret().to_owned(),
        instance_url: session.instance_url.clone(),
    };
    let text = serde_json::to_string(&kept).map_err(|_| {
        Error::new(
            Code::Local,
            "the sign-in couldn't be saved",
            "sign in again",
        )
    })?;
    let entry = Entry::of_sign_in(connection).ok_or_else(|| not_signed_in(connection))?;
    secrets.write(
        connection.vault.unwrap_or(Vault::File),
        &entry,
        &text.into(),
    )
}

fn read_kept(connection: &Connection, secrets: &Secrets) -> Result<Option<Kept>> {
    let (Some(vault), Some(entry)) = (connection.vault, Entry::of_sign_in(connection)) else {
        return Ok(None);
    };
    let text = secrets.read(vault, &entry)?;
    Ok(text.and_then(|text| serde_json::from_str(text.expose_secret()).ok()))
}

/// Returns the token that ends a kept sign-in: the refresh token, which takes its sessions along, or else the session's.
pub(crate) fn token_to_revoke(
    connection: &Connection,
    secrets: &Secrets,
) -> Result<Option<SecretString>> {
    let kept = read_kept(connection, secrets)?;
    let token = kept.map(|kept| kept.refresh_token.unwrap_or(kept.access_token));
    Ok(token.map(SecretString::from))
}

fn lock_name(connection: &Connection) -> String {
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{}-{}", part(&connection.org_id), part(&connection.user_id))
}

fn same_token(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// Why no session could be opened: the org's own refusal is passed on as it is, so that a run treats it as such.
#[derive(Debug)]
enum NoSession {
    Org(OrgError),
    Ours(Error),
}

impl From<OrgError> for NoSession {
    fn from(error: OrgError) -> Self {
        Self::Org(error)
    }
}

impl From<Error> for NoSession {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<NoSession> for OrgError {
    fn from(trouble: NoSession) -> OrgError {
        match trouble {
            NoSession::Org(error) => error,
            NoSession::Ours(error) => OrgError::Sessions {
                words: match error.cause.is_empty() {
                    true => error.message.clone(),
                    false => format!("{}: {}", error.message, error.cause),
                },
                cure: error.hint.clone(),
                needs_sign_in: error.code == Code::SignIn,
                source: Box::new(error),
            },
        }
    }
}

impl NoSession {
    /// Tells whether whoever served the practice org may have ended: nobody answers, or not with what a sign-in answers.
    fn is_of_an_ended_owner(&self) -> bool {
        match self {
            Self::Org(OrgError::Transport { .. }) => true,
            Self::Org(OrgError::SignIn(refused)) => refused.code == OAuthErrorCode::Unreadable,
            Self::Org(_) => false,
            Self::Ours(error) => error.code == Code::NoNetwork,
        }
    }
}
