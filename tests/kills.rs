//! Killed at any instant, the same command run again brings everyone into the org once, and the history stays true.
//!
//! What the org holds is asked by plain requests, what the workspace holds by SQL; the program's own word comes last.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::browser;
use crate::support::cli::{Cli, Outcome};
use crate::support::people::{Fate, People};
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared, add_replication};
use crate::support::workspace::Workspace;

/// More than one full batch in flight, and a last one that is not full.
const PEOPLE: usize = 450;
const BATCH_SIZE: u16 = 50;

/// After that long, the rows of a batch that had to be settled are read back once more.
const READ_BACK: Duration = Duration::from_secs(660);

/// Leaves little of that wait.
const SPEEDUP: u32 = 600;

/// The commands of a journey, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Import,
    Score,
    Plan,
    Match,
    Run,
}

impl Step {
    const ALL: [Step; 5] = [
        Step::Import,
        Step::Score,
        Step::Plan,
        Step::Match,
        Step::Run,
    ];

    fn command(self) -> Vec<&'static str> {
        match self {
            Step::Import => vec!["contacts", "import", "people.csv"],
            Step::Score => vec!["scores", "recalculate"],
            Step::Plan => vec!["replications", "plan", LEADS],
            Step::Match => vec!["replications", "match", LEADS],
            Step::Run => vec!["replications", "run", LEADS],
        }
    }
}

/// How a request comes to need more than an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    None,
    /// The connection breaks after the org has taken a batch.
    LostAnswer,
    /// The org refuses a whole request for one row's sake.
    RefusedWhole,
    /// An earlier run was killed when the answer had come and was not yet taken in.
    KilledBefore,
}

/// A kill: the n-th pass of a named point, in one step of the journey.
struct Kill(&'static str, u32, Step, Trouble);

/// Every named point of the sources is here at least once, see the test below.
#[rustfmt::skip]
const KILLS: &[Kill] = &[
    Kill("import.begun", 1, Step::Import, Trouble::None),
    Kill("import.row", 1, Step::Import, Trouble::None),
    Kill("import.row", 237, Step::Import, Trouble::None),
    Kill("import.before_errors", 1, Step::Import, Trouble::None),
    Kill("import.before_commit", 1, Step::Import, Trouble::None),
    Kill("import.after_commit", 1, Step::Import, Trouble::None),
    Kill("import.before_finish", 1, Step::Import, Trouble::None),
    Kill("planning.page", 1, Step::Plan, Trouble::None),
    Kill("planning.found", 1, Step::Match, Trouble::None),
    Kill("planning.finished", 1, Step::Plan, Trouble::None),
    Kill("run.begun", 1, Step::Run, Trouble::None),
    Kill("entering.page", 1, Step::Run, Trouble::None),
    Kill("run.entered", 1, Step::Run, Trouble::None),
    Kill("matching.asked", 1, Step::Run, Trouble::None),
    Kill("matching.taken", 1, Step::Run, Trouble::None),
    Kill("batching.prepared", 1, Step::Run, Trouble::None),
    Kill("batching.prepared", 4, Step::Run, Trouble::None),
    Kill("sending.before_request", 1, Step::Run, Trouble::None),
    Kill("sending.before_request", 3, Step::Run, Trouble::None),
    Kill("sending.after_answer", 1, Step::Run, Trouble::None),
    Kill("sending.after_answer", 4, Step::Run, Trouble::None),
    Kill("reconciling.row", 1, Step::Run, Trouble::None),
    Kill("reconciling.row", 77, Step::Run, Trouble::None),
    Kill("reconciling.applied", 1, Step::Run, Trouble::None),
    Kill("reconciling.applied", 6, Step::Run, Trouble::None),
    Kill("sending.unknown", 1, Step::Run, Trouble::LostAnswer),
    Kill("sending.split", 1, Step::Run, Trouble::RefusedWhole),
    Kill("settling.asked", 1, Step::Run, Trouble::LostAnswer),
    Kill("settling.asked", 2, Step::Run, Trouble::KilledBefore),
    Kill("settling.taken", 1, Step::Run, Trouble::LostAnswer),
    Kill("settling.taken", 2, Step::Run, Trouble::KilledBefore),
    Kill("reconciling.row", 30, Step::Run, Trouble::KilledBefore),
];

/// Points that the journeys below this table reach.
const ELSEWHERE: &[&str] = &["refresh.stored", "migration.begun", "migration.done"];

#[test]
fn every_point_of_the_sources_is_killed_at() {
    let mut named = BTreeSet::new();
    collect_points(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("crates"),
        &mut named,
    );
    let killed: BTreeSet<String> = KILLS
        .iter()
        .map(|kill| kill.0)
        .chain(ELSEWHERE.iter().copied())
        .map(str::to_owned)
        .collect();
    let forgotten: Vec<_> = named.difference(&killed).collect();
    assert!(
        forgotten.is_empty(),
        "no journey is killed at {forgotten:?}"
    );
    let gone: Vec<_> = killed.difference(&named).collect();
    assert!(gone.is_empty(), "no source names {gone:?}");
}

fn collect_points(folder: &Path, named: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_points(&path, named);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let calls = text.split("crash_point(\"").skip(1);
            named.extend(calls.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
}

#[test]
fn killed_at_any_point_and_run_again_everyone_stands_in_the_org_once() {
    let prepared = Prepared::before_import(People::new(PEOPLE), BATCH_SIZE);
    let next = Mutex::new(KILLS.iter());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let kill = next.lock().unwrap().next();
                    let Some(kill) = kill else { return };
                    let journey = || killed_journey(&prepared, kill);
                    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(journey)).is_err() {
                        failures
                            .lock()
                            .unwrap()
                            .push(format!("{}:{} ({:?})", kill.0, kill.1, kill.3));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "not well after a kill at {failures:?}; the reasons stand above"
    );
}

fn killed_journey(prepared: &Prepared, Kill(point, pass, at, trouble): &Kill) {
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path()).sped_up(SPEEDUP);
    let org = PracticeOrg::serve(&cli);
    for step in Step::ALL {
        if step == *at {
            make_trouble(&cli, &org, *trouble);
            let killed = cli
                .killed_at(&format!("{point}:{pass}"))
                .run(&step.command());
            assert!(
                killed.was_killed(),
                "{point} was not reached {pass} times: {killed}"
            );
            Workspace::open(cli.workspace()).must_be_sound();
        }
        // What the kill came before says 0 or, with the ambiguous ones newly blocked, 1.
        cli.run(&step.command())
            .expect_one_of(if step == Step::Run { &[0, 1] } else { &[0] });
    }
    must_be_done(&cli, &org, prepared.people);
}

