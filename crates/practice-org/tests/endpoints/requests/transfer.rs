//! How requests travel: packed, in chunks, with `Expect`, and with heads that are too long.

use std::io::Write as _;

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{TestOrg, code, heard, open, raw, read};

const LEAD: &str = r#"{"LastName":"Packed","Company":"Acme"}"#;

fn head(org: &TestOrg, rest: &str) -> String {
    format!(
        "POST /services/data/v67.0/sobjects/Lead HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\n{rest}\r\n",
        org.running.port(),
        org.token
    )
}

#[tokio::test]
async fn packed_bodies_are_unpacked() {
    let org = TestOrg::new().await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(LEAD.as_bytes()).unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(LEAD.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    for (encoding, body) in [
        ("gzip", packed.clone()),
        ("GZIP", packed.clone()),
        ("x-gzip", packed),
        ("deflate", zlib.finish().unwrap()),
        ("identity", LEAD.as_bytes().to_vec()),
    ] {
        let request = org.data(Method::POST, "/sobjects/Lead");
        let request = request
            .header("Content-Encoding", encoding)
            .header("Content-Type", "application/json")
            .body(body);
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 201, "{encoding}: {body}");
    }
}

#[tokio::test]
async fn bodies_come_in_chunks_and_after_a_go_ahead() {
    let org = TestOrg::new().await;
    let (first, second) = LEAD.split_at(10);
    let chunks = format!(
        "{:x}\r\n{first}\r\n{:x};note=x\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    let request = head(&org, "Connection: close\r\nTransfer-Encoding: chunked\r\n") + &chunks;
    let answer = raw(org.running.port(), &request).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

    let waiting = format!(
        "Connection: close\r\nExpect: 100-continue\r\nContent-Length: {}\r\n",
        LEAD.len()
    );
    let mut stream = open(org.running.port()).await;
    stream
        .write_all(head(&org, &waiting).as_bytes())
        .await
        .unwrap();
    let mut go_ahead = [0; 25];
    stream.read_exact(&mut go_ahead).await.unwrap();
    assert_eq!(&go_ahead, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(LEAD.as_bytes()).await.unwrap();
    let answer = heard(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[tokio::test]
async fn heads_that_are_too_long_are_refused_by_what_is_too_long() {
    let org = TestOrg::new().await;
    let with_header = |bytes: usize| {
        org.data(Method::GET, "/limits")
            .header("X-Long", "x".repeat(bytes))
            .send()
    };
    let (status, body) = read(with_header(17_000).await.unwrap()).await;
    assert_eq!(
        (status, code(&body)),
        (431, "REQUEST_HEADER_FIELDS_TOO_LARGE")
    );
    assert_eq!(with_header(15_000).await.unwrap().status(), 200);

    let path = format!("/query?q={}", "x".repeat(16_400));
    let (status, body) = org.get(&path).await;
    assert_eq!((status, code(&body)), (414, "URI_TOO_LONG"));
    let path = format!("/query?q={}", "x".repeat(16_300));
    let (status, _) = org.get(&path).await;
    assert_eq!(status, 431, "the URI alone fits, but not with the headers");
    let body = json!({"batchRequests": [{"method": "GET", "url": format!("v67.0{path}")}]});
    let (_, body) = org.post("/composite/batch", body).await;
    assert_eq!(
        body["results"][0]["statusCode"], 400,
        "inside a body it may be longer"
    );
}
