//! A value means the same to the org whether it goes by Collections or by a bulk job, and reads back the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use leadferry_salesforce::bulk::{BulkOperation, BulkRow, BulkState, IngestJob, RowResults};
use leadferry_salesforce::{
    Client, ClientOptions, Id, Record, Result, RowAnswer, Session, Sessions, WriteOptions,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use secrecy::SecretString;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::org::Org;

/// A field of each type, and what makes it.
const FIELDS: &[(&str, &str)] = &[
    (
        "Key__c",
        r#"{"type":"Text","length":40,"externalId":true,"unique":true,"caseSensitive":false}"#,
    ),
    ("Text__c", r#"{"type":"Text","length":20}"#),
    ("Area__c", r#"{"type":"TextArea"}"#),
    (
        "Long__c",
        r#"{"type":"LongTextArea","length":1000,"visibleLines":3}"#,
    ),
    ("Check__c", r#"{"type":"Checkbox","defaultValue":false}"#),
    ("Number__c", r#"{"type":"Number","precision":18,"scale":2}"#),
    ("Whole__c", r#"{"type":"Number","precision":8,"scale":0}"#),
    (
        "Money__c",
        r#"{"type":"Currency","precision":18,"scale":2}"#,
    ),
    ("Share__c", r#"{"type":"Percent","precision":5,"scale":1}"#),
    ("Day__c", r#"{"type":"Date"}"#),
    ("Moment__c", r#"{"type":"DateTime"}"#),
    ("Mail__c", r#"{"type":"Email"}"#),
    ("Call__c", r#"{"type":"Phone"}"#),
    ("Site__c", r#"{"type":"Url"}"#),
    (
        "Tier__c",
        r#"{"type":"Picklist","valueSet":{"restricted":true,"valueSetDefinition":{"sorted":false,"value":[{"fullName":"Gold","label":"Gold","default":false},{"fullName":"It's, \"silver\"","label":"Silver","default":false}]}}}"#,
    ),
    (
        "Many__c",
        r#"{"type":"MultiselectPicklist","visibleLines":3,"valueSet":{"restricted":true,"valueSetDefinition":{"sorted":false,"value":[{"fullName":"A","label":"A","default":false},{"fullName":"B","label":"B","default":false}]}}}"#,
    ),
];

/// JSON values of a field, fitting and not, each of the JSON type that the field has.
fn values(field: &str) -> BoxedStrategy<Value> {
    let text = || {
        prop_oneof![
            select(vec![
                "",
                " ",
                "x",
                " leading",
                "trailing ",
                "\ttab\t",
                "a,b",
                "\"quoted\"",
                "a\"b",
                "line\nline",
                "line\r\nline",
                "\n",
                "é",
                "日本語",
                "😀",
                "true",
                "12",
                "=1+1",
                "null",
                "a;b",
                "\u{a0}",
                "sf__Id",
                "--",
                "'; DROP",
                "-",
                "\\",
                "\u{1}",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,30}",
        ]
    };
    let numbers = |all: &[&str]| {
        let read = |text: &&str| {
            serde_json::from_str::<Box<RawValue>>(text).map(|raw| raw.get().to_owned())
        };
        let all: Vec<String> = all.iter().map(|text| read(text).unwrap()).collect();
        // Digits that floating point can't hold go as they are: see `raw`.
        select(all)
            .prop_map(|digits| json!({ "digits": digits }))
            .boxed()
    };
    let of = |all: Vec<&'static str>| select(all).prop_map(Value::from).boxed();
    let null = Just(Value::Null);
    let own = match field {
        "Check__c" => any::<bool>().prop_map(Value::from).boxed(),
        "Number__c" | "Money__c" => numbers(&[
            "0",
            "-0.0",
            "1.005",
            "2.45397",
            "1234567890123456.78",
            "1e3",
            "-12.5",
            "12345678901234567",
        ]),
        "Whole__c" => numbers(&["0", "7", "-3", "99999999", "100000000", "1.5"]),
        "Share__c" => numbers(&["0.1", "33.33", "9999.9", "10000"]),
        "Day__c" => of(vec!["2024-02-29", "1700-01-01", "1699-12-31", "4000-12-31"]),
        "Moment__c" => of(vec![
            "2024-02-29T23:59:59.000Z",
            "2024-07-01T00:00:00+02:00",
            "1970-01-01T00:00:00.999Z",
        ]),
        "Mail__c" => of(vec!["Ada@Example.org", "no mail", " ada@example.org ", ""]),
        "Tier__c" => of(vec!["Gold", "gold", "It's, \"silver\"", "Lead", ""]),
        "Many__c" => of(vec!["A", "A;B", "b;a", "A;C", ""]),
        _ => text().prop_map(Value::from).boxed(),
    };
    prop_oneof![8 => own, 1 => null].boxed()
}

/// Some fields with values each.
fn row() -> BoxedStrategy<BTreeMap<&'static str, Value>> {
    let fields: Vec<&'static str> = FIELDS.iter().skip(1).map(|(name, _)| *name).collect();
    let count = fields.len();
    proptest::sample::subsequence(fields, 0..=count)
        .prop_flat_map(|fields| {
            let values: Vec<_> = fields.iter().map(|field| values(field)).collect();
            values.prop_map(move |values| fields.iter().copied().zip(values).collect())
        })
        .boxed()
}

/// The row of a request, under a key.
fn raw(key: &str, values: &BTreeMap<&'static str, Value>) -> Box<RawValue> {
    let mut text = format!(
        r#"{{"attributes":{{"type":"Lead"}},"Key__c":"{key}","LastName":"L","Company":"C""#
    );
    for (field, value) in values {
        let value = match value.get("digits") {
            Some(digits) => digits.as_str().unwrap().to_owned(),
            None => value.to_string(),
        };
        text.push_str(&format!(r#","{field}":{value}"#));
    }
    RawValue::from_string(text + "}").unwrap()
}

struct Token(Session);

#[async_trait]
impl Sessions for Token {
    async fn current(&self) -> Result<Session> {
        Ok(self.0.clone())
    }

    async fn renew(&self, refused: &Session) -> Result<Session> {
        Ok(refused.clone())
    }
}

fn client(org: &Org) -> Client {
    let session = Session {
        instance_url: org.url().parse().unwrap(),
        access_token: SecretString::from(org.token()),
        org_id: None,
        user_id: None,
        scope: None,
    };
    Client::new(Arc::new(Token(session)), ClientOptions::default()).unwrap()
}

async fn post(org: &Org, path: &str, body: Value) -> Value {
    let address = format!("{}/services/data/v62.0/{path}", org.url());
    let request = reqwest::Client::new()
        .post(address)
        .bearer_auth(org.token());
    let answer: Value = request
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(answer["success"], true, "{path}: {answer}");
    answer
}

async fn add_fields(org: &Org) {
    let set = post(
        org,
        "sobjects/PermissionSet",
        json!({"Name": "Both", "Label": "Both"}),
    )
    .await;
    let user = org.records("SELECT Id FROM User LIMIT 1").await[0]["Id"].clone();
    let assignment = json!({"AssigneeId": user, "PermissionSetId": set["id"]});
    post(org, "sobjects/PermissionSetAssignment", assignment).await;
    for (name, metadata) in FIELDS {
        let mut metadata: Value = serde_json::from_str(metadata).unwrap();
        metadata["label"] = json!(name.trim_end_matches("__c"));
        let full = format!("Lead.{name}");
        post(
            org,
            "tooling/sobjects/CustomField",
            json!({"FullName": full, "Metadata": metadata}),
        )
        .await;
        let grant = json!({"ParentId": set["id"], "SobjectType": "Lead", "Field": full, "PermissionsRead": true, "PermissionsEdit": true});
        post(org, "sobjects/FieldPermissions", grant).await;
    }
}

/// Writes rows by a job; the answers by their keys.
async fn by_bulk(client: &Client, rows: Vec<BulkRow>) -> BTreeMap<String, RowAnswer> {
    let job = IngestJob::new("Lead", BulkOperation::Upsert("Key__c".to_owned()));
    let id = client.create_ingest_job(&job).await.unwrap().id;
    let mut columns: Vec<String> = rows
        .iter()
        .flat_map(BulkRow::columns)
        .map(str::to_owned)
        .collect();
    columns.sort();
    columns.dedup();
    let names = columns.clone();
    let write = move |file: &mut leadferry_salesforce::bulk::Outgoing<'_>| {
        rows.iter()
            .try_for_each(|row| row.write(file, &names).map(|fits| assert!(fits)))
    };
    client.upload(&id, &columns, write).await.unwrap();
    client.close_job(&id).await.unwrap();
    let ended = loop {
        let job = client.ingest_job(&id).await.unwrap();
        if job.state.is_final() {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(ended.state, BulkState::JobComplete, "{ended:?}");
    let mut answers = BTreeMap::new();
    for which in [RowResults::Successful, RowResults::Failed] {
        let mut results = client.job_results(&id, which, "Key__c").await.unwrap();
        while let Some(row) = results.next().await.unwrap() {
            answers.insert(row.key, row.answer.unwrap());
        }
    }
    assert_eq!(answers.len() as u64, ended.processed);
    answers
}

fn select_all() -> String {
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    format!("SELECT {} FROM Lead", names.join(", "))
}

/// What the org keeps, by key.
async fn kept(client: &Client) -> BTreeMap<String, Record> {
    let records = client.query(&select_all()).await.unwrap();
    let keyed = records.into_iter().map(|mut record| {
        let key = record.fields.remove("Key__c").unwrap();
        (key.as_str().unwrap().to_owned(), record)
    });
    keyed.collect()
}

/// What the org said, apart from which records it concerns.
fn said(answer: &RowAnswer) -> RowAnswer {
    let mut said = answer.clone();
    said.id = None;
    // Collections say of a refused row that it made no record; a job says nothing.
    said.created = said.created.filter(|_| said.success);
    said
}

/// Writes the same rows both ways and compares what the org said and what it keeps.
async fn compare(client: &Client, case: usize, rounds: &[Vec<BTreeMap<&'static str, Value>>]) {
    for rows in rounds {
        let key = |way: &str, n: usize| format!("{way}-{case}-{n}");
        let collections: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(n, row)| raw(&key("c", n), row))
            .collect();
        let bulk: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(n, row)| BulkRow::of(&raw(&key("b", n), row)).unwrap())
            .collect();
        let how = WriteOptions::default();
        let said_here = client
            .upsert("Lead", "Key__c", &collections, &how)
            .await
            .unwrap();
        let said_there = by_bulk(client, bulk).await;
        let kept = kept(client).await;
        for (n, row) in rows.iter().enumerate() {
            assert_eq!(
                said(&said_here[n]),
                said(&said_there[&key("b", n)]),
                "{row:?}"
            );
            assert_eq!(kept.get(&key("c", n)), kept.get(&key("b", n)), "{row:?}");
        }
    }
}

#[test]
fn a_value_means_the_same_both_ways() {
    let runtime = Runtime::new().unwrap();
    let (org, client) = runtime.block_on(async {
        let org = Org::start().await;
        add_fields(&org).await;
        let client = client(&org);
        (org, client)
    });
    let case = std::cell::Cell::new(0);
    let rounds = prop::collection::vec(prop::collection::vec(row(), 30), 2);
    let config = Config {
        cases: 12,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let tested = runner.run(&rounds, |rounds| {
        case.set(case.get() + 1);
        runtime.block_on(compare(&client, case.get(), &rounds));
        Ok(())
    });
    tested.unwrap();
    runtime.block_on(reads_the_same(&client));
    drop(org);
}

/// A query by a job gives what a query by REST gives.
async fn reads_the_same(client: &Client) {
    let soql = format!("{} ORDER BY Key__c", select_all());
    let here = client.query(&soql).await.unwrap();
    assert!(here.len() > 100, "{}", here.len());
    let job = client.create_query_job(&soql, false).await.unwrap();
    while !client.query_job(&job.id).await.unwrap().state.is_final() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (mut there, mut next) = (Vec::new(), None);
    loop {
        let mut page = client
            .query_page(&job.id, next.as_deref(), 250)
            .await
            .unwrap();
        while let Some(values) = page.next_record().await.unwrap() {
            there.push(
                page.columns
                    .iter()
                    .cloned()
                    .zip(values)
                    .collect::<BTreeMap<_, _>>(),
            );
        }
        next = page.next.clone();
        if next.is_none() {
            break;
        }
    }
    assert_eq!(here.len(), there.len());
    for (record, cells) in here.iter().zip(&there) {
        for (name, cell) in cells {
            match record.value(name) {
                // JSON numbers were read as floating point here.
                Some(Value::Number(number)) => assert_eq!(number.as_f64(), cell.parse().ok()),
                value => assert_eq!(text_of(name, value), *cell, "{name}"),
            }
        }
    }
    client.delete_query_job(&job.id).await.unwrap();
    assert!(client.query_job(&job.id).await.is_err());
}

fn text_of(name: &str, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) if name == "Moment__c" => text.replace("+0000", "Z"),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_aborted_half_way_tells_which_rows_are_left() {
    let org = Org::start().await;
    add_fields(&org).await;
    let client = client(&org);
    org.fault(json!({"name": "bulk_job_aborted", "times": 1, "rows": 200}))
        .await;
    let job = IngestJob::new("Lead", BulkOperation::Upsert("Key__c".to_owned()));
    let id = client.create_ingest_job(&job).await.unwrap().id;
    let columns: Vec<String> = ["Key__c", "LastName", "Company"]
        .map(str::to_owned)
        .to_vec();
    let write = |file: &mut leadferry_salesforce::bulk::Outgoing<'_>| {
        (0..500).try_for_each(|n| {
            file.write(&[format!("k-{n}"), "L".into(), "C".into()])
                .map(drop)
        })
    };
    client.upload(&id, &columns, write).await.unwrap();
    client.close_job(&id).await.unwrap();
    while client.ingest_job(&id).await.unwrap().state != BulkState::Aborted {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let count = async |which: RowResults| {
        let mut results = client.job_results(&id, which, "Key__c").await.unwrap();
        let mut count = 0;
        while results.next().await.unwrap().is_some() {
            count += 1;
        }
        count
    };
    assert_eq!(count(RowResults::Successful).await, 200);
    assert_eq!(count(RowResults::Failed).await, 0);
    assert_eq!(count(RowResults::Unprocessed).await, 300);
    let listed: Vec<Id> = client
        .ingest_jobs()
        .await
        .unwrap()
        .iter()
        .map(|job| job.id)
        .collect();
    assert_eq!(listed, [id]);
    client.delete_job(&id).await.unwrap();
    assert!(client.ingest_jobs().await.unwrap().is_empty());
}
