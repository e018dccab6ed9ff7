//! What a workspace holds that could act on its own, shown before the user approves it on this computer.

use std::path::PathBuf;

use leadferry_replication::Settings;
use leadferry_replication::settings::Schedule;
use leadferry_store::{Connection, Flow, Reader, Replication};
use serde::Serialize;

use crate::figures::QueueFigures;
use crate::files::hashed;
use crate::replications::selected;
use crate::secrets::Entry;
use crate::{Code, Error, Result, Workspace, contacts};

/// What a workspace holds that could act on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct WorkspaceReview {
    /// The file.
    pub path: PathBuf,
    /// Its name; empty until set.
    pub name: String,
    /// Whether the user has approved it already.
    pub approved: bool,
    /// What this computer knows of it.
    pub origin: Origin,
    /// How many contacts there are.
    pub contacts: u64,
    /// The orgs that it could talk to, by name.
    pub connections: Vec<ReviewedConnection>,
    /// What it could send, by name.
    pub replications: Vec<ReviewedReplication>,
    /// Requests that were built and may not have been answered: the next run sends them as they are stored.
    pub open_batches: u64,
    /// Contacts whose erase was begun and not finished: it goes on, in the backups too, when the workspace is approved.
    pub unfinished_erases: u64,
    /// Stands for all of this, so that what is approved is what was shown.
    pub digest: String,
}

/// What this computer knows of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "WorkspaceOrigin")]
pub enum Origin {
    /// Nothing: it may come from somebody else.
    Unknown,
    /// It is a copy of an approved workspace, or that workspace in a new place.
    Copied {
        /// Where the approved one is, or was.
        from: PathBuf,
    },
}

/// An org that a workspace could talk to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ReviewedConnection {
    /// Its name.
    pub name: String,
    /// How it signs in.
    pub flow: Flow,
    /// Where it signs in, exactly; `None` for the practice org.
    pub host: Option<String>,
    /// The org's name as the workspace has it; anybody may have written it there.
    pub org_name: Option<String>,
    /// The org that it is bound to.
    pub org_id: Option<String>,
    /// The user who signed in last.
    pub username: Option<String>,
}

/// A replication that a workspace could run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ReviewedReplication {
    /// Its name.
    pub name: String,
    /// The object that it writes.
    pub object: String,
    /// The connection that it sends through.
    pub connection: Option<String>,
    /// When it runs by itself, in words; `None` where it is off or runs by hand only.
    pub schedule: Option<String>,
    /// Contacts that it selects: as many as a run sends that begins with none of them sent.
    pub selected: u64,
    /// Contacts that wait in its queue.
    pub waiting: u64,
}

/// Returns what the workspace holds that could act on its own.
pub fn review(workspace: &Workspace) -> Result<WorkspaceReview> {
    let approval = workspace.approval();
    let origin = match approval.known_elsewhere()? {
        Some(from) => Origin::Copied { from },
        None => Origin::Unknown,
    };
    let store = workspace.store();
    let mut review = store.read(|reader| {
        let connections = reader.connections()?;
        let replications = reader.replications()?.into_iter();
        let replications = replications.map(|one| replication(reader, &connections, one));
        Ok::<_, Error>(WorkspaceReview {
            path: store.path().to_owned(),
            name: reader.workspace_name()?,
            approved: approval.is_given(),
            origin,
            contacts: reader.live_contacts()?,
            replications: replications.collect::<Result<_>>()?,
            open_batches: reader.count_open_batches()?,
            unfinished_erases: reader.count_unfinished_erases()?,
            connections: connections.into_iter().map(connection).collect(),
            digest: String::new(),
        })
    })?;
    review.digest = digest(&review);
    Ok(review)
}

/// Approves the workspace on this computer, as it was shown: `digest` is that of the review.
///
/// # Errors
/// When the workspace has changed since then, or the approval can't be kept.
pub fn approve(workspace: &Workspace, digest: &str) -> Result<WorkspaceReview> {
    let now = review(workspace)?;
    if now.digest != digest {
        return Err(Error::new(
            Code::Usage,
            "The workspace has changed since you reviewed it.",
            "Review it again, then approve it.",
        ));
    }
    workspace.approval().give(workspace.host().now())?;
    record_secrets(workspace)?;
    contacts::finish_erasing(workspace);
    review(workspace)
}

/// Records which secrets of other workspaces this one may use from now on, so that they don't take them away before it has.
fn record_secrets(workspace: &Workspace) -> Result<()> {
    for connection in workspace.store().read(|reader| reader.connections())? {
        for entry in Entry::all_of(&connection) {
            if workspace.approval().others_use(entry.name())? {
                workspace.approval().record_use(entry.name())?;
            }
        }
    }
    Ok(())
}

fn connection(connection: Connection) -> ReviewedConnection {
    ReviewedConnection {
        name: connection.name,
        flow: connection.flow,
        // The practice org is served here, whatever stands in the file.
        host: connection
            .host
            .filter(|_| connection.flow != Flow::Practice),
        org_name: connection.org_name,
        org_id: connection.org_id,
        username: connection.username,
    }
}

fn replication(
    reader: &Reader<'_>,
    connections: &[Connection],
    replication: Replication,
) -> Result<ReviewedReplication> {
    // Settings that can't be read run nothing.
    let schedule = Settings::from_json(&replication.settings).map(|settings| settings.schedule);
    let schedule = schedule.unwrap_or_default();
    let runs_by_itself = replication.enabled && schedule != Schedule::Manual;
    let figures = QueueFigures::of(&reader.queue_counts(replication.id)?);
    let its_own = |one: &&Connection| Some(one.id) == replication.connection;
    Ok(ReviewedReplication {
        // Settings that can't be read select nobody.
        selected: selected(reader, &replication).unwrap_or(0),
        waiting: figures.waiting,
        schedule: runs_by_itself.then(|| schedule.to_string()),
        connection: connections.iter().find(its_own).map(|one| one.name.clone()),
        object: replication.object,
        name: replication.name,
    })
}

/// Leaves out what changes while the workspace is only looked at.
fn digest(review: &WorkspaceReview) -> String {
    let replications: Vec<_> = review
        .replications
        .iter()
        .map(|one| ReviewedReplication {
            selected: 0,
            ..one.clone()
        })
        .collect();
    let acts = (
        &review.connections,
        &replications,
        review.open_batches,
        review.unfinished_erases,
    );
    hashed(&serde_json::to_vec(&acts).unwrap_or_default())
}
