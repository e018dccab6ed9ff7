//! A plain evaluator of trees, which the SQL has to agree with. It knows no index, no cut-off and no database: a
//! moment is within a span when the moment a span later has not come yet.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::{
    ActivityCondition, ActivityField, ActivityRule, CampaignStanding, Comparison, ConsentStanding,
    LinkStanding, OpportunityRule, OpportunityState, Place, RuleTree, Through,
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
    /// The live records behind links that hold.
    pub(crate) records: Vec<Record>,
    pub(crate) opportunities: Vec<Opportunity>,
    pub(crate) campaigns: Vec<Membership>,
}

/// A record of an org.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(crate) object: String,
    pub(crate) fields: BTreeMap<String, Value>,
    pub(crate) account: Option<BTreeMap<String, Value>>,
}

/// An opportunity, and how it belongs to somebody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opportunity {
    pub(crate) by_account: bool,
    pub(crate) by_role: bool,
    pub(crate) amount: Option<f64>,
    pub(crate) closed: bool,
    pub(crate) won: bool,
    pub(crate) fields: BTreeMap<String, Value>,
}

/// A membership in a campaign.
#[derive(Debug, Clone, Default)]
pub(crate) struct Membership {
    pub(crate) campaign: String,
    pub(crate) status: Option<String>,
    pub(crate) responded: bool,
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
        RuleTree::Opportunities(rule) => opportunities(rule, person, here),
        RuleTree::Campaign(rule) => {
            let any = |fits: &dyn Fn(&Membership) -> bool| {
                person.campaigns.iter().any(|member| {
                    (rule.campaign == "any" || fold(&rule.campaign) == fold(&member.campaign))
                        && rule.status.as_deref().is_none_or(|status| {
                            member.status.as_deref().map(fold) == Some(fold(status))
                        })
                        && fits(member)
                })
            };
            match rule.is {
                CampaignStanding::Member => any(&|_| true),
                CampaignStanding::NotMember => !any(&|_| true),
                CampaignStanding::Responded => any(&|member| member.responded),
                CampaignStanding::NotResponded => any(&|member| !member.responded),
            }
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

fn opportunities(rule: &OpportunityRule, person: &Person, here: &Here) -> bool {
    let fits = |one: &&Opportunity| {
        let belongs = match rule.through {
            Through::Any => one.by_account || one.by_role,
            Through::Account => one.by_account,
            Through::Role => one.by_role,
        };
        let is = match rule.opportunities {
            OpportunityState::Any => true,
            OpportunityState::Open => !one.closed,
            OpportunityState::Closed => one.closed,
            OpportunityState::Won => one.won,
            OpportunityState::Lost => one.closed && !one.won,
        };
        let holds =
            |condition: &Condition| any_of(condition, &[one.fields.get(&condition.field)], here);
        belongs && is && rule.with.iter().all(holds)
    };
    let found: Vec<_> = person.opportunities.iter().filter(fits).collect();
    let sum: f64 = found.iter().filter_map(|one| one.amount).sum();
    let times = match (rule.times, rule.sum) {
        (None, None) => found.len() as u64 >= 1,
        (times, _) => {
            times.is_none_or(|times| compare(found.len() as u64, times.op, u64::from(times.value)))
        }
    };
    times
        && rule
            .sum
            .is_none_or(|wanted| compare(sum, wanted.op, wanted.value))
}

/// Of several values any one may fulfil a condition; negations say that none does.
fn any_of(condition: &Condition, values: &[Option<&Value>], here: &Here) -> bool {
    let opposite = match condition.op {
        Operator::NotEquals => Some(Operator::Equals),
        Operator::NotContains => Some(Operator::Contains),
        Operator::NoneOf => Some(Operator::OneOf),
        Operator::IsNotSet => Some(Operator::IsSet),
        _ => None,
    };
    let positive = Condition {
        op: opposite.unwrap_or(condition.op),
        ..condition.clone()
    };
    let any = values
        .iter()
        .any(|value| value_holds(&positive, *value, here));
    any != opposite.is_some()
}

fn in_salesforce(name: &str, condition: &Condition, person: &Person, here: &Here) -> bool {
    let values: Vec<Option<&Value>> = match name.split_once('.') {
        None => person
            .records
            .iter()
            .map(|record| record.fields.get(name))
            .collect(),
        Some(("Account", name)) => {
            let accounts = person
                .records
                .iter()
                .filter_map(|record| record.account.as_ref());
            accounts.map(|account| account.get(name)).collect()
        }
        Some((object, name)) => {
            let records = person
                .records
                .iter()
                .filter(|record| record.object == object);
            records.map(|record| record.fields.get(name)).collect()
        }
    };
    any_of(condition, &values, here)
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
    if let Some(name) = condition.field.strip_prefix("Salesforce.") {
        return in_salesforce(name, condition, person, here);
    }
    value_holds(condition, person.fields.get(&condition.field), here)
}

fn value_holds(condition: &Condition, value: Option<&Value>, here: &Here) -> bool {
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
        // In another org the field may be a number: that is none of the texts.
        (op, Some(Value::Float(held))) => condition
            .value
            .as_f64()
            .is_some_and(|wanted| number(op, *held, wanted)),
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
