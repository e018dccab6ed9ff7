//! `scores …`

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::Subcommand;
use leadferry_commands::{Result, scores};
use serde_json::json;

use super::read_text;
use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a score with its rules.
    Add {
        /// Its name.
        name: String,
        /// JSON file with the rules; - for standard input.
        #[arg(long, value_name = "FILE")]
        rules: PathBuf,
        /// What the score is for.
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// List the scores.
    List,
    /// Bring points up to date.
    Recalculate {
        /// The score; all that are switched on where unset.
        name: Option<String>,
        /// Look at every contact, not only those that were changed.
        #[arg(long)]
        full: bool,
    },
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Add {
            name,
            rules,
            description,
        } => {
            let rules = scores::read_rules(&read_text(rules)?)?;
            let added = scores::add(&workspace, name, description, &rules)?;
            app.output.result(&added, |added| {
                format!(
                    "Added \"{}\" with {}. `scores recalculate` gives the points.\n",
                    added.name,
                    counted(added.rules as u64, "rule", "rules")
                )
            });
        }
        Command::List => {
            let all = scores::list(&workspace)?;
            app.output.result(&json!({ "scores": all }), |_| {
                let mut table = Table::new(&["score", "rules", "calculated", "description"]);
                for score in &all {
                    let at = score
                        .calculated_at
                        .clone()
                        .unwrap_or_else(|| "never".to_owned());
                    table.row([
                        score.name.clone(),
                        grouped(score.rules as u64),
                        at,
                        score.description.clone(),
                    ]);
                }
                table.text("There are no scores.")
            });
        }
        Command::Recalculate { name, full } => {
            let stop = interrupted(|| {});
            let go_on = || !stop.load(Ordering::SeqCst);
            let results = scores::recalculate(&workspace, name.as_deref(), *full, &go_on)?;
            app.terminal.clear();
            app.output.result(&json!({ "scores": results }), |_| {
                let mut table = Table::new(&["score", "looked at", "changed", "newly marked"]);
                for score in &results {
                    table.row([
                        score.name.clone(),
                        grouped(score.seen),
                        grouped(score.changed),
                        grouped(score.marked),
                    ]);
                }
                table.text("There are no scores that are switched on.")
            });
        }
    }
    Ok(Exit::AllWell)
}
