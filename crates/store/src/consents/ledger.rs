//! Appends to the ledger of consent. Nothing here changes or removes an event.

use rusqlite::{OptionalExtension, named_params};

use super::event::{About, BEFORE_ALL, COLUMNS, Entry, EventKind, Hash, How, sha256};
use super::standing::{Said, Standing, next, standing};
use crate::{ContactId, Error, PurposeId, Reader, Result, WordingId, Writer};

/// How an answer came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// How it was given.
    pub how: How,
    /// When, UTC milliseconds; `None` where only the moment of recording is known.
    pub at: Option<i64>,
    /// When it was seen elsewhere at the latest, UTC milliseconds by another clock, where `at` isn't known. It is noted, and the
    /// answer counts as one of the moment of recording.
    pub seen_at: Option<i64>,
    /// For a double opt-in, when they asked for it, UTC milliseconds; `at` is when they confirmed it.
    pub asked_at: Option<i64>,
    /// What they were asked, word for word.
    pub wording: Option<WordingId>,
    /// Where they were asked, on one line; empty where nobody said.
    pub source: &'a str,
}

impl<'a> Evidence<'a> {
    /// Returns evidence that says how and where, and nothing else.
    pub fn of(how: How, source: &'a str) -> Self {
        Self {
            how,
            at: None,
            seen_at: None,
            asked_at: None,
            wording: None,
            source,
        }
    }
}

/// What recording an answer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Another answer counts now.
    Changed,
    /// They had answered the same.
    Unchanged,
    /// It is in the ledger, and another answer goes on counting: a later one, or a no that only they can take back.
    Outweighed,
}

/// What counted before an event, and after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) before: Option<Standing>,
    pub(crate) after: Option<Standing>,
}

impl Step {
    /// Tells what an event that said `answer` came to.
    pub(crate) fn told(&self, answer: Option<bool>) -> Told {
        let answer_of = |standing: Option<Standing>| standing.map(|standing| standing.answer);
        let (before, after) = (answer_of(self.before), answer_of(self.after));
        if after != before {
            Told::Changed
        } else if after == answer {
            Told::Unchanged
        } else {
            Told::Outweighed
        }
    }
}

/// An event that is to be appended.
pub(crate) struct NewEvent<'a> {
    pub(crate) about: About,
    pub(crate) answer: Option<bool>,
    pub(crate) kind: EventKind,
    pub(crate) evidence: Evidence<'a>,
}

