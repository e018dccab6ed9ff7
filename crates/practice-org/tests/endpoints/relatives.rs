//! Records that belong to others: what happens to them, and what describes say of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code};

async fn created(org: &TestOrg, object: &str, body: Value) -> String {
    let (status, answer) = org.post(&format!("/sobjects/{object}"), body).await;
    assert_eq!(status, 201, "{object}: {answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn count(org: &TestOrg, object: &str) -> usize {
    org.records(&format!("SELECT Id FROM {object}")).await.len()
}

#[tokio::test]
async fn a_lookup_leads_to_the_record_that_it_points_to() {
    let org = TestOrg::new().await;
    let account = created(&org, "Account", json!({"Name": "Acme"})).await;
    let fields = json!({"LastName": "Lee", "AccountId": account});
    let contact = created(&org, "Contact", fields).await;
    let path = format!("/sobjects/Contact/{contact}");
    let (status, found) = org.get(&format!("{path}/Account")).await;
    assert_eq!((status, &found["Name"]), (200, &json!("Acme")));
    let (status, owner) = org.get(&format!("{path}/owner?fields=Username")).await;
    assert_eq!(status, 200, "{owner}");
    assert_eq!(owner["attributes"]["type"], "User");
    for nothing in ["ReportsTo", "Nobody"] {
        let (status, answer) = org.get(&format!("{path}/{nothing}")).await;
        assert_eq!((status, code(&answer)), (404, "NOT_FOUND"), "{nothing}");
    }
    assert_eq!(org.delete(&format!("{path}/Account")).await.0, 405);
}

#[tokio::test]
async fn an_account_takes_its_contacts_along_and_brings_them_back() {
    let org = TestOrg::new().await;
    let account = created(&org, "Account", json!({"Name": "Acme"})).await;
    let contact = created(
        &org,
        "Contact",
        json!({"LastName": "Lee", "AccountId": account}),
    )
    .await;
    created(&org, "Contact", json!({"LastName": "Private"})).await;
    created(&org, "Task", json!({"WhoId": contact, "Subject": "Call"})).await;
    let (_, described) = org.get("/sobjects/Account/describe").await;
    let children = described["childRelationships"].as_array().unwrap();
    let contacts = children
        .iter()
        .find(|c| c["relationshipName"] == "Contacts")
        .unwrap();
    assert_eq!(contacts["cascadeDelete"], true);
    assert_eq!(
        org.delete(&format!("/sobjects/Account/{account}")).await.0,
        204
    );
    assert_eq!(
        (count(&org, "Contact").await, count(&org, "Task").await),
        (1, 0)
    );
    let (_, body) = org.get(&format!("/sobjects/Contact/{contact}")).await;
    assert_eq!(code(&body), "ENTITY_IS_DELETED");
    let (status, body) = org
        .admin(Method::POST, "/records/undelete", json!({"id": account}))
        .await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (count(&org, "Contact").await, count(&org, "Task").await),
        (2, 1)
    );
}

#[tokio::test]
async fn a_contact_with_cases_stays() {
    let org = TestOrg::new().await;
    let contact = created(&org, "Contact", json!({"LastName": "Lee"})).await;
    let case = created(
        &org,
        "Case",
        json!({"ContactId": contact, "Subject": "Broken"}),
    )
    .await;
    let (_, body) = org.delete(&format!("/sobjects/Contact/{contact}")).await;
    assert_eq!(code(&body), "DELETE_FAILED");
    let (_, read) = org.get(&format!("/sobjects/Case/{case}")).await;
    assert_eq!(
        (read["CaseNumber"].as_str().unwrap().len(), &read["Status"]),
        (8, &json!("New"))
    );
    assert_eq!(org.delete(&format!("/sobjects/Case/{case}")).await.0, 204);
    assert_eq!(
        org.delete(&format!("/sobjects/Contact/{contact}")).await.0,
        204
    );
}

