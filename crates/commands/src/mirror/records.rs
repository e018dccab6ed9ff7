//! Lists mirrored records and shows one of them; without a mirror, a few rows of the org.

use std::collections::BTreeMap;

use leadferry_replication::pulling::{From, Question, choose};
use leadferry_salesforce::{Describe, Id};
use leadferry_store::{Mirror, MirrorField, MirrorKind, MirrorQuery, MirrorRow, MirrorState};
use serde::{Deserialize, Serialize};

use super::naming::names;
use super::{AskObject, cell, exploring, find_mirror, usual_columns};
use crate::search::Cell;
use crate::{Error, Result, Workspace};

/// Records on a page, unless another number is asked for.
const PAGE: usize = 50;
const LARGEST_PAGE: usize = 2_000;
/// Rows of an org that isn't mirrored.
const SAMPLE: u32 = 20;

/// Which records to list.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskRecords {
    /// The object.
    #[serde(flatten)]
    #[ts(flatten)]
    pub of: AskObject,
    /// API names of the fields to show; none shows what is usual.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>")]
    pub columns: Vec<String>,
    /// A text that the records contain.
    pub text: Option<String>,
    /// Only records in this state.
    pub state: Option<MirrorState>,
    /// Records after this one.
    pub after: Option<String>,
    /// How many; 50 without.
    pub limit: Option<usize>,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct MirrorColumn {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
}

/// A record of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RecordListed {
    /// 18 characters.
    pub id: String,
    /// `<Id>@<orgId>.Salesforce`.
    pub identity: String,
    /// Whether the org still has it.
    pub state: MirrorState,
    /// The record that it was merged into.
    pub winner: Option<String>,
    /// Values, column by column.
    pub values: Vec<Cell>,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RecordsListed {
    /// API name.
    pub object: String,
    /// They come from the mirror; else they are sample rows of the org.
    pub mirrored: bool,
    /// The columns.
    pub columns: Vec<MirrorColumn>,
    /// The records.
    pub records: Vec<RecordListed>,
    /// Names of the records that values point to, by record id, as far as they are mirrored.
    pub names: BTreeMap<String, String>,
    /// Ask with this as `after` for the next page; none on the last one.
    pub next: Option<String>,
    /// API calls that this took.
    pub calls: u64,
}

/// A field of a mirrored record.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct MirroredFieldValue {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
    /// The value.
    pub value: Cell,
    /// The identity of the record that it points to.
    pub reference: Option<String>,
    /// The name of that record, as far as it is mirrored.
    pub reference_name: Option<String>,
    /// The org no longer has the field; the value is the last one that was read.
    pub gone: bool,
}

/// A mirrored record.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct MirroredRecord {
    /// API name.
    pub object: String,
    /// 18 characters.
    pub id: String,
    /// `<Id>@<orgId>.Salesforce`, and for a person their email.
    pub identities: Vec<String>,
    /// Whether the org still has it.
    pub state: MirrorState,
    /// The record that it was merged into.
    pub winner: Option<String>,
    /// When the org last touched it, UTC milliseconds.
    pub stamp: Option<i64>,
    /// Its fields.
    pub fields: Vec<MirroredFieldValue>,
}

/// Lists records of the mirror. Where the object isn't mirrored, 20 rows are read from the org.
///
/// # Errors
/// When the object is neither mirrored nor known to the org, or a column is unknown.
pub async fn list(workspace: &Workspace, request: &AskRecords) -> Result<RecordsListed> {
    let store = workspace.store();
    let Some(mirror) = store.read(|reader| find_mirror(reader, &request.of))? else {
        return sample(workspace, request).await;
    };
    let fields = columns(&mirror, &request.columns)?;
    let query = MirrorQuery {
        state: request.state,
        text: request.text.clone(),
        after: request.after.clone(),
        limit: request.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE),
    };
    let (page, names) = store.read(|reader| {
        let page = reader.mirrored(&mirror, &fields, &query)?;
        let names = names(reader, &mirror, &fields, &page.rows)?;
        Ok::<_, Error>((page, names))
    })?;
    let next = page
        .rows
        .last()
        .filter(|_| page.more)
        .map(|row| row.id.clone());
    Ok(RecordsListed {
        object: mirror.object.clone(),
        mirrored: true,
        columns: fields.iter().map(|field| column(field)).collect(),
        records: page
            .rows
            .iter()
            .map(|row| listed(&mirror, &fields, row))
            .collect(),
        names,
        next,
        calls: 0,
    })
}

