//! Describes: what the org's objects look like, kept for working offline.

use rusqlite::{OptionalExtension, named_params};

use crate::{ConnectionId, Reader, ReplicationId, Result, Writer};

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

/// What a describe was before it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerDescribe {
    /// The org's JSON.
    pub body: String,
    /// When the change was noticed, UTC milliseconds.
    pub at: i64,
}

impl Reader<'_> {
    /// Returns the describe of an object, if one was ever fetched.
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

    /// Returns all describes of a connection: the object and the org's JSON, by object.
    pub fn describes_of(&self, connection: ConnectionId) -> Result<Vec<(String, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT object, body FROM describes WHERE connection_id = :connection ORDER BY object",
        )?;
        let rows = statement.query_map(named_params! { ":connection": connection }, |row| {
            Ok((row.get("object")?, row.get("body")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the version of an object's describe, 0 where none was ever fetched.
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

impl Reader<'_> {
    /// Returns the describe as it was when the user last saw what has changed about a replication's fields; `None`
    /// where nothing has changed since.
    pub fn former_describe(&self, replication: ReplicationId) -> Result<Option<FormerDescribe>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT f.body, f.at FROM former_describes f
                 JOIN replications r ON r.id = f.replication_id AND r.connection_id = f.connection_id
                 WHERE f.replication_id = :replication",
            )?
            .query_row(named_params! { ":replication": replication }, |row| {
                Ok(FormerDescribe {
                    body: row.get("body")?,
                    at: row.get("at")?,
                })
            })
            .optional()?)
    }
}

impl Writer<'_> {
    /// Forgets the former describe of a replication: the user has seen what has changed.
    pub fn forget_former_describe(&self, replication: ReplicationId) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM former_describes WHERE replication_id = :replication")?
            .execute(named_params! { ":replication": replication })?;
        Ok(())
    }

    /// Keeps the body that is about to be replaced for each replication that has not an earlier one to compare with.
    fn keep_former(
        &self,
        connection: ConnectionId,
        object: &str,
        body: &str,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO former_describes (replication_id, connection_id, body, at)
                 SELECT id, connection_id, :body, :now FROM replications
                 WHERE connection_id = :connection AND object = :object
                 ON CONFLICT (replication_id) DO UPDATE SET
                   connection_id = excluded.connection_id, body = excluded.body, at = excluded.at
                 WHERE former_describes.connection_id <> excluded.connection_id",
            )?
            .execute(named_params! {
                ":connection": connection, ":object": object, ":body": body, ":now": now,
            })?;
        Ok(())
    }

    /// Keeps a describe and returns its version, a new one if the body differs from the one kept.
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
            Some(kept) => {
                self.keep_former(connection, object, &kept.body, now)?;
                kept.version + 1
            }
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
    pub fn confirm_describe(&self, connection: ConnectionId, object: &str, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE describes SET fetched_at = :now WHERE connection_id = :connection AND object = :object",
            )?
            .execute(named_params! { ":connection": connection, ":object": object, ":now": now })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{NOW, workspace};
    use crate::{Flow, NewConnection};

    #[test]
    fn what_the_fields_were_is_kept_until_the_user_has_seen_the_change() {
        let workspace = workspace();
        let replication = workspace.replication("Leads", None);
        workspace.writing(|writer| {
            let new = NewConnection {
                name: "Acme".into(),
                flow: Flow::Browser,
                host: None,
                client_id: None,
                callback_port: None,
                username: None,
                jwt: crate::JwtSettings::default(),
            };
            let connection = writer.add_connection(&new, NOW)?;
            let replicate = format!("UPDATE replications SET connection_id = {connection}");
            writer.connection.execute_batch(&replicate)?;
            let former = || {
                let former = writer.former_describe(replication)?;
                Ok::<_, crate::Error>(former.map(|former| (former.body, former.at)))
            };
            let fetch =
                |body: &str, at| writer.save_describe(connection, "Lead", None, body, NOW + at);
            fetch("1", 0)?;
            fetch("1", 1)?;
            assert_eq!(former()?, None, "the first describe is no change");
            fetch("2", 2)?;
            fetch("3", 3)?;
            assert_eq!(former()?, Some(("1".into(), NOW + 2)), "what was seen last");
            writer.forget_former_describe(replication)?;
            assert_eq!(former()?, None);
            fetch("4", 4)?;
            assert_eq!(former()?, Some(("3".into(), NOW + 4)));
            writer
                .connection
                .execute_batch("UPDATE replications SET connection_id = NULL")?;
            assert_eq!(former()?, None, "another org's fields are no former ones");
            Ok(())
        });
    }
}
