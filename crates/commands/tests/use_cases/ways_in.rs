//! Signing in with a key, and with a password: what is kept where, what is refused and why, and what can be changed.

use std::path::{Path, PathBuf};

use leadferry_commands::connections::{
    self, AddConnection, ChangeConnection, Flow, SetUpStep, SignInOutcome, UserSignIn,
};
use leadferry_commands::keys::{self, ImportKey, KeyInfo, Passphrases};
use leadferry_commands::practice::{self, AppChange};
use leadferry_commands::statistics::{self, LookKind};
use leadferry_commands::{Code, Workspace, doctor, workspace};
use leadferry_practice_org::built_in;

use crate::connections::{OPEN, browser_machine, expire_sessions, says_yes};
use crate::support::{Machine, User, practice as practice_request};

const PASSPHRASE: &str = "hush-hush";

fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/files/keys")
        .join(name)
}

fn certificate() -> String {
    std::fs::read_to_string(key_file("cert.pem")).unwrap()
}

fn imported(workspace: &Workspace) -> KeyInfo {
    let request = ImportKey {
        path: key_file("modern.p12"),
        passphrases: Passphrases {
            file: Some(PASSPHRASE.into()),
            key: None,
        },
        ..ImportKey::default()
    };
    keys::import(workspace, &request).unwrap()
}

/// Makes the practice org trust the key, and approve its user.
async fn trust(workspace: &Workspace) {
    let change = AppChange {
        certificate: Some(certificate()),
        admin_approved_only: Some(true),
        approved_users: Some(vec![built_in::USERNAME.to_owned()]),
        ..AppChange::default()
    };
    practice::change_app(workspace, None, &change)
        .await
        .unwrap();
}

fn by_key(served: &practice::Served, key: &KeyInfo) -> AddConnection {
    AddConnection {
        flow: Flow::Jwt,
        host: Some(served.info.url.clone()),
        client_id: Some(built_in::CLIENT_ID.to_owned()),
        user: UserSignIn {
            username: Some(built_in::USERNAME.to_owned()),
            key: Some(key.id.clone()),
            ..UserSignIn::default()
        },
        ..practice_request("Key")
    }
}

fn by_password(served: &practice::Served, password: &str) -> AddConnection {
    AddConnection {
        flow: Flow::Password,
        host: Some(served.info.url.clone()),
        client_id: Some(built_in::CLIENT_ID.to_owned()),
        client_secret: Some(served.info.credentials.client_secret.clone().into()),
        user: UserSignIn {
            username: Some(built_in::USERNAME.to_owned()),
            password: Some(password.into()),
            ..UserSignIn::default()
        },
        ..practice_request("Password")
    }
}

/// Returns a connection that signs in with a key which the org trusts.
async fn signed_in_by_key() -> (Machine, Workspace, practice::Served, KeyInfo) {
    let (machine, workspace, served) = browser_machine(says_yes).await;
    let key = imported(&workspace);
    trust(&workspace).await;
    connections::add(&workspace, &by_key(&served, &key))
        .await
        .unwrap();
    let signed_in = connections::authorize(&workspace, "Key", OPEN)
        .await
        .unwrap();
    assert!(signed_in.org_id.is_some());
    (machine, workspace, served, key)
}

