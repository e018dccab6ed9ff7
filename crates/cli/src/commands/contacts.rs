//! `contacts …`

use clap::Subcommand;
use leadferry_commands::contacts::{self, ContactCard, ContactId, ContactList};
use leadferry_commands::{Result, Workspace};
use serde_json::{Value, json};

use super::{fields, imports, pair};
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring a CSV or XLSX file in.
    Import(imports::Import),
    /// List contacts.
    List {
        /// Words that begin a word of the name, e-mail or company.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Deleted ones instead.
        #[arg(long)]
        deleted: bool,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Those after this one; `next` of the page before.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Show a contact with all that belongs to it.
    Show {
        /// Guid, or an e-mail that only one contact has.
        contact: String,
    },
    /// Change fields of a contact; an empty value unsets one.
    Set {
        /// Guid, or an e-mail that only one contact has.
        contact: String,
        /// Fields and values, such as city=Wien or custom:Region=North.
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = pair)]
        fields: Vec<(String, String)>,
        /// Change these contacts alike.
        #[arg(long, value_name = "CONTACT")]
        also: Vec<String>,
    },
    /// Count contacts.
    Count {
        /// Words that begin a word of the name, e-mail or company.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Deleted ones instead.
        #[arg(long)]
        deleted: bool,
    },
    /// Merge contacts into the first one.
    Merge {
        /// The one that stays.
        survivor: String,
        /// Those merged into it.
        #[arg(required = true)]
        others: Vec<String>,
    },
    /// Delete contacts; can be undone for 30 days.
    Delete {
        /// Guids or e-mails.
        #[arg(required = true)]
        contacts: Vec<String>,
    },
    /// Remove a person from the workspace, its history and its backups for good.
    Erase {
        /// Guid or e-mail.
        contact: String,
        /// Do it: it cannot be undone.
        #[arg(long, required = true)]
        yes: bool,
    },
    /// List what can be undone.
    Acts,
    /// Undo a deletion, merge, bulk edit or import; the newest one where none is named.
    Undo {
        /// Number of the act.
        act: Option<i64>,
    },
    /// Declare and list contact fields of your own.
    #[command(subcommand)]
    Fields(fields::Command),
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let output = app.output;
    match command {
        Command::Import(args) => return imports::run(args, app, &workspace),
        Command::Fields(command) => return fields::run(command, app, &workspace),
        Command::List {
            search,
            deleted,
            limit,
            after,
        } => {
            let after = after.map(ContactId);
            output.result(
                &contacts::list(&workspace, search.as_deref(), *deleted, after, *limit)?,
                list,
            );
        }
        Command::Show { contact } => output.result(&contacts::show(&workspace, contact)?, card),
        Command::Set {
            contact,
            fields,
            also,
        } if also.is_empty() => {
            output.result(&contacts::set(&workspace, contact, fields)?, card);
        }
        Command::Set {
            contact,
            fields,
            also,
        } => edit(app, &workspace, contact, also, fields)?,
        Command::Count { search, deleted } => {
            let count = contacts::count(&workspace, search.as_deref(), *deleted)?;
            output.result(&json!({ "contacts": count }), |_| {
                format!("{}\n", grouped(count))
            });
        }
        Command::Merge { survivor, others } => {
            output.result(&contacts::merge(&workspace, survivor, others)?, |merged| {
                format!(
                    "Merged {} into {}.\n",
                    counted(merged.acts.len() as u64, "contact", "contacts"),
                    merged.survivor
                )
            });
        }
        Command::Delete { contacts } => {
            let act = contacts::delete(&workspace, contacts)?;
            let result = json!({ "deleted": contacts.len(), "act": act });
            output.result(&result, |_| {
                format!(
                    "Deleted {}. `contacts undo {act}` brings them back.\n",
                    counted(contacts.len() as u64, "contact", "contacts")
                )
            });
        }
        Command::Erase { contact, yes: _ } => {
            output.result(&contacts::erase(&workspace, contact)?, |erased| {
                let backups = erased.backups_rewritten + erased.backups_dropped;
                format!(
                    "Erased, also from {}. Records in Salesforce stay.\n",
                    counted(backups as u64, "backup", "backups")
                )
            });
        }
        Command::Acts => acts(app, &workspace)?,
        Command::Undo { act } => {
            let undone = contacts::undo(&workspace, *act)?;
            output.result(&undone, |undone| {
                let left = match undone.left_alone.len() as u64 {
                    0 => String::new(),
                    count => format!(
                        "; {} changed since and not fully put back",
                        counted(count, "contact was", "contacts were")
                    ),
                };
                format!(
                    "{} as before{left}.\n",
                    counted(undone.restored, "contact is", "contacts are")
                )
            });
        }
    }
    Ok(Exit::AllWell)
}

