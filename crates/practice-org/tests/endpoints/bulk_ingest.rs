use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code, read};

/// The answer to a new job.
async fn create(org: &TestOrg, body: Value) -> (u16, Value) {
    org.post("/jobs/ingest", body).await
}

async fn put(org: &TestOrg, id: &str, file: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = org.data(Method::PUT, &format!("/jobs/ingest/{id}/batches"));
    let request = request.header("Content-Type", "text/csv").body(file);
    read(request.send().await.unwrap()).await
}

/// A job with its file, closed.
async fn sent(org: &TestOrg, job: Value, file: &str) -> String {
    let (status, body) = create(org, job).await;
    assert_eq!(status, 200, "{body}");
    let id = body["id"].as_str().unwrap().to_owned();
    assert_eq!(put(org, &id, file.to_owned()).await.0, 201);
    let (status, body) = org
        .patch(
            &format!("/jobs/ingest/{id}"),
            json!({"state": "UploadComplete"}),
        )
        .await;
    assert_eq!((status, &body["state"]), (200, &json!("UploadComplete")));
    id
}

/// The job once it has ended.
async fn ended(org: &TestOrg, id: &str) -> Value {
    for _ in 0..1_000 {
        let (_, job) = org.get(&format!("/jobs/ingest/{id}")).await;
        if ["JobComplete", "Failed", "Aborted"].contains(&job["state"].as_str().unwrap_or("")) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job doesn't end");
}

async fn result(org: &TestOrg, id: &str, kind: &str) -> String {
    let answer = org.data(Method::GET, &format!("/jobs/ingest/{id}/{kind}"));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{kind}");
    answer.text().await.unwrap()
}

fn upsert() -> Value {
    json!({"object": "Lead", "operation": "upsert", "externalIdFieldName": "Key__c", "contentType": "CSV"})
}

fn insert() -> Value {
    json!({"object": "Lead", "operation": "insert"})
}

fn leads(count: usize) -> String {
    let rows = (0..count).map(|n| format!("L{n},Acme\n"));
    format!("LastName,Company\n{}", rows.collect::<String>())
}

async fn count(org: &TestOrg) -> usize {
    let (_, body) = org.soql("SELECT COUNT() FROM Lead").await;
    body["totalSize"].as_u64().unwrap() as usize
}

#[tokio::test]
async fn records_are_upserted_and_each_has_its_result() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let (status, job) = create(&org, upsert()).await;
    let id = job["id"].as_str().unwrap().to_owned();
    assert_eq!((status, id.starts_with("750")), (200, true));
    assert_eq!(
        (&job["state"], &job["apiVersion"]),
        (&json!("Open"), &json!(67.0))
    );
    let url = format!("services/data/v67.0/jobs/ingest/{id}/batches");
    assert_eq!(job["contentUrl"], json!(url), "without a slash in front");

    let file =
        "Key__c,LastName,Company,Title\na,\"A, \"\"B\"\"\",Acme,Boss\nb,,Acme,\n,No key,Acme,\n";
    assert_eq!(put(&org, &id, file).await.0, 201);
    let (status, body) = put(&org, &id, file).await;
    assert_eq!(
        (status, code(&body)),
        (400, "CLIENTINPUTERROR"),
        "one upload a job"
    );
    let path = format!("/jobs/ingest/{id}");
    org.patch(&path, json!({"state": "UploadComplete"})).await;
    let job = ended(&org, &id).await;
    assert_eq!(job["state"], "JobComplete");
    assert_eq!(
        (
            &job["numberRecordsProcessed"],
            &job["numberRecordsFailed"],
            &job["jobType"]
        ),
        (&json!(3), &json!(2), &json!("V2Ingest"))
    );

    let lead = &org.records("SELECT Id, LastName FROM Lead").await[0];
    assert_eq!(lead["LastName"], "A, \"B\"");
    assert_eq!(
        result(&org, &id, "successfulResults/").await,
        format!(
            "\"sf__Id\",\"sf__Created\",\"Key__c\",\"LastName\",\"Company\",\"Title\"\n\"{}\",\"true\",\"a\",\"A, \"\"B\"\"\",\"Acme\",\"Boss\"\n",
            lead["Id"].as_str().unwrap()
        )
    );
    let failed = result(&org, &id, "failedResults").await;
    let lines: Vec<&str> = failed.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "\"\",\"MISSING_ARGUMENT:Key__c not specified:Key__c --\",\"\",\"No key\",\"Acme\",\"\"",
            "\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\",\"b\",\"\",\"Acme\",\"\""
        ],
        "in another order than they came"
    );
    let unprocessed = result(&org, &id, "unprocessedrecords/").await;
    assert_eq!(
        unprocessed,
        "\"Key__c\",\"LastName\",\"Company\",\"Title\"\n"
    );

    let again = sent(&org, upsert(), "Key__c,LastName,Title\nA,Changed,\n").await;
    ended(&org, &again).await;
    assert!(
        result(&org, &again, "successfulResults")
            .await
            .contains("\"false\",\"A\"")
    );
    let lead = &org.records("SELECT LastName, Title FROM Lead").await[0];
    assert_eq!(
        (&lead["LastName"], &lead["Title"]),
        (&json!("Changed"), &json!("Boss")),
        "an empty cell leaves the value"
    );
}

