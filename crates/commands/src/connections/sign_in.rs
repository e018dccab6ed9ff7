//! Signing in: asked ahead what the org would refuse, then in the browser, to be watched and stopped meanwhile.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use leadferry_salesforce::Error as OrgError;
use leadferry_salesforce::auth::{self, Listener, OAuthErrorCode, SignIn, Tokens};
use leadferry_store::{Connection, ConnectionFacts, ConnectionId, Flow, Vault};
use serde::Serialize;

use super::drafts::finish_drafts;
use super::failure::{SignInFailure, Stopped, explain};
use super::hosts::{self, HostKind};
use super::{CALLBACK_PORTS, leading_to_the_note, look_at_user, record_trouble};
use crate::jobs::{self, JobKind, Running};
use crate::orgs::{self, bind};
use crate::sessions::{self, app_of, keep_tokens, to_the_end};
use crate::{Code, Error, Result, Workspace, scopes};

/// How long the browser may take.
const BROWSER_TIME: Duration = Duration::from_secs(600);
/// How long a new app may be unknown to the org, in milliseconds.
const ACTIVATION: i64 = 15 * MINUTE;
const MINUTE: i64 = 60 * 1000;
/// How often the org is asked whether it knows the app by now.
const BETWEEN_ASKS: Duration = Duration::from_secs(15);

/// Refusals that stay in the browser: nothing comes back here until the wait is over.
const SHOWN_IN_BROWSER: &str = "If the browser shows an error and doesn't come back, stop waiting and fix what it names:
  redirect_uri_mismatch         add the callback URL above to the app, exactly as shown
  invalid_client_id             check the client id. A new app needs up to 10 minutes
  OAUTH_APPROVAL_ERROR_GENERIC  add the scopes api and refresh_token to the app, and install it in the org
  OAUTH_AUTHORIZATION_BLOCKED   the app must be registered in the very org that you sign in to";

/// How to sign in with the browser.
#[derive(Debug, Clone, Copy)]
pub struct Authorize {
    /// Whether the browser is opened; otherwise the address is only told.
    pub open_browser: bool,
    /// When the app's key was pasted, UTC milliseconds: a new app is waited for until it answers. Where it's `None`, what
    /// the connection knows of it counts.
    pub key_pasted_at: Option<i64>,
}

/// How a sign-in is getting on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SigningIn {
    /// The connection.
    pub connection: String,
    /// What is waited for.
    pub phase: Phase,
    /// The address to open in a browser; there from the phase *browser* on.
    pub address: Option<String>,
    /// The callback address, exactly as the app must list it; `None` where no browser comes back.
    pub callback: Option<String>,
    /// Whether the browser was opened.
    pub opened: bool,
    /// When the wait ends, UTC milliseconds.
    pub until: Option<i64>,
}

/// What a sign-in waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SignInPhase")]
pub enum Phase {
    /// The org is asked whether it knows app and callback.
    Asking,
    /// The app is new, and the org does not know it yet.
    Activating,
    /// The user is at the browser.
    Browser,
    /// She has come back: the org is asked who she is.
    Finishing,
}

/// How the sign-in to a connection stands in this process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct SignInState {
    /// The sign-in under way.
    pub under_way: Option<SigningIn>,
    /// Why the last one failed; `None` once another has begun.
    pub refused: Option<SignInFailure>,
}

/// How the sign-ins of this process stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignIns(Arc<Mutex<BTreeMap<ConnectionId, SignInState>>>);

/// One that is under way; it no longer is once this is dropped.
struct Shown {
    all: SignIns,
    id: ConnectionId,
}

impl SignIns {
    fn map(&self) -> std::sync::MutexGuard<'_, BTreeMap<ConnectionId, SignInState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, id: ConnectionId, state: SigningIn) -> Shown {
        let state = SignInState {
            under_way: Some(state),
            refused: None,
        };
        self.map().insert(id, state);
        Shown {
            all: self.clone(),
            id,
        }
    }
}

impl Shown {
    fn change(&self, change: impl FnOnce(&mut SigningIn)) {
        let mut all = self.all.map();
        if let Some(under_way) = all
            .get_mut(&self.id)
            .and_then(|state| state.under_way.as_mut())
        {
            change(under_way);
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(state) = self.all.map().get_mut(&self.id) {
            state.under_way = None;
        }
    }
}

/// What a sign-in came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SignInOutcome {
    /// Somebody is signed in.
    SignedIn {
        /// The connection as it is now.
        connection: Box<Connection>,
    },
    /// It failed, and this is why.
    Refused {
        /// Why, and which step mends it.
        failure: SignInFailure,
    },
}

