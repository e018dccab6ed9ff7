//! The client: sends requests for whoever is signed in, and repeats those that may be repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::answer::Answer;
use crate::budget::Budget;
use crate::bulk::Records;
use crate::request::{self, Request};
use crate::transport::{Opened, Transport, TransportOptions};
use crate::{
    ApiUsage, ApiVersion, Error, ErrorCode, Result, RetryPolicy, Session, Sessions, Traffic,
};

/// Settings of a [`Client`].
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Name that the org's logs show for our calls; ASCII.
    pub client_name: String,
    /// Version to speak; None takes the highest that both sides know, asked for once.
    pub api_version: Option<ApiVersion>,
    /// Longest time for one request and its whole answer.
    pub timeout: Duration,
    /// Longest time for a connection to come about.
    pub connect_timeout: Duration,
    /// When reads are repeated.
    pub retry: RetryPolicy,
    /// Whether request bodies above 1 kB are compressed; costs more than it saves where the org is on this machine.
    pub compress: bool,
    /// Answers larger than this many bytes, unpacked, are given up.
    pub max_answer_bytes: usize,
}

impl Default for ClientOptions {
    fn default() -> ClientOptions {
        ClientOptions {
            client_name: "Leadferry".to_owned(),
            api_version: None,
            // The org itself ends a call after ten minutes.
            timeout: Duration::from_secs(620),
            connect_timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            compress: true,
            // A page of 2,000 records has a few.
            max_answer_bytes: 64 << 20,
        }
    }
}

/// Speaks to one org; clones share connections, counters and the negotiated version.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    sessions: Arc<dyn Sessions>,
    transport: Transport,
    retry: RetryPolicy,
    version: OnceCell<ApiVersion>,
    budget: Budget,
    /// The calls that [`Client::calls_since_asked`] has told of.
    told: AtomicU64,
}

impl Client {
    /// Returns a client that asks `sessions` for its tokens.
    ///
    /// # Errors
    /// [`Error::Setup`] when the client's name is empty; nothing is sent yet.
    pub fn new(sessions: Arc<dyn Sessions>, options: ClientOptions) -> Result<Client> {
        if header_text(&options.client_name).is_empty() {
            return Err(Error::Setup("the client has no name".into()));
        }
        let transport = Transport::new(TransportOptions {
            timeout: options.timeout,
            connect_timeout: options.connect_timeout,
            compress: options.compress,
            max_answer_bytes: options.max_answer_bytes,
            client_name: header_text(&options.client_name),
        });
        let version = OnceCell::new_with(options.api_version);
        let shared = Shared {
            sessions,
            transport,
            retry: options.retry,
            version,
            budget: Budget::default(),
            told: AtomicU64::new(0),
        };
        Ok(Client {
            shared: Arc::new(shared),
        })
    }

    /// Returns the calls used and allowed within 24 hours, as far as answers have told.
    pub fn usage(&self) -> Option<ApiUsage> {
        self.shared.budget.usage()
    }

    /// Leaves calls of the 24-hour allowance to others from now on: what would touch them is refused with
    /// [`Error::Reserved`] and never sent. `usage` is what is known of the calls so far.
    pub fn keep_reserve(&self, reserve: u64, usage: Option<ApiUsage>) {
        self.shared.budget.keep(reserve, usage);
    }

    /// Returns how much this client and its clones have sent and received.
    pub fn traffic(&self) -> Traffic {
        self.shared.transport.traffic()
    }

    /// Returns the org's clock, UTC milliseconds and to a second, as the latest answer told it.
    pub fn server_time(&self) -> Option<i64> {
        self.shared.transport.server_time()
    }

    /// Returns what the org said of the version in use, where it will be retired.
    pub fn warning(&self) -> Option<String> {
        self.shared.transport.warning()
    }

    /// Returns how many calls this client and its clones have made since this was asked before.
    pub fn calls_since_asked(&self) -> u64 {
        let calls = self.traffic().calls;
        calls.saturating_sub(self.shared.told.swap(calls, Ordering::Relaxed))
    }

    /// Returns the session that the next call will use.
    pub async fn session(&self) -> Result<Session> {
        self.shared.sessions.current().await
    }

