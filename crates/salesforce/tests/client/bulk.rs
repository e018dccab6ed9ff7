//! Bulk jobs.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use leadferry_salesforce::bulk::{BulkOperation, BulkState, IngestJob, ResultRow, RowResults};
use leadferry_salesforce::{Error, ErrorCode, Id};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::org::*;

const JOB: &str = "7505fEXAMPLEAAA";

fn id() -> Id {
    Id::parse(JOB).unwrap()
}

fn job(state: &str) -> Value {
    json!({"id": JOB, "operation": "upsert", "object": "Lead", "createdById": "0051U00000000000AA",
        "createdDate": "2018-12-10T17:50:19.000+0000", "systemModstamp": "2018-12-10T17:50:19.000+0000", "state": state,
        "externalIdFieldName": "Ext__c", "concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": 60.0,
        "contentUrl": "services/data/v60.0/jobs/ingest/x/batches", "lineEnding": "LF", "columnDelimiter": "COMMA"})
}

fn csv(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text.as_bytes().to_vec(), "text/csv")
}

fn packed(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn upsert() -> IngestJob {
    IngestJob::new("Lead", BulkOperation::Upsert("Ext__c".to_owned()))
}

fn columns() -> Vec<String> {
    vec!["Ext__c".to_owned(), "LastName".to_owned()]
}

async fn rows(org: &Org, which: RowResults) -> Result<Vec<ResultRow>, Error> {
    let mut results = org.client.job_results(&id(), which, "Ext__c").await?;
    let mut rows = Vec::new();
    while let Some(row) = results.next().await? {
        rows.push(row);
    }
    Ok(rows)
}

#[tokio::test]
async fn a_job_is_created_fed_closed_and_asked_for() {
    let org = an_org().await;
    org.answers(|request| match (request.method.as_str(), request.url.path()) {
        ("POST", "/services/data/v60.0/jobs/ingest") => {
            assert_eq!(
                body(request),
                json!({"object": "Lead", "operation": "upsert", "externalIdFieldName": "Ext__c", "contentType": "CSV",
                    "lineEnding": "LF", "columnDelimiter": "COMMA"})
            );
            ok(job("Open"))
        }
        ("PUT", path) => {
            assert!(path.ends_with("/batches"));
            assert_eq!(header(request, "content-type"), Some("text/csv; charset=UTF-8"));
            assert_eq!(header(request, "content-encoding"), Some("gzip"));
            let text = unpacked(&request.body);
            assert_eq!(text.lines().count(), 50_001);
            assert!(text.starts_with("Ext__c,LastName\n0,\"Müller, 0\"\n"));
            ResponseTemplate::new(201)
        }
        ("PATCH", _) => {
            assert_eq!(body(request), json!({"state": "UploadComplete"}));
            ok(job("UploadComplete"))
        }
        _ => {
            let mut job = job("JobComplete");
            job["numberRecordsProcessed"] = json!(50_000);
            job["numberRecordsFailed"] = json!(2);
            job["retries"] = json!(1);
            job["errorMessage"] = Value::Null;
            ok(job)
        }
    })
    .await;
    let client = &org.client;
    let created = client.create_ingest_job(&upsert()).await.unwrap();
    assert_eq!(
        (created.state, created.object.as_str()),
        (BulkState::Open, "Lead")
    );
    assert_eq!(
        created.created_at.unwrap().to_string(),
        "2018-12-10T17:50:19Z"
    );
    let write = |file: &mut leadferry_salesforce::bulk::Outgoing<'_>| {
        for n in 0..50_000 {
            assert!(file.write(&[n.to_string(), format!("Müller, {n}")])?);
        }
        Ok(())
    };
    let bytes = client.upload(&id(), &columns(), write).await.unwrap();
    assert!(bytes > 1_000_000);
    assert!(client.traffic().bytes_sent < bytes / 2, "packed");
    assert_eq!(
        client.close_job(&id()).await.unwrap().state,
        BulkState::UploadComplete
    );
    let ended = client.ingest_job(&id()).await.unwrap();
    assert!(ended.state.is_final());
    assert_eq!(
        (ended.processed, ended.failed, ended.retries, ended.error),
        (50_000, 2, 1, None)
    );
}

