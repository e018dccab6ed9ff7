//! Contacts, accounts and scores on the command line.

use serde_json::json;

use crate::machine::Machine;

const PEOPLE: &str = "Email,First name,Last name,Company\n\
    ada@example.com,Ada,Lovelace,Engines\n\
    grace@example.com,Grace,Hopper,Navy\n";

#[test]
fn an_import_tells_faulty_rows_and_ends_with_1() {
    let machine = Machine::new();
    let file = machine.file("people.csv", format!("{PEOPLE}not-an-address,No,One,\n"));
    let outcome = machine.json(&["contacts", "import", &file, "--create-accounts"], 1);
    assert_eq!(
        (
            &outcome["created"],
            &outcome["faulty"],
            &outcome["finished"]
        ),
        (&json!(2), &json!(1), &json!(true))
    );
    assert_eq!(outcome["faults"][0]["line"], 4);
    let again = machine.json(&["contacts", "import", &file], 2);
    assert_eq!(again["error"]["code"], "already_imported");
    let again = machine.json(&["contacts", "import", &file, "--again"], 1);
    assert_eq!(again["unchanged"], 2);
}

#[test]
fn a_preview_changes_nothing() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    let preview = machine.json(
        &[
            "contacts",
            "import",
            &file,
            "--preview",
            "--map",
            "Company=-",
        ],
        0,
    );
    assert_eq!(preview["columns"][0]["field"], "email");
    assert_eq!(preview["columns"][3]["field"], json!(null));
    assert_eq!(preview["trial"]["created"], 2);
    assert_eq!(
        machine.json(&["contacts", "count"], 0),
        json!({ "contacts": 0 })
    );
}

#[test]
fn a_column_of_salesforce_ids_links_contacts() {
    let machine = Machine::new();
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    let file = machine.file(
        "people.csv",
        "Email,Lead ID\nada@example.com,00Q5g00000AbCdE\ngrace@example.com,00Q5g00000AbCdE\nbo@example.com,?\n",
    );
    let preview = machine.json(&["contacts", "import", &file, "--preview"], 0);
    assert_eq!(
        preview["columns"][1]["record_ids"], true,
        "a stray sign doesn't hide them"
    );
    let file = machine.file(
        "leads.csv",
        "Email,Lead ID\nada@example.com,00Q5g00000AbCdE\ngrace@example.com,00Q5g00000AbCdE\nbo@example.com,\n",
    );
    let preview = machine.text(&["contacts", "import", &file, "--preview"], 0);
    assert!(
        preview.contains("\"Lead ID\" holds the IDs of Salesforce records."),
        "{preview}"
    );
    let outcome = machine.text(&["contacts", "import", &file, "--link", "Practice"], 0);
    assert!(
        outcome.contains("Linked to Salesforce records: 1 contact."),
        "{outcome}"
    );
    assert!(
        outcome.contains("whose record is linked to another contact"),
        "{outcome}"
    );
    let links = machine.json(&["links", "list"], 0);
    assert_eq!(links["links"][0]["email"], "ada@example.com");
    assert_eq!(links["links"][0]["object"], "Lead");
    assert_eq!(links["links"][0]["origin"], "file");
}

#[test]
fn contacts_are_listed_shown_and_changed() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.text(&["contacts", "import", &file, "--create-accounts"], 0);
    let page = machine.json(&["contacts", "list", "--limit", "1"], 0);
    assert_eq!(page["contacts"][0]["email"], "ada@example.com");
    let next = page["next"].to_string();
    let rest = machine.json(&["contacts", "list", "--after", &next], 0);
    assert_eq!(
        (&rest["contacts"][0]["last_name"], &rest["next"]),
        (&json!("Hopper"), &json!(null))
    );
    machine.text(
        &["contacts", "fields", "add", "Region", "--type", "text"],
        0,
    );
    let card = machine.json(
        &[
            "contacts",
            "set",
            "ada@example.com",
            "city=London",
            "custom:Region=South",
        ],
        0,
    );
    assert_eq!(
        (&card["fields"]["city"], &card["fields"]["custom:Region"]),
        (&json!("London"), &json!("South"))
    );
    let text = machine.text(&["contacts", "show", "ada@example.com"], 0);
    assert!(text.contains("Engines (primary)"), "{text}");
    let account = machine.json(&["accounts", "show", "Engines"], 0);
    assert_eq!(account["members"][0]["role"], "primary");
}

