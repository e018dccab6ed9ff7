//! What an act remembers of one contact.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use crate::contacts::CellChange;
use crate::{AccountId, AccountRole, ContactField, CustomFieldId, LinkId, PurposeId};

/// What stood there before an act, and what the act put there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Image {
    /// Column -> before and after.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) fields: BTreeMap<String, (Stored, Stored)>,
    /// The act deleted the contact.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) deleted: bool,
    /// The contact that this one was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) merged_into: Option<i64>,
    /// The memberships that a merge took away, or gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) memberships: Vec<Membered>,
    /// The links that a merge took away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) links: Vec<i64>,
    /// The links that an import gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) linked: Vec<LinkId>,
    /// The activities that a merge took away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) activities: Vec<i64>,
    /// The queue entries that were withdrawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) withdrawn: Vec<i64>,
    /// The replications whose marks a merge gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) marks: Vec<i64>,
    /// The answers that a merge or an import gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) consents: Vec<Answered>,
}

/// An answer that a merge or an import gave, and the one that it took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answered {
    pub(crate) purpose: PurposeId,
    pub(crate) answer: Answer,
    pub(crate) before: Option<Answer>,
}

/// Whether consent was given, when, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) given: bool,
    pub(crate) at: i64,
    pub(crate) source: String,
}

/// A membership in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Membered {
    pub(crate) account: AccountId,
    pub(crate) role: AccountRole,
    pub(crate) since: i64,
}

/// A cell as JSON; floating point numbers are kept by their bits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stored {
    Unset,
    Text(String),
    Integer(i64),
    FloatBits(u64),
}

impl Image {
    pub(crate) fn add(&mut self, changes: &[CellChange]) {
        for change in changes {
            let (before, after) = (Stored::from(&change.before), Stored::from(&change.after));
            self.fields
                .entry(change.field.column())
                .and_modify(|(_, known)| *known = after.clone())
                .or_insert((before, after));
        }
    }
}

impl From<&Cell> for Stored {
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Text(text) => Self::Text(text.clone()),
            Cell::Integer(number) => Self::Integer(*number),
            Cell::Real(number) => Self::FloatBits(number.to_bits()),
            // No column of a contact holds a blob.
            Cell::Null | Cell::Blob(_) => Self::Unset,
        }
    }
}

impl From<Stored> for Cell {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Unset => Self::Null,
            Stored::Text(text) => Self::Text(text),
            Stored::Integer(number) => Self::Integer(number),
            Stored::FloatBits(bits) => Self::Real(f64::from_bits(bits)),
        }
    }
}

/// Returns the field of a column, as [`ContactField::column`] names it.
pub(super) fn field_of(column: &str) -> Option<ContactField> {
    match column.strip_prefix("c_") {
        Some(id) => id
            .parse()
            .ok()
            .map(|id| ContactField::Custom(CustomFieldId(id))),
        None => ContactField::built_in(column),
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(yes: &bool) -> bool {
    !yes
}
