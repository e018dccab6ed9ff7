//! Planning, matching and running.

use leadferry_replication::{
    self as engine, ApiCosts, CallBudget, Cancel, PlanCounts, Progress, Reach, RunReport, Settings,
    Stage, StopKind, mapping::Finding,
};
use leadferry_store::{Connection, ContactId, PlanDecision, PlanFilter, Replication};
use serde::Serialize;
use serde_json::Value;

use super::partnering::{PartnerPreview, with_partner};
use super::remarks::{PlannedRemark, UnsentField, remarks_of, unsent, with_others};
use super::standing::OrgKind;
use super::{Person, people};
use crate::alerts;
use crate::connections::{ChangedField, drift_around};
use crate::jobs::{self, JobKind, Running};
use crate::locks::{FileLock, lock_file};
use crate::orgs::{self, keep_allowance};
use crate::recalculating::catch_up;
use crate::{Code, Error, FrontEnd, Result, Step, Workspace, quoted};

/// What a run would do.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PlanReport {
    /// The replication.
    pub replication: String,
    /// How many contacts would be created, updated, and so on.
    #[serde(flatten)]
    pub counts: PlanCounts,
    /// Which of Salesforce's APIs sends them, why, and what each costs.
    pub api: ApiCosts,
    /// Whether the org was asked.
    pub matched: bool,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// Contacts of whom a value would not go as it is: cut, left out, changed.
    pub remarked: u64,
    /// What would become of these values, by kind and field, the most frequent first.
    pub remarks: Vec<PlannedRemark>,
    /// Contact fields that hold values and go nowhere.
    pub unsent: Vec<UnsentField>,
    /// The API calls that a run may make now; `None` where the org has told nothing yet.
    pub budget: Option<CallBudget>,
    /// What was found about the mapping.
    pub findings: Vec<Finding>,
    /// Why contacts are blocked, the most frequent reason first.
    pub blocked_by: Vec<BlockedBy>,
    /// Fields of the org that have changed, and that the replication, its score or its segments use.
    pub drift: Vec<ChangedField>,
    /// Who goes through this replication and who through its partner, and why; `None` without a partner.
    pub partner: Option<PartnerPreview>,
}

/// A reason for which contacts are blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct BlockedBy {
    /// The org's code, or ours in lower case.
    pub code: String,
    /// The field that it is about, or the relationship to a parent.
    pub field: Option<String>,
    /// How many contacts.
    pub contacts: u64,
    /// What happened to one of them, with some of the values, and what to do.
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
    index_people(workspace, &replication)?;
    let now = workspace.host().now();
    let plan = engine::plan(
        workspace.store(),
        replication.id,
        now,
        &Shown::of(workspace, JobKind::Plan, &replication.name),
    );
    let plan = plan.map_err(|error| unplanned(workspace, error, &replication));
    report(workspace, replication, plan?)
}

/// Says why a replication can't be planned, and what goes all the same.
fn unplanned(workspace: &Workspace, error: engine::Error, replication: &Replication) -> Error {
    let (store, now) = (workspace.store(), workspace.host().now());
    let is_unusable = matches!(
        error,
        engine::Error::Mapping(_) | engine::Error::Settings(_)
    );
    let owes_no = is_unusable
        && replication.enabled
        && engine::owes_no(store, replication.id, now).unwrap_or(false);
    let error = with_cure(error, replication);
    if !owes_no {
        return error;
    }
    let why = error.cause.trim_end_matches('.');
    let why = format!("{why}. A run still sends opt-outs and refused consent");
    error.because(why)
}

/// Indexes the mirror of the org, where new people are compared with it and that was not done yet.
fn index_people(workspace: &Workspace, replication: &Replication) -> Result<()> {
    let settings = Settings::from_json(&replication.settings)?;
    let Some(connection) = replication
        .connection
        .filter(|_| settings.holds_duplicates())
    else {
        return Ok(());
    };
    let store = workspace.store();
    let org_id = store.read(|reader| reader.connection(connection))?.org_id;
    let is_missing = match &org_id {
        Some(org_id) => store.read(|reader| reader.lacks_people_index(org_id))?,
        None => false,
    };
    if let (true, Some(org_id)) = (is_missing, org_id) {
        store.write(|writer| writer.index_people(&org_id, &[]))?;
    }
    Ok(())
}

