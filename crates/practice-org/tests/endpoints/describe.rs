use reqwest::Method;
use serde_json::Value;

use crate::support::{TestOrg, read};

async fn describe(org: &TestOrg, object: &str) -> Value {
    let (status, body) = org.get(&format!("/sobjects/{object}/describe")).await;
    assert_eq!(status, 200, "{object}");
    body
}

fn field<'a>(describe: &'a Value, name: &str) -> &'a Value {
    describe["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["name"] == name)
        .unwrap()
}

#[tokio::test]
async fn describe_tells_what_a_client_needs_to_know() {
    let org = TestOrg::new().await;
    let lead = describe(&org, "Lead").await;
    assert_eq!(lead["keyPrefix"], "00Q");
    let company = field(&lead, "Company");
    assert_eq!(
        (company["length"].as_i64(), &company["nillable"]),
        (Some(255), &Value::Bool(false))
    );
    let description = field(&lead, "Description");
    assert_eq!(
        (description["length"].as_i64(), &description["filterable"]),
        (Some(32000), &Value::Bool(false))
    );
    let owner = field(&lead, "OwnerId");
    assert_eq!(owner["referenceTo"], serde_json::json!(["Group", "User"]));
    assert_eq!(field(&lead, "NumberOfEmployees")["digits"], 8);
    assert_eq!(field(&lead, "Street")["compoundFieldName"], "Address");
    assert_eq!(
        field(&lead, "Status")["picklistValues"][0]["defaultValue"],
        true
    );
    for object in [
        "Contact",
        "Account",
        "Campaign",
        "User",
        "PermissionSet",
        "FieldPermissions",
        "Organization",
        "LeadStatus",
        "Group",
    ] {
        assert_eq!(describe(&org, object).await["name"], object);
    }
}

#[tokio::test]
async fn the_global_describe_lists_objects_but_not_those_of_the_tooling_api() {
    let org = TestOrg::new().await;
    let (_, body) = org.get("/sobjects").await;
    let names: Vec<&str> = body["sobjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["name"].as_str().unwrap())
        .collect();
    assert_eq!(body["maxBatchSize"], 200);
    assert!(
        names.contains(&"Lead") && names.contains(&"Campaign") && !names.contains(&"CustomField")
    );
    assert_eq!(org.get("/sobjects/CustomField/describe").await.0, 404);
    assert_eq!(
        org.get("/tooling/sobjects/CustomField/describe").await.0,
        200
    );
    assert_eq!(org.get("/sobjects/Nonsense/describe").await.0, 404);
}

#[tokio::test]
async fn an_unchanged_describe_is_not_sent_again() {
    let org = TestOrg::new().await;
    let first = org
        .data(Method::GET, "/sobjects/Lead/describe")
        .send()
        .await
        .unwrap();
    let stamp = first.headers()["last-modified"]
        .to_str()
        .unwrap()
        .to_owned();
    let again = || {
        org.data(Method::GET, "/sobjects/Lead/describe")
            .header("If-Modified-Since", &stamp)
            .send()
    };
    assert_eq!(again().await.unwrap().status(), 304);
    org.key_field("Lead").await;
    let (status, body) = read(again().await.unwrap()).await;
    assert_eq!(status, 200, "a new field makes the copy stale at once");
    assert_eq!(field(&body, "Key__c")["externalId"], true);
}
