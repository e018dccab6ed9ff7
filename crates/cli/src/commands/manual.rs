//! `manual`: the manual pages of all commands, for those who make packages.

use std::path::PathBuf;

use clap::CommandFactory as _;
use leadferry_commands::{Code, Error, Result};

use crate::commands::Cli;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder to write to. Created if missing.
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), &args.folder))
        .map(|()| Exit::AllWell)
        .map_err(|error| {
            let message = format!(
                "the manual pages can't be written to {}",
                args.folder.display()
            );
            let hint = "choose a folder that you can write to";
            Error::new(Code::Local, message, hint).because(error.to_string())
        })
}
