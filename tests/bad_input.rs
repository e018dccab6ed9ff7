//! Whatever comes in broken or hostile: what happened and what to do is said, the exit code fits, nothing is lost.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::{Cli, Outcome};
use crate::support::front::{Forged, Front};
use crate::support::people::People;
use crate::support::practice::{PracticeOrg, connect_at};
use crate::support::prepared::{LEADS, Prepared, add_replication};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS];

fn new_workspace() -> (Cli, TempDir) {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    (cli, folder)
}

fn import(cli: &Cli, content: &[u8]) -> Outcome {
    fs::write(cli.path("broken.csv"), content).unwrap();
    cli.json_outcome(&["contacts", "import", "broken.csv"])
}

fn count(cli: &Cli) -> u64 {
    cli.json(&["contacts", "count"])["contacts"]
        .as_u64()
        .unwrap()
}

/// Demands that every row of the file is a contact or stands in the errors file.
fn must_account_for(imported: &Value, created: u64, faulty: u64) {
    assert_eq!(
        (&imported["created"], &imported["faulty"]),
        (&json!(created), &json!(faulty)),
        "{imported}"
    );
    assert_eq!(
        imported["faults"].as_array().map_or(0, Vec::len) as u64,
        faulty,
        "each is told: {imported}"
    );
    for fault in imported["faults"].as_array().into_iter().flatten() {
        assert!(
            fault["line"].as_u64().is_some_and(|line| line > 1),
            "with its line: {fault}"
        );
        assert!(
            !fault["reason"].as_str().unwrap().is_empty(),
            "and a reason: {fault}"
        );
    }
}

#[test]
fn an_unclosed_quote_costs_only_the_rows_in_it() {
    let (cli, _folder) = new_workspace();
    let rows: String = (0..50)
        .map(|n| format!("Name {n},n{n}@quote.example\n"))
        .collect();
    let file =
        format!("Last Name,Email\nBefore,before@quote.example\n\"Open,open@quote.example\n{rows}");
    let imported = import(&cli, file.as_bytes())
        .expect_one_of(&[0, 1])
        .object();
    let errors = imported["errors_file"]
        .as_str()
        .map(|file| fs::read_to_string(file).unwrap())
        .unwrap_or_default();
    let kept = Workspace::open(cli.workspace()).guids();
    assert!(kept.contains_key("before@quote.example"));
    for n in 0..50 {
        let email = format!("n{n}@quote.example");
        assert!(
            kept.contains_key(&email) || errors.contains(&email),
            "{email} is lost: {imported}"
        );
    }
    assert!(
        kept.contains_key("open@quote.example") || errors.contains("open@quote.example"),
        "{imported}"
    );
}

#[test]
fn nul_bytes_and_broken_letters_cost_no_other_row() {
    let (cli, _folder) = new_workspace();
    let mut file = b"Last Name,Email,City\nGood,good@nul.example,Wien\n".to_vec();
    file.extend_from_slice(b"N\0ul,nul@nul.example,\0\0\nBr\xff\xfeoken,broken@nul.example,Graz\nLast,last@nul.example,Linz\n");
    let imported = import(&cli, &file).expect_one_of(&[0, 1]).object();
    let errors = imported["errors_file"]
        .as_str()
        .map(|file| fs::read(file).unwrap())
        .unwrap_or_default();
    let errors = String::from_utf8_lossy(&errors);
    let kept = Workspace::open(cli.workspace()).guids();
    for person in ["good", "nul", "broken", "last"] {
        let email = format!("{person}@nul.example");
        assert!(
            kept.contains_key(&email) || errors.contains(&email),
            "{email} is lost: {imported} {errors}"
        );
    }
    assert!(kept.contains_key("good@nul.example") && kept.contains_key("last@nul.example"));
}

#[test]
fn a_cell_of_ten_megabytes_is_one_faulty_row() {
    let (cli, _folder) = new_workspace();
    let cell = "x".repeat(10 << 20);
    let file = format!(
        "Last Name,Email,Notes\nA,a@big.example,\nB,b@big.example,{cell}\nC,c@big.example,\n"
    );
    let imported = import(&cli, file.as_bytes()).expect(1).object();
    must_account_for(&imported, 2, 1);
    let errors = fs::read_to_string(imported["errors_file"].as_str().unwrap()).unwrap();
    assert!(errors.contains(&cell), "the row stands there word for word");
    assert_eq!(count(&cli), 2);
}

