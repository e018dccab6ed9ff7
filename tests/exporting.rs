//! Contacts leave for a spreadsheet and come back as they were, and nothing else is replaced on the way.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::cli::Cli;
use crate::support::prepared::new_workspace;

const PEOPLE: &str = "E-mail,First Name,Last Name,City,Country,Sales zone,Joined,Budget\n\
    ada@example.com,Ada,=cmd|' /C calc'!A0,London,United Kingdom,North,31/12/2025,1250.50\n\
    bob@example.com,Bob,+43 1 5550101,Oslo,Norway,\"West, far\",01/02/2026,-3\n\
    cid@example.com,Cid,Zoë,Oslo,Norway,,,\n\
    ,Dan,Without,Rome,Italy,,,\n";

fn with_people(text: &str) -> (Cli, tempfile::TempDir) {
    let (cli, folder) = new_workspace();
    fs::write(folder.path().join("people.csv"), text).unwrap();
    let import = ["contacts", "import", "people.csv"];
    cli.run(&[&import[..], &["--create-custom-fields", "--dates", "dmy"]].concat())
        .expect(0);
    (cli, folder)
}

fn come_back(cli: &Cli, file: &str) -> serde_json::Value {
    cli.json(&[
        "contacts",
        "import",
        file,
        "--create-custom-fields",
        "--again",
    ])
}

#[test]
fn an_export_in_either_format_changes_nothing_when_it_is_imported_again() {
    let (cli, _folder) = with_people(PEOPLE);
    for file in ["all.csv", "all.xlsx"] {
        assert_eq!(cli.json(&["contacts", "export", file])["contacts"], 4);
        let back = come_back(&cli, file);
        assert_eq!(back["unchanged"], 4, "{file}: {back}");
        assert_eq!(back["custom_fields_created"], json!([]), "{file}");
    }
    let text = fs::read_to_string(cli.path("all.csv")).unwrap();
    assert!(text.contains(",'=cmd|' /C calc'!A0,"), "{text}");
    assert!(text.contains(",+43 1 5550101,"), "{text}");
    assert!(text.contains("First name,"), "headings are labels: {text}");
}

#[test]
fn an_export_brings_contacts_into_another_workspace() {
    let (cli, _folder) = with_people(PEOPLE);
    cli.run(&["contacts", "export", "all.xlsx"]).expect(0);
    let other = cli.with_workspace(&cli.path("other.leadferry"));
    other.run(&["workspace", "init"]).expect(0);
    let brought = come_back(&other, "all.xlsx");
    assert_eq!(brought["created"], 4, "{brought}");
    let ada = other.json(&["contacts", "show", "ada@example.com"]);
    assert_eq!(ada["fields"]["last_name"], "=cmd|' /C calc'!A0");
    assert_eq!(ada["fields"]["country"], "GB");
    assert_eq!(ada["fields"]["custom:Sales zone"], "North");
}

#[test]
fn those_and_that_are_exported_which_are_asked_for() {
    let (cli, _folder) = with_people(PEOPLE);
    let lines = |args: &[&str]| -> Vec<String> {
        cli.run(&[&["contacts", "export", "some.csv"], args].concat())
            .expect(0);
        let text = fs::read_to_string(cli.path("some.csv")).unwrap();
        let cells = text.lines().filter_map(|line| line.split_once(','));
        cells.map(|(_, cells)| cells.to_owned()).collect()
    };
    let columns = ["--column", "first_name", "--column", "custom:Sales zone"];
    assert_eq!(
        lines(&columns),
        [
            "First name,Sales zone",
            "Ada,North",
            "Bob,\"West, far\"",
            "Cid,",
            "Dan,"
        ]
    );
    assert_eq!(
        lines(&["cid@example.com", "ada@example.com", "--column", "city"]),
        ["City", "Oslo", "London"]
    );
    assert_eq!(
        lines(&["--search", "bob", "--column", "city"]),
        ["City", "Oslo"]
    );
    fs::write(
        cli.path("oslo.json"),
        r#"{"field": "city", "op": "equals", "value": "Oslo"}"#,
    )
    .unwrap();
    cli.run(&["segments", "add", "Oslo", "--rules", "oslo.json"])
        .expect(0);
    let members = ["--segment", "Oslo", "--column", "first_name"];
    assert_eq!(lines(&members), ["First name", "Bob", "Cid"]);
    cli.run(&["contacts", "delete", "bob@example.com"])
        .expect(0);
    let deleted = ["--deleted", "--column", "first_name"];
    assert_eq!(lines(&deleted), ["First name", "Bob"]);
    cli.run(&["contacts", "export", "some.csv", "--column", "shoe size"])
        .refused(2, &["shoe size"]);
}

#[test]
fn no_workspace_backup_or_practice_org_is_replaced() {
    let (cli, folder) = with_people(PEOPLE);
    for (name, of) in [
        ("workspace.csv", cli.workspace().to_owned()),
        ("workspace.xlsx", cli.workspace().to_owned()),
    ] {
        fs::copy(of, cli.path(name)).unwrap();
        let before = fs::read(cli.path(name)).unwrap();
        cli.run(&["contacts", "export", name]).refused(5, &[name]);
        assert_eq!(fs::read(cli.path(name)).unwrap(), before);
    }
    cli.run(&["contacts", "export", "people.ods"])
        .refused(2, &[".csv", ".xlsx"]);
    nothing_half_done(folder.path());
}

#[test]
fn an_interrupted_export_leaves_the_file_that_was_there() {
    let people: String = (0..60_000)
        .map(|n| format!("p{n}@example.com,Pat,Person {n},Oslo,Norway,North,01/02/2026,1\n"))
        .collect();
    let header = PEOPLE.lines().next().unwrap();
    let (cli, folder) = with_people(&format!("{header}\n{people}"));
    fs::write(cli.path("all.xlsx"), "mine").unwrap();
    let exporting = cli.start(&["contacts", "export", "all.xlsx"]);
    until_begun(folder.path());
    let id = exporting.id().to_string();
    let asked = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(asked.unwrap().success());
    let outcome = exporting.outcome();
    assert_ne!(outcome.code(), Some(0), "{outcome:?}");
    assert_eq!(fs::read(cli.path("all.xlsx")).unwrap(), b"mine");
    nothing_half_done(folder.path());
}

fn half_done(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".tmp")).collect()
}

fn nothing_half_done(folder: &Path) {
    assert_eq!(half_done(folder), Vec::<String>::new());
}

fn until_begun(folder: &Path) {
    let begun = Instant::now();
    while half_done(folder).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        std::thread::sleep(Duration::from_millis(5));
    }
}
