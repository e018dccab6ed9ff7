//! Lets a pull read from another connection, for example after a sandbox was refreshed and is another org now.
//!
//! Records of the org it read before stay in the mirror, and so do links to them: both belong to that org. Nothing of them counts
//! for the other one, so the next run reads everything there.

use leadferry_replication::pulling::choose;
use leadferry_salesforce::Describe;
use leadferry_store::{Connection, MirrorState, Pull, PullProgress, Reader, grouped};
use serde::{Deserialize, Serialize};

use super::fields::describe;
use super::{WantedObject, check_filter, check_object, filter_of};
use crate::replications::sender_lock;
use crate::{Error, Result, Workspace};

/// A pull that is to read from another connection.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct MovePull {
    /// The pull.
    pub name: String,
    /// The connection's name.
    pub connection: String,
}

/// What moving a pull to another connection came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullMoved {
    /// The pull.
    pub pull: String,
    /// The connection that it read from.
    pub from: String,
    /// The connection that it reads from now.
    pub to: String,
    /// Both are of one org: the next run goes on where the last one ended.
    pub same_org: bool,
    /// Live records that were read from the org before, and stay in the mirror.
    pub kept: u64,
}

impl PullMoved {
    /// Says what has happened, and what comes next.
    pub fn sentences(&self) -> String {
        let Self { pull, from, to, .. } = self;
        if from == to {
            return format!("{pull} reads from {to} already.");
        }
        let goes_on = format!("{pull} now reads from {to}.");
        if self.same_org {
            return format!(
                "{goes_on} It's the same org, so the next run continues where the last one ended."
            );
        }
        let kept = match self.kept {
            0 => format!("No records of {from} are in this workspace."),
            1 => format!("1 record of {from} stays in this workspace, and so do links to {from}."),
            more => format!(
                "{} records of {from} stay in this workspace, and so do links to {from}.",
                grouped(more)
            ),
        };
        format!(
            "{goes_on} The next run reads everything from {to}. {kept} Contacts are linked to records of {to} when a replication \
             finds them or you link them."
        )
    }
}

/// Lets a pull read from another connection.
///
/// # Errors
/// When there is no such pull or connection, nobody has signed in to it, its org lacks an object or a field that the pull names,
/// another pull reads one of the objects there, or the pull is running.
pub async fn move_to(workspace: &Workspace, request: &MovePull) -> Result<PullMoved> {
    let store = workspace.store();
    let (pull, from, to) = store.read(|reader| {
        let pull = reader.pull_named(&request.name)?;
        let from = reader.connection(pull.connection)?;
        let to = reader.connection_named(request.connection.trim())?;
        Ok::<_, Error>((pull, from, to))
    })?;
    if from.id == to.id {
        return Ok(PullMoved {
            pull: pull.name,
            from: from.name,
            to: to.name,
            same_org: true,
            kept: 0,
        });
    }
    if to.org_id.is_none() {
        return Err(Error::usage(
            format!("nobody has signed in to {} yet", to.name),
            "sign in to it first",
        )
        .with_command(format!("connections authorize {}", crate::quoted(&to.name))));
    }
    let wanted: Vec<WantedObject> = pull
        .objects
        .iter()
        .map(|object| WantedObject {
            object: object.object.clone(),
            fields: object.fields.clone(),
            filter: filter_of(object),
        })
        .collect();
    describe(workspace, &to, &wanted).await?;
    // A run that is under way would note how far it has read the other org.
    let _lock = match &from.org_id {
        Some(org_id) => Some(sender_lock(workspace, org_id).map_err(|error| Error {
            hint: "wait until it has finished, then try again. Nothing has changed".to_owned(),
            ..error
        })?),
        None => None,
    };
    let same_org = from.org_id == to.org_id;
    let kept = store.write(|writer| {
        for object in &wanted {
            check_object(writer, &pull, &to, &object.object)?;
            check_described(writer, &to, object)?;
        }
        let kept = mirrored(writer, &from, &pull)?;
        writer.set_pull_connection(pull.id, to.id)?;
        if !same_org {
            for object in &pull.objects {
                writer.set_pull_progress(pull.id, &object.object, &PullProgress::default())?;
            }
        }
        Ok::<_, Error>(kept)
    })?;
    Ok(PullMoved {
        pull: pull.name,
        from: from.name,
        to: to.name,
        same_org,
        kept,
    })
}

/// Refuses what the other org can't give, by name.
fn check_described(reader: &Reader<'_>, to: &Connection, wanted: &WantedObject) -> Result<()> {
    let name = &wanted.object;
    let Some(kept) = reader.describe(to.id, name)? else {
        return Ok(());
    };
    let unknown = choose(&Describe::parse(&kept.body)?, wanted.fields.as_deref()).unknown;
    if !unknown.is_empty() {
        return Err(Error::usage(
            format!("{name} in {} has no field {}", to.name, unknown.join(", ")),
            "remove the fields from the pull first, or create them in Salesforce. Nothing has changed",
        ));
    }
    match &wanted.filter {
        Some(filter) => check_filter(reader, to, name, filter),
        None => Ok(()),
    }
}

fn mirrored(reader: &Reader<'_>, from: &Connection, pull: &Pull) -> Result<u64> {
    let mut records = 0;
    for object in &pull.objects {
        let mirror = match &from.org_id {
            Some(org_id) => reader.mirror_of(org_id, &object.object)?,
            None => None,
        };
        if let Some(mirror) = mirror {
            records += reader.count_mirrored(&mirror, Some(MirrorState::Live))?;
        }
    }
    Ok(records)
}
