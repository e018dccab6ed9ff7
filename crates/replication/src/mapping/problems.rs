//! Why values cannot be sent.

use leadferry_store::counted;

use super::dates;

/// Why a value cannot be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: &'static str,
    /// What is wrong, as `it …` where the value can stand for `it`.
    pub(super) what: String,
    pub(super) cure: &'static str,
    /// The value or the part of it that is meant; unset where it is the whole.
    pub(super) value: Option<String>,
    /// The JSON token that would be sent if the org took it; unset where that is the text as it is.
    pub(super) token: Option<String>,
}

impl Problem {
    pub(super) fn new(code: &'static str, what: impl Into<String>, cure: &'static str) -> Self {
        Self {
            code,
            what: what.into(),
            cure,
            value: None,
            token: None,
        }
    }

    /// Returns the problem as one of this value, or of this part of it.
    pub(super) fn of(self, value: &str) -> Self {
        Self {
            value: Some(value.to_owned()),
            ..self
        }
    }
}

/// Returns the problem of text that its field cannot hold.
pub(super) fn too_long(limit: usize, cure: &'static str) -> Problem {
    Problem::new(
        "too_long",
        format!(
            "it is longer than {}",
            counted(limit as u64, "character", "characters")
        ),
        cure,
    )
}

/// Returns the problem of a value that a restricted picklist does not offer.
pub(super) fn not_in_picklist() -> Problem {
    Problem::new(
        "not_in_picklist",
        "it isn't in the picklist",
        "correct it in the contact, or add it to the value map",
    )
}

/// Returns the problem of a value that is not of its field's type.
pub(super) fn wrong_type(what: &str) -> Problem {
    Problem::new(
        "wrong_type",
        what,
        "correct the constant, the template or the mapping",
    )
}

/// Returns the problem of a date.
pub(super) fn date_fault(fault: dates::Fault) -> Problem {
    match fault {
        dates::Fault::Unreadable => wrong_type("it isn't a date such as 2026-01-31"),
        dates::Fault::OutOfRange => Problem::new(
            "date_out_of_range",
            "it isn't between the years 1700 and 4000",
            "correct it in the contact",
        ),
    }
}
