//! Taking an act back.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, named_params};

use super::image::field_of;
use super::{Act, ActKind, Image, UNDO_MS};
use crate::consents::Origin;
use crate::{ActId, ContactField, ContactId, Error, ImportId, Reader, Result, Writer};

const PAGE: usize = 1000;

/// What undoing came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Undone {
    /// Contacts put back, in part or in full.
    pub restored: u64,
    /// Contacts removed that an import had created.
    pub removed: u64,
    /// Activities removed that an import had brought.
    pub activities_removed: u64,
    /// Contacts, or fields of them, that something else has changed since.
    pub left_alone: Vec<LeftAlone>,
}

/// A contact that was not, or not fully, put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The contact.
    pub contact: ContactId,
    /// The fields left as they are; empty when nothing of it was put back.
    pub fields: Vec<ContactField>,
}

/// What is put back of one contact's fields, and what is not.
struct Judged {
    put_back: BTreeMap<ContactField, Cell>,
    left: Vec<ContactField>,
}

impl Undone {
    pub(crate) fn leave(&mut self, contact: ContactId) {
        self.left_alone.push(LeftAlone {
            contact,
            fields: Vec::new(),
        });
    }
}

impl Writer<'_> {
    /// Takes an act back, as far as nothing else has changed what it did.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when it was undone already, is older than 30 days, or a later act stands
    /// in the way.
    pub fn undo(&self, act: ActId, now: i64) -> Result<Undone> {
        let act = self.act(act)?;
        if act.undone_at.is_some() {
            return Err(Error::Refused("this change was undone before".into()));
        }
        if now.saturating_sub(act.at) > UNDO_MS {
            return Err(Error::Refused(
                "changes can be undone for 30 days only".into(),
            ));
        }
        let undone = match act.kind {
            ActKind::Merge => self.undo_merge(act.id, now)?,
            ActKind::Delete | ActKind::BulkEdit => self.undo_each(&act, now)?,
            ActKind::Import => self.undo_import(&act, now)?,
        };
        self.connection
            .prepare_cached("UPDATE acts SET undone_at = :now WHERE id = :id")?
            .execute(named_params! { ":now": now, ":id": act.id })?;
        Ok(undone)
    }

    fn undo_each(&self, act: &Act, now: i64) -> Result<Undone> {
        let mut undone = Undone::default();
        let mut after = ContactId(0);
        loop {
            let page = self.act_contacts(act.id, after, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(undone);
            };
            after = *last;
            for contact in page {
                let Some(image) = self.image(act.id, contact)? else {
                    continue;
                };
                let restored = if image.deleted {
                    self.unbury(contact, None, now)?
                } else {
                    // Who came with the import goes as a whole, and is counted then.
                    let unlinked = self.unlink(contact, &image)?
                        && self.import_that_created(contact)? != act.import;
                    let answered = self.take_consents_back(contact, &image, now)?;
                    self.put_fields_back(contact, &image, now, &mut undone)? || unlinked || answered
                };
                if restored {
                    undone.restored += 1;
                } else if image.deleted {
                    undone.leave(contact);
                }
            }
        }
    }

    /// Removes the links that an import gave, unless something was sent over them since; returns whether it did.
    fn unlink(&self, contact: ContactId, image: &Image) -> Result<bool> {
        let mut removed = false;
        for link in self.links_of(contact)? {
            if image.linked.contains(&link.id) && link.sent_at.is_none() {
                self.remove_link(link.id)?;
                removed = true;
            }
        }
        if removed {
            self.reconsider(contact)?;
        }
        Ok(removed)
    }

    /// Puts back the answers that counted before an import; returns whether there were any.
    fn take_consents_back(&self, contact: ContactId, image: &Image, now: i64) -> Result<bool> {
        if image.consents.is_empty() || !self.is_live(contact)? {
            return Ok(false);
        }
        for answered in &image.consents {
            self.take_consent_back(contact, answered, now)?;
        }
        self.stamp_contacts(&[contact])?;
        Ok(true)
    }

    /// Brings a tombstone back to life; `survivor` is what it must have been merged into.
    pub(crate) fn unbury(
        &self,
        id: ContactId,
        survivor: Option<ContactId>,
        now: i64,
    ) -> Result<bool> {
        let restored = self
            .connection
            .prepare_cached(
                "UPDATE contacts SET deleted_at = NULL, merged_into = NULL, changed_at = :now, seq = :seq
                 WHERE id = :id AND deleted_at IS NOT NULL AND merged_into IS :survivor",
            )?
            .execute(named_params! {
                ":now": now, ":seq": self.next_sequence()?, ":id": id, ":survivor": survivor,
            })?;
        if restored > 0 {
            self.stamp_claims(self.email_key_of(id)?.as_deref())?;
        }
        Ok(restored > 0)
    }

    /// Puts back the fields that still are as the act left them; returns whether there were any.
    pub(crate) fn put_fields_back(
        &self,
        contact: ContactId,
        image: &Image,
        now: i64,
        undone: &mut Undone,
    ) -> Result<bool> {
        if !self.is_live(contact)? {
            undone.leave(contact);
            return Ok(false);
        }
        let judged = self.judge(contact, image)?;
        let restored = !judged.put_back.is_empty();
        if restored {
            self.change_cells(contact, judged.put_back, Origin::Undo, now)?;
        }
        if !judged.left.is_empty() {
            let fields = if restored { judged.left } else { Vec::new() };
            undone.left_alone.push(LeftAlone { contact, fields });
        }
        Ok(restored)
    }

    /// Removes what an import created, unless it was changed or sent since, and puts back what it changed.
    fn undo_import(&self, act: &Act, now: i64) -> Result<Undone> {
        let mut undone = self.undo_each(act, now)?;
        let Some(import) = act.import else {
            return Ok(undone);
        };
        let end = self.import_end(import)?;
        let mut after = ContactId(0);
        loop {
            let page = self.created_page(import, after)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let ids: Vec<ContactId> = page.iter().map(|(id, _)| *id).collect();
            let sent: BTreeSet<ContactId> = self.ever_sent(&ids)?.into_iter().collect();
            for (id, changed_at) in page {
                if changed_at > end || sent.contains(&id) {
                    undone.leave(id);
                } else if self.bury(id, None, now)? {
                    self.withdraw_waiting(id, now)?;
                    undone.removed += 1;
                }
            }
        }
        undone.activities_removed = self.remove_imported_activities(import)?;
        self.end_import(import, now)?;
        Ok(undone)
    }

    /// Marks an import as undone; its accounts go where nobody is left in them.
    fn end_import(&self, import: ImportId, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "DELETE FROM accounts WHERE import_id = :import AND NOT EXISTS (
                   SELECT 1 FROM account_contacts JOIN contacts ON contacts.id = account_contacts.contact_id
                   WHERE account_contacts.account_id = accounts.id AND contacts.deleted_at IS NULL)",
            )?
            .execute(named_params! { ":import": import })?;
        self.connection
            .prepare_cached(
                "UPDATE imports SET state = 'undone', ended_at = coalesce(ended_at, :now) WHERE id = :import",
            )?
            .execute(named_params! { ":now": now, ":import": import })?;
        Ok(())
    }
}

