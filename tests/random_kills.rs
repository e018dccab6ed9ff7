//! The program and the org killed at moments that nobody has chosen, and requests that the org applies late.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::support::cli::{Cli, Outcome};
use crate::support::effort::{Random, asked_for};
use crate::support::journey::{Step, must_be_done};
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared, RULES, add_replication, new_workspace};
use crate::support::signed_in::SignedIn;
use crate::support::workspace::Workspace;

const PEOPLE: usize = 450;
const BATCH_SIZE: u16 = 50;

/// Under load: some fifty batches, of which several are in flight.
const LOAD: usize = 600;
const LOAD_BATCH: u16 = 10;

/// About as long as a run under load takes.
const LOAD_LASTS: Duration = Duration::from_millis(1_000);

const KILLS_A_JOURNEY: usize = 5;

fn kills() -> usize {
    asked_for("LEADFERRY_PROOF_KILLS", 20)
}

/// As many kills for one process as for two that were started at once.
#[test]
fn killed_at_random_moments_under_load_everyone_stands_in_the_org_once() {
    kill_under_load(1);
}

#[test]
fn of_two_processes_killed_at_random_moments_nothing_is_lost_or_doubled() {
    kill_under_load(2);
}

fn kill_under_load(at_once: usize) {
    let mut random = Random::from_the_environment();
    let mut left = kills().div_ceil(2 * at_once);
    while left > 0 {
        left -= journey_under_load(&mut random, at_once, left.min(KILLS_A_JOURNEY));
    }
}

/// Kills a journey's runs so often, and demands that all is well afterwards; returns how many rounds were killed.
fn journey_under_load(random: &mut Random, at_once: usize, most: usize) -> usize {
    let people = People::new(LOAD);
    let mut desk = SignedIn::before_plan(people, LOAD_BATCH);
    // Answers take long enough for several requests to be in flight.
    desk.org
        .fault(&json!({ "name": "latency", "ms": 25, "match": { "path": "composite" } }));
    let mut killed = 0;
    while killed < most {
        let wait = Duration::from_micros(random.below(LOAD_LASTS.as_micros() as u64));
        let expires = random.below(2) == 0;
        let ended = killed_runs(&mut desk, random, at_once, wait, expires);
        Workspace::open(desk.cli.workspace()).must_be_sound();
        let done = ended.iter().any(|run| matches!(run.code(), Some(0 | 1)));
        for run in ended.iter().filter(|run| !run.was_killed()) {
            desk.must_have_ended_well(run);
        }
        if done {
            break;
        }
        eprintln!("killed after {wait:?}, sessions expired: {expires}");
        killed += 1;
    }
    desk.run_to_the_end();
    must_be_done(&desk.cli, &desk.org, people);
    killed.max(1)
}

/// Starts runs at once and kills them one after the other; the sessions may expire in between.
fn killed_runs(
    desk: &mut SignedIn,
    random: &mut Random,
    at_once: usize,
    wait: Duration,
    expires: bool,
) -> Vec<Outcome> {
    let started: Vec<_> = (0..at_once).map(|_| desk.start()).collect();
    std::thread::sleep(wait / 2);
    if expires {
        desk.org.expire_sessions();
    }
    std::thread::sleep(wait / 2);
    let killed = started
        .into_iter()
        .map(|run| run.killed_after(Duration::from_micros(random.below(20_000))));
    killed.collect()
}

#[test]
fn an_import_killed_at_random_moments_brings_each_row_in_once() {
    let mut random = Random::from_the_environment();
    let people = People::new(3_000);
    let (cli, _folder) = new_workspace();
    fs::write(cli.path("people.csv"), people.csv()).unwrap();
    // Without a key nothing but the import itself can tell that a row has come in.
    let import = ["contacts", "import", "people.csv", "--key", "none"];
    for _ in 0..kills() {
        let wait = Duration::from_micros(random.below(150_000));
        let killed = cli.start(&import).killed_after(wait);
        Workspace::open(cli.workspace()).must_be_sound();
        if !killed.was_killed() {
            break;
        }
    }
    // A file that has come in is known.
    cli.run(&import).expect_one_of(&[0, 2]);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    assert_eq!(workspace.number("SELECT count(*) FROM contacts"), 3_000);
    assert_eq!(workspace.guids().len(), 3_000);
    assert_eq!(
        workspace.number("SELECT count(*) FROM imports WHERE state = 'running'"),
        0
    );
}

#[test]
fn a_practice_org_killed_in_mid_run_is_taken_over_by_the_run() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let cli_folder = prepared.copy();
    let cli = Cli::in_folder(cli_folder.path());
    let mut org = PracticeOrg::serve(&cli);
    let ended = run_while(&cli, &mut org, &Step::Run.command(), PracticeOrg::kill);
    // The run serves the org itself from then on, and goes on.
    ended.expect(1);
    org.serve_again();
    must_be_done(&cli, &org, prepared.people);
}

