//! `links …`

use clap::Subcommand;
use leadferry_commands::links::{
    self, ConfirmLinks, ConfirmedPair, FindLinks, LinkList, LinkPairs, LinkPreview, LinksConfirmed,
    SetLink,
};
use leadferry_commands::segments::ContactId;
use leadferry_commands::{Result, Workspace};

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

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
    /// Show what linking a contact to a record would write. Uses 1 API call.
    Preview {
        /// Guid or email of the contact.
        contact: String,
        /// Id of the Lead or Contact in Salesforce.
        record: String,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
    },
    /// Find contacts and Salesforce records that are probably the same person, from what pulls have read.
    Find {
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
        /// Minimum confidence, 0 to 100.
        #[arg(long, value_name = "PERCENT", default_value_t = 60)]
        least: u8,
        /// Only certain pairs.
        #[arg(long)]
        certain: bool,
        /// Show at most N pairs.
        #[arg(long, default_value_t = 100, value_name = "N")]
        limit: usize,
        /// Continue after this id, the `next` of the previous page.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Link pairs that `links find` has found, and write the Leadferry ID to the records.
    Confirm {
        /// Guid or email of the contact.
        #[arg(
            required_unless_present = "certain",
            requires = "record",
            conflicts_with = "certain"
        )]
        contact: Option<String>,
        /// Id of the Lead or Contact in Salesforce.
        record: Option<String>,
        /// Link all certain pairs.
        #[arg(long)]
        certain: bool,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
    },
    /// Choose one record if a merged contact has two in Salesforce. Nothing changes in Salesforce.
    Keep {
        /// Guid or email of the contact.
        contact: String,
        /// Id of the record that stays linked.
        record: String,
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
        Command::Preview {
            contact,
            record,
            connection,
        } => {
            let request = SetLink {
                contact: contact.clone(),
                record_id: record.clone(),
                connection: connection.clone(),
                overwrite_identifier: false,
            };
            app.output
                .result(&links::preview(&workspace, &request).await?, preview);
        }
        Command::Find {
            connection,
            least,
            certain,
            limit,
            after,
        } => {
            let request = FindLinks {
                connection: connection.clone(),
                least: Some(*least),
                certain: *certain,
                after: after.map(ContactId),
                limit: Some(*limit),
            };
            app.output
                .result(&links::find(&workspace, &request)?, pairs);
        }
        Command::Confirm {
            contact,
            record,
            connection,
            ..
        } => {
            let pairs = match (contact, record) {
                (Some(contact), Some(record)) => vec![ConfirmedPair {
                    contact: contact.clone(),
                    record_id: record.clone(),
                }],
                _ => certain_pairs(&workspace, connection.as_deref())?,
            };
            let request = ConfirmLinks {
                connection: connection.clone(),
                pairs,
            };
            let confirmed = links::confirm(&workspace, &request).await?;
            app.output.result(&confirmed, confirmed_text);
            if !confirmed.refused.is_empty() {
                return Ok(Exit::SomeNeedALook);
            }
        }
        Command::Keep { contact, record } => {
            app.output
                .result(&links::keep(&workspace, contact, record)?, |kept| {
                    format!(
                        "Linked to {}. No longer linked: {}. Merge the records in Salesforce; the next pull follows.\n",
                        kept.record_id,
                        kept.unlinked.join(", ")
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

/// Returns every certain pair of the workspace.
fn certain_pairs(workspace: &Workspace, connection: Option<&str>) -> Result<Vec<ConfirmedPair>> {
    let mut request = FindLinks {
        connection: connection.map(str::to_owned),
        certain: true,
        limit: Some(1_000),
        ..FindLinks::default()
    };
    let mut pairs = Vec::new();
    loop {
        let found = links::find(workspace, &request)?;
        pairs.extend(found.pairs.into_iter().map(|pair| ConfirmedPair {
            contact: pair.contact.to_string(),
            record_id: pair.record_id,
        }));
        match found.next {
            Some(next) => request.after = Some(next),
            None => return Ok(pairs),
        }
    }
}

fn pairs(found: &LinkPairs) -> String {
    if !found.mirrored {
        return "No leads or contacts were pulled from this org yet. To read them: leadferry-cli pulls add NAME --object \
                Lead --object Contact\n"
            .to_owned();
    }
    let mut table = Table::new(&[
        "confidence",
        "contact",
        "name",
        "object",
        "record",
        "record name",
        "reasons",
    ]);
    for pair in &found.pairs {
        let sure = if pair.certain { " (certain)" } else { "" };
        table.row([
            format!("{}%{sure}", pair.confidence),
            pair.contact.to_string(),
            pair.name.clone(),
            pair.object.clone(),
            pair.record_id.clone(),
            pair.record_name.clone().unwrap_or_default(),
            pair.reasons.join(", "),
        ]);
    }
    let mut text = table.text("No pairs found.");
    if let Some(next) = found.next {
        text.push_str(&format!("For more, add --after {next}\n"));
    }
    text
}

fn confirmed_text(confirmed: &LinksConfirmed) -> String {
    let mut text = format!(
        "Linked {}.\n",
        counted(confirmed.linked, "contact", "contacts")
    );
    for refused in &confirmed.refused {
        text.push_str(&format!(
            "Not linked: {} to {}, because {}.\n  To do: {}.\n",
            refused.contact, refused.record_id, refused.why, refused.cure
        ));
        if let Some(command) = &refused.command {
            text.push_str(&format!("  Run: leadferry-cli {command}\n"));
        }
    }
    if confirmed.without_id > 0 {
        text.push_str(
            "The Leadferry ID wasn't written: the field isn't in Salesforce yet, or no replication uses it. The next \
             update writes it once the field is there.\n",
        );
    }
    text.push_str(&format!("API calls: {}.\n", grouped(confirmed.calls)));
    text
}

fn preview(preview: &LinkPreview) -> String {
    let mut text = format!(
        "{} to {} {} ({})\n",
        preview.contact, preview.object, preview.record_id, preview.name
    );
    if let Some(other) = &preview.taken_by {
        text.push_str(&format!(
            "Can't be linked: the record is linked to {other}.\n"
        ));
    }
    for write in &preview.writes {
        let before = match &write.before {
            Some(before) => format!(", replacing {before}"),
            None => String::new(),
        };
        text.push_str(&format!(
            "Writes {} to {}{before}.\n",
            write.after, write.field
        ));
    }
    if preview.writes.is_empty() {
        text.push_str("Writes nothing to the record.\n");
    }
    if let Some(record) = &preview.replaces {
        text.push_str(&format!("Replaces the link to {record}.\n"));
    }
    if !preview.replications.is_empty() {
        let names = preview.replications.join(", ");
        text.push_str(&format!("Updated from the next run on by {names}.\n"));
    }
    text
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
