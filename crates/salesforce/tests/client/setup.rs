//! Custom fields and permissions.

use leadferry_salesforce::{Created, CustomField, CustomFieldKind, Id};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::org::*;

const SET: &str = "0PS000000000001";

fn an_identifier() -> CustomField {
    CustomField {
        object: "Lead".into(),
        name: "Person_ID__c".into(),
        label: "Person ID".into(),
        description: String::new(),
        kind: CustomFieldKind::Text {
            length: 32,
            external_id: true,
            unique: true,
            case_sensitive: false,
        },
    }
}

fn created() -> ResponseTemplate {
    ResponseTemplate::new(201).set_body_json(json!({"id": LEAD, "success": true, "errors": []}))
}

fn found(records: serde_json::Value) -> ResponseTemplate {
    let total = records.as_array().unwrap().len();
    ok(json!({"totalSize": total, "done": true, "records": records}))
}

#[tokio::test]
async fn a_field_is_made_once() {
    let org = an_org().await;
    org.answers_in_turn(vec![
        created(),
        refused(400, "DUPLICATE_DEVELOPER_NAME", "taken"),
        refused(
            400,
            "SOMETHING_ELSE",
            "There is already a field named Person_ID on Lead",
        ),
        refused(400, "INSUFFICIENT_ACCESS", "no"),
    ])
    .await;
    let field = an_identifier();
    let make = || org.client.create_custom_field(&field);
    assert_eq!(
        make().await.unwrap(),
        Created::New(Id::parse(LEAD).unwrap())
    );
    assert_eq!(make().await.unwrap(), Created::AlreadyThere);
    assert_eq!(make().await.unwrap(), Created::AlreadyThere);
    assert!(make().await.is_err());
}

#[tokio::test]
async fn an_existing_permission_set_is_used() {
    let org = an_org().await;
    org.answers_in_turn(vec![
        found(json!([{"Id": SET}])),
        found(json!([])),
        created(),
    ])
    .await;
    let id = org
        .client
        .ensure_permission_set("Ours", "Ours")
        .await
        .unwrap();
    assert_eq!(id, Id::parse(SET).unwrap());
    org.client
        .ensure_permission_set("Ours", "Ours")
        .await
        .unwrap();
    assert_eq!(
        body(&org.requests().await[2]),
        json!({"Name": "Ours", "Label": "Ours"})
    );
}

#[tokio::test]
async fn only_missing_permissions_are_granted() {
    let org = an_org().await;
    org.answers(|request| match request.method.as_str() {
        "GET" => found(json!([
            {"Id": "01k000000000001", "Field": "Lead.A__c", "PermissionsRead": true, "PermissionsEdit": true},
            {"Id": "01k000000000002", "Field": "Lead.B__c", "PermissionsRead": true, "PermissionsEdit": false},
        ])),
        "PATCH" => ResponseTemplate::new(204),
        _ => created(),
    })
    .await;
    let set = Id::parse(SET).unwrap();
    let changed = org
        .client
        .grant_field_permissions(&set, "Lead", &["A__c", "B__c", "C__c"])
        .await;
    assert_eq!(changed.unwrap(), 2);
    let requests = org.requests().await;
    assert!(
        requests[1]
            .url
            .path()
            .ends_with("/FieldPermissions/01k000000000002AAA")
    );
    assert_eq!(body(&requests[2])["Field"], "Lead.C__c");
}

#[tokio::test]
async fn a_permission_set_is_assigned_once() {
    let org = an_org().await;
    org.answers_in_turn(vec![
        found(json!([])),
        created(),
        found(json!([{"Id": LEAD}])),
    ])
    .await;
    let (set, user) = (
        Id::parse(SET).unwrap(),
        Id::parse("005000000000001").unwrap(),
    );
    assert!(org.client.assign_permission_set(&set, &user).await.unwrap());
    assert!(!org.client.assign_permission_set(&set, &user).await.unwrap());
}
