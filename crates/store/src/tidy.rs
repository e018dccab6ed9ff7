//! What is thrown away in time: acts that can no longer be undone, tombstones nobody needs, payloads of old batches.

use rusqlite::named_params;
use serde::{Deserialize, Serialize};

use crate::acts::UNDO_MS;
use crate::contacts::id_array;
use crate::{BatchId, Channel, ContactField, ContactId, Error, Reader, Result, Store, Writer};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const CONTACTS_A_STEP: usize = 500;
const BATCHES_A_STEP: usize = 50;
/// The setting that says up to which moment batches were thinned out.
const THINNED_UNTIL: &str = "thinned_until";

/// The setting that holds the looks at the clock, as JSON.
const LOOKS: &str = "looks_at_the_clock";

/// What tidying threw away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Acts that can no longer be undone.
    pub acts: u64,
    /// Tombstones removed, or emptied where the history still names them.
    pub contacts: u64,
    /// Sent rows whose payloads were emptied.
    pub payloads: u64,
}

impl Store {
    /// Deletes what is older than it is kept, in short transactions.
    ///
    /// Age is counted up to an earlier look, at least a day ago: a clock that is ahead for some hours deletes nothing.
    pub fn tidy(&self, now: i64) -> Result<Tidied> {
        let confirmed = self.write(|writer| writer.confirmed_time(now))?;
        let limit = confirmed.saturating_sub(UNDO_MS);
        let mut tidied = Tidied {
            acts: self.write(|writer| writer.forget_acts(limit))?,
            ..Tidied::default()
        };
        let mut after = ContactId(0);
        while let Some((last, purged)) =
            self.write(|writer| writer.purge_tombstones(limit, after))?
        {
            after = last;
            tidied.contacts += purged;
        }
        let kept = i64::from(self.read(|reader| reader.history_days())?) * DAY_MS;
        let limit = confirmed.saturating_sub(kept);
        self.write(|writer| writer.forget_alerts(limit))?;
        tidied.payloads += self.write(|writer| writer.thin_undo_rows(limit))?;
        while let Some(emptied) = self.write(|writer| writer.thin_batches(limit))? {
            tidied.payloads += emptied;
        }
        Ok(tidied)
    }
}

/// Two looks at the clock, UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Looks {
    /// At least a day before `last`: no moment since has contradicted it.
    confirmed: i64,
    last: i64,
}

impl Looks {
    fn next(known: Option<Self>, now: i64) -> Self {
        match known {
            None => Self {
                confirmed: i64::MIN,
                last: now,
            },
            Some(looks) if now < looks.last => Self {
                confirmed: looks.confirmed.min(now),
                last: now,
            },
            Some(looks) if now.saturating_sub(looks.last) >= DAY_MS => Self {
                confirmed: looks.last,
                last: now,
            },
            Some(looks) => looks,
        }
    }
}

