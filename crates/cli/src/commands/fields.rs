//! `contacts fields …`

use clap::{Subcommand, ValueEnum};
use leadferry_commands::custom_fields::{self, CustomFieldInfo};
use leadferry_commands::{Result, Workspace};
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a custom field.
    Add {
        /// Name of the field.
        name: String,
        /// Type of value.
        #[arg(long = "type", value_enum, default_value_t = Kind::Text)]
        kind: Kind,
        /// Decimal places, for decimals.
        #[arg(long, value_name = "N", default_value_t = 2)]
        scale: u8,
    },
    /// List custom fields.
    List,
    /// Rename a custom field, also in rules, mappings and descriptions that use it.
    Rename {
        /// Current name.
        name: String,
        /// New name.
        to: String,
    },
    /// Remove a custom field that nothing uses. Can't be undone.
    Remove {
        /// Name of the field.
        name: String,
        /// Also delete the values that contacts have in it.
        #[arg(long)]
        with_values: bool,
    },
}

/// What a field can hold.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// One line of text.
    Text,
    /// Text with several lines.
    LongText,
    /// A whole number up to 2 billion.
    Integer,
    /// A larger whole number.
    LongInteger,
    /// A number with a fixed number of decimal places.
    Decimal,
    /// A floating-point number.
    Float,
    /// Yes or no.
    YesNo,
    /// A date.
    Date,
    /// A date and time.
    DateTime,
}

pub(crate) fn run(command: &Command, app: &App, workspace: &Workspace) -> Result<Exit> {
    match command {
        Command::Add { name, kind, scale } => {
            let added = custom_fields::add(workspace, name, &kind_name(*kind), *scale)?;
            app.output.result(&added, |added| {
                format!("Added custom:{} ({}).\n", added.name, added.kind)
            });
        }
        Command::Rename { name, to } => {
            let renamed = custom_fields::rename(workspace, name, to)?;
            app.output.result(&renamed, |renamed| {
                format!("Renamed \"{name}\" to \"{}\".\n", renamed.name)
            });
        }
        Command::Remove { name, with_values } => {
            let contacts = custom_fields::remove(workspace, name, *with_values)?;
            app.output
                .removed(name, json!({ "contacts": contacts }), || {
                    format!(
                        "Removed \"{name}\" with the values of {}.\n",
                        counted(contacts, "contact", "contacts")
                    )
                });
        }
        Command::List => {
            let all = custom_fields::list(workspace)?;
            app.output.result(&json!({ "fields": all }), |_| text(&all));
        }
    }
    Ok(Exit::AllWell)
}

fn text(all: &[CustomFieldInfo]) -> String {
    let mut table = Table::new(&["field", "type"]);
    for field in all {
        let scale = field
            .scale
            .map(|scale| {
                format!(
                    ", {}",
                    counted(scale.into(), "decimal place", "decimal places")
                )
            })
            .unwrap_or_default();
        table.row([
            format!("custom:{}", field.name),
            format!("{}{scale}", field.kind),
        ]);
    }
    table.text("No custom fields.")
}

fn kind_name(kind: Kind) -> String {
    let value = kind.to_possible_value();
    value
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}
