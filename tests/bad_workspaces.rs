//! A workspace that is not one, is newer, torn, locked away or on a full disk; secrets behind another passphrase.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::damage::spoil;
use crate::support::cli::{Cli, Outcome};
use crate::support::people::People;
use crate::support::practice::{PracticeOrg, connect_at};
use crate::support::prepared::{LEADS, Prepared, new_workspace};
use crate::support::workspace::Workspace;

const RUN: &[&str] = &["replications", "run", LEADS];

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
    let mut bytes = fs::read(cli.workspace()).unwrap();
    let len = bytes.len();
    bytes[..100].fill(0x55);
    bytes[len / 3..len / 2].fill(0xAA);
    fs::write(cli.workspace(), &bytes).unwrap();
    let outcome = cli.run(&["contacts", "count"]).expect(0);
    assert!(outcome.stderr.contains("backup"), "{outcome}");
    cli.run(RUN).expect(5);
    assert_eq!(
        fs::read(cli.workspace()).unwrap(),
        bytes,
        "the torn file is left for whoever can mend it"
    );
}

#[test]
fn what_a_stranger_has_put_into_a_workspace_is_refused_by_name_and_never_runs() {
    for (sql, named) in [
        (
            "CREATE TRIGGER sly AFTER UPDATE ON settings BEGIN UPDATE contacts SET do_not_send = 0; END",
            "trigger \"sly\"",
        ),
        (
            "CREATE VIEW endless AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            "view \"endless\"",
        ),
        ("CREATE TABLE songs (id INTEGER)", "table \"songs\""),
    ] {
        let (new, _folder) = new_workspace();
        let old = new.with_workspace(&new.path("old.leadferry"));
        Workspace::make_old(old.workspace());
        for cli in [&new, &old] {
            let file = Connection::open(cli.workspace()).unwrap();
            file.execute_batch(sql).unwrap();
            drop(file);
            let before = fs::read(cli.workspace()).unwrap();
            let begun = Instant::now();
            for command in [
                &["contacts", "count"][..],
                &["workspace", "set", "--name", "Mine"],
            ] {
                cli.run(command)
                    .refused(5, &[named, "another program", "backup"]);
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{sql}");
            assert_eq!(fs::read(cli.workspace()).unwrap(), before, "{sql}");
        }
    }
}

/// Leads an index in circles: five pages whose entries all point to the next one, and then to one entry.
fn lead_in_circles(path: &Path, index: &str) {
    const PAGE: usize = 4096;
    const ENTRIES: usize = 300;
    const ENTRY: usize = 8;
    let file = Connection::open(path).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let root: usize = file.query_row(sql, [index], |row| row.get(0)).unwrap();
    drop(file);
    let mut bytes = fs::read(path).unwrap();
    let first_new = bytes.len() / PAGE + 1;
    bytes.resize(bytes.len() + 5 * PAGE, 0);
    let place = |entry: usize| PAGE - ENTRY * (entry + 1);
    let short = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    for (at, page) in [root]
        .into_iter()
        .chain(first_new..first_new + 4)
        .enumerate()
    {
        let next = u32::try_from(first_new + at).unwrap().to_be_bytes();
        let page = &mut bytes[(page - 1) * PAGE..page * PAGE];
        page.fill(0);
        page[0] = 2;
        page[3..5].copy_from_slice(&short(ENTRIES));
        page[5..7].copy_from_slice(&short(place(ENTRIES - 1)));
        page[8..12].copy_from_slice(&next);
        for entry in 0..ENTRIES {
            page[12 + 2 * entry..14 + 2 * entry].copy_from_slice(&short(place(entry)));
            page[place(entry)..place(entry) + 4].copy_from_slice(&next);
            page[place(entry) + 4..place(entry) + ENTRY].copy_from_slice(&[3, 2, 0, 0]);
        }
    }
    let leaf = bytes.len() - PAGE;
    bytes[leaf] = 10;
    bytes[leaf + 4] = 1;
    bytes[leaf + 5..leaf + 7].copy_from_slice(&short(PAGE - 4));
    bytes[leaf + 8..leaf + 10].copy_from_slice(&short(PAGE - 4));
    bytes[leaf + PAGE - 4..].copy_from_slice(&[3, 2, 0, 0]);
    let count = u32::try_from(bytes.len() / PAGE).unwrap().to_be_bytes();
    bytes[28..32].copy_from_slice(&count);
    fs::write(path, bytes).unwrap();
}

#[test]
fn pages_that_lead_in_circles_are_found_and_keep_nobody_waiting_for_long() {
    let (cli, _folder) = new_workspace();
    lead_in_circles(cli.workspace(), "accounts_by_name");
    let begun = Instant::now();
    let info = cli.run(&["workspace", "info"]).expect(0);
    assert!(begun.elapsed() < Duration::from_secs(60), "{info}");
    assert!(info.stdout.contains("damaged: "), "{info}");
    assert!(info.stderr.contains("makes no new backups"), "{info}");
    assert!(
        info.stderr
            .contains("No backup beside it is without damage"),
        "{info}"
    );
    cli.run(&["doctor", "--offline"]).expect(5);
}

#[test]
fn a_damaged_workspace_keeps_its_backups_and_says_which_one_is_good() {
    let (cli, _folder) = new_workspace();
    fs::write(cli.path("people.csv"), People::new(2_000).csv()).unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    let backups = cli.path("people.leadferry.backups");
    let made = fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "backup"))
        .unwrap();
    // As if it had been made long ago, so that the next is due.
    let long_ago = backups.join("2020-01-01T000000Z.daily.backup");
    fs::rename(&made, &long_ago).unwrap();
    fs::File::options()
        .write(true)
        .open(&long_ago)
        .and_then(|file| file.set_modified(std::time::UNIX_EPOCH))
        .unwrap();
    let pages = Workspace::open(cli.workspace()).pages_of_contacts();
    spoil(cli.workspace(), &pages);
    for _ in 0..2 {
        let told = cli.run(&["workspace", "info"]);
        assert!(told.stderr.contains("is damaged"), "{told}");
        assert!(
            told.stderr.contains("2020-01-01T000000Z.daily.backup"),
            "{told}"
        );
        assert!(told.stdout.contains("damaged: "), "it isn't ready: {told}");
    }
    let mut left: Vec<_> = fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["2020-01-01T000000Z.daily.backup", "lock"]);
    let alerts = cli.json(&["alerts", "list"]);
    assert_eq!(alerts["alerts"][0]["kind"], "damaged", "{alerts}");
    let doctor = cli.run(&["doctor", "--offline"]);
    assert!(
        doctor.stdout.contains("2020-01-01T000000Z.daily.backup"),
        "{doctor}"
    );
    assert_eq!(
        doctor.stdout.matches("failed  workspace").count(),
        1,
        "damage is told once: {doctor}"
    );
    assert!(
        doctor.stdout.contains(" place") && !doctor.stdout.contains("btree"),
        "the damaged part is told in plain words: {doctor}"
    );
    // As told: the good one is put in its place.
    for beside in ["people.leadferry-wal", "people.leadferry-shm"] {
        let _ = fs::remove_file(cli.path(beside));
    }
    fs::copy(&long_ago, cli.workspace()).unwrap();
    let info = cli.run(&["workspace", "info"]).expect(0);
    assert!(info.stderr.is_empty(), "{info}");
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_breaks_nothing() {
    let (cli, _folder) = new_workspace();
    let org = PracticeOrg::serve(&cli);
    let right = cli.with("LEADFERRY_PASSPHRASE", "correct horse");
    org.connect(&right, "Org");
    let sealed = fs::read(cli.path("data/secrets.age")).unwrap();
    assert!(
        !String::from_utf8_lossy(&sealed).contains(&org.secrets().client_secret),
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

#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_workspace_can_still_be_read() {
    let prepared = Prepared::before_plan(People::new(30), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let locked = Locked::lock(folder.path(), cli.workspace());
    let counted = locked.run(&cli, &["contacts", "count"]).expect(0);
    assert!(counted.stderr.contains("read-only"), "{counted}");
    locked
        .run(
            &cli,
            &["contacts", "set", "person0@journey.example", "city=X"],
        )
        .refused(5, &["writ"]);
    locked.run(&cli, RUN).refused(5, &["writ"]);
    drop(locked);
    // As a killed process leaves it: then SQLite needs no new file to read it.
    let killed =
        cli.killed_at("import.before_finish")
            .run(&["contacts", "import", "people.csv", "--again"]);
    assert!(killed.was_killed(), "{killed}");
    let locked = Locked::lock(folder.path(), cli.workspace());
    let info = locked.run(&cli, &["workspace", "info"]).expect(0);
    assert!(info.stdout.contains("read-only"), "{info}");
    let nowhere = cli.with_workspace(&folder.path().join("new.leadferry"));
    locked
        .run(&nowhere, &["workspace", "init"])
        .refused(5, &["new.leadferry"]);
    drop(locked);
    assert_eq!(cli.json(&["contacts", "count"])["contacts"], 30);
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
    full.refused(5, &["the disk can't"]);
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

    /// Runs the program as someone to whom the folder's word is law: some users may write whatever it says.
    fn run(&self, cli: &Cli, args: &[&str]) -> Outcome {
        if fs::write(self.folder.join("probe"), "").is_err() {
            return cli.run(args);
        }
        let bounded = "exec setpriv --bounding-set=-dac_override --inh-caps=-dac_override \"$@\"";
        cli.run_through(&["sh", "-c", bounded], args)
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_reads_as_an_address_of_another_file_is_a_name() {
    let folder = TempDir::new().unwrap();
    let name = "file:other.leadferry?mode=memory";
    let cli = Cli::in_folder(folder.path()).with_workspace(Path::new(name));
    cli.run(&["workspace", "init", "--name", "Odd"]).expect(0);
    assert!(folder.path().join(name).is_file());
    assert!(!folder.path().join("other.leadferry").exists());
    let info = cli.json(&["workspace", "info"]);
    assert_eq!(info["name"], "Odd", "the same file is opened again");
    let copy = "file:copy.leadferry?immutable=1";
    cli.run(&["workspace", "backup", copy]).expect(0);
    assert!(folder.path().join(copy).is_file());
}
