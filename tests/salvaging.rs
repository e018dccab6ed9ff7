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

/// Returns whose entries in the queue wait for an answer, by email.
fn sending(cli: &Cli) -> Vec<String> {
    let queue = Workspace::open(cli.workspace()).queue();
    let sending = queue.into_iter().filter(|(_, state)| state == "sending");
    sending.map(|(email, _)| email).collect()
}

#[test]
fn people_of_a_request_that_goes_with_a_lost_contact_are_not_made_twice() {
    let prepared = Prepared::before_plan(People::new(200), 50);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path()).sped_up(600);
    let org = PracticeOrg::serve(&cli);
    let before = leads(&org);
    // The org has made these people; their answer came to nobody.
    let killed = cli.killed_at("sending.after_answer:1").run(RUN);
    assert!(killed.was_killed(), "{killed}");
    let made = leads(&org);
    org.stop();
    let in_the_request = sending(&cli);
    assert!(in_the_request.len() > 20, "{in_the_request:?}");
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    let pages = workspace.all_pages_of_contacts();
    drop(workspace);
    // One of them is lost, with whoever stands on the same page.
    let bytes = fs::read(cli.workspace()).unwrap();
    let someone = in_the_request[in_the_request.len() / 2].as_bytes();
    let holds = |page: &&usize| {
        let page = &bytes[(**page - 1) * 4096..**page * 4096];
        page.windows(someone.len()).any(|part| part == someone)
    };
    let page = *pages.iter().find(holds).unwrap();
    spoil(cli.workspace(), &[page]);
    let into = "saved.leadferry";
    cli.json(&["workspace", "salvage", "people.leadferry", "--into", into]);
    let org_file = |name: &str| folder.path().join(format!("{name}.practice-org.sqlite"));
    fs::copy(org_file("people.leadferry"), org_file(into)).unwrap();
    let cli = cli.with_workspace(&folder.path().join(into));
    let asked_for = sending(&cli);
    assert!(
        asked_for.len() + 20 < in_the_request.len(),
        "their request went with the lost: {asked_for:?}"
    );
    let left = Workspace::open(cli.workspace()).guids();
    let lost = |email: &&String| !left.contains_key(*email);
    let (lost, kept): (Vec<_>, Vec<_>) = in_the_request.iter().partition(lost);
    assert!(!lost.is_empty() && kept.len() > 20, "{lost:?}");

    cli.run(&["workspace", "approve", "--yes"]).expect(0);
    cli.run(&["replications", "set", LEADS, "--enabled", "true"])
        .expect(0);
    let org = PracticeOrg::serve(&cli);
    let must_be_once = |when: &str, here: &[&String]| {
        let after = leads(&org);
        for (email, count) in &after {
            let were = before.get(email).copied().unwrap_or(0).max(1);
            assert!(
                *count <= were,
                "{when}: {email}: {were} before, {count} now"
            );
        }
        for email in here {
            let made = made.get(*email).copied().unwrap_or(1);
            assert_eq!(after.get(*email), Some(&made), "{when}: {email}");
        }
    };
    for _ in 0..3 {
        cli.run(RUN).expect_one_of(&[0, 1]);
    }
    must_be_once("sent again", &kept);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_at_rest();
    let links = workspace.links("Lead");
    for email in &kept {
        let guid = &left[*email];
        assert!(links.contains_key(guid), "{email} is linked to their lead");
    }
    // The lost come back from their file, as contacts that the org doesn't know.
    cli.run(&["contacts", "import", "people.csv", "--again"])
        .expect_one_of(&[0, 1]);
    cli.run(&["scores", "recalculate"]).expect(0);
    for _ in 0..2 {
        cli.run(RUN).expect_one_of(&[0, 1]);
    }
    must_be_once("brought back", &in_the_request.iter().collect::<Vec<_>>());
}
