//! Pulls: which objects of an org are mirrored, how far each is read, and what each run of a pull brought.

mod history;
mod progress;

use rusqlite::{OptionalExtension, Row, named_params};

use crate::{ConnectionId, Error, PullId, Reader, Result, Writer};

pub use history::{PullRun, PullRunObject, PullRunState};
pub use progress::PullProgress;

const LONGEST_NAME: usize = 100;

/// A pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Id.
    pub id: PullId,
    /// Name, unique in the workspace without regard to case.
    pub name: String,
    /// Where it reads.
    pub connection: ConnectionId,
    /// A disabled one runs by hand only.
    pub enabled: bool,
    /// Schedule, alerts and reserve of calls, as JSON.
    pub settings: String,
    /// When its schedule was set, UTC milliseconds.
    pub set_at: i64,
    /// What it reads, in the order of the names.
    pub objects: Vec<PullObject>,
}

/// An object that a pull reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullObject {
    /// API name.
    pub object: String,
    /// API names of the fields; none reads those that are usual.
    pub fields: Option<Vec<String>>,
    /// Criteria as of a search, as JSON; none reads every record.
    pub filter: Option<String>,
}

fn pull_of(row: &Row<'_>) -> rusqlite::Result<Pull> {
    Ok(Pull {
        id: row.get("id")?,
        name: row.get("name")?,
        connection: row.get("connection_id")?,
        enabled: row.get("enabled")?,
        settings: row.get("settings")?,
        set_at: row.get("set_at")?,
        objects: Vec::new(),
    })
}

const SELECT: &str = "SELECT id, name, connection_id, enabled, settings, set_at FROM pulls";

impl Reader<'_> {
    /// Returns all pulls by name.
    pub fn pulls(&self) -> Result<Vec<Pull>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        let pulls = statement
            .query_map([], pull_of)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        pulls
            .into_iter()
            .map(|pull| self.with_objects(pull))
            .collect()
    }

    /// Returns the pull of a name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn pull_named(&self, name: &str) -> Result<Pull> {
        let pull = self
            .connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(named_params! { ":name": name.trim() }, pull_of)
            .optional()?
            .ok_or_else(|| self.unknown("pull", "SELECT name FROM pulls", name))?;
        self.with_objects(pull)
    }

    /// Returns a pull.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn pull(&self, id: PullId) -> Result<Pull> {
        let pull = self
            .connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, pull_of)
            .optional()?
            .ok_or_else(|| Error::not_found("pull", id))?;
        self.with_objects(pull)
    }

    fn with_objects(&self, mut pull: Pull) -> Result<Pull> {
        let mut statement = self.connection.prepare_cached(
            "SELECT object, fields, filter FROM pull_objects WHERE pull_id = :pull ORDER BY object",
        )?;
        let objects = statement.query_map(named_params! { ":pull": pull.id }, |row| {
            let fields: Option<String> = row.get("fields")?;
            Ok(PullObject {
                object: row.get("object")?,
                fields: fields.and_then(|json| serde_json::from_str(&json).ok()),
                filter: row.get("filter")?,
            })
        })?;
        pull.objects = objects.collect::<rusqlite::Result<_>>()?;
        Ok(pull)
    }

    /// Returns the name of another pull that reads this object of the org: two would fill one table.
    pub fn other_pull_of(
        &self,
        org_id: &str,
        object: &str,
        but: Option<PullId>,
    ) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT p.name FROM pulls p JOIN pull_objects o ON o.pull_id = p.id
                 JOIN connections c ON c.id = p.connection_id
                 WHERE c.org_id = :org AND o.object = :object AND p.id IS NOT :but LIMIT 1",
            )?
            .query_row(
                named_params! { ":org": org_id, ":object": object, ":but": but },
                |row| row.get(0),
            )
            .optional()?)
    }
}

impl Writer<'_> {
    /// Adds a pull without objects.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] when the name is unfit.
    pub fn add_pull(&self, name: &str, connection: ConnectionId, now: i64) -> Result<PullId> {
        let name = self.checked_pull_name(name, None)?;
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO pulls (name, connection_id, created_at) VALUES (:name, :connection, :now)",
            )?
            .insert(named_params! { ":name": name, ":connection": connection, ":now": now })?;
        Ok(PullId(id))
    }

    /// Gives a pull another name, its settings, whether it runs by itself, and the moment from which its schedule counts.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] when the name is unfit.
    pub fn change_pull(&self, changed: &Pull) -> Result<()> {
        let id = changed.id;
        let name = self.checked_pull_name(&changed.name, Some(id))?;
        self.connection
            .prepare_cached(
                "UPDATE pulls SET name = :name, enabled = :enabled, settings = :settings, set_at = :set WHERE id = :id",
            )?
            .execute(named_params! {
                ":name": name, ":enabled": changed.enabled, ":settings": changed.settings, ":set": changed.set_at,
                ":id": id,
            })?;
        Ok(())
    }

    /// Lets a pull read from another connection. How far its objects are read stays.
    pub fn set_pull_connection(&self, id: PullId, connection: ConnectionId) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE pulls SET connection_id = :connection WHERE id = :id")?
            .execute(named_params! { ":connection": connection, ":id": id })?;
        Ok(())
    }

    /// Adds an object to a pull, or changes what is read of it. How far it is read stays.
    pub fn set_pull_object(&self, id: PullId, wanted: &PullObject) -> Result<()> {
        let fields = wanted
            .fields
            .as_ref()
            .map(|names| serde_json::json!(names).to_string());
        self.connection
            .prepare_cached(
                "INSERT INTO pull_objects (pull_id, object, fields, filter) VALUES (:pull, :object, :fields, :filter)
                 ON CONFLICT (pull_id, object) DO UPDATE SET fields = excluded.fields, filter = excluded.filter",
            )?
            .execute(named_params! {
                ":pull": id, ":object": wanted.object, ":fields": fields, ":filter": wanted.filter,
            })?;
        Ok(())
    }

    /// Takes an object out of a pull. Its records stay in the mirror.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn remove_pull_object(&self, id: PullId, object: &str) -> Result<()> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM pull_objects WHERE pull_id = :pull AND object = :object")?
            .execute(named_params! { ":pull": id, ":object": object })?;
        if removed == 0 {
            return Err(Error::not_found("object of the pull", object));
        }
        Ok(())
    }

    /// Removes a pull with its history. The mirror stays.
    pub fn remove_pull(&self, id: PullId) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM pulls WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    fn checked_pull_name(&self, name: &str, of: Option<PullId>) -> Result<String> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::Refused(format!(
                "this can't be a pull's name; enter 1 to {LONGEST_NAME} characters on one line"
            )));
        }
        match self.pull_named(name) {
            Ok(other) if Some(other.id) != of => Err(Error::NameTaken {
                kind: "pull",
                name: name.to_owned(),
            }),
            Ok(_) | Err(Error::NotFound { .. }) => Ok(name.to_owned()),
            Err(error) => Err(error),
        }
    }
}
