//! A replication that runs by itself.

use serde_json::json;

use crate::app::{App, key};
use crate::first_run::{REPLICATION, in_the_org, nothing_twice, run, to_the_plan};

#[test]
fn who_reaches_the_minimum_of_points_goes_by_herself() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    app.press("Alerts: 1 new");
    app.see("Needs attention");
    app.picture("38-alerts");
    app.see("Mark all as seen");
    app.press("Mark all as seen");
    app.find("button", "Alerts");
    app.keys(&[], &key::ESCAPE.to_string());
    app.go("Replications");
    app.click("link", REPLICATION);
    app.click("tab", "Settings*");
    app.choose("Runs", "When something changes");
    app.press("Save settings");
    app.until("the schedule is kept", |app| {
        let shown = app.ask("replications.show", &json!({"name": REPLICATION}));
        shown["settings"]["schedule"] == "on change"
    });

    app.go("Contacts");
    app.press("New contact");
    app.fill_within("New contact", "First name", "Grace");
    app.fill_within("New contact", "Last name", "Newcomer");
    app.fill_within("New contact", "Email", "grace@newcomer.example");
    app.press("Add contact");
    app.click_within("Contact", "button", "Show * empty");
    app.click_within("Contact", "button", "Job title: empty");
    let went = || {
        in_the_org(
            &app,
            "SELECT Id FROM Lead WHERE Email = 'grace@newcomer.example'",
        )
        .len()
    };
    assert_eq!(went(), 0, "she has too few points");

    app.fill_within("Contact", "Job title", "Director and purchasing manager");
    app.keys(&[], &key::ENTER.to_string());
    app.until("she has gone", |_| went() == 1);
    nothing_twice(&app);
}
