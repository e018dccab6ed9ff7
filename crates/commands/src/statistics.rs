//! Figures over time, and what needs a look: what the first screen shows.

mod api_use;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use leadferry_replication::Settings;
use leadferry_replication::settings::Schedule;
use leadferry_store::{
    Connection, EntryState, Flow, ImportState, Outcomes, Reader, Replication, RunState,
};
use serde::Serialize;

pub use api_use::{ApiHour, ApiUse};

use crate::connections::{certificate_warning, lapse_in_words};
use crate::diagnosis::{explained, outlook};
use crate::figures::QueueFigures;
use crate::{Result, Workspace, first_run, jobs, jobs::JobKind};

const DAYS: u16 = 14;
/// What to do about contacts that wait for a run that somebody has to start.
const RUN_AGAIN: &str = "run the replication, which tries them again";

/// What the first screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Overview {
    /// What needs a look, the gravest first.
    pub looks: Vec<Look>,
    /// What became of the contacts that were sent, day by day; the last day is today.
    pub days: Vec<DayFigures>,
    /// Why contacts do not get through at the moment, the most frequent cause first.
    pub causes: Vec<Cause>,
    /// API calls of each connection that was used within 24 hours, the busiest first.
    pub api_use: Vec<ApiUse>,
    /// Which of the three ways to begin have been taken.
    pub begun: Begun,
    /// The replication that was run last, or the only one: what the main button plans.
    pub next_replication: Option<String>,
}

/// Something that needs a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Look {
    /// What it is, and where to go for it.
    pub kind: LookKind,
    /// The replication.
    pub replication: Option<String>,
    /// The connection.
    pub connection: Option<String>,
    /// The run.
    pub run: Option<i64>,
    /// How many contacts.
    pub contacts: u64,
    /// The org's code, or ours in lower case.
    pub code: Option<String>,
    /// Why, in plain words; empty where the kind says it all.
    pub text: String,
}

/// What needs a look. In this order they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LookKind {
    /// The workspace cannot be written.
    ReadOnly,
    /// The workspace stands on a network drive: nothing is sent.
    OnNetwork,
    /// Nobody has signed in to the connection yet.
    SignIn,
    /// Salesforce no longer accepts the sign-in.
    SignInRefused,
    /// The sign-in was not used for long, and can lapse.
    SignInLapses,
    /// The certificate of the key ends within a month, or has ended.
    CertificateEnds,
    /// The last run stopped before all was sent.
    RunStopped,
    /// Contacts are blocked or given up.
    Blocked,
    /// The daily backup was skipped.
    BackupSkipped,
    /// Contacts wait, and nothing sends them.
    Waiting,
}

/// What became of contacts on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DayFigures {
    /// The day in the workspace's time zone, such as `2026-01-31`.
    pub day: String,
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
    /// Contacts newly blocked, before anything was sent or because the org refused them.
    pub blocked: u64,
}

/// Why contacts of a replication do not get through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Cause {
    /// The replication.
    pub replication: String,
    /// The org's code, or ours in lower case.
    pub code: String,
    /// The cause in two or three words.
    pub label: String,
    /// The cause in a sentence.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// How many contacts.
    pub contacts: u64,
    /// It is tried again without anyone's help.
    pub tries_again: bool,
}

/// Which of the ways to begin have been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Begun {
    /// The practice org is connected.
    pub practice: bool,
    /// An org of the user's own is connected.
    pub connect: bool,
    /// Contacts of the user's own were brought in.
    pub import: bool,
}

