//! Nothing goes to an org for the first time before somebody has seen whom it would send, and named a production org.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, RULES, add_replication};

const COPY: &str = "Good leads, live";

/// A workspace with people to send, its practice org, and a production org named Live.
fn desk(folder: &std::path::Path) -> (Cli, PracticeOrg) {
    let cli = Cli::in_folder(folder).with("LEADFERRY_PASSPHRASE", "correct horse");
    fs::write(cli.path("people.csv"), People::new(20).csv()).unwrap();
    fs::write(cli.path("rules.json"), RULES).unwrap();
    cli.run(&["workspace", "init"]).expect(0);
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
        .expect(0);
    cli.run(&["scores", "recalculate"]).expect(0);
    let org = PracticeOrg::serve(&cli);
    cli.run(&["connections", "add", "Practice", "--flow", "practice"])
        .expect(0);
    org.connect(&cli, "Live");
    (cli, org)
}

fn leads(org: &PracticeOrg) -> usize {
    org.records("SELECT Id FROM Lead WHERE Leadferry_ID__c != null")
        .len()
}

#[test]
fn a_copy_of_a_scheduled_replication_sends_nothing_before_its_plan_was_seen_and_the_org_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let (cli, org) = desk(folder.path());
    add_replication(&cli, "Practice", 20);
    cli.run(&["replications", "set", LEADS, "--schedule", "on change"])
        .expect(0);

    let copy = cli.json(&["replications", "copy", LEADS, COPY, "--connection", "Live"]);
    assert_eq!(copy["enabled"], false, "{copy}");
    assert_eq!(copy["settings"]["schedule"], "manual", "{copy}");
    assert_eq!(
        copy["minimum"], 20,
        "all else is as in the original: {copy}"
    );
    cli.run(&["replications", "set", COPY, "--enabled", "true"])
        .refused(2, &["stays disabled", "plan", "replications plan"]);

    cli.run(&["replications", "match", COPY]).expect(0);
    cli.run(&["replications", "set", LEADS, "--enabled", "false"])
        .expect(0);
    cli.run(&["replications", "set", COPY, "--enabled", "true"])
        .expect(0);
    cli.run(&["replications", "run", COPY])
        .refused(3, &["Live", "--confirm", "by name"]);
    cli.run(&["replications", "run", COPY, "--confirm", "Practice"])
        .refused(2, &["isn't the name"]);
    assert_eq!(leads(&org), 0, "nobody has agreed to send yet");

    let ran = cli
        .json_outcome(&["replications", "run", COPY, "--confirm", "live"])
        .expect_one_of(&[0, 1])
        .object();
    assert_ne!(ran["created"], 0, "{ran}");
    assert_eq!(leads(&org) as u64, ran["created"].as_u64().unwrap());
    cli.run(&["replications", "run", COPY])
        .expect_one_of(&[0, 1]);
}

#[test]
fn a_schedule_never_begins_to_send_to_a_production_org() {
    let folder = tempfile::TempDir::new().unwrap();
    let (cli, org) = desk(folder.path());
    add_replication(&cli, "Live", 20);
    cli.run(&["replications", "set", LEADS, "--schedule", "on change"])
        .expect(0);
    let watching = cli.start(&["replications", "watch"]);
    let began = Instant::now();
    while !watching.said().contains("--confirm") {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it says what it waits for: {}",
            watching.said()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(leads(&org), 0);
    let confirmed = ["replications", "run", LEADS, "--confirm", "Live"];
    cli.run(&confirmed).expect_one_of(&[0, 1]);
    let sent = leads(&org);
    assert_ne!(sent, 0);
    fs::write(
        cli.path("more.csv"),
        "First name,Last name,E-mail,Company,Job title\nIda,New,ida.new@journey.example,New Ltd,Sales manager\n",
    )
    .unwrap();
    cli.run(&["contacts", "import", "more.csv"]).expect(0);
    let began = Instant::now();
    while leads(&org) == sent {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "from then on the schedule sends: {}",
            watching.said()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    watching.killed_after(Duration::ZERO);
}
