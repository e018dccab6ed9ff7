//! Alerts: what someone should know of, until she has seen it.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::links::stored_names;
use crate::{AlertId, ContactId, PullId, Reader, ReplicationId, Result, RunId, ScoreId, Writer};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A run has sent all it had to.
    Finished,
    /// A run has ended, and some contacts did not get through.
    PartlyFailed,
    /// A run could not be carried out, or was stopped.
    Failed,
    /// A schedule's time has come, and nothing ran.
    Late,
    /// Someone has to sign in again.
    SignInLost,
    /// Few API calls are left.
    ApiLow,
    /// Contacts have reached the points of a score that someone wants to be told of.
    ScoreReached,
    /// The workspace file is damaged. Not stored: it stands as long as the damage does, see [`crate::Damage`].
    Damaged,
}

stored_names!(AlertKind {
    Finished = "finished",
    PartlyFailed = "partly_failed",
    Failed = "failed",
    Late = "late",
    SignInLost = "sign_in_lost",
    ApiLow = "api_low",
    ScoreReached = "score_reached",
    Damaged = "damaged",
});

/// What an alert belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertOf {
    /// A replication, and the run in which it arose.
    Replication(ReplicationId, Option<RunId>),
    /// A score, and the first contact that reached it.
    Score(ScoreId, ContactId),
    /// A pull.
    Pull(PullId),
}

/// The columns that say what an alert belongs to.
#[derive(Default)]
struct Belongs {
    replication: Option<ReplicationId>,
    run: Option<RunId>,
    score: Option<ScoreId>,
    contact: Option<ContactId>,
    pull: Option<PullId>,
}

impl From<AlertOf> for Belongs {
    fn from(of: AlertOf) -> Self {
        match of {
            AlertOf::Replication(replication, run) => Self {
                replication: Some(replication),
                run,
                ..Self::default()
            },
            AlertOf::Score(score, contact) => Self {
                score: Some(score),
                contact: Some(contact),
                ..Self::default()
            },
            AlertOf::Pull(pull) => Self {
                pull: Some(pull),
                ..Self::default()
            },
        }
    }
}

/// An alert to be raised.
#[derive(Debug, Clone)]
pub struct NewAlert {
    /// What it is about.
    pub kind: AlertKind,
    /// What it belongs to.
    pub of: AlertOf,
    /// What has happened, in a sentence without its full stop.
    pub message: String,
    /// How often; how many contacts where a score was reached.
    pub times: u64,
}

/// A stored alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Id.
    pub id: AlertId,
    /// What it is about.
    pub kind: AlertKind,
    /// The replication.
    pub replication: Option<ReplicationId>,
    /// The score.
    pub score: Option<ScoreId>,
    /// The pull.
    pub pull: Option<PullId>,
    /// The first contact that reached the score.
    pub contact: Option<ContactId>,
    /// The run.
    pub run: Option<RunId>,
    /// What has happened.
    pub message: String,
    /// How often; how many contacts where a score was reached.
    pub times: u64,
    /// When it happened last, UTC milliseconds.
    pub at: i64,
    /// When someone saw it.
    pub seen_at: Option<i64>,
}

const COLUMNS: &str =
    "id, kind, replication_id, score_id, pull_id, contact_id, run_id, message, times, at, seen_at";

fn alert(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        id: row.get("id")?,
        kind: row.get("kind")?,
        replication: row.get("replication_id")?,
        score: row.get("score_id")?,
        pull: row.get("pull_id")?,
        contact: row.get("contact_id")?,
        run: row.get("run_id")?,
        message: row.get("message")?,
        times: row.get("times")?,
        at: row.get("at")?,
        seen_at: row.get("seen_at")?,
    })
}

impl Reader<'_> {
    /// Returns the latest alerts, the latest first.
    pub fn alerts(&self, limit: usize) -> Result<Vec<Alert>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM alerts ORDER BY at DESC, id DESC LIMIT :limit"
        ))?;
        let rows = statement.query_map(named_params! { ":limit": limit }, alert)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Counts the alerts that nobody has seen.
    pub fn unseen_alerts(&self) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM alerts WHERE seen_at IS NULL")?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns the alerts that are neither seen nor told of, the eldest first.
    pub fn untold_alerts(&self) -> Result<Vec<Alert>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM alerts WHERE seen_at IS NULL AND told_at IS NULL ORDER BY id LIMIT 100"
        ))?;
        let rows = statement.query_map([], alert)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Tells whether a replication, score or pull had an alert in these words since a moment, UTC milliseconds.
    pub fn was_alerted(&self, of: AlertOf, message: &str, since: i64) -> Result<bool> {
        let Belongs {
            replication,
            score,
            pull,
            ..
        } = of.into();
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM alerts WHERE replication_id IS :replication AND score_id IS :score
                   AND pull_id IS :pull AND message = :message AND at >= :since)",
            )?
            .query_row(
                named_params! {
                    ":replication": replication, ":score": score, ":pull": pull, ":message": message, ":since": since,
                },
                |row| row.get(0),
            )?)
    }

    /// Returns when a replication, score or pull last had an alert of something, UTC milliseconds.
    pub fn last_alert(&self, kind: AlertKind, of: AlertOf) -> Result<Option<i64>> {
        let Belongs {
            replication,
            score,
            pull,
            ..
        } = of.into();
        Ok(self
            .connection
            .prepare_cached(
                "SELECT max(at) FROM alerts WHERE kind = :kind AND replication_id IS :replication
                   AND score_id IS :score AND pull_id IS :pull",
            )?
            .query_row(
                named_params! {
                    ":kind": kind, ":replication": replication, ":score": score, ":pull": pull,
                },
                |row| row.get(0),
            )?)
    }
}

