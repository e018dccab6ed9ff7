//! Set-up: system packages, parts of the Rust toolchain, the window's libraries, the clients of the tests, cargo-deny. Does only what is missing.

use anyhow::Result;

use crate::{clients, packages, shell, supply_chain, window};

/// How to set up.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Install system packages without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Sets up what `run` needs: a C compiler.
pub(crate) fn to_build(yes: bool) -> Result<()> {
    packages::install_missing(&packages::TO_BUILD.iter().collect::<Vec<_>>(), yes)
}

/// Sets up what the window needs.
pub(crate) fn to_show(yes: bool) -> Result<()> {
    let needs = packages::TO_BUILD.iter().chain(packages::TO_SHOW);
    packages::install_missing(&needs.collect::<Vec<_>>(), yes)?;
    window::install_libraries()
}

/// What the bench compares with.
pub(crate) fn to_compare(yes: bool) -> Result<()> {
    packages::install_missing(&packages::TO_COMPARE.iter().collect::<Vec<_>>(), yes)
}

/// Sets up what drives the window.
pub(crate) fn to_drive(yes: bool) -> Result<()> {
    packages::install_missing(&packages::TO_DRIVE.iter().collect::<Vec<_>>(), yes)?;
    window::install_driver()
}

/// Sets up everything, that is what `test` needs.
pub(crate) fn everything(args: &Args) -> Result<()> {
    let needs = packages::TO_BUILD.iter().chain(packages::TO_SHOW);
    let needs = needs.chain(packages::TO_DRIVE);
    let mut wanted: Vec<_> = needs.chain(packages::TO_TEST).collect();
    wanted.dedup_by_key(|need| need.what);
    packages::install_missing(&wanted, args.yes)?;
    toolchain()?;
    to_show(args.yes)?;
    to_drive(args.yes)?;
    clients::install()?;
    supply_chain::install()
}

fn toolchain() -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !shell::succeeds("cargo", &[subcommand, "--version"]) {
            shell::run(&mut shell::command(
                "rustup",
                &["component", "add", component],
            ))?;
        }
    }
    Ok(())
}
