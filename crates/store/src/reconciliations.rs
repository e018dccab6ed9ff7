//! What an org was found to hold of a replication, and where that is not what we sent.

use rusqlite::{OptionalExtension, Row, named_params};
use serde_json::Value;

use crate::queue::{EntryState, in_state};
use crate::{ContactId, Error, Reader, ReplicationId, Result, SegmentId, Writer};

/// When an org was last asked what it holds, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconciliation {
    /// When, UTC milliseconds.
    pub at: i64,
    /// API calls that it took.
    pub calls: u64,
    /// Records read back; `None` where records were only counted.
    pub records: Option<u64>,
    /// The counts, as the caller wrote them.
    pub counts: Value,
}

/// A value that the org does not hold as we sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgDifference {
    /// The contact.
    pub contact: ContactId,
    /// The field; empty where the record is gone.
    pub target: String,
    /// What we sent last.
    pub sent: Option<String>,
    /// What the org has instead.
    pub held: Option<String>,
}

fn difference(row: &Row<'_>) -> rusqlite::Result<OrgDifference> {
    Ok(OrgDifference {
        contact: row.get("contact_id")?,
        target: row.get("target")?,
        sent: row.get("sent")?,
        held: row.get("held")?,
    })
}

impl Reader<'_> {
    /// Returns what came of the last reconciliation.
    pub fn reconciliation(&self, replication: ReplicationId) -> Result<Option<Reconciliation>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT at, calls, records, counts FROM reconciliations WHERE replication_id = :replication",
            )?
            .query_row(named_params! { ":replication": replication }, |row| {
                Ok((
                    row.get("at")?,
                    row.get("calls")?,
                    row.get("records")?,
                    row.get::<_, String>("counts")?,
                ))
            })
            .optional()?;
        found
            .map(|(at, calls, records, counts)| {
                Ok(Reconciliation {
                    at,
                    calls,
                    records,
                    counts: serde_json::from_str(&counts)
                        .map_err(|error| Error::unreadable("a reconciliation", error))?,
                })
            })
            .transpose()
    }

    /// Counts the contacts with differences.
    pub fn differing_count(&self, replication: ReplicationId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(DISTINCT contact_id) FROM differences WHERE replication_id = :replication",
            )?
            .query_row(named_params! { ":replication": replication }, |row| row.get(0))?)
    }

    /// Returns the differences of the first contacts after one, at most so many, in the order of their ids.
    pub fn differences(
        &self,
        replication: ReplicationId,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<OrgDifference>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, target, sent, held FROM differences
             WHERE replication_id = :replication AND contact_id > :after
               AND contact_id IN (SELECT DISTINCT contact_id FROM differences
                                  WHERE replication_id = :replication AND contact_id > :after
                                  ORDER BY contact_id LIMIT :limit)
             ORDER BY contact_id, target",
        )?;
        let rows = statement.query_map(
            named_params! { ":replication": replication, ":after": after, ":limit": limit },
            difference,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns contacts who went, in the order of their ids, after one.
    pub fn gone_page(
        &self,
        replication: ReplicationId,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id FROM queue
             WHERE replication_id = :replication AND contact_id > :after AND sent_at IS NOT NULL
             ORDER BY contact_id LIMIT :limit",
        )?;
        let rows = statement.query_map(
            named_params! { ":replication": replication, ":after": after, ":limit": limit },
            |row| row.get(0),
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Counts the contacts who went.
    pub fn gone_count(&self, replication: ReplicationId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM queue WHERE replication_id = :replication AND sent_at IS NOT NULL",
            )?
            .query_row(named_params! { ":replication": replication }, |row| row.get(0))?)
    }

    /// Returns how many contacts a replication has sent to that are linked to a live record of its object in an org.
    pub fn gone_linked_count(&self, replication: ReplicationId, org_id: &str) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM replications r
                 CROSS JOIN queue q ON q.replication_id = r.id AND q.sent_at IS NOT NULL
                 CROSS JOIN links l ON l.contact_id = q.contact_id AND l.org_id = :org AND l.object = r.object
                 WHERE r.id = :replication AND l.state = 'linked'",
            )?
            .query_row(
                named_params! { ":replication": replication, ":org": org_id },
                |row| row.get(0),
            )?)
    }

    /// Counts the entries that are waiting or under way of contacts who have a status in a segment.
    pub fn queued_of_segment(&self, replication: ReplicationId, segment: SegmentId) -> Result<u64> {
        let mut queued = 0;
        for state in [EntryState::Pending, EntryState::Sending] {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT count(*) FROM queue AS q
                 CROSS JOIN segment_members AS m ON m.segment_id = :segment AND m.contact_id = q.contact_id
                 WHERE q.replication_id = :replication AND {}",
                in_state(state)
            ))?;
            queued += statement.query_row(
                named_params! { ":replication": replication, ":segment": segment, ":state": state },
                |row| row.get::<_, u64>(0),
            )?;
        }
        Ok(queued)
    }
}

impl Writer<'_> {
    /// Forgets the differences found before.
    pub fn clear_differences(&self, replication: ReplicationId) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM differences WHERE replication_id = :replication")?
            .execute(named_params! { ":replication": replication })?;
        Ok(())
    }

    /// Forgets the differences of contacts, who go again.
    pub fn forget_differences(
        &self,
        replication: ReplicationId,
        contacts: &[ContactId],
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM differences WHERE replication_id = :replication AND contact_id = :contact",
        )?;
        for contact in contacts {
            statement
                .execute(named_params! { ":replication": replication, ":contact": contact })?;
        }
        Ok(())
    }

    /// Keeps differences that were found.
    pub fn add_differences(
        &self,
        replication: ReplicationId,
        differences: &[OrgDifference],
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO differences (replication_id, contact_id, target, sent, held)
             VALUES (:replication, :contact, :target, :sent, :held)
             ON CONFLICT DO UPDATE SET sent = excluded.sent, held = excluded.held",
        )?;
        for one in differences {
            statement.execute(named_params! {
                ":replication": replication, ":contact": one.contact, ":target": one.target, ":sent": one.sent,
                ":held": one.held,
            })?;
        }
        Ok(())
    }

    /// Keeps what came of a reconciliation, in place of the one before.
    pub fn keep_reconciliation(
        &self,
        replication: ReplicationId,
        made: &Reconciliation,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO reconciliations (replication_id, at, calls, records, counts)
                 VALUES (:replication, :at, :calls, :records, :counts)
                 ON CONFLICT DO UPDATE SET at = excluded.at, calls = excluded.calls, records = excluded.records,
                   counts = excluded.counts",
            )?
            .execute(named_params! {
                ":replication": replication, ":at": made.at, ":calls": made.calls, ":records": made.records,
                ":counts": made.counts.to_string(),
            })?;
        Ok(())
    }
}
