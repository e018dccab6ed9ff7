//! Whatever connects to the callback port gets a short answer, and only the right state ends the wait.

use std::time::Duration;

use leadferry_salesforce::auth::{self, App, Listener, LoginHost};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::bounds::Hostile;

/// Sixty-four connections with eight KiB each, and the runtime.
const MIB: usize = 16;

const SOUND: &[&[u8]] = &[
    b"GET /oauth/callback?code=aPrx&state=wrong HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
    b"GET /oauth/callback?error=access_denied&error_description=end-user+denied&state=wrong HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /favicon.ico HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
];

const TOKENS: &[&str] = &[
    "GET ",
    "/oauth/callback",
    "?code=",
    "&state=",
    "%",
    "%zz",
    " HTTP/1.1",
    "\r\n\r\n",
    "\n\n",
    "Host: evil",
    "\r\n ",
];

#[test]
fn a_spoilt_callback_is_answered_and_the_wait_goes_on() {
    let runtime = Runtime::new().unwrap();
    let app = App {
        host: LoginHost::parse("acme.my.salesforce.com").unwrap(),
        client_id: "key".into(),
        client_secret: None,
    };
    let listener = runtime.block_on(Listener::bind(&[0])).unwrap();
    let port = listener.port();
    let sign_in = auth::begin(&app, &listener.redirect_uri(), &["api"]);
    let state = url::Url::parse(sign_in.url.as_str())
        .unwrap()
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned();
    let waiting = runtime.spawn(async move {
        auth::wait(&sign_in, listener, Duration::from_secs(600))
            .await
            .is_ok()
    });
    Hostile {
        what: "a callback",
        sound: SOUND,
        tokens: TOKENS,
        tries: 400,
        mib: MIB,
    }
    .try_all(|bytes| {
        let answer = runtime.block_on(ask(port, bytes));
        assert!(
            answer.len() < 16 << 10,
            "a short answer, not {} bytes",
            answer.len()
        );
        assert!(!waiting.is_finished(), "the wait ended");
    });
    let right =
        format!("GET /oauth/callback?code=aPrx&state={state} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    runtime.block_on(async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(right.as_bytes()).await.unwrap();
        assert!(waiting.await.unwrap(), "the right state ends the wait");
    });
}

/// Sends bytes and says no more; returns what comes back.
async fn ask(port: u16, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    // A request that is too long is cut off: then the rest cannot be sent.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}
