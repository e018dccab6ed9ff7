//! What the program leaves on a computer is its user's alone, and a workspace from a stranger reaches none of it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::browser::add_connection;
use crate::support::cli::Cli;
use crate::support::practice::PracticeOrg;

const PEOPLE: &str = "email,last name\nada@example.com,Ada\nnobody,=1+1\nbob@example.com,Bob\n";
const EVERYONE: &str = r#"{"field": "email", "op": "is_set"}"#;

/// Lets a command run under an open umask, with a secret on standard input.
fn openly(cli: &Cli, args: &[&str]) {
    cli.run_through(&["sh", "-c", "umask 0; printf hush | \"$@\""], args)
        .expect_one_of(&[0, 1]);
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn nobody_else_can_read_what_the_program_writes_whatever_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    let cli = Cli::in_folder(folder.path()).with("LEADFERRY_PASSPHRASE", "correct horse");
    let given = ["people.csv", "everyone.json"].map(|name| cli.path(name));
    fs::write(&given[0], PEOPLE).unwrap();
    fs::write(&given[1], EVERYONE).unwrap();
    openly(&cli, &["workspace", "init"]);
    openly(&cli, &["contacts", "import", "people.csv"]);
    openly(
        &cli,
        &["segments", "add", "All", "--rules", "everyone.json"],
    );
    openly(&cli, &["segments", "export", "All", "all.csv"]);
    #[rustfmt::skip]
    openly(&cli, &[
        "connections", "add", "Acme", "--flow", "client-credentials", "--host", "acme.my.salesforce.com",
        "--client-id", "key", "--client-secret-stdin",
    ]);
    let (mut files, mut folders) = (0, 0);
    for path in below(folder.path()) {
        if path == folder.path() || given.contains(&path) {
            continue;
        }
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let (expected, count) = match path.is_dir() {
            true => (0o700, &mut folders),
            false => (0o600, &mut files),
        };
        *count += 1;
        assert_eq!(mode, expected, "{}: {mode:o}", path.display());
    }
    assert!(
        files >= 5 && folders >= 3,
        "{files} files, {folders} folders"
    );
    for name in ["all.csv", "people.errors.csv", "data/secrets.age"] {
        assert!(cli.path(name).is_file(), "{name}");
    }
}

#[test]
fn no_core_dump_holds_the_memory_that_sign_ins_stand_in() {
    // Core dumps are allowed, and the program has to forbid its own.
    const LOOK: &str = r#"
        ulimit -c unlimited || exit 77
        "$@" & serving=$!
        for _ in $(seq 300); do
            grep -q 'Max core file size  *0 ' "/proc/$serving/limits" && found=yes && break
            sleep 0.1
        done
        kill "$serving"
        test "$found" = yes"#;
    let folder = tempfile::tempdir().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    cli.run_through(&["sh", "-c", LOOK], &["practice-org", "serve"])
        .expect(0);
}

#[test]
fn an_import_that_goes_on_leaves_the_files_alone_that_the_workspace_names() {
    let folder = tempfile::tempdir().unwrap();
    let cli = Cli::in_folder(folder.path());
    let mut people = "email\nnobody\n".to_owned();
    (0..3_000).for_each(|row| people += &format!("p{row}@example.com\n"));
    fs::write(cli.path("people.csv"), people + "nowhere\n").unwrap();
    let victim = cli.path(".bashrc");
    let text = "# A line that is longer than all of the rows that the import has written so far.\n"
        .repeat(9);
    fs::write(&victim, &text).unwrap();
    cli.run(&["workspace", "init"]).expect(0);
    let killed = cli.killed_at("import.after_commit");
    assert!(
        killed
            .run(&["contacts", "import", "people.csv"])
            .was_killed()
    );
    let workspace = rusqlite::Connection::open(cli.workspace()).unwrap();
    let named = workspace.execute(
        "UPDATE imports SET errors_file = ?1, options = json_set(options, '$.request.file', ?1, '$.request.errors_file', ?1)",
        [victim.to_str().unwrap()],
    );
    assert_eq!(named.unwrap(), 1);
    drop(workspace);
    let outcome = cli
        .json_outcome(&["contacts", "import", "people.csv"])
        .expect(1)
        .object();
    assert_eq!(
        (&outcome["resumed"], &outcome["faulty"]),
        (&true.into(), &2.into())
    );
    assert_eq!(fs::read_to_string(&victim).unwrap(), text);
    let errors = fs::read_to_string(cli.path("people.errors.csv")).unwrap();
    assert!(
        errors.contains("nobody") && errors.contains("nowhere"),
        "{errors}"
    );
}

#[test]
fn a_browser_learns_nothing_of_the_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    let org = PracticeOrg::serve(&cli);
    let (bin, seen) = (cli.path("bin"), cli.path("environment"));
    fs::create_dir(&bin).unwrap();
    let script = format!(
        "#!/bin/sh\nenv > '{0}.half'; mv '{0}.half' '{0}'\n",
        seen.display()
    );
    for name in ["xdg-open", "gio", "wslview"] {
        fs::write(bin.join(name), &script).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let programs = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let cli = cli
        .with("LEADFERRY_PASSPHRASE", "correct horse")
        .with("BROWSER", "firefox")
        .with("PATH", &programs);
    let client_id = leadferry_practice_org::built_in::CLIENT_ID;
    add_connection(&cli, "Browser", &org, client_id);
    let waiting = cli.start(&["connections", "authorize", "Browser"]);
    let began = Instant::now();
    while !seen.exists() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "no browser: {}",
            waiting.said()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    waiting.killed_after(Duration::ZERO);
    let environment = fs::read_to_string(&seen).unwrap();
    assert!(environment.contains("BROWSER=firefox"), "{environment}");
    assert!(!environment.contains("LEADFERRY_"), "{environment}");
    assert!(!environment.contains("correct horse"), "{environment}");
}
