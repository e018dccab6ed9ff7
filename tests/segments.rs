//! Segments and activities, from files to the org: statuses arrive once, whatever is killed on the way.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::new_workspace;
use crate::support::workspace::Workspace;

pub(crate) const LEADS: &str = "Visitors";
pub(crate) const VISITORS: usize = 90;
/// People of whom no visit is known.
pub(crate) const OTHERS: usize = 20;
/// Visits of people who are not here.
const STRANGERS: usize = 5;

/// Kills: the n-th pass of a named point while the statuses of those who left are on their way.
const KILLS: &[&str] = &[
    "recalculation.page:1",
    "entering.page:1",
    "batching.prepared:1",
    "sending.before_request:2",
    "sending.after_answer:1",
    "reconciling.row:7",
    "reconciling.applied:1",
];

fn people(city: impl Fn(usize) -> &'static str) -> String {
    let lines = (0..VISITORS + OTHERS)
        .map(|n| format!("p{n}@example.com,Pat,Person {n},Acme,{}\n", city(n)));
    format!(
        "E-mail,First Name,Last Name,Company,City\n{}",
        lines.collect::<String>()
    )
}

/// Visitors have gone as leads, all of them `realized` in the segment Romans.
pub(crate) fn gone() -> (Cli, TempDir, PracticeOrg) {
    let (cli, folder) = new_workspace();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("people.csv", &people(|_| "Rome"));
    write(
        "moved.csv",
        &people(|n| if n % 2 == 0 { "Oslo" } else { "Rome" }),
    );
    let who = |n: usize| {
        if n < VISITORS {
            format!("p{n}")
        } else {
            format!("stranger{n}")
        }
    };
    let visits = (0..VISITORS + STRANGERS)
        .map(|n| format!("{}@example.com,visit,2026-01-05 10:00,{n}\n", who(n)));
    let wrong = "p1@example.com,visit,soon,1\np2@example.com,,2026-01-05,1\n";
    let visits = format!(
        "E-mail,Type,Time,Value\n{}{wrong}",
        visits.collect::<String>()
    );
    write("visits.csv", &visits);
    write(
        "visitors.json",
        r#"{"activity": "visit", "with": [{"field": "value", "op": "at_least", "value": 0}]}"#,
    );
    write(
        "romans.json",
        r#"{"field": "city", "op": "equals", "value": "rome"}"#,
    );

    let org = PracticeOrg::serve(&cli);
    cli.run(&["connections", "add", "Practice", "--flow", "practice"])
        .expect(0);
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    let import = ["activities", "import", "visits.csv", "--create-types"];
    let imported = cli.json_outcome(&import).expect(1).object();
    assert_eq!(imported["added"], VISITORS, "{imported}");
    assert_eq!(imported["waiting"], STRANGERS);
    assert_eq!(imported["faults"][0]["column"], "Time", "{imported}");
    assert_eq!(imported["faults"][1]["column"], "Type");
    cli.run(&import).refused(2, &["imported before"]);
    for (name, rules) in [("Visitors", "visitors.json"), ("Romans", "romans.json")] {
        cli.run(&["segments", "add", name, "--rules", rules])
            .expect(0);
    }
    #[rustfmt::skip]
    cli.run(&[
        "replications", "add", LEADS, "--object", "Lead", "--connection", "Practice", "--default-company", "(none)",
        "--segments-any", "visitors", "--batch-size", "20",
    ])
    .expect(0);
    cli.run(&[
        "replications",
        "activate",
        LEADS,
        "Romans",
        "--mapping-id",
        "In Rome",
    ])
    .refused(2, &["contains a space", "In_Rome__c"]);
    cli.run(&["replications", "activate", LEADS, "Romans"])
        .expect(0);
    cli.run(&["replications", "prepare-org", LEADS]).expect(0);
    let run = cli
        .json_outcome(&["replications", "run", LEADS])
        .expect_one_of(&[0, 1])
        .object();
    assert_eq!(run["created"], VISITORS, "{run}");
    assert_eq!(statuses(&org, "realized"), VISITORS);
    cli.run(&["contacts", "import", "moved.csv"]).expect(0);
    (cli, folder, org)
}

pub(crate) fn statuses(org: &PracticeOrg, status: &str) -> usize {
    org.records(&format!("SELECT Id FROM Lead WHERE Romans__c = '{status}'"))
        .len()
}