#[test]
fn a_file_with_five_thousand_columns_does_no_harm() {
    let (cli, _folder) = new_workspace();
    let names: Vec<String> = (0..5_000).map(|n| format!("Column {n}")).collect();
    let cells: Vec<String> = (0..5_000).map(|n| format!("value {n}")).collect();
    let file = format!(
        "Last Name,Email,{}\nA,a@wide.example,{}\n",
        names.join(","),
        cells.join(",")
    );
    fs::write(cli.path("wide.csv"), file).unwrap();
    let outcome = cli.run(&["contacts", "import", "wide.csv", "--create-custom-fields"]);
    outcome.refused(2, &["500 custom fields"]);
    assert_eq!(count(&cli), 0);
    assert_eq!(
        cli.json(&["workspace", "info"])["counts"]["custom_fields"],
        0,
        "none of them was made"
    );
    // Without them the person comes in, and what was left out is told.
    let imported = cli.json(&["contacts", "import", "wide.csv"]);
    assert_eq!(imported["created"], 1, "{}", imported["faults"]);
    assert_eq!(imported["columns_ignored"].as_array().unwrap().len(), 5_000);
    let wider: Vec<String> = (0..100_000).map(|n| format!("c{n}")).collect();
    fs::write(
        cli.path("wider.csv"),
        format!("Last Name,Email,{}\nA,b@wide.example\n", wider.join(",")),
    )
    .unwrap();
    cli.run(&["contacts", "import", "wider.csv"])
        .refused(2, &["columns"]);
    Workspace::open(cli.workspace()).must_be_sound();
}