impl Writer<'_> {
    /// Looks at the clock, and returns the moment that has surely passed.
    fn confirmed_time(&self, now: i64) -> Result<i64> {
        let known = self
            .setting(LOOKS)?
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| Error::unreadable("a setting", error))?;
        let next = Looks::next(known, now);
        if known != Some(next) {
            let text = serde_json::to_string(&next)
                .map_err(|error| Error::unreadable("a setting", error))?;
            self.set_setting(LOOKS, &text)?;
        }
        Ok(next.confirmed)
    }

    fn forget_acts(&self, limit: i64) -> Result<u64> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM acts WHERE at < :limit")?
            .execute(named_params! { ":limit": limit })?;
        Ok(removed as u64)
    }

    /// Purges one page of tombstones that are older than `limit` and have no links; `None` at the end.
    fn purge_tombstones(&self, limit: i64, after: ContactId) -> Result<Option<(ContactId, u64)>> {
        let ids = self.tombstones_page(limit, after)?;
        let Some(last) = ids.last().copied() else {
            return Ok(None);
        };
        self.make_searchable()?;
        // Lists that hold them are out of date.
        self.next_sequence()?;
        self.forget_plan_rows(&ids)?;
        let named: Vec<ContactId> = self.named_elsewhere(&ids)?;
        let mut purged = 0;
        for id in ids {
            purged += if named.contains(&id) {
                self.empty_tombstone(id)?
            } else {
                self.remove_tombstone(id)?
            };
        }
        Ok(Some((last, purged)))
    }

    /// Removes everything about the person but the row itself, which history or an alias still needs.
    fn empty_tombstone(&self, id: ContactId) -> Result<u64> {
        let fields: Vec<String> = self
            .all_fields()?
            .into_iter()
            .filter(|field| field.is_writable() && *field != ContactField::DoNotSend)
            .filter(|field| Channel::of(*field).is_none())
            .map(ContactField::column)
            .collect();
        let empty = fields
            .iter()
            .map(|field| format!("{field} = NULL, "))
            .collect::<String>();
        let filled = fields
            .iter()
            .map(|field| format!("{field} IS NOT NULL"))
            .collect::<Vec<_>>()
            .join(" OR ");
        let emptied = self
            .connection
            .prepare_cached(&format!(
                "UPDATE contacts SET {empty} email_key = NULL WHERE id = ?1 AND ({filled})"
            ))?
            .execute([id])?;
        self.forget_surroundings(id)?;
        Ok(emptied as u64)
    }

    fn remove_tombstone(&self, id: ContactId) -> Result<u64> {
        self.forget_surroundings(id)?;
        for sql in [
            "DELETE FROM consent_texts WHERE event_id IN (
               SELECT e.id FROM consent_events AS e JOIN consent_subjects AS s ON s.subject = e.subject
               WHERE s.contact_id = ?1)",
            "DELETE FROM queue WHERE contact_id = ?1",
            "DELETE FROM run_blocks WHERE contact_id = ?1",
            "DELETE FROM contacts WHERE id = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([id])?;
        }
        Ok(1)
    }

    fn forget_plan_rows(&self, ids: &[ContactId]) -> Result<()> {
        self.connection
            .prepare_cached(
                "DELETE FROM plan_rows WHERE plan_id IN (SELECT id FROM plans) AND contact_id IN rarray(:ids)",
            )?
            .execute(named_params! { ":ids": id_array(ids.iter().map(|id| id.0)) })?;
        Ok(())
    }

    fn forget_surroundings(&self, id: ContactId) -> Result<()> {
        for sql in [
            "DELETE FROM account_contacts WHERE contact_id = ?1",
            "DELETE FROM score_points WHERE contact_id = ?1",
            "DELETE FROM marks WHERE contact_id = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }

    /// Empties the payloads of one page of settled batches older than `limit`; `None` at the end.
    fn thin_batches(&self, limit: i64) -> Result<Option<u64>> {
        let since: i64 = self.number(THINNED_UNTIL, i64::MIN)?;
        // A clock that was ahead has thinned out beyond the limit. What was settled since lies before that.
        let since = if since < limit { since } else { i64::MIN };
        let batches = self.batches_to_thin(since, limit)?;
        let Some((_, last)) = batches.last().copied() else {
            return Ok(None);
        };
        let mut emptied = 0;
        for (id, _) in batches {
            emptied += self.thin_batch(id)?;
        }
        self.set_setting(THINNED_UNTIL, &last.to_string())?;
        Ok(Some(emptied))
    }
}

impl Reader<'_> {
    fn tombstones_page(&self, limit: i64, after: ContactId) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM contacts INDEXED BY contacts_deleted
             WHERE deleted_at < :limit AND merged_into IS NULL AND id > :after
               AND NOT EXISTS (SELECT 1 FROM links WHERE links.contact_id = contacts.id)
               AND NOT EXISTS (SELECT 1 FROM queue WHERE queue.contact_id = contacts.id AND queue.state = 'sending')
             ORDER BY id LIMIT :page",
        )?;
        let parameters =
            named_params! { ":limit": limit, ":after": after, ":page": CONTACTS_A_STEP };
        let ids = statement.query_map(parameters, |row| row.get("id"))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns those that the history names or that others were merged into.
    fn named_elsewhere(&self, ids: &[ContactId]) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM contacts WHERE id IN rarray(:ids)
               AND (EXISTS (SELECT 1 FROM contact_batches k JOIN batches t ON t.id = k.batch_id
                        WHERE k.block = contacts.id / 256 AND row_outcome(t.contacts, NULL, contacts.id) IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM contacts AS alias WHERE alias.merged_into = contacts.id))",
        )?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let named = statement.query_map(named_params! { ":ids": ids }, |row| row.get("id"))?;
        Ok(named.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns batches with the moment they were settled, in that order; all of one moment stand together.
    fn batches_to_thin(&self, since: i64, limit: i64) -> Result<Vec<(BatchId, i64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, settled_at FROM batches
             WHERE settled_at > :since AND settled_at < :limit
               AND settled_at <= (SELECT max(settled_at) FROM (
                     SELECT settled_at FROM batches WHERE settled_at > :since AND settled_at < :limit
                     ORDER BY settled_at LIMIT :page))
             ORDER BY settled_at",
        )?;
        let parameters =
            named_params! { ":since": since, ":limit": limit, ":page": BATCHES_A_STEP };
        let rows = statement.query_map(parameters, |row| {
            Ok((row.get("id")?, row.get("settled_at")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests;
