//! What becomes of the answers of two contacts that are one person: the latest counts.

use rusqlite::{OptionalExtension, Row, named_params};

use crate::acts::{Answer, Answered};
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
}

impl Writer<'_> {
    /// Gives the survivor the loser's answers that are later than its own, or that it lacks; of two of one moment a
    /// refusal counts. Returns what was given.
    pub(crate) fn share_consents(
        &self,
        survivor: ContactId,
        loser: ContactId,
    ) -> Result<Vec<Answered>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT l.purpose_id, l.given, l.at, l.source FROM consents AS l
             LEFT JOIN consents AS s ON s.contact_id = :survivor AND s.purpose_id = l.purpose_id
             WHERE l.contact_id = :loser
               AND (s.at IS NULL OR l.at > s.at OR (l.at = s.at AND l.given < s.given))",
        )?;
        let later = statement.query_map(
            named_params! { ":survivor": survivor, ":loser": loser },
            |row| Ok((row.get::<_, PurposeId>("purpose_id")?, answer(row)?)),
        )?;
        let mut shared = Vec::new();
        for (purpose, answer) in later.collect::<rusqlite::Result<Vec<_>>>()? {
            let before = self.held_answer(survivor, purpose)?;
            self.put_answer(survivor, purpose, &answer)?;
            shared.push(Answered {
                purpose,
                answer,
                before,
            });
        }
        Ok(shared)
    }

    /// Puts back what stood before a merge; an answer given since stays.
    pub(crate) fn take_consent_back(&self, survivor: ContactId, shared: &Answered) -> Result<()> {
        let held = self.held_answer(survivor, shared.purpose)?;
        if held.as_ref() != Some(&shared.answer) {
            return Ok(());
        }
        match &shared.before {
            Some(before) => self.put_answer(survivor, shared.purpose, before),
            None => {
                self.connection
                    .prepare_cached(
                        "DELETE FROM consents WHERE contact_id = :contact AND purpose_id = :purpose",
                    )?
                    .execute(named_params! { ":contact": survivor, ":purpose": shared.purpose })?;
                Ok(())
            }
        }
    }

    fn put_answer(&self, contact: ContactId, purpose: PurposeId, answer: &Answer) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO consents (contact_id, purpose_id, given, at, source)
                 VALUES (:contact, :purpose, :given, :at, :source)",
            )?
            .execute(named_params! {
                ":contact": contact, ":purpose": purpose, ":given": answer.given, ":at": answer.at,
                ":source": answer.source,
            })?;
        Ok(())
    }
}
