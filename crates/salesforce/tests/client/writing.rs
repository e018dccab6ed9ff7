//! Rows that are written.

use leadferry_salesforce::{ErrorCode, Id, WriteOptions};
use serde_json::json;
use serde_json::value::RawValue;

use crate::org::*;

fn rows(count: usize) -> Vec<Box<RawValue>> {
    let row = |number| json!({"attributes": {"type": "Lead"}, "Ext__c": format!("key-{number}"), "LastName": "Lovelace"});
    let texts = (0..count).map(|number| RawValue::from_string(row(number).to_string()).unwrap());
    texts.collect()
}

#[tokio::test]
async fn many_rows_are_packed_and_answered_in_order() {
    let org = an_org().await;
    org.answers(|request| {
        assert_eq!(header(request, "content-encoding"), Some("gzip"));
        assert_eq!(header(request, "sforce-call-options"), Some("client=Leadferry"));
        assert_eq!(header(request, "sforce-mru"), Some("updateMru=false"));
        assert_eq!(header(request, "sforce-auto-assign"), Some("FALSE"));
        let sent = body(request)["records"].as_array().unwrap().len();
        let mut answers = vec![json!({"id": LEAD, "success": true, "errors": [], "created": true}); sent];
        answers[1] = json!({"success": false, "errors": [{"statusCode": "DUPLICATE_VALUE", "message": "dup", "fields": []}]});
        ok(json!(answers))
    })
    .await;
    let how = WriteOptions::default();
    let answers = org
        .client
        .upsert("Lead", "Ext__c", &rows(50), &how)
        .await
        .unwrap();
    assert_eq!(answers.len(), 50);
    assert_eq!(answers[0].id, Some(Id::parse(LEAD).unwrap()));
    assert_eq!(answers[1].errors[0].code, ErrorCode::DuplicateValue);
    let sent = org.client.traffic().bytes_sent;
    assert!(sent < 2_000, "{sent} bytes are not packed");
}

#[tokio::test]
async fn compression_can_be_switched_off() {
    let org = an_org_with(|options| options.compress = false).await;
    org.answers(|request| {
        assert_eq!(header(request, "content-encoding"), None);
        ok(json!(vec![
            json!({"id": LEAD, "success": true, "errors": []});
            50
        ]))
    })
    .await;
    org.client
        .update(&rows(50), &WriteOptions::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn fewer_answers_than_rows_leave_doubt() {
    let org = an_org().await;
    org.answers_in_turn(vec![ok(
        json!([{"id": LEAD, "success": true, "errors": []}]),
    )])
    .await;
    let error = org
        .client
        .update(&rows(2), &WriteOptions::default())
        .await
        .unwrap_err();
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn a_write_is_not_repeated_when_the_org_is_unavailable() {
    let org = an_org().await;
    org.answers_in_turn(vec![refused(503, "SERVER_UNAVAILABLE", "busy")])
        .await;
    let error = org
        .client
        .update(&rows(1), &WriteOptions::default())
        .await
        .unwrap_err();
    assert!(error.retryable() && error.may_have_been_applied());
    assert_eq!(org.requests().await.len(), 1);
}

#[tokio::test]
async fn an_expired_session_is_renewed_and_the_write_goes_once_more() {
    let org = an_org().await;
    org.answers(|request| match header(request, "authorization") {
        Some("Bearer token-1") => ok(json!([{"id": LEAD, "success": true, "errors": []}])),
        _ => refused(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    })
    .await;
    let answers = org
        .client
        .update(&rows(1), &WriteOptions::default())
        .await
        .unwrap();
    assert!(answers[0].success);
    assert_eq!(org.requests().await.len(), 2);
}

#[tokio::test]
async fn single_rows_are_created_read_updated_and_deleted() {
    let org = an_org().await;
    org.answers(|request| match request.method.as_str() {
        "POST" => {
            let assign = header(request, "sforce-auto-assign");
            assert_eq!(assign, Some("FALSE"), "the org's own default is to assign");
            wiremock::ResponseTemplate::new(201)
                .set_body_json(json!({"id": LEAD, "success": true, "errors": []}))
        }
        "GET" => {
            assert_eq!(request.url.query(), Some("fields=Email%2CName"));
            ok(json!({"attributes": {"type": "Lead"}, "Id": LEAD, "Email": "a@b.c"}))
        }
        _ => wiremock::ResponseTemplate::new(204),
    })
    .await;
    let id = org
        .client
        .create_row("Lead", &json!({"LastName": "x"}))
        .await
        .unwrap();
    let record = org
        .client
        .get_row("Lead", &id, &["Email", "Name"])
        .await
        .unwrap();
    assert_eq!(record.text("Email"), Some("a@b.c"));
    org.client
        .update_row("Lead", &id, &json!({"LastName": null}))
        .await
        .unwrap();
    org.client.delete_row("Lead", &id).await.unwrap();
}

#[tokio::test]
async fn a_key_that_several_records_hold_lists_them() {
    let org = an_org().await;
    let paths = json!([format!("/services/data/v60.0/sobjects/Lead/{LEAD}")]);
    org.answers_in_turn(vec![
        wiremock::ResponseTemplate::new(300).set_body_json(paths),
    ])
    .await;
    let error = org
        .client
        .upsert_row("Lead", "Ext__c", "k", &json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::DuplicateExternalId));
    assert!(!error.may_have_been_applied());
}

#[tokio::test]
async fn no_rows_take_no_call() {
    let org = an_org().await;
    let how = WriteOptions::default();
    assert!(org.client.update(&[], &how).await.unwrap().is_empty());
    assert!(
        org.client
            .upsert("Lead", "Ext__c", &[], &how)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(org.client.delete(&[], &how).await.unwrap().is_empty());
    assert_eq!(org.client.traffic().calls, 0);
}
