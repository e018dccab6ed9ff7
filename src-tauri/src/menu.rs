//! The menu bar. What it asks for that the window does, the window is told by name.

use leadferry_commands::door::Event;
use tauri::menu::{AboutMetadata, Menu, MenuBuilder, MenuItem, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Manager as _, Wry};

use crate::ipc::Shell;
use crate::{leaving, window};

/// Brings the window back; only in the tray.
pub(crate) const SHOW: &str = "show";
/// Ends the app.
pub(crate) const QUIT: &str = "quit";
const CLOSE: &str = "close_window";

/// An entry: its name, its words, its keys.
type Entry = (&'static str, &'static str, Option<&'static str>);

/// What stands under *File* before the entries that end things.
const FILE: &[Entry] = &[
    ("new_workspace", "New workspace…", None),
    ("open_workspace", "Open workspace…", Some("CmdOrCtrl+O")),
    ("import", "Import contacts…", Some("CmdOrCtrl+I")),
    ("backup", "Back up…", None),
];

/// The screens, in the order of the navigation.
const VIEW: &[Entry] = &[
    ("overview", "Overview", None),
    ("contacts", "Contacts", None),
    ("accounts", "Accounts", None),
    ("activities", "Activities", None),
    ("segments", "Segments", None),
    ("scores", "Scores", None),
    ("consent", "Consent", None),
    ("replications", "Replications", None),
    ("salesforce", "Salesforce", None),
    ("pulls", "Pulls", None),
    ("connections", "Connections", None),
    ("recent changes", "Recent changes", None),
    ("security", "Security", None),
    ("settings", "Settings", Some("CmdOrCtrl+,")),
];

/// The window has keys of its own for these, as browsers do.
const ZOOM: &[Entry] = &[
    ("zoom_in", "Zoom in", None),
    ("zoom_out", "Zoom out", None),
    ("zoom_reset", "Reset zoom", None),
];

const HELP: &[Entry] = &[
    ("error doctor", "Error doctor", None),
    ("help", "Help", None),
    ("shortcuts", "Keyboard shortcuts", Some("F1")),
    ("about", "About Leadferry", None),
];

/// Puts the menu bar up.
pub(crate) fn put_up(app: &AppHandle) -> tauri::Result<()> {
    app.set_menu(bar(app)?).map(drop)
}

/// Acts on what was chosen from the menu bar or the tray.
pub(crate) fn chosen(app: &AppHandle, item: &str) {
    let Some(shell) = app.try_state::<Shell>() else {
        return;
    };
    match item {
        SHOW => window::show(app),
        QUIT => leaving::quit(&shell.desktop),
        CLOSE => {
            if let Some(main) = app.get_webview_window(window::LABEL) {
                // As if the user had closed it by its own button.
                let _ = main.close();
            }
        }
        item => {
            let item = item.to_owned();
            shell.desktop.send(Event::Menu { item });
        }
    }
}

fn bar(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let file = submenu(app, "File", FILE)?
        .separator()
        .item(&entry(app, &(CLOSE, "Close window", Some("CmdOrCtrl+W")))?)
        .item(&entry(app, &(QUIT, "Quit", Some("CmdOrCtrl+Q")))?)
        .build()?;
    let mut view = submenu(app, "View", VIEW)?.separator();
    for one in ZOOM {
        view = view.item(&entry(app, one)?);
    }
    let view = view.build()?;
    let help = submenu(app, "Help", HELP)?.build()?;
    let mut bar = MenuBuilder::new(app);
    if let Some((own, edit)) = of_a_mac(app)? {
        bar = bar.items(&[&own, &file, &edit, &view, &help]);
    } else {
        bar = bar.items(&[&file, &view, &help]);
    }
    bar.build()
}

/// Returns the menus that every app on a Mac has. Copying and pasting by key go through *Edit* there; elsewhere the web
/// view does that itself, and entries with the same keys would take them away from it.
fn of_a_mac(app: &AppHandle) -> tauri::Result<Option<(Submenu<Wry>, Submenu<Wry>)>> {
    if !cfg!(target_os = "macos") {
        return Ok(None);
    }
    let own = SubmenuBuilder::new(app, "Leadferry")
        .about(Some(AboutMetadata::default()))
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .build()?;
    let edit = SubmenuBuilder::new(app, "Edit")
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    Ok(Some((own, edit)))
}

fn submenu<'a>(
    app: &'a AppHandle,
    name: &str,
    entries: &[Entry],
) -> tauri::Result<SubmenuBuilder<'a, Wry, AppHandle>> {
    let mut menu = SubmenuBuilder::new(app, name);
    for one in entries {
        menu = menu.item(&entry(app, one)?);
    }
    Ok(menu)
}

fn entry(app: &AppHandle, (id, words, keys): &Entry) -> tauri::Result<MenuItem<Wry>> {
    MenuItem::with_id(app, *id, *words, true, *keys)
}
