//! The mark in the tray, while work goes on without the window.

use std::path::Path;

use tauri::AppHandle;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};

use crate::{menu, window};

const ID: &str = "leadferry";

/// Shows it; false where there is no tray.
pub(crate) fn show(app: &AppHandle) -> bool {
    if app.tray_by_id(ID).is_some() {
        return true;
    }
    if !has_tray() {
        return false;
    }
    match put_up(app) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "there is no tray");
            false
        }
    }
}

/// Takes it away: the window is back.
fn hide(app: &AppHandle) {
    app.remove_tray_by_id(ID);
}

fn put_up(app: &AppHandle) -> tauri::Result<()> {
    let show = MenuItem::with_id(app, menu::SHOW, "Show Leadferry", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, menu::QUIT, "Quit", true, None::<&str>)?;
    let tray = TrayIconBuilder::with_id(ID)
        .tooltip("Leadferry is working")
        .menu(&Menu::with_items(app, &[&show, &quit])?)
        .show_menu_on_left_click(false)
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                let app = tray.app_handle();
                hide(app);
                window::show(app);
            }
        });
    let tray = match app.default_window_icon() {
        Some(icon) => tray.icon(icon.clone()),
        None => tray,
    };
    tray.build(app).map(drop)
}

/// Tells whether this desktop can have one. The library for it is looked up while the app runs, and ends the app when it
/// is not there: so it is looked for first.
#[cfg(target_os = "linux")]
fn has_tray() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let bus = set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists());
    let folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib"].map(Path::new);
    let libraries = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    bus && folders.iter().any(|folder| {
        // Debian keeps them one level deeper, named after the processor.
        let deeper = folder.join(format!("{}-linux-gnu", std::env::consts::ARCH));
        libraries
            .iter()
            .any(|library| folder.join(library).exists() || deeper.join(library).exists())
    })
}

#[cfg(not(target_os = "linux"))]
fn has_tray() -> bool {
    let _ = Path::new("");
    true
}
