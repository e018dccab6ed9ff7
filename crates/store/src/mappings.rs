//! Mappings: which field goes where, in versions, kept as text with one row a line.

use rusqlite::{OptionalExtension, named_params};

use crate::{Error, Reader, ReplicationId, Result, Writer};

/// One version of a replication's mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMapping {
    /// Version, from 1.
    pub version: i64,
    /// One row a line.
    pub body: String,
    /// A run has used it; it stays as it is.
    pub frozen: bool,
}

impl Reader<'_> {
    /// Returns the mapping in force.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn mapping(&self, replication: ReplicationId) -> Result<StoredMapping> {
        self.connection
            .prepare_cached(
                "SELECT m.version, m.body, m.frozen FROM mappings m
                 JOIN replications r ON r.id = m.replication_id AND r.mapping_version = m.version
                 WHERE m.replication_id = :replication",
            )?
            .query_row(named_params! { ":replication": replication }, |row| {
                Ok(StoredMapping {
                    version: row.get("version")?,
                    body: row.get("body")?,
                    frozen: row.get("frozen")?,
                })
            })
            .optional()?
            .ok_or_else(|| Error::not_found("mapping of replication", replication))
    }
}

impl Writer<'_> {
    /// Stores a changed mapping as a new version and returns that; an unchanged one keeps its version. The former version
    /// doesn't name anymore who was erased.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn save_mapping(&self, replication: ReplicationId, body: &str, now: i64) -> Result<i64> {
        let current = self.mapping(replication)?;
        if current.body == body {
            return Ok(current.version);
        }
        let version = current.version + 1;
        self.insert_mapping(replication, version, body, now)?;
        self.connection
            .prepare_cached(
                "UPDATE replications SET mapping_version = :version WHERE id = :replication",
            )?
            .execute(named_params! { ":version": version, ":replication": replication })?;
        self.connection
            .prepare_cached(
                "UPDATE mappings SET body = redacted, redacted = NULL
                 WHERE replication_id = :replication AND version < :version AND redacted IS NOT NULL",
            )?
            .execute(named_params! { ":version": version, ":replication": replication })?;
        Ok(version)
    }

    /// Freezes the mapping in force: a run uses it.
    pub fn freeze_mapping(&self, replication: ReplicationId, version: i64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE mappings SET frozen = 1 WHERE replication_id = :replication AND version = :version")?
            .execute(named_params! { ":replication": replication, ":version": version })?;
        Ok(())
    }

    pub(crate) fn insert_mapping(
        &self,
        replication: ReplicationId,
        version: i64,
        body: &str,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO mappings (replication_id, version, body, at) VALUES (:replication, :version, :body, :now)",
            )?
            .execute(named_params! { ":replication": replication, ":version": version, ":body": body, ":now": now })?;
        Ok(())
    }
}
