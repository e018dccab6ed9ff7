//! What one contact would send for one row, with what is cut apart from what is kept.

use leadferry_store::{AccountRole, ContactField};
use serde::Serialize;

use super::{GridFacts, Sample};
use crate::Settings;
use crate::mapping::checking::CheckedRow;
use crate::mapping::compiling::{CompiledRow, compile_row};
use crate::mapping::converting::{Conversion, Form as TargetForm};
use crate::mapping::reading::{Facts, Raw};
use crate::mapping::{Cutting, Source};

/// What one contact would send for one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sends {
    /// Cannot be told: no contact, no source, or a row with a fault.
    Unknown,
    /// A value.
    Value {
        /// What is sent.
        kept: String,
        /// What is cut off its end.
        cut: Option<String>,
        /// How it is written down.
        form: Form,
    },
    /// The contact has no value.
    Nothing {
        /// It needs one.
        blocks: bool,
    },
    /// The contact has a value that cannot be sent.
    Refused {
        /// What kind of fault it is, such as `not_in_picklist`.
        code: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        why: String,
        /// What to do.
        cure: String,
        /// The contact is blocked; else the rest goes without this value.
        blocks: bool,
    },
}

/// How a value is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SentForm")]
pub enum Form {
    /// Text, dates included.
    Text,
    /// Digits with a point.
    Number,
    /// `true` or `false`.
    YesNo,
}

/// Returns text as it is sent.
pub(super) fn plain(text: &str) -> Sends {
    Sends::Value {
        kept: text.to_owned(),
        cut: None,
        form: Form::Text,
    }
}

/// Returns what a sound row sends for the sample.
pub(in crate::mapping) fn sends(
    checked: CheckedRow,
    must_have: bool,
    sample: Sample<'_>,
    grid: GridFacts<'_>,
) -> Sends {
    let row = compile_row(checked, grid.object, grid.settings);
    let facts = facts_of(sample, grid);
    let raw = match row.reading.read(facts) {
        Ok(raw) => raw,
        Err(words) => {
            return Sends::Refused {
                code: "template".to_owned(),
                value: String::new(),
                why: format!("the template can't be filled in with this contact's values: {words}"),
                cure: "correct the template".to_owned(),
                blocks: blocks(&row, must_have),
            };
        }
    };
    match raw {
        Some(raw) => converted(&row, raw, must_have, facts),
        None => Sends::Nothing { blocks: must_have },
    }
}

/// Returns what values of the sample are read from.
pub(in crate::mapping) fn sample_facts<'a>(grid: GridFacts<'a>) -> Option<Facts<'a>> {
    grid.sample.map(|sample| facts_of(sample, grid))
}

fn facts_of<'a>(sample: Sample<'a>, grid: GridFacts<'a>) -> Facts<'a> {
    Facts {
        candidate: sample.candidate,
        default_company: grid.settings.default_company.as_deref(),
        zone: grid.zone,
    }
}

fn blocks(row: &CompiledRow, must_have: bool) -> bool {
    must_have || !row.leaves_out
}

fn converted(row: &CompiledRow, raw: Raw<'_>, must_have: bool, facts: Facts<'_>) -> Sends {
    let value = match row.conversion.convert(raw.clone(), facts.zone) {
        Ok(Some(value)) => value,
        Ok(None) => return Sends::Nothing { blocks: must_have },
        Err(problem) => {
            return Sends::Refused {
                code: problem.code.to_owned(),
                value: raw.into_text(facts.zone),
                why: problem.what,
                cure: problem.cure.to_owned(),
                blocks: blocks(row, must_have),
            };
        }
    };
    let (kept, form) = readable(&value.json);
    let cut = value.cut.and_then(|_| {
        let whole = uncut(&row.conversion).convert(raw, facts.zone).ok()??;
        let (whole, _) = readable(&whole.json);
        // A number that becomes zero is no beginning of what it was.
        let rest = whole.strip_prefix(&kept).map(str::to_owned);
        Some(rest.unwrap_or(whole))
    });
    Sends::Value { kept, cut, form }
}

/// Returns the same conversion with room for everything.
fn uncut(conversion: &Conversion) -> Conversion {
    let form = match conversion.form {
        TargetForm::Number { .. } => TargetForm::Number {
            whole: None,
            scale: usize::MAX,
            most: None,
        },
        TargetForm::Line => TargetForm::Line,
        _ => TargetForm::Text,
    };
    Conversion {
        form,
        length: None,
        cutting: Cutting::Shorten,
        leaves_out: conversion.leaves_out,
        whole: false,
        replaced: conversion.replaced.clone(),
    }
}

/// Returns what people read of a JSON token; of a parent the value that it is found by.
fn readable(json: &str) -> (String, Form) {
    match serde_json::from_str(json) {
        Ok(serde_json::Value::String(text)) => (text, Form::Text),
        Ok(serde_json::Value::Bool(yes)) => (yes.to_string(), Form::YesNo),
        Ok(serde_json::Value::Object(parent)) => {
            let value = parent.into_iter().next().map(|(_, value)| value);
            let text = value.map(|value| match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            });
            (text.unwrap_or_default(), Form::Text)
        }
        // Never through binary floating point: the token is the digits.
        _ => (json.to_owned(), Form::Number),
    }
}

/// Returns which step of the company lookup gave the name.
pub(super) fn company_step(
    source: &Source,
    sample: Sample<'_>,
    settings: &Settings,
) -> Option<&'static str> {
    if *source != Source::CompanyName {
        return None;
    }
    let is_set = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
    let candidate = sample.candidate;
    if is_set(candidate.contact.values.text(ContactField::CompanyName)) {
        return Some("the contact’s own company name");
    }
    if is_set(
        candidate
            .account
            .as_ref()
            .map(leadferry_store::Account::name),
    ) {
        return Some(match sample.role {
            Some(AccountRole::Primary) => "the account where the contact is primary",
            Some(AccountRole::Secondary) => "the account where the contact is secondary",
            _ => "the first account that holds the contact",
        });
    }
    is_set(settings.default_company.as_deref()).then_some("the default company name")
}
