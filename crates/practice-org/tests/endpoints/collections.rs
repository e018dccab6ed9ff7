use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code};

fn lead(key: &str, last_name: &str) -> Value {
    json!({"attributes": {"type": "Lead"}, "Key__c": key, "LastName": last_name, "Company": "Acme"})
}

async fn upsert(org: &TestOrg, rows: Vec<Value>) -> (u16, Value) {
    org.patch(
        "/composite/sobjects/Lead/Key__c",
        json!({"allOrNone": false, "records": rows}),
    )
    .await
}

#[tokio::test]
async fn rows_succeed_and_fail_one_by_one_in_order() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let rows = vec![
        lead("a", "A"),
        lead("b", &"x".repeat(99)),
        json!({"attributes": {"type": "Lead"}, "LastName": "C"}),
        lead("d", "D"),
    ];
    let (status, body) = upsert(&org, rows).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&body[0]["success"], &body[0]["created"], &body[0]["errors"]),
        (&json!(true), &json!(true), &json!([]))
    );
    assert_eq!(body[1]["errors"][0]["statusCode"], "STRING_TOO_LONG");
    assert_eq!(body[1].get("id"), None, "a refused row has no id");
    assert_eq!(
        body[2]["errors"][0],
        json!({"statusCode": "MISSING_ARGUMENT", "message": "Key__c not specified", "fields": ["Key__c"]})
    );
    assert_eq!(body[3]["success"], true);
    let (_, again) = upsert(&org, vec![lead("A", "A2")]).await;
    assert_eq!(
        (&again[0]["created"], &again[0]["id"]),
        (&json!(false), &body[0]["id"])
    );
}

#[tokio::test]
async fn the_same_key_twice_fails_every_copy() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let (_, body) = upsert(
        &org,
        vec![lead("k", "A"), lead("other", "B"), lead("K", "C")],
    )
    .await;
    for n in [0, 2] {
        assert_eq!(code(&json!([body[n]])), "DUPLICATE_VALUE");
        assert!(
            body[n]["errors"][0]["message"]
                .as_str()
                .unwrap()
                .starts_with("Duplicate external id specified: ")
        );
    }
    assert_eq!(body[1]["success"], true);
    org.switch("duplicate_external_id_status_code", json!("INVALID_FIELD"))
        .await;
    let (_, body) = upsert(&org, vec![lead("k", "A"), lead("k", "C")]).await;
    assert_eq!(code(&json!([body[0]])), "INVALID_FIELD");
}

#[tokio::test]
async fn all_or_none_undoes_the_good_rows() {
    let org = TestOrg::new().await;
    let rows = json!({"allOrNone": true, "records": [
        {"attributes": {"type": "Lead"}, "LastName": "A", "Company": "B"},
        {"attributes": {"type": "Lead"}, "LastName": "B"}]});
    let (status, body) = org.post("/composite/sobjects", rows).await;
    assert_eq!(
        (status, code(&json!([body[0]])), code(&json!([body[1]]))),
        (
            200,
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "REQUIRED_FIELD_MISSING"
        )
    );
    assert!(org.records("SELECT Id FROM Lead").await.is_empty());
}

#[tokio::test]
async fn updates_go_by_id_and_deletes_by_list() {
    let org = TestOrg::new().await;
    let (one, two) = (
        org.lead("One", "1@example.com").await,
        org.lead("Two", "2@example.com").await,
    );
    let rows = json!({"records": [
        {"attributes": {"type": "Lead"}, "id": one, "City": "Bonn"},
        {"attributes": {"type": "Lead"}, "City": "Nowhere"},
        {"attributes": {"type": "Lead"}, "id": "00Q000000000001EAA", "City": "Nowhere"}]});
    let (_, body) = org.patch("/composite/sobjects", rows).await;
    assert_eq!(body[0], json!({"id": one, "success": true, "errors": []}));
    assert_eq!(
        body[1]["errors"][0]["message"],
        "Id not specified in an update call"
    );
    assert_eq!(code(&json!([body[2]])), "INVALID_CROSS_REFERENCE_KEY");
    let (_, body) = org
        .delete(&format!(
            "/composite/sobjects?ids={one},{two},{one}&allOrNone=false"
        ))
        .await;
    assert_eq!(
        (
            &body[0]["success"],
            &body[1]["success"],
            code(&json!([body[2]]))
        ),
        (&json!(true), &json!(true), "ENTITY_IS_DELETED")
    );
}

