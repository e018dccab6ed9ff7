//! Answers requests: admits them, applies faults of the connection, and lets the handlers do the rest.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderValue;
use hyper::http::request::Parts;
use hyper::{Request, Response};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::bulk::Step;
use crate::faults::{After, Armed, Stop};
use crate::guesses::Guesses;
use crate::http::{Answer, Call, Refused, pairs};
use crate::line::Grip;
use crate::listening::Caller;
use crate::org::{Logged, Org};
use crate::ownership::Owner;
use crate::patience::Patience;
use crate::response::{Wishes, respond};
use crate::secret::same;
use crate::{Secrets, body, door, handlers, proof, size};

/// What every connection shares.
pub(crate) struct Shared {
    org: Mutex<Org>,
    owner: Owner,
    secrets: Secrets,
    patience: Patience,
    guesses: Mutex<Guesses>,
    /// A request came that may have brought a bulk job.
    pub(crate) job_came: Notify,
}

impl Shared {
    pub(crate) fn new(org: Org, owner: Owner, secrets: Secrets, patience: Patience) -> Arc<Shared> {
        Arc::new(Shared {
            org: Mutex::new(org),
            owner,
            secrets,
            patience,
            guesses: Mutex::default(),
            job_came: Notify::new(),
        })
    }

    /// Holds back the answer to a wrong guess at a secret, longer each time.
    async fn hold_back(&self, answer: &Answer) {
        if answer.guess {
            let delay = {
                let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
                guesses.wrong(Instant::now())
            };
            tokio::time::sleep(delay).await;
        }
    }
}

/// Answers a request, while its connection is not taken for a silent one.
pub(crate) async fn handle(
    shared: Arc<Shared>,
    caller: Arc<Caller>,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let _busy = caller.grip.busy();
    let arrived = Instant::now();
    let wishes = Wishes::of(request.headers());
    let call = match read(&shared, request).await {
        Ok(call) => call,
        Err(refused) => return respond(refused.answer(), wishes).0,
    };
    let answering = caller.seat.answering();
    if call.path == proof::PATH {
        let answer = proof::answer(&call, &shared.secrets.proof_key, shared.owner.port);
        return respond(answer, Wishes::default()).0;
    }
    if call.path.starts_with(handlers::ADMIN_ROOT) {
        let answer = work(&shared, move |org, key| handlers::answer(org, &call, key)).await;
        drop(answering);
        shared.hold_back(&answer).await;
        return respond(answer, wishes).0;
    }
    let (answer, after) = with_faults(&shared, &caller.grip, call, arrived).await;
    drop(answering);
    shared.hold_back(&answer).await;
    let (response, bytes) = respond(answer, wishes);
    match after {
        Some(After::Truncate) => caller.grip.cut_after(bytes / 2),
        Some(_) => caller.grip.reset(),
        None => {}
    }
    response
}

/// Answers a call as the faults that are due want it; also how its connection is to be broken.
async fn with_faults(
    shared: &Arc<Shared>,
    grip: &Grip,
    call: Call,
    arrived: Instant,
) -> (Answer, Option<After>) {
    let arming = call.clone();
    let armed = work(shared, move |org, _| arm(org, &arming)).await;
    let armed = match armed {
        Ok(armed) => armed,
        Err(refused) => return (refused.answer(), None),
    };
    // A way is as long whatever the org is busy with: it is counted from the arrival, not from when the org had time.
    tokio::time::sleep_until(arrived + Duration::from_millis(armed.latency_ms)).await;
    if let Some(stop) = armed.stop.clone() {
        return (stopped(shared, grip, &call, stop).await, None);
    }
    let (slow_ms, after) = (armed.slow_ms, armed.after);
    let no_sooner = arrived + Duration::from_millis(armed.duration_ms);
    if let Some(After::Late(ms)) = after {
        let shared = Arc::clone(shared);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            carry_out(&shared, call, armed, true).await;
        });
        return (Answer::no_content(), after);
    }
    let answer = carry_out(shared, call, armed, after == Some(After::Drop)).await;
    tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    tokio::time::sleep_until(no_sooner).await;
    (answer, after)
}

/// A request that a fault keeps from being carried out.
async fn stopped(shared: &Arc<Shared>, grip: &Grip, call: &Call, stop: Stop) -> Answer {
    let answer = match stop {
        Stop::Answer(answer) => answer,
        Stop::Drop => {
            grip.reset();
            Answer {
                status: 0,
                ..Answer::no_content()
            }
        }
    };
    let logged = Logged {
        method: call.method.clone(),
        path: call.path.clone(),
        status: answer.status,
    };
    work(shared, move |org, _| log(org, &logged)).await;
    Answer {
        status: answer.status.max(200),
        ..answer
    }
}

