//! Searches.

use leadferry_salesforce::{ErrorCode, Search, SearchObject, SearchScope};
use serde_json::json;

use crate::org::*;

fn a_search(text: &str) -> Search {
    let lead = SearchObject {
        name: "Lead".to_owned(),
        fields: vec!["Id".to_owned(), "Name".to_owned()],
        condition: None,
        order: None,
        limit: Some(10),
    };
    Search {
        text: text.to_owned(),
        objects: vec![lead],
        within: SearchScope::Email,
    }
}

#[tokio::test]
async fn a_search_is_asked_in_the_orgs_language_and_its_records_are_read() {
    let org = an_org().await;
    let record =
        json!({"attributes": {"type": "Lead", "url": "/x"}, "Id": LEAD, "Name": "Ada O'Neil"});
    org.answers(move |_| ok(json!({"searchRecords": [record]})))
        .await;
    let found = org.client.search(&a_search("ada-o'neil")).await.unwrap();
    assert_eq!(found[0].object, "Lead");
    assert_eq!(found[0].id().unwrap().as_str(), LEAD);
    assert_eq!(found[0].text("Name"), Some("Ada O'Neil"));
    let requests = org.requests().await;
    assert_eq!(requests[0].url.path(), "/services/data/v60.0/search");
    let (_, sosl) = requests[0].url.query_pairs().next().unwrap();
    assert_eq!(
        sosl,
        r"FIND {ada\-o\'neil*} IN EMAIL FIELDS RETURNING Lead(Id, Name LIMIT 10)"
    );
}

#[tokio::test]
async fn a_text_that_can_find_nothing_costs_no_call() {
    let org = an_org().await;
    org.answers(|_| ok(json!({"searchRecords": []}))).await;
    assert!(
        org.client
            .search(&a_search("a &"))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(org.requests().await.is_empty());
    assert!(org.client.search(&a_search("ab")).await.unwrap().is_empty());
    assert_eq!(org.requests().await.len(), 1);
}

#[tokio::test]
async fn a_search_that_the_org_cannot_read_keeps_its_words() {
    let org = an_org().await;
    let message = "No search term found. The search term must be enclosed in braces.";
    org.answers(move |_| refused(400, "MALFORMED_SEARCH", message))
        .await;
    let error = org.client.search(&a_search("ada")).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::MalformedSearch));
    assert_eq!(org.requests().await.len(), 1, "asking again would not help");
}

#[tokio::test]
async fn a_search_is_asked_again_when_the_org_is_away_and_when_its_answer_is_unreadable() {
    let org = an_org().await;
    let answers = vec![
        refused(503, "SERVER_UNAVAILABLE", "Server Unavailable"),
        ok(json!({"nothing": "promised"})),
        ok(json!({"searchRecords": []})),
    ];
    org.answers_in_turn(answers).await;
    assert!(
        org.client
            .search(&a_search("ada"))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(org.requests().await.len(), 3);
}
