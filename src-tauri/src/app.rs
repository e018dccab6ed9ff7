//! The app: its parts put together.

use std::sync::Arc;

use leadferry_commands::Environment;
use leadferry_commands::door::Door;
use tauri::Manager as _;

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

/// Returns the part that remembers size and place of the window, beside everything else of the app.
fn window_state(environment: &Environment) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let file = environment.data_folder.join("window.json");
    crate::private(&file);
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(window::remembered())
        .with_filename(file.to_string_lossy())
        .build()
}
