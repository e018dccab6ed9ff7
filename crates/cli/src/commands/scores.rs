//! `scores …`

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::Subcommand;
use leadferry_commands::local_time::LocalTime;
use leadferry_commands::recalculating::{What, recalculate};
use leadferry_commands::scores::{NotifyAt, PointsExplained, Recalculated, ScoreChange};
use leadferry_commands::{Result, Workspace, scores, segments};
use serde_json::json;

use super::read_text;
use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

/// The form of a score's rules.
const RULES_HELP: &str = include_str!("score_rules_help.txt");

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a score with its rules.
    #[command(after_long_help = RULES_HELP)]
    Add {
        /// Name of the score.
        name: String,
        /// JSON file with the rules; - for standard input.
        #[arg(long, value_name = "FILE")]
        rules: PathBuf,
        /// Description.
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// List scores.
    List,
    /// Recalculate points.
    Recalculate {
        /// Name of the score; all enabled scores by default.
        name: Option<String>,
        /// Check every contact, not only those that changed.
        #[arg(long)]
        full: bool,
    },
    /// Change a score's name, description, rules or alert, or disable it.
    #[command(after_long_help = RULES_HELP)]
    Set {
        /// Name of the score.
        name: String,
        /// New name.
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        /// JSON file with the new rules; - for standard input.
        #[arg(long, value_name = "FILE")]
        rules: Option<PathBuf>,
        /// Description.
        #[arg(long)]
        description: Option<String>,
        /// Enable or disable the score. A disabled score keeps its points.
        #[arg(long, value_name = "true|false")]
        enabled: Option<bool>,
        /// Alert when a contact reaches these points; none for no alert.
        #[arg(long, value_name = "POINTS", allow_negative_numbers = true, value_parser = points_or_none)]
        notify_at: Option<NotifyAt>,
    },
    /// Show why a contact has these points, rule by rule.
    Explain {
        /// Name of the score.
        name: String,
        /// Guid or email of the contact.
        contact: String,
    },
    /// Remove a score that nothing uses.
    Remove {
        /// Name of the score.
        name: String,
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
                    "Added \"{}\" with {}. Run `scores recalculate` to update the points.\n",
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
                table.text("No scores yet.")
            });
        }
        Command::Recalculate { name, full } => {
            let what = name.as_deref().map_or(What::Everything, What::Score);
            let done = recalculate(&workspace, what, *full, &go_on())?;
            app.terminal.clear();
            let left_alone = match what {
                What::Everything => not_calculated(&workspace)?,
                _ => String::new(),
            };
            app.output
                .result(&done, |done| recalculated(done) + &left_alone);
        }
        Command::Set {
            name,
            rename,
            rules,
            description,
            enabled,
            notify_at,
        } => {
            let rules = match rules {
                Some(file) => Some(scores::read_rules(&read_text(file)?)?),
                None => None,
            };
            let change = ScoreChange {
                name: rename.clone(),
                description: description.clone(),
                enabled: *enabled,
                rules,
                notify_at: *notify_at,
            };
            let changed = scores::change(&workspace, name, change)?;
            app.output.result(&changed, |changed| {
                format!(
                    "Changed \"{}\". Run `scores recalculate` to update the points.\n",
                    changed.name
                )
            });
        }
        Command::Explain { name, contact } => {
            let why = scores::explain(&workspace, name, contact)?;
            let local = LocalTime::of(&workspace)?;
            app.output.result(&why, |why| explained(why, &local));
        }
        Command::Remove { name } => {
            scores::remove(&workspace, name)?;
            app.output
                .removed(name, (), || format!("Removed \"{name}\".\n"));
        }
    }
    Ok(Exit::AllWell)
}

fn points_or_none(text: &str) -> std::result::Result<NotifyAt, String> {
    if text == "none" {
        return Ok(NotifyAt::Never);
    }
    let points = text
        .parse()
        .map_err(|_| "enter a number of points, or none")?;
    Ok(NotifyAt::Points(points))
}

/// Returns what says no from the first Ctrl-C on.
pub(crate) fn go_on() -> impl Fn() -> bool {
    let stop = interrupted(|| {});
    move || !stop.load(Ordering::SeqCst)
}

pub(crate) fn recalculated(done: &Recalculated) -> String {
    format!(
        "Checked {}. Points changed for {}, {} reached a minimum. {} joined a segment, {} left one.\n",
        counted(done.seen, "contact", "contacts"),
        grouped(done.changed),
        grouped(done.marked),
        grouped(done.joined),
        grouped(done.left)
    )
}

/// Returns a line for each score and segment that can't be calculated and stays as it is.
fn not_calculated(workspace: &Workspace) -> Result<String> {
    let scores = scores::list(workspace)?.into_iter();
    let scores = scores.map(|one| ("score", one.name, one.unread.or(one.unfit)));
    let segments = segments::list(workspace)?.into_iter();
    let segments = segments.map(|one| ("segment", one.name, one.unread.or(one.unfit)));
    let lines = scores.chain(segments).filter_map(|(kind, name, why)| {
        let why = why?;
        Some(format!(
            "The {kind} \"{name}\" stays as it is, because its rules can't be calculated: {why} Change them.\n"
        ))
    });
    Ok(lines.collect())
}

fn explained(why: &PointsExplained, local: &LocalTime) -> String {
    let mut table = Table::new(&["rule", "points", "since", "until", "when"]);
    let moment = |at: Option<i64>| at.map(|at| local.moment(at)).unwrap_or_default();
    for rule in &why.rules {
        table.row([
            rule.name.clone(),
            rule.points.to_string(),
            moment(rule.since),
            moment(rule.changes_at),
            rule.says.clone(),
        ]);
    }
    let mut text = table.text("The score has no rules.");
    text.push_str(&format!(
        "Points at the last calculation: {}.\n",
        why.points
    ));
    text
}