fn make_trouble(cli: &Cli, org: &PracticeOrg, trouble: Trouble) {
    let path = "composite/sobjects";
    match trouble {
        Trouble::None => {}
        Trouble::LostAnswer => {
            org.fault(&json!({ "name": "reset_after", "times": 1, "match": { "path": path } }))
        }
        Trouble::RefusedWhole => org.fault(&json!({ "name": "refuse_request", "times": 1 })),
        Trouble::KilledBefore => {
            let killed = cli
                .killed_at("sending.after_answer:3")
                .run(&Step::Run.command());
            assert!(
                killed.was_killed(),
                "the earlier run was to be killed: {killed}"
            );
        }
    }
}

/// Demands that everything has ended well, and that another run has nothing to do.
fn must_be_done(cli: &Cli, org: &PracticeOrg, people: People) {
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    people.must_stand_in(org, &workspace);
    people.must_be_told_by(&cli.json(&["runs", "list", "--limit", "1000"]));
    must_have_nothing_to_do(cli, org, &workspace);
}

fn must_have_nothing_to_do(cli: &Cli, org: &PracticeOrg, workspace: &Workspace) {
    let command = Step::Run.command();
    if workspace.has_rows_to_read_back() {
        // Settled batches are read back once more when the org's time for them is over.
        std::thread::sleep(cli.shortened(READ_BACK));
        let first = cli.json(&command);
        assert_ne!(
            first["calls"], 0,
            "the rows of settled batches are read back: {first}"
        );
        assert!(!workspace.has_rows_to_read_back(), "and that only once");
    }
    let before = org.requests();
    let again = cli.json(&command);
    for count in [
        "calls",
        "created",
        "updated",
        "failed",
        "blocked",
        "waiting",
        "withdrawn",
    ] {
        assert_eq!(
            again[count], 0,
            "{count} of a run with nothing to do: {again}"
        );
    }
    assert_eq!(org.requests(), before, "the org was sent a request");
}

#[test]
fn killed_at_random_moments_everyone_stands_in_the_org_once() {
    let mut random = Random::from_the_environment();
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let whole = duration_of_a_run(&prepared);
    for _ in 0..4 {
        let folder = prepared.copy();
        let cli = Cli::in_folder(folder.path()).sped_up(SPEEDUP);
        let org = PracticeOrg::serve(&cli);
        let mut kills = 0;
        while kills < 4 {
            let wait = Duration::from_micros(random.below(whole.as_micros() as u64));
            let ended = cli.start(&Step::Run.command()).killed_after(wait);
            Workspace::open(cli.workspace()).must_be_sound();
            if !ended.was_killed() {
                ended.expect_one_of(&[0, 1]);
                break;
            }
            eprintln!("killed after {wait:?}");
            kills += 1;
        }
        cli.run(&Step::Run.command()).expect_one_of(&[0, 1]);
        must_be_done(&cli, &org, prepared.people);
    }
}

