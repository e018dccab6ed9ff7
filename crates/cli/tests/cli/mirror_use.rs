//! What was read from Salesforce, put to use: segments, mappings, templates, exports, links and partners.

use serde_json::{Value, json};

use crate::machine::Machine;

const EVERYTHING: [&str; 7] = [
    "Lead",
    "Contact",
    "Account",
    "Opportunity",
    "OpportunityContactRole",
    "Campaign",
    "CampaignMember",
];

/// A machine that has pulled everything of the practice org.
fn pulled() -> Machine {
    let machine = Machine::new();
    machine.ready();
    let mut add = vec!["pulls", "add", "All"];
    for object in EVERYTHING {
        add.extend(["--object", object]);
    }
    add.extend(["--field", "Lead:usual,Rating,Phone,Leadferry_ID__c"]);
    machine.text(&add, 0);
    machine.text(&["pulls", "run", "All"], 0);
    machine
}

/// The id of the first record of an object that contains a text, or the first one at all.
fn record(machine: &Machine, object: &str, text: &str) -> String {
    let found = machine.json(&["mirror", "list", object, "--text", text], 0);
    found["records"][0]["id"].as_str().unwrap().to_owned()
}

fn count(machine: &Machine, rules: &Value) -> u64 {
    let file = machine.file("rules.json", rules.to_string());
    let counted = machine.json(&["segments", "count", "--rules", &file], 0);
    counted["contacts"].as_u64().unwrap()
}

#[test]
fn rules_mappings_templates_and_exports_use_what_was_read() {
    let machine = pulled();
    let lead = record(&machine, "Lead", "wanjiru");
    let imported = machine.json(&["search", "import", "Lead", &lead], 0);
    let guid = imported["created"][0].as_str().unwrap().to_owned();
    machine.text(&["practice-org", "act", "edit", &lead, "Rating=Hot"], 0);
    machine.text(&["pulls", "run", "All"], 0);

    let names = machine.json(&["mirror", "fields"], 0);
    let names: Vec<&str> = names["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Salesforce.Rating"), "{names:?}");
    assert!(names.contains(&"Salesforce.Account.Industry"), "{names:?}");
    machine.text(&["mirror", "fields"], 0);

    let hot = json!({"field": "Salesforce.Rating", "op": "equals", "value": "hot"});
    assert_eq!(count(&machine, &hot), 1);
    assert_eq!(
        count(&machine, &json!({"opportunities": "any"})),
        0,
        "a lead has none"
    );
    let file = machine.file("hot.json", hot.to_string());
    let added = machine.json(&["segments", "add", "Hot", "--rules", &file], 0);
    assert_eq!(added["members"], 1, "{added}");
    let explained = machine.json(&["segments", "explain", "Hot", &guid], 0);
    assert_eq!(explained["rules"]["has"], "“Hot”", "{explained}");
    let unknown = machine.file(
        "unknown.json",
        json!({"field": "Salesforce.Nothing__c", "op": "is_set"}).to_string(),
    );
    machine.json(&["segments", "add", "No", "--rules", &unknown], 2);

    // A record that cools down leaves the segment at the next recalculation.
    machine.text(&["practice-org", "act", "edit", &lead, "Rating=Cold"], 0);
    machine.text(&["pulls", "run", "All"], 0);
    machine.text(&["segments", "recalculate", "Hot"], 0);
    assert_eq!(machine.json(&["segments", "show", "Hot"], 0)["members"], 0);

    let export = machine.folder().join("people.csv");
    let export = export.to_str().unwrap();
    let columns = ["--column", "email", "--column", "Salesforce.Rating"];
    machine.text(&[&["contacts", "export", export][..], &columns].concat(), 0);
    let text = std::fs::read_to_string(export).unwrap();
    assert!(
        text.contains("Salesforce.Rating") && text.contains("Cold"),
        "{text}"
    );
    machine.json(
        &[
            "contacts",
            "export",
            export,
            "--column",
            "Salesforce.Nope__c",
        ],
        2,
    );

    let mapping = "last_name=LastName\n@company_name=Company\nSalesforce.Status=Industry\n\
                   {% Contact.last_name %} was {% Salesforce.Rating %}=Title\n";
    let file = machine.file("mapping.txt", mapping);
    machine.text(&["mappings", "import", "Leads", &file], 0);
    machine.text(&["replications", "run", "Leads"], 0);
    machine.text(&["pulls", "run", "All"], 0);
    let sent = machine.json(&["mirror", "show", &lead], 0);
    assert!(sent.to_string().contains("was Cold"), "{sent}");
    let faulty = machine.file(
        "faulty.txt",
        mapping.replace("Salesforce.Status", "Salesforce.Nope"),
    );
    machine.json(&["mappings", "import", "Leads", &faulty], 2);
}

