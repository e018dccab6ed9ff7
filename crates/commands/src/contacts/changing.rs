//! Changing, merging, deleting and erasing contacts, and taking that back.

use leadferry_store::{Act, ActId, ContactField, ContactId, Guid, Reader, Value, Values};
use serde::Serialize;

use super::{ContactCard, ErasedInfo, show};
use crate::{Error, Result, Workspace, values};

/// Adds a contact.
///
/// # Errors
/// When nothing at all is said about it, there is no such field, or a value does not fit.
pub fn add(workspace: &Workspace, fields: &[(String, String)]) -> Result<ContactCard> {
    let now = workspace.host().now();
    let guid = workspace.store().write(|writer| {
        let values: Values = parsed(writer, fields)?
            .into_iter()
            .filter_map(|(field, value)| Some((field, value?)))
            .collect();
        if values.iter().next().is_none() {
            return Err(Error::usage(
                "a contact without any value cannot be told from another",
                "give at least a name or an e-mail",
            ));
        }
        let id = writer.insert_contact(&values, None, now)?;
        Ok(writer.contact(id)?.guid)
    })?;
    show(workspace, guid.as_str())
}

/// Changes fields of a contact; an empty text unsets a field. Returns the contact as it is now.
///
/// # Errors
/// When there is no such contact or field, or a value does not fit.
pub fn set(
    workspace: &Workspace,
    contact: &str,
    fields: &[(String, String)],
) -> Result<ContactCard> {
    let now = workspace.host().now();
    let guid = workspace.store().write(|writer| {
        let id = writer.find_contact(contact)?;
        let changes = parsed(writer, fields)?;
        writer.change_contact(id, &changes, now)?;
        writer
            .contacts(&[id], &[])?
            .pop()
            .map(|contact| contact.guid)
            .ok_or_else(|| leadferry_store::Error::not_found("contact", contact))
    })?;
    show(workspace, guid.as_str())
}

/// Changes fields of many contacts alike, as one act that can be undone. Returns the act and how many differed.
///
/// # Errors
/// When one of them does not exist, or a value does not fit.
pub fn edit(
    workspace: &Workspace,
    contacts: &[String],
    fields: &[(String, String)],
) -> Result<(ActId, u64)> {
    super::listing::check_chosen(contacts)?;
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let changes = parsed(writer, fields)?;
        writer.edit_contacts(&found(writer, contacts)?, &changes, now)
    })?)
}

type Changes = Vec<(ContactField, Option<Value>)>;

fn parsed(
    reader: &Reader<'_>,
    fields: &[(String, String)],
) -> Result<Changes, leadferry_store::Error> {
    let parsed = fields.iter().map(|(name, text)| {
        let field = reader.field_named(name)?;
        let value = match text.trim() {
            "" => None,
            text => Some(values::parse(name, reader.field_kind(field)?, text)?),
        };
        Ok((field, value))
    });
    parsed.collect()
}

fn found(
    reader: &Reader<'_>,
    contacts: &[String],
) -> Result<Vec<ContactId>, leadferry_store::Error> {
    contacts
        .iter()
        .map(|contact| reader.find_contact(contact))
        .collect()
}

/// What merging came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Merged {
    /// The contact that stays.
    pub survivor: Guid,
    /// One act for each contact merged into it, to be undone in the opposite order.
    pub acts: Vec<ActId>,
}

/// Merges contacts into one: its empty fields are filled, their guids become aliases of its own.
///
/// # Errors
/// When two of them are the same, or one is deleted.
pub fn merge(workspace: &Workspace, survivor: &str, others: &[String]) -> Result<Merged> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let id = writer.find_contact(survivor)?;
        // All are found before the first merge: afterwards an e-mail may mean someone else.
        let others = found(writer, others)?;
        let acts = others
            .into_iter()
            .map(|loser| writer.merge_contacts(id, loser, now));
        let acts = acts.collect::<Result<_, _>>()?;
        Ok::<_, leadferry_store::Error>(Merged {
            survivor: writer.contact(id)?.guid,
            acts,
        })
    })?)
}

/// Deletes contacts; their records in Salesforce stay. Returns the act, which can be undone for 30 days.
///
/// # Errors
/// When one of them does not exist.
pub fn delete(workspace: &Workspace, contacts: &[String]) -> Result<ActId> {
    super::listing::check_chosen(contacts)?;
    let now = workspace.host().now();
    Ok(workspace
        .store()
        .write(|writer| writer.delete_contacts(&found(writer, contacts)?, now))?)
}

/// Removes a person from the workspace, its history and its backups for good; the records in Salesforce stay.
///
/// # Errors
/// When there is no such contact, or a request for it has no known answer yet.
pub fn erase(workspace: &Workspace, contact: &str) -> Result<ErasedInfo> {
    let store = workspace.store();
    let id = store.read(|reader| reader.find_contact(contact))?;
    let erased = store.erase(id)?;
    Ok(ErasedInfo {
        contacts: erased.contacts,
        backups_rewritten: erased.backups_rewritten,
        backups_dropped: erased.backups_dropped,
    })
}

/// Returns the acts that are kept, the newest first.
///
/// # Errors
/// When the workspace cannot be read.
pub fn acts(workspace: &Workspace) -> Result<Vec<Act>> {
    Ok(workspace.store().read(|reader| reader.acts())?)
}

/// What undoing came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Undone {
    /// The act.
    pub act: ActId,
    /// Contacts put back.
    pub restored: u64,
    /// Contacts that were not, or not fully, put back, since something else has changed them: guid and fields.
    pub left_alone: Vec<(Guid, Vec<String>)>,
}

/// Takes an act back, as far as nothing else has changed what it did; the newest one unless another is named.
///
/// # Errors
/// When it was undone already, is older than 30 days, or a later act stands in the way.
pub fn undo(workspace: &Workspace, act: Option<i64>) -> Result<Undone> {
    let now = workspace.host().now();
    let act = match act {
        Some(act) => ActId(act),
        None => newest(workspace)?,
    };
    Ok(workspace.store().write(|writer| {
        let undone = writer.undo(act, now)?;
        let mut left_alone = Vec::new();
        for left in undone.left_alone {
            let Some(contact) = writer.contacts(&[left.contact], &[])?.pop() else {
                continue;
            };
            let fields = left
                .fields
                .into_iter()
                .map(|field| writer.field_name(field));
            left_alone.push((contact.guid, fields.collect::<Result<_, _>>()?));
        }
        Ok::<_, leadferry_store::Error>(Undone {
            act,
            restored: undone.restored,
            left_alone,
        })
    })?)
}

fn newest(workspace: &Workspace) -> Result<ActId> {
    let acts = acts(workspace)?;
    let open = acts.iter().find(|act| act.undone_at.is_none());
    open.map(|act| act.id).ok_or_else(|| {
        Error::usage(
            "there is nothing to undo",
            "`contacts acts` shows what was done",
        )
    })
}
