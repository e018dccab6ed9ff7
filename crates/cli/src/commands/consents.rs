//! `consents …`

use std::path::Path;

use clap::{Subcommand, ValueEnum};
use leadferry_commands::consents::{self, PurposeInfo, RecordConsent, RecordedConsent};
use leadferry_commands::{Result, Workspace, activities};
use serde_json::json;

use super::activities::moment;
use super::read_text;
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List purposes and how many contacts answered, or the answers of one contact.
    List {
        /// Guid or email of the contact.
        contact: Option<String>,
    },
    /// Add a purpose, preference or preference value, with any missing parents.
    Add {
        /// Path, for example "Newsletter > Topics > Offers".
        path: String,
    },
    /// Rename a purpose, also in rules that use it.
    Rename {
        /// Path of the purpose.
        path: String,
        /// New name of its last part.
        name: String,
    },
    /// Remove a purpose and everything below it.
    Remove {
        /// Path of the purpose.
        path: String,
        /// Also delete the answers.
        #[arg(long)]
        with_answers: bool,
    },
    /// Record answers of contacts.
    Record {
        /// Path of the purpose.
        purpose: String,
        /// Their answer.
        answer: Answer,
        /// Guids or emails; - reads emails from standard input.
        #[arg(required = true)]
        contacts: Vec<String>,
        /// Time of the answer, for example 2026-01-31T10:00:00Z; now by default.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// Where they were asked, for example a form or a trade fair.
        #[arg(long, default_value = "", hide_default_value = true)]
        source: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    /// They gave consent.
    Given,
    /// They refused consent.
    Refused,
    /// They were not asked; removes their answer.
    None,
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::List { contact } => list(app, &workspace, contact.as_deref())?,
        Command::Add { path } => {
            consents::add(&workspace, path)?;
            app.output
                .result(&json!({}), |_| format!("Added \"{}\".\n", path.trim()));
        }
        Command::Rename { path, name } => {
            consents::rename(&workspace, path, name)?;
            app.output.result(&json!({}), |_| {
                format!("Renamed \"{path}\" to \"{name}\".\n")
            });
        }
        Command::Remove { path, with_answers } => {
            consents::remove(&workspace, path, *with_answers)?;
            app.output
                .removed(path, (), || format!("Removed \"{path}\".\n"));
        }
        Command::Record {
            purpose,
            answer,
            contacts,
            at,
            source,
        } => {
            let (dashes, contacts): (Vec<_>, Vec<_>) =
                contacts.iter().cloned().partition(|who| who == "-");
            let pasted = match dashes.first() {
                Some(dash) => read_text(Path::new(dash))?,
                None => String::new(),
            };
            let request = RecordConsent {
                contacts,
                pasted,
                purpose: purpose.clone(),
                given: match answer {
                    Answer::Given => Some(true),
                    Answer::Refused => Some(false),
                    Answer::None => None,
                },
                at: at.as_deref().map(moment).transpose()?,
                source: source.clone(),
            };
            let recorded = consents::record(&workspace, &request)?;
            app.output.result(&recorded, text);
            if !recorded.unknown.is_empty() {
                return Ok(Exit::SomeNeedALook);
            }
        }
    }
    Ok(Exit::AllWell)
}

fn list(app: &App, workspace: &Workspace, contact: Option<&str>) -> Result<()> {
    let Some(contact) = contact else {
        let purposes = consents::purposes(workspace)?;
        app.output.result(&json!({ "purposes": purposes }), |_| {
            let mut table = Table::new(&["purpose", "given", "refused"]);
            for purpose in &purposes {
                table.row(cells(purpose));
            }
            table.text("No purposes.")
        });
        return Ok(());
    };
    let answers = consents::of(workspace, contact)?;
    app.output.result(&json!({ "consents": answers }), |_| {
        let mut table = Table::new(&["purpose", "answer", "time", "source"]);
        for one in &answers {
            let answer = if one.given { "given" } else { "refused" };
            let time = activities::written_moment(one.at);
            table.row([
                one.path.clone(),
                answer.to_owned(),
                time,
                one.source.clone(),
            ]);
        }
        table.text("No answers from this contact.")
    });
    Ok(())
}

fn cells(purpose: &PurposeInfo) -> [String; 3] {
    [
        purpose.path.clone(),
        grouped(purpose.given),
        grouped(purpose.refused),
    ]
}

fn text(recorded: &RecordedConsent) -> String {
    let changed = counted(recorded.changed as u64, "contact", "contacts");
    let mut text = format!(
        "Recorded the answer of {changed}. {} had given the same answer before.\n",
        grouped(recorded.unchanged as u64)
    );
    for one in &recorded.unknown {
        text.push_str(&format!("{}: {}\n", one.who, one.why));
    }
    text
}
