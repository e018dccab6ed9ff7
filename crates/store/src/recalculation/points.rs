//! Points of a page of contacts, and the marks that they set.

use std::collections::BTreeMap;

use rusqlite::named_params;
use rusqlite::types::Value as Cell;

use super::Page;
use super::group::{Group, ScoreMember};
use crate::conditions::{Bound, Reach};
use crate::contacts::id_array;
use crate::rules::Kind;
use crate::scores::{LAST_SLOT, sum_sql};
use crate::{
    AlertKind, AlertOf, ContactId, Error, NewAlert, Reader, ReplicationId, Result, Score, ScoreId,
    Writer,
};

/// Points as they are stored.
#[derive(Debug, Default)]
struct Stored {
    points: i64,
    since: i64,
    met: i64,
    earlier: Option<String>,
}

/// Points that differ from what is stored, or that time will change.
struct Found {
    contact: ContactId,
    points: i64,
    met: i64,
    stored: Option<Stored>,
    change: Option<i64>,
}

impl Writer<'_> {
    pub(super) fn update_points(
        &self,
        member: &ScoreMember,
        group: &Group,
        page: &mut Page<'_>,
    ) -> Result<()> {
        let score = &member.score;
        let watched = group.is_watched(Kind::Score, &score.name);
        let mut put = self.connection.prepare_cached(
            "INSERT INTO score_points (score_id, contact_id, points, since, met, earlier)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (score_id, contact_id) DO UPDATE
             SET points = excluded.points, since = excluded.since, met = excluded.met, earlier = excluded.earlier",
        )?;
        let (mut changed, mut reached) = (Vec::new(), Vec::new());
        for found in self.find_points(member, page)? {
            page.changes_at(found.contact, found.change);
            let before = found.stored.as_ref().map_or(0, |stored| stored.points);
            let met_before = found.stored.as_ref().map_or(0, |stored| stored.met);
            if (before, met_before) == (found.points, found.met) {
                continue;
            }
            let earlier = match &found.stored {
                Some(stored) => still_earlier(stored, found.met)?,
                None => None,
            };
            put.execute((
                score.id,
                found.contact,
                found.points,
                page.now,
                found.met,
                earlier,
            ))?;
            if before != found.points {
                page.sum.changed += 1;
                changed.push(found.contact);
                let comes_to = |notify: i64| before < notify && found.points >= notify;
                if score.notify_at.is_some_and(comes_to) {
                    reached.push(found.contact);
                }
            }
        }
        self.alert_of_reached(score, &reached, page.now)?;
        if watched {
            page.stamped.extend(changed.iter().copied());
        }
        for (replication, minimum) in self.minimums(score.id)? {
            // Who has no entry has 0 points: only a minimum of 0 or less concerns those who have not changed.
            let who: &[ContactId] = if minimum > 0 { &changed } else { page.ids };
            let marked = self.mark(replication, score.id, minimum, who, page.now)?;
            page.sum.marked += marked.len() as u64;
            page.stamped.extend(marked);
        }
        Ok(())
    }

    /// Alerts of contacts who have come to the points that someone wants to be told of.
    fn alert_of_reached(&self, score: &Score, reached: &[ContactId], now: i64) -> Result<()> {
        let (Some(points), Some(first)) = (score.notify_at, reached.first()) else {
            return Ok(());
        };
        let alert = NewAlert {
            kind: AlertKind::ScoreReached,
            of: AlertOf::Score(score.id, *first),
            message: format!("reached {points} in {}", score.name),
            times: reached.len() as u64,
        };
        self.raise_alert(&alert, now)
    }

    fn mark(
        &self,
        replication: ReplicationId,
        score: ScoreId,
        minimum: i64,
        who: &[ContactId],
        now: i64,
    ) -> Result<Vec<ContactId>> {
        if who.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO marks (replication_id, contact_id, at, points)
             SELECT :replication, c.id, :now, coalesce(p.points, 0)
             FROM rarray(:ids) AS wanted CROSS JOIN contacts AS c ON c.id = wanted.value
               LEFT JOIN score_points AS p ON p.score_id = :score AND p.contact_id = c.id
             WHERE c.deleted_at IS NULL AND coalesce(p.points, 0) >= :minimum
             ON CONFLICT DO NOTHING RETURNING contact_id",
        )?;
        let marked = statement.query_map(
            named_params! {
                ":replication": replication, ":now": now, ":score": score, ":minimum": minimum,
                ":ids": id_array(who.iter().map(|id| id.0)),
            },
            |row| row.get(0),
        )?;
        Ok(marked.collect::<rusqlite::Result<_>>()?)
    }
}

