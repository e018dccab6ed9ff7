//! How the points of a score are spread over the contacts.

use rusqlite::named_params;

use crate::{ContactFilter, ContactId, Reader, ReplicationId, Result, ScoreId, Writer};

/// How many contacts have how many points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Distribution {
    /// Live contacts, those without any points included.
    pub contacts: u64,
    /// The least points of anyone.
    pub least: i64,
    /// The most points of anyone.
    pub most: i64,
    /// The sum of all points.
    pub sum: i64,
    /// Ranges of points, the lowest first and without gaps.
    pub ranges: Vec<PointRange>,
}

/// A range of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointRange {
    /// The least points in it.
    pub from: i64,
    /// The most points in it.
    pub to: i64,
    /// Contacts whose points lie in it.
    pub contacts: u64,
}

/// A replication that a score decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreUser {
    /// The replication.
    pub id: ReplicationId,
    /// Its name.
    pub name: String,
    /// The points that mark a contact.
    pub minimum: i64,
    /// Live contacts that are marked.
    pub marked: u64,
}

impl Reader<'_> {
    /// Returns how points are spread, in at most `ranges` ranges of round width.
    pub fn distribution(&self, score: ScoreId, ranges: u32) -> Result<Distribution> {
        let contacts = self.count_contacts(&ContactFilter::default())?;
        let mut counts = self.points_and_contacts(SELECT_POINTS, score)?;
        // The deleted are few: they are taken away again rather than looked for in every row.
        for (points, deleted) in self.points_and_contacts(SELECT_DELETED_POINTS, score)? {
            if let Ok(at) = counts.binary_search_by_key(&points, |count| count.0) {
                counts[at].1 = counts[at].1.saturating_sub(deleted);
            }
        }
        counts.retain(|count| count.1 > 0);
        let listed: u64 = counts.iter().map(|count| count.1).sum();
        let without = contacts.saturating_sub(listed);
        if without > 0 {
            match counts.binary_search_by_key(&0, |count| count.0) {
                Ok(at) => counts[at].1 += without,
                Err(at) => counts.insert(at, (0, without)),
            }
        }
        Ok(spread(contacts, &counts, ranges.max(1)))
    }

    /// Returns the replications that a score decides, by name.
    pub fn score_users(&self, score: ScoreId) -> Result<Vec<ScoreUser>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, minimum,
               (SELECT count(*) FROM marks WHERE replication_id = replications.id)
               - (SELECT count(*) FROM contacts INDEXED BY contacts_deleted
                  CROSS JOIN marks ON marks.replication_id = replications.id AND marks.contact_id = contacts.id
                  WHERE contacts.deleted_at IS NOT NULL)
             FROM replications WHERE score_id = :score ORDER BY name",
        )?;
        let users = statement.query_map(named_params! { ":score": score }, |row| {
            Ok(ScoreUser {
                id: row.get(0)?,
                name: row.get(1)?,
                minimum: row.get(2)?,
                marked: row.get(3)?,
            })
        })?;
        Ok(users.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns how many contacts were changed since a score was calculated.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when there is no such score.
    pub fn stale_points(&self, score: ScoreId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM contacts
                 WHERE seq > (SELECT calculated_seq FROM scores WHERE id = :score) AND deleted_at IS NULL",
            )?
            .query_row(named_params! { ":score": score }, |row| row.get(0))?)
    }

    fn points_and_contacts(&self, sql: &str, score: ScoreId) -> Result<Vec<(i64, u64)>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(named_params! { ":score": score }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    /// Marks the contacts whose points reach the minimum of a replication already; for one that was added or whose
    /// minimum was changed after the calculation. Returns how many.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when there is no such replication.
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
}

pub(crate) const SELECT_POINTS: &str =
    "SELECT points, count(*) FROM score_points WHERE score_id = :score GROUP BY points";
const SELECT_DELETED_POINTS: &str = "
SELECT points, count(*) FROM contacts INDEXED BY contacts_deleted
CROSS JOIN score_points ON score_points.score_id = :score AND score_points.contact_id = contacts.id
WHERE contacts.deleted_at IS NOT NULL GROUP BY points";

/// Gathers counts, which come in the order of their points, into ranges.
fn spread(contacts: u64, counts: &[(i64, u64)], ranges: u32) -> Distribution {
    let (Some((least, _)), Some((most, _))) = (counts.first(), counts.last()) else {
        return Distribution::default();
    };
    let (least, most) = (*least, *most);
    let width = round_width(least, most, ranges);
    let start = i128::from(least).div_euclid(width) * width;
    let mut spread: Vec<PointRange> = Vec::new();
    let mut from = start;
    while from <= i128::from(most) {
        spread.push(PointRange {
            from: clamp(from),
            to: clamp(from + width - 1),
            contacts: 0,
        });
        from += width;
    }
    let mut sum: i128 = 0;
    for (points, count) in counts {
        sum += i128::from(*points) * i128::from(*count);
        let at = usize::try_from((i128::from(*points) - start) / width).unwrap_or(usize::MAX);
        if let Some(range) = spread.get_mut(at) {
            range.contacts += count;
        }
    }
    Distribution {
        contacts,
        least,
        most,
        sum: clamp(sum),
        ranges: spread,
    }
}

fn clamp(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

/// Returns the smallest of 1, 2, 5, 10, 20, 50 … with which the points fit into so many ranges.
fn round_width(least: i64, most: i64, ranges: u32) -> i128 {
    let mut power: i128 = 1;
    loop {
        for factor in [1, 2, 5] {
            let width = factor * power;
            let first = i128::from(least).div_euclid(width);
            let last = i128::from(most).div_euclid(width);
            if last - first < i128::from(ranges) {
                return width;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(counts: &[(i64, u64)], most: u32) -> Vec<(i64, i64, u64)> {
        let all = counts.iter().map(|count| count.1).sum();
        let spread = spread(all, counts, most).ranges;
        spread
            .into_iter()
            .map(|range| (range.from, range.to, range.contacts))
            .collect()
    }

    #[test]
    fn ranges_are_round_have_no_gaps_and_hold_everyone() {
        assert_eq!(ranges(&[(0, 3)], 10), [(0, 0, 3)]);
        assert_eq!(
            ranges(&[(-5, 1), (0, 2), (7, 3), (19, 1)], 5),
            [(-5, -1, 1), (0, 4, 2), (5, 9, 3), (10, 14, 0), (15, 19, 1)]
        );
        assert_eq!(ranges(&[(i64::MIN, 1), (i64::MAX, 1)], 10).len(), 10);
        assert!(ranges(&[], 10).is_empty());
    }
}
