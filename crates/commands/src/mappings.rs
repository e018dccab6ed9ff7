//! Mappings: which value goes to which field, as text and as a grid.

mod desk;
mod drifting;
mod gridding;
mod parents;
mod previewing;
mod troubling;
mod valuing;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use leadferry_replication::Settings;
pub use leadferry_replication::mapping::{Finding, Severity};
use leadferry_replication::mapping::{
    Mapping, Target, check as check_rows, check_template, day, notes,
};
use leadferry_replication::settings::farewell;
use leadferry_replication::setup::{KnownNames, learn_parents, target_object};
use leadferry_replication::targets::TargetObject;
use leadferry_store::{Reader, Replication, ReplicationId};
use serde::Serialize;

pub use desk::SampleContact;
pub(crate) use drifting::drift_of;
pub use drifting::{DriftedField, FieldDrift, drift, seen_drift};
pub use gridding::{
    AutoMatched, Direction, GridCounts, GridRequest, MappingGrid, Pasted, PastedLine, auto_match,
    paste, save, sources, template_names, try_grid, walk_samples,
};
pub use leadferry_replication::mapping::{Choices, Edit, TemplateName, TroubleKind};
pub use parents::look_at_parents;
pub use previewing::{TemplatePreview, preview_template};
pub use troubling::{RowTrouble, RowTroubles, troubles};
pub use valuing::{FoundValue, MapValues, values};

use crate::replications::check_one_writer;
use crate::{Error, Result, Workspace, quoted};

/// A replication's mapping, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct MappingInfo {
    /// The replication.
    pub replication: String,
    /// Version, from 1.
    pub version: i64,
    /// A run has used it; changing it makes a new version.
    pub frozen: bool,
    /// Its rows.
    pub rows: Vec<MappingLine>,
    /// The text form, one row a line.
    pub text: String,
    /// What was found about it.
    pub findings: Vec<Finding>,
}

/// One row of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct MappingLine {
    /// Where the value comes from, as text.
    pub source: String,
    /// Where it goes.
    pub target: String,
    /// The whole row as text.
    pub text: String,
}

/// Shows the mapping in force.
///
/// # Errors
/// When there is no such replication.
pub fn show(workspace: &Workspace, replication: &str) -> Result<MappingInfo> {
    workspace
        .store()
        .read(|reader| info(reader, &reader.replication_named(replication)?))
}

fn info(reader: &Reader<'_>, replication: &Replication) -> Result<MappingInfo> {
    let stored = reader.mapping(replication.id)?;
    let findings = findings(reader, replication, &stored.body)?;
    let rows = Mapping::parse(&stored.body).unwrap_or_default().rows;
    let rows = rows.into_iter().map(|row| MappingLine {
        source: row.source.to_string(),
        target: row.target.to_string(),
        text: row.to_string(),
    });
    Ok(MappingInfo {
        replication: replication.name.clone(),
        version: stored.version,
        frozen: stored.frozen,
        rows: rows.collect(),
        text: stored.body,
        findings,
    })
}

/// Returns the text form.
///
/// # Errors
/// When there is no such replication.
pub fn export(workspace: &Workspace, replication: &str) -> Result<String> {
    Ok(workspace
        .store()
        .read(|reader| reader.mapping(reader.replication_named(replication)?.id))?
        .body)
}

/// What checking a mapping found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Checked {
    /// The replication.
    pub replication: String,
    /// Whether it can be used.
    pub usable: bool,
    /// What was found, by line.
    pub findings: Vec<Finding>,
}

/// Checks a text, or the mapping in force, against the fields that are known.
///
/// # Errors
/// When there is no such replication.
pub fn check(workspace: &Workspace, replication: &str, text: Option<&str>) -> Result<Checked> {
    workspace.store().read(|reader| {
        let replication = reader.replication_named(replication)?;
        let body = match text {
            Some(text) => text.to_owned(),
            None => reader.mapping(replication.id)?.body,
        };
        let findings = findings(reader, &replication, &body)?;
        let usable = findings
            .iter()
            .all(|finding| finding.severity != Severity::Error);
        Ok(Checked {
            replication: replication.name,
            usable,
            findings,
        })
    })
}

/// Returns the fields that a text, or the mapping in force, writes to and the org doesn't show to this user.
///
/// # Errors
/// When there is no such replication.
pub fn unseen(workspace: &Workspace, replication: &str, text: Option<&str>) -> Result<Vec<String>> {
    workspace.store().read(|reader| {
        let replication = reader.replication_named(replication)?;
        let body = match text {
            Some(text) => text.to_owned(),
            None => reader.mapping(replication.id)?.body,
        };
        unseen_in(reader, &replication, &body)
    })
}

