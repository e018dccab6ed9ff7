//! What stands around a contact: its marks, and what was sent of it when.

use rusqlite::named_params;

use crate::{ContactId, Outcome, Reader, ReplicationId, Result, RunId};

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
    pub fn sent_of(&self, contact: ContactId, limit: usize) -> Result<Vec<Sent>> {
        let mut sent = self.sends_of(contact, limit)?;
        sent.extend(self.blocks_of(contact, limit)?);
        sent.sort_by_key(|one| std::cmp::Reverse((one.at, one.run)));
        sent.truncate(limit);
        Ok(sent)
    }

    /// Returns the latest requests with a row for a contact.
    fn sends_of(&self, contact: ContactId, limit: usize) -> Result<Vec<Sent>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT t.id, t.run_id, r.name, t.org_id, coalesce(t.settled_at, t.prepared_at) AS at
             FROM contact_batches k JOIN batches t ON t.id = k.batch_id JOIN replications r ON r.id = t.replication_id
             WHERE k.block = :contact / 256 AND row_outcome(t.contacts, NULL, :contact) IS NOT NULL
             ORDER BY at DESC, t.run_id DESC LIMIT :limit",
        )?;
        let mut requests =
            statement.query(named_params! { ":contact": contact, ":limit": whole(limit) })?;
        let mut sent = Vec::new();
        while let Some(request) = requests.next()? {
            let Some(row) = self.row_for(request.get(0)?, contact)? else {
                continue;
            };
            sent.push(Sent {
                run: request.get(1)?,
                replication: request.get(2)?,
                org_id: request.get(3)?,
                at: request.get(4)?,
                outcome: row.outcome.map_or("unanswered", Outcome::name).to_owned(),
                payload: row.payload,
                errors: row.errors,
                block: None,
            });
        }
        Ok(sent)
    }

    /// Returns the latest runs that blocked a contact.
    fn blocks_of(&self, contact: ContactId, limit: usize) -> Result<Vec<Sent>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT u.id, r.name, u.org_id, coalesce(u.ended_at, u.started_at) AS at, k.code, k.message
             FROM run_blocks k JOIN runs u ON u.id = k.run_id JOIN replications r ON r.id = u.replication_id
             WHERE k.contact_id = :contact ORDER BY at DESC, u.id DESC LIMIT :limit",
        )?;
        let parameters = named_params! { ":contact": contact, ":limit": whole(limit) };
        let rows = statement.query_map(parameters, |row| {
            Ok(Sent {
                run: row.get(0)?,
                replication: row.get(1)?,
                org_id: row.get(2)?,
                at: row.get(3)?,
                outcome: "blocked".to_owned(),
                payload: String::new(),
                errors: None,
                block: Some((row.get(4)?, row.get(5)?)),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn whole(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
