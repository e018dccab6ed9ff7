//! What becomes of bad answers and bad connections.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use leadferry_salesforce::{
    ApiVersion, Client, ClientOptions, Error, ErrorCode, Result, RetryPolicy, Session, Sessions,
};
use secrecy::SecretString;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::ResponseTemplate;

use crate::org::*;

/// Sessions for a host that is no org.
struct At(String);

#[async_trait]
impl Sessions for At {
    async fn current(&self) -> Result<Session> {
        Ok(Session {
            scope: None,
            instance_url: self.0.parse().unwrap(),
            access_token: SecretString::from("t"),
            org_id: None,
            user_id: None,
        })
    }

    async fn renew(&self, _refused: &Session) -> Result<Session> {
        Err(Error::NotSignedIn)
    }
}

fn a_client_at(url: String) -> Client {
    let options = ClientOptions {
        api_version: Some(ApiVersion::MIN),
        timeout: Duration::from_secs(2),
        retry: RetryPolicy {
            attempts: 1,
            ..RetryPolicy::default()
        },
        ..ClientOptions::default()
    };
    Client::new(Arc::new(At(url)), options).unwrap()
}

/// Accepts connections, reads a little, writes these bytes and hangs up.
async fn a_rude_server(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    url
}

#[tokio::test]
async fn a_read_is_repeated_while_a_maintenance_page_answers() {
    let org = an_org().await;
    let html =
        ResponseTemplate::new(503).set_body_raw("<html>Down for maintenance</html>", "text/html");
    let page = ok(json!({"totalSize": 0, "done": true, "records": []}));
    org.answers_in_turn(vec![html.clone(), html, page]).await;
    assert!(
        org.client
            .query("SELECT Id FROM Lead")
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(org.requests().await.len(), 3);
}

#[tokio::test]
async fn a_read_is_given_up_after_the_attempts_of_the_policy() {
    let org = an_org().await;
    org.answers_in_turn(vec![refused(503, "SERVER_UNAVAILABLE", "busy")])
        .await;
    org.client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert_eq!(org.requests().await.len(), 5);
}

#[tokio::test]
async fn what_a_person_must_mend_is_not_repeated() {
    let org = an_org().await;
    org.answers_in_turn(vec![refused(400, "MALFORMED_QUERY", "unexpected token")])
        .await;
    org.client.query("SELEKT").await.unwrap_err();
    assert_eq!(org.requests().await.len(), 1);
}

#[tokio::test]
async fn a_session_is_renewed_once_and_no_more() {
    let org = an_org().await;
    org.answers_in_turn(vec![refused(
        401,
        "INVALID_SESSION_ID",
        "Session expired or invalid",
    )])
    .await;
    let error = org.client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert!(error.needs_sign_in());
    assert_eq!(org.tokens.renewals.load(Ordering::SeqCst), 1);
    assert_eq!(org.requests().await.len(), 2);
}

#[tokio::test]
async fn a_session_policy_is_not_answered_with_a_renewal() {
    let org = an_org().await;
    let text = "This session is not valid for use with the REST API";
    org.answers_in_turn(vec![refused(401, "INVALID_SESSION_ID", text)])
        .await;
    let error = org.client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert!(error.stops_run() && !error.needs_sign_in());
    assert_eq!(org.tokens.renewals.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn identity_answers_about_a_bad_token_lead_to_a_renewal() {
    let org = an_org().await;
    org.answers_in_turn(vec![
        ResponseTemplate::new(403).set_body_string("Bad_OAuth_Token"),
    ])
    .await;
    let error = org.client.user_info().await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::BadOauthToken));
    assert_eq!(org.tokens.renewals.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn wrong_and_hostile_json_is_unreadable() {
    let deep = "[".repeat(100_000);
    let bodies = [
        "",
        "null",
        "7",
        "{}",
        "[]",
        r#"{"done":false,"records":[]}"#,
        r#"{"done":true,"records":[1]}"#,
        &deep,
    ];
    for text in bodies {
        let org = an_org_with(|options| options.retry.attempts = 1).await;
        org.answers_in_turn(vec![ResponseTemplate::new(200).set_body_string(text)])
            .await;
        let error = org.client.query("SELECT Id FROM Lead").await.unwrap_err();
        assert!(
            matches!(error, Error::Unreadable { status: 200, .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_excerpt_of_an_unreadable_answer_shows_no_token() {
    let org = an_org_with(|options| options.retry.attempts = 1).await;
    let text = "<p>token=00D5g00000ABCDE!AQEAQFAKE.fake_fake_fake</p>".repeat(20);
    org.answers_in_turn(vec![ResponseTemplate::new(502).set_body_string(text)])
        .await;
    let Error::Unreadable { excerpt, .. } =
        org.client.query("SELECT Id FROM Lead").await.unwrap_err()
    else {
        panic!("it was readable");
    };
    assert!(excerpt.chars().count() <= 200);
    assert!(!excerpt.contains("AQEAQ"), "{excerpt}");
}

#[tokio::test]
async fn a_refused_connection_leaves_no_doubt() {
    // Nothing listens on port 1.
    let client = a_client_at("http://127.0.0.1:1".to_owned());
    let error = client.create_row("Lead", &json!({})).await.unwrap_err();
    assert!(
        !error.may_have_been_applied() && error.retryable(),
        "{error}"
    );
}

#[tokio::test]
async fn a_failed_handshake_leaves_no_doubt() {
    let url = a_rude_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let client = a_client_at(url.replace("http:", "https:"));
    let error = client.create_row("Lead", &json!({})).await.unwrap_err();
    assert!(!error.may_have_been_applied(), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_doubt() {
    for bytes in [
        b"".as_slice(),
        b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"id\":",
    ] {
        let client = a_client_at(a_rude_server(bytes).await);
        let error = client.create_row("Lead", &json!({})).await.unwrap_err();
        assert!(error.may_have_been_applied(), "{error}");
    }
}

#[tokio::test]
async fn an_org_that_keeps_silent_times_out_in_doubt() {
    let org = an_org_with(|options| options.timeout = Duration::from_millis(200)).await;
    org.answers_in_turn(vec![ok(json!({})).set_delay(Duration::from_secs(5))])
        .await;
    let error = org.client.create_row("Lead", &json!({})).await.unwrap_err();
    assert!(error.may_have_been_applied(), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let org = an_org_with(|options| options.retry.attempts = 1).await;
    let away = ResponseTemplate::new(302).insert_header("Location", "http://127.0.0.1:1/");
    org.answers_in_turn(vec![away]).await;
    let error = org.client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert!(
        matches!(error, Error::Unreadable { status: 302, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_token_never_goes_to_plain_http_elsewhere() {
    let client = a_client_at("http://acme.my.salesforce.com".to_owned());
    let error = client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert!(matches!(error, Error::InsecureHost { .. }), "{error}");
    assert_eq!(client.traffic().calls, 0);
}

#[tokio::test]
async fn a_query_that_times_out_inside_a_composite_call_is_asked_once_more() {
    let org = an_org().await;
    let timeout = json!([{"errorCode": "QUERY_TIMEOUT", "message": "too slow"}]);
    org.answers_in_turn(vec![ok(json!({"compositeResponse": [
        {"body": timeout, "httpStatusCode": 400, "referenceId": "q0"},
        {"body": timeout, "httpStatusCode": 400, "referenceId": "q1"},
    ]}))])
    .await;
    let soqls = [
        "SELECT Id FROM Lead".to_owned(),
        "SELECT Id FROM Contact".to_owned(),
    ];
    let error = org.client.queries(&soqls, false).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::QueryTimeout));
    assert_eq!(org.requests().await.len(), 2);
}

#[tokio::test]
async fn a_limit_is_told_at_once_and_not_repeated() {
    let org = an_org().await;
    let text = "ConcurrentPerOrgLongTxn Limit exceeded.";
    org.answers_in_turn(vec![refused(403, "REQUEST_LIMIT_EXCEEDED", text)])
        .await;
    let error = org.client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert!(error.is_concurrent_limit() && !error.stops_run());
    assert_eq!(org.requests().await.len(), 1);
}
