//! All that the window can reach: one command that calls the core, one that listens to it.

use std::sync::Arc;

use leadferry_commands::Error;
use leadferry_commands::door::{Door, Event};
use serde_json::Value;
use tauri::State;
use tauri::ipc::Channel;

use crate::desk::Desktop;
use crate::opening::Opening;

/// What the commands work with.
pub(crate) struct Shell {
    /// The core.
    pub(crate) door: Arc<Door>,
    /// The desktop.
    pub(crate) desktop: Arc<Desktop>,
    /// What is being opened at the start.
    pub(crate) opening: Opening,
}

/// Calls a use case by name.
#[tauri::command]
pub(crate) async fn call(
    shell: State<'_, Shell>,
    name: String,
    params: Value,
) -> Result<Value, Error> {
    // What the desktop itself answers, such as how the window looks, need not wait for the workspace.
    if !name.starts_with("shell.") {
        shell.opening.done().await;
    }
    shell.door.call(&name, params).await
}

/// Sends everything that happens from now on to `channel`, first of all what is open. A page that is loaded anew calls
/// this anew, and takes the place of the one before.
#[tauri::command]
pub(crate) async fn listen(shell: State<'_, Shell>, channel: Channel<Event>) -> Result<(), ()> {
    let trouble = shell.opening.done().await;
    let path = shell
        .door
        .workspace()
        .map(|workspace| workspace.store().path().to_owned());
    shell.desktop.send_to(channel, path, trouble);
    Ok(())
}
