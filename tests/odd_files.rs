//! What stands where a file is expected: pipes, devices, folders, links, and second names of other files. Nothing waits for
//! them, and nothing elsewhere changes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::prepared::{LEADS, Prepared, new_workspace};

/// Whatever is refused is refused within this, however slow the machine.
const AT_ONCE: Duration = Duration::from_secs(30);

/// Each command that reads a file which the user names.
const READING: &[&[&str]] = &[
    &["contacts", "import", "FILE"],
    &["activities", "import", "FILE"],
    &["mappings", "import", LEADS, "FILE"],
    &["mappings", "check", LEADS, "FILE"],
    &["scores", "add", "New", "--rules", "FILE"],
    &["segments", "add", "New", "--rules", "FILE"],
    &["segments", "count", "--rules", "FILE"],
    &["segments", "add-emails", "List", "FILE"],
    &["consents", "wordings", "News", "FILE"],
    &["connections", "keys", "import", "FILE"],
    &["connections", "keys", "inspect", "FILE"],
    &["practice-org", "apps", "set", "--certificate", "FILE"],
    &["workspace", "restore", "FILE", "--yes"],
    &["workspace", "salvage", "FILE", "--into", "new.leadferry"],
    &["--workspace", "FILE", "contacts", "count"],
    &["--workspace", "FILE", "workspace", "info"],
];

/// Each command that writes a file which the user names.
const WRITING: &[&[&str]] = &[
    &["contacts", "export", "all.csv"],
    &["contacts", "export", "all.xlsx"],
    &[
        "contacts",
        "import",
        "people.csv",
        "--errors-file",
        "all.errors.csv",
    ],
    &["mappings", "export", LEADS, "mapping.txt"],
    &["consents", "proof", "proof.html"],
    &["consents", "proof", "proof.json"],
    &["connections", "guide", "--save", "guide.html"],
    &["connections", "keys", "new", "--certificate", "key.crt"],
    &["workspace", "backup", "mine.backup"],
    &[
        "workspace",
        "salvage",
        "people.leadferry",
        "--into",
        "new.leadferry",
    ],
    &["--workspace", "other.leadferry", "workspace", "init"],
];

fn naming<'a>(args: &[&'a str], name: &'a str) -> Vec<&'a str> {
    args.iter()
        .map(|arg| if *arg == "FILE" { name } else { arg })
        .collect()
}

