//! A plain evaluator of trees, which the SQL has to agree with. It knows no index, no cut-off and no database: a
//! moment is within a span when the moment a span later has not come yet.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::{
    ActivityCondition, ActivityField, ActivityRule, Comparison, ConsentStanding, LinkStanding,
    Place, RuleTree,
};
use crate::fold::fold;
use crate::{Condition, Date, Operator, SegmentStatus, Span, Value};

/// All that is known of somebody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) fields: BTreeMap<String, Value>,
    pub(crate) accounts: Vec<BTreeMap<String, String>>,
    pub(crate) activities: Vec<Done>,
    pub(crate) points: BTreeMap<String, i64>,
    pub(crate) segments: BTreeMap<String, SegmentStatus>,
    pub(crate) lists: BTreeSet<String>,
    /// Purposes that were answered.
    pub(crate) consents: BTreeMap<String, bool>,
    /// Object and state.
    pub(crate) links: Vec<(String, String)>,
}

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Done {
    pub(crate) kind: String,
    pub(crate) at: i64,
    pub(crate) value: Option<f64>,
    pub(crate) title: Option<String>,
}

/// The moment and the place for which it is asked.
#[derive(Debug, Clone)]
pub(crate) struct Here {
    pub(crate) now: i64,
    pub(crate) zone: TimeZone,
}

pub(crate) fn holds(tree: &RuleTree, person: &Person, here: &Here) -> bool {
    let each = |part: &RuleTree| holds(part, person, here);
    match tree {
        RuleTree::All { all } => all.iter().all(each),
        RuleTree::Any { any } => any.iter().any(each),
        RuleTree::None { none } => !none.iter().any(each),
        RuleTree::Field(condition) => field(condition, person, here),
        RuleTree::Points(rule) => {
            let points = person.points.get(&rule.points).copied().unwrap_or(0);
            compare(points, rule.op, rule.value)
        }
        RuleTree::Activity(rule) => did(rule, person, here),
        RuleTree::Segment(rule) => {
            let status = person.segments.get(&rule.segment);
            match rule.is {
                Place::In => status == Some(&SegmentStatus::Realized),
                Place::NotIn => status != Some(&SegmentStatus::Realized),
                Place::Exited => status == Some(&SegmentStatus::Exited),
            }
        }
        RuleTree::List(rule) => person.lists.contains(&rule.list) == rule.holds,
        RuleTree::Consent(rule) => {
            let wanted = match rule.is {
                ConsentStanding::Given => Some(true),
                ConsentStanding::Refused => Some(false),
                ConsentStanding::NotAsked => None,
            };
            person.consents.get(&rule.consent).copied() == wanted
        }
        RuleTree::Link(rule) => {
            let any = |wanted: &str| {
                person.links.iter().any(|(object, state)| {
                    (rule.link == "any" || rule.link == *object) && state == wanted
                })
            };
            match rule.is {
                LinkStanding::Linked => any("linked"),
                LinkStanding::NotLinked => !any("linked"),
                LinkStanding::Deleted => any("deleted"),
                LinkStanding::Converted => any("converted"),
            }
        }
    }
}

fn compare<T: PartialOrd>(one: T, op: Comparison, other: T) -> bool {
    match op {
        Comparison::AtLeast => one >= other,
        Comparison::AtMost => one <= other,
        Comparison::Equals => one == other,
    }
}

/// Returns the activities that a rule is about, by their times.
pub(crate) fn matching(rule: &ActivityRule, person: &Person, here: &Here) -> Vec<i64> {
    let day = |moment: i64| date_of(moment, here);
    let fits = |done: &&Done| {
        done.kind == rule.activity
            && rule
                .within
                .is_none_or(|span| span.after(done.at) > here.now)
            && rule.since.is_none_or(|date| day(done.at) >= date)
            && rule.until.is_none_or(|date| day(done.at) <= date)
            && rule.with.iter().all(|condition| with(condition, done))
    };
    person
        .activities
        .iter()
        .filter(fits)
        .map(|done| done.at)
        .collect()
}

fn did(rule: &ActivityRule, person: &Person, here: &Here) -> bool {
    let times = matching(rule, person, here);
    let lately = |span: Span| times.iter().any(|at| span.after(*at) > here.now);
    compare(times.len() as u64, rule.times.op, rule.times.value.into())
        && rule.not_within.is_none_or(|span| !lately(span))
}

fn with(condition: &ActivityCondition, done: &Done) -> bool {
    match condition.field {
        ActivityField::Value => {
            let wanted = condition.value.as_f64();
            match (condition.op, done.value) {
                (Operator::IsSet, value) => value.is_some(),
                (Operator::IsNotSet, value) => value.is_none(),
                (_, None) => false,
                (op, Some(value)) => number(op, value, wanted.unwrap_or(0.0)),
            }
        }
        _ => text(condition.op, done.title.as_deref(), &condition.value),
    }
}

fn number<T: PartialOrd>(op: Operator, one: T, other: T) -> bool {
    match op {
        Operator::Greater => one > other,
        Operator::AtLeast => one >= other,
        Operator::Less => one < other,
        Operator::AtMost => one <= other,
        _ => one == other,
    }
}

