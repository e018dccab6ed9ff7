//! Pages of a list of contacts, as a grid shows them.

use std::collections::BTreeMap;

use leadferry_replication::mapping::{country_name, state_name};
use leadferry_store::{
    Condition, ConsentRule, Contact, ContactField, ContactId, Delivery, Guid, ImportId, ListColumn,
    ListFilter, ListPage, ListQuery, Reader,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Result, Workspace, labels, people, values};

/// Longest page.
const LONGEST_PAGE: usize = 500;
/// Most contacts that can be named one by one; a filter chooses any number.
pub const MOST_CHOSEN: usize = 10_000;

/// Which contacts; all of it must hold.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ContactsFilter {
    /// Beginnings of words in the name, email, company, address or a phone number.
    #[ts(optional)]
    pub text: Option<String>,
    /// Conditions on fields.
    #[ts(optional, as = "Option<Vec<Condition>>")]
    pub conditions: Vec<Condition>,
    /// Least points in scores.
    #[ts(optional, as = "Option<Vec<LeastPoints>>")]
    pub points: Vec<LeastPoints>,
    /// How far they have got; any of these.
    #[ts(optional, as = "Option<Vec<Delivery>>")]
    pub deliveries: Vec<Delivery>,
    /// The segment that they are in.
    pub segment: Option<String>,
    /// How their consent to a purpose stands.
    #[ts(optional)]
    pub consent: Option<ConsentRule>,
    /// The import that created or changed them.
    #[ts(optional)]
    pub import: Option<i64>,
    /// Deleted ones instead of live ones.
    #[ts(optional, as = "Option<bool>")]
    pub deleted: bool,
}

/// Least points in a score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
pub struct LeastPoints {
    /// The score.
    pub score: String,
    /// At least so many.
    pub at_least: i64,
}

/// What a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
pub struct ContactsSort {
    /// A column, see `columns`.
    pub column: String,
    /// From large to small.
    pub descending: bool,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct PageRequest {
    /// Which contacts.
    #[serde(default)]
    #[ts(optional, as = "Option<ContactsFilter>")]
    pub filter: ContactsFilter,
    /// In which order; the newest first without.
    pub sort: Option<ContactsSort>,
    /// What is wanted of each: `name`, field names, `account`, `points:<score>`, `salesforce`.
    pub columns: Vec<String>,
    /// Position of the first, from 0.
    pub from: u64,
    /// Length of the page, 500 at most.
    pub limit: usize,
    /// A contact's guid whose position is wanted too.
    pub find: Option<String>,
}

/// A page of a list of contacts.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ContactsPage {
    /// The contacts, in the list's order.
    pub rows: Vec<ContactRow>,
    /// How many the list has; none while that is being found out.
    pub total: Option<u64>,
    /// Where the contact that was looked for stands, from 0; none when it is not in the list.
    pub place: Option<u64>,
    /// A newer order is being worked out: ask again in a moment.
    pub settling: bool,
}

/// A row of a list of contacts.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ContactRow {
    /// Its lasting name.
    pub guid: Guid,
    /// Its name, as people write it; its email without one, its company without that.
    pub name: String,
    /// Its cells, in the order of the columns asked for; null where there is no value. Countries and states are named.
    pub cells: Vec<Value>,
}

/// Returns a page of a list of contacts.
///
/// # Errors
/// When a column, field or score is unknown, or another list was asked for meanwhile.
pub fn page(workspace: &Workspace, request: &PageRequest) -> Result<ContactsPage> {
    let store = workspace.store();
    let (query, columns, find) = store.read(|reader| {
        let columns = request
            .columns
            .iter()
            .map(|column| column_named(reader, column));
        let find = match &request.find {
            Some(guid) => Some(reader.find_contact(guid)?),
            None => None,
        };
        let query = ListQuery {
            filter: filter(reader, &request.filter)?,
            sort: sort_column(reader, request.sort.as_ref())?,
            descending: request.sort.as_ref().is_none_or(|sort| sort.descending),
        };
        Ok::<_, leadferry_store::Error>((query, columns.collect::<Result<Vec<_>, _>>()?, find))
    })?;
    let ListPage {
        ids,
        total,
        place,
        settling,
    } = store.list_page(&query, request.from, request.limit.min(LONGEST_PAGE), find)?;
    Ok(ContactsPage {
        rows: store.read(|reader| rows(reader, &ids, &columns))?,
        total,
        place,
        settling,
    })
}

