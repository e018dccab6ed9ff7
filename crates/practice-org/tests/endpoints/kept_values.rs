//! What the org makes of the values that it is sent.

use leadferry_practice_org::{Options, serve};
use serde_json::{Value, json};

use crate::support::{TestOrg, code};

async fn created(org: &TestOrg, object: &str, body: Value) -> String {
    let (status, answer) = org.post(&format!("/sobjects/{object}"), body).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn text_loses_the_white_space_at_its_ends_and_blanks_alone_are_none() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let lead = json!({"LastName": "  Lee\t", "Company": "\u{a0}Acme ", "City": "   ", "Description": "\nTwo\nlines\n"});
    let (status, made) = org.patch("/sobjects/Lead/Key__c/%20k-1%20", lead).await;
    assert_eq!(status, 201, "{made}");
    let lead = &org
        .records("SELECT Key__c, Name, Company, City, Description FROM Lead")
        .await[0];
    assert_eq!(
        (&lead["Key__c"], &lead["Name"], &lead["Company"]),
        (&json!("k-1"), &json!("Lee"), &json!("Acme"))
    );
    assert_eq!(
        (&lead["City"], &lead["Description"]),
        (&Value::Null, &json!("Two\nlines"))
    );

    let row = |key: &str| json!({"attributes": {"type": "Lead"}, "Key__c": key, "LastName": "Lee", "Company": "Acme"});
    let body = json!({"records": [row(" k-1 "), row(" \t")]});
    let (_, rows) = org.patch("/composite/sobjects/Lead/Key__c", body).await;
    assert_eq!(
        rows[0]["created"], false,
        "the key is compared as it is kept: {rows}"
    );
    assert_eq!(code(&rows[1]), "MISSING_ARGUMENT");
    let twice = json!({"records": [row("k-2"), row("k-2 ")]});
    let (_, rows) = org.patch("/composite/sobjects/Lead/Key__c", twice).await;
    assert_eq!(
        rows[1]["errors"][0]["message"],
        "Duplicate external id specified: k-2 "
    );

    let (status, body) = org
        .post(
            "/sobjects/Lead",
            json!({"LastName": "   ", "Company": "Acme"}),
        )
        .await;
    assert_eq!((status, code(&body)), (400, "REQUIRED_FIELD_MISSING"));
    org.switch("trim_text", json!(false)).await;
    let id = created(
        &org,
        "Lead",
        json!({"LastName": " Lee ", "Company": "Acme"}),
    )
    .await;
    assert_eq!(
        org.get(&format!("/sobjects/Lead/{id}")).await.1["LastName"],
        " Lee "
    );
}

#[tokio::test]
async fn email_addresses_are_kept_in_lower_case() {
    let org = TestOrg::new().await;
    org.lead("One", " A.B+c@Example.COM").await;
    let email = || async {
        org.records("SELECT Email FROM Lead ORDER BY CreatedDate, Id")
            .await
    };
    assert_eq!(email().await[0]["Email"], "a.b+c@example.com");
    let (status, _) = org
        .patch(
            "/sobjects/Lead/Email/A.B+C@example.com",
            json!({"LastName": "Two", "Company": "Acme"}),
        )
        .await;
    assert_eq!(status, 200, "a key is compared as it is kept");
    org.switch("lower_case_emails", json!(false)).await;
    org.lead("Three", "C@Example.com").await;
    assert_eq!(email().await[1]["Email"], "C@Example.com");
}

