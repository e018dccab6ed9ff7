//! Runs the tests, and the window's journeys that failed once more: they drive a real web view, which a busy machine
//! can hold up for longer than a journey waits. What needed its second try is said; whatever else failed stays failed.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::shell;

/// How cargo names the journeys of the window among the targets that failed.
const WINDOW: &str = "`-p leadferry --test window`";

/// Runs what `tests` returns, cargo's own command, with these arguments for the test programs.
pub(crate) fn run(tests: impl Fn() -> Command, arguments: &[&str]) -> Result<()> {
    let told = told_by(tests().args(["--no-fail-fast", "--"]).args(arguments))?;
    let Some(told) = told else { return Ok(()) };
    let failed = journeys_to_repeat(&told).context("tests failed")?;
    println!("\nRepeating {} of the window's journeys", failed.len());
    let mut again = tests();
    again
        .args(["--test", "window", "--", "--exact", "--test-threads", "1"])
        .args(&failed);
    shell::run(&mut again)?;
    println!("Passed at the second try only: {}", failed.join(", "));
    Ok(())
}

/// Runs a command in sight; returns what it printed where it failed.
fn told_by(command: &mut Command) -> Result<Option<String>> {
    println!("$ {}", shell::show(command));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("could not start cargo")?;
    let errors = child.stderr.take().context("no error output")?;
    let output = child.stdout.take().context("no output")?;
    let errors = thread::spawn(move || passed_on(errors, std::io::stderr()));
    let mut told = passed_on(output, std::io::stdout());
    told += &errors.join().unwrap_or_default();
    let status = child.wait().context("could not wait for cargo")?;
    Ok((!status.success()).then_some(told))
}

/// Prints lines as they come, and returns them all.
fn passed_on(from: impl Read, mut to: impl Write) -> String {
    let mut told = Vec::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A terminal that went away doesn't end the tests.
        let _ = to.write_all(&line);
        told.append(&mut line);
    }
    String::from_utf8_lossy(&told).into_owned()
}

/// Returns the window's journeys that failed, where nothing else did.
fn journeys_to_repeat(told: &str) -> Result<Vec<String>> {
    let targets: Vec<_> = told
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("`-p "))
        .collect();
    if targets != [WINDOW] {
        bail!("not only journeys of the window: {}", targets.join(", "));
    }
    // Each test program ends with the names of its tests that failed; no other program has any here.
    let names = told.rsplit_once("\nfailures:\n").map_or("", |(_, end)| end);
    let names = names.lines().take_while(|line| line.starts_with("    "));
    let names: Vec<_> = names.map(|name| name.trim().to_owned()).collect();
    if names.is_empty() {
        bail!("the window's journeys ended without naming one that failed");
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDED: &str = "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\noh\n\nfailures:\n    a::b\n    c\n\ntest result: FAILED\n";

    #[test]
    fn the_windows_journeys_that_failed_are_repeated() {
        let told = format!("{ENDED}error: 1 target failed:\n    {WINDOW}\n");
        assert_eq!(journeys_to_repeat(&told).unwrap(), ["a::b", "c"]);
    }

    #[test]
    fn nothing_is_repeated_where_another_test_failed() {
        let also = format!(
            "{ENDED}error: 2 targets failed:\n    `-p leadferry --test hostile`\n    {WINDOW}\n"
        );
        assert!(journeys_to_repeat(&also).is_err());
        let died = format!("error: 1 target failed:\n    {WINDOW}\n");
        assert!(journeys_to_repeat(&died).is_err());
        assert!(journeys_to_repeat("error: could not compile").is_err());
    }

    #[test]
    fn only_what_failed_is_told() {
        assert_eq!(told_by(&mut shell::command("true", &[])).unwrap(), None);
        let told = told_by(&mut shell::command(
            "sh",
            &["-c", "echo a; echo b >&2; exit 1"],
        ));
        assert_eq!(told.unwrap().unwrap(), "a\nb\n");
    }
}
