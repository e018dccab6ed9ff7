//! Salesforce's records read into the workspace, looked through, and followed.

use serde_json::{Value, json};

use crate::machine::Machine;

fn connected() -> Machine {
    let machine = Machine::new();
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    machine
}

fn counts(run: &Value, object: &str) -> [u64; 5] {
    let objects = run["objects"].as_array().unwrap();
    let of = objects.iter().find(|one| one["object"] == object).unwrap();
    ["read", "new", "changed", "deleted", "gone"].map(|name| of[name].as_u64().unwrap())
}

#[test]
fn records_are_read_once_shown_and_kept_up_to_date() {
    let machine = connected();
    let explored = machine.json(&["mirror", "objects", "--org"], 0);
    assert_eq!(
        explored["objects"][0]["object"], "Account",
        "the usual ones come first"
    );
    let sample = machine.json(&["mirror", "list", "Opportunity"], 0);
    assert_eq!(
        (&sample["mirrored"], &sample["calls"]),
        (&false.into(), &2.into())
    );
    machine.text(
        &[
            "pulls",
            "add",
            "People",
            "--object",
            "Lead",
            "--object",
            "opportunity",
            "--field",
            "Lead:usual,Rating",
        ],
        0,
    );
    machine.json(&["pulls", "add", "Other", "--object", "lead"], 2);
    let planned = machine.json(&["pulls", "schema", "People"], 0);
    assert_eq!(planned["objects"][0]["steps"][0]["kind"], "new_table");
    assert_eq!(
        machine.json(&["mirror", "objects"], 0)["objects"],
        Value::Array(Vec::new())
    );
    let applied = machine.json(&["pulls", "schema", "People", "--apply"], 0);
    assert_eq!(applied["objects"][1]["applied"], true);
    let again = machine.json(&["pulls", "schema", "People", "--apply"], 0);
    assert_eq!(
        again["objects"][0]["steps"],
        Value::Array(Vec::new()),
        "all is in place"
    );

    let first = machine.json(&["pulls", "run", "People"], 0);
    let [read, new, ..] = counts(&first, "Lead");
    assert!(read > 10 && read == new, "{first}");
    let second = machine.json(&["pulls", "run", "People"], 0);
    assert_eq!(second["calls"], 2, "one call an object: {second}");
    assert_eq!(counts(&second, "Opportunity")[1..], [0, 0, 0, 0]);

    let leads = machine.json(
        &[
            "mirror",
            "list",
            "Lead",
            "--columns",
            "Email,Rating",
            "--limit",
            "2",
        ],
        0,
    );
    let lead = leads["records"][0]["id"].as_str().unwrap();
    machine.text(&["practice-org", "act", "edit", lead, "Rating=Hot"], 0);
    let other = leads["records"][1]["id"].as_str().unwrap();
    machine.text(&["practice-org", "act", "delete", other], 0);
    let third = machine.json(&["pulls", "run", "People"], 0);
    assert_eq!(counts(&third, "Lead")[1..], [0, 1, 1, 0], "{third}");
    let shown = machine.json(&["mirror", "show", lead], 0);
    let fields = shown["fields"].as_array().unwrap();
    assert!(
        fields
            .iter()
            .any(|f| f["name"] == "Rating" && f["value"] == "Hot")
    );
    assert!(
        shown["identities"][0]
            .as_str()
            .unwrap()
            .ends_with(".Salesforce")
    );
    let counted = machine.json(&["mirror", "count", "Lead"], 0);
    assert_eq!(
        (&counted["live"], &counted["deleted"]),
        (&(new - 1).into(), &1.into())
    );
    let profile = machine.json(&["mirror", "profile", "Lead", "--field", "Rating"], 0);
    assert_eq!(
        (&profile["from"], &profile["fields"][0]["filled"]),
        (&"mirror".into(), &1.into())
    );
    machine.text(
        &[
            "pulls",
            "set",
            "People",
            "--where",
            "Lead:Rating is_one_of Hot",
            "--rename",
            "Hot people",
        ],
        0,
    );
    let filtered = machine.json(&["pulls", "run", "hot people"], 0);
    assert_eq!(filtered["objects"][0]["in_mirror"], 1, "{filtered}");
    let unfit = [
        "pulls",
        "set",
        "Hot people",
        "--where",
        "Lead:Rating contains Hot",
    ];
    machine.json(&unfit, 2);
    let scheduled = machine.json(
        &[
            "pulls",
            "set",
            "Hot people",
            "--schedule",
            "every 2 hours",
            "--api-reserve",
            "100",
            "--alerts",
            "failed,late",
        ],
        0,
    );
    assert_eq!(scheduled["settings"]["schedule"], "every 120 minutes");
    assert!(scheduled["next_run_at"].is_i64(), "{scheduled}");
    machine.json(
        &["pulls", "set", "Hot people", "--schedule", "on change"],
        2,
    );
    machine.text(&["pulls", "list"], 0);
    machine.text(&["pulls", "show", "Hot people"], 0);
    machine.text(&["pulls", "remove", "Hot people"], 0);
    assert_eq!(
        machine.json(&["mirror", "count", "Opportunity"], 0)["pull"],
        Value::Null
    );
}

