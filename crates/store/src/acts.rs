//! Acts that can be taken back for 30 days: deleting, merging, editing, importing.
//!
//! Each act keeps, per contact, what stood there before and what it put there. Undoing puts back only what still is as
//! the act left it; everything changed since is left alone and reported.

mod image;
mod undo;

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

pub(crate) use image::{Answer, Answered, Image, Membered, Stored};
pub use undo::{LeftAlone, Undone};

use crate::consents::Origin;
use crate::contacts::{CellChange, id_array};
use crate::links::stored_names;
use crate::{
    ActId, ContactField, ContactId, Error, ImportId, Reader, Result, Value, Writer, counted,
};

/// For how long an act can be undone, in milliseconds: 30 days.
pub const UNDO_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What an act did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// Deleted contacts.
    Delete,
    /// Merged two contacts.
    Merge,
    /// Changed one contact, or many alike.
    BulkEdit,
    /// Brought in a file.
    Import,
}

stored_names!(ActKind { Delete = "delete", Merge = "merge", BulkEdit = "bulk_edit", Import = "import" });

/// An act that can be, or was, undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Act {
    /// Id.
    pub id: ActId,
    /// What it did.
    pub kind: ActKind,
    /// The same in a few words, without anybody's data.
    pub summary: String,
    /// Contacts that it changed.
    pub contacts: u64,
    /// The import, for one.
    pub import: Option<ImportId>,
    /// When, UTC milliseconds.
    pub at: i64,
    /// When it was undone, UTC milliseconds.
    pub undone_at: Option<i64>,
}

/// Most acts that are listed.
const LISTED: usize = 500;
/// Edits of one contact that follow each other within this time are one act.
const ONE_EDIT_MS: i64 = 15 * 60 * 1000;

const SELECT: &str = "SELECT id, kind, summary, import_id, at, undone_at,
    (SELECT count(*) FROM act_contacts WHERE act_id = acts.id) AS contacts FROM acts";

impl Act {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            summary: row.get("summary")?,
            contacts: row.get("contacts")?,
            import: row.get("import_id")?,
            at: row.get("at")?,
            undone_at: row.get("undone_at")?,
        })
    }
}

impl Reader<'_> {
    /// Returns the acts that are kept, the newest first; 500 at most.
    pub fn acts(&self) -> Result<Vec<Act>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY id DESC LIMIT {LISTED}"))?;
        let acts = statement
            .query_map([], Act::from_row)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(acts)
    }

    /// Returns the contact of each of these acts that is about a single one.
    pub fn only_contacts(&self, acts: &[ActId]) -> Result<BTreeMap<ActId, ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT act_id, max(contact_id) FROM act_contacts WHERE act_id IN rarray(:acts)
             GROUP BY act_id HAVING count(*) = 1",
        )?;
        let acts = id_array(acts.iter().map(|act| act.0));
        let only = statement.query_map(named_params! { ":acts": acts }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(only.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns an act.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn act(&self, id: ActId) -> Result<Act> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, Act::from_row)
            .optional()?
            .ok_or_else(|| Error::not_found("change", id))
    }
}

