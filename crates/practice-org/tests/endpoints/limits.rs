use reqwest::Method;
use serde_json::json;

use crate::support::{TestOrg, code};

#[tokio::test]
async fn every_answer_says_how_many_calls_are_used() {
    let org = TestOrg::new().await;
    let answer = org.data(Method::GET, "/limits").send().await.unwrap();
    assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=1/100000");
    let (_, body) = org.get("/limits").await;
    assert_eq!(
        body["DailyApiRequests"],
        json!({"Max": 100_000, "Remaining": 99_998})
    );
    assert!(body["DataStorageMB"]["Remaining"].is_i64());
}

#[tokio::test]
async fn a_spent_day_is_refused_with_403() {
    let org = TestOrg::new().await;
    org.admin(Method::PUT, "/limits", json!({"daily_api_requests": 2}))
        .await;
    org.get("/limits").await;
    org.get("/limits").await;
    let (status, body) = org.get("/limits").await;
    assert_eq!((status, code(&body)), (403, "REQUEST_LIMIT_EXCEEDED"));
    assert_eq!(body[0]["message"], "TotalRequests Limit exceeded.");
    org.admin(Method::PUT, "/limits", json!({"api_requests_used": 0}))
        .await;
    assert_eq!(org.get("/limits").await.0, 200, "a new day");
}

#[tokio::test]
async fn a_full_org_takes_no_more_records() {
    let org = TestOrg::new().await;
    org.admin(Method::PUT, "/limits", json!({"data_storage_mb": 0}))
        .await;
    let (status, body) = org
        .post("/sobjects/Lead", json!({"LastName": "A", "Company": "B"}))
        .await;
    assert_eq!((status, code(&body)), (400, "STORAGE_LIMIT_EXCEEDED"));
}

#[tokio::test]
async fn record_counts_leave_deleted_records_out() {
    let org = TestOrg::new().await;
    let id = org.lead("One", "one@example.com").await;
    org.lead("Two", "two@example.com").await;
    org.delete(&format!("/sobjects/Lead/{id}")).await;
    let (_, body) = org.get("/limits/recordCount?sObjects=Lead").await;
    assert_eq!(body, json!({"sObjects": [{"count": 1, "name": "Lead"}]}));
}

#[tokio::test]
async fn record_counts_leave_unknown_objects_out() {
    let org = TestOrg::new().await;
    let (status, body) = org.get("/limits/recordCount?sObjects=Nope__c,lead").await;
    assert_eq!(
        (status, body),
        (200, json!({"sObjects": [{"count": 0, "name": "Lead"}]}))
    );
    let (_, all) = org.get("/limits/recordCount").await;
    assert!(all["sObjects"].as_array().unwrap().len() > 5, "{all}");
}
