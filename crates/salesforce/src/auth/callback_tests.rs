use super::*;
use proptest::prelude::*;

const STATE: &str = "s3cret";

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Sends bytes to the listener and returns what it answers.
async fn send(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    // The listener may hang up before everything is sent; what it answered is all that counts.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_code_is_decoded_once() {
    let header = get("/oauth/callback?code=aPrx%3D%3D&state=s3cret");
    assert_eq!(asked(&header, STATE), Asked::Code("aPrx==".into()));
}

#[test]
fn a_refusal_keeps_the_servers_words() {
    let header =
        get("/oauth/callback?error=access-denied&error_description=end-user+denied&state=s3cret");
    let expected = OAuthError::new("access_denied", Some("end-user denied"));
    assert_eq!(asked(&header, STATE), Asked::Refusal(expected));
}

#[test]
fn only_the_right_state_counts() {
    for target in [
        "/oauth/callback?code=x",
        "/oauth/callback?code=x&state=",
        "/oauth/callback?code=x&state=s3cre",
        "/oauth/callback?code=x&state=s3cret2",
        "/oauth/callback?error=access_denied",
    ] {
        assert_eq!(asked(&get(target), STATE), Asked::WrongState, "{target}");
    }
}

#[test]
fn other_paths_and_methods_are_turned_away() {
    assert_eq!(asked(&get("/favicon.ico"), STATE), Asked::OtherPath);
    assert_eq!(
        asked(&get("/oauth/callback/x?code=x&state=s3cret"), STATE),
        Asked::OtherPath
    );
    assert_eq!(
        asked(b"POST /oauth/callback HTTP/1.1\r\n\r\n", STATE),
        Asked::Nonsense
    );
    assert_eq!(asked(b"\x16\x03\x01\x02", STATE), Asked::Nonsense);
}

#[tokio::test]
async fn strangers_do_not_end_the_wait() {
    let listener = Listener::bind(&[0]).await.unwrap();
    let port = listener.port();
    let waiting = tokio::spawn(async move { listener.answer(STATE).await });
    // One that connects and says nothing must not hold up the others.
    let silent = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    assert!(send(port, &get("/")).await.starts_with("HTTP/1.1 404"));
    assert!(
        send(port, &get("/oauth/callback?code=x&state=no"))
            .await
            .starts_with("HTTP/1.1 400")
    );
    let endless = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &vec![b'x'; 20_000]].concat();
    let refused = send(port, &endless).await;
    assert!(
        refused.is_empty() || refused.starts_with("HTTP/1.1 400"),
        "{refused}"
    );

    let browser =
        tokio::spawn(
            async move { send(port, &get("/oauth/callback?code=good&state=s3cret")).await },
        );
    let callback = waiting.await.unwrap().unwrap();
    assert_eq!(callback.code.unwrap(), "good");
    callback.browser.show(true).await;
    let page = browser.await.unwrap();
    assert!(page.contains("You are signed in"));
    assert!(page.contains("Content-Security-Policy: default-src 'none'"));
    drop(silent);
    let gone = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
    assert!(gone.is_err(), "it answers once");
}

#[tokio::test]
async fn connections_that_say_nothing_or_little_do_not_keep_the_browser_waiting() {
    let listener = Listener::bind(&[0]).await.unwrap();
    let port = listener.port();
    let waiting = tokio::spawn(async move { listener.answer(STATE).await });
    let mut others = Vec::new();
    for number in 0..200 {
        let address = (Ipv4Addr::LOCALHOST, port);
        let mut stream = TcpStream::connect(address).await.unwrap();
        if number % 2 == 0 {
            stream.write_all(b"G").await.unwrap();
        }
        others.push(stream);
    }
    let browser = get("/oauth/callback?code=good&state=s3cret");
    let asked = tokio::spawn(async move { send(port, &browser).await });
    // One connection lasts 5 s at most: whoever waits for some of them waits longer than this.
    let answered = tokio::time::timeout(Duration::from_secs(3), waiting).await;
    let callback = answered
        .expect("the browser is kept waiting")
        .unwrap()
        .unwrap();
    assert_eq!(callback.code.unwrap(), "good");
    callback.browser.show(true).await;
    assert!(asked.await.unwrap().contains("You are signed in"));
    drop(others);
}

#[tokio::test]
async fn the_next_port_is_taken_when_one_is_busy() {
    let first = Listener::bind(&[0]).await.unwrap();
    let free = Listener::bind(&[first.port(), 0]).await.unwrap();
    assert_ne!(first.port(), free.port());
    let none = Listener::bind(&[first.port()]).await;
    assert!(matches!(none, Err(Error::NoFreePort(_))));
}

#[tokio::test]
async fn both_loopback_families_are_answered() {
    let listener = Listener::bind(&[0]).await.unwrap();
    let Some(v6) = &listener.v6 else {
        // This machine has no IPv6, and then a browser does not ask there either.
        return;
    };
    let address = v6.local_addr().unwrap();
    let waiting = tokio::spawn(async move { listener.answer(STATE).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(&get("/oauth/callback?code=six&state=s3cret"))
        .await
        .unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().code.unwrap(), "six");
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_ne!(asked(&bytes, STATE), Asked::Code(String::new()));
    }

    #[test]
    fn no_query_passes_without_the_state(query in "[a-z0-9%&=+.]{0,80}") {
        prop_assume!(!query.contains("s3cret"));
        let asked = asked(&get(&format!("/oauth/callback?code=x&{query}")), "s3cret-that-is-longer");
        prop_assert_eq!(asked, Asked::WrongState);
    }
}
