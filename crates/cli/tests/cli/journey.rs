//! From a file of contacts into the practice org, typed as a user types it.

use serde_json::{Value, json};

use crate::machine::Machine;

const PEOPLE: &str = "Email,First name,Last name,Company\n\
    ada@example.com,Ada,Lovelace,Engines\n\
    grace@example.com,Grace,Hopper,Navy\n\
    mary@example.com,Mary,,Frankenstein\n";

fn ready() -> Machine {
    let machine = Machine::new();
    let file = machine.file("people.csv", PEOPLE);
    machine.text(&["contacts", "import", &file], 0);
    machine.ready();
    machine
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn plan_match_run_and_a_second_run_without_a_request() {
    let machine = ready();
    let plan = machine.json(&["replications", "plan", "Leads"], 0);
    for key in [
        "create",
        "update",
        "match_pending",
        "unchanged",
        "blocked",
        "left_out",
        "calls",
    ] {
        assert!(plan[key].is_u64(), "{key} is missing in {:?}", keys(&plan));
    }
    assert_eq!(
        (&plan["match_pending"], &plan["blocked"]),
        (&json!(2), &json!(1))
    );
    let matched = machine.json(&["replications", "match", "Leads", "--show", "create"], 0);
    assert_eq!(
        (
            &matched["create"],
            matched["contacts"].as_array().unwrap().len()
        ),
        (&json!(2), 2)
    );
    assert_eq!(
        (&matched["fits"], &matched["reserve"], &matched["until"]),
        (&json!(true), &json!(0), &Value::Null)
    );
    assert!(
        matched["left"].as_u64() > matched["calls"].as_u64(),
        "{matched}"
    );
    let run = machine.json(&["replications", "run", "Leads"], 1);
    for key in [
        "created",
        "updated",
        "unchanged",
        "failed",
        "blocked",
        "standing",
        "waiting",
        "withdrawn",
        "left_out",
        "calls",
        "run",
    ] {
        assert!(run[key].is_u64(), "{key} is missing in {:?}", keys(&run));
    }
    assert_eq!((&run["created"], &run["blocked"]), (&json!(2), &json!(1)));
    let again = machine.json(&["replications", "run", "Leads"], 1);
    assert_eq!((&again["created"], &again["calls"]), (&json!(0), &json!(0)));
    let standing = (&again["blocked"], &again["standing"]);
    assert_eq!(
        standing,
        (&json!(0), &json!(1)),
        "told again, and not counted again"
    );
    let told = machine.text(&["replications", "run", "Leads"], 1);
    assert!(told.contains("1 contact is blocked"), "{told}");
    let links = machine.json(&["links", "list"], 0);
    assert_eq!(links["links"].as_array().unwrap().len(), 2);
    let queue = machine.json(&["queue", "list"], 0);
    assert_eq!(queue["entries"][0]["code"], "required_missing");
    let runs = machine.json(&["runs", "list"], 0);
    assert_eq!(runs["runs"].as_array().unwrap().len(), 3);
    let shown = machine.json(&["runs", "show", &run["run"].to_string()], 0);
    assert_eq!(
        (&shown["created"], shown["rows"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    let text = machine.text(&["contacts", "show", "ada@example.com"], 0);
    assert!(
        text.contains("created"),
        "the contact knows what became of it: {text}"
    );
}

#[test]
fn a_contact_is_shown_with_its_segments_and_its_answers_in_words() {
    let machine = ready();
    let rules = r#"{"all":[{"field":"company_name","op":"equals","value":"Navy"}]}"#;
    let rules = machine.file("rules.json", rules);
    machine.text(&["segments", "add", "At sea", "--rules", &rules], 0);
    let shown = machine.text(&["contacts", "show", "grace@example.com"], 0);
    assert!(shown.contains("At sea (in it since "), "{shown}");
    assert!(!shown.contains("false"), "{shown}");
}

#[test]
fn a_contact_is_shown_with_local_dates_names_of_places_and_its_latest_answers() {
    let machine = ready();
    let grace = "grace@example.com";
    machine.text(
        &[
            "contacts",
            "set",
            grace,
            "country=DE",
            "state=DE-BY",
            "birthday=1906-12-09",
            "email_opt_out=no",
        ],
        0,
    );
    machine.text(&["consents", "add", "Newsletter"], 0);
    let record = ["consents", "record", "Newsletter", "given", grace, "--at"];
    let record = [&record[..], &["2026-01-31T10:00:00Z", "--source", "Fair"]].concat();
    machine.text(&record, 0);
    let shown = machine.text(&["contacts", "show", grace], 0);
    for said in [
        "Germany",
        "Bayern",
        "Dec 9, 1906",
        "Consent\n",
        "Allowed",
        "Given Jan 31, 2026",
        "Fair",
    ] {
        assert!(shown.contains(said), "{said} is missing in\n{shown}");
    }
    for raw in ["DE-BY", "1906-12-09", "2026-01-31", "first_name", "opt_out"] {
        assert!(!shown.contains(raw), "{raw} stands in\n{shown}");
    }
    let listed = machine.text(&["consents", "list", grace], 0);
    assert!(listed.contains("Jan 31, 2026"), "{listed}");
    let raw = machine.json(&["contacts", "show", grace], 0);
    assert_eq!(
        (&raw["fields"]["country"], &raw["fields"]["birthday"]),
        (&json!("DE"), &json!("1906-12-09"))
    );
}

#[test]
fn a_run_leaves_out_as_many_as_its_plan_says() {
    let machine = ready();
    machine.text(
        &["contacts", "set", "ada@example.com", "do_not_send=yes"],
        0,
    );
    let plan = machine.json(&["replications", "match", "Leads"], 0);
    let run = machine.json(&["replications", "run", "Leads"], 1);
    assert_eq!(
        (&plan["left_out"], &run["left_out"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn those_left_out_are_called_so_by_plan_run_and_queue() {
    let machine = ready();
    machine.text(
        &["contacts", "set", "ada@example.com", "email_opt_out=yes"],
        0,
    );
    let run = machine.text(&["replications", "run", "Leads"], 1);
    let plan = machine.text(&["replications", "plan", "Leads"], 0);
    let queue = machine.text(&["queue", "list"], 0);
    for said in [&run, &plan] {
        let row = said.lines().find(|line| line.starts_with("left out"));
        assert!(row.is_some_and(|row| row.ends_with(" 1")), "{said}");
    }
    assert!(queue.contains("1 left out"), "{queue}");
}

#[test]
fn what_was_blocked_goes_once_it_is_mended() {
    let machine = ready();
    machine.text(&["replications", "run", "Leads"], 1);
    machine.text(
        &["contacts", "set", "mary@example.com", "last_name=Shelley"],
        0,
    );
    assert_eq!(
        machine.json(&["replications", "run", "Leads"], 0)["created"],
        1
    );
}

#[test]
fn a_stopped_run_ends_with_4_and_loses_nothing() {
    let machine = ready();
    machine.text(&["practice-org", "faults", "add", "daily_limit"], 0);
    let stopped = machine.json(&["replications", "run", "Leads"], 4);
    assert_eq!(
        (&stopped["stopped"]["kind"], &stopped["created"]),
        (&json!("limit"), &json!(0))
    );
    let text = machine.text(&["replications", "run", "Leads"], 4);
    assert!(text.contains("To do:"), "{text}");
    machine.text(&["practice-org", "faults", "clear"], 0);
    assert_eq!(
        machine.json(&["replications", "run", "Leads"], 1)["created"],
        2,
        "and Mary is still blocked"
    );
}

#[test]
fn an_interrupted_run_says_what_has_gone_and_goes_on_later() {
    let machine = ready();
    machine.text(&["practice-org", "faults", "add", "latency", "ms=400"], 0);
    let run = ["--json", "replications", "run", "Leads"];
    let child = machine
        .command(&run)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(600));
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    crate::machine::expect(&run, &output, 4);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["stopped"]["kind"], "cancelled");
    machine.text(&["practice-org", "faults", "clear"], 0);
    let rest = machine.json(&["replications", "run", "Leads"], 1);
    assert_eq!(
        rest["created"].as_u64().unwrap() + report["created"].as_u64().unwrap(),
        2
    );
}

#[test]
fn mappings_go_out_and_come_back_exactly() {
    let machine = ready();
    let text = machine.text(&["mappings", "export", "Leads"], 0);
    let file = machine.file("mapping.txt", &text);
    machine.text(&["mappings", "import", "Leads", &file], 0);
    assert_eq!(machine.text(&["mappings", "export", "Leads"], 0), text);
    let wrong = machine.file("wrong.txt", "last_name=Nowhere\n");
    assert_eq!(
        machine.json(&["mappings", "check", "Leads", &wrong], 1)["usable"],
        false
    );
    assert_eq!(
        machine.json(&["mappings", "import", "Leads", &wrong], 2)["error"]["code"],
        "usage"
    );
    let shown = machine.json(&["mappings", "show", "Leads"], 0);
    assert!(shown["rows"].as_array().unwrap().len() > 3);
}

#[test]
fn settings_are_changed_by_option() {
    let machine = ready();
    let set = [
        "replications",
        "set",
        "Leads",
        "--keep-updated",
        "false",
        "--batch-size",
        "50",
        "--converted",
        "block",
    ];
    let info = machine.json(&set, 0);
    assert_eq!(info["settings"]["keep_updated"], false);
    assert_eq!(
        (
            &info["settings"]["batch_size"],
            &info["settings"]["converted"]
        ),
        (&json!(50), &json!("block"))
    );
    machine.json(&["replications", "set", "Leads", "--batch-size", "201"], 2);
    let second = machine.json(
        &[
            "replications",
            "add",
            "Rival",
            "--object",
            "Lead",
            "--connection",
            "Practice",
            "--default-company",
            "x",
        ],
        2,
    );
    assert!(
        second["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Leads")
    );
}

#[test]
fn the_doctor_says_how_everything_is() {
    let machine = ready();
    let report = machine.json(&["doctor"], 0);
    assert!(report["lines"].as_array().unwrap().len() > 4);
    let text = machine.text(&["doctor", "--offline"], 0);
    assert!(text.contains("ok      workspace"), "{text}");
}

#[test]
fn every_setting_can_be_set_is_shown_in_words_and_is_copied() {
    let machine = ready();
    let row = "\"true\"=Left_Us__c";
    let set = [
        "replications",
        "set",
        "Leads",
        "--deleted-here",
        row,
        "--old-values",
        "false",
        "--enabled",
        "false",
    ];
    let text = machine.text(&set, 0);
    assert!(text.contains(&format!("send {row}")), "{text}");
    assert!(
        !text.contains("old_values") && !text.contains("null"),
        "{text}"
    );
    let copy = machine.json(&["replications", "copy", "Leads", "Live"], 0);
    assert_eq!(copy["settings"]["deleted_here"], row);
    assert_eq!(copy["settings"]["old_values"], false);
    assert_eq!(copy["enabled"], false, "a copy is switched on by hand");
    let none = machine.json(&["replications", "set", "Live", "--deleted-here", ""], 0);
    assert_eq!(none["settings"]["deleted_here"], Value::Null);
}

#[test]
fn a_block_is_told_in_words_wherever_it_shows() {
    let machine = Machine::new();
    let file = machine.file("people.csv", "Email,First name\nnameless@example.com,Ann\n");
    machine.text(&["contacts", "import", &file], 0);
    machine.ready();
    machine.text(&["replications", "run", "Leads"], 1);
    let card = machine.text(&["contacts", "show", "nameless@example.com"], 0);
    assert!(card.contains("(required_missing)"), "{card}");
    assert!(!card.contains("[{"), "no raw answer: {card}");
    let queue = machine.text(&["queue", "list"], 0);
    let first = queue.lines().next().unwrap_or_default();
    assert!(first.ends_with("1 blocked"), "{first}");
    assert!(
        queue.contains("mappings export") && queue.contains("mappings import"),
        "the way back belongs to it: {queue}"
    );
    let none = machine.text(&["queue", "list", "--code", "nonsense"], 0);
    assert!(
        none.contains("No contacts are blocked as \"nonsense\"."),
        "{none}"
    );
}

#[test]
fn an_ambiguous_contact_is_shown_with_whom_it_may_be_and_what_to_type() {
    let machine = Machine::new();
    let twins = "Email,First name,Last name\ntwin@example.com,Ann,One\ntwin@example.com,Bea,Two\n";
    let file = machine.file("twins.csv", twins);
    machine.text(&["contacts", "import", &file], 0);
    machine.ready();
    machine.text(&["replications", "run", "Leads"], 1);
    let text = machine.text(&["queue", "list"], 0);
    let cure = "create a new record";
    assert!(text.contains(cure), "the cure is not cut off: {text}");
    let command = text
        .lines()
        .find(|line| line.contains("--create-anyway"))
        .expect("what to type is told");
    let entries = machine.json(&["queue", "list", "--state", "blocked"], 0);
    let contact = entries["entries"][0]["contact"].as_str().unwrap();
    let typed = command.trim().replace("CONTACT", contact);
    let words: Vec<&str> = typed.split(' ').skip(1).collect();
    machine.text(&words, 0);
    assert_eq!(
        machine.json(&["replications", "run", "Leads"], 0)["created"],
        1
    );
}

#[test]
fn a_duplicate_rule_is_answered_with_the_record_and_what_to_type() {
    let machine = Machine::new();
    machine.ready();
    let file = |name: &str, text: &str| {
        machine.file(name, format!("First name,Last name,Email\n{text}\n"))
    };
    let first = file("first.csv", "Ann,One,twin@example.com");
    machine.text(&["contacts", "import", &first], 0);
    machine.text(&["replications", "run", "Leads"], 0);
    machine.text(&["practice-org", "switches", "duplicate_rule=alert"], 0);
    let off = ["replications", "set", "Leads", "--match-email", "false"];
    machine.text(&off, 0);
    let second = file("second.csv", "Bea,Two,twin@example.com");
    machine.text(&["contacts", "import", &second], 0);
    machine.text(&["replications", "run", "Leads"], 1);
    let text = machine.text(&["queue", "list"], 0);
    assert!(
        text.contains("Lead Ann One (00Q"),
        "the record is named: {text}"
    );
    let typed = text
        .lines()
        .find(|line| line.contains("--allow-duplicates"));
    let typed = typed.expect("the cure is named").trim();
    assert!(text.contains("links set"), "{text}");
    let words: Vec<String> = typed
        .split(' ')
        .skip(1)
        .map(|word| word.trim_matches('"').to_owned())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    machine.text(&words, 0);
    let run = machine.json(&["replications", "run", "Leads"], 0);
    assert_eq!(run["created"], 1, "the cure works: {run}");
}
