//! `contacts fields …`

use clap::{Subcommand, ValueEnum};
use leadferry_commands::custom_fields::{self, CustomFieldInfo};
use leadferry_commands::{Result, Workspace};
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Declare a contact field.
    Add {
        /// Its name.
        name: String,
        /// What it holds.
        #[arg(long = "type", value_enum, default_value_t = Kind::Text)]
        kind: Kind,
        /// Digits after the point, of a decimal.
        #[arg(long, value_name = "N", default_value_t = 2)]
        scale: u8,
    },
    /// List the declared contact fields.
    List,
}

/// What a field can hold, in the words of the workspace.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// One line of text.
    Text,
    /// Text of several lines.
    LongText,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    LongInteger,
    /// An exact number with digits after the point.
    Decimal,
    /// A floating point number.
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
            .map(|scale| format!(", {scale} digits after the point"))
            .unwrap_or_default();
        table.row([
            format!("custom:{}", field.name),
            format!("{}{scale}", field.kind),
        ]);
    }
    table.text("There are no custom fields.")
}

fn kind_name(kind: Kind) -> String {
    let value = kind.to_possible_value();
    value
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}