fn text(op: Operator, held: Option<&str>, value: &serde_json::Value) -> bool {
    let held = held.map(fold);
    let wanted = value
        .as_str()
        .map(|text| fold(text.trim()))
        .unwrap_or_default();
    let is = |test: fn(&str, &str) -> bool| held.as_deref().is_some_and(|held| test(held, &wanted));
    let several = || {
        let texts = value.as_array().into_iter().flatten();
        let mut texts = texts
            .filter_map(|text| text.as_str())
            .map(|text| fold(text.trim()));
        texts.any(|text| held.as_deref() == Some(text.as_str()))
    };
    match op {
        Operator::IsSet => held.is_some(),
        Operator::IsNotSet => held.is_none(),
        Operator::Equals => is(|held, wanted| held == wanted),
        Operator::NotEquals => !is(|held, wanted| held == wanted),
        Operator::Contains => is(|held, wanted| held.contains(wanted)),
        Operator::NotContains => !is(|held, wanted| held.contains(wanted)),
        Operator::StartsWith => is(|held, wanted| held.starts_with(wanted)),
        Operator::EndsWith => is(|held, wanted| held.ends_with(wanted)),
        Operator::OneOf => several(),
        Operator::NoneOf => !several(),
        other => panic!("{other:?} on a text"),
    }
}

fn field(condition: &Condition, person: &Person, here: &Here) -> bool {
    if let Some(name) = condition.field.strip_prefix("account:") {
        // Of several accounts any one may fulfil it; negations say that none does.
        let opposite = match condition.op {
            Operator::NotEquals => Some(Operator::Equals),
            Operator::NotContains => Some(Operator::Contains),
            Operator::NoneOf => Some(Operator::OneOf),
            Operator::IsNotSet => Some(Operator::IsSet),
            _ => None,
        };
        let op = opposite.unwrap_or(condition.op);
        let mut accounts = person.accounts.iter();
        let any = accounts
            .any(|account| text(op, account.get(name).map(String::as_str), &condition.value));
        return any != opposite.is_some();
    }
    let value = person.fields.get(&condition.field);
    match (condition.op, value) {
        (Operator::IsSet, value) => value.is_some(),
        (Operator::IsNotSet, value) => value.is_none(),
        (Operator::IsTrue, value) => value == Some(&Value::YesNo(true)),
        (Operator::IsFalse, value) => value == Some(&Value::YesNo(false)),
        (op, Some(Value::Text(held))) => text(op, Some(held), &condition.value),
        (op, Some(Value::Integer(held))) => {
            let same = number(Operator::Equals, *held, condition.value.as_i64().unwrap());
            match op {
                Operator::NotEquals => !same,
                op => number(op, *held, condition.value.as_i64().unwrap()),
            }
        }
        (op, Some(Value::Date(held))) => date(op, *held, &condition.value, here),
        (op, Some(Value::DateTime(held))) => moment(op, *held, &condition.value, here),
        (op, None) => matches!(
            op,
            Operator::NotEquals | Operator::NotContains | Operator::NoneOf
        ),
        (op, other) => panic!("{op:?} on {other:?}"),
    }
}

fn date_of(moment: i64, here: &Here) -> Date {
    jiff::Timestamp::from_millisecond(moment)
        .unwrap()
        .to_zoned(here.zone.clone())
        .date()
}

fn span(value: &serde_json::Value) -> Span {
    value.as_str().unwrap().parse().unwrap()
}

fn date(op: Operator, held: Date, value: &serde_json::Value, here: &Here) -> bool {
    let today = date_of(here.now, here);
    match op {
        Operator::WithinLast => held <= today && span(value).after_date(held) > today,
        Operator::LongerAgo => span(value).after_date(held) <= today,
        Operator::WithinNext => held >= today && held <= span(value).after_date(today),
        Operator::AnniversaryWithin => {
            let mut day = today;
            let is_day = |day: Date| {
                let leap = held.month() == 2 && held.day() == 29 && !day.in_leap_year();
                day.month() == held.month()
                    && (day.day() == held.day() || (leap && day.day() == 28))
            };
            while day <= span(value).after_date(today) {
                if is_day(day) {
                    return true;
                }
                day = day.tomorrow().unwrap();
            }
            false
        }
        op => {
            let wanted: Date = value.as_str().unwrap().parse().unwrap();
            match op {
                Operator::Before => held < wanted,
                Operator::After => held > wanted,
                Operator::NotEquals => held != wanted,
                _ => held == wanted,
            }
        }
    }
}

fn moment(op: Operator, held: i64, value: &serde_json::Value, here: &Here) -> bool {
    match op {
        Operator::WithinLast => held <= here.now && span(value).after(held) > here.now,
        Operator::LongerAgo => span(value).after(held) <= here.now,
        Operator::WithinNext => held > here.now && held <= span(value).after(here.now),
        op => {
            let wanted: Date = value.as_str().unwrap().parse().unwrap();
            let day = date_of(held, here);
            match op {
                Operator::Before => day < wanted,
                Operator::After => day > wanted,
                Operator::NotEquals => day != wanted,
                _ => day == wanted,
            }
        }
    }
}
