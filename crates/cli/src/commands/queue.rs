//! `queue …`

use clap::{Subcommand, ValueEnum};
use leadferry_commands::Result;
use leadferry_commands::queue::{
    self, EntryState, QueueFilter, QueueLine, QueueList, Retry, WaitingAgain,
};

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
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// Waiting for the next run.
    Pending,
    /// Being sent.
    Sending,
    /// Sent.
    Done,
    /// Blocked until someone acts.
    Blocked,
    /// Failed too often.
    GivenUp,
    /// No longer selected.
    Withdrawn,
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
            app.output.result(&page, list);
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
    }
    Ok(Exit::AllWell)
}

/// What to type for contacts that have more than one match.
const AMBIGUOUS_CURES: &str =
    "For each contact with more than one match, use one of these, then run again:
  leadferry-cli links set CONTACT RECORD
  leadferry-cli contacts merge CONTACT OTHER
  leadferry-cli queue retry --contact CONTACT --create-anyway
";

fn waiting(waiting: &WaitingAgain) -> String {
    match waiting.contacts {
        0 => "No blocked contacts found.\n".to_owned(),
        count => format!(
            "The next run retries {}.\n",
            counted(count as u64, "contact", "contacts")
        ),
    }
}

fn list(list: &QueueList) -> String {
    let counts: Vec<_> = list
        .counts
        .iter()
        .map(|(state, count)| format!("{} {state}", grouped(*count)))
        .collect();
    let mut table = Table::new(&["contact", "name", "state", "code", "reason"]);
    for entry in &list.entries {
        table.row([
            entry.contact.to_string(),
            entry.name.clone(),
            entry.state.name().to_owned(),
            entry.code.clone().unwrap_or_default(),
            why(entry),
        ]);
    }
    let mut text = if counts.is_empty() {
        String::new()
    } else {
        format!("{}\n", counts.join(", "))
    };
    text.push_str(&table.text("No contacts are waiting or blocked."));
    if let Some(next) = &list.next {
        text.push_str(&format!(
            "{} of {}. For more, add --after {next}\n",
            grouped(list.entries.len() as u64),
            counted(list.total, "contact", "contacts")
        ));
    }
    let is_ambiguous = |entry: &QueueLine| entry.code.as_deref() == Some("ambiguous");
    if list.entries.iter().any(is_ambiguous) {
        text.push_str(AMBIGUOUS_CURES);
    }
    text
}

/// Says why a contact stands where it does, and which records it may be.
fn why(entry: &QueueLine) -> String {
    let mut text = entry.message.clone().unwrap_or_default();
    let candidates = entry.detail["candidates"].as_array().into_iter().flatten();
    let named: Vec<String> = candidates
        .map(|candidate| {
            let part = |name: &str| candidate[name].as_str().unwrap_or_default().to_owned();
            let named = [part("object"), part("record"), part("name")];
            named.join(" ").trim().to_owned()
        })
        .collect();
    if !named.is_empty() {
        text.push_str(&format!(" [{}]", named.join("; ")));
    }
    text
}
