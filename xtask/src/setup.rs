//! Set-up: system packages, parts of the Rust toolchain, the clients of the tests. Does only what is missing.

use anyhow::Result;

use crate::{clients, packages, shell};

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

/// Sets up everything, that is what `test` needs.
pub(crate) fn everything(args: &Args) -> Result<()> {
    let needs: Vec<_> = packages::TO_BUILD.iter().chain(packages::TO_TEST).collect();
    packages::install_missing(&needs, args.yes)?;
    toolchain()?;
    clients::install()
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
