//! Workspaces: made, opened, copied, and opened read-only rather than not at all.

use std::path::Path;
use std::sync::Arc;

use leadferry_commands::door::Door;
use leadferry_commands::{Code, Workspace, contacts, workspace};
use serde_json::json;

use crate::support::{Machine, Shown};

#[test]
fn a_new_workspace_says_what_is_in_it() {
    let machine = Machine::new();
    let info = workspace::info(&machine.create()).unwrap();
    assert_eq!(
        (info.name.as_str(), info.read_only, info.counts["contacts"]),
        ("Test", false, 0)
    );
    let again = Workspace::create(&machine.file(), None, machine.host()).unwrap_err();
    assert_eq!(
        again.code,
        Code::Usage,
        "an existing file is never overwritten"
    );
}

#[test]
fn what_is_no_workspace_is_refused_and_left_as_it_is() {
    let machine = Machine::new();
    assert_eq!(
        Workspace::open(&machine.file(), machine.host())
            .unwrap_err()
            .code,
        Code::Local
    );
    std::fs::write(machine.file(), "a letter, not a workspace").unwrap();
    assert_eq!(
        Workspace::open(&machine.file(), machine.host())
            .unwrap_err()
            .code,
        Code::Local
    );
    assert_eq!(
        std::fs::read(machine.file()).unwrap(),
        b"a letter, not a workspace"
    );
}

#[test]
fn a_damaged_workspace_opens_its_newest_backup_for_reading_and_says_so() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, "Email,Last name\nada@example.com,Lovelace\n");
    drop(workspace);
    // Opening makes the first daily backup.
    drop(machine.open());
    std::fs::write(machine.file(), vec![7_u8; 40_000]).unwrap();
    let saved = machine.open();
    let info = workspace::info(&saved).unwrap();
    assert_eq!((info.read_only, info.counts["contacts"]), (true, 1));
    let told = machine.user.told.lock().unwrap().join("\n");
    assert!(told.contains("backup"), "the loss is stated: {told}");
}

#[test]
fn a_backup_is_a_workspace_of_its_own() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, "Email,Last name\nada@example.com,Lovelace\n");
    let copy = machine.folder().join("copy.leadferry");
    workspace::backup(&workspace, &copy).unwrap();
    assert_eq!(
        workspace::backup(&workspace, &copy).unwrap_err().code,
        Code::Usage
    );
    let copied = Workspace::open(&copy, machine.host()).unwrap();
    assert_eq!(workspace::info(&copied).unwrap().counts["contacts"], 1);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_among_the_backups_that_came_with_a_workspace_are_not_opened() {
    let machine = Machine::new();
    let workspace = machine.create();
    let other = machine.folder().join("other.leadferry");
    workspace::backup(&workspace, &other).unwrap();
    drop(workspace);
    let folder = machine.folder().join("people.leadferry.backups");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(&other, folder.join("2999.daily.backup")).unwrap();
    let pipe = folder.join("2998.daily.backup");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::fs::write(machine.file(), "damaged").unwrap();
    Workspace::open(&machine.file(), machine.host()).unwrap_err();
}

#[test]
fn a_damaged_workspace_is_restored_from_its_backup_and_keeps_its_approval() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, "Email,Last name\nada@example.com,Lovelace\n");
    drop(workspace);
    drop(machine.open());
    std::fs::write(machine.file(), vec![7_u8; 40_000]).unwrap();
    let stand_in = machine.open();
    assert_eq!(stand_in.stands_in_for(), Some(machine.file().as_path()));
    drop(stand_in);
    let restored = workspace::restore(&machine.file(), None, &machine.host()).unwrap();
    let replaced = std::fs::read(restored.replaced.unwrap()).unwrap();
    assert_eq!(replaced, vec![7_u8; 40_000], "the damaged file is kept");
    let workspace = machine.open();
    let info = workspace::info(&workspace).unwrap();
    assert_eq!((info.read_only, info.counts["contacts"]), (false, 1));
    assert!(info.approved);
    assert_eq!(info.stands_in_for, None);
}

