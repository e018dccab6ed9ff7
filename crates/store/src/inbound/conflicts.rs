//! Fields that were changed here and in Salesforce, and wait for someone to choose.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;
use serde::{Deserialize, Serialize};

use crate::links::{LINK_COLUMNS, link};
use crate::selection::ids_of;
use crate::{ContactId, Link, LinkId, Reader, Result, Writer};

/// Where a page of conflicts goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ConflictCursor {
    /// The link of the last one.
    pub link: LinkId,
    /// Its field.
    pub field: String,
}

/// Which conflicts.
#[derive(Debug, Clone, Default)]
pub struct ConflictQuery<'a> {
    /// Only of this org.
    pub org_id: Option<&'a str>,
    /// Only of this object.
    pub object: Option<&'a str>,
    /// Only of this contact.
    pub contact: Option<ContactId>,
    /// Only of this field.
    pub field: Option<&'a str>,
    /// Those after this one.
    pub after: Option<&'a ConflictCursor>,
    /// How many.
    pub limit: usize,
}

/// A field that was changed on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The contact and its record.
    pub link: Link,
    /// API name of the record's field.
    pub field: String,
    /// The last value that both sides had, where it is known.
    pub agreed: Option<String>,
    /// When it was found, UTC milliseconds.
    pub found_at: i64,
}

const WHERE: &str = "FROM conflicts k JOIN links l ON l.id = k.link_id
    WHERE (:org IS NULL OR l.org_id = :org) AND (:object IS NULL OR l.object = :object)
      AND (:contact IS NULL OR l.contact_id = :contact) AND (:only IS NULL OR k.field = :only)";

impl Reader<'_> {
    /// Returns a page of conflicts, in the order of their links and fields.
    pub fn conflicts(&self, query: &ConflictQuery<'_>) -> Result<Vec<Conflict>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {LINK_COLUMNS}, k.field, k.agreed, k.found_at {WHERE}
               AND (k.link_id, k.field) > (:link, :field COLLATE NOCASE)
             ORDER BY k.link_id, k.field LIMIT :limit"
        ))?;
        let (after, field) = query
            .after
            .map_or((LinkId(0), ""), |after| (after.link, after.field.as_str()));
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let fields = self.sent_fields()?;
        let rows = statement.query_and_then(
            named_params! {
                ":org": query.org_id, ":object": query.object, ":contact": query.contact, ":only": query.field,
                ":link": after, ":field": field, ":limit": limit,
            },
            |row| {
                Ok::<_, crate::Error>(Conflict {
                    link: link(row, &fields)?,
                    field: row.get("field")?,
                    agreed: row.get("agreed")?,
                    found_at: row.get("found_at")?,
                })
            },
        )?;
        rows.collect()
    }

    /// Counts conflicts; where the page begins and how long it is doesn't matter.
    pub fn count_conflicts(&self, query: &ConflictQuery<'_>) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(&format!("SELECT count(*) {WHERE}"))?
            .query_row(
                named_params! {
                    ":org": query.org_id, ":object": query.object, ":contact": query.contact, ":only": query.field,
                },
                |row| row.get(0),
            )?)
    }

    /// Returns the fields of these links that wait for a choice.
    pub fn conflicting_fields(
        &self,
        links: impl Iterator<Item = LinkId>,
    ) -> Result<BTreeMap<LinkId, BTreeSet<String>>> {
        let mut all: BTreeMap<LinkId, BTreeSet<String>> = BTreeMap::new();
        let mut statement = self.connection.prepare_cached(
            "SELECT k.link_id, k.field FROM rarray(:links) AS wanted
             CROSS JOIN conflicts k ON k.link_id = wanted.value",
        )?;
        let links = ids_of(links.map(|link| link.0));
        for row in statement.query_map(named_params! { ":links": links }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })? {
            let (link, field) = row?;
            all.entry(link).or_default().insert(field);
        }
        Ok(all)
    }
}

impl Writer<'_> {
    /// Puts a field on the list; one that stands there stays as it is. Returns whether it is new.
    pub fn add_conflict(
        &self,
        link: LinkId,
        field: &str,
        agreed: Option<&str>,
        now: i64,
    ) -> Result<bool> {
        let added = self
            .connection
            .prepare_cached(
                "INSERT INTO conflicts (link_id, field, agreed, found_at) VALUES (:link, :field, :agreed, :now)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(
                named_params! { ":link": link, ":field": field, ":agreed": agreed, ":now": now },
            )?;
        Ok(added > 0)
    }

    /// Takes a field off the list.
    pub fn remove_conflict(&self, link: LinkId, field: &str) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM conflicts WHERE link_id = :link AND field = :field")?
            .execute(named_params! { ":link": link, ":field": field })?;
        Ok(())
    }
}
