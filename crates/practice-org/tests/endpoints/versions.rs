use reqwest::Method;

use crate::support::{TestOrg, code, read};

#[tokio::test]
async fn versions_need_no_session_and_cost_no_call() {
    let org = TestOrg::new().await;
    let answer = org
        .client
        .get(format!("{}/services/data/", org.running.url()))
        .send()
        .await
        .unwrap();
    assert!(answer.headers().get("sforce-limit-info").is_none());
    let (_, body) = read(answer).await;
    let newest = body.as_array().unwrap().last().unwrap();
    assert_eq!(newest["version"], "67.0");
    assert_eq!(newest["url"], "/services/data/v67.0");
}

#[tokio::test]
async fn a_version_lists_its_resources() {
    let org = TestOrg::new().await;
    let (status, body) = org.get("/").await;
    assert_eq!(
        (status, body["query"].as_str()),
        (200, Some("/services/data/v67.0/query"))
    );
    let old = org
        .client
        .request(
            Method::GET,
            format!("{}/services/data/v25.0/limits", org.running.url()),
        )
        .bearer_auth(&org.token);
    assert_eq!(
        read(old.send().await.unwrap()).await.0,
        410,
        "retired versions are gone"
    );
}

#[tokio::test]
async fn without_a_session_nothing_is_answered() {
    let org = TestOrg::new().await;
    for token in ["", "00Dxx!wrong"] {
        let request = org
            .client
            .get(format!(
                "{}/services/data/v67.0/sobjects",
                org.running.url()
            ))
            .bearer_auth(token);
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!((status, code(&body)), (401, "INVALID_SESSION_ID"));
        assert_eq!(body[0]["message"], "Session expired or invalid");
    }
}
