//! Errors: three lines for people, one object for programs, and an exit code for both.

use std::io::Read as _;
use std::process::Stdio;

use crate::machine::{Machine, expect};

fn code(value: &serde_json::Value) -> &str {
    value["error"]["code"].as_str().unwrap_or_default()
}

#[test]
fn what_is_not_understood_is_a_usage_error() {
    let machine = Machine::new();
    assert_eq!(code(&machine.json(&["contacts", "fly"], 2)), "usage");
    assert_eq!(
        code(&machine.json(&["replications", "plan", "Nowhere"], 2)),
        "usage"
    );
    assert_eq!(
        code(&machine.json(&["contacts", "set", "a@example.com", "no-equals-sign"], 2)),
        "usage"
    );
    expect(
        &["contacts", "fly"],
        &machine.output(&["contacts", "fly"]),
        2,
    );
}

#[test]
fn an_error_says_what_happened_and_what_to_do() {
    let machine = Machine::bare();
    let output = machine.output(&["workspace", "info"]);
    expect(&["workspace", "info"], &output, 5);
    assert!(output.stdout.is_empty(), "errors go to standard error");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("Error: There's no workspace"), "{text}");
    assert!(text.contains("To do: "), "{text}");
}

#[test]
fn what_is_not_found_names_a_command_that_lists_what_there_is() {
    let machine = Machine::new();
    for (asked, command) in [
        (
            &["contacts", "show", "nobody@example.com"][..],
            "contacts list",
        ),
        (&["accounts", "show", "99"], "accounts list"),
        (&["connections", "test", "Nowhere"], "connections list"),
        (&["consent-syncs", "run", "Nowhere"], "consent-syncs list"),
        (&["replications", "plan", "Nowhere"], "replications list"),
        (&["segments", "show", "Nowhere"], "segments list"),
        (
            &["scores", "explain", "Nowhere", "a@example.com"],
            "scores list",
        ),
        (&["pulls", "show", "Nowhere"], "pulls list"),
        (&["runs", "show", "99"], "runs list"),
        (&["consents", "remove", "Nowhere"], "consents list"),
        (
            &["contacts", "set", "a@example.com", "custom:Nowhere=1"],
            "contacts fields list",
        ),
    ] {
        let refused = machine.json(asked, 2);
        let offered = refused["error"]["command"].as_str().unwrap_or_default();
        // Another thing may be missing first.
        let lists = [command, "contacts list"];
        assert!(lists.contains(&offered), "{asked:?}: {refused}");
        let words: Vec<&str> = offered.split(' ').collect();
        machine.json(&words, 0);
    }
}

#[test]
fn a_refused_setting_names_a_command_that_corrects_it() {
    let machine = Machine::new();
    machine.ready();
    let add = ["replications", "add", "R2", "--object", "Lead"];
    let set = ["replications", "set", "Leads"];
    for (refused, command) in [
        (
            [&add[..], &["--connection", "Practice"]].concat(),
            "replications add \"R2\" --object Lead --connection \"Practice\" --default-company \"[not provided]\"",
        ),
        (
            [
                &add[..],
                &[
                    "--default-company",
                    "x",
                    "--batch-size",
                    "200",
                    "--late-after",
                    "0",
                ],
            ]
            .concat(),
            "replications add --help",
        ),
        (
            [&set[..], &["--default-company", ""]].concat(),
            "replications set \"Leads\" --default-company \"[not provided]\"",
        ),
        (
            [&set[..], &["--schedule", "never"]].concat(),
            "replications set \"Leads\" --help",
        ),
    ] {
        let error = machine.json(&refused, 2);
        assert_eq!(error["error"]["command"], command, "{refused:?}: {error}");
    }
}

#[test]
fn what_a_replication_lacks_is_said_wherever_it_is_shown() {
    let machine = Machine::new();
    let file = machine.file("people.csv", "Email,Last name\nada@example.com,Byron\n");
    machine.text(&["contacts", "import", &file], 0);
    machine.ready();
    let shown = |arguments: &[&str]| machine.text(arguments, 0);
    let list = shown(&["replications", "list"]);
    assert!(!list.contains("needs setup"), "{list}");
    let row = "\"Deleted\"=Nope__c";
    shown(&["replications", "set", "Leads", "--deleted-here", row]);
    assert!(shown(&["replications", "list"]).contains("needs setup"));
    let one = shown(&["replications", "show", "Leads"]);
    assert!(
        one.contains("needs setup") && one.contains("Nope__c"),
        "{one}"
    );
}

#[test]
fn a_missing_workspace_option_is_a_usage_error() {
    let machine = Machine::bare();
    let output = machine
        .command(&["--json", "workspace", "info"])
        .env_remove("LEADFERRY_WORKSPACE")
        .output()
        .unwrap();
    expect(&["workspace", "info"], &output, 2);
}

#[test]
fn a_workspace_of_a_newer_version_is_left_alone() {
    let machine = Machine::new();
    let mut bytes = std::fs::read(machine.workspace()).unwrap();
    // Offset 60 of an SQLite file holds the version that its owner gave it.
    bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    std::fs::write(machine.workspace(), &bytes).unwrap();
    assert_eq!(code(&machine.json(&["workspace", "info"], 5)), "newer");
}

#[test]
fn an_org_that_nobody_signed_in_to_asks_for_it() {
    let machine = Machine::new();
    machine.text(
        &[
            "connections",
            "add",
            "Live",
            "--flow",
            "browser",
            "--host",
            "acme",
            "--client-id",
            "id",
        ],
        0,
    );
    assert_eq!(
        code(&machine.json(&["connections", "test", "Live"], 3)),
        "sign_in"
    );
}

#[test]
fn no_network_waits() {
    let machine = Machine::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let host = format!("http://127.0.0.1:{port}");
    let add = [
        "connections",
        "add",
        "Live",
        "--flow",
        "client-credentials",
        "--host",
        &host,
        "--client-id",
        "id",
        "--client-secret-stdin",
    ];
    let secret = machine.file("secret", "hush\n");
    let output = machine
        .command(&add)
        .env("LEADFERRY_PASSPHRASE", "right")
        .stdin(std::fs::File::open(secret).unwrap())
        .output()
        .unwrap();
    expect(&add, &output, 0);
    let with = |passphrase: &str| {
        let test = ["--json", "connections", "test", "Live"];
        let output = machine
            .command(&test)
            .env("LEADFERRY_PASSPHRASE", passphrase)
            .output()
            .unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(!String::from_utf8_lossy(&output.stdout).contains("hush"));
        (output.status.code(), code(&value).to_owned())
    };
    assert_eq!(with("right"), (Some(4), "no_network".to_owned()));
    assert_eq!(with("wrong"), (Some(5), "passphrase".to_owned()));
    assert_eq!(
        code(&machine.json(&["connections", "test", "Live"], 5)),
        "passphrase",
        "nobody to ask"
    );
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let machine = Machine::new();
    let rows: String = (0..3_000)
        .map(|n| format!("p{n}@example.com,Person number {n}\n"))
        .collect();
    let file = machine.file("many.csv", format!("Email,Last name\n{rows}"));
    machine.text(&["contacts", "import", &file], 0);
    let list = ["contacts", "list", "--limit", "3000"];
    let mut child = machine
        .command(&list)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_needs_no_window_libraries() {
    let libraries = std::process::Command::new("ldd")
        .arg(env!("CARGO_BIN_EXE_leadferry-cli"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&libraries.stdout).to_lowercase();
    for window in ["gtk", "webkit", "libx11", "wayland"] {
        assert!(!text.contains(window), "{text}");
    }
}
