use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code};

async fn create(org: &TestOrg, last_name: &str) -> reqwest::Result<reqwest::Response> {
    org.data(Method::POST, "/sobjects/Lead")
        .json(&json!({"LastName": last_name, "Company": "B"}))
        .send()
        .await
}

async fn count(org: &TestOrg) -> usize {
    org.records("SELECT Id FROM Lead").await.len()
}

#[tokio::test]
async fn answers_that_are_not_the_orgs_own() {
    let org = TestOrg::new().await;
    let table = [
        ("expired_session", 401, "INVALID_SESSION_ID"),
        ("server_unavailable", 503, "SERVER_UNAVAILABLE"),
        ("concurrent_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("daily_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("request_too_long", 400, "REQUEST_RUNNING_TOO_LONG"),
    ];
    for (name, status, expected) in table {
        org.fault(json!({"name": name, "times": 1})).await;
        let (found, body) = org
            .post("/sobjects/Lead", json!({"LastName": "A", "Company": "B"}))
            .await;
        assert_eq!((found, code(&body)), (status, expected), "{name}");
    }
    assert_eq!(count(&org).await, 0, "none of them took effect");
    org.fault(json!({"name": "html_instead_of_json", "times": 1, "status": 200}))
        .await;
    let answer = create(&org, "A").await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["content-type"].to_str().unwrap()
        ),
        (200, "text/html;charset=UTF-8")
    );
}

#[tokio::test]
async fn a_dropped_connection_before_or_after_the_work() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "reset_before", "times": 1, "match": {"path": "/sobjects/Lead", "method": "POST"}})).await;
    assert!(create(&org, "A").await.is_err());
    assert_eq!(count(&org).await, 0);
    org.fault(json!({"name": "reset_after", "times": 1, "match": {"method": "POST"}}))
        .await;
    assert!(create(&org, "B").await.is_err());
    assert_eq!(count(&org).await, 1);
    org.fault(json!({"name": "applied_late", "times": 1, "ms": 300, "match": {"method": "POST"}}))
        .await;
    assert!(create(&org, "C").await.is_err());
    assert_eq!(count(&org).await, 1, "not yet");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(count(&org).await, 2, "now");
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "truncated_body", "times": 1, "match": {"method": "POST"}}))
        .await;
    let answer = create(&org, "A").await.unwrap();
    assert_eq!(answer.status(), 201, "the head is whole");
    assert!(answer.bytes().await.is_err(), "the body is not");
    org.fault(json!({"name": "truncated_body", "times": 1, "match": {"path": "/describe"}}))
        .await;
    let answer = org
        .data(Method::GET, "/sobjects/Lead/describe")
        .send()
        .await
        .unwrap();
    assert!(answer.bytes().await.is_err(), "nor a long one");
    assert_eq!(count(&org).await, 1);
}

#[tokio::test]
async fn slowness_latency_and_duration() {
    let org = TestOrg::new().await;
    for name in ["slow", "latency", "duration"] {
        org.fault(json!({"name": name, "times": 1, "ms": 300}))
            .await;
        let start = Instant::now();
        create(&org, "A").await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(300), "{name}");
    }
}

