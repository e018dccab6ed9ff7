//! Signing in with an assertion, and how it is refused.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use leadferry_practice_org::built_in;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, read};

const KEY: &str = include_str!("../../../commands/tests/files/keys/pkcs8.pem");
const CERTIFICATE: &str = include_str!("../../../commands/tests/files/keys/cert.pem");

const READER: &str = "reader@practice.example";

fn key() -> RsaKeyPair {
    let lines: String = KEY.lines().filter(|line| !line.starts_with('-')).collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(lines).unwrap()).unwrap()
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// The claims of an assertion that the org takes.
fn claims() -> Value {
    json!({
        "iss": built_in::CLIENT_ID,
        "sub": built_in::USERNAME,
        "aud": "https://login.salesforce.com",
        "exp": now() + 180,
    })
}

fn signed(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let pair = key();
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn present(org: &TestOrg, assertion: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion),
    ];
    let url = format!("{}/services/oauth2/token", org.running.url());
    read(org.client.post(url).form(&form).send().await.unwrap()).await
}

/// Changes the claims, presents them, and returns the error and what it says.
async fn refused(org: &TestOrg, change: Value) -> (String, String) {
    let mut claims = claims();
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let (status, body) = present(org, &signed(&json!({"alg": "RS256"}), &claims)).await;
    assert_eq!(status, 400, "{body}");
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("error"), text("error_description"))
}

async fn change_app(org: &TestOrg, change: Value) -> (u16, Value) {
    let path = format!("/apps/{}", built_in::CLIENT_ID);
    org.admin(Method::PATCH, &path, change).await
}

async fn org_that_trusts_the_key() -> TestOrg {
    let org = TestOrg::new().await;
    let change = json!({
        "certificate": CERTIFICATE,
        "admin_approved_only": true,
        "approved_users": [built_in::USERNAME],
    });
    assert_eq!(change_app(&org, change).await.0, 200);
    org
}

#[tokio::test]
async fn an_approved_user_signs_in_with_the_key_that_the_app_trusts() {
    let org = org_that_trusts_the_key().await;
    let (status, body) = present(&org, &signed(&json!({"alg": "RS256"}), &claims())).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["token_type"], "Bearer");
    assert!(body.get("refresh_token").is_none());
    let scope = body["scope"].as_str().unwrap();
    assert!(
        scope.contains("api") && !scope.contains("refresh_token"),
        "{scope}"
    );
    let mut claims = claims();
    claims["aud"] = json!(org.running.url());
    let own = present(&org, &signed(&json!({"alg": "RS256"}), &claims)).await;
    assert_eq!(own.0, 200, "its own address is an audience, too: {}", own.1);
}

