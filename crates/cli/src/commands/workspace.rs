//! `workspace …`

mod review;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use leadferry_commands::workspace::{self, WorkspaceChange, WorkspaceInfo};
use leadferry_commands::{Error, Result, Workspace, jobs, quoted};
use serde_json::json;

use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, grouped, pairs};

const SALVAGE_EXAMPLE: &str = "Restoring a backup is better where there is one: it lacks nothing but what changed since it was made.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a workspace file.
    Init {
        /// Display name.
        #[arg(long)]
        name: Option<String>,
        /// Time zone for dates, such as Europe/Berlin. Default: the time zone of this computer.
        #[arg(long)]
        time_zone: Option<String>,
    },
    /// Show the contents and status of the workspace.
    Info,
    /// Change workspace settings.
    Set {
        /// Display name.
        #[arg(long)]
        name: Option<String>,
        /// Time zone for dates, such as Europe/Berlin.
        #[arg(long)]
        time_zone: Option<String>,
        /// Number of daily backups to keep. 0 turns them off.
        #[arg(long, value_name = "N")]
        backups_kept: Option<u32>,
        /// Keep sent values for this many days.
        #[arg(long, value_name = "DAYS")]
        history_days: Option<u32>,
    },
    /// Back up the workspace to a new file.
    Backup {
        /// The new file.
        file: PathBuf,
    },
    /// Replace the workspace with a backup. The replaced file is kept with the backups.
    Restore {
        /// Backup to restore. Default: the newest one without damage.
        backup: Option<PathBuf>,
        /// Confirm. Changes made since the backup are lost.
        #[arg(long)]
        yes: bool,
    },
    /// Copy what can still be read of a damaged workspace into a new one. The damaged file isn't changed.
    #[command(after_long_help = SALVAGE_EXAMPLE)]
    Salvage {
        /// The damaged workspace.
        damaged: PathBuf,
        /// The new workspace.
        #[arg(long, value_name = "FILE")]
        into: PathBuf,
    },
    /// Show what to check before you approve the workspace: connections, hosts, schedules, unanswered batches.
    Review,
    /// Approve the workspace on this computer to let it use sign-ins, run schedules and send.
    Approve {
        /// Approve without asking.
        #[arg(long)]
        yes: bool,
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
                format!("Created the workspace {}.\n", info.path.display())
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
            let workspace = app.open()?;
            // Killed, it would leave its unfinished file in the user's folder.
            interrupted(jobs::stop_this_process);
            workspace::backup(&workspace, file)?;
            app.output.result(&json!({ "backup": file }), |_| {
                format!("Backed up to {}.\n", file.display())
            });
        }
        Command::Salvage { damaged, into } => salvage(app, damaged, into)?,
        Command::Restore { backup, yes } => restore(app, backup.as_deref(), *yes)?,
        Command::Review => {
            let workspace = app.open()?;
            app.output
                .result(&workspace::review(&workspace)?, review::text);
        }
        Command::Approve { yes } => review::approve(app, *yes)?,
    }
    Ok(Exit::AllWell)
}

fn restore(app: &App, backup: Option<&Path>, confirmed: bool) -> Result<()> {
    if !confirmed {
        return Err(Error::usage(
            "Nothing was restored.",
            "Export what you need from the current file first. Then add --yes to restore the backup. The current file is kept with the backups.",
        )
        .because("Changes made since the backup would be lost."));
    }
    let restored = workspace::restore(&app.path()?, backup, &app.host())?;
    app.output.result(&restored, |restored| {
        let mut text = format!(
            "Restored {} from {}.\n",
            restored.path.display(),
            restored.backup.display()
        );
        if let Some(replaced) = &restored.replaced {
            text.push_str(&format!(
                "The replaced file is now {}.\n",
                replaced.display()
            ));
        }
        text
    });
    Ok(())
}

fn salvage(app: &App, damaged: &Path, into: &Path) -> Result<()> {
    let salvaged = workspace::salvage(damaged, into, &app.host().front_end)?;
    app.output.result(&salvaged, |salvaged| {
        let mut parts = Table::new(&["records", "kept", "lost"]);
        for part in &salvaged.parts {
            let lost = match (part.lost, part.may_lack_more) {
                (lost, false) => grouped(lost),
                (0, true) => "unknown".to_owned(),
                (lost, true) => format!("{} or more", grouped(lost)),
            };
            parts.row([part.what.clone(), grouped(part.kept), lost]);
        }
        let parts = parts.text("Nothing could be read.");
        let ledger = match &salvaged.ledger {
            Some(fault) => format!("The consent ledger isn't whole. {fault}\n"),
            None => String::new(),
        };
        let found = match &salvaged.found_by {
            Some(backup) => format!(
                "The damaged file has lost its first page. Leadferry used the one in {} to find the records.\n",
                backup.display()
            ),
            None => String::new(),
        };
        format!(
            "Salvaged {} into {}.\n{found}{parts}{ledger}{NEXT_TO_SALVAGE}  leadferry-cli --workspace {} workspace approve\n",
            salvaged.damaged.display(),
            salvaged.path.display(),
            quoted(&salvaged.path.to_string_lossy())
        )
    });
    Ok(())
}

/// How to go on after a salvage.
const NEXT_TO_SALVAGE: &str = "Its replications are disabled, and it uses no sign-in yet. Check the contacts and email lists, then run:\n";

fn text(info: &WorkspaceInfo) -> String {
    let count = |name: &str| grouped(info.counts.get(name).copied().unwrap_or(0));
    pairs(&[
        ("File", info.path.display().to_string()),
        ("Name", info.name.clone()),
        ("Time zone", info.time_zone.clone()),
        ("Status", status(info)),
        (
            "Approved on this computer",
            if info.approved { "yes" } else { "no" }.to_owned(),
        ),
        ("Size", size(info.bytes)),
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
                "{} (keeps up to {} daily)",
                info.backups.len(),
                info.backups_kept
            ),
        ),
    ])
}

/// Says whether the workspace can be worked in.
fn status(info: &WorkspaceInfo) -> String {
    match (&info.stands_in_for, &info.damage, info.read_only) {
        (Some(_), ..) => "damaged; this is its newest backup, read-only".to_owned(),
        (None, Some(damage), _) => format!("damaged: {damage}"),
        (None, None, true) => "read-only".to_owned(),
        (None, None, false) => "ready".to_owned(),
    }
}

/// Returns a file's size as people write it.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["kB", "MB", "GB"];
    if bytes < 1_000 {
        return format!("{bytes} bytes");
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "it's rounded to one decimal place anyway"
    )]
    let mut size = bytes as f64 / 1_000.0;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while size >= 999.95
        && let Some(larger) = units.next()
    {
        size /= 1_000.0;
        unit = Some(larger);
    }
    format!("{size:.1} {}", unit.unwrap_or(&"GB"))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_written_in_the_unit_that_fits() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(4_096), "4.1 kB");
        assert_eq!(size(999_960), "1.0 MB");
        assert_eq!(size(4_100_000), "4.1 MB");
        assert_eq!(size(12_300_000_000), "12.3 GB");
    }
}
