//! Turns a tree into SQL.
//!
//! For a page of contacts each rule looks up what belongs to the contact at hand; for all of them it begins with what
//! is searched for, so that an index can lead. A rule may be NULL, which counts as no.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, named_params};

use super::{
    ActivityCondition, ActivityField, ActivityRule, Comparison, ConsentRule, ConsentStanding,
    LinkRule, LinkStanding, ListRule, Place, PointsRule, RuleTree, SegmentRule,
};
use crate::conditions::{Bound, Reach, Test, text_sql};
use crate::mirror::asks_mirror;
use crate::{Condition, Date, Error, Operator, Reader, Result, SegmentId};

/// Who meets a rule, as another table tells: those whose ids a statement returns, or everybody else.
pub(crate) struct Told {
    /// A statement that returns the `id` of each of them once.
    pub(crate) sql: String,
    /// All but them.
    pub(crate) others: bool,
}

impl Told {
    pub(super) fn test(&self) -> String {
        let not = if self.others { "NOT " } else { "" };
        format!("{not}contacts.id IN ({})", self.sql)
    }
}

impl RuleTree {
    /// Tells whether another table tells of all contacts at once who meets it, or at least a part of it.
    pub(crate) fn is_told(&self) -> bool {
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                parts.iter().any(Self::is_told)
            }
            Self::Points(_)
            | Self::Segment(_)
            | Self::Consent(_)
            | Self::Opportunities(_)
            | Self::Campaign(_) => true,
            Self::Field(condition) => asks_mirror(&condition.field),
            Self::Activity(rule) => {
                let exactly = rule.times.op == Comparison::Equals && rule.times.value > 0;
                rule.not_within.is_none() && !exactly
            }
            Self::List(_) | Self::Link(_) => false,
        }
    }
}

