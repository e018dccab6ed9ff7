//! Commands of the system: shown first, then run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Makes the top folder of the project the working folder, wherever the command was called from.
pub(crate) fn enter_top_folder() -> Result<()> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask has no parent folder")?;
    std::env::set_current_dir(top).with_context(|| format!("could not enter {}", top.display()))
}

/// Returns cargo as a command: the very one that started this program.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// Returns a command with its arguments.
pub(crate) fn command(program: impl AsRef<OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// Prints a command as one would type it, runs it and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("$ {shown}");
    let status = command
        .status()
        .with_context(|| format!("could not start: {shown}"))?;
    if !status.success() {
        bail!("this command failed ({status}): {shown}");
    }
    Ok(())
}

/// Returns true when a command starts and succeeds; its output is not shown.
pub(crate) fn succeeds(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Returns a command as one would type it, with its own environment variables in front.
pub(crate) fn show(command: &Command) -> String {
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.display(), quoted(value?))));
    variables
        .chain([show_without_variables(command)])
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a command as one would type it, without its environment variables.
pub(crate) fn show_without_variables(command: &Command) -> String {
    let path = Path::new(command.get_program());
    let program = match path.file_stem() {
        Some(name) if path.is_absolute() => name,
        _ => path.as_os_str(),
    };
    [program.display().to_string()]
        .into_iter()
        .chain(command.get_args().map(quoted))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Builds a binary of the workspace in debug mode and returns where it lies.
pub(crate) fn build_binary(package: &str) -> Result<PathBuf> {
    let mut command = cargo(&["build", "--locked", "--package", package]);
    println!("$ {}", show(&command));
    let output = command
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("could not start cargo")?;
    if !output.status.success() {
        bail!("{package} does not build");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == package)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("cargo did not say where {package} lies"))
}

/// Returns where a binary of the workspace lies once it was built in debug mode.
pub(crate) fn binary(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Path::new(&target).join("debug").join(file)
}

fn quoted(argument: &OsStr) -> String {
    let text = argument.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = command("/usr/bin/leadferry-cli", &["scores", "add", "It's good"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(
            show(&command),
            r"RUSTDOCFLAGS='-D warnings' leadferry-cli scores add 'It'\''s good'"
        );
    }
}
