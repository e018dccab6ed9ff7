//! What keeps the values of contacts from going as they are, row by row: so that a row can be judged by all of them, and
//! not by one sample.

use std::sync::Arc;

use leadferry_store::Candidate;
use serde::Serialize;

use super::beside::side_by_side;
use super::compiling::{Compiled, CompiledRow};
use super::converting::{Converted, Note};
use super::findings::excerpt;
use super::mapped::Purpose;
use super::problems::Problem;

/// What becomes of a value that does not go as it is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// Its contact is blocked.
    Blocked,
    /// Its contact goes without it.
    LeftOut,
    /// It is shortened.
    Shortened,
    /// Its picklist gets it as a new value.
    NewValue,
}

/// Why one contact's value for a row does not go as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The key in the record.
    pub target: Arc<str>,
    /// What becomes of it.
    pub kind: TroubleKind,
    /// What kind of fault it is, such as `not_in_picklist`.
    pub code: &'static str,
    /// What is wrong, the value named where it is known.
    pub what: String,
    /// What to do.
    pub cure: &'static str,
}

impl Compiled {
    /// Returns what keeps a contact's values from going as they are, one trouble a row at most.
    pub fn troubles(&self, candidate: &Candidate, purpose: Purpose) -> Vec<Trouble> {
        let facts = self.facts(candidate);
        let rows = self.rows.iter().filter(|row| row.is_for(purpose));
        let outcomes: Vec<_> = rows.map(|row| (row, self.value(row, facts))).collect();
        let outcomes = side_by_side(outcomes, facts, purpose).into_iter();
        let troubles = outcomes.filter_map(|(row, outcome)| match outcome {
            Ok(Some(converted)) => of_value(row, &converted),
            Ok(None) => row.must_be_set(purpose).then(|| missing(row)),
            Err(problem) => {
                let kind = match row.leaves_out && !row.must_be_set(purpose) {
                    true => TroubleKind::LeftOut,
                    false => TroubleKind::Blocked,
                };
                Some(trouble(row, kind, &problem))
            }
        });
        troubles.collect()
    }
}

fn of_value(row: &CompiledRow, converted: &Converted) -> Option<Trouble> {
    let noted = converted.notes.iter().find_map(|note| match note {
        Note::LeftOut(problem) => Some(trouble(row, TroubleKind::LeftOut, problem)),
        Note::NewValue(value) => Some(new_value(row, value)),
        Note::LineBreaks => None,
    });
    noted.or_else(|| {
        converted.cut.map(|_| Trouble {
            target: Arc::clone(&row.target),
            kind: TroubleKind::Shortened,
            code: "too_long",
            what: "the value doesn't fit the field".to_owned(),
            cure: "shorten the value in the contact, or choose another field",
        })
    })
}

fn new_value(row: &CompiledRow, value: &str) -> Trouble {
    Trouble {
        target: Arc::clone(&row.target),
        kind: TroubleKind::NewValue,
        code: "not_in_picklist",
        what: format!(
            "“{}” isn't in the picklist, and Salesforce adds it",
            excerpt(value)
        ),
        cure: "map the value to one of the picklist's",
    }
}

fn missing(row: &CompiledRow) -> Trouble {
    Trouble {
        target: Arc::clone(&row.target),
        kind: TroubleKind::Blocked,
        code: "required_missing",
        what: "there is no value, and the field needs one".to_owned(),
        cure: "fill in the field, or choose another source",
    }
}

fn trouble(row: &CompiledRow, kind: TroubleKind, problem: &Problem) -> Trouble {
    Trouble {
        target: Arc::clone(&row.target),
        kind,
        code: problem.code,
        what: problem.told(),
        cure: problem.cure,
    }
}