#[test]
fn a_contact_follows_its_lead_when_that_is_converted() {
    let machine = connected();
    machine.text(
        &[
            "pulls", "add", "People", "--object", "Lead", "--object", "Contact", "--object",
            "Account",
        ],
        0,
    );
    machine.text(&["pulls", "run", "People"], 0);
    let leads = machine.json(
        &[
            "mirror",
            "list",
            "Lead",
            "--columns",
            "Email",
            "--text",
            "wanjiru",
        ],
        0,
    );
    let lead = leads["records"][0]["id"].as_str().unwrap().to_owned();
    let imported = machine.json(&["search", "import", "Lead", &lead], 0);
    let guid = imported["created"][0].as_str().unwrap().to_owned();
    machine.text(&["practice-org", "act", "convert", &lead], 0);
    let run = machine.json(&["pulls", "run", "People"], 0);
    assert!(run.to_string().contains("1 contact followed"), "{run}");
    let beside = machine.json(&["mirror", "contact", &guid], 0);
    let records = beside["records"].as_array().unwrap();
    let contact = records
        .iter()
        .find(|one| one["object"] == "Contact")
        .unwrap();
    assert_eq!(contact["link"], "linked");
    let account = contact["account"]["fields"].as_array().unwrap();
    assert!(
        account.iter().any(|f| f["value"] == "Rift Valley Tea"),
        "{contact}"
    );
    let lead = records.iter().find(|one| one["object"] == "Lead").unwrap();
    assert_eq!(lead["link"], "converted");
    let card = machine.json(&["contacts", "show", &guid], 0);
    let followed = &card["followed"][0];
    assert_eq!(followed["how"], "converted", "{card}");
    assert_eq!(followed["lead"], lead["record_id"]);
    assert_eq!(followed["record_id"], contact["record_id"]);
    let told = machine.text(&["contacts", "show", &guid], 0);
    assert!(told.contains("was converted in Salesforce"), "{told}");
    let refreshed = machine.json(&["mirror", "contact", &guid, "--refresh"], 0);
    assert_eq!(refreshed["calls"], 1);
}

#[test]
fn values_come_into_contacts_and_conflicts_are_resolved() {
    let machine = connected();
    machine.text(&["pulls", "add", "People", "--object", "Lead"], 0);
    machine.text(&["pulls", "run", "People"], 0);
    let leads = machine.json(
        &[
            "mirror",
            "list",
            "Lead",
            "--columns",
            "Email",
            "--text",
            "wanjiru",
        ],
        0,
    );
    let lead = leads["records"][0]["id"].as_str().unwrap().to_owned();
    let imported = machine.json(&["search", "import", "Lead", &lead], 0);
    let guid = imported["created"][0].as_str().unwrap().to_owned();
    let standard = machine.json(&["inbound", "show", "People"], 0);
    assert_eq!(standard["objects"][0]["usual"], true);
    let set = [
        "inbound",
        "set",
        "People",
        "--row",
        "Title=job_title ; ask",
        "--without",
        "Fax",
    ];
    let changed = machine.json(&set, 0);
    let rows = changed["objects"][0]["rows"].as_array().unwrap();
    assert!(
        rows.iter()
            .any(|row| row["field"] == "Title" && row["rule"] == "ask")
    );
    assert!(rows.iter().all(|row| row["field"] != "Fax"));
    machine.json(&["inbound", "set", "People", "--row", "Title=birthday"], 2);
    machine.json(&["inbound", "set", "People", "--row", "Tilte=job_title"], 2);
    machine.text(&["inbound", "check", "People"], 0);
    machine.text(&["inbound", "show", "People"], 0);

    machine.text(&["pulls", "run", "People"], 0);
    machine.text(&["practice-org", "act", "edit", &lead, "Title=Taster"], 0);
    let run = machine.json(&["pulls", "run", "People"], 0);
    assert!(run.to_string().contains("Updated 1 contact here"), "{run}");
    machine.text(&["contacts", "set", &guid, "job_title=Buyer"], 0);
    machine.text(&["practice-org", "act", "edit", &lead, "Title=Planter"], 0);
    machine.text(&["pulls", "run", "People"], 0);
    let list = machine.json(&["conflicts", "list"], 0);
    let conflict = &list["conflicts"][0];
    assert_eq!(
        [&conflict["agreed"], &conflict["here"], &conflict["there"]],
        ["Taster", "Buyer", "Planter"],
        "{list}"
    );
    machine.text(&["conflicts", "list"], 0);
    machine.json(&["conflicts", "resolve", "--use", "there"], 2);
    let of_nothing = ["conflicts", "resolve", "--use", "there", "--field", "Nope"];
    machine.json(&of_nothing, 2);
    let resolve = ["conflicts", "resolve", "--use", "there", "--contact", &guid];
    let resolved = machine.json(&resolve, 0);
    assert_eq!(
        (&resolved["resolved"], &resolved["left"]),
        (&1.into(), &0.into())
    );
    let contact = machine.json(&["contacts", "show", &guid], 0);
    assert!(contact.to_string().contains("Planter"), "{contact}");
    machine.text(&["inbound", "set", "People", "--reset"], 0);
    let bring_in = ["inbound", "set", "People", "--bring-in", "true"];
    let hot = ["--where", "Email contains example"];
    let saved = machine.json(&[&bring_in[..], &hot].concat(), 0);
    let again = machine.json(&bring_in, 0);
    let newcomers = |mapping: &Value| mapping["objects"][0]["newcomers"].clone();
    assert_eq!(newcomers(&again), newcomers(&saved), "conditions stay");
    let told = machine.text(&["inbound", "show", "People"], 0);
    assert!(told.contains("if Email contains example"), "{told}");
    let everybody = machine.json(&[&bring_in[..], &["--where", ""]].concat(), 0);
    assert_eq!(newcomers(&everybody)["criteria"], json!([]));
}

