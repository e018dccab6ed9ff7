//! Answers of an org, and of its sign-in page: taken as they are meant, or an error that says so.

use leadferry_salesforce::auth::{self, App, LoginHost};
use leadferry_salesforce::{Describe, Id, OAuthError, WriteOptions};
use secrecy::SecretString;
use serde_json::value::RawValue;

use crate::bounds::Hostile;
use crate::org::Org;

const MIB: usize = 48;

const TOKENS: &[&str] = &[
    "\"id\"",
    "\"success\":true",
    "\"errors\":[]",
    "\"records\"",
    "\"nextRecordsUrl\":\"/x\"",
    "\"done\":false",
    "\"totalSize\":-1",
    "\"attributes\"",
    "\"fields\"",
    "\"type\":\"reference\"",
    "\"picklistValues\"",
    "\"errorCode\":\"INVALID_SESSION_ID\"",
    "null",
    "\"00Q8M0000016Wv8UAE\"",
    "\"length\":99999999999",
    "\"access_token\"",
    "\"instance_url\":\"http://x\"",
    "\u{0}",
];

const ANSWERS: &[&[u8]] = &[
    br#"{"totalSize":2,"done":true,"records":[{"attributes":{"type":"Lead","url":"/x"},"Id":"00Q8M0000016Wv8UAE","Email":"a@x.example"},{"Id":"00Q8M0000016Wv9UAE","Email":null}]}"#,
    br#"[{"id":"00Q8M0000016Wv8UAE","success":true,"errors":[],"created":true},{"success":false,"errors":[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"m","fields":["Email"]}]}]"#,
    br#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#,
    br#"{"DailyApiRequests":{"Max":15000,"Remaining":14998},"DataStorageMB":{"Max":5,"Remaining":5}}"#,
];

const TOKEN_ANSWERS: &[&[u8]] = &[
    br#"{"access_token":"00D000000000001!AQ","instance_url":"https://x.my.salesforce.com","id":"https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA","token_type":"Bearer","issued_at":"1719570000000","signature":"x=","scope":"api refresh_token","refresh_token":"5Aep"}"#,
    br#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
];

#[test]
fn a_spoilt_describe_is_read_or_refused() {
    let describe = include_bytes!("describe.json");
    Hostile {
        what: "a describe",
        sound: &[describe],
        tokens: TOKENS,
        tries: 1_500,
        mib: MIB,
    }
    .try_all(|bytes| {
        if let Ok(describe) = Describe::parse(&String::from_utf8_lossy(bytes)) {
            drop(leadferry_replication::targets::TargetObject::from_describe(
                &describe,
            ));
        }
    });
}

#[test]
fn a_spoilt_answer_is_taken_or_an_error() {
    let org = Org::listening();
    let client = org.client();
    let mut n = 0_u32;
    Hostile {
        what: "an answer",
        sound: ANSWERS,
        tokens: TOKENS,
        tries: 150,
        mib: MIB,
    }
    .try_all(|bytes| {
        n += 1;
        let status = [
            "200 OK",
            "400 Bad Request",
            "401 Unauthorized",
            "500 Server Error",
        ][n as usize % 4];
        org.answers_body(status, "Sforce-Limit-Info: api-usage=18/5000\r\n", bytes);
        org.runtime.block_on(async {
            let _ = client.query("SELECT Id FROM Lead").await;
            let rows = ["{\"LastName\":\"A\"}", "{\"LastName\":\"B\"}"];
            let rows = rows.map(|row| RawValue::from_string(row.to_owned()).unwrap());
            let _ = client
                .upsert("Lead", "Leadferry_ID__c", &rows, &WriteOptions::default())
                .await;
            let _ = client.limits().await;
            let _ = client
                .retrieve(
                    "Lead",
                    &[Id::parse("00Q8M0000016Wv8UAE").unwrap()],
                    &["Email"],
                )
                .await;
            let _ = client.describe("Lead", None).await;
        });
    });
}

#[test]
fn a_spoilt_answer_head_and_all_is_taken_or_an_error() {
    let org = Org::listening();
    let client = org.client();
    let whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nSforce-Limit-Info: api-usage=1/2\r\n\r\n1c\r\n{\"records\":[],\"done\":true,\"t\r\n0\r\n\r\n";
    let sound: &[&[u8]] = &[
        whole,
        b"HTTP/1.1 200 OK\r\nContent-Length: 35\r\nContent-Encoding: gzip\r\n\r\n{\"totalSize\":0,\"done\":true,\"records\":[]}",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    ];
    let tokens = [
        "\r\n\r\n",
        "HTTP/1.1",
        "Content-Length: 99999999999999",
        "Transfer-Encoding: chunked",
        "Location: /",
        "FFFFFFFF",
    ];
    Hostile {
        what: "a whole answer",
        sound,
        tokens: &tokens,
        tries: 300,
        mib: MIB,
    }
    .try_all(|bytes| {
        org.answers(bytes.to_vec());
        org.runtime.block_on(async {
            let _ = client.query("SELECT Id FROM Lead").await;
        });
    });
}

#[test]
fn a_spoilt_answer_to_a_sign_in_is_taken_or_an_error() {
    let org = Org::listening();
    let app = App {
        host: LoginHost::parse(&org.url).unwrap(),
        client_id: "key".into(),
        client_secret: Some(SecretString::from("secret")),
    };
    let mut n = 0_u32;
    Hostile {
        what: "an answer to a sign-in",
        sound: TOKEN_ANSWERS,
        tokens: TOKENS,
        tries: 200,
        mib: MIB,
    }
    .try_all(|bytes| {
        n += 1;
        drop(OAuthError::from_body(bytes));
        org.answers_body(["200 OK", "400 Bad Request"][n as usize % 2], "", bytes);
        org.runtime.block_on(async {
            let _ = auth::refresh(&app, &SecretString::from("5Aep")).await;
            let _ = auth::client_credentials(&app).await;
        });
    });
}
