//! Running replications by their schedules, and taking in what time changes, until asked to stop.
//!
//! One process does this for a workspace at a time; another one waits for its turn. What was missed is caught up once.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use leadferry_replication::settings::Schedule;
use leadferry_replication::{Cancel, Settings};
use leadferry_store::{Replication, ReplicationId};
use sha2::{Digest, Sha256};

use super::{RunOutcome, plan, run};
use crate::locks::FileLock;
use crate::recalculating::catch_up;
use crate::{Code, Error, Result, Workspace};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(500);
/// Changes that come within this time of each other go together.
const GATHER_MS: i64 = 2_000;
/// A burst that does not end is sent after this long all the same.
const LONGEST_BURST_MS: i64 = 30_000;
/// How long a replication rests after a run that could not be carried out.
const REST_MS: i64 = 60_000;

/// What happened while watching.
#[derive(Debug)]
pub enum Watched {
    /// A run has ended.
    Ran(Box<RunOutcome>),
    /// A run could not be carried out; it is tried again later.
    Failed {
        /// The replication.
        replication: String,
        /// Why.
        error: Error,
    },
}

/// What is remembered of a replication.
#[derive(Debug, Default)]
struct Seen {
    /// The sequence number at which it was looked at last.
    looked: Option<i64>,
    /// The number at which the burst under way stands, when it began and when it grew last.
    burst: Option<(i64, i64, i64)>,
    /// Not before.
    rests_until: i64,
}

/// Watches until `cancel` is asked; only replications of these names, all of them where none is named.
///
/// # Errors
/// When a name is not known, or the workspace cannot be read any more.
pub async fn watch(
    workspace: &Workspace,
    names: &[String],
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Watched) + Send),
) -> Result<()> {
    let mut only = Vec::new();
    for name in names {
        only.push(
            workspace
                .store()
                .read(|reader| reader.replication_named(name))?
                .id,
        );
    }
    let mut lock = None;
    let mut seen: BTreeMap<ReplicationId, Seen> = BTreeMap::new();
    while !cancel.is_cancelled() {
        if lock.is_none() {
            lock = FileLock::try_take(&lock_file(workspace))?;
        }
        if lock.is_some() {
            look(workspace, &only, &mut seen, cancel, tell).await?;
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

fn lock_file(workspace: &Workspace) -> std::path::PathBuf {
    let path = workspace.store().path();
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let hash = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let name: String = hash
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let folder = workspace.host().environment.data_folder.join("locks");
    folder.join(format!("schedule-{name}.lock"))
}

async fn look(
    workspace: &Workspace,
    only: &[ReplicationId],
    seen: &mut BTreeMap<ReplicationId, Seen>,
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Watched) + Send),
) -> Result<()> {
    let now = workspace.host().now();
    let (replications, next_change) = workspace
        .store()
        .read(|reader| Ok::<_, Error>((reader.replications()?, reader.next_change_due()?)))?;
    if next_change.is_some_and(|due| due <= now) {
        catch_up(workspace)?;
    }
    for replication in replications {
        let wanted = only.is_empty() || only.contains(&replication.id);
        if !wanted || !replication.enabled || replication.connection.is_none() {
            continue;
        }
        let seen = seen.entry(replication.id).or_default();
        if now < seen.rests_until || cancel.is_cancelled() {
            continue;
        }
        match is_due(workspace, &replication, seen, now) {
            Ok(false) => {}
            Ok(true) => carry_out(workspace, &replication, seen, cancel, tell).await,
            Err(error) => rest(workspace, &replication, seen, error, tell),
        }
    }
    Ok(())
}

fn is_due(
    workspace: &Workspace,
    replication: &Replication,
    seen: &mut Seen,
    now: i64,
) -> Result<bool> {
    let settings = Settings::from_json(&replication.settings)?;
    match &settings.schedule {
        Schedule::Manual => Ok(false),
        Schedule::OnChange => has_changed(workspace, replication, seen, now),
        timed => workspace.store().read(|reader| {
            let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
            let set = reader.settings_since(replication.id, replication.settings_version)?;
            let last = reader.last_run(replication.id)?.map(|run| run.started_at);
            Ok(timed.is_due(last.unwrap_or(set).max(set), now, &zone))
        }),
    }
}

/// Tells whether something is to be sent because of a change; a burst of changes is let come to its end first.
fn has_changed(
    workspace: &Workspace,
    replication: &Replication,
    seen: &mut Seen,
    now: i64,
) -> Result<bool> {
    let (sequence, waiting) = workspace.store().read(|reader| {
        let due = reader.due_contacts(replication.id, now, 1)?;
        Ok::<_, Error>((reader.sequence()?, !due.is_empty()))
    })?;
    if waiting {
        return Ok(true);
    }
    if seen.looked == Some(sequence) {
        return Ok(false);
    }
    let speedup = i64::from(workspace.host().environment.speedup);
    let (began, grew) = match seen.burst {
        Some((at, began, grew)) if at == sequence => (began, grew),
        Some((_, began, _)) => (began, now),
        None => (now, now),
    };
    seen.burst = Some((sequence, began, grew));
    let is_over = now - grew >= GATHER_MS / speedup || now - began >= LONGEST_BURST_MS / speedup;
    // The first look after the start waits for nobody: it catches up.
    if !is_over && seen.looked.is_some() {
        return Ok(false);
    }
    seen.burst = None;
    let counts = plan(workspace, &replication.name)?.counts;
    seen.looked = Some(sequence);
    Ok(counts.create + counts.update + counts.match_pending > 0)
}

async fn carry_out(
    workspace: &Workspace,
    replication: &Replication,
    seen: &mut Seen,
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Watched) + Send),
) {
    match run(workspace, &replication.name, cancel).await {
        Ok(outcome) => {
            if outcome.report.stopped.is_some() {
                seen.rests_until = rested(workspace);
            }
            tell(Watched::Ran(Box::new(outcome)));
        }
        // Whoever sends now does it for us, too.
        Err(error) if error.code == Code::AnotherSender => {
            seen.rests_until = workspace.host().now() + GATHER_MS;
        }
        Err(error) => rest(workspace, replication, seen, error, tell),
    }
}

fn rest(
    workspace: &Workspace,
    replication: &Replication,
    seen: &mut Seen,
    error: Error,
    tell: &mut (dyn FnMut(Watched) + Send),
) {
    seen.rests_until = rested(workspace);
    tell(Watched::Failed {
        replication: replication.name.clone(),
        error,
    });
}

fn rested(workspace: &Workspace) -> i64 {
    let host = workspace.host();
    host.now() + REST_MS / i64::from(host.environment.speedup)
}
