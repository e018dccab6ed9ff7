//! The one TypeScript file of all commands.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell;

const FILE: &str = "ui/src/ipc/bindings.ts";

/// Writes the file anew; a test fails while it is stale.
pub(crate) fn write() -> Result<()> {
    let mut command = shell::cargo(&["run", "--quiet", "--package", "leadferry-commands"]);
    command.args(["--example", "bindings"]);
    println!("$ {}", shell::show(&command));
    let output = command.output().context("could not start cargo")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::write(FILE, output.stdout).with_context(|| format!("could not write {FILE}"))
}
