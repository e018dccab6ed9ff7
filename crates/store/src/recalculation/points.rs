//! Points of a page of contacts, and the marks that they set.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::types::Value as Cell;
use rusqlite::{Row, named_params};

use super::Page;
use super::group::{Group, ScoreMember};
use crate::conditions::{Bound, Reach};
use crate::contacts::id_array;
use crate::rules::{Kind, saturated};
use crate::scores::LAST_SLOT;
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

/// What a contact's points come to now.
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
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO score_points (score_id, contact_id, points, since, met) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let mut update = self.connection.prepare_cached(
            "UPDATE score_points SET points = ?3, since = ?4, met = ?5, earlier = ?6 WHERE score_id = ?1 AND contact_id = ?2",
        )?;
        let (mut changed, mut reached) = (Vec::new(), Vec::new());
        for found in self.find_points(member, page)? {
            page.changes_at(found.contact, found.change);
            let before = found.stored.as_ref().map_or(0, |stored| stored.points);
            let met_before = found.stored.as_ref().map_or(0, |stored| stored.met);
            if (before, met_before) == (found.points, found.met) {
                continue;
            }
            let (contact, points, met) = (found.contact, found.points, found.met);
            match &found.stored {
                Some(stored) => {
                    let earlier = still_earlier(stored, met)?;
                    update.execute((score.id, contact, points, page.now, met, earlier))?;
                }
                None => {
                    insert.execute((score.id, contact, points, page.now, met))?;
                }
            }
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
        let (mut columns, mut change) = (String::new(), None::<String>);
        for rule in rules {
            let sql = self.rule_sql(rule, &mut bound)?;
            let _ = write!(columns, ", {}", sql.points);
            change = match (change, sql.change) {
                (Some(one), Some(other)) => Some(format!("soonest({one}, {other})")),
                (one, other) => one.or(other),
            };
        }
        let change = change.unwrap_or_else(|| "NULL".to_owned());
        let sql = format!(
            "SELECT contacts.id, p.points, p.since, p.met, p.earlier, {change}{columns}
             FROM rarray(?2) AS wanted CROSS JOIN contacts ON contacts.id = wanted.value
               LEFT JOIN score_points AS p ON p.score_id = ?1 AND p.contact_id = contacts.id
             WHERE contacts.deleted_at IS NULL"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = id_array(page.ids.iter().map(|id| id.0));
        statement.raw_bind_parameter(1, member.score.id)?;
        statement.raw_bind_parameter(2, ids)?;
        bound.bind_to(&mut statement, 2)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let one = read_found(row, rules.len(), &member.slots)?;
            let (points, met) = match &one.stored {
                Some(stored) => (stored.points, stored.met),
                None => (0, 0),
            };
            if (points, met) != (one.points, one.met) || one.change.is_some() {
                found.push(one);
            }
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

/// Reads a contact's row: what is stored, the next change, and the points by each rule, which stop at the ends of 64 bits.
fn read_found(row: &Row<'_>, rules: usize, slots: &[u32]) -> Result<Found> {
    const FIRST_RULE: usize = 6;
    let (mut points, mut met) = (0_i128, 0_i64);
    for at in 0..rules {
        let by_rule: i64 = row.get(FIRST_RULE + at)?;
        points += i128::from(by_rule);
        // Of more rules than there are slots it is not kept since when they are met.
        if let Some(slot) = slots.get(at).filter(|slot| **slot <= LAST_SLOT)
            && by_rule != 0
        {
            met |= 1 << slot;
        }
    }
    let stored = match row.get::<_, Option<i64>>(1)? {
        Some(points) => Some(Stored {
            points,
            since: row.get(2)?,
            met: row.get(3)?,
            earlier: row.get(4)?,
        }),
        None => None,
    };
    Ok(Found {
        contact: row.get(0)?,
        points: saturated(points),
        met,
        stored,
        change: row.get(5)?,
    })
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
