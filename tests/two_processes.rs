//! Two processes at one workspace, or at one org: one goes first, the other waits or says so, nothing happens twice.

use std::fs;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::support::cli::{Cli, Started};
use crate::support::people::{Fate, People};
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared, RULES, add_replication};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS];
/// The first run to an org over the network, confirmed by the connection's name.
const CONFIRMED: &[&str] = &["replications", "run", LEADS, "--confirm", "Org"];

/// Starts a run that takes a while, and returns once it is sending.
fn slow_run(cli: &Cli, org: &PracticeOrg, run: &[&str]) -> Started {
    org.fault(&json!({ "name": "latency", "ms": 250, "match": { "path": "composite" } }));
    let mut running = cli.start(run);
    while org
        .records("SELECT Id FROM Lead WHERE Leadferry_ID__c != null")
        .is_empty()
    {
        assert!(
            running.is_running(),
            "the run ended too early: {}",
            running.outcome()
        );
    }
    running
}

#[test]
fn of_two_runs_one_sends_and_the_other_says_so() {
    let prepared = Prepared::before_plan(People::new(300), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let mut first = slow_run(&cli, &org, RUN);
    cli.run(RUN).refused(4, &["another process"]);
    let refused = cli.json_outcome(RUN).expect(4).object();
    assert_eq!(refused["error"]["code"], "another_sender", "{refused}");
    assert!(
        first.is_running(),
        "the first run should have been at it all the time"
    );
    // Reading and planning need not wait.
    cli.run(&["replications", "plan", LEADS]).expect(0);
    cli.run(&["runs", "list"]).expect(0);
    first.outcome().expect(1);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
    prepared
        .people
        .must_be_told_by(&cli.json(&["runs", "list"]));
    assert_eq!(
        cli.json_outcome(RUN).expect_one_of(&[0, 1]).object()["calls"],
        0
    );
}

#[test]
fn many_runs_started_at_once_send_everyone_once() {
    let prepared = Prepared::before_plan(People::new(120), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let all: Vec<Started> = (0..6).map(|_| cli.start(RUN)).collect();
    for one in all {
        one.outcome().expect_one_of(&[0, 1, 4]);
    }
    cli.run(RUN).expect_one_of(&[0, 1]);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
    prepared
        .people
        .must_be_told_by(&cli.json(&["runs", "list"]));
}

#[test]
fn many_first_commands_at_once_share_one_practice_org() {
    let prepared = Prepared::before_plan(People::new(60), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    // Nobody serves the org: each of these would, and only one can.
    let all: Vec<Started> = (0..6)
        .map(|_| cli.start(&["connections", "test", "Practice"]))
        .collect();
    for one in all {
        one.outcome().expect(0);
    }
    let mut runs: Vec<Started> = (0..3).map(|_| cli.start(RUN)).collect();
    runs.extend((0..3).map(|_| cli.start(&["replications", "match", LEADS])));
    for one in runs {
        one.outcome().expect_one_of(&[0, 1, 4]);
    }
    cli.run(RUN).expect_one_of(&[0, 1]);
    let org = PracticeOrg::serve(&cli);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
}

#[test]
fn two_workspaces_do_not_send_to_one_org_at_once() {
    let folder = TempDir::new().unwrap();
    let one = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
    let people = People::new(200);
    let other = one.with_workspace(&one.path("other.leadferry"));
    fs::write(one.path("people.csv"), people.csv()).unwrap();
    fs::write(
        one.path("one.csv"),
        "Last Name,Email,Job Title\nOther,other@elsewhere.example,manager\n",
    )
    .unwrap();
    fs::write(one.path("rules.json"), RULES).unwrap();
    one.run(&["workspace", "init"]).expect(0);
    let org = PracticeOrg::serve(&one);
    for (cli, file) in [(&one, "people.csv"), (&other, "one.csv")] {
        if cli.workspace() == other.workspace() {
            cli.run(&["workspace", "init"]).expect(0);
        }
        org.connect(cli, "Org");
        cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
            .expect(0);
        add_replication(cli, "Org", 20);
        cli.run(&["contacts", "import", file]).expect(0);
        cli.run(&["scores", "recalculate"]).expect(0);
    }
    people.meet(&org);
    let first = slow_run(&one, &org, CONFIRMED);
    other.run(CONFIRMED).refused(4, &["another process"]);
    first.outcome().expect(1);
    other.run(CONFIRMED).expect(0);
    people.must_stand_in(&org, &Workspace::open(one.workspace()));
    let found = org.records("SELECT Id FROM Lead WHERE Email = 'other@elsewhere.example'");
    assert_eq!(found.len(), 1);
}

#[test]
fn contacts_imported_and_changed_while_they_are_sent_arrive_as_they_are_now() {
    let prepared = Prepared::before_plan(People::new(300), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let changed = prepared.people.changed();
    fs::write(cli.path("changed.csv"), changed.csv()).unwrap();
    let running = slow_run(&cli, &org, RUN);
    cli.run(&["contacts", "import", "changed.csv"]).expect(0);
    cli.run(&["scores", "recalculate"]).expect(0);
    running.outcome().expect_one_of(&[0, 1]);
    // What was changed behind the run's back goes with the next one.
    cli.run(RUN).expect_one_of(&[0, 1]);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    changed.must_stand_in(&org, &workspace);
    let runs = cli.json(&["runs", "list"]);
    let created: u64 = runs["runs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|run| run["created"].as_u64())
        .sum();
    assert_eq!(created, changed.with_fate(Fate::Created) as u64, "{runs}");
    assert_eq!(
        cli.json_outcome(RUN).expect_one_of(&[0, 1]).object()["calls"],
        0
    );
}

#[test]
fn of_two_imports_of_one_file_each_row_comes_in_once() {
    let prepared = Prepared::before_import(People::new(3_000), 200);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    // Without a key nothing but the import itself can tell that a row has come in.
    let import = ["contacts", "import", "people.csv", "--key", "none"];
    let all: Vec<Started> = (0..3).map(|_| cli.start(&import)).collect();
    let ended: Vec<_> = all.into_iter().map(Started::outcome).collect();
    assert!(
        ended.iter().any(|outcome| outcome.code() == Some(0)),
        "one must come through: {ended:?}"
    );
    for outcome in ended {
        assert!(matches!(outcome.code(), Some(0 | 2)), "{outcome}");
    }
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    assert_eq!(workspace.number("SELECT count(*) FROM contacts"), 3_000);
    assert_eq!(
        workspace.number("SELECT count(*) FROM imports WHERE state = 'running'"),
        0
    );
}

#[test]
fn a_cancelled_run_goes_on_where_it_stopped() {
    let prepared = Prepared::before_plan(People::new(300), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let running = slow_run(&cli, &org, RUN);
    let asked = std::process::Command::new("kill")
        .args(["-INT", &running.id().to_string()])
        .status()
        .unwrap();
    assert!(asked.success());
    let stopped = running.outcome().expect(4);
    assert!(stopped.stdout.contains("The run was canceled"), "{stopped}");
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_at_rest();
    assert_eq!(cli.json(&["runs", "list"])["runs"][0]["state"], "cancelled");
    org.admin(reqwest::Method::DELETE, "faults", None);
    std::thread::sleep(Duration::from_millis(10));
    cli.run(RUN).expect_one_of(&[0, 1]);
    prepared.people.must_stand_in(&org, &workspace);
    prepared
        .people
        .must_be_told_by(&cli.json(&["runs", "list"]));
}
