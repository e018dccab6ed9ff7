//! Says a tree as one readable sentence.

use std::fmt;

use serde_json::Value;

use super::{
    ActivityCondition, ActivityRule, Comparison, ConsentStanding, LinkStanding, Place, RuleTree,
    Times,
};
use crate::{Condition, Operator};

impl fmt::Display for RuleTree {
    /// Writes the sentence, such as *city is “Rome” and (opened mail or points in Fit at least 10)*.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sentence(self, false))
    }
}

fn sentence(tree: &RuleTree, inside: bool) -> String {
    match tree {
        RuleTree::All { all } => group(all, " and ", "everybody", inside),
        RuleTree::Any { any } => group(any, " or ", "nobody", inside),
        RuleTree::None { none } if none.is_empty() => "everybody".to_owned(),
        RuleTree::None { none } => format!("not ({})", group(none, " or ", "nobody", false)),
        RuleTree::Field(condition) => field(condition),
        RuleTree::Points(rule) => {
            format!(
                "points in {} {} {}",
                rule.points,
                comparison(rule.op),
                rule.value
            )
        }
        RuleTree::Activity(rule) => activity(rule),
        RuleTree::Segment(rule) => match rule.is {
            Place::In => format!("is in {}", rule.segment),
            Place::NotIn => format!("is not in {}", rule.segment),
            Place::Exited => format!("has left {}", rule.segment),
        },
        RuleTree::List(rule) if rule.holds => format!("e-mail is on the list {}", rule.list),
        RuleTree::List(rule) => format!("e-mail is not on the list {}", rule.list),
        RuleTree::Link(rule) => {
            let record = match rule.link.as_str() {
                "Lead" => "lead",
                "Contact" => "contact",
                _ => "record",
            };
            match rule.is {
                LinkStanding::Linked => format!("has a {record} in Salesforce"),
                LinkStanding::NotLinked => format!("has no {record} in Salesforce"),
                LinkStanding::Deleted => format!("her {record} was deleted in Salesforce"),
                LinkStanding::Converted => format!("her {record} was converted in Salesforce"),
            }
        }
        RuleTree::Consent(rule) => match rule.is {
            ConsentStanding::Given => format!("has given consent to {}", rule.consent),
            ConsentStanding::Refused => format!("has refused consent to {}", rule.consent),
            ConsentStanding::NotAsked => format!("has not answered about {}", rule.consent),
        },
    }
}

fn group(parts: &[RuleTree], by: &str, none: &str, inside: bool) -> String {
    let words: Vec<_> = parts
        .iter()
        .map(|part| sentence(part, parts.len() > 1))
        .collect();
    match words.as_slice() {
        [] => none.to_owned(),
        [only] => only.clone(),
        several if inside => format!("({})", several.join(by)),
        several => several.join(by),
    }
}

fn field(condition: &Condition) -> String {
    let name = match condition.field.split_once(':') {
        Some(("account", name)) => format!("{} of the account", spoken(name)),
        Some((_, name)) => name.trim().to_owned(),
        None => spoken(&condition.field),
    };
    compared(&name, condition.op, &condition.value)
}

fn spoken(name: &str) -> String {
    match name.trim() {
        "email" => "e-mail".to_owned(),
        "email_2" => "second e-mail".to_owned(),
        name => name.replace('_', " "),
    }
}

/// Says what holds of a thing with a name.
fn compared(name: &str, op: Operator, value: &Value) -> String {
    let value = quoted(value);
    match op {
        Operator::Equals => format!("{name} is {value}"),
        Operator::NotEquals => format!("{name} is not {value}"),
        Operator::Contains => format!("{name} contains {value}"),
        Operator::NotContains => format!("{name} does not contain {value}"),
        Operator::StartsWith => format!("{name} starts with {value}"),
        Operator::EndsWith => format!("{name} ends with {value}"),
        Operator::OneOf => format!("{name} is one of {value}"),
        Operator::NoneOf => format!("{name} is none of {value}"),
        Operator::IsSet => format!("{name} is known"),
        Operator::IsNotSet => format!("{name} is not known"),
        Operator::Greater => format!("{name} is greater than {value}"),
        Operator::AtLeast => format!("{name} is at least {value}"),
        Operator::Less => format!("{name} is less than {value}"),
        Operator::AtMost => format!("{name} is at most {value}"),
        Operator::Before => format!("{name} is before {value}"),
        Operator::After => format!("{name} is after {value}"),
        Operator::IsTrue => format!("{name} is yes"),
        Operator::IsFalse => format!("{name} is no"),
        Operator::WithinLast => format!("{name} is within the last {value}"),
        Operator::LongerAgo => format!("{name} is longer ago than {value}"),
        Operator::WithinNext => format!("{name} is within the next {value}"),
        Operator::AnniversaryWithin => format!("{name} comes round within {value}"),
    }
}

fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) if text.parse::<super::Span>().is_ok() => text.clone(),
        Value::String(text) => format!("“{text}”"),
        Value::Array(texts) => {
            let few: Vec<_> = texts.iter().take(5).map(quoted).collect();
            let more = texts.len().saturating_sub(few.len());
            let rest = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!("{}{rest}", few.join(", "))
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
        Comparison::Equals => "exactly",
    }
}

fn activity(rule: &ActivityRule) -> String {
    let mut words = match rule.times {
        Times {
            op: Comparison::Equals | Comparison::AtMost,
            value: 0,
        } => format!("did not do “{}”", rule.activity),
        Times::ONCE => format!("did “{}”", rule.activity),
        Times { op, value } => {
            let times = if value == 1 { "time" } else { "times" };
            format!("did “{}” {} {value} {times}", rule.activity, comparison(op))
        }
    };
    let with: Vec<_> = rule.with.iter().map(what).collect();
    if !with.is_empty() {
        words.push_str(&format!(" with {}", with.join(" and ")));
    }
    if let Some(span) = rule.within {
        words.push_str(&format!(" in the last {span}"));
    }
    if let Some(date) = rule.since {
        words.push_str(&format!(" since {date}"));
    }
    if let Some(date) = rule.until {
        words.push_str(&format!(" until {date}"));
    }
    if let Some(span) = rule.not_within {
        words.push_str(&format!(", last longer ago than {span}"));
    }
    words
}

fn what(condition: &ActivityCondition) -> String {
    let words = compared(condition.field.name(), condition.op, &condition.value);
    words.replacen(" is ", " ", 1)
}
