//! `cargo xtask test`: every check, one after the other, in one target folder.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{controls, retried, setup, shell, supply_chain, unused, window};

/// Where random inputs begin unless said otherwise: a change is judged by itself, not by the luck of its day.
///
/// `cargo test` and `cargo xtask proof` begin anywhere, and print where.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// What to leave out.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Skip the window, the docs, the end-to-end tests and the licenses.
    #[arg(long)]
    quick: bool,
    /// Install system packages without asking.
    #[arg(long)]
    yes: bool,
}

/// Runs all checks and stops at the first that fails.
pub(crate) fn test(args: &Args) -> Result<()> {
    let mut steps = Steps::default();
    steps.step("Set-up", || {
        if args.quick {
            setup::to_build(args.yes)
        } else {
            setup::everything(&setup::Args { yes: args.yes })
        }
    })?;
    let leaves_out_disks = !args.quick && !can_mount();
    controls::forget()?;
    steps.step("No unused dependencies", unused::check)?;
    for (title, command) in &mut checks(args.quick) {
        steps.step(title, || shell::run(command))?;
    }
    if !args.quick {
        let skipped: &[&str] = if leaves_out_disks {
            &["--skip", "small_disk"]
        } else {
            &[]
        };
        steps.step("Tests", || retried::run(|| with_window(&["test"]), skipped))?;
        steps.step("Controls of the window that no test uses", controls::check)?;
    }
    steps.step(
        "No window library in the command line program",
        no_window_library,
    )?;
    if !args.quick {
        steps.step(
            "Licenses, sources and known vulnerabilities",
            supply_chain::check,
        )?;
    }
    println!("\n{} steps passed", steps.passed);
    if leaves_out_disks {
        println!("Left out: what happens on a full disk, because this user may not mount one");
    }
    Ok(())
}

fn checks(quick: bool) -> Vec<(&'static str, Command)> {
    let formatting = ("Formatting", shell::cargo(&["fmt", "--all", "--check"]));
    if quick {
        let mut tests = shell::cargo(&["test", "--workspace", "--locked"]);
        tests.args(["--exclude", "leadferry"]);
        return vec![formatting, ("Lints", lints(&[])), ("Tests", tests)];
    }
    vec![
        formatting,
        (
            "The page's lints, types and dead ends",
            window::npm(&["run", "check"]),
        ),
        ("The page", window::npm(&["run", "build"])),
        ("Lints", lints(window::FEATURES)),
        ("Docs", docs()),
        (
            "Build",
            with_window(&["build", "--bins", "--tests", "--examples"]),
        ),
        // They ask the commands themselves, which an example serves.
        ("The page's tests", window::npm(&["run", "test"])),
    ]
}

/// Returns a command of cargo over everything, the window included.
fn with_window(args: &[&str]) -> Command {
    let mut command = shell::cargo(args);
    command
        .args(["--workspace", "--locked"])
        .args(window::FEATURES);
    for name in ["LEADFERRY_TEST_SEED", "PROPTEST_RNG_SEED"] {
        if std::env::var_os(name).is_none() {
            command.env(name, SEED.to_string());
        }
    }
    command
}

/// Tells whether this user may mount a small disk, as the tests of full disks do.
fn can_mount() -> bool {
    let try_it = r#"d=$(mktemp -d) && mount -t tmpfs -o size=64k leadferry-test "$d" && umount "$d" && rmdir "$d""#;
    shell::succeeds("sh", &["-c", try_it])
}

fn lints(features: &[&str]) -> Command {
    let mut command = shell::cargo(&["clippy", "--workspace", "--all-targets", "--locked"]);
    command.args(features).args(["--", "-D", "warnings"]);
    command
}

fn docs() -> Command {
    let mut command = shell::cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    command
        .args(window::FEATURES)
        .arg("--document-private-items")
        .env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// The command line program runs on servers: nothing of a desktop may be linked into it.
fn no_window_library() -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("nothing to look at on this system");
        return Ok(());
    }
    // As the step before built it; built by itself it would have other features, and take minutes.
    let program = shell::binary("leadferry-cli");
    let mut command = shell::command("ldd", &[]);
    command.arg(program);
    println!("$ {}", shell::show(&command));
    let output = command.output().context("could not start ldd")?;
    let libraries = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || libraries.is_empty() {
        bail!("ldd could not read leadferry-cli");
    }
    print!("{libraries}");
    let window = |line: &&str| {
        ["gtk", "webkit", "libX11", "wayland"]
            .iter()
            .any(|name| line.contains(name))
    };
    match libraries.lines().find(window) {
        Some(line) => bail!("leadferry-cli links a window library: {}", line.trim()),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Steps {
    passed: usize,
}

impl Steps {
    fn step(&mut self, title: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n== {title} ==");
        let started = Instant::now();
        work().with_context(|| format!("{title}: failed after {} steps passed", self.passed))?;
        println!(
            "{title}: passed in {:.1} s",
            started.elapsed().as_secs_f64()
        );
        self.passed += 1;
        Ok(())
    }
}
