//! Connections: what each flow needs, signing in, and what is kept where.

use leadferry_commands::connections::{self, AddConnection, Authorize, Flow};
use leadferry_commands::replications::{self, AddReplication, ReplicationChange};
use leadferry_commands::{Code, Workspace, alerts, practice};

use crate::support::{Machine, User, connected, practice as practice_request};

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_org_is_signed_in_to_when_it_is_added() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let connection = &connections::list(&workspace).unwrap()[0].connection;
    assert!(connection.org_id.is_some());
    assert_eq!(connection.vault, None, "it needs no secrets");
    let tested = connections::test(&workspace, "practice").await.unwrap();
    let objects: Vec<_> = tested
        .describes
        .iter()
        .map(|describe| (describe.object.as_str(), describe.changed))
        .collect();
    assert_eq!(
        objects,
        [("Lead", Some(false)), ("Contact", Some(false))],
        "the fields were read when it was added"
    );
    assert!(tested.budget.is_some());
    assert!(!machine.folder().join("data/secrets.age").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_owner_of_the_practice_org_is_used_and_outlived() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    drop(workspace);
    let other = machine.open();
    let served = practice::serve_until_dropped(&other, None).await.unwrap();
    let workspace = machine.open();
    connections::test(&workspace, "Practice").await.unwrap();
    served.stop().await;
    drop(other);
    connections::test(&workspace, "Practice").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_flow_needs_is_asked_for_before_anything_is_kept() {
    let machine = Machine::new();
    let workspace = machine.create();
    let request = |flow, host: Option<&str>, client_id: Option<&str>| AddConnection {
        flow,
        host: host.map(str::to_owned),
        client_id: client_id.map(str::to_owned),
        ..practice_request("C")
    };
    let incomplete = [
        request(Flow::Browser, None, Some("id")),
        request(Flow::Browser, Some("acme"), None),
        request(
            Flow::Browser,
            Some("http://acme.my.salesforce.com"),
            Some("id"),
        ),
        request(Flow::ClientCredentials, Some("acme"), Some("id")),
        request(Flow::Practice, Some("acme"), None),
    ];
    for request in incomplete {
        let error = connections::add(&workspace, &request).await.unwrap_err();
        assert_eq!(error.code, Code::Usage, "{request:?}");
    }
    assert!(connections::list(&workspace).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_connection_needs_a_sign_in_first() {
    let machine = Machine::new();
    let workspace = machine.create();
    let request = AddConnection {
        flow: Flow::Browser,
        host: Some("acme".to_owned()),
        client_id: Some("id".to_owned()),
        ..practice_request("Production")
    };
    let added = connections::add(&workspace, &request).await.unwrap();
    assert_eq!(
        added.host.as_deref(),
        Some("https://acme.my.salesforce.com")
    );
    assert_eq!(
        connections::test(&workspace, "Production")
            .await
            .unwrap_err()
            .code,
        Code::SignIn
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn client_credentials_are_kept_sealed_and_removed_with_the_connection() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let served = practice::serve_until_dropped(&machine.open(), None).await;
    assert!(served.is_err(), "this process serves it already");
    let request = as_app(&machine, &workspace);
    let added = connections::add(&workspace, &request).await.unwrap();
    assert!(added.has_secret);
    let tested = connections::test(&workspace, "As app").await.unwrap();
    assert!(tested.connection.org_id.is_some());
    let wrong = Machine::with(User {
        passphrase: Some("wrong"),
        ..User::default()
    });
    let host = leadferry_commands::Host {
        environment: machine.host().environment,
        ..wrong.host()
    };
    let reopened = leadferry_commands::Workspace::open(&machine.file(), host).unwrap();
    assert_eq!(
        connections::test(&reopened, "As app")
            .await
            .unwrap_err()
            .code,
        Code::Passphrase
    );
    connections::remove(&workspace, "As app").await.unwrap();
    assert_eq!(connections::list(&workspace).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_its_own_credentials_signs_in_once_for_all_pages_of_a_search() {
    use leadferry_commands::search;
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    connections::add(&workspace, &as_app(&machine, &workspace))
        .await
        .unwrap();
    let ask = search::AskSoql {
        connection: Some("As app".to_owned()),
        soql: "SELECT Id FROM Lead".to_owned(),
        next: None,
    };
    search::soql(&workspace, &ask).await.unwrap();
    // Without the secret nobody can sign in again.
    let data_folder = machine.host().environment.data_folder;
    std::fs::remove_file(data_folder.join("secrets.age")).unwrap();
    search::soql(&workspace, &ask).await.unwrap();
    let tested = connections::test(&workspace, "As app").await;
    assert_eq!(tested.unwrap_err().code, Code::SignIn, "a test signs in");
}

/// A connection to the practice org with an app's own credentials.
fn as_app(machine: &Machine, workspace: &Workspace) -> AddConnection {
    let url = connections::list(workspace).unwrap()[0]
        .connection
        .instance_url
        .clone();
    let file = practice::file_beside(&machine.file());
    let secrets = leadferry_practice_org::secrets(&file).unwrap();
    AddConnection {
        name: "As app".to_owned(),
        flow: Flow::ClientCredentials,
        host: url,
        client_id: Some(leadferry_practice_org::built_in::CLIENT_ID.to_owned()),
        client_secret: Some(secrets.client_secret.into()),
        callback_port: None,
        user: connections::UserSignIn::default(),
    }
}

/// Goes through the sign-in pages as a person at a browser would, and says yes or no.
fn at_the_browser(address: String, password: String, decision: &'static str) {
    use leadferry_practice_org::built_in::USERNAME;
    tokio::spawn(async move {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let (page, query) = address.split_once('?').unwrap();
        let login = [
            ("query", query),
            ("username", USERNAME),
            ("password", password.as_str()),
            ("step", "login"),
        ];
        let consent = http
            .post(page)
            .form(&login)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let ticket = consent
            .split("name=ticket value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let last = http
            .post(page)
            .form(&[("ticket", ticket.as_str()), ("decision", decision)])
            .send()
            .await
            .unwrap();
        drop(last.text().await);
    });
}

pub(crate) fn says_yes(address: String, password: String) {
    at_the_browser(address, password, "allow");
}

fn says_no(address: String, password: String) {
    at_the_browser(address, password, "deny");
}

/// Returns a machine on which someone else serves the practice org, and a browser connection to it.
pub(crate) async fn browser_machine(
    browser: fn(String, String),
) -> (Machine, Workspace, practice::Served) {
    let machine = Machine::with(User {
        passphrase: Some("right"),
        browser: Some(browser),
        ..User::default()
    });
    let served = practice::serve_until_dropped(&machine.create(), None)
        .await
        .unwrap();
    let password = served.info.credentials.password.clone();
    machine.user.password.set(password).unwrap();
    let workspace = machine.open();
    let request = AddConnection {
        flow: Flow::Browser,
        host: Some(served.info.url.clone()),
        client_id: Some(served.info.credentials.client_id.clone()),
        // Tests run side by side: each takes a free port.
        callback_port: Some(0),
        ..practice_request("Org")
    };
    connections::add(&workspace, &request).await.unwrap();
    (machine, workspace, served)
}

pub(crate) const OPEN: Authorize = Authorize {
    open_browser: true,
    key_pasted_at: None,
};

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_with_the_browser_binds_the_connection_and_lasts() {
    let (machine, workspace, _served) = browser_machine(says_yes).await;
    let signed_in = connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    assert!(signed_in.org_id.is_some());
    assert!(signed_in.username.is_some());
    let told = machine.user.told.lock().unwrap().join("\n");
    assert!(
        told.contains("/services/oauth2/authorize?"),
        "the address is told: {told}"
    );
    assert!(
        told.contains("scope=api+refresh_token"),
        "no more rights are asked for than replicating needs: {told}"
    );
    let later = machine.open();
    connections::test(&later, "Org").await.unwrap();
    let bytes = std::fs::read(machine.file()).unwrap();
    let token = b"refresh_token";
    assert!(
        !bytes.windows(token.len()).any(|window| window == token),
        "no secret is in the workspace"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_consent_is_told_with_its_cure() {
    let (_machine, workspace, _served) = browser_machine(says_no).await;
    let error = connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::SignIn);
    assert!(!error.hint.is_empty());
    assert_eq!(
        connections::test(&workspace, "Org").await.unwrap_err().code,
        Code::SignIn
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_renewed_once_for_all_processes() {
    let (machine, workspace, served) = browser_machine(says_yes).await;
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    for round in 0..2 {
        expire_sessions(&served, &machine).await;
        let (one, other) = (machine.open(), machine.open());
        let (first, second) = tokio::join!(
            connections::test(&one, "Org"),
            connections::test(&other, "Org")
        );
        first.unwrap();
        second.unwrap_or_else(|error| panic!("round {round}: {error}"));
    }
    assert_eq!(
        refreshes(&served, &machine).await,
        2,
        "each expiry is answered by one refresh"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_nobody_uses_is_renewed_before_it_lapses() {
    const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;
    let (machine, workspace, served) = browser_machine(says_yes).await;
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    assert!(
        connections::keep_alive(&workspace)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(refreshes(&served, &machine).await, 0);
    let later = leadferry_commands::Host {
        clock: std::sync::Arc::new(|| now() + 4 * WEEK),
        ..machine.host()
    };
    let later = Workspace::open(&machine.file(), later).unwrap();
    let overview = leadferry_commands::statistics::overview(&later).unwrap();
    let told = overview
        .looks
        .iter()
        .any(|look| look.text.contains("hasn't been used for 28 days"));
    assert!(told, "{:?}", overview.looks);
    let leads = AddReplication {
        name: "Leads".to_owned(),
        object: "Lead".to_owned(),
        change: ReplicationChange {
            connection: Some("Org".to_owned()),
            default_company: Some("(none)".to_owned()),
            ..ReplicationChange::default()
        },
    };
    replications::add(&later, &leads).unwrap();
    // Without the passphrase nobody is asked for it in the background.
    for _ in 0..2 {
        assert!(connections::keep_alive(&later).await.unwrap().is_empty());
    }
    let told = alerts::list(&later).unwrap().alerts;
    assert_eq!(told.len(), 1, "once a week: {told:?}");
    assert_eq!(told[0].kind, alerts::AlertKind::SignInLost);
    assert_eq!(
        told[0].message,
        "Org: the sign-in hasn't been used for 28 days, and can expire in 2 days. Test the connection, which renews the \
         sign-in"
    );
    connections::test(&later, "Org").await.unwrap();
    assert_eq!(connections::keep_alive(&later).await.unwrap(), ["Org"]);
    assert_eq!(refreshes(&served, &machine).await, 1);
    assert!(
        connections::keep_alive(&later).await.unwrap().is_empty(),
        "once is enough"
    );
    let overview = leadferry_commands::statistics::overview(&later).unwrap();
    assert!(
        !overview
            .looks
            .iter()
            .any(|look| look.text.contains("hasn't been used"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_refresh_token_is_kept_before_it_is_used() {
    let (machine, workspace, served) = browser_machine(says_yes).await;
    let app = serde_json::json!({
        "client_id": "rotating", "rotate_refresh_tokens": true, "any_port": true,
        "secret_required_for_web_flow": false, "secret_required_for_refresh": false,
    });
    admin_with(&served, &machine, reqwest::Method::POST, "apps", Some(app)).await;
    let request = AddConnection {
        flow: Flow::Browser,
        host: Some(served.info.url.clone()),
        client_id: Some("rotating".to_owned()),
        callback_port: Some(0),
        ..practice_request("Rotating")
    };
    connections::add(&workspace, &request).await.unwrap();
    connections::authorize(&workspace, "Rotating", OPEN)
        .await
        .unwrap();
    for round in 0..3 {
        expire_sessions(&served, &machine).await;
        // Another process each time: all it knows is what was kept.
        let tested = connections::test(&machine.open(), "Rotating").await;
        tested.unwrap_or_else(|error| panic!("round {round}: {error}"));
    }
}

/// A connection whose app the org doesn't know yet.
fn late_app(served: &practice::Served) -> AddConnection {
    AddConnection {
        flow: Flow::ClientCredentials,
        host: Some(served.info.url.clone()),
        client_id: Some("late".to_owned()),
        client_secret: Some("hush".into()),
        ..practice_request("Late")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_app_that_signs_in_by_itself_is_waited_for_and_ends_its_set_up() {
    let (machine, workspace, served) = browser_machine(says_yes).await;
    connections::add(&workspace, &late_app(&served))
        .await
        .unwrap();
    let draft = serde_json::json!({
        "number": 0, "name": "Late", "flow": "client_credentials", "host": "", "client_id": "late", "key_pasted_at": null,
        "callback_port": null, "generation": "lightning", "ticked": ["open"], "connection": "Late", "changed_at": 0,
    });
    let draft: connections::Draft = serde_json::from_value(draft).unwrap();
    connections::save_draft(&workspace, &draft).unwrap();
    let others = connections::Draft {
        connection: None,
        ..draft
    };
    connections::save_draft(&workspace, &others).unwrap();

    let how = Authorize {
        open_browser: false,
        key_pasted_at: Some(now()),
    };
    let known = async {
        let waits = || {
            let state = connections::sign_in_state(&workspace, "Late").unwrap();
            state.under_way.is_some_and(|one| {
                one.phase == connections::Phase::Activating && one.until > Some(now())
            })
        };
        while !waits() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let app = serde_json::json!({
            "client_id": "late", "client_secret": "hush", "client_credentials": true,
        });
        admin_with(&served, &machine, reqwest::Method::POST, "apps", Some(app)).await
    };
    let (outcome, _) = tokio::join!(connections::sign_in(&workspace, "Late", how), known);
    assert!(
        matches!(
            outcome.unwrap(),
            connections::SignInOutcome::SignedIn { .. }
        ),
        "it went on by itself"
    );
    let left = connections::drafts(&workspace).unwrap();
    assert_eq!(left.len(), 1, "the set-up of another connection stays");
    assert_eq!(left[0].connection, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_waits_for_an_app_that_was_entered_just_now_and_for_no_other() {
    let (machine, workspace, served) = browser_machine(says_yes).await;
    connections::add(&workspace, &late_app(&served))
        .await
        .unwrap();
    let told = || machine.user.told.lock().unwrap().join("\n");
    let known = async {
        while !told().contains("Still activating, for up to 15 more minutes") {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let app = serde_json::json!({
            "client_id": "late", "client_secret": "hush", "client_credentials": true,
        });
        admin_with(&served, &machine, reqwest::Method::POST, "apps", Some(app)).await
    };
    let (signed_in, _) = tokio::join!(connections::authorize(&workspace, "Late", OPEN), known);
    assert!(signed_in.unwrap().org_id.is_some());
    assert!(
        told().contains("doesn't recognize the app yet"),
        "{}",
        told()
    );

    let never = AddConnection {
        name: "Never".to_owned(),
        client_id: Some("never".to_owned()),
        ..late_app(&served)
    };
    connections::add(&workspace, &never).await.unwrap();
    let later = leadferry_commands::Host {
        clock: std::sync::Arc::new(|| now() + 16 * 60 * 1000),
        ..machine.host()
    };
    let later = Workspace::open(&machine.file(), later).unwrap();
    let refused = connections::authorize(&later, "Never", OPEN).await;
    assert_eq!(refused.unwrap_err().code, Code::SignIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_sign_in_was_refused_is_there_for_who_comes_back_until_the_next_one() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let wrong = AddConnection {
        client_secret: Some("wrong".into()),
        ..as_app(&machine, &workspace)
    };
    connections::add(&workspace, &wrong).await.unwrap();
    let how = Authorize {
        open_browser: false,
        // An app this old is not waited for.
        key_pasted_at: Some(now() - 16 * 60 * 1000),
    };
    connections::sign_in(&workspace, "As app", how)
        .await
        .unwrap();
    let refused = connections::sign_in_state(&workspace, "As app")
        .unwrap()
        .refused;
    let step = refused.unwrap().step;
    assert_eq!(step, Some(connections::SetUpStep::Secret));
    let right = as_app(&machine, &workspace);
    let change = connections::ChangeConnection {
        client_secret: right.client_secret,
        ..Default::default()
    };
    connections::set(&workspace, "As app", &change)
        .await
        .unwrap();
    connections::sign_in(&workspace, "As app", how)
        .await
        .unwrap();
    let state = connections::sign_in_state(&workspace, "As app").unwrap();
    assert_eq!(state, connections::SignInState::default());
}

fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_sign_in_asks_for_a_new_one() {
    let (machine, workspace, served) = browser_machine(says_yes).await;
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    admin(&served, &machine, reqwest::Method::POST, "sessions/revoke").await;
    assert_eq!(
        connections::test(&workspace, "Org").await.unwrap_err().code,
        Code::SignIn
    );
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    connections::test(&workspace, "Org").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_sign_in_is_gone_asks_for_a_new_one() {
    use leadferry_commands::replications::{self, AddReplication, Cancel, Ending};
    let (machine, workspace, served) = browser_machine(says_yes).await;
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    machine.import(&workspace, "Email,Last name\nada@example.com,Lovelace\n");
    let change = replications::ReplicationChange {
        connection: Some("Org".to_owned()),
        default_company: Some("(none)".to_owned()),
        ..Default::default()
    };
    let request = AddReplication {
        name: "Leads".to_owned(),
        object: "Lead".to_owned(),
        change,
    };
    replications::add(&workspace, &request).unwrap();
    admin(&served, &machine, reqwest::Method::POST, "sessions/revoke").await;
    for _ in 0..2 {
        let wish = replications::RunWish {
            confirm: Some("Org"),
            ..Default::default()
        };
        let run = replications::run_as(&workspace, "Leads", wish, &Cancel::new()).await;
        let run = run.unwrap();
        assert_eq!(run.ending(), Ending::SignIn, "{run:?}");
        assert_eq!(run.report.waiting, 1, "nobody is lost");
    }
    std::fs::remove_file(machine.folder().join("data/secrets.age")).unwrap();
    let run = replications::run(&machine.open(), "Leads", &Cancel::new()).await;
    let run = run.unwrap();
    assert_eq!(run.ending(), Ending::SignIn, "{run:?}");
    let report = leadferry_commands::doctor::examine(&workspace, true)
        .await
        .unwrap();
    assert!(
        report
            .lines
            .iter()
            .any(|line| line.text.contains("is missing")),
        "the doctor sees that the file is not there: {report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_connection_revokes_its_sign_in() {
    let (_machine, workspace, _served) = browser_machine(says_yes).await;
    connections::authorize(&workspace, "Org", OPEN)
        .await
        .unwrap();
    assert!(
        connections::remove(&workspace, "Org")
            .await
            .unwrap()
            .revoked
    );
    assert!(connections::list(&workspace).unwrap().is_empty());
}

pub(crate) async fn expire_sessions(served: &practice::Served, machine: &Machine) {
    admin(served, machine, reqwest::Method::POST, "sessions/expire").await;
}

/// Counts the refreshes that the org has answered.
async fn refreshes(served: &practice::Served, machine: &Machine) -> usize {
    let log = admin(served, machine, reqwest::Method::GET, "requests?limit=1000").await;
    let text = log.to_string();
    text.matches("/services/oauth2/token").count() - 1
}

async fn admin(
    served: &practice::Served,
    machine: &Machine,
    method: reqwest::Method,
    what: &str,
) -> serde_json::Value {
    admin_with(served, machine, method, what, None).await
}

async fn admin_with(
    served: &practice::Served,
    machine: &Machine,
    method: reqwest::Method,
    what: &str,
    body: Option<serde_json::Value>,
) -> serde_json::Value {
    let file = practice::file_beside(&machine.file());
    let owner = leadferry_practice_org::owner(&file).await.unwrap().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/practice-org/admin/{what}", served.info.url);
    let answer = http
        .request(method, url)
        .header("X-Admin-Key", owner.admin_key)
        .json(&body.unwrap_or_else(|| serde_json::json!({})))
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{what}: {}", answer.status());
    answer.json().await.unwrap_or_default()
}
