//! Looking into the org on the command line.

use serde_json::json;

use crate::machine::Machine;

fn connected() -> Machine {
    let machine = Machine::new();
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    machine
}

#[test]
fn leads_are_found_by_words_and_criteria_and_become_contacts_once() {
    let machine = connected();
    let criteria = [
        "search",
        "run",
        "--where",
        "Email is_set",
        "--where",
        "IsConverted is no",
        "--columns",
        "Name,Email",
        "--limit",
        "2",
        "--save",
        "With e-mail",
    ];
    let found = machine.json(&criteria, 0);
    let records = found["records"].as_array().unwrap();
    assert_eq!(records.len(), 2, "as many as were asked for");
    assert!(found["total"].as_u64().unwrap() > 2);
    let id = |at: usize| records[at]["id"].as_str().unwrap();
    let import = ["search", "import", "Lead", id(0), id(1)];
    let imported = machine.json(&import, 0);
    assert_eq!(imported["created"].as_array().unwrap().len(), 2);
    assert_eq!(machine.json(&import, 0)["linked_before"], 2);
    let again = machine.json(
        &["search", "run", "--saved", "with e-mail", "--limit", "2"],
        0,
    );
    assert_eq!(
        again["records"][0]["linked"]["guid"],
        imported["created"][0]
    );
    let text = machine.text(&["search", "run", "--saved", "With e-mail"], 0);
    assert!(text.contains("API calls: 1"), "{text}");
    machine.text(&["search", "remove", "With e-mail"], 0);
    assert_eq!(
        machine.json(&["search", "saved"], 0),
        json!({ "searches": [] })
    );
    machine.text(&["search", "run", "--saved", "With e-mail"], 2);
}

#[test]
fn a_statement_only_reads() {
    let machine = connected();
    let counted = machine.json(&["search", "soql", "SELECT COUNT() FROM Lead"], 0);
    assert!(counted["total"].as_u64().unwrap() > 0);
    let refused = machine.json(&["search", "soql", "DELETE FROM Lead"], 2);
    assert!(
        refused["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("SELECT")
    );
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_can() {
    let machine = connected();
    machine.text(&["search", "run", "--where", "Email resembles ada"], 2);
    machine.text(&["search", "run", "--where", "Email"], 2);
    machine.text(&["search", "run", "--object", "Opportunity"], 2);
    let fields = machine.text(&["search", "fields", "Lead"], 0);
    let email = fields
        .lines()
        .find(|line| line.starts_with("Email "))
        .unwrap();
    assert!(email.contains("contains"), "{email}");
}
