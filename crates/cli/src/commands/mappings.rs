//! `mappings …`

use std::path::PathBuf;

use clap::Subcommand;
use leadferry_commands::files;
use leadferry_commands::mappings::{self, Finding};
use leadferry_commands::{Result, sentence};
use serde_json::json;

use super::read_text;
use crate::app::App;
use crate::exit::Exit;
use crate::table::counted;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the mapping of a replication.
    Show {
        /// Name of the replication.
        replication: String,
    },
    /// Replace the mapping with a text file, one row on each line.
    Import {
        /// Name of the replication.
        replication: String,
        /// File; standard input by default.
        file: Option<PathBuf>,
    },
    /// Export the mapping as text.
    Export {
        /// Name of the replication.
        replication: String,
        /// File; standard output by default.
        file: Option<PathBuf>,
    },
    /// Check the mapping or a text file against the fields in Salesforce.
    Check {
        /// Name of the replication.
        replication: String,
        /// File; the current mapping by default.
        file: Option<PathBuf>,
    },
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Show { replication } => {
            app.output
                .result(&mappings::show(&workspace, replication)?, |info| {
                    format!("{}{}", info.text, findings(&info.findings))
                });
        }
        Command::Import { replication, file } => {
            let text = read_text(file.as_deref().unwrap_or("-".as_ref()))?;
            app.output
                .result(&mappings::import(&workspace, replication, &text)?, |info| {
                    format!(
                        "Saved the mapping with {}.\n{}",
                        counted(info.rows.len() as u64, "row", "rows"),
                        findings(&info.findings)
                    )
                });
        }
        Command::Export { replication, file } => export(
            app,
            &mappings::export(&workspace, replication)?,
            file.as_ref(),
        )?,
        Command::Check { replication, file } => {
            let text = file.as_deref().map(read_text).transpose()?;
            let checked = mappings::check(&workspace, replication, text.as_deref())?;
            let unseen = mappings::unseen(&workspace, replication, text.as_deref())?;
            app.output.result(&checked, |checked| {
                let verdict = if checked.usable {
                    "The mapping is valid."
                } else {
                    "The mapping isn't valid."
                };
                let next = if unseen.is_empty() {
                    String::new()
                } else {
                    format!(
                        "To look for the missing fields in Salesforce and get access to them, run:\n  leadferry-cli {}\n",
                        mappings::show_command(replication, &unseen)
                    )
                };
                format!("{}{verdict}\n{next}", findings(&checked.findings))
            });
            return Ok(if checked.usable {
                Exit::AllWell
            } else {
                Exit::SomeNeedALook
            });
        }
    }
    Ok(Exit::AllWell)
}

fn export(app: &App, text: &str, file: Option<&PathBuf>) -> Result<()> {
    let Some(file) = file else {
        app.output
            .result(&json!({ "mapping": text }), |_| text.to_owned());
        return Ok(());
    };
    files::write(file, text.as_bytes())?;
    app.output.result(&json!({ "file": file }), |_| {
        format!("Exported to {}.\n", file.display())
    });
    Ok(())
}

fn findings(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let line = finding
            .line
            .map(|line| format!("line {line}: "))
            .unwrap_or_default();
        format!(
            "# {line}{} {}\n",
            sentence(&finding.message),
            sentence(&finding.cure)
        )
    });
    lines.collect()
}
