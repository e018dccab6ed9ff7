//! What the fields of an object hold: from the mirror where it is there, else from the first 2,000 records of the org.

use std::collections::HashMap;

use leadferry_store::{
    FieldProfile, Filled, Mirror, MirrorField, MirrorKind, MirrorRecord, MirrorValue,
};
use serde::{Deserialize, Serialize};

use super::{AskObject, cell, exploring, find_mirror};
use crate::search::Cell;
use crate::{Error, Result, Workspace};

/// Records of the org that are read where the object isn't mirrored: one page.
const SAMPLE: u32 = 2_000;
const TOP: usize = 10;

/// Which fields to profile.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskProfile {
    /// The object.
    #[serde(flatten)]
    #[ts(flatten)]
    pub of: AskObject,
    /// API names; none profiles every field.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>")]
    pub fields: Vec<String>,
}

/// Where the values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ProfiledFrom {
    /// Every live record of the mirror.
    Mirror,
    /// The first records of the org.
    Sample,
}

/// What the fields of an object hold.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ObjectProfile {
    /// API name.
    pub object: String,
    /// Where the values come from.
    pub from: ProfiledFrom,
    /// How many records were looked at.
    pub records: u64,
    /// Field by field.
    pub fields: Vec<ProfiledField>,
    /// API calls that this took.
    pub calls: u64,
}

/// How often a value stands in a field.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ProfiledValue {
    /// The value.
    pub value: Cell,
    /// In how many records.
    pub records: u64,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ProfiledField {
    /// API name.
    pub field: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
    /// Records that have a value.
    pub filled: u64,
    /// Different values.
    pub distinct: u64,
    /// The most frequent values, at most ten.
    pub top: Vec<ProfiledValue>,
    /// Characters of the shortest text.
    pub shortest: Option<u64>,
    /// Characters of the longest text.
    pub longest: Option<u64>,
    /// The least value.
    pub least: Cell,
    /// The greatest value.
    pub greatest: Cell,
}

impl From<FieldProfile> for ProfiledField {
    fn from(profile: FieldProfile) -> ProfiledField {
        let kind = profile.kind;
        let top = profile.top.iter().map(|one| ProfiledValue {
            value: cell(kind, Some(&one.value)),
            records: one.records,
        });
        ProfiledField {
            top: top.collect(),
            least: cell(kind, profile.least.as_ref()),
            greatest: cell(kind, profile.greatest.as_ref()),
            field: profile.field,
            label: profile.label,
            kind,
            filled: profile.filled,
            distinct: profile.distinct,
            shortest: profile.shortest,
            longest: profile.longest,
        }
    }
}

/// Profiles fields of an object.
///
/// # Errors
/// When the object or a field is unknown, or the org doesn't answer.
pub async fn profile(workspace: &Workspace, request: &AskProfile) -> Result<ObjectProfile> {
    let store = workspace.store();
    if let Some(mirror) = store.read(|reader| find_mirror(reader, &request.of))? {
        let fields = chosen(&mirror, &request.fields)?;
        let fields = fields.into_iter();
        let profiles = store.read(|reader| {
            fields
                .map(|field| reader.profile_mirrored(&mirror, field))
                .collect::<leadferry_store::Result<Vec<_>>>()
        })?;
        return Ok(ObjectProfile {
            object: mirror.object.clone(),
            from: ProfiledFrom::Mirror,
            records: profiles.first().map_or(0, |profile| profile.records),
            fields: profiles.into_iter().map(ProfiledField::from).collect(),
            calls: 0,
        });
    }
    let looked = exploring::look(workspace, &request.of, SAMPLE).await?;
    let fields = chosen(&looked.mirror, &request.fields)?;
    let profiles = fields.into_iter().map(|field| {
        let at = looked.mirror.fields.iter().position(|f| f.id == field.id);
        ProfiledField::from(of_rows(field, at.unwrap_or(usize::MAX), &looked.records))
    });
    Ok(ObjectProfile {
        object: looked.mirror.object.clone(),
        from: ProfiledFrom::Sample,
        records: looked.records.len() as u64,
        fields: profiles.collect(),
        calls: looked.calls,
    })
}

fn chosen<'m>(mirror: &'m Mirror, names: &[String]) -> Result<Vec<&'m MirrorField>> {
    if names.is_empty() {
        return Ok(mirror.fields.iter().collect());
    }
    let fields = names.iter().map(|name| {
        mirror.field(name.trim()).ok_or_else(|| {
            Error::usage(
                format!("{} has no field \"{name}\" here", mirror.object),
                "check the name",
            )
        })
    });
    fields.collect()
}

/// Profiles a field of rows that are in memory.
fn of_rows(field: &MirrorField, at: usize, records: &[MirrorRecord]) -> FieldProfile {
    let values: Vec<&MirrorValue> = records
        .iter()
        .filter_map(|record| record.values.get(at)?.as_ref())
        .collect();
    let mut counts: HashMap<String, (u64, &MirrorValue)> = HashMap::new();
    for value in &values {
        counts.entry(key(value)).or_insert((0, value)).0 += 1;
    }
    let mut top: Vec<(&String, &(u64, &MirrorValue))> = counts.iter().collect();
    top.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
    let lengths = || {
        values.iter().filter_map(|value| match value {
            MirrorValue::Text(text) => Some(text.chars().count() as u64),
            _ => None,
        })
    };
    let ordered = |a: &&&MirrorValue, b: &&&MirrorValue| compare(a, b);
    FieldProfile {
        field: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind,
        records: records.len() as u64,
        filled: values.len() as u64,
        distinct: counts.len() as u64,
        top: top
            .into_iter()
            .take(TOP)
            .map(|(_, (records, value))| Filled {
                value: (*value).clone(),
                records: *records,
            })
            .collect(),
        shortest: lengths().min(),
        longest: lengths().max(),
        least: values.iter().min_by(ordered).map(|value| (*value).clone()),
        greatest: values.iter().max_by(ordered).map(|value| (*value).clone()),
    }
}

fn key(value: &MirrorValue) -> String {
    format!("{value:?}")
}

fn compare(one: &MirrorValue, other: &MirrorValue) -> std::cmp::Ordering {
    match (one, other) {
        (MirrorValue::Text(a), MirrorValue::Text(b)) => a.cmp(b),
        (MirrorValue::Number(a), MirrorValue::Number(b)) => a.total_cmp(b),
        (MirrorValue::Whole(a), MirrorValue::Whole(b)) => a.cmp(b),
        (MirrorValue::YesNo(a), MirrorValue::YesNo(b)) => a.cmp(b),
        (MirrorValue::Date(a), MirrorValue::Date(b)) => a.cmp(b),
        _ => std::cmp::Ordering::Equal,
    }
}
