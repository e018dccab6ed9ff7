//! Activities: what contacts did, and what people did who are not here yet.

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, Row, named_params, params_from_iter};
use serde::Serialize;

use crate::contacts::{LONGEST_LINE, LONGEST_TEXT, id_array};
use crate::rules::Kind;
use crate::{
    ActivityId, ActivityTypeId, ContactId, Error, ImportId, Reader, Result, Writer, email_key,
    long_values,
};

const DAY_MS: i64 = 86_400_000;

/// A kind of activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActivityType {
    /// Id.
    pub id: ActivityTypeId,
    /// Name, unique without regard to case.
    pub name: String,
    /// What it is.
    pub description: String,
}

/// An activity to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewActivity {
    /// Its kind.
    pub kind: ActivityTypeId,
    /// When, UTC milliseconds.
    pub at: i64,
    /// A number, such as the worth of an order.
    pub value: Option<f64>,
    /// A page; at most 2,048 characters.
    pub url: Option<String>,
    /// A title; at most 255 characters.
    pub title: Option<String>,
    /// A note; at most 131,072 characters.
    pub note: Option<String>,
}

/// A part of an activity that can be unfit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityPart {
    /// When it happened.
    Time,
    /// Its number.
    Value,
    /// Its page.
    Url,
    /// Its title.
    Title,
    /// Its note.
    Note,
}

/// Something a contact did.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its row; of its own for those that wait.
    pub id: ActivityId,
    /// The name of its kind.
    pub kind: String,
    /// When, UTC milliseconds.
    pub at: i64,
    /// A number.
    pub value: Option<f64>,
    /// A page.
    pub url: Option<String>,
    /// A title.
    pub title: Option<String>,
    /// A note.
    pub note: Option<String>,
}

/// An activity of somebody who is not here yet.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingActivity {
    /// The email, trimmed and lower-cased.
    pub email_key: String,
    /// The activity.
    pub activity: Activity,
}

const COLUMNS: &str = "a.id, t.name, a.at, a.value, a.url, a.title, a.note";

fn activity(row: &Row<'_>) -> rusqlite::Result<Activity> {
    Ok(Activity {
        id: row.get(0)?,
        kind: row.get(1)?,
        at: row.get(2)?,
        value: row.get(3)?,
        url: long_values::get(row, 4)?,
        title: long_values::get(row, 5)?,
        note: long_values::get(row, 6)?,
    })
}

impl NewActivity {
    /// Checks what it holds.
    ///
    /// # Errors
    /// [`Error::Refused`] with the field and the reason.
    pub fn check(&self, now: i64) -> Result<()> {
        match self.fault(now) {
            Some((_, reason)) => Err(Error::Refused(reason)),
            None => Ok(()),
        }
    }

    /// Returns the first field that the workspace would refuse, and why; `now` is in UTC milliseconds.
    pub fn fault(&self, now: i64) -> Option<(ActivityPart, String)> {
        // A day of grace for clocks and time zones.
        if self.at > now.saturating_add(DAY_MS) {
            let reason = "the time is in the future; enter when the activity happened";
            return Some((ActivityPart::Time, reason.to_owned()));
        }
        if jiff::Timestamp::from_millisecond(self.at).is_err() {
            let reason = "the time is out of range; check the year";
            return Some((ActivityPart::Time, reason.to_owned()));
        }
        if self.value.is_some_and(|value| !value.is_finite()) {
            let reason = "the value isn't a finite number";
            return Some((ActivityPart::Value, reason.to_owned()));
        }
        let texts = [
            (ActivityPart::Url, "url", &self.url, LONGEST_URL),
            (ActivityPart::Title, "title", &self.title, LONGEST_LINE),
            (ActivityPart::Note, "note", &self.note, LONGEST_TEXT),
        ];
        texts.into_iter().find_map(|(field, name, text, most)| {
            let length = text.as_ref().map_or(0, |text| text.chars().count());
            let reason = || format!("the {name} has {length} characters; shorten it to {most}");
            (length > most).then(|| (field, reason()))
        })
    }

    fn cells(&self, owner: Cell, import: Option<ImportId>) -> Vec<Cell> {
        let text = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
        vec![
            owner,
            Cell::Integer(self.kind.0),
            Cell::Integer(self.at),
            self.value.map_or(Cell::Null, Cell::Real),
            text(&self.url),
            text(&self.title),
            text(&self.note),
            import.map_or(Cell::Null, |import| Cell::Integer(import.0)),
        ]
    }
}