#[test]
fn a_converted_lead_brings_opportunities_and_account_into_rules() {
    let machine = pulled();
    let contacts = machine.json(&["mirror", "list", "OpportunityContactRole"], 0);
    let columns: Vec<&str> = contacts["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect();
    let roles = machine.json(
        &[
            "mirror",
            "list",
            "OpportunityContactRole",
            "--columns",
            "ContactId",
        ],
        0,
    );
    let contact = roles["records"][0]["values"][0]
        .as_str()
        .unwrap_or_else(|| panic!("{columns:?}"));
    machine.json(&["search", "import", "Contact", contact], 0);
    assert_eq!(
        count(
            &machine,
            &json!({"opportunities": "any", "through": "role"})
        ),
        1
    );
    assert_eq!(
        count(
            &machine,
            &json!({"opportunities": "any", "times": {"op": "at_least", "value": 500}})
        ),
        0
    );
    assert_eq!(
        count(
            &machine,
            &json!({"field": "Salesforce.Account.Name", "op": "is_set"})
        ),
        1
    );
}

#[test]
fn links_are_found_and_made_only_when_they_are_confirmed() {
    let machine = pulled();
    let leads = machine.json(
        &[
            "mirror",
            "list",
            "Lead",
            "--columns",
            "FirstName,LastName,Email,Company",
            "--text",
            "wanjiru",
        ],
        0,
    );
    let lead = leads["records"][0].clone();
    let value = |at: usize| lead["values"][at].as_str().unwrap().to_owned();
    let people = format!(
        "first_name,last_name,email\n{},{},{}\nOtto,Clerk,otto@nowhere.example\n",
        value(0),
        value(1),
        value(2)
    );
    machine.text(
        &["contacts", "import", &machine.file("people.csv", people)],
        0,
    );
    let card = machine.json(&["contacts", "show", &value(2)], 0);
    let guid = card["guid"].as_str().unwrap().to_owned();
    let found = machine.json(&["links", "find"], 0);
    let pairs = found["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 1, "{found}");
    assert_eq!(
        (
            &pairs[0]["contact"],
            &pairs[0]["record_id"],
            &pairs[0]["certain"]
        ),
        (&guid.as_str().into(), &lead["id"], &true.into())
    );
    machine.text(&["links", "find"], 0);
    assert_eq!(
        machine.json(&["links", "list"], 0)["links"],
        json!([]),
        "nothing is linked yet"
    );
    let id = lead["id"].as_str().unwrap();
    let preview = machine.json(&["links", "preview", &guid, id], 0);
    assert_eq!(
        preview["writes"][0]["field"], "Leadferry_ID__c",
        "{preview}"
    );
    let leads = machine.json(&["mirror", "list", "Lead", "--limit", "50"], 0);
    let leads = leads["records"].as_array().unwrap();
    let stranger = leads.iter().find(|one| one["id"] != lead["id"]).unwrap();
    let stranger = stranger["id"].as_str().unwrap();
    let refused = machine.json(&["links", "confirm", &guid, stranger], 1);
    assert_eq!(refused["linked"], 0, "{refused}");
    assert!(refused["refused"][0]["cure"].is_string(), "{refused}");
    assert_eq!(
        machine.json(&["links", "list"], 0)["links"],
        json!([]),
        "only pairs that were found are linked"
    );
    let confirmed = machine.json(&["links", "confirm", "--certain"], 0);
    assert_eq!(
        (&confirmed["linked"], &confirmed["calls"]),
        (&1.into(), &2.into()),
        "{confirmed}"
    );
    let links = machine.json(&["links", "list"], 0);
    assert_eq!(links["links"][0]["record_id"], lead["id"]);
    assert_eq!(links["links"][0]["identifier"], guid.as_str());
    assert_eq!(machine.json(&["links", "find"], 0)["pairs"], json!([]));
    let told = machine.text(&["links", "confirm", &guid, stranger], 1);
    assert!(told.contains("already linked to Lead"), "{told}");
    let none = machine.json(&["links", "confirm", "--certain"], 0);
    assert_eq!(none["linked"], 0);
}

#[test]
fn two_records_after_a_merge_are_settled_by_choosing_one() {
    let machine = pulled();
    let leads = machine.json(&["mirror", "list", "Lead", "--limit", "2"], 0);
    let ids: Vec<&str> = [0, 1]
        .map(|at| leads["records"][at]["id"].as_str().unwrap())
        .into();
    let imported = machine.json(&["search", "import", "Lead", ids[0], ids[1]], 0);
    let guids: Vec<&str> = [0, 1]
        .map(|at| imported["created"][at].as_str().unwrap())
        .into();
    machine.text(&["contacts", "merge", guids[0], guids[1]], 0);
    let card = machine.json(&["contacts", "show", guids[0]], 0);
    assert_eq!(
        card["second_records"].as_array().unwrap().len(),
        1,
        "{card}"
    );
    let second = card["second_records"][0]["record_id"].as_str().unwrap();
    let told = machine.text(&["contacts", "show", guids[0]], 0);
    assert!(told.contains("Two records in Salesforce"), "{told}");
    let kept = machine.json(&["links", "keep", guids[0], second], 0);
    assert_eq!(kept["record_id"], second);
    let card = machine.json(&["contacts", "show", guids[0]], 0);
    assert_eq!(card["second_records"], json!([]));
    assert_eq!(card["links"][0]["record_id"], second);
    machine.json(&["links", "keep", guids[0], second], 2);
}

#[test]
fn partners_share_their_people_and_nobody_goes_twice() {
    let machine = Machine::new();
    machine.ready();
    let add = [
        "replications",
        "add",
        "Contacts",
        "--object",
        "Contact",
        "--connection",
        "Practice",
    ];
    machine.text(&add, 0);
    machine.text(&["replications", "prepare-org", "Contacts"], 0);
    let people = "last_name,email,city\nAda,ada@partners.example,Rome\nBob,bob@partners.example,Oslo\n\
                  Cyd,cyd@partners.example,Rome\nDan,dan@partners.example,Oslo\n";
    machine.text(
        &["contacts", "import", &machine.file("people.csv", people)],
        0,
    );
    let rules = json!({"field": "city", "op": "equals", "value": "Rome"}).to_string();
    let rules = machine.file("rome.json", rules);
    machine.text(&["segments", "add", "Romans", "--rules", &rules], 0);
    let partner = [
        "replications",
        "partner",
        "Leads",
        "Contacts",
        "--contacts-segment",
        "Romans",
    ];
    let preview = machine.json(&[&partner[..], &["--preview"]].concat(), 0);
    assert_eq!(
        (
            &preview["leads"]["new"],
            &preview["leads"]["to_partner"],
            &preview["contacts"]["new"]
        ),
        (&2.into(), &2.into(), &2.into()),
        "{preview}"
    );
    machine.text(&partner, 0);
    // The plan of either says who goes as what, and why.
    for plan in ["Leads", "Contacts"] {
        let plan = machine.json(&["replications", "plan", plan], 0);
        let sides = ["leads", "contacts"].map(|side| plan["partner"][side]["new"].as_u64());
        assert_eq!(sides, [Some(2), Some(2)], "{plan}");
        assert_eq!(plan["partner"]["contacts_segment"], "Romans");
    }
    let plan = machine.text(&["replications", "plan", "Leads"], 0);
    let why = "New contacts in Romans become contacts, all others leads.";
    assert!(plan.contains(why), "{plan}");
    machine.text(&["replications", "run", "Leads"], 0);
    machine.text(&["replications", "run", "Contacts"], 0);
    // Whoever changes sides afterwards stays what they are.
    let card = machine.json(&["contacts", "show", "bob@partners.example"], 0);
    let bob = card["guid"].as_str().unwrap();
    machine.text(&["contacts", "set", bob, "city=Rome"], 0);
    machine.text(&["segments", "recalculate"], 0);
    let again = machine.json(&[&partner[..], &["--preview"]].concat(), 0);
    assert_eq!(again["leads"]["staying"], 1, "{again}");
    machine.text(&["replications", "run", "Contacts"], 0);
    machine.text(&["replications", "run", "Leads"], 0);
    let links = machine.json(&["links", "list"], 0);
    let mut objects: Vec<(String, String)> = links["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| {
            let text = |key: &str| link[key].as_str().unwrap().to_owned();
            (text("name"), text("object"))
        })
        .collect();
    objects.sort();
    let expected = [
        ("Ada", "Contact"),
        ("Bob", "Lead"),
        ("Cyd", "Contact"),
        ("Dan", "Lead"),
    ];
    let expected = expected.map(|(name, object)| (name.to_owned(), object.to_owned()));
    assert_eq!(objects, expected);
    machine.text(&["replications", "partner", "Contacts", "--end"], 0);
    machine.json(&["replications", "partner", "Leads", "--end"], 2);
    machine.json(&["replications", "partner", "Leads", "Leads"], 2);
}

#[test]
fn a_campaign_owner_or_stage_that_nobody_has_is_named_instead_of_counting_nobody() {
    let machine = pulled();
    let owners = ["--object", "User", "--field", "Lead:usual,OwnerId"];
    machine.text(&[&["pulls", "set", "All"][..], &owners].concat(), 0);
    machine.text(&["pulls", "run", "All"], 0);
    let notes = |rules: Value| {
        let file = machine.file("rules.json", rules.to_string());
        let counted = machine.json(&["segments", "count", "--rules", &file], 0);
        assert_eq!(counted["contacts"], 0, "nobody is linked");
        counted["notes"].as_array().unwrap().clone()
    };
    let campaigns = machine.json(&["mirror", "list", "Campaign", "--columns", "Name"], 0);
    let known = campaigns["records"][0]["values"][0].as_str().unwrap();
    assert_eq!(
        notes(json!({"campaign": known, "is": "member"})),
        [] as [Value; 0]
    );
    let misspelt = format!("{known}x");
    assert_eq!(
        notes(json!({"campaign": misspelt, "is": "member"})),
        [json!(format!(
            "No pulled campaign is named “{misspelt}”. Did you mean “{known}”?"
        ))]
    );
    let stage = |stage: &str| json!({"opportunities": "any", "with": [{"field": "StageName", "op": "equals", "value": stage}]});
    assert_eq!(notes(stage("Closed Won")), [] as [Value; 0]);
    assert_eq!(
        notes(stage("Closed Wonn")),
        [json!(
            "No pulled opportunity has the stage “Closed Wonn”. Did you mean “Closed Won”?"
        )]
    );
    let owner = json!({"field": "Salesforce.Owner.Username", "op": "equals", "value": "nobody"});
    assert_eq!(
        notes(owner.clone()),
        [json!("No pulled owner has the username “nobody”.")]
    );
    let file = machine.file("rules.json", owner.to_string());
    let text = machine.text(&["segments", "add", "Owned", "--rules", &file], 0);
    assert!(
        text.contains("No pulled owner has the username “nobody”."),
        "{text}"
    );
}

#[test]
fn lists_name_the_records_that_ids_point_to() {
    let machine = pulled();
    let members = machine.json(&["mirror", "list", "CampaignMember"], 0);
    let names = members["names"].as_object().unwrap();
    let columns = members["columns"].as_array().unwrap();
    for column in ["CampaignId", "LeadOrContactId"] {
        let at = columns.iter().position(|one| one["name"] == column);
        let at = at.unwrap_or_else(|| panic!("{column} isn't shown: {members:#}"));
        let id = members["records"][0]["values"][at].as_str().unwrap();
        let name = names[id].as_str().unwrap();
        let text = machine.text(&["mirror", "list", "CampaignMember"], 0);
        assert!(text.contains(&format!("{name} ({id})")), "{text}");
    }
    for object in ["OpportunityContactRole", "Opportunity"] {
        let listed = machine.json(&["mirror", "list", object], 0);
        assert!(!listed["names"].as_object().unwrap().is_empty(), "{listed}");
    }
}
