//! Describes, queries, records, limits.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use leadferry_salesforce::{ApiUsage, Described, Id};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::org::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_describe_is_fresh_once_and_then_not_modified() {
    let org = an_org().await;
    org.answers(|request| match header(request, "if-modified-since") {
        Some("Tue, 03 Feb 2026 04:05:06 GMT") => ResponseTemplate::new(304),
        _ => ok(json!({"name": "Lead", "fields": [{"name": "Email", "type": "email"}]}))
            .insert_header("Last-Modified", "Tue, 03 Feb 2026 04:05:06 GMT"),
    })
    .await;
    let Described::Fresh {
        last_modified,
        raw,
        describe,
    } = org.client.describe("Lead", None).await.unwrap()
    else {
        panic!("nothing was known before");
    };
    assert!(raw.contains("Email"));
    assert_eq!(describe.fields.len(), 1);
    let again = org
        .client
        .describe("Lead", last_modified.as_deref())
        .await
        .unwrap();
    assert_eq!(again, Described::NotModified);
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_and_counted_as_it_came() {
    let org = an_org().await;
    let text = json!({"totalSize": 1, "done": true, "records": [{"Name": "x".repeat(10_000)}]})
        .to_string();
    let packed = gzip(text.as_bytes());
    let size = packed.len() as u64;
    org.answers_in_turn(vec![
        ResponseTemplate::new(200)
            .insert_header("Content-Encoding", "gzip")
            .set_body_bytes(packed),
    ])
    .await;
    let records = org.client.query("SELECT Name FROM Lead").await.unwrap();
    assert_eq!(records[0].text("Name").unwrap().len(), 10_000);
    assert_eq!(org.client.traffic().bytes_received, size);
    assert_eq!(
        header(&org.requests().await[0], "accept-encoding"),
        Some("gzip")
    );
}

