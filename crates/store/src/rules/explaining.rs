//! Why a contact meets a tree, or does not: rule by rule, with what it has.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::params_from_iter;
use rusqlite::types::{Value as Cell, ValueRef};
use serde::Serialize;

use super::{RuleTree, activities_sql, wording};
use crate::conditions::{Bound, Reach};
use crate::contacts::from_cell;
use crate::long_values;
use crate::mirror::asks_mirror;
use crate::{
    AskedField, ContactId, Date, Error, MirrorKind, MirrorValue, Reader, Result, Value, grouped,
};

/// A rule or group as it stands for one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Explained {
    /// What the rule says; for a group *all of these*, *any of these* or *none of these*.
    pub rule: String,
    /// Whether the contact meets it.
    pub holds: bool,
    /// What the contact has, where that can be said in a few words.
    pub has: Option<String>,
    /// The parts of a group.
    pub parts: Vec<Explained>,
}

impl Reader<'_> {
    /// Explains a tree for a contact at a moment.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the contact or what the tree names.
    pub fn explain_tree(&self, tree: &RuleTree, contact: ContactId, now: i64) -> Result<Explained> {
        let (rule, parts) = match tree {
            RuleTree::All { all } => ("all of these", all),
            RuleTree::Any { any } => ("any of these", any),
            RuleTree::None { none } => ("none of these", none),
            leaf => {
                return Ok(Explained {
                    rule: leaf.to_string(),
                    holds: self.meets(leaf, contact, now)?,
                    has: self.what_it_has(leaf, contact, now)?,
                    parts: Vec::new(),
                });
            }
        };
        let parts = parts
            .iter()
            .map(|part| self.explain_tree(part, contact, now))
            .collect::<Result<Vec<_>>>()?;
        let holds = match tree {
            RuleTree::All { .. } => parts.iter().all(|part| part.holds),
            RuleTree::Any { .. } => parts.iter().any(|part| part.holds),
            _ => !parts.iter().any(|part| part.holds),
        };
        Ok(Explained {
            rule: rule.to_owned(),
            holds,
            has: None,
            parts,
        })
    }

    /// Tells whether a contact meets a tree at a moment.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the contact or what the tree names.
    pub fn meets(&self, tree: &RuleTree, contact: ContactId, now: i64) -> Result<bool> {
        let mut bound = Bound::new(now, Reach::Few);
        let id = bound.bind(Cell::Integer(contact.0));
        let test = self.tree_test(tree, &mut bound)?;
        let sql = format!(
            "SELECT coalesce({}, 0) FROM contacts WHERE contacts.id = {id}",
            test.sql
        );
        let mut statement = self.connection.prepare(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        match rows.next()? {
            Some(row) => Ok(row.get(0)?),
            None => Err(Error::not_found("contact", contact)),
        }
    }

    fn zone(&self) -> Result<TimeZone> {
        Ok(TimeZone::get(&self.time_zone()?).unwrap_or(TimeZone::UTC))
    }

    fn what_it_has(&self, leaf: &RuleTree, contact: ContactId, now: i64) -> Result<Option<String>> {
        match leaf {
            RuleTree::Field(condition) if asks_mirror(&condition.field) => {
                let Some(asked) = AskedField::parse(&condition.field) else {
                    return Ok(None);
                };
                let zone = self.zone()?;
                let values = self.record_values(&[contact], &asked)?;
                let value = values.get(&contact);
                Ok(Some(value.map_or("nothing".to_owned(), |(kind, value)| {
                    said_of_record(*kind, value, &zone)
                })))
            }
            RuleTree::Opportunities(rule) => {
                let (count, sum) = self.opportunities_of(rule, contact, now)?;
                let noun = if count == 1 {
                    "opportunity"
                } else {
                    "opportunities"
                };
                let sum = match rule.sum {
                    Some(_) => format!(", {sum} in total"),
                    None => String::new(),
                };
                Ok(Some(format!("{} {noun}{sum}", grouped(count))))
            }
            RuleTree::Field(condition) => {
                let Some((field, kind)) = self.contact_field_in(condition)? else {
                    return Ok(None);
                };
                let sql = format!("SELECT {} FROM contacts WHERE id = ?1", field.column());
                let mut statement = self.connection.prepare_cached(&sql)?;
                let mut rows = statement.query([contact])?;
                let Some(row) = rows.next()? else {
                    return Ok(None);
                };
                let value = match row.get_ref(0)? {
                    ValueRef::Null => None,
                    cell => {
                        long_values::check_cell(cell, "contacts", || field.column())?;
                        from_cell(kind, cell)?
                    }
                };
                let zone = self.zone()?;
                Ok(Some(
                    value.map_or("nothing".to_owned(), |value| said(&value, &zone)),
                ))
            }
            RuleTree::Points(rule) => {
                let score = self.score_named(&rule.points)?.id;
                let points = self.points(score, &[contact])?;
                let points = points.get(&contact).copied().unwrap_or(0);
                let noun = if points == 1 { "point" } else { "points" };
                Ok(Some(format!("{points} {noun}")))
            }
            RuleTree::Activity(rule) => {
                let mut bound = Bound::new(now, Reach::Few);
                let id = bound.bind(Cell::Integer(contact.0));
                let done = activities_sql(self, rule, &mut bound)?;
                let sql = format!("SELECT count(*), max(a.at) FROM {done} AND a.contact_id = {id}");
                let (count, last): (u64, Option<i64>) = self
                    .connection
                    .prepare(&sql)?
                    .query_row(params_from_iter(&bound.values), |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })?;
                let zone = self.zone()?;
                let last = last.map(|last| wording::day(date_of(last, &zone)));
                Ok(Some(match (count, last) {
                    (0, _) | (_, None) => "never".to_owned(),
                    (1, Some(last)) => format!("once, on {last}"),
                    (count, Some(last)) => {
                        format!("{} times, last on {last}", grouped(count))
                    }
                }))
            }
            RuleTree::Consent(rule) => {
                let purpose = self.purpose(&rule.consent)?.id;
                let held = self.held_answer(contact, purpose)?;
                let zone = self.zone()?;
                Ok(Some(held.map_or("no answer".to_owned(), |one| {
                    let answer = if one.given { "given" } else { "refused" };
                    format!("{answer} on {}", wording::day(date_of(one.at, &zone)))
                })))
            }
            _ => Ok(None),
        }
    }
}

fn date_of(at: i64, zone: &TimeZone) -> Date {
    let moment = Timestamp::from_millisecond(at).unwrap_or_default();
    moment.to_zoned(zone.clone()).date()
}

fn said_of_record(kind: MirrorKind, value: &MirrorValue, zone: &TimeZone) -> String {
    match (kind, value) {
        (_, MirrorValue::Text(text)) => format!("“{text}”"),
        (_, MirrorValue::Number(number)) => number.to_string(),
        (MirrorKind::DateTime, MirrorValue::Whole(at)) => wording::day(date_of(*at, zone)),
        (_, MirrorValue::Whole(number)) => number.to_string(),
        (_, MirrorValue::YesNo(true)) => "yes".to_owned(),
        (_, MirrorValue::YesNo(false)) => "no".to_owned(),
        (_, MirrorValue::Date(date)) => wording::day(*date),
    }
}

fn said(value: &Value, zone: &TimeZone) -> String {
    match value {
        Value::Text(text) => format!("“{text}”"),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(decimal) => decimal.to_string(),
        Value::Float(number) => number.to_string(),
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Date(date) => wording::day(*date),
        Value::DateTime(at) => wording::day(date_of(*at, zone)),
    }
}
