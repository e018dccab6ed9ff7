//! The mirror: the workspace's own copy of an org's records, one table per org and object, made at run time.
//!
//! The catalogue says which tables there are and what each column holds; [`tables`] makes them, [`writing`] fills them from
//! pages of a pull, [`reading`] shows them. Names of the org never become names of the database: a table is `mirror_<id>`, a
//! column `f_<id>`.

pub(crate) mod asking;
mod erasing;
pub(crate) mod indexing;
mod people;
mod reading;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
mod touching;
mod writing;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::{Date, Error, MirrorFieldId, MirrorId, Reader, Result, Value};

pub(crate) use asking::asks_mirror;
pub use asking::{AskedField, AskedRecord};
pub use people::{PersonKeys, PersonRecord};
pub use reading::{FieldProfile, Filled, MirrorPage, MirrorQuery, MirrorRow};
pub use tables::{MirrorPlan, NewMirrorField, SchemaStep, StepKind};
pub use writing::{MirrorRecord, PageTally};

/// What a column of a mirror holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MirrorKind {
    /// Text of any length, ids and picklist values included.
    Text,
    /// A number with digits after the point.
    Number,
    /// A whole number.
    Whole,
    /// Yes or no.
    YesNo,
    /// A date.
    Date,
    /// A date and time.
    DateTime,
}

impl MirrorKind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Whole => "whole",
            Self::YesNo => "yes_no",
            Self::Date => "date",
            Self::DateTime => "date_time",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "number" => Self::Number,
            "whole" => Self::Whole,
            "yes_no" => Self::YesNo,
            "date" => Self::Date,
            "date_time" => Self::DateTime,
            _ => return None,
        })
    }
}

/// A value of a mirrored record; an empty field has none.
#[derive(Debug, Clone, PartialEq)]
pub enum MirrorValue {
    /// Text, never empty.
    Text(String),
    /// A number, finite.
    Number(f64),
    /// A whole number; also a date and time, as UTC milliseconds.
    Whole(i64),
    /// Yes or no.
    YesNo(bool),
    /// A date.
    Date(Date),
}

impl MirrorValue {
    /// Returns the value as contacts have values; a moment is a whole number in the mirror.
    pub fn of_contact(self, kind: MirrorKind) -> Value {
        match (kind, self) {
            (_, Self::Text(text)) => Value::Text(text),
            (_, Self::Number(number)) => Value::Float(number),
            (MirrorKind::DateTime, Self::Whole(moment)) => Value::DateTime(moment),
            (_, Self::Whole(number)) => Value::Integer(number),
            (_, Self::YesNo(yes)) => Value::YesNo(yes),
            (_, Self::Date(date)) => Value::Date(date),
        }
    }
}

/// Whether the org still has a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MirrorState {
    /// It does.
    Live,
    /// It is in the org's recycle bin, or was when it was read.
    Deleted,
    /// The org returned it no more: it was deleted for good, the user lost the right to see it, or it left the filter.
    Gone,
}

impl MirrorState {
    fn number(self) -> i64 {
        match self {
            Self::Live => 0,
            Self::Deleted => 1,
            Self::Gone => 2,
        }
    }

    fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Deleted,
            2 => Self::Gone,
            _ => Self::Live,
        }
    }
}

/// An object of an org that is mirrored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Id; the table is named after it.
    pub id: MirrorId,
    /// The org.
    pub org_id: String,
    /// API name.
    pub object: String,
    /// Label of one record.
    pub label: String,
    /// Columns in the order in which they were added.
    pub fields: Vec<MirrorField>,
}

/// A column of a mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorField {
    /// Id; the column is named after it.
    pub id: MirrorFieldId,
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
    /// The org's own word for its type.
    pub org_type: String,
    /// Objects that it can point to.
    pub reference_to: Vec<String>,
    /// The org calculates it.
    pub formula: bool,
    /// When the org was seen to have it no more, UTC milliseconds. Its values stay.
    pub gone_at: Option<i64>,
}

impl Mirror {
    /// Returns the column of an API name, without regard to case.
    pub fn field(&self, name: &str) -> Option<&MirrorField> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Returns the mirror that a plan would make; its table isn't there.
    pub fn imagined(org_id: &str, plan: &MirrorPlan) -> Self {
        let fields = plan.fields.iter().zip(1..);
        Self {
            id: MirrorId(0),
            org_id: org_id.to_owned(),
            object: plan.object.clone(),
            label: plan.label.clone(),
            fields: fields
                .map(|(field, id)| MirrorField {
                    id: MirrorFieldId(id),
                    name: field.name.clone(),
                    label: field.label.clone(),
                    kind: field.kind,
                    org_type: field.org_type.clone(),
                    reference_to: field.reference_to.clone(),
                    formula: field.formula,
                    gone_at: None,
                })
                .collect(),
        }
    }

    /// Returns the lasting name of one of its records: `<Id>@<orgId>.Salesforce`.
    pub fn identity(&self, record_id: &str) -> String {
        format!("{record_id}@{}.Salesforce", self.org_id)
    }
}

pub(super) fn field_of(row: &Row<'_>) -> rusqlite::Result<MirrorField> {
    let (kind, references): (String, String) = (row.get("kind")?, row.get("reference_to")?);
    Ok(MirrorField {
        id: row.get("id")?,
        name: row.get("name")?,
        label: row.get("label")?,
        kind: MirrorKind::from_name(&kind).ok_or(rusqlite::Error::InvalidQuery)?,
        org_type: row.get("type")?,
        reference_to: references.split_whitespace().map(str::to_owned).collect(),
        formula: row.get("formula")?,
        gone_at: row.get("gone_at")?,
    })
}

impl Reader<'_> {
    /// Returns the mirrored objects, by org and name.
    pub fn mirrors(&self) -> Result<Vec<Mirror>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM mirror_objects ORDER BY org_id, object")?;
        let ids: Vec<MirrorId> = statement
            .query_map([], |row| row.get("id"))?
            .collect::<rusqlite::Result<_>>()?;
        ids.into_iter().map(|id| self.mirror(id)).collect()
    }

    /// Returns the mirror of an org's object, if there is one.
    pub fn mirror_of(&self, org_id: &str, object: &str) -> Result<Option<Mirror>> {
        let id: Option<MirrorId> = self
            .connection
            .prepare_cached(
                "SELECT id FROM mirror_objects WHERE org_id = :org AND object = :object",
            )?
            .query_row(named_params! { ":org": org_id, ":object": object }, |row| {
                row.get("id")
            })
            .optional()?;
        id.map(|id| self.mirror(id)).transpose()
    }

    fn mirror(&self, id: MirrorId) -> Result<Mirror> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, label, kind, type, reference_to, formula, gone_at FROM mirror_fields
             WHERE mirror_id = :id ORDER BY id",
        )?;
        let fields = statement
            .query_map(named_params! { ":id": id }, field_of)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        self.connection
            .prepare_cached("SELECT id, org_id, object, label FROM mirror_objects WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| {
                Ok(Mirror {
                    id: row.get("id")?,
                    org_id: row.get("org_id")?,
                    object: row.get("object")?,
                    label: row.get("label")?,
                    fields,
                })
            })
            .optional()?
            .ok_or_else(|| Error::not_found("mirror", id))
    }
}
