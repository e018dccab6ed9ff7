//! Reading points, and what they are made of.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, named_params};

use super::{LAST_SLOT, Rule};
use crate::conditions::{Bound, Reach};
use crate::contacts::id_array;
use crate::recalculation::earlier_of;
use crate::{ContactId, Error, Reader, Result, ScoreId};

/// Why a contact has the points that she has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsWhy {
    /// The points that are stored.
    pub points: i64,
    /// Every rule of the score, in its order.
    pub rules: Vec<RuleWhy>,
}

/// What a rule gives a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleWhy {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// The points that it gives her now; 0 where she does not meet it.
    pub points: i64,
    /// Since when it gives points, UTC milliseconds; `None` where it gives none, or none were calculated yet.
    pub since: Option<i64>,
    /// When that changes by itself, UTC milliseconds.
    pub changes_at: Option<i64>,
}

impl Reader<'_> {
    /// Returns the points of contacts in a score; those without an entry have 0.
    pub fn points(&self, score: ScoreId, ids: &[ContactId]) -> Result<BTreeMap<ContactId, i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, points FROM rarray(:ids) AS wanted
             CROSS JOIN score_points ON score_id = :score AND contact_id = wanted.value",
        )?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let rows = statement.query_map(named_params! { ":score": score, ":ids": ids }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the points of a contact by score; scores without an entry have 0.
    pub fn points_of(&self, contact: ContactId) -> Result<BTreeMap<ScoreId, i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT score_id, points FROM score_points WHERE contact_id = :contact",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns what each rule of a score gives a contact at a moment, and since when.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such score or contact.
    pub fn explain_points(
        &self,
        score: ScoreId,
        contact: ContactId,
        now: i64,
    ) -> Result<PointsWhy> {
        let rules = self.score(score)?.rules;
        let given = self.given(&rules, contact, now)?;
        let (points, since) = self.met_since(score, contact)?;
        let rules =
            rules
                .into_iter()
                .zip(given)
                .zip(since)
                .map(|((rule, (points, changes_at)), since)| RuleWhy {
                    says: rule.when.to_string(),
                    name: rule.name,
                    points,
                    since: since.filter(|_| points != 0),
                    changes_at,
                });
        Ok(PointsWhy {
            points,
            rules: rules.collect(),
        })
    }

    /// Returns what each rule gives a contact, and when that changes by itself.
    fn given(
        &self,
        rules: &[Rule],
        contact: ContactId,
        now: i64,
    ) -> Result<Vec<(i64, Option<i64>)>> {
        let mut bound = Bound::new(now, Reach::Few);
        let id = bound.bind(Cell::Integer(contact.0));
        let mut columns = vec!["contacts.id".to_owned()];
        for rule in rules {
            let sql = self.rule_sql(rule, &mut bound)?;
            columns.push(sql.points);
            columns.push(sql.change.unwrap_or_else(|| "NULL".to_owned()));
        }
        let sql = format!(
            "SELECT {} FROM contacts WHERE contacts.id = {id}",
            columns.join(", ")
        );
        let mut statement = self.connection.prepare(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        let Some(row) = rows.next()? else {
            return Err(Error::not_found("contact", contact));
        };
        let each = (0..rules.len()).map(|at| Ok((row.get(2 * at + 1)?, row.get(2 * at + 2)?)));
        each.collect()
    }

    /// Returns the points stored, and for each rule since when it is met without a break.
    fn met_since(&self, score: ScoreId, contact: ContactId) -> Result<(i64, Vec<Option<i64>>)> {
        let slots: String = self
            .connection
            .prepare_cached("SELECT slots FROM scores WHERE id = :id")?
            .query_row(named_params! { ":id": score }, |row| row.get(0))?;
        let slots: Vec<u32> = serde_json::from_str(&slots)
            .map_err(|error| Error::unreadable("a score's slots", error))?;
        let stored: Option<(i64, i64, i64, Option<String>)> = self
            .connection
            .prepare_cached(
                "SELECT points, since, met, earlier FROM score_points
                 WHERE score_id = :score AND contact_id = :contact",
            )?
            .query_row(
                named_params! { ":score": score, ":contact": contact },
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .optional()?;
        let Some((points, since, met, earlier)) = stored else {
            return Ok((0, vec![None; slots.len()]));
        };
        let earlier = earlier_of(earlier.as_deref())?;
        let since = slots.iter().map(|slot| {
            let is_met = *slot <= LAST_SLOT && met & (1 << slot) != 0;
            is_met.then(|| earlier.get(slot).copied().unwrap_or(since))
        });
        Ok((points, since.collect()))
    }
}
