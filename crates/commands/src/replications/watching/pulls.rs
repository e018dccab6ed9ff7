//! Running pulls by their schedules.

use std::collections::BTreeMap;

use leadferry_replication::Cancel;
use leadferry_replication::pulling::PullSettings;
use leadferry_store::{Pull, PullId, wait_until};

use super::{GATHER_MS, MINUTE_MS, Watched, rested};
use crate::pulls::{due_since, run};
use crate::{Code, Error, Result, Workspace, alerts, orgs};

/// What is remembered of the pulls.
#[derive(Debug, Default)]
pub(super) struct Watching {
    seen: BTreeMap<PullId, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Not before.
    rests_until: i64,
    /// Its last run couldn't be carried out for want of calls or of a network: it goes on as soon as it can.
    goes_on: bool,
}

impl Watching {
    /// Runs what is due.
    pub(super) async fn look(
        &mut self,
        workspace: &Workspace,
        cancel: &Cancel,
        tell: &mut (dyn FnMut(Watched) + Send),
    ) -> Result<()> {
        let pulls = workspace.store().read(|reader| reader.pulls())?;
        for pull in pulls.into_iter().filter(|pull| pull.enabled) {
            let now = workspace.host().now();
            let seen = self.seen.entry(pull.id).or_default();
            if now < wait_until(seen.rests_until, now) || cancel.is_cancelled() {
                continue;
            }
            let Some(due) = due(workspace, &pull, seen, now)? else {
                continue;
            };
            alert_if_late(workspace, &pull, due, now)?;
            if !has_calls(workspace, &pull)? {
                continue;
            }
            carry_out(workspace, &pull, seen, cancel, tell).await;
        }
        Ok(())
    }
}

fn due(workspace: &Workspace, pull: &Pull, seen: &Seen, now: i64) -> Result<Option<i64>> {
    if seen.goes_on {
        return Ok(Some(now));
    }
    workspace.store().read(|reader| {
        let settings = PullSettings::from_json(&pull.settings)?;
        due_since(reader, pull, &settings, now)
    })
}

/// Tells whether calls are left beside the reserve, as far as is known.
fn has_calls(workspace: &Workspace, pull: &Pull) -> Result<bool> {
    workspace.store().read(|reader| {
        let reserve = PullSettings::from_json(&pull.settings)?.api_reserve;
        let connection = reader.connection(pull.connection)?;
        let budget = orgs::budget(workspace, reader, &connection, reserve)?;
        Ok(budget.is_none_or(|budget| budget.room > 0))
    })
}

fn alert_if_late(workspace: &Workspace, pull: &Pull, due: i64, now: i64) -> Result<()> {
    let settings = PullSettings::from_json(&pull.settings)?;
    let speedup = i64::from(workspace.host().environment.speedup);
    if now.saturating_sub(due) >= i64::from(settings.late_after) * MINUTE_MS / speedup {
        alerts::late_pull(workspace, pull, due);
    }
    Ok(())
}

async fn carry_out(
    workspace: &Workspace,
    pull: &Pull,
    seen: &mut Seen,
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Watched) + Send),
) {
    seen.goes_on = false;
    match run(workspace, &pull.name, cancel).await {
        Ok(outcome) => tell(Watched::Pulled(Box::new(outcome))),
        // Whoever works with the org now ends soon.
        Err(error) if error.code == Code::AnotherSender => {
            seen.goes_on = true;
            seen.rests_until = workspace.host().now() + GATHER_MS;
        }
        Err(error) => {
            seen.goes_on = is_passing(&error);
            seen.rests_until = rested(workspace);
            tell(Watched::PullFailed {
                pull: pull.name.clone(),
                error,
            });
        }
    }
}

/// Tells whether what kept a pull from being carried out passes by itself.
fn is_passing(error: &Error) -> bool {
    matches!(error.code, Code::NoNetwork | Code::Limit)
}
