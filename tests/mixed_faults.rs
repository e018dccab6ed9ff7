//! All misbehaviours of an org at once, over many people: one request in a hundred, one in ten, every second one.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::bill::Bill;
use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::effort::asked_for;
use crate::support::people::{Fate, People};
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS];
const BATCH_SIZE: u16 = 200;

/// Shortens the waits, but not so much that settled batches are read back within a run.
const SPEEDUP: u32 = 100;

/// A run stops after some faults in a row; so often it is started again at most.
const RUNS: u64 = 60;

const LATE: Duration = Duration::from_millis(300);

/// Faults of requests that send people, and of all others.
const OF_SENDING: &[&str] = &[
    "expired_session",
    "server_unavailable",
    "html_instead_of_json",
    "truncated_body",
    "reset_before",
    "reset_after",
    "applied_late",
    "concurrent_limit",
];
const OF_ASKING: &[&str] = &["server_unavailable", "truncated_body", "reset_before"];

/// Returns faults that together spoil `percent` of the requests, and as many rows of every hundredth batch row.
fn faults(percent: f64, people: People) -> Vec<Value> {
    let sending = json!({ "path": "composite/sobjects" });
    let asking = json!({ "path": "/query" });
    let mut faults = Vec::new();
    for (path, names) in [(sending, OF_SENDING), (asking, OF_ASKING)] {
        let share = percent / names.len() as f64;
        for (n, name) in names.iter().enumerate() {
            // Each begins at another request, so that they do not all hit the same ones.
            let seen = (100.0 / share * n as f64 / names.len() as f64) as u64;
            let mut fault = json!({ "name": name, "percent": share, "seen": seen, "match": path });
            if *name == "applied_late" {
                fault["ms"] = json!(LATE.as_millis() as u64);
            }
            faults.push(fault);
        }
    }
    faults.push(json!({ "name": "lock_rows", "percent": percent, "fraction": 0.05 }));
    let poison: Vec<String> = poison(people).map(|n| people.email(n)).collect();
    faults.push(json!({ "name": "refuse_request", "values": poison }));
    faults
}

/// People whose row makes the org refuse the whole request.
fn poison(people: People) -> impl Iterator<Item = usize> {
    let sent = (0..people.count).filter(move |n| people.fate(*n) == Fate::Created);
    sent.step_by(4_000)
}

#[test]
fn through_a_mixture_of_faults_everyone_is_brought_once_and_calls_are_few() {
    let people = People::new(asked_for("LEADFERRY_PROOF_PEOPLE", 10_000));
    let prepared = Prepared::before_plan(people, BATCH_SIZE);
    let bill = Bill::of(&prepared, BATCH_SIZE);
    each(
        &[1.0, 10.0, 50.0],
        |percent| format!("{percent} % of the requests spoilt"),
        |percent| mixed_journey(&prepared, &bill, *percent),
    );
}

fn mixed_journey(prepared: &Prepared, bill: &Bill, percent: f64) {
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path()).sped_up(SPEEDUP);
    let org = PracticeOrg::serve(&cli);
    let people = prepared.people;
    let faults = faults(percent, people);
    for fault in &faults {
        org.fault(fault);
    }
    let before = org.requests();
    let runs = (1..=RUNS)
        .find(|_| cli.run(RUN).expect_one_of(&[0, 1, 3, 4]).code() < Some(3))
        .unwrap_or_else(|| panic!("not done after {RUNS} runs"));
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    let calls = org.requests() - before;
    let most = bill.most(&faults, &org, &workspace, runs);
    eprintln!("{percent} %: {calls} calls of {most} in {runs} runs");
    assert!(calls <= most, "{calls} calls, at most {most}");

    must_name_each_failure_once(&cli, people);
    // What the org applies late is over by now: it would take the row that it refuses until then.
    std::thread::sleep(2 * LATE);
    org.admin(reqwest::Method::DELETE, "faults", None);
    cli.run(&["queue", "retry", "--code", "JSON_PARSER_ERROR"])
        .expect(0);
    cli.run(RUN).expect_one_of(&[0, 1]);
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    people.must_stand_in(&org, &workspace);
    people.must_be_counted_by(&cli.json(&["runs", "list", "--limit", "1000"]));
}

/// What heals by itself is not among them; what needs a person is, with cause and cure.
fn must_name_each_failure_once(cli: &Cli, people: People) {
    let mut found = Vec::new();
    for state in ["blocked", "given_up"] {
        let list = cli.json(&["queue", "list", "--state", state, "--limit", "100000"]);
        found.extend(list["entries"].as_array().unwrap().iter().cloned());
    }
    let ambiguous = people.with_fate(Fate::OtherObject) + people.with_fate(Fate::Twice);
    let poisonous = poison(people).count();
    let mut contacts: Vec<&str> = found
        .iter()
        .map(|entry| entry["contact"].as_str().unwrap())
        .collect();
    assert_eq!(contacts.len(), ambiguous + poisonous, "{found:?}");
    contacts.sort_unstable();
    contacts.dedup();
    assert_eq!(contacts.len(), found.len(), "someone stands there twice");
    for entry in &found {
        let message = entry["message"].as_str().unwrap();
        assert!(message.contains(". "), "cause and cure: {entry}");
    }
}
