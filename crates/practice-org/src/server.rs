//! The sockets: reads requests, applies faults of the connection, writes answers.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::faults::{After, Armed, Stop};
use crate::handlers;
use crate::http::{Answer, Body, Call, Refused, pairs};
use crate::line::{Grip, Lines};
use crate::org::{Logged, Org, random_hex};
use crate::ownership::{Held, Owner};
use crate::{Error, Result, sample};

/// Most bytes of a request's body, packed or not.
const BODY_LIMIT: usize = 50 * 1024 * 1024;

/// Answers smaller than this are not worth packing.
const GZIP_FROM: usize = 1024;

/// How an org is served.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port to listen on; `None` takes a free one.
    pub port: Option<u16>,
    /// Fills a new org with people to try with. An org that exists already is left as it is.
    pub sample_people: bool,
}

/// An org being served, until this is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    owner: Owner,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _held: Held,
}

impl Running {
    /// Returns the base URL, `http://127.0.0.1:{port}`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.owner.port)
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.owner.port
    }

    /// Returns the value of the `X-Admin-Key` header for the admin endpoints.
    #[must_use]
    pub fn admin_key(&self) -> &str {
        &self.owner.admin_key
    }

    /// Stops serving: requests under way are finished, for two seconds at most.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in std::mem::take(&mut self.tasks) {
            let mut task = task;
            if tokio::time::timeout(Duration::from_secs(2), &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// What every connection shares.
struct Shared {
    org: Mutex<Org>,
    admin_key: String,
}

/// Opens the org in `file`, making it if there is none, and serves it on the loopback address.
///
/// Takes the lock `<file>.lock` and writes `<file>.port`, JSON with `port` and `admin_key`.
///
/// # Errors
/// [`Error::Busy`] when it is served already, [`Error::Listen`] when the port cannot be bound, [`Error::Newer`] when a
/// newer program wrote the file.
pub async fn serve(file: &Path, options: Options) -> Result<Running> {
    let path = file.to_owned();
    let opening = tokio::task::spawn_blocking(move || open(&path, options.sample_people)).await;
    let (held, org) = opening.map_err(|e| Error::Listen(std::io::Error::other(e)))??;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port.unwrap_or(0)))
        .await
        .map_err(Error::Listen)?;
    let port = listener.local_addr().map_err(Error::Listen)?.port();
    let mut listeners = vec![listener];
    // Browsers may resolve localhost to ::1; without IPv6 there is nothing to resolve it to.
    listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
    let owner = Owner {
        port,
        admin_key: random_hex(24)?,
    };
    let shared = Arc::new(Shared {
        org: Mutex::new(org),
        admin_key: owner.admin_key.clone(),
    });
    let (stop, stopped) = watch::channel(false);
    let tasks = listeners
        .into_iter()
        .map(|l| tokio::spawn(listen(l, Arc::clone(&shared), stopped.clone())))
        .collect();
    held.announce(&owner)?;
    Ok(Running {
        owner,
        stop,
        tasks,
        _held: held,
    })
}

fn open(file: &Path, sample_people: bool) -> Result<(Held, Org)> {
    let held = Held::take(file)?;
    let (org, new) = Org::open(file)?;
    if new && sample_people {
        sample::fill_new(&org)?;
    }
    Ok((held, org))
}

async fn listen(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let router = Router::new().fallback(handle).with_state(shared);
    let service = router.into_make_service_with_connect_info::<Grip>();
    let until = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    if let Err(error) = axum::serve(Lines(listener), service)
        .with_graceful_shutdown(until)
        .await
    {
        tracing::error!(%error, "the practice org stopped listening");
    }
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(grip): ConnectInfo<Grip>,
    request: Request,
) -> Response<HttpBody> {
    let arrived = Instant::now();
    let gzip = accepts_gzip(&request);
    let call = match read(request).await {
        Ok(call) => call,
        Err(refused) => return respond(refused.answer(), false).0,
    };
    if call.path.starts_with(handlers::ADMIN_ROOT) {
        let answer = work(&shared, move |org, key| handlers::answer(org, &call, key)).await;
        return respond(answer, gzip).0;
    }
    let arming = call.clone();
    let armed = work(&shared, move |org, _| arm(org, &arming)).await;
    let armed = match armed {
        Ok(armed) => armed,
        Err(refused) => return respond(refused.answer(), false).0,
    };
    // A way is as long whatever the org is busy with: it is counted from the arrival, not from when the org had time.
    tokio::time::sleep_until(arrived + Duration::from_millis(armed.latency_ms)).await;
    if let Some(stop) = armed.stop.clone() {
        return stopped(&shared, &grip, &call, stop).await;
    }
    let (slow_ms, after) = (armed.slow_ms, armed.after);
    let no_sooner = arrived + Duration::from_millis(armed.duration_ms);
    if let Some(After::Late(ms)) = after {
        grip.reset();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            carry_out(&shared, call, armed, true).await;
        });
        return respond(Answer::no_content(), false).0;
    }
    let answer = carry_out(&shared, call, armed, after == Some(After::Drop)).await;
    tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    tokio::time::sleep_until(no_sooner).await;
    let (response, bytes) = respond(answer, gzip);
    match after {
        Some(After::Truncate) => grip.cut_after(bytes / 2),
        Some(_) => grip.reset(),
        None => {}
    }
    response
}

