//! `activities …`

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::{Args, Subcommand};
use leadferry_commands::activities::{
    self, ActivitiesOutcome, ActivitiesRequest, ActivityLine, EnterActivity,
};
use leadferry_commands::{Error, Result};
use serde_json::json;

use super::imports::{DatesName, faults};
use super::pair;
use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import what people did from a CSV or XLSX file.
    Import(Import),
    /// Add an activity by hand.
    Add {
        /// Guid or e-mail of the contact.
        contact: String,
        /// The type's name.
        #[arg(value_name = "TYPE")]
        kind: String,
        /// When, such as 2026-01-31T10:00:00Z; now where unset.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// A number, such as the worth of an order.
        #[arg(long, allow_hyphen_values = true)]
        value: Option<f64>,
        /// A page.
        #[arg(long)]
        url: Option<String>,
        /// A title.
        #[arg(long)]
        title: Option<String>,
        /// A note.
        #[arg(long)]
        note: Option<String>,
    },
    /// List what a contact did, the latest first, or what waits for people who are not here.
    List {
        /// Guid or e-mail of the contact; what waits where unset.
        contact: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// List the types of activities.
    Types,
    /// Add a type of activities.
    AddType {
        /// Its name.
        name: String,
        /// What it is.
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Give a type another name, also in the rules that ask for it.
    RenameType {
        /// The name that it has.
        name: String,
        /// The one that it gets.
        to: String,
    },
    /// Remove a type that no activity has and no rule asks for.
    RemoveType {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The CSV or XLSX file.
    file: PathBuf,
    /// Say what a column holds: email, guid, type, time, value, url, title, note, or - to leave it out.
    #[arg(long, value_name = "COLUMN=WHAT", value_parser = pair)]
    map: Vec<(String, String)>,
    /// The type of rows that name none.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Add types that are not known.
    #[arg(long)]
    create_types: bool,
    /// The order of dates like 03/04/1990; found out where unset.
    #[arg(long, value_enum)]
    dates: Option<DatesName>,
    /// The zone of times that name none, such as Europe/Berlin; the workspace's where unset.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Where faulty rows go; beside the file where unset.
    #[arg(long, value_name = "FILE")]
    errors_file: Option<PathBuf>,
    /// Import a file that was imported before.
    #[arg(long)]
    again: bool,
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Import(args) => {
            let request = ActivitiesRequest {
                file: args.file.clone(),
                map: args.map.clone(),
                kind: args.kind.clone(),
                create_types: args.create_types,
                dates: args.dates.map(Into::into),
                time_zone: args.time_zone.clone(),
                errors_file: args.errors_file.clone(),
                again: args.again,
            };
            let terminal = app.terminal.clone();
            let stop = interrupted(move || {
                terminal.say("Stopping after this page; Ctrl-C once more ends at once.")
            });
            let go_on = || !stop.load(Ordering::SeqCst);
            let outcome = activities::import(&workspace, &request, &go_on)?;
            app.terminal.clear();
            app.output.result(&outcome, text);
            return Ok(match (outcome.finished, outcome.faulty) {
                (false, _) => Exit::Waiting,
                (true, 0) => Exit::AllWell,
                (true, _) => Exit::SomeNeedALook,
            });
        }
        Command::Add {
            contact,
            kind,
            at,
            value,
            url,
            title,
            note,
        } => {
            let entered = EnterActivity {
                contact: contact.clone(),
                kind: kind.clone(),
                at: at.as_deref().map(moment).transpose()?,
                value: *value,
                url: url.clone(),
                title: title.clone(),
                note: note.clone(),
            };
            let id = activities::add(&workspace, &entered)?;
            app.output
                .result(&json!({ "id": id }), |_| "Added.\n".to_owned());
        }
        Command::List { contact, limit } => list(app, &workspace, contact.as_deref(), *limit)?,
        Command::Types => {
            let types = activities::types(&workspace)?;
            app.output.result(&json!({ "types": types }), |_| {
                let mut table = Table::new(&["type", "description"]);
                for kind in &types {
                    table.row([kind.name.clone(), kind.description.clone()]);
                }
                table.text("There are no types of activities.")
            });
        }
        Command::AddType { name, description } => {
            activities::add_type(&workspace, name, description)?;
            app.output
                .result(&json!({}), |_| format!("Added \"{}\".\n", name.trim()));
        }
        Command::RenameType { name, to } => {
            activities::rename_type(&workspace, name, to)?;
            app.output
                .result(&json!({}), |_| format!("\"{name}\" is \"{to}\" now.\n"));
        }
        Command::RemoveType { name } => {
            activities::remove_type(&workspace, name)?;
            app.output
                .result(&json!({}), |_| format!("Removed \"{name}\".\n"));
        }
    }
    Ok(Exit::AllWell)
}

/// Reads a moment as people write it.
pub(super) fn moment(text: &str) -> Result<i64> {
    activities::read_moment(text).ok_or_else(|| {
        Error::usage(
            format!("\"{text}\" is not a moment"),
            "write it as 2026-01-31T10:00:00Z, or as a date such as 2026-01-31",
        )
    })
}

fn list(
    app: &App,
    workspace: &leadferry_commands::Workspace,
    contact: Option<&str>,
    limit: usize,
) -> Result<()> {
    let Some(contact) = contact else {
        let waiting = activities::waiting(workspace, limit)?;
        app.output.result(&waiting, |waiting| {
            let mut table = Table::new(&["e-mail", "time", "type", "value", "title"]);
            for line in &waiting.activities {
                let [time, kind, value, title] = cells(&line.activity);
                table.row([line.email.clone(), time, kind, value, title]);
            }
            let mut text = table.text("Nothing waits for people who are not here.");
            text.push_str(&more(waiting.total, waiting.activities.len()));
            text
        });
        return Ok(());
    };
    let timeline = activities::list(workspace, contact, None, limit)?;
    app.output.result(&timeline, |timeline| {
        let mut table = Table::new(&["time", "type", "value", "title"]);
        for line in &timeline.activities {
            table.row(cells(line));
        }
        let mut text = table.text("She has no activities.");
        text.push_str(&more(timeline.total, timeline.activities.len()));
        text
    });
    Ok(())
}

fn more(total: u64, shown: usize) -> String {
    let rest = total.saturating_sub(shown as u64);
    match rest {
        0 => String::new(),
        rest => format!("and {} more\n", grouped(rest)),
    }
}

fn cells(line: &ActivityLine) -> [String; 4] {
    [
        activities::written_moment(line.at),
        line.kind.clone(),
        line.value
            .map(|value| value.to_string())
            .unwrap_or_default(),
        line.title.clone().unwrap_or_default(),
    ]
}

fn text(outcome: &ActivitiesOutcome) -> String {
    let mut text = String::new();
    if outcome.resumed {
        text.push_str("Went on with an import that was interrupted.\n");
    }
    text.push_str(&format!(
        "{}: {} of contacts, {} of people who are not here, {} faulty.\n",
        counted(outcome.rows, "row", "rows"),
        grouped(outcome.added),
        grouped(outcome.waiting),
        grouped(outcome.faulty)
    ));
    if !outcome.types_created.is_empty() {
        text.push_str(&format!(
            "New types: {}.\n",
            outcome.types_created.join(", ")
        ));
    }
    if !outcome.columns_ignored.is_empty() {
        text.push_str(&format!(
            "Columns left out: {}.\n",
            outcome.columns_ignored.join(", ")
        ));
    }
    text.push_str(&faults(&outcome.faults, outcome.errors_file.as_deref()));
    if !outcome.finished {
        text.push_str("It was stopped: the same command goes on from here.\n");
    }
    text
}
