//! `runs …`

mod undoing;

pub(super) use undoing::checked;

use clap::Subcommand;
use leadferry_commands::replications::Cancel;
use leadferry_commands::runs::{self, BulkJobState, Refusal, RunCard, RunInfo, RunJob, RunState};
use leadferry_commands::{Result, sentence};
use serde_json::json;

use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List recent runs.
    List {
        /// Only this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Maximum number of runs.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// Show what a run sent and how Salesforce answered.
    Show {
        /// Run number.
        run: i64,
        /// Only refused rows.
        #[arg(long)]
        refused: bool,
        /// Maximum number of rows.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// Read back what a run sent, and compare it field by field with Salesforce.
    Check {
        /// Run number.
        run: i64,
        /// Maximum number of records.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// Delete the records that a run created and restore the values it changed, unless someone else changed them since.
    Undo {
        /// Run number.
        run: i64,
        /// Show what would be undone, and change nothing in Salesforce.
        #[arg(long, conflicts_with = "yes")]
        plan: bool,
        /// Confirm.
        #[arg(long)]
        yes: bool,
        /// Maximum number of records to list for each outcome.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::List { replication, limit } => {
            let all = runs::list(&workspace, replication.as_deref(), *limit)?;
            app.output.result(&json!({ "runs": all }), |_| list(&all));
        }
        Command::Show {
            run,
            refused,
            limit,
        } => {
            app.output
                .result(&runs::show(&workspace, *run, *refused, *limit)?, card);
        }
        Command::Check { run, limit } => {
            let check = runs::check(&workspace, *run, *limit).await?;
            let differs = check.differing > 0;
            app.output.result(&check, undoing::checked);
            return Ok(match differs {
                true => Exit::SomeNeedALook,
                false => Exit::AllWell,
            });
        }
        Command::Undo {
            run,
            plan,
            yes,
            limit,
        } => {
            let cancel = Cancel::new();
            let (asked, terminal) = (cancel.clone(), app.terminal.clone());
            interrupted(move || {
                terminal.say("Stopping after the current request. Press Ctrl-C again to stop now.");
                asked.cancel();
            });
            return if *plan || !*yes {
                undoing::plan(app, &workspace, *run, *plan, *limit, &cancel).await
            } else {
                undoing::undo(app, &workspace, *run, *limit, &cancel).await
            };
        }
    }
    Ok(Exit::AllWell)
}

fn list(all: &[RunInfo]) -> String {
    let mut table = Table::new(&[
        "run",
        "replication",
        "state",
        "created",
        "updated",
        "deleted",
        "restored",
        "blocked",
        "calls",
    ]);
    for RunInfo {
        name, run, figures, ..
    } in all
    {
        table.row([
            run.id.to_string(),
            name.clone(),
            word(run.state).to_owned(),
            grouped(figures.created),
            grouped(figures.updated),
            grouped(run.deleted),
            grouped(run.restored),
            grouped(figures.blocked),
            grouped(run.calls),
        ]);
    }
    table.text("No runs yet.")
}

/// Names a state as the window does.
fn word(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Finished => "finished",
        RunState::Stopped => "stopped",
        RunState::Cancelled => "canceled",
        RunState::Interrupted => "interrupted",
    }
}

fn card(card: &RunCard) -> String {
    let RunInfo {
        run,
        figures,
        waiting,
        ..
    } = &card.run;
    if let Some(undone) = run.undoes {
        return undoing::card(run, undone, &card.run.name, word(run.state));
    }
    let mut lines = vec![
        ("replication", card.run.name.clone()),
        (
            "connection",
            card.run
                .connection_name
                .clone()
                .unwrap_or_else(|| "removed".to_owned()),
        ),
        ("state", word(run.state).to_owned()),
        ("reason", run.reason.clone().unwrap_or_default()),
        ("sent", grouped(run.sent)),
        ("created", grouped(figures.created)),
        ("updated", grouped(figures.updated)),
        ("unchanged", grouped(figures.unchanged)),
        ("blocked", grouped(figures.blocked)),
        ("API calls", grouped(run.calls)),
        ("bytes sent", grouped(run.bytes_sent)),
    ];
    if let Some(waiting) = waiting {
        lines.push(("waiting now", grouped(*waiting)));
    }
    let mut text = pairs(&lines);
    text.push_str(&card.jobs.iter().map(job).collect::<String>());
    text.push_str(&reasons(&card.refusals));
    text.push_str(&reasons(&card.blocks));
    let mut table = Table::new(&["name", "contact", "record", "outcome", "response"]);
    for row in &card.rows {
        let errors = if row.errors.is_null() {
            String::new()
        } else {
            row.errors.to_string()
        };
        table.row([
            row.name.clone(),
            row.contact.to_string(),
            row.record_id.clone().unwrap_or_default(),
            row.outcome.unwrap_or("no response").to_owned(),
            errors,
        ]);
    }
    format!("{text}\n{}", table.text("No rows."))
}

fn job(job: &RunJob) -> String {
    let name = job.job_id.as_deref().unwrap_or("not created yet");
    let refused = match job.failed {
        0 => String::new(),
        failed => format!(", {} rejected", grouped(failed)),
    };
    let said = job.message.as_ref();
    let said = said.map_or_else(String::new, |words| {
        format!(" Salesforce says: {}", sentence(words))
    });
    format!(
        "  Bulk job {name}: {}, {} of {} processed{refused}.{said}\n",
        job_word(job.state),
        grouped(job.processed),
        counted(job.rows, "row", "rows"),
    )
}

/// Names a job's state as the window does.
fn job_word(state: BulkJobState) -> &'static str {
    match state {
        BulkJobState::Gathering => "preparing",
        BulkJobState::Creating | BulkJobState::Open => "uploading",
        BulkJobState::Processing => "processing",
        BulkJobState::Complete => "completed",
        BulkJobState::Aborted => "aborted",
        BulkJobState::Failed => "failed",
        BulkJobState::Gone => "deleted in Salesforce",
        BulkJobState::Withdrawn => "withdrawn before it started",
    }
}

fn reasons(refusals: &[Refusal]) -> String {
    let lines = refusals.iter().map(|refusal| {
        // Where nothing is offered, nobody has to do anything.
        let word = if refusal.cures.is_empty() {
            "retried"
        } else {
            "blocked"
        };
        format!(
            "  {} {word} ({}): {} {}\n",
            grouped(refusal.rows),
            refusal.code,
            sentence(&refusal.cause),
            sentence(&refusal.cure)
        )
    });
    lines.collect()
}