#[tokio::test]
async fn a_small_file_goes_with_its_job_whatever_it_holds() {
    let org = an_org().await;
    let file = "Ext__c,LastName\nk,\"--leadferry--\r\n\r\n--leadferry-x\"\n";
    org.answers(move |request| {
        let kind = header(request, "content-type").unwrap();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let text = match header(request, "content-encoding") {
            Some(_) => unpacked(&request.body),
            None => String::from_utf8(request.body.clone()).unwrap(),
        };
        let parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
        assert_eq!((parts.len(), parts[3]), (4, "--\r\n"));
        assert!(parts[1].contains("name=\"job\"") && parts[1].contains("\"operation\":\"upsert\""));
        let content = parts[2].split_once("\r\n\r\n").unwrap().1;
        assert_eq!(content.strip_suffix("\r\n"), Some(file));
        ok(job("UploadComplete"))
    })
    .await;
    let client = &org.client;
    let created = client
        .create_ingest_job_with(&upsert(), file)
        .await
        .unwrap();
    assert_eq!(created.state, BulkState::UploadComplete);
    let large = "x".repeat(100_001);
    let refused = client.create_ingest_job_with(&upsert(), &large).await;
    assert!(matches!(refused, Err(Error::TooLarge { .. })));
}

#[tokio::test]
async fn a_file_that_cant_be_finished_breaks_off() {
    let org = an_org().await;
    org.answers(|_| ResponseTemplate::new(201)).await;
    let write = |file: &mut leadferry_salesforce::bulk::Outgoing<'_>| {
        for n in 0..20_000 {
            file.write(&[n.to_string(), "x".repeat(50)])?;
        }
        Err(io::Error::other("the disk is gone"))
    };
    let error = org
        .client
        .upload(&id(), &columns(), write)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::File(_)), "{error:?}");
    let arrived = org.requests().await.len();
    assert_eq!(arrived, 0, "no whole request came");
}