/// Gathers what the first screen shows.
pub fn overview(workspace: &Workspace) -> Result<Overview> {
    let now = workspace.host().now();
    let running: Vec<String> = jobs::list(workspace)
        .into_iter()
        .filter(|job| job.kind == JobKind::Run)
        .map(|job| job.title)
        .collect();
    workspace.store().read(|reader| {
        let replications = reader.replications()?;
        let connections = reader.connections()?;
        let causes = causes(reader, &replications)?;
        let mut looks = looks(reader, &replications, &causes, &running)?;
        looks.extend(connections.iter().filter_map(|one| of_sign_in(one, now)));
        looks.extend(
            connections
                .iter()
                .filter_map(|one| of_certificate(one, now)),
        );
        looks.extend(looks_at_file(workspace));
        looks.sort_by_key(|look| (look.kind, std::cmp::Reverse(look.contacts)));
        Ok(Overview {
            looks,
            days: days(reader, &replications, now)?,
            causes,
            api_use: api_use::of_all(workspace, reader, &connections)?,
            begun: begun(reader, &connections)?,
            next_replication: next_replication(reader, &replications)?,
        })
    })
}

fn causes(reader: &Reader<'_>, replications: &[Replication]) -> Result<Vec<Cause>> {
    let mut causes = Vec::new();
    for replication in replications {
        let runs_by_itself = runs_by_itself(replication)?;
        for open in reader.open_causes(replication.id)? {
            let about = explained(&open.code, &open.message);
            let tries_again = open.state == EntryState::Pending;
            causes.push(Cause {
                replication: replication.name.clone(),
                label: about.label,
                cause: about.cause,
                cure: match (tries_again, runs_by_itself) {
                    (true, true) => outlook(&open.code),
                    (true, false) => RUN_AGAIN.to_owned(),
                    (false, _) => about.cure,
                },
                code: open.code,
                contacts: open.contacts,
                tries_again,
            });
        }
    }
    causes.sort_by_key(|cause| (cause.tries_again, std::cmp::Reverse(cause.contacts)));
    Ok(causes)
}

/// Tells whether what waits is sent without anybody starting a run.
fn runs_by_itself(replication: &Replication) -> Result<bool> {
    let settings = Settings::from_json(&replication.settings)?;
    Ok(replication.enabled && settings.schedule != Schedule::Manual)
}

fn looks(
    reader: &Reader<'_>,
    replications: &[Replication],
    causes: &[Cause],
    running: &[String],
) -> Result<Vec<Look>> {
    let blocked = causes.iter().filter(|cause| !cause.tries_again);
    let mut looks: Vec<Look> = blocked
        .map(|cause| Look {
            replication: Some(cause.replication.clone()),
            contacts: cause.contacts,
            code: Some(cause.code.clone()),
            ..Look::of(LookKind::Blocked, &cause.cause)
        })
        .collect();
    for replication in replications.iter().filter(|one| one.enabled) {
        if running.contains(&replication.name) {
            continue;
        }
        let last = reader.latest_run(replication.id)?;
        let stopped = last.filter(|run| run.state == RunState::Stopped);
        let QueueFigures { waiting, .. } = QueueFigures::of(&reader.queue_counts(replication.id)?);
        let look = match stopped {
            Some(run) => Look {
                run: Some(run.run.0),
                ..Look::of(LookKind::RunStopped, &run.reason.unwrap_or_default())
            },
            None if waiting > 0 => Look::of(LookKind::Waiting, ""),
            None => continue,
        };
        looks.push(Look {
            replication: Some(replication.name.clone()),
            contacts: waiting,
            ..look
        });
    }
    Ok(looks)
}

fn of_sign_in(connection: &Connection, now: i64) -> Option<Look> {
    let trouble = connection.facts.trouble.as_ref();
    let look = if let Some(refused) = trouble.filter(|trouble| trouble.needs_sign_in) {
        let why = if refused.cause.is_empty() {
            &refused.message
        } else {
            &refused.cause
        };
        Look::of(LookKind::SignInRefused, why)
    } else if connection.org_id.is_none() && connection.flow != Flow::Practice {
        Look::of(LookKind::SignIn, "")
    } else {
        Look::of(LookKind::SignInLapses, &lapse_in_words(connection, now)?)
    };
    Some(Look {
        connection: Some(connection.name.clone()),
        ..look
    })
}

