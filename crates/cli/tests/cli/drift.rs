//! Fields that changed in Salesforce, named by everything here that uses them.

use serde_json::{Value, json};

use crate::machine::Machine;

/// A machine on which a replication, a pull, a segment, a score and a saved search use the rating of leads.
fn using_ratings() -> Machine {
    let machine = Machine::new();
    machine.ready();
    machine.text(
        &[
            "pulls",
            "add",
            "People",
            "--object",
            "Lead",
            "--field",
            "usual,Rating",
        ],
        0,
    );
    machine.text(&["pulls", "run", "People"], 0);
    let hot = json!({"field": "Salesforce.Rating", "op": "equals", "value": "Hot"});
    let rules = machine.file("hot.json", hot.to_string());
    machine.text(&["segments", "add", "Hot", "--rules", &rules], 0);
    let points = json!({"rules": [{"name": "Hot in Salesforce", "points": 5, "when": hot}]});
    let points = machine.file("points.json", points.to_string());
    machine.text(&["scores", "add", "Warmth", "--rules", &points], 0);
    machine.text(
        &[
            "search",
            "run",
            "--where",
            "Rating is_one_of Hot",
            "--save",
            "Hot leads",
        ],
        0,
    );
    machine.text(
        &["replications", "set", "Leads", "--segments-any", "Hot"],
        0,
    );
    machine
}

fn change<'v>(drift: &'v Value, field: &str) -> &'v Value {
    let all = drift.as_array().unwrap();
    let found = all.iter().find(|one| one["field"] == field);
    found.unwrap_or_else(|| panic!("{field} isn't in {drift:#}"))
}

fn users(change: &Value) -> Vec<String> {
    let users = change["used_by"].as_array().unwrap().iter();
    users
        .map(|user| {
            format!(
                "{} {}",
                user["kind"].as_str().unwrap(),
                user["name"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn a_field_that_is_gone_is_named_by_everything_that_uses_it() {
    let machine = using_ratings();
    let before = machine.json(&["connections", "test", "Practice"], 0);
    assert_eq!(before["drift"], json!([]), "nothing has changed");

    machine.text(&["practice-org", "fields", "hide", "Lead.Rating"], 0);
    let after = machine.json(&["connections", "test", "Practice"], 0);
    let gone = change(&after["drift"], "Rating");
    assert_eq!(gone["change"], "Rating was deleted or hidden.", "{gone}");
    assert_eq!(
        users(gone),
        [
            "pull People",
            "segment Hot",
            "score Warmth",
            "search Hot leads"
        ],
    );
    let text = machine.text(&["connections", "test", "Practice"], 0);
    for user in [
        "Pull \"People\"",
        "Segment \"Hot\"",
        "Score \"Warmth\"",
        "Saved search \"Hot leads\"",
    ] {
        assert!(text.contains(user), "{user} in:\n{text}");
    }

    // The plan names what decides who is sent.
    let plan = machine.json(&["replications", "plan", "Leads"], 0);
    assert_eq!(users(change(&plan["drift"], "Rating")), ["segment Hot"]);
    let text = machine.text(&["replications", "plan", "Leads"], 0);
    assert!(
        text.contains("Lead.Rating: Rating was deleted or hidden."),
        "{text}"
    );

    // The next pull keeps the values, and the rest still says who uses the field.
    machine.text(&["pulls", "run", "People"], 0);
    let later = machine.json(&["connections", "test", "Practice"], 0);
    assert!(users(change(&later["drift"], "Rating")).contains(&"segment Hot".to_owned()));

    machine.text(&["practice-org", "fields", "show", "Lead.Rating"], 0);
    machine.text(&["pulls", "run", "People"], 0);
    let back = machine.json(&["connections", "test", "Practice"], 0);
    assert_eq!(back["drift"], json!([]), "it is there again");
}

#[test]
fn a_mapping_that_breaks_is_named_and_alerted_once() {
    let machine = using_ratings();
    let rows = "last_name=LastName\nemail=Email\n@company_name=Company\ncampaign=Rating\n";
    let file = machine.file("rows.txt", rows);
    machine.text(&["mappings", "import", "Leads", &file], 0);
    machine.text(&["connections", "test", "Practice"], 0);
    machine.text(&["practice-org", "fields", "hide", "Lead.Rating"], 0);
    let after = machine.json(&["connections", "test", "Practice"], 0);
    let gone = change(&after["drift"], "Rating");
    let user = &gone["used_by"][0];
    assert_eq!(
        (&user["kind"], &user["broken"]),
        (&"replication".into(), &true.into())
    );
    assert!(
        user["effect"]
            .as_str()
            .unwrap()
            .contains("Contacts can't be sent"),
        "{user}"
    );

    machine.text(&["connections", "test", "Practice"], 0);
    let alerts = machine.json(&["alerts", "list"], 0);
    let told = alerts["alerts"].as_array().unwrap().iter();
    let told: Vec<&Value> = told
        .filter(|alert| {
            alert["message"]
                .as_str()
                .unwrap()
                .contains("Rating was deleted")
        })
        .collect();
    assert_eq!(told.len(), 1, "{alerts:#}");
    assert_eq!(
        (&told[0]["replication"], &told[0]["times"]),
        (&"Leads".into(), &1.into())
    );
}