/// Works out what a run would do, and finds every person in the org.
///
/// # Errors
/// As [`plan`], and when the org cannot be asked.
pub async fn find_people(workspace: &Workspace, name: &str) -> Result<PlanReport> {
    let (replication, org) = connected(workspace, name).await?;
    catch_up(workspace)?;
    index_people(workspace, &replication)?;
    let connection = workspace
        .store()
        .read(|reader| reader.connection(org.connection))?;
    let policy = orgs::policy(workspace, &connection);
    let host = workspace.host();
    let shown = Shown::of(workspace, JobKind::Plan, &replication.name);
    let finding = engine::find_people(
        workspace.store(),
        replication.id,
        &org,
        &*host.clock,
        &policy,
        &shown,
    );
    // An org that takes its time is not waited for: nothing is changed there.
    let plan = tokio::select! {
        plan = finding => plan,
        () = shown.job.asked_to_stop() => Err(engine::Error::Cancelled),
    };
    keep_allowance(workspace, org.connection, &org.client)?;
    let plan = plan.map_err(|error| with_cure(error, &replication))?;
    report(workspace, replication, plan)
}

/// Adds the command that cures what keeps this replication from being planned or run, where there is one.
fn with_cure(error: engine::Error, replication: &Replication) -> Error {
    let name = quoted(&replication.name);
    let command = match &error {
        engine::Error::EmailMatching(_) => format!("replications set {name} --match-email false"),
        engine::Error::Mapping(_) if is_consent_sync(replication) => {
            format!("consent-syncs fields {name}")
        }
        engine::Error::Settings(text) if text.contains("; ") => return error.into(),
        engine::Error::Settings(_) if is_consent_sync(replication) => {
            format!("consent-syncs set {name} --help")
        }
        engine::Error::Mapping(findings)
            if findings.iter().any(|one| one.code == "unknown_target") =>
        {
            format!("replications prepare-org {name}")
        }
        engine::Error::Mapping(_) => format!("mappings check {name}"),
        engine::Error::Settings(_) => format!("replications set {name} --help"),
        _ => return error.into(),
    };
    Error::from(error).with_command(command)
}

fn is_consent_sync(replication: &Replication) -> bool {
    Settings::from_json(&replication.settings).is_ok_and(|settings| settings.consent_sync)
}

pub(super) async fn connected(
    workspace: &Workspace,
    name: &str,
) -> Result<(Replication, engine::Org)> {
    let replication = workspace
        .store()
        .read(|reader| reader.replication_named(name))?;
    let Some(connection) = replication.connection else {
        return Err(no_connection(&replication));
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
    let (reasons, remarks, budget, drift, partner) = workspace.store().read(|reader| {
        let budget = orgs::budget_of(workspace, reader, &replication)?;
        let remarks = if plan.remarked > 0 {
            remarks_of(reader, plan.id)?
        } else {
            Vec::new()
        };
        let drift = drift_around(reader, &replication)?;
        let partner = with_partner(reader, &replication)?;
        let reasons = reader.plan_reasons(plan.id)?;
        Ok::<_, Error>((reasons, remarks, budget, drift, partner))
    })?;
    let blocked_by = reasons.into_iter().map(|reason| BlockedBy {
        code: reason.code,
        contacts: reason.contacts,
        message: with_others(reason.message, &reason.values),
        field: reason.field,
    });
    Ok(PlanReport {
        unsent: unsent(&replication.object, &plan.unsent),
        replication: replication.name,
        counts: plan.counts,
        api: plan.api,
        matched: plan.matched,
        cut: plan.cut,
        remarked: plan.remarked,
        remarks,
        budget,
        findings: plan.findings,
        blocked_by: blocked_by.collect(),
        drift,
        partner,
    })
}

/// A contact of the latest plan.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PlannedContact {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// What a run would do.
    pub decision: PlanDecision,
    /// The record to update, where known.
    pub record_id: Option<String>,
    /// Why it is blocked: code.
    pub code: Option<String>,
    /// Why it is blocked.
    pub message: Option<String>,
    /// Candidates; what would become of values that don't go as they are.
    pub detail: Value,
}

