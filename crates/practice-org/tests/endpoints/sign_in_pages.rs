//! The pages that a browser shows while someone signs in: they tell no secret and run nothing.

use leadferry_practice_org::built_in;
use reqwest::Response;
use serde_json::json;

use crate::support::TestOrg;

const CALLBACK: &str = "http://localhost:54321/oauth/callback";

async fn begin(org: &TestOrg, more: &[(&str, &str)]) -> Response {
    let url = format!("{}/services/oauth2/authorize", org.running.url());
    let mut query = more.to_vec();
    query.extend([
        ("response_type", "code"),
        ("client_id", built_in::CLIENT_ID),
        ("redirect_uri", CALLBACK),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
    ]);
    org.client.get(url).query(&query).send().await.unwrap()
}

#[tokio::test]
async fn the_sign_in_page_does_not_tell_the_password() {
    let org = TestOrg::new().await;
    let page = begin(&org, &[]).await.text().await.unwrap();
    let own = org.running.secrets();
    assert!(
        !page.contains(&own.password) && !page.contains(&own.client_secret),
        "{page}"
    );
    assert!(page.contains("<b>org.sqlite</b>"), "{page}");
}

#[tokio::test]
async fn the_sign_in_page_says_whose_org_it_is_and_the_command_for_that_one() {
    for (workspace, named, argument) in [
        ("people.leadferry", "people.leadferry", "people.leadferry"),
        (
            "Mary's <b> & co.leadferry",
            "Mary&#39;s &lt;b&gt; &amp; co.leadferry",
            "&#39;./Mary&#39;\\&#39;&#39;s &lt;b&gt; &amp; co.leadferry&#39;",
        ),
        ("-x", "-x", "&#39;./-x&#39;"),
    ] {
        let org = TestOrg::named(&format!("{workspace}.practice-org.sqlite")).await;
        let page = begin(&org, &[]).await.text().await.unwrap();
        assert!(page.contains(&format!("<b>{named}</b>")), "{page}");
        let command = format!("leadferry-cli --workspace {argument} practice-org show");
        assert!(page.contains(&command), "{page}");
    }
}

#[tokio::test]
async fn what_comes_in_an_address_is_shown_as_text_and_never_as_markup() {
    let org = TestOrg::new().await;
    let evil = "\"'><script>alert(1)</script>";
    let page = begin(&org, &[("state", evil)]).await.text().await.unwrap();
    assert!(!page.contains("<script"), "{page}");
    let app = json!({"client_id": evil, "client_secret": "s", "callback_urls": [CALLBACK], "pkce_required": false});
    org.admin(reqwest::Method::POST, "/apps", app).await;
    let page = begin(&org, &[("client_id", evil)])
        .await
        .text()
        .await
        .unwrap();
    assert!(!page.contains("<script"), "{page}");
    let url = format!(
        "{}/setup/secur/RemoteAccessErrorPage.apexp",
        org.running.url()
    );
    let query = [
        ("error", evil),
        ("error_description", "Call 555 and read us your password."),
    ];
    let page = org
        .client
        .get(url)
        .query(&query)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        !page.contains("<script") && !page.contains("555"),
        "only texts of its own: {page}"
    );
}

#[tokio::test]
async fn no_other_page_can_frame_the_sign_in() {
    let org = TestOrg::new().await;
    let answer = begin(&org, &[]).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-frame-options"), "DENY");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "same-origin");
}

#[tokio::test]
async fn a_callback_must_be_the_registered_one_to_the_letter() {
    let org = TestOrg::new().await;
    for callback in [
        "https://evil.example/oauth/callback",
        "http://localhost:54321/oauth/callback/",
        "http://localhost:54321/oauth/callback?next=//evil.example",
        "http://localhost:54321/oauth/callback#",
        "http://localhost:+80/oauth/callback",
        "http://localhost:80@evil.example/oauth/callback",
        "http://localhost.evil.example:80/oauth/callback",
        "//evil.example",
        "javascript:alert(1)",
    ] {
        let answer = begin(&org, &[("redirect_uri", callback)]).await;
        assert_eq!(answer.status(), 302, "{callback}");
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(
            to.starts_with("/setup/secur/RemoteAccessErrorPage.apexp?"),
            "{callback}: {to}"
        );
    }
}

#[tokio::test]
async fn a_state_with_line_breaks_adds_no_header() {
    let org = TestOrg::new().await;
    let state = "x\r\nSet-Cookie: a=b\r\n\r\n<script>";
    let answer = begin(&org, &[("response_type", "token"), ("state", state)]).await;
    assert_eq!(answer.status(), 302);
    assert!(!answer.headers().contains_key("set-cookie"));
    let to = reqwest::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(to.host_str(), Some("localhost"));
    let back = to
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1;
    assert_eq!(back, state, "the app gets back what it sent");
}