/// A request that a fault keeps from being carried out.
async fn stopped(shared: &Arc<Shared>, grip: &Grip, call: &Call, stop: Stop) -> Response<HttpBody> {
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
    respond(
        Answer {
            status: answer.status.max(200),
            ..answer
        },
        false,
    )
    .0
}

async fn carry_out(shared: &Arc<Shared>, call: Call, armed: Armed, unanswered: bool) -> Answer {
    work(shared, move |org, key| {
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
    .await
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
async fn work<T: Outcome + Send + 'static>(
    shared: &Arc<Shared>,
    job: impl FnOnce(&Org, &str) -> T + Send + 'static,
) -> T {
    let shared = Arc::clone(shared);
    let done = tokio::task::spawn_blocking(move || {
        let org = shared.org.lock().unwrap_or_else(PoisonError::into_inner);
        job(&org, &shared.admin_key)
    });
    done.await.unwrap_or_else(|_| T::failed())
}

/// What comes of work that broke off.
trait Outcome {
    fn failed() -> Self;
}

impl Outcome for Answer {
    fn failed() -> Answer {
        Refused::new(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.").answer()
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

fn accepts_gzip(request: &Request) -> bool {
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok());
    accepted.is_some_and(|a| a.to_ascii_lowercase().contains("gzip"))
}

async fn read(request: Request) -> std::result::Result<Call, Refused> {
    let too_large = || {
        Refused::new(
            400,
            "EXCEEDED_MAX_SIZE_REQUEST",
            "The request exceeds the limit of 52428800 bytes",
        )
    };
    let (parts, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), text(v)))
        .collect();
    let header = |name: &str| {
        headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    let host = header("host")
        .map(str::to_owned)
        .or_else(|| parts.uri.authority().map(ToString::to_string));
    // A front that speaks TLS says so, so that URLs in answers lead back through it.
    let scheme = if header("x-forwarded-proto") == Some("https") {
        "https"
    } else {
        "http"
    };
    let base = format!(
        "{scheme}://{}",
        host.unwrap_or_else(|| "127.0.0.1".to_owned())
    );
    let encoding = header("content-encoding")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| too_large())?;
    let body = match encoding.as_str() {
        "gzip" => unpack(flate2::read::GzDecoder::new(&bytes[..]))?,
        "deflate" => unpack(flate2::read::ZlibDecoder::new(&bytes[..]))?,
        _ => bytes.to_vec(),
    };
    if body.len() > BODY_LIMIT {
        return Err(too_large());
    }
    let method = if parts.method == "HEAD" {
        "GET".to_owned()
    } else {
        parts.method.as_str().to_owned()
    };
    Ok(Call {
        method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default()),
        headers,
        body,
        base,
        target_bytes: parts.uri.path_and_query().map_or(0, |p| p.as_str().len()),
    })
}

/// Unpacks to a byte more than the limit at most.
fn unpack(reader: impl Read) -> std::result::Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let read = reader.take(BODY_LIMIT as u64 + 1).read_to_end(&mut out);
    read.map_err(|_| {
        Refused::new(
            400,
            "JSON_PARSER_ERROR",
            "The request body could not be unpacked",
        )
    })?;
    Ok(out)
}

/// The HTTP form of an answer, and how many bytes its body has.
fn respond(answer: Answer, gzip: bool) -> (Response<HttpBody>, usize) {
    let (kind, mut bytes) = match answer.body {
        Body::Empty => (None, Vec::new()),
        Body::Json(json) => (
            Some("application/json;charset=UTF-8"),
            json.to_string().into_bytes(),
        ),
        Body::Text(kind, text) => (Some(kind), text.into_bytes()),
    };
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if gzip && bytes.len() >= GZIP_FROM {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        if encoder.write_all(&bytes).is_ok()
            && let Ok(packed) = encoder.finish()
        {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            bytes = packed;
        }
    }
    let length = bytes.len();
    *response.body_mut() = HttpBody::from(bytes);
    (response, length)
}
