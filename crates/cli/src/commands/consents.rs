//! `consents …`

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use leadferry_commands::consents::{
    self, LedgerInfo, ProofRequest, PurposeInfo, RecordConsent, RecordedConsent,
};
use leadferry_commands::local_time::LocalTime;
use leadferry_commands::{Result, Workspace};
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
        /// How they answered.
        #[arg(long, default_value = "by-hand")]
        how: How,
        /// For a double opt-in, time of the first step; --at is when they confirmed.
        #[arg(long, value_name = "TIME")]
        asked_at: Option<String>,
        /// Version of the wording they answered.
        #[arg(long, value_name = "VERSION")]
        wording: Option<i64>,
        /// Where they were asked, for example a form or a trade fair.
        #[arg(long, default_value = "", hide_default_value = true)]
        source: String,
    },
    /// Show everything a contact has answered, oldest first.
    History {
        /// Guid or email of the contact.
        contact: String,
    },
    /// Save proof of consent, for one contact or for all.
    Proof {
        /// The new file: a page to print if it ends in .html, otherwise JSON.
        file: PathBuf,
        /// Guid or email of the contact; all contacts by default.
        #[arg(long, value_name = "CONTACT")]
        contact: Option<String>,
    },
    /// Check that no event of the ledger was changed or removed.
    Verify,
    /// List the wordings of consent requests, or add a version.
    Wordings {
        /// Path of the purpose to add a version for.
        #[arg(requires = "text")]
        purpose: Option<String>,
        /// File with the text; - reads it from standard input.
        #[arg(value_name = "FILE")]
        text: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum How {
    /// In a form.
    Form,
    /// You record it.
    ByHand,
    /// On the phone.
    Phone,
    /// They asked for it and confirmed later.
    DoubleOptIn,
}

impl From<How> for consents::How {
    fn from(how: How) -> Self {
        match how {
            How::Form => Self::Form,
            How::ByHand => Self::ByHand,
            How::Phone => Self::Phone,
            How::DoubleOptIn => Self::DoubleOptIn,
        }
    }
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
            how,
            asked_at,
            wording,
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
                how: Some((*how).into()),
                asked_at: asked_at.as_deref().map(moment).transpose()?,
                wording: *wording,
                source: source.clone(),
                undo: false,
            };
            let recorded = consents::record(&workspace, &request)?;
            app.output.result(&recorded, text);
            if !recorded.unknown.is_empty() {
                return Ok(Exit::SomeNeedALook);
            }
        }
        Command::History { contact } => history(app, &workspace, contact)?,
        Command::Proof { file, contact } => {
            let request = ProofRequest {
                contact: contact.clone(),
                place: file.clone(),
            };
            let proof = consents::prove(&workspace, &request)?;
            app.output.result(&proof, |proof| {
                let events = counted(proof.events, "event", "events");
                format!(
                    "Saved {events} to {}.\n{}",
                    file.display(),
                    checked(&proof.ledger)
                )
            });
            return Ok(exit(&proof.ledger));
        }
        Command::Verify => {
            let ledger = consents::verify(&workspace)?;
            app.output.result(&ledger, checked);
            return Ok(exit(&ledger));
        }
        Command::Wordings {
            purpose: Some(purpose),
            text: Some(text),
        } => {
            let text = read_text(text)?;
            let added = consents::add_wording(&workspace, purpose, &text)?;
            app.output.result(&added, |added| {
                format!("Version {} of the wording is current.\n", added.version)
            });
        }
        Command::Wordings { .. } => wordings(app, &workspace)?,
    }
    Ok(Exit::AllWell)
}

fn exit(ledger: &LedgerInfo) -> Exit {
    match ledger.faults.is_empty() {
        true => Exit::AllWell,
        false => Exit::SomeNeedALook,
    }
}

fn checked(ledger: &LedgerInfo) -> String {
    if ledger.faults.is_empty() {
        let events = counted(ledger.events, "event", "events");
        return format!("The ledger is complete: {events} verified.\n");
    }
    let mut text = "The ledger was changed by something else than Leadferry:\n".to_owned();
    for fault in &ledger.faults {
        text.push_str(&format!("  {fault}\n"));
    }
    text
}

fn history(app: &App, workspace: &Workspace, contact: &str) -> Result<()> {
    let events = consents::history(workspace, contact)?;
    let local = LocalTime::of(workspace)?;
    app.output.result(&json!({ "events": events }), |_| {
        let mut table = Table::new(&["no.", "about", "answer", "time", "how", "source", "wording"]);
        for event in &events {
            let wording = event.wording.as_ref();
            table.row([
                event.number.to_string(),
                event.about.clone(),
                event.answered.clone(),
                local.moment(event.at),
                event.how_words.clone(),
                event.source.clone().unwrap_or_default(),
                wording.map_or_else(String::new, |wording| {
                    format!("version {}", wording.version)
                }),
            ]);
        }
        table.text("No answers from this contact.")
    });
    Ok(())
}

fn wordings(app: &App, workspace: &Workspace) -> Result<()> {
    let wordings = consents::wordings(workspace)?;
    let local = LocalTime::of(workspace)?;
    app.output.result(&json!({ "wordings": wordings }), |_| {
        let mut table = Table::new(&["purpose", "version", "since", "text"]);
        for one in &wordings {
            table.row([
                one.purpose.clone().unwrap_or_default(),
                one.version.to_string(),
                local.moment(one.created_at),
                one.text.split_whitespace().collect::<Vec<_>>().join(" "),
            ]);
        }
        table.text("No wordings.")
    });
    Ok(())
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
    let local = LocalTime::of(workspace)?;
    app.output.result(&json!({ "consents": answers }), |_| {
        let mut table = Table::new(&["purpose", "answer", "time", "source"]);
        for one in &answers {
            let answer = if one.given { "given" } else { "refused" };
            let time = local.moment(one.at);
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
    if recorded.outweighed > 0 {
        let contacts = counted(recorded.outweighed as u64, "contact", "contacts");
        text.push_str(&format!(
            "For {contacts} a later answer counts. This one is in the history.\n"
        ));
    }
    for one in &recorded.unknown {
        text.push_str(&format!("{}: {}\n", one.who, one.why));
    }
    text
}
