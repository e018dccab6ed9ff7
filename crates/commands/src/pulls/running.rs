//! Runs a pull.

use jiff::tz::TimeZone;
use leadferry_replication::pulling::PullSettings;
use leadferry_replication::{self as engine, Cancel, Org, PullReport, PullSetup};
use leadferry_salesforce::Describe;
use leadferry_store::Pull;
use serde::Serialize;

use super::PullFilter;
use crate::imports::resolve_places;
use crate::jobs::JobKind;
use crate::replications::{Shown, sender_lock};
use crate::search::condition_on;
use crate::{Code, Error, Result, Workspace, alerts, orgs};

/// What a run of a pull has brought.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PullOutcome {
    /// The pull.
    pub pull: String,
    /// What it did.
    #[serde(flatten)]
    pub report: PullReport,
}

/// Reads what has changed in the org; stops between requests when `cancel` is asked.
///
/// # Errors
/// When there is no such pull, another process works with the org, or the org doesn't answer. What was read until then
/// stays, and the next run goes on there.
pub async fn run(workspace: &Workspace, name: &str, cancel: &Cancel) -> Result<PullOutcome> {
    let result = carry_out(workspace, name, cancel).await;
    alerts::after_pull(workspace, name, &result);
    result
}

async fn carry_out(workspace: &Workspace, name: &str, cancel: &Cancel) -> Result<PullOutcome> {
    workspace.store().check_writable()?;
    let _under_way = workspace.store().under_way();
    let pull = workspace.store().read(|reader| reader.pull_named(name))?;
    let org = orgs::org(workspace, pull.connection).await?;
    for object in &pull.objects {
        refuse_if_read_elsewhere(workspace, &org.org_id, &object.object, pull.id)?;
    }
    let _lock = sender_lock(workspace, &org.org_id).map_err(busy)?;
    keep_reserve(workspace, &pull, &org)?;
    let zone = zone(workspace)?;
    let filters = |describe: &Describe, filter: &str| {
        let filter: PullFilter =
            serde_json::from_str(filter).map_err(|_| "its filter can't be read".to_owned())?;
        condition_on(describe, &filter.criteria, filter.matching, &zone)
            .map(|condition| condition.text())
            .map_err(|error| error.message)
    };
    let host = workspace.host();
    let shown = Shown::of(workspace, JobKind::Pull, &pull.name);
    let setup = PullSetup {
        store: workspace.store(),
        pull: &pull,
        org: &org,
        filters: &filters,
        places: resolve_places,
        clock: &*host.clock,
        cancel,
        progress: &shown,
    };
    let asked = shown.stops(cancel);
    let report = tokio::select! {
        report = engine::pull(&setup) => report,
        never = asked => match never {},
    };
    orgs::keep_allowance(workspace, org.connection, &org.client)?;
    Ok(PullOutcome {
        pull: pull.name,
        report: report?,
    })
}

/// Lets no request out that would touch the calls kept for other tools.
fn keep_reserve(workspace: &Workspace, pull: &Pull, org: &Org) -> Result<()> {
    let reserve = PullSettings::from_json(&pull.settings)?.api_reserve;
    let budget = workspace.store().read(|reader| {
        let connection = reader.connection(pull.connection)?;
        orgs::budget(workspace, reader, &connection, reserve)
    })?;
    let usage = budget.map(|budget| budget.usage());
    org.client.keep_reserve(reserve, usage);
    Ok(())
}

fn zone(workspace: &Workspace) -> Result<TimeZone> {
    let name = workspace.store().read(|reader| reader.time_zone())?;
    Ok(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
}

/// Another connection may turn out to be to the same org only once both are signed in.
fn refuse_if_read_elsewhere(
    workspace: &Workspace,
    org_id: &str,
    object: &str,
    pull: leadferry_store::PullId,
) -> Result<()> {
    let other = workspace
        .store()
        .read(|reader| reader.other_pull_of(org_id, object, Some(pull)))?;
    match other {
        None => Ok(()),
        Some(other) => Err(Error::usage(
            format!("the pull \"{other}\" already reads {object} of this org"),
            "take the object out of one of the two pulls",
        )),
    }
}

fn busy(error: Error) -> Error {
    match error.code {
        Code::AnotherSender => Error::new(
            Code::AnotherSender,
            "another process is working with this org",
            "wait until it has finished, then try again. Nothing was read",
        ),
        _ => error,
    }
}
