//! Contacts whose consent waits for a record with their email.

use leadferry_replication::consent_syncs::WAITING_FOR_MATCH;
use leadferry_store::{EntryState, QueueCause, QueuePlace};
use serde::{Deserialize, Serialize};

use super::named;
use crate::replications::{Person, people};
use crate::{Result, Workspace};

/// Longest page.
const MOST: usize = 500;

/// Which of the contacts that wait are asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct WaitingRequest {
    /// The consent sync.
    pub name: String,
    /// Where the page before ended.
    pub after: Option<QueuePlace>,
    /// Length of the page, 500 at most.
    pub limit: usize,
}

/// A contact whose consent waits for a record.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct WaitingContact {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// When Salesforce was asked for them last, UTC milliseconds.
    pub asked_at: i64,
}

/// A page of contacts whose consent waits for a record.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct WaitingPage {
    /// How many wait in all.
    pub total: u64,
    /// The contacts, those who have waited longest first.
    pub contacts: Vec<WaitingContact>,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<QueuePlace>,
}

/// Returns contacts whose consent waits for a record with their email.
///
/// # Errors
/// When there is no such consent sync.
pub fn waiting(workspace: &Workspace, request: &WaitingRequest) -> Result<WaitingPage> {
    let limit = request.limit.clamp(1, MOST);
    workspace.store().read(|reader| {
        let (sync, _) = named(reader, &request.name)?;
        let cause = QueueCause {
            code: WAITING_FOR_MATCH,
            run: None,
        };
        let (state, after) = (EntryState::Withdrawn, request.after.unwrap_or_default());
        let entries = reader.queue_page(sync.id, state, Some(cause), after, limit)?;
        let mut people = people(reader, entries.iter().map(|entry| entry.contact))?;
        let next = entries.last().map(leadferry_store::Entry::place);
        let contacts = entries.iter().filter_map(|entry| {
            Some(WaitingContact {
                person: people.remove(&entry.contact)?,
                asked_at: entry.since,
            })
        });
        Ok(WaitingPage {
            total: reader.queue_count(sync.id, state, cause)?,
            contacts: contacts.collect(),
            next: next.filter(|_| entries.len() == limit),
        })
    })
}
