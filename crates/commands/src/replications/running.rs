//! Planning, matching and running.

use std::collections::BTreeMap;

use leadferry_replication::{
    self as engine, Cancel, PlanCounts, Progress, RunReport, Stage, StopKind, mapping::Finding,
};
use leadferry_store::{Allowance, ContactId, Guid, PlanDecision, PlanId, Replication};
use serde::Serialize;
use serde_json::Value;

use crate::alerts;
use crate::jobs::{self, JobKind, Running};
use crate::locks::FileLock;
use crate::orgs::{self, keep_allowance};
use crate::recalculating::catch_up;
use crate::{Code, Error, FrontEnd, Result, Step, Workspace, quoted};

const PAGE: usize = 1_000;

/// What a run would do.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PlanReport {
    /// The replication.
    pub replication: String,
    /// How many contacts would be created, updated, and so on.
    #[serde(flatten)]
    pub counts: PlanCounts,
    /// Whether the org was asked.
    pub matched: bool,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// The org's allowance of API calls, when last seen.
    pub allowance: Option<Allowance>,
    /// What was found about the mapping.
    pub findings: Vec<Finding>,
    /// Why contacts are blocked, the most frequent reason first.
    pub blocked_by: Vec<BlockedBy>,
}

/// A reason for which contacts are blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct BlockedBy {
    /// The org's code, or ours in lower case.
    pub code: String,
    /// How many contacts.
    pub contacts: u64,
    /// What happened to the first of them, and what to do.
    pub message: String,
}

/// Works out what a run would do, without asking the org.
///
/// # Errors
/// When there is no such replication, or it cannot be used as it is.
pub fn plan(workspace: &Workspace, name: &str) -> Result<PlanReport> {
    let replication = workspace
        .store()
        .read(|reader| reader.replication_named(name))?;
    catch_up(workspace)?;
    let now = workspace.host().now();
    let plan = engine::plan(
        workspace.store(),
        replication.id,
        now,
        &Shown::of(workspace, JobKind::Plan, &replication.name),
    )?;
    report(workspace, replication, plan)
}

/// Works out what a run would do, and finds every person in the org.
///
/// # Errors
/// As [`plan`], and when the org cannot be asked.
pub async fn find_people(workspace: &Workspace, name: &str) -> Result<PlanReport> {
    let (replication, org) = connected(workspace, name).await?;
    catch_up(workspace)?;
    let connection = workspace
        .store()
        .read(|reader| reader.connection(org.connection))?;
    let policy = orgs::policy(workspace, &connection);
    let host = workspace.host();
    let plan = engine::find_people(
        workspace.store(),
        replication.id,
        &org,
        &*host.clock,
        &policy,
        &Shown::of(workspace, JobKind::Plan, &replication.name),
    )
    .await;
    let seen = keep_allowance(workspace, org.connection, &org.client)?;
    let mut plan = plan?;
    plan.allowance = seen.or(plan.allowance);
    report(workspace, replication, plan)
}

pub(super) async fn connected(
    workspace: &Workspace,
    name: &str,
) -> Result<(Replication, engine::Org)> {
    let replication = workspace
        .store()
        .read(|reader| reader.replication_named(name))?;
    let Some(connection) = replication.connection else {
        let message = format!("replication \"{}\" has no connection", replication.name);
        return Err(Error::new(
            Code::SetUp,
            message,
            format!(
                "choose one with `replications set {} --connection NAME`",
                quoted(&replication.name)
            ),
        ));
    };
    let org = orgs::org(workspace, connection).await?;
    orgs::look_again_if_unfit(workspace, &org, &replication).await;
    Ok((replication, org))
}

fn report(
    workspace: &Workspace,
    replication: Replication,
    plan: engine::Plan,
) -> Result<PlanReport> {
    let mut by_code: BTreeMap<String, BlockedBy> = BTreeMap::new();
    for_each_row(workspace, plan.id, PlanDecision::Blocked, |row| {
        let code = row.code.unwrap_or_else(|| "unknown".to_owned());
        let message = row.message.unwrap_or_default();
        by_code
            .entry(code.clone())
            .or_insert(BlockedBy {
                code,
                contacts: 0,
                message,
            })
            .contacts += 1;
    })?;
    let mut blocked_by: Vec<_> = by_code.into_values().collect();
    blocked_by.sort_by_key(|reason| std::cmp::Reverse(reason.contacts));
    Ok(PlanReport {
        replication: replication.name,
        counts: plan.counts,
        matched: plan.matched,
        cut: plan.cut,
        allowance: plan.allowance,
        findings: plan.findings,
        blocked_by,
    })
}

fn for_each_row(
    workspace: &Workspace,
    plan: PlanId,
    decision: PlanDecision,
    mut visit: impl FnMut(leadferry_store::PlanRow),
) -> Result<()> {
    let mut after = ContactId(0);
    loop {
        let rows = workspace
            .store()
            .read(|reader| reader.plan_rows(plan, Some(decision), after, PAGE))?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.contact;
        rows.into_iter().for_each(&mut visit);
    }
}

/// A contact of the latest plan.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PlannedContact {
    /// The contact.
    pub contact: Guid,
    /// What a run would do.
    pub decision: PlanDecision,
    /// The record to update, where known.
    pub record_id: Option<String>,
    /// Why it is blocked: code.
    pub code: Option<String>,
    /// Why it is blocked.
    pub message: Option<String>,
    /// Candidates; what would be cut.
    pub detail: Value,
}

