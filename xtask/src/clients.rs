//! The independent clients of the tests: jsforce from npm, simple-salesforce for Python, both pinned with all they need.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::pins::Pins;
use crate::shell;

/// Where their scripts are.
pub(crate) const FOLDER: &str = "tests/clients";
const TARGET: &str = "target/clients";

/// Installs both clients where their pins have changed since the last time, or they are gone.
pub(crate) fn install() -> Result<()> {
    install_jsforce()?;
    install_simple_salesforce()
}

fn install_jsforce() -> Result<()> {
    let pins = Pins::read(
        Path::new(FOLDER),
        "jsforce",
        &["package.json", "package-lock.json", ".npmrc"],
    )?;
    if pins.fresh() && Path::new(FOLDER).join("node_modules/jsforce").is_dir() {
        println!("jsforce is in place");
        return Ok(());
    }
    shell::run(&mut shell::command("npm", &["ci", "--prefix", FOLDER]))?;
    pins.stamp()
}

fn install_simple_salesforce() -> Result<()> {
    let pins = Pins::read(
        Path::new(FOLDER),
        "simple-salesforce",
        &["requirements.txt"],
    )?;
    let venv = Path::new(TARGET).join("venv");
    let python = python_of(&venv);
    if pins.fresh() && python.is_file() {
        println!("simple-salesforce is in place");
        return Ok(());
    }
    shell::run(shell::command("python3", &["-m", "venv", "--clear"]).arg(&venv))?;
    shell::run(
        shell::command(&python, &["-m", "pip", "install", "--quiet"])
            .arg("--disable-pip-version-check")
            .args(["--requirement", "tests/clients/requirements.txt"]),
    )?;
    pins.stamp()
}

/// Returns the Python that has simple-salesforce.
pub(crate) fn python() -> PathBuf {
    python_of(&Path::new(TARGET).join("venv"))
}

fn python_of(venv: &Path) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts/python.exe")
    } else {
        venv.join("bin/python")
    }
}
