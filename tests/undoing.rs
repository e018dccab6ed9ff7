//! A run undone: everything that nobody else has touched is as it was, whatever is killed on the way, and by two processes
//! as by one.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared, copy_files};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS];
const PLAN: &[&str] = &["runs", "undo", "1", "--plan"];
const UNDO: &[&str] = &["runs", "undo", "1", "--yes"];

/// Named points, and how often they are passed before the process is killed.
const KILLS: &[&str] = &[
    "undo.begun:1",
    "undo.page:1",
    "undo.planned:1",
    "undo.prepared:1",
    "undo.prepared:2",
    "undo.answered:1",
    "undo.answered:2",
    "undo.taken:1",
];

/// A workspace after a run of which a colleague has touched some records, and what the org held before.
struct Ran {
    folder: TempDir,
    before: BTreeMap<String, Value>,
    /// What the colleague has touched, as they left it.
    touched: BTreeMap<String, Value>,
    created: u64,
}

impl Ran {
    fn new() -> Self {
        let prepared = Prepared::before_plan(People::new(240), 60);
        let folder = prepared.copy();
        let cli = Cli::in_folder(folder.path());
        let org = PracticeOrg::serve(&cli);
        let before = leads(&org);
        let run = cli.json_outcome(RUN).expect_one_of(&[0, 1]).object();
        let created = run["created"].as_u64().unwrap();
        assert!(
            created > 80 && run["updated"].as_u64().unwrap() > 0,
            "{run}"
        );
        let new: Vec<String> = leads(&org)
            .into_keys()
            .filter(|id| !before.contains_key(id))
            .collect();
        for id in &new[..2] {
            touch(&org, id, "Description");
        }
        let after = leads(&org);
        let touched = new[..2].iter().map(|id| (id.clone(), after[id].clone()));
        let touched = touched.collect();
        org.stop();
        Self {
            folder,
            before,
            touched,
            created,
        }
    }

    fn copy(&self) -> (Cli, TempDir) {
        let folder = TempDir::new().unwrap();
        copy_files(self.folder.path(), folder.path());
        let cli = Cli::in_folder(folder.path()).sped_up(100);
        cli.run(&["workspace", "approve", "--yes"]).expect(0);
        (cli, folder)
    }

    /// Everything is as it was but for what the colleague has touched, and that is as they left it.
    fn must_be_undone(&self, cli: &Cli, org: &PracticeOrg, why: &str) {
        let mut expected = self.before.clone();
        expected.extend(self.touched.clone());
        assert_eq!(leads(org), expected, "{why}");
        let runs = cli.json(&["runs", "list"]);
        let runs = runs["runs"].as_array().unwrap();
        let sum =
            |figure: &str| -> u64 { runs.iter().map(|run| run[figure].as_u64().unwrap()).sum() };
        assert_eq!(sum("deleted"), self.created - 2, "{why}: {runs:?}");
        let again = cli.json_outcome(UNDO).expect(1).object();
        assert_eq!(
            (&again["deleted"], &again["restored"], &again["skipped"]),
            (&json!(0), &json!(0), &json!(2)),
            "{why}: {again}"
        );
        Workspace::open(cli.workspace()).must_be_sound();
    }
}

/// What every lead holds of what a run may change.
fn leads(org: &PracticeOrg) -> BTreeMap<String, Value> {
    let soql =
        "SELECT Id, FirstName, LastName, Company, Email, Title, City, Phone, Description FROM Lead";
    let records = org.records(soql).into_iter().map(|mut lead| {
        lead.as_object_mut().unwrap().remove("attributes");
        (lead["Id"].as_str().unwrap().to_owned(), lead)
    });
    records.collect()
}

fn touch(org: &PracticeOrg, id: &str, field: &str) {
    let edit = json!({"id": id, "fields": {field: "Theirs"}});
    org.admin(Method::POST, "records/edit", Some(&edit));
}

fn undo_to_the_end(cli: &Cli) {
    for _ in 0..3 {
        let outcome = cli.json_outcome(UNDO).expect_one_of(&[0, 1, 4]);
        if outcome.code() != Some(4) {
            return;
        }
    }
    panic!("it does not come to its end");
}

