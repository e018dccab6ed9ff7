//! Letting the user pick files.

use std::path::PathBuf;

use leadferry_commands::door::Pick;
use tauri::{AppHandle, Manager as _, Wry};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};

use crate::window;

/// Lets the user pick a file; waits for the answer.
pub(crate) fn file(app: &AppHandle, what: Pick) -> Option<PathBuf> {
    if let Some(picked) = by_a_test() {
        return Some(picked);
    }
    let title = match what {
        Pick::Workspace => "Open a workspace",
        Pick::Contacts => "Choose a contact file",
        Pick::Csv => "Choose a CSV file",
        Pick::Xlsx => "Choose an Excel workbook",
        Pick::Text => "Choose a text file",
        Pick::Proof => "Choose a proof",
    };
    path(dialog(app, what).set_title(title).blocking_pick_file())
}

/// Lets the user say where a new file goes; waits for the answer.
pub(crate) fn place(app: &AppHandle, what: Pick, name: &str) -> Option<PathBuf> {
    if let Some(picked) = by_a_test() {
        return Some(picked);
    }
    let dialog = dialog(app, what).set_title("Save as").set_file_name(name);
    let mut place = path(dialog.blocking_save_file())?;
    // Typed without an ending, it gets the usual one.
    if place.extension().is_none() {
        place.set_extension(endings(what).1[0]);
    }
    Some(place)
}

fn dialog(app: &AppHandle, what: Pick) -> FileDialogBuilder<Wry> {
    let (kind, endings) = endings(what);
    let dialog = app
        .dialog()
        .file()
        .add_filter(kind, endings)
        .add_filter("All files", &["*"]);
    match app.get_webview_window(window::LABEL) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

fn endings(what: Pick) -> (&'static str, &'static [&'static str]) {
    match what {
        Pick::Workspace => ("Leadferry workspaces", &["leadferry"]),
        Pick::Contacts => ("Contacts", &["csv", "tsv", "txt", "xlsx", "vcf"]),
        Pick::Csv => ("CSV files", &["csv"]),
        Pick::Xlsx => ("Excel workbooks", &["xlsx"]),
        Pick::Text => ("Text files", &["txt"]),
        Pick::Proof => ("Pages to print, or JSON", &["html", "json"]),
    }
}

fn path(picked: Option<FilePath>) -> Option<PathBuf> {
    picked?.into_path().ok()
}

/// Returns the path that a test has written into the file which `LEADFERRY_TEST_PICK` names: nothing that drives a window
/// from outside reaches the system's own dialogs. Builds for users have no such thing.
#[cfg(debug_assertions)]
fn by_a_test() -> Option<PathBuf> {
    let note = std::env::var_os("LEADFERRY_TEST_PICK")?;
    let path = std::fs::read_to_string(note).ok()?;
    Some(PathBuf::from(path.trim()))
}

#[cfg(not(debug_assertions))]
fn by_a_test() -> Option<PathBuf> {
    None
}
