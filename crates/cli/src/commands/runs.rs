//! `runs …`

use clap::Subcommand;
use leadferry_commands::Result;
use leadferry_commands::runs::{self, Refusal, RunCard, RunInfo};
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the latest runs.
    List {
        /// Only of this replication.
        #[arg(long)]
        replication: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// Show what a run sent, and what came back.
    Show {
        /// Number of the run.
        run: i64,
        /// Only rows that were refused.
        #[arg(long)]
        refused: bool,
        /// At most so many rows.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
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
        "failed",
        "blocked",
        "calls",
    ]);
    for RunInfo { name, run } in all {
        table.row([
            run.id.to_string(),
            name.clone(),
            run.state.name().to_owned(),
            grouped(run.created),
            grouped(run.updated),
            grouped(run.failed.values().sum()),
            grouped(run.blocked.values().sum()),
            grouped(run.calls),
        ]);
    }
    table.text("There were no runs.")
}

fn card(card: &RunCard) -> String {
    let run = &card.run.run;
    let mut text = pairs(&[
        ("replication", card.run.name.clone()),
        ("state", run.state.name().to_owned()),
        ("why", run.reason.clone().unwrap_or_default()),
        ("sent", grouped(run.sent)),
        ("created", grouped(run.created)),
        ("updated", grouped(run.updated)),
        ("unchanged", grouped(run.unchanged)),
        ("failed", grouped(run.failed.values().sum())),
        ("blocked", grouped(run.blocked.values().sum())),
        ("API calls", grouped(run.calls)),
        ("bytes sent", grouped(run.bytes_sent)),
    ]);
    text.push_str(&reasons("refused", &card.refusals));
    text.push_str(&reasons("blocked", &card.blocks));
    let mut table = Table::new(&["contact", "record", "outcome", "answer"]);
    for row in &card.rows {
        let errors = if row.errors.is_null() {
            String::new()
        } else {
            row.errors.to_string()
        };
        table.row([
            row.contact.to_string(),
            row.record_id.clone().unwrap_or_default(),
            row.outcome.unwrap_or("no answer").to_owned(),
            errors,
        ]);
    }
    format!("{text}\n{}", table.text("No rows were sent."))
}

fn reasons(word: &str, refusals: &[Refusal]) -> String {
    let lines = refusals.iter().map(|refusal| {
        format!(
            "  {word}, {}: {} ({}); {}\n",
            grouped(refusal.rows),
            refusal.cause,
            refusal.code,
            refusal.cure
        )
    });
    lines.collect()
}
