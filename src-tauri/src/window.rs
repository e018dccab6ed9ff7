//! The one window.

use leadferry_commands::door::{Desk as _, Event};
use serde_json::Value;
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{
    AppHandle, DragDropEvent, Manager as _, Theme, Url, WebviewUrl, WebviewWindow, Window,
    WindowEvent, Wry,
};
use tauri_plugin_window_state::StateFlags;

use crate::desk::Desktop;
use crate::ipc::Shell;
use crate::leaving;

/// What Tauri calls it; the capability names it too.
pub(crate) const LABEL: &str = "main";

/// The preference that says whether it is light or dark; neither follows the system.
pub(crate) const COLOR_SCHEME: &str = "color_scheme";

/// The page's own canvas, light and dark: what shows before the page does, and at its edges while it is resized.
const CANVAS: [Color; 2] = [Color(0xff, 0xff, 0xff, 0xff), Color(0x15, 0x17, 0x1b, 0xff)];

/// Opens it: its size, place and color are settled before anybody sees it.
pub(crate) fn open(app: &AppHandle, desktop: &Desktop) -> tauri::Result<()> {
    let theme = theme(&desktop.preference(COLOR_SCHEME));
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Leadferry")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .prevent_overflow()
        .theme(theme)
        .visible(false)
        // Nothing that the page holds is written to the disk by the web view; preferences have their own place.
        // A web view that keeps nothing cannot be driven by tests, which give it a home of its own instead.
        .incognito(!is_driven())
        .devtools(cfg!(debug_assertions))
        .on_navigation(is_ours)
        // The page knows which workspace is open and what it is called.
        .on_document_title_changed(|window, title| {
            if let Err(error) = window.set_title(&title) {
                tracing::warn!(%error, "the window's title could not be set");
            }
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    // What the builder is told is not heeded everywhere: without this the menu is light, and so is the window until the page
    // is there.
    window.set_theme(theme)?;
    paint(&window, theme)?;
    window.show()
}

/// Gives it the color that the page is about to have; `None` follows the system.
fn paint(window: &WebviewWindow, theme: Option<Theme>) -> tauri::Result<()> {
    let is_dark = theme.or_else(|| window.theme().ok()) == Some(Theme::Dark);
    window.set_background_color(Some(CANVAS[usize::from(is_dark)]))
}

/// Tells whether a test drives the window, as the driver says to every program that it starts.
fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}

/// What is remembered of it; whether it was hidden is not, or it would never be seen again.
pub(crate) fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// Brings it to the front, wherever it is.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let shown = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// Tells whether the user has it in front of them.
pub(crate) fn is_in_front(app: &AppHandle) -> bool {
    app.get_webview_window(LABEL)
        .is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// Makes it light or dark, as the preference says.
pub(crate) fn follow(app: &AppHandle, color_scheme: &Value) {
    let theme = theme(color_scheme);
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window.set_theme(theme).and_then(|()| paint(&window, theme))
    {
        tracing::warn!(%error, "the window's own colours could not be changed");
    }
}

/// Acts on what happens to it.
pub(crate) fn happened(window: &Window<Wry>, event: &WindowEvent) {
    let Some(shell) = window.try_state::<Shell>() else {
        return;
    };
    match event {
        WindowEvent::CloseRequested { api, .. } if leaving::must_ask(&shell.desktop) => {
            api.prevent_close();
            leaving::ask(&shell.desktop);
        }
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            // One file at a time is imported.
            if let Some(path) = paths.first() {
                let path = path.clone();
                shell.desktop.emit(Event::Dropped { path });
            }
        }
        _ => {}
    }
}

fn theme(color_scheme: &Value) -> Option<Theme> {
    match color_scheme.as_str() {
        Some("light") => Some(Theme::Light),
        Some("dark") => Some(Theme::Dark),
        _ => None,
    }
}

/// Only the app's own pages may be shown; everything else belongs in the browser.
fn is_ours(address: &Url) -> bool {
    let host = address.host_str();
    let packed = match address.scheme() {
        "tauri" => host == Some("localhost"),
        // Windows has no schemes of an app's own.
        "http" | "https" => cfg!(windows) && host == Some("tauri.localhost"),
        _ => false,
    };
    let from_dev_server = tauri::is_dev() && address.as_str().starts_with("http://localhost:5173/");
    packed || from_dev_server
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_pages_are_shown() {
        let ours = |address: &str| is_ours(&Url::parse(address).unwrap());
        assert!(ours("tauri://localhost/index.html#/contacts"));
        for other in [
            "https://login.salesforce.com/",
            "http://localhost:1717/oauth/callback",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "data:text/html,<script>",
            "about:blank",
        ] {
            assert!(!ours(other), "{other}");
        }
    }

    #[test]
    fn the_window_has_the_color_of_the_page() {
        let page = include_str!("../../ui/src/theme/theme.ts");
        for Color(red, green, blue, _) in CANVAS {
            let canvas = format!("'--lf-canvas': '#{red:02x}{green:02x}{blue:02x}'");
            assert!(page.contains(&canvas), "{canvas}");
        }
    }

    #[test]
    fn an_unknown_scheme_follows_the_system() {
        assert_eq!(theme(&Value::from("dark")), Some(Theme::Dark));
        assert_eq!(theme(&Value::from("auto")), None);
        assert_eq!(theme(&Value::Null), None);
    }
}
