//! Which workspace is open when the window appears: the one that was asked for, else the last one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use leadferry_commands::door::{Desk as _, Door};
use leadferry_commands::{Error, sentence};
use serde_json::Value;
use tauri::async_runtime::{RwLock, spawn_blocking};
use tauri::{AppHandle, Manager as _};

use crate::desk::Desktop;
use crate::ipc::Shell;

/// The preference that remembers the open workspace.
const LAST: &str = "last_workspace";

/// The preference that remembers the workspaces opened lately, the last one first.
const RECENT: &str = leadferry_commands::door::RECENT_WORKSPACES;
/// So many of them.
const KEPT: usize = 8;

const ENDING: &str = "leadferry";

/// A workspace being opened. A large one may take a while: the window shows itself meanwhile, and waits with questions.
pub(crate) struct Opening {
    trouble: Arc<RwLock<Option<String>>>,
}

impl Opening {
    /// Begins to open what is to be open at the start.
    pub(crate) fn begin(door: &Arc<Door>, desktop: &Arc<Desktop>) -> Opening {
        let trouble = Arc::<RwLock<Option<String>>>::default();
        let mut slot = tauri::async_runtime::block_on(trouble.clone().write_owned());
        let door = door.clone();
        let path = wanted(desktop);
        spawn_blocking(move || {
            *slot = path.and_then(|path| door.open(&path).err().map(|error| told(&path, &error)));
        });
        Opening { trouble }
    }

    /// Waits until it is open. Returns what went wrong, to those who come until another workspace is open.
    pub(crate) async fn done(&self) -> Option<String> {
        self.trouble.read().await.clone()
    }
}

/// Returns what is to be open at the start: named on the command line, by the environment, or the last one.
fn wanted(desktop: &Desktop) -> Option<PathBuf> {
    let folder = std::env::current_dir().unwrap_or_default();
    let named = among(std::env::args().skip(1), &folder);
    let by_environment = || std::env::var_os("LEADFERRY_WORKSPACE").filter(|path| !path.is_empty());
    let last = || Some(PathBuf::from(desktop.preference(LAST).as_str()?));
    named
        .or_else(|| by_environment().map(PathBuf::from))
        .or_else(last)
}

/// Keeps in mind which workspace is open; none after it was closed.
pub(crate) fn remember(desktop: &Desktop, path: Option<&Path>) {
    let text = path.map(|path| Value::from(path.to_string_lossy()));
    if let Some(path) = &text {
        desktop.set_preference(RECENT, with(path, &desktop.preference(RECENT)));
    }
    desktop.set_preference(LAST, text.unwrap_or(Value::Null));
}

fn with(path: &Value, before: &Value) -> Value {
    let before = before.as_array().into_iter().flatten();
    let others = before.filter(|other| *other != path);
    [path]
        .into_iter()
        .chain(others)
        .take(KEPT)
        .cloned()
        .collect()
}

/// Opens the workspace that a second start was given, if it was given one.
pub(crate) fn asked_for(app: &AppHandle, arguments: Vec<String>, folder: &Path) {
    let Some(path) = among(arguments.into_iter().skip(1), folder) else {
        return;
    };
    let (door, desktop) = {
        let shell = app.state::<Shell>();
        (shell.door.clone(), shell.desktop.clone())
    };
    spawn_blocking(move || {
        if let Err(error) = door.open(&path) {
            desktop.tell(told(&path, &error));
        }
    });
}

/// Returns the workspace among the arguments of a command line.
fn among(mut arguments: impl Iterator<Item = String>, folder: &Path) -> Option<PathBuf> {
    let file =
        arguments.find(|argument| Path::new(argument).extension().is_some_and(|e| e == ENDING))?;
    Some(folder.join(file))
}

fn told(path: &Path, error: &Error) -> String {
    let parts = [&error.message, &error.cause, &error.hint];
    let said: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let name = path.file_name().unwrap_or(path.as_os_str());
    format!(
        "{} wasn't opened. {}",
        name.display(),
        said.into_iter().map(sentence).collect::<Vec<_>>().join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_workspace_stands_first_and_each_stands_once() {
        let mut recent = Value::Null;
        for name in ["a", "b", "a"] {
            recent = with(&name.into(), &recent);
        }
        assert_eq!(recent, serde_json::json!(["a", "b"]));
        for name in 0..20 {
            recent = with(&name.to_string().into(), &recent);
        }
        assert_eq!(recent.as_array().unwrap().len(), KEPT);
    }

    #[test]
    fn the_workspace_of_a_command_line_is_found_from_where_it_was_typed() {
        let typed = |arguments: &[&str]| {
            let arguments = arguments.iter().map(ToString::to_string);
            among(arguments, Path::new("/home/ada"))
        };
        assert_eq!(
            typed(&["contacts.csv", "acme.leadferry"]),
            Some(PathBuf::from("/home/ada/acme.leadferry"))
        );
        assert_eq!(
            typed(&["/data/acme.leadferry"]),
            Some(PathBuf::from("/data/acme.leadferry"))
        );
        assert_eq!(typed(&["contacts.csv"]), None);
    }
}
