//! Removing says the same everywhere, and a connection is changed where it is added.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::json;

use crate::machine::{Machine, expect};

#[test]
fn every_removal_names_in_json_what_was_removed() {
    let machine = Machine::new();
    machine.ready();
    let people = machine.file("p.csv", "Email,Last name\nann@example.com,One\n");
    machine.text(&["contacts", "import", &people], 0);
    let rules = machine.file("s.json", r#"{"rules": []}"#);
    machine.text(&["scores", "add", "Fit", "--rules", &rules], 0);
    let all = machine.file("all.json", r#"{"field": "email", "op": "is_set"}"#);
    machine.text(&["segments", "add", "Everyone", "--rules", &all], 0);
    machine.text(&["activities", "add-type", "visit"], 0);
    machine.text(&["consents", "add", "Newsletter"], 0);
    machine.text(&["accounts", "add", "Acme"], 0);
    machine.text(&["search", "run", "--save", "Search"], 0);
    machine.text(&["replications", "run", "Leads"], 0);
    let links = machine.json(&["links", "list"], 0);
    let guid = links["links"][0]["contact"].as_str().unwrap();
    for (command, name) in [
        (&["scores", "remove"][..], "Fit"),
        (&["segments", "remove"], "Everyone"),
        (&["activities", "remove-type"], "visit"),
        (&["consents", "remove"], "Newsletter"),
        (&["accounts", "delete"], "Acme"),
        (&["search", "remove"], "Search"),
        (&["links", "remove"], guid),
        (&["replications", "remove"], "Leads"),
        (&["connections", "remove"], "Practice"),
    ] {
        let removed = machine.json(&[command, &[name]].concat(), 0);
        assert_eq!(removed["removed"], name, "{command:?}: {removed}");
    }
}

#[test]
fn a_connection_is_changed_without_adding_it_again() {
    let machine = Machine::new();
    let add = [
        "connections",
        "add",
        "Acme",
        "--host",
        "acme",
        "--client-id",
        "3MVG9first",
    ];
    machine.text(&add, 0);
    let set = [
        "connections",
        "set",
        "Acme",
        "--rename",
        "Acme Ltd",
        "--host",
        "acme--uat.sandbox",
        "--client-id",
        "3MVG9second",
        "--callback-port",
        "18555",
    ];
    let changed = machine.json(&set, 0);
    assert_eq!(changed["name"], "Acme Ltd");
    assert_eq!(
        changed["host"],
        "https://acme--uat.sandbox.my.salesforce.com"
    );
    assert_eq!(changed["client_id"], "3MVG9second");
    assert_eq!(changed["callback_port"], 18555);
    let listed = machine.json(&["connections", "list"], 0);
    assert_eq!(listed["connections"].as_array().unwrap().len(), 1);
    assert_eq!(listed["connections"][0]["name"], "Acme Ltd");

    let arguments = [
        "--json",
        "connections",
        "set",
        "Acme Ltd",
        "--client-secret-stdin",
    ];
    let mut command = machine.command(&arguments);
    let mut running = command
        .env("LEADFERRY_PASSPHRASE", "correct horse")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(running.stdin.take().unwrap(), "the secret").unwrap();
    let output = running.wait_with_output().unwrap();
    expect(&arguments, &output, 0);
    let changed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(changed["has_secret"], json!(true), "{changed}");

    let nothing = machine.json(&["connections", "set", "Acme Ltd"], 2);
    assert_eq!(nothing["error"]["message"], "There's nothing to change.");
    machine.json(&["connections", "set", "Nobody", "--rename", "X"], 2);
}