#[tokio::test]
async fn whoever_an_assertion_or_a_password_names_acts() {
    let org = org_that_trusts_the_key().await;
    let approved = json!({"approved_users": [built_in::USERNAME, READER]});
    change_app(&org, approved).await;
    let mut claims = claims();
    claims["sub"] = json!(READER);
    let by_key = present(&org, &signed(&json!({"alg": "RS256"}), &claims)).await;
    let secrets = org.running.secrets();
    let form = [
        ("grant_type", "password"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", &secrets.client_secret),
        ("username", READER),
        ("password", &secrets.password),
    ];
    let endpoint = |name: &str| format!("{}/services/oauth2/{name}", org.running.url());
    let request = org.client.post(endpoint("token")).form(&form);
    let by_password = read(request.send().await.unwrap()).await;
    for (status, body) in [by_key, by_password] {
        assert_eq!(status, 200, "{body}");
        let token = body["access_token"].as_str().unwrap();
        let request = org.client.get(endpoint("userinfo")).bearer_auth(token);
        let (_, who) = read(request.send().await.unwrap()).await;
        assert_eq!(who["preferred_username"], READER, "{who}");
        assert!(
            body["id"]
                .as_str()
                .unwrap()
                .ends_with(who["user_id"].as_str().unwrap())
        );
    }
    change_app(&org, json!({"approved_users": [built_in::USERNAME]})).await;
    let change = json!({"sub": READER});
    assert_eq!(refused(&org, change).await.0, "invalid_app_access");
}

#[tokio::test]
async fn each_fault_of_an_assertion_has_its_own_error() {
    let org = org_that_trusts_the_key().await;
    for (change, error, words) in [
        (
            json!({"iss": "nobody"}),
            "invalid_client_id",
            "client identifier invalid",
        ),
        (
            json!({"aud": "https://test.salesforce.com"}),
            "invalid_grant",
            "audience is invalid",
        ),
        (
            json!({"exp": now() - 10}),
            "invalid_grant",
            "expired authorization code",
        ),
        (json!({"exp": "soon"}), "invalid_grant", "invalid assertion"),
        (
            json!({"sub": "stranger@example.com"}),
            "invalid_grant",
            "user hasn't approved this consumer",
        ),
    ] {
        let told = refused(&org, change.clone()).await;
        assert_eq!(
            (told.0.as_str(), told.1.as_str()),
            (error, words),
            "{change}"
        );
    }
    let good = signed(&json!({"alg": "RS256"}), &claims());
    let (text, _) = good.rsplit_once('.').unwrap();
    let none = signed(&json!({"alg": "none"}), &claims());
    for bad in [
        format!("{text}."),
        format!("{text}.AAAA"),
        none,
        "x".to_owned(),
        String::new(),
    ] {
        let (status, body) = present(&org, &bad).await;
        assert_eq!(
            (status, &body["error_description"]),
            (400, &json!("invalid assertion")),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn policies_decide_who_may_use_the_app() {
    let org = org_that_trusts_the_key().await;
    change_app(&org, json!({"approved_users": []})).await;
    assert_eq!(refused(&org, json!({})).await.0, "invalid_app_access");
    change_app(&org, json!({"admin_approved_only": false})).await;
    assert_eq!(
        refused(&org, json!({})).await.1,
        "user hasn't approved this consumer",
        "nobody has allowed the app in the browser yet"
    );
    change_app(&org, json!({"certificate": null})).await;
    assert_eq!(refused(&org, json!({})).await.1, "invalid assertion");
}

#[tokio::test]
async fn a_text_that_is_no_certificate_is_not_registered() {
    let org = TestOrg::new().await;
    for text in ["", "hello", KEY] {
        let (status, _) = change_app(&org, json!({"certificate": text})).await;
        assert_eq!(status, 400, "{text:.20}");
    }
    assert_eq!(
        org.admin(Method::PATCH, "/apps/nobody", json!({})).await.0,
        404
    );
}

#[tokio::test]
async fn passwords_can_be_blocked_and_may_need_a_token() {
    let org = TestOrg::new().await;
    let secrets = org.running.secrets().clone();
    let present = async |password: String| {
        let form = [
            ("grant_type", "password"),
            ("client_id", built_in::CLIENT_ID),
            ("client_secret", &secrets.client_secret),
            ("username", built_in::USERNAME),
            ("password", &password),
        ];
        let url = format!("{}/services/oauth2/token", org.running.url());
        read(org.client.post(url).form(&form).send().await.unwrap()).await
    };
    assert_eq!(present(secrets.password.clone()).await.0, 200);
    change_app(&org, json!({"security_token": "tok3n"})).await;
    assert_eq!(present(format!("{}tok3n", secrets.password)).await.0, 200);
    assert_eq!(
        present(secrets.password.clone()).await.1["error_description"],
        "authentication failure"
    );
    change_app(
        &org,
        json!({"password_flow": false, "security_token": null}),
    )
    .await;
    assert_eq!(
        present(secrets.password.clone()).await.1["error_description"],
        "authentication failure"
    );
    let switch = json!({"blocked_password_flow_is_unsupported": true});
    org.admin(Method::PUT, "/switches", switch).await;
    assert_eq!(
        present(secrets.password.clone()).await.1["error"],
        "unsupported_grant_type"
    );
}