fn edit(
    app: &App,
    workspace: &Workspace,
    contact: &str,
    also: &[String],
    fields: &[(String, String)],
) -> Result<()> {
    let all: Vec<String> = [contact.to_owned()]
        .into_iter()
        .chain(also.iter().cloned())
        .collect();
    let (act, changed) = contacts::edit(workspace, &all, fields)?;
    app.output
        .result(&json!({ "changed": changed, "act": act }), |_| {
            format!(
                "Changed {}. `contacts undo {act}` takes it back.\n",
                counted(changed, "contact", "contacts")
            )
        });
    Ok(())
}

fn list(list: &ContactList) -> String {
    let mut table = Table::new(&["guid", "first name", "last name", "e-mail", "company"]);
    for contact in &list.contacts {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        table.row([
            contact.guid.to_string(),
            text(&contact.first_name),
            text(&contact.last_name),
            text(&contact.email),
            text(&contact.company_name),
        ]);
    }
    let mut text = table.text("There are no contacts here.");
    if let Some(next) = list.next {
        text.push_str(&format!("More: --after {next}\n"));
    }
    text
}

fn card(card: &ContactCard) -> String {
    let plain = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let mut lines: Vec<(&str, String)> = vec![("guid", card.guid.to_string())];
    lines.extend(
        card.fields
            .iter()
            .map(|(name, value)| (name.as_str(), plain(value))),
    );
    lines.extend(card.deleted_at.iter().map(|at| ("deleted", at.clone())));
    lines.extend(
        card.accounts
            .iter()
            .map(|(name, role)| ("account", format!("{name} ({role})"))),
    );
    lines.extend(
        card.points
            .iter()
            .map(|(score, points)| ("points", format!("{points} in {score}"))),
    );
    for link in &card.links {
        lines.push((
            "record",
            format!(
                "{} {} ({}, {})",
                link.object, link.record_id, link.state, link.origin
            ),
        ));
    }
    for entry in &card.queue {
        let reason = entry
            .reason
            .as_ref()
            .map(|reason| format!(": {} ({})", reason.message, reason.code));
        lines.push((
            "queue",
            format!(
                "{} in {}{}",
                entry.state.name(),
                entry.replication,
                reason.unwrap_or_default()
            ),
        ));
    }
    for run in &card.history {
        let errors = if run.errors.is_null() {
            String::new()
        } else {
            format!(" {}", run.errors)
        };
        lines.push((
            "history",
            format!("run {}: {}{errors}", run.run, run.outcome),
        ));
    }
    pairs(&lines)
}

fn acts(app: &App, workspace: &Workspace) -> Result<()> {
    let acts = contacts::acts(workspace)?;
    app.output.result(&json!({ "acts": acts }), |_| {
        let mut table = Table::new(&["act", "what", "state"]);
        for act in &acts {
            let state = if act.undone_at.is_some() {
                "undone"
            } else {
                ""
            };
            table.row([act.id.to_string(), act.summary.clone(), state.to_owned()]);
        }
        table.text("Nothing was done that could be undone.")
    });
    Ok(())
}
