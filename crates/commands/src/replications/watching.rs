//! Running replications by their schedules, and taking in what time changes, until asked to stop.
//!
//! One process does this for a workspace at a time; another one waits for its turn. What was missed is caught up once.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use leadferry_replication::settings::Schedule;
use leadferry_replication::{Cancel, Settings};
use leadferry_store::{Replication, ReplicationId};
use sha2::{Digest, Sha256};

use super::{RunOutcome, plan, run};
use crate::alerts;
use crate::locks::FileLock;
use crate::mappings;
use crate::recalculating::catch_up;
use crate::{Code, Error, Result, Workspace};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(500);
/// Changes that come within this time of each other go together.
const GATHER_MS: i64 = 2_000;
/// A burst that does not end is sent after this long all the same.
const LONGEST_BURST_MS: i64 = 30_000;
/// How long a replication rests after a run that could not be carried out.
const REST_MS: i64 = MINUTE_MS;
const MINUTE_MS: i64 = 60_000;

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
    /// The sequence number at which it was looked at last, and the day: with a new one an activation may begin or end.
    looked: Option<(i64, Date)>,
    /// The number at which the burst under way stands, when it began and when it grew last.
    burst: Option<(i64, i64, i64)>,
    /// Not before.
    rests_until: i64,
    /// Since when something waits that could not be sent.
    waits_since: Option<i64>,
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
    let began = workspace.host().now();
    let mut lock = None;
    let mut seen: BTreeMap<ReplicationId, Seen> = BTreeMap::new();
    while !cancel.is_cancelled() {
        if lock.is_none() {
            lock = FileLock::try_take(&lock_file(workspace))?;
        }
        if lock.is_some() {
            look(workspace, &only, began, &mut seen, cancel, tell).await?;
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
    began: i64,
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
        match due_since(workspace, &replication, began, seen, now) {
            Ok(None) => seen.waits_since = None,
            Ok(Some(due)) => {
                alert_if_late(workspace, &replication, due, now)?;
                carry_out(workspace, &replication, seen, cancel, tell).await;
            }
            Err(error) => {
                alerts::not_carried_out(workspace, &replication, &error);
                rest(workspace, &replication, seen, error, tell);
            }
        }
    }
    Ok(())
}

/// Returns since when a run is due. A time of the day that was missed counts, whoever was there; other times and changes
/// only since it is looked at.
fn due_since(
    workspace: &Workspace,
    replication: &Replication,
    began: i64,
    seen: &mut Seen,
    now: i64,
) -> Result<Option<i64>> {
    let settings = Settings::from_json(&replication.settings)?;
    match &settings.schedule {
        Schedule::Manual => Ok(None),
        Schedule::OnChange => {
            let changed = has_changed(workspace, replication, seen, now)?;
            Ok(changed.then(|| *seen.waits_since.get_or_insert(now)))
        }
        timed => workspace.store().read(|reader| {
            let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
            let set = reader.settings_since(replication.id, replication.settings_version)?;
            let last = reader.last_run(replication.id)?.map(|run| run.started_at);
            let due = timed.due_since(last.unwrap_or(set).max(set), now, &zone);
            Ok(match timed {
                Schedule::At(_) => due,
                _ => due.map(|due| due.max(began)),
            })
        }),
    }
}

fn alert_if_late(
    workspace: &Workspace,
    replication: &Replication,
    due: i64,
    now: i64,
) -> Result<()> {
    let settings = Settings::from_json(&replication.settings)?;
    let patience = i64::from(settings.late_after) * MINUTE_MS
        / i64::from(workspace.host().environment.speedup);
    if now - due < patience {
        return Ok(());
    }
    alerts::late(workspace, replication, due);
    Ok(())
}

/// Tells whether something is to be sent because of a change; a burst of changes is let come to its end first.
fn has_changed(
    workspace: &Workspace,
    replication: &Replication,
    seen: &mut Seen,
    now: i64,
) -> Result<bool> {
    let (sequence, today, waiting) = workspace.store().read(|reader| {
        let due = reader.due_contacts(replication.id, now, 1)?;
        let today = mappings::today(reader, now)?;
        Ok::<_, Error>((reader.sequence()?, today, !due.is_empty()))
    })?;
    if waiting {
        return Ok(true);
    }
    if seen.looked == Some((sequence, today)) {
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
    seen.looked = Some((sequence, today));
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
            } else {
                seen.waits_since = None;
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
    // What has changed has not gone: it is looked at again after the rest.
    seen.looked = None;
    tell(Watched::Failed {
        replication: replication.name.clone(),
        error,
    });
}

fn rested(workspace: &Workspace) -> i64 {
    let host = workspace.host();
    host.now() + REST_MS / i64::from(host.environment.speedup)
}
