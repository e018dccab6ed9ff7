//! Killed at any instant, the same command run again brings everyone into the org once, and the history stays true.
//!
//! What the org holds is asked by plain requests, what the workspace holds by SQL; the program's own word comes last.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::journey::{Step, must_be_done};
use crate::support::people::{Fate, People};
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared};
use crate::support::signed_in::{self, SignedIn};
use crate::support::workspace::Workspace;

/// More than one full batch in flight, and a last one that is not full.
const PEOPLE: usize = 450;
const BATCH_SIZE: u16 = 50;

/// Leaves little of the wait before settled batches are read back.
const SPEEDUP: u32 = 600;

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

impl Kill {
    fn name(&self) -> String {
        format!("a kill at {}:{} ({:?})", self.0, self.1, self.3)
    }
}

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
    Kill("recalculation.page", 1, Step::Score, Trouble::None),
    Kill("planning.page", 1, Step::Plan, Trouble::None),
    Kill("planning.found", 1, Step::Match, Trouble::None),
    Kill("planning.finished", 1, Step::Plan, Trouble::None),
    Kill("run.begun", 1, Step::Run, Trouble::None),
    Kill("entering.page", 1, Step::Run, Trouble::None),
    Kill("run.entered", 1, Step::Run, Trouble::None),
    Kill("matching.asked", 1, Step::Run, Trouble::None),
    Kill("matching.taken", 1, Step::Run, Trouble::None),
    Kill("batching.prepared", 1, Step::Run, Trouble::None),
    Kill("batching.prepared", 2, Step::Run, Trouble::None),
    Kill("sending.before_request", 1, Step::Run, Trouble::None),
    Kill("sending.before_request", 3, Step::Run, Trouble::None),
    Kill("sending.after_answer", 1, Step::Run, Trouble::None),
    Kill("sending.after_answer", 4, Step::Run, Trouble::None),
    Kill("reconciling.row", 1, Step::Run, Trouble::None),
    Kill("reconciling.row", 77, Step::Run, Trouble::None),
    Kill("reconciling.applied", 1, Step::Run, Trouble::None),
    Kill("reconciling.applied", 2, Step::Run, Trouble::None),
    Kill("sending.unknown", 1, Step::Run, Trouble::LostAnswer),
    Kill("sending.split", 1, Step::Run, Trouble::RefusedWhole),
    Kill("settling.asked", 1, Step::Run, Trouble::LostAnswer),
    Kill("settling.asked", 2, Step::Run, Trouble::KilledBefore),
    Kill("settling.taken", 1, Step::Run, Trouble::LostAnswer),
    Kill("settling.taken", 2, Step::Run, Trouble::KilledBefore),
    Kill("reconciling.row", 30, Step::Run, Trouble::KilledBefore),
];

/// Kills of runs by bulk jobs, one run after the other.
const BULK_KILLS: &[&[&str]] = &[
    &["batching.prepared:2"],
    &["bulk.creating:1"],
    &["bulk.created:1"],
    &["bulk.named:1"],
    &["bulk.uploaded:1"],
    &["bulk.closed:1"],
    &["bulk.ended:1"],
    &["bulk.read:1"],
    &["reconciling.row:70"],
    &["bulk.batch_taken:1"],
    &["bulk.batch_taken:4"],
    &["bulk.taken:1"],
    &["bulk.taken:2"],
    &["batching.prepared:2", "bulk.taken_back:1"],
    &["bulk.created:1", "bulk.taken_back:1", "bulk.created:1"],
    &["bulk.uploaded:1", "bulk.taken_back:1", "bulk.closed:1"],
    &["bulk.closed:1", "bulk.ended:1", "bulk.batch_taken:2"],
];

/// Points that the journeys below this table reach, and those in `reconciling.rs`, `races.rs`, `erasing.rs`, `torn_files.rs` and
/// `undoing.rs`.
const ELSEWHERE: &[&str] = &[
    "erase.backup",
    "erase.backup_done",
    "erase.backups",
    "erase.before_commit",
    "erase.cleared",
    "erase.elsewhere",
    "erase.emptied",
    "erase.practice",
    "erase.removed",
    // Dropping the work of a pull at random leaves the same behind; see the rules of pulls.
    "pull.begun",
    "pull.page",
    "pull.read",
    "pull.compared",
    "pull.taken_in",
    "pull.bulk",
    "pull.brought_in",
    "comparing.page",
    "comparing.again",
    "refresh.answered",
    "refresh.stored",
    "migration.begun",
    "migration.packed",
    "migration.done",
    "backup.copied",
    "backup.made",
    "restore.renamed",
    "restore.set_aside",
    "search_index.clean",
    "search_index.made",
    "undo.begun",
    "undo.page",
    "undo.planned",
    "undo.prepared",
    "undo.answered",
    "undo.taken",
];

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
        .chain(
            BULK_KILLS
                .iter()
                .copied()
                .flatten()
                .map(|kill| point_of(kill)),
        )
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

fn point_of(kill: &str) -> &str {
    kill.split_once(':').map_or(kill, |(point, _)| point)
}

