//! What stands around a contact: its marks, and what was sent of it when.

use rusqlite::named_params;

use crate::{ContactId, Reader, ReplicationId, Result, RunId};

/// A contact's points have reached a replication's minimum once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The replication.
    pub replication: ReplicationId,
    /// Since when, UTC milliseconds.
    pub at: i64,
    /// The points then.
    pub points: i64,
}

/// What a run did with a contact, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The run.
    pub run: RunId,
    /// The replication's name.
    pub replication: String,
    /// The org.
    pub org_id: String,
    /// When it was answered, else when it was prepared or blocked, UTC milliseconds.
    pub at: i64,
    /// `created`, `updated`, `refused`, `retry`, `lost`, `blocked` or `unanswered`.
    pub outcome: String,
    /// The fields sent as a JSON object; empty where nothing was, or history was thinned.
    pub payload: String,
    /// What the org answered, as JSON; none when it took it.
    pub errors: Option<String>,
    /// Why it was blocked.
    pub block: Option<(String, String)>,
}

impl Reader<'_> {
    /// Returns the marks of a contact.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn marks_of(&self, contact: ContactId) -> Result<Vec<Mark>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT replication_id, at, points FROM marks WHERE contact_id = :contact ORDER BY at, replication_id",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| {
            Ok(Mark {
                replication: row.get("replication_id")?,
                at: row.get("at")?,
                points: row.get("points")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns what runs did with a contact, the newest first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn sent_of(&self, contact: ContactId, limit: usize) -> Result<Vec<Sent>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT t.run_id, r.name AS replication, t.org_id, coalesce(t.settled_at, t.prepared_at) AS at,
                    coalesce(b.outcome, 'unanswered') AS outcome, b.payload, b.errors,
                    NULL AS code, NULL AS message
             FROM batch_rows b JOIN batches t ON t.id = b.batch_id JOIN replications r ON r.id = t.replication_id
             WHERE b.contact_id = :contact
             UNION ALL
             SELECT u.id, r.name, u.org_id, coalesce(u.ended_at, u.started_at), 'blocked', '', NULL, k.code, k.message
             FROM run_blocks k JOIN runs u ON u.id = k.run_id JOIN replications r ON r.id = u.replication_id
             WHERE k.contact_id = :contact
             ORDER BY 4 DESC, 1 DESC LIMIT :limit",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(
            named_params! { ":contact": contact, ":limit": limit },
            |row| {
                Ok(Sent {
                    run: row.get("run_id")?,
                    replication: row.get("replication")?,
                    org_id: row.get("org_id")?,
                    at: row.get("at")?,
                    outcome: row.get("outcome")?,
                    payload: row.get("payload")?,
                    errors: row.get("errors")?,
                    block: row
                        .get::<_, Option<String>>("code")?
                        .zip(row.get::<_, Option<String>>("message")?),
                })
            },
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
