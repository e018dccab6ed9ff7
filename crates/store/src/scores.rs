//! Scores: named sets of rules whose points add up per contact.

mod distribution;
mod points;
mod rules;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::Serialize;

pub use distribution::{Distribution, PointRange, ScoreUser};
pub use points::{PointsWhy, RuleWhy};
pub use rules::{Rule, parse_rules};

use crate::rules::{Kind, References};
use crate::{Error, Reader, Result, ScoreId, Unread, Writer, documents};

const LONGEST_NAME: usize = 255;

/// Rules in later slots are counted, but not said since when.
pub(crate) const LAST_SLOT: u32 = 61;

/// A score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Id.
    pub id: ScoreId,
    /// Name, unique without regard to case.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Off keeps the points as they are.
    pub enabled: bool,
    /// Who reaches these points raises an alert.
    pub notify_at: Option<i64>,
    /// Its rules; a contact's points are the sum over those that it meets.
    pub rules: Vec<Rule>,
    /// When it was calculated last, UTC milliseconds.
    pub calculated_at: Option<i64>,
}

/// A score, also where a workspace from elsewhere has rules that can't be read.
#[derive(Debug)]
pub struct ListedScore {
    /// The score; it has no rules where they can't be read.
    pub score: Score,
    /// Why its rules can't be read.
    pub unread: Option<Unread>,
}

const SELECT: &str =
    "SELECT id, name, description, enabled, notify_at, rules, calculated_at FROM scores";

impl ListedScore {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let name: String = row.get("name")?;
        let (rules, unread) = match documents::read(row.get_ref("rules")?.as_str()?) {
            Ok(rules) => (rules, None),
            Err(error) => {
                let place = format!("the rules of the score \"{name}\"");
                (Vec::new(), Some(Unread::new(&place, &error)))
            }
        };
        let score = Score {
            id: row.get("id")?,
            name,
            description: row.get("description")?,
            enabled: row.get("enabled")?,
            notify_at: row.get("notify_at")?,
            rules,
            calculated_at: row.get("calculated_at")?,
        };
        Ok(Self { score, unread })
    }
}

impl Score {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let ListedScore { score, unread } = ListedScore::from_row(row)?;
        match unread {
            Some(unread) => Err(unread.in_cell(5)),
            None => Ok(score),
        }
    }
}

impl Reader<'_> {
    /// Returns all scores by name.
    pub fn scores(&self) -> Result<Vec<Score>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        let scores = statement
            .query_map([], Score::from_row)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(scores)
    }

    /// Returns all scores by name, also those whose rules can't be read.
    pub fn listed_scores(&self) -> Result<Vec<ListedScore>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        let scores = statement.query_map([], ListedScore::from_row)?;
        Ok(scores.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the score of a name, also where its rules can't be read.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn listed_score(&self, name: &str) -> Result<ListedScore> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(
                named_params! { ":name": name.trim() },
                ListedScore::from_row,
            )
            .optional()?
            .ok_or_else(|| self.unknown("score", "SELECT name FROM scores", name))
    }

    /// Returns the scores whose rules can be read: what the others ask for, nobody knows.
    pub(crate) fn readable_scores(&self) -> Result<Vec<Score>> {
        let listed = self.listed_scores()?.into_iter();
        let readable = listed.filter(|one| one.unread.is_none());
        Ok(readable.map(|one| one.score).collect())
    }

    /// Returns a score.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn score(&self, id: ScoreId) -> Result<Score> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, Score::from_row)
            .optional()?
            .ok_or_else(|| Error::not_found("score", id))
    }

    /// Returns the score of a name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn score_named(&self, name: &str) -> Result<Score> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(named_params! { ":name": name.trim() }, Score::from_row)
            .optional()?
            .ok_or_else(|| self.unknown("score", "SELECT name FROM scores", name))
    }
}

