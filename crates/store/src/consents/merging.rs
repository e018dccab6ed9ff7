//! What becomes of the answers of two contacts that are one person: the latest counts, and a no only gives way to their own
//! later yes.

use rusqlite::{OptionalExtension, Row, named_params};

use super::event::{About, Channel, Entry, EventKind, Hash, How};
use super::ledger::{Evidence, NewEvent, Step};
use super::standing::{Standing, standing};
use crate::acts::{Answer, Answered};
use crate::contacts::CellChange;
use crate::{ContactId, PurposeId, Reader, Result, Writer};

fn answer(row: &Row<'_>) -> rusqlite::Result<Answer> {
    Ok(Answer {
        given: row.get("given")?,
        at: row.get("at")?,
        source: row.get("source")?,
    })
}

impl Reader<'_> {
    /// Returns a contact's answer, if there is one.
    pub(crate) fn held_answer(
        &self,
        contact: ContactId,
        purpose: PurposeId,
    ) -> Result<Option<Answer>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT given, at, source FROM consents WHERE contact_id = :contact AND purpose_id = :purpose",
            )?
            .query_row(
                named_params! { ":contact": contact, ":purpose": purpose },
                answer,
            )
            .optional()?)
    }

    /// Returns the purposes that a contact has answered about.
    fn answered_purposes(&self, contact: ContactId) -> Result<Vec<PurposeId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT purpose_id FROM consents WHERE contact_id = :contact ORDER BY purpose_id",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the event by which a subject's answer counts.
    fn decisive(&self, subject: &Hash, about: About) -> Result<Option<Entry>> {
        let entries = self.events_about(subject, about)?;
        let said: Vec<_> = entries.iter().map(Entry::said).collect();
        let Some(counts) = standing(&said) else {
            return Ok(None);
        };
        let is_it = |entry: &Entry| entry.answer == Some(counts.answer) && entry.at == counts.at;
        Ok(entries.into_iter().rev().find(is_it))
    }

    fn text_of(&self, event: i64) -> Result<String> {
        let text: Option<Option<String>> = self
            .connection
            .prepare_cached("SELECT text FROM consent_texts WHERE event_id = :event")?
            .query_row(named_params! { ":event": event }, |row| row.get(0))
            .optional()?;
        Ok(text.flatten().unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Gives the survivor the loser's answers that count for both. Returns what was given.
    pub(crate) fn share_consents(
        &self,
        survivor: ContactId,
        loser: ContactId,
        now: i64,
    ) -> Result<Vec<Answered>> {
        let Some((subject, _)) = self.known_subject(loser)? else {
            return Ok(Vec::new());
        };
        let mut shared = Vec::new();
        for purpose in self.answered_purposes(loser)? {
            let Some(entry) = self.decisive(&subject, About::Purpose(purpose))? else {
                continue;
            };
            let before = self.held_answer(survivor, purpose)?;
            let (step, source) = self.share(survivor, About::Purpose(purpose), &entry, now)?;
            let Some(counts) = step.after.filter(|_| step.after != step.before) else {
                continue;
            };
            self.put_answer(survivor, purpose, step.after, &source)?;
            shared.push(Answered {
                purpose,
                answer: Answer {
                    given: counts.answer,
                    at: counts.at,
                    source,
                },
                before,
            });
        }
        Ok(shared)
    }

    /// Gives the survivor the loser's opt-outs that count for both. Returns what was changed.
    pub(crate) fn share_opt_outs(
        &self,
        survivor: ContactId,
        loser: ContactId,
        now: i64,
    ) -> Result<Vec<CellChange>> {
        let Some((subject, _)) = self.known_subject(loser)? else {
            return Ok(Vec::new());
        };
        let mut changes = Vec::new();
        for channel in Channel::ALL {
            let Some(entry) = self.decisive(&subject, About::Channel(*channel))? else {
                continue;
            };
            let (step, _) = self.share(survivor, About::Channel(*channel), &entry, now)?;
            changes.extend(self.put_opt_out(survivor, *channel, &step, now)?);
        }
        Ok(changes)
    }

    /// Appends what another contact has said, with the evidence of that.
    fn share(
        &self,
        survivor: ContactId,
        about: About,
        entry: &Entry,
        now: i64,
    ) -> Result<(Step, String)> {
        let source = self.text_of(entry.number)?;
        // A moment that came from the clock was theirs all the same where a person recorded the answer.
        let is_told = entry.stated || !matches!(entry.how, How::Import | How::Salesforce);
        let event = NewEvent {
            about,
            answer: entry.answer,
            kind: EventKind::Merged,
            evidence: Evidence {
                how: entry.how,
                seen_at: None,
                at: (is_told || entry.answer == Some(false)).then_some(entry.at),
                asked_at: entry.asked_at,
                wording: entry.wording.map(|(id, _)| id),
                source: &source,
            },
        };
        Ok((self.tell(survivor, &event, now)?, source))
    }

    /// Puts back what stood before a merge; an answer given since stays.
    pub(crate) fn take_consent_back(
        &self,
        survivor: ContactId,
        shared: &Answered,
        now: i64,
    ) -> Result<()> {
        let held = self.held_answer(survivor, shared.purpose)?;
        if held.as_ref() != Some(&shared.answer) {
            return Ok(());
        }
        let before = shared.before.as_ref();
        let source = before.map_or("", |before| before.source.as_str());
        let event = NewEvent {
            about: About::Purpose(shared.purpose),
            answer: before.map(|before| before.given),
            kind: EventKind::Restored,
            evidence: Evidence {
                at: before.map(|before| before.at),
                ..Evidence::of(How::ByHand, source)
            },
        };
        let step = self.tell(survivor, &event, now)?;
        let counts: Option<Standing> = step.after;
        self.put_answer(survivor, shared.purpose, counts, source)
    }
}
