//! The set-up guide: what is to be done in Salesforce, for people, as JSON, and as a page to print.

use crate::machine::Machine;

#[test]
fn it_is_there_before_any_workspace_and_has_only_the_steps_of_the_flow() {
    let machine = Machine::bare();
    let guide = ["connections", "guide", "--flow", "client-credentials"];
    let text = machine.text(&guide, 0);
    assert!(text.contains("External Client App Manager"), "{text}");
    assert!(
        text.contains("Enable the Client Credentials Flow"),
        "{text}"
    );
    assert!(!text.contains("PKCE"), "{text}");
    let classic = [&guide[..], &["--generation", "classic"]].concat();
    assert!(machine.text(&classic, 0).contains("Create > Apps"));
    let json = machine.json(&["connections", "guide", "--callback-port", "4000"], 0);
    assert_eq!(json["callbacks"][0], "http://localhost:4000/oauth/callback");
    let steps = json["steps"].as_array().unwrap();
    let scopes = steps.iter().find(|step| step["id"] == "scopes").unwrap();
    assert_eq!(scopes["values"].as_array().unwrap().len(), 2);
}

#[test]
fn it_is_saved_as_a_page_for_the_administrator() {
    let machine = Machine::bare();
    let page = machine.folder().join("sheet.html");
    let place = page.to_str().unwrap();
    let save = [
        "connections",
        "guide",
        "--email",
        "mia@halden.example",
        "--save",
        place,
    ];
    machine.text(&save, 0);
    let saved = std::fs::read_to_string(&page).unwrap();
    assert!(saved.starts_with("<!doctype html>"), "{saved}");
    assert!(saved.contains("mia@halden.example"));
    assert!(!saved.contains("<script"));
    machine.text(&["connections", "guide", "--callback-port", "80"], 2);
    machine.text(&["connections", "guide", "--email", "nobody"], 2);
}
