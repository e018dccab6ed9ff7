//! The mirror: what pulls have brought, object by object, and a look at the org's objects before any pull.

mod asking;
mod beside;
mod exploring;
mod naming;
mod profiling;
mod records;

use jiff::Timestamp;
use leadferry_store::{Connection, Mirror, MirrorField, MirrorValue, Reader};
pub use leadferry_store::{MirrorKind, MirrorState};
use serde::{Deserialize, Serialize};

pub use asking::{Askable, AskableField, askable};
pub use beside::{AskBeside, BesideContact, RecordBeside, of_contact};
pub use exploring::{AskOrgObjects, OrgObjectListed, OrgObjects, org_objects};
pub use profiling::{
    AskProfile, ObjectProfile, ProfiledField, ProfiledFrom, ProfiledValue, profile,
};
pub use records::{
    AskRecords, MirrorColumn, MirroredFieldValue, MirroredRecord, RecordListed, RecordsListed,
    list, show,
};

use crate::search::Cell;
use crate::{Error, Result, Workspace};

/// An object of the mirror, or of the org, that is asked about.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskObject {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// API name.
    pub object: String,
}

/// A mirrored object with its counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct MirroredObject {
    /// The connections to its org.
    pub connections: Vec<String>,
    /// The org's id.
    pub org_id: String,
    /// API name.
    pub object: String,
    /// Label of one record.
    pub label: String,
    /// Columns.
    pub fields: u64,
    /// Records that the org has.
    pub live: u64,
    /// Records in the recycle bin when they were read.
    pub deleted: u64,
    /// Records that the org returned no more.
    pub gone: u64,
    /// The pull that reads it.
    pub pull: Option<String>,
    /// When that pull last ended, UTC milliseconds.
    pub read_at: Option<i64>,
}

/// All mirrored objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct MirroredObjects {
    /// By org and name.
    pub objects: Vec<MirroredObject>,
}

/// Returns the mirrored objects with their counts.
///
/// # Errors
/// When the workspace can't be read.
pub fn objects(workspace: &Workspace) -> Result<MirroredObjects> {
    let objects = workspace.store().read(|reader| {
        let mirrors = reader.mirrors()?.into_iter();
        mirrors.map(|mirror| counted(reader, &mirror)).collect()
    });
    Ok(MirroredObjects { objects: objects? })
}

/// Returns the counts of a mirrored object.
///
/// # Errors
/// When it isn't mirrored.
pub fn count(workspace: &Workspace, request: &AskObject) -> Result<MirroredObject> {
    workspace.store().read(|reader| {
        let mirror = mirror_of(reader, request)?;
        counted(reader, &mirror)
    })
}

fn counted(reader: &Reader<'_>, mirror: &Mirror) -> Result<MirroredObject> {
    let of = |state| reader.count_mirrored(mirror, Some(state));
    let connections = reader.connections()?.into_iter();
    let connections = connections.filter(|c| c.org_id.as_deref() == Some(&mirror.org_id));
    let pull = reader.other_pull_of(&mirror.org_id, &mirror.object, None)?;
    let read_at = match &pull {
        Some(name) => {
            let runs = reader.pull_runs(reader.pull_named(name)?.id, 1)?;
            runs.first().and_then(|run| run.ended_at)
        }
        None => None,
    };
    Ok(MirroredObject {
        connections: connections.map(|connection| connection.name).collect(),
        org_id: mirror.org_id.clone(),
        object: mirror.object.clone(),
        label: mirror.label.clone(),
        fields: mirror.fields.len() as u64,
        live: of(MirrorState::Live)?,
        deleted: of(MirrorState::Deleted)?,
        gone: of(MirrorState::Gone)?,
        pull,
        read_at,
    })
}

/// Returns the mirror of an object, if there is one; with a connection only that of its org.
fn find_mirror(reader: &Reader<'_>, request: &AskObject) -> Result<Option<Mirror>> {
    let name = request.object.trim();
    if let Some(connection) = &request.connection {
        let connection: Connection = reader.connection_named(connection)?;
        return Ok(match connection.org_id.as_deref() {
            Some(org_id) => reader.mirror_of(org_id, name)?,
            None => None,
        });
    }
    let mut found: Vec<Mirror> = reader
        .mirrors()?
        .into_iter()
        .filter(|mirror| mirror.object.eq_ignore_ascii_case(name))
        .collect();
    if found.len() > 1 {
        return Err(Error::usage(
            format!("{name} is mirrored from several orgs"),
            "choose a connection",
        ));
    }
    Ok(found.pop())
}

fn mirror_of(reader: &Reader<'_>, request: &AskObject) -> Result<Mirror> {
    find_mirror(reader, request)?.ok_or_else(|| {
        Error::usage(
            format!("\"{}\" isn't in the mirror", request.object.trim()),
            "add it to a pull and run the pull",
        )
        .with_command("pulls list")
    })
}

/// Returns a value as a text.
pub(crate) fn plain(kind: MirrorKind, value: &MirrorValue) -> String {
    match cell(kind, Some(value)) {
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::YesNo(true) => "Yes".to_owned(),
        Cell::YesNo(false) => "No".to_owned(),
        _ => String::new(),
    }
}

/// Returns a value as it is shown.
fn cell(kind: MirrorKind, value: Option<&MirrorValue>) -> Cell {
    match (kind, value) {
        (_, None) => Cell::Nothing,
        (MirrorKind::DateTime, Some(MirrorValue::Whole(ms))) => {
            let moment = Timestamp::from_millisecond(*ms).unwrap_or_default();
            Cell::Text(moment.to_string())
        }
        (_, Some(MirrorValue::Text(text))) => Cell::Text(text.clone()),
        (_, Some(MirrorValue::Number(number))) => Cell::Number(*number),
        (_, Some(MirrorValue::Whole(number))) => Cell::Number(*number as f64),
        (_, Some(MirrorValue::YesNo(yes))) => Cell::YesNo(*yes),
        (_, Some(MirrorValue::Date(date))) => Cell::Text(date.to_string()),
    }
}

/// Returns the fields that a list shows until the user chooses: the record's name and what usually tells records apart.
fn usual_columns(mirror: &Mirror) -> Vec<&MirrorField> {
    const USUAL: [&str; 15] = [
        "Name",
        "Email",
        "Company",
        "Title",
        "CampaignId",
        "LeadOrContactId",
        "LeadId",
        "ContactId",
        "OpportunityId",
        "AccountId",
        "StageName",
        "Status",
        "Amount",
        "Role",
        "LastModifiedDate",
    ];
    let usual: Vec<&MirrorField> = USUAL.iter().filter_map(|name| mirror.field(name)).collect();
    match usual.is_empty() {
        true => mirror.fields.iter().take(6).collect(),
        false => usual,
    }
}