/// Which contacts of a plan are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannedOf {
    /// Those with which a run would do this.
    Decision(PlanDecision),
    /// Those of whom a value would not go as it is: cut, left out, changed.
    Remarked,
}

/// Returns the first contacts of the replication's latest plan.
///
/// # Errors
/// When there is no such replication, or no plan of it.
pub fn planned(
    workspace: &Workspace,
    name: &str,
    of: PlannedOf,
    limit: usize,
) -> Result<Vec<PlannedContact>> {
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let plan = reader.latest_plan(replication.id)?.ok_or_else(|| {
            Error::usage(
                format!("\"{}\" has no plan yet", replication.name),
                "plan it first",
            )
            .with_command(format!("replications plan {}", quoted(name)))
        })?;
        let filter = match of {
            PlannedOf::Decision(decision) => PlanFilter::decided(decision),
            PlannedOf::Remarked => PlanFilter {
                remarked: true,
                ..PlanFilter::default()
            },
        };
        let rows = reader.plan_rows(plan.id, &filter, ContactId(0), limit)?;
        let mut people = people(reader, rows.iter().map(|row| row.contact))?;
        let planned = rows.into_iter().filter_map(|row| {
            Some(PlannedContact {
                person: people.remove(&row.contact)?,
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
    /// Some contacts wait, or are blocked until someone acts, be it since this run or an earlier one.
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
            // The others wait because they were meant to.
            Some(stop) if stop.kind == StopKind::First && self.report.standing == 0 => {
                Ending::AllWell
            }
            Some(stop) if stop.kind == StopKind::First => Ending::SomeNeedALook,
            Some(_) => Ending::Stopped,
            None if self.report.standing + self.report.waiting > 0 => Ending::SomeNeedALook,
            None => Ending::AllWell,
        }
    }
}

/// Sends what is due; stops between requests when `cancel` is asked.
///
/// # Errors
/// When the replication cannot be used as it is, it would be its first run to a production org, another process sends to
/// the org, or the workspace cannot be written. What the org refuses is in the answer.
pub async fn run(workspace: &Workspace, name: &str, cancel: &Cancel) -> Result<RunOutcome> {
    run_as(workspace, name, RunWish::default(), cancel).await
}

/// What the user has said about a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunWish<'a> {
    /// The name of the connection as the user typed it; the first run to a production org needs it.
    pub confirm: Option<&'a str>,
    /// How far it goes.
    pub reach: Reach,
    /// A schedule has started it, and nobody watches.
    pub scheduled: bool,
}

/// Sends what is due as the user wishes.
///
/// # Errors
/// As [`run`], and when what was typed is not the connection's name.
pub async fn run_as(
    workspace: &Workspace,
    name: &str,
    wish: RunWish<'_>,
    cancel: &Cancel,
) -> Result<RunOutcome> {
    let result = carry_out(workspace, name, wish, cancel).await;
    alerts::after_run(workspace, name, &result);
    result
}

async fn carry_out(
    workspace: &Workspace,
    name: &str,
    wish: RunWish<'_>,
    cancel: &Cancel,
) -> Result<RunOutcome> {
    workspace.check_may_send()?;
    let _under_way = workspace.store().under_way();
    let (replication, org) = connected(workspace, name).await?;
    let connection = workspace
        .store()
        .read(|reader| reader.connection(org.connection))?;
    check_confirmed(workspace, &replication, &connection, wish.confirm)?;
    catch_up(workspace)?;
    index_people(workspace, &replication)?;
    let _sender = sender_lock(workspace, &org.org_id)?;
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
        engine::Wish {
            reach: wish.reach,
            scheduled: wish.scheduled,
        },
        cancel,
        &shown,
    );
    let report = tokio::select! {
        report = running => report.map_err(|error| with_cure(error, &replication))?,
        never = asked => match never {},
    };
    Ok(RunOutcome {
        replication: replication.name,
        report,
    })
}