#[tokio::test]
async fn digits_beyond_the_scale_are_kept_unless_the_switch_says_otherwise() {
    let org = TestOrg::new().await;
    let metadata = json!({"label": "Score", "type": "Number", "precision": 8, "scale": 2});
    org.field("Lead", "Score__c", metadata).await;
    let lead = |score: Value| json!({"LastName": "Lee", "Company": "Acme", "Score__c": score});
    for (mode, score, held) in [
        ("keep", json!(1.239), json!(1.239)),
        ("keep", json!(-0.001), json!(-0.001)),
        ("keep", json!(123_456.78), json!(123_456.78)),
        ("round", json!(1.235), json!(1.24)),
        ("cut", json!(1.239), json!(1.23)),
    ] {
        org.switch("surplus_decimals", json!(mode)).await;
        let id = created(&org, "Lead", lead(score)).await;
        let (_, lead) = org
            .get(&format!("/sobjects/Lead/{id}?fields=Score__c"))
            .await;
        assert_eq!(lead["Score__c"], held, "{mode}");
    }
    let (_, body) = org.post("/sobjects/Lead", lead(json!(1_000_000.001))).await;
    assert_eq!(code(&body), "NUMBER_OUTSIDE_VALID_RANGE");
    assert_eq!(
        org.records("SELECT Id FROM Lead WHERE Score__c = 1.239")
            .await
            .len(),
        1
    );
    assert_eq!(
        org.records("SELECT Id FROM Lead WHERE Score__c > 1.2389 AND Score__c < 1.24")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn days_outside_the_calendar_of_the_org_are_refused() {
    let org = TestOrg::new().await;
    let contact = |day: &str| json!({"LastName": "Lee", "Birthdate": day});
    for (day, status) in [
        ("0000-01-01", 400),
        ("1699-12-31", 400),
        ("1700-01-01", 201),
        ("4000-12-31", 201),
        ("4001-01-01", 400),
    ] {
        let (answered, body) = org.post("/sobjects/Contact", contact(day)).await;
        assert_eq!(answered, status, "{day}: {body}");
        if status == 400 {
            assert_eq!(
                (code(&body), &body[0]["fields"]),
                ("FIELD_INTEGRITY_EXCEPTION", &json!(["Birthdate"]))
            );
        }
    }
    org.field("Lead", "At__c", json!({"label": "At", "type": "DateTime"}))
        .await;
    let lead = |at: &str| json!({"LastName": "Lee", "Company": "Acme", "At__c": at});
    assert_eq!(
        org.post("/sobjects/Lead", lead("1699-12-31T23:59:59Z"))
            .await
            .0,
        400
    );
    assert_eq!(
        org.post("/sobjects/Lead", lead("4000-12-31T23:59:59Z"))
            .await
            .0,
        201
    );
}

#[tokio::test]
async fn a_refused_row_of_a_whole_says_whether_it_would_be_new() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let row = |key: &str, name: Option<&str>| json!({"attributes": {"type": "Lead"}, "Key__c": key, "LastName": name, "Company": "Acme"});
    let rows = |rows: Value, whole: bool| json!({"allOrNone": whole, "records": rows});
    let path = "/composite/sobjects/Lead/Key__c";
    org.patch(path, rows(json!([row("a", Some("Lee"))]), false))
        .await;
    let mixed = json!([row("a", Some("Lee")), row("b", Some("Lee")), row("c", None)]);
    let (_, answer) = org.patch(path, rows(mixed.clone(), true)).await;
    let told: Vec<&Value> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["created"])
        .collect();
    assert_eq!(
        told,
        [&json!(false), &json!(true), &json!(true)],
        "{answer}"
    );
    let (_, answer) = org.patch(path, rows(mixed, false)).await;
    assert!(answer[2].get("created").is_none(), "{answer}");
}

#[tokio::test]
async fn a_file_of_an_earlier_version_learns_what_it_lacks() {
    let mut org = TestOrg::new().await;
    let id = created(
        &org,
        "Lead",
        json!({"LastName": "Lee", "Company": "Acme", "AnnualRevenue": 5}),
    )
    .await;
    let TestOrg {
        running,
        folder,
        client,
        token,
    } = org;
    running.stop().await;
    let file = folder.path().join("org.sqlite");
    let conn = rusqlite::Connection::open(&file).unwrap();
    conn.execute_batch(
        r#"ALTER TABLE "o_Lead" DROP COLUMN "AnnualRevenue"; ALTER TABLE "o_Lead" ADD COLUMN "AnnualRevenue" INTEGER;
           UPDATE "o_Lead" SET "AnnualRevenue" = 5; ALTER TABLE "o_Lead" DROP COLUMN "StateCode"; DROP TABLE "o_Task";
           DROP TABLE "o_QueueSobject"; DELETE FROM "o_User" WHERE "Username" LIKE 'seller%';"#,
    )
    .unwrap();
    drop(conn);
    let running = serve(&file, Options::default()).await.unwrap();
    org = TestOrg {
        running,
        folder,
        client,
        token,
    };
    org.token = org.client_credentials().await;
    let path = format!("/sobjects/Lead/{id}");
    assert_eq!(org.get(&path).await.1["AnnualRevenue"], 5.0);
    let change = json!({"AnnualRevenue": 7.25});
    assert_eq!(org.patch(&path, change).await.0, 204);
    assert_eq!(org.get(&path).await.1["AnnualRevenue"], 7.25);
    created(&org, "Task", json!({"WhoId": id, "Subject": "Call"})).await;
    assert_eq!(org.records("SELECT Id FROM User").await.len(), 3);
    assert_eq!(org.records("SELECT Id FROM QueueSobject").await.len(), 1);
}
