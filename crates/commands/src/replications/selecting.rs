//! Whom a choice of score and segments would select, before it is saved.

use leadferry_store::{PurposeId, Reader, SegmentId, Selection};
use serde::{Deserialize, Serialize};

use crate::{Result, Workspace};

/// A choice that is not saved yet; what is unset decides nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[ts(optional_fields, rename = "SelectionChoice")]
pub struct SelectionChoice {
    /// The score's name.
    pub score: Option<String>,
    /// Points that a contact needs in it.
    pub minimum: Option<i64>,
    /// In at least one of these segments.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub any: Vec<String>,
    /// In each of these segments.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub all: Vec<String>,
    /// In none of these segments.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub none: Vec<String>,
    /// Have given consent to each of these purposes.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub consented: Vec<String>,
}

/// Whom a choice would select.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Selected {
    /// Contacts selected.
    pub selected: u64,
    /// Contacts in the workspace.
    pub contacts: u64,
    /// Of these, those of which nothing may be sent.
    pub not_sent: u64,
}

/// Counts whom a choice would select by the points of this moment.
///
/// # Errors
/// When there is no such score or segment.
pub fn would_select(workspace: &Workspace, choice: &SelectionChoice) -> Result<Selected> {
    workspace.store().read(|reader| {
        let name = choice.score.as_deref().map(str::trim);
        let threshold = match name.filter(|name| !name.is_empty()) {
            Some(name) => Some((
                reader.score_named(name)?.id,
                choice.minimum.unwrap_or_default(),
            )),
            None => None,
        };
        let selection = Selection {
            scored: false,
            any: ids(reader, &choice.any)?,
            all: ids(reader, &choice.all)?,
            none: ids(reader, &choice.none)?,
            consented: purposes(reader, &choice.consented)?,
        };
        Ok(Selected {
            selected: reader.would_select(&selection, threshold)?,
            contacts: reader.live_contacts()?,
            not_sent: reader.not_sent_count()?,
        })
    })
}

fn purposes(reader: &Reader<'_>, paths: &[String]) -> Result<Vec<PurposeId>> {
    paths
        .iter()
        .map(|path| Ok(reader.purpose(path)?.id))
        .collect()
}

fn ids(reader: &Reader<'_>, names: &[String]) -> Result<Vec<SegmentId>> {
    names
        .iter()
        .map(|name| Ok(reader.segment_named(name)?.id))
        .collect()
}