#[test]
fn an_org_killed_in_mid_run_and_started_again_gets_everyone_once() {
    let folder = tempfile::TempDir::new().unwrap();
    let people = People::new(PEOPLE);
    let cli = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
    fs::write(cli.path("people.csv"), people.csv()).unwrap();
    fs::write(cli.path("rules.json"), RULES).unwrap();
    cli.run(&["workspace", "init"]).expect(0);
    let mut org = PracticeOrg::serve_at_one_port(&cli);
    org.connect(&cli, "Org");
    cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
        .expect(0);
    add_replication(&cli, "Org", BATCH_SIZE);
    people.meet(&org);
    cli.run(&Step::Import.command()).expect(0);
    cli.run(&Step::Score.command()).expect(0);
    let confirmed = [Step::Run.command(), vec!["--confirm", "Org"]].concat();
    let ended = run_while(&cli, &mut org, &confirmed, |org| {
        org.kill();
        org.serve_again();
    });
    // Where the org stayed away for longer than the run was patient, the run says so, and waits for another one.
    ended.expect_one_of(&[1, 4]);
    cli.run(&Step::Run.command()).expect_one_of(&[0, 1]);
    must_be_done(&cli, &org, people);
}

/// Starts a run, and does something to the org when part of the people are there.
fn run_while(
    cli: &Cli,
    org: &mut PracticeOrg,
    run: &[&str],
    act: impl Fn(&mut PracticeOrg),
) -> Outcome {
    org.fault(&json!({ "name": "latency", "ms": 150, "match": { "path": "composite" } }));
    let mut running = cli.start(run);
    let arrived = |org: &PracticeOrg| {
        org.records("SELECT Id FROM Lead WHERE Leadferry_ID__c != null")
            .len()
    };
    while arrived(org) < 100 {
        assert!(
            running.is_running(),
            "the run ended before the org could be killed: {}",
            running.outcome()
        );
    }
    act(org);
    let ended = running.outcome();
    assert!(!ended.was_killed());
    ended
}

#[test]
fn a_request_that_the_org_applies_late_makes_nobody_twice() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let sent = json!({ "path": "composite/sobjects", "method": "PATCH" });
    org.fault(&json!({ "name": "applied_late", "times": 3, "ms": 400, "match": sent }));
    cli.run(&Step::Run.command()).expect(1);
    std::thread::sleep(Duration::from_millis(500));
    must_be_done(&cli, &org, prepared.people);
}

/// Commands that set something up; each may be killed between two of its steps.
#[rustfmt::skip]
const SET_UP: &[&[&str]] = &[
    &["connections", "add", "Practice", "--flow", "practice"],
    &["scores", "add", "Fit", "--rules", "rules.json"],
    &["scores", "recalculate"],
    &[
        "replications", "add", LEADS, "--object", "Lead", "--connection", "Practice", "--score", "Fit",
        "--minimum", "20", "--default-company", "(no company)",
    ],
    &["replications", "prepare-org", LEADS],
    &["workspace", "backup", "copy.leadferry"],
    &["replications", "copy", LEADS, "Copy"],
    &["contacts", "delete", "person0@journey.example"],
    &["contacts", "undo"],
    &["contacts", "erase", "person1@journey.example", "--yes"],
];

#[test]
fn set_up_killed_at_random_moments_can_be_done_again() {
    let mut random = Random::from_the_environment();
    let people = People::new(200);
    for _ in 0..3 {
        let folder = tempfile::TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path());
        cli.run(&["workspace", "init"]).expect(0);
        fs::write(cli.path("rules.json"), RULES).unwrap();
        fs::write(cli.path("people.csv"), people.csv()).unwrap();
        let _org = PracticeOrg::serve(&cli);
        cli.run(&Step::Import.command()).expect(0);
        for command in SET_UP {
            let wait = Duration::from_micros(random.below(60_000));
            let killed = cli.start(command).killed_after(wait);
            eprintln!(
                "`{}` after {wait:?}: {:?}",
                command.join(" "),
                killed.code()
            );
            Workspace::open(cli.workspace()).must_be_sound();
            // It was done, or can be done now: then its name is taken, its file there, its contact gone.
            cli.run(command).expect_one_of(&[0, 2]);
        }
        let tested = cli.json(&["connections", "test", "Practice"]);
        assert!(tested["connection"]["org_id"].is_string(), "{tested}");
        let run = cli
            .json_outcome(&Step::Run.command())
            .expect_one_of(&[0, 1])
            .object();
        assert_eq!(run["failed"], 0, "{run}");
        assert_ne!(run["created"], 0, "{run}");
        let copy = cli.with_workspace(&cli.path("copy.leadferry"));
        copy.run(&["contacts", "count"]).expect(0);
        Workspace::open(copy.workspace()).must_be_sound();
    }
}
