//! The independent clients of the tests: jsforce from npm, simple-salesforce for Python, both pinned with all they need.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

const FOLDER: &str = "tests/clients";
const STAMPS: &str = "target/clients";

/// Installs both clients where their pins have changed since the last time, or they are gone.
pub(crate) fn install() -> Result<()> {
    fs::create_dir_all(STAMPS).context("could not create target/clients")?;
    install_jsforce()?;
    install_simple_salesforce()
}

fn install_jsforce() -> Result<()> {
    let pins = Pins::read("jsforce", &["package.json", "package-lock.json", ".npmrc"])?;
    if pins.fresh() && Path::new(FOLDER).join("node_modules/jsforce").is_dir() {
        println!("jsforce is in place");
        return Ok(());
    }
    shell::run(&mut shell::command("npm", &["ci", "--prefix", FOLDER]))?;
    pins.stamp()
}

fn install_simple_salesforce() -> Result<()> {
    let pins = Pins::read("simple-salesforce", &["requirements.txt"])?;
    let venv = Path::new(STAMPS).join("venv");
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

fn python_of(venv: &Path) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts/python.exe")
    } else {
        venv.join("bin/python")
    }
}

/// What a client was installed from: the text of its pins, beside the text of the last time.
struct Pins {
    text: String,
    stamp: PathBuf,
}

impl Pins {
    fn read(client: &str, files: &[&str]) -> Result<Self> {
        let mut text = String::new();
        for file in files {
            let path = Path::new(FOLDER).join(file);
            text += &fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", path.display()))?;
        }
        let stamp = Path::new(STAMPS).join(format!("{client}.stamp"));
        Ok(Self { text, stamp })
    }

    fn fresh(&self) -> bool {
        fs::read_to_string(&self.stamp).is_ok_and(|stamped| stamped == self.text)
    }

    fn stamp(&self) -> Result<()> {
        fs::write(&self.stamp, &self.text)
            .with_context(|| format!("could not write {}", self.stamp.display()))
    }
}
