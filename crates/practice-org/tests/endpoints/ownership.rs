use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use leadferry_practice_org::{Error, Options, built_in, owner, serve};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{TestOrg, raw, read};

#[tokio::test]
async fn one_owner_at_a_time_and_others_find_it() {
    let org = TestOrg::new().await;
    let file = org.folder.path().join("org.sqlite");
    assert!(matches!(
        serve(&file, Options::default()).await,
        Err(Error::Busy(_))
    ));
    let found = owner(&file).await.unwrap().unwrap();
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
    assert_eq!(owner(&file).await.unwrap(), None);
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
            ..Options::default()
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
        ("client_secret", &again.secrets().client_secret),
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

/// Claims in an org's port file that it is served elsewhere.
fn claim(file: &Path, port: u16) {
    let text = json!({"port": port, "admin_key": "of an impostor"}).to_string();
    std::fs::write(file.with_added_extension("port"), text).unwrap();
}

#[tokio::test]
async fn a_port_that_someone_else_wrote_down_is_never_believed() {
    let (org, impostor) = (TestOrg::new().await, TestOrg::new().await);
    let file = org.folder.path().join("org.sqlite");
    claim(&file, impostor.running.port());
    let found = owner(&file).await;
    assert!(matches!(found, Err(Error::Unproven(_))), "{found:?}");
    // Nothing listens there.
    claim(&file, 1);
    assert!(matches!(owner(&file).await, Err(Error::Unproven(_))));
}

#[tokio::test]
async fn a_proof_that_was_passed_on_from_the_true_owner_is_worth_nothing() {
    let org = TestOrg::new().await;
    let file = org.folder.path().join("org.sqlite");
    let relay = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (relay_port, org_port) = (relay.local_addr().unwrap().port(), org.running.port());
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = relay.accept().await {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..length]);
            let request = request.replace(&relay_port.to_string(), &org_port.to_string());
            let answer = raw(org_port, &request).await;
            assert!(
                answer.contains("\"proof\""),
                "the true owner signs: {answer}"
            );
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    claim(&file, relay_port);
    assert!(matches!(owner(&file).await, Err(Error::Unproven(_))));
    assert!(asked.load(Ordering::SeqCst) > 0, "the relay was asked");
}

#[cfg(unix)]
#[tokio::test]
async fn no_other_user_can_lock_an_org() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let lock = file.with_added_extension("lock");
    std::fs::write(&lock, "").unwrap();
    std::fs::set_permissions(&lock, std::fs::Permissions::from_mode(0o644)).unwrap();
    let _running = serve(&file, Options::default()).await.unwrap();
    let mode = std::fs::metadata(&lock).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_pipes_laid_beside_an_org_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let dear = folder.path().join("dear.txt");
    std::fs::write(&dear, "dear").unwrap();
    let beside = |ending: &str| file.with_added_extension(ending);
    symlink(&dear, beside("lock")).unwrap();
    let refused = serve(&file, Options::default()).await;
    assert!(matches!(refused, Err(Error::Foreign { .. })), "{refused:?}");
    assert!(matches!(owner(&file).await, Err(Error::Foreign { .. })));
    std::fs::remove_file(beside("lock")).unwrap();
    symlink(folder.path().join("nowhere"), beside("lock")).unwrap();
    assert!(matches!(
        serve(&file, Options::default()).await,
        Err(Error::Foreign { .. })
    ));
    assert!(
        !folder.path().join("nowhere").exists(),
        "nothing is made where a link leads"
    );
    std::fs::remove_file(beside("lock")).unwrap();
    // Where the port is written first, and where it ends up.
    symlink(&dear, beside("port.new")).unwrap();
    let running = serve(&file, Options::default()).await.unwrap();
    assert_eq!(std::fs::read_to_string(&dear).unwrap(), "dear");
    assert!(owner(&file).await.unwrap().is_some());
    std::fs::remove_file(beside("port")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(beside("port"))
        .status();
    assert!(pipe.unwrap().success());
    let looking = tokio::time::timeout(Duration::from_secs(20), owner(&file)).await;
    let found = looking.expect("nobody waits for what a pipe says");
    let found = found.unwrap_err().to_string();
    assert!(found.ends_with("org.sqlite.port is a pipe"), "{found}");
    drop(running);
    let linked = folder.path().join("linked.sqlite");
    symlink(&file, &linked).unwrap();
    let refused = serve(&linked, Options::default()).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.ends_with("linked.sqlite is a link"), "{refused}");
}

#[tokio::test]
async fn a_port_that_a_neighbor_has_on_the_other_loopback_address_is_not_used() {
    let neighbor = match tokio::net::TcpListener::bind("[::1]:0").await {
        Ok(neighbor) => neighbor,
        // Without IPv6 nobody can have it.
        Err(error) => return assert!(!has_ipv6_loopback(), "{error}"),
    };
    let port = neighbor.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        port: Some(port),
        ..Options::default()
    };
    let refused = serve(&folder.path().join("org.sqlite"), options).await;
    assert!(matches!(refused, Err(Error::Listen(_))), "{refused:?}");
}

fn has_ipv6_loopback() -> bool {
    let addresses = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    addresses
        .lines()
        .any(|line| line.starts_with(&format!("{:0>32} ", "1")))
}
