//! Asking the org: by criteria as a query, by words as a search, by both as a search with a filter.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use leadferry_replication::Org;
use leadferry_salesforce::soql::{Condition, Order, Path, Select};
use leadferry_salesforce::{Cursor, ErrorCode, MAX_FOUND, Page, Record, Search, SearchObject};
use leadferry_store::Connection;
use serde::{Deserialize, Serialize};

use super::criteria::{self, Criterion, Match, Within};
use super::fields::{Described, SearchField};
use super::records::{self, Column, FoundRecord};
use super::spent::{Counting, Spent};
use super::{Object, reached};
use crate::{Error, Result, Workspace};

/// Records on a page, unless more are asked for.
const PAGE: u16 = 500;
/// The most columns: what else is wanted of a record is in the org.
const MOST_COLUMNS: usize = 50;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(optional_fields, rename = "OrgSearch")]
pub struct Wanted {
    /// The object.
    pub object: Object,
    /// Words; a record must hold all of them, the last one may go on. None asks by criteria alone.
    #[serde(default)]
    #[ts(as = "Option<String>")]
    pub text: String,
    /// Where the words are looked for.
    #[serde(default)]
    #[ts(as = "Option<Within>")]
    pub within: Within,
    /// Whether all criteria must hold.
    #[serde(default)]
    #[ts(as = "Option<Match>")]
    pub matching: Match,
    /// The criteria; none finds everything.
    #[serde(default)]
    #[ts(as = "Option<Vec<Criterion>>")]
    pub criteria: Vec<Criterion>,
    /// What is shown of each record; none shows what is usual.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>")]
    pub columns: Vec<String>,
    /// In which order; by name without.
    #[serde(default)]
    pub sort: Option<SortBy>,
}

/// In which order records are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(rename = "SearchSort")]
pub struct SortBy {
    /// API name, as [`super::SearchField::name`].
    pub field: String,
    /// The greatest first.
    #[serde(default)]
    pub descending: bool,
}

/// A search to be run.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct RunSearch {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// What is looked for.
    pub search: Wanted,
    /// Records on a page, 200 to 2,000; the org takes it as a wish.
    pub page: Option<u16>,
}

/// The page after another one.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskNext {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// What was looked for.
    pub search: Wanted,
    /// [`Found::next`] of the page before.
    pub next: String,
    /// How many records there were on the pages before: where the org has forgotten the search, it is asked again.
    pub seen: u64,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Found {
    /// The connection.
    pub connection: String,
    /// The columns of the records' values.
    pub columns: Vec<Column>,
    /// The records, in the order that was asked for.
    pub records: Vec<FoundRecord>,
    /// How many there are in all.
    pub total: u64,
    /// There may be more than the org returns for words: narrow the search.
    pub cut_off: bool,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<String>,
    /// What the org was asked, in its own language.
    pub query: String,
    /// What it cost.
    pub spent: Spent,
}

/// Runs a search and returns its first page.
///
/// # Errors
/// When a criterion makes no sense, or the org does not answer.
pub async fn run(workspace: &Workspace, request: &RunSearch) -> Result<Found> {
    let (connection, org) = reached(workspace, request.connection.as_deref()).await?;
    let counting = Counting::from_here(workspace, &org);
    let reader = Reading {
        workspace,
        connection: &connection,
        org: &org,
        wanted: &request.search,
    };
    let found = reader.first(request.page.unwrap_or(PAGE)).await;
    let spent = counting.done()?;
    Ok(Found { spent, ..found? })
}

/// Returns the next page of a search; where the org has forgotten it, it is asked again up to there.
///
/// # Errors
/// As [`run`].
pub async fn next(workspace: &Workspace, request: &AskNext) -> Result<Found> {
    let cursor = Cursor::parse(&request.next)?;
    let (connection, org) = reached(workspace, request.connection.as_deref()).await?;
    let counting = Counting::from_here(workspace, &org);
    let reader = Reading {
        workspace,
        connection: &connection,
        org: &org,
        wanted: &request.search,
    };
    let found = reader.next(&cursor, request.seen).await;
    let spent = counting.done()?;
    Ok(Found { spent, ..found? })
}

