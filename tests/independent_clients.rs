//! Salesforce clients written by others work against the practice org, unchanged.
//!
//! They keep the practice org honest: it shares no line with them, and they were written for the real thing. What a
//! client says it did is checked by queries of our own.

use std::net::SocketAddr;

use leadferry_practice_org::built_in;
use serde_json::json;
use tempfile::TempDir;

use crate::support::client;
use crate::support::org::Org;
use crate::support::tls_front::TlsFront;

#[tokio::test(flavor = "multi_thread")]
async fn jsforce_signs_in_and_does_everything_a_client_does() {
    let org = Org::start().await;
    let report = client::jsforce(
        "jsforce.mjs",
        &[
            ("ORG_URL", &org.url()),
            ("CLIENT_ID", built_in::CLIENT_ID),
            ("CLIENT_SECRET", &org.secrets().client_secret),
            ("ORG_USERNAME", built_in::USERNAME),
            ("ORG_PASSWORD", &org.secrets().password),
        ],
    )
    .await;
    assert_eq!(
        report["pages"],
        json!([2000, 50]),
        "2,050 leads come in two pages"
    );

    let paging = "FROM Lead WHERE Company = 'Jsforce Paging'";
    assert_eq!(org.count(&format!("SELECT COUNT() {paging}")).await, 2046);
    let deleted = format!("SELECT COUNT() {paging} AND IsDeleted = true");
    assert_eq!(
        org.count_all(&deleted).await,
        4,
        "deleted ones stay in the bin"
    );
    let updated = format!("SELECT COUNT() {paging} AND Title = 'Updated together'");
    assert_eq!(org.count(&updated).await, 200);
    assert_eq!(
        upserted(&org, "Jsforce_Key__c").await,
        [
            ["k-1", "Upserted thrice"],
            ["k-2", "Upserted once"],
            ["k-3", "O'Hara \\ Søn"]
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn simple_salesforce_does_everything_with_a_session_it_is_given() {
    let org = Org::start().await;
    let folder = TempDir::new().unwrap();
    let front = TlsFront::start(address(&org).await, folder.path()).await;
    let report = client::simple_salesforce(
        "simple_salesforce_client.py",
        &[
            ("INSTANCE", &front.instance),
            ("SESSION_ID", org.token()),
            ("REQUESTS_CA_BUNDLE", &front.authority.to_string_lossy()),
        ],
    )
    .await;
    assert_eq!(report["first_page"], 2000);
    assert_eq!(report["all_pages"], 2010);

    let paging = "FROM Lead WHERE Company = 'Simple Paging'";
    assert_eq!(org.count(&format!("SELECT COUNT() {paging}")).await, 2007);
    let deleted = format!("SELECT COUNT() {paging} AND IsDeleted = true");
    assert_eq!(
        org.count_all(&deleted).await,
        3,
        "deleted ones stay in the bin"
    );
    let updated = format!("SELECT COUNT() {paging} AND Title = 'Updated together'");
    assert_eq!(org.count(&updated).await, 150);
    assert_eq!(
        upserted(&org, "Simple_Key__c").await,
        [["s-1", "Upserted twice"], ["s-2", "Grüße aus Łódź"]]
    );
}

/// Returns key and last name of the leads with a value in `field`, by key.
async fn upserted(org: &Org, field: &str) -> Vec<[String; 2]> {
    let soql = format!("SELECT {field}, LastName FROM Lead WHERE {field} != null ORDER BY {field}");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    org.records(&soql)
        .await
        .iter()
        .map(|record| [text(&record[field]), text(&record["LastName"])])
        .collect()
}

async fn address(org: &Org) -> SocketAddr {
    let url = reqwest::Url::parse(&org.url()).unwrap();
    let host = (url.host_str().unwrap(), url.port().unwrap());
    let mut addresses = tokio::net::lookup_host(host).await.unwrap();
    addresses.next().unwrap()
}