impl Reader<'_> {
    /// Returns who meets a rule where one look into another table tells all of them: points, a segment, consent, what
    /// was done so often, or what a pull has read. A group of one rule is that rule.
    pub(crate) fn told(&self, tree: &RuleTree, bound: &mut Bound) -> Result<Option<Told>> {
        Ok(match tree {
            RuleTree::All { all: parts } | RuleTree::Any { any: parts } => match parts.as_slice() {
                [only] => self.told(only, bound)?,
                _ => None,
            },
            RuleTree::None { none } => match none.as_slice() {
                [only] => self.told(only, bound)?.map(|told| Told {
                    others: !told.others,
                    ..told
                }),
                _ => None,
            },
            RuleTree::Points(rule) => Some(self.told_points(rule, bound)?),
            RuleTree::Segment(rule) => Some(self.told_segment(rule, bound)?),
            RuleTree::Consent(rule) => Some(self.told_consent(rule, bound)?),
            RuleTree::Opportunities(rule) => Some(self.told_opportunities(rule, bound)?),
            RuleTree::Campaign(rule) => Some(self.told_campaign(rule, bound)?),
            RuleTree::Field(condition) if asks_mirror(&condition.field) => {
                let (sql, others) = self.told_records(condition, bound)?;
                Some(Told { sql, others })
            }
            RuleTree::Activity(rule) if rule.not_within.is_none() => {
                rule.times.check()?;
                let done = activities_sql(self, rule, bound)?;
                told_done(rule, &done, bound)
            }
            _ => None,
        })
    }

    fn told_points(&self, rule: &PointsRule, bound: &mut Bound) -> Result<Told> {
        let score = self.score_named(&rule.points)?.id;
        let (score, value) = (
            bound.bind(Cell::Integer(score.0)),
            bound.bind(Cell::Integer(rule.value)),
        );
        // Contacts without an entry have 0 points: where that is enough, those who have too few or too many are looked
        // for.
        let (op, others) = match rule.op {
            Comparison::AtLeast if 0 >= rule.value => ("<", true),
            Comparison::AtMost if 0 <= rule.value => (">", true),
            Comparison::Equals if rule.value == 0 => ("<>", true),
            op => (sign(op), false),
        };
        Ok(Told {
            sql: format!(
                "SELECT contact_id AS id FROM score_points WHERE score_id = {score} AND points {op} {value}"
            ),
            others,
        })
    }

    fn told_segment(&self, rule: &SegmentRule, bound: &mut Bound) -> Result<Told> {
        Ok(Told {
            sql: format!(
                "SELECT m.contact_id AS id FROM {}",
                self.members_sql(rule, bound)?
            ),
            others: rule.is == Place::NotIn,
        })
    }

    /// Returns `segment_members AS m WHERE …`: those with the status that a rule names.
    fn members_sql(&self, rule: &SegmentRule, bound: &mut Bound) -> Result<String> {
        let segment = self
            .segment_id(&rule.segment)?
            .ok_or_else(|| self.unknown("segment", "SELECT name FROM segments", &rule.segment))?;
        let segment = bound.bind(Cell::Integer(segment.0));
        let state = match rule.is {
            Place::In | Place::NotIn => "realized",
            Place::Exited => "exited",
        };
        Ok(format!(
            "segment_members AS m WHERE m.segment_id = {segment} AND m.state = '{state}'"
        ))
    }

    /// Translates a tree on `contacts` into SQL.
    pub(crate) fn tree_test(&self, tree: &RuleTree, bound: &mut Bound) -> Result<Test> {
        match tree {
            RuleTree::All { all } => self.tree_group(all, " AND ", "1", bound),
            RuleTree::Any { any } => self.tree_group(any, " OR ", "0", bound),
            RuleTree::None { none } => Ok(self.tree_group(none, " OR ", "0", bound)?.negated()),
            RuleTree::Field(condition) => self.condition_test(condition, bound),
            RuleTree::Points(rule) => self.points_test(rule, bound),
            RuleTree::Activity(rule) => self.activity_test(rule, bound),
            RuleTree::Segment(rule) => self.segment_test(rule, bound),
            RuleTree::List(rule) => self.list_test(rule, bound),
            RuleTree::Link(rule) => link_test(rule, bound),
            RuleTree::Consent(rule) => self.consent_test(rule, bound),
            RuleTree::Opportunities(rule) => self.opportunities_test(rule, bound),
            RuleTree::Campaign(rule) => self.campaign_test(rule, bound),
        }
    }

    fn tree_group(
        &self,
        parts: &[RuleTree],
        by: &str,
        none: &str,
        bound: &mut Bound,
    ) -> Result<Test> {
        let tests = parts
            .iter()
            .map(|part| self.tree_test(part, bound))
            .collect::<Result<Vec<_>>>()?;
        let sqls: Vec<_> = tests.iter().map(|test| test.sql.as_str()).collect();
        Ok(Test {
            sql: if sqls.is_empty() {
                none.to_owned()
            } else {
                format!("({})", sqls.join(by))
            },
            change: earliest(tests.iter().filter_map(|test| test.change.as_deref())),
        })
    }

    fn points_test(&self, rule: &PointsRule, bound: &mut Bound) -> Result<Test> {
        if bound.reach == Reach::All {
            return Ok(Test::lasting(self.told_points(rule, bound)?.test()));
        }
        let score = self.score_named(&rule.points)?.id;
        let (score, value) = (
            bound.bind(Cell::Integer(score.0)),
            bound.bind(Cell::Integer(rule.value)),
        );
        Ok(Test::lasting(format!(
            "(coalesce((SELECT points FROM score_points WHERE score_id = {score} AND contact_id = contacts.id), 0) {} {value})",
            sign(rule.op)
        )))
    }

    fn segment_test(&self, rule: &SegmentRule, bound: &mut Bound) -> Result<Test> {
        if bound.reach == Reach::All {
            return Ok(Test::lasting(self.told_segment(rule, bound)?.test()));
        }
        let members = self.members_sql(rule, bound)?;
        let test = Test::lasting(format!(
            "EXISTS (SELECT 1 FROM {members} AND m.contact_id = contacts.id)"
        ));
        Ok(if rule.is == Place::NotIn {
            test.negated()
        } else {
            test
        })
    }

    fn told_consent(&self, rule: &ConsentRule, bound: &mut Bound) -> Result<Told> {
        Ok(Told {
            sql: format!(
                "SELECT o.contact_id AS id FROM {}",
                self.answers_sql(rule, bound)?
            ),
            others: rule.is == ConsentStanding::NotAsked,
        })
    }

    fn consent_test(&self, rule: &ConsentRule, bound: &mut Bound) -> Result<Test> {
        if bound.reach == Reach::All {
            return Ok(Test::lasting(self.told_consent(rule, bound)?.test()));
        }
        let answers = self.answers_sql(rule, bound)?;
        let test = Test::lasting(format!(
            "EXISTS (SELECT 1 FROM {answers} AND o.contact_id = contacts.id)"
        ));
        Ok(if rule.is == ConsentStanding::NotAsked {
            test.negated()
        } else {
            test
        })
    }

    /// Returns `consents AS o WHERE …`: the answers that a rule names, or any at all.
    fn answers_sql(&self, rule: &ConsentRule, bound: &mut Bound) -> Result<String> {
        let purpose = bound.bind(Cell::Integer(self.purpose(&rule.consent)?.id.0));
        let given = match rule.is {
            ConsentStanding::Given => " AND o.given = 1",
            ConsentStanding::Refused => " AND o.given = 0",
            ConsentStanding::NotAsked => "",
        };
        Ok(format!(
            "consents AS o WHERE o.purpose_id = {purpose}{given}"
        ))
    }

    fn list_test(&self, rule: &ListRule, bound: &mut Bound) -> Result<Test> {
        let list = self.email_list_id(&rule.list)?.ok_or_else(|| {
            self.unknown("list of emails", "SELECT name FROM email_lists", &rule.list)
        })?;
        let list = bound.bind(Cell::Integer(list.0));
        let test = Test::lasting(match bound.reach {
            Reach::Few => format!(
                "EXISTS (SELECT 1 FROM email_list_entries AS e WHERE e.list_id = {list} AND e.email_key = contacts.email_key)"
            ),
            Reach::All => format!(
                "contacts.email_key IN (SELECT e.email_key FROM email_list_entries AS e WHERE e.list_id = {list})"
            ),
        });
        Ok(if rule.holds { test } else { test.negated() })
    }

    fn activity_test(&self, rule: &ActivityRule, bound: &mut Bound) -> Result<Test> {
        rule.times.check()?;
        let done = activities_sql(self, rule, bound)?;
        let mut test = counted(rule, &done, bound);
        let reach = bound.reach;
        let mut changes = Vec::new();
        if let Some(span) = rule.within {
            // The eldest that counts is the first to count no more.
            let eldest = format!("(SELECT min(a.at) FROM {done} AND a.contact_id = contacts.id)");
            changes.push(span.after_sql(&eldest));
        }
        if let Some(span) = rule.not_within {
            let first = bound.bind(Cell::Integer(span.ago(bound.now)));
            let recent = match reach {
                Reach::Few => format!(
                    "EXISTS (SELECT 1 FROM {done} AND a.at >= {first} AND a.contact_id = contacts.id)"
                ),
                Reach::All => {
                    format!("contacts.id IN (SELECT a.contact_id FROM {done} AND a.at >= {first})")
                }
            };
            test = format!("({test} AND NOT {recent})");
            let latest = format!(
                "(SELECT max(a.at) FROM {done} AND a.at >= {first} AND a.contact_id = contacts.id)"
            );
            changes.push(span.after_sql(&latest));
        }
        Ok(Test {
            sql: test,
            change: earliest(changes.iter().map(String::as_str)),
        })
    }

    pub(crate) fn segment_id(&self, name: &str) -> Result<Option<SegmentId>> {
        Ok(self
            .connection
            .prepare_cached("SELECT id FROM segments WHERE name = :name")?
            .query_row(named_params! { ":name": name.trim() }, |row| row.get(0))
            .optional()?)
    }

    /// Returns the first moment of a date in the workspace's time zone.
    pub(crate) fn start_of(&self, date: Date) -> Result<i64> {
        let zone = jiff::tz::TimeZone::get(&self.time_zone()?).unwrap_or(jiff::tz::TimeZone::UTC);
        let start = date
            .to_zoned(zone)
            .map_err(|_| Error::Refused(format!("the date {date} is out of range")))?;
        Ok(start.timestamp().as_millisecond())
    }
}