#[tokio::test]
async fn cells_say_null_numbers_dates_and_parents() {
    let org = TestOrg::new().await;
    org.key_field("Account").await;
    let vip = json!({"label": "Vip", "type": "Checkbox", "defaultValue": false});
    org.field("Contact", "Vip__c", vip).await;
    org.post(
        "/sobjects/Account",
        json!({"Name": "Parent", "Key__c": "p"}),
    )
    .await;
    let job = json!({"object": "Contact", "operation": "insert", "columnDelimiter": "SEMICOLON", "lineEnding": "CRLF"});
    let file = "LastName;Vip__c;Birthdate;Account.Key__c;Title\r\nOne;TRUE;1990-02-28;p;x\r\nTwo;maybe;;;\r\nThree;;28.02.1990;;\r\nFour;;;q;\r\nFive;;\r\n";
    let id = sent(&org, job, file).await;
    assert_eq!(ended(&org, &id).await["numberRecordsFailed"], 4);
    let made = org
        .records("SELECT Id, Vip__c, Birthdate, Account.Name FROM Contact")
        .await;
    assert_eq!(
        (
            &made[0]["Vip__c"],
            &made[0]["Birthdate"],
            &made[0]["Account"]["Name"]
        ),
        (&json!(true), &json!("1990-02-28"), &json!("Parent"))
    );
    let failed = result(&org, &id, "failedResults").await;
    assert!(
        failed.starts_with("\"sf__Id\";\"sf__Error\";\"LastName\""),
        "{failed}"
    );
    for expected in [
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Vip: value not of required type: maybe:Vip__c --",
        "INVALID_TYPE_ON_FIELD_IN_RECORD:",
        "INVALID_FIELD:Foreign key external ID: q not found",
        "InvalidBatch:The record has 3 values and the header 5",
    ] {
        assert!(failed.contains(expected), "{expected}: {failed}");
    }
    let job = json!({"object": "Contact", "operation": "update"});
    let file = format!("Id,Title\n{},#N/A\n", made[0]["Id"].as_str().unwrap());
    ended(&org, &sent(&org, job, &file).await).await;
    let contact = &org.records("SELECT Title FROM Contact").await[0];
    assert_eq!(contact["Title"], Value::Null);
}

#[tokio::test]
async fn records_are_deleted_by_id_and_only_those_of_the_object() {
    let org = TestOrg::new().await;
    let lead = org.lead("A", "a@example.com").await;
    let (_, contact) = org
        .post("/sobjects/Contact", json!({"LastName": "C"}))
        .await;
    let contact = contact["id"].as_str().unwrap();
    let job = json!({"object": "Lead", "operation": "delete"});
    let id = sent(&org, job, &format!("Id\n{lead}\n{contact}\n{lead}\n")).await;
    let job = ended(&org, &id).await;
    assert_eq!(job["numberRecordsFailed"], 2);
    assert_eq!(count(&org).await, 0);
    let failed = result(&org, &id, "failedResults").await;
    assert!(
        failed.contains("ENTITY_IS_DELETED") && failed.contains("MALFORMED_ID"),
        "{failed}"
    );
}

#[tokio::test]
async fn a_job_and_its_file_come_in_one_request() {
    let org = TestOrg::new().await;
    let send = async |content: &str| {
        let body = format!(
            "--BOUND\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{}\r\n--BOUND\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; filename=\"content\"\r\n\r\n{content}\r\n--BOUND--\r\n",
            insert()
        );
        let request = org
            .data(Method::POST, "/jobs/ingest")
            .header("Content-Type", "multipart/form-data; boundary=BOUND")
            .body(body);
        read(request.send().await.unwrap()).await
    };
    let (status, job) = send("LastName,Company\nA,B\n").await;
    assert_eq!((status, &job["state"]), (200, &json!("UploadComplete")));
    let job = ended(&org, job["id"].as_str().unwrap()).await;
    assert_eq!(job["numberRecordsProcessed"], 1);
    let (status, body) = send(&format!("LastName,Company\n{}", "a,b\n".repeat(25_000))).await;
    assert_eq!((status, code(&body)), (400, "INVALIDJOB"));
}

