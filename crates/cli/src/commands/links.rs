//! `links …`

use clap::Subcommand;
use leadferry_commands::Result;
use leadferry_commands::links::{self, LinkList, SetLink};

use crate::app::App;
use crate::exit::Exit;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List which contact is which record.
    List {
        /// Only in the org of this connection.
        #[arg(long)]
        connection: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Those after this one; `next` of the page before.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Link a contact to a record, and write its guid there.
    Set {
        /// Guid or e-mail of the contact.
        contact: String,
        /// Id of the lead or contact in Salesforce.
        record: String,
        /// The connection; not needed where there is only one.
        #[arg(long)]
        connection: Option<String>,
        /// Replace an identifier that the record holds for someone else.
        #[arg(long)]
        overwrite_identifier: bool,
    },
    /// Forget which record a contact is; the record stays.
    Remove {
        /// Guid or e-mail of the contact.
        contact: String,
        /// Only in the org of this connection.
        #[arg(long)]
        connection: Option<String>,
        /// Only to this object, Lead or Contact.
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
                        "{} is {} {} now.\n",
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
            app.output.result(&removed, |removed| {
                format!(
                    "{} is not linked to {} any more.\n",
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
        "how",
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
    let mut text = table.text("No contact is linked to a record.");
    if let Some(next) = list.next {
        text.push_str(&format!("More: --after {next}\n"));
    }
    text
}
