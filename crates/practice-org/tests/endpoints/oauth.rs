use leadferry_practice_org::built_in;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, read};

const CALLBACK: &str = "http://localhost:54321/oauth/callback";
/// A pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn token(org: &TestOrg, form: &[(&str, &str)]) -> (u16, Value) {
    read(
        org.client
            .post(format!("{}/services/oauth2/token", org.running.url()))
            .form(form)
            .send()
            .await
            .unwrap(),
    )
    .await
}

fn hidden(page: &str, name: &str) -> String {
    let start = page.split(&format!("name={name} value=\"")).nth(1).unwrap();
    start.split('"').next().unwrap().replace("&amp;", "&")
}

/// Goes through both pages as a browser does and returns where it is sent.
async fn browse(org: &TestOrg, client_id: &str, callback: &str, decision: &str) -> String {
    let url = format!("{}/services/oauth2/authorize", org.running.url());
    let query = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", callback),
        ("state", "a b&c"),
        ("code_challenge", CHALLENGE),
        ("scope", "api refresh_token"),
    ];
    let page = org
        .client
        .get(&url)
        .query(&query)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let login = [
        ("query", hidden(&page, "query")),
        ("username", built_in::USERNAME.to_owned()),
        ("password", org.running.secrets().password.clone()),
    ];
    let page = org
        .client
        .post(&url)
        .form(&login)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("Allow") && page.contains("Deny"), "{page}");
    let answer = org
        .client
        .post(&url)
        .form(&[
            ("ticket", hidden(&page, "ticket")),
            ("decision", decision.to_owned()),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn value(location: &str, name: &str) -> String {
    let url = reqwest::Url::parse(location).unwrap();
    url.query_pairs()
        .find(|(n, _)| n == name)
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}

async fn code_for(org: &TestOrg, client_id: &str) -> String {
    value(&browse(org, client_id, CALLBACK, "allow").await, "code")
}

#[tokio::test]
async fn a_person_signs_in_allows_and_the_app_gets_tokens() {
    let org = TestOrg::new().await;
    let location = browse(&org, built_in::CLIENT_ID, CALLBACK, "allow").await;
    assert!(
        location.starts_with(CALLBACK) && location.contains("%3D%3D"),
        "{location}"
    );
    assert_eq!(value(&location, "state"), "a b&c");
    let code = value(&location, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", built_in::CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let (status, body) = token(&org, &form).await;
    assert_eq!(
        (status, &body["token_type"], &body["scope"]),
        (200, &json!("Bearer"), &json!("api refresh_token")),
        "{body}"
    );
    assert_eq!(body["instance_url"], org.running.url());
    assert!(
        body["issued_at"].is_string()
            && body["id"].as_str().unwrap().contains("/id/00D")
            && body.get("expires_in").is_none()
    );
    let (status, again) = token(&org, &form).await;
    assert_eq!(
        (status, again),
        (
            400,
            json!({"error": "invalid_grant", "error_description": "expired authorization code"})
        )
    );

    let refresh = body["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", built_in::CLIENT_ID),
    ];
    let (status, fresh) = token(&org, &form).await;
    assert_eq!(
        (status, fresh.get("refresh_token")),
        (200, None),
        "without rotation the old one goes on"
    );
    let revoke = org
        .client
        .post(format!("{}/services/oauth2/revoke", org.running.url()))
        .form(&[("token", refresh)]);
    assert_eq!(revoke.send().await.unwrap().status(), 200);
    assert_eq!(
        token(&org, &form).await.1["error_description"],
        "expired access/refresh token"
    );
    let dead = fresh["access_token"].as_str().unwrap();
    let call = org
        .client
        .get(format!("{}/services/data/v67.0/limits", org.running.url()))
        .bearer_auth(dead)
        .send()
        .await
        .unwrap();
    assert_eq!(call.status(), 401, "its sessions end with it");
}

#[tokio::test]
async fn a_person_who_denies_is_told_of_to_the_app() {
    let org = TestOrg::new().await;
    let location = browse(&org, built_in::CLIENT_ID, CALLBACK, "deny").await;
    assert_eq!(
        (value(&location, "error"), value(&location, "state")),
        ("access_denied".into(), "a b&c".into())
    );
    org.switch("access_denied_spelling", json!("access-denied"))
        .await;
    assert_eq!(
        value(
            &browse(&org, built_in::CLIENT_ID, CALLBACK, "deny").await,
            "error"
        ),
        "access-denied"
    );
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again() {
    let org = TestOrg::new().await;
    let url = format!("{}/services/oauth2/authorize", org.running.url());
    let query = format!(
        "response_type=code&client_id={}&redirect_uri={CALLBACK}&code_challenge={CHALLENGE}",
        built_in::CLIENT_ID
    );
    let login = [
        ("query", query.as_str()),
        ("username", built_in::USERNAME),
        ("password", "<wrong>"),
    ];
    let page = org
        .client
        .post(&url)
        .form(&login)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("Please check your username and password") && page.contains("name=password")
    );
}

#[tokio::test]
async fn what_is_wrong_before_signing_in_is_shown_or_sent_back() {
    let org = TestOrg::new().await;
    let begin = async |query: &[(&str, &str)]| {
        let answer = org
            .client
            .get(format!("{}/services/oauth2/authorize", org.running.url()))
            .query(query)
            .send()
            .await
            .unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    let id = built_in::CLIENT_ID;
    assert!(
        begin(&[("response_type", "code"), ("client_id", "x")])
            .await
            .starts_with("/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_client_id")
    );
    let elsewhere = begin(&[
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", "https://evil.example/"),
    ])
    .await;
    assert!(
        elsewhere.contains("error=redirect_uri_mismatch") && elsewhere.starts_with("/setup/"),
        "never sent to an unknown address"
    );
    let bad = begin(&[
        ("response_type", "token"),
        ("client_id", id),
        ("redirect_uri", CALLBACK),
        ("code_challenge", CHALLENGE),
    ])
    .await;
    assert_eq!(value(&bad, "error"), "unsupported_response_type");
    let bad = begin(&[
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", CALLBACK),
    ])
    .await;
    assert_eq!(
        value(&bad, "error"),
        "invalid_request",
        "a public app needs a challenge"
    );
    let page = org
        .client
        .get(format!("{}{elsewhere}", org.running.url()))
        .send()
        .await
        .unwrap();
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("redirect_uri must match configuration")
    );
}

#[tokio::test]
async fn a_verifier_must_be_there_and_fit() {
    let org = TestOrg::new().await;
    for (verifier, error, description) in [
        ("", "invalid_grant", "code verifier missing"),
        ("wrong", "invalid_request", "invalid code verifier"),
    ] {
        let code = code_for(&org, built_in::CLIENT_ID).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("client_id", built_in::CLIENT_ID),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ];
        assert_eq!(
            token(&org, &form).await,
            (
                400,
                json!({"error": error, "error_description": description})
            )
        );
    }
}

#[tokio::test]
async fn an_app_may_insist_on_its_secret_and_rotate_refresh_tokens() {
    let org = TestOrg::new().await;
    let app = json!({"client_id": "strict", "client_secret": "s3cret", "callback_urls": [CALLBACK], "rotate_refresh_tokens": true});
    assert_eq!(org.admin(Method::POST, "/apps", app).await.0, 201);
    let code = code_for(&org, "strict").await;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", "strict"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(
        token(&org, &form).await.1,
        json!({"error": "invalid_client", "error_description": "invalid client credentials"})
    );
    form.push(("client_secret", "s3cret"));
    let (_, body) = token(&org, &form).await;
    let first = body["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first),
        ("client_id", "strict"),
        ("client_secret", "s3cret"),
    ];
    let (_, body) = token(&org, &form).await;
    let second = body["refresh_token"].as_str().unwrap();
    assert_ne!(first, second);
    assert_eq!(
        token(&org, &form).await.1["error"],
        "invalid_grant",
        "the replaced one is dead"
    );
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", second),
        ("client_id", "strict"),
        ("client_secret", "s3cret"),
    ];
    assert_eq!(token(&org, &form).await.0, 200);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "strict"),
        ("client_secret", "s3cret"),
    ];
    assert_eq!(
        token(&org, &form).await.1["error_description"],
        "no client credentials user enabled"
    );
}

