//! The queue: who waits, who is blocked and why.

use std::collections::BTreeMap;

pub use leadferry_store::EntryState;
use leadferry_store::{
    Entry, Guid, QueueCause, QueuePlace, Reader, Replication, ReplicationId, RunId,
};
use serde::Serialize;
use serde_json::Value;

use crate::causes::{self, Candidate, Cure};
use crate::figures::{QueueFigure, QueueFigures};
use crate::{Error, Result, Workspace, people, values};

/// A contact in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct QueueLine {
    /// The replication.
    pub replication: String,
    /// The contact.
    pub contact: Guid,
    /// Its name, else its email, else its company.
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
    /// Where they stand, over the replications asked for.
    pub figures: QueueFigures,
    /// How many contacts fit the filter.
    pub total: u64,
    /// A page of them.
    pub entries: Vec<QueueLine>,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<String>,
}

/// Which contacts of the queue are shown.
#[derive(Debug, Clone, Default, serde::Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct QueueFilter {
    /// Of this replication; of all where unset.
    pub replication: Option<String>,
    /// In this state; without one those that wait or need a person.
    pub state: Option<EntryState>,
    /// Where no state is named, those that one of the figures counts.
    pub counted: Option<QueueFigure>,
    /// Only with this cause: the org's code, or ours in lower case.
    pub code: Option<String>,
    /// Where a cause is named, only contacts that this run stopped.
    pub run: Option<RunId>,
    /// Only this contact.
    pub contact: Option<String>,
}

/// States that someone looks for first.
const OPEN: &[EntryState] = &[
    EntryState::Blocked,
    EntryState::GivenUp,
    EntryState::Pending,
    EntryState::Sending,
];

