//! `mappings.…`: which value goes to which field.

use serde::Deserialize;

use super::table::{Named, commands};
use crate::mappings::{self, Checked, MappingInfo};

commands! {
    /// Shows the mapping in force.
    "mappings.show" (Named) -> MappingInfo = |at, request| mappings::show(at.workspace()?, &request.name);
    /// Checks a text, or the mapping in force, against the fields that are known.
    "mappings.check" (CheckText) -> Checked = |at, request| {
        mappings::check(at.workspace()?, &request.name, request.text.as_deref())
    };
    /// Replaces the mapping by a text.
    "mappings.import" (MappingText) -> MappingInfo, stales ["mappings", "replications"] = |at, request| {
        mappings::import(at.workspace()?, &request.name, &request.text)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct CheckText {
    /// The replication.
    name: String,
    /// One row a line; the mapping in force without.
    text: Option<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct MappingText {
    /// The replication.
    name: String,
    /// One row a line.
    text: String,
}