/// Signs in and returns the step that the refusal marks, with what it says.
async fn refused(workspace: &Workspace, name: &str) -> (Option<SetUpStep>, String) {
    match connections::sign_in(workspace, name, OPEN).await.unwrap() {
        SignInOutcome::SignedIn { .. } => panic!("{name} was signed in"),
        SignInOutcome::Refused { failure } => {
            (failure.step, format!("{} {}", failure.cause, failure.cure))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ends_is_told_wherever_a_sign_in_is_looked_at() {
    let (_machine, workspace, _served, key) = signed_in_by_key().await;
    let now = jiff::Timestamp::now().as_millisecond();
    for (ends, told) in [
        (now + 20 * 86_400_000 - 1, "expires in 19 days"),
        (now - 1, "has expired"),
    ] {
        let store = workspace.store();
        let mut kept = store.read(|reader| reader.signing_key(&key.id)).unwrap();
        kept.expires_at = Some(ends);
        store
            .write(|writer| writer.save_signing_key(&kept))
            .unwrap();
        let check = connections::check(&workspace, "Key").await.unwrap();
        let line = check
            .lines
            .iter()
            .find(|line| line.what == "Certificate of the key");
        assert_eq!(line.unwrap().text, told);
        let doctor = doctor::examine(&workspace, true).await.unwrap();
        let line = doctor
            .lines
            .iter()
            .find(|line| line.what == "certificate of Key");
        assert_eq!(line.unwrap().text, told);
        let looks = statistics::overview(&workspace).unwrap().looks;
        let look = looks
            .iter()
            .find(|look| look.kind == LookKind::CertificateEnds);
        assert!(look.unwrap().text.contains(told));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_salesforce_refuses_stands_on_the_overview() {
    let (machine, workspace, served, _key) = signed_in_by_key().await;
    let change = AppChange {
        approved_users: Some(Vec::new()),
        ..AppChange::default()
    };
    practice::change_app(&workspace, None, &change)
        .await
        .unwrap();
    expire_sessions(&served, &machine).await;
    let refused = connections::test(&workspace, "Key").await.unwrap_err();
    let command = refused.command.as_deref();
    assert_eq!(
        command,
        Some("connections check \"Key\""),
        "it has a note for the admin"
    );
    let looks = statistics::overview(&workspace).unwrap().looks;
    let kinds: Vec<_> = looks.iter().map(|look| look.kind).collect();
    assert!(kinds.contains(&LookKind::SignInRefused), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_signs_in_and_signs_in_again_when_the_session_has_expired() {
    let (machine, workspace, served, key) = signed_in_by_key().await;
    expire_sessions(&served, &machine).await;
    connections::test(&workspace, "Key").await.unwrap();
    connections::test(&machine.open(), "Key").await.unwrap();
    let details = connections::details(&workspace, "Key").unwrap();
    assert_eq!(
        details.scopes.len(),
        1,
        "a key needs no refresh token: {:?}",
        details.scopes
    );
    assert_eq!(details.scopes[0].granted, Some(true));
    let all = connections::list(&workspace).unwrap();
    let listed = all.iter().find(|one| one.connection.name == "Key").unwrap();
    assert_eq!(listed.connection.facts.token_is_jwt, Some(false));
    let security = connections::security(&workspace).unwrap();
    let kept = security
        .connections
        .iter()
        .find(|one| one.name == "Key")
        .unwrap();
    assert!(kept.has_key && !kept.has_sign_in && !kept.has_password);
    let used = keys::find(&workspace, &key.id[..12]).unwrap();
    assert_eq!(used.connections, ["Key"]);
    assert!(used.is_here);
    let refused = keys::discard(&workspace, &key.id).unwrap_err();
    assert_eq!(refused.code, Code::Usage, "it is in use");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_of_a_key_marks_the_step_that_mends_it() {
    let (_machine, workspace, _served, _) = signed_in_by_key().await;
    let change = async |change: AppChange| {
        practice::change_app(&workspace, None, &change)
            .await
            .unwrap();
    };
    let set = async |user: UserSignIn| {
        let change = ChangeConnection {
            user,
            ..ChangeConnection::default()
        };
        connections::set(&workspace, "Key", &change).await.unwrap();
    };
    let audience = |text: &str| UserSignIn {
        audience: Some(text.to_owned()),
        ..UserSignIn::default()
    };
    set(audience("https://test.salesforce.com")).await;
    assert_eq!(refused(&workspace, "Key").await.0, Some(SetUpStep::Address));
    set(audience("")).await;
    connections::authorize(&workspace, "Key", OPEN)
        .await
        .unwrap();

    change(AppChange {
        certificate: Some(String::new()),
        ..AppChange::default()
    })
    .await;
    let (step, words) = refused(&workspace, "Key").await;
    assert_eq!(step, Some(SetUpStep::Certificate), "{words}");
    trust(&workspace).await;
    change(AppChange {
        approved_users: Some(Vec::new()),
        ..AppChange::default()
    })
    .await;
    assert_eq!(refused(&workspace, "Key").await.0, Some(SetUpStep::Users));
    change(AppChange {
        admin_approved_only: Some(false),
        ..AppChange::default()
    })
    .await;
    let (step, words) = refused(&workspace, "Key").await;
    assert_eq!(step, Some(SetUpStep::Users));
    assert!(words.contains("admin"), "{words}");
    // Once they have allowed the app in the browser, the key is enough.
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    connections::authorize(&workspace, "Key", OPEN)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_assertion_is_shown_without_what_would_sign_in() {
    let (_machine, workspace, served, key) = signed_in_by_key().await;
    let shown = connections::assertion(&workspace, "Key").unwrap();
    assert_eq!(shown.claims["iss"], built_in::CLIENT_ID);
    assert_eq!(shown.claims["sub"], built_in::USERNAME);
    assert_eq!(shown.claims["aud"], served.info.url);
    assert_eq!(shown.expires_at / 1000 - shown.made_at / 1000, 180);
    assert_eq!(shown.key.unwrap().id, key.id);
    assert!(shown.warnings.is_empty(), "{:?}", shown.warnings);
    let long = UserSignIn {
        lifetime_s: Some(900),
        ..UserSignIn::default()
    };
    let change = ChangeConnection {
        user: long,
        ..ChangeConnection::default()
    };
    connections::set(&workspace, "Key", &change).await.unwrap();
    let shown = connections::assertion(&workspace, "Key").unwrap();
    assert_eq!(shown.warnings.len(), 1);
    assert!(
        connections::assertion(&workspace, "Org").is_err(),
        "it has no key"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stays_with_its_host_and_on_its_computer() {
    let (machine, workspace, _served, _) = signed_in_by_key().await;
    let elsewhere = ChangeConnection {
        host: Some("acme".to_owned()),
        ..ChangeConnection::default()
    };
    let refused = connections::set(&workspace, "Key", &elsewhere)
        .await
        .unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("key"), "{refused:?}");
    drop(workspace);

    let other = Machine::with(User {
        passphrase: Some("another"),
        ..User::default()
    });
    std::fs::copy(machine.file(), other.file()).unwrap();
    let workspace = other.open();
    let unapproved = connections::test(&workspace, "Key").await.unwrap_err();
    assert_eq!(unapproved.code, Code::Unapproved);
    let review = workspace::review(&workspace).unwrap();
    workspace::approve(&workspace, &review.digest).unwrap();
    let error = connections::test(&workspace, "Key").await.unwrap_err();
    assert_eq!(error.code, Code::SignIn, "{error:?}");
    assert!(
        error.to_string().contains("isn't stored on this computer"),
        "{error}"
    );
    assert!(error.hint.contains("Import the key file"), "{}", error.hint);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_use_is_exported_to_a_new_file_and_overwrites_none() {
    let (machine, workspace, _served, key) = signed_in_by_key().await;
    let place = machine.folder().join("server.p12");
    let passphrase = "battery staple".into();
    let exported = keys::export(&workspace, "Key", &passphrase, &place).unwrap();
    assert_eq!(exported.id, key.id);
    let opened = Passphrases {
        file: Some(passphrase.clone()),
        key: None,
    };
    let held = keys::inspect(&place, &opened).unwrap();
    assert_eq!(held.entries.len(), 1);
    assert_eq!(held.entries[0].bits, Some(2048));
    assert_eq!(held.entries[0].certificate, key.certificate);
    let before = std::fs::read(&place).unwrap();
    assert!(keys::export(&workspace, "Key", &passphrase, &place).is_err());
    assert_eq!(std::fs::read(&place).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_replaces_the_old_one_and_nothing_of_it_is_left() {
    let (machine, workspace, _served, old) = signed_in_by_key().await;
    let request = ImportKey {
        path: key_file("java.p12"),
        passphrases: Passphrases {
            file: Some(PASSPHRASE.into()),
            key: None,
        },
        alias: Some("second".to_owned()),
        certificate: None,
    };
    let second = keys::import(&workspace, &request).unwrap();
    let place = machine.folder().join("cert.pem");
    keys::save_certificate(&workspace, &second.id, &place).unwrap();
    assert!(
        keys::save_certificate(&workspace, &second.id, &place).is_err(),
        "a file is there"
    );
    let change = ChangeConnection {
        user: UserSignIn {
            key: Some(second.id.clone()),
            ..UserSignIn::default()
        },
        ..ChangeConnection::default()
    };
    connections::set(&workspace, "Key", &change).await.unwrap();
    let (step, words) = refused(&workspace, "Key").await;
    assert_eq!(
        step,
        Some(SetUpStep::Certificate),
        "the app trusts the old one: {words}"
    );
    let app = AppChange {
        certificate: Some(std::fs::read_to_string(&place).unwrap()),
        ..AppChange::default()
    };
    practice::change_app(&workspace, None, &app).await.unwrap();
    connections::authorize(&workspace, "Key", OPEN)
        .await
        .unwrap();
    let left: Vec<_> = keys::list(&workspace)
        .unwrap()
        .into_iter()
        .map(|key| key.id)
        .collect();
    assert_eq!(left, std::slice::from_ref(&second.id));
    assert_ne!(left, [old.id]);
    connections::remove(&workspace, "Key").await.unwrap();
    assert!(keys::list(&workspace).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_signs_in_and_its_refusals_lead_to_the_browser() {
    let (_machine, workspace, served) = browser_machine(says_yes).await;
    let password = served.info.credentials.password.clone();
    connections::add(&workspace, &by_password(&served, "not it"))
        .await
        .unwrap();
    let (step, words) = refused(&workspace, "Password").await;
    assert_eq!(step, Some(SetUpStep::Password));
    assert!(words.contains("browser"), "{words}");
    let set = async |user: UserSignIn| {
        let change = ChangeConnection {
            user,
            ..ChangeConnection::default()
        };
        connections::set(&workspace, "Password", &change).await
    };
    let right = UserSignIn {
        password: Some(password.into()),
        ..UserSignIn::default()
    };
    set(right).await.unwrap();
    connections::authorize(&workspace, "Password", OPEN)
        .await
        .unwrap();
    let token = AppChange {
        security_token: Some("tok3n".to_owned()),
        ..AppChange::default()
    };
    practice::change_app(&workspace, None, &token)
        .await
        .unwrap();
    assert_eq!(
        refused(&workspace, "Password").await.0,
        Some(SetUpStep::Password)
    );
    let token = UserSignIn {
        security_token: Some("tok3n".into()),
        ..UserSignIn::default()
    };
    set(token).await.unwrap();
    connections::authorize(&workspace, "Password", OPEN)
        .await
        .unwrap();
    let warned = connections::details(&workspace, "Password")
        .unwrap()
        .warnings;
    assert!(
        warned.iter().any(|one| one.text.contains("discouraged")),
        "{warned:?}"
    );

    practice::set_switches(
        &workspace,
        &[(
            "blocked_password_flow_is_unsupported".to_owned(),
            "true".to_owned(),
        )],
    )
    .await
    .unwrap();
    let blocked = AppChange {
        password_flow: Some(false),
        ..AppChange::default()
    };
    practice::change_app(&workspace, None, &blocked)
        .await
        .unwrap();
    let (step, words) = refused(&workspace, "Password").await;
    assert_eq!(step, Some(SetUpStep::Flow));
    assert!(words.contains("browser"), "{words}");

    let to_browser = ChangeConnection {
        flow: Some(Flow::Browser),
        callback_port: Some(0),
        ..ChangeConnection::default()
    };
    let changed = connections::set(&workspace, "Password", &to_browser)
        .await
        .unwrap();
    assert_eq!(changed.host.as_deref(), Some(served.info.url.as_str()));
    assert!(changed.has_secret, "what was entered for the app stays");
    let security = connections::security(&workspace).unwrap();
    assert!(security.connections.iter().all(|one| !one.has_password));
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_ends_the_sign_in_and_keeps_the_connection() {
    let (_machine, workspace, _served, _) = signed_in_by_key().await;
    let revoked = connections::revoke(&workspace, "Key").await.unwrap();
    assert!(revoked.revoked && revoked.signs_in_again);
    let again = connections::revoke(&workspace, "Key").await.unwrap();
    assert!(!again.revoked, "there is nothing left");
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    let revoked = connections::revoke(&workspace, "Org").await.unwrap();
    assert!(revoked.revoked && !revoked.signs_in_again);
    let error = connections::test(&workspace, "Org").await.unwrap_err();
    assert_eq!(error.code, Code::SignIn);
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    connections::test(&workspace, "Org").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_secret_is_in_no_file_and_no_text() {
    let (machine, workspace, served, _) = signed_in_by_key().await;
    let password = served.info.credentials.password.clone();
    let mut request = by_password(&served, &password);
    request.user.security_token = Some("tok3n-of-mine".into());
    let shown = format!("{request:?}");
    connections::add(&workspace, &request).await.unwrap();
    let _ = connections::sign_in(&workspace, "Password", OPEN)
        .await
        .unwrap();
    let private = std::fs::read_to_string(key_file("pkcs8.pem")).unwrap();
    let line = private.lines().nth(3).unwrap();
    let secrets = [line, PASSPHRASE, "tok3n-of-mine", password.as_str()];
    let told = machine.user.told.lock().unwrap().join("\n");
    let listed = serde_json::to_string(&connections::list(&workspace).unwrap()).unwrap();
    let keys = serde_json::to_string(&keys::list(&workspace).unwrap()).unwrap();
    for secret in secrets {
        for text in [&shown, &told, &listed, &keys] {
            assert!(!text.contains(secret), "{secret:.4}… is in {text}");
        }
    }
    drop(workspace);
    for file in files_in(machine.folder()) {
        // The practice org knows its own user's password.
        if file.to_string_lossy().contains("practice-org") {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        for secret in secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret:.4}… is in {}", file.display());
        }
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| match path.is_dir() {
        true => files_in(&path),
        false => vec![path],
    });
    files.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_address_or_consumer_key_costs_no_key() {
    let (_machine, workspace, served) = browser_machine(says_yes).await;
    let key = imported(&workspace);
    trust(&workspace).await;
    let right = by_key(&served, &key);
    let mistyped = AddConnection {
        host: Some("acme".to_owned()),
        client_id: Some("3MVG9mistyped".to_owned()),
        ..right.clone()
    };
    connections::add(&workspace, &mistyped).await.unwrap();
    let change = ChangeConnection {
        host: right.host,
        client_id: right.client_id,
        ..ChangeConnection::default()
    };
    connections::set(&workspace, "Key", &change).await.unwrap();
    connections::authorize(&workspace, "Key", OPEN)
        .await
        .unwrap();
    let another_app = ChangeConnection {
        client_id: Some("3MVG9another".to_owned()),
        ..ChangeConnection::default()
    };
    connections::set(&workspace, "Key", &another_app)
        .await
        .unwrap();
    assert!(keys::find(&workspace, &key.id).unwrap().is_here);
}
