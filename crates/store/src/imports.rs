//! Files brought in: how far each import got, and what it did.

use std::rc::Rc;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::acts::{Act, ActKind, Answered};
use crate::consents::Origin;
use crate::contacts::to_cell;
use crate::fold::fold;
use crate::links::stored_names;
use crate::{
    ActId, Channel, ContactField, ContactId, Error, Evidence, ImportId, LinkId, NewConsent,
    NewLink, Reader, RefusedAt, Result, Told, Value, Writer,
};

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Begun; a killed one stays here until it is resumed or undone.
    Running,
    /// Every row was taken in or reported.
    Finished,
    /// Taken back.
    Undone,
}

stored_names!(ImportState { Running = "running", Finished = "finished", Undone = "undone" });

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// People.
    Contacts,
    /// What they did.
    Activities,
}

stored_names!(ImportKind { Contacts = "contacts", Activities = "activities" });

/// An import to be begun.
#[derive(Debug, Clone, Copy)]
pub struct NewImport<'a> {
    /// What the file brings.
    pub kind: ImportKind,
    /// The file's name, without its folder.
    pub file_name: &'a str,
    /// SHA-256 of the whole file, in hex.
    pub file_hash: &'a str,
    /// The options it runs with, as JSON.
    pub options: &'a str,
    /// Where faulty rows are written.
    pub errors_file: Option<&'a str>,
}

/// How far an import got: sums since its beginning, over all resumptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct ImportProgress {
    /// Data rows taken in for good, faulty ones included.
    pub committed_row: u64,
    /// Contacts created.
    pub created: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Rows that changed nothing.
    pub unchanged: u64,
    /// Rows left out on request.
    pub skipped: u64,
    /// Rows that could not be taken in.
    pub faulty: u64,
    /// Length of the errors file that belongs to `committed_row`, in bytes.
    pub errors_bytes: u64,
}

/// A stored import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// What the file brings.
    pub kind: ImportKind,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the whole file, in hex.
    pub file_hash: String,
    /// The options it runs with, as JSON.
    pub options: String,
    /// Where it stands.
    pub state: ImportState,
    /// How far it got.
    pub progress: ImportProgress,
    /// Where faulty rows are written.
    pub errors_file: Option<String>,
    /// When it began, UTC milliseconds.
    pub started_at: i64,
    /// When it ended, UTC milliseconds.
    pub ended_at: Option<i64>,
}

/// A live contact found by its e-mail, with what tells one person from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonByEmail {
    /// Its row.
    pub id: ContactId,
    /// The e-mail, trimmed and lower-cased.
    pub email_key: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
}

const SELECT: &str = "
SELECT id, kind, file_name, file_hash, options, state, committed_row, created, updated, unchanged, skipped, faulty,
       errors_file, errors_bytes, started_at, ended_at
FROM imports";

impl Import {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            options: row.get("options")?,
            state: row.get("state")?,
            progress: ImportProgress {
                committed_row: row.get("committed_row")?,
                created: row.get("created")?,
                updated: row.get("updated")?,
                unchanged: row.get("unchanged")?,
                skipped: row.get("skipped")?,
                faulty: row.get("faulty")?,
                errors_bytes: row.get("errors_bytes")?,
            },
            errors_file: row.get("errors_file")?,
            started_at: row.get("started_at")?,
            ended_at: row.get("ended_at")?,
        })
    }
}

impl Reader<'_> {
    /// Returns all imports, the newest first.
    pub fn imports(&self) -> Result<Vec<Import>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY id DESC"))?;
        let imports = statement
            .query_map([], Import::from_row)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(imports)
    }

    /// Returns an import.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn import(&self, id: ImportId) -> Result<Import> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, Import::from_row)
            .optional()?
            .ok_or_else(|| Error::not_found("import", id))
    }

    /// Returns the act by which an import can be undone.
    pub fn act_of_import(&self, id: ImportId) -> Result<Option<Act>> {
        let act: Option<ActId> = self
            .connection
            .prepare_cached("SELECT id FROM acts WHERE import_id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get("id"))
            .optional()?;
        act.map(|act| self.act(act)).transpose()
    }

    /// Returns the latest import of a file with this content that was not undone.
    pub fn import_by_hash(&self, file_hash: &str) -> Result<Option<Import>> {
        Ok(self
            .connection
            .prepare_cached(&format!(
                "{SELECT} WHERE file_hash = :hash AND state <> 'undone' ORDER BY id DESC LIMIT 1"
            ))?
            .query_row(named_params! { ":hash": file_hash }, Import::from_row)
            .optional()?)
    }
}

