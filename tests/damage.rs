//! What is damaged without being cut off: pages that a power failure left half written, and a garbled search index.
//! Nothing is lost that can be kept, nothing is written to what can't be, and each cure leads to its end.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::prepared::new_workspace;
use crate::support::workspace::Workspace;

const PAGE: usize = 4096;
const PEOPLE: usize = 2_000;

/// What writes, in all its kinds.
const WRITING: &[&[&str]] = &[
    &["contacts", "set", "person0@journey.example", "city=X"],
    &["contacts", "import", "people.csv", "--again"],
    &["contacts", "delete", "person0@journey.example"],
    &["contacts", "erase", "person0@journey.example", "--yes"],
    &["scores", "recalculate"],
    &["connections", "add", "Practice", "--flow", "practice"],
    &["workspace", "set", "--name", "Mine"],
    &["contacts", "fields", "add", "Seats", "--type", "integer"],
];

fn with_people() -> (Cli, tempfile::TempDir) {
    let (cli, folder) = new_workspace();
    fs::write(cli.path("people.csv"), People::new(PEOPLE).csv()).unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    let backup = cli.path("early.backup");
    cli.run(&["workspace", "backup", backup.to_str().unwrap()])
        .expect(0);
    (cli, folder)
}

/// Overwrites pages of a file.
pub(crate) fn spoil(path: &Path, pages: &[usize]) {
    let mut bytes = fs::read(path).unwrap();
    for page in pages {
        bytes[(page - 1) * PAGE..page * PAGE].fill(0xAA);
    }
    fs::write(path, bytes).unwrap();
}

/// Leaves the workspace as a power failure does: with a log, and with pages of the main file half written.
fn killed_and_spoilt() -> (Cli, tempfile::TempDir) {
    let (cli, folder) = with_people();
    let pages = Workspace::open(cli.workspace()).pages_of_contacts();
    fs::write(
        cli.path("more.csv"),
        "Last name,Email\nLate,late@x.example\n",
    )
    .unwrap();
    let killed = cli
        .killed_at("import.before_finish")
        .run(&["contacts", "import", "more.csv"]);
    assert!(killed.was_killed(), "{killed}");
    spoil(cli.workspace(), &pages);
    (cli, folder)
}

#[test]
fn pages_lost_in_a_power_failure_are_found_when_the_workspace_opens() {
    let (cli, _folder) = killed_and_spoilt();
    let told = cli.run(&["segments", "list"]);
    assert!(told.stderr.contains("is damaged"), "{told}");
    assert!(
        told.stderr.contains(".daily.backup"),
        "which one is good: {told}"
    );
}

#[test]
fn a_damaged_workspace_is_read_only_and_says_so_until_it_is_restored() {
    let (cli, _folder) = killed_and_spoilt();
    cli.run(&["workspace", "info"]);
    let before = fs::read(cli.workspace()).unwrap();
    for command in WRITING {
        cli.run(command)
            .refused(5, &["read-only", "damaged", "workspace restore --yes"]);
    }
    assert_eq!(fs::read(cli.workspace()).unwrap(), before);
    let shown = cli.run(&["workspace", "info"]);
    assert!(shown.stdout.contains("damaged: "), "{shown}");
    assert!(shown.stderr.contains("read-only"), "{shown}");
    // The cure, as it is told.
    cli.run(&["workspace", "restore", "early.backup", "--yes"])
        .expect(0);
    let set = cli.run(WRITING[0]).expect(0);
    assert!(set.stderr.is_empty(), "{set}");
    Workspace::open(cli.workspace()).must_be_sound();
}

#[test]
fn a_sound_workspace_that_was_killed_says_nothing() {
    let (cli, _folder) = with_people();
    let killed =
        cli.killed_at("import.before_finish")
            .run(&["contacts", "import", "people.csv", "--again"]);
    assert!(killed.was_killed(), "{killed}");
    let counted = cli.run(&["contacts", "count"]).expect(0);
    assert!(counted.stderr.is_empty(), "{counted}");
}

