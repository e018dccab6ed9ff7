//! The commands, one file per concept.

mod accounts;
mod activities;
mod alerts;
mod completions;
mod conflicts;
mod connections;
mod consent_syncs;
mod consents;
mod contacts;
mod doctor;
mod erasing;
mod exporting;
mod fields;
mod imports;
mod inbound;
mod links;
mod manual;
mod mappings;
mod mirror;
mod practice_org;
mod pulls;
mod queue;
mod replications;
mod runs;
mod scores;
mod search;
mod segments;
mod workspace;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use leadferry_commands::{Code, Error, Result, files};

use crate::app::App;
use crate::exit::Exit;

/// The form of trees of rules.
const RULES_HELP: &str = include_str!("commands/rules_help.txt");

/// Replicate contacts from a workspace into Salesforce, exactly once.
#[derive(Debug, Parser)]
#[command(name = "leadferry-cli", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Workspace file.
    #[arg(
        long,
        global = true,
        env = "LEADFERRY_WORKSPACE",
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub(crate) workspace: Option<PathBuf>,
    /// Print results and errors as one JSON object.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create, show, back up, restore and approve a workspace.
    #[command(subcommand)]
    Workspace(workspace::Command),
    /// Run the practice org and simulate errors.
    #[command(subcommand)]
    PracticeOrg(practice_org::Command),
    /// Manage connections to Salesforce orgs.
    #[command(subcommand)]
    Connections(connections::Command),
    /// Import, export, list, edit, merge and delete contacts.
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// Manage accounts (companies) and their contacts.
    #[command(subcommand)]
    Accounts(accounts::Command),
    /// Import, add and list activities.
    #[command(subcommand)]
    Activities(activities::Command),
    /// Manage consent purposes and record answers.
    #[command(subcommand)]
    Consents(consents::Command),
    /// Send consent to leads and contacts in Salesforce.
    #[command(subcommand)]
    ConsentSyncs(consent_syncs::Command),
    /// Create segments from rules and list their members.
    #[command(subcommand)]
    Segments(segments::Command),
    /// Score contacts by rules.
    #[command(subcommand)]
    Scores(scores::Command),
    /// Set up, plan and run replications.
    #[command(subcommand)]
    Replications(replications::Command),
    /// Show alerts.
    #[command(subcommand)]
    Alerts(alerts::Command),
    /// Manage field mappings.
    #[command(subcommand, after_long_help = mappings::TEXT_FORM)]
    Mappings(mappings::Command),
    /// Show and retry queued contacts.
    #[command(subcommand)]
    Queue(queue::Command),
    /// Show past runs, check what they sent, and undo them.
    #[command(subcommand)]
    Runs(runs::Command),
    /// Manage links between contacts and records.
    #[command(subcommand)]
    Links(links::Command),
    /// Search Salesforce and import results.
    #[command(subcommand)]
    Search(search::Command),
    /// Read Salesforce records into the workspace.
    #[command(subcommand)]
    Pulls(pulls::Command),
    /// Manage which Salesforce values come into contacts.
    #[command(subcommand, after_long_help = inbound::TEXT_FORM)]
    Inbound(inbound::Command),
    /// Show and resolve fields that were changed here and in Salesforce.
    #[command(subcommand)]
    Conflicts(conflicts::Command),
    /// Show the records that pulls have read.
    #[command(subcommand)]
    Mirror(mirror::Command),
    /// Check the workspace, connections and replications for problems.
    Doctor(doctor::Args),
    /// Generate shell completions.
    ///
    /// Save the script where your shell looks for it. For bash, that's
    /// ~/.local/share/bash-completion/completions/leadferry-cli.
    Completions(completions::Args),
    /// Generate a manual page for each command.
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
        Command::ConsentSyncs(command) => consent_syncs::run(command, app).await,
        Command::Segments(command) => segments::run(command, app),
        Command::Scores(command) => scores::run(command, app),
        Command::Replications(command) => replications::run(command, app).await,
        Command::Alerts(command) => alerts::run(command, app),
        Command::Mappings(command) => mappings::run(command, app).await,
        Command::Queue(command) => queue::run(command, app),
        Command::Runs(command) => runs::run(command, app).await,
        Command::Links(command) => links::run(command, app).await,
        Command::Search(command) => search::run(command, app).await,
        Command::Pulls(command) => pulls::run(command, app).await,
        Command::Inbound(command) => inbound::run(command, app),
        Command::Conflicts(command) => conflicts::run(command, app),
        Command::Mirror(command) => mirror::run(command, app).await,
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
        files::text_of(std::io::stdin())
    } else {
        files::read_text(path)
    };
    read.map_err(|error| {
        let message = format!("couldn't read {}", path.display());
        Error::new(
            Code::Usage,
            message,
            "check the path, and that it's a text file",
        )
        .because(error.to_string())
    })
}
