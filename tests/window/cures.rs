//! Blocked contacts, cured from the page of the run; and what that page keeps of it.

use serde_json::json;

use crate::app::{App, key};
use crate::first_run::{REPLICATION, nothing_twice, run, to_the_plan};

/// A lead with the same email is in the practice org.
const BLOCKED: &str = "Siobhán Smythe-Parker";

#[test]
fn a_blocked_contact_is_cured_from_the_page_of_the_run() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    app.find("region", "Blocked, by reason");
    app.find("region", "Contacts: More than one match");
    app.picture("09-blocked");
    let (before, sent) = (waiting(&app), nothing_twice(&app));
    assert!(before > 1, "somebody is blocked");

    // The record is somebody else with the same email: the user knows it.
    app.press(BLOCKED);
    app.click_within(BLOCKED, "button", "Create new record");
    app.click_within("Create new record?", "button", "Create new record");
    app.until("one fewer is blocked", |app| waiting(app) == before - 1);
    app.click("tab", "Queue*");
    app.find("button", "Retry all *");
    app.picture("10-queue");
    app.click("tab", "Plan*");
    app.press("Plan again");
    app.until("that one goes", |app| due(app) == 1);
    run(&app);
    assert_eq!(nothing_twice(&app), sent + 1);
    assert_eq!(waiting(&app), before - 1);
}

#[test]
fn many_blocked_contacts_are_linked_at_once() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    let before = waiting(&app);
    app.click("checkbox", "Select all: More than one match");
    app.picture("09-blocked-selected");
    app.press("Link * contacts");
    app.see("Linked ");
    app.click("tab", "Plan*");
    app.press("Plan again");
    app.until("they are not blocked any more", |app| {
        let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
        plan["counts"]["blocked"].as_u64().unwrap() + 1 < before
    });
}

#[test]
fn the_record_of_a_run_shows_what_a_record_held_before_it_was_updated() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    app.click("tab", "Created*");
    let created = app.ask(
        "runs.contacts",
        &json!({"run": 1, "part": "created", "limit": 1}),
    );
    let contact = &created["contacts"][0];
    let guid = contact["contact"].as_str().unwrap();
    app.ask(
        "contacts.set",
        &json!({"contact": guid, "fields": {"job_title": "Astronaut"}}),
    );
    app.click("tab", "Plan*");
    app.press("Plan again");
    app.until("one is updated", |app| due(app) == 1);
    app.press("Update 1 lead *");
    app.see("Finished");
    app.click("tab", "Updated*");
    app.press(contact["name"].as_str().unwrap());
    app.find("region", "What was sent");
    app.see("Before");
    app.see("Astronaut");
    app.picture("46-run-record");
    app.keys(&[], &key::ESCAPE.to_string());
    app.click("tab", "Unchanged*");
    app.find("region", "Contacts unchanged");
}

fn due(app: &App) -> u64 {
    let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
    let count = |what: &str| plan["counts"][what].as_u64().unwrap();
    count("create") + count("update")
}

fn waiting(app: &App) -> u64 {
    let queue = app.ask(
        "queue.list",
        &json!({"filter": {"replication": REPLICATION}, "limit": 1}),
    );
    let count = |state: &str| queue["counts"][state].as_u64().unwrap_or(0);
    count("blocked") + count("given_up")
}
