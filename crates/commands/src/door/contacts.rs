//! `contacts.…`: people, and what can be done with them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::{Nothing, commands};
use crate::contacts::{
    self, ActInfo, Changed, Chosen, ContactCard, ContactFieldInfo, ContactsFilter, ContactsPage,
    ErasedInfo, ExportRequest, Guid, Merged, NamedPlace, PageRequest, Traces, Undone, Written,
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
    /// Returns the states of a country, or all countries where none is named.
    "contacts.places" (PlacesOf) -> Vec<NamedPlace> = |_at, request| Ok(contacts::places(request.country.as_deref()));
    /// Shows a contact with all that belongs to it.
    "contacts.show" (OneContact) -> ContactCard = |at, request| contacts::show(at.workspace()?, &request.contact);
    /// Adds a contact.
    "contacts.add" (Fields) -> ContactCard, stales ["contacts", "workspaces", "consents"] = |at, request| {
        contacts::add(at.workspace()?, &pairs(request.fields), request.written.unwrap_or_default())
    };
    /// Changes fields of a contact; an empty text unsets one.
    "contacts.set" (SetFields) -> ContactCard, stales ["contacts", "queue", "consents"] = |at, request| {
        let written = request.written.unwrap_or_default();
        contacts::set(at.workspace()?, &request.contact, &pairs(request.fields), written)
    };
    /// Changes fields of many contacts alike, as one act that can be undone.
    "contacts.edit" (EditMany) -> Changed, stales ["contacts", "queue", "consents"] = |at, request| {
        let written = request.written.unwrap_or_default();
        contacts::edit(at.workspace()?, &request.chosen, &pairs(request.fields), written)
    };
    /// Merges contacts into one: its empty fields are filled, their guids become aliases of its own.
    "contacts.merge" (Merge) -> Merged, stales ["contacts", "workspaces", "queue", "consents"] = |at, request| {
        contacts::merge(at.workspace()?, &request.survivor, &request.others)
    };
    /// Deletes contacts; their records in Salesforce stay. Can be undone for 30 days.
    "contacts.delete" (Chosen) -> Changed, stales ["contacts", "workspaces", "queue"] = |at, request| {
        contacts::delete(at.workspace()?, &request)
    };
    /// Writes contacts to a CSV file or an Excel workbook; returns how many.
    "contacts.export" (ExportRequest) -> u64 = |at, request| contacts::export(at.workspace()?, &request);
    /// Erases a contact from the workspace, its history, its backups and the practice org for good.
    "contacts.erase" (OneContact) -> ErasedInfo, stales ["contacts", "workspaces", "queue", "imports", "search", "consents"] = |at, request| {
        contacts::erase(at.workspace()?, &request.contact)
    };
    /// Removes what still names somebody who was erased, from the history, the backups and the practice org.
    "contacts.erase_traces" (Traces) -> ErasedInfo, stales ["contacts", "workspaces", "queue", "imports", "search", "consents"] = |at, request| {
        contacts::erase_traces(at.workspace()?, &request)
    };
    /// Returns the acts that are kept, the newest first.
    "contacts.acts" (Nothing) -> Vec<ActInfo> = |at, _| contacts::acts(at.workspace()?);
    /// Takes an act back, as far as nothing else has changed what it did; the newest one unless another is named.
    "contacts.undo" (UndoAct) -> Undone, stales ["contacts", "workspaces", "queue", "imports", "consents"] = |at, request| {
        contacts::undo(at.workspace()?, request.act)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OneContact {
    /// Its guid, or an e-mail that only it has.
    pub(super) contact: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct PlacesOf {
    /// A country, by name or code.
    country: Option<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Fields {
    /// Values by field name, as people write them.
    fields: BTreeMap<String, String>,
    /// How numbers and dates are written.
    written: Option<Written>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct SetFields {
    /// Its guid.
    contact: String,
    /// Values by field name, as people write them.
    fields: BTreeMap<String, String>,
    /// How numbers and dates are written.
    written: Option<Written>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct EditMany {
    /// Which contacts.
    #[serde(flatten)]
    chosen: Chosen,
    /// Values by field name, as people write them.
    fields: BTreeMap<String, String>,
    /// How numbers and dates are written.
    written: Option<Written>,
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
