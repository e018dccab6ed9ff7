//! What scripts rely on: exit codes, counts, and one JSON object on standard output.

use serde_json::Value;
use tempfile::TempDir;

use crate::main_job::{Desk, GOOD, add_replication, desk, import};
use crate::support::browser;
use crate::support::cli::Cli;
use crate::support::practice::{PracticeOrg, connect_at};
use crate::support::workspace::Workspace;

#[test]
fn plans_and_runs_have_the_counts_that_scripts_rely_on() {
    let (Desk { cli, _folder }, _org) = desk();
    import(&cli);
    add_replication(&cli);
    cli.json(&["replications", "prepare-org", GOOD]);
    let must_have = |result: &Value, names: &[&str]| {
        for name in names {
            assert!(result[*name].is_u64(), "{name} must be a count: {result}");
        }
    };
    let plan = [
        "create",
        "update",
        "match_pending",
        "unchanged",
        "blocked",
        "left_out",
        "calls",
    ];
    must_have(&cli.json(&["replications", "plan", GOOD]), &plan);
    must_have(&cli.json(&["replications", "match", GOOD]), &plan);
    let run = cli.json_outcome(&["replications", "run", GOOD]).object();
    must_have(
        &run,
        &[
            "created",
            "updated",
            "unchanged",
            "failed",
            "blocked",
            "waiting",
            "withdrawn",
            "calls",
            "run",
        ],
    );
}

#[test]
fn each_exit_code_says_what_kind_of_thing_happened() {
    let (Desk { cli, _folder }, org) = desk();
    import(&cli);
    add_replication(&cli);

    // 0: all well.
    cli.run(&["replications", "prepare-org", GOOD]).expect(0);
    // 1: someone was newly blocked; and after a refusal that may pass, someone waits or has failed.
    cli.run(&["replications", "run", GOOD]).expect(1);
    // And as long as that stands, though there is nothing new.
    let again = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect(1)
        .object();
    assert_eq!(
        (&again["blocked"], &again["failed"]),
        (&0.into(), &0.into())
    );
    assert!(again["standing"].as_u64() > Some(0), "{again}");
    org.fault(&serde_json::json!({ "name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "times": 1 }));
    cli.run(&["contacts", "set", "zoe@main.example", "city=Nantes"])
        .expect(0);
    let refused = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect(1)
        .object();
    assert_eq!(
        refused["blocked"].as_u64().unwrap() + refused["failed"].as_u64().unwrap(),
        1,
        "{refused}"
    );
    // 2: asked for something that makes no sense.
    cli.run(&["replications", "rnu", GOOD]).expect(2);
    cli.run(&["replications", "run", "Nobody"])
        .refused(2, &["Nobody"]);
    cli.run(&["contacts", "import", "leute.csv", "--create-custom-fields"])
        .refused(2, &["--again"]);
    // 3: someone has to sign in.
    let safe = cli.with("LEADFERRY_PASSPHRASE", "correct horse");
    browser::add_connection(
        &safe,
        "Browser",
        &org,
        leadferry_practice_org::built_in::CLIENT_ID,
    );
    safe.run(&[
        "replications",
        "copy",
        GOOD,
        "Copy",
        "--connection",
        "Browser",
    ])
    .expect(0);
    safe.run(&["replications", "run", "Copy"])
        .refused(3, &["sign in", "connections authorize"]);
    let denied = browser::refuse(&safe, &org, "Browser");
    assert_eq!(denied.code(), Some(3), "{denied}");
    browser::sign_in(&safe, &org, "Browser").expect(0);
    // 4: it waits. The org's calls of the day are used up.
    org.fault(&serde_json::json!({ "name": "daily_limit", "times": 9 }));
    cli.run(&["contacts", "set", "misaki@main.example", "city=Köln"])
        .expect(0);
    let waits = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect(4)
        .object();
    let waiting = waits["waiting"].as_u64().unwrap();
    assert_ne!(waiting, 0, "{waits}");
    assert_eq!(waits["stopped"]["kind"], "limit", "{waits}");
    let mended = cli.json(&["practice-org", "faults", "clear"]);
    assert_eq!(mended["cleared"], true);
    let sent = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect_one_of(&[0, 1])
        .object();
    // Whoever has no last name waits for what the org has, and has nothing there.
    let done = ["updated", "blocked"].map(|what| sent[what].as_u64().unwrap());
    assert_eq!(done.iter().sum::<u64>(), waiting, "{sent}");
    // 5: this machine.
    let nowhere = cli.with_workspace(&cli.path("nowhere.leadferry"));
    nowhere
        .run(&["contacts", "list"])
        .refused(5, &["nowhere.leadferry"]);
}

#[test]
fn with_json_errors_are_one_object_too() {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.json(&["workspace", "init"]);
    let nowhere = cli.with_workspace(&cli.path("nowhere.leadferry"));
    let dead = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let safe = cli.with("LEADFERRY_PASSPHRASE", "correct horse");
    connect_at(&safe, "Dead", &format!("http://127.0.0.1:{dead}")).expect(0);
    for (outcome, code) in [
        (cli.json_outcome(&["no-such-command"]), 2),
        (cli.json_outcome(&["contacts", "import"]), 2),
        (cli.json_outcome(&["contacts", "import", "missing.csv"]), 2),
        (cli.json_outcome(&["workspace", "init"]), 2),
        (cli.json_outcome(&["replications", "run", "Nobody"]), 2),
        (cli.json_outcome(&["runs", "show", "77"]), 2),
        (safe.json_outcome(&["connections", "test", "Dead"]), 4),
        (nowhere.json_outcome(&["workspace", "info"]), 5),
    ] {
        let outcome = outcome.expect(code);
        let error = &outcome.object()["error"];
        for part in ["code", "message", "hint"] {
            assert!(
                error[part].as_str().is_some_and(|text| !text.is_empty()),
                "no {part}: {outcome}"
            );
        }
    }
    // Help is no error, and text.
    cli.json_outcome(&["--help"]).expect(0);
}

#[test]
fn the_practice_org_says_where_it_is_served() {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.json(&["workspace", "init"]);
    let org = PracticeOrg::serve(&cli);
    let second = cli
        .json_outcome(&["practice-org", "serve"])
        .expect(5)
        .object();
    assert!(
        second["error"]["message"].is_string(),
        "only one may serve an org: {second}"
    );
    org.stop();
    // And it is free again.
    PracticeOrg::serve(&cli).stop();
    Workspace::open(cli.workspace()).must_be_sound();
}
