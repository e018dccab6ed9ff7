//! The ledger, read back: a contact's events, and everybody's.

use rusqlite::{Row, named_params};

use super::event::{BEFORE_ALL, COLUMNS, Channel, Entry, EventKind, Hash, How, hex};
use crate::{ContactId, PurposeId, Reader, Result, WordingId};

/// An event of the ledger, with all that its hash covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEvent {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// The contact; `None` once they were erased.
    pub contact: Option<ContactId>,
    /// The salted hash of the contact's guid, as hex digits.
    pub subject: String,
    /// The purpose's path as it was then; `email`, `phone` or `fax` for a channel.
    pub about: String,
    /// The purpose, `None` for a channel. It may have been removed since.
    pub purpose: Option<PurposeId>,
    /// Yes or no; for a channel *no* means opted out. `None` took an answer back.
    pub answer: Option<bool>,
    /// Why it stands in the ledger.
    pub kind: EventKind,
    /// How the answer was given.
    pub how: How,
    /// When, UTC milliseconds.
    pub at: i64,
    /// That moment was given; otherwise it is the moment of recording.
    pub stated: bool,
    /// The time zone of the workspace then.
    pub zone: String,
    /// For a double opt-in, when they asked for it, UTC milliseconds.
    pub asked_at: Option<i64>,
    /// What they were asked.
    pub wording: Option<WordingId>,
    /// Where they were asked; `None` where nobody said, and once it was erased.
    pub source: Option<String>,
    /// When it was recorded here, UTC milliseconds.
    pub recorded_at: i64,
    /// The text whose SHA-256 is `hash`.
    pub hashed: String,
    /// The hash, as hex digits.
    pub hash: String,
}

impl ConsentEvent {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let entry = Entry::read(row)?;
        let before: Option<Hash> = row.get("before")?;
        let hash: Hash = row.get("hash")?;
        Ok(Self {
            hashed: entry.lines(&before.unwrap_or(BEFORE_ALL)),
            hash: hex(&hash),
            contact: row.get("contact_id")?,
            source: row.get("text")?,
            number: entry.number,
            subject: hex(&entry.subject),
            about: entry.about,
            purpose: entry.purpose,
            answer: entry.answer,
            kind: entry.kind,
            how: entry.how,
            at: entry.at,
            stated: entry.stated,
            zone: entry.zone,
            asked_at: entry.asked_at,
            wording: entry.wording.map(|(id, _)| id),
            recorded_at: entry.recorded_at,
        })
    }
}

fn select(rows: &str) -> String {
    format!(
        "SELECT {COLUMNS}, hash, (SELECT hash FROM consent_events AS p WHERE p.id = e.id - 1) AS before,
           (SELECT contact_id FROM consent_subjects AS s WHERE s.subject = e.subject) AS contact_id,
           (SELECT text FROM consent_texts AS t WHERE t.event_id = e.id) AS text
         FROM consent_events AS e WHERE {rows} ORDER BY id"
    )
}

impl Reader<'_> {
    /// Returns what is in the ledger about a contact and those merged into it, the oldest entry first.
    pub fn consent_history(&self, contact: ContactId) -> Result<Vec<ConsentEvent>> {
        let sql = select(
            "subject IN (SELECT subject FROM consent_subjects WHERE contact_id IN (
               WITH RECURSIVE same (id) AS (
                 SELECT :contact UNION SELECT c.id FROM contacts AS c JOIN same ON c.merged_into = same.id)
               SELECT id FROM same))",
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows =
            statement.query_map(named_params! { ":contact": contact }, ConsentEvent::read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns a page of the whole ledger, from the event after `after`.
    pub fn ledger_page(&self, after: i64, count: usize) -> Result<Vec<ConsentEvent>> {
        let sql = format!("{} LIMIT :count", select("id > :after"));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(
            named_params! { ":after": after, ":count": count },
            ConsentEvent::read,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the latest events of the ledger, the last one first.
    pub fn latest_consents(&self, count: usize) -> Result<Vec<ConsentEvent>> {
        let last: i64 = self
            .connection
            .prepare_cached("SELECT coalesce(max(id), 0) FROM consent_events")?
            .query_row([], |row| row.get(0))?;
        let before = last.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX));
        let mut events = self.ledger_page(before, count)?;
        events.reverse();
        Ok(events)
    }

    /// Returns how many contacts that are not deleted are opted out of a channel.
    pub fn opted_out_count(&self, channel: Channel) -> Result<u64> {
        let column = channel.field().to_string();
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT count(*) FROM contacts WHERE {column} = 1 AND deleted_at IS NULL"
        ))?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Returns the salt of a contact's subject as hex digits: with it the contact's guid can be tied to the events.
    pub fn consent_salt(&self, contact: ContactId) -> Result<Option<String>> {
        Ok(self.known_subject(contact)?.map(|(_, salt)| hex(&salt)))
    }
}
