//! Says what becomes of values that do not go as they are, and why a contact cannot be sent.

use std::sync::Arc;

use leadferry_store::Reason;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::capitalized;
use super::compiling::CompiledRow;
use super::converting::{Converted, Note};
use super::findings::excerpt;
use super::mapped::as_text;
use super::problems::Problem;

/// What becomes of a value that does not go as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What becomes of it.
    pub kind: RemarkKind,
    /// The key in the record.
    #[serde(serialize_with = "as_text")]
    pub target: Arc<str>,
    /// In words, the field and the value named.
    pub message: String,
    /// The value or the part of it that is meant, 60 characters at most.
    pub value: Option<String>,
}

/// What becomes of a value that does not go as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// It is left out: the org would refuse it.
    LeftOut,
    /// It is shortened.
    Shortened,
    /// Its picklist gets it as a new value.
    NewValue,
    /// Its line breaks become commas.
    LineBreaks,
}

/// Returns what is to be said about a value that is sent.
pub(super) fn remarks(row: &CompiledRow, converted: &Converted) -> Vec<Remark> {
    let shortened = converted.cut.map(|(from, to)| {
        let unit = if converted.json.starts_with('"') {
            "characters"
        } else {
            "decimal places"
        };
        let what = format!("shortened from {from} to {to} {unit}");
        remark(row, RemarkKind::Shortened, &what, None)
    });
    let notes = converted.notes.iter().map(|note| match note {
        Note::NewValue(value) => {
            let what = format!(
                "“{}” isn't in the picklist and would be added",
                excerpt(value)
            );
            remark(row, RemarkKind::NewValue, &what, Some(value))
        }
        Note::LineBreaks => remark(
            row,
            RemarkKind::LineBreaks,
            "line breaks become commas, because the field has one line",
            None,
        ),
        Note::LeftOut(problem) => left_out(row, problem),
    });
    shortened.into_iter().chain(notes).collect()
}

fn remark(row: &CompiledRow, kind: RemarkKind, what: &str, value: Option<&str>) -> Remark {
    Remark {
        kind,
        target: Arc::clone(&row.target),
        message: format!("{}: {what}", row.target_label),
        value: value.map(excerpt),
    }
}

/// Returns what is to be said about a value that is left out.
pub(super) fn left_out(row: &CompiledRow, problem: &Problem) -> Remark {
    let what = format!("left out, because {}", problem.told());
    remark(row, RemarkKind::LeftOut, &what, problem.value.as_deref())
}

impl Problem {
    /// Says what is wrong, the value named where it is known.
    pub(super) fn told(&self) -> String {
        match (&self.value, self.what.strip_prefix("it ")) {
            (Some(value), Some(what)) if !value.trim().is_empty() => {
                format!("“{}” {what}", excerpt(value.trim()))
            }
            _ => self.what.clone(),
        }
    }
}

/// Returns why a contact cannot be sent because of a value.
pub(super) fn reason(row: &CompiledRow, problem: &Problem) -> Reason {
    Reason {
        code: problem.code.to_owned(),
        message: format!(
            "{} from {}: {}. {}.",
            row.target_label,
            row.source_label,
            problem.told(),
            capitalized(problem.cure)
        ),
        detail: json!({
            "target": &*row.target,
            "source": row.source_label,
            "value": problem.value.as_deref().map(|value| excerpt(value.trim())),
        }),
    }
}

/// What is said behind the names of required fields that are empty.
pub const NEEDS_A_VALUE: &str = " needs a value";

/// Returns why a contact cannot be sent that lacks the values of these rows.
pub(super) fn required_missing(rows: &[&CompiledRow]) -> Reason {
    let list = |label: fn(&CompiledRow) -> &str| {
        let labels: Vec<_> = rows.iter().map(|row| label(row)).collect();
        labels.join(", ")
    };
    let targets: Vec<_> = rows.iter().map(|row| &*row.target).collect();
    Reason {
        code: "required_missing".to_owned(),
        message: format!(
            "{}{NEEDS_A_VALUE}, and the contact has none. Fill in {}.",
            list(|row| &row.target_label),
            list(|row| &row.source_label)
        ),
        detail: json!({ "targets": targets }),
    }
}
