//! Replications: who goes where, and how.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Error, Reader, ReplicationId, Result, ScoreId, Writer};

/// The versions that a decision about a contact depends on, apart from the contact itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ts_rs::TS, Deserialize)]
pub struct Versions {
    /// Of the replication's settings.
    pub settings: i64,
    /// Of its mapping.
    pub mapping: i64,
    /// Of the target object's describe; 0 where none was ever fetched.
    pub describe: i64,
    /// How many starts and ends of activations had come.
    pub periods: i64,
}

/// The score and the points that mark a contact for a replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The score.
    pub score: ScoreId,
    /// Points that mark.
    pub minimum: i64,
}

/// What the last complete pass over the contacts has considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Considered {
    /// Contacts stamped up to this sequence number.
    pub seq: i64,
    /// At these versions.
    pub versions: Versions,
}

/// A replication to be stored.
#[derive(Debug, Clone)]
pub struct NewReplication {
    /// Name, unique in the workspace.
    pub name: String,
    /// Target object, `Lead` or `Contact`.
    pub object: String,
    /// The connection; may be chosen later.
    pub connection: Option<ConnectionId>,
    /// Score and minimum; `None` means all contacts.
    pub threshold: Option<Threshold>,
    /// The other settings as JSON.
    pub settings: String,
    /// The first mapping as text.
    pub mapping: String,
}

/// A stored replication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// Id.
    pub id: ReplicationId,
    /// Name.
    pub name: String,
    /// Target object, `Lead` or `Contact`.
    pub object: String,
    /// The connection.
    pub connection: Option<ConnectionId>,
    /// Off keeps the queue and sends nothing.
    pub enabled: bool,
    /// Score and minimum; `None` means all contacts.
    pub threshold: Option<Threshold>,
    /// The other settings as JSON.
    pub settings: String,
    /// Version of the settings in force.
    pub settings_version: i64,
    /// Version of the mapping in force.
    pub mapping_version: i64,
    /// What the last complete pass has considered.
    pub considered: Considered,
}

const SELECT: &str = "
SELECT id, name, object, connection_id, enabled, score_id, minimum, settings, settings_version, mapping_version,
       considered_seq, considered_settings, considered_mapping, considered_describe, considered_periods
FROM replications";

fn replication(row: &Row<'_>) -> rusqlite::Result<Replication> {
    let threshold = match (row.get("score_id")?, row.get("minimum")?) {
        (Some(score), Some(minimum)) => Some(Threshold { score, minimum }),
        _ => None,
    };
    Ok(Replication {
        id: row.get("id")?,
        name: row.get("name")?,
        object: row.get("object")?,
        connection: row.get("connection_id")?,
        enabled: row.get("enabled")?,
        threshold,
        settings: row.get("settings")?,
        settings_version: row.get("settings_version")?,
        mapping_version: row.get("mapping_version")?,
        considered: Considered {
            seq: row.get("considered_seq")?,
            versions: Versions {
                settings: row.get("considered_settings")?,
                mapping: row.get("considered_mapping")?,
                describe: row.get("considered_describe")?,
                periods: row.get("considered_periods")?,
            },
        },
    })
}

fn set_up_key(id: ReplicationId) -> String {
    format!("set up {id}")
}

impl Reader<'_> {
    /// Returns the part of its setup at which a replication was left.
    pub fn replication_set_up(&self, id: ReplicationId) -> Result<Option<String>> {
        self.setting(&set_up_key(id))
    }

    /// Returns all replications by name.
    pub fn replications(&self) -> Result<Vec<Replication>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        Ok(statement
            .query_map([], replication)?
            .collect::<Result<_, _>>()?)
    }

    /// Returns one replication.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn replication(&self, id: ReplicationId) -> Result<Replication> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, replication)
            .optional()?
            .ok_or_else(|| Error::not_found("replication", id))
    }

    /// Returns the replication of this name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn replication_named(&self, name: &str) -> Result<Replication> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(named_params! { ":name": name }, replication)
            .optional()?
            .ok_or_else(|| self.unknown("replication", "SELECT name FROM replications", name))
    }

    /// Returns the settings of a version, as JSON.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn replication_settings(&self, id: ReplicationId, version: i64) -> Result<String> {
        self.connection
            .prepare_cached(
                "SELECT settings FROM replication_settings WHERE replication_id = :id AND version = :version",
            )?
            .query_row(named_params! { ":id": id, ":version": version }, |row| row.get(0))
            .optional()?
            .ok_or_else(|| Error::not_found("version of the settings", version))
    }
}

impl Reader<'_> {
    /// Returns since when a version of the settings is in force, UTC milliseconds.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn settings_since(&self, id: ReplicationId, version: i64) -> Result<i64> {
        self.connection
            .prepare_cached(
                "SELECT at FROM replication_settings WHERE replication_id = :id AND version = :version",
            )?
            .query_row(named_params! { ":id": id, ":version": version }, |row| row.get(0))
            .optional()?
            .ok_or_else(|| Error::not_found("version of the settings", version))
    }
}

