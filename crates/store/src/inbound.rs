//! What comes back from Salesforce: the rows of a pull's inbound mapping, and what a contact and its record last agreed on.

mod conflicts;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, named_params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::selection::ids_of;
use crate::{ContactId, Error, Hashes, Link, LinkId, PullId, Reader, Result, Writer};

pub use conflicts::{Conflict, ConflictCursor, ConflictQuery};

/// How records of an object come into contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullInbound {
    /// The rows as text; none for those that are usual.
    pub rows: Option<String>,
    /// Whom to bring in, as JSON; none for nobody.
    pub newcomers: Option<String>,
}

/// What a contact and its record last agreed on, by the record's field.
pub type Agreements = BTreeMap<String, Agreement>;

/// What both sides had in a field when they last agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Hash of what the contact had; of what was sent last, where the field is sent.
    pub here: String,
    /// Hash of what the record had.
    pub there: String,
    /// How often in a row the record held another value after it was sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rewritten: u32,
    /// Both meant the same, each in its own form, such as `US` here and `USA` there.
    #[serde(default, skip_serializing_if = "is_not")]
    pub same: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
fn is_not(flag: &bool) -> bool {
    !*flag
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Reader<'_> {
    /// Returns how a pull brings an object's records into contacts.
    pub fn pull_inbound(&self, pull: PullId, object: &str) -> Result<PullInbound> {
        let kept = self
            .connection
            .prepare_cached(
                "SELECT inbound, newcomers FROM pull_objects WHERE pull_id = :pull AND object = :object",
            )?
            .query_row(named_params! { ":pull": pull, ":object": object }, |row| {
                Ok(PullInbound {
                    rows: row.get("inbound")?,
                    newcomers: row.get("newcomers")?,
                })
            })
            .optional()?;
        Ok(kept.unwrap_or_default())
    }

    /// Returns what the contacts and records of links last agreed on; links that never did are left out.
    pub fn agreements(&self, links: &[LinkId]) -> Result<BTreeMap<LinkId, Agreements>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT l.id, l.agreed FROM rarray(:links) AS wanted
             CROSS JOIN links l ON l.id = wanted.value AND l.agreed <> '{}'",
        )?;
        let links = ids_of(links.iter().map(|link| link.0));
        let rows = statement.query_map(named_params! { ":links": links }, |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?))
        })?;
        let mut all = BTreeMap::new();
        for row in rows {
            let (link, text) = row?;
            let agreed = serde_json::from_str(&text)
                .map_err(|error| Error::unreadable("an agreement", error))?;
            all.insert(link, agreed);
        }
        Ok(all)
    }

    /// Returns links to an object of an org whose records have not been compared yet, in the order of their ids.
    pub fn links_to_look_at(
        &self,
        org_id: &str,
        object: &str,
        after: LinkId,
        limit: usize,
    ) -> Result<Vec<Link>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.links_from(
            "links l INDEXED BY links_to_look_at
             WHERE l.org_id = :org AND l.object = :object AND l.looked_at IS NULL AND l.id > :after
             ORDER BY l.id LIMIT :limit",
            named_params! { ":org": org_id, ":object": object, ":after": after, ":limit": limit },
        )
    }

    /// Returns those of the contacts for which an answer of an org is awaited: what their records hold may be about to change.
    pub fn contacts_in_flight(
        &self,
        org_id: &str,
        contacts: &[ContactId],
    ) -> Result<BTreeSet<ContactId>> {
        let mut in_flight = BTreeSet::new();
        for batch in self.open_batches(org_id)? {
            let rows = self.batch_rows(batch.id)?;
            in_flight.extend(rows.iter().map(|row| row.contact));
        }
        let asked: BTreeSet<ContactId> = contacts.iter().copied().collect();
        in_flight.retain(|contact| asked.contains(contact));
        Ok(in_flight)
    }

    /// Returns the JSON of what was last sent to a field of a contact's record, as long as the history keeps it.
    pub fn last_sent_value(
        &self,
        contact: ContactId,
        org_id: &str,
        object: &str,
        field: &str,
    ) -> Result<Option<String>> {
        // A field that was sent longer ago than in so many requests is not worth the search.
        const REQUESTS: usize = 100;
        let taken = "t.org_id = :org AND t.object = :object
             AND row_outcome(t.contacts, t.answers, :contact) IN ('created', 'updated')";
        let bound: &[(&str, &dyn rusqlite::ToSql)] =
            named_params! { ":org": org_id, ":object": object };
        let batches = self.batches_of(contact, taken, bound)?;
        for batch in batches.into_iter().rev().take(REQUESTS) {
            let Some(row) = self.row_for(batch, contact)? else {
                continue;
            };
            let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&row.payload)
                .map_err(|error| Error::unreadable("payload", error))?;
            if let Some(value) = fields.remove(field) {
                return Ok(Some(value.get().to_owned()));
            }
        }
        Ok(None)
    }
}

impl Writer<'_> {
    /// Keeps how a pull brings an object's records into contacts. Every linked record is compared anew; where others are to
    /// be brought in, every record is read anew.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the pull doesn't read the object.
    pub fn set_pull_inbound(
        &self,
        pull: PullId,
        org_id: Option<&str>,
        object: &str,
        inbound: &PullInbound,
    ) -> Result<()> {
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE pull_objects SET inbound = :rows, newcomers = :newcomers,
                   asked = CASE WHEN newcomers IS NOT :newcomers THEN NULL ELSE asked END
                 WHERE pull_id = :pull AND object = :object",
            )?
            .execute(named_params! {
                ":rows": inbound.rows, ":newcomers": inbound.newcomers, ":pull": pull, ":object": object,
            })?;
        if changed == 0 {
            return Err(Error::not_found("object of the pull", object));
        }
        self.connection
            .prepare_cached(
                "UPDATE links SET looked_at = NULL
                 WHERE org_id = :org AND object = :object AND looked_at IS NOT NULL",
            )?
            .execute(named_params! { ":org": org_id, ":object": object })?;
        Ok(())
    }

    /// Keeps what a contact and its record agree on.
    pub fn set_agreements(&self, link: LinkId, agreed: &Agreements) -> Result<()> {
        let text = serde_json::to_string(agreed)
            .map_err(|error| Error::unreadable("an agreement", error))?;
        self.connection
            .prepare_cached("UPDATE links SET agreed = :agreed WHERE id = :link")?
            .execute(named_params! { ":agreed": text, ":link": link })?;
        Ok(())
    }

    /// Notes that the records of these links have been compared at a moment, or have to be compared again.
    pub fn links_looked_at(&self, links: &[LinkId], now: Option<i64>) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE links SET looked_at = :now WHERE id IN rarray(:links)")?
            .execute(
                named_params! { ":now": now, ":links": ids_of(links.iter().map(|link| link.0)) },
            )?;
        Ok(())
    }

    /// Lets values count as sent that came from the record itself.
    pub fn count_as_sent(&self, link: LinkId, hashes: &Hashes) -> Result<()> {
        let sent = self.packed_hashes(hashes)?;
        self.connection
            .prepare_cached("UPDATE links SET sent = merged_sent(sent, :sent) WHERE id = :link")?
            .execute(named_params! { ":sent": sent, ":link": link })?;
        Ok(())
    }
}