#[test]
fn a_backup_that_cant_be_restored_is_named_with_a_reason_and_a_cure() {
    let machine = Machine::new();
    let workspace = machine.create();
    let at = |name: &str| machine.folder().join(name);
    workspace::backup(&workspace, &at("sound.backup")).unwrap();
    drop(workspace);
    let bytes = std::fs::read(at("sound.backup")).unwrap();
    let patched = |at: usize, with: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + with.len()].copy_from_slice(with);
        Some(bytes)
    };
    let middle = bytes.len() / 2 / 4096 * 4096;
    std::fs::create_dir(at("folder.backup")).unwrap();
    let before = std::fs::read(machine.file()).unwrap();
    for (name, content, cause) in [
        ("missing.backup", None, "no such file"),
        ("folder.backup", None, "a folder"),
        ("empty.backup", Some(Vec::new()), "empty"),
        (
            "letter.backup",
            Some(b"a letter".to_vec()),
            "isn't a Leadferry workspace",
        ),
        (
            "songs.backup",
            patched(68, b"SONG"),
            "isn't a Leadferry workspace",
        ),
        (
            "newer.backup",
            patched(60, &9999_u32.to_be_bytes()),
            "newer version",
        ),
        (
            "torn.backup",
            Some(bytes[..middle + 7].to_vec()),
            "damaged: the file is cut off",
        ),
        (
            "spoiled.backup",
            patched(middle, &[0xAA; 3 * 4096]),
            "damaged",
        ),
    ] {
        if let Some(content) = content {
            std::fs::write(at(name), content).unwrap();
        }
        let refused = workspace::restore(&machine.file(), Some(&at(name)), &machine.host());
        let refused = refused.unwrap_err();
        assert!(refused.message.contains(name), "{refused:?}");
        assert!(refused.cause.contains(cause), "{refused:?}");
        assert!(refused.hint.contains("choose another") || refused.hint.contains("Choose another"));
        assert_eq!(std::fs::read(machine.file()).unwrap(), before, "{name}");
    }
    workspace::restore(&machine.file(), Some(&at("sound.backup")), &machine.host()).unwrap();
}

#[test]
fn a_place_that_no_workspace_can_have_is_named_and_nothing_is_made_there() {
    let machine = Machine::new();
    let workspace = machine.create();
    let at = |name: &str| machine.folder().join(name);
    let backup = at("sound.backup");
    workspace::backup(&workspace, &backup).unwrap();
    drop(workspace);
    std::fs::create_dir(at("a folder")).unwrap();
    let restore = |place: &Path| workspace::restore(place, Some(&backup), &machine.host());
    for (place, cause) in [
        (at("a folder"), "a folder"),
        (at("nowhere/people.leadferry"), "doesn't exist"),
    ] {
        let refused = restore(&place).unwrap_err();
        assert!(
            refused.message.contains(&*place.to_string_lossy()),
            "{refused:?}"
        );
        assert!(refused.cause.contains(cause), "{refused:?}");
    }
    assert!(!at("nowhere").exists());
    let itself = restore(&backup).unwrap_err();
    assert!(itself.message.contains("from itself"), "{itself:?}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("gone"), at("link.leadferry")).unwrap();
        let refused = restore(&at("link.leadferry")).unwrap_err();
        assert!(refused.message.contains("isn't there"), "{refused:?}");
        assert!(at("link.leadferry").is_symlink() && !at("gone").exists());
    }
}

#[test]
fn a_workspace_without_a_backup_is_left_as_it_is() {
    let machine = Machine::new();
    drop(machine.create());
    let none = workspace::restore(&machine.file(), None, &machine.host()).unwrap_err();
    assert!(none.message.contains("no undamaged backup"), "{none:?}");
    assert_eq!(workspace::info(&machine.open()).unwrap().name, "Test");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_known_to_be_damaged_is_read_only_in_the_window_until_it_is_restored_there() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, "Email,Last name\nada@example.com,Lovelace\n");
    drop(workspace);
    // Opening makes the first daily backup.
    let workspace = machine.open();
    let now = (machine.host().clock)();
    workspace
        .store()
        .remember_damage("contacts (1 place)".to_owned(), now);
    drop(workspace);

    let door = Door::new(machine.host().environment, Arc::new(Shown::default()));
    door.open(&machine.file()).unwrap();
    let info = door.call("workspaces.current", json!({})).await.unwrap();
    assert_eq!(info["read_only"], true);
    assert_eq!(info["damage"], "contacts (1 place)");
    let rename = json!({ "name": "New" });
    let refused = door.call("workspaces.set", rename.clone()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, Code::ReadOnly);
    assert!(
        refused.hint.starts_with("Restore the newest backup"),
        "{refused:?}"
    );

    let restored = door.call("workspaces.restore", json!({})).await.unwrap();
    assert_eq!(restored["backup"], info["sound_backup"]);
    let replaced = restored["replaced"].as_str().unwrap();
    assert!(
        std::fs::metadata(replaced).is_ok(),
        "the damaged file is kept"
    );
    let info = door.call("workspaces.current", json!({})).await.unwrap();
    assert_eq!(info["read_only"], false);
    assert_eq!(info["counts"]["contacts"], 1);
    assert!(info.get("damage").is_none(), "{info}");
    door.call("workspaces.set", rename).await.unwrap();
    let again = door.call("workspaces.restore", json!({})).await;
    assert!(again.unwrap_err().message.contains("isn't damaged"));
}

