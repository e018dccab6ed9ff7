use serde_json::json;

use crate::support::{TestOrg, code};

#[tokio::test]
async fn later_requests_use_answers_of_earlier_ones() {
    let org = TestOrg::new().await;
    let body = json!({"compositeRequest": [
        {"method": "POST", "url": "/services/data/v67.0/sobjects/Account", "referenceId": "acc", "body": {"Name": "Acme"}},
        {"method": "POST", "url": "/services/data/v67.0/sobjects/Contact", "referenceId": "con", "body": {"LastName": "Roe", "AccountId": "@{acc.id}"}},
        {"method": "GET", "url": "/services/data/v67.0/query?q=SELECT Id, Account.Name FROM Contact WHERE Id = '@{con.id}'", "referenceId": "q"},
        {"method": "GET", "url": "/services/data/v67.0/sobjects/Account/@{q.records[0].Account.Name}", "referenceId": "bad"}]});
    let (status, answer) = org.post("/composite", body).await;
    let all = answer["compositeResponse"].as_array().unwrap();
    assert_eq!(
        (status, &all[0]["httpStatusCode"], &all[1]["httpStatusCode"]),
        (200, &json!(201), &json!(201)),
        "{answer}"
    );
    assert!(
        all[0]["httpHeaders"]["Location"]
            .as_str()
            .unwrap()
            .contains("/sobjects/Account/001")
    );
    assert_eq!(all[2]["body"]["records"][0]["Account"]["Name"], "Acme");
    assert_eq!(
        (&all[3]["httpStatusCode"], &all[3]["referenceId"]),
        (&json!(404), &json!("bad"))
    );
}

#[tokio::test]
async fn all_or_none_halts_the_others() {
    let org = TestOrg::new().await;
    let request = |reference: &str, body| json!({"method": "POST", "url": "/services/data/v67.0/sobjects/Account", "referenceId": reference, "body": body});
    let body = json!({"allOrNone": true, "compositeRequest": [request("a", json!({"Name": "A"})), request("b", json!({})), request("c", json!({"Name": "C"}))]});
    let (_, answer) = org.post("/composite", body).await;
    let all = answer["compositeResponse"].as_array().unwrap();
    assert_eq!(
        (
            code(&all[0]["body"]),
            code(&all[1]["body"]),
            code(&all[2]["body"])
        ),
        (
            "PROCESSING_HALTED",
            "REQUIRED_FIELD_MISSING",
            "PROCESSING_HALTED"
        )
    );
    assert!(org.records("SELECT Id FROM Account").await.is_empty());
}

#[tokio::test]
async fn a_composite_is_one_call_and_has_its_limits() {
    let org = TestOrg::new().await;
    let before = org
        .admin(reqwest::Method::GET, "/counters", json!({}))
        .await
        .1["api_calls"]
        .as_i64()
        .unwrap();
    let query = |n: usize| json!({"method": "GET", "url": "/services/data/v67.0/query?q=SELECT Id FROM Lead", "referenceId": format!("q{n}")});
    assert_eq!(
        org.post(
            "/composite",
            json!({"compositeRequest": (0..5).map(query).collect::<Vec<_>>()})
        )
        .await
        .0,
        200
    );
    let after = org
        .admin(reqwest::Method::GET, "/counters", json!({}))
        .await
        .1["api_calls"]
        .as_i64()
        .unwrap();
    assert_eq!(after - before, 1);
    assert_eq!(
        org.post(
            "/composite",
            json!({"compositeRequest": (0..6).map(query).collect::<Vec<_>>()})
        )
        .await
        .0,
        400
    );
    assert_eq!(
        org.post(
            "/composite",
            json!({"compositeRequest": [query(1), query(1)]})
        )
        .await
        .0,
        400,
        "references are unique"
    );
}
