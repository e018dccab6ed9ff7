//! What web pages, and others on this machine, can't do.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::support::{TestOrg, raw};

const ROWS: &str = "/services/data/v67.0/sobjects/Lead";

/// Sends a request with a sound token and these headers instead of the usual ones.
async fn sent(org: &TestOrg, start: &str, headers: &str) -> String {
    let request = format!(
        "{start} HTTP/1.1\r\nAuthorization: Bearer {}\r\nConnection: close\r\n{headers}\r\n",
        org.token
    );
    raw(org.running.port(), &request).await
}

fn status(answer: &str) -> u16 {
    let code = answer.split(' ').nth(1).unwrap_or_default();
    code.parse()
        .unwrap_or_else(|_| panic!("no answer: {answer:?}"))
}

#[tokio::test]
async fn a_page_that_lets_its_name_resolve_to_this_machine_is_told_nothing() {
    let org = TestOrg::new().await;
    let port = org.running.port();
    for host in ["localhost", "127.0.0.1", "[::1]", "LocalHost"] {
        let answer = sent(
            &org,
            "GET /services/data/v67.0/limits",
            &format!("Host: {host}:{port}\r\n"),
        )
        .await;
        assert_eq!(status(&answer), 200, "{host}");
    }
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        "localhost".to_owned(),
        format!("localhost:{}", port - 1),
        format!("127.0.0.2:{port}"),
    ] {
        for target in [
            "/",
            "/services/data/",
            "/services/data/v67.0/limits",
            "/practice-org/admin/apps",
        ] {
            let answer = sent(&org, &format!("GET {target}"), &format!("Host: {host}\r\n")).await;
            assert_eq!(status(&answer), 421, "{host} {target}");
        }
    }
}

#[tokio::test]
async fn requests_without_one_host_or_with_a_whole_address_are_refused() {
    let org = TestOrg::new().await;
    let port = org.running.port();
    let ours = format!("Host: 127.0.0.1:{port}\r\n");
    let target = format!("GET http://127.0.0.1:{port}/services/data/");
    for (start, headers) in [
        ("GET /services/data/", String::new()),
        ("GET /services/data/", ours.repeat(2)),
        (target.as_str(), ours.clone()),
        ("GET http://evil.example/", ours.clone()),
        ("CONNECT evil.example:443", ours.clone()),
    ] {
        assert_eq!(
            status(&sent(&org, start, &headers).await),
            400,
            "{start} {headers}"
        );
    }
    let old = raw(port, "GET /services/data/ HTTP/1.0\r\n\r\n").await;
    assert_eq!(
        status(&old),
        400,
        "nor in the old version, which needs no Host"
    );
}

#[tokio::test]
async fn web_pages_of_other_origins_cant_use_the_org_even_with_a_token() {
    let org = TestOrg::new().await;
    let lead = json!({"LastName": "Page", "Company": "Evil"});
    let from = async |name: &str, value: &str| {
        let request = org.data(Method::POST, "/sobjects/Lead").header(name, value);
        request.json(&lead).send().await.unwrap().status().as_u16()
    };
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost:3000",
        "file://",
    ] {
        assert_eq!(from("Origin", origin).await, 403, "{origin}");
    }
    assert_eq!(from("Sec-Fetch-Site", "cross-site").await, 403);
    assert_eq!(from("Sec-Fetch-Site", "same-site").await, 403);
    assert!(org.records("SELECT Id FROM Lead").await.is_empty());
    assert_eq!(
        from("Origin", &org.running.url()).await,
        201,
        "our own pages may"
    );
    let admin = format!("{}/practice-org/admin/apps", org.running.url());
    let request = org
        .client
        .get(admin)
        .header("X-Admin-Key", org.running.admin_key());
    let answer = request
        .header("Origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403, "nor with the admin key");
}

#[tokio::test]
async fn no_answer_grants_another_origin_anything() {
    let org = TestOrg::new().await;
    let grants = |headers: &HeaderMap| {
        headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control"))
    };
    for path in [
        "/",
        ROWS,
        "/services/oauth2/token",
        "/practice-org/admin/apps",
    ] {
        let url = format!("{}{path}", org.running.url());
        let ask = org.client.request(Method::OPTIONS, &url);
        let ask = ask
            .header("Origin", "https://evil.example")
            .header("Access-Control-Request-Method", "POST");
        let answer = ask.send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
        assert!(!grants(answer.headers()), "{path}");
        let answer = org
            .client
            .get(&url)
            .bearer_auth(&org.token)
            .send()
            .await
            .unwrap();
        assert!(!grants(answer.headers()), "{path}");
        assert_eq!(
            answer.headers()["cross-origin-resource-policy"],
            "same-origin"
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn two_ways_of_saying_where_a_body_ends_smuggle_nothing_in() {
    let org = TestOrg::new().await;
    let host = format!("Host: 127.0.0.1:{}\r\n", org.running.port());
    let inner = format!("DELETE /smuggled HTTP/1.1\r\n{host}\r\n");
    for lengths in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5 \r\nTransfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
    ] {
        let request = format!("POST {ROWS} HTTP/1.1\r\n{host}{lengths}\r\n0\r\n\r\n{inner}",);
        let answer = raw(org.running.port(), &request).await;
        assert_eq!(
            answer.matches("HTTP/1.1 4").count(),
            1,
            "{lengths}: {answer}"
        );
    }
    let log = org.admin(Method::GET, "/requests", json!({})).await.1;
    assert!(!log.to_string().contains("smuggled"), "{log}");
}

#[tokio::test]
async fn odd_paths_and_huge_ids_are_not_found_and_break_nothing() {
    let org = TestOrg::new().await;
    let long = "9".repeat(15_000);
    for path in [
        "/sobjects/../../../../etc/passwd".to_owned(),
        "/sobjects/%2e%2e%2f%2e%2e%2fetc%2fpasswd".to_owned(),
        "/sobjects/Lead/..%2f..%2fetc%2fpasswd".to_owned(),
        "/sobjects/Lead/%00".to_owned(),
        "/sobjects/Lead/%0d%0aSet-Cookie:%20a=b".to_owned(),
        "/sobjects/Lead'%20OR%201=1--/describe".to_owned(),
        "/sobjects/\"o_User\"".to_owned(),
        "/query/%ff%fe".to_owned(),
        format!("/sobjects/Lead/{long}"),
        format!("/query/{long}-2000"),
        format!("/sobjects/Lead/Id/{long}"),
    ] {
        let host = format!("Host: localhost:{}\r\n", org.running.port());
        let answer = sent(&org, &format!("GET /services/data/v67.0{path}"), &host).await;
        let shown: String = path.chars().take(60).collect();
        assert!((400..500).contains(&status(&answer)), "{shown}: {answer}");
        let head = answer.split("\r\n\r\n").next().unwrap();
        assert!(!head.to_ascii_lowercase().contains("set-cookie"), "{shown}");
    }
    assert_eq!(org.get("/limits").await.0, 200, "it still answers");
}

#[tokio::test]
async fn a_question_for_the_head_alone_gets_no_body() {
    let org = TestOrg::new().await;
    let host = format!("Host: localhost:{}\r\n", org.running.port());
    let answer = sent(&org, "HEAD /services/data/v67.0/limits", &host).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}
