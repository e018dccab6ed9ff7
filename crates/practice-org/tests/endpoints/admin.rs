use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code, read};

#[tokio::test]
async fn without_the_key_nothing_is_told() {
    let org = TestOrg::new().await;
    let url = format!("{}/practice-org/admin/counters", org.running.url());
    assert_eq!(
        read(org.client.get(&url).send().await.unwrap()).await.0,
        403
    );
    assert_eq!(
        read(
            org.client
                .get(&url)
                .header("X-Admin-Key", "wrong")
                .send()
                .await
                .unwrap()
        )
        .await
        .0,
        403
    );
    assert_eq!(org.admin(Method::GET, "/counters", json!({})).await.0, 200);
}

#[tokio::test]
async fn a_converted_lead_points_to_its_contact_and_cannot_be_changed() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let (_, made) = org.patch("/sobjects/Lead/Key__c/k", json!({"LastName": "Roe", "Company": "Acme", "Email": "roe@example.com", "City": "Bonn"})).await;
    let id = made["id"].as_str().unwrap();
    let (status, converted) = org
        .admin(Method::POST, "/records/convert-lead", json!({"id": id}))
        .await;
    assert_eq!(status, 200, "{converted}");
    let lead = &org.records("SELECT IsConverted, ConvertedContact.Email, ConvertedContact.MailingCity, ConvertedAccount.Name FROM Lead").await[0];
    assert_eq!(
        (&lead["IsConverted"], &lead["ConvertedContact"]["Email"]),
        (&json!(true), &json!("roe@example.com"))
    );
    assert_eq!(
        (
            &lead["ConvertedContact"]["MailingCity"],
            &lead["ConvertedAccount"]["Name"]
        ),
        (&json!("Bonn"), &json!("Acme"))
    );
    let (status, body) = org
        .patch(&format!("/sobjects/Lead/{id}"), json!({"City": "X"}))
        .await;
    assert_eq!(
        (status, code(&body), &body[0]["message"]),
        (
            400,
            "CANNOT_UPDATE_CONVERTED_LEAD",
            &json!("cannot reference converted lead")
        )
    );
    let upsert = || {
        org.patch(
            "/sobjects/Lead/Key__c/k",
            json!({"LastName": "Roe", "Company": "Acme"}),
        )
    };
    assert_eq!(code(&upsert().await.1), "CANNOT_UPDATE_CONVERTED_LEAD");
    org.switch("upsert_key_of_converted_lead", json!("create"))
        .await;
    assert_eq!(upsert().await.0, 201);
    org.switch("upsert_key_of_converted_lead", json!("refuse"))
        .await;
    org.switch("updating_converted_lead_allowed", json!(true))
        .await;
    assert_eq!(
        org.patch(&format!("/sobjects/Lead/{id}"), json!({"City": "X"}))
            .await
            .0,
        204
    );
}

#[tokio::test]
async fn merged_records_point_to_the_winner() {
    let org = TestOrg::new().await;
    let (winner, loser) = (
        org.lead("Winner", "w@example.com").await,
        org.lead("Loser", "l@example.com").await,
    );
    let (status, body) = org
        .admin(
            Method::POST,
            "/records/merge",
            json!({"winner": winner, "losers": [loser]}),
        )
        .await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        code(
            &org.patch(&format!("/sobjects/Lead/{loser}"), json!({"City": "X"}))
                .await
                .1
        ),
        "ENTITY_IS_DELETED"
    );
    let query =
        "SELECT Id, MasterRecordId FROM Lead WHERE IsDeleted = true AND MasterRecordId != null";
    let (_, all) = read(
        org.data(Method::GET, "/queryAll")
            .query(&[("q", query)])
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(all["records"][0]["MasterRecordId"], winner.as_str());
    org.switch("merged_away_record_redirects", json!(true))
        .await;
    assert_eq!(
        org.patch(&format!("/sobjects/Lead/{loser}"), json!({"City": "X"}))
            .await
            .0,
        204
    );
    assert_eq!(
        org.get(&format!("/sobjects/Lead/{winner}")).await.1["City"],
        "X"
    );
}

