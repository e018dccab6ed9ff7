//! The org takes over the fields of another one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestOrg;

async fn adopt(org: &TestOrg, describe: &Value) -> Value {
    let (status, told) = org.admin(Method::POST, "/adopted", describe.clone()).await;
    assert_eq!(status, 200, "{told}");
    told
}

async fn fields(org: &TestOrg, object: &str) -> Value {
    let (_, described) = org.get(&format!("/sobjects/{object}/describe")).await;
    described["fields"].clone()
}

fn field(name: &str, kind: &str, more: Value) -> Value {
    let mut field = json!({
        "name": name, "label": name, "type": kind, "length": 80, "nillable": true, "createable": true, "updateable": true,
    });
    for (key, value) in more.as_object().unwrap() {
        field[key] = value.clone();
    }
    field
}

/// What a lead has in an org that is stricter here and laxer there.
fn leads() -> Value {
    let entry = |value: &str| json!({"value": value, "label": value, "active": true});
    json!({"name": "Lead", "fields": [
        field("Id", "id", json!({"length": 18})),
        field("LastName", "string", json!({"length": 20, "nillable": false})),
        field("Company", "string", json!({"length": 255})),
        field("Email", "email", json!({"unique": true})),
        field("HasOptedOutOfEmail", "boolean", json!({"nillable": false})),
        field("Status", "picklist", json!({
            "length": 255, "restrictedPicklist": true, "picklistValues": [
                {"value": "Neu", "label": "Neu", "active": true, "defaultValue": true}, entry("Alt"),
            ],
        })),
        field("Rating", "picklist", json!({"nillable": false, "picklistValues": [entry("Hot")]})),
        field("Score__c", "double", json!({"precision": 4, "scale": 1})),
        field("acme__Tier__c", "picklist", json!({"restrictedPicklist": true, "picklistValues": [entry("Gold")]})),
        field("Vip__c", "boolean", json!({"nillable": false})),
        field("Sum__c", "currency", json!({"calculated": true})),
        field("Parent__c", "reference", json!({})),
        field("x\"; DROP TABLE o_Lead;--__c", "string", json!({})),
    ]})
}

#[tokio::test]
async fn an_org_that_takes_over_its_own_fields_stays_as_it_is() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    for object in ["Account", "Campaign", "Contact", "Lead"] {
        let (_, described) = org.get(&format!("/sobjects/{object}/describe")).await;
        let told = adopt(&org, &described).await;
        assert_eq!(
            (&told["added"], &told["hidden"]),
            (&json!([]), &json!([])),
            "{told}"
        );
        assert_eq!(fields(&org, object).await, described["fields"], "{object}");
    }
    let (_, adopted) = org.admin(Method::GET, "/adopted", Value::Null).await;
    assert_eq!(adopted.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_the_other_org_refuses_is_refused_here() {
    let org = TestOrg::new().await;
    let before = json!({"LastName": "Before", "Company": "Acme"});
    assert_eq!(org.post("/sobjects/Lead", before).await.0, 201);
    let told = adopt(&org, &leads()).await;
    assert_eq!(
        told["added"],
        json!(["Score__c", "acme__Tier__c", "Vip__c"])
    );
    assert_eq!(told["left_out"], json!(["Sum__c", "Parent__c"]));
    let hidden = told["hidden"].as_array().unwrap();
    assert!(
        hidden.contains(&json!("Fax")) && hidden.contains(&json!("City")),
        "{told}"
    );
    let lead = |more: Value| {
        let mut lead = json!({"LastName": "Lee", "Rating": "Hot"});
        for (key, value) in more.as_object().unwrap() {
            lead[key] = value.clone();
        }
        lead
    };
    for (more, expected) in [
        (
            json!({"Email": "a@example.com", "HasOptedOutOfEmail": true, "Score__c": 99.5, "acme__Tier__c": "Gold", "Vip__c": true}),
            "",
        ),
        (json!({"Email": "A@example.com"}), "DUPLICATE_VALUE"),
        (
            json!({"LastName": "A name of more than twenty letters"}),
            "STRING_TOO_LONG",
        ),
        (json!({"Rating": null}), "REQUIRED_FIELD_MISSING"),
        (
            json!({"Status": "Open - Not Contacted"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ),
        (
            json!({"acme__Tier__c": "Tin"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ),
        (json!({"Fax": "1"}), "INVALID_FIELD"),
    ] {
        let (status, answer) = org.post("/sobjects/Lead", lead(more.clone())).await;
        match expected {
            "" => assert_eq!(status, 201, "{more}: {answer}"),
            code => assert_eq!(answer[0]["errorCode"], code, "{more}: {answer}"),
        }
    }
    let held = org
        .records("SELECT Status, Vip__c, Score__c FROM Lead ORDER BY Vip__c")
        .await;
    assert_eq!(held[0]["Vip__c"], false, "of a record from before");
    assert_eq!(
        (&held[1]["Status"], &held[1]["Score__c"]),
        (&json!("Neu"), &json!(99.5))
    );
}

#[tokio::test]
async fn taking_over_anew_replaces_what_was_taken_over() {
    let org = TestOrg::new().await;
    adopt(&org, &leads()).await;
    let mut later = leads();
    let list = later["fields"].as_array_mut().unwrap();
    list.retain(|field| field["name"] != "Score__c");
    list.push(field("Fax", "phone", json!({"length": 40})));
    adopt(&org, &later).await;
    let there = fields(&org, "Lead").await.to_string();
    assert!(!there.contains("Score__c") && there.contains("\"Fax\""));
    adopt(&org, &leads()).await;
    assert!(fields(&org, "Lead").await.to_string().contains("Score__c"));
}

#[tokio::test]
async fn what_is_no_describe_is_refused() {
    let org = TestOrg::new().await;
    for bad in [
        json!({}),
        json!({"name": "Lead"}),
        json!({"name": "Lead", "fields": []}),
        json!({"name": "Nope", "fields": [field("Name", "string", json!({}))]}),
        json!({"name": "FieldPermissions", "fields": [field("Name", "string", json!({}))]}),
        json!({"name": "x\"__c", "fields": [field("Name", "string", json!({}))]}),
    ] {
        assert_eq!(
            org.admin(Method::POST, "/adopted", bad.clone()).await.0,
            400,
            "{bad}"
        );
    }
}
