//! Running replications by their schedules, and taking in what time changes, until asked to stop.
//!
//! One process does this for a workspace at a time; another one waits for its turn. What was missed is caught up once.

mod pulls;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use leadferry_replication::budget::calls_for;
use leadferry_replication::settings::Schedule;
use leadferry_replication::{self as engine, CallBudget, Cancel, Reach, Settings};
use leadferry_store::{Replication, ReplicationId, is_within, wait_until};

use super::braking::held_back;
use super::{RunOutcome, RunWish, plan, run_as};
use crate::alerts;
use crate::connections;
use crate::files::short_name;
use crate::locks::{FileLock, lock_file};
use crate::mappings;
use crate::orgs;
use crate::pulls::PullOutcome;
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
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What happened while watching.
#[derive(Debug)]
pub enum Watched {
    /// Nothing keeps the replications from being watched, and that begins now.
    Began,
    /// A run has ended.
    Ran(Box<RunOutcome>),
    /// A pull has ended.
    Pulled(Box<PullOutcome>),
    /// A pull could not be carried out; it is tried again later.
    PullFailed {
        /// The pull.
        pull: String,
        /// Why.
        error: Error,
    },
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

/// Watches until `cancel` is asked; only replications of these names, all of them and all pulls where none is named.
///
/// # Errors
/// When the workspace isn't approved, a name is not known, or the workspace cannot be read any more.
pub async fn watch(
    workspace: &Workspace,
    names: &[String],
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Watched) + Send),
) -> Result<()> {
    workspace.approval().check()?;
    let mut only = Vec::new();
    for name in names {
        only.push(
            workspace
                .store()
                .read(|reader| reader.replication_named(name))?
                .id,
        );
    }
    tell(Watched::Began);
    let began = workspace.host().now();
    let mut lock = None;
    let mut seen: BTreeMap<ReplicationId, Seen> = BTreeMap::new();
    let mut pulls = pulls::Watching::default();
    let mut kept_alive_at = None;
    while !cancel.is_cancelled() {
        if lock.is_none() {
            lock = FileLock::try_take(&schedule_lock(workspace))?;
        }
        if lock.is_some() {
            look(workspace, &only, began, &mut seen, cancel, tell).await?;
            if only.is_empty() {
                pulls.look(workspace, cancel, tell).await?;
                keep_alive(workspace, &mut kept_alive_at).await?;
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Renews sign-ins that would lapse of idleness, an hour after the last look at the earliest.
async fn keep_alive(workspace: &Workspace, last: &mut Option<i64>) -> Result<()> {
    let now = workspace.host().now();
    if last.is_some_and(|last| is_within(last, HOUR_MS, now)) {
        return Ok(());
    }
    *last = Some(now);
    for connection in connections::keep_alive(workspace).await? {
        tracing::info!(connection, "an unused sign-in was renewed");
    }
    Ok(())
}

fn schedule_lock(workspace: &Workspace) -> std::path::PathBuf {
    let name = short_name(workspace.store().path());
    let data_folder = &workspace.host().environment.data_folder;
    lock_file(data_folder, "locks", &format!("schedule-{name}"))
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
        if now < wait_until(seen.rests_until, now) || cancel.is_cancelled() {
            continue;
        }
        let calls = calls(workspace, &replication, now)?;
        let due = match calls {
            Calls::Missing => continue,
            Calls::Back(_) => Ok(Some(now)),
            Calls::Enough => due_since(workspace, &replication, began, seen, now),
        };
        match due {
            Ok(None) => seen.waits_since = None,
            Ok(Some(due)) => {
                alert_if_late(workspace, &replication, due, now)?;
                let reach = match calls {
                    Calls::Back(reach) => reach,
                    _ if is_held_back(workspace, &replication, seen, tell)? => continue,
                    _ => Reach::Whole,
                };
                carry_out(workspace, &replication, reach, seen, cancel, tell).await;
            }
            Err(error) => {
                alerts::not_carried_out(workspace, &replication, &error);
                rest(workspace, &replication, seen, error, tell);
            }
        }
    }
    Ok(())
}

/// Whether a replication whose last run has stopped for want of API calls can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Calls {
    /// It did not, or what keeps it from going on is not known: its schedule decides.
    Enough,
    /// It cannot.
    Missing,
    /// Enough calls have lapsed since: it goes on by itself, whatever its schedule.
    Back(Reach),
}

fn calls(workspace: &Workspace, replication: &Replication, now: i64) -> Result<Calls> {
    workspace.store().read(|reader| {
        let stopped = reader
            .last_run(replication.id)?
            .filter(|run| run.stop_kind.as_deref() == Some("limit"));
        let (Some(run), Some(connection)) = (stopped, replication.connection) else {
            return Ok(Calls::Enough);
        };
        let connection = reader.connection(connection)?;
        let settings = Settings::from_json(&replication.settings)?;
        let day_ms = orgs::policy(workspace, &connection).day_ms;
        let budget = CallBudget::of(reader, &connection, settings.api_reserve, now, day_ms)?;
        let waiting = reader.waiting_contacts(replication.id)?;
        let Some(budget) = budget.filter(|_| waiting > 0) else {
            return Ok(Calls::Enough);
        };
        // What has begun goes on with every call that comes back; what has not waits for all that it needs.
        let has_begun = !reader.run_tallies(run.id)?.is_empty();
        let (reach, needed) = if has_begun {
            (Reach::AsFarAsItGets, 1)
        } else {
            (Reach::Whole, calls_for(waiting, &settings))
        };
        let left = budget.max.saturating_sub(budget.used);
        let has_moved = run.calls_left.is_none_or(|then| left > then);
        Ok(match (budget.room >= needed, has_moved) {
            (false, _) => Calls::Missing,
            (true, true) => Calls::Back(reach),
            (true, false) => Calls::Enough,
        })
    })
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
            let due = timed.due_since(last_known(last, set, now), now, &zone);
            Ok(match timed {
                Schedule::At(_) => due,
                _ => due.map(|due| due.max(began)),
            })
        }),
    }
}

