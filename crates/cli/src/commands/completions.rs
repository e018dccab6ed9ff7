//! `completions`

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::Shell;
use leadferry_commands::Result;

use crate::commands::Cli;
use crate::exit::Exit;

const PROGRAM: &str = "leadferry-cli";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shell to generate completions for.
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), PROGRAM, &mut script);
    // A pipe that was closed early, as by `head`, is nobody's fault.
    let _ = std::io::stdout().write_all(&script);
    Ok(Exit::AllWell)
}