/// What was asked, and as which fields it will be shown.
pub(super) struct Asked {
    described: Described,
    columns: Vec<String>,
    condition: Condition,
    order: Order,
}

impl Asked {
    /// Works out what a search asks of an object.
    pub(super) fn of(described: Described, wanted: &Wanted, zone: &TimeZone) -> Result<Asked> {
        let names: &[String] = if wanted.columns.is_empty() {
            &described.columns
        } else {
            &wanted.columns
        };
        if names.len() > MOST_COLUMNS {
            return Err(Error::usage(
                format!("a search can't show more than {MOST_COLUMNS} columns"),
                "remove some",
            ));
        }
        let mut seen = BTreeSet::new();
        let mut columns = Vec::new();
        for name in names {
            let name = &described.known(name)?.name;
            if seen.insert(name.clone()) {
                columns.push(name.clone());
            }
        }
        let order = order(&described, wanted.sort.as_ref())?;
        let condition = criteria::condition(&described, &wanted.criteria, wanted.matching, zone)?;
        Ok(Asked {
            columns,
            condition,
            order,
            described,
        })
    }

    fn shown(&self) -> Vec<&SearchField> {
        let fields = self.columns.iter();
        fields
            .filter_map(|name| self.described.field(name))
            .collect()
    }

    /// Returns what is read of each record: id and name always.
    fn read(&self) -> Result<Vec<Path>> {
        let converted = self.described.field("IsConverted").map(|field| &field.name);
        let id = "Id".to_owned();
        let first = [&id, &self.described.name_field].into_iter();
        let mut seen = BTreeSet::new();
        let names = first.chain(converted).chain(&self.columns);
        let names = names.filter(|name| seen.insert(name.to_lowercase()));
        Ok(names
            .map(|name| Path::new(name))
            .collect::<Result<_, _>>()?)
    }

    pub(super) fn select(&self, columns: Vec<Path>) -> Result<Select> {
        Ok(Select {
            object: Path::new(self.described.object.name())?,
            columns,
            condition: Some(self.condition.clone()),
            order: Some(self.order.clone()),
            limit: None,
        })
    }

    pub(super) fn words(&self, wanted: &Wanted, columns: Vec<Path>) -> Search {
        let fields = columns.iter().map(|path| path.as_str().to_owned());
        let object = SearchObject {
            name: self.described.object.name().to_owned(),
            fields: fields.collect(),
            condition: Some(self.condition.clone()),
            order: Some(self.order.clone()),
            limit: Some(MAX_FOUND),
        };
        Search {
            text: wanted.text.clone(),
            objects: vec![object],
            within: wanted.within.into(),
        }
    }
}

fn order(described: &Described, sort: Option<&SortBy>) -> Result<Order> {
    let Some(sort) = sort else {
        return Ok(Order {
            by: Path::new(&described.name_field)?,
            descending: false,
        });
    };
    let field = described.known(&sort.field)?;
    if !field.sortable {
        return Err(Error::usage(
            format!("Salesforce can't sort by \"{}\"", field.label),
            "sort by another column",
        ));
    }
    Ok(Order {
        by: Path::new(&field.name)?,
        descending: sort.descending,
    })
}

/// Returns the zone in which a day of the user's begins.
pub(super) fn zone(workspace: &Workspace) -> Result<TimeZone> {
    let name = workspace.store().read(|reader| reader.time_zone())?;
    Ok(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
}

pub(super) fn has_words(wanted: &Wanted) -> bool {
    !wanted.text.trim().is_empty()
}

/// One search being read.
struct Reading<'a> {
    workspace: &'a Workspace,
    connection: &'a Connection,
    org: &'a Org,
    wanted: &'a Wanted,
}

