//! Signing in with a key and with a password, as it is typed.

use std::io::Write as _;
use std::process::Stdio;

use crate::machine::{Machine, expect};
use crate::practice_org::serve;

const USER: &str = "admin@practice.example";

/// Runs a command that reads secrets, one a line, and returns what it printed.
fn typed(machine: &Machine, arguments: &[&str], lines: &[&str], code: i32) -> String {
    let mut child = machine
        .command(arguments)
        .env("LEADFERRY_PASSPHRASE", "of the secrets file")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = lines.join("\n") + "\n";
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    expect(arguments, &output, code);
    String::from_utf8(output.stdout).unwrap()
}

fn text(machine: &Machine, arguments: &[&str], code: i32) -> String {
    typed(machine, arguments, &[], code)
}

fn json(machine: &Machine, arguments: &[&str], code: i32) -> serde_json::Value {
    let arguments = [&["--json"], arguments].concat();
    serde_json::from_str(&text(machine, &arguments, code)).unwrap()
}

#[test]
fn a_key_is_made_uploaded_and_signs_in() {
    let machine = Machine::new();
    let (_served, url) = serve(&machine);
    let shown = json(&machine, &["practice-org", "show"], 0);
    let client_id = shown["client_id"].as_str().unwrap();
    let certificate = machine.folder().join("cert.pem");
    let certificate = certificate.to_str().unwrap();
    let add = |name: &'static str| {
        let all = [
            "connections",
            "add",
            name,
            "--flow",
            "jwt",
            "--host",
            &url,
            "--client-id",
            client_id,
            "--username",
            USER,
            "--new-key",
            "--certificate",
            certificate,
        ];
        all.map(str::to_owned).to_vec()
    };
    let run = |arguments: &[String], code| {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        text(&machine, &arguments, code)
    };
    let added = run(&add("Acme"), 0);
    assert!(
        added.contains("upload the certificate") && added.contains("authorize"),
        "{added}"
    );
    run(&add("Other"), 5);
    let keys = json(&machine, &["connections", "keys", "list"], 0);
    assert_eq!(
        keys["keys"].as_array().unwrap().len(),
        1,
        "the file was in the way: {keys}"
    );

    let refused = json(&machine, &["connections", "authorize", "Acme"], 3);
    assert!(
        refused["error"]["cause"]
            .as_str()
            .unwrap()
            .contains("trust"),
        "{refused}"
    );
    text(
        &machine,
        &[
            "practice-org",
            "apps",
            "set",
            "--certificate",
            certificate,
            "--approve",
            USER,
        ],
        0,
    );
    text(&machine, &["connections", "authorize", "Acme"], 0);
    text(&machine, &["connections", "test", "Acme"], 0);
    let assertion = json(&machine, &["connections", "assertion", "Acme"], 0);
    assert_eq!(assertion["claims"]["sub"], USER);
    assert_eq!(assertion["claims"]["aud"], url);
    let by_name = text(&machine, &["connections", "keys", "inspect", "Acme"], 0);
    let by_file = text(
        &machine,
        &["connections", "keys", "inspect", certificate],
        0,
    );
    let fingerprint = |text: &str| {
        text.lines()
            .find(|line| line.starts_with("SHA-256"))
            .map(str::to_owned)
    };
    assert!(fingerprint(&by_name).is_some());
    assert_eq!(fingerprint(&by_name), fingerprint(&by_file));
    let archive = machine.folder().join("acme.p12");
    let archive = archive.to_str().unwrap();
    let export = ["connections", "keys", "export", "Acme", archive];
    let refused = json(&machine, &export, 2);
    let hint = refused["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("--key-passphrase-stdin"), "{refused}");
    let export = [export.as_slice(), &["--key-passphrase-stdin"]].concat();
    typed(&machine, &export, &["battery staple"], 0);
    let inspect = ["connections", "keys", "inspect", archive];
    let refused = json(&machine, &inspect, 2);
    let hint = refused["error"]["hint"].as_str().unwrap();
    assert_eq!(
        hint,
        "Enter the passphrase of the file, with --key-passphrase-stdin."
    );
    let inspect = [inspect.as_slice(), &["--key-passphrase-stdin"]].concat();
    let by_archive = typed(&machine, &inspect, &["battery staple"], 0);
    assert_eq!(fingerprint(&by_archive), fingerprint(&by_name));
    text(
        &machine,
        &[
            "connections",
            "set",
            "Acme",
            "--assertion-seconds",
            "180000",
        ],
        2,
    );
    text(&machine, &["connections", "revoke", "Acme"], 0);
    text(&machine, &["connections", "remove", "Acme"], 0);
    let keys = text(&machine, &["connections", "keys", "list"], 0);
    assert_eq!(keys, "No keys yet.\n");
}

#[test]
fn a_password_is_typed_and_the_browser_takes_over() {
    let machine = Machine::new();
    let (_served, url) = serve(&machine);
    let shown = json(&machine, &["practice-org", "show"], 0);
    let told = |name: &str| shown[name].as_str().unwrap().to_owned();
    let (client_id, secret, password) =
        (told("client_id"), told("client_secret"), told("password"));
    text(
        &machine,
        &["practice-org", "apps", "set", "--security-token", "tok3n"],
        0,
    );
    let add = [
        "connections",
        "add",
        "Old",
        "--flow",
        "password",
        "--host",
        &url,
        "--client-id",
        &client_id,
        "--username",
        USER,
        "--client-secret-stdin",
        "--password-stdin",
        "--security-token-stdin",
    ];
    typed(&machine, &add, &[&secret, &password, "tok3n"], 0);
    text(&machine, &["connections", "authorize", "Old"], 0);
    text(
        &machine,
        &["practice-org", "apps", "set", "--password-flow", "off"],
        0,
    );
    let blocked = json(&machine, &["connections", "authorize", "Old"], 3);
    let hint = blocked["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("browser"), "{blocked}");
    let changed = json(
        &machine,
        &["connections", "set", "Old", "--flow", "browser"],
        0,
    );
    assert_eq!(
        (changed["flow"].as_str(), changed["host"].as_str()),
        (Some("browser"), Some(url.as_str()))
    );
}

#[test]
fn an_address_that_is_not_salesforces_and_a_port_of_ones_own_are_told() {
    let machine = Machine::new();
    let host = "acme.my.salesforce.com.example.com";
    #[rustfmt::skip]
    let add = ["connections", "add", "Odd", "--host", host, "--client-id", "key", "--callback-port", "18999"];
    let added = text(&machine, &add, 0);
    assert!(
        added.contains("isn't one of Salesforce's addresses"),
        "{added}"
    );
    assert!(added.contains("http://localhost:18999/"), "{added}");
    text(
        &machine,
        &["connections", "set", "Odd", "--callback-port", "80"],
        2,
    );
}
