//! The developers' commands: `cargo xtask run` shows the product, `cargo xtask test` checks it.
//!
//! Nothing here is shipped. Each command prints what it runs, so that it can be run by hand.
#![expect(
    clippy::print_stdout,
    reason = "talking to the developer is what this program is for"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod bindings;
mod clients;
mod controls;
mod package;
mod packages;
mod pins;
mod proof;
mod retried;
mod run;
mod screenshots;
mod setup;
mod shell;
mod supply_chain;
mod test;
mod unused;
mod window;

/// Commands for Leadferry's developers.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open the app with its own home folder under target/try.
    ///
    /// Installs what's missing and builds. Without a display, the app runs off-screen and saves screenshots. With
    /// --terminal, it runs as a story of commands: sample contacts into a practice org, exactly once. You need no
    /// account, and no network beyond this computer.
    Run(run::Args),
    /// Run every check: setup, formatting, lints, docs, build, tests, licenses, known vulnerabilities.
    ///
    /// Installs what the tests need first (see `setup`). Stops at the first failed check and prints its command.
    Test(test::Args),
    /// Install what `run` and `test` need.
    ///
    /// System packages are a C compiler, `WebKitGTK` and Node.js with npm, and for the tests Python 3 with venv. They are
    /// listed first, and nothing is installed before you agree: in the terminal, with --yes, or with the variable CI.
    /// Everything else stays in this folder.
    Setup(setup::Args),
    /// Build packages for this system: on Linux a .deb and a .rpm with the app and `leadferry-cli`.
    ///
    /// Packages for Windows and macOS are configured but have never been built.
    Package(package::Args),
    /// Measure speed and memory against their goals, and save the figures in target/bench.
    Bench(bench::Args),
    /// Test kills, faults, torn files and hostile input for longer than a test run does.
    Proof(proof::Args),
    /// Take the pictures in docs/screenshots again: every screen, light and dark.
    Screenshots(setup::Args),
    /// List controls of the window that no test has used since `test` began.
    Controls,
    /// Generate ui/src/ipc/bindings.ts from the table of commands.
    Bindings,
    /// Update xtask/advisories from a clone of the Rust advisory database.
    Advisories(supply_chain::Args),
}

fn main() -> ExitCode {
    let done = shell::enter_top_folder().and_then(|()| match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::test(&args),
        Command::Setup(args) => setup::everything(&args),
        Command::Package(args) => package::package(&args),
        Command::Bench(args) => bench::bench(&args),
        Command::Proof(args) => proof::proof(&args),
        Command::Screenshots(args) => screenshots::make(&args),
        Command::Controls => controls::check(),
        Command::Bindings => bindings::write(),
        Command::Advisories(args) => supply_chain::refresh(&args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