impl Writer<'_> {
    /// Adds a score; custom fields that its rules use get an index. Points come with the next recalculation.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] and [`Error::NotFound`] when a rule makes no sense.
    pub fn add_score(
        &self,
        name: &str,
        description: &str,
        rules: &[Rule],
        now: i64,
    ) -> Result<ScoreId> {
        let name = self.checked_name(name, None)?;
        self.refuse_circle(Kind::Score, &name, &asked_for(rules))?;
        let slots = slots_of(rules, &[], &[]).unwrap_or_default();
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO scores (name, description, rules, slots, created_at)
                 VALUES (:name, :description, :rules, :slots, :now)",
            )?
            .insert(named_params! {
                ":name": name, ":description": description, ":rules": self.checked_rules(rules)?,
                ":slots": slots_json(&slots)?, ":now": now,
            })?;
        Ok(ScoreId(id))
    }

    /// Stores a changed score; changed rules make all its points stale.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NameTaken`], [`Error::Refused`].
    pub fn change_score(&self, changed: &Score) -> Result<()> {
        let before = self.score(changed.id)?;
        let name = self.checked_name(&changed.name, Some(changed.id))?;
        self.refuse_circle(Kind::Score, &before.name, &asked_for(&changed.rules))?;
        let rules = self.checked_rules(&changed.rules)?;
        let slots = self.slots_for(&before, &changed.rules)?;
        self.connection
            .prepare_cached(
                "UPDATE scores SET name = :name, description = :description, enabled = :enabled,
                   notify_at = :notify_at, rules = :rules, slots = :slots,
                   calculated_seq = CASE WHEN :stale THEN 0 ELSE calculated_seq END
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":name": name, ":description": changed.description, ":enabled": changed.enabled,
                ":notify_at": changed.notify_at, ":rules": rules,
                ":slots": slots_json(&slots)?, ":stale": before.rules != changed.rules, ":id": changed.id,
            })?;
        if before.name != name {
            self.rename_in_rules(Kind::Score, &before.name, &name)?;
        }
        Ok(())
    }

    /// Takes away rules, or their slots, that can't be read, so that the score can be changed or removed; returns whether
    /// they couldn't be read.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn clear_unread_score(&self, name: &str) -> Result<bool> {
        let listed = self.listed_score(name)?;
        let id = listed.score.id;
        if listed.unread.is_none() && self.slots(id).is_ok() {
            return Ok(false);
        }
        self.connection
            .prepare_cached(
                "UPDATE scores SET rules = '[]', slots = '[]', calculated_seq = 0 WHERE id = :id",
            )?
            .execute(named_params! { ":id": id })?;
        // Nobody knows which rule a slot stood for.
        self.connection
            .prepare_cached("UPDATE score_points SET met = 0, earlier = NULL WHERE score_id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(true)
    }

    /// Removes a score with its points.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while a replication uses it.
    pub fn remove_score(&self, id: ScoreId) -> Result<()> {
        let user: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT name FROM replications WHERE score_id = :id ORDER BY name LIMIT 1",
            )?
            .query_row(named_params! { ":id": id }, |row| row.get("name"))
            .optional()?;
        if let Some(user) = user {
            return Err(Error::Refused(format!(
                "the replication \"{user}\" uses this score; choose another score for it first"
            )));
        }
        self.refuse_used(Kind::Score, &self.score(id)?.name)?;
        let removed = self
            .connection
            .prepare_cached("DELETE FROM scores WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        if removed == 0 {
            Err(Error::not_found("score", id))
        } else {
            Ok(())
        }
    }

    /// Returns the slot of each rule of a changed score: its old one where the rule is the same as before.
    fn slots_for(&self, before: &Score, rules: &[Rule]) -> Result<Vec<u32>> {
        let old = self.slots(before.id)?;
        if let Some(slots) = slots_of(rules, &before.rules, &old) {
            return Ok(slots);
        }
        // All slots were used once: they are given anew, and it is forgotten since when which rule was met.
        self.connection
            .prepare_cached("UPDATE score_points SET met = 0, earlier = NULL WHERE score_id = :id")?
            .execute(named_params! { ":id": before.id })?;
        Ok(slots_of(rules, &[], &[]).unwrap_or_default())
    }

    fn slots(&self, id: ScoreId) -> Result<Vec<u32>> {
        let stored: String = self
            .connection
            .prepare_cached("SELECT slots FROM scores WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get(0))?;
        serde_json::from_str(&stored).map_err(|error| Error::unreadable("a score's slots", error))
    }

    fn checked_name(&self, name: &str, of: Option<ScoreId>) -> Result<String> {
        let name = name.trim();
        if name.is_empty()
            || name.chars().count() > LONGEST_NAME
            || name.chars().any(char::is_control)
        {
            return Err(Error::Refused(format!(
                "this can't be a score's name; enter 1 to {LONGEST_NAME} characters on one line"
            )));
        }
        match self.listed_score(name) {
            Ok(other) if Some(other.score.id) != of => Err(Error::NameTaken {
                kind: "score",
                name: name.to_owned(),
            }),
            Ok(_) | Err(Error::NotFound { .. }) => Ok(name.to_owned()),
            Err(error) => Err(error),
        }
    }
}

fn asked_for(rules: &[Rule]) -> References {
    let mut all = References::default();
    for rule in rules {
        let one = rule.when.references();
        all.names.extend(one.names);
        all.links |= one.links;
    }
    all
}

fn slots_json(slots: &[u32]) -> Result<String> {
    serde_json::to_string(slots).map_err(|error| Error::unreadable("a score's slots", error))
}

/// Gives each rule a slot: that of an equal rule of before, else one that never was another's; `None` when those run
/// out, unless nothing was given before.
fn slots_of(rules: &[Rule], before: &[Rule], slots: &[u32]) -> Option<Vec<u32>> {
    let mut free = slots.iter().max().map_or(0, |last| last + 1);
    let mut left: Vec<(&Rule, u32)> = before.iter().zip(slots.iter().copied()).collect();
    let given: Vec<u32> = rules
        .iter()
        .map(|rule| match left.iter().position(|(old, _)| *old == rule) {
            Some(at) => left.swap_remove(at).1,
            None => {
                free += 1;
                free - 1
            }
        })
        .collect();
    let fits = given.iter().all(|slot| *slot <= LAST_SLOT);
    (fits || slots.is_empty()).then_some(given)
}

#[cfg(test)]
mod tests;
