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
    let report = client::node("jsforce.mjs", &keys(&org, &org.url())).await;
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

/// Situations of jsforce's own tests that must pass, of 98.
const LEAST_OF_THE_SUITE: u64 = 91;

#[tokio::test(flavor = "multi_thread")]
async fn what_jsforces_own_tests_try_works() {
    let org = Org::start().await;
    let report = client::node("jsforce_suite.mjs", &keys(&org, &org.url())).await;
    assert_eq!(report["failed"], json!([]));
    let passed = report["passed"].as_u64().unwrap();
    assert!(passed >= LEAST_OF_THE_SUITE, "{report}");
    let skipped = report["skipped"].as_array().unwrap().len() as u64;
    assert_eq!(
        passed + skipped,
        98,
        "every situation is tried or says why not"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nforce_does_everything_a_client_does() {
    let org = Org::start().await;
    let report = client::node("nforce.mjs", &keys(&org, &org.url())).await;
    assert_eq!(report["pages"], json!([2000, 2010]));
    assert_eq!(upserted(&org, "Nforce_Key__c").await, [["n-1", "Twice"]]);
    let paging = "SELECT COUNT() FROM Lead WHERE Company = 'Nforce Paging'";
    assert_eq!(org.count(paging).await, 2010);
}

/// Only `cargo xtask proof --clients` installs them: 800 MB from npm, and each command takes seconds to start.
#[tokio::test(flavor = "multi_thread")]
async fn the_salesforce_cli_and_sfdmu_do_their_everyday_work() {
    if std::env::var_os("LEADFERRY_PROOF_CLIENTS").is_none() {
        return;
    }
    let org = Org::start().await;
    let report = client::node("sf.mjs", &keys(&org, &org.url())).await;
    eprintln!("{report}");
    assert!(report["commands"].as_u64().unwrap() >= 20, "{report}");
    let leads = "SELECT COUNT() FROM Lead WHERE Company = 'Sfdmu'";
    assert_eq!(org.count(leads).await, 2);
    let trees = "SELECT COUNT() FROM Contact WHERE Account.Name = 'Tree'";
    assert_eq!(org.count(trees).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn aiosalesforce_signs_in_both_ways_and_sends_composites() {
    let org = Org::start().await;
    let report = client::python("aiosalesforce_client.py", &keys(&org, &org.url())).await;
    assert_eq!(report["accounts"], 2);
    assert_eq!(
        upserted(&org, "Aio_Key__c").await,
        [["a-1", "O'Hara \\ Søn"], ["a-2", "Two"]]
    );
    let together =
        "SELECT COUNT() FROM Contact WHERE LastName = 'Roe' AND Account.Name = 'Composed'";
    assert_eq!(org.count(together).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn simple_salesforce_does_everything_with_a_session_it_is_given() {
    let org = Org::start().await;
    let folder = TempDir::new().unwrap();
    let front = TlsFront::start(address(&org).await, folder.path()).await;
    let report = client::python(
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

#[tokio::test(flavor = "multi_thread")]
async fn jsforce_loads_and_reads_with_bulk_jobs() {
    let org = Org::start().await;
    let session = [("ORG_URL", &*org.url()), ("SESSION_ID", org.token())];
    let report = client::node("jsforce_bulk.mjs", &session).await;
    assert_eq!(report["inserted"], 450);
    let updated = "SELECT COUNT() FROM Lead WHERE Title = 'Bulk'";
    assert_eq!(org.count(updated).await, 250);
    let keyed = upserted(&org, "Email").await;
    assert_eq!(
        keyed,
        [["b-1@example.com", "Twice"], ["b-2@example.com", "Twice"]]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn simple_salesforce_loads_and_reads_with_bulk_jobs() {
    let org = Org::start().await;
    let session = [("ORG_URL", &*org.url()), ("SESSION_ID", org.token())];
    let report = client::python("simple_salesforce_bulk.py", &session).await;
    assert_eq!(report["inserted"], 450);
    let updated = "SELECT COUNT() FROM Lead WHERE Title = 'Bulk'";
    assert_eq!(org.count(updated).await, 250);
    let keyed = upserted(&org, "Email").await;
    assert_eq!(
        keyed,
        [["c-1@example.com", "Twice"], ["c-2@example.com", "Twice"]]
    );
}

/// What a script needs to sign in to the org.
fn keys<'a>(org: &'a Org, url: &'a str) -> [(&'static str, &'a str); 5] {
    [
        ("ORG_URL", url),
        ("CLIENT_ID", built_in::CLIENT_ID),
        ("CLIENT_SECRET", &org.secrets().client_secret),
        ("ORG_USERNAME", built_in::USERNAME),
        ("ORG_PASSWORD", &org.secrets().password),
    ]
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