#[test]
fn what_was_deleted_can_be_undone_and_what_was_erased_cannot() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.text(&["contacts", "import", &file], 0);
    let act = machine.json(&["contacts", "delete", "ada@example.com"], 0)["act"].to_string();
    assert_eq!(machine.json(&["contacts", "undo", &act], 0)["restored"], 1);
    machine.json(&["contacts", "erase", "ada@example.com"], 2);
    machine.json(&["contacts", "erase", "ada@example.com", "--yes"], 0);
    assert_eq!(machine.json(&["contacts", "count"], 0)["contacts"], 1);
}

#[test]
fn scores_are_added_and_calculated() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.text(&["contacts", "import", &file], 0);
    let rules =
        r#"{"rules": [{"name": "all", "points": 5, "when": {"field": "email", "op": "is_set"}}]}"#;
    let rules = machine.file("rules.json", rules);
    machine.text(&["scores", "add", "Fame", "--rules", &rules], 0);
    let first = machine.json(&["scores", "recalculate"], 0);
    assert_eq!(first["changed"], 2);
    assert_eq!(
        machine.json(&["scores", "list"], 0)["scores"][0]["rules"],
        1
    );
    let text = machine.text(&["scores", "recalculate", "Fame", "--full"], 0);
    assert!(text.contains("Checked 2 contacts"), "{text}");
    let why = machine.json(&["scores", "explain", "Fame", "ada@example.com"], 0);
    assert_eq!(why["rules"][0]["points"], 5);
    let set = ["scores", "set", "Fame", "--rename", "Renown"];
    assert_eq!(machine.json(&set, 0)["name"], "Renown");
    machine.json(&["scores", "remove", "Renown"], 0);
}

#[test]
fn a_backup_is_written_once() {
    let machine = Machine::new();
    let copy = machine.folder().join("copy.leadferry");
    let copy = copy.to_str().unwrap();
    assert_eq!(
        machine.json(&["workspace", "backup", copy], 0)["backup"],
        copy
    );
    machine.json(&["workspace", "backup", copy], 2);
    machine.text(&["--workspace", copy, "workspace", "info"], 0);
}

#[test]
fn consent_is_recorded_for_those_who_are_here_and_the_others_are_told() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.text(&["contacts", "import", &file], 0);
    machine.text(&["consents", "add", "Newsletter > Topics > Offers"], 0);
    #[rustfmt::skip]
    let recorded = machine.json(
        &[
            "consents", "record", "Newsletter", "given", "ada@example.com", "nobody@example.com", "--at", "2026-01-31",
            "--source", "Fair",
        ],
        1,
    );
    assert_eq!(
        (&recorded["changed"], &recorded["unknown"][0]["who"]),
        (&json!(1), &json!("nobody@example.com"))
    );
    #[rustfmt::skip]
    machine.text(&["consents", "record", "Newsletter", "refused", "grace@example.com"], 0);
    let listed = machine.json(&["consents", "list"], 0);
    assert_eq!(
        listed["purposes"][0],
        json!({ "path": "Newsletter", "level": "purpose", "given": 1, "refused": 1 })
    );
    assert_eq!(
        listed["purposes"][2]["path"],
        "Newsletter > Topics > Offers"
    );
    let answers = machine.text(&["consents", "list", "ada@example.com"], 0);
    assert!(answers.contains("Jan 31, 2026") && answers.contains("Fair"));
    let lost = machine.json(&["consents", "remove", "Newsletter"], 2);
    assert!(
        lost["error"]["message"]
            .to_string()
            .contains("has 2 answers")
    );
    machine.text(&["consents", "rename", "Newsletter", "Mailings"], 0);
    machine.text(&["consents", "remove", "Mailings", "--with-answers"], 0);
    let grace = machine.json(&["contacts", "show", "grace@example.com"], 0)["guid"]
        .as_str()
        .unwrap()
        .to_owned();
    machine.text(&["contacts", "delete", &grace], 0);
    machine.text(&["consents", "add", "Calls"], 0);
    #[rustfmt::skip]
    let recorded = machine.json(&["consents", "record", "Calls", "given", &grace, "ada@example.com"], 1);
    assert_eq!(recorded["changed"], 1);
    assert!(
        recorded["unknown"][0]["why"]
            .to_string()
            .contains("deleted")
    );
    let ahead = machine.json(
        &[
            "consents",
            "record",
            "Calls",
            "refused",
            "ada@example.com",
            "--at",
            "2999-01-01",
        ],
        2,
    );
    assert!(ahead["error"]["message"].to_string().contains("future"));
}

