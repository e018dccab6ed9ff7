//! Replications made in the window.

use std::path::Path;

use serde_json::json;

use crate::app::App;
use crate::first_run::{REPLICATION, to_the_plan};

const NAME: &str = "Newsletter";

#[test]
fn a_lead_replication_is_made_in_the_window_with_the_only_connection_and_a_default_company() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("people.leadferry");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/contacts.csv");
    let file = folder.path().join("contacts.csv");
    std::fs::copy(samples, &file).unwrap();
    let elsewhere = App::elsewhere(folder.path());
    elsewhere(&workspace, &["workspace", "init", "--name", "Mine"]);
    elsewhere(
        &workspace,
        &["contacts", "import", &file.display().to_string()],
    );
    elsewhere(
        &workspace,
        &["connections", "add", "Practice", "--flow", "practice"],
    );
    let app = App::with(&workspace);
    app.go("Replications");
    app.press("New replication");
    app.fill_within("New replication", "Name", NAME);
    app.picture("44-new-replication");
    app.click_within("New replication", "button", "Create replication");
    app.find("tab", "Mapping*");
    app.picture("44-replication-setup");
    let made = app.ask("replications.show", &json!({ "name": NAME }));
    assert_eq!(made["connection"], "Practice");
    assert_eq!(made["settings"]["default_company"], "[not provided]");
    assert_eq!(made["object"], "Lead");
    let plan = app.ask("replications.plan", &json!({ "name": NAME }));
    assert!(plan["match_pending"].as_u64() > Some(1_000), "{plan}");
}

#[test]
fn how_many_contacts_are_sent_is_counted_before_it_is_saved() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.click("tab", "Who*");
    let selected = |app: &App| {
        let shown = app.ask("replications.show", &json!({ "name": REPLICATION }));
        shown["standing"]["selected"].as_u64().unwrap()
    };
    let before = selected(&app);
    app.fill("Minimum points", "1000");
    app.see("0 contacts");
    app.picture("20-who-changed");
    assert_eq!(selected(&app), before, "nothing is saved yet");
    app.press("Discard changes");
    app.click("tab", "Settings*");
    app.choose("Runs", "At times of the day");
    app.see("Time zone:");
    app.see("Next run");
    app.picture("21-schedule");
}
