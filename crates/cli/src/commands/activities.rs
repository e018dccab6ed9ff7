//! `activities …`

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::{Args, Subcommand};
use leadferry_commands::activities::{
    self, ActivitiesOutcome, ActivitiesRequest, ActivityLine, EnterActivity,
};
use leadferry_commands::local_time::LocalTime;
use leadferry_commands::{Error, Result};
use serde_json::json;

use super::imports::{DatesName, delimiter, faults, remarks};
use super::pair;
use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import activities from a CSV or XLSX file.
    Import(Import),
    /// Add an activity.
    Add {
        /// Guid or email of the contact.
        contact: String,
        /// Name of the activity type.
        #[arg(value_name = "TYPE")]
        kind: String,
        /// Time of the activity, for example 2026-01-31T10:00:00Z; now by default.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// Number, for example the value of an order.
        #[arg(long, allow_hyphen_values = true)]
        value: Option<f64>,
        /// Address of a web page.
        #[arg(long)]
        url: Option<String>,
        /// Title.
        #[arg(long)]
        title: Option<String>,
        /// Note.
        #[arg(long)]
        note: Option<String>,
    },
    /// List the activities of a contact, latest first, or those waiting for a contact.
    List {
        /// Guid or email of the contact; lists waiting activities by default.
        contact: Option<String>,
        /// Maximum number of activities.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// List activity types.
    Types,
    /// Add an activity type.
    AddType {
        /// Name of the activity type.
        name: String,
        /// Description.
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Rename an activity type, also in rules that use it.
    RenameType {
        /// Current name.
        name: String,
        /// New name.
        to: String,
    },
    /// Remove an activity type that nothing uses.
    RemoveType {
        /// Name of the activity type.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The CSV or XLSX file.
    file: PathBuf,
    /// Sheet of a workbook; detected by default.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Row with the column names, counted from 1; detected by default.
    #[arg(long, value_name = "N")]
    header_row: Option<u64>,
    /// Encoding of a CSV file, for example windows-1252; detected by default.
    #[arg(long)]
    encoding: Option<String>,
    /// Delimiter of a CSV file: a sign, or tab; detected by default.
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<char>,
    /// Map a column to email, guid, type, time, value, url, title or note; - skips it.
    #[arg(long, value_name = "COLUMN=WHAT", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Activity type for rows without one.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Create activity types that don't exist yet.
    #[arg(long)]
    create_types: bool,
    /// Order of dates such as 03/04/1990; detected by default.
    #[arg(long, value_enum)]
    dates: Option<DatesName>,
    /// Time zone of times without one, for example Europe/Berlin; the workspace's by default.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Where to save invalid rows; next to the file by default.
    #[arg(long, value_name = "FILE")]
    errors_file: Option<PathBuf>,
    /// Import the file even if it was imported before.
    #[arg(long)]
    again: bool,
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Import(args) => {
            let request = ActivitiesRequest {
                file: args.file.clone(),
                sheet: args.sheet.clone(),
                header_row: args.header_row,
                encoding: args.encoding.clone(),
                delimiter: args.delimiter,
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
                terminal.say("Stopping after this page. Press Ctrl-C again to quit now.")
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
                .result(&json!({ "id": id }), |_| "Added the activity.\n".to_owned());
        }
        Command::List { contact, limit } => list(app, &workspace, contact.as_deref(), *limit)?,
        Command::Types => {
            let types = activities::types(&workspace)?;
            app.output.result(&json!({ "types": types }), |_| {
                let mut table = Table::new(&["type", "description"]);
                for kind in &types {
                    table.row([kind.name.clone(), kind.description.clone()]);
                }
                table.text("No activity types.")
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
                .result(&json!({}), |_| format!("Renamed \"{name}\" to \"{to}\".\n"));
        }
        Command::RemoveType { name } => {
            activities::remove_type(&workspace, name)?;
            app.output
                .removed(name, (), || format!("Removed \"{name}\".\n"));
        }
    }
    Ok(Exit::AllWell)
}

/// Reads a moment as people write it.
pub(super) fn moment(text: &str) -> Result<i64> {
    activities::read_moment(text).ok_or_else(|| {
        Error::usage(
            format!("\"{text}\" isn't a date or time."),
            "Enter it like 2026-01-31T10:00:00Z or 2026-01-31.",
        )
    })
}

fn list(
    app: &App,
    workspace: &leadferry_commands::Workspace,
    contact: Option<&str>,
    limit: usize,
) -> Result<()> {
    let local = LocalTime::of(workspace)?;
    let Some(contact) = contact else {
        let waiting = activities::waiting(workspace, limit)?;
        app.output.result(&waiting, |waiting| {
            let mut table = Table::new(&["email", "time", "type", "value", "title"]);
            for line in &waiting.activities {
                let [time, kind, value, title] = cells(&line.activity, &local);
                table.row([line.email.clone(), time, kind, value, title]);
            }
            let mut text = table.text("No activities are waiting for a contact.");
            text.push_str(&more(waiting.total, waiting.activities.len()));
            text
        });
        return Ok(());
    };
    let timeline = activities::list(workspace, contact, None, limit)?;
    app.output.result(&timeline, |timeline| {
        let mut table = Table::new(&["time", "type", "value", "title"]);
        for line in &timeline.activities {
            table.row(cells(line, &local));
        }
        let mut text = table.text("No activities yet.");
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

fn cells(line: &ActivityLine, local: &LocalTime) -> [String; 4] {
    [
        local.moment(line.at),
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
        text.push_str("Resumed an interrupted import.\n");
    }
    text.push_str(&format!(
        "{}: {} added, {} waiting for a contact, {} invalid.\n",
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
            "Skipped columns: {}.\n",
            outcome.columns_ignored.join(", ")
        ));
    }
    text.push_str(&faults(&outcome.faults, outcome.errors_file.as_deref()));
    text.push_str(&remarks(&outcome.warnings));
    if !outcome.finished {
        text.push_str("The import was stopped. Run the same command to continue.\n");
    }
    text
}
