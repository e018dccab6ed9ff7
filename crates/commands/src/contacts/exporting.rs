//! Contacts written to a file that spreadsheets open and an import reads back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use leadferry_store::{
    AskedField, Contact, ContactField, ContactId, ListColumn, ListQuery, Reader, Value,
};
use serde::Deserialize;

use super::choosing::{Chosen, left_out};
use super::listing::{self, Column, ContactsFilter, ContactsSort, StoreResult};
use crate::contacts_file::ContactsFile;
use crate::jobs::{self, JobKind};
use crate::{Result, Workspace, headings, people};

/// Contacts read at once.
const PAGE: usize = 2_000;

/// What is written to a file.
#[derive(Debug, Clone, PartialEq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ExportRequest {
    /// Which contacts.
    #[serde(flatten)]
    pub chosen: Chosen,
    /// In which order; as they came without. Contacts that are named keep the order in which they are.
    pub sort: Option<ContactsSort>,
    /// The columns as lists name them, or fields of Salesforce's data such as `Salesforce.Rating`, each behind the guid; every
    /// field where there are none.
    pub columns: Vec<String>,
    /// The file: CSV, or an Excel workbook where its name ends with `.xlsx`.
    pub place: PathBuf,
}

impl ExportRequest {
    /// Asks for all fields of all that a filter lets through.
    pub fn all_fields(filter: ContactsFilter, place: &Path) -> Self {
        Self {
            chosen: Chosen::filtered(filter),
            sort: None,
            columns: Vec::new(),
            place: place.to_owned(),
        }
    }
}

/// Writes contacts to a file, and returns how many.
///
/// Cells hold values as they are stored, so that an import of the file changes nothing.
///
/// # Errors
/// When a column or a filter is unknown, the file cannot be written or hold so much, or somebody cancels; no file is
/// left then, and one that was there before stays.
pub fn export(workspace: &Workspace, request: &ExportRequest) -> Result<u64> {
    let title = request.place.file_name().unwrap_or_default();
    let job = jobs::begin(workspace, JobKind::Export, &title.to_string_lossy());
    let store = workspace.store();
    let columns = store.read(|reader| columns(reader, &request.columns))?;
    let ids = ids(workspace, request)?;
    let mut file = ContactsFile::create(&request.place, ids.len())?;
    file.headings(
        &columns
            .iter()
            .map(|(_, heading)| heading.as_str())
            .collect::<Vec<_>>(),
    )?;
    let columns: Vec<Wanted> = columns.into_iter().map(|(column, _)| column).collect();
    let mut count = 0;
    for page in ids.chunks(PAGE) {
        job.step("writing", count, ids.len() as u64);
        if !job.goes_on() {
            return Err(jobs::cancelled("The export"));
        }
        let lines = store.read(|reader| lines(reader, page, &columns))?;
        count += lines.len() as u64;
        for (guid, cells) in lines {
            file.line(&guid, &cells)?;
        }
    }
    match file.finish(&|| job.goes_on()) {
        Err(_) if !job.goes_on() => Err(jobs::cancelled("The export")),
        finished => finished.map(|()| count),
    }
}

/// A column of the file.
enum Wanted {
    Listed(ListColumn),
    Record(AskedField),
}

impl Wanted {
    fn named(reader: &Reader<'_>, name: &str) -> StoreResult<Self> {
        match AskedField::parse(name) {
            Some(asked) if reader.is_pulled(&asked)? => Ok(Self::Record(asked)),
            Some(asked) => Err(leadferry_store::Error::Refused(format!(
                "{} isn't in the data from Salesforce; add the field to a pull and run the pull",
                asked.name()
            ))),
            None => Ok(Self::Listed(listing::column_named(reader, name)?)),
        }
    }

    fn heading(&self, reader: &Reader<'_>) -> StoreResult<String> {
        match self {
            Self::Listed(column) => headings::of(reader, *column),
            Self::Record(asked) => Ok(asked.name()),
        }
    }

    fn read(&self, reader: &Reader<'_>, ids: &[ContactId]) -> StoreResult<Read> {
        Ok(match self {
            Self::Listed(column) => Read::Listed(Column::read(reader, ids, *column)?),
            Self::Record(asked) => {
                let values = reader.record_values(ids, asked)?.into_iter();
                Read::Record(
                    values
                        .map(|(id, (kind, value))| (id, value.of_contact(kind)))
                        .collect(),
                )
            }
        })
    }
}

/// The values of a column for a page.
enum Read {
    Listed(Column),
    Record(BTreeMap<ContactId, Value>),
}

impl Read {
    fn value(&self, contact: &Contact, name: &str) -> Option<Value> {
        match self {
            Self::Listed(column) => column.value(contact, name),
            Self::Record(values) => values.get(&contact.id).cloned(),
        }
    }
}

fn columns(reader: &Reader<'_>, wanted: &[String]) -> StoreResult<Vec<(Wanted, String)>> {
    let columns: Vec<Wanted> = if wanted.is_empty() {
        let fields = reader.all_fields()?.into_iter();
        fields
            .map(|field| Wanted::Listed(ListColumn::Field(field)))
            .collect()
    } else {
        let named = wanted.iter().map(|name| Wanted::named(reader, name));
        named.collect::<StoreResult<_>>()?
    };
    let headed = columns.into_iter().map(|column| {
        let heading = column.heading(reader)?;
        Ok((column, heading))
    });
    headed.collect()
}

fn ids(workspace: &Workspace, request: &ExportRequest) -> Result<Vec<ContactId>> {
    let store = workspace.store();
    let (Chosen::Filtered { filter, except }, Some(sort)) = (&request.chosen, &request.sort) else {
        return store.read(|reader| request.chosen.ids(reader));
    };
    let (query, left_out) = store.read(|reader| {
        let query = ListQuery {
            filter: listing::filter(reader, filter)?,
            sort: listing::sort_column(reader, Some(sort))?,
            descending: sort.descending,
        };
        Ok::<_, crate::Error>((query, left_out(reader, except)?))
    })?;
    let mut ids = store.whole_list(&query)?;
    ids.retain(|id| !left_out.contains(id));
    Ok(ids)
}

/// Returns the guid and the cells of each contact, in the order of the ids.
fn lines(
    reader: &Reader<'_>,
    ids: &[ContactId],
    columns: &[Wanted],
) -> StoreResult<Vec<(String, Vec<Option<Value>>)>> {
    let mut fields: Vec<ContactField> = people::NAMES.to_vec();
    for column in columns {
        if let Wanted::Listed(ListColumn::Field(field)) = column
            && !fields.contains(field)
        {
            fields.push(*field);
        }
    }
    let contacts = reader.contacts(ids, &fields)?;
    let is_name = |column: &Wanted| matches!(column, Wanted::Listed(ListColumn::Name));
    let names = if columns.iter().any(is_name) {
        people::named(reader, &contacts)?
    } else {
        Default::default()
    };
    let read = columns
        .iter()
        .map(|column| column.read(reader, ids))
        .collect::<StoreResult<Vec<_>>>()?;
    let line = |contact: &Contact| {
        let name = names.get(&contact.id).map_or("", |person| &person.name);
        let cells = read.iter().map(|column| column.value(contact, name));
        (contact.guid.to_string(), cells.collect())
    };
    // Contacts come in the order of their ids.
    let found = ids.iter().filter_map(|id| {
        let at = contacts.binary_search_by_key(id, |contact| contact.id);
        Some(line(&contacts[at.ok()?]))
    });
    Ok(found.collect())
}