impl Writer<'_> {
    /// Stores a new replication with its first settings and mapping.
    ///
    /// # Errors
    /// [`Error::NameTaken`].
    pub fn add_replication(&self, new: &NewReplication, now: i64) -> Result<ReplicationId> {
        if self.replication_named(&new.name).is_ok() {
            return Err(Error::NameTaken {
                kind: "replication",
                name: new.name.clone(),
            });
        }
        self.connection
            .prepare_cached(
                "INSERT INTO replications (name, object, connection_id, score_id, minimum, settings, created_at)
                 VALUES (:name, :object, :connection, :score, :minimum, :settings, :now)",
            )?
            .execute(named_params! {
                ":name": new.name, ":object": new.object, ":connection": new.connection,
                ":score": new.threshold.map(|threshold| threshold.score),
                ":minimum": new.threshold.map(|threshold| threshold.minimum),
                ":settings": new.settings, ":now": now,
            })?;
        let id = ReplicationId(self.connection.last_insert_rowid());
        self.keep_settings(id, 1, &new.settings, now)?;
        self.insert_mapping(id, 1, &new.mapping, now)?;
        Ok(id)
    }

    /// Stores changed settings; anything that differs makes a new settings version.
    ///
    /// # Errors
    /// [`Error::NameTaken`], [`Error::NotFound`].
    pub fn change_replication(&self, changed: &Replication, now: i64) -> Result<()> {
        let before = self.replication(changed.id)?;
        if self
            .replication_named(&changed.name)
            .is_ok_and(|other| other.id != changed.id)
        {
            return Err(Error::NameTaken {
                kind: "replication",
                name: changed.name.clone(),
            });
        }
        let same = before.connection == changed.connection
            && before.enabled == changed.enabled
            && before.threshold == changed.threshold
            && before.settings == changed.settings;
        let version = if same {
            before.settings_version
        } else {
            before.settings_version + 1
        };
        self.connection
            .prepare_cached(
                "UPDATE replications SET name = :name, connection_id = :connection, enabled = :enabled,
                   score_id = :score, minimum = :minimum, settings = :settings, settings_version = :version
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":name": changed.name, ":connection": changed.connection, ":enabled": changed.enabled,
                ":score": changed.threshold.map(|threshold| threshold.score),
                ":minimum": changed.threshold.map(|threshold| threshold.minimum),
                ":settings": changed.settings, ":version": version, ":id": changed.id,
            })?;
        if !same {
            self.keep_settings(changed.id, version, &changed.settings, now)?;
        }
        Ok(())
    }

    /// Removes a replication with its queue and history; links stay.
    ///
    /// # Errors
    /// [`Error::Refused`] while a batch of it is not settled.
    pub fn remove_replication(&self, id: ReplicationId) -> Result<()> {
        let open: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM batches WHERE replication_id = :id AND state IN ('prepared','unknown'))",
            )?
            .query_row(named_params! { ":id": id }, |row| row.get(0))?;
        if open {
            return Err(Error::Refused(
                "Salesforce's answer to a batch isn't known yet; run the replication again, then remove it".into(),
            ));
        }
        for sql in [
            "UPDATE queue SET batch_id = NULL, state = 'pending' WHERE replication_id = :id AND batch_id IS NOT NULL",
            "DELETE FROM batches WHERE replication_id = :id",
            "DELETE FROM settings WHERE key = 'set up ' || :id",
            "DELETE FROM replications WHERE id = :id",
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute(named_params! { ":id": id })?;
        }
        Ok(())
    }

    /// Keeps the part of its setup at which a replication was left.
    pub fn set_replication_set_up(&self, id: ReplicationId, part: &str) -> Result<()> {
        self.set_setting(&set_up_key(id), part)
    }

    /// Records that a complete pass has considered all contacts up to a sequence number.
    pub fn set_considered(&self, id: ReplicationId, considered: Considered) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE replications SET considered_seq = :seq, considered_settings = :settings,
                   considered_mapping = :mapping, considered_describe = :describe, considered_periods = :periods
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":seq": considered.seq, ":settings": considered.versions.settings,
                ":mapping": considered.versions.mapping, ":describe": considered.versions.describe,
                ":periods": considered.versions.periods, ":id": id,
            })?;
        Ok(())
    }

    fn keep_settings(
        &self,
        id: ReplicationId,
        version: i64,
        settings: &str,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO replication_settings (replication_id, version, settings, at)
                 VALUES (:id, :version, :settings, :now)",
            )?
            .execute(named_params! { ":id": id, ":version": version, ":settings": settings, ":now": now })?;
        // A former version doesn't name anymore who was erased.
        self.connection
            .prepare_cached(
                "UPDATE replication_settings SET settings = redacted, redacted = NULL
                 WHERE replication_id = :id AND version < :version AND redacted IS NOT NULL",
            )?
            .execute(named_params! { ":id": id, ":version": version })?;
        Ok(())
    }
}
