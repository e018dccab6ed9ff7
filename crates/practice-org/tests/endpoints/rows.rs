use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code, read};

#[tokio::test]
async fn a_record_is_created_read_changed_and_deleted() {
    let org = TestOrg::new().await;
    let given = json!({"LastName": "Weiß", "FirstName": "Jürgen", "Company": "Weiß & Söhne", "NumberOfEmployees": 12,
        "AnnualRevenue": 1_000_000.5, "City": "Berlin", "IsUnreadByOwner": false});
    let answer = org
        .data(Method::POST, "/sobjects/Lead")
        .json(&given)
        .send()
        .await
        .unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let (status, body) = read(answer).await;
    assert_eq!(
        (status, &body["success"], &body["errors"]),
        (201, &json!(true), &json!([]))
    );
    let id = body["id"].as_str().unwrap();
    assert_eq!(
        (id.len(), location),
        (18, format!("/services/data/v67.0/sobjects/Lead/{id}"))
    );

    let (_, lead) = org.get(&format!("/sobjects/Lead/{id}")).await;
    assert_eq!(
        lead["attributes"],
        json!({"type": "Lead", "url": location_of(id)})
    );
    assert_eq!(
        (&lead["Name"], &lead["Status"]),
        (&json!("Jürgen Weiß"), &json!("Open - Not Contacted"))
    );
    assert_eq!(
        lead["AnnualRevenue"],
        json!(1_000_000.5),
        "surplus decimals are kept"
    );
    assert_eq!(lead["Address"]["city"], "Berlin");
    assert!(
        lead["CreatedDate"].as_str().unwrap().ends_with(".000+0000"),
        "{lead}"
    );

    let path = format!("/sobjects/Lead/{id}");
    assert_eq!(
        org.patch(&path, json!({"FirstName": null, "City": "Bonn"}))
            .await,
        (204, Value::Null)
    );
    let (_, lead) = org.get(&format!("{path}?fields=Name,City,Email")).await;
    assert_eq!(
        (
            &lead["Name"],
            &lead["City"],
            lead.as_object().unwrap().len()
        ),
        (&json!("Weiß"), &json!("Bonn"), 4)
    );

    assert_eq!(org.delete(&path).await.0, 204);
    assert_eq!(
        (org.get(&path).await.0, code(&org.get(&path).await.1)),
        (404, "ENTITY_IS_DELETED")
    );
    let (status, body) = org.delete(&path).await;
    assert_eq!((status, code(&body)), (404, "ENTITY_IS_DELETED"));
    assert_eq!(
        code(&org.patch(&path, json!({"City": "Köln"})).await.1),
        "ENTITY_IS_DELETED"
    );
}

fn location_of(id: &str) -> String {
    format!("/services/data/v67.0/sobjects/Lead/{id}")
}

