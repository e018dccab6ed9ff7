//! Several processes that open, migrate, back up and erase in one workspace at the same instant, some of them killed: the
//! workspace is sound, nobody is told that it can only be read, and at least one backup is whole.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::cli::{Cli, Outcome, Started};
use crate::support::effort::{Random, asked_for};
use crate::support::people::People;
use crate::support::prepared::new_workspace;
use crate::support::workspace::Workspace;

const COUNT: &[&str] = &["contacts", "count"];
const MOST_AT_ONCE: u64 = 8;
/// About as long as a command takes that migrates a small workspace and backs it up.
const A_COMMAND_LASTS: u64 = 400;

fn rounds() -> usize {
    asked_for("LEADFERRY_PROOF_RACES", 3)
}

fn backups(cli: &Cli) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(cli.path("people.leadferry.backups")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Returns the finished backups of a kind; each must be without a fault.
fn sound_backups(cli: &Cli, kind: &str) -> Vec<PathBuf> {
    let mut found = backups(cli);
    found.retain(|path| path.to_str().unwrap().ends_with(&format!(".{kind}.backup")));
    for path in &found {
        let copy = Connection::open(path).unwrap();
        let verdict: String = copy
            .query_row("PRAGMA quick_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok", "{}", path.display());
    }
    found
}

fn must_have_opened(outcome: Outcome, contacts: u64) {
    let outcome = outcome.expect(0);
    assert!(outcome.stderr.is_empty(), "nothing was wrong: {outcome}");
    assert!(
        outcome.stdout.contains(&contacts.to_string()),
        "everybody is there: {outcome}"
    );
}

/// Demands what holds whatever was killed before.
fn must_be_well(cli: &Cli, contacts: u64) {
    must_have_opened(cli.run(COUNT), contacts);
    Workspace::open(cli.workspace()).must_be_sound();
    let unfinished: Vec<_> = backups(cli)
        .into_iter()
        .filter(|path| path.to_str().unwrap().contains("unfinished"))
        .collect();
    assert_eq!(unfinished, Vec::<PathBuf>::new(), "nobody clears up");
    assert!(
        !sound_backups(cli, "daily").is_empty(),
        "{:?}",
        backups(cli)
    );
}

/// Ends some of the commands at moments that nobody has chosen; returns how the others ended.
fn kill_some(random: &mut Random, all: Vec<Started>) -> Vec<Outcome> {
    let mut left = Vec::new();
    for one in all {
        if random.below(2) == 0 {
            let wait = random.below(A_COMMAND_LASTS / 4);
            one.killed_after(Duration::from_millis(wait));
        } else {
            left.push(one);
        }
    }
    left.into_iter().map(Started::outcome).collect()
}

fn old_workspace() -> (Cli, TempDir, u64) {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    let contacts = Workspace::make_old(cli.workspace());
    (cli, folder, contacts)
}

#[test]
fn an_older_workspace_opened_by_many_at_once_is_backed_up_and_migrated_once_for_all() {
    let mut random = Random::from_the_environment();
    for _ in 0..rounds() {
        let (cli, _folder, contacts) = old_workspace();
        let at_once = 2 + random.below(MOST_AT_ONCE - 1);
        let all: Vec<Started> = (0..at_once).map(|_| cli.start(COUNT)).collect();
        for one in all {
            must_have_opened(one.outcome(), contacts);
        }
        assert_eq!(sound_backups(&cli, "version-1").len(), 1);
        assert_eq!(sound_backups(&cli, "daily").len(), 1);
        must_be_well(&cli, contacts);
    }
}

#[test]
fn many_that_open_and_are_killed_leave_a_workspace_that_opens_and_a_whole_backup() {
    let mut random = Random::from_the_environment();
    for _ in 0..rounds() {
        let (cli, _folder, contacts) = old_workspace();
        let at_once = 2 + random.below(MOST_AT_ONCE - 1);
        let all: Vec<Started> = (0..at_once).map(|_| cli.start(COUNT)).collect();
        for one in kill_some(&mut random, all) {
            must_have_opened(one, contacts);
        }
        must_be_well(&cli, contacts);
        assert!(!sound_backups(&cli, "version-1").is_empty());
    }
}

#[test]
fn killed_at_any_point_beside_others_the_backup_is_made_all_the_same() {
    for point in [
        "migration.begun",
        "migration.packed",
        "migration.done",
        "backup.copied:1",
        "backup.copied:2",
        "backup.made",
    ] {
        let (cli, _folder, contacts) = old_workspace();
        let killed = cli.killed_at(point).run(COUNT);
        assert!(killed.was_killed(), "{point} was not reached: {killed}");
        let all: Vec<Started> = (0..3).map(|_| cli.start(COUNT)).collect();
        for one in all {
            must_have_opened(one.outcome(), contacts);
        }
        must_be_well(&cli, contacts);
        assert!(!sound_backups(&cli, "version-1").is_empty(), "{point}");
        assert_eq!(sound_backups(&cli, "daily").len(), 1, "{point}");
    }
}

#[test]
fn who_is_erased_beside_backups_and_kills_stands_in_none_of_them() {
    let mut random = Random::from_the_environment();
    let people = People::new(40);
    for _ in 0..rounds() {
        let (cli, _folder) = new_workspace();
        fs::write(cli.path("people.csv"), people.csv()).unwrap();
        cli.run(&["contacts", "import", "people.csv"]).expect(0);
        // The next that opens makes today's backup.
        for path in backups(&cli) {
            fs::remove_file(path).unwrap();
        }
        let emails: Vec<String> = (0..4)
            .map(|at| format!("person{at}@journey.example"))
            .collect();
        let erase = |email: &String| cli.start(&["contacts", "erase", email, "--yes"]);
        let mut all: Vec<Started> = emails.iter().map(erase).collect();
        all.extend((0..2).map(|_| cli.start(COUNT)));
        for one in kill_some(&mut random, all) {
            one.expect(0);
        }
        for email in &emails {
            // Whoever was killed may have erased already.
            cli.run(&["contacts", "erase", email, "--yes"])
                .expect_one_of(&[0, 2]);
        }
        must_be_well(&cli, 36);
        for path in backups(&cli) {
            let bytes = fs::read(&path).unwrap();
            for email in &emails {
                let found = bytes
                    .windows(email.len())
                    .any(|bytes| bytes == email.as_bytes());
                assert!(!found, "{email} stands in {}", path.display());
            }
        }
    }
}
