use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code};

async fn ended(org: &TestOrg, id: &str) -> Value {
    for _ in 0..500 {
        let (_, job) = org.get(&format!("/jobs/query/{id}")).await;
        if ["JobComplete", "Failed", "Aborted"].contains(&job["state"].as_str().unwrap_or("")) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job doesn't end");
}

/// A query that has ended; its job's id.
async fn asked(org: &TestOrg, operation: &str, query: &str) -> String {
    let (status, job) = org
        .post(
            "/jobs/query",
            json!({"operation": operation, "query": query}),
        )
        .await;
    assert_eq!(
        (status, &job["state"]),
        (200, &json!("UploadComplete")),
        "{job}"
    );
    let id = job["id"].as_str().unwrap().to_owned();
    let job = ended(org, &id).await;
    assert_eq!(job["state"], "JobComplete", "{job}");
    id
}

/// A page: its text, how many records it says it has, and the locator.
async fn page(org: &TestOrg, id: &str, query: &str) -> (String, usize, String) {
    let path = format!("/jobs/query/{id}/results{query}");
    let answer = org.data(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let (records, locator) = (header("Sforce-NumberOfRecords"), header("Sforce-Locator"));
    (
        answer.text().await.unwrap(),
        records.parse().unwrap(),
        locator,
    )
}

async fn leads(org: &TestOrg, count: usize) {
    for from in (0..count).step_by(200) {
        let rows: Vec<Value> = (from..count.min(from + 200))
            .map(|n| json!({"attributes": {"type": "Lead"}, "LastName": format!("L{n:05}"), "Company": "Acme"}))
            .collect();
        org.post("/composite/sobjects", json!({"records": rows}))
            .await;
    }
}

#[tokio::test]
async fn an_answer_comes_page_by_page() {
    let org = TestOrg::new().await;
    leads(&org, 4_500).await;
    let id = asked(&org, "query", "SELECT LastName FROM Lead ORDER BY LastName").await;
    assert_eq!(
        org.get(&format!("/jobs/query/{id}")).await.1["numberRecordsProcessed"],
        4_500
    );
    let (mut query, mut names) = ("?maxRecords=1999".to_owned(), Vec::new());
    loop {
        let (text, records, locator) = page(&org, &id, &query).await;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            (lines[0], lines.len()),
            ("\"LastName\"", records + 1),
            "each page has the header"
        );
        names.extend(lines[1..].iter().map(|line| (*line).to_owned()));
        if locator == "null" {
            break;
        }
        query = format!("?maxRecords=1999&locator={locator}");
    }
    let expected: Vec<String> = (0..4_500).map(|n| format!("\"L{n:05}\"")).collect();
    assert_eq!(names, expected);

    let (_, pages) = org
        .get(&format!("/jobs/query/{id}/resultPages?maxRecords=500"))
        .await;
    assert_eq!(
        (
            pages["resultPages"].as_array().unwrap().len(),
            &pages["done"]
        ),
        (5, &json!(false))
    );
    let next = pages["nextRecordsUrl"].as_str().unwrap();
    let (_, pages) = org
        .get(next.strip_prefix("/services/data/v67.0").unwrap())
        .await;
    assert_eq!(
        (
            pages["resultPages"].as_array().unwrap().len(),
            &pages["done"]
        ),
        (4, &json!(true))
    );
}

#[tokio::test]
async fn values_have_the_form_of_files() {
    let org = TestOrg::new().await;
    org.post("/sobjects/Lead", json!({"LastName": "A \"B\",\nC", "Company": "2012-07-12T17:49:01.000+0000", "AnnualRevenue": 12.5})).await;
    let gone = org.lead("Gone", "gone@example.com").await;
    org.delete(&format!("/sobjects/Lead/{gone}")).await;
    let query = "SELECT LastName, Company, AnnualRevenue, IsUnreadByOwner, Title, CreatedDate, Owner.Name FROM Lead ORDER BY LastName";
    let id = asked(&org, "query", query).await;
    let (text, records, locator) = page(&org, &id, "").await;
    assert_eq!((records, locator.as_str()), (1, "null"));
    let (header, values) = text.split_once('\n').unwrap();
    assert_eq!(
        header,
        "\"LastName\",\"Company\",\"AnnualRevenue\",\"IsUnreadByOwner\",\"Title\",\"CreatedDate\",\"Owner.Name\""
    );
    let start = "\"A \"\"B\"\",\nC\",\"2012-07-12T17:49:01.000+0000\",\"12.5\",\"false\",\"\",\"20";
    assert!(values.starts_with(start), "{values}");
    assert!(values.ends_with(".000Z\",\"Practice Admin\"\n"), "{values}");
    let id = asked(&org, "queryAll", "SELECT Id FROM Lead").await;
    assert_eq!(page(&org, &id, "").await.1, 2, "deleted ones too");
}

#[tokio::test]
async fn what_has_more_than_values_is_refused() {
    let org = TestOrg::new().await;
    let table = [
        ("SELECT COUNT() FROM Lead", "API_ERROR"),
        (
            "SELECT Company, COUNT(Id) FROM Lead GROUP BY Company",
            "API_ERROR",
        ),
        ("SELECT Id FROM Lead LIMIT 1 OFFSET 1", "API_ERROR"),
        ("SELECT Id, Address FROM Lead", "API_ERROR"),
        (
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
            "API_ERROR",
        ),
        ("SELECT Nothing FROM Lead", "INVALID_FIELD"),
        ("SELECT", "MALFORMED_QUERY"),
    ];
    for (query, expected) in table {
        let (status, body) = org
            .post("/jobs/query", json!({"operation": "query", "query": query}))
            .await;
        assert_eq!((status, code(&body)), (400, expected), "{query}");
    }
    let id = asked(&org, "query", "SELECT Id FROM Lead").await;
    let url = format!(
        "{}/services/data/v66.0/jobs/query/{id}/results",
        org.running.url()
    );
    let answer = org
        .client
        .get(url)
        .bearer_auth(&org.token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 409, "another version than the job's");
    assert_eq!(
        org.get(&format!("/jobs/query/{id}/results?locator=x"))
            .await
            .0,
        400
    );
    assert_eq!(
        org.get(&format!("/jobs/ingest/{id}")).await.0,
        404,
        "it writes nothing"
    );
    assert_eq!(org.delete(&format!("/jobs/query/{id}")).await.0, 204);
    assert_eq!(org.get(&format!("/jobs/query/{id}")).await.0, 404);
}

#[tokio::test]
async fn a_query_that_is_stuck_can_be_aborted() {
    let org = TestOrg::new().await;
    org.fault(json!({"name": "bulk_job_stuck", "times": 1}))
        .await;
    let (_, job) = org
        .post(
            "/jobs/query",
            json!({"operation": "query", "query": "SELECT Id FROM Lead"}),
        )
        .await;
    let path = format!("/jobs/query/{}", job["id"].as_str().unwrap());
    assert_eq!(
        code(&org.get(&format!("{path}/results")).await.1),
        "INVALIDJOBSTATE"
    );
    assert_eq!(
        org.patch(&path, json!({"state": "Aborted"})).await.1["state"],
        "Aborted"
    );
    assert_eq!(
        code(&org.patch(&path, json!({"state": "Aborted"})).await.1),
        "INVALIDJOBSTATE"
    );
}