#[tokio::test]
async fn the_objects_around_people_are_there() {
    let org = TestOrg::new().await;
    let lead = org.lead("Lee", "lee@example.com").await;
    let account = created(&org, "Account", json!({"Name": "Acme"})).await;
    let contact = created(
        &org,
        "Contact",
        json!({"LastName": "Roe", "AccountId": account}),
    )
    .await;
    let campaign = created(&org, "Campaign", json!({"Name": "Fair"})).await;
    let member = created(
        &org,
        "CampaignMember",
        json!({"CampaignId": campaign, "LeadId": lead, "Status": "Responded"}),
    )
    .await;
    let (_, read) = org.get(&format!("/sobjects/CampaignMember/{member}")).await;
    assert_eq!(
        (
            &read["HasResponded"],
            &read["Type"],
            &read["LeadOrContactId"]
        ),
        (&json!(true), &json!("Lead"), &json!(lead))
    );
    let deal = created(&org, "Opportunity", json!({"Name": "Deal", "AccountId": account, "StageName": "Closed Won", "CloseDate": "2026-01-31", "Amount": 10.5})).await;
    created(
        &org,
        "OpportunityContactRole",
        json!({"OpportunityId": deal, "ContactId": contact, "Role": "Evaluator"}),
    )
    .await;
    let deals = org
        .records(
            "SELECT IsWon, (SELECT Contact.LastName FROM OpportunityContactRoles) FROM Opportunity",
        )
        .await;
    assert_eq!(deals[0]["IsWon"], true);
    assert_eq!(
        deals[0]["OpportunityContactRoles"]["records"][0]["Contact"]["LastName"],
        "Roe"
    );
    let leads = org
        .records("SELECT Id, (SELECT Campaign.Name FROM CampaignMembers) FROM Lead")
        .await;
    assert_eq!(
        leads[0]["CampaignMembers"]["records"][0]["Campaign"]["Name"],
        "Fair"
    );
    let (_, converted) = org
        .admin(Method::POST, "/records/convert-lead", json!({"id": lead}))
        .await;
    let members = org.records("SELECT ContactId FROM CampaignMember").await;
    assert_eq!(members[0]["ContactId"], converted["contactId"]);
    let (_, lead) = org.get("/sobjects/Lead/describe").await;
    assert!(lead["childRelationships"].as_array().unwrap().len() >= 50);
    assert_eq!(count(&org, "RecordType").await, 0);
}

#[tokio::test]
async fn custom_objects_hold_records_and_point_to_others() {
    let org = TestOrg::new().await;
    let made = json!({"name": "Visit__c", "label": "Visit"});
    let (status, body) = org.admin(Method::POST, "/objects", made.clone()).await;
    assert_eq!((status, &body["prefix"]), (201, &json!("a00")));
    assert_eq!(
        org.admin(Method::POST, "/objects", made).await.0,
        400,
        "once only"
    );
    for bad in ["Visit", "Vis it__c", "x\"; DROP TABLE o_Lead;--__c", "__c"] {
        assert_eq!(
            org.admin(Method::POST, "/objects", json!({"name": bad}))
                .await
                .0,
            400,
            "{bad}"
        );
    }
    let lookup = json!({"label": "Person", "type": "MasterDetail", "referenceTo": "Contact", "relationshipName": "Visits"});
    org.field("Visit__c", "Person__c", lookup).await;
    org.key_field("Visit__c").await;
    let contact = created(&org, "Contact", json!({"LastName": "Lee"})).await;
    let (status, _) = org
        .patch(
            "/sobjects/Visit__c/Key__c/v1",
            json!({"Name": "First", "Person__c": contact}),
        )
        .await;
    assert_eq!(status, 201);
    let contacts = org
        .records("SELECT LastName, (SELECT Name FROM Visits__r) FROM Contact")
        .await;
    assert_eq!(contacts[0]["Visits__r"]["records"][0]["Name"], "First");
    assert_eq!(
        org.records("SELECT Person__r.LastName FROM Visit__c").await[0]["Person__r"]["LastName"],
        "Lee"
    );
    let (_, described) = org.get("/sobjects/Visit__c/describe").await;
    assert_eq!(
        (&described["custom"], &described["keyPrefix"]),
        (&json!(true), &json!("a00"))
    );
    assert_eq!(
        org.delete(&format!("/sobjects/Contact/{contact}")).await.0,
        204
    );
    assert_eq!(count(&org, "Visit__c").await, 0, "it goes with its master");
    let nowhere = json!({"FullName": "Visit__c.Nope__c", "Metadata": {"label": "Nope", "type": "Lookup", "referenceTo": "Nope"}});
    assert_eq!(
        org.post("/tooling/sobjects/CustomField", nowhere).await.0,
        400
    );
}

