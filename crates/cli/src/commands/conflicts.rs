//! `conflicts …`

use clap::{Subcommand, ValueEnum};
use leadferry_commands::inbound::{
    self, AskConflicts, ConflictSide, ConflictsPage, ConflictsResolved, ResolveConflicts,
};
use leadferry_commands::{Error, Result};

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List fields that were changed here and in Salesforce, with both values.
    ///
    /// A field comes on this list if its inbound rule is ask. Until you choose a value, the field is left out of what is
    /// sent.
    List {
        #[command(flatten)]
        which: Which,
        /// Maximum number of conflicts.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// Choose which value counts.
    Resolve {
        /// Value to use: the contact's here, or the record's there.
        #[arg(long = "use", value_enum)]
        side: Side,
        #[command(flatten)]
        which: Which,
        /// Resolve all conflicts.
        #[arg(long)]
        all: bool,
    },
}

/// Which conflicts.
#[derive(Debug, clap::Args)]
pub(crate) struct Which {
    /// Only this contact, by email or ID.
    #[arg(long)]
    contact: Option<String>,
    /// Only this Salesforce field.
    #[arg(long)]
    field: Option<String>,
    /// Only Lead or Contact.
    #[arg(long)]
    object: Option<String>,
    /// Only the org of this connection.
    #[arg(long)]
    connection: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Side {
    /// The contact's value. The next run sends it.
    Here,
    /// The record's value. It comes in at once.
    There,
}

impl Which {
    fn asked(&self, limit: Option<usize>) -> AskConflicts {
        AskConflicts {
            connection: self.connection.clone(),
            object: self.object.clone(),
            contact: self.contact.clone(),
            field: self.field.clone(),
            after: None,
            limit,
        }
    }

    fn is_everything(&self) -> bool {
        let parts = [&self.contact, &self.field, &self.object, &self.connection];
        parts.into_iter().all(Option::is_none)
    }
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::List { which, limit } => {
            let page = inbound::list_conflicts(&workspace, &which.asked(Some(*limit)))?;
            app.output.result(&page, listed);
        }
        Command::Resolve { side, which, all } => {
            if which.is_everything() && !all {
                return Err(Error::usage(
                    "no conflict was chosen",
                    "name a contact or a field, or add --all",
                ));
            }
            let request = ResolveConflicts {
                winner: match side {
                    Side::Here => ConflictSide::Here,
                    Side::There => ConflictSide::There,
                },
                conflicts: None,
                which: which.asked(None),
            };
            let resolved = inbound::resolve_conflicts(&workspace, &request)?;
            app.output.result(&resolved, resolved_text);
            if resolved.left > 0 {
                return Ok(Exit::SomeNeedALook);
            }
        }
    }
    Ok(Exit::AllWell)
}

fn listed(page: &ConflictsPage) -> String {
    let mut table = Table::new(&[
        "contact",
        "field",
        "last agreed",
        "here",
        "in Salesforce",
        "newer",
    ]);
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    for conflict in &page.conflicts {
        let newer = match conflict.newer {
            Some(ConflictSide::Here) => "here",
            Some(ConflictSide::There) => "Salesforce",
            None => "-",
        };
        table.row([
            conflict.name.clone(),
            format!("{} ({})", conflict.label, conflict.id.field),
            shown(&conflict.agreed),
            shown(&conflict.here),
            shown(&conflict.there),
            newer.to_owned(),
        ]);
    }
    let text = table.text("No conflicts.");
    let shown = page.conflicts.len() as u64;
    match page.total > shown {
        true => format!(
            "{text}{} in all.\n",
            counted(page.total, "conflict", "conflicts")
        ),
        false => text,
    }
}

fn resolved_text(resolved: &ConflictsResolved) -> String {
    let mut text = format!(
        "Resolved {}.\n",
        counted(resolved.resolved, "conflict", "conflicts")
    );
    if resolved.unfit > 0 {
        text.push_str(&format!(
            "{} from Salesforce can't be stored in the contact field. Change it there or keep the contact's.\n",
            counted(resolved.unfit, "value", "values")
        ));
    }
    if resolved.left > 0 {
        text.push_str(&format!(
            "{} left. If a contact is being sent, run the replication again first.\n",
            counted(resolved.left, "conflict", "conflicts")
        ));
    }
    text
}