fn must_have_left(cli: &Cli, org: &PracticeOrg) {
    let moved = VISITORS.div_ceil(2);
    assert_eq!(statuses(org, "exited"), moved);
    assert_eq!(statuses(org, "realized"), VISITORS - moved);
    let emails: BTreeSet<String> = org
        .records("SELECT Email FROM Lead WHERE Email LIKE 'p%@example.com'")
        .iter()
        .map(|lead| lead["Email"].to_string())
        .collect();
    assert_eq!(emails.len(), VISITORS);
    let card = cli.json(&["segments", "show", "Romans"]);
    let page = cli.json(&["segments", "members", "Romans", "--limit", "500"]);
    assert_eq!(card["members"], page["members"].as_array().unwrap().len());
    Workspace::open(cli.workspace()).must_be_sound();
}

#[test]
fn who_leaves_is_told_once_whatever_is_killed_on_the_way() {
    each(
        KILLS,
        |point| (*point).to_owned(),
        |point| {
            let (cli, _folder, org) = gone();
            let run = ["replications", "run", LEADS];
            let killed = cli.killed_at(point).run(&run);
            assert!(killed.was_killed(), "{point} was not reached: {killed}");
            Workspace::open(cli.workspace()).must_be_sound();
            cli.sped_up(600).run(&run).expect(0);
            must_have_left(&cli, &org);
            let runs = cli.json(&["runs", "list", "--limit", "100"]);
            let updated: u64 = sum(&runs, "updated");
            assert_eq!(
                updated,
                VISITORS.div_ceil(2) as u64,
                "each was told once: {runs}"
            );
        },
    );
}

fn sum(runs: &Value, count: &str) -> u64 {
    let runs = runs["runs"].as_array().unwrap().iter();
    runs.map(|run| run[count].as_u64().unwrap()).sum()
}

#[test]
fn a_stranger_who_appears_brings_her_visits_and_goes() {
    let (cli, folder, org) = gone();
    let new = "E-mail,Last Name,Company,City\nstranger90@example.com,New,Acme,Rome\n";
    fs::write(folder.path().join("new.csv"), new).unwrap();
    cli.run(&["contacts", "import", "new.csv"]).expect(0);
    let waiting = cli.json(&["activities", "list"]);
    assert_eq!(waiting["total"], STRANGERS - 1);
    let why = cli.json(&["segments", "explain", "Visitors", "stranger90@example.com"]);
    assert_eq!(
        (&why["status"], &why["rules"]["holds"]),
        (&"realized".into(), &true.into())
    );
    let run = cli
        .json_outcome(&["replications", "run", LEADS])
        .expect_one_of(&[0, 1])
        .object();
    assert_eq!(run["created"], 1, "{run}");
    must_have_gone(&org);
    // Her visits go with the import that brought them; then she is a visitor no more.
    let imports = cli.json(&["contacts", "acts"]);
    let act = imports["acts"].as_array().unwrap().iter().find(|act| {
        act["summary"]
            .as_str()
            .is_some_and(|summary| summary.contains("visits.csv"))
    });
    cli.run(&["contacts", "undo", &act.unwrap()["id"].to_string()])
        .expect(0);
    assert_eq!(cli.json(&["segments", "count", "Visitors"])["contacts"], 0);
}

fn must_have_gone(org: &PracticeOrg) {
    let soql =
        "SELECT Id FROM Lead WHERE Email = 'stranger90@example.com' AND Romans__c = 'realized'";
    assert_eq!(org.records(soql).len(), 1);
}

