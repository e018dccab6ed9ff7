//! How a replication stands: what is missing before it can go, and what to do next.

use leadferry_replication::mapping::Mapping;
use leadferry_replication::setup::Setup;
use leadferry_replication::{Error as EngineError, Settings};
use leadferry_store::{Connection, Flow, Reader, Replication, RunState, grouped};
use serde::Serialize;

use super::braking::{HeldRuns, held_runs};
use super::setting_up::{SetUpPart, left_at};
use crate::error::capitalized;
use crate::figures::QueueFigures;
use crate::jobs::{self, JobKind};
use crate::mappings::{self, Severity};
use crate::{Result, Workspace};

/// What kind of org a connection leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// Real people work there.
    Production,
    /// A copy for trying.
    Sandbox,
    /// The org inside the app.
    Practice,
    /// Nobody has signed in yet.
    Unknown,
}

impl OrgKind {
    /// Returns the kind of a connection's org; one that does not say so counts as production.
    pub fn of(connection: &Connection) -> OrgKind {
        match (connection.flow, &connection.org_id, connection.sandbox) {
            (Flow::Practice, ..) => OrgKind::Practice,
            (_, None, _) => OrgKind::Unknown,
            (_, _, Some(true)) => OrgKind::Sandbox,
            _ => OrgKind::Production,
        }
    }
}

/// How a replication stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ReplicationState {
    /// It sends at this moment.
    Running,
    /// It can be planned and run.
    Ready,
    /// Something is missing.
    NeedsSetUp,
    /// It is switched off.
    Paused,
    /// The last run stopped before everything due was sent.
    Error,
}

/// Something that a replication needs before its first run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ReadyStep {
    /// What it is about.
    pub need: Need,
    /// Whether it is there.
    pub done: bool,
    /// How it stands, in a sentence.
    pub text: String,
}

/// What a replication needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A connection that somebody has signed in to.
    Connection,
    /// A field of the org that can hold the identifier.
    Identifier,
    /// A mapping that can be used.
    Mapping,
    /// Settings that fit the org and the workspace; named only where they don't.
    Settings,
    /// A company for contacts without one.
    Company,
    /// Somebody to send.
    Contacts,
}

/// The last run, as the list of replications shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LastRun {
    /// The run.
    pub run: i64,
    /// How it stands.
    pub state: RunState,
    /// When it began, UTC milliseconds.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Why it stopped.
    pub reason: Option<String>,
}

/// Where a replication stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Standing {
    /// In a word.
    pub state: ReplicationState,
    /// What it needs, in the order in which it is given.
    pub needs: Vec<ReadyStep>,
    /// Contacts that it selects.
    pub selected: u64,
    /// Contacts that wait to go, those on their way included.
    pub waiting: u64,
    /// Contacts that need a person, those given up included.
    pub blocked: u64,
    /// Contacts that the org holds as we want them.
    pub done: u64,
    /// Contacts whose records were undone, until they are released.
    pub on_hold: u64,
    /// What holds its scheduled runs.
    pub held: Option<HeldRuns>,
    /// How many runs there were.
    pub runs: u64,
    /// The last of them.
    pub last_run: Option<LastRun>,
    /// What kind of org it sends to; `None` without a connection.
    pub org_kind: Option<OrgKind>,
    /// The part of its setup that was open last, until it has run.
    pub set_up_at: Option<SetUpPart>,
}

/// What a replication's standing depends on outside the workspace.
pub(crate) struct Moment {
    /// The replications that send at this moment, in this or another process.
    pub(super) running: Vec<String>,
    /// UTC milliseconds.
    pub(super) now: i64,
}

impl Moment {
    pub(crate) fn of(workspace: &Workspace) -> Self {
        let jobs = jobs::list(workspace).into_iter();
        Self {
            running: jobs
                .filter(|job| job.kind == JobKind::Run)
                .map(|job| job.title)
                .collect(),
            now: workspace.host().now(),
        }
    }

    /// A replication that was changed just now.
    pub(crate) fn of_change(now: i64) -> Self {
        let running = Vec::new();
        Self { running, now }
    }
}

/// Works out how a replication stands.
pub(super) fn standing(
    reader: &Reader<'_>,
    replication: &Replication,
    moment: &Moment,
) -> Result<Standing> {
    let connection = replication
        .connection
        .map(|id| reader.connection(id))
        .transpose()?;
    let QueueFigures {
        waiting,
        blocked,
        sent,
        held,
    } = QueueFigures::of(&reader.queue_counts(replication.id)?);
    let selected = selected(reader, replication)?;
    let needs = needs(
        reader,
        replication,
        connection.as_ref(),
        selected,
        moment.now,
    )?;
    let last_run = reader.last_run(replication.id)?.map(|run| LastRun {
        run: run.id.0,
        state: run.state,
        started_at: run.started_at,
        ended_at: run.ended_at,
        reason: run.reason,
    });
    let runs = reader.run_count(replication.id)?;
    let stopped = last_run
        .as_ref()
        .is_some_and(|run| run.state == RunState::Stopped);
    let state = if moment.running.contains(&replication.name) {
        ReplicationState::Running
    } else if !replication.enabled {
        ReplicationState::Paused
    } else if needs.iter().any(|need| !need.done) {
        ReplicationState::NeedsSetUp
    } else if stopped {
        ReplicationState::Error
    } else {
        ReplicationState::Ready
    };
    Ok(Standing {
        state,
        needs,
        selected,
        waiting,
        blocked,
        done: sent,
        on_hold: held,
        held: held_runs(reader, replication)?,
        set_up_at: match runs {
            0 => left_at(reader, replication.id)?,
            _ => None,
        },
        runs,
        last_run,
        org_kind: connection.as_ref().map(OrgKind::of),
    })
}

