//! Each misbehaviour of an org, by name: the run says what it met, waits or goes on, and afterwards everyone is there
//! once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::bill::Bill;
use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared};
use crate::support::workspace::Workspace;

const PEOPLE: usize = 100;
const BATCH_SIZE: u16 = 20;

/// Shortens the waits, but not so much that settled batches are read back within a run.
const SPEEDUP: u32 = 200;

const RUN: &[&str] = &["replications", "run", LEADS];

/// Faults with their settings, and the exit codes of the run that meets them.
fn faults() -> Vec<(Value, &'static [i32])> {
    let sent = json!({ "path": "composite/sobjects" });
    vec![
        (json!({ "name": "expired_session", "times": 1 }), &[1]),
        // A session that is refused as soon as it was renewed: someone has to look.
        (json!({ "name": "expired_session", "times": 2 }), &[3]),
        (json!({ "name": "server_unavailable", "times": 3 }), &[1]),
        (json!({ "name": "server_unavailable", "match": sent }), &[4]),
        (
            json!({ "name": "html_instead_of_json", "times": 3, "match": sent }),
            &[1],
        ),
        (
            json!({ "name": "html_instead_of_json", "times": 3, "status": 200, "match": sent }),
            &[1],
        ),
        (
            json!({ "name": "truncated_body", "times": 3, "match": sent }),
            &[1],
        ),
        (json!({ "name": "truncated_body", "percent": 30 }), &[1, 4]),
        (json!({ "name": "reset_before", "percent": 30 }), &[1, 4]),
        (json!({ "name": "reset_after", "percent": 30 }), &[1, 4]),
        (json!({ "name": "reset_after", "match": sent }), &[1]),
        (
            json!({ "name": "applied_late", "times": 4, "ms": 300, "match": sent }),
            &[1],
        ),
        (
            json!({ "name": "slow", "times": 2, "ms": 700, "match": sent }),
            &[1],
        ),
        (json!({ "name": "latency", "ms": 20 }), &[1]),
        (
            json!({ "name": "concurrent_limit", "times": 2, "match": sent }),
            &[1],
        ),
        (json!({ "name": "concurrent_limit", "times": 2 }), &[1, 4]),
        (json!({ "name": "daily_limit", "times": 2 }), &[4]),
        (
            json!({ "name": "request_too_long", "times": 2, "match": sent }),
            &[1],
        ),
        (
            json!({ "name": "lock_rows", "times": 3, "fraction": 0.4 }),
            &[1],
        ),
        (
            json!({ "name": "row_error", "times": 2, "fraction": 0.3 }),
            &[1],
        ),
        (
            json!({ "name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "times": 2, "fraction": 0.3 }),
            &[1],
        ),
        (
            json!({ "name": "row_error", "code": "NO_SUCH_CODE_YET", "times": 1 }),
            &[1],
        ),
        (json!({ "name": "gateway_limit", "rows": 10 }), &[1]),
        (
            json!({ "name": "field_encrypted", "object": "Lead", "field": "Email", "times": 4 }),
            &[1, 4],
        ),
        (json!({ "name": "refuse_request", "times": 3 }), &[1]),
        (
            json!({ "name": "refuse_request", "fraction": 0.05, "times": 30 }),
            &[1],
        ),
        (json!({ "name": "storage_full", "times": 1 }), &[4]),
        (json!({ "name": "duplicate_rule", "action": "alert" }), &[1]),
        (json!({ "name": "duplicate_rule", "action": "block" }), &[1]),
        (
            json!({ "name": "field_hidden", "object": "Lead", "field": "City", "times": 4 }),
            &[1, 4],
        ),
        (
            json!({ "name": "field_gone", "object": "Lead", "field": "City", "times": 6 }),
            &[1, 4],
        ),
    ]
}

#[test]
fn without_its_identifier_nobody_is_created_until_it_is_back() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    org.fault(&json!({ "name": "field_gone", "object": "Lead", "field": "Leadferry_ID__c" }));
    let met = cli.json_outcome(RUN).expect_one_of(&[1, 4]).object();
    assert_eq!(met["created"], 0, "{met}");
    org.admin(Method::DELETE, "faults", None);
    for code in codes_of_refusals(&cli) {
        cli.run(&["queue", "retry", "--code", &code]).expect(0);
    }
    cli.run(&["replications", "prepare-org", LEADS]).expect(0);
    cli.run(RUN).expect_one_of(&[0, 1]);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_at_rest();
    // Those matched by e-mail meanwhile were updated first, and stamped once the identifier was back.
    prepared.people.must_stand_in(&org, &workspace);
}

#[test]
fn each_fault_is_overcome_and_nobody_is_lost_or_doubled() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    must_name_all(&prepared);
    let bill = Bill::of(&prepared, BATCH_SIZE);
    each(
        &faults(),
        |(fault, _)| fault.to_string(),
        |(fault, codes)| faulty_journey(&prepared, &bill, fault, codes),
    );
}

