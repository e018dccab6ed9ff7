//! No network, or nonsense in the place of the org's answers: what happened is said, and nobody is lost or doubled.

use std::fs;

use tempfile::TempDir;

use crate::support::cli::{Cli, Outcome};
use crate::support::front::{Forged, Front};
use crate::support::people::People;
use crate::support::practice::{PracticeOrg, connect_at};
use crate::support::prepared::{LEADS, RULES, add_replication, new_workspace};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS, "--confirm", "Org"];

/// A workspace whose org is reached through a front.
struct Fronted {
    cli: Cli,
    org: PracticeOrg,
    front: Front,
    people: People,
    _folder: TempDir,
}

fn fronted(people: People) -> Fronted {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
    fs::write(cli.path("people.csv"), people.csv()).unwrap();
    fs::write(cli.path("rules.json"), RULES).unwrap();
    cli.run(&["workspace", "init"]).expect(0);
    let org = PracticeOrg::serve(&cli);
    let front = Front::before(org.port());
    connect_at(&cli, "Org", &front.url()).expect(0);
    cli.run(&["connections", "authorize", "Org"]).expect(0);
    cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
        .expect(0);
    add_replication(&cli, "Org", 20);
    people.meet(&org);
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    cli.run(&["scores", "recalculate"]).expect(0);
    Fronted {
        cli,
        org,
        front,
        people,
        _folder: folder,
    }
}

impl Fronted {
    /// Demands that, with the org well again, everyone arrives once.
    fn must_recover(&self) {
        self.front.forge(None);
        self.cli.run(RUN).expect_one_of(&[0, 1]);
        let workspace = Workspace::open(self.cli.workspace());
        workspace.must_be_sound();
        workspace.must_be_at_rest();
        self.people.must_stand_in(&self.org, &workspace);
        self.people
            .must_be_told_by(&self.cli.json(&["runs", "list", "--limit", "1000"]));
    }
}

#[test]
fn without_a_network_the_queue_waits() {
    let mut fronted = fronted(People::new(60));
    let Fronted { cli, org, .. } = &mut fronted;
    org.kill();
    let ended = cli.json_outcome(RUN).expect(4).object();
    let waiting = ended["waiting"]
        .as_u64()
        .unwrap_or_else(|| ended["error"]["message"].as_str().map_or(0, |_| 1));
    assert_ne!(waiting, 0, "{ended}");
    let queue = Workspace::open(cli.workspace());
    queue.must_be_sound();
    let dead = cli.run(&["connections", "test", "Org"]);
    dead.refused(4, &[]);
    cli.run(&["replications", "match", LEADS]).refused(4, &[]);
    // Everything else works without a network.
    cli.run(&["replications", "plan", LEADS]).expect(0);
    cli.run(&[
        "contacts",
        "set",
        "person0@journey.example",
        "city=Städtchen 0-0",
    ])
    .expect(0);
}

#[test]
fn a_dead_port_is_told_as_such() {
    let (cli, _folder) = new_workspace();
    let cli = cli.with("LEADFERRY_PASSPHRASE", "correct horse");
    let dead = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    connect_at(&cli, "Dead", &format!("http://127.0.0.1:{dead}")).expect(0);
    cli.run(&["connections", "test", "Dead"])
        .refused(4, &["reach"]);
    // Salesforce itself is never talked to without encryption.
    connect_at(&cli, "Plain", "http://acme.my.salesforce.com").refused(2, &["http"]);
    for host in [
        "",
        "not a host",
        "https://user:secret@acme.my.salesforce.com",
        "acme.lightning.force.com/../..",
    ] {
        let refused = connect_at(&cli, "Odd", host);
        assert!(matches!(refused.code(), Some(0 | 2)), "{host:?}: {refused}");
        assert!(!refused.stderr.contains("user:secret"), "{refused}");
        if refused.code() == Some(0) {
            cli.run(&["connections", "remove", "Odd"]).expect(0);
        }
    }
}

