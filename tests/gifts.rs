//! A workspace from somebody else, or a copy of one's own: it uses no sign-in and sends nothing until the user agrees, and a
//! sign-in goes only to the host that issued it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, Prepared, new_workspace};
use crate::support::signed_in::SignedIn;
use crate::support::stranger::Stranger;
use crate::support::workspace::Workspace;

/// Whatever could use a sign-in or send.
const ACTS: &[&[&str]] = &[
    &["connections", "test", "Org"],
    &["connections", "authorize", "Org", "--no-browser"],
    &["replications", "match", LEADS],
    &["replications", "run", LEADS, "--confirm", "Org"],
    &["replications", "prepare-org", LEADS],
    &["replications", "reconcile", LEADS],
    &[
        "search",
        "soql",
        "SELECT Id FROM Lead",
        "--connection",
        "Org",
    ],
    &["replications", "watch"],
];

/// Copies a workspace as somebody would who sends it, and changes it with SQL.
fn gift(cli: &Cli, name: &str, sql: &str) -> Cli {
    let folder = cli.path(name);
    fs::create_dir(&folder).unwrap();
    let file = folder.join("people.leadferry");
    // Whoever serves the org has the workspace open.
    let own = Connection::open(cli.workspace()).unwrap();
    own.pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .unwrap();
    fs::copy(cli.workspace(), &file).unwrap();
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    cli.with_workspace(&file)
}

#[test]
fn a_sign_in_never_leaves_for_a_host_that_did_not_issue_it() {
    let signed_in = SignedIn::before_plan(People::new(20), 20);
    let (cli, stranger) = (&signed_in.cli, Stranger::listening());
    let to_the_stranger = format!(
        "UPDATE connections SET host = '{0}', instance_url = '{0}'",
        stranger.url()
    );
    let gift = gift(cli, "gift", &to_the_stranger);
    for act in ACTS {
        gift.run(act).refused(3, &["approve"]);
    }
    let review = gift.json(&["workspace", "review"]);
    assert_eq!(review["approved"], false);
    assert_eq!(review["connections"][0]["host"], *stranger.url());
    assert_eq!(review["origin"]["kind"], "copied");
    assert_eq!(stranger.got(), Vec::<String>::new(), "nobody agreed yet");
    let shown = gift.run(&["workspace", "review"]).expect(0);
    let lookalike = format!(
        "https://login.salesforce.com.{}.example",
        "my-domain-".repeat(9)
    );
    let long = self::gift(
        cli,
        "long",
        &format!("UPDATE connections SET host = '{lookalike}'"),
    );
    let shown_long = long.run(&["workspace", "review"]).expect(0);
    assert!(shown.stdout.contains("selected"), "{shown}");
    assert!(
        shown_long.stdout.contains(&lookalike),
        "the host is shown whole"
    );

    // Even a user who agrees to everything loses no sign-in.
    gift.run(&["workspace", "approve", "--yes"]).expect(0);
    for act in [ACTS[0], ACTS[3]] {
        let outcome = gift.run(act).expect(3);
        assert!(
            outcome.to_string().to_lowercase().contains("sign in"),
            "{outcome}"
        );
    }
    gift.run(&["replications", "remove", LEADS]).expect(0);
    let removed = gift.json(&["connections", "remove", "Org"]);
    assert_eq!(removed["revoked"], false);
    let got = stranger.got().join("\n");
    assert!(!got.contains("token") && !got.contains("Bearer"), "{got}");
    signed_in.run_to_the_end();
}

#[test]
fn removing_a_connection_in_a_copy_does_not_sign_the_original_out() {
    let signed_in = SignedIn::before_plan(People::new(5), 20);
    let cli = &signed_in.cli;
    let copy = gift(cli, "copy", "");
    copy.run(&["workspace", "approve", "--yes"]).expect(0);
    copy.run(&["connections", "test", "Org"]).expect(0);
    copy.run(&["replications", "remove", LEADS]).expect(0);
    assert_eq!(
        copy.json(&["connections", "remove", "Org"])["revoked"],
        false
    );
    cli.run(&["connections", "test", "Org"]).expect(0);

    // An approved copy that hasn't signed in yet, on a drive that is away just now.
    let away = gift(cli, "away", "");
    away.run(&["workspace", "approve", "--yes"]).expect(0);
    fs::rename(cli.path("away"), cli.path("unplugged")).unwrap();
    cli.run(&["replications", "remove", LEADS]).expect(0);
    let removed = cli.json(&["connections", "remove", "Org"]);
    assert_eq!(removed["revoked"], false);
    fs::rename(cli.path("unplugged"), cli.path("away")).unwrap();
    away.run(&["connections", "test", "Org"]).expect(0);
    away.run(&["replications", "remove", LEADS]).expect(0);
    let removed = away.json(&["connections", "remove", "Org"]);
    assert_eq!(
        removed["revoked"], true,
        "the last one to use it revokes it"
    );
}

