//! Letting the user pick files.

use std::path::PathBuf;

use leadferry_commands::door::Pick;
use tauri::AppHandle;
#[cfg(not(target_os = "linux"))]
use {crate::window, tauri::Manager as _, tauri_plugin_dialog::DialogExt as _};

#[cfg(target_os = "linux")]
use crate::picking;

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
        Pick::Page => "Choose a page",
        Pick::Key => "Choose a key file",
        Pick::Certificate => "Choose a certificate",
    };
    picked(app, what, title, None)
}

/// Lets the user say where a new file goes; waits for the answer.
pub(crate) fn place(app: &AppHandle, what: Pick, name: &str) -> Option<PathBuf> {
    if let Some(picked) = by_a_test() {
        return Some(picked);
    }
    let mut place = picked(app, what, "Save as", Some(name))?;
    // Typed without an ending, it gets the usual one.
    if place.extension().is_none() {
        place.set_extension(endings(what).1[0]);
    }
    Some(place)
}

/// Shows the system's dialog: for a new file of a name, or for one that is there.
#[cfg(target_os = "linux")]
fn picked(_: &AppHandle, what: Pick, title: &str, new: Option<&str>) -> Option<PathBuf> {
    let kind = endings(what);
    picking::ask(&picking::Asked { title, new, kind })
}

/// Shows the system's dialog: for a new file of a name, or for one that is there.
#[cfg(not(target_os = "linux"))]
fn picked(app: &AppHandle, what: Pick, title: &str, new: Option<&str>) -> Option<PathBuf> {
    let (kind, endings) = endings(what);
    let mut dialog = app
        .dialog()
        .file()
        .set_title(title)
        .add_filter(kind, endings)
        .add_filter("All files", &["*"]);
    if let Some(window) = app.get_webview_window(window::LABEL) {
        dialog = dialog.set_parent(&window);
    }
    let picked = match new {
        Some(name) => dialog.set_file_name(name).blocking_save_file(),
        None => dialog.blocking_pick_file(),
    };
    picked?.into_path().ok()
}

fn endings(what: Pick) -> (&'static str, &'static [&'static str]) {
    match what {
        Pick::Workspace => ("Leadferry workspaces", &["leadferry"]),
        Pick::Contacts => ("Contacts", &["csv", "tsv", "txt", "xlsx", "vcf"]),
        Pick::Csv => ("CSV files", &["csv"]),
        Pick::Xlsx => ("Excel workbooks", &["xlsx"]),
        Pick::Text => ("Text files", &["txt"]),
        Pick::Proof => ("Pages to print, or JSON", &["html", "json"]),
        Pick::Page => ("Pages to print", &["html"]),
        Pick::Key => ("Key files", &["p12", "pfx", "pem", "key", "jks"]),
        Pick::Certificate => ("Certificates", &["pem", "crt", "cer"]),
    }
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
