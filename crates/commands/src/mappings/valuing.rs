//! Both sides of a value map: what contacts have, and what the org's picklist offers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use leadferry_replication::mapping::{
    Mapping, MappingRow, Source, compile_alone, country_code, country_name, offers, state_code,
    state_name,
};
use leadferry_replication::targets::PicklistValue;
use leadferry_store::{CandidateQuery, ContactField, Cursor, Reader, Scope, Selection};
use serde::Serialize;

use super::desk::{MappingDesk, read};
use crate::{Error, Result, Workspace};

/// Most values that are offered for a map.
const MOST: usize = 200;
/// Most contacts whose values are read one by one, so that the answer is quick however many there are.
const MOST_LOOKED_AT: u64 = 20_000;
const STRIDE: usize = 1_000;

/// What a value map can be made of.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct MapValues {
    /// The values that contacts have, the most frequent first.
    pub here: Vec<FoundValue>,
    /// Contacts have more values than these.
    pub more: bool,
    /// How many contacts were looked at, where it was not all of them.
    pub looked_at: Option<u64>,
    /// The active values of the picklist; empty where the field is none.
    pub offered: Vec<PicklistValue>,
    /// The org refuses values that the picklist does not offer.
    pub restricted: bool,
}

/// A value that contacts have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FoundValue {
    /// The value, as a map names it.
    pub value: String,
    /// How many contacts have it; none where that is not counted.
    pub contacts: Option<u64>,
    /// The picklist offers it as it is.
    pub known: bool,
}

/// Returns what the value map of a row can be made of; `text` is a mapping that is not saved yet.
///
/// # Errors
/// When there is no such replication or row, or the text cannot be read.
pub fn values(
    workspace: &Workspace,
    replication: &str,
    target: &str,
    text: Option<&str>,
) -> Result<MapValues> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, None)?;
        let mapping = match text {
            Some(text) => read(text)?,
            None => desk.in_force.clone(),
        };
        let row = row_of(&mapping, target)?;
        let field = desk.object.field(target);
        let picklist = field.map_or(&[][..], |field| &field.picklist);
        let (found, looked_at) = match counted(reader, &row.source)? {
            Some(found) => (found, None),
            None => desk.texts(reader, row)?,
        };
        let here = found.iter().take(MOST).map(|(value, contacts)| FoundValue {
            known: offers(picklist, value),
            value: value.clone(),
            contacts: *contacts,
        });
        Ok(MapValues {
            here: here.collect(),
            more: found.len() > MOST,
            looked_at,
            offered: picklist
                .iter()
                .filter(|value| value.active)
                .cloned()
                .collect(),
            restricted: field.is_some_and(|field| field.restricted),
        })
    })
}

fn row_of<'m>(mapping: &'m Mapping, target: &str) -> Result<&'m MappingRow> {
    mapping.row(target).ok_or_else(|| {
        Error::usage(
            format!("{target} isn't mapped"),
            "choose a source for it first",
        )
    })
}

/// A value as a map meets it, and how many contacts have it; none where that is not counted.
type Found = Vec<(String, Option<u64>)>;

/// Returns the values of a source that the store counts; none for one that is read contact by contact.
fn counted(reader: &Reader<'_>, source: &Source) -> Result<Option<Found>> {
    let field = match source {
        Source::Field(name) => reader.field_named(name)?,
        Source::CountryName | Source::CountryCode => ContactField::Country,
        Source::StateName | Source::StateCode => ContactField::State,
        Source::Segment(_) => {
            let statuses = ["realized", "exited"].map(|status| (status.to_owned(), None));
            return Ok(Some(statuses.into()));
        }
        // The same for everybody: nothing to choose by.
        Source::Constant(_) | Source::Points(_) | Source::Consent { .. } => {
            return Ok(Some(Vec::new()));
        }
        Source::Account(_)
        | Source::CompanyName
        | Source::Street
        | Source::Description
        | Source::Salesforce(_)
        | Source::Template(_) => return Ok(None),
    };
    if !reader.field_kind(field)?.is_text() {
        return Ok(Some(Vec::new()));
    }
    let as_sent = |text: &str| match source {
        Source::CountryName => Some(country_name(text).into_owned()),
        Source::CountryCode => country_code(text).map(str::to_owned),
        Source::StateName => Some(state_name(text).into_owned()),
        Source::StateCode => state_code(text).map(str::to_owned),
        _ => Some(text.to_owned()),
    };
    // Several stored texts may become one.
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (text, contacts) in reader.frequent_texts(field, MOST + 1)? {
        if let Some(value) = as_sent(&text) {
            *counts.entry(value).or_default() += contacts;
        }
    }
    Ok(Some(most_frequent(counts)))
}

fn most_frequent(counts: BTreeMap<String, u64>) -> Found {
    let mut found: Vec<_> = counts.into_iter().collect();
    found.sort_by_key(|(_, contacts)| Reverse(*contacts));
    let found = found.into_iter();
    found
        .map(|(value, contacts)| (value, Some(contacts)))
        .collect()
}

impl MappingDesk {
    /// Reads the values of a row contact by contact; with how many were looked at, where it was not all of them.
    fn texts(&self, reader: &Reader<'_>, row: &MappingRow) -> Result<(Found, Option<u64>)> {
        let names = self.names();
        let compiled = compile_alone(row, &names, &self.object, &self.settings, &self.zone);
        // A row with a fault has no values yet.
        let Ok(compiled) = compiled else {
            return Ok((Vec::new(), None));
        };
        let query = CandidateQuery {
            replication: self.replication.id,
            org_id: None,
            object: &self.replication.object,
            selection: &Selection::default(),
            purposes: compiled.purposes(),
            segments: compiled.segments(),
            fields: compiled.fields(),
            scores: compiled.scores(),
            records: compiled.records(),
            records_org: self.org_id(),
            near: None,
            accounts: compiled.needs_accounts(),
        };
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let (mut looked_at, mut cursor) = (0, Cursor::default());
        loop {
            let (ids, next) =
                reader.selection_page(self.replication.id, &Scope::All, cursor, STRIDE)?;
            if ids.is_empty() {
                return Ok((most_frequent(counts), None));
            }
            if looked_at >= MOST_LOOKED_AT {
                return Ok((most_frequent(counts), Some(looked_at)));
            }
            cursor = next;
            for candidate in reader.candidates(&query, &ids)? {
                if candidate.contact.deleted_at.is_some() {
                    continue;
                }
                looked_at += 1;
                for text in compiled.texts(&candidate) {
                    *counts.entry(text).or_default() += 1;
                }
            }
        }
    }
}
