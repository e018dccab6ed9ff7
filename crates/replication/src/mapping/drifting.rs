//! What a change of the org's fields does to a mapping.

use super::checking::check_row;
use super::{Mapping, MappingRow, Names, Severity, Source, Target};
use crate::Settings;
use crate::targets::{Change, FieldChange, TargetObject, drift};

/// A change of a field that concerns a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drifted {
    /// What has changed.
    pub change: FieldChange,
    /// The row that it concerns; `None` where a field needs one now.
    pub row: Option<MappingRow>,
    /// Why the mapping cannot be used any more because of it.
    pub breaks: Option<String>,
    /// The change in one sentence.
    pub sentence: String,
}

/// Returns the changes that concern a mapping: those of its targets, and fields that a new record must have now.
pub fn drifted(
    mapping: &Mapping,
    names: &Names<'_>,
    settings: &Settings,
    before: &TargetObject,
    after: &TargetObject,
) -> Vec<Drifted> {
    let row_of = |name: &str| {
        mapping.rows.iter().find(|row| match &row.target {
            Target::Field(field) => field == name,
            Target::Parent { relationship, .. } => [before, after].iter().any(|object| {
                object
                    .lookup(relationship)
                    .is_some_and(|lookup| lookup.name == name)
            }),
        })
    };
    let is_identifier = |name: &str| name.eq_ignore_ascii_case(&settings.identifier);
    drift(before, after)
        .into_iter()
        .filter_map(|change| {
            let row = row_of(&change.field);
            let identifier = is_identifier(&change.field);
            if row.is_none() && !identifier && change.change != Change::Required {
                return None;
            }
            if identifier && change.change == Change::Required {
                return None;
            }
            let breaks = match row {
                Some(row) => fault(row, names, settings, after),
                None if identifier => after.identifier(&settings.identifier).err(),
                None => settings
                    .create_missing
                    .then(|| "it isn't mapped, so no records can be created".to_owned()),
            };
            Some(Drifted {
                sentence: change.sentence(),
                row: row.cloned(),
                breaks,
                change,
            })
        })
        .collect()
}

impl Drifted {
    /// Returns the contact field whose values may have become too long, and how much fits.
    pub fn may_cut(&self) -> Option<(&str, u32)> {
        match (&self.row.as_ref()?.source, &self.change.change) {
            (Source::Field(name), Change::Shorter { after, .. }) => Some((name, *after)),
            _ => None,
        }
    }
}

fn fault(
    row: &MappingRow,
    names: &Names<'_>,
    settings: &Settings,
    after: &TargetObject,
) -> Option<String> {
    let mut found = Vec::new();
    check_row(row, names, after, settings, &mut found);
    found
        .into_iter()
        .find(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.message)
}