impl Reader<'_> {
    fn find_points(&self, member: &ScoreMember, page: &Page<'_>) -> Result<Vec<Found>> {
        let mut bound = Bound::new(page.now, Reach::Few);
        // The first two places are bound below.
        bound.values = vec![Cell::Null, Cell::Null];
        let rules = &member.score.rules;
        let (mut columns, mut met, mut change) = (String::new(), Vec::new(), None::<String>);
        for (at, rule) in rules.iter().enumerate() {
            let sql = self.rule_sql(rule, &mut bound)?;
            columns.push_str(&format!(", {} AS r{at}", sql.points));
            if let Some(slot) = member.slots.get(at).filter(|slot| **slot <= LAST_SLOT) {
                met.push(format!("iif(r{at} <> 0, {}, 0)", 1_i64 << slot));
            }
            change = match (change, sql.change) {
                (Some(one), Some(other)) => Some(format!("soonest({one}, {other})")),
                (one, other) => one.or(other),
            };
        }
        let sum = sum_sql(rules);
        let met = if met.is_empty() {
            "0".to_owned()
        } else {
            met.join(" + ")
        };
        let (change, changes) = match change {
            Some(change) => (change, " OR v.change IS NOT NULL"),
            None => ("NULL".to_owned(), ""),
        };
        let sql = format!(
            "WITH v AS MATERIALIZED (
               SELECT contacts.id AS id, {change} AS change{columns}
               FROM rarray(?2) AS wanted CROSS JOIN contacts ON contacts.id = wanted.value
               WHERE contacts.deleted_at IS NULL)
             SELECT v.id, {sum}, {met}, p.points, p.since, p.met, p.earlier, v.change
             FROM v LEFT JOIN score_points AS p ON p.score_id = ?1 AND p.contact_id = v.id
             WHERE coalesce(p.points, 0) <> {sum} OR coalesce(p.met, 0) <> {met}{changes}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = id_array(page.ids.iter().map(|id| id.0));
        statement.raw_bind_parameter(1, member.score.id)?;
        statement.raw_bind_parameter(2, ids)?;
        bound.bind_to(&mut statement, 2)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let stored = match row.get::<_, Option<i64>>(3)? {
                Some(points) => Some(Stored {
                    points,
                    since: row.get(4)?,
                    met: row.get(5)?,
                    earlier: row.get(6)?,
                }),
                None => None,
            };
            found.push(Found {
                contact: row.get(0)?,
                points: row.get(1)?,
                met: row.get(2)?,
                stored,
                change: row.get(7)?,
            });
        }
        Ok(found)
    }

    fn minimums(&self, score: ScoreId) -> Result<Vec<(ReplicationId, i64)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, minimum FROM replications WHERE score_id = :score")?;
        let rows = statement.query_map(named_params! { ":score": score }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Returns since when the rules are met that were met before, as JSON; `None` where there are none.
fn still_earlier(stored: &Stored, met: i64) -> Result<Option<String>> {
    let both = stored.met & met;
    if both == 0 {
        return Ok(None);
    }
    let known = earlier_of(stored.earlier.as_deref())?;
    let kept: BTreeMap<u32, i64> = (0..=LAST_SLOT)
        .filter(|slot| both & (1 << slot) != 0)
        .map(|slot| (slot, known.get(&slot).copied().unwrap_or(stored.since)))
        .collect();
    serde_json::to_string(&kept)
        .map(Some)
        .map_err(|error| Error::unreadable("points", error))
}

/// Reads since when rules were met before the row was written.
pub(crate) fn earlier_of(json: Option<&str>) -> Result<BTreeMap<u32, i64>> {
    json.map_or(Ok(BTreeMap::new()), |json| {
        serde_json::from_str(json).map_err(|error| Error::unreadable("points", error))
    })
}
