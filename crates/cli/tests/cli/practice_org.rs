//! The practice org as a program of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use crate::machine::Machine;

/// A served practice org; ended when dropped.
pub(crate) struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn serve(machine: &Machine) -> (Served, String) {
    let mut child = machine
        .command(&["practice-org", "serve"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap();
    let url = address.split_whitespace().last().unwrap().to_owned();
    (Served(child), url)
}

#[test]
fn it_serves_until_it_is_asked_to_end_and_others_use_it() {
    let machine = Machine::new();
    let (mut served, url) = serve(&machine);
    assert!(url.starts_with("http://localhost:"), "{url}");
    let busy = machine.json(&["practice-org", "serve"], 5);
    assert!(
        busy["error"]["message"]
            .as_str()
            .unwrap()
            .contains("already running")
    );
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    let ended = std::process::Command::new("kill")
        .args(["-TERM", &served.0.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
    assert_eq!(served.0.wait().unwrap().code(), Some(0), "it ends cleanly");
    machine.text(&["connections", "test", "Practice"], 0);
}

#[test]
fn a_killed_owner_is_taken_over_from() {
    let machine = Machine::new();
    let (served, _) = serve(&machine);
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    drop(served);
    machine.text(&["connections", "test", "Practice"], 0);
}

#[test]
fn an_owner_that_is_killed_in_mid_run_costs_no_contact() {
    let machine = Machine::new();
    let rows: String = (0..120)
        .map(|n| format!("p{n}@example.com,Person {n}\n"))
        .collect();
    let file = machine.file("many.csv", format!("Email,Last name\n{rows}"));
    machine.text(&["contacts", "import", &file], 0);
    machine.ready();
    machine.text(
        &[
            "replications",
            "set",
            "Leads",
            "--batch-size",
            "5",
            "--in-flight",
            "1",
        ],
        0,
    );
    machine.text(&["practice-org", "faults", "add", "latency", "ms=40"], 0);
    let (served, _) = serve(&machine);
    let run = ["--json", "replications", "run", "Leads"];
    let child = machine
        .command(&run)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    drop(served);
    let output = child.wait_with_output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(
        report["created"], 120,
        "the run takes the org over and goes on: {report}"
    );
}

#[test]
fn faults_and_switches_are_asked_for_by_name() {
    let machine = Machine::new();
    machine.json(
        &[
            "practice-org",
            "faults",
            "add",
            "server_unavailable",
            "times=1",
        ],
        0,
    );
    assert_eq!(
        machine.json(&["practice-org", "faults", "list"], 0)["faults"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    machine.json(&["practice-org", "faults", "add", "nonsense"], 2);
    machine.json(&["practice-org", "faults", "clear"], 0);
    assert_eq!(
        machine.json(&["practice-org", "faults", "list"], 0)["faults"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let switches = machine.json(&["practice-org", "switches", "trim_text=true"], 0);
    assert_eq!(switches["trim_text"]["value"], true);
    let text = machine.text(&["practice-org", "switches"], 0);
    assert!(text.contains("trim_text"), "{text}");
}

#[test]
fn the_secrets_of_each_org_are_its_own_and_shown_on_request() {
    let (machine, other) = (Machine::new(), Machine::new());
    machine.json(&["practice-org", "show"], 2);
    let (served, url) = serve(&machine);
    let (_other, _) = serve(&other);
    let shown = machine.json(&["practice-org", "show"], 0);
    assert_eq!(shown["address"].as_str(), Some(url.as_str()));
    let others = other.json(&["practice-org", "show"], 0);
    for secret in ["password", "client_secret"] {
        assert!(shown[secret].as_str().unwrap().len() > 15, "{shown}");
        assert_ne!(shown[secret], others[secret], "{secret}");
    }
    drop(served);
    let later = machine.json(&["practice-org", "show"], 0);
    assert!(later["address"].is_null(), "nobody serves it any more");
    assert_eq!(later["password"], shown["password"], "it stays the same");
}

#[test]
fn nothing_secret_is_sent_to_a_server_that_only_poses_as_the_org() {
    let machine = Machine::new();
    machine.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
    let (_served, _) = serve(&machine);
    let secrets = machine.json(&["practice-org", "show"], 0);
    let impostor = TcpListener::bind("127.0.0.1:0").unwrap();
    let claim = serde_json::json!({
        "port": impostor.local_addr().unwrap().port(),
        "admin_key": "the key of the org",
    });
    let port_file = format!("{}.port", secrets["file"].as_str().unwrap());
    std::fs::write(port_file, claim.to_string()).unwrap();
    let heard = Arc::new(Mutex::new(String::new()));
    let hearing = Arc::clone(&heard);
    std::thread::spawn(move || {
        for mut stream in impostor.incoming().flatten() {
            let mut request = [0; 8192];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]);
            hearing.lock().unwrap().push_str(&request);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"access_token\":\"x\"}");
        }
    });
    for command in [
        &["practice-org", "faults", "list"][..],
        &["connections", "test", "Practice"],
    ] {
        let refused = machine.json(command, 5);
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains("prove"), "{message}");
    }
    let heard = heard.lock().unwrap();
    assert!(heard.contains("challenge="), "it was asked: {heard}");
    for secret in ["the key of the org", "Authorization", "client_secret"] {
        assert!(!heard.contains(secret), "{secret}: {heard}");
    }
}

#[test]
fn who_serves_it_is_told_how_to_sign_in() {
    let machine = Machine::new();
    let mut child = machine
        .command(&["practice-org", "serve"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _served = Served(child);
    let told: Vec<String> = lines.take(12).map(Result::unwrap).collect();
    let line = |start: &str| told.iter().find(|line| line.trim().starts_with(start));
    assert!(line("Password").is_some(), "{told:?}");
    let add = line("leadferry-cli connections add").expect("the command is told");
    let words: Vec<&str> = add.split_whitespace().collect();
    let after = |flag: &str| words[words.iter().position(|word| *word == flag).unwrap() + 1];
    let add = [
        "connections",
        "add",
        "B",
        "--flow",
        after("--flow"),
        "--host",
        after("--host"),
        "--client-id",
        after("--client-id"),
    ];
    // The secrets need a place, and the command works as it was told.
    let other = Machine::new();
    let added = other
        .command(&add)
        .env("LEADFERRY_PASSPHRASE", "right")
        .output()
        .unwrap();
    assert!(added.status.success(), "{added:?}");
}