/// Signs in: in the browser where that is the connection's flow. Waits for the user at most ten minutes.
///
/// # Errors
/// When the user or the org refuses, or nobody comes back in time.
pub async fn authorize(workspace: &Workspace, name: &str, how: Authorize) -> Result<Connection> {
    let connection = may_sign_in(workspace, name)?;
    let signed_in = signed_in(workspace, &connection, how).await;
    signed_in.map_err(|stopped| leading_to_the_note(stopped.into(), name))
}

/// Signs in as [`authorize`] does; a refusal is an answer that says which step of the set-up is at fault.
///
/// # Errors
/// When it is stopped, a passphrase is missing, or this machine is at fault.
pub async fn sign_in(workspace: &Workspace, name: &str, how: Authorize) -> Result<SignInOutcome> {
    let connection = may_sign_in(workspace, name)?;
    match signed_in(workspace, &connection, how).await {
        Ok(connection) => Ok(SignInOutcome::SignedIn {
            connection: Box::new(connection),
        }),
        Err(stopped) => {
            let failure = explain(stopped, connection.flow, workspace.host().now())?;
            // Whoever has left the screen meanwhile finds it when they come back.
            let mut all = workspace.sign_ins().map();
            all.entry(connection.id).or_default().refused = Some(failure.clone());
            Ok(SignInOutcome::Refused { failure })
        }
    }
}

/// Returns a connection whose sign-in can be taken down in the workspace.
fn may_sign_in(workspace: &Workspace, name: &str) -> Result<Connection> {
    let store = workspace.store();
    store.check_writable()?;
    Ok(store.read(|reader| reader.connection_named(name))?)
}

/// Returns how the sign-in to a connection stands in this process.
///
/// # Errors
/// When there is no such connection.
pub fn sign_in_state(workspace: &Workspace, name: &str) -> Result<SignInState> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(name))?;
    let all = workspace.sign_ins().map();
    let mut state = all.get(&connection.id).cloned().unwrap_or_default();
    // What one way was refused for says nothing of another.
    state
        .refused
        .take_if(|failure| failure.flow != connection.flow);
    Ok(state)
}

/// Stops the sign-in to a connection, whichever process does it; none under way is no error.
///
/// # Errors
/// When the mark cannot be written.
pub fn stop_sign_in(workspace: &Workspace, name: &str) -> Result<()> {
    let all = jobs::list(workspace).into_iter();
    for job in all.filter(|job| job.kind == JobKind::SignIn && job.title == name) {
        jobs::cancel(workspace, &job.id)?;
    }
    Ok(())
}

async fn signed_in(
    workspace: &Workspace,
    connection: &Connection,
    how: Authorize,
) -> Result<Connection, Stopped> {
    let how = Authorize {
        key_pasted_at: how.key_pasted_at.or(connection.facts.key_entered_at),
        ..how
    };
    let done = match connection.flow {
        Flow::Browser => in_browser(workspace, connection, how).await,
        _ => by_itself(workspace, connection, how).await,
    };
    if let Err(Stopped::Org(error)) = &done {
        let trouble = Error::new(Code::SignIn, "the last sign-in failed", error.cure())
            .because(error.cause());
        record_trouble(workspace, connection, &trouble);
    }
    done?;
    finish_drafts(workspace, &connection.name)?;
    let store = workspace.store();
    Ok(store.read(|reader| reader.connection(connection.id))?)
}

/// Signs in where no user is needed: the practice org, or an app with a user of its own.
async fn by_itself(
    workspace: &Workspace,
    connection: &Connection,
    how: Authorize,
) -> Result<(), Stopped> {
    let job = jobs::begin(workspace, JobKind::SignIn, &connection.name);
    workspace.open_sessions().forget(connection.id);
    let client = orgs::client(workspace, connection)?;
    let shown = show(workspace, connection, None);
    let host = connection.host.as_deref().unwrap_or_default();
    let is_near = hosts::host(host).kind == Some(HostKind::ThisMachine);
    // The client's own error says more than ours; the rest of binding cannot be refused by the sign-in server.
    let session = once_activated(workspace, how, is_near, &shown, || client.session());
    let session = stoppable(&job, session).await?;
    shown.change(|state| (state.phase, state.until) = (Phase::Finishing, None));
    bind(workspace, connection, &client).await?;
    let facts = ConnectionFacts {
        scopes: session.scope,
        seen_address: connection.facts.seen_address.clone(),
        ..look_at_user(workspace, &client).await
    };
    let store = workspace.store();
    store.write(|writer| writer.set_connection_facts(connection.id, &facts))?;
    Ok(())
}

