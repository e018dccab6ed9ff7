//! `mappings …`

use std::path::PathBuf;

use clap::Subcommand;
use leadferry_commands::mappings::{self, Finding};
use leadferry_commands::{Code, Error, Result};
use serde_json::json;

use super::read_text;
use crate::app::App;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the mapping of a replication.
    Show {
        /// The replication.
        replication: String,
    },
    /// Replace the mapping by a text file, one row a line.
    Import {
        /// The replication.
        replication: String,
        /// The file; - or none for standard input.
        file: Option<PathBuf>,
    },
    /// Write the mapping as text.
    Export {
        /// The replication.
        replication: String,
        /// The file; standard output where unset.
        file: Option<PathBuf>,
    },
    /// Check the mapping, or a text file, against the org's fields.
    Check {
        /// The replication.
        replication: String,
        /// The file; the mapping in force where unset.
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
                        "The mapping has {} rows now.\n{}",
                        info.rows.len(),
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
            app.output.result(&checked, |checked| {
                let verdict = if checked.usable {
                    "The mapping can be used."
                } else {
                    "The mapping cannot be used."
                };
                format!("{}{verdict}\n", findings(&checked.findings))
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
    std::fs::write(file, text).map_err(|error| {
        Error::new(
            Code::Local,
            format!("could not write {}", file.display()),
            "check the folder, or name another file",
        )
        .because(error.to_string())
    })?;
    app.output.result(&json!({ "file": file }), |_| {
        format!("Written to {}.\n", file.display())
    });
    Ok(())
}

fn findings(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let line = finding
            .line
            .map(|line| format!("line {line}: "))
            .unwrap_or_default();
        format!("# {line}{}; {}\n", finding.message, finding.cure)
    });
    lines.collect()
}
