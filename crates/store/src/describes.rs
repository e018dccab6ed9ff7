//! Describes: what the org's objects look like, kept for working offline.

use rusqlite::{OptionalExtension, named_params};

use crate::{ConnectionId, Reader, Result, Writer};

/// A kept describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDescribe {
    /// Grows when the body changes.
    pub version: i64,
    /// HTTP date as the org sent it, for asking whether it has changed.
    pub last_modified: Option<String>,
    /// When the org last confirmed it, UTC milliseconds.
    pub fetched_at: i64,
    /// The org's JSON.
    pub body: String,
}

impl Reader<'_> {
    /// Returns the describe of an object, if one was ever fetched.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn describe(
        &self,
        connection: ConnectionId,
        object: &str,
    ) -> Result<Option<StoredDescribe>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT version, last_modified, fetched_at, body FROM describes
                 WHERE connection_id = :connection AND object = :object",
            )?
            .query_row(
                named_params! { ":connection": connection, ":object": object },
                |row| {
                    Ok(StoredDescribe {
                        version: row.get("version")?,
                        last_modified: row.get("last_modified")?,
                        fetched_at: row.get("fetched_at")?,
                        body: row.get("body")?,
                    })
                },
            )
            .optional()?)
    }

    /// Returns the version of an object's describe, 0 where none was ever fetched.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn describe_version(&self, connection: Option<ConnectionId>, object: &str) -> Result<i64> {
        let Some(connection) = connection else {
            return Ok(0);
        };
        Ok(self
            .connection
            .prepare_cached("SELECT version FROM describes WHERE connection_id = :connection AND object = :object")?
            .query_row(named_params! { ":connection": connection, ":object": object }, |row| row.get(0))
            .optional()?
            .unwrap_or(0))
    }
}

impl Writer<'_> {
    /// Keeps a describe and returns its version, a new one if the body differs from the one kept.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn save_describe(
        &self,
        connection: ConnectionId,
        object: &str,
        last_modified: Option<&str>,
        body: &str,
        now: i64,
    ) -> Result<i64> {
        let version = match self.describe(connection, object)? {
            Some(kept) if kept.body == body => kept.version,
            Some(kept) => kept.version + 1,
            None => 1,
        };
        self.connection
            .prepare_cached(
                "INSERT INTO describes (connection_id, object, version, last_modified, fetched_at, body)
                 VALUES (:connection, :object, :version, :last_modified, :now, :body)
                 ON CONFLICT (connection_id, object) DO UPDATE SET
                   version = excluded.version, last_modified = excluded.last_modified,
                   fetched_at = excluded.fetched_at, body = excluded.body",
            )?
            .execute(named_params! {
                ":connection": connection, ":object": object, ":version": version, ":last_modified": last_modified,
                ":now": now, ":body": body,
            })?;
        Ok(version)
    }

    /// Records that the org has confirmed a describe as unchanged.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn confirm_describe(&self, connection: ConnectionId, object: &str, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE describes SET fetched_at = :now WHERE connection_id = :connection AND object = :object",
            )?
            .execute(named_params! { ":connection": connection, ":object": object, ":now": now })?;
        Ok(())
    }
}