#[tokio::test]
async fn jobs_that_cant_be_are_refused() {
    let org = TestOrg::new().await;
    let table = [
        (
            json!({"object": "Lead", "operation": "merge"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Nothing__c", "operation": "insert"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Lead", "operation": "upsert"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Lead", "operation": "upsert", "externalIdFieldName": "Phone"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Lead", "operation": "insert", "contentType": "XML"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Lead", "operation": "insert", "lineEnding": "CR"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Lead", "operation": "hardDelete"}),
            "FEATURENOTENABLED",
        ),
    ];
    for (job, expected) in table {
        let (status, body) = create(&org, job.clone()).await;
        assert_eq!((status, code(&body)), (400, expected), "{job}");
    }
    assert_eq!(org.get("/jobs/ingest/7507Q00000000abQAA").await.0, 404);
    let (_, job) = create(&org, insert()).await;
    let path = format!("/jobs/ingest/{}", job["id"].as_str().unwrap());
    assert_eq!(code(&org.delete(&path).await.1), "INVALIDJOBSTATE");
    assert_eq!(
        code(&org.get(&format!("{path}/failedResults")).await.1),
        "INVALIDJOBSTATE"
    );
    org.patch(&path, json!({"state": "UploadComplete"})).await;
    let job = ended(&org, job["id"].as_str().unwrap()).await;
    assert_eq!(job["state"], "Failed", "nothing was uploaded");
    assert_eq!(org.delete(&path).await.0, 204);
    assert_eq!(org.get(&path).await.0, 404);
}

#[tokio::test]
async fn a_file_that_cant_be_read_fails_its_job() {
    let org = TestOrg::new().await;
    let table = [
        (
            "LastName,Nothing__c\nA,B\n",
            "InvalidBatch : Field name not found : Nothing__c",
        ),
        (
            "LastName,Company\r\nA,B\r\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
        ),
        (
            "\"LastName,Company\nA,B\n",
            "ClientInputError : The header can't be read: a quotation mark is not closed",
        ),
    ];
    for (file, message) in table {
        let id = sent(&org, insert(), file).await;
        let job = ended(&org, &id).await;
        assert_eq!(
            (&job["state"], &job["errorMessage"]),
            (&json!("Failed"), &json!(message))
        );
        assert_eq!(job["numberRecordsProcessed"], 0);
    }
    assert_eq!(count(&org).await, 0);
}

#[tokio::test]
async fn jobs_are_listed_in_pages() {
    let org = TestOrg::new().await;
    for _ in 0..1_001 {
        assert_eq!(create(&org, insert()).await.0, 200);
    }
    let (_, first) = org.get("/jobs/ingest?jobType=V2Ingest").await;
    assert_eq!(
        (first["records"].as_array().unwrap().len(), &first["done"]),
        (1_000, &json!(false))
    );
    let next = first["nextRecordsUrl"].as_str().unwrap();
    let (_, second) = org
        .get(next.strip_prefix("/services/data/v67.0").unwrap())
        .await;
    assert_eq!(
        (second["records"].as_array().unwrap().len(), &second["done"]),
        (1, &json!(true))
    );
}

#[tokio::test]
async fn an_aborted_job_keeps_what_it_did_and_lists_the_rest() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "bulk_job_aborted", "times": 1, "rows": 400}))
        .await;
    let id = sent(&org, insert(), &leads(1_000)).await;
    let job = ended(&org, &id).await;
    assert_eq!(
        (&job["state"], &job["numberRecordsProcessed"]),
        (&json!("Aborted"), &json!(400))
    );
    assert_eq!(count(&org).await, 400);
    let done = result(&org, &id, "successfulResults").await;
    let rest = result(&org, &id, "unprocessedRecords").await;
    assert_eq!((done.lines().count(), rest.lines().count()), (401, 601));
    assert!(rest.contains("\nL400,Acme\n") && !rest.contains("\nL399,"));
    let next = sent(&org, insert(), &leads(1)).await;
    assert_eq!(
        ended(&org, &next).await["state"],
        "JobComplete",
        "once only"
    );
}

