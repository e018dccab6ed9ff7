//! The commands, one file per concept.

mod accounts;
mod activities;
mod alerts;
mod completions;
mod connections;
mod consents;
mod contacts;
mod doctor;
mod fields;
mod imports;
mod links;
mod manual;
mod mappings;
mod practice_org;
mod queue;
mod replications;
mod runs;
mod scores;
mod search;
mod segments;
mod workspace;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use leadferry_commands::{Code, Error, Result};

use crate::app::App;
use crate::exit::Exit;

/// The form of trees of rules.
const RULES_HELP: &str = include_str!("commands/rules_help.txt");

/// Replicates the contacts of a workspace into Salesforce, exactly once.
#[derive(Debug, Parser)]
#[command(name = "leadferry-cli", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// The workspace file.
    #[arg(
        long,
        global = true,
        env = "LEADFERRY_WORKSPACE",
        value_name = "FILE",
        help_heading = "Options of every command"
    )]
    pub(crate) workspace: Option<PathBuf>,
    /// Print one JSON object on standard output, also for errors.
    #[arg(long, global = true, help_heading = "Options of every command")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a workspace, look at it, copy it.
    #[command(subcommand)]
    Workspace(workspace::Command),
    /// Serve the practice org beside the workspace, and let it misbehave.
    #[command(subcommand)]
    PracticeOrg(practice_org::Command),
    /// Add, sign in to, test and remove Salesforce orgs.
    #[command(subcommand)]
    Connections(connections::Command),
    /// Import, look at, change, merge and delete contacts.
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// Look at and change companies, and who belongs to them.
    #[command(subcommand)]
    Accounts(accounts::Command),
    /// Import, add and look at what people did.
    #[command(subcommand)]
    Activities(activities::Command),
    /// Say what contacts can allow, and record what they did.
    #[command(subcommand)]
    Consents(consents::Command),
    /// Say by rules who is meant, and see who is.
    #[command(subcommand)]
    Segments(segments::Command),
    /// Give contacts points by rules.
    #[command(subcommand)]
    Scores(scores::Command),
    /// Say who goes where; plan, match and run it.
    #[command(subcommand)]
    Replications(replications::Command),
    /// See what someone should know of.
    #[command(subcommand)]
    Alerts(alerts::Command),
    /// Say which value goes to which field.
    #[command(subcommand)]
    Mappings(mappings::Command),
    /// See who waits and who is blocked, and let them go again.
    #[command(subcommand)]
    Queue(queue::Command),
    /// See what was sent, and what came back.
    #[command(subcommand)]
    Runs(runs::Command),
    /// See and set which contact is which record.
    #[command(subcommand)]
    Links(links::Command),
    /// Look into the org, and bring in what is found.
    #[command(subcommand)]
    Search(search::Command),
    /// Look at everything that can be wrong, and say what to do.
    Doctor(doctor::Args),
    /// Print what makes a shell complete these commands.
    ///
    /// Where its script belongs is the shell's business: for bash, ~/.local/share/bash-completion/completions/leadferry-cli.
    Completions(completions::Args),
    /// Write a manual page for each command.
    #[command(hide = true)]
    Manual(manual::Args),
}

/// Carries a command out.
pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    match command {
        Command::Workspace(command) => workspace::run(command, app),
        Command::PracticeOrg(command) => practice_org::run(command, app).await,
        Command::Connections(command) => connections::run(command, app).await,
        Command::Contacts(command) => contacts::run(command, app),
        Command::Accounts(command) => accounts::run(command, app),
        Command::Activities(command) => activities::run(command, app),
        Command::Consents(command) => consents::run(command, app),
        Command::Segments(command) => segments::run(command, app),
        Command::Scores(command) => scores::run(command, app),
        Command::Replications(command) => replications::run(command, app).await,
        Command::Alerts(command) => alerts::run(command, app),
        Command::Mappings(command) => mappings::run(command, app),
        Command::Queue(command) => queue::run(command, app),
        Command::Runs(command) => runs::run(command, app),
        Command::Links(command) => links::run(command, app).await,
        Command::Search(command) => search::run(command, app).await,
        Command::Doctor(args) => doctor::run(args, app).await,
        Command::Completions(args) => completions::run(args),
        Command::Manual(args) => manual::run(args),
    }
}

/// Reads `NAME=VALUE`.
fn pair(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

/// Reads a whole text file, or standard input for `-`.
fn read_text(path: &Path) -> Result<String> {
    let read = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    read.map_err(|error| {
        let message = format!("could not read {}", path.display());
        Error::new(
            Code::Usage,
            message,
            "check the path, and that it is a text file",
        )
        .because(error.to_string())
    })
}
