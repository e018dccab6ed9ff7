//! What the window needs: the web page's libraries and its build, and the app.

use std::path::{Path, PathBuf};
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

/// The go-between of the window and the driver of the system's web view.
const DRIVER: (&str, &str) = ("tauri-driver", "2.1.0");
/// Programs of other people that only tests need.
const TOOLS: &str = "target/tools";

/// Installs the go-between inside this folder, where this version of it is not there yet.
pub(crate) fn install_driver() -> Result<()> {
    let (name, version) = DRIVER;
    if driver().exists() && Path::new(TOOLS).join(version).exists() {
        println!("{name} is in place");
        return Ok(());
    }
    let mut install = shell::cargo(&["install", name, "--version", version, "--locked", "--debug"]);
    shell::run(install.args(["--root", TOOLS, "--target-dir", "target/tools/build"]))?;
    std::fs::write(Path::new(TOOLS).join(version), "")?;
    Ok(())
}

fn driver() -> PathBuf {
    Path::new(TOOLS).join("bin").join(DRIVER.0)
}

/// Returns a journey through the real window as a command.
pub(crate) fn journey(name: &str) -> Command {
    let mut command = shell::cargo(&["test", "--workspace", "--locked", "--test", "window"]);
    command.args(FEATURES).args(["--", name]);
    command
}
