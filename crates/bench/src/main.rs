//! Measures Leadferry through the doors that its users take; `cargo xtask bench` calls it and shows the figures.
//!
//! Each measurement is a process of its own and prints one JSON array of figures.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

mod by_hand;
mod desk;
mod dice;
mod figure;
mod floor;
mod lists;
mod org;
mod people;
mod place;
mod process;
mod pulls;
mod replication;
mod rows;
mod segments;

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
    /// Imports people, calculates a score and selects, and does the same by hand.
    ByHand(by_hand::Args),
    /// Calculates scores and segments over people and their activities, and does the same by hand.
    Segments(segments::Args),
    /// Replicates people into a practice org, and lets the floor and other clients do the same.
    Replication(replication::Args),
    /// Pulls leads from a practice org, and lets jsforce and sqlite3 do the same.
    Pulls(pulls::Args),
    /// Posts rows from memory: the least that sending can cost.
    #[command(hide = true)]
    Floor {
        rows: PathBuf,
        url: String,
        token: String,
        in_flight: usize,
    },
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    match Cli::parse() {
        Cli::People { contacts, file } => people::write(contacts, &file),
        Cli::Lists { workspace } => print(&lists::measure(&workspace)?),
        Cli::ByHand(args) => print(&by_hand::measure(&args)?),
        Cli::Segments(args) => print(&segments::measure(&args)?),
        Cli::Replication(args) => print(&runtime.block_on(replication::measure(&args))?),
        Cli::Pulls(args) => print(&runtime.block_on(pulls::measure(&args))?),
        Cli::Floor {
            rows,
            url,
            token,
            in_flight,
        } => print(&runtime.block_on(floor::post(&rows, &url, &token, in_flight))?),
    }
}

fn print(result: &impl serde::Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(result)?);
    Ok(())
}
