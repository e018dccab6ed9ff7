//! Programs run to their end, with what they took.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use wait4::Wait4 as _;

/// What a program took.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// From start to end.
    pub(crate) wall: Duration,
    /// Of the processor, its children's included that it has waited for.
    pub(crate) cpu: Duration,
    /// The most memory that it had, in bytes.
    pub(crate) memory: u64,
    /// What it printed.
    pub(crate) output: String,
}

/// Runs a program.
///
/// # Errors
/// When it cannot be started, or ends with another code than one of `codes`.
pub(crate) fn run(command: &mut Command, codes: &[i32]) -> Result<Taken> {
    let shown = format!("{command:?}");
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {shown}"))?;
    let mut output = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut output)?;
    }
    let ended = child.wait4()?;
    if !ended
        .status
        .code()
        .is_some_and(|code| codes.contains(&code))
    {
        bail!("{shown} ended with {}: {output}", ended.status);
    }
    Ok(Taken {
        wall: begun.elapsed(),
        cpu: ended.rusage.utime + ended.rusage.stime,
        memory: ended.rusage.maxrss,
        output,
    })
}
