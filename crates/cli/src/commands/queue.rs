//! `queue …`

use std::collections::BTreeMap;

use clap::{Subcommand, ValueEnum};
use leadferry_commands::causes::{Candidate, Cure};
use leadferry_commands::queue::{
    self, EntryState, QueueFilter, QueueLine, QueueList, Release, Retry, WaitingAgain,
};
use leadferry_commands::{Result, quoted, sentence};

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show waiting and blocked contacts, and why they are blocked.
    List {
        /// Only this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Only contacts in this state.
        #[arg(long, value_enum)]
        state: Option<State>,
        /// Only contacts blocked for this reason.
        #[arg(long)]
        code: Option<String>,
        /// Maximum number of contacts.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Start after this place: `next` of the page before.
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
    },
    /// Retry blocked and failed contacts with the next run.
    Retry {
        /// Only this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Only this contact, by guid or email; can be repeated.
        #[arg(long)]
        contact: Vec<String>,
        /// Only contacts blocked for this reason.
        #[arg(long)]
        code: Option<String>,
        /// Create a new record even if others have the same email.
        #[arg(long, requires = "contact")]
        create_anyway: bool,
    },
    /// Release contacts on hold after a run was undone; the next run sends them again.
    Release {
        /// Only this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Only this contact, by guid or email; can be repeated.
        #[arg(long)]
        contact: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// Waiting for the next run.
    #[value(alias = "waiting")]
    Pending,
    /// Being sent.
    Sending,
    /// Sent.
    #[value(alias = "sent")]
    Done,
    /// Blocked until someone acts.
    Blocked,
    /// Failed too often.
    #[value(alias = "failed")]
    GivenUp,
    /// No longer selected.
    Withdrawn,
    /// On hold until released.
    #[value(alias = "on_hold")]
    Held,
}

impl From<State> for EntryState {
    fn from(state: State) -> EntryState {
        match state {
            State::Pending => EntryState::Pending,
            State::Sending => EntryState::Sending,
            State::Done => EntryState::Done,
            State::Blocked => EntryState::Blocked,
            State::GivenUp => EntryState::GivenUp,
            State::Withdrawn => EntryState::Withdrawn,
            State::Held => EntryState::Held,
        }
    }
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::List {
            replication,
            state,
            code,
            limit,
            after,
        } => {
            let filter = QueueFilter {
                replication: replication.clone(),
                state: state.map(EntryState::from),
                code: code.clone(),
                ..QueueFilter::default()
            };
            let page = queue::list(&workspace, &filter, after.as_deref(), *limit)?;
            app.output
                .result(&page, |page| list(page, &nobody(&filter)));
        }
        Command::Retry {
            replication,
            contact,
            code,
            create_anyway,
        } => {
            let request = Retry {
                replication: replication.clone(),
                contacts: contact.clone(),
                code: code.clone(),
                create_anyway: *create_anyway,
            };
            app.output
                .result(&queue::retry(&workspace, &request)?, waiting);
        }
        Command::Release {
            replication,
            contact,
        } => {
            let request = Release {
                replication: replication.clone(),
                contacts: contact.clone(),
            };
            app.output
                .result(&queue::release(&workspace, &request)?, released);
        }
    }
    Ok(Exit::AllWell)
}

/// Returns the commands that end what the listed contacts stand for, reason by reason. Of a single contact they can be
/// typed as they are; of several, `CONTACT`, `RECORD` and `OTHER` stand for those above.
fn cures(entries: &[QueueLine]) -> String {
    let mut groups: BTreeMap<(&str, &str), Vec<&QueueLine>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.cures.is_empty()) {
        let code = entry.code.as_deref().unwrap_or_default();
        let group = groups.entry((&entry.replication, code)).or_default();
        group.push(entry);
    }
    let texts = groups.into_iter().map(|((replication, code), entries)| {
        let mut offered: Vec<Cure> = Vec::new();
        for cure in entries.iter().flat_map(|entry| entry.cures) {
            if !offered.contains(cure) {
                offered.push(*cure);
            }
        }
        let one = match entries.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let commands = offered
            .iter()
            .flat_map(|cure| commands(*cure, one, replication, code));
        let lines: String = commands.map(|command| format!("  {command}\n")).collect();
        let each = if one.is_some() {
            ""
        } else {
            " for each contact"
        };
        format!(
            "Blocked as {code}. Use one of these{each}, then run \"{replication}\" again:\n{lines}"
        )
    });
    texts.collect()
}

/// Returns what to type for a cure, in order.
fn commands(cure: Cure, one: Option<&QueueLine>, replication: &str, code: &str) -> Vec<String> {
    let name = quoted(replication);
    match cure {
        Cure::EditMapping => vec![
            format!("leadferry-cli mappings export {name} FILE"),
            format!("leadferry-cli mappings import {name} FILE   # after editing it"),
        ],
        cure => command(cure, one, replication, code)
            .map(|command| format!("leadferry-cli {command}"))
            .into_iter()
            .collect(),
    }
}