#[tokio::test]
async fn limits_are_kept() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let (status, body) = upsert(&org, (0..201).map(|n| lead(&n.to_string(), "A")).collect()).await;
    assert_eq!((status, code(&body)), (400, "EXCEEDED_ID_LIMIT"));
    let mixed: Vec<Value> = (0..12).map(|n| json!({"attributes": {"type": if n % 2 == 0 {"Lead"} else {"Contact"}}, "LastName": "A", "Company": "B"})).collect();
    let (status, body) = org
        .post("/composite/sobjects", json!({"records": mixed}))
        .await;
    assert_eq!(
        (status, code(&body)),
        (400, "LIMIT_EXCEEDED"),
        "more than ten chunks"
    );
}

#[tokio::test]
async fn one_unreadable_value_refuses_the_whole_request() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let mut bad = lead("b", "B");
    bad["IsUnreadByOwner"] = json!("FALSE");
    let (status, body) = upsert(&org, vec![lead("a", "A"), bad]).await;
    assert_eq!((status, code(&body)), (400, "JSON_PARSER_ERROR"));
    assert!(
        org.records("SELECT Id FROM Lead").await.is_empty(),
        "the rows before it were not written"
    );
}

#[tokio::test]
async fn records_are_retrieved_in_order_with_null_for_the_missing() {
    let org = TestOrg::new().await;
    let one = org.lead("One", "1@example.com").await;
    let missing = "00Q000000000001EAA";
    let (status, body) = org
        .post(
            "/composite/sobjects/Lead",
            json!({"ids": [missing, one], "fields": ["LastName"]}),
        )
        .await;
    assert_eq!(
        (status, &body[0], &body[1]["LastName"]),
        (200, &Value::Null, &json!("One"))
    );
    let (_, by_get) = org
        .get(&format!(
            "/composite/sobjects/Lead?ids={missing},{one}&fields=LastName"
        ))
        .await;
    assert_eq!(by_get, body);
    let (status, body) = org
        .post(
            "/composite/sobjects/Lead",
            json!({"ids": [one], "fields": ["Nothing"]}),
        )
        .await;
    assert_eq!((status, code(&body)), (400, "INVALID_FIELD"));
}

#[tokio::test]
async fn an_id_as_key_inserts_where_it_is_null() {
    let org = TestOrg::new().await;
    let one = org.lead("One", "1@example.com").await;
    let rows = json!({"records": [
        {"attributes": {"type": "Lead"}, "Id": null, "LastName": "New", "Company": "B"},
        {"attributes": {"type": "Lead"}, "Id": one, "City": "Bonn"}]});
    let (_, body) = org.patch("/composite/sobjects/Lead/Id", rows).await;
    assert_eq!(
        (&body[0]["created"], &body[1]["created"]),
        (&json!(true), &json!(false)),
        "{body}"
    );
}

#[tokio::test]
async fn a_unique_value_of_another_record_names_its_holder() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let (_, made) = upsert(&org, vec![lead("a", "A")]).await;
    let other = org.lead("Other", "o@example.com").await;
    let rows = json!({"records": [{"attributes": {"type": "Lead"}, "id": other, "Key__c": "A"}]});
    let (_, body) = org.patch("/composite/sobjects", rows).await;
    let expected = format!(
        "duplicate value found: Key__c duplicates value on record with id: {}",
        made[0]["id"].as_str().unwrap()
    );
    assert_eq!(
        (
            code(&json!([body[0]])),
            body[0]["errors"][0]["message"].as_str()
        ),
        ("DUPLICATE_VALUE", Some(expected.as_str()))
    );
}

#[tokio::test]
async fn the_assignment_rule_runs_unless_it_is_told_not_to() {
    let org = TestOrg::new().await;
    org.switch("assignment_rule_sets_queue_owner", json!(true))
        .await;
    let quiet = org
        .data(Method::POST, "/sobjects/Lead")
        .header("Sforce-Auto-Assign", "FALSE");
    quiet
        .json(&json!({"LastName": "Quiet", "Company": "B"}))
        .send()
        .await
        .unwrap();
    org.lead("Loud", "l@example.com").await;
    let leads = org
        .records("SELECT LastName, Owner.Name, Owner.Type FROM Lead ORDER BY LastName")
        .await;
    assert_eq!(
        (&leads[0]["Owner"]["Name"], &leads[0]["Owner"]["Type"]),
        (&json!("New Leads"), &json!("Group"))
    );
    assert_eq!(
        (&leads[1]["Owner"]["Name"], &leads[1]["Owner"]["Type"]),
        (&json!("Practice Admin"), &json!("User"))
    );
    let (_, runs) = org.admin(Method::GET, "/assignments", json!({})).await;
    assert_eq!(runs.as_array().unwrap().len(), 1);
}