fn duration_of_a_run(prepared: &Prepared) -> Duration {
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let _org = PracticeOrg::serve(&cli);
    let began = Instant::now();
    cli.run(&Step::Run.command()).expect(1);
    began.elapsed()
}

/// Xorshift: the same seed gives the same moments.
struct Random(u64);

impl Random {
    /// Takes the seed that a failed test has told, or a new one, and tells it.
    fn from_the_environment() -> Self {
        let told = std::env::var("LEADFERRY_TEST_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = told.unwrap_or(since.as_nanos() as u64 | 1);
        eprintln!("to repeat: LEADFERRY_TEST_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

#[test]
fn a_practice_org_killed_in_mid_run_is_taken_over_by_the_run() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let cli_folder = prepared.copy();
    let cli = Cli::in_folder(cli_folder.path());
    let mut org = PracticeOrg::serve(&cli);
    let ended = run_while(&cli, &mut org, PracticeOrg::kill);
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
    let rules = json!({ "rules": [{ "name": "Manages", "points": 20,
        "when": { "field": "job_title", "op": "contains", "value": "manager" } }] });
    fs::write(cli.path("rules.json"), rules.to_string()).unwrap();
    cli.run(&["workspace", "init"]).expect(0);
    let mut org = PracticeOrg::serve_at_one_port(&cli);
    org.connect(&cli, "Org");
    cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
        .expect(0);
    add_replication(&cli, "Org", BATCH_SIZE);
    people.meet(&org);
    cli.run(&Step::Import.command()).expect(0);
    cli.run(&Step::Score.command()).expect(0);
    let ended = run_while(&cli, &mut org, |org| {
        org.kill();
        org.serve_again();
    });
    // Where the org stayed away for longer than the run was patient, the run says so, and waits for another one.
    ended.expect_one_of(&[1, 4]);
    cli.run(&Step::Run.command()).expect_one_of(&[0, 1]);
    must_be_done(&cli, &org, people);
}

/// Starts a run, and does something to the org when part of the people are there.
fn run_while(cli: &Cli, org: &mut PracticeOrg, act: impl Fn(&mut PracticeOrg)) -> Outcome {
    org.fault(&json!({ "name": "latency", "ms": 150, "match": { "path": "composite" } }));
    let mut running = cli.start(&Step::Run.command());
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

#[test]
fn a_workspace_killed_while_it_is_made_can_be_used() {
    for point in ["migration.begun", "migration.done"] {
        let folder = tempfile::TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path());
        let killed = cli.killed_at(point).run(&["workspace", "init"]);
        assert!(killed.was_killed(), "{point} was not reached: {killed}");
        let info = cli.json(&["workspace", "info"]);
        assert_eq!(info["counts"]["contacts"], 0, "after {point}");
        Workspace::open(cli.workspace()).must_be_sound();
        cli.run(&["contacts", "fields", "list"]).expect(0);
    }
}

#[test]
fn killed_between_a_renewed_sign_in_and_its_first_use_nobody_has_to_sign_in_again() {
    let folder = tempfile::TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
    cli.run(&["workspace", "init"]).expect(0);
    let org = PracticeOrg::serve(&cli);
    // Each refresh token works once: one that is lost cannot be used again.
    let app = json!({ "client_id": "rotating", "any_port": true, "rotate_refresh_tokens": true,
        "secret_required_for_web_flow": false, "secret_required_for_refresh": false });
    org.admin(reqwest::Method::POST, "apps", Some(&app));
    browser::add_connection(&cli, "Org", &org, "rotating");
    browser::sign_in(&cli, "Org").expect(0);
    org.admin(reqwest::Method::POST, "sessions/expire", None);
    let killed = cli
        .killed_at("refresh.stored")
        .run(&["connections", "test", "Org"]);
    assert!(killed.was_killed(), "the sign-in was not renewed: {killed}");
    let tested: Value = cli.json(&["connections", "test", "Org"]);
    assert_eq!(tested["connection"]["name"], "Org");
    // And the token that was kept renews once more.
    org.admin(reqwest::Method::POST, "sessions/expire", None);
    cli.run(&["connections", "test", "Org"]).expect(0);
}

/// The people of these journeys have every fate.
#[test]
fn the_people_are_of_all_kinds() {
    let people = People::new(PEOPLE);
    for fate in [
        Fate::Created,
        Fate::Updated,
        Fate::OtherObject,
        Fate::Twice,
        Fate::LeftOut,
    ] {
        assert!(people.with_fate(fate) > 0, "{fate:?}");
    }
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
        let rules = json!({ "rules": [{ "name": "Manages", "points": 20,
            "when": { "field": "job_title", "op": "contains", "value": "manager" } }] });
        fs::write(cli.path("rules.json"), rules.to_string()).unwrap();
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