impl Writer<'_> {
    /// Deletes contacts: tombstones stay, which say so to the replications. Deleted ones are left as they are.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one of them does not exist.
    pub fn delete_contacts(&self, ids: &[ContactId], now: i64) -> Result<ActId> {
        let act = self.begin_act(ActKind::Delete, &summary("deleted", ids.len()), None, now)?;
        for id in ids {
            if self.bury(*id, None, now)? {
                self.remember(
                    act,
                    *id,
                    &Image {
                        deleted: true,
                        ..Image::default()
                    },
                )?;
                self.withdraw_waiting(*id, now)?;
            }
        }
        Ok(act)
    }

    /// Changes many contacts alike. Returns the act and how many differed.
    ///
    /// # Errors
    /// As [`Writer::change_contact`].
    pub fn edit_contacts(
        &self,
        ids: &[ContactId],
        changes: &[(ContactField, Option<Value>)],
        now: i64,
    ) -> Result<(ActId, u64)> {
        let cells = self.cells(
            changes
                .iter()
                .map(|(field, value)| (*field, value.as_ref())),
        )?;
        let act = self.begin_act(ActKind::BulkEdit, &summary("changed", ids.len()), None, now)?;
        let mut changed = 0;
        for id in ids {
            let changes = self.change_cells(*id, cells.clone(), Origin::ByHand, now)?;
            if !changes.is_empty() {
                self.remember_changes(act, *id, &changes)?;
                changed += 1;
            }
        }
        Ok((act, changed))
    }

    /// Changes a contact, as an act that can be undone; `None` where nothing differed.
    ///
    /// # Errors
    /// As [`Writer::change_contact`].
    pub fn edit_contact(
        &self,
        id: ContactId,
        changes: &[(ContactField, Option<Value>)],
        now: i64,
    ) -> Result<Option<ActId>> {
        let cells = self.cells(
            changes
                .iter()
                .map(|(field, value)| (*field, value.as_ref())),
        )?;
        let changes = self.change_cells(id, cells, Origin::ByHand, now)?;
        if changes.is_empty() {
            return Ok(None);
        }
        let act = match self.edit_under_way(id, now)? {
            Some(act) => act,
            None => self.begin_act(ActKind::BulkEdit, &summary("changed", 1), None, now)?,
        };
        self.remember_changes(act, id, &changes)?;
        Ok(Some(act))
    }

    /// Returns the last act where it is an edit of this contact alone, and a moment ago.
    fn edit_under_way(&self, id: ContactId, now: i64) -> Result<Option<ActId>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT id FROM acts WHERE id = (SELECT max(id) FROM acts) AND kind = 'bulk_edit' AND undone_at IS NULL
                   AND at BETWEEN :since AND :now
                   AND EXISTS (SELECT 1 FROM act_contacts WHERE act_id = acts.id AND contact_id = :contact)
                   AND NOT EXISTS (SELECT 1 FROM act_contacts WHERE act_id = acts.id AND contact_id <> :contact)",
            )?
            .query_row(
                named_params! { ":contact": id, ":since": now - ONE_EDIT_MS, ":now": now },
                |row| row.get(0),
            )
            .optional()?)
    }

    pub(crate) fn begin_act(
        &self,
        kind: ActKind,
        summary: &str,
        import: Option<ImportId>,
        now: i64,
    ) -> Result<ActId> {
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO acts (kind, summary, import_id, at) VALUES (:kind, :summary, :import, :now)",
            )?
            .insert(named_params! { ":kind": kind, ":summary": summary, ":import": import, ":now": now })?;
        Ok(ActId(id))
    }

    /// Makes a contact a tombstone or an alias and stamps who shared its e-mail; `false` when it was deleted already.
    pub(crate) fn bury(
        &self,
        id: ContactId,
        survivor: Option<ContactId>,
        now: i64,
    ) -> Result<bool> {
        let key = self.email_key_of(id)?;
        let buried = self
            .connection
            .prepare_cached(
                "UPDATE contacts SET deleted_at = :now, merged_into = :survivor, changed_at = :now, seq = :seq
                 WHERE id = :id AND deleted_at IS NULL",
            )?
            .execute(named_params! {
                ":now": now, ":survivor": survivor, ":seq": self.next_sequence()?, ":id": id,
            })?;
        if buried > 0 {
            self.stamp_claims(key.as_deref())?;
        }
        Ok(buried > 0)
    }

    /// Takes the contact's `pending` entries out of the queues; returns which.
    pub(crate) fn withdraw_pending(&self, id: ContactId, now: i64) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE queue SET state = CASE WHEN code IS 'held' THEN 'held' ELSE 'withdrawn' END, due_at = 0, since = :now,
               code = NULL, message = NULL, detail = NULL
             WHERE contact_id = :id AND state = 'pending' RETURNING id",
        )?;
        let entries = statement.query_map(named_params! { ":now": now, ":id": id }, |row| {
            row.get("id")
        })?;
        Ok(entries.collect::<rusqlite::Result<_>>()?)
    }

    /// Takes a contact that is gone out of the queues, also where they waited for someone to act.
    pub(crate) fn withdraw_waiting(&self, id: ContactId, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE queue SET state = CASE WHEN code IS 'held' THEN 'held' ELSE 'withdrawn' END, due_at = 0,
                   since = :now, code = NULL, message = NULL, detail = NULL
                 WHERE contact_id = :id AND state IN ('pending', 'blocked', 'given_up')",
            )?
            .execute(named_params! { ":now": now, ":id": id })?;
        Ok(())
    }

    /// Adds changed fields to what an act remembers of a contact; a field changed twice keeps its first state.
    pub(crate) fn remember_changes(
        &self,
        act: ActId,
        id: ContactId,
        changes: &[CellChange],
    ) -> Result<()> {
        let mut image = self.image(act, id)?.unwrap_or_default();
        image.add(changes);
        self.remember(act, id, &image)
    }

    /// Adds an answer to what an act remembers of a contact; a purpose answered twice keeps its first state.
    pub(crate) fn remember_answer(
        &self,
        act: ActId,
        id: ContactId,
        answered: Answered,
    ) -> Result<()> {
        let mut image = self.image(act, id)?.unwrap_or_default();
        let known = image
            .consents
            .iter_mut()
            .find(|known| known.purpose == answered.purpose);
        match known {
            Some(known) => known.answer = answered.answer,
            None => image.consents.push(answered),
        }
        self.remember(act, id, &image)
    }

    pub(crate) fn remember(&self, act: ActId, id: ContactId, image: &Image) -> Result<()> {
        let before =
            serde_json::to_string(image).map_err(|error| Error::unreadable("an act", error))?;
        self.connection
            .prepare_cached(
                "INSERT INTO act_contacts (act_id, contact_id, before, after_seq) VALUES (:act, :id, :before, :seq)
                 ON CONFLICT (act_id, contact_id) DO UPDATE SET before = excluded.before, after_seq = excluded.after_seq",
            )?
            .execute(named_params! { ":act": act, ":id": id, ":before": before, ":seq": self.next_sequence()? })?;
        Ok(())
    }
}

