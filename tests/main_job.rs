//! The main job by the built program: from a file of awkward contacts to linked records, and what it says on the way.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::RULES;

pub(crate) const GOOD: &str = "Good leads";
const NO_COMPANY: &str = "(ohne Firma)";

/// Semicolons, a byte order mark, German column names, a line break in a cell, and people of all kinds.
fn awkward_file() -> String {
    let long_title = format!("Manager {}", "für alles Mögliche 😀 ".repeat(8));
    let rows = [
        "\"Anna\";\"Müller\";anna@main.example;\"ACME; \"\"Nord\"\" GmbH\nAbteilung 7\";Sales Manager;Deutschland;nein;1234,5;".to_owned(),
        format!("Zoë;Lange-Titel;zoe@main.example;Zoo AG;\"{long_title}\";Frankreich;nein;;"),
        "美咲;山田;misaki@main.example;株式会社 テスト;manager;Japan;nein;7;".to_owned(),
        "أحمد;الخطيب;ahmad@main.example;شركة;Manager;Ägypten;nein;0;".to_owned(),
        "Ohne;Firma;ohne@main.example;;Manager;Österreich;nein;;".to_owned(),
        "Nurvorname;;nurvorname@main.example;Firma;Manager;;nein;;".to_owned(),
        "Kaputte;Adresse;\"not an address\";Firma;Manager;;nein;;".to_owned(),
        "Will;Nichts;nichts@main.example;Firma;Manager;;ja;;".to_owned(),
        "Hanna;Müller;anna@main.example;ACME;Manager;;nein;;".to_owned(),
        "Zu;Wenig;wenig@main.example;Firma;Trainee;;nein;;".to_owned(),
        "Schon;Da;schon.da@main.example;Firma;Manager;;nein;;".to_owned(),
        "Nicht;Geboren;geboren;Firma;Manager;;nein;;28.02.1990".to_owned(),
    ];
    let head = "\u{feff}Vorname;Nachname;E-Mail;Firma;Position;Land;Nicht senden;Budget;Geburtstag";
    format!("{head}\r\n{}\r\n", rows.join("\r\n"))
}

/// A folder with a workspace.
pub(crate) struct Desk {
    pub(crate) cli: Cli,
    pub(crate) _folder: TempDir,
}

/// A workspace with the file imported and scored, and a replication on the practice org.
pub(crate) fn desk() -> (Desk, PracticeOrg) {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    fs::write(cli.path("leute.csv"), awkward_file()).unwrap();
    fs::write(cli.path("rules.json"), RULES).unwrap();
    cli.run(&["workspace", "init", "--name", "Probe"]).expect(0);
    let org = PracticeOrg::serve(&cli);
    let known = serde_json::json!({ "LastName": "DA", "Company": "Old company", "Email": "SCHON.DA@main.example" });
    org.create("Lead", &[known]);
    cli.json(&["connections", "add", "Practice", "--flow", "practice"]);
    (
        Desk {
            cli,
            _folder: folder,
        },
        org,
    )
}

pub(crate) fn import(cli: &Cli) -> Value {
    let outcome = cli.json_outcome(&["contacts", "import", "leute.csv", "--create-custom-fields"]);
    outcome.expect(1).object()
}

pub(crate) fn add_replication(cli: &Cli) {
    cli.json(&["scores", "add", "Fit", "--rules", "rules.json"]);
    cli.json(&["scores", "recalculate"]);
    #[rustfmt::skip]
    cli.json(&[
        "replications", "add", GOOD, "--object", "Lead", "--connection", "Practice", "--score", "Fit", "--minimum", "20",
        "--default-company", NO_COMPANY,
    ]);
}

#[test]
fn a_file_of_awkward_contacts_becomes_linked_records() {
    let (Desk { cli, _folder }, org) = desk();

    let imported = import(&cli);
    assert_eq!(imported["created"], 10, "{imported}");
    assert_eq!(imported["faulty"], 2, "{imported}");
    assert_eq!(imported["custom_fields_created"][0], "Budget");
    let errors = fs::read_to_string(imported["errors_file"].as_str().unwrap()).unwrap();
    for person in ["Kaputte", "Nicht;Geboren"] {
        assert!(
            errors.contains(person),
            "{person} must stand in the errors file: {errors}"
        );
    }
    assert_eq!(cli.json(&["contacts", "count"])["contacts"], 10);

    add_replication(&cli);
    let plan = cli.json(&["replications", "plan", GOOD]);
    // Anna, Zoë, Misaki, Ahmad, Ohne and Schon go; Hanna shares Anna's e-mail, and one has no last name.
    must_count(
        &plan,
        &[
            ("create", 0),
            ("update", 0),
            ("unchanged", 0),
            ("left_out", 2),
        ],
    );
    assert_eq!(
        plan["match_pending"].as_u64().unwrap() + plan["blocked"].as_u64().unwrap(),
        8,
        "{plan}"
    );

    let prepared = cli.json(&["replications", "prepare-org", GOOD]);
    assert_eq!(prepared["ready"], true, "{prepared}");
    let matched = cli.json(&["replications", "match", GOOD]);
    must_count(
        &matched,
        &[
            ("create", 5),
            ("update", 1),
            ("match_pending", 0),
            ("blocked", 2),
            ("left_out", 2),
        ],
    );
    let before = org.records("SELECT Id FROM Lead").len();

    let run = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect(1)
        .object();
    must_count(
        &run,
        &[
            ("created", 5),
            ("updated", 1),
            ("failed", 0),
            ("blocked", 2),
            ("waiting", 0),
            ("withdrawn", 0),
            ("left_out", 2),
        ],
    );
    let promised = matched["calls"].as_u64().unwrap();
    let made = run["calls"].as_u64().unwrap();
    assert!(
        made <= promised + 1,
        "the plan promised {promised} calls, the run made {made}"
    );

    people_must_stand_in(&org, &cli, before);
    second_run_must_ask_nothing(&cli, &org);
    history_must_tell(&cli, run["run"].as_i64().unwrap());
    an_edit_must_go_alone(&cli, &org);
}

