//! Calls that are reserved for other tools stay theirs; a run that waits for calls goes on by itself.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared};

const MOST: u64 = 1_000;
const RESERVE: u64 = 100;

fn used(org: &PracticeOrg) -> u64 {
    org.admin(Method::GET, "limits", None)["api_requests_used"]
        .as_u64()
        .unwrap()
}

fn set_used(org: &PracticeOrg, used: u64) {
    let limits = json!({ "daily_api_requests": MOST, "api_requests_used": used });
    org.admin(Method::PUT, "limits", Some(&limits));
}

fn run(cli: &Cli, more: &[&str]) -> Value {
    let args = [&["replications", "run", LEADS], more].concat();
    cli.json_outcome(&args).expect(4).object()
}

#[test]
fn a_run_keeps_to_its_calls_and_goes_on_when_they_are_back() {
    let people = People::new(60);
    let prepared = Prepared::before_plan(people, 10);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let reserve = RESERVE.to_string();
    cli.run(&["replications", "set", LEADS, "--api-reserve", &reserve])
        .expect(0);
    set_used(&org, MOST - RESERVE - 4);
    cli.run(&["connections", "test", "Practice"]).expect(0);
    set_used(&org, MOST - RESERVE - 4);
    let before = used(&org);
    cli.run(&["replications", "match", LEADS])
        .refused(4, &["reserved for other tools"]);
    // Looking at the connection has told of its own calls, too: what is left is less than the run needs.
    let refused = run(&cli, &[]);
    assert_eq!(
        (&refused["created"], &refused["calls"]),
        (&json!(0), &json!(0)),
        "{refused}"
    );
    let why = &refused["stopped"];
    assert_eq!(why["kind"], "limit", "{why}");
    assert!(
        why["message"]
            .as_str()
            .unwrap()
            .contains("Waiting for API calls"),
        "{why}"
    );
    assert_eq!(used(&org), before, "nothing was asked");

    set_used(&org, MOST - RESERVE - 10);
    cli.run(&["connections", "test", "Practice"]).expect(0);
    run(&cli, &["--as-far-as-possible"]);
    assert_eq!(
        used(&org),
        MOST - RESERVE,
        "every call but the reserve was used"
    );

    // The window moves on; here a day is over within seconds.
    set_used(&org, 0);
    let hasty = cli.sped_up(20_000);
    let watching = hasty.start(&["replications", "watch"]);
    let began = Instant::now();
    let waiting =
        || cli.json(&["queue", "list", "--state", "pending", "--limit", "0"])["total"].clone();
    let is_running = || cli.json(&["runs", "list"])["runs"][0]["state"] == "running";
    while waiting() != 0 || is_running() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{}",
            watching.said()
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    watching.killed_after(Duration::from_millis(200));
    let runs = cli.json(&["runs", "list"]);
    let states: Vec<_> = runs["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| &run["state"])
        .collect();
    assert_eq!(
        states,
        ["finished", "stopped", "stopped"],
        "it went on once, though it runs by hand"
    );
}
