//! What comes back from Salesforce: the rows of a pull's inbound mapping, and what a contact and its record last agreed on.

mod conflicts;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, named_params};
use serde::{Deserialize, Serialize};

use crate::links::{LINK_COLUMNS, link};
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
    ///
    /// # Errors
    /// When the workspace cannot be read.
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
    ///
    /// # Errors
    /// When the workspace cannot be read.
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
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn links_to_look_at(
        &self,
        org_id: &str,
        object: &str,
        after: LinkId,
        limit: usize,
    ) -> Result<Vec<Link>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {LINK_COLUMNS} FROM links l INDEXED BY links_to_look_at
             WHERE l.org_id = :org AND l.object = :object AND l.looked_at IS NULL AND l.id > :after
             ORDER BY l.id LIMIT :limit"
        ))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(
            named_params! { ":org": org_id, ":object": object, ":after": after, ":limit": limit },
            link,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns those of the contacts for which an answer of an org is awaited: what their records hold may be about to change.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn contacts_in_flight(
        &self,
        org_id: &str,
        contacts: &[ContactId],
    ) -> Result<BTreeSet<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT r.contact_id FROM batches b CROSS JOIN batch_rows r ON r.batch_id = b.id
             WHERE b.org_id = :org AND b.state IN ('prepared', 'unknown')
               AND r.contact_id IN (SELECT value FROM rarray(:contacts))",
        )?;
        let contacts = ids_of(contacts.iter().map(|contact| contact.0));
        let rows = statement.query_map(
            named_params! { ":org": org_id, ":contacts": contacts },
            |row| row.get(0),
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the JSON of what was last sent to a field of a contact's record, as long as the history keeps it.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn last_sent_value(
        &self,
        contact: ContactId,
        org_id: &str,
        object: &str,
        field: &str,
    ) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT r.payload -> ('$.\"' || :field || '\"') AS value
                 FROM batch_rows r JOIN batches b ON b.id = r.batch_id
                 WHERE r.contact_id = :contact AND b.org_id = :org AND b.object = :object
                   AND r.outcome IN ('created', 'updated') AND json_valid(r.payload) AND value IS NOT NULL
                 ORDER BY b.id DESC LIMIT 1",
            )?
            .query_row(
                named_params! { ":contact": contact, ":org": org_id, ":object": object, ":field": field },
                |row| row.get("value"),
            )
            .optional()?)
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
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn set_agreements(&self, link: LinkId, agreed: &Agreements) -> Result<()> {
        let text = serde_json::to_string(agreed)
            .map_err(|error| Error::unreadable("an agreement", error))?;
        self.connection
            .prepare_cached("UPDATE links SET agreed = :agreed WHERE id = :link")?
            .execute(named_params! { ":agreed": text, ":link": link })?;
        Ok(())
    }

    /// Notes that the records of these links have been compared at a moment, or have to be compared again.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn links_looked_at(&self, links: &[LinkId], now: Option<i64>) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE links SET looked_at = :now WHERE id IN rarray(:links)")?
            .execute(
                named_params! { ":now": now, ":links": ids_of(links.iter().map(|link| link.0)) },
            )?;
        Ok(())
    }

    /// Lets values count as sent that came from the record itself.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn count_as_sent(&self, link: LinkId, hashes: &Hashes) -> Result<()> {
        let sent = crate::links::written_hashes(hashes)?;
        self.connection
            .prepare_cached("UPDATE links SET sent = json_patch(sent, :sent) WHERE id = :link")?
            .execute(named_params! { ":sent": sent, ":link": link })?;
        Ok(())
    }
}