#[tokio::test]
async fn rows_are_locked_or_refused_as_asked() {
    let org = TestOrg::new().await;
    let rows = |n: usize| -> Value {
        let rows: Vec<Value> = (0..n).map(|n| json!({"attributes": {"type": "Lead"}, "LastName": format!("L{n}"), "Company": "B", "Email": format!("l{n}@example.com")})).collect();
        json!({"records": rows})
    };
    org.fault(json!({"name": "lock_rows", "times": 1, "fraction": 0.5}))
        .await;
    let (_, body) = org.post("/composite/sobjects", rows(4)).await;
    let good: Vec<bool> = body
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["success"].as_bool().unwrap())
        .collect();
    assert_eq!(good, [true, false, true, false]);
    assert_eq!(code(&json!([body[1]])), "UNABLE_TO_LOCK_ROW");
    org.fault(json!({"name": "row_error", "times": 1, "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "No.", "fields": ["Phone"], "values": ["L1@example.com"]})).await;
    let (_, body) = org.post("/composite/sobjects", rows(3)).await;
    assert_eq!(
        body[1]["errors"][0],
        json!({"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "No.", "fields": ["Phone"]})
    );
    assert_eq!(
        (&body[0]["success"], &body[2]["success"]),
        (&json!(true), &json!(true))
    );
    let before = count(&org).await;
    org.fault(json!({"name": "refuse_request", "values": ["l2@example.com"]}))
        .await;
    let (status, body) = org.post("/composite/sobjects", rows(3)).await;
    assert_eq!((status, code(&body)), (400, "JSON_PARSER_ERROR"));
    assert_eq!(
        count(&org).await,
        before,
        "nothing of the request was written"
    );
    assert_eq!(
        org.post("/composite/sobjects", rows(2)).await.0,
        200,
        "without that row it passes"
    );
    org.admin(Method::DELETE, "/faults", json!({})).await;
    org.fault(json!({"name": "storage_full", "times": 1})).await;
    let (_, body) = org.post("/composite/sobjects", rows(2)).await;
    assert_eq!(
        (code(&json!([body[0]])), code(&json!([body[1]]))),
        ("STORAGE_LIMIT_EXCEEDED", "STORAGE_LIMIT_EXCEEDED")
    );
}

#[tokio::test]
async fn a_field_hidden_or_gone() {
    let org = TestOrg::new().await;
    for name in ["field_hidden", "field_gone"] {
        org.fault(json!({"name": name, "object": "Lead", "field": "Phone"}))
            .await;
        let (_, body) = org
            .post(
                "/sobjects/Lead",
                json!({"LastName": "A", "Company": "B", "Phone": "1"}),
            )
            .await;
        assert_eq!(
            (code(&body), body[0]["message"].as_str()),
            (
                "INVALID_FIELD",
                Some("No such column 'Phone' on sobject of type Lead")
            ),
            "{name}"
        );
        let (_, describe) = org.get("/sobjects/Lead/describe").await;
        assert!(
            !describe["fields"]
                .as_array()
                .unwrap()
                .iter()
                .any(|f| f["name"] == "Phone")
        );
        let definition = "SELECT Id FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Lead' AND QualifiedApiName IN ('Phone', 'Fax')";
        let left = if name == "field_gone" { 1 } else { 2 };
        assert_eq!(org.records(definition).await.len(), left, "{name}");
        org.admin(Method::DELETE, &format!("/faults?name={name}"), json!({}))
            .await;
    }
    assert_eq!(
        org.post(
            "/sobjects/Lead",
            json!({"LastName": "A", "Company": "B", "Phone": "1"})
        )
        .await
        .0,
        201
    );
}

#[tokio::test]
async fn faults_are_listed_with_their_counts() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "server_unavailable", "percent": 50, "match": {"path": "/limits"}}))
        .await;
    let statuses = [
        org.get("/limits").await.0,
        org.get("/limits").await.0,
        org.get("/").await.0,
    ];
    assert_eq!(statuses, [200, 503, 200]);
    let (_, list) = org.admin(Method::GET, "/faults", json!({})).await;
    assert_eq!(
        (&list["faults"][0]["seen"], &list["faults"][0]["fired"]),
        (&json!(2), &json!(1))
    );
    assert!(list["names"]["applied_late"].is_string());
    assert_eq!(
        org.admin(Method::POST, "/faults", json!({"name": "nonsense"}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_gateway_refuses_large_writes_in_a_page_of_its_own_or_drops_them() {
    let org = TestOrg::new().await;
    let rows = |count: usize| {
        let row = json!({"attributes": {"type": "Lead"}, "LastName": "A", "Company": "B"});
        json!({"records": vec![row; count]})
    };
    org.fault(json!({"name": "gateway_limit", "rows": 2})).await;
    let send = |count: usize| {
        let request = org.data(Method::POST, "/composite/sobjects");
        request.json(&rows(count)).send()
    };
    assert_eq!(send(2).await.unwrap().status(), 200);
    let refused = send(3).await.unwrap();
    assert_eq!(refused.status(), 413);
    assert!(refused.text().await.unwrap().starts_with("<html>"));
    org.admin(Method::DELETE, "/faults", Value::Null).await;
    org.fault(json!({"name": "gateway_limit", "rows": 2, "cut": true}))
        .await;
    assert!(send(3).await.is_err(), "cut off");
    assert_eq!(send(2).await.unwrap().status(), 200);
    assert_eq!(count(&org).await, 4, "nothing of what was refused");
}

#[tokio::test]
async fn an_encrypted_field_is_described_as_one_that_cannot_be_filtered_by() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "field_encrypted", "object": "Lead", "field": "Email"}))
        .await;
    let (status, body) = org
        .get("/query?q=SELECT+Id+FROM+Lead+WHERE+Email+=+'a@b.example'")
        .await;
    assert_eq!((status, code(&body)), (400, "INVALID_FIELD"));
    let message = body[0]["message"].as_str().unwrap();
    assert!(message.contains("'Email' can not be filtered"), "{message}");
    let (_, described) = org.get("/sobjects/Lead/describe").await;
    let fields = described["fields"].as_array().unwrap();
    let email = fields
        .iter()
        .find(|field| field["name"] == "Email")
        .unwrap();
    assert_eq!(email["filterable"], false);
}

#[tokio::test]
async fn what_a_fault_does_not_know_is_refused_and_where_it_applies_can_be_said_plainly() {
    let org = TestOrg::new().await;
    for wrong in [
        json!({"name": "reset_after", "tmes": 1}),
        json!({"name": "reset_after", "times": 0}),
        json!({"name": "reset_after", "times": "once"}),
        json!({"name": "reset_after", "match": {"pth": "x"}}),
        json!({"name": "slow", "status": 200}),
        json!({"name": "slow", "ms": "long"}),
        json!({"name": "duplicate_rule", "action": "stop"}),
        json!({"name": "lock_rows", "fraction": 2}),
        json!({"name": "slow", "percent": -1}),
    ] {
        let (status, body) = org.admin(Method::POST, "/faults", wrong.clone()).await;
        assert_eq!((status, code(&body)), (400, "INVALID_FAULT"), "{wrong}");
    }
    org.fault(
        json!({"name": "server_unavailable", "times": 1, "path": "/limits", "method": "get"}),
    )
    .await;
    assert_eq!(org.get("/sobjects").await.0, 200, "another path");
    assert_eq!(org.get("/limits").await.0, 503);
    org.fault(json!({"name": "row_error", "values": "Locked", "fields": "LastName"}))
        .await;
    let (status, body) = org
        .post(
            "/sobjects/Lead",
            json!({"LastName": "Locked", "Company": "B"}),
        )
        .await;
    assert_eq!(
        (status, &body[0]["fields"]),
        (400, &json!(["LastName"])),
        "{body}"
    );
}