const LONGEST_URL: usize = 2_048;

impl Reader<'_> {
    /// Returns all types of activities by name.
    pub fn activity_types(&self) -> Result<Vec<ActivityType>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name, description FROM activity_types ORDER BY name")?;
        let types = statement.query_map([], |row| {
            Ok(ActivityType {
                id: row.get(0)?,
                name: row.get(1)?,
                description: row.get(2)?,
            })
        })?;
        Ok(types.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the type of a name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn activity_type_named(&self, name: &str) -> Result<ActivityTypeId> {
        self.connection
            .prepare_cached("SELECT id FROM activity_types WHERE name = :name")?
            .query_row(named_params! { ":name": name.trim() }, |row| row.get(0))
            .optional()?
            .ok_or_else(|| self.unknown("activity type", "SELECT name FROM activity_types", name))
    }

    /// Returns what a contact did, the latest first, before an activity of an earlier page.
    pub fn activities_of(
        &self,
        contact: ContactId,
        before: Option<(i64, ActivityId)>,
        limit: usize,
    ) -> Result<Vec<Activity>> {
        let (at, id) = before.unwrap_or((i64::MAX, ActivityId(i64::MAX)));
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM activities AS a JOIN activity_types AS t ON t.id = a.type_id
             WHERE a.contact_id = :contact AND (a.at, a.id) < (:at, :id) ORDER BY a.at DESC, a.id DESC LIMIT :limit"
        ))?;
        let rows = statement.query_map(
            named_params! {
                ":contact": contact, ":at": at, ":id": id, ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
            },
            activity,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns how many activities a contact has.
    pub fn count_activities_of(&self, contact: ContactId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM activities WHERE contact_id = :contact")?
            .query_row(named_params! { ":contact": contact }, |row| row.get(0))?)
    }

    /// Returns activities of people who are not here, in the order in which they came, and how many there are.
    pub fn waiting_activities(&self, limit: usize) -> Result<(Vec<WaitingActivity>, u64)> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, a.email_key FROM waiting_activities AS a JOIN activity_types AS t ON t.id = a.type_id
             ORDER BY a.id LIMIT :limit"
        ))?;
        let rows = statement.query_map(
            named_params! { ":limit": i64::try_from(limit).unwrap_or(i64::MAX) },
            |row| {
                Ok(WaitingActivity {
                    activity: activity(row)?,
                    email_key: row.get(7)?,
                })
            },
        )?;
        let count = self
            .connection
            .prepare_cached("SELECT count(*) FROM waiting_activities")?
            .query_row([], |row| row.get(0))?;
        Ok((rows.collect::<rusqlite::Result<_>>()?, count))
    }

    fn has_waiting(&self) -> Result<bool> {
        Ok(self
            .connection
            .prepare_cached("SELECT max(id) IS NOT NULL FROM waiting_activities")?
            .query_row([], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Adds a type of activities.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] when the name is unfit.
    pub fn add_activity_type(
        &self,
        name: &str,
        description: &str,
        now: i64,
    ) -> Result<ActivityTypeId> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_LINE || name.chars().any(char::is_control) {
            return Err(Error::Refused(format!(
                "an activity type needs a name of 1 to {LONGEST_LINE} characters on one line"
            )));
        }
        if self.activity_type_named(name).is_ok() {
            return Err(Error::NameTaken {
                kind: "activity type",
                name: name.to_owned(),
            });
        }
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO activity_types (name, description, created_at) VALUES (:name, :description, :now)",
            )?
            .insert(named_params! { ":name": name, ":description": description, ":now": now })?;
        Ok(ActivityTypeId(id))
    }

    /// Gives a type another name, also in the rules that ask for it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NameTaken`].
    pub fn rename_activity_type(&self, from: &str, to: &str) -> Result<()> {
        let id = self.activity_type_named(from)?;
        let to = to.trim();
        if self.activity_type_named(to).is_ok_and(|other| other != id) {
            return Err(Error::NameTaken {
                kind: "activity type",
                name: to.to_owned(),
            });
        }
        self.connection
            .prepare_cached("UPDATE activity_types SET name = :name WHERE id = :id")?
            .execute(named_params! { ":name": to, ":id": id })?;
        self.rename_in_rules(Kind::ActivityType, from, to)
    }

    /// Removes a type that no activity has and no rule asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`].
    pub fn remove_activity_type(&self, name: &str) -> Result<()> {
        let id = self.activity_type_named(name)?;
        self.refuse_used(Kind::ActivityType, name)?;
        let used: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM activities WHERE type_id = :id)
                   OR EXISTS (SELECT 1 FROM waiting_activities WHERE type_id = :id)",
            )?
            .query_row(named_params! { ":id": id }, |row| row.get(0))?;
        if used {
            return Err(Error::Refused(format!(
                "\"{name}\" has activities; undo their import or remove them first"
            )));
        }
        self.connection
            .prepare_cached("DELETE FROM activity_types WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    /// Adds an activity; the caller stamps its contact (see [`Writer::stamp_contacts`]), many at once in an import.
    pub fn insert_activity(
        &self,
        contact: ContactId,
        new: &NewActivity,
        import: Option<ImportId>,
    ) -> Result<ActivityId> {
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO activities (contact_id, type_id, at, value, url, title, note, import_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .insert(params_from_iter(new.cells(Cell::Integer(contact.0), import)))?;
        Ok(ActivityId(id))
    }

    /// Keeps an activity of somebody who is not here; it is hers as soon as a contact with the e-mail appears.
    ///
    /// # Errors
    /// [`Error::Refused`] for an empty e-mail.
    pub fn keep_waiting(
        &self,
        email: &str,
        new: &NewActivity,
        import: Option<ImportId>,
    ) -> Result<()> {
        let key = email_key(email)
            .ok_or_else(|| Error::Refused("an activity needs the email of a contact".into()))?;
        self.connection
            .prepare_cached(
                "INSERT INTO waiting_activities (email_key, type_id, at, value, url, title, note, import_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params_from_iter(new.cells(Cell::Text(key), import)))?;
        Ok(())
    }

    /// Removes an activity.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn remove_activity(&self, id: ActivityId) -> Result<()> {
        let contact: Option<ContactId> = self
            .connection
            .prepare_cached("DELETE FROM activities WHERE id = :id RETURNING contact_id")?
            .query_row(named_params! { ":id": id }, |row| row.get(0))
            .optional()?;
        let contact = contact.ok_or_else(|| Error::not_found("activity", id))?;
        self.stamp_contacts(&[contact])
    }

    /// Gives contacts, who are stamped already, what waits for their e-mails; of several with one e-mail the eldest.
    pub(crate) fn attach_waiting(&self, contacts: &[i64]) -> Result<()> {
        if contacts.is_empty() || !self.has_waiting()? {
            return Ok(());
        }
        let ids = id_array(contacts.iter().copied());
        self.connection
            .prepare_cached(
                "INSERT INTO activities (contact_id, type_id, at, value, url, title, note, import_id)
                 SELECT c.id, w.type_id, w.at, w.value, w.url, w.title, w.note, w.import_id
                 FROM (SELECT min(id) AS id, email_key FROM contacts
                       WHERE id IN rarray(:ids) AND email_key IS NOT NULL AND deleted_at IS NULL GROUP BY email_key) AS c
                 CROSS JOIN waiting_activities AS w ON w.email_key = c.email_key ORDER BY w.id",
            )?
            .execute(named_params! { ":ids": ids })?;
        self.connection
            .prepare_cached(
                "DELETE FROM waiting_activities WHERE email_key IN (
                   SELECT email_key FROM contacts WHERE id IN rarray(:ids) AND email_key IS NOT NULL AND deleted_at IS NULL)",
            )?
            .execute(named_params! { ":ids": ids })?;
        Ok(())
    }

    /// Removes what an import of activities brought; returns how many, and stamps whose they were.
    pub(crate) fn remove_imported_activities(&self, import: ImportId) -> Result<u64> {
        let mut removed = 0;
        loop {
            let mut statement = self.connection.prepare_cached(
                "DELETE FROM activities WHERE id IN (SELECT id FROM activities WHERE import_id = :import LIMIT 5000)
                 RETURNING contact_id",
            )?;
            let contacts: Vec<ContactId> = statement
                .query_map(named_params! { ":import": import }, |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            if contacts.is_empty() {
                break;
            }
            removed += contacts.len() as u64;
            self.stamp_contacts(&contacts)?;
        }
        let waiting = self
            .connection
            .prepare_cached("DELETE FROM waiting_activities WHERE import_id = :import")?
            .execute(named_params! { ":import": import })?;
        Ok(removed + waiting as u64)
    }
}

#[cfg(test)]
mod tests;
