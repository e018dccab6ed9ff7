//! The secrets of an org: its own, kept in its file, and guessed by nobody.

use std::time::{Duration, Instant};

use leadferry_practice_org::{Error, Options, Secrets, built_in, secrets, serve};
use serde_json::Value;

use crate::support::{TestOrg, read};

async fn sign_in(org: &TestOrg, client_secret: &str, password: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "password"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", client_secret),
        ("username", built_in::USERNAME),
        ("password", password),
    ];
    let url = format!("{}/services/oauth2/token", org.running.url());
    read(org.client.post(url).form(&form).send().await.unwrap()).await
}

#[tokio::test]
async fn no_two_orgs_have_the_same_secrets_and_each_file_keeps_its_own() {
    let (one, other) = (TestOrg::new().await, TestOrg::new().await);
    let of = |org: &TestOrg| -> Secrets { org.running.secrets().clone() };
    assert_ne!(of(&one).client_secret, of(&other).client_secret);
    assert_ne!(of(&one).password, of(&other).password);
    assert!(of(&one).client_secret.len() >= 64);
    let file = one.folder.path().join("org.sqlite");
    assert_eq!(
        secrets(&file).unwrap(),
        of(&one),
        "another process can read them"
    );
    let (_, theirs) = sign_in(&one, &of(&other).client_secret, &of(&other).password).await;
    assert_eq!(theirs["error"], "invalid_client");
    let kept = of(&one);
    one.running.stop().await;
    let again = serve(&file, Options::default()).await.unwrap();
    assert_eq!(*again.secrets(), kept, "they stay the same");
    assert_eq!(format!("{kept:?}"), "Secrets(hidden)", "no log shows them");
}

#[tokio::test]
async fn an_org_of_the_time_when_all_had_the_same_secrets_gets_its_own() {
    let org = TestOrg::new().await;
    let file = org.folder.path().join("org.sqlite");
    org.running.stop().await;
    let conn = rusqlite::Connection::open(&file).unwrap();
    conn.execute_batch(
        "DELETE FROM settings WHERE name IN ('password', 'proof_key');
         UPDATE apps SET definition = json_set(definition, '$.client_secret', 'PRACTICE0SECRET', '$.scopes', json('[\"api\"]'));",
    )
    .unwrap();
    drop(conn);
    assert!(matches!(secrets(&file), Err(Error::NoSecrets)));
    let running = serve(&file, Options::default()).await.unwrap();
    let org = TestOrg {
        running,
        ..TestOrg::new().await
    };
    for (secret, password) in [
        ("PRACTICE0SECRET", "practice"),
        ("PRACTICE0SECRET", org.running.secrets().password.as_str()),
        (org.running.secrets().client_secret.as_str(), "practice"),
    ] {
        assert_eq!(sign_in(&org, secret, password).await.0, 400);
    }
    let own = org.running.secrets();
    let (status, body) = sign_in(&org, &own.client_secret, &own.password).await;
    assert_eq!(
        (status, &body["scope"]),
        (200, &"api".into()),
        "the app is as it was"
    );
}

#[tokio::test]
async fn whoever_guesses_waits_and_whoever_knows_does_not() {
    let org = TestOrg::new().await;
    let own = org.running.secrets();
    for n in 0..3 {
        assert_eq!(
            sign_in(&org, &own.client_secret, &format!("guess {n}"))
                .await
                .0,
            400
        );
    }
    let began = Instant::now();
    sign_in(&org, "a guess at the client secret", &own.password).await;
    let url = format!("{}/practice-org/admin/apps", org.running.url());
    let guess = org.client.get(url).header("X-Admin-Key", "a guess");
    assert_eq!(guess.send().await.unwrap().status(), 403);
    sign_in(&org, &own.client_secret, "guess").await;
    assert!(
        began.elapsed() >= Duration::from_millis(250 + 500 + 1000),
        "each waits longer"
    );
    let began = Instant::now();
    assert_eq!(
        sign_in(&org, &own.client_secret, &own.password).await.0,
        200
    );
    assert!(
        began.elapsed() < Duration::from_millis(2000),
        "the user is not locked out"
    );
}
