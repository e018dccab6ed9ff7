use leadferry_practice_org::built_in;

use crate::support::TestOrg;

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><se:Envelope xmlns:se=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <se:Header>{header}</se:Header><se:Body>{body}</se:Body></se:Envelope>"
    )
}

fn login(username: &str, password: &str) -> String {
    let body = format!(
        "<login xmlns=\"urn:partner.soap.sforce.com\"><username>{username}</username><password>{password}</password></login>"
    );
    envelope("", &body)
}

async fn call(org: &TestOrg, version: &str, body: String) -> (u16, String) {
    let address = format!("{}/services/Soap/u/{version}", org.running.url());
    let request = org.client.post(address).header("Content-Type", "text/xml");
    let answer = request
        .header("SOAPAction", "\"\"")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let (_, rest) = text.split_once(open).expect(text);
    rest.split_once(close).expect(text).0
}

#[tokio::test]
async fn an_old_client_signs_in_and_out() {
    let org = TestOrg::new().await;
    let password = org.running.secrets().password.clone();
    let (status, text) = call(&org, "62.0", login(built_in::USERNAME, &password)).await;
    assert_eq!(status, 200, "{text}");
    let session = between(&text, "<sessionId>", "</sessionId>").to_owned();
    let server = between(&text, "<serverUrl>", "</serverUrl>");
    assert!(server.starts_with(&org.running.url()), "{server}");
    let limits = || {
        let address = format!("{}/services/data/v62.0/limits", org.running.url());
        org.client.get(address).bearer_auth(&session).send()
    };
    assert_eq!(limits().await.unwrap().status(), 200);

    let header = format!("<SessionHeader><sessionId>{session}</sessionId></SessionHeader>");
    let (status, text) = call(&org, "62.0", envelope(&header, "<logout/>")).await;
    assert_eq!(
        (status, text.contains("<logoutResponse/>")),
        (200, true),
        "{text}"
    );
    assert_eq!(limits().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_wrong_password_and_newer_versions_are_refused() {
    let org = TestOrg::new().await;
    let password = org.running.secrets().password.clone();
    let (status, text) = call(&org, "64.0", login(built_in::USERNAME, "wrong")).await;
    assert_eq!(
        (status, text.contains("sf:INVALID_LOGIN")),
        (500, true),
        "{text}"
    );
    let (status, text) = call(&org, "65.0", login(built_in::USERNAME, &password)).await;
    assert_eq!(
        (status, text.contains("sf:INVALID_OPERATION")),
        (500, true),
        "{text}"
    );
}
