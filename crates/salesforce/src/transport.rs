//! Sending requests over HTTP, and nothing else.
//!
//! Redirects are never followed: the API gives none, and a token must not travel to another host.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use reqwest::header::{self, HeaderMap};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::answer::Answer;
use crate::bulk::Records;
use crate::request::{MAX_BODY_BYTES, Request};
use crate::{ApiUsage, Error, Proxy, Result};

/// A body smaller than this gains nothing from compression.
const WORTH_COMPRESSING: usize = 1_000;
const USER_AGENT: &str = concat!("leadferry-salesforce/", env!("CARGO_PKG_VERSION"));

/// How much has gone over the wire so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that the org counts as API calls, repeated ones included; who is signed in and which versions there are
    /// cost none.
    pub calls: u64,
    /// Bytes of request bodies as sent, compressed.
    pub bytes_sent: u64,
    /// Bytes of answer bodies as received, compressed.
    pub bytes_received: u64,
}

/// What the transport does with every request.
#[derive(Debug, Clone)]
pub(crate) struct TransportOptions {
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) compress: bool,
    pub(crate) max_answer_bytes: usize,
    pub(crate) client_name: String,
}

/// A connection pool that counts.
#[derive(Debug)]
pub(crate) struct Transport {
    clients: HttpClients,
    options: TransportOptions,
    calls: AtomicU64,
    sent: Arc<AtomicU64>,
    received: Arc<AtomicU64>,
    heard: Mutex<Heard>,
}

/// What the latest answer said beside its body.
#[derive(Debug, Default)]
struct Heard {
    /// The org's clock, UTC milliseconds, and when it said so.
    date: Option<(i64, Instant)>,
    /// That the version will be retired, in the org's words.
    warning: Option<String>,
}

/// An answer that has begun.
#[derive(Debug)]
pub(crate) enum Opened {
    /// The org does what was asked: records, and the headers before them.
    Records(Box<Records>, HeaderMap),
    /// It doesn't.
    Refused(Answer),
}

impl Transport {
    pub(crate) fn new(options: TransportOptions) -> Transport {
        Transport {
            clients: HttpClients::new(options.timeout, options.connect_timeout),
            options,
            calls: AtomicU64::new(0),
            sent: Arc::default(),
            received: Arc::default(),
            heard: Mutex::default(),
        }
    }

