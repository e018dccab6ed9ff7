//! A damaged workspace salvaged into a new one: what comes over goes on where it was, and nobody is sent twice.

use std::collections::BTreeMap;
use std::fs;

use crate::damage::spoil;
use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS];

/// Returns how many leads the org has of each email.
fn leads(org: &PracticeOrg) -> BTreeMap<String, usize> {
    let mut leads = BTreeMap::new();
    for lead in org.records("SELECT Email FROM Lead WHERE Email != null") {
        let email = lead["Email"].as_str().unwrap().to_lowercase();
        *leads.entry(email).or_default() += 1;
    }
    leads
}

#[test]
fn a_salvaged_workspace_sends_the_rest_and_nobody_twice() {
    let prepared = Prepared::before_plan(People::new(450), 50);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path()).sped_up(600);
    let org = PracticeOrg::serve(&cli);
    let before = leads(&org);
    // The org has taken a batch whose answer nobody here knows.
    let killed = cli.killed_at("sending.after_answer:3").run(RUN);
    assert!(killed.was_killed(), "{killed}");
    org.stop();
    Workspace::open(cli.workspace()).must_be_sound();
    let pages = Workspace::open(cli.workspace()).pages_of_contacts();
    spoil(cli.workspace(), &pages[pages.len() / 2..][..1]);
    let damaged = fs::read(cli.workspace()).unwrap();

    let salvage = [
        "workspace",
        "salvage",
        "people.leadferry",
        "--into",
        "saved.leadferry",
    ];
    let salvaged = cli.json(&salvage);
    assert_eq!(
        fs::read(cli.workspace()).unwrap(),
        damaged,
        "it stays as it is"
    );
    let parts = salvaged["parts"].as_array().unwrap();
    let contacts = parts
        .iter()
        .find(|part| part["what"] == "contacts")
        .unwrap();
    let (kept, lost) = (
        contacts["kept"].as_u64().unwrap(),
        contacts["lost"].as_u64().unwrap(),
    );
    assert!(kept > 380 && lost > 0 && kept + lost == 450, "{salvaged}");
    cli.run(&salvage).expect(2);

    fs::copy(
        folder.path().join("people.leadferry.practice-org.sqlite"),
        folder.path().join("saved.leadferry.practice-org.sqlite"),
    )
    .unwrap();
    let cli = cli.with_workspace(&folder.path().join("saved.leadferry"));
    let refused = cli.run(RUN).expect(3);
    assert!(refused.stderr.contains("approve"), "{refused}");
    cli.run(&["workspace", "approve", "--yes"]).expect(0);
    cli.run(&["replications", "set", LEADS, "--enabled", "true"])
        .expect(0);
    let org = PracticeOrg::serve(&cli);
    for _ in 0..3 {
        cli.run(RUN).expect_one_of(&[0, 1]);
    }
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    let after = leads(&org);
    for (email, count) in &after {
        let were = before.get(email).copied().unwrap_or(0);
        assert!(*count <= were.max(1), "{email}: {were} before, {count} now");
    }
    assert!(after.len() > before.len() + 100, "the rest was sent");
}
