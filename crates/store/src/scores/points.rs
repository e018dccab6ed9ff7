//! Reading points, and what they are made of.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;
use rusqlite::{named_params, params_from_iter};

use crate::contacts::id_array;
use crate::{ContactId, Error, Reader, Result, ScoreId};

impl Reader<'_> {
    /// Returns the points of contacts in a score; those without an entry have 0.
    ///
    /// # Errors
    /// When the workspace cannot be read.
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
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn points_of(&self, contact: ContactId) -> Result<BTreeMap<ScoreId, i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT score_id, points FROM score_points WHERE contact_id = :contact",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the rules that a contact meets now, with their points, in the score's order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such score or contact.
    pub fn explain_points(&self, score: ScoreId, contact: ContactId) -> Result<Vec<(String, i64)>> {
        let score = self.score(score)?;
        let mut compiled = self.compile_rules(&score.rules, 1)?;
        compiled.values[0] = Cell::Integer(contact.0);
        let sql = format!(
            "SELECT contacts.id{} FROM contacts WHERE contacts.id = ?1",
            compiled.columns
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(compiled.values))?;
        let Some(row) = rows.next()? else {
            return Err(Error::not_found("contact", contact));
        };
        let mut met = Vec::new();
        for (at, rule) in score.rules.into_iter().enumerate() {
            if row.get(at + 1)? {
                met.push((rule.name, rule.points));
            }
        }
        Ok(met)
    }
}