/// Reading guide: what is sent, the code, and a part of the message.
#[tokio::test]
async fn what_an_org_refuses_is_refused_with_its_words() {
    let org = TestOrg::new().await;
    let long = "x".repeat(81);
    let table = [
        (
            json!({}),
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName, Company]",
        ),
        (
            json!({"LastName": long}),
            "STRING_TOO_LONG",
            "(max length=80)",
        ),
        (
            json!({"LastName": "𝒳".repeat(41)}),
            "STRING_TOO_LONG",
            "Last Name: data value too large",
        ),
        (
            json!({"Email": "nonsense"}),
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: nonsense",
        ),
        (
            json!({"CleanStatus": "Shiny"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Clean Status: bad value for restricted picklist field: Shiny",
        ),
        (
            json!({"foo": 1}),
            "INVALID_FIELD",
            "No such column 'foo' on sobject of type Lead",
        ),
        (
            json!({"Name": "A B"}),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: Name.",
        ),
        (
            json!({"CreatedDate": "2026-01-01T00:00:00Z"}),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "CreatedDate",
        ),
        (
            json!({"NumberOfEmployees": 123_456_789}),
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Employees",
        ),
        (
            json!({"AnnualRevenue": 1e18}),
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Annual Revenue",
        ),
        (
            json!({"IsUnreadByOwner": null}),
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "value not of required type",
        ),
        (
            json!({"IsUnreadByOwner": "FALSE"}),
            "JSON_PARSER_ERROR",
            "Cannot deserialize instance of boolean from VALUE_STRING value FALSE",
        ),
        (
            json!({"NumberOfEmployees": "12"}),
            "JSON_PARSER_ERROR",
            "instance of int",
        ),
        (
            json!({"Phone": 12}),
            "JSON_PARSER_ERROR",
            "[line:1, column:10]",
        ),
        (
            json!({"OwnerId": "005"}),
            "MALFORMED_ID",
            "Owner ID: id value of incorrect type: 005",
        ),
        (
            json!({"OwnerId": "005000000000001AAA"}),
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
        ),
        (
            json!({"Id": "00Q000000000001EAA"}),
            "INVALID_FIELD",
            "The Id field should not be specified",
        ),
        (
            json!({"Owner": {"Username": "nobody@example.com"}}),
            "INVALID_FIELD",
            "Foreign key external ID: nobody@example.com not found",
        ),
    ];
    for (given, expected, text) in table {
        let mut record = json!({"LastName": "A", "Company": "B"});
        for (name, value) in given.as_object().unwrap() {
            record[name] = value.clone();
        }
        let record = if given == json!({}) || given["Phone"].is_i64() {
            given
        } else {
            record
        };
        let (status, body) = org.post("/sobjects/Lead", record.clone()).await;
        assert_eq!((status, code(&body)), (400, expected), "{record}");
        assert!(
            body[0]["message"].as_str().unwrap().contains(text),
            "{body}"
        );
    }
    assert!(
        org.records("SELECT Id FROM Lead").await.is_empty(),
        "nothing was written"
    );
}

#[tokio::test]
async fn references_may_be_given_by_a_parents_key() {
    let org = TestOrg::new().await;
    org.key_field("Account").await;
    org.post(
        "/sobjects/Account",
        json!({"Name": "Acme", "Key__c": "A-1"}),
    )
    .await;
    let (status, body) = org
        .post(
            "/sobjects/Contact",
            json!({"LastName": "Roe", "Account": {"Key__c": "a-1"}}),
        )
        .await;
    assert_eq!(status, 201, "{body}");
    let contacts = org
        .records("SELECT Account.Name, Account.Key__c FROM Contact")
        .await;
    assert_eq!(contacts[0]["Account"]["Key__c"], "A-1");
    assert_eq!(contacts[0]["Account"]["attributes"]["type"], "Account");
}

#[tokio::test]
async fn a_malformed_id_is_told_from_an_unknown_one() {
    let org = TestOrg::new().await;
    let id = org.lead("One", "one@example.com").await;
    let changed_case = id.replace("00Q7Q", "00q7q");
    let (status, body) = org
        .patch(
            &format!("/sobjects/Lead/{changed_case}"),
            json!({"City": "X"}),
        )
        .await;
    assert_eq!((status, code(&body)), (400, "MALFORMED_ID"));
    assert_eq!(
        org.patch(
            &format!("/sobjects/Lead/{}", &id[..15]),
            json!({"City": "X"})
        )
        .await
        .0,
        204,
        "15 characters will do"
    );
    let (status, body) = org.get("/sobjects/Lead/00Q000000000001EAA").await;
    assert_eq!((status, code(&body)), (404, "NOT_FOUND"));
}

#[tokio::test]
async fn an_empty_text_is_null_unless_the_switch_says_otherwise() {
    let org = TestOrg::new().await;
    let id = org.lead("One", "one@example.com").await;
    let path = format!("/sobjects/Lead/{id}");
    org.patch(&path, json!({"City": ""})).await;
    assert_eq!(org.get(&path).await.1["City"], Value::Null);
    org.switch("empty_string_is_null", json!(false)).await;
    org.patch(&path, json!({"City": ""})).await;
    assert_eq!(org.get(&path).await.1["City"], "");
}

#[tokio::test]
async fn a_required_field_cannot_be_emptied() {
    let org = TestOrg::new().await;
    let id = org.lead("One", "one@example.com").await;
    let (status, body) = org
        .patch(&format!("/sobjects/Lead/{id}"), json!({"Company": null}))
        .await;
    assert_eq!(
        (status, code(&body), &body[0]["fields"]),
        (400, "REQUIRED_FIELD_MISSING", &json!(["Company"]))
    );
}

#[tokio::test]
async fn a_record_newer_than_the_callers_copy_is_not_changed() {
    let org = TestOrg::new().await;
    let id = org.lead("One", "one@example.com").await;
    let request = org
        .data(Method::PATCH, &format!("/sobjects/Lead/{id}"))
        .header("If-Unmodified-Since", "Tue, 01 Jan 2019 00:00:00 GMT");
    assert_eq!(
        read(request.json(&json!({"City": "X"})).send().await.unwrap())
            .await
            .0,
        412
    );
}

#[tokio::test]
async fn packed_bodies_go_both_ways() {
    use std::io::Write;
    let org = TestOrg::new().await;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder
        .write_all(br#"{"LastName":"Packed","Company":"Gzip"}"#)
        .unwrap();
    let request = org
        .data(Method::POST, "/sobjects/Lead")
        .header("Content-Encoding", "gzip")
        .header("Content-Type", "application/json");
    assert_eq!(
        read(
            request
                .body(encoder.finish().unwrap())
                .send()
                .await
                .unwrap()
        )
        .await
        .0,
        201
    );
    let plain = reqwest::Client::builder().no_gzip().build().unwrap();
    let url = format!(
        "{}/services/data/v67.0/sobjects/Lead/describe",
        org.running.url()
    );
    let answer = plain
        .get(url)
        .bearer_auth(&org.token)
        .header("Accept-Encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
}

#[tokio::test]
async fn an_account_has_a_tag_that_changes_with_it() {
    let org = TestOrg::new().await;
    let (_, made) = org.post("/sobjects/Account", json!({"Name": "Acme"})).await;
    let path = format!("/sobjects/Account/{}", made["id"].as_str().unwrap());
    let tag = || async {
        let answer = org.data(Method::GET, &path).send().await.unwrap();
        answer.headers()["etag"].to_str().unwrap().to_owned()
    };
    let first = tag().await;
    let conditional = |method, header: &'static str, tag: &str| {
        let request = org.data(method, &path).header(header, tag);
        request.json(&json!({"Site": "Berlin"})).send()
    };
    let status = conditional(Method::GET, "If-None-Match", &first)
        .await
        .unwrap()
        .status();
    assert_eq!(status, 304);
    let status = conditional(Method::PATCH, "If-Match", &first)
        .await
        .unwrap()
        .status();
    assert_eq!(status, 204);
    assert_ne!(tag().await, first, "even within the same second");
    let status = conditional(Method::PATCH, "If-Match", &first)
        .await
        .unwrap()
        .status();
    assert_eq!(status, 412, "someone else changed it meanwhile");
}

#[tokio::test]
async fn a_refused_duplicate_shows_the_fields_of_its_matches_if_asked() {
    let org = TestOrg::new().await;
    org.switch("duplicate_rule", json!("alert")).await;
    let email = "match@example.com";
    let id = org.lead("First", email).await;
    let again = |header: Option<&'static str>| {
        let request = org.data(Method::POST, "/sobjects/Lead");
        let request =
            request.json(&json!({"LastName": "Second", "Company": "Acme", "Email": email}));
        let request = match header {
            Some(value) => request.header("Sforce-Duplicate-Rule-Header", value),
            None => request,
        };
        async move { read(request.send().await.unwrap()).await.1 }
    };
    let matched = |body: &Value| {
        body[0]["duplicateResut"]["matchResults"][0]["matchRecords"][0]["record"].clone()
    };
    let plain = matched(&again(None).await);
    assert_eq!(
        (&plain["Id"], plain.as_object().unwrap().len()),
        (&json!(id), 2),
        "attributes and id"
    );
    let full = matched(&again(Some("includeRecordDetails=true")).await);
    assert_eq!(
        (&full["LastName"], &full["Id"]),
        (&json!("First"), &json!(id))
    );
    assert_eq!(full["attributes"]["url"], location_of(&id));
}
