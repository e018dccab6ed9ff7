use serde_json::json;

use crate::support::{TestOrg, code};

#[tokio::test]
async fn later_requests_use_answers_of_earlier_ones() {
    let org = TestOrg::new().await;
    let body = json!({"compositeRequest": [
        {"method": "POST", "url": "/services/data/v67.0/sobjects/Account", "referenceId": "acc", "body": {"Name": "Acme"}},
        {"method": "POST", "url": "/services/data/v67.0/sobjects/Contact", "referenceId": "con", "body": {"LastName": "Roe", "AccountId": "@{acc.id}"}},
        {"method": "GET", "url": "/services/data/v67.0/query?q=SELECT Id, Account.Name FROM Contact WHERE Id = '@{con.id}'", "referenceId": "q"},
        {"method": "GET", "url": "/services/data/v67.0/sobjects/Account/@{q.records[0].Account.Name}", "referenceId": "bad"}]});
    let (status, answer) = org.post("/composite", body).await;
    let all = answer["compositeResponse"].as_array().unwrap();
    assert_eq!(
        (status, &all[0]["httpStatusCode"], &all[1]["httpStatusCode"]),
        (200, &json!(201), &json!(201)),
        "{answer}"
    );
    assert!(
        all[0]["httpHeaders"]["Location"]
            .as_str()
            .unwrap()
            .contains("/sobjects/Account/001")
    );
    assert_eq!(all[2]["body"]["records"][0]["Account"]["Name"], "Acme");
    assert_eq!(
        (&all[3]["httpStatusCode"], &all[3]["referenceId"]),
        (&json!(404), &json!("bad"))
    );
}

#[tokio::test]
async fn all_or_none_halts_the_others() {
    let org = TestOrg::new().await;
    let request = |reference: &str, body| json!({"method": "POST", "url": "/services/data/v67.0/sobjects/Account", "referenceId": reference, "body": body});
    let body = json!({"allOrNone": true, "compositeRequest": [request("a", json!({"Name": "A"})), request("b", json!({})), request("c", json!({"Name": "C"}))]});
    let (_, answer) = org.post("/composite", body).await;
    let all = answer["compositeResponse"].as_array().unwrap();
    assert_eq!(
        (
            code(&all[0]["body"]),
            code(&all[1]["body"]),
            code(&all[2]["body"])
        ),
        (
            "PROCESSING_HALTED",
            "REQUIRED_FIELD_MISSING",
            "PROCESSING_HALTED"
        )
    );
    assert!(org.records("SELECT Id FROM Account").await.is_empty());
}

#[tokio::test]
async fn a_composite_is_one_call_and_has_its_limits() {
    let org = TestOrg::new().await;
    let before = org
        .admin(reqwest::Method::GET, "/counters", json!({}))
        .await
        .1["api_calls"]
        .as_i64()
        .unwrap();
    let query = |n: usize| json!({"method": "GET", "url": "/services/data/v67.0/query?q=SELECT Id FROM Lead", "referenceId": format!("q{n}")});
    assert_eq!(
        org.post(
            "/composite",
            json!({"compositeRequest": (0..5).map(query).collect::<Vec<_>>()})
        )
        .await
        .0,
        200
    );
    let after = org
        .admin(reqwest::Method::GET, "/counters", json!({}))
        .await
        .1["api_calls"]
        .as_i64()
        .unwrap();
    assert_eq!(after - before, 1);
    assert_eq!(
        org.post(
            "/composite",
            json!({"compositeRequest": (0..6).map(query).collect::<Vec<_>>()})
        )
        .await
        .0,
        400
    );
    assert_eq!(
        org.post(
            "/composite",
            json!({"compositeRequest": [query(1), query(1)]})
        )
        .await
        .0,
        400,
        "references are unique"
    );
}

fn node(reference: &str, object: &str, body: serde_json::Value) -> serde_json::Value {
    json!({"method": "POST", "url": format!("/services/data/v67.0/sobjects/{object}"), "referenceId": reference, "body": body})
}

