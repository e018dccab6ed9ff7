use leadferry_practice_org::built_in;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code, read};

const READER: &str = "reader@practice.example";

async fn set(org: &TestOrg, profile: &str, set: Value) {
    let body = json!({"profile": profile, "set": set});
    let (status, body) = org.admin(Method::PUT, "/profiles", body).await;
    assert_eq!(status, 200, "{body}");
}

async fn run_as(org: &mut TestOrg, username: &str) {
    let (status, body) = org
        .admin(Method::PUT, "/runs-as", json!({"username": username}))
        .await;
    assert_eq!(status, 200, "{body}");
    org.token = org.client_credentials().await;
}

async fn sign_in(org: &TestOrg) -> (u16, Value) {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", &org.running.secrets().client_secret),
    ];
    let url = format!("{}/services/oauth2/token", org.running.url());
    read(org.client.post(url).form(&form).send().await.unwrap()).await
}

fn named<'a>(describe: &'a Value, name: &str) -> Option<&'a Value> {
    let mut fields = describe["fields"].as_array().unwrap().iter();
    fields.find(|field| field["name"] == name)
}

#[tokio::test]
async fn a_user_who_may_only_read_changes_nothing() {
    let mut org = TestOrg::new().await;
    let lead = org.lead("Roe", "roe@example.com").await;
    run_as(&mut org, READER).await;
    let (_, describe) = org.get("/sobjects/Lead/describe").await;
    assert_eq!(describe["createable"], false);
    assert_eq!(describe["updateable"], false);
    assert_eq!(named(&describe, "City").unwrap()["updateable"], false);
    let rows = org.records("SELECT Id, LastName FROM Lead").await;
    assert_eq!(rows[0]["LastName"], "Roe");
    let change = json!({"City": "Bonn"});
    let (status, body) = org.patch(&format!("/sobjects/Lead/{lead}"), change).await;
    assert_eq!(
        (status, code(&body)),
        (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    );
    let (_, body) = org
        .post("/sobjects/Lead", json!({"LastName": "X", "Company": "Y"}))
        .await;
    assert_eq!(code(&body), "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    let who = org
        .records("SELECT Name, Profile.Name FROM User WHERE Username = 'reader@practice.example'")
        .await;
    assert_eq!(who[0]["Profile"]["Name"], "Read Only");
    run_as(&mut org, built_in::USERNAME).await;
    let change = json!({"City": "Bonn"});
    assert_eq!(
        org.patch(&format!("/sobjects/Lead/{lead}"), change).await.0,
        204
    );
}

#[tokio::test]
async fn rights_on_objects_and_fields_follow_the_profile() {
    let mut org = TestOrg::new().await;
    set(
        &org,
        "Read Only",
        json!({"Lead": "read,create,edit", "Lead.Phone": "read", "Lead.Fax": "none", "Contact": "none"}),
    )
    .await;
    run_as(&mut org, READER).await;
    let (_, describe) = org.get("/sobjects/Lead/describe").await;
    assert_eq!(describe["createable"], true);
    assert_eq!(describe["deletable"], false);
    assert_eq!(named(&describe, "Phone").unwrap()["updateable"], false);
    assert!(named(&describe, "Fax").is_none());
    assert_eq!(org.get("/sobjects/Contact/describe").await.0, 404);
    assert_eq!(
        code(&org.soql("SELECT Id FROM Contact").await.1),
        "INVALID_TYPE"
    );
    assert_eq!(
        code(&org.soql("SELECT Fax FROM Lead").await.1),
        "INVALID_FIELD"
    );
    let new = json!({"LastName": "X", "Company": "Y", "Phone": "1"});
    let (_, body) = org.post("/sobjects/Lead", new).await;
    assert_eq!(code(&body), "INVALID_FIELD_FOR_INSERT_UPDATE");
    let new = json!({"LastName": "X", "Company": "Y"});
    let (status, body) = org.post("/sobjects/Lead", new).await;
    assert_eq!(status, 201, "{body}");
    let id = body["id"].as_str().unwrap();
    let made = org
        .records(&format!(
            "SELECT CreatedBy.Username FROM Lead WHERE Id = '{id}'"
        ))
        .await;
    assert_eq!(made[0]["CreatedBy"]["Username"], READER);
    let (status, _) = org.delete(&format!("/sobjects/Lead/{id}")).await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn an_address_outside_the_profiles_ranges_is_refused_and_logged() {
    let mut org = TestOrg::new().await;
    let narrow = json!({"ip_ranges": "10.0.0.1-10.0.0.9"});
    set(&org, "Read Only", narrow.clone()).await;
    let username = json!({"username": READER});
    org.admin(Method::PUT, "/runs-as", username).await;
    let (status, body) = sign_in(&org).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(body["error_description"], "ip restricted");
    set(&org, "Read Only", json!({"ip_ranges": "any"})).await;
    org.token = org.client_credentials().await;
    set(&org, "Read Only", narrow).await;
    let (status, body) = org.get("/limits").await;
    assert_eq!((status, code(&body)), (401, "INVALID_SESSION_ID"));
    assert!(
        body[0]["message"]
            .as_str()
            .unwrap()
            .contains("not valid for use")
    );
    run_as(&mut org, built_in::USERNAME).await;
    let rows = org
        .records(
            "SELECT SourceIp, Status, UserId FROM LoginHistory ORDER BY LoginTime DESC, Id DESC",
        )
        .await;
    assert_eq!(rows[0]["SourceIp"], "127.0.0.1");
    assert!(
        rows.iter().any(|row| row["Status"] == "Restricted IP"),
        "{rows:?}"
    );
}

#[tokio::test]
async fn a_profile_can_be_without_api_logins_and_setup() {
    let mut org = TestOrg::new().await;
    run_as(&mut org, READER).await;
    assert_eq!(
        code(&org.soql("SELECT SourceIp FROM LoginHistory").await.1),
        "INVALID_TYPE"
    );
    assert_eq!(org.get("/limits").await.0, 200);
    set(
        &org,
        "Read Only",
        json!({"see_logins": true, "view_setup": false}),
    )
    .await;
    assert!(
        !org.records("SELECT SourceIp FROM LoginHistory")
            .await
            .is_empty()
    );
    assert_eq!(org.get("/limits").await.0, 403);
    assert_eq!(
        code(&org.soql("SELECT Id FROM DuplicateRule").await.1),
        "INVALID_TYPE"
    );
    set(&org, "Read Only", json!({"api": false})).await;
    let (status, body) = org.get("/limits").await;
    assert_eq!((status, code(&body)), (403, "API_DISABLED_FOR_ORG"));
}

#[tokio::test]
async fn what_a_profile_cannot_have_is_refused() {
    let org = TestOrg::new().await;
    for set in [
        json!({"Nonsense": "read"}),
        json!({"Lead": "create"}),
        json!({"Lead.Nonsense": "read"}),
        json!({"Lead.LastName": "none"}),
        json!({"Lead.Phone": "some"}),
        json!({"ip_ranges": "everywhere"}),
        json!({"api": "perhaps"}),
    ] {
        let body = json!({"profile": "Read Only", "set": set});
        let (status, answer) = org.admin(Method::PUT, "/profiles", body).await;
        assert_eq!(
            (status, code(&answer)),
            (400, "INVALID_PROFILE"),
            "{answer}"
        );
    }
    let nobody = json!({"username": "nobody@practice.example"});
    assert_eq!(org.admin(Method::PUT, "/runs-as", nobody).await.0, 400);
}

#[tokio::test]
async fn retired_versions_are_gone_and_those_that_will_be_warn() {
    let org = TestOrg::new().await;
    org.switch("oldest_api_version", json!(68)).await;
    org.switch("newest_api_version", json!(69)).await;
    let (status, body) = org.get("/limits").await;
    assert_eq!((status, code(&body)), (410, "UNSUPPORTED_API_VERSION"));
    let url = format!("{}/services/data/", org.running.url());
    let (_, listed) = read(org.client.get(url).send().await.unwrap()).await;
    assert_eq!(listed[0]["version"], "68.0");
    org.switch("oldest_api_version", json!(null)).await;
    org.switch("newest_api_version", json!(null)).await;
    org.switch("retiring_api_version", json!(67)).await;
    let answer = org.data(Method::GET, "/limits").send().await.unwrap();
    let warning = answer.headers()["warning"].to_str().unwrap();
    assert!(warning.contains("deprecated"), "{warning}");
}

#[tokio::test]
async fn duplicate_rules_are_listed_as_they_are_switched() {
    let org = TestOrg::new().await;
    let active =
        "SELECT DeveloperName FROM DuplicateRule WHERE IsActive = true AND SobjectType = 'Lead'";
    assert!(org.records(active).await.is_empty());
    org.switch("duplicate_rule", json!("alert")).await;
    assert_eq!(org.records(active).await.len(), 1);
}
