//! What the window needs: the web page's libraries and its build, the app, and a display to try it on.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::pins::Pins;
use crate::shell;

/// The app with its page inside, as it is shipped. One set of features everywhere: nothing is compiled twice.
pub(crate) const FEATURES: &[&str] = &["--features", "leadferry/desktop,leadferry/custom-protocol"];

const UI: &str = "ui";
const DRIVER: &str = "tauri-driver";
const DRIVER_VERSION: &str = "2.1.0";
const TOOLS: &str = "target/tools";

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

/// Installs what drives the window in tests.
pub(crate) fn install_driver() -> Result<()> {
    if Path::new(TOOLS).join("bin").join(DRIVER).is_file() {
        println!("{DRIVER} is in place");
        return Ok(());
    }
    let mut install = shell::cargo(&["install", "--locked", "--root", TOOLS, DRIVER]);
    shell::run(install.args(["--version", DRIVER_VERSION, "--target-dir", "target"]))
}

/// Returns an npm command for the page.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = shell::command("npm", args);
    command.current_dir(UI);
    command
}

/// Returns a command that runs `args` with a display, and a message bus, that nobody else sees.
pub(crate) fn on_own_display(args: &[&str]) -> Command {
    let mut command = shell::command("dbus-run-session", &["--", "xvfb-run", "--auto-servernum"]);
    command
        .arg("--server-args=-screen 0 1280x800x24")
        .args(args)
        // A display without a graphics card.
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("NO_AT_BRIDGE", "1");
    command
}

/// Tells whether a window can be shown to somebody.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
