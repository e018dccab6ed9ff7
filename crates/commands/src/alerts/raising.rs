//! What raises an alert, as the replication's settings want it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use leadferry_replication::PullReport;
use leadferry_replication::StopKind;
use leadferry_replication::pulling::PullSettings;
use leadferry_store::{
    AlertKind, AlertOf, Connection, ConnectionId, NewAlert, Pull, PullRunObject, PullRunState,
    Replication, RunId, Writer, counted, grouped,
};

use crate::connections::{ChangedField, FieldUserKind, certificate_warning, drift_around};
use crate::error::capitalized;
use crate::figures::RunFigures;
use crate::orgs;
use crate::pulls::PullOutcome;
use crate::replications::{Ending, RunOutcome, Settings};
use crate::{Code, Error, Result, Workspace};

/// Changed fields that an alert names.
const MOST_TOLD: usize = 3;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const WEEK_MS: i64 = 7 * DAY_MS;

/// What has happened, before anyone was asked whether she wants to know.
type Found = (AlertKind, String);

/// Raises what a run gives reason for.
pub(crate) fn after_run(workspace: &Workspace, name: &str, result: &Result<RunOutcome>) {
    let raised = workspace.store().write(|writer| {
        let replication = writer.replication_named(name)?;
        let run = result.as_ref().ok().and_then(|outcome| outcome.report.run);
        let figures = match run {
            Some(run) => RunFigures::of(&writer.run(run)?),
            None => RunFigures::default(),
        };
        let found = match result {
            Ok(outcome) => of_outcome(outcome, &figures),
            Err(error) => of_error(error),
        };
        let now = workspace.host().now();
        raise(writer, &replication, found, run, now)?;
        if result.is_ok() {
            raise_low(workspace, writer, &replication, run, now)?;
            raise_expiry(writer, &replication, run, now)?;
        }
        Ok::<_, Error>(replication.connection)
    });
    match raised {
        Ok(Some(connection)) => drifted(workspace, connection),
        Ok(None) => {}
        Err(error) => log_failed(Err(error)),
    }
}

/// Raises, for each enabled replication on a connection, which of the fields it uses have changed in the org; once a change.
pub(crate) fn drifted(workspace: &Workspace, connection: ConnectionId) {
    let now = workspace.host().now();
    log_failed(workspace.store().write(|writer| {
        let connection = writer.connection(connection)?;
        for replication in writer.replications()? {
            if replication.enabled && replication.connection == Some(connection.id) {
                raise_drift(writer, &connection, &replication, now)?;
            }
        }
        Ok::<_, Error>(())
    }));
}

fn raise_drift(
    writer: &Writer<'_>,
    connection: &Connection,
    replication: &Replication,
    now: i64,
) -> Result<()> {
    let Some(former) = writer.former_describe(replication.id)? else {
        return Ok(());
    };
    let changed = drift_around(writer, replication)?;
    let broken = changed
        .iter()
        .any(|field| field.used_by.iter().any(|user| user.broken));
    let kind = match (broken, changed.is_empty()) {
        (_, true) => return Ok(()),
        (true, _) => AlertKind::Failed,
        (false, _) => AlertKind::PartlyFailed,
    };
    let message = drift_in_words(&connection.name, &changed);
    let of = AlertOf::Replication(replication.id, None);
    if writer.was_alerted(of, &message, former.at)? {
        return Ok(());
    }
    raise(writer, replication, Some((kind, message)), None, now)
}

