//! `workspace …`

use std::path::PathBuf;

use clap::Subcommand;
use leadferry_commands::workspace::{self, WorkspaceChange, WorkspaceInfo};
use leadferry_commands::{Result, Workspace};
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::table::{grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new workspace file.
    Init {
        /// A name for people.
        #[arg(long)]
        name: Option<String>,
        /// The zone that turns times into dates, such as Europe/Berlin; this machine's where unset.
        #[arg(long)]
        time_zone: Option<String>,
    },
    /// Show what there is in the workspace.
    Info,
    /// Change settings of the workspace.
    Set {
        /// A name for people.
        #[arg(long)]
        name: Option<String>,
        /// The zone that turns times into dates, such as Europe/Berlin.
        #[arg(long)]
        time_zone: Option<String>,
        /// Daily backups to keep; 0 switches them off.
        #[arg(long, value_name = "N")]
        backups_kept: Option<u32>,
        /// Days for which the history keeps what was sent.
        #[arg(long, value_name = "N")]
        history_days: Option<u32>,
    },
    /// Copy the workspace as it is now to a new file.
    Backup {
        /// The new file.
        file: PathBuf,
    },
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    match command {
        Command::Init { name, time_zone } => {
            let workspace = Workspace::create(&app.path()?, name.as_deref(), app.host())?;
            let change = WorkspaceChange {
                time_zone: time_zone.clone(),
                ..WorkspaceChange::default()
            };
            let info = workspace::set(&workspace, &change)?;
            app.output.result(&info, |info| {
                format!("Made the workspace {}.\n", info.path.display())
            });
        }
        Command::Info => app.output.result(&workspace::info(&app.open()?)?, text),
        Command::Set {
            name,
            time_zone,
            backups_kept,
            history_days,
        } => {
            let change = WorkspaceChange {
                name: name.clone(),
                time_zone: time_zone.clone(),
                backups_kept: *backups_kept,
                history_days: *history_days,
            };
            app.output
                .result(&workspace::set(&app.open()?, &change)?, text);
        }
        Command::Backup { file } => {
            workspace::backup(&app.open()?, file)?;
            app.output.result(&json!({ "backup": file }), |_| {
                format!("Copied to {}.\n", file.display())
            });
        }
    }
    Ok(Exit::AllWell)
}

fn text(info: &WorkspaceInfo) -> String {
    let count = |name: &str| grouped(info.counts.get(name).copied().unwrap_or(0));
    pairs(&[
        ("File", info.path.display().to_string()),
        ("Name", info.name.clone()),
        ("Time zone", info.time_zone.clone()),
        (
            "Can be written",
            if info.read_only { "no" } else { "yes" }.to_owned(),
        ),
        ("Size in bytes", grouped(info.bytes)),
        ("Contacts", count("contacts")),
        ("Accounts", count("accounts")),
        ("Custom fields", count("custom_fields")),
        ("Scores", count("scores")),
        ("Connections", count("connections")),
        ("Replications", count("replications")),
        ("Imports", count("imports")),
        (
            "Backups",
            format!(
                "{} (at most {} daily ones)",
                info.backups.len(),
                info.backups_kept
            ),
        ),
    ])
}