#[test]
fn a_run_is_planned_undone_released_and_sent_again() {
    let ran = Ran::new();
    let (cli, _folder) = ran.copy();
    let org = PracticeOrg::serve(&cli);
    let before = leads(&org);
    let plan = cli.json(PLAN);
    assert_eq!(plan["delete"], ran.created - 2, "{plan}");
    assert_eq!(plan["skipped_by"][0]["code"], "changed", "{plan}");
    assert_eq!(leads(&org), before, "a plan changes nothing");
    cli.run(&["runs", "undo", "1"])
        .refused(2, &["Nothing was undone", "--yes"]);
    assert_eq!(leads(&org), before, "it is not confirmed");

    let undone = cli.json_outcome(UNDO).expect(1).object();

    assert_eq!(undone["deleted"], ran.created - 2, "{undone}");
    ran.must_be_undone(&cli, &org, "at once");
    let held = cli.json(&["queue", "list", "--state", "held", "--limit", "500"]);
    let on_hold = held["total"].as_u64().unwrap();
    assert_eq!(
        on_hold,
        undone["deleted"].as_u64().unwrap() + undone["restored"].as_u64().unwrap()
    );
    let nothing = cli.json_outcome(RUN).expect_one_of(&[0, 1]).object();
    assert_eq!(
        (&nothing["created"], &nothing["updated"]),
        (&json!(0), &json!(0))
    );
    let released = cli.json(&["queue", "release", "--replication", LEADS]);
    assert_eq!(released["contacts"], on_hold);
    let again = cli.json_outcome(RUN).expect_one_of(&[0, 1]).object();
    assert_eq!(again["created"], undone["deleted"], "{again}");
    assert_eq!(again["updated"], undone["restored"], "{again}");
    // A run that undid another is none to be undone.
    let run = undone["run"].to_string();
    cli.run(&["runs", "undo", &run, "--yes"])
        .refused(2, &["can't be undone", "queue release"]);
}

#[test]
fn killed_at_any_point_and_begun_again_everything_is_undone_once() {
    let ran = Ran::new();
    each(
        KILLS,
        |point| (*point).to_owned(),
        |point| {
            let (cli, _folder) = ran.copy();
            let org = PracticeOrg::serve(&cli);
            let killed = cli.killed_at(point).run(UNDO);
            assert!(killed.was_killed(), "{point} was not reached: {killed}");
            Workspace::open(cli.workspace()).must_be_sound();
            undo_to_the_end(&cli);
            ran.must_be_undone(&cli, &org, point);
        },
    );
}

#[test]
fn of_two_processes_one_undoes_and_nothing_happens_twice() {
    let ran = Ran::new();
    let kills = ["undo.prepared:1", "undo.answered:1"];
    each(
        &kills,
        |point| (*point).to_owned(),
        |point| {
            let (cli, _folder) = ran.copy();
            let org = PracticeOrg::serve(&cli);
            let to_be_killed = cli.killed_at(point).start(UNDO);
            let others = [cli.start(UNDO), cli.start(RUN)];
            to_be_killed.outcome();
            for other in others {
                other.outcome().expect_one_of(&[0, 1, 4]);
            }
            undo_to_the_end(&cli);
            ran.must_be_undone(&cli, &org, point);
        },
    );
}

#[test]
fn under_faults_everything_is_undone_once() {
    let ran = Ran::new();
    let faults = [
        "reset_after",
        "reset_before",
        "truncated_body",
        "applied_late",
    ];
    each(
        &faults,
        |fault| (*fault).to_owned(),
        |fault| {
            let (cli, _folder) = ran.copy();
            let org = PracticeOrg::serve(&cli);
            for path in ["composite/graph", "composite"] {
                org.fault(&json!({"name": fault, "times": 1, "match": {"path": path}}));
            }
            undo_to_the_end(&cli);
            ran.must_be_undone(&cli, &org, fault);
        },
    );
}

#[test]
fn the_first_few_are_sent_compared_and_the_others_wait() {
    let prepared = Prepared::before_plan(People::new(120), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let before = leads(&org).len();
    let first = ["replications", "run", LEADS, "--first", "5"];
    let first = cli.json_outcome(&first).expect_one_of(&[0, 1]).object();
    let (created, updated) = (&first["created"], &first["updated"]);
    let sent = created.as_u64().unwrap() + updated.as_u64().unwrap();
    assert_eq!(sent, 5, "{first}");
    assert_eq!(first["stopped"]["kind"], "first", "{first}");
    assert_eq!(first["check"]["same"], 5, "{first}");
    assert_eq!(first["check"]["records"].as_array().unwrap().len(), 5);
    let new = leads(&org).len() - before;
    assert_eq!(new as u64, created.as_u64().unwrap(), "no others went");
    cli.run(RUN).expect(1);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
}