/// Says which fields have changed and what that means, the first few by name.
fn drift_in_words(connection: &str, changed: &[ChangedField]) -> String {
    let told = changed.iter().take(MOST_TOLD).map(|field| {
        let effects = field.used_by.iter().map(|user| match user.kind {
            FieldUserKind::Replication | FieldUserKind::ConsentSync => user.effect.clone(),
            kind => format!("{} “{}”: {}", kind.noun(), user.name, user.effect),
        });
        let parts: Vec<String> = std::iter::once(field.change.clone())
            .chain(effects)
            .collect();
        parts.join(" ")
    });
    let mut parts = vec![format!(
        "{} changed in {connection}",
        counted(
            changed.len() as u64,
            "field that it uses",
            "fields that it uses"
        )
    )];
    parts.extend(told);
    if changed.len() > MOST_TOLD {
        parts.push("The connection’s page lists the others".to_owned());
    }
    sentences(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Raises that a replication's schedule could not be looked at.
pub(crate) fn not_carried_out(workspace: &Workspace, replication: &Replication, error: &Error) {
    let now = workspace.host().now();
    log_failed(
        workspace
            .store()
            .write(|writer| raise(writer, replication, of_error(error), None, now)),
    );
}

/// Raises that a scheduled run is held back, once since a moment; returns whether it was raised now.
pub(crate) fn held_back(
    workspace: &Workspace,
    replication: &Replication,
    error: &Error,
    since: i64,
) -> bool {
    let now = workspace.host().now();
    let raised = workspace.store().write(|writer| {
        let of = AlertOf::Replication(replication.id, None);
        if was_raised_since(writer, AlertKind::Failed, of, since, now)? {
            return Ok(false);
        }
        raise(writer, replication, of_error(error), None, now)?;
        Ok::<_, Error>(true)
    });
    let new = raised.as_ref().is_ok_and(|raised| *raised);
    log_failed(raised.map(drop));
    new
}

/// Raises that what was due at a moment has not begun; once.
pub(crate) fn late(workspace: &Workspace, replication: &Replication, due: i64) {
    let now = workspace.host().now();
    let raised = workspace.store().write(|writer| {
        let of = AlertOf::Replication(replication.id, None);
        if was_raised_since(writer, AlertKind::Late, of, due, now)? {
            return Ok(());
        }
        let message = late_in_words(writer, due, now)?;
        raise(
            writer,
            replication,
            Some((AlertKind::Late, message)),
            None,
            now,
        )
    });
    log_failed(raised);
}

fn late_in_words(writer: &Writer<'_>, due: i64, now: i64) -> Result<String> {
    let zone = TimeZone::get(&writer.time_zone()?).unwrap_or(TimeZone::UTC);
    Ok(format!(
        "The run was due at {} and hadn't started {} later. Schedules run only while Leadferry is open",
        Timestamp::from_millisecond(due)
            .unwrap_or_default()
            .to_zoned(zone)
            .strftime("%H:%M on %Y-%m-%d"),
        counted(
            ((now - due) / MINUTE_MS).unsigned_abs(),
            "minute",
            "minutes"
        ),
    ))
}

/// Raises that a pull was due at a moment and has not begun; once.
pub(crate) fn late_pull(workspace: &Workspace, pull: &Pull, due: i64) {
    let now = workspace.host().now();
    let raised = workspace.store().write(|writer| {
        if was_raised_since(writer, AlertKind::Late, AlertOf::Pull(pull.id), due, now)? {
            return Ok(());
        }
        let message = late_in_words(writer, due, now)?;
        raise_of_pull(writer, pull, Some((AlertKind::Late, message)), now)
    });
    log_failed(raised);
}

/// Raises what a pull gives reason for.
pub(crate) fn after_pull(workspace: &Workspace, name: &str, result: &Result<PullOutcome>) {
    let now = workspace.host().now();
    let raised = workspace.store().write(|writer| {
        let pull = writer.pull_named(name)?;
        let found = match result {
            Ok(outcome) => of_pull(&outcome.report),
            Err(error) => of_error(error),
        };
        raise_of_pull(writer, &pull, found, now)?;
        Ok::<_, Error>(pull.connection)
    });
    match raised {
        // A pull reads how the org describes its objects.
        Ok(connection) => drifted(workspace, connection),
        Err(error) => log_failed(Err(error)),
    }
}

/// Decides what a pull that has ended gives reason for.
fn of_pull(report: &PullReport) -> Option<Found> {
    let sum = |of: fn(&PullRunObject) -> u64| report.objects.iter().map(of).sum::<u64>();
    let (new, changed) = (sum(|object| object.new), sum(|object| object.changed));
    match (report.state, &report.reason) {
        (PullRunState::Stopped, Some(reason)) => {
            Some((AlertKind::PartlyFailed, sentences(&[reason])))
        }
        (PullRunState::Finished, _) if new + changed > 0 => Some((
            AlertKind::Finished,
            format!(
                "Read {} and {}",
                counted(new, "new record", "new records"),
                counted(changed, "changed record", "changed records")
            ),
        )),
        _ => None,
    }
}

fn raise_of_pull(writer: &Writer<'_>, pull: &Pull, found: Option<Found>, now: i64) -> Result<()> {
    let settings = PullSettings::from_json(&pull.settings)?;
    let Some((kind, message)) = found.filter(|(kind, _)| settings.alerts.contains(kind)) else {
        return Ok(());
    };
    let alert = NewAlert {
        kind,
        of: AlertOf::Pull(pull.id),
        message,
        times: 1,
    };
    Ok(writer.raise_alert(&alert, now)?)
}

fn was_raised_since(
    writer: &Writer<'_>,
    kind: AlertKind,
    of: AlertOf,
    moment: i64,
    now: i64,
) -> Result<bool> {
    let last = writer.last_alert(kind, of)?;
    // One that was raised later than now, while the clock was ahead, is not the one of this time.
    Ok(last.is_some_and(|last| (moment..=now).contains(&last)))
}

/// An alert that cannot be kept makes no run a failure, and ends no watching.
fn log_failed(raised: Result<()>) {
    if let Err(error) = raised {
        tracing::warn!(%error, "an alert could not be kept");
    }
}

fn raise(
    writer: &Writer<'_>,
    replication: &Replication,
    found: Option<Found>,
    run: Option<RunId>,
    now: i64,
) -> Result<()> {
    let settings = Settings::from_json(&replication.settings)?;
    let Some((kind, message)) = found.filter(|(kind, _)| settings.alerts.contains(kind)) else {
        return Ok(());
    };
    let alert = NewAlert {
        kind,
        of: AlertOf::Replication(replication.id, run),
        message,
        times: 1,
    };
    Ok(writer.raise_alert(&alert, now)?)
}

/// Decides what a run that has ended gives reason for.
fn of_outcome(outcome: &RunOutcome, figures: &RunFigures) -> Option<Found> {
    let report = &outcome.report;
    let stopped = report
        .stopped
        .as_ref()
        .map(|stop| sentences(&[&stop.message, &stop.cure]));
    match (outcome.ending(), stopped) {
        (Ending::SignIn, Some(text)) => Some((AlertKind::SignInLost, text)),
        (_, Some(text)) => match report.stopped.as_ref().map(|stop| stop.kind) {
            Some(StopKind::Cancelled | StopKind::First) => None,
            Some(StopKind::Limit) => Some((AlertKind::ApiLow, text)),
            _ => Some((AlertKind::Failed, text)),
        },
        (_, None) if figures.blocked > 0 => Some((AlertKind::PartlyFailed, figures.in_words())),
        (_, None) if figures.created + figures.updated > 0 => {
            Some((AlertKind::Finished, figures.in_words()))
        }
        (_, None) => None,
    }
}

/// Decides what a run that could not be carried out gives reason for. What was asked for wrongly is told where it was
/// asked.
fn of_error(error: &Error) -> Option<Found> {
    let kind = match error.code {
        Code::SignIn | Code::Passphrase => AlertKind::SignInLost,
        Code::Limit => AlertKind::ApiLow,
        Code::Usage
        | Code::AlreadyImported
        | Code::NoWorkspace
        | Code::AnotherSender
        | Code::Cancelled => return None,
        _ => AlertKind::Failed,
    };
    Some((kind, sentences(&[&error.message, &error.hint])))
}

/// Joins texts to sentences, the last one without its full stop.
fn sentences(parts: &[&str]) -> String {
    let parts = parts.iter().map(|part| part.trim_end_matches('.').trim());
    let parts = parts.filter(|part| !part.is_empty()).map(capitalized);
    parts.collect::<Vec<_>>().join(". ")
}

/// Raises that few calls are left, at most once a day.
fn raise_low(
    workspace: &Workspace,
    writer: &Writer<'_>,
    replication: &Replication,
    run: Option<RunId>,
    now: i64,
) -> Result<()> {
    let settings = Settings::from_json(&replication.settings)?;
    let budget = match replication.connection {
        Some(connection) => orgs::budget(workspace, writer, &writer.connection(connection)?, 0)?,
        None => None,
    };
    let low = budget.and_then(|budget| low(budget.left(), budget.max, settings.api_low_at));
    let of = AlertOf::Replication(replication.id, None);
    if low.is_none() || was_raised_since(writer, AlertKind::ApiLow, of, now - DAY_MS, now)? {
        return Ok(());
    }
    raise(writer, replication, low, run, now)
}

/// Raises that the certificate which a replication signs in with ends within a month; once a week.
fn raise_expiry(
    writer: &Writer<'_>,
    replication: &Replication,
    run: Option<RunId>,
    now: i64,
) -> Result<()> {
    let Some(connection) = replication.connection else {
        return Ok(());
    };
    let connection = writer.connection(connection)?;
    let of = AlertOf::Replication(replication.id, None);
    let found = certificate_warning(&connection, now).map(|warning| {
        let text = format!(
            "{}: {}",
            connection.name,
            warning.text.trim_end_matches('.')
        );
        (AlertKind::SignInLost, text)
    });
    if found.is_none() || was_raised_since(writer, AlertKind::SignInLost, of, now - WEEK_MS, now)? {
        return Ok(());
    }
    raise(writer, replication, found, run, now)
}

/// Raises that the sign-in to a connection will lapse, with the first replication or pull on it that wants to be told of
/// sign-ins; once a week.
pub(crate) fn lapsing(workspace: &Workspace, connection: ConnectionId, message: &str) {
    let now = workspace.host().now();
    log_failed(workspace.store().write(|writer| {
        let users = users_of(writer, connection)?;
        for of in &users {
            if was_raised_since(writer, AlertKind::SignInLost, *of, now - WEEK_MS, now)? {
                return Ok(());
            }
        }
        if let Some(of) = users.into_iter().next() {
            let alert = NewAlert {
                kind: AlertKind::SignInLost,
                of,
                message: message.to_owned(),
                times: 1,
            };
            writer.raise_alert(&alert, now)?;
        }
        Ok::<_, Error>(())
    }));
}

/// Returns the replications and pulls on a connection that want to be told of sign-ins.
fn users_of(writer: &Writer<'_>, connection: ConnectionId) -> Result<Vec<AlertOf>> {
    let mut users = Vec::new();
    for replication in writer.replications()? {
        let settings = Settings::from_json(&replication.settings)?;
        if replication.connection == Some(connection)
            && settings.alerts.contains(&AlertKind::SignInLost)
        {
            users.push(AlertOf::Replication(replication.id, None));
        }
    }
    for pull in writer.pulls()? {
        let settings = PullSettings::from_json(&pull.settings)?;
        if pull.connection == connection && settings.alerts.contains(&AlertKind::SignInLost) {
            users.push(AlertOf::Pull(pull.id));
        }
    }
    Ok(users)
}

fn low(left: u64, max: u64, percent: u8) -> Option<Found> {
    (u128::from(left) * 100 <= u128::from(max) * u128::from(percent)).then(|| {
        let text = format!(
            "{} of {} API calls are left for the next 24 hours",
            grouped(left),
            grouped(max)
        );
        (AlertKind::ApiLow, text)
    })
}

#[cfg(test)]
mod tests {
    use leadferry_replication::{RunReport, Stop};

    use super::*;

    fn ended(change: impl FnOnce(&mut RunReport)) -> Option<AlertKind> {
        let mut report = RunReport::default();
        change(&mut report);
        let replication = "Leads".to_owned();
        let figures = RunFigures::of_report(&report);
        let outcome = RunOutcome {
            replication,
            report,
        };
        of_outcome(&outcome, &figures).map(|(kind, _)| kind)
    }

    fn stopped(kind: StopKind) -> Option<AlertKind> {
        ended(|report| {
            report.stopped = Some(Stop {
                kind,
                message: "it stopped".into(),
                cure: "go on".into(),
            });
        })
    }

    #[test]
    fn a_run_gives_reason_for_what_it_came_to() {
        assert_eq!(ended(|_| {}), None, "nothing to send is no news");
        assert_eq!(
            ended(|report| report.waiting = 3),
            None,
            "they are tried again"
        );
        assert_eq!(
            ended(|report| report.created = 3),
            Some(AlertKind::Finished)
        );
        assert_eq!(
            ended(|report| (report.created, report.blocked) = (3, 1)),
            Some(AlertKind::PartlyFailed)
        );
        assert_eq!(stopped(StopKind::SignIn), Some(AlertKind::SignInLost));
        assert_eq!(stopped(StopKind::Limit), Some(AlertKind::ApiLow));
        assert_eq!(stopped(StopKind::NoNetwork), Some(AlertKind::Failed));
        assert_eq!(stopped(StopKind::Cancelled), None, "she knows");
    }

    #[test]
    fn an_alert_is_told_in_sentences() {
        let told = sentences(&["the sign-in has expired", "Sign in again."]);
        assert_eq!(told, "The sign-in has expired. Sign in again");
    }

    #[test]
    fn calls_are_low_at_the_share_that_was_set() {
        assert!(low(1_501, 15_000, 10).is_none());
        assert!(low(1_500, 15_000, 10).is_some());
        assert!(low(0, 15_000, 10).is_some());
    }
}