impl Reader<'_> {
    pub(crate) fn image(&self, act: ActId, id: ContactId) -> Result<Option<Image>> {
        let text: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT before FROM act_contacts WHERE act_id = :act AND contact_id = :id",
            )?
            .query_row(named_params! { ":act": act, ":id": id }, |row| {
                row.get("before")
            })
            .optional()?;
        text.map(|text| {
            serde_json::from_str(&text).map_err(|error| Error::unreadable("an act", error))
        })
        .transpose()
    }

    /// Returns the contacts of an act after an id, in id order.
    pub(crate) fn act_contacts(
        &self,
        act: ActId,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id FROM act_contacts WHERE act_id = :act AND contact_id > :after
             ORDER BY contact_id LIMIT :limit",
        )?;
        let parameters = named_params! { ":act": act, ":after": after, ":limit": limit };
        let ids = statement.query_map(parameters, |row| row.get("contact_id"))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Tells which of these contacts were ever sent, or are linked.
    pub(crate) fn ever_sent(&self, ids: &[ContactId]) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM contacts WHERE id IN rarray(:ids)
               AND (EXISTS (SELECT 1 FROM links WHERE links.contact_id = contacts.id)
                 OR EXISTS (SELECT 1 FROM contact_batches k JOIN batches t ON t.id = k.batch_id
                            WHERE k.block = contacts.id / 256 AND row_outcome(t.contacts, NULL, contacts.id) IS NOT NULL))",
        )?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let sent = statement.query_map(named_params! { ":ids": ids }, |row| row.get("id"))?;
        Ok(sent.collect::<rusqlite::Result<_>>()?)
    }
}

fn summary(verb: &str, count: usize) -> String {
    let contacts = counted(count as u64, "contact", "contacts");
    format!("{verb} {contacts}")
}

#[cfg(test)]
mod tests;
