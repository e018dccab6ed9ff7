//! `manual`: the manual pages of all commands, for those who make packages.

use std::path::PathBuf;

use clap::CommandFactory as _;
use leadferry_commands::{Code, Error, Result};

use crate::commands::Cli;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them; the folder is made where it is missing.
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), &args.folder))
        .map(|()| Exit::AllWell)
        .map_err(|error| {
            let message = format!("no pages can be written to {}", args.folder.display());
            let hint = "name a folder that you may write to";
            Error::new(Code::Local, message, hint).because(error.to_string())
        })
}
