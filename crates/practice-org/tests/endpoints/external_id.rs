use serde_json::{Value, json};

use crate::support::{TestOrg, code};

#[tokio::test]
async fn an_upsert_creates_then_updates() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let path = "/sobjects/Lead/Key__c/abc";
    let (status, first) = org
        .patch(path, json!({"LastName": "A", "Company": "B"}))
        .await;
    assert_eq!((status, &first["created"]), (201, &json!(true)));
    let (status, second) = org
        .patch("/sobjects/Lead/Key__c/ABC", json!({"City": "Bonn"}))
        .await;
    assert_eq!(
        (status, &second["created"], &second["id"]),
        (200, &json!(false), &first["id"]),
        "case does not matter"
    );
    assert_eq!(org.get(path).await.1["City"], "Bonn");
    assert_eq!(org.delete(path).await.0, 204);
    assert_eq!(org.get(path).await.0, 404);
}

#[tokio::test]
async fn a_key_that_several_hold_is_answered_with_their_paths() {
    let org = TestOrg::new().await;
    let one = org.lead("One", "same@example.com").await;
    let two = org.lead("Two", "same@example.com").await;
    let (status, body) = org
        .patch(
            "/sobjects/Lead/Email/same@example.com",
            json!({"City": "X"}),
        )
        .await;
    let path = |id: &str| format!("/services/data/v67.0/sobjects/Lead/{id}");
    assert_eq!((status, body), (300, json!([path(&one), path(&two)])));
    assert_eq!(
        org.get(&format!("/sobjects/Lead/{one}")).await.1["City"],
        Value::Null,
        "nothing changed"
    );
}

#[tokio::test]
async fn a_field_that_is_no_key_is_not_found() {
    let org = TestOrg::new().await;
    for field in ["City", "Nothing__c"] {
        let (status, body) = org
            .patch(&format!("/sobjects/Lead/{field}/x"), json!({}))
            .await;
        assert_eq!((status, code(&body)), (404, "NOT_FOUND"));
        assert!(
            body[0]["message"]
                .as_str()
                .unwrap()
                .starts_with("Provided external ID field does not exist")
        );
    }
    let (status, _) = org.get("/sobjects/Lead/Email/someone@example.inc").await;
    assert_eq!(status, 404, "taken for a file");
}

#[tokio::test]
async fn the_key_does_not_stand_in_the_body_unless_the_switch_says_so() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let record = json!({"LastName": "A", "Company": "B", "Key__c": "k"});
    let (status, body) = org.patch("/sobjects/Lead/Key__c/k", record.clone()).await;
    assert_eq!((status, code(&body)), (400, "INVALID_FIELD"));
    org.switch("key_allowed_in_upsert_body", json!(true)).await;
    assert_eq!(org.patch("/sobjects/Lead/Key__c/k", record).await.0, 201);
}

#[tokio::test]
async fn update_only_creates_nothing() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let path = "/sobjects/Lead/Key__c/k?updateOnly=true";
    assert_eq!(
        org.patch(path, json!({"LastName": "A", "Company": "B"}))
            .await
            .0,
        404
    );
    org.switch("update_only_missing_status", json!(400)).await;
    assert_eq!(
        org.patch(path, json!({"LastName": "A", "Company": "B"}))
            .await
            .0,
        400
    );
    assert!(org.records("SELECT Id FROM Lead").await.is_empty());
}

#[tokio::test]
async fn a_deleted_record_matches_only_where_the_switch_says_so() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let path = "/sobjects/Lead/Key__c/k";
    org.patch(path, json!({"LastName": "A", "Company": "B"}))
        .await;
    org.delete(path).await;
    org.switch("deleted_record_still_matches_identifier", json!(true))
        .await;
    let (_, body) = org
        .patch(path, json!({"LastName": "A", "Company": "B"}))
        .await;
    assert_eq!(code(&body), "ENTITY_IS_DELETED");
    org.switch("deleted_record_still_matches_identifier", json!(false))
        .await;
    assert_eq!(
        org.patch(path, json!({"LastName": "A", "Company": "B"}))
            .await
            .0,
        201
    );
}

#[tokio::test]
async fn keys_fold_the_case_of_every_script() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let record = json!({"LastName": "A", "Company": "B"});
    assert_eq!(
        org.patch("/sobjects/Lead/Key__c/Zo%C3%AB", record.clone())
            .await
            .0,
        201
    );
    assert_eq!(
        org.patch("/sobjects/Lead/Key__c/ZO%C3%8B", record).await.0,
        200
    );
    let found = org
        .records("SELECT Id FROM Lead WHERE Key__c IN ('x', 'zOË')")
        .await;
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn the_id_itself_may_be_named_as_key_in_any_form() {
    let org = TestOrg::new().await;
    let id = org.lead("A", "a@example.com").await;
    for path in [
        format!("/sobjects/Lead/Id/{id}"),
        format!("/sObjects/lead/id/{}", &id[..15]),
    ] {
        let (status, body) = org.get(&format!("{path}?fields=LastName")).await;
        assert_eq!((status, &body["LastName"]), (200, &json!("A")), "{path}");
    }
    let (status, body) = org.get("/sobjects/Lead/Id/003000000000001AAA").await;
    assert_eq!((status, code(&body)), (400, "MALFORMED_ID"));
    let path = format!("/sobjects/Lead/Id/{id}");
    assert_eq!(org.delete(&path).await.0, 204);
    assert_eq!(code(&org.get(&path).await.1), "ENTITY_IS_DELETED");
}