#[test]
fn the_ledger_shows_proves_and_verifies_what_was_answered() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.text(&["contacts", "import", &file], 0);
    machine.text(&["consents", "add", "Newsletter"], 0);
    let wording = machine.file("wording.txt", "Yes, send me the <newsletter>.\n");
    let added = machine.json(&["consents", "wordings", "Newsletter", &wording], 0);
    assert_eq!(added["version"], 1);
    #[rustfmt::skip]
    machine.text(
        &[
            "consents", "record", "Newsletter", "given", "ada@example.com", "--how", "double-opt-in", "--asked-at",
            "2026-01-30", "--at", "2026-01-31", "--wording", "1", "--source", "Footer form",
        ],
        0,
    );
    #[rustfmt::skip]
    let early = machine.json(&["consents", "record", "Newsletter", "refused", "ada@example.com", "--at", "2025-01-01"], 0);
    assert_eq!(
        (&early["changed"], &early["outweighed"]),
        (&json!(0), &json!(1))
    );
    machine.text(
        &["contacts", "set", "ada@example.com", "email_opt_out=true"],
        0,
    );
    let history = machine.json(&["consents", "history", "ada@example.com"], 0);
    let told: Vec<_> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["answered"])
        .collect();
    assert_eq!(told, ["Given", "Refused", "Opted out"]);
    let text = machine.text(&["consents", "history", "ada@example.com"], 0);
    assert!(
        text.contains("Double opt-in") && text.contains("version 1"),
        "{text}"
    );
    let verified = machine.json(&["consents", "verify"], 0);
    assert_eq!(
        (&verified["events"], &verified["faults"]),
        (&json!(3), &json!([]))
    );

    let place = machine.folder().join("proof.json");
    let proof = machine.json(
        &[
            "consents",
            "proof",
            place.to_str().unwrap(),
            "--contact",
            "ada@example.com",
        ],
        0,
    );
    assert_eq!(proof["events"], 3);
    let proof: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&place).unwrap()).unwrap();
    assert_eq!(proof["contact"]["email"], "ada@example.com");
    assert_eq!(
        proof["events"][0]["wording"]["text"],
        "Yes, send me the <newsletter>."
    );
    for event in proof["events"].as_array().unwrap() {
        let hashed = event["hashed"].as_str().unwrap();
        assert_eq!(hashed.lines().count(), 14, "{hashed}");
    }
    let page = machine.folder().join("proof.html");
    machine.text(&["consents", "proof", page.to_str().unwrap()], 0);
    let page = std::fs::read_to_string(&page).unwrap();
    assert!(page.contains("Yes, send me the &lt;newsletter&gt;.") && page.contains("Footer form"));
    assert!(!page.contains("<script") && page.ends_with("</html>\n"));
    let doctor = machine.text(&["doctor", "--offline"], 0);
    assert!(doctor.contains("consent ledger"), "{doctor}");
}

#[test]
fn an_edit_of_one_contact_is_listed_by_name_and_undone() {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.json(&["contacts", "import", &file], 0);
    machine.json(&["contacts", "set", "ada@example.com", "city=Paris"], 0);
    let acts = machine.json(&["contacts", "acts"], 0);
    assert_eq!(acts["acts"][0]["who"], "Ada Lovelace");
    let undone = machine.json(&["contacts", "undo"], 0);
    assert_eq!(undone["restored"], 1);
    let card = machine.json(&["contacts", "show", "ada@example.com"], 0);
    assert!(!card.to_string().contains("Paris"), "{card}");
}