fn command(cure: Cure, one: Option<&QueueLine>, replication: &str, code: &str) -> Option<String> {
    let name = quoted(replication);
    let contact = one.map_or("CONTACT", |one| one.contact.as_str());
    let candidates = one.map_or(&[][..], |one| &one.candidates);
    let only = |of: fn(&Candidate) -> Option<&String>| match candidates {
        [candidate] => of(candidate).map(String::as_str),
        _ => None,
    };
    let has = |of: fn(&Candidate) -> Option<&String>| {
        one.is_none() || candidates.iter().any(|candidate| of(candidate).is_some())
    };
    let (record, other) = (
        (|one| one.record.as_ref()) as fn(&Candidate) -> Option<&String>,
        (|one| one.contact.as_ref()) as fn(&Candidate) -> Option<&String>,
    );
    Some(match cure {
        Cure::Link if has(record) => {
            format!("links set {contact} {}", only(record).unwrap_or("RECORD"))
        }
        Cure::Merge if has(other) => {
            format!(
                "contacts merge {contact} {}",
                only(other).unwrap_or("OTHER")
            )
        }
        Cure::Link | Cure::Merge | Cure::EditMapping => return None,
        Cure::CreateAnyway => format!("queue retry --contact {contact} --create-anyway"),
        Cure::AllowDuplicates => format!("replications set {name} --allow-duplicates true"),
        Cure::Recreate => format!("replications set {name} --deleted recreate"),
        Cure::MakeIdentifier => format!("replications prepare-org {name}"),
        Cure::RefreshFields => format!("replications prepare-org {name}"),
        Cure::EditContact => format!("contacts set {contact} FIELD=VALUE"),
        Cure::Retry => format!("queue retry --replication {name} --code {code}"),
    })
}

fn waiting(waiting: &WaitingAgain) -> String {
    match waiting.contacts {
        0 => "No blocked contacts found.\n".to_owned(),
        count => format!(
            "The next run retries {}.\n",
            counted(count as u64, "contact", "contacts")
        ),
    }
}

fn released(waiting: &WaitingAgain) -> String {
    match waiting.contacts {
        0 => "No contacts are on hold.\n".to_owned(),
        count => format!(
            "Released {}. The next run sends them again.\n",
            counted(count as u64, "contact", "contacts")
        ),
    }
}

/// Says that a filter fits nobody.
fn nobody(filter: &QueueFilter) -> String {
    match (&filter.code, filter.state) {
        (Some(code), _) => format!("No contacts are blocked as \"{code}\"."),
        (None, Some(state)) => format!("No contacts are {}.", word(state)),
        (None, None) => "No contacts are waiting or blocked.".to_owned(),
    }
}

/// Names a state as the window does.
pub(super) fn word(state: EntryState) -> &'static str {
    match state {
        EntryState::Pending => "waiting",
        EntryState::Sending => "being sent",
        EntryState::Done => "sent",
        EntryState::Blocked => "blocked",
        EntryState::GivenUp => "failed",
        EntryState::Held => "on hold",
        EntryState::Withdrawn => "left out",
    }
}

fn list(list: &QueueList, nobody: &str) -> String {
    let states = EntryState::ALL.iter().filter_map(|state| {
        let count = list.counts.get(state.name())?;
        Some(format!("{} {}", grouped(*count), word(*state)))
    });
    let counts: Vec<_> = states.collect();
    let mut table = Table::new(&["contact", "name", "state", "code", "reason"]);
    for entry in &list.entries {
        table.row([
            entry.contact.to_string(),
            entry.name.clone(),
            word(entry.state).to_owned(),
            entry.code.clone().unwrap_or_default(),
            why(entry),
        ]);
    }
    let mut text = if counts.is_empty() {
        String::new()
    } else {
        format!("{}\n", counts.join(", "))
    };
    text.push_str(&table.text(nobody));
    if let Some(next) = &list.next {
        text.push_str(&format!(
            "{} of {}. For more, add --after {next}\n",
            grouped(list.entries.len() as u64),
            counted(list.total, "contact", "contacts")
        ));
    }
    text.push_str(&cures(&list.entries));
    text
}

/// Says why a contact stands where it does, and which records it may be.
fn why(entry: &QueueLine) -> String {
    let mut text = sentence(entry.message.as_deref().unwrap_or_default());
    let named = entry.candidates.iter().filter_map(|candidate| {
        let record = candidate.record.as_deref()?;
        let parts = [&candidate.object, &candidate.record, &candidate.name];
        let parts = parts.into_iter().flatten().map(String::as_str);
        let name = Some(parts.collect::<Vec<_>>().join(" ")).filter(|_| !text.contains(record));
        let shown: Vec<String> = name.into_iter().chain(candidate.address.clone()).collect();
        (!shown.is_empty()).then(|| shown.join(" "))
    });
    let named: Vec<String> = named.collect();
    if !named.is_empty() {
        text.push_str(&format!(" [{}]", named.join(", ")));
    }
    text
}
