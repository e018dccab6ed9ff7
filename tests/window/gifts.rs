//! A workspace from another computer, opened in the window.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::app::App;

const REPLICATION: &str = "Leads";

/// Makes a workspace on another computer whose schedule would send at once.
fn made_elsewhere(folder: &Path) -> std::path::PathBuf {
    let workspace = folder.join("people.leadferry");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/contacts.csv");
    let elsewhere = App::elsewhere(folder);
    let samples = samples.display().to_string();
    #[rustfmt::skip]
    let commands: &[&[&str]] = &[
        &["workspace", "init", "--name", "From Mia"],
        &["contacts", "import", &samples],
        &["connections", "add", "Practice", "--flow", "practice"],
        &["replications", "add", REPLICATION, "--object", "Lead", "--connection", "Practice", "--default-company", "-"],
        &["replications", "prepare-org", REPLICATION],
        &["replications", "set", REPLICATION, "--schedule", "on change"],
    ];
    for command in commands {
        elsewhere(&workspace, command);
    }
    workspace
}

fn approved(app: &App) -> Value {
    app.ask("workspaces.current", &json!({}))["approved"].clone()
}

fn runs(app: &App) -> usize {
    let runs = app.ask("runs.list", &json!({ "limit": 10 }));
    runs.as_array().map_or(0, Vec::len)
}

#[test]
fn a_workspace_from_another_computer_sends_nothing_until_it_was_reviewed_and_approved() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = made_elsewhere(folder.path());
    let mut app = App::with_gift(&workspace);
    app.see("Review this workspace");
    app.see("This computer (practice org)");
    app.see("On change");
    app.picture("40-review");
    app.press("Cancel");
    // Longer than a schedule takes to begin.
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(runs(&app), 0, "nobody has agreed yet");
    app.go("Security");
    app.see("Not approved on this computer");
    app.picture("41-security");

    app.press("Review workspace");
    app.press("Approve workspace");
    app.until("its schedule is kept", |app| runs(app) > 0);
    app.see("Approved on this computer");
    assert_eq!(approved(&app), Value::Bool(true));
    app.kill();
    app.open();
    app.until("it opens again", |app| approved(app) == Value::Bool(true));
    assert!(!app.has("dialog", "Review this workspace"), "it asks once");
}

#[test]
fn a_damaged_workspace_is_restored_from_the_backup_that_stands_in_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = made_elsewhere(folder.path());
    // Opening makes the backup of the day.
    App::elsewhere(folder.path())(&workspace, &["contacts", "count"]);
    std::fs::write(&workspace, vec![7; 40_000]).unwrap();
    let log = std::path::PathBuf::from(format!("{}-wal", workspace.display()));
    let _ = std::fs::remove_file(log);
    let app = App::with_gift(&workspace);
    app.see("Your workspace is damaged");
    app.picture("42-damaged");
    app.press("Salvage");
    app.will_pick(&app.path("saved.leadferry"));
    app.click_within("Salvage the workspace", "button", "Choose where to save…");
    app.see("can't be salvaged");
    app.click_within("Salvage the workspace", "button", "Cancel");
    // From the menu, for one that can't be opened at all. What is picked is the new one as well.
    app.click("button", "Workspace: *");
    app.click("menuitem", "Salvage a damaged workspace…");
    app.will_pick(&workspace);
    app.click_within("Salvage the workspace", "button", "Choose workspace…");
    app.see("already exists");
    app.click_within("Salvage the workspace", "button", "Cancel");
    app.press("Restore backup");
    app.see("The damaged file is kept");
    app.picture("43-restore");
    for way in ["Cancel", "Close"] {
        app.click_within("Restore this backup", "button", way);
        app.press("Restore backup");
    }
    app.click_within("Restore this backup", "button", "Restore backup");
    let current = |app: &App| app.ask("workspaces.current", &json!({}));
    app.until("the workspace is open", |app| {
        current(app)["path"] == workspace.display().to_string()
    });
    assert_eq!(current(&app)["read_only"], false);
    app.until("no damage is shown", |app| {
        !app.page().contains("Your workspace is damaged")
    });
}

#[test]
fn what_can_be_read_of_a_damaged_workspace_is_salvaged_and_opened() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = made_elsewhere(folder.path());
    let file = rusqlite::Connection::open(&workspace).unwrap();
    let page: usize = file
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'imports'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    file.pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .unwrap();
    drop(file);
    let mut bytes = std::fs::read(&workspace).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xAA);
    std::fs::write(&workspace, bytes).unwrap();
    let _ = std::fs::remove_dir_all(format!("{}.backups", workspace.display()));
    let app = App::with_gift(&workspace);
    app.see("Your workspace is damaged");
    app.click_within("Review this workspace", "button", "Cancel");
    app.press("Salvage");
    app.picture("60-salvage");
    let saved = app.path("saved.leadferry");
    app.will_pick(&saved);
    app.click_within("Salvage the workspace", "button", "Choose where to save…");
    app.see("New workspace:");
    app.picture("61-salvaged");
    app.click_within("Salvage the workspace", "button", "Open new workspace");
    app.until("the new workspace is open", |app| {
        app.ask("workspaces.current", &json!({}))["path"] == saved.display().to_string()
    });
    assert_eq!(approved(&app), Value::Bool(false));
}