impl Reader<'_> {
    /// Returns the live contacts with any of these e-mail keys (see [`crate::email_key`]), eldest first.
    pub fn people_by_email_keys(&self, keys: &[String]) -> Result<Vec<PersonByEmail>> {
        // The keys lead, so that each is one look into the index.
        let mut statement = self.connection.prepare_cached(
            "SELECT contacts.id, contacts.email_key, contacts.first_name, contacts.last_name
             FROM rarray(?1) AS wanted CROSS JOIN contacts ON contacts.email_key = wanted.value
             WHERE contacts.email_key IS NOT NULL AND contacts.deleted_at IS NULL ORDER BY contacts.id",
        )?;
        let wanted: Rc<Vec<Cell>> = Rc::new(keys.iter().cloned().map(Cell::Text).collect());
        let people = statement.query_map([wanted], |row| {
            Ok(PersonByEmail {
                id: row.get(0)?,
                email_key: row.get(1)?,
                first_name: row.get(2)?,
                last_name: row.get(3)?,
            })
        })?;
        Ok(people.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the import that created a contact.
    pub(crate) fn import_that_created(&self, contact: ContactId) -> Result<Option<ImportId>> {
        Ok(self
            .connection
            .prepare_cached("SELECT import_id FROM contacts WHERE id = :id")?
            .query_row(named_params! { ":id": contact }, |row| row.get("import_id"))?)
    }

    /// Returns the live contacts that hold a value in a field, eldest first, three at most; the case of texts does not
    /// matter, as in Salesforce's external ids.
    ///
    /// # Errors
    /// [`Error::Refused`] when the value does not fit the field.
    pub fn contacts_with_value(
        &self,
        field: ContactField,
        value: &Value,
    ) -> Result<Vec<ContactId>> {
        let kind = self.field_kind(field)?;
        let cell = to_cell(field, &self.field_name(field)?, kind, Some(value))?;
        let column = field.column();
        let ids = match cell {
            // The index is on texts without their accents, too, but these do matter.
            Cell::Text(text) => {
                let mut statement = self.connection.prepare_cached(&format!(
                    "SELECT id, {column} FROM contacts
                     WHERE {column} IS NOT NULL AND fold({column}) = ?1 AND deleted_at IS NULL ORDER BY id"
                ))?;
                let found = statement.query_map([fold(&text)], |row| {
                    Ok((row.get::<_, ContactId>(0)?, row.get::<_, String>(1)?))
                })?;
                let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
                let wanted = text.to_lowercase();
                let same = found
                    .into_iter()
                    .filter(|(_, text)| text.to_lowercase() == wanted);
                same.map(|(id, _)| id).take(3).collect()
            }
            cell => {
                let mut statement = self.connection.prepare_cached(&format!(
                    "SELECT id FROM contacts WHERE {column} = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 3"
                ))?;
                let ids = statement.query_map([cell], |row| row.get(0))?;
                ids.collect::<rusqlite::Result<_>>()?
            }
        };
        Ok(ids)
    }
}

impl Writer<'_> {
    /// Begins an import, and the act by which it can be undone.
    pub fn begin_import(&self, new: &NewImport<'_>, now: i64) -> Result<ImportId> {
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO imports (kind, file_name, file_hash, options, state, errors_file, started_at)
                 VALUES (:kind, :name, :hash, :options, 'running', :errors_file, :now)",
            )?
            .insert(named_params! {
                ":kind": new.kind, ":name": new.file_name, ":hash": new.file_hash, ":options": new.options,
                ":errors_file": new.errors_file, ":now": now,
            })?;
        let id = ImportId(id);
        self.begin_act(
            ActKind::Import,
            &format!("imported {}", new.file_name),
            Some(id),
            now,
        )?;
        Ok(id)
    }

    /// Records how far an import got, in the transaction that takes its rows in.
    ///
    /// # Errors
    /// [`Error::Refused`] when the import is not running.
    pub fn import_progress(&self, id: ImportId, progress: &ImportProgress) -> Result<()> {
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE imports SET committed_row = :row, created = :created, updated = :updated,
                   unchanged = :unchanged, skipped = :skipped, faulty = :faulty, errors_bytes = :errors_bytes
                 WHERE id = :id AND state = 'running'",
            )?
            .execute(named_params! {
                ":row": progress.committed_row, ":created": progress.created, ":updated": progress.updated,
                ":unchanged": progress.unchanged, ":skipped": progress.skipped, ":faulty": progress.faulty,
                ":errors_bytes": progress.errors_bytes, ":id": id,
            })?;
        running(changed)
    }

    /// Records a new length of an interrupted import's errors file, after rows were erased from it.
    ///
    /// # Errors
    /// [`Error::Refused`] when the import is not running.
    pub fn set_errors_bytes(&self, id: ImportId, bytes: u64) -> Result<()> {
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE imports SET errors_bytes = :bytes WHERE id = :id AND state = 'running'",
            )?
            .execute(named_params! { ":bytes": bytes, ":id": id })?;
        running(changed)
    }

    /// Ends an import.
    ///
    /// # Errors
    /// [`Error::Refused`] when the import is not running.
    pub fn finish_import(&self, id: ImportId, now: i64) -> Result<()> {
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE imports SET state = 'finished', ended_at = :now WHERE id = :id AND state = 'running'",
            )?
            .execute(named_params! { ":now": now, ":id": id })?;
        running(changed)
    }

    /// Changes a contact as part of an import, so that undoing the import takes it back; `refused` says when they opted
    /// out, where the file does. Returns whether anything differed.
    ///
    /// # Errors
    /// As [`Writer::change_contact`].
    pub fn change_imported(
        &self,
        import: ImportId,
        contact: ContactId,
        changes: &[(ContactField, Option<Value>)],
        refused: RefusedAt,
        now: i64,
    ) -> Result<bool> {
        let cells = self.cells(
            changes
                .iter()
                .map(|(field, value)| (*field, value.as_ref())),
        )?;
        let changes = self.change_cells(contact, cells, Origin::Import(refused), now)?;
        if changes.is_empty() {
            return Ok(false);
        }
        if self.import_that_created(contact)? == Some(import) {
            // Undoing removes the contact as a whole.
            return Ok(true);
        }
        self.remember_changes(self.act_of_import(import)?, contact, &changes)?;
        Ok(true)
    }

    /// Records an answer that an import brings, so that undoing the import puts back what counted before.
    ///
    /// # Errors
    /// As [`Writer::set_consent`].
    pub fn import_consent(
        &self,
        import: ImportId,
        contact: ContactId,
        new: &NewConsent<'_>,
        now: i64,
    ) -> Result<Told> {
        let before = self.held_answer(contact, new.purpose)?;
        let told = self.set_consent(contact, new, now)?;
        let after = self.held_answer(contact, new.purpose)?;
        if let Some(answer) = after.filter(|after| Some(after) != before.as_ref())
            && self.import_that_created(contact)? != Some(import)
        {
            let answered = Answered {
                purpose: new.purpose,
                answer,
                before,
            };
            self.remember_answer(self.act_of_import(import)?, contact, answered)?;
        }
        Ok(told)
    }

    /// Records as part of an import that a contact has opted in to a channel, so that undoing the import puts back what
    /// counted before. A no that is later goes on counting.
    ///
    /// # Errors
    /// As [`Writer::set_opt_out`].
    pub fn import_opt_in(
        &self,
        import: ImportId,
        contact: ContactId,
        channel: Channel,
        evidence: &Evidence<'_>,
        now: i64,
    ) -> Result<Told> {
        let (step, change) = self.tell_channel(contact, channel, Some(true), evidence, now)?;
        if let Some(change) = change
            && self.import_that_created(contact)? != Some(import)
        {
            self.remember_changes(self.act_of_import(import)?, contact, &[change])?;
        }
        Ok(step.told(Some(true)))
    }

    /// Begins an import of records that were found elsewhere than in a file, and the act by which it can be undone.
    ///
    /// It has no file that could be read on: it counts as finished with whatever was taken in last.
    pub fn begin_import_of_records(
        &self,
        source: &str,
        options: &str,
        now: i64,
    ) -> Result<(ImportId, ActId)> {
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO imports (file_name, file_hash, options, state, started_at, ended_at)
                 VALUES (:source, '', :options, 'finished', :now, :now)",
            )?
            .insert(named_params! { ":source": source, ":options": options, ":now": now })?;
        let id = ImportId(id);
        let summary = format!("imported {source}");
        let act = self.begin_act(ActKind::Import, &summary, Some(id), now)?;
        Ok((id, act))
    }

    /// Records how far an import of records got, in the transaction that takes them in.
    pub fn records_progress(
        &self,
        id: ImportId,
        progress: &ImportProgress,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE imports SET committed_row = :row, created = :created, updated = :updated,
                   unchanged = :unchanged, skipped = :skipped, faulty = :faulty, ended_at = :now
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":row": progress.committed_row, ":created": progress.created, ":updated": progress.updated,
                ":unchanged": progress.unchanged, ":skipped": progress.skipped, ":faulty": progress.faulty,
                ":now": now, ":id": id,
            })?;
        Ok(())
    }

    /// Links a contact as part of an import, so that undoing the import takes the link away.
    ///
    /// # Errors
    /// As [`Writer::put_link`].
    pub fn link_imported(&self, import: ImportId, new: &NewLink<'_>, now: i64) -> Result<LinkId> {
        let link = self.put_link(new, now)?;
        let act = self.act_of_import(import)?;
        let mut image = self.image(act, new.contact)?.unwrap_or_default();
        image.linked.push(link);
        self.remember(act, new.contact, &image)?;
        Ok(link)
    }

    fn act_of_import(&self, import: ImportId) -> Result<ActId> {
        self.connection
            .prepare_cached("SELECT id FROM acts WHERE import_id = :import")?
            .query_row(named_params! { ":import": import }, |row| row.get("id"))
            .optional()?
            .ok_or_else(|| Error::not_found("import", import))
    }
}

fn running(changed: usize) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Refused("this import isn't running".into()))
    }
}

#[cfg(test)]
mod tests;