/// Returns how many contacts a filter lets through.
///
/// # Errors
/// As [`page`].
pub fn count_filtered(workspace: &Workspace, wanted: &ContactsFilter) -> Result<u64> {
    let store = workspace.store();
    let filter = store.read(|reader| filter(reader, wanted))?;
    Ok(store.count_listed(&filter)?)
}

/// Returns the guids of a list's contacts from a position on, [`MOST_CHOSEN`] at most.
///
/// # Errors
/// As [`page`].
pub fn guids(workspace: &Workspace, request: &PageRequest) -> Result<Vec<Guid>> {
    let store = workspace.store();
    let query = store.read(|reader| {
        Ok::<_, leadferry_store::Error>(ListQuery {
            filter: filter(reader, &request.filter)?,
            sort: sort_column(reader, request.sort.as_ref())?,
            descending: request.sort.as_ref().is_none_or(|sort| sort.descending),
        })
    })?;
    let limit = request.limit.min(MOST_CHOSEN);
    let ids = store.list_page(&query, request.from, limit, None)?.ids;
    Ok(store.read(|reader| {
        let mut by_id: BTreeMap<ContactId, Guid> = reader
            .contacts(&ids, &[])?
            .into_iter()
            .map(|contact| (contact.id, contact.guid))
            .collect();
        Ok::<_, leadferry_store::Error>(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    })?)
}

pub(super) type StoreResult<T> = Result<T, leadferry_store::Error>;

pub(super) fn sort_column(
    reader: &Reader<'_>,
    sort: Option<&ContactsSort>,
) -> StoreResult<ListColumn> {
    match sort {
        Some(sort) => column_named(reader, &sort.column),
        None => Ok(ListColumn::Field(ContactField::CreatedAt)),
    }
}

pub(super) fn column_named(reader: &Reader<'_>, name: &str) -> StoreResult<ListColumn> {
    Ok(match name {
        "name" => ListColumn::Name,
        "account" => ListColumn::Account,
        "salesforce" => ListColumn::Delivery,
        _ => match name.strip_prefix("points:") {
            Some(score) => ListColumn::Points(reader.score_named(score)?.id),
            None => ListColumn::Field(reader.field_named(name)?),
        },
    })
}

pub(super) fn filter(reader: &Reader<'_>, wanted: &ContactsFilter) -> StoreResult<ListFilter> {
    let points = wanted
        .points
        .iter()
        .map(|least| Ok((reader.score_named(&least.score)?.id, least.at_least)));
    for condition in &wanted.conditions {
        reader.check_condition(condition)?;
    }
    Ok(ListFilter {
        text: wanted
            .text
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        conditions: wanted.conditions.clone(),
        points: points.collect::<StoreResult<_>>()?,
        deliveries: wanted.deliveries.clone(),
        import: wanted.import.map(ImportId),
        segment: match &wanted.segment {
            Some(name) => Some(reader.segment_named(name)?.id),
            None => None,
        },
        consent: match &wanted.consent {
            Some(rule) => Some((reader.purpose(&rule.consent)?.id, rule.is)),
            None => None,
        },
        deleted: wanted.deleted,
    })
}

fn rows(
    reader: &Reader<'_>,
    ids: &[ContactId],
    columns: &[ListColumn],
) -> StoreResult<Vec<ContactRow>> {
    let mut fields = people::NAMES.to_vec();
    for column in columns {
        if let ListColumn::Field(field) = column
            && !fields.contains(field)
        {
            fields.push(*field);
        }
    }
    let contacts = reader.contacts(ids, &fields)?;
    let names = people::named(reader, &contacts)?;
    let mut by_id: BTreeMap<ContactId, Contact> = contacts
        .into_iter()
        .map(|contact| (contact.id, contact))
        .collect();
    let read = columns
        .iter()
        .map(|column| Column::read(reader, ids, *column))
        .collect::<StoreResult<Vec<_>>>()?;
    // A contact that was removed since the list was settled has no row any more.
    let found = ids.iter().filter_map(|id| by_id.remove(id));
    Ok(found
        .map(|contact| {
            let name = names.get(&contact.id).map_or("", |person| &person.name);
            let cells = read.iter().map(|column| column.cell(&contact, name));
            ContactRow {
                cells: cells.collect(),
                name: name.to_owned(),
                guid: contact.guid,
            }
        })
        .collect())
}

/// The values of a column for a page, but for those that stand in the contact's own row.
pub(super) enum Column {
    Name,
    Field(ContactField),
    Account(BTreeMap<ContactId, String>),
    Delivery(BTreeMap<ContactId, Delivery>),
    Points(BTreeMap<ContactId, i64>),
}

impl Column {
    pub(super) fn read(
        reader: &Reader<'_>,
        ids: &[ContactId],
        column: ListColumn,
    ) -> StoreResult<Column> {
        Ok(match column {
            ListColumn::Name => Column::Name,
            ListColumn::Field(field) => Column::Field(field),
            ListColumn::Points(score) => Column::Points(reader.points(score, ids)?),
            ListColumn::Delivery => Column::Delivery(reader.deliveries(ids)?),
            ListColumn::Account => {
                let mut names = BTreeMap::new();
                for (id, memberships) in reader.companies_of(ids)? {
                    if let Some(first) = memberships.first() {
                        names.insert(id, reader.account(first.account)?.name().to_owned());
                    }
                }
                Column::Account(names)
            }
        })
    }

    /// Returns a contact's value as it is stored.
    pub(super) fn value(&self, contact: &Contact, name: &str) -> Option<leadferry_store::Value> {
        use leadferry_store::Value::{Integer, Text};
        match self {
            Column::Name => Some(Text(name.to_owned())),
            Column::Field(field) => contact.values.get(*field).cloned(),
            Column::Account(names) => names.get(&contact.id).cloned().map(Text),
            Column::Delivery(states) => {
                let state = states.get(&contact.id)?;
                Some(Text(labels::delivery(*state).to_owned()))
            }
            Column::Points(points) => Some(Integer(points.get(&contact.id).copied().unwrap_or(0))),
        }
    }

    fn cell(&self, contact: &Contact, name: &str) -> Value {
        let text = |field| contact.values.text(field);
        match self {
            Column::Name => name.into(),
            Column::Field(field @ ContactField::Country) => text(*field).map(country_name).into(),
            Column::Field(field @ ContactField::State) => text(*field).map(state_name).into(),
            Column::Field(field) => contact.values.get(*field).map_or(Value::Null, values::json),
            Column::Account(names) => names.get(&contact.id).cloned().into(),
            Column::Delivery(states) => {
                let state = states.get(&contact.id);
                serde_json::to_value(state).unwrap_or_default()
            }
            Column::Points(points) => points.get(&contact.id).copied().unwrap_or(0).into(),
        }
    }
}

/// A field of contacts, for column choosers, filters and forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactFieldInfo {
    /// Its name, the custom ones as `custom:NAME`.
    pub name: String,
    /// The same for people.
    pub label: String,
    /// What it holds.
    pub kind: &'static str,
    /// Digits after the point, of a decimal.
    pub scale: Option<u8>,
    /// Whether it can be set by hand.
    pub writable: bool,
    /// Whether the user declared it.
    pub custom: bool,
}

/// Returns every field of contacts: the built-in ones, then the custom ones.
pub fn fields(workspace: &Workspace) -> Result<Vec<ContactFieldInfo>> {
    use leadferry_store::FieldKind;
    Ok(workspace.store().read(|reader| {
        let fields = reader.all_fields()?.into_iter().map(|field| {
            let name = reader.field_name(field)?;
            let kind = reader.field_kind(field)?;
            Ok(ContactFieldInfo {
                label: labels::field(&name),
                kind: kind.name(),
                scale: match kind {
                    FieldKind::Decimal { scale } => Some(scale),
                    _ => None,
                },
                writable: field.is_writable(),
                custom: name.starts_with("custom:"),
                name,
            })
        });
        fields.collect::<StoreResult<_>>()
    })?)
}