#[tokio::test]
async fn jobs_vanish_fail_stick_and_are_late_when_asked_to() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "bulk_job_failed", "times": 1}))
        .await;
    let id = sent(&org, insert(), &leads(3)).await;
    let job = ended(&org, &id).await;
    assert_eq!(
        (&job["state"], &job["numberRecordsProcessed"]),
        (&json!("Failed"), &json!(0))
    );
    assert_eq!(
        result(&org, &id, "unprocessedrecords")
            .await
            .lines()
            .count(),
        4
    );

    org.fault(json!({"name": "bulk_job_lost", "times": 1, "rows": 200}))
        .await;
    let id = sent(&org, insert(), &leads(300)).await;
    let path = format!("/jobs/ingest/{id}");
    while org.get(&path).await.0 == 200 {}
    assert_eq!(count(&org).await, 200, "what it did stays");

    org.fault(json!({"name": "bulk_job_stuck", "times": 1}))
        .await;
    let id = sent(&org, insert(), &leads(3)).await;
    let behind = sent(&org, insert(), &leads(3)).await;
    assert_eq!(
        ended(&org, &behind).await["state"],
        "JobComplete",
        "others pass it"
    );
    let path = format!("/jobs/ingest/{id}");
    assert_eq!(org.get(&path).await.1["state"], "InProgress");
    let (_, job) = org.patch(&path, json!({"state": "Aborted"})).await;
    assert_eq!(job["state"], "Aborted");
    assert_eq!(count(&org).await, 203);

    org.fault(json!({"name": "bulk_results_late", "times": 1, "ms": 600}))
        .await;
    let id = sent(&org, insert(), &leads(1)).await;
    assert_eq!(ended(&org, &id).await["state"], "JobComplete");
    let path = format!("/jobs/ingest/{id}/successfulResults");
    assert_eq!(org.get(&path).await.0, 404);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(org.get(&path).await.0, 200);
}

#[tokio::test]
async fn locked_records_are_tried_again_unless_the_caller_wants_it_otherwise() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "lock_rows", "times": 2, "values": "L1"}))
        .await;
    let id = sent(&org, insert(), &leads(3)).await;
    let job = ended(&org, &id).await;
    assert_eq!(
        (&job["retries"], &job["numberRecordsFailed"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(count(&org).await, 3);

    org.fault(json!({"name": "lock_rows", "times": 1, "values": "L1"}))
        .await;
    let request = org.data(Method::POST, "/jobs/ingest").json(&insert());
    let request = request.header("Sforce-Disable-Batch-Retry", "TRUE");
    let (_, job) = read(request.send().await.unwrap()).await;
    let id = job["id"].as_str().unwrap();
    put(&org, id, leads(3)).await;
    org.patch(
        &format!("/jobs/ingest/{id}"),
        json!({"state": "UploadComplete"}),
    )
    .await;
    let job = ended(&org, id).await;
    assert_eq!(
        (&job["retries"], &job["numberRecordsFailed"]),
        (&json!(0), &json!(1))
    );
    assert!(
        result(&org, id, "failedResults")
            .await
            .contains("\"UNABLE_TO_LOCK_ROW:unable to obtain")
    );
}

#[tokio::test]
async fn a_job_goes_on_when_the_org_is_served_again() {
    let mut org = TestOrg::new().await;
    org.fault(json!({"name": "bulk_job_stuck", "times": 1, "ms": 1_500}))
        .await;
    let id = sent(&org, insert(), &leads(5)).await;
    let file = org.folder.path().join("org.sqlite");
    let other = TestOrg::new().await;
    std::mem::replace(&mut org.running, other.running)
        .stop()
        .await;
    org.running = leadferry_practice_org::serve(&file, Default::default())
        .await
        .unwrap();
    assert_eq!(ended(&org, &id).await["numberRecordsProcessed"], 5);
}

#[tokio::test]
async fn a_day_has_so_many_batches() {
    let org = TestOrg::new().await;
    org.admin(Method::PUT, "/limits", json!({"daily_bulk_batches": 1}))
        .await;
    let id = sent(&org, insert(), &leads(1)).await;
    ended(&org, &id).await;
    let (_, limits) = org.get("/limits").await;
    assert_eq!(
        limits["DailyBulkApiBatches"],
        json!({"Max": 1, "Remaining": 0})
    );
    let (status, body) = create(&org, insert()).await;
    assert_eq!((status, code(&body)), (400, "EXCEEDEDQUOTA"));
}

#[tokio::test]
async fn a_file_of_many_megabytes_is_taken_packed() {
    use std::io::Write as _;
    let org = TestOrg::new().await;
    let (_, job) = create(&org, insert()).await;
    let id = job["id"].as_str().unwrap();
    let file = format!(
        "LastName,Company,Description\n{}",
        format!("A,B,{}\n", "x".repeat(30_000)).repeat(2_000)
    );
    assert!(
        file.len() > 55_000_000,
        "more than any other request may have"
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(file.as_bytes()).unwrap();
    let request = org.data(Method::PUT, &format!("/jobs/ingest/{id}/batches"));
    let request = request
        .header("Content-Type", "text/csv")
        .header("Content-Encoding", "gzip");
    let answer = request.body(packed.finish().unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
}
