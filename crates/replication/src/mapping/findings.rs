//! What is wrong with a mapping, and what to do about it.

use std::fmt;

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The mapping cannot be used.
    Error,
    /// The mapping can be used, but probably does not do what is meant.
    Warning,
    /// The mapping does what it says, and this is what it says.
    Note,
}

/// One thing that is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Finding {
    /// Line of the text form, from 1; `None` where it concerns the whole.
    pub line: Option<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// What kind of thing it is, such as `unknown_target`.
    pub code: &'static str,
    /// What is wrong, for people.
    pub message: String,
    /// What to do, for people.
    pub cure: String,
}

impl Finding {
    pub(crate) fn error(
        code: &'static str,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            line: None,
            severity: Severity::Error,
            code,
            message: message.into(),
            cure: cure.into(),
        }
    }

    pub(crate) fn warning(
        code: &'static str,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message, cure)
        }
    }

    pub(crate) fn at(self, line: usize) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

/// Returns `did you mean "…"?` for the nearest of some names, or the text to say when none is near.
pub(crate) fn nearest<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    did_you_mean(leadferry_store::nearest(name, known), otherwise)
}

/// Returns `did you mean "…"?` where it is known what was meant, else another text.
pub(crate) fn did_you_mean(meant: Option<impl fmt::Display>, otherwise: &str) -> String {
    meant.map_or_else(
        || otherwise.to_owned(),
        |meant| format!("did you mean \"{meant}\"?"),
    )
}

/// Returns at most the first 60 characters, for quoting in messages.
pub(crate) fn excerpt(text: &str) -> String {
    let mut letters = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let start: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() {
        format!("{start}…")
    } else {
        start
    }
}