/// Returns `activities AS a WHERE …`: those of a rule, of everybody.
pub(crate) fn activities_sql(
    reader: &Reader<'_>,
    rule: &ActivityRule,
    bound: &mut Bound,
) -> Result<String> {
    let kind = reader.activity_type_named(&rule.activity)?;
    let mut sql = format!(
        "activities AS a WHERE a.type_id = {}",
        bound.bind(Cell::Integer(kind.0))
    );
    if let Some(span) = rule.within {
        let first = bound.bind(Cell::Integer(span.ago(bound.now)));
        let _ = write!(sql, " AND a.at >= {first}");
    }
    if let Some(date) = rule.since {
        let first = bound.bind(Cell::Integer(reader.start_of(date)?));
        let _ = write!(sql, " AND a.at >= {first}");
    }
    if let Some(date) = rule.until {
        let next = date
            .checked_add(1.day())
            .map_err(|_| Error::Refused(format!("the date {date} is out of range")))?;
        let end = bound.bind(Cell::Integer(reader.start_of(next)?));
        let _ = write!(sql, " AND a.at < {end}");
    }
    for condition in &rule.with {
        let _ = write!(sql, " AND {}", with_sql(condition, bound)?);
    }
    Ok(sql)
}

/// Compares how often something was done.
fn counted(rule: &ActivityRule, done: &str, bound: &mut Bound) -> String {
    let mut at_least = |times: u32| match (bound.reach, times) {
        (Reach::Few, 1) => {
            format!("EXISTS (SELECT 1 FROM {done} AND a.contact_id = contacts.id)")
        }
        (Reach::Few, times) => {
            // No more are counted than are asked for.
            let place = bound.bind(Cell::Integer(times.into()));
            format!(
                "((SELECT count(*) FROM (SELECT 1 FROM {done} AND a.contact_id = contacts.id LIMIT {place})) = {place})"
            )
        }
        (Reach::All, times) => format!("contacts.id IN ({})", done_sql(times, done, bound)),
    };
    let times = rule.times.value;
    match rule.times.op {
        Comparison::AtLeast => at_least(times),
        Comparison::AtMost => format!("NOT {}", at_least(times.saturating_add(1))),
        Comparison::Equals if times == 0 => format!("NOT {}", at_least(1)),
        Comparison::Equals => format!(
            "({} AND NOT {})",
            at_least(times),
            at_least(times.saturating_add(1))
        ),
    }
}

