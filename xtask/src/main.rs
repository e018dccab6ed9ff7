//! The developers' commands: `cargo xtask run` shows the product, `cargo xtask test` checks it.
//!
//! Nothing here is shipped. Each command prints what it runs, so that it can be run by hand.
#![expect(
    clippy::print_stdout,
    reason = "talking to the developer is what this program is for"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod clients;
mod packages;
mod run;
mod setup;
mod shell;
mod test;

/// The developers' commands of Leadferry.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tells the main job as a story: sample contacts into a practice org, exactly once.
    ///
    /// Sets up what is missing, builds leadferry-cli, makes a workspace under target/try, imports the sample contacts,
    /// scores them, plans, matches and replicates them into a practice org, and shows that a second run asks the org
    /// for nothing. Every command is printed before it runs. No account and no network beyond this machine are needed.
    Run(run::Args),
    /// Runs every check: set-up, formatting, lints, docs, build, tests, licences.
    ///
    /// Installs what the tests need first (see `setup`). Stops at the first check that fails and prints its command.
    Test(test::Args),
    /// Installs what `run` and `test` need and this machine lacks.
    ///
    /// System packages: a C compiler; for the tests also Node.js with npm and Python 3 with venv. They are named first,
    /// and on a terminal you are asked. The clients that the tests use stay inside tests/clients and
    /// target/clients.
    Setup(setup::Args),
}

fn main() -> ExitCode {
    let done = shell::enter_top_folder().and_then(|()| match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::test(&args),
        Command::Setup(args) => setup::everything(&args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
