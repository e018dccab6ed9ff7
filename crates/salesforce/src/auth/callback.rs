//! The address on this machine that the browser comes back to.
//!
//! Bound to loopback only. Whatever else on this machine connects gets a short answer within bounded time and memory,
//! and can neither end the wait nor draw it out: only a request with the right `state` ends it, and a new connection
//! never waits for an old one.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use url::form_urlencoded;

use super::{OAuthError, page};
use crate::{Error, Result};

/// Path of the callback address.
pub const CALLBACK_PATH: &str = "/oauth/callback";

const MAX_HEADER_BYTES: usize = 8 << 10;
const HEADER_TIME: Duration = Duration::from_secs(5);
const ANSWER_TIME: Duration = Duration::from_secs(5);
/// Connections held at a time. A browser sends its request as soon as it is connected, so where there are more, the
/// oldest is the one that makes others wait.
const MAX_CONNECTIONS: usize = 64;

/// Listens for the browser's answer on both loopback families.
#[derive(Debug)]
pub struct Listener {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

/// The browser's answer, and the browser still waiting for a page.
#[derive(Debug)]
pub(super) struct Callback {
    pub(super) code: std::result::Result<String, OAuthError>,
    pub(super) browser: Browser,
}

/// A connection whose request was read and not answered yet.
#[derive(Debug)]
pub(super) struct Browser(TcpStream);

/// What a request on the callback port asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Code(String),
    Refusal(OAuthError),
    WrongState,
    OtherPath,
    Nonsense,
}

impl Listener {
    /// Listens on the first of these ports that is free; 0 lets the system choose.
    ///
    /// # Errors
    /// [`Error::NoFreePort`] when none is.
    pub async fn bind(ports: &[u16]) -> Result<Listener> {
        let mut last = io::Error::other("no port was named");
        for port in ports {
            match Listener::bind_port(*port).await {
                Ok(listener) => return Ok(listener),
                Err(error) => last = error,
            }
        }
        Err(Error::NoFreePort(last))
    }

    async fn bind_port(port: u16) -> io::Result<Listener> {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = v4.local_addr()?.port();
        // A browser resolves localhost to either family; a machine without IPv6 cannot ask there.
        let v6 = match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
            Ok(listener) => Some(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(_) => None,
        };
        Ok(Listener { v4, v6, port })
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the callback address, exactly as the app must list it.
    pub fn redirect_uri(&self) -> String {
        format!("http://localhost:{}{CALLBACK_PATH}", self.port)
    }

    /// Waits until the browser comes back with the right state, then stops listening.
    pub(super) async fn answer(self, state: &str) -> Result<Callback> {
        let state: Arc<str> = state.into();
        let mut connections = Connections::default();
        loop {
            tokio::select! {
                stream = self.accept() => match stream {
                    Ok(stream) => connections.serve(stream, state.clone()),
                    // Out of handles, or a connection gone at once: neither ends the wait.
                    Err(_) => {
                        connections.drop_oldest();
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                Some(served) = connections.tasks.join_next() => {
                    if let Ok(Some(callback)) = served {
                        return Ok(callback);
                    }
                }
            }
        }
    }

    async fn accept(&self) -> io::Result<TcpStream> {
        let v6 = async {
            match &self.v6 {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        let (stream, _) = tokio::select! {
            accepted = self.v4.accept() => accepted?,
            accepted = v6 => accepted?,
        };
        Ok(stream)
    }
}

/// The connections whose requests are being read, the oldest first.
#[derive(Default)]
struct Connections {
    tasks: JoinSet<Option<Callback>>,
    ages: VecDeque<AbortHandle>,
}

impl Connections {
    /// Reads the request of a new connection, in the place of the oldest where there are too many.
    fn serve(&mut self, stream: TcpStream, state: Arc<str>) {
        self.ages.retain(|task| !task.is_finished());
        if self.ages.len() >= MAX_CONNECTIONS {
            self.drop_oldest();
        }
        self.ages.push_back(self.tasks.spawn(serve(stream, state)));
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.ages.pop_front() {
            oldest.abort();
        }
    }
}

impl Browser {
    /// Shows how the sign-in ended; a browser that has gone away is no failure.
    pub(super) async fn show(self, success: bool) {
        let text = if success {
            page::answer(
                "200 OK",
                "You are signed in",
                "You can close this page and go back to Leadferry.",
            )
        } else {
            let text = "Leadferry tells you why and what to do. You can close this page.";
            page::answer("400 Bad Request", "The sign-in failed", text)
        };
        self.write(&text).await;
    }

    async fn write(mut self, text: &str) {
        let write = async {
            self.0.write_all(text.as_bytes()).await?;
            self.0.shutdown().await
        };
        let _ = tokio::time::timeout(ANSWER_TIME, write).await;
    }
}

/// Reads one request; returns it when it is the one waited for, and answers it otherwise.
async fn serve(mut stream: TcpStream, state: Arc<str>) -> Option<Callback> {
    let header = tokio::time::timeout(HEADER_TIME, read_header(&mut stream)).await;
    let header = header.ok()?.ok()?;
    let asked = header
        .as_deref()
        .map_or(Asked::Nonsense, |header| asked(header, &state));
    let browser = Browser(stream);
    let (status, title, text) = match asked {
        Asked::Code(code) => {
            return Some(Callback {
                code: Ok(code),
                browser,
            });
        }
        Asked::Refusal(error) => {
            return Some(Callback {
                code: Err(error),
                browser,
            });
        }
        Asked::WrongState => (
            "400 Bad Request",
            "This page doesn't belong to the sign-in",
            "Start the sign-in again from Leadferry.",
        ),
        Asked::OtherPath => ("404 Not Found", "Nothing here", "Go back to Leadferry."),
        Asked::Nonsense => ("400 Bad Request", "Not understood", "Go back to Leadferry."),
    };
    browser.write(&page::answer(status, title, text)).await;
    None
}

/// Reads up to the empty line; None when the header is too long or ends early.
async fn read_header(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut header = Vec::with_capacity(1_024);
    let mut chunk = [0; 1_024];
    loop {
        let count = stream.read(&mut chunk).await?;
        header.extend_from_slice(&chunk[..count]);
        if header.windows(4).any(|window| window == b"\r\n\r\n") {
            return Ok(Some(header));
        }
        if count == 0 || header.len() > MAX_HEADER_BYTES {
            return Ok(None);
        }
    }
}

/// Decides what a request asks for.
fn asked(header: &[u8], state: &str) -> Asked {
    let line = header
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    let mut words = std::str::from_utf8(line).unwrap_or_default().split(' ');
    let (Some("GET"), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Asked::Nonsense;
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != CALLBACK_PATH {
        return Asked::OtherPath;
    }
    let value = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    };
    if !value("state").is_some_and(|given| same(given.as_bytes(), state.as_bytes())) {
        return Asked::WrongState;
    }
    if let Some(error) = value("error") {
        return Asked::Refusal(OAuthError::new(
            &error,
            value("error_description").as_deref(),
        ));
    }
    match value("code") {
        Some(code) if !code.is_empty() => Asked::Code(code),
        _ => Asked::Nonsense,
    }
}

/// Compares in a time that does not tell how much was right.
fn same(given: &[u8], expected: &[u8]) -> bool {
    let pairs = given.iter().zip(expected);
    let differences = pairs.fold(0, |sum, (a, b)| sum | (a ^ b));
    std::hint::black_box(differences) == 0 && given.len() == expected.len()
}

#[cfg(test)]
#[path = "callback_tests.rs"]
mod tests;
