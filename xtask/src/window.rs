//! What the window needs: the web page's libraries and its build, and the app.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::pins::Pins;
use crate::shell;

/// The app with its page inside, as it is shipped. One set of features everywhere: nothing is compiled twice.
pub(crate) const FEATURES: &[&str] = &["--features", "leadferry/desktop,leadferry/custom-protocol"];

const UI: &str = "ui";

/// Installs the page's libraries where their pins have changed since the last time, or they are gone.
pub(crate) fn install_libraries() -> Result<()> {
    let pins = Pins::read(
        Path::new(UI),
        "ui",
        &["package.json", "package-lock.json", ".npmrc"],
    )?;
    if pins.fresh() && Path::new(UI).join("node_modules").is_dir() {
        println!("the window's libraries are in place");
        return Ok(());
    }
    shell::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    pins.stamp()
}

/// Returns an npm command for the page.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = shell::command("npm", args);
    command.current_dir(UI);
    command
}

/// Tells whether a window can be shown to somebody.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