#[tokio::test]
async fn a_young_app_is_not_known_yet() {
    let org = TestOrg::new().await;
    org.admin(Method::POST, "/apps", json!({"client_id": "young", "client_secret": "s", "client_credentials": true, "young_seconds": 600})).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "young"),
        ("client_secret", "s"),
    ];
    assert_eq!(
        token(&org, &form).await,
        (
            400,
            json!({"error": "invalid_client_id", "error_description": "client identifier invalid"})
        )
    );
}

#[tokio::test]
async fn passwords_and_unknown_grants() {
    let org = TestOrg::new().await;
    let mut form = vec![
        ("grant_type", "password"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", &org.running.secrets().client_secret),
        ("username", built_in::USERNAME),
        ("password", &org.running.secrets().password),
    ];
    let (status, body) = token(&org, &form).await;
    assert_eq!((status, body.get("refresh_token")), (200, None));
    form[4].1 = "wrong";
    assert_eq!(
        token(&org, &form).await.1["error_description"],
        "authentication failure"
    );
    form[0].1 = "urn:ietf:params:oauth:grant-type:token-exchange";
    assert_eq!(
        token(&org, &form).await.1["error"],
        "unsupported_grant_type"
    );
}

#[tokio::test]
async fn user_info_and_identity_name_the_user() {
    let org = TestOrg::new().await;
    let url = org.running.url();
    let get = async |path: &str, token: &str| {
        read(
            org.client
                .get(format!("{url}{path}"))
                .bearer_auth(token)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    let (status, info) = get("/services/oauth2/userinfo", &org.token).await;
    assert_eq!(
        (status, &info["preferred_username"]),
        (200, &json!(built_in::USERNAME))
    );
    let path = format!(
        "/id/{}/{}",
        info["organization_id"].as_str().unwrap(),
        info["user_id"].as_str().unwrap()
    );
    let (status, identity) = get(&path, &org.token).await;
    assert_eq!(
        (status, &identity["username"]),
        (200, &json!(built_in::USERNAME))
    );
    assert!(
        identity["urls"]["rest"]
            .as_str()
            .unwrap()
            .contains("{version}")
    );
    for path in ["/services/oauth2/userinfo", path.as_str()] {
        assert_eq!(
            get(path, "wrong").await,
            (403, Value::String("Bad_OAuth_Token".into()))
        );
    }
}

#[tokio::test]
async fn sessions_end_after_their_time() {
    let org = TestOrg::new().await;
    org.admin(Method::PUT, "/limits", json!({"session_seconds": 1}))
        .await;
    assert_eq!(org.get("/limits").await.0, 200);
    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;
    assert_eq!(org.get("/limits").await.0, 401);
}
