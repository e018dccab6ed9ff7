//! Files cut off wherever a power failure may cut them: a torn log means the last commit before, a torn main file the
//! newest backup, with the loss stated. Nothing is ever opened as something else than it was.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::effort::{Random, asked_for};
use crate::support::people::People;
use crate::support::prepared::new_workspace;
use crate::support::workspace::Workspace;

/// Sizes of the file formats, <https://www.sqlite.org/fileformat.html>: a page of ours, and what a log adds to it.
const PAGE: u64 = 4096;
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;

const PEOPLE: usize = 40;

/// Returns all borders of a file and as many other places as asked for, in order.
fn cuts(length: u64, first: u64, step: u64) -> Vec<u64> {
    let mut random = Random::from_the_environment();
    let borders = (0..)
        .map(|n| first + n * step)
        .take_while(|at| *at < length);
    let others = (0..asked_for("LEADFERRY_PROOF_BYTES", 100)).map(|_| random.below(length));
    let mut cuts: Vec<u64> = std::iter::once(0)
        .chain(borders)
        .chain(others.collect::<Vec<_>>())
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

fn cut(file: &Path, length: u64) {
    fs::OpenOptions::new()
        .write(true)
        .open(file)
        .and_then(|file| file.set_len(length))
        .unwrap();
}

/// Copies a workspace with what stands beside it, but without the index into its log, as after a power failure.
fn copy(from: &Path) -> (Cli, TempDir) {
    let folder = TempDir::new().unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_file()
            && path
                .extension()
                .is_none_or(|ending| ending != "leadferry-shm")
        {
            fs::copy(&path, folder.path().join(name)).unwrap();
        }
    }
    let backups = from.join("people.leadferry.backups");
    if backups.is_dir() {
        let copied = folder.path().join("people.leadferry.backups");
        fs::create_dir(&copied).unwrap();
        for entry in fs::read_dir(&backups).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, copied.join(path.file_name().unwrap())).unwrap();
        }
    }
    (Cli::in_folder(folder.path()), folder)
}

/// Imports people and is killed before it can write the log back into the main file.
fn import_killed(cli: &Cli) {
    fs::write(cli.path("people.csv"), People::new(PEOPLE).csv()).unwrap();
    let killed = cli
        .killed_at("import.before_finish")
        .run(&["contacts", "import", "people.csv"]);
    assert!(killed.was_killed(), "{killed}");
}

#[test]
fn a_log_torn_anywhere_means_the_last_commit_before() {
    let (cli, folder) = new_workspace();
    import_killed(&cli);
    let log = fs::metadata(cli.path("people.leadferry-wal"))
        .unwrap()
        .len();
    let frame = FRAME_HEADER + PAGE;
    let mut cuts = cuts(log, LOG_HEADER, frame);
    // The whole log as well.
    cuts.push(log);
    assert!(
        cuts.len() as u64 > log / frame,
        "not every frame is cut off"
    );
    // What is left of the people, by where the log is cut.
    let left = std::sync::Mutex::new(std::collections::BTreeMap::new());
    each(
        &cuts,
        |at| format!("a log cut at {at} of {log}"),
        |at| {
            let (cli, _folder) = copy(folder.path());
            cut(&cli.path("people.leadferry-wal"), *at);
            let counted = cli.json(&["contacts", "count"])["contacts"].as_u64();
            let workspace = Workspace::open(cli.workspace());
            workspace.must_be_sound();
            // The people came in one commit: all of them, or none.
            let there = workspace.number("SELECT count(*) FROM contacts");
            assert!(there == 0 || there == PEOPLE as u64, "{there} contacts");
            left.lock().unwrap().insert(*at, there);
            assert_eq!(counted, Some(there));
            cli.run(&["contacts", "import", "people.csv"]).expect(0);
            assert_eq!(workspace.guids().len(), PEOPLE);
        },
    );
    let left: Vec<u64> = left.into_inner().unwrap().into_values().collect();
    assert!(left.is_sorted(), "a longer log holds less: {left:?}");
    assert_eq!(
        (left.first(), left.last()),
        (Some(&0), Some(&(PEOPLE as u64))),
        "the whole log holds the people, its beginning does not"
    );
}

