//! The disk is full while something is imported, sent or migrated: nothing is lost, and once there is room the same
//! command goes on.

use std::fs;

use crate::support::cli::{Cli, Outcome};
use crate::support::disk::Disk;
use crate::support::each::each;
use crate::support::journey::{Step, must_be_done};
use crate::support::people::People;
use crate::support::signed_in::{self, SignedIn};
use crate::support::workspace::Workspace;

const DISK: u64 = 24 * 1024;

/// How much room is left, in KiB: for nothing, for a few pages, for a part of the work, and for nearly all of it.
const ROOM: &[u64] = &[0, 16, 64, 256, 512, 1_024, 2_048, 4_096];

/// What a full disk may do to a command: stop it with its reason, or not matter.
fn expect_full_or_done(outcome: Outcome, done: &[i32]) {
    match outcome.code() {
        Some(5) => assert!(
            outcome.to_string().contains("disk") || outcome.to_string().contains("read-only"),
            "{outcome}"
        ),
        _ => drop(outcome.expect_one_of(done)),
    }
}

#[test]
fn a_full_disk_loses_no_import_and_the_same_command_goes_on() {
    let people = People::new(3_000);
    each(
        ROOM,
        |room| format!("an import with {room} KiB left"),
        |room| {
            let Some(disk) = Disk::of(DISK) else { return };
            let cli = Cli::in_folder(disk.path());
            cli.run(&["workspace", "init"]).expect(0);
            fs::write(cli.path("people.csv"), people.csv()).unwrap();
            disk.leave(*room);
            expect_full_or_done(cli.run(&Step::Import.command()), &[0]);
            disk.empty();
            Workspace::open(cli.workspace()).must_be_sound();
            // Where there was room enough, the file is known by now.
            cli.run(&Step::Import.command()).expect_one_of(&[0, 2]);
            let workspace = Workspace::open(cli.workspace());
            workspace.must_be_sound();
            assert_eq!(workspace.guids().len(), people.count);
        },
    );
}

#[test]
fn a_full_disk_in_mid_run_loses_and_doubles_nobody() {
    let people = People::new(600);
    each(
        ROOM,
        |room| format!("a run with {room} KiB left"),
        |room| {
            let Some(disk) = Disk::of(DISK) else { return };
            let desk = SignedIn::before_plan(people, 20);
            // The workspace alone stands on the small disk, the org has one of its own.
            let cli = desk
                .cli
                .with_workspace(&disk.path().join("people.leadferry"));
            let copy = ["workspace", "backup", cli.workspace().to_str().unwrap()];
            desk.cli.run(&copy).expect(0);
            cli.run(&["workspace", "approve", "--yes"]).expect(0);
            disk.leave(*room);
            for _ in 0..2 {
                expect_full_or_done(cli.run(signed_in::RUN), &[0, 1]);
            }
            disk.empty();
            Workspace::open(cli.workspace()).must_be_sound();
            cli.run(signed_in::RUN).expect_one_of(&[0, 1]);
            must_be_done(&cli, &desk.org, people);
        },
    );
}

#[test]
fn a_full_disk_while_an_older_workspace_is_migrated_leaves_it_whole() {
    each(
        ROOM,
        |room| format!("a migration with {room} KiB left"),
        |room| {
            let Some(disk) = Disk::of(DISK) else { return };
            let cli = Cli::in_folder(disk.path());
            let contacts = Workspace::make_old(cli.workspace());
            disk.leave(*room);
            let counted = cli.run(&["contacts", "count"]);
            expect_full_or_done(counted, &[0]);
            disk.empty();
            Workspace::open(cli.workspace()).must_be_sound();
            let counted = cli.json(&["contacts", "count"]);
            assert_eq!(counted["contacts"], contacts);
            Workspace::open(cli.workspace()).must_be_sound();
        },
    );
}