/// Returns what the next time counts from: the last run, or when the schedule was set. What lies later than now was written
/// while the clock was ahead, and doesn't hold up the next run.
pub(crate) fn last_known(run: Option<i64>, set: i64, now: i64) -> i64 {
    let moments = run.into_iter().chain([set]);
    moments.filter(|at| *at <= now).max().unwrap_or(i64::MIN)
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
    if now.saturating_sub(due) < patience {
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
        let due = reader.due_contacts(replication.id, now, 1, None)?;
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
    let is_over = !is_within(grew, GATHER_MS / speedup, now)
        || !is_within(began, LONGEST_BURST_MS / speedup, now);
    // The first look after the start waits for nobody: it catches up.
    if !is_over && seen.looked.is_some() {
        return Ok(false);
    }
    seen.burst = None;
    let counts = match plan(workspace, &replication.name) {
        Ok(plan) => plan.counts,
        // A no goes whatever keeps the rest.
        Err(error) if !engine::owes_no(workspace.store(), replication.id, now)? => {
            return Err(error);
        }
        Err(_) => return Ok(true),
    };
    seen.looked = Some((sequence, today));
    Ok(counts.create + counts.update + counts.match_pending > 0)
}

/// Tells whether a run waits for someone, and says so once.
fn is_held_back(
    workspace: &Workspace,
    replication: &Replication,
    seen: &mut Seen,
    tell: &mut (dyn FnMut(Watched) + Send),
) -> Result<bool> {
    // Whatever keeps it from being planned keeps it from being run, and is told there.
    let held = held_back(workspace, replication).unwrap_or_default();
    let Some(held) = held else {
        return Ok(false);
    };
    seen.rests_until = rested(workspace);
    seen.looked = None;
    if alerts::held_back(workspace, replication, &held.error, held.since) {
        tell(Watched::Failed {
            replication: replication.name.clone(),
            error: held.error,
        });
    }
    Ok(true)
}

async fn carry_out(
    workspace: &Workspace,
    replication: &Replication,
    reach: Reach,
    seen: &mut Seen,
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Watched) + Send),
) {
    let wish = RunWish {
        confirm: None,
        reach,
        scheduled: true,
    };
    match run_as(workspace, &replication.name, wish, cancel).await {
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

#[cfg(test)]
mod tests {
    use super::last_known;

    #[test]
    fn a_run_later_than_now_holds_no_schedule_up() {
        let now = 1_800_000_000_000;
        assert_eq!(last_known(None, now - 9, now), now - 9);
        assert_eq!(last_known(Some(now - 5), now - 9, now), now - 5);
        assert_eq!(
            last_known(Some(now - 9), now - 5, now),
            now - 5,
            "set since"
        );
        assert_eq!(last_known(Some(now + 5), now - 9, now), now - 9);
        assert_eq!(last_known(Some(now - 5), now + 9, now), now - 5);
        assert_eq!(last_known(None, now + 9, now), i64::MIN, "due at once");
    }
}