#[test]
fn a_gift_with_a_schedule_and_a_batch_that_stands_ready_sends_nothing_by_itself() {
    let prepared = Prepared::before_plan(People::new(30), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["replications", "set", LEADS, "--schedule", "on change"])
        .expect(0);
    cli.killed_at("batching.prepared")
        .run(&["replications", "run", LEADS]);
    let open = "SELECT count(*) FROM batches WHERE state = 'prepared'";
    assert!(Workspace::open(cli.workspace()).number(open) > 0);

    // The same file on another computer, with the practice org's file beside it.
    let elsewhere = tempfile::TempDir::new().unwrap();
    let stranger = Cli::in_folder(elsewhere.path());
    for ending in ["", "-wal", ".practice-org.sqlite"] {
        let name = format!("people.leadferry{ending}");
        if cli.path(&name).exists() {
            fs::copy(cli.path(&name), stranger.path(&name)).unwrap();
        }
    }
    let org_before = fs::read(stranger.path("people.leadferry.practice-org.sqlite")).unwrap();
    let review = stranger.json(&["workspace", "review"]);
    assert_eq!(review["origin"]["kind"], "unknown");
    assert_eq!(review["replications"][0]["schedule"], "on change");
    assert!(review["open_batches"].as_u64().unwrap() > 0, "{review}");
    let watching = stranger.start(&["replications", "watch"]);
    watching.killed_after(Duration::from_secs(2));
    let org = fs::read(stranger.path("people.leadferry.practice-org.sqlite")).unwrap();
    assert_eq!(org, org_before, "not even the practice org was served");
    assert!(Workspace::open(stranger.workspace()).number(open) > 0);

    stranger.run(&["workspace", "approve", "--yes"]).expect(0);
    stranger
        .run(&["replications", "run", LEADS])
        .expect_one_of(&[0, 1]);
    let workspace = Workspace::open(stranger.workspace());
    workspace.must_be_at_rest();
    prepared
        .people
        .must_stand_in(&PracticeOrg::serve(&stranger), &workspace);
}

#[test]
fn approval_is_asked_for_once_in_each_place_and_never_given_by_nobody() {
    let (cli, _folder) = new_workspace();
    assert_eq!(cli.json(&["workspace", "info"])["approved"], true);
    let moved = cli.with_workspace(&cli.path("moved.leadferry"));
    fs::rename(cli.workspace(), moved.workspace()).unwrap();
    assert_eq!(moved.json(&["workspace", "info"])["approved"], false);
    moved
        .run(&["workspace", "approve"])
        .refused(2, &["needs a terminal, or --yes"]);
    moved.run(&["workspace", "approve", "--yes"]).expect(0);
    assert_eq!(moved.json(&["workspace", "info"])["approved"], true);

    // Another file in its place is another workspace.
    fs::remove_file(moved.workspace()).unwrap();
    let other = tempfile::TempDir::new().unwrap();
    let strangers = Cli::in_folder(other.path());
    strangers.run(&["workspace", "init"]).expect(0);
    fs::copy(strangers.workspace(), moved.workspace()).unwrap();
    assert_eq!(moved.json(&["workspace", "info"])["approved"], false);
}

#[test]
fn ids_out_of_a_workspace_lead_out_of_no_folder() {
    let prepared = Prepared::before_plan(People::new(5), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let bait = cli.path("bait.lock");
    let file = Connection::open(cli.workspace()).unwrap();
    let org = "UPDATE connections SET org_id = '../../bait', user_id = '../../bait'";
    file.execute_batch(org).unwrap();
    drop(file);
    for act in [ACTS[2], ACTS[3]] {
        cli.run(act).expect_one_of(&[1, 2, 3, 4, 5]);
    }
    assert!(!Path::new(&bait).exists());
}

#[test]
fn a_planted_erase_is_shown_and_reaches_no_backups_of_another_workspace() {
    let prepared = Prepared::before_plan(People::new(3), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let guids = Workspace::open(cli.workspace()).guids();
    let guid = guids.values().next().unwrap();
    let gift = gift(
        &cli,
        "gift",
        &format!(
            "UPDATE settings SET value = '0123456789abcdef0123456789abcdef' WHERE key = 'workspace_id';
             INSERT OR REPLACE INTO settings VALUES ('erasing', '[\"{guid}\"]')"
        ),
    );
    // What a workspace of the user's own left in the folder.
    let orphan = cli.path("gift").join("old.leadferry.backups");
    fs::create_dir(&orphan).unwrap();
    let orphan = orphan.join("2026-01-01T000000Z.daily.backup");
    cli.run(&["workspace", "backup", orphan.to_str().unwrap()])
        .expect(0);
    let before = fs::read(&orphan).unwrap();
    assert_eq!(gift.json(&["workspace", "review"])["unfinished_erases"], 1);
    gift.run(&["contacts", "erase", guid, "--yes"])
        .refused(3, &["approve"]);
    gift.run(&["workspace", "approve", "--yes"]).expect(0);
    assert_eq!(gift.json(&["workspace", "review"])["unfinished_erases"], 0);
    assert_eq!(fs::read(&orphan).unwrap(), before);
}