/// Shows a page of the queue, what needs a person first: filtered, counted and paged in the store.
///
/// # Errors
/// When there is no such replication or contact, or `after` is no page's `next`.
pub fn list(
    workspace: &Workspace,
    filter: &QueueFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<QueueList> {
    let after = after.map(Place::read).transpose()?;
    workspace.store().read(|reader| {
        let replications = wanted(reader, filter.replication.as_deref())?;
        let mut list = QueueList {
            counts: BTreeMap::new(),
            figures: QueueFigures::default(),
            total: 0,
            entries: Vec::new(),
            next: None,
        };
        let mut counts = Counts::new();
        let mut figures = Vec::new();
        for replication in &replications {
            let here = reader.queue_counts(replication.id)?;
            figures.push(QueueFigures::of(&here));
            for (state, count) in here {
                *list.counts.entry(state.name()).or_default() += count;
                counts.insert((replication.id, state), count);
            }
        }
        list.figures = figures.into_iter().sum();
        if let Some(contact) = &filter.contact {
            let contact = reader.find_contact(contact)?;
            for replication in &replications {
                let entry = reader.entry(replication.id, contact)?;
                let fits = |entry: &Entry| shows(filter, entry);
                let entries = entry.into_iter().filter(fits).collect();
                list.entries.extend(lines(reader, replication, entries)?);
            }
            list.total = list.entries.len() as u64;
            return Ok(list);
        }
        let (all, page) = ((replications.as_slice(), &counts), (after, limit));
        fill(reader, filter, all, page, &mut list)?;
        Ok(list)
    })
}

/// Returns the states that a filter asks for, in the order in which lists show them.
fn states_of(filter: &QueueFilter) -> Vec<EntryState> {
    match (filter.state, filter.counted) {
        (Some(state), _) => vec![state],
        (None, Some(figure)) => figure.states().to_vec(),
        (None, None) => OPEN.to_vec(),
    }
}

type Counts = BTreeMap<(ReplicationId, EntryState), u64>;

fn shows(filter: &QueueFilter, entry: &Entry) -> bool {
    let code = entry.reason.as_ref().map(|reason| &reason.code);
    states_of(filter).contains(&entry.state)
        && (filter.code.is_none() || filter.code.as_ref() == code)
}

/// Counts and pages one state of one replication after the other.
fn fill(
    reader: &Reader<'_>,
    filter: &QueueFilter,
    (replications, counts): (&[Replication], &Counts),
    (after, limit): (Option<Place>, usize),
    list: &mut QueueList,
) -> Result<()> {
    let states = states_of(filter);
    let cause = filter.code.as_deref().map(|code| QueueCause {
        code,
        run: filter.run,
    });
    let sections = replications
        .iter()
        .flat_map(|replication| states.iter().map(move |state| (replication, *state)));
    let mut skipping = after;
    for (replication, state) in sections {
        list.total += match cause {
            Some(cause) => reader.queue_count(replication.id, state, cause)?,
            None => counts.get(&(replication.id, state)).copied().unwrap_or(0),
        };
        let place = match skipping {
            Some(after) if after.replication != replication.id || after.state != state => continue,
            Some(after) => after.place,
            None => QueuePlace::default(),
        };
        skipping = None;
        let room = limit + 1 - list.entries.len().min(limit + 1);
        if room == 0 || list.next.is_some() {
            continue;
        }
        let mut entries = reader.queue_page(replication.id, state, cause, place, room)?;
        if entries.len() == room {
            // One more than fits: it begins the next page.
            entries.truncate(room - 1);
            let last = entries.last().map_or(place, Entry::place);
            list.next = Some(Place::after(replication.id, state, last).write());
        }
        list.entries.extend(lines(reader, replication, entries)?);
    }
    Ok(())
}

/// Where a page of the queue ends.
#[derive(Debug, Clone, Copy)]
struct Place {
    replication: ReplicationId,
    state: EntryState,
    place: QueuePlace,
}

impl Place {
    fn after(replication: ReplicationId, state: EntryState, place: QueuePlace) -> Self {
        Self {
            replication,
            state,
            place,
        }
    }

    fn write(self) -> String {
        let QueuePlace { due_at, id } = self.place;
        format!("{}:{}:{due_at}:{id}", self.replication.0, self.state.name())
    }

    fn read(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let read = || {
            let [replication, state, due_at, id] = parts.as_slice() else {
                return None;
            };
            Some(Self {
                replication: ReplicationId(replication.parse().ok()?),
                state: EntryState::from_name(state).ok()?,
                place: QueuePlace {
                    due_at: due_at.parse().ok()?,
                    id: id.parse().ok()?,
                },
            })
        };
        read().ok_or_else(|| {
            Error::usage(
                format!("\"{text}\" isn't the end of a page."),
                "Use the value of \"next\" from the previous page.",
            )
        })
    }
}

fn lines(
    reader: &Reader<'_>,
    replication: &Replication,
    entries: Vec<Entry>,
) -> Result<Vec<QueueLine>> {
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
            label: reason
                .map(|reason| crate::diagnosis::explained(&reason.code, &reason.message).label),
            cures: reason.map_or(&[], |reason| causes::cures_of(reason, entry.state)),
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
    /// Only these contacts; all of them where there is none.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub contacts: Vec<String>,
    /// Only those with this code.
    pub code: Option<String>,
    /// Create records even if others have the same e-mail.
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
    if request.create_anyway && request.contacts.is_empty() {
        return Err(Error::usage(
            "a new record can be created for chosen contacts only",
            "choose the contacts",
        ));
    }
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let named = request.contacts.iter();
        let only = named
            .map(|contact| writer.find_contact(contact))
            .collect::<Result<Vec<_>, _>>()?;
        let mut contacts = 0;
        for replication in wanted(writer, request.replication.as_deref())? {
            contacts += writer.retry_entries(
                replication.id,
                &only,
                request.code.as_deref(),
                request.create_anyway,
                now,
            )?;
            // A plan may have told of them before any run has.
            if request.create_anyway && request.replication.is_some() {
                contacts += writer.create_anyway(replication.id, &only, now)?;
            }
        }
        Ok::<_, leadferry_store::Error>(WaitingAgain { contacts })
    })?)
}

/// Which contacts on hold are released.
#[derive(Debug, Clone, Default, serde::Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct Release {
    /// Of this replication; of all where unset.
    pub replication: Option<String>,
    /// Only these contacts; all of them where there is none.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub contacts: Vec<String>,
}

/// Releases contacts on hold: they are sent again with the next run, if they are selected.
///
/// # Errors
/// When there is no such replication or contact.
pub fn release(workspace: &Workspace, request: &Release) -> Result<WaitingAgain> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let named = request.contacts.iter();
        let only = named
            .map(|contact| writer.find_contact(contact))
            .collect::<Result<Vec<_>, _>>()?;
        let mut contacts = 0;
        for replication in wanted(writer, request.replication.as_deref())? {
            contacts += writer.release_held(replication.id, &only, now)?;
        }
        Ok::<_, leadferry_store::Error>(WaitingAgain { contacts })
    })?)
}