impl Writer<'_> {
    /// Appends an event about a contact, unless it is no news; returns what counted before and after.
    pub(crate) fn tell(&self, contact: ContactId, new: &NewEvent<'_>, now: i64) -> Result<Step> {
        let evidence = &new.evidence;
        let said = Said {
            answer: new.answer,
            kind: new.kind,
            how: evidence.how,
            at: evidence.at.or(evidence.seen_at).unwrap_or(now),
            stated: evidence.at.is_some(),
        };
        let (subject, salt) = self.subject(contact)?;
        let earlier = self.said(&subject, new.about)?;
        let before = standing(&earlier);
        if is_no_news(&said, evidence, before, &earlier) {
            return Ok(Step {
                before,
                after: before,
            });
        }
        self.append(subject, &salt, new, &said, now)?;
        Ok(Step {
            before,
            after: next(before, &said),
        })
    }

    fn append(
        &self,
        subject: Hash,
        salt: &Hash,
        new: &NewEvent<'_>,
        said: &Said,
        now: i64,
    ) -> Result<()> {
        let (last, before) = self.head()?;
        let source = new.evidence.source.trim();
        let wording = new.evidence.wording;
        let entry = Entry {
            number: last + 1,
            subject,
            about: self.name_of(new.about)?,
            purpose: new.about.purpose(),
            answer: said.answer,
            kind: said.kind,
            how: said.how,
            at: said.at,
            stated: said.stated,
            zone: self.time_zone()?,
            asked_at: new.evidence.asked_at,
            wording: wording
                .map(|id| Ok::<_, Error>((id, self.wording_hash(id)?)))
                .transpose()?,
            source: (!source.is_empty()).then(|| sha256(&[salt, source.as_bytes()])),
            recorded_at: now,
        };
        self.connection
            .prepare_cached(
                "INSERT INTO consent_events (id, subject, about, purpose_id, answer, kind, how, at, stated, zone, asked_at,
                   wording_id, wording_hash, source_hash, recorded_at, hash)
                 VALUES (:id, :subject, :about, :purpose, :answer, :kind, :how, :at, :stated, :zone, :asked_at,
                   :wording, :wording_hash, :source, :recorded_at, :hash)",
            )?
            .execute(named_params! {
                ":id": entry.number, ":subject": entry.subject, ":about": entry.about, ":purpose": entry.purpose,
                ":answer": entry.answer, ":kind": entry.kind, ":how": entry.how, ":at": entry.at,
                ":stated": entry.stated, ":zone": entry.zone, ":asked_at": entry.asked_at,
                ":wording": entry.wording.map(|(id, _)| id), ":wording_hash": entry.wording.map(|(_, hash)| hash),
                ":source": entry.source, ":recorded_at": entry.recorded_at, ":hash": entry.hash(&before),
            })?;
        if !source.is_empty() {
            self.connection
                .prepare_cached(
                    "INSERT INTO consent_texts (event_id, text) VALUES (:event, :text)",
                )?
                .execute(named_params! { ":event": entry.number, ":text": source })?;
        }
        Ok(())
    }

    /// Returns a contact's subject and salt, made now where there are none.
    fn subject(&self, contact: ContactId) -> Result<(Hash, Hash)> {
        if let Some(known) = self.known_subject(contact)? {
            return Ok(known);
        }
        let mut salt = Hash::default();
        getrandom::fill(&mut salt)
            .map_err(|_| Error::Refused("this computer provides no random numbers".into()))?;
        let guid: String = self
            .connection
            .prepare_cached("SELECT guid FROM contacts WHERE id = :contact")?
            .query_row(named_params! { ":contact": contact }, |row| row.get(0))?;
        let subject = sha256(&[&salt, guid.as_bytes()]);
        self.connection
            .prepare_cached(
                "INSERT INTO consent_subjects (contact_id, salt, subject) VALUES (:contact, :salt, :subject)",
            )?
            .execute(named_params! { ":contact": contact, ":salt": salt, ":subject": subject })?;
        Ok((subject, salt))
    }

    /// Appends the answers that were recorded before the ledger, the first time a file is opened with it.
    pub(crate) fn take_in_earlier_answers(&self) -> Result<()> {
        let mut statement = self.connection.prepare(
            "SELECT contact_id, purpose_id, given, at, source FROM consents ORDER BY at, contact_id, purpose_id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let source: String = row.get("source")?;
            let at: i64 = row.get("at")?;
            let event = NewEvent {
                about: About::Purpose(row.get("purpose_id")?),
                answer: row.get("given")?,
                kind: EventKind::Said,
                evidence: Evidence {
                    at: Some(at),
                    ..Evidence::of(How::BeforeLedger, &source)
                },
            };
            self.tell(row.get("contact_id")?, &event, at)?;
        }
        self.connection.execute(
            "DELETE FROM settings WHERE key = 'consents_before_ledger'",
            [],
        )?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Tells what recording an answer about a purpose would come to, without recording it.
    pub fn foreseen_consent(
        &self,
        contact: ContactId,
        purpose: PurposeId,
        given: bool,
        evidence: &Evidence<'_>,
        now: i64,
    ) -> Result<Told> {
        self.foreseen(contact, About::Purpose(purpose), given, evidence, now)
    }

    pub(crate) fn foreseen(
        &self,
        contact: ContactId,
        about: About,
        given: bool,
        evidence: &Evidence<'_>,
        now: i64,
    ) -> Result<Told> {
        let before = match self.known_subject(contact)? {
            Some((subject, _)) => standing(&self.said(&subject, about)?),
            None => None,
        };
        let said = Said {
            answer: Some(given),
            kind: EventKind::Said,
            how: evidence.how,
            at: evidence.at.or(evidence.seen_at).unwrap_or(now),
            stated: evidence.at.is_some(),
        };
        let after = next(before, &said);
        Ok(Step { before, after }.told(Some(given)))
    }

    /// Tells whether answers from before the ledger wait to be appended to it.
    pub(crate) fn has_earlier_answers(&self) -> Result<bool> {
        Ok(self.setting("consents_before_ledger")?.is_some())
    }

    /// Returns a contact's subject and salt, if there are events about them.
    pub(crate) fn known_subject(&self, contact: ContactId) -> Result<Option<(Hash, Hash)>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT subject, salt FROM consent_subjects WHERE contact_id = :contact",
            )?
            .query_row(named_params! { ":contact": contact }, |row| {
                Ok((row.get("subject")?, row.get("salt")?))
            })
            .optional()?)
    }

    /// Returns what a subject has said about one thing, the oldest entry first.
    pub(crate) fn said(&self, subject: &Hash, about: About) -> Result<Vec<Said>> {
        let events = self.events_about(subject, about)?;
        Ok(events.iter().map(Entry::said).collect())
    }

    /// Returns the events of a subject about one thing, the oldest entry first.
    pub(crate) fn events_about(&self, subject: &Hash, about: About) -> Result<Vec<Entry>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM consent_events
             WHERE subject = :subject AND purpose_id IS :purpose AND (purpose_id IS NOT NULL OR about = :channel)
             ORDER BY id"
        ))?;
        let channel = match about {
            About::Purpose(_) => "",
            About::Channel(channel) => channel.name(),
        };
        let parameters = named_params! {
            ":subject": subject, ":purpose": about.purpose(), ":channel": channel,
        };
        let rows = statement.query_map(parameters, Entry::read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the number and hash of the last event.
    fn head(&self) -> Result<(i64, Hash)> {
        let last = self
            .connection
            .prepare_cached("SELECT id, hash FROM consent_events ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(last.unwrap_or((0, BEFORE_ALL)))
    }

    fn name_of(&self, about: About) -> Result<String> {
        match about {
            About::Channel(channel) => Ok(channel.name().to_owned()),
            About::Purpose(id) => self.path_of(id),
        }
    }

    fn path_of(&self, id: PurposeId) -> Result<String> {
        self.connection
            .prepare_cached("SELECT path FROM purposes WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get(0))
            .optional()?
            .ok_or_else(|| Error::not_found("purpose", id))
    }
}

impl Entry {
    pub(crate) fn said(&self) -> Said {
        Said {
            answer: self.answer,
            kind: self.kind,
            how: self.how,
            at: self.at,
            stated: self.stated,
        }
    }
}

/// The same answer once more is no news where it says no moment and no wording, nor where it is in the ledger already.
fn is_no_news(
    said: &Said,
    evidence: &Evidence<'_>,
    before: Option<Standing>,
    earlier: &[Said],
) -> bool {
    let is_same = said.answer == before.map(|standing| standing.answer);
    match said.kind {
        EventKind::Restored => false,
        _ if said.stated => earlier.contains(said) && evidence.wording.is_none(),
        _ => is_same && evidence.wording.is_none(),
    }
}