/// Counts who is selected; nobody while a segment that decides is not there any more.
pub(crate) fn selected(reader: &Reader<'_>, replication: &Replication) -> Result<u64> {
    let settings = Settings::from_json(&replication.settings)?;
    match leadferry_replication::setup::selection(reader, replication, &settings) {
        Ok(selection) => Ok(reader.selected_count(replication.id, &selection)?),
        Err(leadferry_replication::Error::Settings(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

fn needs(
    reader: &Reader<'_>,
    replication: &Replication,
    connection: Option<&Connection>,
    selected: u64,
    now: i64,
) -> Result<Vec<ReadyStep>> {
    let settings = Settings::from_json(&replication.settings)?;
    let mut needs = vec![
        connected(connection),
        identified(reader, replication, &settings)?,
        mapped(reader, replication)?,
    ];
    needs.extend(loaded(reader, replication, &settings, &needs, now)?);
    let creates = !settings.consent_sync || settings.create_missing;
    let target = mappings::target(reader, replication)?;
    let field = target.field("Company");
    if creates && field.is_some_and(|field| field.required) {
        let company = default_company(&settings);
        needs.push(ReadyStep {
            need: Need::Company,
            done: company.is_some(),
            text: match company {
                Some(company) => format!("Contacts without a company get \"{company}\""),
                None => {
                    "Leads need a company. Choose one for contacts without a company".to_owned()
                }
            },
        });
    }
    needs.push(ReadyStep {
        need: Need::Contacts,
        done: selected > 0,
        text: match selected {
            0 => "No contacts are selected".to_owned(),
            1 => "1 contact is selected".to_owned(),
            count => format!("{} contacts are selected", grouped(count)),
        },
    });
    Ok(needs)
}

fn connected(connection: Option<&Connection>) -> ReadyStep {
    let (done, text) = match connection {
        None => (false, "Choose a connection".to_owned()),
        Some(connection) if connection.org_id.is_none() => {
            (false, format!("Sign in to {}", connection.name))
        }
        Some(connection) => (true, format!("Connected to {}", connection.name)),
    };
    ReadyStep {
        need: Need::Connection,
        done,
        text,
    }
}

fn identified(
    reader: &Reader<'_>,
    replication: &Replication,
    settings: &Settings,
) -> Result<ReadyStep> {
    let target = mappings::target(reader, replication)?;
    let (done, text) = match target.identifier(&settings.identifier) {
        Ok(()) => (
            true,
            format!("{} is ready to store the Leadferry ID", settings.identifier),
        ),
        Err(_) if !settings.create_missing => (
            true,
            "Only existing records are updated, so no identifier is needed".to_owned(),
        ),
        Err(why) => (false, capitalized(&why)),
    };
    Ok(ReadyStep {
        need: Need::Identifier,
        done,
        text,
    })
}

fn mapped(reader: &Reader<'_>, replication: &Replication) -> Result<ReadyStep> {
    let body = reader.mapping(replication.id)?.body;
    let findings = mappings::findings(reader, replication, &body)?;
    let errors: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    let settings = Settings::from_json(&replication.settings)?;
    if settings.consent_sync && Mapping::parse(&body).unwrap_or_default().rows.is_empty() {
        return Ok(ReadyStep {
            need: Need::Mapping,
            done: false,
            text: "Choose a field for at least one purpose".to_owned(),
        });
    }
    let text = match errors.as_slice() {
        [] if settings.consent_sync => "All chosen fields fit".to_owned(),
        [] => "All fields that Salesforce requires are mapped".to_owned(),
        [one] => capitalized(&one.message),
        [first, rest @ ..] => format!(
            "{} ({} more to fix)",
            capitalized(&first.message),
            rest.len()
        ),
    };
    Ok(ReadyStep {
        need: Need::Mapping,
        done: errors.is_empty(),
        text,
    })
}

/// Loads the replication as a plan would, and returns what keeps it from that and no other need names.
fn loaded(
    reader: &Reader<'_>,
    replication: &Replication,
    settings: &Settings,
    others: &[ReadyStep],
    now: i64,
) -> Result<Option<ReadyStep>> {
    let todo = |need, text: &str| {
        Some(ReadyStep {
            need,
            done: false,
            text: capitalized(text),
        })
    };
    match Setup::load(reader, replication.id, now) {
        Ok(_) => Ok(None),
        // Each has a need of its own.
        Err(_)
            if others
                .iter()
                .any(|step| step.need == Need::Mapping && !step.done) =>
        {
            Ok(None)
        }
        Err(EngineError::Settings(_))
            if settings.lacks_company(&mappings::target(reader, replication)?) =>
        {
            Ok(None)
        }
        Err(EngineError::Settings(text)) => Ok(todo(Need::Settings, &text)),
        Err(error @ EngineError::Mapping(_)) => Ok(todo(Need::Mapping, &error.to_string())),
        Err(error) => Err(error.into()),
    }
}

fn default_company(settings: &Settings) -> Option<&str> {
    let company = settings.default_company.as_deref();
    company.filter(|company| !company.trim().is_empty())
}
