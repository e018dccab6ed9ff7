//! The disk is full while something is imported, sent or migrated: nothing is lost, and once there is room the same
//! command goes on.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// How often the disk was full.
#[derive(Default)]
struct Full(AtomicUsize);

impl Full {
    /// Takes what a full disk may do to a command: stop it with its reason, or not matter.
    fn expect(&self, outcome: Outcome, done: &[i32]) {
        if outcome.code() != Some(5) {
            outcome.expect_one_of(done);
            return;
        }
        let said = outcome.to_string();
        let names_it = ["disk", "read-only"].iter().any(|word| said.contains(word));
        assert!(names_it, "{outcome}");
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Demands that it was full at least once: otherwise nothing was tried.
    #[track_caller]
    fn must_have_been(self) {
        assert_ne!(self.0.into_inner(), 0, "the disk was never full");
    }
}

#[test]
fn a_full_disk_loses_no_import_and_the_same_command_goes_on() {
    let full = Full::default();
    let people = People::new(3_000);
    each(
        ROOM,
        |room| format!("an import with {room} KiB left"),
        |room| {
            let disk = Disk::of(DISK);
            let cli = Cli::in_folder(disk.path());
            cli.run(&["workspace", "init"]).expect(0);
            fs::write(cli.path("people.csv"), people.csv()).unwrap();
            disk.leave(*room);
            full.expect(cli.run(&Step::Import.command()), &[0]);
            disk.empty();
            Workspace::open(cli.workspace()).must_be_sound();
            // Where there was room enough, the file is known by now.
            cli.run(&Step::Import.command()).expect_one_of(&[0, 2]);
            let workspace = Workspace::open(cli.workspace());
            workspace.must_be_sound();
            assert_eq!(workspace.guids().len(), people.count);
        },
    );
    full.must_have_been();
}

#[test]
fn a_full_disk_in_mid_run_loses_and_doubles_nobody() {
    let full = Full::default();
    let people = People::new(600);
    each(
        ROOM,
        |room| format!("a run with {room} KiB left"),
        |room| {
            let disk = Disk::of(DISK);
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
                full.expect(cli.run(signed_in::RUN), &[0, 1]);
            }
            disk.empty();
            Workspace::open(cli.workspace()).must_be_sound();
            cli.run(signed_in::RUN).expect_one_of(&[0, 1]);
            must_be_done(&cli, &desk.org, people);
        },
    );
    full.must_have_been();
}

#[test]
fn a_full_disk_while_an_older_workspace_is_migrated_leaves_it_whole() {
    let full = Full::default();
    each(
        ROOM,
        |room| format!("a migration with {room} KiB left"),
        |room| {
            let disk = Disk::of(DISK);
            let cli = Cli::in_folder(disk.path());
            let contacts = Workspace::make_old(cli.workspace());
            disk.leave(*room);
            let counted = cli.run(&["contacts", "count"]);
            full.expect(counted, &[0]);
            disk.empty();
            Workspace::open(cli.workspace()).must_be_sound();
            let counted = cli.json(&["contacts", "count"]);
            assert_eq!(counted["contacts"], contacts);
            Workspace::open(cli.workspace()).must_be_sound();
        },
    );
    full.must_have_been();
}