#[test]
fn the_one_segment_too_many_and_rules_in_a_circle_are_refused_by_name() {
    let (cli, folder, _org) = gone();
    let one_more = ["replications", "set", LEADS, "--most-segments", "1"];
    cli.run(&one_more).expect(0);
    cli.run(&["replications", "activate", LEADS, "Visitors"])
        .refused(2, &["1 segment is synced", "\"Romans\""]);
    cli.run(&["replications", "activate", LEADS, "--all"])
        .refused(2, &["1 segment is synced"]);
    cli.run(&["replications", "set", LEADS, "--most-segments", "25"])
        .expect(0);
    let all = cli.json(&["replications", "activate", LEADS, "--all"]);
    assert_eq!(all["active"][1]["mapping_id"], "Visitors__c", "{all}");
    let ended = ["replications", "activate", LEADS, "Visitors", "--until"];
    cli.run(&[&ended[..], &["soon"]].concat())
        .refused(2, &["\"soon\" isn't a date", "2026-12-01"]);
    cli.run(&[&ended[..], &["2020-01-31", "--from", "2020-02-01"]].concat())
        .refused(2, &["ends before it starts"]);
    let ended = cli.json(&[&ended[..], &["2020-01-31"]].concat());
    assert_eq!(ended["active"][1]["phase"], "after", "{ended}");
    cli.run(&["replications", "deactivate", LEADS, "Visitors"])
        .expect(0);
    cli.run(&["segments", "remove", "Romans"])
        .refused(2, &["the replication \"Visitors\""]);
    let circle =
        r#"{"any": [{"segment": "Visitors", "is": "in"}, {"segment": "Romans", "is": "in"}]}"#;
    fs::write(folder.path().join("circle.json"), circle).unwrap();
    cli.run(&["segments", "add", "Either", "--rules", "circle.json"])
        .expect(0);
    let own = r#"{"segment": "Either", "is": "not_in"}"#;
    fs::write(folder.path().join("own.json"), own).unwrap();
    cli.run(&["segments", "set", "Romans", "--rules", "own.json"])
        .refused(2, &["refer to each other", "romans"]);
    let gone = r#"{"all": [{"field": "custom:Gone", "op": "is_set"}]}"#;
    fs::write(folder.path().join("gone.json"), gone).unwrap();
    cli.run(&["segments", "add", "Gone", "--rules", "gone.json"])
        .refused(2, &["Gone"]);
    // Renaming is known wherever the segment is named.
    cli.run(&["segments", "set", "Romans", "--rename", "Citizens"])
        .expect(0);
    let active = cli.json(&["replications", "activations", LEADS]);
    assert_eq!(active["active"][0]["segment"], "Citizens");
    assert_eq!(active["active"][0]["mapping_id"], "Romans__c");
    let plan = cli.json(&["replications", "plan", LEADS]);
    assert_eq!(plan["update"], VISITORS.div_ceil(2), "{plan}");
    let file = folder.path().join("members.csv");
    let export = ["segments", "export", "Visitors", file.to_str().unwrap()];
    assert_eq!(cli.json(&export)["contacts"], VISITORS);
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .contains("p0@example.com")
    );
}

#[test]
fn with_the_schedule_on_change_who_comes_to_qualify_goes_by_herself() {
    let (cli, folder, org) = gone();
    let cli = cli.sped_up(20);
    cli.run(&["replications", "set", LEADS, "--schedule", "on change"])
        .expect(0);
    cli.run(&["replications", "set", LEADS, "--schedule", "now and then"])
        .refused(2, &["on change", "every 15 minutes"]);
    let mut watching = cli.start(&["replications", "watch"]);
    until("what was missed is caught up", || {
        statuses(&org, "exited") == VISITORS.div_ceil(2)
    });
    // A burst of changes: a file, and one by hand.
    let new = "E-mail,Type,Time,Value\np95@example.com,visit,2026-01-06 10:00,1\np96@example.com,visit,2026-01-06 10:00,2\n";
    fs::write(folder.path().join("more.csv"), new).unwrap();
    cli.run(&["activities", "import", "more.csv"]).expect(0);
    cli.run(&[
        "activities",
        "add",
        "p97@example.com",
        "visit",
        "--value",
        "3",
    ])
    .expect(0);
    let leads = || {
        org.records("SELECT Id FROM Lead WHERE Email LIKE 'p%@example.com'")
            .len()
    };
    until("three more have gone", || leads() == VISITORS + 3);
    assert!(watching.is_running());
    let either =
        r#"{"any": [{"activity": "visit"}, {"consent": "Newsletter > Offers", "is": "given"}]}"#;
    fs::write(folder.path().join("either.json"), either).unwrap();
    let visitors = ["segments", "set", "Visitors", "--rules", "either.json"];
    cli.run(&visitors)
        .refused(2, &["purpose", "Newsletter > Offers"]);
    cli.run(&["consents", "add", "Newsletter > Offers"])
        .expect(0);
    cli.run(&visitors).expect(0);
    #[rustfmt::skip]
    cli.run(&["consents", "record", "newsletter > offers", "given", "p94@example.com", "--source", "Trade fair"])
        .expect(0);
    until("a consent lets one more go", || leads() == VISITORS + 4);
    let why = cli.json(&["segments", "explain", "Visitors", "p94@example.com"]);
    assert!(why.to_string().contains("given on "), "{why}");
    // A second one waits for its turn, and nobody goes twice.
    let runs = || {
        cli.json(&["runs", "list", "--limit", "100"])["runs"]
            .as_array()
            .unwrap()
            .len()
    };
    let before = runs();
    let second = cli.start(&["replications", "watch"]);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(runs(), before, "nothing has changed");
    second.killed_after(std::time::Duration::ZERO);
    watching.killed_after(std::time::Duration::ZERO);
    assert_eq!(leads(), VISITORS + 4);
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..240 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(250));
    }
    panic!("{what}: not within a minute");
}
