//! How fields are compared.

use serde::{Deserialize, Serialize};

use crate::FieldKind;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The same; texts without regard to case and accents.
    Equals,
    /// Another value, or none.
    NotEquals,
    /// The text occurs anywhere.
    Contains,
    /// The text begins so.
    StartsWith,
    /// The text ends so.
    EndsWith,
    /// The text does not occur; also where there is none.
    NotContains,
    /// One of several texts.
    OneOf,
    /// None of several texts; also where there is none.
    NoneOf,
    /// There is a value.
    IsSet,
    /// There is no value.
    IsNotSet,
    /// A larger number.
    Greater,
    /// The same or a larger number.
    AtLeast,
    /// A smaller number.
    Less,
    /// The same or a smaller number.
    AtMost,
    /// An earlier date or time.
    Before,
    /// A later date or time; after a date means after its last moment.
    After,
    /// Yes.
    IsTrue,
    /// No; *not asked* is neither.
    IsFalse,
    /// Not longer ago than a span such as `30 days`, and not in the future.
    WithinLast,
    /// Longer ago than a span.
    LongerAgo,
    /// In the future, not further than a span; today is part of it for dates.
    WithinNext,
    /// The next return of the day and month is not further than a span; for birthdays.
    AnniversaryWithin,
}

impl Operator {
    pub(super) fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    pub(super) fn needs_value(self) -> bool {
        !matches!(
            self,
            Self::IsSet | Self::IsNotSet | Self::IsTrue | Self::IsFalse
        )
    }

    pub(super) fn fits(self, kind: FieldKind) -> bool {
        match self {
            Self::IsSet | Self::IsNotSet => true,
            Self::Equals | Self::NotEquals => kind != FieldKind::YesNo,
            Self::Contains
            | Self::NotContains
            | Self::StartsWith
            | Self::EndsWith
            | Self::OneOf
            | Self::NoneOf => kind.is_text(),
            Self::Greater | Self::AtLeast | Self::Less | Self::AtMost => matches!(
                kind,
                FieldKind::Integer
                    | FieldKind::LongInteger
                    | FieldKind::Decimal { .. }
                    | FieldKind::Float
            ),
            Self::Before | Self::After | Self::WithinLast | Self::LongerAgo | Self::WithinNext => {
                matches!(kind, FieldKind::Date | FieldKind::DateTime)
            }
            Self::AnniversaryWithin => kind == FieldKind::Date,
            Self::IsTrue | Self::IsFalse => kind == FieldKind::YesNo,
        }
    }

    /// Returns the operator that this one is the opposite of: its answer for contacts without a value is yes.
    pub(crate) fn opposite(self) -> Option<Self> {
        Some(match self {
            Self::NotEquals => Self::Equals,
            Self::NotContains => Self::Contains,
            Self::NoneOf => Self::OneOf,
            Self::IsNotSet => Self::IsSet,
            _ => return None,
        })
    }

    /// Tells whether the answer changes as time passes.
    pub(crate) fn is_relative(self) -> bool {
        matches!(
            self,
            Self::WithinLast | Self::LongerAgo | Self::WithinNext | Self::AnniversaryWithin
        )
    }
}
