//! How consent stands, at a glance.

use leadferry_store::{Channel, ContactId, Guid};
use serde::Serialize;

use super::StoreResult;
use super::events::{Named, channel_words};
use crate::{Result, Workspace, people};

/// So many of the latest answers are told.
const LATEST: usize = 8;

/// How consent stands, at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConsentSummary {
    /// Contacts that are not deleted.
    pub contacts: u64,
    /// Those that are opted out, by channel.
    pub opted_out: Vec<ChannelOptOuts>,
    /// The latest answers, the last one first.
    pub latest: Vec<LatestAnswer>,
}

/// How many contacts are opted out of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ChannelOptOuts {
    /// The channel.
    pub channel: Channel,
    /// The same in words.
    pub name: &'static str,
    /// Contacts that are not deleted.
    pub contacts: u64,
}

/// An answer that was recorded lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LatestAnswer {
    /// Its place in the ledger.
    pub number: i64,
    /// Who answered; unset once they were erased.
    pub contact: Option<Guid>,
    /// Their name, empty once they were erased.
    pub name: String,
    /// What it is about, in words.
    pub about: String,
    /// Yes or no; unset took an answer back.
    pub answer: Option<bool>,
    /// The answer in words.
    pub answered: String,
    /// When it was recorded, UTC milliseconds.
    pub recorded_at: i64,
}

/// Sums up how many contacts can be reached, and what was answered last.
///
/// # Errors
/// When the workspace cannot be read.
pub fn summary(workspace: &Workspace) -> Result<ConsentSummary> {
    Ok(workspace.store().read(|reader| -> StoreResult<_> {
        let opted_out = Channel::ALL.iter().map(|channel| {
            Ok(ChannelOptOuts {
                channel: *channel,
                name: channel_words(*channel),
                contacts: reader.opted_out_count(*channel)?,
            })
        });
        let events = reader.latest_consents(LATEST)?;
        let who: Vec<ContactId> = events.iter().filter_map(|event| event.contact).collect();
        let people = people::people(reader, &who)?;
        let named = Named::read(reader)?;
        let latest = events.into_iter().map(|event| {
            let person = event.contact.and_then(|contact| people.get(&contact));
            let told = named.event(event);
            LatestAnswer {
                number: told.number,
                contact: person.map(|person| person.guid.clone()),
                name: person.map_or_else(String::new, |person| person.name.clone()),
                about: told.about,
                answer: told.answer,
                answered: told.answered,
                recorded_at: told.recorded_at,
            }
        });
        Ok(ConsentSummary {
            contacts: reader.live_contacts()?,
            opted_out: opted_out.collect::<StoreResult<_>>()?,
            latest: latest.collect(),
        })
    })?)
}
