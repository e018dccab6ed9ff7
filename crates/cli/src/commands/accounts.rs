//! `accounts …`

use clap::{Subcommand, ValueEnum};
use leadferry_commands::Result;
use leadferry_commands::accounts::{self, AccountCard, AccountId, AccountInfo, AccountList};
use serde_json::json;

use super::pair;
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List accounts.
    List {
        /// Maximum number of accounts.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Continue after this ID: `next` of the previous page.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Show an account with its contacts.
    Show {
        /// The account's name.
        name: String,
        /// Maximum number of contacts.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// Add an account.
    Add {
        /// The account's name.
        name: String,
        /// Fields and values, for example city=Boston.
        #[arg(value_name = "FIELD=VALUE", value_parser = pair)]
        fields: Vec<(String, String)>,
    },
    /// Change fields of an account; an empty value clears a field.
    Set {
        /// The account's name.
        name: String,
        /// Fields and values, for example city=Boston.
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = pair)]
        fields: Vec<(String, String)>,
    },
    /// Add a contact to an account, or change their role in it.
    Join {
        /// The account's name.
        name: String,
        /// Guid or email of the contact.
        contact: String,
        /// The contact's role.
        #[arg(long, value_enum, default_value_t = Role::Regular)]
        role: Role,
    },
    /// Remove a contact from an account.
    Leave {
        /// The account's name.
        name: String,
        /// Guid or email of the contact.
        contact: String,
    },
    /// Delete an account; its contacts stay.
    Delete {
        /// The account's name.
        name: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Role {
    /// The main contact.
    Primary,
    /// The second contact.
    Secondary,
    /// Any other contact.
    Regular,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Primary => "primary",
            Role::Secondary => "secondary",
            Role::Regular => "regular",
        }
    }
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let output = app.output;
    let named = |name: &str| accounts::named(&workspace, name);
    match command {
        Command::List { limit, after } => {
            output.result(
                &accounts::list(&workspace, after.map(AccountId), *limit)?,
                list,
            );
        }
        Command::Show { name, limit } => {
            output.result(&accounts::show(&workspace, named(name)?, *limit)?, card)
        }
        Command::Add { name, fields } => {
            output.result(&accounts::add(&workspace, name, fields)?, fields_of)
        }
        Command::Set { name, fields } => {
            output.result(&accounts::set(&workspace, named(name)?, fields)?, fields_of)
        }
        Command::Join {
            name,
            contact,
            role,
        } => {
            let changed = accounts::join(&workspace, named(name)?, contact, Some(role.name()))?;
            output.result(&json!({ "changed": changed }), |_| said(changed));
        }
        Command::Leave { name, contact } => {
            let changed = accounts::join(&workspace, named(name)?, contact, None)?;
            output.result(&json!({ "changed": changed }), |_| said(changed));
        }
        Command::Delete { name } => {
            accounts::delete(&workspace, named(name)?)?;
            output.removed(name, (), || format!("Deleted \"{name}\".\n"));
        }
    }
    Ok(Exit::AllWell)
}

fn said(changed: bool) -> String {
    if changed {
        "Done.\n"
    } else {
        "Nothing to change.\n"
    }
    .to_owned()
}

fn list(list: &AccountList) -> String {
    let mut table = Table::new(&["id", "name", "city", "country", "website"]);
    for account in &list.accounts {
        let text = |name: &str| account.fields.get(name).cloned().unwrap_or_default();
        table.row([
            account.id.to_string(),
            text("name"),
            text("city"),
            text("country"),
            text("website"),
        ]);
    }
    let mut text = table.text("No accounts.");
    if let Some(next) = list.next {
        text.push_str(&format!("More: --after {next}\n"));
    }
    text
}

fn fields_of(account: &AccountInfo) -> String {
    let lines: Vec<_> = account
        .fields
        .iter()
        .map(|(name, text)| (*name, text.clone()))
        .collect();
    pairs(&lines)
}

fn card(card: &AccountCard) -> String {
    let mut table = Table::new(&["guid", "name", "email", "role"]);
    for member in &card.members {
        let email = member.email.clone().unwrap_or_default();
        table.row([
            member.guid.to_string(),
            member.name.clone(),
            email,
            member.role.to_owned(),
        ]);
    }
    format!(
        "{}\n{}",
        fields_of(&card.account),
        table.text("This account has no contacts.")
    )
}
