//! Makes sure that whoever answers on a port holds the org's file, before any secret is sent there.
//!
//! The port stands in a file, and in a shared folder anyone may have put it there. So a caller sends a random challenge,
//! and the server signs it, and its own port, with a key that only the org's file holds. With the port in it, a signature
//! that was passed on from the true server on another port is worth nothing.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Result;
use crate::http::{Answer, Call, Refused};
use crate::json::{self, Json, object};
use crate::secret::{random_hex, same, signature};

/// Where the challenge is answered.
pub(crate) const PATH: &str = "/practice-org/proof";

/// Longest challenge that is signed.
const MOST_CHALLENGE_BYTES: usize = 128;
/// Longest answer that is read.
const MOST_ANSWER_BYTES: u64 = 4096;
/// Time for one answer.
const TIME: Duration = Duration::from_secs(2);

/// Answers a challenge.
pub(crate) fn answer(call: &Call, key: &str, port: u16) -> Answer {
    match call.param("challenge") {
        Some(challenge) if challenge.len() <= MOST_CHALLENGE_BYTES => {
            let proof = signature(key, &signed(challenge, port));
            Answer::json(200, object([("proof", proof.into())]))
        }
        _ => Refused::new(
            400,
            "MISSING_ARGUMENT",
            "The challenge is missing or too long.",
        )
        .answer(),
    }
}

/// Asks whoever listens on a loopback port for a proof, and says whether it is right.
///
/// # Errors
/// [`crate::Error::Random`]. A port that does not answer, or answers anything else, proves nothing: that is `false`.
pub(crate) async fn is_given(port: u16, key: &str) -> Result<bool> {
    let challenge = random_hex(32)?;
    let answer = match tokio::time::timeout(TIME, ask(port, &challenge)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => return Ok(false),
    };
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let json = json::parse(body).unwrap_or_default();
    let proof = json.get("proof").and_then(Json::as_str).unwrap_or_default();
    Ok(same(proof, &signature(key, &signed(&challenge, port))))
}

async fn ask(port: u16, challenge: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let request = format!(
        "GET {PATH}?challenge={challenge} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    let mut limited = stream.take(MOST_ANSWER_BYTES);
    limited.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn signed(challenge: &str, port: u16) -> String {
    format!("practice-org {port} {challenge}")
}
