//! The guided set-up, with the browser sign-in done on the org's own page.

use std::path::Path;

use leadferry_practice_org::{built_in, secrets};
use serde_json::json;

use crate::app::{App, key};
use crate::browser::Browser;
use crate::first_run::{REPLICATION, to_the_plan};

#[test]
fn a_set_up_is_left_gone_on_with_and_ends_signed_in() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let org = app.ask("practice.state", &json!({}));
    let address = org["address"].as_str().unwrap().to_owned();

    app.go("Connections");
    app.press("Connect an org");
    app.see("How should Leadferry sign in?");
    app.picture("13-how-to-sign-in");
    app.press("Sign in with your browser");
    app.see("In Salesforce");
    app.see("Paste the callback");
    app.fill("Name of the connection", "Acme");
    app.fill("Address of your Salesforce", &address);
    app.click(
        "checkbox",
        "1. Open Setup, then External Client App Manager",
    );
    app.press("Finish later");
    app.see("Setup not finished");
    app.press("Continue setup");
    app.see("1 of 8 steps done");
    app.see("Acme");
    app.fill("Consumer key", "3MVG9no.such.app");
    app.picture("13-set-up");
    app.press("Sign in");
    // This machine has no keychain: the secrets go into a sealed file.
    app.see("Choose a passphrase");
    app.fill("Passphrase", "correct horse");
    app.fill("Repeat the passphrase", "correct horse");
    app.press("Set passphrase");
    // The key was pasted just now, so it may be too new for the org.
    app.see("Salesforce doesn’t recognize the app yet");
    app.press("Stop signing in");
    app.see("The sign-in was canceled");
    assert!(
        !app.path("opened").exists(),
        "nobody is sent to an app that isn't there"
    );

    app.fill("Consumer key", built_in::CLIENT_ID);
    app.press("Sign in*");
    let secrets = secrets(Path::new(org["file"].as_str().unwrap())).unwrap();
    let browser = Browser::start(&app.path("browser"));
    browser.refuse(&app.opened(), built_in::USERNAME, &secrets.password);
    app.see("Salesforce refused the sign-in");
    assert!(!app.page().contains("Connected to Acme"), "{}", app.page());
    std::fs::remove_file(app.path("opened")).unwrap();

    app.press("Sign in*");
    let page = app.opened();
    let environment = std::fs::read_to_string(app.path("browser.environment")).unwrap();
    assert!(environment.contains("HOME="), "{environment}");
    assert!(!environment.contains("LEADFERRY_"), "{environment}");
    browser.sign_in(&page, built_in::USERNAME, &secrets.password);
    app.see("Connected to Acme");
    assert!(
        !app.page().contains("OAUTH_APPROVAL_ERROR_GENERIC"),
        "that is for a terminal"
    );
    app.picture("13-connected");
    app.press("Done");
    let connections = app.ask("connections.list", &json!({}));
    let acme = connections
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Acme")
        .unwrap();
    assert!(acme["org_id"].is_string(), "{acme}");
    assert_eq!(
        app.ask("connections.drafts", &json!({})),
        json!([]),
        "nothing of the set-up is left"
    );
    app.picture("14-connection");
    app.go("Connections");
    app.see("Organization ID");
    app.picture("14-connections");
}

#[test]
fn a_connection_with_a_key_is_set_up_from_nothing_and_sends_its_first_contacts() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let org = app.ask("practice.state", &json!({}));
    let address = org["address"].as_str().unwrap().to_owned();

    app.go("Connections");
    app.press("Connect an org");
    app.press("Sign in with a key (JWT bearer)");
    app.see("Enable the JWT Bearer Flow");
    app.fill("Name of the connection", "Server");
    app.press("Create a key");
    app.see("Choose a passphrase");
    app.fill("Passphrase", "correct horse");
    app.fill("Repeat the passphrase", "correct horse");
    app.press("Set passphrase");
    app.see("SHA-256 fingerprint");
    let certificate = app.path("cert.pem");
    app.will_pick(&certificate);
    app.press("Save certificate…");
    app.see("Saved the certificate");
    let saved = std::fs::read_to_string(&certificate).unwrap();
    assert!(saved.contains("BEGIN CERTIFICATE") && !saved.contains("PRIVATE"));
    app.fill("Address of your Salesforce", &address);
    app.fill("Consumer key", built_in::CLIENT_ID);
    app.fill("Username", built_in::USERNAME);
    app.picture("13-signing-key");
    app.press("Sign in");
    // The app in the org doesn't hold the certificate yet.
    app.see("Salesforce refused the sign-in");
    app.picture("13-key-refused");
    let certificate = certificate.to_str().unwrap();
    let trust = [
        "--certificate",
        certificate,
        "--approve",
        built_in::USERNAME,
    ];
    app.cli(&[&["practice-org", "apps", "set"][..], &trust].concat());
    app.press("Sign in again");
    app.see("Connected to Server");
    app.press("Done");
    app.press("Show assertion");
    app.see("RS256");
    app.picture("14-assertion");
    app.press("Copy header and claims");
    app.keys(&[], &key::ESCAPE.to_string());
    for way in ["Cancel", "Close"] {
        app.press("Revoke…");
        app.click_within("Revoke the sign-in to Server", "button", way);
        app.until("the dialog is closed", |app| {
            !app.has("dialog", "Revoke the sign-in to Server")
        });
    }
    app.press("Revoke…");
    app.see("Salesforce forgets this sign-in");
    app.press("Revoke sign-in");
    app.see("signs in again when it is used");
    app.press("Re-authorize…");
    app.click_within("Authorize access to Server", "button", "Authorize");
    app.see("Connected to Server");
    app.picture("14-connected-again");
    app.press("Done");

    // From here on it is a connection as any other, to an org that counts as production.
    app.cli(&["replications", "set", REPLICATION, "--enabled", "false"]);
    app.cli(&[
        "replications",
        "copy",
        REPLICATION,
        "By key",
        "--connection",
        "Server",
    ]);
    // The window knows the passphrase.
    let by_key = json!({"name": "By key", "check_only": false});
    app.ask("replications.prepare_org", &by_key);
    app.ask("replications.match", &json!({"name": "By key"}));
    app.go("Replications");
    app.click("link", "By key");
    app.click("tab", "Plan*");
    app.press("Resume");
    app.press("Create *");
    app.fill("Type Server to continue", "Server");
    app.press("Run now");
    app.find("heading", "Run *");
    app.see("Finished");
    let runs = app.ask("runs.list", &json!({"limit": 1}));
    assert_eq!(runs[0]["state"], "finished", "{runs}");
    assert!(runs[0]["created"].as_u64() > Some(100), "{runs}");
}