async fn carry_out(shared: &Arc<Shared>, call: Call, armed: Armed, unanswered: bool) -> Answer {
    let may_bring_a_job = call.path.contains("/jobs/");
    let answer = work(shared, move |org, key| {
        let answer = handlers::answer_armed(org, &call, key, armed);
        let status = if unanswered { 0 } else { answer.status };
        log(
            org,
            &Logged {
                method: call.method,
                path: call.path,
                status,
            },
        );
        answer
    })
    .await;
    if may_bring_a_job {
        shared.job_came.notify_one();
    }
    answer
}

fn arm(org: &Org, call: &Call) -> std::result::Result<Armed, Refused> {
    let schema = org.schema();
    Ok(org.faults.borrow_mut().arm(org.conn(), call, &schema)?)
}

fn log(org: &Org, logged: &Logged) {
    if let Err(error) = org.log_request(logged) {
        tracing::error!(%error, "a request could not be logged");
    }
}

/// Runs blocking work on the org, one at a time.
pub(crate) async fn work<T: Outcome + Send + 'static>(
    shared: &Arc<Shared>,
    job: impl FnOnce(&Org, &str) -> T + Send + 'static,
) -> T {
    let shared = Arc::clone(shared);
    let done = tokio::task::spawn_blocking(move || {
        let org = shared.org.lock().unwrap_or_else(PoisonError::into_inner);
        org.in_time(|org| job(org, &shared.owner.admin_key))
    });
    done.await.unwrap_or_else(|_| T::failed())
}

/// What comes of work that broke off.
pub(crate) trait Outcome {
    fn failed() -> Self;
}

impl Outcome for Answer {
    fn failed() -> Answer {
        Refused::new(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.").answer()
    }
}

impl Outcome for Step {
    fn failed() -> Step {
        Step::Idle
    }
}

impl Outcome for () {
    fn failed() {}
}

impl<T> Outcome for std::result::Result<T, Refused> {
    fn failed() -> Self {
        Err(Refused::new(
            500,
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred.",
        ))
    }
}

impl Outcome for bool {
    fn failed() -> bool {
        false
    }
}

/// Admits a request, and reads it whole.
async fn read(
    shared: &Arc<Shared>,
    request: Request<Incoming>,
) -> std::result::Result<Call, Refused> {
    let (head, incoming) = request.into_parts();
    door::check(&head, shared.owner.port)?;
    size::check(&head)?;
    let mut call = call(&head);
    let encoding = call.header("content-encoding").unwrap_or_default();
    let most = if handlers::is_upload(&call) {
        body::UPLOAD_LIMIT
    } else {
        body::LIMIT
    };
    let keep = if is_small(&call, encoding) || !is_known(shared, &call).await {
        body::STRANGERS_LIMIT
    } else {
        most
    };
    call.body = body::read(incoming, encoding, (keep, most), shared.patience.body).await?;
    Ok(call)
}

/// A call without its body.
fn call(head: &Parts) -> Call {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), text(v)))
        .collect();
    let method = if head.method == "HEAD" {
        "GET".to_owned()
    } else {
        head.method.as_str().to_owned()
    };
    let mut call = Call {
        method,
        path: head.uri.path().to_owned(),
        query: pairs(head.uri.query().unwrap_or_default()),
        headers,
        ..Call::default()
    };
    call.base = format!("http://{}", call.header("host").unwrap_or_default());
    call
}

/// Whether the headers say that the body stays small, unpacked too.
fn is_small(call: &Call, encoding: &str) -> bool {
    let length = call
        .header("content-length")
        .map_or(Some(0), |n| n.parse().ok());
    let length_is_told = call.header("transfer-encoding").is_none();
    encoding.is_empty()
        && length_is_told
        && length.is_some_and(|n: usize| n <= body::STRANGERS_LIMIT)
}

/// Whether a caller has a session, or the admin key.
async fn is_known(shared: &Arc<Shared>, call: &Call) -> bool {
    let bearer = handlers::bearer(call).map(str::to_owned);
    let key = call.header("x-admin-key").unwrap_or_default();
    let is_admin = same(key, &shared.owner.admin_key);
    is_admin
        || work(shared, move |org, _| {
            bearer.is_some_and(|token| org.session(&token).is_ok_and(|s| s.is_some()))
        })
        .await
}
