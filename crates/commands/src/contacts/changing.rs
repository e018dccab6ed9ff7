//! Changing, merging and deleting contacts, and taking that back.

use std::collections::BTreeSet;

use leadferry_store::{Act, ActId, ActKind, ContactField, ContactId, Guid, Reader, Values};
use serde::Serialize;

use super::following::{Corrected, follow};
use super::reading::{Changes, read};
use super::{Chosen, ContactCard, show};
use crate::imports::Written;
use crate::people::people;
use crate::{Error, Result, Workspace};

/// Adds a contact; `written` says how numbers and dates are written.
///
/// # Errors
/// When nothing at all is said about it, there is no such field, or a value does not fit.
pub fn add(
    workspace: &Workspace,
    fields: &[(String, String)],
    written: Written,
) -> Result<ContactCard> {
    let now = workspace.host().now();
    let guid = workspace.store().write(|writer| {
        let values: Values = read(writer, None, fields, written, now)?
            .into_iter()
            .filter_map(|(field, value)| Some((field, value?)))
            .collect();
        if values.iter().next().is_none() {
            return Err(Error::usage(
                "A contact needs at least one value.",
                "Enter a name or an email.",
            ));
        }
        let id = writer.insert_contact(&values, None, now)?;
        Ok(writer.contact(id)?.guid)
    })?;
    show(workspace, guid.as_str())
}

/// Changes fields of a contact, as an act that can be undone; an empty text unsets a field. Returns the contact as it is now.
///
/// Values are read as an import reads them: numbers and dates as `written` says, countries and states by any name. Where
/// the contact was blocked for want of them, it waits for the next run.
///
/// # Errors
/// When there is no such contact or field, or a value does not fit.
pub fn set(
    workspace: &Workspace,
    contact: &str,
    fields: &[(String, String)],
    written: Written,
) -> Result<ContactCard> {
    let now = workspace.host().now();
    let guid = workspace.store().write(|writer| {
        let id = writer.find_contact(contact)?;
        let changes = read(writer, Some(id), fields, written, now)?;
        if writer.edit_contact(id, &changes, now)?.is_some() {
            follow(writer, &[id], Corrected::Fields(&names_of(&changes)), now)?;
        }
        Ok::<_, Error>(writer.contact(id)?.guid)
    })?;
    show(workspace, guid.as_str())
}

/// What an act on many contacts came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "ContactsChanged")]
pub struct Changed {
    /// The act, to be undone.
    pub act: ActId,
    /// How many contacts are different now.
    pub contacts: u64,
}

/// Changes fields of many contacts alike, as one act that can be undone.
///
/// # Errors
/// When one of them does not exist, or a value does not fit.
pub fn edit(
    workspace: &Workspace,
    chosen: &Chosen,
    fields: &[(String, String)],
    written: Written,
) -> Result<Changed> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let changes = read(writer, None, fields, written, now)?;
        let ids = chosen.ids(writer)?;
        let (act, contacts) = writer.edit_contacts(&ids, &changes, now)?;
        follow(writer, &ids, Corrected::Fields(&names_of(&changes)), now)?;
        Ok(Changed { act, contacts })
    })
}

fn names_of(changes: &Changes) -> BTreeSet<ContactField> {
    changes.iter().map(|(field, _)| *field).collect()
}

pub(super) fn found(
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

/// Deletes contacts; their records in Salesforce stay. The act can be undone for 30 days.
///
/// # Errors
/// When one of them does not exist.
pub fn delete(workspace: &Workspace, chosen: &Chosen) -> Result<Changed> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let ids = chosen.ids(writer)?;
        let act = writer.delete_contacts(&ids, now)?;
        Ok(Changed {
            act,
            contacts: ids.len() as u64,
        })
    })
}

/// An act that can be, or was, undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ActInfo {
    /// The act.
    #[serde(flatten)]
    pub act: Act,
    /// Whom it is about, where that is a single contact: its name today, else its email, else its company.
    pub who: Option<String>,
    /// The contact, where it is a single one that is still there.
    pub contact: Option<Guid>,
}

/// Returns the acts that are kept, the newest first; 500 at most.
pub fn acts(workspace: &Workspace) -> Result<Vec<ActInfo>> {
    workspace.store().read(|reader| {
        let acts = reader.acts()?;
        let ids: Vec<_> = acts.iter().map(|act| act.id).collect();
        let only = reader.only_contacts(&ids)?;
        let ids: Vec<_> = only.values().copied().collect();
        let people = people(reader, &ids)?;
        let infos = acts.into_iter().map(|act| {
            let person = only.get(&act.id).and_then(|id| people.get(id));
            ActInfo {
                who: person.map(|person| person.name.clone()),
                contact: person
                    .filter(|_| !is_gone(&act))
                    .map(|person| person.guid.clone()),
                act,
            }
        });
        Ok(infos.collect())
    })
}

/// Tells whether the contact of an act is not in the lists any more.
fn is_gone(act: &Act) -> bool {
    act.kind == ActKind::Delete && act.undone_at.is_none()
}

/// What undoing came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Undone {
    /// The act.
    pub act: ActId,
    /// Contacts put back.
    pub restored: u64,
    /// Contacts removed that an import had created.
    pub removed: u64,
    /// Activities removed that an import had brought.
    pub activities_removed: u64,
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
            removed: undone.removed,
            activities_removed: undone.activities_removed,
            left_alone,
        })
    })?)
}

fn newest(workspace: &Workspace) -> Result<ActId> {
    let acts = acts(workspace)?;
    let mut acts = acts.into_iter().map(|info| info.act);
    let open = acts.find(|act| act.undone_at.is_none());
    open.map(|act| act.id).ok_or_else(|| {
        Error::usage("there's nothing to undo", "check the recent changes")
            .with_command("contacts acts")
    })
}