#[test]
fn a_garbled_search_index_is_rebuilt_and_everybody_is_found_again() {
    for garbled in [
        "UPDATE contacts_search_config SET v = 99",
        "DELETE FROM contacts_search_config",
        "DELETE FROM contacts_search_data",
        "UPDATE contacts_search_data SET block = randomblob(length(block))",
        "UPDATE contacts_search_data SET block = zeroblob(10)",
        // Asks for more memory than SQLite gives.
        "UPDATE contacts_search_data SET block = x'3f7d57c47a4747dfded49f08b7e8bf944d5405d37a' WHERE id = 10",
        "UPDATE contacts_search_idx SET term = x'ff' || term, pgno = pgno + 9",
        "DELETE FROM contacts_search_idx",
        "UPDATE contacts_search_docsize SET sz = NULL",
        "DELETE FROM contacts_search_docsize",
    ] {
        let (cli, _folder) = with_people();
        Connection::open(cli.workspace())
            .unwrap()
            .execute_batch(garbled)
            .unwrap();
        let doctor = cli.run(&["doctor", "--offline"]).expect(0);
        let told = format!("{}{}", doctor.stdout, doctor.stderr);
        assert!(told.contains("search index"), "{garbled}: {doctor}");
        let found = cli.json(&["contacts", "list", "--search", "person7@journey.example"]);
        assert_eq!(found["contacts"].as_array().unwrap().len(), 1, "{garbled}");
        fs::write(cli.path("one.csv"), "Last name,Email\nNew,new@x.example\n").unwrap();
        cli.run(&["contacts", "import", "one.csv"]).expect(0);
        cli.run(&["workspace", "backup", "late.backup"]).expect(0);
        let workspace = Workspace::open(cli.workspace());
        workspace.must_be_sound();
        assert_eq!(
            workspace.number("SELECT count(*) FROM contacts"),
            PEOPLE as u64 + 1,
            "{garbled}"
        );
    }
}

#[test]
fn whoever_is_killed_while_the_index_is_rebuilt_leaves_a_workspace_that_mends_itself() {
    for point in ["search_index.made", "search_index.clean"] {
        let (cli, _folder) = with_people();
        Connection::open(cli.workspace())
            .unwrap()
            .execute_batch("UPDATE contacts_search_config SET v = 99")
            .unwrap();
        let killed = cli.killed_at(point).run(&["contacts", "count"]);
        assert!(killed.was_killed(), "{point}: {killed}");
        let found = cli.run(&["contacts", "count", "--search", "person7@journey.example"]);
        assert_eq!(found.expect(0).stdout.trim(), "1", "{point}");
        cli.run(&["workspace", "backup", "late.backup"]).expect(0);
        Workspace::open(cli.workspace()).must_be_sound();
    }
}

#[test]
fn what_is_refused_has_nothing_put_beside_it() {
    for sql in [
        "CREATE TABLE songs (id INTEGER)",
        "PRAGMA user_version = 999",
        "PRAGMA application_id = 7",
    ] {
        let (cli, folder) = new_workspace();
        Connection::open(cli.workspace())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let names = || {
            let entries = fs::read_dir(folder.path()).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.filter(|name| name.starts_with("people")).collect();
            names.sort();
            names
        };
        let before = names();
        cli.run(&["contacts", "count"]).expect(5);
        assert_eq!(names(), before, "{sql}");
    }
}

#[test]
fn what_a_killed_import_leaves_of_its_job_is_cleared_by_the_next_command() {
    let (cli, _folder) = with_people();
    let killed =
        cli.killed_at("import.before_finish")
            .run(&["contacts", "import", "people.csv", "--again"]);
    assert!(killed.was_killed(), "{killed}");
    let left = || -> Vec<_> {
        let folders = fs::read_dir(cli.path("data/jobs")).unwrap();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        files.map(|file| file.unwrap().path()).collect()
    };
    assert!(!left().is_empty(), "the killed one left something");
    cli.run(&["contacts", "count"]).expect(0);
    assert_eq!(left(), Vec::<std::path::PathBuf>::new());
}