/// Refuses the first run to a production org until the user has typed the connection's name.
fn check_confirmed(
    workspace: &Workspace,
    replication: &Replication,
    connection: &Connection,
    confirm: Option<&str>,
) -> Result<()> {
    let typed = confirm.map(str::trim);
    if typed.is_some_and(|typed| typed.to_lowercase() == connection.name.to_lowercase()) {
        return Ok(());
    }
    let org_id = connection.org_id.as_deref().unwrap_or_default();
    let asks = OrgKind::of(connection) == OrgKind::Production
        && !workspace
            .store()
            .read(|reader| reader.has_run_to(replication.id, org_id))?;
    if !asks && typed.is_none() {
        return Ok(());
    }
    let hint = "Check the plan, then enter the connection's name to confirm the run.";
    let command = format!(
        "replications run {} --confirm {}",
        quoted(&replication.name),
        quoted(&connection.name)
    );
    let refused = match typed {
        Some(typed) => Error::usage(
            format!("\"{typed}\" isn't the name of the connection."),
            hint,
        )
        .because(format!(
            "\"{}\" sends to \"{}\".",
            replication.name, connection.name
        )),
        None => Error::new(
            Code::Unconfirmed,
            format!(
                "\"{}\" hasn't run in {} yet, so nothing was sent.",
                replication.name, connection.name
            ),
            hint,
        )
        .because("The first run to a production org starts only when you confirm it by name."),
    };
    Err(refused.with_command(command))
}

/// Returns the error for a replication that has nowhere to send to.
pub(crate) fn no_connection(replication: &Replication) -> Error {
    Error::new(
        Code::SetUp,
        format!("replication \"{}\" has no connection", replication.name),
        "choose a connection for it",
    )
    .with_command(format!(
        "replications set {} --connection NAME",
        quoted(&replication.name)
    ))
}

/// Takes the lock that makes this process the org's only sender.
pub(crate) fn sender_lock(workspace: &Workspace, org_id: &str) -> Result<FileLock> {
    let data_folder = &workspace.host().environment.data_folder;
    let path = lock_file(data_folder, "senders", org_id);
    FileLock::try_take(&path)?.ok_or_else(|| {
        let hint = "wait until it has finished, then try again. Nothing was sent from here";
        Error::new(
            Code::AnotherSender,
            "another process is already sending to this org",
            hint,
        )
    })
}

/// Shows the engine's steps to the user.
pub(crate) struct Shown<'a> {
    front_end: &'a dyn FrontEnd,
    job: Running,
}

impl Shown<'_> {
    pub(crate) fn of<'a>(workspace: &'a Workspace, kind: JobKind, replication: &str) -> Shown<'a> {
        Shown {
            front_end: &*workspace.host().front_end,
            job: jobs::begin(workspace, kind, replication),
        }
    }

    /// Cancels when somebody asks the job to stop; never ends.
    pub(crate) async fn stops(&self, cancel: &Cancel) -> std::convert::Infallible {
        self.job.asked_to_stop().await;
        cancel.cancel();
        std::future::pending().await
    }
}

impl Progress for Shown<'_> {
    fn goes_on(&self) -> bool {
        self.job.goes_on()
    }

    fn step(&self, step: &engine::Step) {
        let stage = match step.stage {
            Stage::Settling => "settling",
            Stage::Planning => "planning",
            Stage::Matching => "matching",
            Stage::Sending => "sending",
            Stage::Waiting => "waiting",
            Stage::Comparing => "comparing",
            Stage::Pulling => "pulling",
            Stage::Undoing => "undoing",
        };
        self.job.step(stage, step.done, step.total);
        self.front_end.step(Step {
            stage,
            done: step.done,
            total: step.total,
        });
    }
}
