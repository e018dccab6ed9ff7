//! Measures Leadferry through the doors that its users take; `cargo xtask bench` calls it and shows the figures.
//!
//! Each measurement is a process of its own and prints one JSON array of figures.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

mod desk;
mod dice;
mod figure;
mod lists;
mod people;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Measures Leadferry.
#[derive(Debug, Parser)]
#[command(name = "leadferry-bench", version)]
enum Cli {
    /// Writes a CSV file of invented people, 20 columns, the same in every run.
    People {
        /// How many.
        #[arg(long)]
        contacts: u64,
        /// The file.
        file: PathBuf,
    },
    /// Asks for pages and counts of lists as the window does.
    Lists {
        /// A workspace of such people, with the score Engagement.
        workspace: PathBuf,
    },
}

fn main() -> Result<()> {
    match Cli::parse() {
        Cli::People { contacts, file } => people::write(contacts, &file),
        Cli::Lists { workspace } => {
            println!("{}", serde_json::to_string(&lists::measure(&workspace)?)?);
            Ok(())
        }
    }
}
