//! A person's right to be forgotten: out of every table, the history, and our backups.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::contacts::id_array;
use crate::{ContactId, Error, Reader, Result, SCHEMA_VERSION, Store, Writer, backup};

/// The setting that names who is still to be erased from the backups, by guid, as a JSON list.
const ERASING: &str = "erasing";
const CHECKPOINT_TRIES: u32 = 50;
const CHECKPOINT_PAUSE: Duration = Duration::from_millis(100);

/// What erasing a person came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Contacts removed: the person and its aliases.
    pub contacts: usize,
    /// Backups that were rewritten without her.
    pub backups_rewritten: usize,
    /// Backups that were dropped, since an older or damaged file cannot be rewritten.
    pub backups_dropped: usize,
}

impl Store {
    /// Removes a person, with all that was merged into her, from every table, the history, and every backup of ours.
    /// Cannot be undone. Copies that the user made elsewhere, and records in Salesforce, stay.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while she is in a batch whose answer is not known; [`Error::File`] when a
    /// backup can neither be rewritten nor removed: the next [`Store::tidy`] tries again.
    pub fn erase(&self, contact: ContactId) -> Result<Erased> {
        let contacts = self.write(|writer| {
            let ids = writer.person(contact)?;
            writer.refuse_in_flight(&ids)?;
            let guids = writer.guids_of(&ids)?;
            writer.remember_erasing(&guids)?;
            writer.erase_contacts(&ids)?;
            Ok::<_, Error>(ids.len())
        })?;
        let backups = self.finish_erasing()?;
        Ok(Erased {
            contacts,
            ..backups
        })
    }

    /// Erases from the log and the backups whoever was erased from the workspace, if that is still to be done.
    pub(crate) fn finish_erasing(&self) -> Result<Erased> {
        let guids = self.read(|reader| reader.erasing())?;
        let mut erased = Erased::default();
        if guids.is_empty() {
            return Ok(erased);
        }
        for file in backup::files(&backup::folder(self.path()))? {
            match erase_from(&file, &guids) {
                Ok(()) => erased.backups_rewritten += 1,
                Err(error) => {
                    tracing::warn!(%error, "a backup is dropped, since nobody can be erased from it");
                    remove(&file)?;
                    erased.backups_dropped += 1;
                }
            }
        }
        self.write(|writer| writer.set_setting(ERASING, "[]"))?;
        self.with_writer(|connection| empty_log(connection))?;
        Ok(erased)
    }
}

/// Writes the log into the file and empties it, once no reader needs it any more.
fn empty_log(connection: &Connection) -> Result<()> {
    for _ in 0..CHECKPOINT_TRIES {
        let busy: bool =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if !busy {
            return Ok(());
        }
        std::thread::sleep(CHECKPOINT_PAUSE);
    }
    Err(Error::Busy)
}

fn erase_from(file: &Path, guids: &[String]) -> Result<()> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "delete")?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    rusqlite::vtab::array::load_module(&connection)?;
    crate::fold::register(&connection)?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != SCHEMA_VERSION {
        return Err(Error::Refused(format!("the backup has version {version}")));
    }
    crate::store::write_on(&mut connection, |writer| {
        let mut ids = Vec::new();
        for guid in guids {
            let id: Option<ContactId> = writer
                .connection
                .query_row("SELECT id FROM contacts WHERE guid = ?1", [guid], |row| {
                    row.get(0)
                })
                .optional()?;
            if let Some(id) = id {
                ids.extend(writer.person(id)?);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        writer.set_setting(ERASING, "[]")?;
        writer.erase_contacts(&ids)
    })?;
    connection.execute_batch("VACUUM")?;
    Ok(())
}

fn remove(file: &Path) -> Result<()> {
    fs::remove_file(file).map_err(|source| Error::File {
        path: file.to_owned(),
        source,
    })
}

impl Reader<'_> {
    /// Returns the survivor that a contact stands for, and all its aliases.
    fn person(&self, contact: ContactId) -> Result<Vec<ContactId>> {
        let survivor = self.resolve_contact(contact)?;
        let mut statement = self.connection.prepare_cached(
            "WITH RECURSIVE person (id) AS (
               SELECT :survivor
               UNION
               SELECT contacts.id FROM contacts JOIN person ON contacts.merged_into = person.id
             )
             SELECT id FROM person ORDER BY id",
        )?;
        let ids =
            statement.query_map(named_params! { ":survivor": survivor }, |row| row.get("id"))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    fn refuse_in_flight(&self, ids: &[ContactId]) -> Result<()> {
        let in_flight: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM queue WHERE contact_id IN rarray(:ids) AND state = 'sending')
                   OR EXISTS (SELECT 1 FROM batch_rows JOIN batches ON batches.id = batch_rows.batch_id
                              WHERE batch_rows.contact_id IN rarray(:ids) AND batches.state IN ('prepared', 'unknown'))",
            )?
            .query_row(named_params! { ":ids": id_array(ids.iter().map(|id| id.0)) }, |row| row.get(0))?;
        if in_flight {
            return Err(Error::Refused(
                "this contact is being sent; run the replication to its end before erasing it"
                    .into(),
            ));
        }
        Ok(())
    }

    fn guids_of(&self, ids: &[ContactId]) -> Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT guid FROM contacts WHERE id IN rarray(:ids)")?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let guids = statement.query_map(named_params! { ":ids": ids }, |row| row.get("guid"))?;
        Ok(guids.collect::<rusqlite::Result<_>>()?)
    }

    fn erasing(&self) -> Result<Vec<String>> {
        match self.setting(ERASING)? {
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| Error::unreadable("a setting", error))
            }
            None => Ok(Vec::new()),
        }
    }

    /// Returns the texts by which others' history could name her: guids, e-mails and record ids, in lower case.
    fn traces_of(&self, ids: &[ContactId]) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT guid AS trace FROM contacts WHERE id IN rarray(:ids)
             UNION SELECT email_key FROM contacts WHERE id IN rarray(:ids) AND email_key IS NOT NULL
             UNION SELECT lower(trim(email_2)) FROM contacts WHERE id IN rarray(:ids) AND email_2 IS NOT NULL
             UNION SELECT lower(record_id) FROM links WHERE contact_id IN rarray(:ids)",
        )?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let traces = statement.query_map(named_params! { ":ids": ids }, |row| row.get("trace"))?;
        Ok(traces.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    fn remember_erasing(&self, guids: &[String]) -> Result<()> {
        let mut all = self.erasing()?;
        all.extend_from_slice(guids);
        let text =
            serde_json::to_string(&all).map_err(|error| Error::unreadable("a setting", error))?;
        self.set_setting(ERASING, &text)
    }

    /// Removes contacts and all that belongs to them; the queries on others' history read whole tables, rarely.
    fn erase_contacts(&self, ids: &[ContactId]) -> Result<()> {
        self.make_searchable()?;
        let array = id_array(ids.iter().map(|id| id.0));
        for trace in self.traces_of(ids)? {
            for sql in FORGET_TRACES {
                self.connection
                    .prepare_cached(sql)?
                    .execute(named_params! { ":trace": trace })?;
            }
        }
        // Lists that hold her are out of date.
        self.next_sequence()?;
        for id in ids {
            self.stamp_claims(self.email_key_of(*id)?.as_deref())?;
        }
        self.leave_segments(ids)?;
        for sql in FORGET {
            self.connection
                .prepare_cached(sql)?
                .execute(named_params! { ":ids": array })?;
        }
        // What leaves the search index stays in its pages until they are written anew.
        self.connection
            .execute_batch("INSERT INTO contacts_search (contacts_search) VALUES ('rebuild')")?;
        Ok(())
    }
}

