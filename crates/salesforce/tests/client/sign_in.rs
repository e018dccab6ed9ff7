//! Every grant, against a pretended sign-in server.

use std::collections::HashMap;
use std::time::Duration;

use leadferry_salesforce::auth::{self, App, Listener, LoginHost};
use leadferry_salesforce::{Error, OAuthErrorCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN_PATH: &str = "/services/oauth2/token";

fn an_app(server: &MockServer, secret: Option<&str>) -> App {
    App {
        host: LoginHost::parse(&server.uri()).unwrap(),
        client_id: "3MVG9.key".into(),
        client_secret: secret.map(SecretString::from),
    }
}

fn tokens(server: &MockServer) -> Value {
    json!({
        "access_token": "00D000000000001!AQ", "instance_url": server.uri(), "token_type": "Bearer",
        "id": "https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA",
        "issued_at": "1719570000000", "signature": "x=", "scope": "api refresh_token",
    })
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

async fn with_tokens() -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(tokens(&server));
    Mock::given(method("POST"))
        .and(path(TOKEN_PATH))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

fn form(request: &Request) -> HashMap<String, String> {
    url::form_urlencoded::parse(&request.body)
        .into_owned()
        .collect()
}

async fn sent(server: &MockServer) -> HashMap<String, String> {
    form(&server.received_requests().await.unwrap()[0])
}

/// Visits an address as a browser would, and returns the page.
async fn visit(redirect: &str, query: &str) -> String {
    let url = url::Url::parse(redirect).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap()))
        .await
        .unwrap();
    let request = format!(
        "GET {}?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        url.path()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    page
}

#[tokio::test]
async fn the_browser_flow_ends_in_tokens_and_a_friendly_page() {
    let server = with_tokens().await;
    let app = an_app(&server, None);
    let listener = Listener::bind(&[0]).await.unwrap();
    let redirect = listener.redirect_uri();
    let sign_in = auth::begin(&app, &redirect, &["api", "refresh_token"]);
    let query: HashMap<String, String> = sign_in.url.query_pairs().into_owned().collect();
    assert_eq!(sign_in.url.path(), "/services/oauth2/authorize");
    assert_eq!(query["redirect_uri"], redirect);
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["scope"], "api refresh_token");

    let answer = format!("code=aPrx%3D%3D&state={}", query["state"]);
    let browser = tokio::spawn(async move { visit(&redirect, &answer).await });
    let answered = auth::wait(&sign_in, listener, Duration::from_secs(10))
        .await
        .unwrap();
    let tokens = auth::exchange(&app, sign_in, answered).await.unwrap();
    assert!(browser.await.unwrap().contains("You are signed in"));
    assert_eq!(tokens.session.org_id.unwrap().key_prefix(), "00D");
    assert_eq!(tokens.session.user_id.unwrap().key_prefix(), "005");
    assert_eq!(tokens.issued_at_ms, Some(1_719_570_000_000));
    assert_eq!(tokens.scope.as_deref(), Some("api refresh_token"));

    let form = sent(&server).await;
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "aPrx==", "decoded once");
    assert_eq!(form["redirect_uri"], query["redirect_uri"]);
    assert!(form["code_verifier"].len() >= 43);
    assert!(!form.contains_key("client_secret"));
}

#[tokio::test]
async fn a_refusal_in_the_browser_is_told_there_and_here() {
    let server = with_tokens().await;
    let app = an_app(&server, None);
    let listener = Listener::bind(&[0]).await.unwrap();
    let redirect = listener.redirect_uri();
    let sign_in = auth::begin(&app, &redirect, &[]);
    let (_, state) = sign_in
        .url
        .query_pairs()
        .find(|pair| pair.0 == "state")
        .unwrap();
    let answer = format!("error=access_denied&error_description=%3Cscript%3E&state={state}");
    let browser = tokio::spawn(async move { visit(&redirect, &answer).await });
    let answered = auth::wait(&sign_in, listener, Duration::from_secs(10))
        .await
        .unwrap();
    let error = auth::exchange(&app, sign_in, answered).await.unwrap_err();
    let page = browser.await.unwrap();
    assert!(page.contains("The sign-in failed") && !page.contains("script"));
    assert!(error.needs_sign_in());
    assert_eq!(error.cure(), "sign in again and choose Allow");
}

#[tokio::test]
async fn a_browser_that_does_not_come_back_times_out() {
    let server = with_tokens().await;
    let app = an_app(&server, None);
    let listener = Listener::bind(&[0]).await.unwrap();
    let sign_in = auth::begin(&app, &listener.redirect_uri(), &[]);
    let error = auth::wait(&sign_in, listener, Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::CallbackTimeout));
}

