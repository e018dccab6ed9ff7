//! The independent clients of the tests: jsforce and nforce from npm, simple-salesforce and aiosalesforce for Python, all
//! pinned with all they need.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::pins::Pins;
use crate::shell;

/// Where their scripts are.
pub(crate) const FOLDER: &str = "tests/clients";
const TARGET: &str = "target/clients";

/// Installs the clients where their pins have changed since the last time, or they are gone.
pub(crate) fn install() -> Result<()> {
    install_from_npm()?;
    install_for_python()
}

fn install_from_npm() -> Result<()> {
    let pins = Pins::read(
        Path::new(FOLDER),
        "jsforce",
        &["package.json", "package-lock.json", ".npmrc"],
    )?;
    if pins.fresh() && Path::new(FOLDER).join("node_modules/nforce").is_dir() {
        println!("jsforce and nforce are in place");
        return Ok(());
    }
    shell::run(&mut shell::command("npm", &["ci", "--prefix", FOLDER]))?;
    pins.stamp()
}

/// Installs the Salesforce CLI and SFDMU as pinned in a folder of their own: they are too large for every test run.
pub(crate) fn install_salesforce_cli() -> Result<()> {
    let folder = Path::new(FOLDER).join("sf");
    let pins = Pins::read(
        &folder,
        "sf",
        &["package.json", "package-lock.json", ".npmrc"],
    )?;
    if pins.fresh() && folder.join("node_modules/sfdmu").is_dir() {
        println!("the Salesforce CLI and SFDMU are in place");
        return Ok(());
    }
    shell::run(shell::command("npm", &["ci", "--prefix"]).arg(folder))?;
    pins.stamp()
}

fn install_for_python() -> Result<()> {
    let pins = Pins::read(
        Path::new(FOLDER),
        "simple-salesforce",
        &["requirements.txt"],
    )?;
    let venv = Path::new(TARGET).join("venv");
    if pins.fresh() && python_of(&venv).is_file() {
        println!("simple-salesforce and aiosalesforce are in place");
        return Ok(());
    }
    install_from(&venv, Path::new("tests/clients/requirements.txt"))?;
    pins.stamp()
}

/// Makes a Python environment of what a file lists with hashes; anything else than that is not installed.
pub(crate) fn install_from(venv: &Path, requirements: &Path) -> Result<()> {
    shell::run(shell::command("python3", &["-m", "venv", "--clear"]).arg(venv))?;
    shell::run(
        shell::command(python_of(venv), &["-m", "pip", "install", "--quiet"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .arg("--requirement")
            .arg(requirements),
    )
}

/// Returns the Python that has the clients.
pub(crate) fn python() -> PathBuf {
    python_of(&Path::new(TARGET).join("venv"))
}

fn python_of(venv: &Path) -> PathBuf {
    program_of(venv, "python")
}

/// Returns a program of a Python environment.
pub(crate) fn program_of(venv: &Path, name: &str) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts").join(format!("{name}.exe"))
    } else {
        venv.join("bin").join(name)
    }
}

#[cfg(test)]
mod tests {
    /// pip refuses a file of which only some packages have hashes, but tells nobody before it runs.
    #[test]
    fn every_python_package_is_pinned_with_hashes() {
        for list in [
            include_str!("../../tests/clients/requirements.txt"),
            include_str!("../tools.txt"),
        ] {
            let joined = list.replace("\\\n", " ");
            let packages: Vec<&str> = joined
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .collect();
            assert!(!packages.is_empty());
            for package in packages {
                assert!(package.contains("=="), "{package}");
                let hashes = package.matches(" --hash=sha256:").count();
                assert!(hashes > 0, "{package} has no hash");
            }
        }
    }
}