    /// Returns the versions that the org speaks, such as `60.0`; needs no valid token and costs no API call.
    pub async fn versions(&self) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Offered {
            version: String,
        }
        let request = request::versions();
        let transport = &self.shared.transport;
        let mut attempts = 0;
        let offered: Vec<Offered> = loop {
            let session = self.session().await?;
            let answer = transport.send(&session.instance_url, None, &request).await;
            match answer.and_then(|(answer, _)| answer.accepted()?.json()) {
                Ok(offered) => break offered,
                Err(error) => self.pause(&request, &mut attempts, error).await?,
            }
        };
        Ok(offered.into_iter().map(|offered| offered.version).collect())
    }

    /// Returns the version that all calls use, and agrees on it first where that has not been done.
    ///
    /// # Errors
    /// [`Error::NoCommonVersion`] when the org is too old.
    pub async fn api_version(&self) -> Result<ApiVersion> {
        if let Some(version) = self.shared.version.get() {
            return Ok(*version);
        }
        // Two callers may both ask; they agree on the same.
        let agreed = ApiVersion::newest_common(&self.versions().await?)?;
        Ok(*self
            .shared
            .version
            .get_or_init(|| std::future::ready(agreed))
            .await)
    }

    /// Sends a request and returns what the org accepted; reads are repeated as the policy says.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        self.taken(request, Ok).await
    }

    /// Sends a read and reads its answer; an answer that cannot be read is asked for again too.
    pub(crate) async fn read<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T>,
    ) -> Result<T> {
        self.taken(request, |answer| read(&answer)).await
    }

    async fn taken<T>(&self, request: &Request, take: impl Fn(Answer) -> Result<T>) -> Result<T> {
        let mut attempts = 0;
        loop {
            match self.send_signed_in(request).await.and_then(&take) {
                Ok(value) => return Ok(value),
                Err(error) => self.pause(request, &mut attempts, error).await?,
            }
        }
    }

    /// Waits before the next try of a read; gives the error back where there is none.
    async fn pause(&self, request: &Request, attempts: &mut u32, error: Error) -> Result<()> {
        *attempts += 1;
        let wait = self.shared.retry.wait_after(*attempts, &error);
        let Some(wait) = wait.filter(|_| request.reads) else {
            return Err(error);
        };
        tracing::debug!(attempts, ?wait, %error, "repeating a read");
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Sends once; where the org refuses the session, renews it and sends once more.
    async fn send_signed_in(&self, request: &Request) -> Result<Answer> {
        let session = self.session().await?;
        match self.send_with(&session, request).await {
            Err(error) if Client::is_expired_session(&error) => {
                let renewed = self.shared.sessions.renew(&session).await?;
                self.send_with(&renewed, request).await
            }
            result => result,
        }
    }

    /// Sends a read whose answer is read bit by bit, with the headers before it; repeated until the answer has begun.
    pub(crate) async fn open(&self, request: &Request) -> Result<(Records, HeaderMap)> {
        let mut attempts = 0;
        loop {
            let session = self.session().await?;
            let opened = match self.open_with(&session, request).await {
                Err(error) if Client::is_expired_session(&error) => {
                    let renewed = self.shared.sessions.renew(&session).await?;
                    self.open_with(&renewed, request).await
                }
                opened => opened,
            };
            match opened {
                Ok(opened) => return Ok(opened),
                Err(error) => self.pause(request, &mut attempts, error).await?,
            }
        }
    }

    async fn open_with(
        &self,
        session: &Session,
        request: &Request,
    ) -> Result<(Records, HeaderMap)> {
        let permit = self.shared.budget.begin()?;
        let (base, token) = (&session.instance_url, &session.access_token);
        let (opened, usage) = self.shared.transport.open(base, token, request).await?;
        permit.answered(usage);
        match opened {
            Opened::Records(records, headers) => Ok((*records, headers)),
            Opened::Refused(answer) => {
                let accepted = answer.accepted()?;
                Err(accepted.unreadable("not a file"))
            }
        }
    }

    /// Sends a request once, with a body that is made while it is sent.
    pub(crate) async fn send_body(
        &self,
        session: &Session,
        request: &Request,
        body: reqwest::Body,
    ) -> Result<Answer> {
        let permit = self.shared.budget.begin()?;
        let (base, token) = (&session.instance_url, &session.access_token);
        let transport = &self.shared.transport;
        let (answer, usage) = transport.send_body(base, token, request, body).await?;
        permit.answered(usage);
        answer.accepted()
    }

    /// Returns a session in place of one that the org refused.
    pub(crate) async fn renewed(&self, refused: &Session) -> Result<Session> {
        self.shared.sessions.renew(refused).await
    }

    /// Counts the bytes of bodies that are sent.
    pub(crate) fn sent_bytes(&self) -> Arc<AtomicU64> {
        self.shared.transport.sent()
    }

    /// Whether bodies are compressed.
    pub(crate) fn compresses(&self) -> bool {
        self.shared.transport.compresses()
    }

    /// Tells whether the org refuses the session, so that a renewed one may help.
    pub(crate) fn is_expired_session(error: &Error) -> bool {
        let session = [ErrorCode::InvalidSessionId, ErrorCode::BadOauthToken];
        error.needs_sign_in() && error.code().is_some_and(|code| session.contains(code))
    }

    async fn send_with(&self, session: &Session, request: &Request) -> Result<Answer> {
        let token = Some(&session.access_token);
        let transport = &self.shared.transport;
        let permit = match request.costs_a_call() {
            true => Some(self.shared.budget.begin()?),
            false => None,
        };
        let (answer, usage) = transport
            .send(&session.instance_url, token, request)
            .await?;
        if let Some(permit) = permit {
            permit.answered(usage);
        }
        answer.accepted()
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("version", &self.shared.version.get())
            .field("traffic", &self.traffic())
            .finish_non_exhaustive()
    }
}

/// Keeps what may stand in a header without ending or splitting it.
fn header_text(name: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || " -_./".contains(*c);
    name.chars().filter(allowed).collect()
}
