//! Says a tree in words.

use std::fmt;

use serde_json::Value;

use super::{
    ActivityCondition, ActivityRule, CampaignRule, CampaignStanding, Comparison, ConsentStanding,
    LinkStanding, OpportunityRule, OpportunityState, Place, RuleTree, Sum, Through, Times,
};
use crate::{AskedField, AskedRecord, Condition, Date, Operator};

impl fmt::Display for RuleTree {
    /// Writes what holds, such as *city is “Rome” and (did “visit” or points in Fit are at least 10)*.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words(self, false, &|leaf| said(leaf).1))
    }
}

impl RuleTree {
    /// Returns the tree as a sentence, such as *Everyone whose city is “Rome”, but not anyone who is in Customers*.
    pub fn sentence(&self) -> String {
        let all = match self {
            Self::All { all } => all.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (none, with): (Vec<&RuleTree>, Vec<&RuleTree>) = all
            .iter()
            .partition(|part| matches!(part, Self::None { .. }));
        let several = all.len() > 1;
        let with: Vec<_> = with
            .into_iter()
            .map(|part| words(part, several, &clause))
            .collect();
        if with.iter().any(|part| part == "nobody") {
            return "Nobody".to_owned();
        }
        let with: Vec<_> = with
            .into_iter()
            .filter(|part| part != "everybody")
            .collect();
        let without = none.into_iter().flat_map(RuleTree::parts);
        let without: Vec<_> = without.map(|part| words(part, true, &clause)).collect();
        let mut sentence = "Everyone".to_owned();
        if !with.is_empty() {
            sentence.push_str(&format!(" {}", with.join(" and ")));
        }
        if !without.is_empty() {
            sentence.push_str(&format!(", but not anyone {}", without.join(" or ")));
        }
        sentence
    }
}

/// What a rule is about: something that a contact has, or the contact.
enum About {
    Whose,
    Who,
}

/// Returns a rule as a clause, such as *whose city is “Rome”*.
fn clause(leaf: &RuleTree) -> String {
    match said(leaf) {
        (About::Whose, words) => format!("whose {words}"),
        (About::Who, words) => format!("who {words}"),
    }
}

fn words(tree: &RuleTree, inside: bool, leaf: &dyn Fn(&RuleTree) -> String) -> String {
    match tree {
        RuleTree::All { all } => group(all, " and ", "everybody", inside, leaf),
        RuleTree::Any { any } => group(any, " or ", "nobody", inside, leaf),
        RuleTree::None { none } if none.is_empty() => "everybody".to_owned(),
        RuleTree::None { none } => format!("not ({})", group(none, " or ", "nobody", false, leaf)),
        rule => leaf(rule),
    }
}

/// Says a single rule.
fn said(rule: &RuleTree) -> (About, String) {
    let who = |words: String| (About::Who, words);
    match rule {
        RuleTree::Field(condition) => match opted_out(condition) {
            Some(words) => who(words),
            None => (About::Whose, field(condition)),
        },
        RuleTree::Points(rule) => {
            let how = comparison(rule.op);
            (
                About::Whose,
                format!(
                    "points in {} are {how} {}",
                    rule.points,
                    grouped(rule.value)
                ),
            )
        }
        RuleTree::Activity(rule) => who(activity(rule)),
        RuleTree::Segment(rule) => who(match rule.is {
            Place::In => format!("is in {}", rule.segment),
            Place::NotIn => format!("isn't in {}", rule.segment),
            Place::Exited => format!("has left {}", rule.segment),
        }),
        RuleTree::List(rule) if rule.holds => {
            (About::Whose, format!("email is on the list {}", rule.list))
        }
        RuleTree::List(rule) => (
            About::Whose,
            format!("email isn't on the list {}", rule.list),
        ),
        RuleTree::Link(rule) => {
            let record = match rule.link.as_str() {
                "Lead" => "lead",
                "Contact" => "contact",
                _ => "record",
            };
            who(match rule.is {
                LinkStanding::Linked => format!("has a {record} in Salesforce"),
                LinkStanding::NotLinked => format!("has no {record} in Salesforce"),
                LinkStanding::Deleted => format!("has a {record} that was deleted in Salesforce"),
                LinkStanding::Converted => {
                    format!("has a {record} that was converted in Salesforce")
                }
            })
        }
        RuleTree::Consent(rule) => who(match rule.is {
            ConsentStanding::Given => format!("has given consent to {}", rule.consent),
            ConsentStanding::Refused => format!("has refused consent to {}", rule.consent),
            ConsentStanding::NotAsked => format!("hasn't answered about {}", rule.consent),
        }),
        RuleTree::Opportunities(rule) => who(opportunities(rule)),
        RuleTree::Campaign(rule) => who(campaign(rule)),
        RuleTree::All { .. } | RuleTree::Any { .. } | RuleTree::None { .. } => {
            who(words(rule, false, &|leaf| said(leaf).1))
        }
    }
}

fn group(
    parts: &[RuleTree],
    by: &str,
    none: &str,
    inside: bool,
    leaf: &dyn Fn(&RuleTree) -> String,
) -> String {
    let words: Vec<_> = parts
        .iter()
        .map(|part| words(part, parts.len() > 1, leaf))
        .collect();
    match words.as_slice() {
        [] => none.to_owned(),
        [only] => only.clone(),
        several if inside => format!("({})", several.join(by)),
        several => several.join(by),
    }
}

fn opportunities(rule: &OpportunityRule) -> String {
    let (article, state) = match rule.opportunities {
        OpportunityState::Any => ("an", ""),
        OpportunityState::Open => ("an", "open "),
        OpportunityState::Closed => ("a", "closed "),
        OpportunityState::Won => ("a", "won "),
        OpportunityState::Lost => ("a", "lost "),
    };
    let (one, many) = (
        format!("{state}opportunity"),
        format!("{state}opportunities"),
    );
    let mut words = match rule.times {
        Some(Times {
            op: Comparison::Equals | Comparison::AtMost,
            value: 0,
        }) => format!("has no {one}"),
        Some(Times { op, value }) if (op, value) != (Comparison::AtLeast, 1) => {
            let noun = if value == 1 { &one } else { &many };
            format!(
                "has {} {} {noun}",
                comparison(op),
                crate::grouped(u64::from(value))
            )
        }
        None if rule.sum.is_some() => format!("has {many}"),
        _ => format!("has {article} {one}"),
    };
    if let Some(Sum { op, value }) = rule.sum {
        let value =
            serde_json::Number::from_f64(value).map_or_else(String::new, |n| whole(&written(&n)));
        words.push_str(&format!(" worth {} {value} in total", comparison(op)));
    }
    let with = rule.with.iter().map(|condition| {
        let words = compared(&label_of(&condition.field), condition.op, &condition.value);
        words.replacen(" is ", " ", 1)
    });
    let with: Vec<_> = with.collect();
    if !with.is_empty() {
        words.push_str(&format!(" with {}", with.join(" and ")));
    }
    match rule.through {
        Through::Any => {}
        Through::Account => words.push_str(" through the account"),
        Through::Role => words.push_str(" through a contact role"),
    }
    words
}

/// Writes 5,000 where a number without a fraction would be written 5,000.0.
fn whole(number: &str) -> String {
    number.strip_suffix(".0").unwrap_or(number).to_owned()
}

fn campaign(rule: &CampaignRule) -> String {
    let is_any = rule.campaign.trim().eq_ignore_ascii_case("any");
    let named = format!("the campaign {}", rule.campaign.trim());
    let one = if is_any { "a campaign" } else { &named };
    let mut words = match rule.is {
        CampaignStanding::Member => format!("is a member of {one}"),
        CampaignStanding::NotMember if is_any => "isn't a member of any campaign".to_owned(),
        CampaignStanding::NotMember => format!("isn't a member of {one}"),
        CampaignStanding::Responded => format!("responded to {one}"),
        CampaignStanding::NotResponded => format!("is a member of {one} and hasn't responded"),
    };
    if let Some(status) = &rule.status {
        words.push_str(&format!(", with the status “{}”", status.trim()));
    }
    words
}

/// Returns an API name as people read it: `AnnualRevenue` is *Annual Revenue*, `Lead_Score__c` is *Lead Score*.
pub(crate) fn label_of(api_name: &str) -> String {
    let bare = api_name.trim();
    let bare = bare.strip_suffix("__c").unwrap_or(bare);
    let mut label = String::new();
    let mut before = ' ';
    for letter in bare.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            label.push(' ');
        }
        label.push(if letter == '_' { ' ' } else { letter });
        before = letter;
    }
    label
}