#[tokio::test]
async fn sample_people_have_campaigns_opportunities_and_relations() {
    let org = TestOrg::new().await;
    assert_eq!(org.admin(Method::POST, "/sample", json!({})).await.0, 200);
    let deals = org
        .records("SELECT Account.Name, IsWon, IsClosed, Probability, ForecastCategory, FiscalQuarter FROM Opportunity WHERE Name LIKE 'Blue%' ORDER BY CloseDate")
        .await;
    assert_eq!(
        (
            &deals[0]["IsWon"],
            &deals[0]["Probability"],
            &deals[0]["FiscalQuarter"]
        ),
        (&json!(true), &json!(100.0), &json!(2))
    );
    assert_eq!(deals[1]["ForecastCategory"], "BestCase");
    let roles = org
        .records("SELECT Contact.AccountId, Opportunity.AccountId FROM OpportunityContactRole")
        .await;
    assert!(
        roles
            .iter()
            .all(|role| role["Contact"]["AccountId"] == role["Opportunity"]["AccountId"]),
        "a role is at the opportunity's own account"
    );
    for object in ["Campaign", "CampaignMember", "AccountContactRelation"] {
        assert!(count(&org, object).await > 1, "{object}");
    }
}

#[tokio::test]
async fn whatever_gets_another_parent_is_seen_by_who_reads_what_changed() {
    let org = TestOrg::new().await;
    let lead = org.lead("Lee", "lee@example.com").await;
    let twin = org.lead("Lee", "lee2@example.com").await;
    let campaign = created(&org, "Campaign", json!({"Name": "Fair"})).await;
    let member = json!({"CampaignId": campaign, "LeadId": twin});
    created(&org, "CampaignMember", member).await;
    let stamp = async || {
        org.records("SELECT SystemModstamp, LeadOrContactId FROM CampaignMember")
            .await[0]
            .clone()
    };
    let created_at = stamp().await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    org.admin(
        Method::POST,
        "/records/merge",
        json!({"winner": lead, "losers": [twin]}),
    )
    .await;
    let merged = stamp().await;
    assert_ne!(created_at["SystemModstamp"], merged["SystemModstamp"]);
    assert_eq!(merged["LeadOrContactId"], lead.as_str());
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    org.admin(Method::POST, "/records/convert-lead", json!({"id": lead}))
        .await;
    assert_ne!(stamp().await["SystemModstamp"], merged["SystemModstamp"]);
}

#[tokio::test]
async fn an_edit_by_a_colleague_is_noted_as_theirs() {
    let org = TestOrg::new().await;
    let account = created(&org, "Account", json!({"Name": "Acme"})).await;
    let edit = json!({"id": account, "fields": {"Name": "Acme Ltd", "NumberOfEmployees": "12", "Phone": "555"}});
    let (status, body) = org.admin(Method::POST, "/records/edit", edit).await;
    assert_eq!(status, 200, "{body}");
    let read = &org
        .records("SELECT Name, NumberOfEmployees, Phone, LastModifiedBy.Name FROM Account")
        .await[0];
    assert_eq!(
        (
            &read["Name"],
            &read["NumberOfEmployees"],
            &read["Phone"],
            &read["LastModifiedBy"]["Name"]
        ),
        (
            &json!("Acme Ltd"),
            &json!(12),
            &json!("555"),
            &json!("Sam Seller")
        )
    );
}