#[tokio::test]
async fn records_are_deleted_brought_back_and_purged() {
    let org = TestOrg::new().await;
    let id = org.lead("One", "one@example.com").await;
    let change = |action: &'static str| org.admin(Method::POST, action, json!({"id": id}));
    assert_eq!(change("/records/delete").await.0, 200);
    assert_eq!(org.get(&format!("/sobjects/Lead/{id}")).await.0, 404);
    assert_eq!(change("/records/undelete").await.0, 200);
    assert_eq!(org.get(&format!("/sobjects/Lead/{id}")).await.0, 200);
    assert_eq!(change("/records/purge").await.0, 200);
    assert_eq!(
        code(&org.get(&format!("/sobjects/Lead/{id}")).await.1),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn switches_are_listed_and_refuse_nonsense() {
    let org = TestOrg::new().await;
    let (_, all) = org.admin(Method::GET, "/switches", json!({})).await;
    for (name, switch) in all.as_object().unwrap() {
        assert!(switch["about"].is_string(), "{name}");
        let choices = switch["choices"].as_array().unwrap();
        assert!(
            choices.is_empty() && switch["value"] == Value::Null || choices[0] == switch["value"],
            "{name} starts at its default"
        );
        for choice in choices {
            assert_eq!(
                org.admin(Method::PUT, "/switches", json!({ name: choice }))
                    .await
                    .0,
                200,
                "{name} {choice}"
            );
        }
        assert_eq!(
            org.admin(Method::PUT, "/switches", json!({ name: "nonsense" }))
                .await
                .0,
            400,
            "{name}"
        );
    }
    assert_eq!(
        org.admin(Method::PUT, "/switches", json!({"nonsense": true}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn requests_are_logged() {
    let org = TestOrg::new().await;
    let before = org.admin(Method::GET, "/counters", json!({})).await.1;
    org.get("/limits").await;
    org.get("/nothing").await;
    let after = org.admin(Method::GET, "/counters", json!({})).await.1;
    let grown = |name: &str| after[name].as_i64().unwrap() - before[name].as_i64().unwrap();
    assert_eq!((grown("requests"), grown("api_calls")), (2, 2));
    let (_, log) = org.admin(Method::GET, "/requests?limit=2", json!({})).await;
    assert_eq!(
        (&log[0]["path"], &log[0]["status"]),
        (&json!("/services/data/v67.0/nothing"), &json!(404))
    );
    assert_eq!(
        (&log[1]["method"], &log[1]["status"]),
        (&json!("GET"), &json!(200))
    );
}

#[tokio::test]
async fn sample_people_fill_an_org() {
    let org = TestOrg::new().await;
    let (status, body) = org.admin(Method::POST, "/sample", json!({})).await;
    assert_eq!(status, 200, "{body}");
    let added = body["added"].as_i64().unwrap();
    let leads = org.records("SELECT Id FROM Lead").await.len() as i64;
    let contacts = org
        .records("SELECT Id, Account.Name FROM Contact WHERE AccountId != null")
        .await
        .len() as i64;
    assert!(added > 0 && leads > 0 && contacts > 0 && leads + contacts <= added);
}

#[tokio::test]
async fn duplicate_rules_alert_or_block() {
    let org = TestOrg::new().await;
    org.lead("First", "same@example.com").await;
    org.switch("duplicate_rule", json!("alert")).await;
    let create = |header: &'static str| {
        let request = org
            .data(Method::POST, "/sobjects/Lead")
            .header("Sforce-Duplicate-Rule-Header", header);
        request
            .json(&json!({"LastName": "Second", "Company": "B", "Email": "SAME@example.com"}))
            .send()
    };
    let (status, body) = read(create("").await.unwrap()).await;
    assert_eq!((status, code(&body)), (400, "DUPLICATES_DETECTED"));
    let result = &body[0]["duplicateResut"];
    assert_eq!(
        (
            &result["allowSave"],
            &result["matchResults"][0]["entityType"]
        ),
        (&json!(true), &json!("Lead"))
    );
    assert!(
        result["matchResults"][0]["matchRecords"][0]["record"]["Id"]
            .as_str()
            .unwrap()
            .starts_with("00Q")
    );
    assert_eq!(read(create("allowSave=true").await.unwrap()).await.0, 201);
    org.switch("duplicate_rule", json!("block")).await;
    org.switch("duplicate_result_spelling", json!("duplicateResult"))
        .await;
    let (status, body) = read(create("allowSave=true").await.unwrap()).await;
    assert_eq!(
        (status, &body[0]["duplicateResult"]["allowSave"]),
        (400, &json!(false)),
        "block cannot be overridden"
    );
    let rows = json!({"records": [{"attributes": {"type": "Lead"}, "LastName": "Third", "Company": "B", "Email": "same@example.com"}]});
    let (_, body) = org.post("/composite/sobjects", rows.clone()).await;
    assert_eq!(body[0]["errors"][0].as_object().unwrap().len(), 3);
    org.switch("match_records_in_collections", json!(true))
        .await;
    assert!(
        org.post("/composite/sobjects", rows).await.1[0]["errors"][0]
            .get("duplicateResult")
            .is_some()
    );
}
