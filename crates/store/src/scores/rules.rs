//! The rules of a score: read from JSON, checked, and turned into SQL.

use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use crate::conditions::{Bound, Test};
use crate::rules::activities_sql;
use crate::{Date, Error, Reader, Result, RuleTree, Span, Times, Writer, documents};

const MOST: usize = 500;
const LONGEST_NAME: usize = 255;

/// A rule: contacts who meet the condition get the points.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS, Deserialize)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct Rule {
    /// Its name, for explaining points.
    pub name: String,
    /// Points, negative ones included.
    pub points: i64,
    /// Who gets them.
    pub when: RuleTree,
    /// The points are given for each matching activity; only where the condition is one on activities.
    #[serde(default, skip_serializing_if = "is_false")]
    #[ts(as = "Option<bool>")]
    pub each: bool,
    /// The most points, or for negative ones the least, that matching activities add up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u32>,
    /// How long the points last after the latest matching activity, such as `30 days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub valid_for: Option<Span>,
    /// The last date of the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub valid_until: Option<Date>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Rule {
    /// Returns a rule that lasts as long as its condition holds.
    pub fn new(name: &str, points: i64, when: RuleTree) -> Self {
        Self {
            name: name.to_owned(),
            points,
            when,
            each: false,
            maximum: None,
            valid_for: None,
            valid_until: None,
        }
    }
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
        .map_err(|error| {
            let why = crate::why_unread(&error);
            Error::Refused(format!("the rules can't be read: {why}"))
        })
}

/// A rule as SQL: the points that it gives, and when that changes next.
#[derive(Debug)]
pub(crate) struct RuleSql {
    /// An expression for points, never NULL.
    pub(crate) points: String,
    /// As [`Test::change`].
    pub(crate) change: Option<String>,
}

impl Reader<'_> {
    /// Translates a rule on `contacts` into SQL.
    pub(crate) fn rule_sql(&self, rule: &Rule, bound: &mut Bound) -> Result<RuleSql> {
        let end = match rule.valid_until {
            Some(date) => Some(self.start_of(date.tomorrow().unwrap_or(Date::MAX))?),
            None => None,
        };
        if end.is_some_and(|end| end <= bound.now) {
            // Still checked, so that a rule that makes no sense is refused.
            self.tree_test(&rule.when, &mut Bound::new(bound.now, bound.reach))?;
            return Ok(RuleSql {
                points: "0".to_owned(),
                change: None,
            });
        }
        let (mut test, lapse) = self.lasting_test(rule, bound)?;
        let points = bound.bind(Cell::Integer(rule.points));
        let mut sql = format!("iif({}, {points}, 0)", test.sql);
        if rule.each {
            sql = self.each_sql(rule, &test.sql, &points, bound)?;
        }
        let mut changes: Vec<String> = test.change.take().into_iter().chain(lapse).collect();
        if let Some(end) = end {
            let end = bound.bind(Cell::Integer(end));
            changes.push(format!("iif({sql} <> 0, {end}, NULL)"));
        }
        let change = changes
            .into_iter()
            .reduce(|one, other| format!("soonest({one}, {other})"));
        Ok(RuleSql {
            points: sql,
            change,
        })
    }

    /// Returns whether the condition holds and has not lapsed, and when it will have.
    fn lasting_test(&self, rule: &Rule, bound: &mut Bound) -> Result<(Test, Option<String>)> {
        let test = self.tree_test(&rule.when, bound)?;
        let (Some(span), RuleTree::Activity(activity)) = (rule.valid_for, &rule.when) else {
            return Ok((test, None));
        };
        let done = activities_sql(self, activity, bound)?;
        let first = bound.bind(Cell::Integer(span.ago(bound.now)));
        let recent = format!("FROM {done} AND a.at >= {first} AND a.contact_id = contacts.id");
        let lapse = span.after_sql(&format!("(SELECT max(a.at) {recent})"));
        // Whoever did it at least once, and lately, did it: one look is enough.
        let sql = if activity.times == Times::ONCE && activity.not_within.is_none() {
            format!("EXISTS (SELECT 1 {recent})")
        } else {
            format!("({} AND EXISTS (SELECT 1 {recent}))", test.sql)
        };
        let change = test.change;
        Ok((Test { sql, change }, Some(lapse)))
    }

    fn each_sql(&self, rule: &Rule, test: &str, points: &str, bound: &mut Bound) -> Result<String> {
        let RuleTree::Activity(activity) = &rule.when else {
            return Err(Error::Refused(
                "points for each activity need a condition on activities".into(),
            ));
        };
        let done = activities_sql(self, activity, bound)?;
        let maximum = rule
            .maximum
            .map_or(Cell::Null, |most| Cell::Integer(most.into()));
        let maximum = bound.bind(maximum);
        Ok(format!(
            "iif({test}, times({points}, (SELECT count(*) FROM {done} AND a.contact_id = contacts.id), {maximum}), 0)"
        ))
    }
}

impl Reader<'_> {
    /// Checks rules.
    ///
    /// # Errors
    /// [`Error::Refused`] with the rule's name.
    pub(super) fn check_rules(&self, rules: &[Rule]) -> Result<()> {
        if rules.len() > MOST {
            return Err(Error::Refused(format!(
                "a score can't have more than {MOST} rules"
            )));
        }
        for rule in rules {
            if rule.name.trim().is_empty() || rule.name.chars().count() > LONGEST_NAME {
                return Err(Error::Refused(format!(
                    "this can't be a rule's name; enter 1 to {LONGEST_NAME} characters"
                )));
            }
            let refused = |why: &str| Error::Refused(format!("rule \"{}\": {why}", rule.name));
            self.check_tree(&rule.when)
                .map_err(|error| refused(&error.to_string()))?;
            let on_activities = matches!(rule.when, RuleTree::Activity(_));
            if (rule.each || rule.valid_for.is_some()) && !on_activities {
                return Err(refused(
                    "points for each activity, and points that expire after it, need a condition on activities \
                     alone",
                ));
            }
            if rule.maximum.is_some() && !rule.each {
                return Err(refused("a maximum needs points for each activity"));
            }
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// Checks rules, indexes the fields that they use, and returns their JSON.
    pub(super) fn checked_rules(&self, rules: &[Rule]) -> Result<String> {
        self.check_rules(rules)?;
        for rule in rules {
            self.index_fields(&rule.when)?;
        }
        documents::write("rules", rules)
    }
}
