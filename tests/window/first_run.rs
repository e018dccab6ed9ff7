//! A newcomer sends her first contacts, looks around, and comes back the next day.

use serde_json::json;

use crate::app::App;

/// Opens the practice org and waits for its plan.
pub(crate) fn to_the_plan(app: &App) {
    app.see("Send the right contacts to Salesforce");
    app.press("Open the practice org");
    app.see("Still to be matched");
    app.find("button", "Create *");
}

#[test]
#[ignore = "needs a display: cargo xtask test gives it one"]
fn a_newcomer_sends_her_first_contacts_into_the_practice_org() {
    let app = App::on_a_new_machine();
    app.see("Your contacts stay in a file on this computer");
    app.picture("01-first-run");
    app.press("Open the practice org");
    app.see("Still to be matched");
    let run = app.find("button", "Create *");
    drop(run);
    app.picture("02-plan");
    let planned = app.ask(
        "replications.latest_plan",
        &json!({"name": "Leads from good contacts"}),
    );
    let [create, update] =
        ["create", "update"].map(|count| planned["counts"][count].as_u64().unwrap());
    assert!(create > 100 && update > 0, "{planned}");

    app.press("Create *");
    app.see("Finished");
    app.picture("03-run");

    let runs = app.ask("runs.list", &json!({"limit": 5}));
    let run = &runs.as_array().unwrap()[0];
    assert_eq!(run["state"], "finished");
    assert_eq!(run["created"].as_u64(), Some(create));
    let links = app.cli(&["links", "list", "--limit", "2000"]);
    assert_eq!(
        links["links"].as_array().unwrap().len() as u64,
        create + run["updated"].as_u64().unwrap() + run["unchanged"].as_u64().unwrap(),
        "every contact that went has its record"
    );
    let query = format!(
        "SELECT COUNT(Id) n FROM Lead WHERE {} != null",
        identifier(&app)
    );
    let held = app.ask("search.soql", &json!({"soql": query}));
    assert_eq!(
        held["rows"][0][0].as_f64(),
        Some((create + update) as f64),
        "the org holds every one once: {held}"
    );
}

fn identifier(app: &App) -> String {
    let shown = app.ask(
        "replications.show",
        &json!({"name": "Leads from good contacts"}),
    );
    shown["settings"]["identifier"].as_str().unwrap().to_owned()
}