#[test]
fn what_makes_no_sense_is_told() {
    let machine = connected();
    for (arguments, code) in [
        (&["pulls", "add", "P", "--object", "No such"][..], 2),
        (&["pulls", "add", "P"], 2),
        (&["pulls", "run", "P"], 2),
        (&["mirror", "show", "x"], 2),
        (&["mirror", "count", "Lead"], 2),
        (&["mirror", "show", "00Q000000000001AAA"], 2),
    ] {
        let told = machine.json(arguments, code);
        assert!(
            told["error"]["message"].is_string(),
            "{arguments:?}: {told}"
        );
    }
    for what in [
        &["--object", "Lead", "--object", "Nothing__c"][..],
        &["--object", "Opportunity", "--field", "Nope"],
        &["--object", "Opportunity", "--where", "Nope is x"],
        &["--object", "Opportunity", "--where", "Amount at_least abc"],
    ] {
        let add = [&["pulls", "add", "P"], what].concat();
        let code = if what.contains(&"Nope is x") { 4 } else { 2 };
        let told = machine.json(&add, code);
        assert!(told["error"]["hint"].is_string(), "{add:?}: {told}");
    }
    assert_eq!(machine.json(&["pulls", "list"], 0)["pulls"], json!([]));
    let add = [
        "pulls",
        "add",
        "P",
        "--object",
        "Opportunity",
        "--where",
        "Amount at_least 5",
    ];
    machine.text(&add, 0);
    machine.json(&["pulls", "set", "P", "--field", "Nope"], 2);
    let narrowed = machine.json(&["pulls", "set", "P", "--field", "Name,Amount"], 0);
    assert!(narrowed["objects"][0]["filter"].is_object(), "{narrowed}");
    let whole = machine.json(&["pulls", "set", "P", "--where", ""], 0);
    assert!(whole["objects"][0]["filter"].is_null(), "{whole}");
    let told = machine.json(&["pulls", "set", "P", "--schedule", "on change"], 2);
    assert_eq!(told["error"]["command"], "pulls set NAME --help", "{told}");
}

#[test]
fn a_pull_goes_on_in_the_org_that_replaced_another_and_nothing_is_lost() {
    let machine = connected();
    machine.text(&["pulls", "add", "People", "--object", "Lead"], 0);
    let first = machine.json(&["pulls", "run", "People"], 0);
    let [read, ..] = counts(&first, "Lead");
    let lead = machine.json(&["mirror", "list", "Lead", "--limit", "1"], 0);
    let lead = lead["records"][0]["id"].as_str().unwrap();
    let imported = machine.json(&["search", "import", "Lead", lead], 0);
    let guid = imported["created"][0].as_str().unwrap();

    machine.text(&["practice-org", "reset", "--yes"], 0);
    let refused = machine.json(&["pulls", "run", "People"], 4);
    let hint = refused["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("replications and pulls"), "{refused}");
    machine.text(&["connections", "add", "Anew", "--flow", "practice"], 0);
    machine.json(&["pulls", "set", "People", "--connection", "Nowhere"], 2);
    let set = machine.json(&["pulls", "set", "People", "--connection", "Anew"], 0);
    assert_eq!(set["connection"], "Anew");
    assert_eq!(
        [
            &set["moved"]["from"],
            &set["moved"]["same_org"],
            &set["moved"]["kept"]
        ],
        [&json!("Practice"), &json!(false), &json!(read)],
        "{set}"
    );
    let again = machine.json(&["pulls", "run", "People"], 0);
    let [anew, new, changed, ..] = counts(&again, "Lead");
    assert_eq!(
        (new, changed),
        (anew, 0),
        "everything of the new org: {again}"
    );
    let count = |connection: &str| {
        let counted = machine.json(&["mirror", "count", "Lead", "--connection", connection], 0);
        counted["live"].as_u64().unwrap()
    };
    assert_eq!(
        (count("Practice"), count("Anew")),
        (read, anew),
        "both are kept"
    );
    let card = machine.json(&["contacts", "show", guid], 0);
    assert_eq!(card["links"][0]["record_id"], lead, "the link stays");
    let text = machine.text(&["pulls", "set", "People", "--connection", "Anew"], 0);
    assert!(text.contains("People reads from Anew already."), "{text}");
}