#[tokio::test]
async fn a_file_is_made_anew_for_a_renewed_session() {
    let org = an_org().await;
    org.answers(|request| match header(request, "authorization") {
        Some("Bearer token-1") => {
            assert_eq!(unpacked(&request.body), "Ext__c,LastName\nk,A\n");
            ResponseTemplate::new(201)
        }
        _ => refused(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    })
    .await;
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let write = move |file: &mut leadferry_salesforce::bulk::Outgoing<'_>| {
        count.fetch_add(1, Ordering::SeqCst);
        file.write(&["k", "A"]).map(drop)
    };
    org.client.upload(&id(), &columns(), write).await.unwrap();
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn results_are_matched_by_their_key() {
    let org = an_org().await;
    org.answers(|request| {
        assert_eq!(header(request, "accept"), Some("text/csv"));
        match request.url.path().rsplit('/').next().unwrap() {
            "successfulResults" => csv(&format!(
                "\"sf__Id\",\"sf__Created\",\"LastName\",\"Ext__c\"\n\"{LEAD}\",\"true\",\"A \"\"x\"\"\n,b\",\"k2\"\n\"{LEAD}\",\"false\",\"\",\"k1\"\n"
            )),
            "failedResults" => {
                let text = "\"sf__Id\",\"sf__Error\",\"LastName\",\"Ext__c\"\n\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\",\"\",\"k3\"\n";
                ResponseTemplate::new(200)
                    .insert_header("Content-Encoding", "gzip")
                    .set_body_raw(packed(text), "text/csv")
            }
            _ => csv("LastName,Ext__c\nZ,k4\n"),
        }
    })
    .await;
    let done = rows(&org, RowResults::Successful).await.unwrap();
    assert_eq!((done[0].key.as_str(), done[1].key.as_str()), ("k2", "k1"));
    let answer = done[0].answer.clone().unwrap();
    assert_eq!(
        (answer.id, answer.success, answer.created),
        (Some(Id::parse(LEAD).unwrap()), true, Some(true))
    );
    let failed = rows(&org, RowResults::Failed).await.unwrap();
    let answer = failed[0].answer.clone().unwrap();
    assert_eq!(
        (failed[0].key.as_str(), answer.success, answer.id),
        ("k3", false, None)
    );
    assert_eq!(answer.errors[0].code, ErrorCode::RequiredFieldMissing);
    assert_eq!(answer.errors[0].fields, ["LastName"]);
    let left = rows(&org, RowResults::Unprocessed).await.unwrap();
    assert_eq!((left[0].key.as_str(), &left[0].answer), ("k4", &None));
}

#[tokio::test]
async fn hostile_results_are_refused_in_bounded_memory() {
    let broken = &packed("\"sf__Id\",\"sf__Created\",\"Ext__c\"\n\"\",\"true\",\"k\"\n")[..20];
    let bomb = packed(&format!(
        "\"sf__Id\",\"sf__Created\",\"Ext__c\"\n\"{}",
        "x".repeat(64 << 20)
    ));
    let gzip = |bytes: &[u8]| {
        ResponseTemplate::new(200)
            .insert_header("Content-Encoding", "gzip")
            .set_body_raw(bytes.to_vec(), "text/csv")
    };
    let table = vec![
        ("no header", csv("")),
        ("a page", csv("<html><body>Maintenance</body></html>")),
        ("no key", csv("\"sf__Id\",\"sf__Created\",\"LastName\"\n")),
        ("rows nobody looked at", csv("\"Ext__c\"\n\"k\"\n")),
        (
            "a line too short",
            csv("\"sf__Id\",\"sf__Created\",\"Ext__c\"\n\"x\"\n"),
        ),
        (
            "no id",
            csv("\"sf__Id\",\"sf__Created\",\"Ext__c\"\n\"../x\",\"true\",\"k\"\n"),
        ),
        (
            "not UTF-8",
            ResponseTemplate::new(200).set_body_raw(
                b"\"sf__Id\",\"sf__Created\",\"Ext__c\"\n\"\",\"true\",\"\xff\"\n".to_vec(),
                "text/csv",
            ),
        ),
        ("half a gzip", gzip(broken)),
        ("no gzip", gzip(b"\"sf__Id\",\"sf__Created\",\"Ext__c\"\n")),
        ("a record without end", gzip(&bomb)),
        ("too many columns", csv(&",".repeat(10_000))),
    ];
    for (what, answer) in table {
        let org = an_org().await;
        org.answers_in_turn(vec![answer]).await;
        let read = rows(&org, RowResults::Successful).await;
        assert!(
            matches!(read, Err(Error::Unreadable { .. })),
            "{what}: {read:?}"
        );
    }
}

#[tokio::test]
async fn a_result_that_isnt_there_says_so_and_a_busy_org_is_asked_again() {
    let org = an_org().await;
    org.answers_in_turn(vec![
        refused(503, "SERVER_UNAVAILABLE", "busy"),
        refused(404, "NOT_FOUND", "not yet"),
    ])
    .await;
    let error = rows(&org, RowResults::Failed).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::NotFound));
    assert_eq!(org.requests().await.len(), 2);
}

#[tokio::test]
async fn jobs_that_are_none_are_refused() {
    for answer in [
        json!({}),
        json!({"id": LEAD, "state": "Open"}),
        json!({"id": JOB, "state": "Sleeping"}),
        json!({"id": "750/../x", "state": "Open"}),
        json!([]),
    ] {
        let org = an_org().await;
        org.answers_in_turn(vec![ok(answer.clone())]).await;
        let read = org.client.ingest_job(&id()).await;
        assert!(
            matches!(read, Err(Error::Unreadable { .. })),
            "{answer}: {read:?}"
        );
    }
    let org = an_org().await;
    let bad = IngestJob::new("Lead\"}", BulkOperation::Insert);
    assert!(matches!(
        org.client.create_ingest_job(&bad).await,
        Err(Error::InvalidName { .. })
    ));
}