#[tokio::test]
async fn client_credentials_send_key_and_secret_in_the_body() {
    let server = with_tokens().await;
    let tokens = auth::client_credentials(&an_app(&server, Some("hush")))
        .await
        .unwrap();
    assert_eq!(
        tokens.session.access_token.expose_secret(),
        "00D000000000001!AQ"
    );
    let form = sent(&server).await;
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(
        (form["client_id"].as_str(), form["client_secret"].as_str()),
        ("3MVG9.key", "hush")
    );
}

#[tokio::test]
async fn the_password_grant_sends_name_and_password() {
    let server = with_tokens().await;
    let password = SecretString::from("pässword+TOKEN");
    auth::password(
        &an_app(&server, Some("hush")),
        "ada@acme.example",
        &password,
    )
    .await
    .unwrap();
    let form = sent(&server).await;
    assert_eq!(form["grant_type"], "password");
    assert_eq!(form["password"], "pässword+TOKEN");
}

#[tokio::test]
async fn a_refresh_returns_a_rotated_token_when_there_is_one() {
    let server = MockServer::start().await;
    let mut rotated = tokens(&server);
    rotated["refresh_token"] = json!("new");
    let plain = tokens(&server);
    Mock::given(method("POST"))
        .respond_with(move |request: &Request| {
            let answer = if form(request)["refresh_token"] == "rotates" {
                &rotated
            } else {
                &plain
            };
            ResponseTemplate::new(200).set_body_json(answer)
        })
        .mount(&server)
        .await;
    let app = an_app(&server, None);
    let first = auth::refresh(&app, &SecretString::from("rotates"))
        .await
        .unwrap();
    assert_eq!(first.refresh_token.unwrap().expose_secret(), "new");
    let second = auth::refresh(&app, &SecretString::from("stays"))
        .await
        .unwrap();
    assert!(second.refresh_token.is_none());
}

#[tokio::test]
async fn a_refused_grant_names_cause_and_cure() {
    let body =
        json!({"error": "invalid_grant", "error_description": "expired access/refresh token"});
    let server = answering(ResponseTemplate::new(400).set_body_json(body)).await;
    let error = auth::refresh(&an_app(&server, None), &SecretString::from("old"))
        .await
        .unwrap_err();
    assert!(error.needs_sign_in() && !error.retryable());
    assert_eq!(error.cause(), "the sign-in has expired or was revoked");
    assert_eq!(error.message(), Some("expired access/refresh token"));
}

#[tokio::test]
async fn a_maintenance_page_instead_of_tokens_is_transient() {
    for status in [200, 503] {
        let html =
            ResponseTemplate::new(status).set_body_raw("<html>Maintenance</html>", "text/html");
        let server = answering(html).await;
        let error = auth::client_credentials(&an_app(&server, Some("x")))
            .await
            .unwrap_err();
        assert!(error.retryable() && !error.needs_sign_in(), "{error}");
    }
}

#[tokio::test]
async fn tokens_that_lead_to_plain_http_are_refused() {
    let server = MockServer::start().await;
    let mut answer = tokens(&server);
    answer["instance_url"] = json!("http://evil.example");
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&server)
        .await;
    let error = auth::client_credentials(&an_app(&server, None))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::InsecureHost { .. }));
}

#[tokio::test]
async fn an_unreachable_host_is_no_refusal() {
    let app = App {
        host: LoginHost::parse("127.0.0.1:1").unwrap(),
        client_id: "x".into(),
        client_secret: None,
    };
    let error = auth::client_credentials(&app).await.unwrap_err();
    assert!(
        matches!(error, Error::Transport { reached: false, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn revoking_reads_errors_that_come_as_a_form() {
    let server = answering(ResponseTemplate::new(200)).await;
    let token = SecretString::from("5Aep+x");
    auth::revoke(&an_app(&server, None), &token).await.unwrap();
    assert_eq!(sent(&server).await["token"], "5Aep+x");

    let text = "error=unsupported_token_type&error_description=this+token+type+is+not+supported";
    let server = answering(ResponseTemplate::new(400).set_body_string(text)).await;
    let error = auth::revoke(&an_app(&server, None), &token)
        .await
        .unwrap_err();
    let Error::SignIn(error) = error else {
        panic!("not refused");
    };
    assert_eq!(error.code, OAuthErrorCode::UnsupportedTokenType);
}

#[tokio::test]
async fn odd_forms_of_minor_fields_do_not_stop_a_sign_in() {
    let server = MockServer::start().await;
    let mut answer = tokens(&server);
    answer["issued_at"] = json!(1_719_570_000_000_i64);
    answer["id"] = json!(null);
    answer["brand_new"] = json!({"x": []});
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&server)
        .await;
    let tokens = auth::client_credentials(&an_app(&server, None))
        .await
        .unwrap();
    assert_eq!(tokens.issued_at_ms, Some(1_719_570_000_000));
    assert_eq!(tokens.session.org_id, None);
}