#[tokio::test]
async fn a_graph_is_done_whole_or_not_at_all() {
    let org = TestOrg::new().await;
    let good = json!({"graphId": "good", "compositeRequest": [
        node("acc", "Account", json!({"Name": "Good"})),
        node("con", "Contact", json!({"LastName": "Roe", "AccountId": "@{acc.id}"}))]});
    let bad = json!({"graphId": "bad", "compositeRequest": [
        node("acc", "Account", json!({"Name": "Bad"})),
        node("con", "Contact", json!({"AccountId": "@{acc.id}"}))]});
    let (status, answer) = org
        .post("/composite/graph", json!({"graphs": [bad, good]}))
        .await;
    let graphs = answer["graphs"].as_array().unwrap();
    assert_eq!(
        (
            status,
            &graphs[0]["isSuccessful"],
            &graphs[1]["isSuccessful"]
        ),
        (200, &json!(false), &json!(true)),
        "{answer}"
    );
    let accounts = org.records("SELECT Name FROM Account").await;
    assert_eq!((accounts.len(), &accounts[0]["Name"]), (1, &json!("Good")));
    let contacts = org.records("SELECT Account.Name FROM Contact").await;
    assert_eq!(contacts[0]["Account"]["Name"], "Good");
}

#[tokio::test]
async fn after_fourteen_failed_graphs_the_others_are_not_begun() {
    let org = TestOrg::new().await;
    let graph = |n: usize, body| json!({"graphId": n.to_string(), "compositeRequest": [node("a", "Account", body)]});
    let mut graphs: Vec<_> = (0..14).map(|n| graph(n, json!({}))).collect();
    graphs.push(graph(14, json!({"Name": "Too late"})));
    let (_, answer) = org
        .post("/composite/graph", json!({"graphs": graphs}))
        .await;
    let last = &answer["graphs"][14]["graphResponse"]["compositeResponse"][0];
    assert_eq!(code(&last["body"]), "PROCESSING_HALTED");
    assert!(org.records("SELECT Id FROM Account").await.is_empty());
    let graphs: Vec<_> = (0..76).map(|n| graph(n, json!({"Name": "A"}))).collect();
    assert_eq!(
        org.post("/composite/graph", json!({"graphs": graphs}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_tree_makes_children_with_their_parents_or_nothing() {
    let org = TestOrg::new().await;
    let contact = |reference: &str, last_name: &str| json!({"attributes": {"type": "Contact", "referenceId": reference}, "LastName": last_name});
    let tree = |second: &str| {
        json!({"records": [{"attributes": {"type": "Account", "referenceId": "acc"}, "Name": "Acme",
            "Contacts": {"records": [contact("one", "Roe"), contact("two", second)]}}]})
    };
    let (status, answer) = org.post("/composite/tree/Account", tree("")).await;
    assert_eq!((status, &answer["hasErrors"]), (400, &json!(true)));
    assert_eq!(answer["results"][0]["referenceId"], "two");
    assert_eq!(answer["results"].as_array().unwrap().len(), 1);
    assert!(org.records("SELECT Id FROM Account").await.is_empty());

    let (status, answer) = org.post("/composite/tree/Account", tree("Doe")).await;
    assert_eq!((status, &answer["hasErrors"]), (201, &json!(false)));
    let references: Vec<_> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["referenceId"])
        .collect();
    assert_eq!(references, ["acc", "one", "two"]);
    let contacts = org.records("SELECT Account.Name FROM Contact").await;
    assert!(
        contacts.iter().all(|c| c["Account"]["Name"] == "Acme"),
        "{contacts:?}"
    );
    let many: Vec<_> = (0..201).map(|n| contact(&n.to_string(), "X")).collect();
    assert_eq!(
        org.post("/composite/tree/Contact", json!({"records": many}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn each_request_of_a_batch_counts_and_stands_alone() {
    let org = TestOrg::new().await;
    let used = || async {
        let (_, counters) = org
            .admin(reqwest::Method::GET, "/counters", json!({}))
            .await;
        counters["api_calls"].as_i64().unwrap()
    };
    let before = used().await;
    let create =
        |body| json!({"method": "POST", "url": "v67.0/sobjects/Account", "richInput": body});
    let body = json!({"batchRequests": [create(json!({"Name": "A"})), create(json!({})), create(json!({"Name": "B"}))]});
    let (_, answer) = org.post("/composite/batch", body).await;
    let statuses: Vec<_> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["statusCode"].as_i64())
        .collect();
    assert_eq!(statuses, [Some(201), Some(400), Some(201)], "{answer}");
    assert_eq!(used().await - before, 3);
    assert_eq!(org.records("SELECT Id FROM Account").await.len(), 2);
    let many: Vec<_> = (0..26).map(|_| create(json!({"Name": "A"}))).collect();
    assert_eq!(
        org.post("/composite/batch", json!({"batchRequests": many}))
            .await
            .0,
        400
    );
}