impl Reading<'_> {
    async fn first(&self, page: u16) -> Result<Found> {
        let asked = self.asked(false).await?;
        match self.read(&asked, page).await {
            Err(Failed::Org(error)) if error.needs_describe() => {
                // A field is gone, or hidden: what is kept of the object is old.
                let asked = self.asked(true).await?;
                Ok(self.read(&asked, page).await?)
            }
            found => Ok(found?),
        }
    }

    async fn next(&self, cursor: &Cursor, seen: u64) -> Result<Found> {
        let asked = self.asked(false).await?;
        let query = asked.select(asked.read()?)?.text();
        match self.org.client.next_page(cursor).await {
            Ok(page) => self.page(&asked, query, page),
            Err(error) if error.code() == Some(&ErrorCode::InvalidQueryLocator) => {
                let page = self.again(&query, seen).await?;
                self.page(&asked, query, page)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Asks anew, and returns the page on which the record after the first `seen` stands, from that record on.
    async fn again(&self, query: &str, seen: u64) -> Result<Page> {
        let mut page = self.org.client.first_page_of(query, 2_000).await?;
        let mut before = 0;
        loop {
            let here = page.records.len() as u64;
            if before + here > seen {
                let known = usize::try_from(seen - before).unwrap_or(usize::MAX);
                page.records.drain(..known);
                return Ok(page);
            }
            before += here;
            match &page.next {
                Some(next) => page = self.org.client.next_page(next).await?,
                None => {
                    page.records.clear();
                    return Ok(page);
                }
            }
        }
    }

    async fn asked(&self, anew: bool) -> Result<Asked> {
        let (object, client) = (self.wanted.object, &self.org.client);
        let described = if anew {
            Described::anew(self.workspace, self.connection, client, object).await?
        } else {
            Described::of(self.workspace, self.connection, client, object).await?
        };
        Asked::of(described, self.wanted, &zone(self.workspace)?)
    }

    async fn read(&self, asked: &Asked, page: u16) -> std::result::Result<Found, Failed> {
        let columns = asked.read()?;
        if !has_words(self.wanted) {
            let query = asked.select(columns)?.text();
            let page = self.org.client.first_page_of(&query, page).await;
            return Ok(self.page(asked, query, page.map_err(Failed::Org)?)?);
        }
        let search = asked.words(self.wanted, columns);
        let query = search.sosl().map_err(Failed::Org)?.ok_or_else(|| {
            Error::usage(
                "the search text is too short",
                "enter at least two letters or digits",
            )
        })?;
        let records = self.org.client.search(&search).await;
        let records = records.map_err(Failed::Org)?;
        let total = records.len() as u64;
        Ok(Found {
            cut_off: total >= u64::from(MAX_FOUND),
            ..self.found(asked, query, &records, total)?
        })
    }

    fn page(&self, asked: &Asked, query: String, page: Page) -> Result<Found> {
        let next = page.next.as_ref().map(|next| next.as_str().to_owned());
        Ok(Found {
            next,
            ..self.found(asked, query, &page.records, page.total)?
        })
    }

    fn found(&self, asked: &Asked, query: String, records: &[Record], total: u64) -> Result<Found> {
        let shown = asked.shown();
        Ok(Found {
            connection: self.connection.name.clone(),
            columns: shown.iter().map(|field| Column::from(*field)).collect(),
            records: records::found(
                self.workspace,
                self.connection,
                &asked.described,
                &shown,
                records,
            )?,
            total,
            cut_off: false,
            next: None,
            query,
            spent: Spent::default(),
        })
    }
}

/// Why a search was not read: the org's own error is judged before it is told.
enum Failed {
    Org(leadferry_salesforce::Error),
    Other(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Other(error)
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Error {
        match failed {
            Failed::Org(error) => error.into(),
            Failed::Other(error) => error,
        }
    }
}
