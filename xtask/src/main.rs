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
mod package;
mod packages;
mod pins;
mod proof;
mod run;
mod setup;
mod shell;
mod test;
mod window;

/// The developers' commands of Leadferry.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Opens the app, with a home of its own under target/try; its first screen leads to the main job.
    ///
    /// Sets up what is missing and builds. Without a display, the same journey is gone in a window that nobody sees, and
    /// pictures of it are kept. With --terminal, the main job is told as a story of commands: sample contacts into a
    /// practice org, exactly once. No account and no network beyond this machine are needed.
    Run(run::Args),
    /// Runs every check: set-up, formatting, lints, docs, build, tests, licences.
    ///
    /// Installs what the tests need first (see `setup`). Stops at the first check that fails and prints its command.
    Test(test::Args),
    /// Installs what `run` and `test` need and this machine lacks.
    ///
    /// System packages: a C compiler, the web view of the window, Node.js with npm; for the tests also Python 3 with
    /// venv. They are named first, and on a terminal you are asked. Everything else stays inside this folder.
    Setup(setup::Args),
    /// Makes the packages of this system: on Linux a .deb and a .rpm with the app and `leadferry-cli`.
    ///
    /// Those of Windows and macOS are configured, but nobody has built them yet.
    Package(package::Args),
    /// Measures speed and memory beside their goals, and keeps the figures under target/bench.
    Bench(bench::Args),
    /// Kills, faults, torn files and spoilt input, many times as long as every test run tries them.
    Proof(proof::Args),
    /// Writes ui/src/ipc/bindings.ts anew from the commands' table.
    Bindings,
}

fn main() -> ExitCode {
    let done = shell::enter_top_folder().and_then(|()| match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::test(&args),
        Command::Setup(args) => setup::everything(&args),
        Command::Package(args) => package::package(&args),
        Command::Bench(args) => bench::bench(&args),
        Command::Proof(args) => proof::proof(&args),
        Command::Bindings => bindings::write(),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