fn of_salesforce(asked: &AskedField) -> String {
    let label = label_of(&asked.field);
    match asked.record {
        AskedRecord::Linked => format!("{label} in Salesforce"),
        AskedRecord::Lead => format!("{label} of the lead in Salesforce"),
        AskedRecord::Contact => format!("{label} of the contact in Salesforce"),
        AskedRecord::Account => format!("{label} of the account in Salesforce"),
        AskedRecord::Owner => format!("{label} of the owner in Salesforce"),
    }
}

/// Says that somebody opted out, or hasn't: *email opt-out is yes* is nothing that people say.
fn opted_out(condition: &Condition) -> Option<String> {
    let channel = match condition.field.trim() {
        "email_opt_out" => "email",
        "phone_opt_out" => "phone calls",
        "fax_opt_out" => "fax",
        _ => return None,
    };
    match condition.op {
        Operator::IsTrue => Some(format!("opted out of {channel}")),
        Operator::IsFalse => Some(format!("hasn't opted out of {channel}")),
        _ => None,
    }
}

fn field(condition: &Condition) -> String {
    if let Some(asked) = AskedField::parse(&condition.field) {
        return compared(&of_salesforce(&asked), condition.op, &condition.value);
    }
    let name = match condition.field.split_once(':') {
        Some(("account", name)) => format!("{} of the account", spoken(name)),
        Some((_, name)) => name.trim().to_owned(),
        None => spoken(&condition.field),
    };
    compared(&name, condition.op, &condition.value)
}

