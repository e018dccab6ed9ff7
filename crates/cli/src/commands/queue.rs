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
    /// Show who waits, who is blocked, and why.
    List {
        /// Only of this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Only in this state.
        #[arg(long, value_enum)]
        state: Option<State>,
        /// At most so many contacts.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// Let blocked and given-up contacts be tried again with the next run.
    Retry {
        /// Only of this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Only this contact, by guid or e-mail.
        #[arg(long)]
        contact: Option<String>,
        /// Only those with this code.
        #[arg(long)]
        code: Option<String>,
        /// Create a record even if others have the same e-mail.
        #[arg(long, requires = "contact")]
        create_anyway: bool,
    },
    /// Let held contacts go again.
    Release {
        /// Only of this replication.
        #[arg(long)]
        replication: Option<String>,
        /// Only this contact, by guid or e-mail.
        #[arg(long)]
        contact: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// To be sent when due.
    Pending,
    /// On its way.
    Sending,
    /// The org holds it.
    Done,
    /// Needs a person.
    Blocked,
    /// Refused too often.
    GivenUp,
    /// No longer selected.
    Withdrawn,
    /// Undone by hand.
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
            limit,
        } => {
            let filter = QueueFilter {
                replication: replication.clone(),
                state: state.map(EntryState::from),
            };
            app.output
                .result(&queue::list(&workspace, &filter, *limit)?, list);
        }
        Command::Retry {
            replication,
            contact,
            code,
            create_anyway,
        } => {
            let request = Retry {
                replication: replication.clone(),
                contact: contact.clone(),
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
            let released = queue::release(&workspace, replication.as_deref(), contact.as_deref())?;
            app.output.result(&released, waiting);
        }
    }
    Ok(Exit::AllWell)
}

/// What to type for contacts that may be several people.
const AMBIGUOUS_CURES: &str = "For each that is ambiguous, one of these, then run again:
  leadferry-cli links set CONTACT RECORD
  leadferry-cli contacts merge CONTACT OTHER
  leadferry-cli queue retry --contact CONTACT --create-anyway
";

fn waiting(waiting: &WaitingAgain) -> String {
    match waiting.contacts {
        0 => "There was none.\n".to_owned(),
        count => format!(
            "{} again; the next run sends.\n",
            counted(count as u64, "contact waits", "contacts wait")
        ),
    }
}

fn list(list: &QueueList) -> String {
    let counts: Vec<_> = list
        .counts
        .iter()
        .map(|(state, count)| format!("{} {state}", grouped(*count)))
        .collect();
    let mut table = Table::new(&["contact", "name", "state", "code", "why"]);
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
    text.push_str(&table.text("Nobody waits, and nobody is blocked."));
    if list.more {
        text.push_str("There are more: --limit shows them.\n");
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
