//! Consent syncs on the command line, from the first purpose to the record in Salesforce.

use serde_json::json;

use crate::machine::Machine;

#[test]
fn a_consent_sync_is_set_up_run_and_removed() {
    let machine = Machine::new();
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    let bring = |email: &str| {
        let file = machine.file(
            &format!("{email}.csv"),
            format!("Email,Last name\n{email},McAllister\n"),
        );
        machine.text(&["contacts", "import", &file], 0);
    };
    bring("there@example.com");
    let leads = [
        "replications",
        "add",
        "Leads",
        "--object",
        "Lead",
        "--connection",
        "Practice",
        "--default-company",
        "[none]",
    ];
    machine.text(&leads, 0);
    machine.text(&["replications", "prepare-org", "Leads"], 0);
    machine.text(&["replications", "run", "Leads"], 0);
    bring("new@nowhere.example");
    machine.text(&["consents", "add", "Newsletter > Topics > Offers"], 0);
    let record = |answer: &str, who: &str| {
        machine.text(&["consents", "record", "Newsletter", answer, who], 0);
    };
    record("given", "there@example.com");
    record("given", "new@nowhere.example");
    let add = [
        "consent-syncs",
        "add",
        "Consent",
        "--object",
        "Lead",
        "--connection",
        "Practice",
    ];
    let added = machine.json(&add, 0);
    assert_eq!(
        (&added["upsert"], &added["mapped"]),
        (&json!(false), &json!(0))
    );
    let upsert = ["consent-syncs", "set", "Consent", "--upsert", "true"];
    let refused = machine.json(&upsert, 2);
    assert_eq!(refused["error"]["field"], "default_last_name");
    let map = |path: &str, field: &str| {
        machine.json(&["consent-syncs", "map", "Consent", path, field], 0)
    };
    map("Newsletter", "Newsletter__c");
    map("Newsletter > Topics", "Topics__c");
    let misfit = [
        "consent-syncs",
        "map",
        "Consent",
        "Newsletter",
        "Description",
    ];
    assert_eq!(machine.json(&misfit, 2)["error"]["field"], "field");
    let tree = machine.text(&["consent-syncs", "map", "Consent"], 0);
    assert!(tree.contains("Topics__c"), "{tree}");
    machine.text(&["consent-syncs", "fields", "Consent"], 4);
    let made = machine.text(&["consent-syncs", "fields", "Consent", "--create"], 0);
    assert!(made.contains("Created the field Newsletter__c"), "{made}");
    let plan = machine.json(&["consent-syncs", "plan", "Consent"], 0);
    let counts = (&plan["update"], &plan["match_pending"]);
    assert_eq!(counts, (&json!(1), &json!(1)), "{plan}");
    let run = machine.json(&["consent-syncs", "run", "Consent"], 0);
    assert_eq!(
        (&run["updated"], &run["created"]),
        (&json!(1), &json!(0)),
        "{run}"
    );
    let waiting = machine.json(&["consent-syncs", "waiting", "Consent"], 0);
    assert_eq!(waiting["contacts"][0]["email"], "new@nowhere.example");
    let listed = machine.text(&["consent-syncs", "list"], 0);
    assert!(
        listed.contains("Consent") && listed.contains("Practice"),
        "{listed}"
    );
    let replications = machine.json(&["replications", "list"], 0);
    assert_eq!(replications["replications"].as_array().unwrap().len(), 1);
    machine.text(&["consent-syncs", "remove", "Consent"], 0);
    assert_eq!(
        machine.json(&["consent-syncs", "list"], 0)["consent_syncs"],
        json!([])
    );
}