/// Returns who has done something so often, as far as one statement tells.
fn told_done(rule: &ActivityRule, done: &str, bound: &mut Bound) -> Option<Told> {
    let (times, others) = match (rule.times.op, rule.times.value) {
        (Comparison::AtLeast, times) => (times, false),
        (Comparison::AtMost, times) => (times.saturating_add(1), true),
        (Comparison::Equals, 0) => (1, true),
        (Comparison::Equals, _) => return None,
    };
    let sql = done_sql(times, done, bound);
    Some(Told { sql, others })
}

fn done_sql(times: u32, done: &str, bound: &mut Bound) -> String {
    if times == 1 {
        return format!("SELECT DISTINCT a.contact_id AS id FROM {done}");
    }
    let place = bound.bind(Cell::Integer(times.into()));
    format!(
        "SELECT a.contact_id AS id FROM {done} GROUP BY a.contact_id HAVING count(*) >= {place}"
    )
}

fn sign(op: Comparison) -> &'static str {
    match op {
        Comparison::AtLeast => ">=",
        Comparison::AtMost => "<=",
        Comparison::Equals => "=",
    }
}

/// Translates a condition on what an activity has.
fn with_sql(condition: &ActivityCondition, bound: &mut Bound) -> Result<String> {
    let name = condition.field.name();
    let column = format!("a.{name}");
    let as_field = Condition {
        field: name.to_owned(),
        op: condition.op,
        value: condition.value.clone(),
    };
    let refused = |text: &str| Err(Error::Refused(format!("\"{name}\" of an activity {text}")));
    match condition.op {
        Operator::IsSet if condition.value.is_null() => {
            return Ok(format!("{column} IS NOT NULL"));
        }
        Operator::IsNotSet if condition.value.is_null() => return Ok(format!("{column} IS NULL")),
        _ => {}
    }
    if condition.field == ActivityField::Value {
        let comparison = match condition.op {
            Operator::Equals => "=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            _ => return refused("is a number; use equals, greater, at_least, less or at_most"),
        };
        let number = match &condition.value {
            serde_json::Value::Number(number) => number.as_f64(),
            serde_json::Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        return match number.filter(|number: &f64| number.is_finite()) {
            Some(number) => Ok(format!(
                "{column} {comparison} {}",
                bound.bind(Cell::Real(number))
            )),
            None => refused("is compared with a number"),
        };
    }
    match condition.op {
        Operator::Equals
        | Operator::Contains
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::OneOf => text_sql(&column, condition.op, &as_field, bound),
        Operator::NotContains => {
            let holds = text_sql(&column, Operator::Contains, &as_field, bound)?;
            Ok(format!("NOT coalesce({holds}, 0)"))
        }
        Operator::NotEquals => {
            let same = text_sql(&column, Operator::Equals, &as_field, bound)?;
            Ok(format!("NOT coalesce({same}, 0)"))
        }
        _ => refused("is text; use equals, contains, starts_with or ends_with"),
    }
}

fn link_test(rule: &LinkRule, bound: &mut Bound) -> Result<Test> {
    let object = match rule.link.as_str() {
        "any" => String::new(),
        "Lead" | "Contact" => {
            format!(
                " AND l.object = {}",
                bound.bind(Cell::Text(rule.link.clone()))
            )
        }
        other => {
            let other: String = other.chars().take(40).collect();
            return Err(Error::Refused(format!(
                "\"{other}\" isn't an object of links; use Lead, Contact or any"
            )));
        }
    };
    let state = match rule.is {
        LinkStanding::Linked | LinkStanding::NotLinked => "linked",
        LinkStanding::Deleted => "deleted",
        LinkStanding::Converted => "converted",
    };
    let links = format!("links AS l WHERE l.state = '{state}'{object}");
    let test = Test::lasting(match bound.reach {
        Reach::Few => format!("EXISTS (SELECT 1 FROM {links} AND l.contact_id = contacts.id)"),
        Reach::All => format!("contacts.id IN (SELECT l.contact_id FROM {links})"),
    });
    Ok(if rule.is == LinkStanding::NotLinked {
        test.negated()
    } else {
        test
    })
}

/// Returns the earliest of several moments, any of which may be NULL.
pub(crate) fn earliest<'a>(moments: impl Iterator<Item = &'a str>) -> Option<String> {
    let moments: Vec<_> = moments.collect();
    match moments.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        several => Some(
            several
                .iter()
                .skip(1)
                .fold(several[0].to_owned(), |one, other| {
                    format!("soonest({one}, {other})")
                }),
        ),
    }
}
