//! `contacts.…`: people, and what can be done with them.

use std::collections::BTreeMap;

use leadferry_store::{Act, ActId};
use serde::Deserialize;

use super::table::{Nothing, commands};
use crate::contacts::{
    self, ContactCard, ContactFieldInfo, ContactsFilter, ContactsPage, ErasedInfo, Guid, Merged,
    PageRequest, Undone,
};

commands! {
    /// Returns a page of a list of contacts, whatever it is sorted and filtered by.
    "contacts.page" (PageRequest) -> ContactsPage = |at, request| contacts::page(at.workspace()?, &request);
    /// Returns how many contacts a filter lets through.
    "contacts.count" (ContactsFilter) -> u64 = |at, request| contacts::count_filtered(at.workspace()?, &request);
    /// Returns the guids of a list's contacts from a position on, 10,000 at most.
    "contacts.guids" (PageRequest) -> Vec<Guid> = |at, request| contacts::guids(at.workspace()?, &request);
    /// Returns every field of contacts, with its label and what it holds.
    "contacts.fields" (Nothing) -> Vec<ContactFieldInfo> = |at, _| contacts::fields(at.workspace()?);
    /// Shows a contact with all that belongs to it.
    "contacts.show" (OneContact) -> ContactCard = |at, request| contacts::show(at.workspace()?, &request.contact);
    /// Adds a contact.
    "contacts.add" (Fields) -> ContactCard, stales ["contacts", "workspaces"] = |at, request| {
        contacts::add(at.workspace()?, &pairs(request.fields))
    };
    /// Changes fields of a contact; an empty text unsets one.
    "contacts.set" (SetFields) -> ContactCard, stales ["contacts"] = |at, request| {
        contacts::set(at.workspace()?, &request.contact, &pairs(request.fields))
    };
    /// Changes fields of many contacts alike, as one act that can be undone.
    "contacts.edit" (EditMany) -> ActId, stales ["contacts"] = |at, request| {
        contacts::edit(at.workspace()?, &request.contacts, &pairs(request.fields)).map(|(act, _)| act)
    };
    /// Merges contacts into one: its empty fields are filled, their guids become aliases of its own.
    "contacts.merge" (Merge) -> Merged, stales ["contacts", "workspaces", "queue"] = |at, request| {
        contacts::merge(at.workspace()?, &request.survivor, &request.others)
    };
    /// Deletes contacts; their records in Salesforce stay. Can be undone for 30 days.
    "contacts.delete" (Many) -> ActId, stales ["contacts", "workspaces", "queue"] = |at, request| {
        contacts::delete(at.workspace()?, &request.contacts)
    };
    /// Removes a person from the workspace, its history and its backups for good.
    "contacts.erase" (OneContact) -> ErasedInfo, stales ["contacts", "workspaces", "queue"] = |at, request| {
        contacts::erase(at.workspace()?, &request.contact)
    };
    /// Returns the acts that are kept, the newest first.
    "contacts.acts" (Nothing) -> Vec<Act> = |at, _| contacts::acts(at.workspace()?);
    /// Takes an act back, as far as nothing else has changed what it did; the newest one unless another is named.
    "contacts.undo" (UndoAct) -> Undone, stales ["contacts", "workspaces", "queue", "imports"] = |at, request| {
        contacts::undo(at.workspace()?, request.act)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OneContact {
    /// Its guid, or an e-mail that only it has.
    pub(super) contact: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Fields {
    /// Values by field name, as people write them.
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SetFields {
    /// Its guid.
    contact: String,
    /// Values by field name, as people write them.
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct EditMany {
    /// Their guids.
    contacts: Vec<String>,
    /// Values by field name, as people write them.
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Many {
    /// Their guids.
    contacts: Vec<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Merge {
    /// The contact that stays.
    survivor: String,
    /// Those merged into it.
    others: Vec<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct UndoAct {
    act: Option<i64>,
}

fn pairs(fields: BTreeMap<String, String>) -> Vec<(String, String)> {
    fields.into_iter().collect()
}