/// A fault that nobody tries here would be overcome on paper only.
fn must_name_all(prepared: &Prepared) {
    let folder = prepared.copy();
    let org = PracticeOrg::serve(&Cli::in_folder(folder.path()));
    let known = org.admin(Method::GET, "faults", None)["names"].to_string();
    let tried: Vec<Value> = faults()
        .into_iter()
        .map(|(fault, _)| fault["name"].clone())
        .collect();
    for name in known
        .split('"')
        .filter(|part| part.contains('_') && !part.contains(' '))
        // Runs send no bulk jobs; what befalls these is tried in bulk_values.rs.
        .filter(|part| !part.starts_with("bulk_"))
    {
        assert!(
            tried.iter().any(|tried| tried == name),
            "no journey meets the fault {name}"
        );
    }
}

fn faulty_journey(prepared: &Prepared, bill: &Bill, fault: &Value, codes: &[i32]) {
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path()).sped_up(SPEEDUP);
    let org = PracticeOrg::serve(&cli);
    org.fault(fault);
    let before = org.requests();
    let met = cli.json_outcome(RUN).expect_one_of(codes);
    let result = met.object();
    if met.code() == Some(4) {
        let stop = if result["stopped"].is_null() {
            &result["error"]
        } else {
            &result["stopped"]
        };
        assert!(
            stop["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "why it stopped: {met}"
        );
    }
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    let (calls, most) = (
        org.requests() - before,
        bill.most(std::slice::from_ref(fault), &org, &workspace, 1),
    );
    eprintln!("{calls} calls of {most} with {fault}");
    assert!(calls <= most, "{calls} calls, at most {most} with {fault}");
    org.admin(Method::DELETE, "faults", None);

    // Whoever was refused is let go again by hand; the others go by themselves.
    for code in codes_of_refusals(&cli) {
        cli.run(&["queue", "retry", "--code", &code]).expect(0);
    }
    cli.run(RUN).expect_one_of(&[0, 1]);
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
    prepared
        .people
        .must_be_counted_by(&cli.json(&["runs", "list"]));
}

/// Returns the codes that people are blocked or given up with, apart from those of the people themselves.
fn codes_of_refusals(cli: &Cli) -> Vec<String> {
    let mut codes = Vec::new();
    for state in ["blocked", "given_up"] {
        let list = cli.json(&["queue", "list", "--state", state, "--limit", "1000"]);
        let entries = list["entries"].as_array().unwrap().iter();
        codes.extend(
            entries
                .map(|entry| entry["code"].as_str().unwrap().to_owned())
                .filter(|code| code != "ambiguous"),
        );
    }
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn a_days_calls_used_up_in_mid_run_stop_it_and_it_goes_on_when_the_window_has_moved() {
    let prepared = Prepared::before_plan(People::new(PEOPLE), BATCH_SIZE);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    // Enough for the questions and two of the batches.
    let used = org.admin(Method::GET, "limits", None)["api_requests_used"]
        .as_u64()
        .unwrap();
    let limits = json!({ "daily_api_requests": used + 4 });
    org.admin(Method::PUT, "limits", Some(&limits));
    let refused = cli.run(RUN).expect(4);
    assert!(refused.stdout.contains("The run needs"), "{refused}");
    let limits = json!({ "daily_api_requests": used + 5 });
    org.admin(Method::PUT, "limits", Some(&limits));
    let stopped = cli
        .run(&[RUN, &["--as-far-as-possible"]].concat())
        .expect(4);
    assert!(
        stopped.stdout.contains("API calls for the last 24 hours"),
        "{stopped}"
    );
    let workspace = Workspace::open(cli.workspace());
    let waiting =
        workspace.number("SELECT count(*) FROM queue WHERE state IN ('pending', 'sending')");
    assert!(waiting > 0, "nothing waits for tomorrow: {stopped}");
    assert_eq!(
        workspace.number("SELECT max(attempts) FROM queue"),
        0,
        "the limit costs no row an attempt"
    );
    let moved = json!({ "daily_api_requests": 100_000, "api_requests_used": 0 });
    org.admin(Method::PUT, "limits", Some(&moved));
    cli.run(RUN).expect_one_of(&[0, 1]);
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
    prepared
        .people
        .must_be_told_by(&cli.json(&["runs", "list"]));
}
