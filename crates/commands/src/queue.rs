//! The queue: who waits, who is blocked and why.

use std::collections::BTreeMap;

pub use leadferry_store::EntryState;
use leadferry_store::{Guid, QueuePlace, Reader, Replication};
use serde::Serialize;
use serde_json::Value;

use crate::causes::{self, Candidate, Cure};
use crate::{Error, Result, Workspace, people, statistics, values};

/// A contact in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct QueueLine {
    /// The replication.
    pub replication: String,
    /// The contact.
    pub contact: Guid,
    /// First and last name.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// State.
    pub state: EntryState,
    /// Not before this moment; of waiting ones that were refused for now.
    pub due_at: Option<String>,
    /// Refusals so far that may pass.
    pub attempts: u32,
    /// The org's code, or ours in lower case.
    pub code: Option<String>,
    /// What happened, and what to do.
    pub message: Option<String>,
    /// The cause in two or three words.
    pub label: Option<String>,
    /// What can be offered.
    pub cures: &'static [Cure],
    /// Who it may be instead.
    pub candidates: Vec<Candidate>,
    /// Candidates, fields and the like.
    pub detail: Value,
}

/// The queue, as far as it was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct QueueList {
    /// How many contacts are in each state, over the replications asked for.
    pub counts: BTreeMap<&'static str, u64>,
    /// The first contacts.
    pub entries: Vec<QueueLine>,
    /// Whether there are more than were asked for.
    pub more: bool,
}

/// Which contacts of the queue are shown.
#[derive(Debug, Clone, Default, serde::Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct QueueFilter {
    /// Of this replication; of all where unset.
    pub replication: Option<String>,
    /// In this state; without one those that wait or need a person.
    pub state: Option<EntryState>,
}

/// States that someone looks for first.
const OPEN: &[EntryState] = &[
    EntryState::Blocked,
    EntryState::GivenUp,
    EntryState::Pending,
    EntryState::Sending,
    EntryState::Held,
];

/// Shows the queue: what needs a person first.
///
/// # Errors
/// When there is no such replication.
pub fn list(workspace: &Workspace, filter: &QueueFilter, limit: usize) -> Result<QueueList> {
    workspace.store().read(|reader| {
        let replications = wanted(reader, filter.replication.as_deref())?;
        let states = filter.state.map_or(OPEN.to_vec(), |state| vec![state]);
        let mut list = QueueList {
            counts: BTreeMap::new(),
            entries: Vec::new(),
            more: false,
        };
        for replication in &replications {
            for (state, count) in reader.queue_counts(replication.id)? {
                *list.counts.entry(state.name()).or_default() += count;
            }
            for state in &states {
                let room = limit + 1 - list.entries.len().min(limit + 1);
                list.entries
                    .extend(lines(reader, replication, *state, room)?);
            }
        }
        list.more = list.entries.len() > limit;
        list.entries.truncate(limit);
        Ok(list)
    })
}

fn lines(
    reader: &Reader<'_>,
    replication: &Replication,
    state: EntryState,
    limit: usize,
) -> Result<Vec<QueueLine>> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let entries = reader.queue_page(replication.id, state, None, QueuePlace::default(), limit)?;
    let ids: Vec<_> = entries.iter().map(|entry| entry.contact).collect();
    let people = people::people(reader, &ids)?;
    let org = org_of(reader, replication)?;
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(person) = people.get(&entry.contact) else {
            continue;
        };
        let reason = entry.reason.as_ref();
        let detail = reason.map_or(Value::Null, |reason| reason.detail.clone());
        lines.push(QueueLine {
            replication: replication.name.clone(),
            contact: person.guid.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            company: person.company.clone(),
            state: entry.state,
            due_at: (entry.due_at > 0).then(|| values::moment(entry.due_at)),
            attempts: entry.attempts,
            label: reason.map(|reason| statistics::explained(&reason.code, &reason.message).label),
            cures: reason.map_or(&[], |reason| causes::cures(&reason.code)),
            candidates: causes::candidates(reader, org.as_deref(), &detail)?,
            code: reason.map(|reason| reason.code.clone()),
            message: reason.map(|reason| reason.message.clone()),
            detail,
        });
    }
    Ok(lines)
}

fn org_of(
    reader: &Reader<'_>,
    replication: &Replication,
) -> Result<Option<String>, leadferry_store::Error> {
    match replication.connection {
        Some(connection) => Ok(reader.connection(connection)?.org_id),
        None => Ok(None),
    }
}

fn wanted(
    reader: &Reader<'_>,
    name: Option<&str>,
) -> Result<Vec<Replication>, leadferry_store::Error> {
    match name {
        Some(name) => Ok(vec![reader.replication_named(name)?]),
        None => reader.replications(),
    }
}

/// Which blocked or given-up contacts are tried again.
#[derive(Debug, Clone, Default, serde::Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct Retry {
    /// Of this replication; of all where unset.
    pub replication: Option<String>,
    /// Only this contact.
    pub contact: Option<String>,
    /// Only those with this code.
    pub code: Option<String>,
    /// Create a record even if others have the same e-mail.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub create_anyway: bool,
}

/// How many contacts wait again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct WaitingAgain {
    /// Contacts.
    pub contacts: usize,
}

/// Lets blocked and given-up contacts be tried again with the next run.
///
/// # Errors
/// When there is no such replication or contact.
pub fn retry(workspace: &Workspace, request: &Retry) -> Result<WaitingAgain> {
    if request.create_anyway && request.contact.is_none() {
        let hint = "name the contact with --contact";
        return Err(Error::usage(
            "creating anyway is decided for one contact at a time",
            hint,
        ));
    }
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let contact = request
            .contact
            .as_deref()
            .map(|contact| writer.find_contact(contact))
            .transpose()?;
        let mut contacts = 0;
        for replication in wanted(writer, request.replication.as_deref())? {
            contacts += writer.retry_entries(
                replication.id,
                contact,
                request.code.as_deref(),
                request.create_anyway,
                now,
            )?;
        }
        Ok::<_, leadferry_store::Error>(WaitingAgain { contacts })
    })?)
}

/// Lets held contacts go again with the next run.
///
/// # Errors
/// When there is no such replication or contact.
pub fn release(
    workspace: &Workspace,
    replication: Option<&str>,
    contact: Option<&str>,
) -> Result<WaitingAgain> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let contact = contact
            .map(|contact| writer.find_contact(contact))
            .transpose()?;
        let mut contacts = 0;
        for replication in wanted(writer, replication)? {
            contacts += writer.release_entries(replication.id, contact, now)?;
        }
        Ok::<_, leadferry_store::Error>(WaitingAgain { contacts })
    })?)
}
