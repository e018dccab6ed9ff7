//! A front before an org that passes everything on and may put another answer in the place of the org's.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// An answer put in the place of the org's; the org carries the request out all the same.
#[derive(Clone, Debug)]
pub(crate) struct Forged {
    /// Part of the request's path.
    pub(crate) path: &'static str,
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
}

/// A listener that is there as long as the test's process.
pub(crate) struct Front {
    port: u16,
    forged: Arc<Mutex<Option<Forged>>>,
}

impl Front {
    /// Starts a front before the org at a port of this machine.
    pub(crate) fn before(org: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let forged = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&forged);
        std::thread::spawn(move || {
            for outside in listener.incoming().flatten() {
                let forged = Arc::clone(&shared);
                // A side that hangs up is the client's matter: it sees it.
                std::thread::spawn(move || pass_on(outside, org, port, &forged));
            }
        });
        Self { port, forged }
    }

    /// Returns the address, as a connection's host.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Forges answers from now on, or no more.
    pub(crate) fn forge(&self, forged: Option<Forged>) {
        *self.forged.lock().unwrap() = forged;
    }
}

/// Serves one request of a connection, and closes it.
fn pass_on(
    outside: TcpStream,
    org: u16,
    front: u16,
    forged: &Mutex<Option<Forged>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(outside);
    let (head, body) = read_message(&mut reader)?;
    let mut inside = TcpStream::connect(("127.0.0.1", org))?;
    let first = head.lines().next().unwrap_or_default().to_owned();
    let kept = head
        .lines()
        .filter(|line| !has_name(line, &["host", "accept-encoding", "connection"]));
    let request: String = kept.map(|line| format!("{line}\r\n")).collect();
    // The org answers to no other host than its own.
    write!(
        inside,
        "{request}Host: 127.0.0.1:{org}\r\nConnection: close\r\n\r\n"
    )?;
    inside.write_all(&body)?;
    let (head, body) = read_message(&mut BufReader::new(inside))?;
    let forged = forged
        .lock()
        .unwrap()
        .clone()
        .filter(|forged| first.contains(forged.path));
    let outside = reader.get_mut();
    if let Some(forged) = forged {
        let length = forged.body.len();
        write!(
            outside,
            "HTTP/1.1 {} Forged\r\nContent-Type: {}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n",
            forged.status, forged.kind
        )?;
        return outside.write_all(&forged.body);
    }
    // The org's own addresses become those of the front.
    let body = String::from_utf8_lossy(&body)
        .replace(&format!("localhost:{org}"), &format!("127.0.0.1:{front}"))
        .replace(&format!("127.0.0.1:{org}"), &format!("127.0.0.1:{front}"));
    let kept = head
        .lines()
        .filter(|line| !has_name(line, &["content-length", "connection", "transfer-encoding"]));
    let answer: String = kept.map(|line| format!("{line}\r\n")).collect();
    write!(
        outside,
        "{answer}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn has_name(line: &str, names: &[&str]) -> bool {
    line.split_once(':')
        .is_some_and(|(name, _)| names.iter().any(|other| name.eq_ignore_ascii_case(other)))
}

/// Reads a head, without the empty line, and the body that its `Content-Length` tells of.
fn read_message(reader: &mut impl BufRead) -> std::io::Result<(String, Vec<u8>)> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let length = head
        .lines()
        .find(|line| has_name(line, &["content-length"]));
    let length = length
        .and_then(|line| line.split_once(':')?.1.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}
