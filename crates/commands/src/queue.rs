//! The queue: who waits, who is blocked and why.

use std::collections::BTreeMap;

pub use leadferry_store::EntryState;
use leadferry_store::{Contact, ContactField, ContactId, EntryId, Guid, Reader, Replication};
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Result, Workspace, values};

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
    const FIELDS: &[ContactField] = &[
        ContactField::FirstName,
        ContactField::LastName,
        ContactField::Email,
    ];
    if limit == 0 {
        return Ok(Vec::new());
    }
    let entries = reader.entries_page(replication.id, Some(state), EntryId(0), limit)?;
    let ids: Vec<_> = entries.iter().map(|entry| entry.contact).collect();
    let people: BTreeMap<ContactId, Contact> = reader
        .contacts(&ids, FIELDS)?
        .into_iter()
        .map(|contact| (contact.id, contact))
        .collect();
    let lines = entries.into_iter().filter_map(|entry| {
        let contact = people.get(&entry.contact)?;
        let text = |field| contact.values.text(field).unwrap_or_default();
        let (code, message, detail) = match entry.reason {
            Some(reason) => (Some(reason.code), Some(reason.message), reason.detail),
            None => (None, None, Value::Null),
        };
        Some(QueueLine {
            replication: replication.name.clone(),
            contact: contact.guid.clone(),
            name: format!(
                "{} {}",
                text(ContactField::FirstName),
                text(ContactField::LastName)
            )
            .trim()
            .to_owned(),
            email: contact.values.text(ContactField::Email).map(str::to_owned),
            state: entry.state,
            due_at: (entry.due_at > 0).then(|| values::moment(entry.due_at)),
            attempts: entry.attempts,
            code,
            message,
            detail,
        })
    });
    Ok(lines.collect())
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