pub(crate) fn must_count(counts: &Value, wanted: &[(&str, u64)]) {
    for (name, count) in wanted {
        assert_eq!(counts[*name], *count, "{name} in {counts}");
    }
}

fn people_must_stand_in(org: &PracticeOrg, cli: &Cli, before: usize) {
    assert_eq!(
        org.records("SELECT Id FROM Lead").len(),
        before + 5,
        "five new leads and no more"
    );
    let soql = "SELECT Id, FirstName, LastName, Email, Company, Title, Country, Leadferry_ID__c FROM Lead \
                WHERE Email LIKE '%@main.example'";
    let leads: BTreeMap<String, Value> = org
        .records(soql)
        .into_iter()
        .map(|lead| (lead["Email"].as_str().unwrap().to_lowercase(), lead))
        .collect();
    let lead = |name: &str| &leads[&format!("{name}@main.example")];
    assert_eq!(
        lead("anna")["Company"],
        "ACME; \"Nord\" GmbH, Abteilung 7",
        "on one line"
    );
    assert_eq!(
        lead("anna")["FirstName"],
        "Anna",
        "the eldest with this e-mail goes"
    );
    assert_eq!(lead("anna")["Country"], "Germany");
    assert_eq!(lead("misaki")["LastName"], "山田");
    assert_eq!(lead("misaki")["Company"], "株式会社 テスト");
    assert_eq!(lead("ahmad")["LastName"], "الخطيب");
    assert_eq!(lead("ohne")["Company"], NO_COMPANY);
    assert_eq!(
        lead("schon.da")["LastName"],
        "Da",
        "the record that was there is brought up to date"
    );
    let title = lead("zoe")["Title"].as_str().unwrap();
    let units = title.encode_utf16().count();
    assert!(
        (120..=128).contains(&units),
        "shortened to what fits: {units} units of {title}"
    );
    assert!(
        title.starts_with("Manager für alles Mögliche 😀 für"),
        "{title}"
    );
    assert_eq!(leads.len(), 6);

    let links = cli.json(&["links", "list"]);
    let links: BTreeMap<&str, &str> = links["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| {
            (
                link["contact"].as_str().unwrap(),
                link["record_id"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(links.len(), 6);
    for lead in leads.values() {
        let guid = lead["Leadferry_ID__c"].as_str().unwrap().to_lowercase();
        assert_eq!(
            links[guid.as_str()],
            lead["Id"],
            "the link of {}",
            lead["Email"]
        );
    }
}

fn second_run_must_ask_nothing(cli: &Cli, org: &PracticeOrg) {
    let before = org.requests();
    let again = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect_one_of(&[0, 1])
        .object();
    must_count(
        &again,
        &[
            ("calls", 0),
            ("created", 0),
            ("updated", 0),
            ("unchanged", 6),
            ("blocked", 0),
            ("waiting", 0),
        ],
    );
    assert_eq!(org.requests(), before, "the org was asked something");
}

fn history_must_tell(cli: &Cli, run: i64) {
    let runs = cli.json(&["runs", "list"]);
    assert_eq!(runs["runs"].as_array().unwrap().len(), 2, "{runs}");
    let card = cli.json(&["runs", "show", &run.to_string()]);
    must_count(&card, &[("created", 5), ("updated", 1), ("sent", 6)]);
    assert_eq!(card["rows"].as_array().unwrap().len(), 6);
    let queue = cli.json(&["queue", "list", "--state", "blocked"]);
    let codes: Vec<&str> = queue["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["code"].as_str())
        .collect();
    assert_eq!(codes.len(), 2, "{queue}");
    assert!(codes.contains(&"ambiguous"), "{queue}");
    let doctor = cli.json(&["doctor"]);
    assert!(
        doctor["lines"]
            .as_array()
            .is_some_and(|lines| !lines.is_empty()),
        "{doctor}"
    );
}

fn an_edit_must_go_alone(cli: &Cli, org: &PracticeOrg) {
    cli.json(&["contacts", "set", "misaki@main.example", "city=東京"]);
    let run = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect_one_of(&[0, 1])
        .object();
    must_count(&run, &[("created", 0), ("updated", 1), ("unchanged", 5)]);
    let lead = org.records("SELECT City, Title FROM Lead WHERE Email = 'misaki@main.example'");
    assert_eq!(lead[0]["City"], "東京");
}

#[test]
fn mended_rows_of_the_errors_file_come_in_and_go_out() {
    let (Desk { cli, _folder }, org) = desk();
    let imported = import(&cli);
    let errors = imported["errors_file"].as_str().unwrap();
    let mended = fs::read_to_string(errors)
        .unwrap()
        .replace("not an address", "kaputt@main.example")
        .replace("geboren;", "geboren@main.example;");
    fs::write(cli.path("mended.csv"), mended).unwrap();
    let again = cli.json(&["contacts", "import", "mended.csv"]);
    assert_eq!(again["created"], 2, "{again}");
    add_replication(&cli);
    cli.json(&["replications", "prepare-org", GOOD]);
    cli.json_outcome(&["replications", "run", GOOD]).expect(1);
    for email in ["kaputt@main.example", "geboren@main.example"] {
        let found = org.records(&format!("SELECT Id FROM Lead WHERE Email = '{email}'"));
        assert_eq!(found.len(), 1, "{email}");
    }
}
