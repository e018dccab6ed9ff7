use leadferry_practice_org::{Error, Options, built_in, owner, serve};
use reqwest::Method;
use serde_json::json;

use crate::support::{TestOrg, read};

#[tokio::test]
async fn one_owner_at_a_time_and_others_find_it() {
    let org = TestOrg::new().await;
    let file = org.folder.path().join("org.sqlite");
    assert!(matches!(
        serve(&file, Options::default()).await,
        Err(Error::Busy(_))
    ));
    let found = owner(&file).unwrap().unwrap();
    assert_eq!(
        (found.port, found.admin_key.as_str()),
        (org.running.port(), org.running.admin_key())
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(org.folder.path().join("org.sqlite.port"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    org.running.stop().await;
    assert_eq!(owner(&file).unwrap(), None);
    assert!(!org.folder.path().join("org.sqlite.port").exists());
}

#[tokio::test]
async fn records_tokens_and_faults_outlive_the_owner() {
    let mut org = TestOrg::new().await;
    let file = org.folder.path().join("org.sqlite");
    org.key_field("Lead").await;
    let id = org.lead("Kept", "kept@example.com").await;
    org.fault(json!({"name": "server_unavailable", "times": 1, "match": {"path": "/limits"}}))
        .await;
    let port = org.running.port();
    org.running.stop().await;
    org.running = serve(
        &file,
        Options {
            port: Some(port),
            sample_people: true,
        },
    )
    .await
    .unwrap();
    assert_eq!(org.get("/limits").await.0, 503);
    let (status, lead) = org.get(&format!("/sobjects/Lead/{id}")).await;
    assert_eq!(
        (status, lead.get("Key__c").is_some()),
        (200, true),
        "the session goes on, and so do fields and grants"
    );
    assert_eq!(
        org.records("SELECT Id FROM Lead").await.len(),
        1,
        "only a new org is filled"
    );
}

#[tokio::test]
async fn a_dropped_owner_lets_go() {
    let org = TestOrg::with(Options {
        sample_people: true,
        ..Options::default()
    })
    .await;
    assert!(!org.records("SELECT Id FROM Contact").await.is_empty());
    let file = org.folder.path().join("org.sqlite");
    drop(org.running);
    let again = serve(&file, Options::default()).await.unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", built_in::CLIENT_SECRET),
    ];
    let answer = org
        .client
        .request(
            Method::POST,
            format!("{}/services/oauth2/token", again.url()),
        )
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(read(answer).await.0, 200);
}
