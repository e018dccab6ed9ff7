//! `mappings …`

use std::path::PathBuf;

use clap::Subcommand;
use leadferry_commands::files;
use leadferry_commands::mappings::{self, Checked, Finding, RowTroubles};
use leadferry_commands::{Result, sentence};
use serde::Serialize;
use serde_json::json;

use super::read_text;
use crate::app::App;
use crate::exit::Exit;
use crate::table::counted;

/// What a mapping file is made of.
pub(crate) const TEXT_FORM: &str = "\
A mapping has one row on each line: source=Field ; rules

Sources:
  first_name                   A contact field
  custom:Customer no           A custom field, by its name
  account:website              A field of the contact's account
  @company_name                Their company, else that of their account, else the default company
  @street                      Address lines 1 and 2, one below the other
  @country_name                The country as Salesforce lists it, or @country_code
  @state_name                  The state as Salesforce lists it, or @state_code
  @description                 The description template of the replication
  @points:Engagement           Points in a score
  @segment:Customers           Status in a segment
  @consent:Newsletter          Yes if consent was given, no if refused
  @refused:Newsletter          Yes if consent was refused, no if given
  Salesforce.Rating            A field of the record that the contact is linked to, as a pull has read it
  Salesforce.Account.Industry  A field of its account. List the names with: leadferry-cli mirror fields
  @preference:News > Topics    The values of a preference that were given, or No
  \"Web\"                        The same text for every contact
  {% Contact.first_name %}     A template. Account.…, Score.… and Salesforce.… work alike
  {% Contact.Customer no %}    Names can have blanks, also as Contact[\"Customer no\"]

Field is an API name. A lookup finds its record by an External ID: Account.Number__c

Rules, separated by commas:
  always, if_empty, on_create  When to write. Fixed texts, the generated description and values that
                               stand in for missing ones fill empty fields of existing records only,
                               unless you write always
  shorten, refuse              What to do with text that is too long. Phone numbers, emails, web
                               addresses, IDs and codes are never shortened
  leave_out, block             What to do with a value that Salesforce would refuse: send the
                               contact without it, or block the contact. Without a rule, it's left
                               out
  required                     Block contacts without a value
  from DATE, until DATE        Days on which a segment's status is written
  map \"ours\"->\"theirs\"         Values to replace, separated by commas
";

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

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
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
            mappings::look_at_parents(&workspace, replication, Some(&text)).await?;
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
            mappings::look_at_parents(&workspace, replication, text.as_deref()).await?;
            let checked = mappings::check(&workspace, replication, text.as_deref())?;
            let unseen = mappings::unseen(&workspace, replication, text.as_deref())?;
            let values = mappings::troubles(&workspace, replication, text.as_deref())?;
            let whole = Whole {
                checked: &checked,
                values: &values,
            };
            app.output.result(&whole, |Whole { checked, values }| {
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
                let (found, values) = (findings(&checked.findings), troubles(values));
                format!("{found}{values}{verdict}\n{next}")
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

/// A checked mapping, and how the values of contacts fit it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    checked: &'a Checked,
    values: &'a RowTroubles,
}

fn troubles(values: &RowTroubles) -> String {
    let lines = values.rows.iter().map(|row| {
        format!(
            "# {}: {} {}\n",
            row.target,
            sentence(&row.message),
            sentence(&row.cure)
        )
    });
    let lines: String = lines.collect();
    match values.more && !lines.is_empty() {
        true => format!(
            "{lines}# Counted in the first {}.\n",
            counted(values.looked_at, "contact", "contacts")
        ),
        false => lines,
    }
}

fn export(app: &App, text: &str, file: Option<&PathBuf>) -> Result<()> {
    let Some(file) = file else {
        app.output
            .result(&json!({ "mapping": text }), |_| text.to_owned());
        return Ok(());
    };
    files::save(file, text.as_bytes())?;
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