impl Reader<'_> {
    pub(crate) fn is_live(&self, id: ContactId) -> Result<bool> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM contacts WHERE id = :id AND deleted_at IS NULL)",
            )?
            .query_row(named_params! { ":id": id }, |row| row.get(0))?)
    }

    fn judge(&self, contact: ContactId, image: &Image) -> Result<Judged> {
        let mut judged = Judged {
            put_back: BTreeMap::new(),
            left: Vec::new(),
        };
        for (column, (before, after)) in &image.fields {
            // A custom field may have been removed since.
            let Some(field) = field_of(column).filter(|field| self.field_kind(*field).is_ok())
            else {
                continue;
            };
            let current: Option<Cell> = self
                .connection
                .prepare_cached(&format!(
                    "SELECT {} FROM contacts WHERE id = ?1",
                    field.column()
                ))?
                .query_row([contact], |row| row.get(0))
                .optional()?;
            if current == Some(after.clone().into()) {
                judged.put_back.insert(field, before.clone().into());
            } else if current != Some(before.clone().into()) {
                judged.left.push(field);
            }
        }
        Ok(judged)
    }

    /// Returns the moment after which a change is not the import's own; a killed one ended with its last contact.
    fn import_end(&self, import: ImportId) -> Result<i64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT coalesce(ended_at, (SELECT max(created_at) FROM contacts WHERE import_id = :import), started_at)
                 FROM imports WHERE id = :import",
            )?
            .query_row(named_params! { ":import": import }, |row| row.get(0))?)
    }

    fn created_page(&self, import: ImportId, after: ContactId) -> Result<Vec<(ContactId, i64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, changed_at FROM contacts
             WHERE import_id = :import AND id > :after AND deleted_at IS NULL ORDER BY id LIMIT :limit",
        )?;
        let parameters = named_params! { ":import": import, ":after": after, ":limit": PAGE };
        let rows = statement.query_map(parameters, |row| {
            Ok((row.get("id")?, row.get("changed_at")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