    /// Returns the org's clock, UTC milliseconds; none before the first answer.
    pub(crate) fn server_time(&self) -> Option<i64> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let (date, at) = heard.date?;
        Some(date + i64::try_from(at.elapsed().as_millis()).unwrap_or_default())
    }

    /// Returns what the org said of a version that will be retired.
    pub(crate) fn warning(&self) -> Option<String> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.warning.clone()
    }

    fn hear(&self, headers: &HeaderMap) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let date = text(headers, "Date").and_then(http_date);
        heard.date = date.map(|date| (date, Instant::now())).or(heard.date);
        if let Some(warning) = text(headers, "Warning") {
            heard.warning = Some(warning.chars().take(300).collect());
        }
    }

    /// Counts the bytes of bodies that are sent.
    pub(crate) fn sent(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.sent)
    }

    /// Whether bodies are compressed.
    pub(crate) fn compresses(&self) -> bool {
        self.options.compress
    }

    pub(crate) fn traffic(&self) -> Traffic {
        Traffic {
            calls: self.calls.load(Ordering::Relaxed),
            bytes_sent: self.sent.load(Ordering::Relaxed),
            bytes_received: self.received.load(Ordering::Relaxed),
        }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) async fn send(
        &self,
        base: &Url,
        token: Option<&SecretString>,
        request: &Request,
    ) -> Result<(Answer, Option<ApiUsage>)> {
        let body = match (&request.packed, &request.body) {
            (Some(packed), _) => Some(self.as_packed(packed)?),
            (None, Some(body)) => Some(self.packed(body)?),
            (None, None) => None,
        };
        let body = body.map(|(body, encoding)| {
            self.sent.fetch_add(body.len() as u64, Ordering::Relaxed);
            (reqwest::Body::from(body), encoding)
        });
        let response = self.begin(base, token, request, body).await?;
        self.read(response).await
    }

    /// Sends a request with a body that is made while it is sent, and reads the whole answer.
    pub(crate) async fn send_body(
        &self,
        base: &Url,
        token: &SecretString,
        request: &Request,
        body: reqwest::Body,
    ) -> Result<(Answer, Option<ApiUsage>)> {
        let body = Some((body, None));
        let response = self.begin(base, Some(token), request, body).await?;
        self.read(response).await
    }

    /// Sends a read whose answer is read bit by bit; an answer that is no success is read at once.
    pub(crate) async fn open(
        &self,
        base: &Url,
        token: &SecretString,
        request: &Request,
    ) -> Result<(Opened, Option<ApiUsage>)> {
        let response = self.begin(base, Some(token), request, None).await?;
        if response.status().is_success() {
            let usage = text(response.headers(), "Sforce-Limit-Info").and_then(ApiUsage::parse);
            let headers = response.headers().clone();
            let records = Records::new(response, Arc::clone(&self.received));
            return Ok((Opened::Records(Box::new(records), headers), usage));
        }
        let (answer, usage) = self.read(response).await?;
        Ok((Opened::Refused(answer), usage))
    }

    /// Sends a request; the answer has begun.
    async fn begin(
        &self,
        base: &Url,
        token: Option<&SecretString>,
        request: &Request,
        body: Option<(reqwest::Body, Option<&'static str>)>,
    ) -> Result<reqwest::Response> {
        let url = address(base, &request.path)?;
        let mut builder = self
            .clients
            .client_for(base)?
            .request(request.method.clone(), url)
            .header(header::ACCEPT, request.accept)
            .header(header::ACCEPT_ENCODING, "gzip");
        if let Some(token) = token {
            builder = builder
                .bearer_auth(token.expose_secret())
                .header("Sforce-Mru", "updateMru=false")
                .header(
                    "Sforce-Call-Options",
                    format!("client={}", self.options.client_name),
                );
        }
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if let Some((body, encoding)) = body {
            builder = builder.header(header::CONTENT_TYPE, request.content_type.as_ref());
            if let Some(encoding) = encoding {
                builder = builder.header(header::CONTENT_ENCODING, encoding);
            }
            builder = builder.body(body);
        }
        if request.costs_a_call() {
            self.calls.fetch_add(1, Ordering::Relaxed);
        }
        let response = builder.send().await.map_err(transport_error)?;
        self.hear(response.headers());
        Ok(response)
    }

    /// Returns a body that is packed already, unpacked where bodies aren't compressed.
    fn as_packed(&self, packed: &[u8]) -> Result<(Vec<u8>, Option<&'static str>)> {
        if self.options.compress {
            return Ok((packed.to_vec(), Some("gzip")));
        }
        let mut body = Vec::new();
        let read = MultiGzDecoder::new(packed)
            .take(MAX_BODY_BYTES as u64)
            .read_to_end(&mut body);
        read.map_err(|error| Error::Setup(Box::new(error)))?;
        Ok((body, None))
    }

    fn packed(&self, body: &str) -> Result<(Vec<u8>, Option<&'static str>)> {
        if !self.options.compress || body.len() < WORTH_COMPRESSING {
            return Ok((body.as_bytes().to_vec(), None));
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = encoder
            .write_all(body.as_bytes())
            .and_then(|()| encoder.finish());
        let packed = packed.map_err(|error| Error::Setup(Box::new(error)))?;
        Ok((packed, Some("gzip")))
    }

    async fn read(&self, response: reqwest::Response) -> Result<(Answer, Option<ApiUsage>)> {
        let status = response.status().as_u16();
        let headers = response.headers();
        let usage = text(headers, "Sforce-Limit-Info").and_then(ApiUsage::parse);
        let last_modified = text(headers, "Last-Modified").map(str::to_owned);
        let encoding = text(headers, "Content-Encoding")
            .unwrap_or("identity")
            .to_owned();
        let body = read_within(response, self.options.max_answer_bytes, &self.received).await?;
        let packed = encoding.eq_ignore_ascii_case("gzip") && !body.is_empty();
        let mut answer = Answer {
            status,
            last_modified,
            body,
        };
        if packed {
            answer.body = self.unpacked(&answer)?;
        }
        Ok((answer, usage))
    }

    fn unpacked(&self, answer: &Answer) -> Result<Vec<u8>> {
        let max = self.options.max_answer_bytes;
        let mut body = Vec::new();
        let mut decoder = MultiGzDecoder::new(answer.body.as_slice()).take(max as u64 + 1);
        let unpacked = decoder.read_to_end(&mut body);
        unpacked.map_err(|_| answer.unreadable("broken gzip"))?;
        if body.len() > max {
            return Err(Error::AnswerTooLarge { max });
        }
        Ok(body)
    }
}

/// The HTTP clients that everything here is sent through, each made when it is first needed.
#[derive(Debug)]
pub(crate) struct HttpClients {
    timeout: Duration,
    connect_timeout: Duration,
    /// Goes through the chosen proxy.
    outside: OnceLock<reqwest::Client>,
    /// For this machine itself, where a proxy could not reach it.
    inside: OnceLock<reqwest::Client>,
}

impl HttpClients {
    pub(crate) fn new(timeout: Duration, connect_timeout: Duration) -> HttpClients {
        // Fails only where the program has chosen a provider already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        HttpClients {
            timeout,
            connect_timeout,
            outside: OnceLock::new(),
            inside: OnceLock::new(),
        }
    }

    pub(crate) fn client_for(&self, url: &Url) -> Result<&reqwest::Client> {
        let (slot, builder) = if is_loopback(url) {
            (&self.inside, reqwest::Client::builder().no_proxy())
        } else {
            let builder = Proxy::chosen().apply(reqwest::Client::builder())?;
            (&self.outside, builder)
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = self.build(builder)?;
        Ok(slot.get_or_init(|| client))
    }

    fn build(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::Client> {
        builder
            .user_agent(USER_AGENT)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .gzip(false)
            .build()
            .map_err(|error| Error::Setup(Box::new(error)))
    }
}

/// Reads a body as it comes, but not more than so many bytes.
pub(crate) async fn read_within(
    mut response: reqwest::Response,
    max: usize,
    received: &AtomicU64,
) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
        received.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        if body.len() + chunk.len() > max {
            return Err(Error::AnswerTooLarge { max });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Returns our error for a failed exchange; the address is left out because a query may hold personal data.
pub(crate) fn transport_error(error: reqwest::Error) -> Error {
    let reached = !(error.is_connect() || error.is_builder());
    Error::Transport {
        reached,
        // No answer had begun. Whoever waited too long has not been cut off.
        cut: reached && error.is_request() && !error.is_timeout(),
        source: Box::new(error.without_url()),
    }
}

/// Tells whether a base may be given secrets: https anywhere, http on this machine alone.
pub(crate) fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Tells whether an address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Joins base and path; a path that leads to another host, as a hostile answer may give, is refused.
fn address(base: &Url, path: &str) -> Result<Url> {
    let host = || base.host_str().unwrap_or_default().to_owned();
    if !is_secure(base) {
        return Err(Error::InsecureHost { host: host() });
    }
    let url = base.join(path).ok();
    let same = url.filter(|url| path.starts_with('/') && url.origin() == base.origin());
    same.ok_or_else(|| Error::InvalidHost { input: host() })
}

/// Reads a date as headers have it, to UTC milliseconds.
fn http_date(text: &str) -> Option<i64> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let date = parser.parse_timestamp(text).ok()?;
    Some(date.as_millisecond())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for text in [
            "http://localhost:1/",
            "http://127.0.0.1/",
            "http://[::1]:8/",
            "https://a.example/",
        ] {
            assert!(is_secure(&base(text)), "{text}");
        }
        for text in [
            "http://a.example/",
            "http://localhost.a.example/",
            "ftp://localhost/",
        ] {
            assert!(!is_secure(&base(text)), "{text}");
        }
    }

    #[test]
    fn the_date_of_a_header_is_read() {
        assert_eq!(
            http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(784_111_777_000)
        );
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn a_path_cannot_lead_to_another_host() {
        let org = base("https://acme.my.salesforce.com/");
        assert!(address(&org, "/services/data/v60.0/query/01g-2000").is_ok());
        for path in [
            "//evil.example/x",
            "https://evil.example/x",
            "x",
            "/\\evil.example/x",
        ] {
            assert!(address(&org, path).is_err(), "{path}");
        }
    }
}
