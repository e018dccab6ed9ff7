//! Bringing points and marks up to date, page by page.

use rusqlite::types::Value as Cell;
use rusqlite::{ToSql, named_params};

use super::rules::total;
use super::{Rule, Score};
use crate::contacts::id_array;
use crate::{ContactId, Error, Reader, ReplicationId, Result, ScoreId, Store, Writer};

pub(super) const PAGE: usize = 5000;

/// What a recalculation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recalculated {
    /// Contacts looked at.
    pub seen: u64,
    /// Contacts whose points changed.
    pub changed: u64,
    /// Marks set, over all replications.
    pub marked: u64,
    /// It was not stopped half-way; a stopped one goes on with the next call.
    pub complete: bool,
}

/// Which contacts are left: those stamped after `seq`, and those stamped at `seq` with a larger id, up to `until`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    seq: i64,
    id: i64,
    until: i64,
    /// Up to this number no stamp but our own came after `until`.
    own: i64,
}

struct Page {
    ids: Vec<ContactId>,
    rest: Rest,
}

impl Store {
    /// Recalculates a score for the contacts that were changed since the last time, or for all.
    ///
    /// Each page is one transaction that holds its points, marks and stamps, so that a killed recalculation simply goes
    /// on. `progress` gets the contacts done and their number, and says whether to go on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the score is switched off.
    pub fn recalculate(
        &self,
        score: ScoreId,
        full: bool,
        now: i64,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Recalculated> {
        let (mut rest, total) = self.write(|writer| writer.begin_recalculation(score, full))?;
        let mut sum = Recalculated::default();
        loop {
            if !progress(sum.seen, total) {
                return Ok(sum);
            }
            let page = self.write(|writer| writer.recalculate_page(score, rest, now, &mut sum))?;
            match page {
                Some(next) => rest = next,
                None => {
                    sum.complete = true;
                    return Ok(sum);
                }
            }
        }
    }
}

impl Writer<'_> {
    /// Marks the contacts whose points reach the minimum of a replication already; for one that was added or whose
    /// minimum was changed after the calculation. Returns how many.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such replication.
    pub fn refresh_marks(&self, replication: ReplicationId, now: i64) -> Result<u64> {
        let Some(threshold) = self.replication(replication)?.threshold else {
            return Ok(0);
        };
        // Contacts without an entry have 0 points: only a minimum of 0 or less makes them worth looking at.
        let sql = if threshold.minimum > 0 {
            "INSERT INTO marks (replication_id, contact_id, at, points)
             SELECT :replication, contact_id, :now, points FROM score_points
             WHERE score_id = :score AND points >= :minimum
               AND EXISTS (SELECT 1 FROM contacts WHERE id = contact_id AND deleted_at IS NULL)
             ON CONFLICT DO NOTHING RETURNING contact_id"
        } else {
            "INSERT INTO marks (replication_id, contact_id, at, points)
             SELECT :replication, id, :now, coalesce(points, 0)
             FROM contacts LEFT JOIN score_points ON score_id = :score AND contact_id = id
             WHERE deleted_at IS NULL AND coalesce(points, 0) >= :minimum
             ON CONFLICT DO NOTHING RETURNING contact_id"
        };
        let parameters = named_params! {
            ":replication": replication, ":now": now, ":score": threshold.score, ":minimum": threshold.minimum,
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let marked: Vec<ContactId> = statement
            .query_map(parameters, |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        self.stamp_contacts(&marked)?;
        Ok(u64::try_from(marked.len()).unwrap_or(u64::MAX))
    }

    pub(crate) fn begin_recalculation(&self, score: ScoreId, full: bool) -> Result<(Rest, u64)> {
        let score = self.score(score)?;
        if !score.enabled {
            return Err(Error::Refused(format!(
                "the score \"{}\" is switched off",
                score.name
            )));
        }
        if full {
            self.set_calculated(score.id, 0, None)?;
        }
        let seq: i64 = self
            .connection
            .prepare_cached("SELECT calculated_seq FROM scores WHERE id = :id")?
            .query_row(named_params! { ":id": score.id }, |row| row.get(0))?;
        let until = self.sequence()?;
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM contacts WHERE seq > :seq AND seq <= :until")?
            .query_row(named_params! { ":seq": seq, ":until": until }, |row| {
                row.get(0)
            })?;
        Ok((
            Rest {
                seq,
                id: i64::MAX,
                until,
                own: until,
            },
            total,
        ))
    }

    /// Recalculates one page; returns what is left, `None` at the end.
    pub(crate) fn recalculate_page(
        &self,
        score: ScoreId,
        rest: Rest,
        now: i64,
        sum: &mut Recalculated,
    ) -> Result<Option<Rest>> {
        let score = self.score(score)?;
        let Page {
            ids,
            rest: mut next,
        } = self.stale_page(rest)?;
        if ids.is_empty() {
            self.set_calculated(score.id, rest.own, Some(now))?;
            return Ok(None);
        }
        let before = self.sequence()?;
        let stamped = self.store_points(&score, &ids, now, sum)?;
        self.stamp_contacts(&stamped)?;
        sum.seen += ids.len() as u64;
        // Our own stamps change no points, so that the next recalculation need not look at them.
        if before == rest.own {
            next.own = self.sequence()?;
        }
        self.set_calculated(score.id, next.seq - 1, None)?;
        Ok(Some(next))
    }

    /// Writes points and marks that differ; returns the contacts to stamp.
    fn store_points(
        &self,
        score: &Score,
        ids: &[ContactId],
        now: i64,
        sum: &mut Recalculated,
    ) -> Result<Vec<ContactId>> {
        let minimums = self.minimums(score.id)?;
        let mut put = self.connection.prepare_cached(
            "INSERT INTO score_points (score_id, contact_id, points) VALUES (:score, :contact, :points)
             ON CONFLICT (score_id, contact_id) DO UPDATE SET points = excluded.points",
        )?;
        let mut mark = self.connection.prepare_cached(
            "INSERT INTO marks (replication_id, contact_id, at, points) VALUES (:replication, :contact, :now, :points)
             ON CONFLICT DO NOTHING",
        )?;
        let mut stamped = Vec::new();
        for (contact, before, points) in self.calculate(score, ids)? {
            let mut stale = before != points;
            if stale {
                put.execute(
                    named_params! { ":score": score.id, ":contact": contact, ":points": points },
                )?;
                sum.changed += 1;
            }
            for (replication, minimum) in &minimums {
                if points >= *minimum {
                    let marked = mark.execute(named_params! {
                        ":replication": replication, ":contact": contact, ":now": now, ":points": points,
                    })?;
                    sum.marked += marked as u64;
                    stale |= marked > 0;
                }
            }
            if stale {
                stamped.push(contact);
            }
        }
        Ok(stamped)
    }

    fn set_calculated(&self, score: ScoreId, seq: i64, at: Option<i64>) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE scores SET calculated_seq = :seq, calculated_at = coalesce(:at, calculated_at) WHERE id = :id",
            )?
            .execute(named_params! { ":seq": seq, ":at": at, ":id": score })?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns each live contact with its points as stored and as they should be.
    fn calculate(&self, score: &Score, ids: &[ContactId]) -> Result<Vec<(ContactId, i64, i64)>> {
        let compiled = self.compile_rules(&score.rules, 2)?;
        let sql = format!("{SELECT_STALE}{}{FROM_STALE}", compiled.columns);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let mut parameters: Vec<&dyn ToSql> = vec![&score.id, &ids];
        parameters.extend(
            compiled.values[2..]
                .iter()
                .map(|value: &Cell| value as &dyn ToSql),
        );
        let mut rows = statement.query(parameters.as_slice())?;
        let mut points = Vec::new();
        while let Some(row) = rows.next()? {
            points.push((row.get(0)?, row.get(1)?, points_in(&score.rules, row)?));
        }
        Ok(points)
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

    /// Returns the next contacts to look at. Two searches, since one over both columns would begin each page with all
    /// that bear the same number.
    fn stale_page(&self, mut rest: Rest) -> Result<Page> {
        let mut ids = Vec::new();
        let mut same = self.connection.prepare_cached(SELECT_SAME_SEQ)?;
        let mut rows =
            same.query(named_params! { ":seq": rest.seq, ":id": rest.id, ":limit": PAGE })?;
        while let Some(row) = rows.next()? {
            rest.id = row.get(0)?;
            ids.push(ContactId(rest.id));
        }
        let mut later = self.connection.prepare_cached(SELECT_LATER_SEQ)?;
        let limit = PAGE - ids.len();
        let mut rows = later
            .query(named_params! { ":seq": rest.seq, ":until": rest.until, ":limit": limit })?;
        while let Some(row) = rows.next()? {
            (rest.seq, rest.id) = (row.get(0)?, row.get(1)?);
            ids.push(ContactId(rest.id));
        }
        Ok(Page { ids, rest })
    }
}

fn points_in(rules: &[Rule], row: &rusqlite::Row<'_>) -> Result<i64> {
    let met = (0..rules.len())
        .map(|at| row.get(at + 2))
        .collect::<rusqlite::Result<Vec<bool>>>()?;
    Ok(total(rules, met.into_iter()))
}

pub(crate) const SELECT_STALE: &str = "SELECT contacts.id, coalesce(score_points.points, 0)";
pub(crate) const FROM_STALE: &str = "
FROM rarray(?2) AS wanted CROSS JOIN contacts ON contacts.id = wanted.value
  LEFT JOIN score_points ON score_points.score_id = ?1 AND score_points.contact_id = contacts.id
WHERE contacts.deleted_at IS NULL";
pub(crate) const SELECT_SAME_SEQ: &str =
    "SELECT id FROM contacts WHERE seq = :seq AND id > :id ORDER BY id LIMIT :limit";
pub(crate) const SELECT_LATER_SEQ: &str =
    "SELECT seq, id FROM contacts WHERE seq > :seq AND seq <= :until ORDER BY seq, id LIMIT :limit";