/// What the history of other contacts may say about her: candidates, duplicates, values the org held.
const FORGET_TRACES: &[&str] = &[
    "UPDATE queue SET detail = NULL, message = NULL
     WHERE instr(lower(coalesce(detail, '') || coalesce(message, '')), :trace) > 0",
    "UPDATE plan_rows SET detail = NULL, message = NULL, record_id = NULL
     WHERE instr(lower(coalesce(detail, '') || coalesce(message, '') || coalesce(record_id, '')), :trace) > 0",
    "UPDATE run_blocks SET message = '' WHERE instr(lower(message), :trace) > 0",
    "UPDATE batch_rows SET errors = NULL WHERE instr(lower(errors), :trace) > 0",
    "UPDATE batch_rows SET old_values = NULL WHERE instr(lower(old_values), :trace) > 0",
    // A saved search that names her is about her.
    "DELETE FROM searches WHERE instr(lower(body), :trace) > 0",
    "UPDATE activities SET note = NULL WHERE instr(lower(note), :trace) > 0",
    "UPDATE consents SET source = '' WHERE instr(lower(source), :trace) > 0",
];

const FORGET: &[&str] = &[
    // Undone merges still hold her values in what they remember of the other contact.
    "DELETE FROM acts WHERE kind = 'merge'
       AND id IN (SELECT act_id FROM act_contacts WHERE contact_id IN rarray(:ids))",
    "DELETE FROM act_contacts WHERE contact_id IN rarray(:ids)",
    "DELETE FROM batch_rows WHERE contact_id IN rarray(:ids)",
    "DELETE FROM run_blocks WHERE contact_id IN rarray(:ids)",
    "DELETE FROM plan_rows WHERE plan_id IN (SELECT id FROM plans) AND contact_id IN rarray(:ids)",
    "DELETE FROM queue WHERE contact_id IN rarray(:ids)",
    "DELETE FROM links WHERE contact_id IN rarray(:ids)",
    "DELETE FROM marks WHERE contact_id IN rarray(:ids)",
    "DELETE FROM changes_due WHERE contact_id IN rarray(:ids)",
    "DELETE FROM differences WHERE contact_id IN rarray(:ids)",
    "DELETE FROM activities WHERE contact_id IN rarray(:ids)",
    "DELETE FROM consents WHERE contact_id IN rarray(:ids)",
    "DELETE FROM waiting_activities WHERE email_key IN (
       SELECT email_key FROM contacts WHERE id IN rarray(:ids) AND email_key IS NOT NULL)",
    "DELETE FROM email_list_entries WHERE email_key IN (
       SELECT email_key FROM contacts WHERE id IN rarray(:ids) AND email_key IS NOT NULL)",
    "DELETE FROM segment_history WHERE contact_id IN rarray(:ids)",
    "DELETE FROM segment_members WHERE contact_id IN rarray(:ids)",
    "DELETE FROM score_points WHERE contact_id IN rarray(:ids)",
    "DELETE FROM account_contacts WHERE contact_id IN rarray(:ids)",
    "DELETE FROM contacts WHERE id IN rarray(:ids)",
];

#[cfg(test)]
mod tests;