impl Writer<'_> {
    /// Raises an alert; where the same stands unseen, it is counted there.
    pub fn raise_alert(&self, new: &NewAlert, now: i64) -> Result<()> {
        let Belongs {
            replication,
            run,
            score,
            contact,
            pull,
        } = new.of.into();
        let same: Option<AlertId> = self
            .connection
            .prepare_cached(
                "SELECT id FROM alerts WHERE kind = :kind AND seen_at IS NULL AND replication_id IS :replication
                   AND score_id IS :score AND pull_id IS :pull AND message = :message",
            )?
            .query_row(
                named_params! {
                    ":kind": new.kind, ":replication": replication, ":score": score, ":pull": pull,
                    ":message": new.message,
                },
                |row| row.get(0),
            )
            .optional()?;
        if let Some(id) = same {
            self.connection
                .prepare_cached(
                    "UPDATE alerts SET times = times + :times, at = :now, run_id = coalesce(:run, run_id) WHERE id = :id",
                )?
                .execute(named_params! { ":times": new.times, ":now": now, ":run": run, ":id": id })?;
            return Ok(());
        }
        self.connection
            .prepare_cached(
                "INSERT INTO alerts (kind, replication_id, score_id, pull_id, contact_id, run_id, message, times, at)
                 VALUES (:kind, :replication, :score, :pull, :contact, :run, :message, :times, :now)",
            )?
            .execute(named_params! {
                ":kind": new.kind, ":replication": replication, ":score": score, ":pull": pull, ":contact": contact,
                ":run": run, ":message": new.message, ":times": new.times, ":now": now,
            })?;
        Ok(())
    }

    /// Records that alerts were shown on the desktop.
    pub fn alerts_told(&self, alerts: &[AlertId], now: i64) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("UPDATE alerts SET told_at = :now WHERE id = :id")?;
        for id in alerts {
            statement.execute(named_params! { ":now": now, ":id": id })?;
        }
        Ok(())
    }

    /// Records that someone has seen all alerts until this one.
    pub fn alerts_seen(&self, until: AlertId, now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE alerts SET seen_at = :now WHERE seen_at IS NULL AND id <= :until",
            )?
            .execute(named_params! { ":now": now, ":until": until })?;
        Ok(())
    }

    /// Removes alerts from before a moment.
    pub(crate) fn forget_alerts(&self, limit: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM alerts WHERE at < :limit")?
            .execute(named_params! { ":limit": limit })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, workspace};

    #[test]
    fn the_same_is_counted_until_it_was_seen() {
        let workspace = workspace();
        let replication = workspace.replication("Leads", None);
        let raise = |message: &str, now| {
            let new = NewAlert {
                kind: AlertKind::Failed,
                of: AlertOf::Replication(replication, None),
                message: message.to_owned(),
                times: 1,
            };
            workspace.writing(|writer| writer.raise_alert(&new, now));
        };
        raise("The org did not answer", NOW);
        raise("The org did not answer", NOW + 1);
        raise("Sign in again", NOW + 2);
        let untold = workspace.reading(|reader| reader.untold_alerts());
        let times: Vec<_> = untold.iter().map(|alert| (alert.times, alert.at)).collect();
        assert_eq!(times, [(2, NOW + 1), (1, NOW + 2)]);
        let ids: Vec<_> = untold.iter().map(|alert| alert.id).collect();
        workspace.writing(|writer| writer.alerts_told(&ids, NOW + 3));
        raise("The org did not answer", NOW + 4);
        assert_eq!(
            workspace.reading(|reader| reader.untold_alerts()),
            [],
            "it is not told of twice"
        );
        workspace.writing(|writer| writer.alerts_seen(ids[1], NOW + 5));
        assert_eq!(workspace.reading(|reader| reader.unseen_alerts()), 0);
        raise("The org did not answer", NOW + 6);
        assert_eq!(workspace.reading(|reader| reader.unseen_alerts()), 1);
        let all = workspace.reading(|reader| reader.alerts(10));
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].times, all[0].seen_at), (1, None));
        let of = AlertOf::Replication(replication, None);
        let last = workspace.reading(|reader| reader.last_alert(AlertKind::Failed, of));
        assert_eq!(last, Some(NOW + 6));
    }
}
