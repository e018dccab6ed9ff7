//! The app: its parts put together.

use std::sync::Arc;

use leadferry_commands::door::Door;
use leadferry_commands::{Environment, files};
use tauri::{AppHandle, Manager as _};

use crate::desk::Desktop;
use crate::ipc::{self, Shell};
use crate::opening::Opening;
use crate::{instance, menu, window};

/// Runs the app until the user leaves it.
///
/// # Errors
/// When the window or one of the app's parts cannot be had.
pub(crate) fn run(environment: Environment) -> tauri::Result<()> {
    let state = window_state(&environment);
    let builder = tauri::Builder::default()
        // First of all: where the app runs already, nothing else must begin.
        .plugin(instance::guard(&environment))
        .plugin(tauri_plugin_store::Builder::new().build())
        .plugin(state);
    // On Linux a process of its own shows the dialogs.
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_dialog::init());
    let app = builder
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(tauri::generate_handler![ipc::call, ipc::listen])
        .enable_macos_default_menu(false)
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .on_window_event(window::happened)
        .setup(move |app| {
            let app = app.handle();
            close_folders(app);
            let desktop = Arc::new(Desktop::new(app.clone(), &environment.data_folder)?);
            let door = Door::new(environment, desktop.clone());
            let opening = Opening::begin(&door, &desktop);
            app.manage(Shell {
                door,
                desktop: desktop.clone(),
                opening,
            });
            menu::put_up(app)?;
            window::open(app, &desktop)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the app has started");
    app.run(|_, _| {});
    Ok(())
}

/// Keeps the folders to the user that the web view has for itself: earlier versions left them open to others.
fn close_folders(app: &AppHandle) {
    let paths = app.path();
    let folders = [
        paths.app_config_dir(),
        paths.app_data_dir(),
        paths.app_local_data_dir(),
        paths.app_cache_dir(),
        // Named by the program and not by its identifier, <https://webkitgtk.org/reference/webkit2gtk/stable/>.
        paths.data_dir().map(|folder| folder.join("leadferry")),
        paths.cache_dir().map(|folder| folder.join("leadferry")),
    ];
    for folder in folders.into_iter().flatten() {
        if let Err(error) = files::close_folder(&folder) {
            tracing::warn!(%error, "a folder may be open to others");
        }
    }
}

/// Returns the part that remembers size and place of the window, beside everything else of the app.
fn window_state(environment: &Environment) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let file = environment.data_folder.join("window.json");
    crate::private(&file);
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(window::remembered())
        .with_filename(file.to_string_lossy())
        .build()
}
