//! What a pull is, and what it has brought so far.

use leadferry_salesforce::Describe;
use leadferry_store::{ConnectionId, Mirror, MirrorState, Pull, PullRun, Reader};
use serde::Serialize;

use leadferry_replication::pulling::PullSettings;

use super::scheduling::next;
use super::{PullFilter, filter_of};
use crate::{Result, Workspace};

/// Runs of a pull that are shown with it.
const RUNS: usize = 20;

/// An object that a pull reads.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PulledObject {
    /// API name.
    pub object: String,
    /// Label of one record, as far as it is known here.
    pub label: String,
    /// Names of the fields as chosen; `None` for those that are usual.
    pub fields: Option<Vec<String>>,
    /// Which records; `None` for all.
    pub filter: Option<PullFilter>,
    /// Columns in the mirror; `None` before the schema is generated.
    pub columns: Option<u64>,
    /// Live records in the mirror.
    pub records: u64,
    /// A reading was broken off; the next run goes on with it.
    pub under_way: bool,
}

/// A pull with its latest runs.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PullDetails {
    /// Its name.
    pub name: String,
    /// The connection that it reads from.
    pub connection: String,
    /// A disabled pull runs by hand only.
    pub enabled: bool,
    /// Its schedule and what else can be set.
    pub settings: PullSettings,
    /// When it runs next by itself, UTC milliseconds.
    pub next_run_at: Option<i64>,
    /// What it reads.
    pub objects: Vec<PulledObject>,
    /// Its latest runs, the last one first.
    pub runs: Vec<PullRun>,
}

/// All pulls.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PullsListed {
    /// By name.
    pub pulls: Vec<PullDetails>,
}

/// Returns all pulls by name, each with its last run.
///
/// # Errors
/// When the workspace can't be read.
pub fn list(workspace: &Workspace) -> Result<PullsListed> {
    let now = workspace.host().now();
    let pulls = workspace.store().read(|reader| {
        let pulls = reader.pulls()?.into_iter();
        pulls.map(|pull| details(reader, pull, 1, now)).collect()
    });
    Ok(PullsListed { pulls: pulls? })
}

/// Returns a pull.
///
/// # Errors
/// When there is no such pull.
pub fn show(workspace: &Workspace, name: &str) -> Result<PullDetails> {
    let now = workspace.host().now();
    workspace
        .store()
        .read(|reader| details(reader, reader.pull_named(name)?, RUNS, now))
}

fn label(
    reader: &Reader<'_>,
    connection: ConnectionId,
    object: &str,
    mirror: Option<&Mirror>,
) -> Result<String> {
    if let Some(mirror) = mirror {
        return Ok(mirror.label.clone());
    }
    Ok(match reader.describe(connection, object)? {
        Some(kept) => Describe::parse(&kept.body)?.label,
        None => object.to_owned(),
    })
}

fn details(reader: &Reader<'_>, pull: Pull, runs: usize, now: i64) -> Result<PullDetails> {
    let settings = PullSettings::from_json(&pull.settings)?;
    let next_run_at = match pull.enabled {
        true => next(reader, &pull, &settings.schedule, now)?,
        false => None,
    };
    let connection = reader.connection(pull.connection)?;
    let mut objects = Vec::new();
    for object in &pull.objects {
        let mirror = match connection.org_id.as_deref() {
            Some(org_id) => reader.mirror_of(org_id, &object.object)?,
            None => None,
        };
        objects.push(PulledObject {
            label: label(reader, connection.id, &object.object, mirror.as_ref())?,
            fields: object.fields.clone(),
            filter: filter_of(object),
            columns: mirror.as_ref().map(|mirror| mirror.fields.len() as u64),
            records: match &mirror {
                Some(mirror) => reader.count_mirrored(mirror, Some(MirrorState::Live))?,
                None => 0,
            },
            under_way: reader.pull_progress(pull.id, &object.object)?.under_way,
            object: object.object.clone(),
        });
    }
    Ok(PullDetails {
        connection: connection.name,
        enabled: pull.enabled,
        settings,
        next_run_at,
        objects,
        runs: reader.pull_runs(pull.id, runs)?,
        name: pull.name,
    })
}