pub(crate) fn unseen_in(
    reader: &Reader<'_>,
    replication: &Replication,
    text: &str,
) -> Result<Vec<String>> {
    let target = target(reader, replication)?;
    if !target.described {
        return Ok(Vec::new());
    }
    let identifier = Settings::from_json(&replication.settings)?.identifier;
    let mut unseen = Vec::new();
    for row in Mapping::parse(text).unwrap_or_default().rows {
        let Target::Field(name) = row.target else {
            continue;
        };
        let is_known = target.field(&name).is_some()
            || name.eq_ignore_ascii_case(&identifier)
            || row.source.is_segment()
            || unseen.contains(&name);
        if !is_known {
            unseen.push(name);
        }
    }
    Ok(unseen)
}

/// Returns the command that gets access to fields.
pub fn show_command(replication: &str, fields: &[String]) -> String {
    let (name, fields) = (quoted(replication), fields.join(","));
    format!("replications prepare-org {name} --show {fields}")
}

/// Replaces the mapping by a text.
///
/// # Errors
/// When the text cannot be used, or another replication writes the same fields.
pub fn import(workspace: &Workspace, replication: &str, text: &str) -> Result<MappingInfo> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let replication = writer.replication_named(replication)?;
        let found = findings(writer, &replication, text)?;
        if let Some(fault) = found
            .iter()
            .find(|finding| finding.severity == Severity::Error)
        {
            let place = fault
                .line
                .map(|line| format!("line {line}: "))
                .unwrap_or_default();
            let refused = Error::usage("the mapping can't be used", fault.cure.clone())
                .because(format!("{place}{}", fault.message));
            let unseen = unseen_in(writer, &replication, text)?;
            return Err(if unseen.is_empty() {
                refused
            } else {
                refused.with_command(show_command(&replication.name, &unseen))
            });
        }
        let rows = Mapping::parse(text).unwrap_or_default();
        writer.save_mapping(replication.id, &rows.to_string(), now)?;
        let settings = Settings::from_json(&replication.settings)?;
        writer.follow_records(&rows.asked_records(&settings))?;
        check_one_writer(writer, replication.id)?;
        info(writer, &replication)
    })
}

/// Returns what was found as the reason for refusing.
fn refusal(finding: &Finding) -> Error {
    let place = finding
        .line
        .map(|line| format!("line {line}: "))
        .unwrap_or_default();
    Error::usage(format!("{place}{}", finding.message), finding.cure.clone())
}

/// Counts the starts and ends of activations that have come.
pub(crate) fn periods_passed(
    reader: &Reader<'_>,
    replication: ReplicationId,
    now: i64,
) -> leadferry_store::Result<i64> {
    let mapping = Mapping::parse(&reader.mapping(replication)?.body).unwrap_or_default();
    Ok(mapping.periods_passed(today(reader, now)?))
}

/// Returns the day in the workspace's time zone.
pub(crate) fn today(reader: &Reader<'_>, now: i64) -> leadferry_store::Result<Date> {
    let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
    Ok(day(now, &zone))
}

/// Returns everything that can be said about a text as the mapping of a replication.
pub(crate) fn findings(
    reader: &Reader<'_>,
    replication: &Replication,
    text: &str,
) -> Result<Vec<Finding>> {
    let rows = match Mapping::parse(text) {
        Ok(rows) => rows,
        Err(findings) => return Ok(findings),
    };
    let known = KnownNames::load(reader)?;
    let settings = Settings::from_json(&replication.settings)?;
    let mut target = target(reader, replication)?;
    learn_parents(&mut target, reader, replication.connection, &rows)?;
    let mut found = check_rows(&rows, &known.names(), &target, &settings);
    if found
        .iter()
        .all(|finding| finding.severity != Severity::Error)
    {
        found.extend(notes(&rows, &target, &settings));
    }
    Ok(found)
}

/// Refuses a description template that could not be planned with.
pub(crate) fn check_description(reader: &Reader<'_>, template: &str) -> Result<()> {
    let known = KnownNames::load(reader)?;
    let Some(fault) = check_template(template, &known.names()) else {
        return Ok(());
    };
    let text = "The description template wasn't saved.";
    Err(Error::usage(text, fault.cure).because(fault.message))
}

/// Refuses what could never be sent for contacts deleted here; a field that the org does not have may still be created.
pub(crate) fn check_farewell(
    reader: &Reader<'_>,
    replication: &Replication,
    settings: &Settings,
) -> Result<()> {
    let Some(row) = &settings.deleted_here else {
        return Ok(());
    };
    let known = KnownNames::load(reader)?;
    let updates = Settings {
        create_missing: false,
        ..settings.clone()
    };
    let target = target(reader, replication)?;
    let found = check_rows(&farewell(row)?, &known.names(), &target, &updates);
    let fault = found
        .into_iter()
        .find(|found| found.severity == Severity::Error && found.code != "unknown_target");
    fault.map_or(Ok(()), |fault| {
        let text = format!("{row} can't be sent for deleted contacts.");
        Err(Error::usage(text, fault.cure).because(fault.message))
    })
}

/// Returns what the replication's target object looks like.
pub(crate) fn target(reader: &Reader<'_>, replication: &Replication) -> Result<TargetObject> {
    Ok(target_object(
        reader,
        replication.connection,
        &replication.object,
    )?)
}
