//! Alerts: what someone should know of a replication, a score or a pull, in a list and on the desktop.

mod raising;

use leadferry_store::{Alert as Stored, AlertId, Damage, Reader, is_within};
pub use leadferry_store::{AlertKind, Guid};
use serde::Serialize;

pub(crate) use raising::{
    after_pull, after_run, drifted, held_back, lapsing, late, late_pull, not_carried_out,
};

use crate::workspace::in_words;
use crate::{Result, Workspace, people};

/// The most that the list holds.
const MOST: usize = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Alert {
    /// Id; 0 for damage, which is no stored alert.
    pub id: AlertId,
    /// What it is about.
    pub kind: AlertKind,
    /// The replication.
    pub replication: Option<String>,
    /// The score.
    pub score: Option<String>,
    /// The pull.
    pub pull: Option<String>,
    /// The contact that reached the score, the first of several.
    pub contact: Option<Guid>,
    /// The run.
    pub run: Option<i64>,
    /// What has happened, in a sentence without its full stop.
    pub message: String,
    /// How often it happened; how many contacts reached a score.
    pub times: u64,
    /// When it happened last, UTC milliseconds.
    pub at: i64,
    /// Whether someone has seen it.
    pub seen: bool,
}

/// The alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Alerts {
    /// How many nobody has seen.
    pub unseen: u64,
    /// The latest, the latest first.
    pub alerts: Vec<Alert>,
}

/// Returns the latest alerts.
pub fn list(workspace: &Workspace) -> Result<Alerts> {
    let damage = workspace.store().damage()?;
    workspace.store().read(|reader| {
        let damage = damage.as_ref().map(of_damage);
        let mut alerts = Alerts {
            unseen: reader.unseen_alerts()? + u64::from(damage.is_some()),
            alerts: damage.into_iter().collect(),
        };
        alerts.alerts.extend(worded(reader, reader.alerts(MOST)?)?);
        Ok(alerts)
    })
}

/// Damage stands first and stays unseen for as long as it is there: what is done meanwhile has no backup.
fn of_damage(damage: &Damage) -> Alert {
    Alert {
        id: AlertId(0),
        kind: AlertKind::Damaged,
        replication: None,
        score: None,
        pull: None,
        contact: None,
        run: None,
        message: in_words(damage),
        times: 1,
        at: damage.found_at,
        seen: false,
    }
}

/// Says that someone has seen all alerts until this one; returns what is left.
pub fn seen(workspace: &Workspace, until: AlertId) -> Result<Alerts> {
    let now = workspace.host().now();
    workspace
        .store()
        .write(|writer| writer.alerts_seen(until, now))?;
    list(workspace)
}

/// Returns the alerts that are to be shown on the desktop now, and takes down that they were. What is older than a day
/// is no news: it stands in the list.
pub(crate) fn take_untold(workspace: &Workspace) -> Result<Vec<Alert>> {
    let stored = workspace.store().read(|reader| reader.untold_alerts())?;
    // Asked with every change in the workspace: mostly there is none.
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let alerts = workspace.store().read(|reader| worded(reader, stored))?;
    let now = workspace.host().now();
    let ids: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
    workspace
        .store()
        .write(|writer| writer.alerts_told(&ids, now))?;
    let fresh = alerts
        .into_iter()
        .filter(|alert| is_within(alert.at, DAY_MS, now));
    Ok(fresh.collect())
}

fn worded(reader: &Reader<'_>, stored: Vec<Stored>) -> Result<Vec<Alert>> {
    let contacts: Vec<_> = stored.iter().filter_map(|alert| alert.contact).collect();
    let people = people::people(reader, &contacts)?;
    let mut alerts = Vec::with_capacity(stored.len());
    for alert in stored {
        let person = alert.contact.and_then(|contact| people.get(&contact));
        let replication = alert
            .replication
            .map(|id| reader.replication(id))
            .transpose()?;
        let score = alert.score.map(|id| reader.score(id)).transpose()?;
        let pull = alert.pull.map(|id| reader.pull(id)).transpose()?;
        let message = match alert.kind {
            AlertKind::ScoreReached => {
                let name = person.map_or("A contact", |person| &person.name);
                format!("{} {}", and_others(name, alert.times), alert.message)
            }
            _ => alert.message,
        };
        alerts.push(Alert {
            id: alert.id,
            kind: alert.kind,
            replication: replication.map(|replication| replication.name),
            score: score.map(|score| score.name),
            pull: pull.map(|pull| pull.name),
            contact: person.map(|person| person.guid.clone()),
            run: alert.run.map(|run| run.0),
            message,
            times: alert.times,
            at: alert.at,
            seen: alert.seen_at.is_some(),
        });
    }
    Ok(alerts)
}

fn and_others(name: &str, all: u64) -> String {
    match all {
        0 | 1 => name.to_owned(),
        2 => format!("{name} and one other"),
        more => format!("{name} and {} others", more - 1),
    }
}
