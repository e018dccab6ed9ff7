//! `links …`

use clap::Subcommand;
use leadferry_commands::Result;
use leadferry_commands::links::{self, LinkList, SetLink};

use crate::app::App;
use crate::exit::Exit;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List links between contacts and records.
    List {
        /// Only in the org of this connection.
        #[arg(long)]
        connection: Option<String>,
        /// Show at most N links.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Start after this id, the `next` of the previous page.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Link a contact to a record and write its Leadferry ID there.
    Set {
        /// Guid or email of the contact.
        contact: String,
        /// Id of the Lead or Contact in Salesforce.
        record: String,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
        /// Replace the identifier of another contact in the record.
        #[arg(long)]
        overwrite_identifier: bool,
    },
    /// Remove a link. The record stays in Salesforce.
    Remove {
        /// Guid or email of the contact.
        contact: String,
        /// Only in the org of this connection.
        #[arg(long)]
        connection: Option<String>,
        /// Only links to this object, Lead or Contact.
        #[arg(long)]
        object: Option<String>,
    },
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::List {
            connection,
            limit,
            after,
        } => {
            app.output.result(
                &links::list(&workspace, connection.as_deref(), *after, *limit)?,
                list,
            );
        }
        Command::Set {
            contact,
            record,
            connection,
            overwrite_identifier,
        } => {
            let request = SetLink {
                contact: contact.clone(),
                record_id: record.clone(),
                connection: connection.clone(),
                overwrite_identifier: *overwrite_identifier,
            };
            app.output
                .result(&links::set(&workspace, &request).await?, |linked| {
                    format!(
                        "Linked {} to {} {}.\n",
                        linked.contact, linked.object, linked.record_id
                    )
                });
        }
        Command::Remove {
            contact,
            connection,
            object,
        } => {
            let removed = links::remove(
                &workspace,
                contact,
                connection.as_deref(),
                object.as_deref(),
            )?;
            app.output.removed(removed.contact.as_str(), &removed, || {
                format!(
                    "Removed the link from {} to {}.\n",
                    removed.contact,
                    removed.records.join(", ")
                )
            });
        }
    }
    Ok(Exit::AllWell)
}

fn list(list: &LinkList) -> String {
    let mut table = Table::new(&[
        "contact",
        "name",
        "connection",
        "object",
        "record",
        "state",
        "origin",
    ]);
    for link in &list.links {
        table.row([
            link.contact.to_string(),
            link.name.clone(),
            link.connection.clone().unwrap_or_else(|| "none".to_owned()),
            link.object.clone(),
            link.record_id.clone(),
            link.state.to_owned(),
            link.origin.to_owned(),
        ]);
    }
    let mut text = table.text("No links yet.");
    if let Some(next) = list.next {
        text.push_str(&format!("For more, add --after {next}\n"));
    }
    text
}
