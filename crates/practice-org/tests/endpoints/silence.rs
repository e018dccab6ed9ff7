//! Callers who say nothing, or never finish.

use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use leadferry_practice_org::{Options, Patience, serve};
use reqwest::Method;
use serde_json::json;
use std::io::Write as _;
use tokio::io::AsyncWriteExt as _;

use crate::support::{TestOrg, code, heard, open};

async fn impatient(patience: Patience) -> TestOrg {
    TestOrg::with(Options {
        patience,
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn headers_that_come_byte_by_byte_are_not_waited_for() {
    let org = impatient(Patience {
        headers: Duration::from_millis(400),
        ..Patience::default()
    })
    .await;
    let mut stream = open(org.running.port()).await;
    let began = Instant::now();
    for byte in b"GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
        // Each byte alone would be in time.
        tokio::time::sleep(Duration::from_millis(50)).await;
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
    }
    heard(&mut stream).await;
    assert!(began.elapsed() < Duration::from_secs(15));
    assert_eq!(org.get("/limits").await.0, 200);
}

#[tokio::test]
async fn a_connection_on_which_nothing_is_asked_is_closed_and_one_in_use_is_kept() {
    let org = impatient(Patience {
        idle: Duration::from_millis(1500),
        ..Patience::default()
    })
    .await;
    let mut silent = open(org.running.port()).await;
    let mut used = open(org.running.port()).await;
    let host = format!("Host: localhost:{}\r\n", org.running.port());
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(600)).await;
        let request = format!("HEAD / HTTP/1.1\r\n{host}\r\n");
        used.write_all(request.as_bytes()).await.unwrap();
    }
    let last = format!("HEAD / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
    used.write_all(last.as_bytes()).await.unwrap();
    assert_eq!(heard(&mut used).await.matches("200 OK").count(), 5);
    assert_eq!(heard(&mut silent).await, "");
}

#[tokio::test]
async fn a_slow_answer_is_not_taken_for_a_silent_caller() {
    let org = impatient(Patience {
        headers: Duration::from_millis(500),
        idle: Duration::from_millis(500),
        ..Patience::default()
    })
    .await;
    org.fault(json!({"name": "slow", "times": 1, "ms": 1500}))
        .await;
    assert_eq!(org.get("/limits").await.0, 200);
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let org = impatient(Patience {
        body: Duration::from_millis(400),
        ..Patience::default()
    })
    .await;
    let port = org.running.port();
    for length in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let mut stream = open(port).await;
        let head = format!(
            "POST /services/oauth2/token HTTP/1.1\r\nHost: localhost:{port}\r\n{length}\r\n\r\n1"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = heard(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{length}: {answer}");
    }
}

#[tokio::test]
async fn a_crowd_of_silent_connections_keeps_nobody_out() {
    let org = impatient(Patience {
        connections: 16,
        ..Patience::default()
    })
    .await;
    let port = org.running.port();
    let half = format!(
        "POST /services/oauth2/token HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 9\r\n\r\n"
    );
    let mut crowd = Vec::new();
    for n in 0..200 {
        let mut stream = open(port).await;
        // Nothing at all, half the headers, or headers and no body.
        let said = ["", "GET / HTTP/1.1\r\n", half.as_str()][n % 3];
        let _ = stream.write_all(said.as_bytes()).await;
        crowd.push(stream);
    }
    for _ in 0..5 {
        assert_eq!(org.get("/limits").await.0, 200);
    }
    let still_open = crowd.len() - closed(&mut crowd);
    assert!(still_open <= 16, "{still_open} connections are held");
}

/// How many of these the org has hung up.
fn closed(crowd: &mut [tokio::net::TcpStream]) -> usize {
    let hung_up = |stream: &tokio::net::TcpStream| {
        let read = stream.try_read(&mut [0; 64]);
        !read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    };
    crowd.iter().filter(|stream| hung_up(stream)).count()
}

#[tokio::test]
async fn silent_neighbors_cant_keep_the_org_from_ending_or_being_taken_over() {
    let org = TestOrg::new().await;
    let (port, file) = (org.running.port(), org.folder.path().join("org.sqlite"));
    let mut neighbors = Vec::new();
    for said in [
        "",
        "GET / HT",
        "POST / HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 9\r\n\r\n",
    ] {
        let mut stream = open(port).await;
        stream.write_all(said.as_bytes()).await.unwrap();
        neighbors.push(stream);
    }
    let began = Instant::now();
    org.running.stop().await;
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    for stream in &mut neighbors {
        heard(stream).await;
    }
    let again = Options {
        port: Some(port),
        ..Options::default()
    };
    serve(&file, again).await.unwrap();
}

#[tokio::test]
async fn a_stranger_cant_fill_the_memory_with_bodies() {
    let org = TestOrg::new().await;
    let rows = format!("{}/services/data/v67.0/composite", org.running.url());
    let large = vec![b' '; 3_000_000];
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![b' '; 200_000_000]).unwrap();
    let bomb = packer.finish().unwrap();
    let send = async |token: &str, packed: bool| {
        let body = if packed { bomb.clone() } else { large.clone() };
        let request = org.client.post(&rows).bearer_auth(token).body(body);
        let request = if packed {
            request.header("Content-Encoding", "gzip")
        } else {
            request
        };
        let (status, body) = crate::support::read(request.send().await.unwrap()).await;
        (status, code(&body).to_owned())
    };
    let stranger = (401, "INVALID_SESSION_ID".to_owned());
    assert_eq!(send("wrong", false).await, stranger, "the org's own answer");
    assert_eq!(send("wrong", true).await, stranger);
    let known = send(&org.token, false).await;
    assert_eq!(known, (400, "JSON_PARSER_ERROR".to_owned()), "it is read");
    let bombed = send(&org.token, true).await;
    assert_eq!(bombed, (400, "EXCEEDED_MAX_SIZE_REQUEST".to_owned()));
    let large_row = json!({"LastName": "Large", "Company": "X", "Description": "d".repeat(30_000)});
    assert_eq!(org.post("/sobjects/Lead", large_row).await.0, 201);
    let method = Method::POST;
    let (status, _) = org
        .admin(
            method,
            "/faults",
            json!({"name": "slow", "path": "n".repeat(100_000)}),
        )
        .await;
    assert_eq!(status, 201, "so is what comes with the admin key");
}
