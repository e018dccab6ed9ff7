//! The screens and dialogs that are seldom seen, with something in them: accessible and uncut, also on a small screen with large text.

use serde_json::{Value, json};

use crate::app::{App, key};
use crate::everything::faults_here;
use crate::first_run::{REPLICATION, run, to_the_plan};
use crate::layout::CUT;

/// Keeps pictures, and what is wrong on them.
struct Looking {
    /// Before the names of pictures that no document shows.
    prefix: &'static str,
    faults: Vec<String>,
}

impl Looking {
    fn look(&mut self, app: &App, name: &str) {
        let name = format!("{}{name}", self.prefix);
        if self.prefix.is_empty() || std::env::var_os("LEADFERRY_SMALL_SCREENSHOTS").is_some() {
            app.picture(&name);
        }
        for scheme in ["light", "dark"] {
            app.dress(scheme);
            let faults = faults_here(app).into_iter();
            self.faults
                .extend(faults.map(|fault| format!("{name}, {scheme}: {fault}")));
        }
        app.dress("light");
        let cut = app.script(CUT, &json!([])).unwrap();
        let cut = cut.as_array().unwrap().iter().filter_map(Value::as_str);
        self.faults
            .extend(cut.map(|fault| format!("{name}: {fault}")));
    }
}

#[test]
fn seldom_seen_screens_are_accessible_and_whole() {
    look_at_all("1280x800", 100, "");
}

#[test]
fn seldom_seen_screens_are_accessible_and_whole_on_a_small_screen_with_large_text() {
    look_at_all("1024x700", 200, "small-");
}

fn look_at_all(screen: &str, text_size: u32, prefix: &'static str) {
    let mut app = App::on_a_screen(screen);
    to_the_plan(&app);
    app.ask(
        "shell.set_preference",
        &json!({"key": "text_size", "value": text_size}),
    );
    fill_in(&app);
    app.open();
    let mut looking = Looking {
        prefix,
        faults: Vec::new(),
    };
    pulls(&app, &mut looking);
    consent(&app, &mut looking);
    doctor(&app, &mut looking);
    dialogs(&app, &mut looking);
    connection(&app, &mut looking);
    duplicates(&app, &mut looking);
    assert!(looking.faults.is_empty(), "{}", looking.faults.join("\n"));
}

/// Makes a pull, a consent sync, and a contact who is probably a lead of the org.
fn fill_in(app: &App) {
    let objects =
        ["Lead", "Contact", "Account", "Opportunity"].map(|object| json!({"object": object}));
    app.ask("pulls.add", &json!({"name": "All", "objects": objects}));
    app.ask("pulls.run", &json!({"name": "All"}));
    app.ask(
        "consents.add",
        &json!({"path": "Newsletter > Topics > Prices"}),
    );
    app.ask(
        "consent_syncs.add",
        &json!({"name": "Consent of leads", "object": "Lead", "settings": {"connection": "Practice"}}),
    );
    let columns = ["FirstName", "LastName", "Company", "Phone", "Email"];
    let listed = app.ask(
        "mirror.list",
        &json!({"object": "Lead", "columns": columns, "limit": 100}),
    );
    let records = listed["records"].as_array().unwrap();
    let is_whole = |record: &&Value| {
        let values = record["values"].as_array().unwrap();
        values.iter().all(|value| value.is_string())
    };
    let record = records
        .iter()
        .find(is_whole)
        .expect("a lead has all of them");
    let [first, last, company, phone, email] = [0, 1, 2, 3, 4].map(|at| &record["values"][at]);
    let email = format!("other.{}", email.as_str().unwrap());
    app.ask(
        "contacts.add",
        &json!({"fields": {
            "first_name": first, "last_name": last, "company_name": company, "business_phone": phone, "email": email,
            "job_title": "Director and purchasing manager",
        }}),
    );
}

fn pulls(app: &App, looking: &mut Looking) {
    app.go("Pulls");
    app.find("region", "Pulls");
    looking.look(app, "47-pulls");
    app.press("Find links…");
    app.press("Find links");
    app.find("region", "Pairs");
    looking.look(app, "48-find-links");
    app.go("Pulls");
    app.click_within("Pulls", "link", "All");
    app.see("Into contacts");
    looking.look(app, "49-pull");
    app.press("Change fields and records of Lead");
    app.find_within("Fields and records of Lead", "button", "Add condition");
    looking.look(app, "50-pulled-object");
    app.keys(&[], &key::ESCAPE.to_string());
    app.click_within("Objects", "link", "Lead");
    app.find("textbox", "Find records");
    looking.look(app, "51-records");
}

fn consent(app: &App, looking: &mut Looking) {
    app.go("Consent");
    app.press("Consent of leads");
    app.find("region", "Fields of Consent of leads");
    looking.look(app, "52-consent-sync");
    app.press("New consent sync");
    app.find_within("New consent sync", "button", "Create consent sync");
    looking.look(app, "53-new-consent-sync");
    app.keys(&[], &key::ESCAPE.to_string());
}

fn doctor(app: &App, looking: &mut Looking) {
    app.go("Error doctor");
    app.fill(
        "Error code or message",
        r#"{"error":"invalid_grant","error_description":"ip restricted"}"#,
    );
    app.see("Who can fix it");
    app.press("Check offline");
    app.see("Everything works.");
    looking.look(app, "54-doctor");
}

fn dialogs(app: &App, looking: &mut Looking) {
    app.go("Overview");
    app.script("document.activeElement?.blur()", &json!([]))
        .unwrap();
    app.keys(&[], "?");
    app.find_within("Keyboard shortcuts", "heading", "Keyboard shortcuts");
    looking.look(app, "55-shortcuts");
    app.keys(&[], &key::ESCAPE.to_string());
    app.click("button", "Workspace: *");
    app.click("menuitem", "Salvage a damaged workspace…");
    app.find_within("Salvage the workspace", "button", "Choose workspace…");
    looking.look(app, "56-salvage");
    app.keys(&[], &key::ESCAPE.to_string());
}

fn connection(app: &App, looking: &mut Looking) {
    app.go("Connections");
    app.press("Check");
    app.see("Sign-in and API access");
    looking.look(app, "57-connection-checked");
    app.click("link", "Open Practice");
    app.see("Organization access");
    looking.look(app, "58-connection");
}

/// A contact who is probably a record of the org waits for the user.
fn duplicates(app: &App, looking: &mut Looking) {
    app.go("Replications");
    app.click("link", REPLICATION);
    app.press("Plan again");
    app.until("the plan is new", |app| {
        let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
        plan["stale"] == json!(false)
    });
    run(app);
    let held = app.ask(
        "queue.list",
        &json!({"filter": {"replication": REPLICATION, "counted": "blocked"}, "limit": 100}),
    );
    let entries = held["entries"].as_array().unwrap();
    let is_likely = |entry: &&Value| {
        entry["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("Probably the Lead"))
    };
    let entry = entries
        .iter()
        .find(is_likely)
        .expect("somebody is probably there");
    app.click("tab", "Queue*");
    app.click_within("Queue", "button", entry["name"].as_str().unwrap());
    app.see("Probably the Lead");
    looking.look(app, "59-likely-duplicate");
    app.press("Merge");
    app.find_within("Merge 2 contacts", "button", "Merge contacts");
    app.keys(&[], &key::ESCAPE.to_string());
}