#[tokio::test]
async fn an_answer_that_unpacks_without_end_is_given_up() {
    let org = an_org_with(|options| options.max_answer_bytes = 100_000).await;
    let packed = gzip(&vec![b' '; 10_000_000]);
    org.answers_in_turn(vec![
        ResponseTemplate::new(200)
            .insert_header("Content-Encoding", "gzip")
            .set_body_bytes(packed),
    ])
    .await;
    let error = org.client.query("SELECT Id FROM Lead").await.unwrap_err();
    assert!(
        matches!(error, leadferry_salesforce::Error::AnswerTooLarge { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn all_pages_of_a_query_are_read() {
    let org = an_org().await;
    org.answers(|request| match request.url.path() {
        "/services/data/v60.0/query" => ok(json!({
            "totalSize": 3, "done": false, "nextRecordsUrl": "/services/data/v60.0/query/01g-2",
            "records": [{"Name": "a"}, {"Name": "b"}],
        })),
        "/services/data/v60.0/query/01g-2" => {
            ok(json!({"totalSize": 3, "done": true, "records": [{"Name": "c"}]}))
        }
        other => panic!("{other}"),
    })
    .await;
    let records = org.client.query("SELECT Name FROM Lead").await.unwrap();
    let names: Vec<_> = records
        .iter()
        .map(|record| record.text("Name").unwrap())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_page_that_leads_to_another_host_is_not_followed() {
    let org = an_org().await;
    org.answers_in_turn(vec![ok(json!({
        "totalSize": 2, "done": false, "nextRecordsUrl": "//evil.example/services/data/v60.0/query/01g-2",
        "records": [{"Name": "a"}],
    }))])
    .await;
    assert!(org.client.query("SELECT Name FROM Lead").await.is_err());
    assert_eq!(org.requests().await.len(), 1);
}

#[tokio::test]
async fn a_forgotten_query_is_read_anew_once() {
    let org = an_org().await;
    let first = json!({"totalSize": 2, "done": false, "nextRecordsUrl": "/services/data/v60.0/query/01g-1", "records": [{"Name": "a"}]});
    let whole = json!({"totalSize": 2, "done": true, "records": [{"Name": "a"}, {"Name": "b"}]});
    let forgotten = refused(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let mut answers = vec![ok(first)];
    answers.extend([forgotten, ok(whole)]);
    org.answers_in_turn(answers).await;
    let records = org.client.query("SELECT Name FROM Lead").await.unwrap();
    assert_eq!(records.len(), 2, "the first page must not count twice");
}

#[tokio::test]
async fn a_long_query_goes_through_one_composite_call() {
    let org = an_org().await;
    org.answers(|request| {
        assert_eq!(request.url.path(), "/services/data/v60.0/composite");
        let url = body(request)["compositeRequest"][0]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with("/services/data/v60.0/queryAll?q=SELECT%20Id"));
        let page = json!({"totalSize": 1, "done": true, "records": [{"Id": LEAD}]});
        ok(json!({"compositeResponse": [{"body": page, "httpHeaders": {}, "httpStatusCode": 200, "referenceId": "q0"}]}))
    })
    .await;
    let soql = format!("SELECT Id FROM Lead WHERE Id IN ('{}')", "x".repeat(20_000));
    let records = org.client.query_all(&soql).await.unwrap();
    assert_eq!(records[0].id(), Some(Id::parse(LEAD).unwrap()));
}

#[tokio::test]
async fn seven_queries_take_two_calls() {
    let org = an_org().await;
    org.answers(|request| {
        let sent = body(request);
        let answers = sent["compositeRequest"].as_array().unwrap().iter().map(|sub| {
            let page = json!({"totalSize": 1, "done": true, "records": [{"Url": sub["url"]}]});
            json!({"body": page, "httpHeaders": {}, "httpStatusCode": 200, "referenceId": sub["referenceId"]})
        });
        ok(json!({"compositeResponse": answers.collect::<Vec<_>>()}))
    })
    .await;
    let soqls: Vec<String> = (0..7)
        .map(|number| format!("SELECT F{number} FROM Lead"))
        .collect();
    let results = org.client.queries(&soqls, false).await.unwrap();
    assert_eq!(results.len(), 7);
    assert!(results[6][0].text("Url").unwrap().contains("F6"));
    assert_eq!(org.client.traffic().calls, 2);
}

#[tokio::test]
async fn a_refused_query_inside_a_composite_call_is_the_calls_error() {
    let org = an_org().await;
    org.answers_in_turn(vec![ok(json!({"compositeResponse": [
        {"body": {"totalSize": 0, "done": true, "records": []}, "httpStatusCode": 200, "referenceId": "q0"},
        {"body": [{"errorCode": "INVALID_FIELD", "message": "No such column"}], "httpStatusCode": 400, "referenceId": "q1"},
    ]}))])
    .await;
    let soqls = [
        "SELECT Id FROM Lead".to_owned(),
        "SELECT Nope FROM Lead".to_owned(),
    ];
    let error = org.client.queries(&soqls, false).await.unwrap_err();
    assert!(error.needs_describe());
}

#[tokio::test]
async fn records_that_are_gone_leave_a_gap() {
    let org = an_org().await;
    org.answers_in_turn(vec![ok(
        json!([null, {"attributes": {"type": "Lead"}, "Id": LEAD}]),
    )])
    .await;
    let ids = [
        Id::parse("00Q000000000001").unwrap(),
        Id::parse(LEAD).unwrap(),
    ];
    let records = org.client.retrieve("Lead", &ids, &["Id"]).await.unwrap();
    assert_eq!(records[0], None);
    assert_eq!(records[1].as_ref().unwrap().object, "Lead");
}

#[tokio::test]
async fn the_version_is_agreed_on_once() {
    let org = an_org_with(|options| options.api_version = None).await;
    org.answers(|request| match request.url.path() {
        "/services/data/" => {
            assert_eq!(header(request, "authorization"), None);
            ok(
                json!([{"label": "x", "url": "/services/data/v59.0", "version": "59.0"},
                      {"label": "y", "url": "/services/data/v66.0", "version": "66.0"}]),
            )
        }
        path => {
            assert!(path.starts_with("/services/data/v66.0/"), "{path}");
            ok(json!({"totalSize": 0, "done": true, "records": []}))
        }
    })
    .await;
    org.client.query("SELECT Id FROM Lead").await.unwrap();
    org.client.query("SELECT Id FROM Lead").await.unwrap();
    // Which versions there are costs no call.
    assert_eq!(org.client.traffic().calls, 2);
}

#[tokio::test]
async fn the_usage_header_is_remembered() {
    let org = an_org().await;
    let page = json!({"totalSize": 0, "done": true, "records": []});
    org.answers_in_turn(vec![
        ok(page).insert_header("Sforce-Limit-Info", "api-usage=18/5000"),
    ])
    .await;
    assert_eq!(org.client.usage(), None);
    org.client.query("SELECT Id FROM Lead").await.unwrap();
    assert_eq!(
        org.client.usage(),
        Some(ApiUsage {
            used: 18,
            max: 5000
        })
    );
}

#[tokio::test]
async fn limits_are_unknown_to_users_who_may_not_see_them() {
    let org = an_org().await;
    org.answers_in_turn(vec![
        ok(json!({"DailyApiRequests": {"Max": 15000, "Remaining": 14998}, "Other": {"x": 1}})),
        refused(403, "INSUFFICIENT_ACCESS", "no"),
        refused(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        ),
    ])
    .await;
    let known = org
        .client
        .limits()
        .await
        .unwrap()
        .daily_api_requests
        .unwrap();
    assert_eq!((known.max, known.remaining), (15_000, 14_998));
    assert_eq!(org.client.limits().await.unwrap().daily_api_requests, None);
    assert!(org.client.limits().await.unwrap_err().is_daily_limit());
}

#[tokio::test]
async fn the_org_and_the_user_are_named() {
    let org = an_org().await;
    org.answers(|request| match request.url.path() {
        "/services/oauth2/userinfo" => ok(json!({
            "user_id": "005000000000001", "organization_id": "00D000000000001",
            "preferred_username": "ada@acme.example", "name": "Ada", "email": "a@acme.example",
        })),
        path if path.starts_with("/id/00D") => ok(json!({
            "user_id": "005000000000001", "organization_id": "00D000000000001",
            "username": "ada@acme.example", "display_name": "Ada", "urls": {},
        })),
        _ => ok(json!({"totalSize": 1, "done": true, "records": [
            {"Id": "00D000000000001", "Name": "Acme", "OrganizationType": "Developer Edition", "IsSandbox": false}
        ]})),
    })
    .await;
    let open_id = org.client.user_info().await.unwrap();
    let identity = org.client.identity().await.unwrap();
    assert_eq!(open_id.username, identity.username);
    assert_eq!(open_id.name, "Ada");
    assert_eq!(
        org.client.traffic().calls,
        0,
        "asking who is signed in is no API call"
    );
    assert_eq!(org.client.organization().await.unwrap().name, "Acme");
}

#[tokio::test]
async fn a_session_that_may_not_read_its_identity_is_named_by_the_users_record() {
    let org = an_org().await;
    org.answers(|request| match request.url.path() {
        path if path.starts_with("/id/00D") => {
            ResponseTemplate::new(403).set_body_string("Bad_OAuth_Token")
        }
        _ => ok(json!({"totalSize": 1, "done": true, "records": [
            {"Username": "ada@acme.example", "Name": "Ada"}
        ]})),
    })
    .await;
    let identity = org.client.identity().await.unwrap();
    assert_eq!(identity.username, "ada@acme.example");
    assert_eq!(identity.user_id.as_str(), "005000000000001AAA");
    assert!(org.requests().await.iter().any(|request| {
        request
            .url
            .query_pairs()
            .any(|(_, soql)| soql.contains("FROM User WHERE Id = '005000000000001"))
    }));
}
