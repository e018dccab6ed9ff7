use serde_json::json;

use crate::support::TestOrg;

#[tokio::test]
async fn a_list_view_is_found_described_read_and_explained() {
    let org = TestOrg::new().await;
    for name in ["Beta", "Alpha", "Gamma"] {
        org.post("/sobjects/Account", json!({"Name": name})).await;
    }
    let (_, list) = org.get("/sobjects/Account/listviews").await;
    let view = &list["listviews"][0];
    assert_eq!(view["developerName"], "AllAccounts");
    let id = view["id"].as_str().unwrap();
    let path = format!("/sobjects/Account/listviews/{id}");
    assert_eq!(org.get(&path).await.1, *view);

    let (_, described) = org.get(&format!("{path}/describe")).await;
    assert_eq!(described["orderBy"][0]["fieldNameOrPath"], "Name");
    let found = org.records(described["query"].as_str().unwrap()).await;
    assert_eq!(
        found[0]["Name"], "Alpha",
        "the query that it names can be run"
    );

    let (_, read) = org.get(&format!("{path}/results?limit=2&offset=1")).await;
    let names: Vec<_> = read["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["columns"][0]["value"])
        .collect();
    assert_eq!(
        (names, &read["size"]),
        (vec![&json!("Beta"), &json!("Gamma")], &json!(2))
    );
    assert_eq!(org.get(&format!("{path}/results?limit=x")).await.0, 400);

    let (_, explained) = org.get(&format!("/query?explain={id}")).await;
    assert_eq!(explained["plans"][0]["sobjectCardinality"], 3);
    assert_eq!(
        org.get(&format!("/sobjects/Lead/listviews/{id}")).await.0,
        404,
        "it's another object's"
    );
}

#[tokio::test]
async fn the_records_written_last_are_the_recent_ones() {
    let org = TestOrg::new().await;
    let (_, account) = org.post("/sobjects/Account", json!({"Name": "Acme"})).await;
    org.lead("One", "one@example.com").await;
    let gone = org.lead("Two", "two@example.com").await;
    org.delete(&format!("/sobjects/Lead/{gone}")).await;
    let (_, recent) = org.get("/recent").await;
    let names: Vec<_> = recent
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["Name"].as_str().unwrap())
        .collect();
    assert_eq!(
        (names.len(), names.contains(&"Acme"), names.contains(&"One")),
        (2, true, true)
    );
    assert_eq!(
        org.get("/recent?limit=1").await.1.as_array().unwrap().len(),
        1
    );
    let (_, accounts) = org.get("/sobjects/Account").await;
    assert_eq!(accounts["recentItems"][0]["Id"], account["id"]);
    assert_eq!(accounts["recentItems"][0]["attributes"]["type"], "Account");
}
