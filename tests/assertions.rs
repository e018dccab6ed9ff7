//! Our assertions and those of others are the same: an independent library reads ours, and the practice org takes theirs.

use std::time::{SystemTime, UNIX_EPOCH};

use leadferry_practice_org::built_in;
use leadferry_salesforce::auth::Assertion;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::support::client;
use crate::support::org::Org;

const KEY: &str = include_str!("../crates/commands/tests/files/keys/pkcs8.pem");
const CERTIFICATE: &str = include_str!("../crates/commands/tests/files/keys/cert.pem");

#[tokio::test(flavor = "multi_thread")]
async fn pyjwt_reads_ours_and_simple_salesforce_signs_in_with_its_own() {
    let org = org_that_trusts_the_key().await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let ours = Assertion {
        issuer: built_in::CLIENT_ID.to_owned(),
        subject: built_in::USERNAME.to_owned(),
        audience: "https://login.salesforce.com".to_owned(),
        expires_at_s: i64::try_from(now.as_secs()).unwrap() + 180,
    };
    let ours = ours.signed(&KEY.into()).unwrap();
    let url = org.url();
    let mut settings = keys(&url).to_vec();
    settings.push(("ASSERTION", ours.expose_secret()));
    settings.push(("CERTIFICATE", CERTIFICATE));
    let report = client::python("assertions.py", &settings).await;
    assert_eq!(report["username"], built_in::USERNAME);
}

#[tokio::test(flavor = "multi_thread")]
async fn jsforce_signs_in_with_an_assertion_that_node_signs() {
    let org = org_that_trusts_the_key().await;
    let report = client::node("assertions.mjs", &keys(&org.url())).await;
    assert_eq!(report["username"], built_in::USERNAME);
}

async fn org_that_trusts_the_key() -> Org {
    let org = Org::start().await;
    let policy = json!({
        "certificate": CERTIFICATE,
        "admin_approved_only": true,
        "approved_users": [built_in::USERNAME],
    });
    let app = format!("apps/{}", built_in::CLIENT_ID);
    org.admin(reqwest::Method::PATCH, &app, policy).await;
    org
}

fn keys(url: &str) -> [(&'static str, &str); 4] {
    [
        ("ORG_URL", url),
        ("CLIENT_ID", built_in::CLIENT_ID),
        ("ORG_USERNAME", built_in::USERNAME),
        ("PRIVATE_KEY", KEY),
    ]
}