#[test]
fn a_main_file_torn_anywhere_opens_as_the_newest_backup_and_says_what_is_lost() {
    let (cli, folder) = new_workspace();
    fs::write(cli.path("people.csv"), People::new(PEOPLE).csv()).unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    let backups = cli.path("people.leadferry.backups");
    let backup = fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "backup"))
        .unwrap();
    // Today's, as if it had been made after the import.
    let copied = cli.path("copy.leadferry");
    cli.run(&["workspace", "backup", copied.to_str().unwrap()])
        .expect(0);
    fs::rename(copied, backup).unwrap();
    cli.run(&["contacts", "set", "person0@journey.example", "city=Later"])
        .expect(0);
    let length = fs::metadata(cli.workspace()).unwrap().len();
    assert_eq!(length % PAGE, 0, "the pages have another size");
    each(
        &cuts(length, 0, PAGE),
        |at| format!("a workspace cut at {at} of {length}"),
        |at| {
            let (cli, _folder) = copy(folder.path());
            cut(cli.workspace(), *at);
            let torn = fs::read(cli.workspace()).unwrap();
            let shown = cli
                .run(&["contacts", "show", "person0@journey.example"])
                .expect(0);
            assert!(
                shown.stderr.contains("backup"),
                "the loss is stated: {shown}"
            );
            assert!(!shown.stdout.contains("Later"), "{shown}");
            cli.run(&["contacts", "set", "person0@journey.example", "city=X"])
                .expect(5);
            assert_eq!(
                fs::read(cli.workspace()).unwrap(),
                torn,
                "the torn file is left for whoever can mend it"
            );
        },
    );
}

#[test]
fn a_torn_main_file_without_a_backup_is_refused_and_left_as_it_is() {
    let (cli, folder) = new_workspace();
    fs::write(cli.path("people.csv"), People::new(PEOPLE).csv()).unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    fs::remove_dir_all(cli.path("people.leadferry.backups")).unwrap();
    let length = fs::metadata(cli.workspace()).unwrap().len();
    each(
        &[1, 50, 100, PAGE, length / 2, length - PAGE, length - 1],
        |at| format!("a workspace cut at {at} of {length}"),
        |at| {
            let (cli, _folder) = copy(folder.path());
            cut(cli.workspace(), *at);
            let torn = fs::read(cli.workspace()).unwrap();
            cli.run(&["contacts", "count"])
                .refused(5, &["people.leadferry"]);
            assert_eq!(fs::read(cli.workspace()).unwrap(), torn);
        },
    );
}

#[test]
fn a_new_workspace_may_stand_where_an_earlier_one_has_left_its_backups() {
    let (cli, _folder) = new_workspace();
    cli.run(&["contacts", "count"]).expect(0);
    assert!(cli.path("people.leadferry.backups").is_dir());
    fs::remove_file(cli.workspace()).unwrap();
    cli.run(&["workspace", "init"]).expect(0);
    assert_eq!(cli.json(&["contacts", "count"])["contacts"], 0);
}

#[test]
fn a_torn_workspace_goes_on_from_its_backup_once_it_is_restored() {
    let (cli, folder) = new_workspace();
    fs::write(cli.path("people.csv"), People::new(PEOPLE).csv()).unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    let backup = cli.path("early.backup");
    cli.run(&["workspace", "backup", backup.to_str().unwrap()])
        .expect(0);
    let serving = crate::support::practice::PracticeOrg::serve(&cli);
    let restore = ["workspace", "restore", "early.backup", "--yes"];
    cli.run(&restore).refused(5, &["open in another program"]);
    drop(serving);
    cut(cli.workspace(), 10_000);
    let torn = fs::read(cli.workspace()).unwrap();
    cli.run(&restore[..3]).refused(2, &["--yes"]);
    cli.run(&["workspace", "restore", "people.csv", "--yes"])
        .refused(5, &["isn't a Leadferry workspace"]);
    assert_eq!(fs::read(cli.workspace()).unwrap(), torn);

    for point in ["restore.renamed", "restore.set_aside"] {
        let (cli, _folder) = copy(folder.path());
        fs::copy(&backup, cli.path("early.backup")).unwrap();
        let killed = cli.killed_at(point).run(&restore);
        assert!(killed.was_killed(), "{point} was not reached: {killed}");
        cli.run(&restore).expect(0);
        let workspace = Workspace::open(cli.workspace());
        workspace.must_be_sound();
        assert_eq!(workspace.guids().len(), PEOPLE, "after a kill at {point}");
    }
    let restored = cli.json(&restore);
    let replaced = fs::read(restored["replaced"].as_str().unwrap()).unwrap();
    assert_eq!(replaced, torn, "the torn file is kept");
    cli.run(&["contacts", "set", "person0@journey.example", "city=Later"])
        .expect(0);
    cli.run(&["replications", "list"]).expect(0);
}
