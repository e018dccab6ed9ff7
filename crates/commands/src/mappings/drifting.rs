//! What changes of the org's fields do to mappings.

use leadferry_replication::mapping::{Names, drifted};
use leadferry_replication::targets::{Change, TargetObject};
use leadferry_salesforce::Describe;
use leadferry_store::{Reader, Replication};
use serde::Serialize;

use super::desk::MappingDesk;
use crate::{Result, Workspace};

/// Counting what would be cut visits every contact: not above so many.
const MOST_COUNTED: u64 = 100_000;

/// What has changed about the fields that a replication writes, since the user last saw it.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct FieldDrift {
    /// The replication.
    pub replication: String,
    /// Its target object.
    pub object: String,
    /// Its connection.
    pub connection: String,
    /// When the first change was noticed, UTC milliseconds.
    pub noticed_at: i64,
    /// What has changed.
    pub changes: Vec<DriftedField>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct DriftedField {
    /// API name.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What has changed.
    pub change: Change,
    /// The change in one sentence.
    pub sentence: String,
    /// The row that it concerns, as text; `None` where the field needs one now.
    pub row: Option<String>,
    /// Why the mapping cannot be used any more because of it.
    pub breaks: Option<String>,
    /// How many contacts have a value that would be cut now; `None` where it was not counted.
    pub cut: Option<u64>,
}

/// Returns what has changed and was not seen yet, for one replication or for all; those with nothing are left out.
///
/// # Errors
/// When there is no such replication.
pub fn drift(workspace: &Workspace, replication: Option<&str>) -> Result<Vec<FieldDrift>> {
    workspace.store().read(|reader| {
        let all = match replication {
            Some(name) => vec![reader.replication_named(name)?],
            None => reader.replications()?,
        };
        let mut found = Vec::new();
        for replication in &all {
            found.extend(drift_of(reader, replication)?);
        }
        Ok(found)
    })
}

/// Keeps that the user has seen what has changed for a replication.
///
/// # Errors
/// When there is no such replication, or the workspace cannot be written.
pub fn seen_drift(workspace: &Workspace, replication: &str) -> Result<()> {
    workspace.store().write(|writer| {
        let replication = writer.replication_named(replication)?;
        Ok(writer.forget_former_describe(replication.id)?)
    })
}

/// Returns what has changed for one replication and was not seen yet.
pub(crate) fn drift_of(
    reader: &Reader<'_>,
    replication: &Replication,
) -> Result<Option<FieldDrift>> {
    let (Some(connection), Some(former)) = (
        replication.connection,
        reader.former_describe(replication.id)?,
    ) else {
        return Ok(None);
    };
    let before = TargetObject::from_describe(&Describe::parse(&former.body)?);
    let desk = MappingDesk::load(reader, &replication.name, None)?;
    let names = desk.names();
    let found = drifted(
        &desk.in_force,
        &names,
        &desk.settings,
        &before,
        &desk.object,
    );
    let mut changes = Vec::new();
    for one in found {
        let cut = match one.may_cut() {
            Some((name, limit)) => count_cut(reader, &names, name, limit)?,
            None => None,
        };
        changes.push(DriftedField {
            field: one.change.field,
            label: one.change.label,
            change: one.change.change,
            sentence: one.sentence,
            row: one.row.map(|row| row.to_string()),
            breaks: one.breaks,
            cut,
        });
    }
    if changes.is_empty() {
        return Ok(None);
    }
    Ok(Some(FieldDrift {
        replication: replication.name.clone(),
        object: replication.object.clone(),
        connection: reader.connection(connection)?.name,
        noticed_at: former.at,
        changes,
    }))
}

fn count_cut(
    reader: &Reader<'_>,
    names: &Names<'_>,
    field: &str,
    limit: u32,
) -> Result<Option<u64>> {
    let Some(field) = names.text_field(field) else {
        return Ok(None);
    };
    if reader.live_contacts()? > MOST_COUNTED {
        return Ok(None);
    }
    Ok(Some(reader.count_longer(field, limit)?))
}