fn of_certificate(connection: &Connection, now: i64) -> Option<Look> {
    let warning = certificate_warning(connection, now)?;
    Some(Look {
        connection: Some(connection.name.clone()),
        ..Look::of(LookKind::CertificateEnds, &warning.text)
    })
}

fn looks_at_file(workspace: &Workspace) -> Vec<Look> {
    let mut looks = Vec::new();
    if workspace.store().is_read_only() {
        looks.push(Look::of(LookKind::ReadOnly, ""));
    }
    if workspace.is_on_network() {
        looks.push(Look::of(LookKind::OnNetwork, ""));
    }
    if let Some(why) = workspace.backup_skipped() {
        looks.push(Look::of(LookKind::BackupSkipped, &why));
    }
    looks
}

impl Look {
    fn of(kind: LookKind, text: &str) -> Look {
        Look {
            kind,
            replication: None,
            connection: None,
            run: None,
            contacts: 0,
            code: None,
            text: text.to_owned(),
        }
    }
}

/// Returns the figures of the last days; a day without any is there as well.
fn days(reader: &Reader<'_>, replications: &[Replication], now: i64) -> Result<Vec<DayFigures>> {
    let zone = zone(reader)?;
    let today = Timestamp::from_millisecond(now)
        .unwrap_or_default()
        .to_zoned(zone.clone())
        .date();
    (0..DAYS)
        .rev()
        .map(|back| {
            let day = today
                .checked_sub(jiff::Span::new().days(back))
                .unwrap_or(today);
            let (start, end) = (start_of(day, &zone), start_of(next(day), &zone));
            let Outcomes {
                created,
                updated,
                refused,
            } = reader.outcomes_between(start, end)?;
            let mut blocked = refused;
            for replication in replications {
                blocked += reader.blocked_between(replication.id, start, end)?;
            }
            Ok(DayFigures {
                day: day.to_string(),
                created,
                updated,
                blocked,
            })
        })
        .collect()
}

fn zone(reader: &Reader<'_>) -> Result<TimeZone> {
    Ok(TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC))
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

/// Returns when a day begins, UTC milliseconds; days of 23 and 25 hours are such.
fn start_of(day: Date, zone: &TimeZone) -> i64 {
    day.to_zoned(zone.clone())
        .map_or(0, |start| start.timestamp().as_millisecond())
}

fn begun(reader: &Reader<'_>, connections: &[Connection]) -> Result<Begun> {
    let samples = first_run::has_samples(reader)?;
    let imports = reader.imports()?;
    let kept = imports
        .iter()
        .filter(|import| import.state != ImportState::Undone);
    Ok(Begun {
        practice: connections.iter().any(|one| one.flow == Flow::Practice),
        connect: connections
            .iter()
            .any(|one| one.flow != Flow::Practice && one.org_id.is_some()),
        import: kept.count() > usize::from(samples) || (!samples && reader.has_contacts()?),
    })
}

fn next_replication(reader: &Reader<'_>, replications: &[Replication]) -> Result<Option<String>> {
    let mut latest = None;
    for replication in replications.iter().filter(|one| one.enabled) {
        let run = reader.latest_run(replication.id)?.map(|run| run.run.0);
        if latest.as_ref().is_none_or(|(best, _)| run > *best) {
            latest = Some((run, replication.name.clone()));
        }
    }
    Ok(latest.map(|(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_workspace_and_lasts_as_long_as_it_does_there() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let hours = |day: &str| {
            let day: Date = day.parse().unwrap();
            (start_of(next(day), &oslo) - start_of(day, &oslo)) / 3_600_000
        };
        assert_eq!(hours("2026-03-29"), 23);
        assert_eq!(hours("2026-10-25"), 25);
        assert_eq!(hours("2026-11-13"), 24);
        assert_eq!(
            start_of("2026-11-13".parse().unwrap(), &oslo),
            "2026-11-12T23:00:00Z"
                .parse::<Timestamp>()
                .unwrap()
                .as_millisecond()
        );
    }
}