async fn in_browser(
    workspace: &Workspace,
    connection: &Connection,
    how: Authorize,
) -> Result<(), Stopped> {
    let job = jobs::begin(workspace, JobKind::SignIn, &connection.name);
    // Nobody should go through the browser only to find that the sign-in cannot be kept.
    let vault = connection.vault.unwrap_or(Vault::File);
    workspace.secrets().ready(vault)?;
    let app = app_of(connection, workspace.secrets())?;
    let own = connection.callback_port.map(|port| vec![port]);
    let listener = Listener::bind(own.as_deref().unwrap_or(CALLBACK_PORTS)).await?;
    let sign_in = auth::begin(&app, &listener.redirect_uri(), scopes::ASKED);
    let shown = show(workspace, connection, Some(listener.redirect_uri()));
    job.step("asking the org", 0, 0);
    let is_near = sign_in.is_on_this_machine();
    let known = once_activated(workspace, how, is_near, &shown, || sign_in.ask_ahead());
    stoppable(&job, known).await?;
    send_to_browser(workspace, &sign_in, &listener, how, &shown);
    job.step("waiting for the browser", 0, 0);
    let answered = stoppable(&job, async {
        Ok(auth::wait(&sign_in, listener, BROWSER_TIME).await?)
    });
    let answered = answered.await?;
    job.step("finishing", 0, 0);
    shown.change(|state| (state.phase, state.until) = (Phase::Finishing, None));
    let exchanged =
        to_the_end(
            async move { Ok::<_, Exchange>(auth::exchange(&app, sign_in, answered).await?) },
        );
    let tokens = exchanged.await?;
    take_up(workspace, connection, &tokens).await
}

/// Keeps new tokens, and asks the org whom they belong to.
async fn take_up(
    workspace: &Workspace,
    connection: &Connection,
    tokens: &Tokens,
) -> Result<(), Stopped> {
    let bound = bind_tokens(workspace, connection, tokens)?;
    for note in scopes::notes(tokens.scope.as_deref(), tokens.refresh_token.is_some()) {
        workspace.host().front_end.tell(note);
    }
    let client = orgs::client(workspace, &bound)?;
    // Asked for first, so that an edition without API, or a closed network, is told in the org's own words.
    client.api_version().await?;
    client.identity().await?;
    bind(workspace, &bound, &client).await?;
    let facts = ConnectionFacts {
        scopes: tokens.scope.clone(),
        refreshable: Some(tokens.refresh_token.is_some()),
        renewed_at: Some(workspace.host().now()),
        seen_address: connection.facts.seen_address.clone(),
        ..look_at_user(workspace, &client).await
    };
    let store = workspace.store();
    store.write(|writer| writer.set_connection_facts(connection.id, &facts))?;
    Ok(())
}

/// Does work until it is done or somebody asks it to stop.
async fn stoppable<T>(
    job: &Running,
    work: impl Future<Output = Result<T, Stopped>>,
) -> Result<T, Stopped> {
    tokio::select! {
        done = work => done,
        () = job.asked_to_stop() => Err(Error::new(
            Code::Cancelled,
            "the sign-in was canceled",
            "sign in again when you're ready",
        ).into()),
    }
}

/// Says that a sign-in has begun.
fn show(workspace: &Workspace, connection: &Connection, callback: Option<String>) -> Shown {
    workspace.sign_ins().show(
        connection.id,
        SigningIn {
            connection: connection.name.clone(),
            phase: Phase::Asking,
            address: None,
            callback,
            opened: false,
            until: None,
        },
    )
}

