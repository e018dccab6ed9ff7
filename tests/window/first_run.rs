//! A newcomer sends her first contacts.

use serde_json::{Value, json};

use crate::app::App;

/// What the practice workspace calls its replication.
pub(crate) const REPLICATION: &str = "Leads from good contacts";

/// Opens the practice org and waits for its plan.
pub(crate) fn to_the_plan(app: &App) {
    app.see("Send the right contacts to Salesforce");
    app.press("Open the practice org");
    app.find("button", "Create *");
}

/// Runs what was planned and waits for its end.
pub(crate) fn run(app: &App) {
    app.press("Create *");
    app.find("heading", "Run *");
    app.see("Finished");
}

/// Asks the org itself.
pub(crate) fn in_the_org(app: &App, soql: &str) -> Vec<Value> {
    let mut found = app.ask("search.soql", &json!({"soql": soql}));
    let mut rows = found["rows"].as_array().unwrap().clone();
    while found["next"].is_string() {
        found = app.ask("search.soql", &json!({"soql": soql, "next": found["next"]}));
        rows.extend(found["rows"].as_array().unwrap().iter().cloned());
    }
    rows
}

/// Returns the field of the org's that keeps people apart.
pub(crate) fn identifier(app: &App) -> String {
    let shown = app.ask("replications.show", &json!({"name": REPLICATION}));
    shown["settings"]["identifier"].as_str().unwrap().to_owned()
}

/// Makes sure that the org holds every contact at most once, and that each that went is linked. Returns how many.
pub(crate) fn nothing_twice(app: &App) -> usize {
    let field = identifier(app);
    let held = in_the_org(
        app,
        &format!("SELECT {field} FROM Lead WHERE {field} != null"),
    );
    let mut marks: Vec<&str> = held.iter().map(|row| row[0].as_str().unwrap()).collect();
    marks.sort_unstable();
    let all = marks.len();
    marks.dedup();
    assert_eq!(marks.len(), all, "no contact is in the org twice");
    let links = app.cli(&["links", "list", "--limit", "20000"]);
    assert_eq!(
        links["links"].as_array().unwrap().len(),
        all,
        "every one is linked"
    );
    all
}

#[test]
fn a_newcomer_sends_her_first_contacts_into_the_practice_org() {
    let app = App::on_a_new_machine();
    app.see("Your contacts stay in a file on this computer");
    app.picture("01-first-run");
    to_the_plan(&app);
    app.picture("02-plan");
    let planned = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
    let [create, update] =
        ["create", "update"].map(|count| planned["counts"][count].as_u64().unwrap());
    assert!(create > 100 && update > 0, "{planned}");

    run(&app);
    app.picture("03-run");

    let runs = app.ask("runs.list", &json!({"limit": 5}));
    let run = &runs.as_array().unwrap()[0];
    assert_eq!(run["state"], "finished");
    assert_eq!(run["created"].as_u64(), Some(create));
    assert_eq!(nothing_twice(&app) as u64, create + update);

    app.go("Overview");
    app.see("Sent, by day");
    app.picture("04-overview");
    app.is_its_users_alone();
}
