//! `contacts fields …`

use clap::Subcommand;
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
        /// What it holds: text, long_text, integer, long_integer, decimal, float, yes_no, date or date_time.
        #[arg(long = "type", value_name = "TYPE", default_value = "text")]
        kind: String,
        /// Digits after the point, of a decimal.
        #[arg(long, value_name = "N", default_value_t = 2)]
        scale: u8,
    },
    /// List the declared contact fields.
    List,
}

pub(crate) fn run(command: &Command, app: &App, workspace: &Workspace) -> Result<Exit> {
    match command {
        Command::Add { name, kind, scale } => {
            let added = custom_fields::add(workspace, name, kind, *scale)?;
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