#[test]
fn files_that_are_no_contact_files_are_refused() {
    let (cli, _folder) = new_workspace();
    let noise: Vec<u8> = (0..50_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for (name, content) in [
        ("empty.csv", Vec::new()),
        ("blank.csv", b"\n\n\r\n".to_vec()),
        (
            "picture.csv",
            [b"\x89PNG\r\n\x1a\n".to_vec(), noise.clone()].concat(),
        ),
        (
            "torn.xlsx",
            [b"PK\x03\x04".to_vec(), noise.clone()].concat(),
        ),
        (
            "database.csv",
            [b"SQLite format 3\0".to_vec(), noise].concat(),
        ),
    ] {
        fs::write(cli.path(name), content).unwrap();
        cli.run(&["contacts", "import", name]).refused(2, &[]);
    }
    cli.run(&["contacts", "import", "missing.csv"])
        .refused(2, &["missing.csv"]);
    cli.run(&["contacts", "import", "."]).refused(2, &[]);
    assert_eq!(count(&cli), 0);
}

#[test]
fn a_mapping_with_unknown_names_is_refused_with_line_and_cure() {
    let prepared = Prepared::before_import(People::new(1), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let before = cli.json(&["mappings", "show", LEADS]);
    for (name, text, word) in [
        (
            "field",
            "last_name=LastName\n@company_name=Company\nno_such_field=City\n",
            "no_such_field",
        ),
        (
            "target",
            "last_name=LastName\n@company_name=Company\ncity=NoSuchField__c\n",
            "NoSuchField__c",
        ),
        (
            "template",
            "last_name=LastName\n@company_name=Company\n{% Contact.NoSuchThing %}=Description\n",
            "NoSuchThing",
        ),
        (
            "form",
            "last_name=LastName\n@company_name=Company\nnothing at all\n",
            "nothing at all",
        ),
    ] {
        let file = format!("{name}.txt");
        fs::write(cli.path(&file), text).unwrap();
        let checked = cli
            .json_outcome(&["mappings", "check", LEADS, &file])
            .expect_one_of(&[1, 2]);
        assert!(checked.stdout.contains(word), "{checked}");
        cli.run(&["mappings", "import", LEADS, &file])
            .refused(2, &[word]);
    }
    assert_eq!(
        cli.json(&["mappings", "show", LEADS])["text"],
        before["text"],
        "the mapping stays as it was"
    );
}

#[test]
fn scores_with_nonsense_in_their_rules_are_refused() {
    let (cli, _folder) = new_workspace();
    for rules in [
        "",
        "{",
        r#"{"rules": [{"name": "A", "points": 1, "when": {"field": "no_such_field", "op": "is_set"}}]}"#,
        r#"{"rules": [{"name": "A", "points": 1, "when": {"field": "city", "op": "no_such_op", "value": 1}}]}"#,
        r#"{"rules": [{"name": "A", "points": 99999999999999999999, "when": {"field": "city", "op": "is_set"}}]}"#,
    ] {
        fs::write(cli.path("rules.json"), rules).unwrap();
        cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
            .refused(2, &[]);
    }
    assert_eq!(cli.json(&["scores", "list"])["scores"], json!([]));
}

#[test]
fn a_workspace_of_a_newer_version_is_left_as_it_is() {
    let (cli, _folder) = new_workspace();
    let file = Connection::open(cli.workspace()).unwrap();
    file.pragma_update(None, "user_version", 999).unwrap();
    file.pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .unwrap();
    drop(file);
    let before = fs::read(cli.workspace()).unwrap();
    for command in [
        &["contacts", "list"][..],
        &["workspace", "info"],
        &["workspace", "set", "--name", "Mine"],
    ] {
        cli.run(command).refused(5, &["newer"]);
    }
    assert_eq!(
        fs::read(cli.workspace()).unwrap(),
        before,
        "not a byte was changed"
    );
}

#[test]
fn what_is_no_workspace_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    let notes = "Dear diary, this is not a database.\n".repeat(100);
    fs::write(cli.workspace(), &notes).unwrap();
    cli.run(&["contacts", "list"])
        .refused(5, &["people.leadferry"]);
    assert_eq!(fs::read_to_string(cli.workspace()).unwrap(), notes);

    let other = cli.with_workspace(&cli.path("other.sqlite"));
    let file = Connection::open(other.workspace()).unwrap();
    file.execute_batch("CREATE TABLE contacts (mine TEXT); INSERT INTO contacts VALUES ('dear');")
        .unwrap();
    drop(file);
    other
        .run(&["contacts", "list"])
        .refused(5, &["other.sqlite"]);
    let file = Connection::open(other.workspace()).unwrap();
    let dear: String = file
        .query_row("SELECT mine FROM contacts", [], |row| row.get(0))
        .unwrap();
    assert_eq!(dear, "dear");

    let inside = cli.with_workspace(folder.path());
    inside.run(&["contacts", "list"]).refused(5, &[]);
    cli.run(&["workspace", "init"])
        .refused(2, &["people.leadferry"]);
}

#[test]
fn a_torn_workspace_opens_as_its_newest_backup_and_says_what_is_lost() {
    let prepared = Prepared::before_plan(People::new(300), 50);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let backups = fs::read_dir(cli.path("people.leadferry.backups"))
        .map(Iterator::count)
        .unwrap_or(0);
    let mut bytes = fs::read(cli.workspace()).unwrap();
    let len = bytes.len();
    bytes[..100].fill(0x55);
    bytes[len / 3..len / 2].fill(0xAA);
    fs::write(cli.workspace(), &bytes).unwrap();
    let outcome = cli.run(&["contacts", "count"]);
    if backups == 0 {
        outcome.refused(5, &[]);
    } else {
        let outcome = outcome.expect(0);
        assert!(outcome.stderr.contains("backup"), "{outcome}");
    }
    cli.run(RUN).expect(5);
    assert_eq!(
        fs::read(cli.workspace()).unwrap(),
        bytes,
        "the torn file is left for whoever can mend it"
    );
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_breaks_nothing() {
    let (cli, _folder) = new_workspace();
    let org = PracticeOrg::serve(&cli);
    let right = cli.with("LEADFERRY_PASSPHRASE", "correct horse");
    org.connect(&right, "Org");
    let sealed = fs::read(cli.path("data/secrets.age")).unwrap();
    assert!(
        !String::from_utf8_lossy(&sealed).contains("PRACTICE0SECRET"),
        "the secret is sealed"
    );
    let wrong = cli.with("LEADFERRY_PASSPHRASE", "battery staple");
    wrong
        .run(&["connections", "test", "Org"])
        .refused(5, &["passphrase"]);
    connect_at(&wrong, "Second", &org.url()).refused(5, &["passphrase"]);
    // Without one, and nobody to ask.
    cli.run(&["connections", "test", "Org"])
        .refused(5, &["passphrase"]);
    assert_eq!(fs::read(cli.path("data/secrets.age")).unwrap(), sealed);
    right.run(&["connections", "test", "Org"]).expect(0);
    let connections = cli.json(&["connections", "list"]);
    assert_eq!(
        connections["connections"].as_array().unwrap().len(),
        1,
        "half a connection was left: {connections}"
    );
}

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
    let rules = json!({ "rules": [{ "name": "Manages", "points": 20,
        "when": { "field": "job_title", "op": "contains", "value": "manager" } }] });
    fs::write(cli.path("rules.json"), rules.to_string()).unwrap();
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
        for (what, status, kind, body) in nonsense() {
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

#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_workspace_can_still_be_read() {
    let prepared = Prepared::before_plan(People::new(30), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let locked = Locked::lock(folder.path(), cli.workspace());
    if !locked.works() {
        eprintln!("this user may write everywhere: nothing to be seen");
        return;
    }
    let counted = cli.run(&["contacts", "count"]).expect(0);
    assert!(counted.stderr.contains("reading only"), "{counted}");
    cli.run(&["contacts", "set", "person0@journey.example", "city=X"])
        .refused(5, &["writ"]);
    cli.run(RUN).refused(5, &["writ"]);
    let nowhere = cli.with_workspace(&folder.path().join("new.leadferry"));
    nowhere
        .run(&["workspace", "init"])
        .refused(5, &["new.leadferry"]);
    drop(locked);
    assert_eq!(count(&cli), 30);
}

/// Runs the program where files may not grow beyond so many blocks, as on a disk that takes no more.
#[cfg(unix)]
fn with_little_room(cli: &Cli, blocks: u64, args: &[&str]) -> Outcome {
    cli.run_through(
        &[
            "sh",
            "-c",
            &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""),
        ],
        args,
    )
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_loses_no_import_and_the_same_command_goes_on() {
    let (cli, _folder) = new_workspace();
    let people = People::new(6_000);
    fs::write(cli.path("people.csv"), people.csv()).unwrap();
    let import = ["contacts", "import", "people.csv"];
    let full = with_little_room(&cli, 1_500, &import);
    assert_eq!(full.code(), Some(5), "{full}");
    full.refused(5, &[]);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    let so_far = workspace.number("SELECT count(*) FROM contacts");
    assert!(so_far < 6_000, "the disk was not full");
    let imported = cli.json(&import);
    assert_eq!(imported["resumed"], true, "{imported}");
    assert_eq!(workspace.number("SELECT count(*) FROM contacts"), 6_000);
    assert_eq!(workspace.guids().len(), 6_000);
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_in_mid_run_doubles_nobody() {
    let prepared = Prepared::before_plan(People::new(400), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let blocks = fs::metadata(cli.workspace()).unwrap().len() / 1024;
    for times in 1..=10 {
        let met = with_little_room(&cli, blocks * times, RUN);
        assert!(matches!(met.code(), Some(0 | 1 | 4 | 5)), "{met}");
        Workspace::open(cli.workspace()).must_be_sound();
    }
    cli.run(RUN).expect_one_of(&[0, 1]);
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_at_rest();
    prepared.people.must_stand_in(&org, &workspace);
    prepared
        .people
        .must_be_told_by(&cli.json(&["runs", "list"]));
}

/// A folder and a file that may not be written until this is dropped.
struct Locked<'a> {
    folder: &'a Path,
    file: &'a Path,
}

impl<'a> Locked<'a> {
    fn lock(folder: &'a Path, file: &'a Path) -> Self {
        let locked = Self { folder, file };
        locked.set(true);
        locked
    }

    fn set(&self, readonly: bool) {
        for path in [self.folder, self.file] {
            let mut permissions = fs::metadata(path).unwrap().permissions();
            #[cfg(unix)]
            std::os::unix::fs::PermissionsExt::set_mode(
                &mut permissions,
                if readonly { 0o500 } else { 0o700 },
            );
            #[cfg(not(unix))]
            permissions.set_readonly(readonly);
            fs::set_permissions(path, permissions).unwrap();
        }
    }

    /// Some users may write whatever the folder says.
    fn works(&self) -> bool {
        fs::write(self.folder.join("probe"), "").is_err()
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}