#[test]
fn a_pipe_a_device_or_a_folder_in_the_place_of_a_file_is_refused_at_once() {
    let prepared = Prepared::before_import(People::new(1), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let made = Command::new("mkfifo").arg(cli.path("pipe")).status();
    assert!(made.unwrap().success());
    fs::create_dir(cli.path("folder")).unwrap();
    std::os::unix::fs::symlink(cli.path("pipe"), cli.path("link")).unwrap();
    let _socket = UnixListener::bind(cli.path("socket")).unwrap();
    for args in READING {
        for name in ["pipe", "/dev/zero", "/dev/tty", "folder", "link", "socket"] {
            let begun = Instant::now();
            let refused = cli.run(&naming(args, name)).expect_one_of(&[2, 5]);
            assert!(begun.elapsed() < AT_ONCE, "{refused}");
            let code = refused.code().unwrap();
            refused.refused(code, &[]);
            assert!(!cli.path("new.leadferry").exists(), "{args:?}");
        }
    }
    assert_eq!(cli.json(&["contacts", "count"])["contacts"], 0);
}

#[test]
fn what_a_link_or_a_second_name_in_the_place_of_a_new_file_stands_for_stays_as_it_is() {
    let prepared = Prepared::before_import(People::new(2), 20);
    for hard in [true, false] {
        let folder = prepared.copy();
        let cli = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
        fs::write(
            cli.path("people.csv"),
            "email,last name\nada@x.example,Ada\nnobody,B\n",
        )
        .unwrap();
        for args in WRITING {
            let target = match args[0] {
                "--workspace" => args[1],
                _ => args.iter().copied().rfind(|arg| arg.contains('.')).unwrap(),
            };
            let (bait, place) = (cli.path(&format!("bait of {target}")), cli.path(target));
            fs::write(&bait, "precious").unwrap();
            match hard {
                true => fs::hard_link(&bait, &place).unwrap(),
                false => std::os::unix::fs::symlink(&bait, &place).unwrap(),
            }
            let outcome = cli.run(args).expect_one_of(&[0, 1, 2, 5]);
            assert_eq!(fs::read(&bait).unwrap(), b"precious", "{outcome}");
        }
    }
}

#[test]
fn nothing_that_belongs_to_the_workspace_is_replaced_by_what_is_saved() {
    let prepared = Prepared::before_import(People::new(1), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let backups = "people.leadferry.backups";
    for place in [
        "people.leadferry",
        "people.leadferry-wal",
        "data/workspaces.json",
    ] {
        for args in [
            &["mappings", "export", LEADS][..],
            &["contacts", "export"],
            &["connections", "guide", "--save"],
        ] {
            cli.run(&[args, &[place]].concat()).expect_one_of(&[2, 5]);
        }
    }
    assert!(!cli.path("people.leadferry-wal").exists());
    let info = cli.json(&["workspace", "info"]);
    assert_eq!(info["approved"], true, "{info}");
    let in_backups = format!("{backups}/2030-01-01T000000Z.daily.backup");
    cli.run(&["mappings", "export", LEADS, &in_backups])
        .expect_one_of(&[2, 5]);
    assert!(!cli.path(&in_backups).exists());
}

#[test]
fn the_file_with_the_secrets_is_read_only_as_a_file_and_replaced_under_its_own_name_alone() {
    let folder = tempfile::tempdir().unwrap();
    let cli = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
    cli.run(&["workspace", "init"]).expect(0);
    let add = |name: &str| {
        #[rustfmt::skip]
        let args = [
            "connections", "add", name, "--flow", "client-credentials", "--host", "acme.my.salesforce.com",
            "--client-id", "key", "--client-secret-stdin",
        ];
        cli.run_with_input(&args, "hush")
    };
    add("First").expect(0);
    let (sealed, kept) = (cli.path("data/secrets.age"), cli.path("kept.age"));
    fs::hard_link(&sealed, &kept).unwrap();
    let before = fs::read(&kept).unwrap();
    add("Second").expect(0);
    assert!(fs::read(&kept).unwrap() == before);
    assert!(fs::read(&sealed).unwrap() != before);
    fs::remove_file(&sealed).unwrap();
    let made = Command::new("mkfifo").arg(&sealed).status();
    assert!(made.unwrap().success());
    let begun = Instant::now();
    add("Third").refused(5, &["secrets.age", "isn't a regular file"]);
    assert!(begun.elapsed() < AT_ONCE);
    fs::remove_file(&sealed).unwrap();
    std::os::unix::fs::symlink(&kept, &sealed).unwrap();
    add("Third").expect_one_of(&[0, 5]);
    assert!(fs::read(&kept).unwrap() == before, "it isn't followed");
}

const RENAME: [&str; 4] = ["workspace", "set", "--name", "Mine"];

#[test]
fn a_workspace_with_a_second_name_is_shown_and_not_written() {
    let (cli, _folder) = new_workspace();
    fs::hard_link(cli.workspace(), cli.path("other.leadferry")).unwrap();
    let before = fs::read(cli.workspace()).unwrap();
    for name in ["people.leadferry", "other.leadferry"] {
        let named = cli.with_workspace(&cli.path(name));
        let info = named.run(&["workspace", "info"]).expect(0);
        assert!(info.stderr.contains("second name"), "{info}");
        named.run(&RENAME).expect(5);
    }
    assert_eq!(fs::read(cli.workspace()).unwrap(), before);
    // As told: a copy of its own.
    let copy = cli.with_workspace(&cli.path("copy.leadferry"));
    fs::copy(cli.workspace(), copy.workspace()).unwrap();
    copy.run(&RENAME).expect(0);
}

#[test]
fn files_beside_a_workspace_that_have_a_second_name_are_refused_and_stay_as_they_are() {
    let prepared = Prepared::before_plan(People::new(2), 20);
    for ending in [
        "-wal",
        "-shm",
        "-journal",
        ".backups/lock",
        ".practice-org.sqlite-wal",
        ".practice-org.sqlite-journal",
        ".practice-org.sqlite.lock",
        ".practice-org.sqlite.port",
        ".practice-org.sqlite.port.new",
    ] {
        let folder = prepared.copy();
        let cli = Cli::in_folder(folder.path());
        let place = cli.path(&format!("people.leadferry{ending}"));
        let bait = cli.path("bait");
        fs::write(&bait, "precious").unwrap();
        let readable = fs::Permissions::from_mode(0o644);
        fs::set_permissions(&bait, readable).unwrap();
        let _ = fs::remove_file(&place);
        fs::hard_link(&bait, &place).unwrap();
        let run = cli.run(&["replications", "run", LEADS]);
        assert!(run.code().is_some(), "{ending}: {run}");
        must_be_precious(&bait, ending);
        cli.run(&["contacts", "erase", "person0@journey.example", "--yes"]);
        must_be_precious(&bait, ending);
    }
}

fn must_be_precious(bait: &Path, ending: &str) {
    assert_eq!(fs::read(bait).unwrap(), b"precious", "{ending}");
    let mode = fs::metadata(bait).unwrap().permissions().mode();
    assert_eq!(
        mode & 0o777,
        0o644,
        "{ending}: others may read it as before"
    );
}