/// What an org, or something that sits in its place, may answer to anything.
fn nonsense() -> Vec<(&'static str, u16, &'static str, Vec<u8>)> {
    let deep = "[".repeat(300_000).into_bytes();
    let json = "application/json;charset=UTF-8";
    vec![
        ("a page instead of JSON", 200, "text/html", b"<html><body>Please sign in to the hotel network</body></html>".to_vec()),
        ("a maintenance page", 503, "text/html", b"<html><title>Maintenance</title></html>".to_vec()),
        ("nothing", 200, json, Vec::new()),
        ("broken off", 200, json, br#"[{"id":"00Q0000000"#.to_vec()),
        ("nested without end", 200, json, deep),
        ("null", 200, json, b"null".to_vec()),
        ("a number", 200, json, b"1e999999".to_vec()),
        ("other types", 200, json, br#"[{"id":17,"success":"yes","errors":{}},{"id":null}]"#.to_vec()),
        ("too few rows", 200, json, b"[]".to_vec()),
        ("an object instead of rows", 200, json, br#"{"success":true,"id":"00Q000000000001AAA"}"#.to_vec()),
        ("broken letters", 200, json, b"[{\"id\":\"\xff\xfe\xfd\"}]".to_vec()),
        ("steering the terminal", 500, json, b"[{\"errorCode\":\"\\u001b[2J\\u001b]0;owned\\u0007\",\"message\":\"\\u001b[31mred\"}]".to_vec()),
        ("thirty megabytes", 200, json, format!("[\"{}\"]", "x".repeat(30 << 20)).into_bytes()),
    ]
}

fn must_not_steer_the_terminal(outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let bad = text
            .chars()
            .find(|char| char.is_control() && !matches!(char, '\n' | '\t'));
        assert_eq!(
            bad, None,
            "what comes from elsewhere must not steer the terminal: {outcome:?}"
        );
    }
}

#[test]
fn nonsense_in_the_place_of_answers_to_batches_loses_and_doubles_nobody() {
    let fronted = fronted(People::new(60));
    for (what, status, kind, body) in nonsense() {
        fronted.front.forge(Some(Forged {
            path: "composite/sobjects",
            status,
            kind,
            body,
        }));
        // The org has taken the batch; what it said of that is not to be had.
        let ended = fronted.cli.run(RUN);
        assert!(matches!(ended.code(), Some(0 | 1 | 4)), "{what}: {ended}");
        must_not_steer_the_terminal(&ended);
        Workspace::open(fronted.cli.workspace()).must_be_sound();
    }
    fronted.must_recover();
}

#[test]
fn nonsense_in_the_place_of_any_other_answer_loses_and_doubles_nobody() {
    let fronted = fronted(People::new(60));
    let test = &["connections", "test", "Org"][..];
    let find = &["replications", "match", LEADS][..];
    for (path, commands) in [
        ("/query", &[find, RUN][..]),
        ("/describe", &[test, RUN]),
        ("/oauth2/token", &[test, RUN]),
        ("/limits", &[test]),
        ("/services/oauth2/userinfo", &[test]),
    ] {
        // Where only one command asks, a part of it will do.
        let some = if commands.len() == 1 { 3 } else { 1 };
        for (what, status, kind, body) in nonsense().into_iter().step_by(some) {
            // Reads are repeated, and moving megabytes proves nothing more at the fifth time.
            if body.len() > 1 << 20 && path != "/query" {
                continue;
            }
            fronted.front.forge(Some(Forged {
                path,
                status,
                kind,
                body,
            }));
            for command in commands {
                let ended = fronted.cli.run(command);
                must_not_steer_the_terminal(&ended);
                let code = ended.code();
                assert!(
                    matches!(code, Some(0 | 1 | 3 | 4)),
                    "{what} at {path}: {ended}"
                );
                if !ended.stderr.is_empty() {
                    ended.refused(code.unwrap_or_default(), &[]);
                }
            }
            Workspace::open(fronted.cli.workspace()).must_be_sound();
        }
    }
    fronted.must_recover();
}

#[test]
fn ids_that_cannot_be_right_link_nobody_to_them() {
    let fronted = fronted(People::new(60));
    let rows = |row: &str| format!("[{}]", vec![row; 20].join(",")).into_bytes();
    for row in [
        r#"{"id":"00Q000000000001AAA","success":true,"errors":[],"created":true}"#,
        r#"{"id":"0010000000000AAAAA","success":true,"errors":[],"created":true}"#,
        r#"{"id":"../../x","success":true,"errors":[],"created":true}"#,
        r#"{"success":true,"errors":[],"created":true}"#,
    ] {
        let kind = "application/json;charset=UTF-8";
        fronted.front.forge(Some(Forged {
            path: "composite/sobjects",
            status: 200,
            kind,
            body: rows(row),
        }));
        let ended = fronted.cli.run(RUN);
        assert!(matches!(ended.code(), Some(0 | 1 | 4)), "{row}: {ended}");
        Workspace::open(fronted.cli.workspace()).must_be_sound();
    }
    let links = Workspace::open(fronted.cli.workspace()).links("Lead");
    let wrong = links
        .values()
        .filter(|id| ["001", "..", "x"].iter().any(|bad| id.starts_with(bad)))
        .count();
    assert_eq!(wrong, 0, "{links:?}");
}
