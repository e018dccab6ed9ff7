//! No network, or nonsense in the place of the org's answers: what happened is said, and nobody is lost or doubled.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::{Cli, Outcome};
use crate::support::front::{Forged, Front};
use crate::support::people::People;
use crate::support::practice::{PracticeOrg, connect_at};
use crate::support::prepared::{LEADS, RULES, add_replication, new_workspace};
use crate::support::workspace::Workspace;

/// Nothing that an org says keeps a command busy for longer.
const AT_ONCE: Duration = Duration::from_secs(30);
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
    /// Demands that, with the org well again, everyone arrives once, and that the history adds up to what the org holds.
    fn must_recover(&self) {
        self.must_arrive();
        self.people
            .must_be_told_by(&self.cli.json(&["runs", "list", "--limit", "1000"]));
    }

    /// Demands that, with the org well again, everyone arrives once.
    fn must_arrive(&self) {
        self.front.forge(None);
        self.cli.run(RUN).expect_one_of(&[0, 1]);
        let workspace = Workspace::open(self.cli.workspace());
        workspace.must_be_sound();
        workspace.must_be_at_rest();
        self.people.must_stand_in(&self.org, &workspace);
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

/// Turns the direction of what stands behind it.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn must_not_steer_the_terminal(outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let bad = text
            .chars()
            .find(|char| turns(*char) || char.is_control() && !matches!(char, '\n' | '\t'));
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

/// What an org may say of an object, by what is odd about it.
fn odd_describes(sound: &Value) -> Vec<(&'static str, Value)> {
    let changed = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut describe = sound.clone();
        change(describe["fields"].as_array_mut().unwrap());
        describe
    };
    let like = |fields: &[Value], name: &str, changes: Value| {
        let mut field = fields
            .iter()
            .find(|field| field["name"] == "City")
            .unwrap()
            .clone();
        field["name"] = name.into();
        for (key, value) in changes.as_object().unwrap() {
            field[key] = value.clone();
        }
        field
    };
    let every = |changes: Value| {
        changed(&|fields| {
            for field in fields {
                for (key, value) in changes.as_object().unwrap() {
                    field[key] = value.clone();
                }
            }
        })
    };
    let values = |count: usize, text: &str| -> Value {
        let value = |n| json!({ "active": true, "defaultValue": false, "label": format!("{text}{n}"), "value": format!("{text}{n}") });
        (0..count).map(value).collect()
    };
    let steering =
        "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{2066}\r\n<img src=x onerror=alert(1)>";
    let mut of_no_object = sound.clone();
    of_no_object["label"] = steering.into();
    of_no_object["name"] = "../../Account".into();
    vec![
        ("another object", of_no_object),
        ("labels that steer", every(json!({ "label": steering }))),
        (
            "a label of five megabytes",
            changed(&|fields| {
                fields[3]["label"] = "x".repeat(5 << 20).into();
            }),
        ),
        ("no labels", every(json!({ "label": null }))),
        (
            "lengths that none can have",
            every(json!({ "length": i64::MIN, "scale": i64::MAX, "precision": -1 })),
        ),
        (
            "eight hundred fields",
            changed(&|fields| {
                let more: Vec<Value> = (0..800)
                    .map(|n| {
                        like(
                            fields,
                            &format!("Field_{n}__c"),
                            json!({ "label": format!("Field {n}"), "custom": true }),
                        )
                    })
                    .collect();
                fields.extend(more);
            }),
        ),
        (
            "each field twice, the second otherwise",
            changed(&|fields| {
                let mut again = fields.clone();
                for field in &mut again {
                    field["type"] = "boolean".into();
                    field["updateable"] = false.into();
                }
                fields.extend(again);
            }),
        ),
        (
            "names in another case as well",
            changed(&|fields| {
                let mut again = fields.clone();
                for field in &mut again {
                    field["name"] = field["name"].as_str().unwrap().to_uppercase().into();
                }
                fields.extend(again);
            }),
        ),
        (
            "names that are none",
            changed(&|fields| {
                let long = "x".repeat(1 << 20);
                let names = [
                    "",
                    " ",
                    "a b",
                    "x' OR Name != '",
                    "a\u{0}b",
                    "__proto__",
                    "Id",
                    "\u{202e}liamE",
                    "Email ; always",
                    &long,
                ];
                let odd: Vec<Value> = names
                    .iter()
                    .map(|name| like(fields, name, json!({ "label": name })))
                    .collect();
                fields.extend(odd);
            }),
        ),
        (
            "a hundred thousand values",
            changed(&|fields| {
                let field = fields
                    .iter_mut()
                    .find(|field| field["name"] == "LeadSource")
                    .unwrap();
                field["restrictedPicklist"] = true.into();
                field["picklistValues"] = values(100_000, "A value that has a rather long name, ");
            }),
        ),
        (
            "one value a thousand times, in many fields",
            changed(&|fields| {
                let same: Value = (0..1000)
                    .map(|_| json!({ "active": true, "label": steering, "value": steering }))
                    .collect();
                let more: Vec<Value> = (0..100)
                .map(|n| like(fields, &format!("Choice_{n}__c"), json!({ "type": "picklist", "restrictedPicklist": true, "picklistValues": same })))
                .collect();
                fields.extend(more);
            }),
        ),
        (
            "references to everything",
            changed(&|fields| {
                let objects: Vec<String> = (0..50_000).map(|n| format!("Object_{n}__c")).collect();
                let more = like(
                    fields,
                    "Everything__c",
                    json!({ "type": "reference", "referenceTo": objects, "relationshipName": steering }),
                );
                fields.push(more);
            }),
        ),
        ("no fields", changed(&|fields| fields.clear())),
    ]
}

