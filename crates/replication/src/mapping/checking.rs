//! Holds a mapping against the target object before anything is sent.

mod rows;
mod target_field;

use std::collections::BTreeMap;

pub(super) use rows::{CheckedRow, check_row};
pub(crate) use target_field::nearest_target;
pub(super) use target_field::target_field;

use leadferry_store::counted;

use super::dependence::Dependence;
use super::parsing::read_rows;
use super::wording::said;
use super::{Finding, Mapping, Names, Overwrite, Severity, Source};
use crate::Settings;
use crate::targets::TargetObject;

/// Checks a mapping; lines are counted as in its own text form, one row a line.
pub fn check(
    mapping: &Mapping,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
) -> Vec<Finding> {
    examine(mapping, names, object, settings).0
}

/// Reads and checks the text form; lines are counted in that text.
pub fn check_text(
    text: &str,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
) -> Vec<Finding> {
    let (lines, rows): (Vec<_>, Vec<_>) = match read_rows(text) {
        Ok(rows) => rows.into_iter().unzip(),
        Err(findings) => return findings,
    };
    let mut findings = check(&Mapping { rows }, names, object, settings);
    for finding in &mut findings {
        finding.line = finding.line.and_then(|line| lines.get(line - 1).copied());
    }
    findings
}

/// Checks a mapping; also returns the rows that are sound.
pub(super) fn examine(
    mapping: &Mapping,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
) -> (Vec<Finding>, Vec<CheckedRow>) {
    let (mut findings, mut checked) = (Vec::new(), Vec::new());
    for (at, row) in mapping.rows.iter().enumerate() {
        let mut found = Vec::new();
        let sound = rows::check_row(row, names, object, settings, &mut found);
        findings.extend(found.into_iter().map(|finding| finding.at(at + 1)));
        if let Some(sound) = sound {
            checked.push(CheckedRow {
                line: at + 1,
                ..sound
            });
        }
    }
    findings.extend(twice(&checked));
    findings.extend(unmapped(
        &checked,
        object,
        settings,
        findings.iter().any(|one| one.severity == Severity::Error),
    ));
    findings.extend(without_controller(&checked, object));
    findings.extend(unused_description(mapping, settings));
    findings.extend(too_many_segments(mapping, settings));
    findings.extend(not_consent(mapping, settings));
    findings.extend(gone_sources(mapping, settings, names));
    findings.sort_by_key(|finding| finding.line.unwrap_or(usize::MAX));
    (findings, checked)
}

/// Finds targets that are written by two rows, also where one names the lookup and the other its parent.
fn twice(rows: &[CheckedRow]) -> Vec<Finding> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let line = *first
            .entry(row.field.name.to_ascii_lowercase())
            .or_insert(row.line);
        if line != row.line {
            let message = format!("{} is already mapped in line {line}", row.field.name);
            findings.push(
                Finding::error("target_twice", message, "keep one of the two rows").at(row.line),
            );
        }
    }
    findings
}

/// Finds fields that a new record needs and no row gives; rows with faults may be meant for them.
fn unmapped(
    rows: &[CheckedRow],
    object: &TargetObject,
    settings: &Settings,
    faulty: bool,
) -> Vec<Finding> {
    let is_mapped = |name: &str| rows.iter().any(|row| row.field.name == name);
    let missing = object
        .fields
        .iter()
        .filter(|field| field.required && !is_mapped(&field.name));
    if faulty || !settings.create_missing {
        return Vec::new();
    }
    missing
        .map(|field| {
            let cure = match field.name.as_str() {
                "Company" => "map the company name to it",
                "LastName" => "map the last name to it",
                _ => "map a contact field or a constant to it",
            };
            let message = format!(
                "a new {} needs {} ({}), and it isn't mapped",
                object.name, field.label, field.name
            );
            Finding::error("required_unmapped", message, cure)
        })
        .collect()
}

/// Finds fields whose values depend on a field that no row gives.
fn without_controller(rows: &[CheckedRow], object: &TargetObject) -> Vec<Finding> {
    let is_mapped = |name: &String| rows.iter().any(|row| row.field.name == *name);
    let lacking = rows.iter().filter_map(|row| {
        let dependence = Dependence::of(&row.field, object)?;
        let lacks = !dependence.controllers.iter().any(is_mapped);
        lacks.then(|| {
            let (name, by) = (&row.field.name, &dependence.controllers);
            let message = format!(
                "the values of {name} depend on {}, which isn't mapped",
                by.join(" or ")
            );
            let cure = "map that field, too. Without it, new records get no value";
            Finding::warning("controller_unmapped", message, cure).at(row.line)
        })
    });
    lacking.collect()
}

/// Finds rows that read a field of Salesforce's data that the org had once.
fn gone_sources(mapping: &Mapping, settings: &Settings, names: &Names<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, row) in mapping.rows.iter().enumerate() {
        for asked in row.source.asked_records(settings) {
            let known = names.salesforce(&asked).map(|(_, field)| field);
            if let Ok(field) = known
                && field.gone_at.is_some()
            {
                let message = format!("{} was deleted or hidden in Salesforce", field.label);
                let cure = match row.source {
                    Source::Description => {
                        "change the description template. Until then, the values that were read last are sent"
                    }
                    _ => {
                        "choose another source. Until then, the values that were read last are sent"
                    }
                };
                findings.push(Finding::warning("gone_source", message, cure).at(at + 1));
            }
        }
    }
    findings
}

/// Finds more segments than the object is to have.
fn too_many_segments(mapping: &Mapping, settings: &Settings) -> Option<Finding> {
    let rows = mapping.rows.iter().enumerate();
    let mut segments = rows.filter(|(_, row)| row.source.is_segment());
    let (at, _) = segments.nth(settings.most_segments.into())?;
    let finding = Finding::error(
        "too_many_segments",
        format!(
            "more than {} synced to this object",
            counted(settings.most_segments.into(), "segment is", "segments are")
        ),
        "stop syncing one, or raise the limit in the settings. Salesforce's limit of 25 External ID fields \
         doesn't apply to segment fields",
    );
    Some(finding.at(at + 1))
}

/// Finds rows of a consent sync that are something else; what new records are made of is not sent to others.
fn not_consent(mapping: &Mapping, settings: &Settings) -> Vec<Finding> {
    let rows = mapping.rows.iter().enumerate();
    let others = rows.filter(|(_, row)| {
        settings.consent_sync
            && row.source.says_no_with().is_none()
            && row.overwrite != Overwrite::OnCreate
    });
    others
        .map(|(at, row)| {
            Finding::error(
                "not_consent",
                format!("{} isn't consent", said(&row.source)),
                "remove the row. A replication can send it",
            )
            .at(at + 1)
        })
        .collect()
}

/// Finds a description that somebody wrote and nothing sends.
fn unused_description(mapping: &Mapping, settings: &Settings) -> Option<Finding> {
    let is_written = !settings.description.trim().is_empty()
        && settings.description != Settings::default().description;
    let is_mapped = mapping
        .rows
        .iter()
        .any(|row| row.source == Source::Description);
    (is_written && !is_mapped).then(|| {
        Finding::warning(
            "description_not_mapped",
            "the description template isn't used in any field",
            "map the generated description to Description",
        )
    })
}