#[tokio::test]
async fn the_list_of_jobs_leads_on_and_nowhere_else() {
    let page = |next: Option<&str>| json!({"done": next.is_none(), "records": [job("Open")], "nextRecordsUrl": next});
    let org = an_org().await;
    let next = "/services/data/v60.0/jobs/ingest?queryLocator=1000";
    org.answers_in_turn(vec![ok(page(Some(next))), ok(page(None))])
        .await;
    let listed = org.client.ingest_jobs().await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].key.as_deref(), Some("Ext__c"));
    let org = an_org().await;
    org.answers_in_turn(vec![ok(page(Some("/services/data/v60.0/sobjects/Lead")))])
        .await;
    assert!(matches!(org.client.ingest_jobs().await, Err(Error::Paging)));
    let org = an_org().await;
    org.answers_in_turn(vec![ok(page(Some(next)))]).await;
    assert!(
        matches!(org.client.ingest_jobs().await, Err(Error::Paging)),
        "no end"
    );
}

#[tokio::test]
async fn a_query_is_read_page_by_page() {
    let org = an_org().await;
    org.answers(|request| match request.url.query() {
        None => {
            assert_eq!(
                body(request),
                json!({"operation": "queryAll", "query": "SELECT Id FROM Lead"})
            );
            ok(job("UploadComplete"))
        }
        Some("maxRecords=2") => csv("\"Id\",\"Title\"\n\"a\",\"\"\n\"b\",\"x\ny\"\n")
            .insert_header("Sforce-NumberOfRecords", "2")
            .insert_header("Sforce-Locator", "MTAw/+="),
        query => {
            assert_eq!(query, Some("maxRecords=2&locator=MTAw%2F%2B%3D"));
            csv("\"Id\",\"Title\"\n\"c\",\"z\"\n")
                .insert_header("Sforce-NumberOfRecords", "1")
                .insert_header("Sforce-Locator", "null")
        }
    })
    .await;
    let created = org
        .client
        .create_query_job("SELECT Id FROM Lead", true)
        .await
        .unwrap();
    let mut page = org.client.query_page(&created.id, None, 2).await.unwrap();
    assert_eq!(page.columns, ["Id", "Title"]);
    assert_eq!(page.next_record().await.unwrap().unwrap(), ["a", ""]);
    assert_eq!(page.next_record().await.unwrap().unwrap(), ["b", "x\ny"]);
    assert_eq!(page.next_record().await.unwrap(), None);
    let next = page.next.unwrap();
    let mut page = org
        .client
        .query_page(&created.id, Some(&next), 2)
        .await
        .unwrap();
    assert_eq!(
        (
            page.next_record().await.unwrap().unwrap()[0].as_str(),
            &page.next
        ),
        ("c", &None)
    );
}

#[tokio::test]
async fn a_page_with_other_records_than_it_promised_is_refused() {
    for (count, text) in [("1", "Id\na\nb\n"), ("3", "Id\na\nb\n"), ("1", "Id\na,b\n")] {
        let org = an_org().await;
        let answer = csv(text)
            .insert_header("Sforce-NumberOfRecords", count)
            .insert_header("Sforce-Locator", "null");
        org.answers_in_turn(vec![answer]).await;
        let mut page = org.client.query_page(&id(), None, 10).await.unwrap();
        let mut read = page.next_record().await;
        while let Ok(Some(_)) = read {
            read = page.next_record().await;
        }
        assert!(read.is_err(), "{count}: {text}");
    }
    let org = an_org().await;
    let answer = csv("Id\na\n")
        .insert_header("Sforce-NumberOfRecords", "1")
        .insert_header("Sforce-Locator", "x");
    org.answers_in_turn(vec![answer]).await;
    let page = org.client.query_page(&id(), Some("x"), 10).await;
    assert!(matches!(page, Err(Error::Paging)));
}