/// Asks the org until it knows the app: a new one is waited for.
async fn once_activated<T, F>(
    workspace: &Workspace,
    how: Authorize,
    is_near: bool,
    shown: &Shown,
    ask: impl Fn() -> F,
) -> Result<T, Stopped>
where
    F: Future<Output = leadferry_salesforce::Result<T>>,
{
    let until = how.key_pasted_at.map(|pasted| pasted + ACTIVATION);
    let pause = match is_near {
        true => BETWEEN_ASKS / workspace.host().environment.speedup,
        false => BETWEEN_ASKS,
    };
    let mut told = None;
    loop {
        let left = until.map_or(0, |until| until - workspace.host().now());
        match ask().await {
            Err(OrgError::SignIn(refusal))
                if refusal.code == OAuthErrorCode::InvalidClientId && left > 0 =>
            {
                shown.change(|state| (state.phase, state.until) = (Phase::Activating, until));
                tell_activating(workspace, left, &mut told);
                tokio::time::sleep(pause).await;
            }
            answer => return Ok(answer?),
        }
    }
}

/// Says once a minute that a new app is waited for, where the front end doesn't show it.
fn tell_activating(workspace: &Workspace, left: i64, told: &mut Option<i64>) {
    let front_end = &workspace.host().front_end;
    let minutes = left.div_euclid(MINUTE) + 1;
    if front_end.shows_sign_ins() || *told == Some(minutes) {
        return;
    }
    if told.is_none() {
        front_end.tell(
            "Salesforce doesn't recognize the app yet. A new app can take up to 10 minutes. Leadferry tries again every \
             15 seconds. To stop, press Ctrl+C.",
        );
    }
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    front_end.tell(&format!(
        "Still activating, for up to {minutes} more {unit}"
    ));
    *told = Some(minutes);
}

fn send_to_browser(
    workspace: &Workspace,
    sign_in: &SignIn,
    listener: &Listener,
    how: Authorize,
    shown: &Shown,
) {
    let front_end = &workspace.host().front_end;
    let tell = |text: &str| {
        if !front_end.shows_sign_ins() {
            front_end.tell(text);
        }
    };
    tell(&format!(
        "Sign in here:\n{}\n(callback URL {}, waiting up to {} minutes)\n{SHOWN_IN_BROWSER}",
        sign_in.url,
        listener.redirect_uri(),
        BROWSER_TIME.as_secs() / 60
    ));
    let opened = how.open_browser && front_end.open_browser(sign_in.url.as_str());
    if how.open_browser && !opened {
        tell("The browser couldn't be opened. Open the address yourself.");
    }
    let wait = i64::try_from(BROWSER_TIME.as_millis()).unwrap_or(i64::MAX);
    let until = workspace.host().now().saturating_add(wait);
    shown.change(|state| {
        state.phase = Phase::Browser;
        state.address = Some(sign_in.url.to_string());
        state.opened = opened;
        state.until = Some(until);
    });
}

/// Why an exchange failed: the org's refusal as it is, or an interruption of ours.
enum Exchange {
    Org(OrgError),
    Ours(Error),
}

impl From<OrgError> for Exchange {
    fn from(error: OrgError) -> Exchange {
        Exchange::Org(error)
    }
}

impl From<Error> for Exchange {
    fn from(error: Error) -> Exchange {
        Exchange::Ours(error)
    }
}

impl From<Exchange> for Stopped {
    fn from(error: Exchange) -> Stopped {
        match error {
            Exchange::Org(error) => error.into(),
            Exchange::Ours(error) => error.into(),
        }
    }
}

/// Keeps new tokens, durable before their first use; refuses those of another org.
fn bind_tokens(
    workspace: &Workspace,
    connection: &Connection,
    tokens: &Tokens,
) -> Result<Connection> {
    let mut bound = connection.clone();
    let (org, user) = (
        tokens.session.org_id.as_ref(),
        tokens.session.user_id.as_ref(),
    );
    let (Some(org), Some(user)) = (org, user) else {
        return Err(Error::new(
            Code::NoNetwork,
            "the sign-in doesn't say which org it belongs to",
            "sign in again",
        ));
    };
    if let Some(before) = connection
        .org_id
        .as_deref()
        .filter(|before| *before != org.as_str())
    {
        return Err(sessions::another_org(connection, before, org.as_str()));
    }
    bound.org_id = Some(org.as_str().to_owned());
    bound.user_id = Some(user.as_str().to_owned());
    keep_tokens(&bound, workspace.secrets(), tokens)?;
    Ok(bound)
}
