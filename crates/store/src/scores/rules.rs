//! The rules of a score: read from JSON, checked, and turned into one statement.

use std::fmt::Write as _;

use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use crate::conditions::Bound;
use crate::{Condition, Error, Reader, Result, Writer};

const MOST: usize = 500;
const LONGEST_NAME: usize = 255;

/// A rule: contacts that meet the condition get the points.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, for explaining points.
    pub name: String,
    /// Points, negative ones included.
    pub points: i64,
    /// Who gets them.
    pub when: Condition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    rules: Vec<Rule>,
}

/// Reads rules from JSON: `{"rules": [{"name": …, "points": 20, "when": {"field": …, "op": …, "value": …}}]}`.
///
/// # Errors
/// [`Error::Refused`] with the place in the text.
pub fn parse_rules(json: &str) -> Result<Vec<Rule>> {
    serde_json::from_str::<Document>(json)
        .map(|document| document.rules)
        .map_err(|error| Error::Refused(format!("the rules cannot be read: {error}")))
}

/// What every rule comes to for contacts: a SELECT of one 0 or 1 per rule.
pub(crate) struct CompiledRules {
    /// `, <expression>` for each rule.
    pub(crate) columns: String,
    pub(crate) values: Vec<Cell>,
}

impl Reader<'_> {
    /// Translates rules; the first `reserved` places are left to the caller, who binds them by overwriting.
    pub(crate) fn compile_rules(&self, rules: &[Rule], reserved: usize) -> Result<CompiledRules> {
        let mut bound = Bound::default();
        bound.values.resize(reserved, Cell::Null);
        let mut columns = String::new();
        for rule in rules {
            let _ = write!(columns, ", {}", self.condition_sql(&rule.when, &mut bound)?);
        }
        Ok(CompiledRules {
            columns,
            values: bound.values,
        })
    }
}

impl Writer<'_> {
    /// Checks rules, indexes the custom fields that they use, and returns their JSON.
    pub(super) fn checked_rules(&self, rules: &[Rule]) -> Result<String> {
        if rules.len() > MOST {
            return Err(Error::Refused(format!("a score has at most {MOST} rules")));
        }
        for rule in rules {
            if rule.name.trim().is_empty() || rule.name.chars().count() > LONGEST_NAME {
                return Err(Error::Refused(format!(
                    "a rule's name has 1 to {LONGEST_NAME} characters"
                )));
            }
            self.check_condition(&rule.when)
                .map_err(|error| Error::Refused(format!("rule \"{}\": {error}", rule.name)))?;
            if let Some(field) = self.custom_field_in(&rule.when)? {
                self.index_custom_field(field)?;
            }
        }
        serde_json::to_string(rules).map_err(|error| Error::unreadable("rules", error))
    }
}

/// Adds up points; the sum stops at the ends of 64 bits.
pub(super) fn total(rules: &[Rule], met: impl Iterator<Item = bool>) -> i64 {
    let sum: i128 = rules
        .iter()
        .zip(met)
        .filter(|(_, met)| *met)
        .map(|(rule, _)| i128::from(rule.points))
        .sum();
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}