/// Writes nonsense over the beginning of the page that holds this text.
fn damage(path: &Path, text: &str) {
    let mut bytes = std::fs::read(path).unwrap();
    let found = bytes
        .windows(text.len())
        .position(|part| part == text.as_bytes());
    let page = found.unwrap() / 4096 * 4096;
    bytes[page..page + 8].fill(0x5a);
    std::fs::write(path, bytes).unwrap();
}

fn with_lovelace(machine: &Machine) {
    let workspace = machine.create();
    machine.import(&workspace, "Email,Last name\nada@example.com,Lovelace\n");
}

#[test]
fn damage_in_a_closed_file_is_found_when_it_is_opened_and_not_only_by_a_backup() {
    let machine = Machine::new();
    with_lovelace(&machine);
    // The backup of today is made.
    drop(machine.open());
    damage(&machine.file(), "Lovelace");
    let workspace = machine.open();
    assert!(workspace.store().is_read_only());
    let told = machine.user.told.lock().unwrap().join("\n");
    assert!(
        told.starts_with("The workspace file is damaged: "),
        "{told}"
    );
    assert!(told.contains("Restore the newest backup"), "{told}");
}

#[test]
fn damage_without_a_sound_backup_names_the_command_that_works_and_what_can_be_read_is_shown() {
    let machine = Machine::new();
    with_lovelace(&machine);
    damage(&machine.file(), "contacts.csv");
    let workspace = machine.open();
    let info = workspace::info(&workspace).unwrap();
    assert!(
        info.damage.is_some() && info.sound_backup.is_none(),
        "{info:?}"
    );
    assert_eq!(info.counts["contacts"], 1);
    let rename = workspace::WorkspaceChange {
        name: Some("New".to_owned()),
        ..Default::default()
    };
    let refused = workspace::set(&workspace, &rename).unwrap_err();
    assert_eq!(
        refused.command.as_deref(),
        Some("workspace restore FILE --yes")
    );
}

#[test]
fn a_backup_that_stands_in_says_to_restore_it_when_it_should_be_changed() {
    let machine = Machine::new();
    with_lovelace(&machine);
    drop(machine.open());
    std::fs::write(machine.file(), vec![7_u8; 40_000]).unwrap();
    let stand_in = machine.open();
    let change = [("city".to_owned(), "Ulm".to_owned())];
    let refused = contacts::set(&stand_in, "ada@example.com", &change, Default::default());
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, Code::ReadOnly);
    assert!(refused.message.contains("damaged"), "{refused:?}");
    assert_eq!(refused.command.as_deref(), Some("workspace restore --yes"));
}

/// Closing any descriptor of a file gives up all locks that the process has on it.
#[cfg(target_os = "linux")]
#[test]
fn an_open_workspace_keeps_its_locks_whatever_is_chosen_as_a_file() {
    use std::os::unix::fs::MetadataExt as _;
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, "Last name\nOkafor\n");
    let locks = || {
        let inode = std::fs::metadata(machine.file()).unwrap().ino();
        let listed = std::fs::read_to_string("/proc/locks").unwrap();
        let ours = listed.lines().filter(|line| {
            let mut words = line.split_whitespace();
            words.any(|word| word == std::process::id().to_string())
                && line.contains(&format!(":{inode} "))
        });
        ours.count()
    };
    let before = locks();
    assert!(before > 0, "SQLite holds one");
    let log = format!("{}-wal", machine.file().display());
    for file in [machine.file(), log.into()] {
        let request = leadferry_commands::imports::ImportRequest {
            file,
            ..Default::default()
        };
        let refused = contacts::import(&workspace, &request, &|| true).unwrap_err();
        assert!(refused.cause.contains("open workspace"), "{refused:?}");
    }
    assert_eq!(locks(), before);
}
