//! The contacts that a run was about, page by page: what was sent for each, and what its record held before.

use leadferry_replication::setup::target_object;
use leadferry_replication::targets::TargetObject;
use leadferry_store::{BatchId, BatchRow, ContactId, Outcome, Reader, Run, RunId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::FIRST;
use crate::replications::{Person, people};
use crate::{Error, Result, Workspace};

/// Contacts of a page at most.
const MOST: usize = 500;

/// What a run did with contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RunPart {
    /// It created their records.
    Created,
    /// It updated their records.
    Updated,
    /// Their records were as they should be. Only the latest run knows which these are.
    Unchanged,
}

/// Which contacts of a run are asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct RunContactsQuery {
    /// The run.
    pub run: i64,
    /// What it did with them.
    pub part: RunPart,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Length of the page, 500 at most.
    pub limit: usize,
}

/// A page of a run's contacts.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunContactsPage {
    /// The contacts, in the order in which they were sent.
    pub contacts: Vec<RunContact>,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<String>,
}

/// A contact of a run.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunContact {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// The record.
    pub record_id: Option<String>,
    /// What was sent; empty when history was thinned.
    pub fields: Vec<SentField>,
}

/// A value that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct SentField {
    /// API name.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What was sent.
    pub sent: Value,
    /// What the record held before; missing where it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<Value>,
}

/// Returns contacts of a run.
///
/// # Errors
/// When there is no such run, or `after` is no page's `next`.
pub fn contacts(workspace: &Workspace, query: &RunContactsQuery) -> Result<RunContactsPage> {
    let limit = query.limit.clamp(1, MOST);
    workspace.store().read(|reader| {
        let run = reader.run(RunId(query.run))?;
        let after = query.after.as_deref();
        match query.part {
            RunPart::Created => sent(reader, &run, Outcome::Created, after, limit),
            RunPart::Updated => sent(reader, &run, Outcome::Updated, after, limit),
            RunPart::Unchanged => unchanged(reader, &run, after, limit),
        }
    })
}

fn sent(
    reader: &Reader<'_>,
    run: &Run,
    outcome: Outcome,
    after: Option<&str>,
    limit: usize,
) -> Result<RunContactsPage> {
    let after = after.map_or(Ok(FIRST), place)?;
    let mut rows = reader.run_rows_with(run.id, outcome, after, limit + 1)?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more);
    let next = next.map(|row| format!("{}:{}", row.batch.0, row.position));
    let mut named = people(reader, rows.iter().map(|row| row.contact))?;
    let object = target_object(reader, Some(run.connection), &object_of(reader, &rows)?)?;
    let contacts = rows.into_iter().map(|row| RunContact {
        person: named
            .remove(&row.contact)
            .unwrap_or_else(|| Person::gone(&row.guid)),
        fields: fields(&row, &object),
        record_id: row.record_id,
    });
    Ok(RunContactsPage {
        contacts: contacts.collect(),
        next,
    })
}

fn object_of(reader: &Reader<'_>, rows: &[BatchRow]) -> Result<String> {
    match rows.first() {
        Some(row) => Ok(reader.batch(row.batch)?.object),
        None => Ok("Lead".to_owned()),
    }
}

fn place(text: &str) -> Result<(BatchId, i64)> {
    let read = || {
        let (batch, position) = text.split_once(':')?;
        Some((BatchId(batch.parse().ok()?), position.parse().ok()?))
    };
    read().ok_or_else(|| no_place(text))
}

pub(super) fn no_place(text: &str) -> Error {
    Error::usage(
        format!("\"{text}\" isn't the end of a page."),
        "Use `next` of the page before.",
    )
}

fn fields(row: &BatchRow, object: &TargetObject) -> Vec<SentField> {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    let before = row.old_values.as_deref().and_then(read).unwrap_or_default();
    let sent = read(&row.payload).unwrap_or_default();
    let field = |(field, sent): (String, Value)| SentField {
        label: object
            .field(&field)
            .map_or_else(|| field.clone(), |known| known.label.clone()),
        before: before.get(&field).cloned(),
        field,
        sent,
    };
    sent.into_iter().map(field).collect()
}

fn unchanged(
    reader: &Reader<'_>,
    run: &Run,
    after: Option<&str>,
    limit: usize,
) -> Result<RunContactsPage> {
    let after = match after {
        Some(text) => ContactId(text.parse().map_err(|_| no_place(text))?),
        None => ContactId(0),
    };
    let is_latest = reader
        .last_run(run.replication)?
        .is_some_and(|last| last.id == run.id);
    let mut ids = if is_latest {
        reader.done_before_run(run.replication, run.id, after, limit + 1)?
    } else {
        Vec::new()
    };
    let has_more = ids.len() > limit;
    ids.truncate(limit);
    let next = ids.last().filter(|_| has_more).map(|id| id.0.to_string());
    let mut named = people(reader, ids.iter().copied())?;
    let contacts = ids.iter().filter_map(|id| {
        let person = named.remove(id)?;
        Some(RunContact {
            person,
            record_id: None,
            fields: Vec::new(),
        })
    });
    Ok(RunContactsPage {
        contacts: contacts.collect(),
        next,
    })
}