#[test]
fn a_run_by_bulk_jobs_killed_at_any_point_and_run_again_brings_everyone_once() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    each(
        BULK_KILLS,
        |kills| kills.join(", then "),
        |kills| {
            let folder = prepared.copy();
            let cli = Cli::in_folder(folder.path()).sped_up(SPEEDUP);
            let org = PracticeOrg::serve(&cli);
            cli.run(&["replications", "set", LEADS, "--api", "bulk"])
                .expect(0);
            let run = Step::Run.command();
            for kill in *kills {
                let killed = cli.killed_at(kill).run(&run);
                assert!(killed.was_killed(), "{kill} was not reached: {killed}");
                Workspace::open(cli.workspace()).must_be_sound();
            }
            cli.run(&run).expect_one_of(&[0, 1]);
            must_be_done(&cli, &org, prepared.people);
        },
    );
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
    each(KILLS, Kill::name, |kill| killed_journey(&prepared, kill));
}

#[test]
fn killed_at_any_point_beside_a_process_started_at_the_same_instant_nobody_is_lost_or_doubled() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let of_a_run: Vec<&Kill> = KILLS.iter().filter(|kill| kill.2 == Step::Run).collect();
    each(
        &of_a_run,
        |kill| kill.name(),
        |kill| killed_beside_another(&prepared, kill),
    );
}

/// Which of the two gets to send is left to chance: the one to be killed, or the other.
fn killed_beside_another(prepared: &Prepared, Kill(point, pass, _, trouble): &Kill) {
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path()).sped_up(SPEEDUP);
    let org = PracticeOrg::serve(&cli);
    make_trouble(&cli, &org, *trouble);
    let run = Step::Run.command();
    let to_be_killed = cli.killed_at(&format!("{point}:{pass}")).start(&run);
    let other = cli.start(&run);
    for ended in [to_be_killed.outcome(), other.outcome()] {
        Workspace::open(cli.workspace()).must_be_sound();
        if !ended.was_killed() {
            ended.expect_one_of(&[0, 1, 4]);
        }
    }
    cli.run(&run).expect_one_of(&[0, 1]);
    must_be_done(&cli, &org, prepared.people);
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

#[test]
fn a_workspace_killed_while_it_is_made_can_be_made_again() {
    for point in ["migration.begun", "migration.packed", "migration.done"] {
        let folder = tempfile::TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path());
        let killed = cli.killed_at(point).run(&["workspace", "init"]);
        assert!(killed.was_killed(), "{point} was not reached: {killed}");
        assert!(
            !cli.workspace().exists(),
            "it has its name before it is whole"
        );
        cli.run(&["workspace", "init"]).expect(0);
        let info = cli.json(&["workspace", "info"]);
        assert_eq!(info["counts"]["contacts"], 0, "after {point}");
        Workspace::open(cli.workspace()).must_be_sound();
        cli.run(&["contacts", "fields", "list"]).expect(0);
    }
}

#[test]
fn an_older_workspace_killed_while_it_is_migrated_can_be_used() {
    for point in ["migration.begun", "migration.packed", "migration.done"] {
        let folder = tempfile::TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path());
        let contacts = Workspace::make_old(cli.workspace());
        let killed = cli.killed_at(point).run(&["workspace", "info"]);
        assert!(killed.was_killed(), "{point} was not reached: {killed}");
        Workspace::open(cli.workspace()).must_be_sound();
        let counted = cli.json(&["contacts", "count"]);
        assert_eq!(counted["contacts"], contacts, "after {point}");
    }
}

#[test]
fn killed_between_a_renewed_sign_in_and_its_first_use_nobody_has_to_sign_in_again() {
    let mut desk = SignedIn::before_plan(People::new(PEOPLE), BATCH_SIZE);
    desk.org.expire_sessions();
    let run = signed_in::RUN;
    let killed = desk.cli.killed_at("refresh.stored").run(run);
    assert!(killed.was_killed(), "the sign-in was not renewed: {killed}");
    // And the token that was kept renews once more.
    desk.org.expire_sessions();
    desk.cli.run(run).expect(1);
    must_be_done(&desk.cli, &desk.org, People::new(PEOPLE));
}

#[test]
fn killed_before_a_renewed_sign_in_is_kept_one_has_to_sign_in_once_and_the_queue_is_whole() {
    let mut desk = SignedIn::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let run = signed_in::RUN;
    let killed = desk.cli.killed_at("sending.after_answer:2").run(run);
    assert!(killed.was_killed(), "nothing was sent: {killed}");
    let workspace = Workspace::open(desk.cli.workspace());
    let queue = workspace.queue();
    desk.org.expire_sessions();
    let killed = desk.cli.killed_at("refresh.answered").run(run);
    assert!(killed.was_killed(), "the sign-in was not renewed: {killed}");
    // The one refresh token that works was in the answer that is lost.
    let asked = desk.cli.run(run).expect(3);
    assert!(asked.stdout.contains("Sign in again"), "{asked}");
    assert_eq!(
        workspace.queue(),
        queue,
        "the queue is as it was before: {asked}"
    );
    desk.sign_in();
    desk.cli.run(run).expect_one_of(&[0, 1]);
    must_be_done(&desk.cli, &desk.org, People::new(PEOPLE));
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