fn spoken(name: &str) -> String {
    match name.trim() {
        "email_2" => "second email".to_owned(),
        "email_opt_out" => "email opt-out".to_owned(),
        "phone_opt_out" => "phone opt-out".to_owned(),
        "fax_opt_out" => "fax opt-out".to_owned(),
        "address_line1" => "address line 1".to_owned(),
        "address_line2" => "address line 2".to_owned(),
        "created_at" => "creation date".to_owned(),
        "changed_at" => "last change".to_owned(),
        name => name.replace('_', " "),
    }
}

/// Says what holds of a thing with a name.
fn compared(name: &str, op: Operator, value: &Value) -> String {
    let value = quoted(value);
    match op {
        Operator::Equals => format!("{name} is {value}"),
        Operator::NotEquals => format!("{name} isn't {value}"),
        Operator::Contains => format!("{name} contains {value}"),
        Operator::NotContains => format!("{name} doesn't contain {value}"),
        Operator::StartsWith => format!("{name} begins with {value}"),
        Operator::EndsWith => format!("{name} ends with {value}"),
        Operator::OneOf => format!("{name} is one of {value}"),
        Operator::NoneOf => format!("{name} isn't one of {value}"),
        Operator::IsSet => format!("{name} has a value"),
        Operator::IsNotSet => format!("{name} has no value"),
        Operator::Greater => format!("{name} is more than {value}"),
        Operator::AtLeast => format!("{name} is at least {value}"),
        Operator::Less => format!("{name} is less than {value}"),
        Operator::AtMost => format!("{name} is at most {value}"),
        Operator::Before => format!("{name} is before {value}"),
        Operator::After => format!("{name} is after {value}"),
        Operator::IsTrue => format!("{name} is yes"),
        Operator::IsFalse => format!("{name} is no"),
        Operator::WithinLast => format!("{name} is within the last {value}"),
        Operator::LongerAgo => format!("{name} is more than {value} ago"),
        Operator::WithinNext => format!("{name} is within the next {value}"),
        Operator::AnniversaryWithin => format!("{name} has an anniversary within {value}"),
    }
}

fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) if text.parse::<super::Span>().is_ok() => text.clone(),
        Value::String(text) => date(text).map_or_else(|| format!("“{text}”"), day),
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
        Value::Number(number) => written(number),
        other => other.to_string(),
    }
}

/// Reads a date as rules write it.
fn date(text: &str) -> Option<Date> {
    (text.len() == "2026-01-31".len() && text.contains('-'))
        .then(|| text.parse().ok())
        .flatten()
}

/// Writes a date as people do, such as *Jan 31, 2026*.
pub(super) fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}

/// Writes a number with its thousands apart, such as *1,234.56*.
fn written(number: &serde_json::Number) -> String {
    let digits = number.to_string();
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |rest| ("-", rest));
    match whole.parse() {
        Ok(whole) => format!("{sign}{}{fraction}", crate::grouped(whole)),
        // Far from 1 it has an exponent.
        Err(_) => digits,
    }
}

/// Writes a whole number with its thousands apart, such as *12,500*.
fn grouped(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", crate::grouped(number.unsigned_abs()))
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
        } => format!("didn't do “{}”", rule.activity),
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
        words.push_str(&format!(" since {}", day(date)));
    }
    if let Some(date) = rule.until {
        words.push_str(&format!(" until {}", day(date)));
    }
    if let Some(span) = rule.not_within {
        words.push_str(&format!(", last more than {span} ago"));
    }
    words
}

fn what(condition: &ActivityCondition) -> String {
    let words = compared(condition.field.name(), condition.op, &condition.value);
    words.replacen(" is ", " ", 1)
}