/// Shows a mirrored record.
///
/// # Errors
/// When the id is none, or no mirror holds the record.
pub fn show(workspace: &Workspace, id: &str) -> Result<MirroredRecord> {
    let bare = id.trim().split('@').next().unwrap_or_default();
    let parsed = Id::parse(bare).map_err(|_| {
        Error::usage(
            format!("\"{bare}\" isn't a record id"),
            "enter an id of 15 or 18 characters",
        )
    })?;
    workspace.store().read(|reader| {
        for mirror in reader.mirrors()? {
            if let Some(row) = reader.mirrored_record(&mirror, parsed.as_str())? {
                let fields: Vec<&MirrorField> = mirror.fields.iter().collect();
                let names = names(reader, &mirror, &fields, std::slice::from_ref(&row))?;
                return Ok(shown(&mirror, row, &names));
            }
        }
        Err(Error::usage(
            format!("the record {} isn't in the mirror", parsed.as_str()),
            "run the pull of its object",
        )
        .with_command("mirror objects"))
    })
}

fn columns<'m>(mirror: &'m Mirror, names: &[String]) -> Result<Vec<&'m MirrorField>> {
    if names.is_empty() {
        return Ok(usual_columns(mirror));
    }
    let known = names
        .iter()
        .filter(|name| !name.trim().eq_ignore_ascii_case("id"));
    let fields = known.map(|name| {
        mirror.field(name.trim()).ok_or_else(|| {
            Error::usage(
                format!("the mirror of {} has no field \"{name}\"", mirror.object),
                "choose another field, or add it to the pull",
            )
        })
    });
    fields.collect()
}

fn column(field: &MirrorField) -> MirrorColumn {
    MirrorColumn {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind,
    }
}

fn listed(mirror: &Mirror, fields: &[&MirrorField], row: &MirrorRow) -> RecordListed {
    let values = fields.iter().zip(&row.values);
    RecordListed {
        identity: mirror.identity(&row.id),
        id: row.id.clone(),
        state: row.state,
        winner: row.winner.clone(),
        values: values
            .map(|(field, value)| cell(field.kind, value.as_ref()))
            .collect(),
    }
}

pub(super) fn shown(
    mirror: &Mirror,
    row: MirrorRow,
    names: &BTreeMap<String, String>,
) -> MirroredRecord {
    let mut identities = vec![mirror.identity(&row.id)];
    let mut fields = Vec::new();
    for (field, value) in mirror.fields.iter().zip(&row.values) {
        let value = cell(field.kind, value.as_ref());
        if let (true, Cell::Text(email)) =
            (field.org_type == "email" && field.name == "Email", &value)
        {
            identities.push(email.clone());
        }
        let reference = match &value {
            Cell::Text(id) if !field.reference_to.is_empty() => Some(mirror.identity(id)),
            _ => None,
        };
        fields.push(MirroredFieldValue {
            name: field.name.clone(),
            label: field.label.clone(),
            kind: field.kind,
            reference_name: match &value {
                Cell::Text(id) if reference.is_some() => names.get(id).cloned(),
                _ => None,
            },
            value,
            reference,
            gone: field.gone_at.is_some(),
        });
    }
    MirroredRecord {
        object: mirror.object.clone(),
        id: row.id,
        identities,
        state: row.state,
        winner: row.winner,
        stamp: row.stamp,
        fields,
    }
}

/// Reads a few rows of the org as they would stand in the mirror.
async fn sample(workspace: &Workspace, request: &AskRecords) -> Result<RecordsListed> {
    let wanted = request.limit.and_then(|limit| u32::try_from(limit).ok());
    let limit = wanted.unwrap_or(SAMPLE).clamp(1, SAMPLE);
    let looked = exploring::look(workspace, &request.of, limit).await?;
    let fields = columns(&looked.mirror, &request.columns)?;
    let all: BTreeMap<&str, usize> = looked
        .mirror
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| (field.name.as_str(), at))
        .collect();
    let records = looked.records.iter().map(|record| RecordListed {
        id: record.id.clone(),
        identity: looked.mirror.identity(&record.id),
        state: match record.deleted {
            true => MirrorState::Deleted,
            false => MirrorState::Live,
        },
        winner: record.winner.clone(),
        values: fields
            .iter()
            .map(|field| {
                let at = all.get(field.name.as_str()).copied().unwrap_or(usize::MAX);
                cell(field.kind, record.values.get(at).and_then(Option::as_ref))
            })
            .collect(),
    });
    Ok(RecordsListed {
        object: looked.mirror.object.clone(),
        mirrored: false,
        columns: fields.iter().map(|field| column(field)).collect(),
        records: records.collect(),
        names: BTreeMap::new(),
        next: None,
        calls: looked.calls,
    })
}

/// Returns the question for rows of an object that isn't mirrored, as if every field of it were.
pub(super) fn question(describe: &Describe, org_id: &str) -> (Mirror, Question) {
    let plan = choose(describe, Some(&["all".to_owned()])).plan;
    let mirror = Mirror::imagined(org_id, &plan);
    let question = Question::of(describe, &mirror, &plan, None);
    (mirror, question)
}

/// Returns the query for the first rows, and reads them.
pub(super) fn first_rows(question: &Question, limit: u32) -> String {
    // Ordering a large object by its stamp costs the org more than it helps here.
    format!("{} LIMIT {limit}", question.soql(&From::Start))
}