#[test]
fn whatever_an_org_says_of_its_fields_is_shown_plainly_and_loses_and_doubles_nobody() {
    let fronted = fronted(People::new(30));
    let sound = fronted.org.describe("Lead");
    let commands: &[&[&str]] = &[
        &[
            "search",
            "fields",
            "Lead",
            "--connection",
            "Org",
            "--refresh",
        ],
        &["connections", "test", "Org"],
        &["mappings", "show", LEADS],
        &["mappings", "check", LEADS],
        &["replications", "plan", LEADS],
        RUN,
        &["alerts", "list"],
        &["doctor"],
    ];
    for (what, describe) in odd_describes(&sound) {
        fronted.front.forge(Some(Forged {
            path: "sobjects/Lead/describe",
            status: 200,
            kind: "application/json;charset=UTF-8",
            body: describe.to_string().into_bytes(),
        }));
        for command in commands {
            let begun = Instant::now();
            let ended = fronted.cli.run(command);
            assert!(
                begun.elapsed() < AT_ONCE,
                "{what}: {command:?} took {:?}",
                begun.elapsed()
            );
            assert!(matches!(ended.code(), Some(0..=5)), "{what}: {ended}");
            must_not_steer_the_terminal(&ended);
            must_be_readable(what, &ended);
        }
        Workspace::open(fronted.cli.workspace()).must_be_sound();
    }
    fronted.must_recover();
}

/// Nobody reads what runs through the window for minutes.
#[track_caller]
fn must_be_readable(what: &str, ended: &Outcome) {
    let longest = ended
        .stdout
        .lines()
        .chain(ended.stderr.lines())
        .map(str::len)
        .max();
    assert!(
        longest < Some(10_000),
        "{what}: a line of {longest:?} bytes"
    );
    assert!(
        ended.stderr.len() < 100_000,
        "{what}: {} bytes",
        ended.stderr.len()
    );
}

#[test]
fn errors_that_an_org_words_at_length_are_told_in_short() {
    let fronted = fronted(People::new(30));
    let long = "long ".repeat(1 << 20);
    let nested = format!(
        "{}{}",
        "{\"message\":".repeat(100),
        "1".to_owned() + &"}".repeat(100)
    );
    let many: Vec<Value> = (0..20_000)
        .map(|n| json!({ "errorCode": format!("CODE_{n}"), "message": "no", "fields": ["Email"] }))
        .collect();
    let fields: Vec<String> = (0..50_000).map(|n| format!("Field_{n}__c")).collect();
    let bodies = [
        json!([{ "errorCode": "STORAGE_LIMIT_EXCEEDED", "message": long }]).to_string(),
        json!([{ "errorCode": long, "message": "no" }]).to_string(),
        json!([{ "errorCode": "INVALID_FIELD", "message": "\u{202e}\u{1b}[2J", "fields": fields }])
            .to_string(),
        format!("[{{\"errorCode\":\"X\",\"message\":{nested}}}]"),
        Value::from(many).to_string(),
        json!({ "error": "invalid_grant", "error_description": long }).to_string(),
    ];
    let fields_again: &[&str] = &[
        "search",
        "fields",
        "Lead",
        "--connection",
        "Org",
        "--refresh",
    ];
    let test: &[&str] = &["connections", "test", "Org"];
    for (path, command) in [
        ("composite/sobjects", RUN),
        ("/query", RUN),
        ("/describe", fields_again),
        ("/limits", test),
    ] {
        for body in &bodies {
            fronted.front.forge(Some(Forged {
                path,
                status: 400,
                kind: "application/json;charset=UTF-8",
                body: body.clone().into_bytes(),
            }));
            let ended = fronted.cli.run(command);
            let what = format!("{path} {body:.60}");
            assert!(matches!(ended.code(), Some(0..=5)), "{what}: {ended}");
            must_not_steer_the_terminal(&ended);
            must_be_readable(&what, &ended);
        }
        for list in ["runs", "queue", "alerts"] {
            let ended = fronted.cli.run(&[list, "list"]);
            must_not_steer_the_terminal(&ended);
            must_be_readable(path, &ended);
        }
        Workspace::open(fronted.cli.workspace()).must_be_sound();
    }
    // A row's refusal, as long.
    let row = json!({ "success": false, "errors": [{ "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": long, "fields": fields }] });
    fronted.front.forge(Some(Forged {
        path: "composite/sobjects",
        status: 200,
        kind: "application/json;charset=UTF-8",
        body: Value::from(vec![row; 1]).to_string().into_bytes(),
    }));
    for args in [RUN, &["queue", "list"], &["runs", "list"]] {
        let ended = fronted.cli.run(args);
        must_be_readable("a row", &ended);
    }
    let bytes = fs::metadata(fronted.cli.workspace()).unwrap().len();
    assert!(
        bytes < 40 << 20,
        "the workspace keeps them in short: {bytes}"
    );
    // What was forged over the org's own answers is counted as it was told.
    fronted.must_arrive();
}
