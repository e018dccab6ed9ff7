//! The ledger of consent in words: what somebody answered, when, how and to which text.

use leadferry_store::{
    Channel, ConsentEvent, EventKind, How, LedgerCheck, PurposeId, Reader, Wording, WordingId,
};
use serde::Serialize;

use super::StoreResult;
use crate::{Result, Workspace};

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConsentEventInfo {
    /// Its place in the ledger, from 1.
    pub number: i64,
    /// What it is about, in words: the purpose's path as it was then, or the channel.
    pub about: String,
    /// The channel; unset where it is about a purpose.
    pub channel: Option<Channel>,
    /// Yes or no; for a channel *no* means opted out. Unset took an answer back.
    pub answer: Option<bool>,
    /// The answer in words.
    pub answered: String,
    /// Why it is in the ledger.
    pub kind: EventKind,
    /// How the answer was given.
    pub how: How,
    /// The same in words.
    pub how_words: String,
    /// When, UTC milliseconds.
    pub at: i64,
    /// That moment was given; otherwise it is the moment of recording.
    pub stated: bool,
    /// The time zone of the workspace then.
    pub zone: String,
    /// For a double opt-in, when they asked for it, UTC milliseconds.
    pub asked_at: Option<i64>,
    /// Where they were asked.
    pub source: Option<String>,
    /// What they were asked, word for word.
    pub wording: Option<WordingInfo>,
    /// When it was recorded, UTC milliseconds.
    pub recorded_at: i64,
    /// The salted hash that stands for the contact, as hex digits.
    pub subject: String,
    /// The text whose SHA-256 is the hash; its first line is the hash of the event before.
    pub hashed: String,
    /// The hash, as hex digits.
    pub hash: String,
}

/// One version of what people are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct WordingInfo {
    /// What it asks consent to; unset where that purpose was removed.
    pub purpose: Option<String>,
    /// Its number among the wordings of the purpose, from 1.
    pub version: i64,
    /// The text.
    pub text: String,
    /// Since when, UTC milliseconds.
    pub created_at: i64,
}

/// What a check of the ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LedgerInfo {
    /// Events that were checked.
    pub events: u64,
    /// The hash of the last event, as hex digits.
    pub last_hash: Option<String>,
    /// What is wrong; empty when nothing was changed.
    pub faults: Vec<String>,
}

impl From<LedgerCheck> for LedgerInfo {
    fn from(check: LedgerCheck) -> Self {
        Self {
            events: check.events,
            last_hash: check.last_hash,
            faults: check.faults,
        }
    }
}

/// What the ids of events stand for.
pub(super) struct Named {
    purposes: Vec<(PurposeId, String)>,
    wordings: Vec<Wording>,
}

impl Named {
    pub(super) fn read(reader: &Reader<'_>) -> StoreResult<Self> {
        let purposes = reader.purposes()?.into_iter();
        Ok(Self {
            purposes: purposes.map(|purpose| (purpose.id, purpose.path)).collect(),
            wordings: reader.wordings()?,
        })
    }

    fn wording(&self, id: WordingId) -> Option<WordingInfo> {
        let found = self.wordings.iter().find(|wording| wording.id == id)?;
        Some(self.info(found))
    }

    fn info(&self, wording: &Wording) -> WordingInfo {
        let path = |id| self.purposes.iter().find(|(purpose, _)| *purpose == id);
        WordingInfo {
            purpose: wording.purpose.and_then(path).map(|(_, path)| path.clone()),
            version: wording.version,
            text: wording.text.clone(),
            created_at: wording.created_at,
        }
    }

    pub(super) fn all_wordings(&self) -> Vec<WordingInfo> {
        let mut all: Vec<_> = self.wordings.iter().map(|one| self.info(one)).collect();
        all.sort_by_key(|one| (one.purpose.as_deref().map(str::to_lowercase), one.version));
        all
    }

    pub(super) fn event(&self, event: ConsentEvent) -> ConsentEventInfo {
        let channel = match event.purpose {
            Some(_) => None,
            None => Channel::from_name(&event.about).ok(),
        };
        ConsentEventInfo {
            number: event.number,
            answered: answer_words(channel, event.answer).to_owned(),
            about: channel.map_or(event.about, |channel| channel_words(channel).to_owned()),
            channel,
            answer: event.answer,
            kind: event.kind,
            how: event.how,
            how_words: how_words(event.kind, event.how).to_owned(),
            at: event.at,
            stated: event.stated,
            zone: event.zone,
            asked_at: event.asked_at,
            source: event.source,
            wording: event.wording.and_then(|id| self.wording(id)),
            recorded_at: event.recorded_at,
            subject: event.subject,
            hashed: event.hashed,
            hash: event.hash,
        }
    }
}

pub(super) fn channel_words(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Phone => "Phone calls",
        Channel::Fax => "Fax",
    }
}

fn answer_words(channel: Option<Channel>, answer: Option<bool>) -> &'static str {
    match (channel, answer) {
        (_, None) => "Answer removed",
        (None, Some(true)) => "Given",
        (None, Some(false)) => "Refused",
        (Some(_), Some(true)) => "Allowed",
        (Some(_), Some(false)) => "Opted out",
    }
}

fn how_words(kind: EventKind, how: How) -> &'static str {
    match (kind, how) {
        (EventKind::Restored, _) => "Change undone",
        (EventKind::Merged, _) => "Merged contact",
        (EventKind::Said, How::Form) => "Form",
        (EventKind::Said, How::Import) => "Import",
        (EventKind::Said, How::ByHand) => "Recorded by hand",
        (EventKind::Said, How::Phone) => "By phone",
        (EventKind::Said, How::DoubleOptIn) => "Double opt-in",
        (EventKind::Said, How::Salesforce) => "Salesforce",
        (EventKind::Said, How::BeforeLedger) => "Recorded before the ledger",
    }
}

/// Returns everything a contact, by guid or email, has answered, the oldest entry first.
///
/// # Errors
/// When there is no such contact.
pub fn history(workspace: &Workspace, contact: &str) -> Result<Vec<ConsentEventInfo>> {
    Ok(workspace.store().read(|reader| {
        let contact = reader.find_contact(contact)?;
        let named = Named::read(reader)?;
        let events = reader.consent_history(contact)?.into_iter();
        Ok::<_, leadferry_store::Error>(events.map(|event| named.event(event)).collect())
    })?)
}

/// Checks that nothing in the ledger was changed or removed. Takes about a second per million events.
///
/// # Errors
/// When the workspace cannot be read.
pub fn verify(workspace: &Workspace) -> Result<LedgerInfo> {
    Ok(workspace
        .store()
        .read(|reader| reader.check_ledger())?
        .into())
}

/// Returns what people are asked, all versions, by purpose.
///
/// # Errors
/// When the workspace cannot be read.
pub fn wordings(workspace: &Workspace) -> Result<Vec<WordingInfo>> {
    Ok(workspace
        .store()
        .read(|reader| Ok::<_, leadferry_store::Error>(Named::read(reader)?.all_wordings()))?)
}

/// Adds a version of what people are asked for a purpose; the same text again is the version that there is.
///
/// # Errors
/// When there is no such purpose, or the text is empty.
pub fn add_wording(workspace: &Workspace, purpose: &str, text: &str) -> Result<WordingInfo> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let purpose = writer.purpose(purpose)?;
        let added = writer.add_wording(purpose.id, text, now)?;
        Ok::<_, leadferry_store::Error>(WordingInfo {
            purpose: Some(purpose.path),
            version: added.version,
            text: added.text,
            created_at: added.created_at,
        })
    })?)
}