/// Returns the first contacts of the replication's latest plan.
///
/// # Errors
/// When there is no such replication, or no plan of it.
pub fn planned(
    workspace: &Workspace,
    name: &str,
    decision: Option<PlanDecision>,
    limit: usize,
) -> Result<Vec<PlannedContact>> {
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let plan = reader.latest_plan(replication.id)?.ok_or_else(|| {
            Error::usage(
                format!("there is no plan of \"{}\"", replication.name),
                "make one with `replications plan`",
            )
        })?;
        let rows = reader.plan_rows(plan.id, decision, ContactId(0), limit)?;
        let ids: Vec<_> = rows.iter().map(|row| row.contact).collect();
        let guids: BTreeMap<_, _> = reader
            .contacts(&ids, &[])?
            .into_iter()
            .map(|contact| (contact.id, contact.guid))
            .collect();
        let planned = rows.into_iter().filter_map(|row| {
            Some(PlannedContact {
                contact: guids.get(&row.contact)?.clone(),
                decision: row.decision,
                record_id: row.record_id,
                code: row.code,
                message: row.message,
                detail: row.detail,
            })
        });
        Ok(planned.collect())
    })
}

/// What a run did.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RunOutcome {
    /// The replication.
    pub replication: String,
    /// The counts, and why it stopped if it did.
    #[serde(flatten)]
    pub report: RunReport,
}

/// How a run ended, for exit codes and colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All well.
    AllWell,
    /// Some contacts failed, were newly blocked, or wait.
    SomeNeedALook,
    /// Someone has to sign in; the queue waits.
    SignIn,
    /// It was stopped; the queue waits.
    Stopped,
    /// Something on this machine kept it from going on; the queue waits.
    LocalFault,
}

impl RunOutcome {
    /// Tells how the run ended.
    pub fn ending(&self) -> Ending {
        match &self.report.stopped {
            Some(stop) if stop.kind == StopKind::SignIn => Ending::SignIn,
            Some(stop) if stop.kind == StopKind::Local => Ending::LocalFault,
            Some(_) => Ending::Stopped,
            None if self.report.failed + self.report.blocked + self.report.waiting > 0 => {
                Ending::SomeNeedALook
            }
            None => Ending::AllWell,
        }
    }
}

/// Sends what is due; stops between requests when `cancel` is asked.
///
/// # Errors
/// When the replication cannot be used as it is, another process sends to the org, or the workspace cannot be written.
/// What the org refuses is in the answer.
pub async fn run(workspace: &Workspace, name: &str, cancel: &Cancel) -> Result<RunOutcome> {
    let result = carry_out(workspace, name, cancel).await;
    alerts::after_run(workspace, name, &result);
    result
}

async fn carry_out(workspace: &Workspace, name: &str, cancel: &Cancel) -> Result<RunOutcome> {
    workspace.check_may_send()?;
    let (replication, org) = connected(workspace, name).await?;
    catch_up(workspace)?;
    let _sender = sender_lock(workspace, &org.org_id)?;
    let connection = workspace
        .store()
        .read(|reader| reader.connection(org.connection))?;
    let policy = orgs::policy(workspace, &connection);
    let host = workspace.host();
    let shown = Shown::of(workspace, JobKind::Run, &replication.name);
    let asked = shown.stops(cancel);
    let running = engine::run(
        workspace.store(),
        replication.id,
        &org,
        &*host.clock,
        &policy,
        cancel,
        &shown,
    );
    let report = tokio::select! {
        report = running => report?,
        never = asked => match never {},
    };
    Ok(RunOutcome {
        replication: replication.name,
        report,
    })
}

/// Takes the lock that makes this process the org's only sender.
pub(crate) fn sender_lock(workspace: &Workspace, org_id: &str) -> Result<FileLock> {
    let path = workspace
        .host()
        .environment
        .data_folder
        .join("senders")
        .join(format!("{org_id}.lock"));
    FileLock::try_take(&path)?.ok_or_else(|| {
        let hint = "wait until it has finished, then try again; nothing was sent from here";
        Error::new(
            Code::AnotherSender,
            "another process is sending to this org",
            hint,
        )
    })
}

/// Shows the engine's steps to the user.
pub(super) struct Shown<'a> {
    front_end: &'a dyn FrontEnd,
    job: Running,
}

impl Shown<'_> {
    pub(super) fn of<'a>(workspace: &'a Workspace, kind: JobKind, replication: &str) -> Shown<'a> {
        Shown {
            front_end: &*workspace.host().front_end,
            job: jobs::begin(workspace, kind, replication),
        }
    }

    /// Cancels when somebody asks the job to stop; never ends.
    pub(super) async fn stops(&self, cancel: &Cancel) -> std::convert::Infallible {
        self.job.asked_to_stop().await;
        cancel.cancel();
        std::future::pending().await
    }
}

impl Progress for Shown<'_> {
    fn step(&self, step: &engine::Step) {
        let stage = match step.stage {
            Stage::Settling => "settling",
            Stage::Planning => "planning",
            Stage::Matching => "matching",
            Stage::Sending => "sending",
            Stage::Waiting => "waiting",
            Stage::Comparing => "comparing",
        };
        self.job.step(stage, step.done, step.total);
        self.front_end.step(Step {
            stage,
            done: step.done,
            total: step.total,
        });
    }
}
