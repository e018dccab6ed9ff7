//! Runs that are cancelled, cut off by a power cut, or begun without a network.

use std::fmt::Write as _;

use serde_json::json;

use crate::app::App;
use crate::first_run::{REPLICATION, nothing_twice, run, to_the_plan};

/// Makes each answer of the org take seconds, so that there is time to press a button.
fn slow_down(app: &App, times: u32) {
    app.ask(
        "practice.add_fault",
        &json!({"name": "slow", "times": times}),
    );
}

/// Brings in so many people who are good enough to go.
fn bring_in(app: &App, people: usize) {
    let mut csv = "First Name,Last Name,Email,Company,Job Title,Phone,Visits,Budget\n".to_owned();
    for one in 0..people {
        writeln!(
            csv,
            "Ada,Number{one},ada{one}@more.example,Engines,Director,+4912345678,40,90000"
        )
        .unwrap();
    }
    let file = app.path("more.csv");
    std::fs::write(&file, csv).unwrap();
    app.cli(&["contacts", "import", file.to_str().unwrap()]);
    app.cli(&["scores", "recalculate"]);
}

#[test]
fn a_run_is_cancelled_at_once_and_goes_on_where_it_stopped() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    slow_down(&app, 2);
    app.press("Create *");
    app.see("Cancel run");
    app.press("Cancel run");
    app.see("Canceled");
    let runs = app.ask("runs.list", &json!({"limit": 1}));
    assert_eq!(runs[0]["state"], "cancelled", "{runs}");
    app.ask("practice.clear_faults", &json!({}));

    app.click("tab", "Plan*");
    app.press("Plan again");
    run(&app);
    assert!(nothing_twice(&app) > 600);
}

#[test]
fn a_run_that_a_power_cut_ended_is_found_again_and_loses_nothing() {
    let mut app = App::on_a_new_machine();
    to_the_plan(&app);
    bring_in(&app, 1_500);
    app.press("Plan again");
    app.until("they are planned", |app| {
        let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
        plan["counts"]["create"]
            .as_u64()
            .is_some_and(|create| create > 2_000)
    });
    slow_down(&app, 9);
    app.press("Create *");
    app.see("Cancel run");
    app.kill();
    app.open();
    app.go("Replications");
    app.click("link", REPLICATION);
    app.click("tab", "Plan*");
    app.ask("practice.clear_faults", &json!({}));
    app.press("Plan again");
    run(&app);
    let runs = app.ask("runs.list", &json!({"limit": 5}));
    let states: Vec<&str> = runs
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["state"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        ["finished", "interrupted"],
        "what was cut off says so"
    );
    assert!(nothing_twice(&app) > 600);
}

#[test]
fn without_a_network_everything_but_asking_the_org_works() {
    let mut app = App::on_a_new_machine();
    to_the_plan(&app);
    // An org that nothing answers for: its address leads to a closed port.
    app.cli(&[
        "connections",
        "add",
        "Far",
        "--flow",
        "browser",
        "--host",
        "http://127.0.0.1:9",
        "--client-id",
        "key",
    ]);
    app.cli(&[
        "replications",
        "copy",
        REPLICATION,
        "Far leads",
        "--connection",
        "Far",
    ]);
    app.open();
    app.go("Contacts");
    app.see("contacts");
    app.find("row", "*");
    app.go("Replications");
    app.click("link", "Far leads");
    app.click("tab", "Mapping*");
    app.see("Last Name");
    app.go("Connections");
    app.see("Far");
    app.see("Sign in with the browser");
    app.go("Help");
    app.see("Salesforce’s error codes");
}
