//! Fits one value to one target: the JSON to send, what was cut, or why it cannot be sent.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};
use jiff::tz::TimeZone;
use leadferry_store::counted;

use super::numbers::Digits;
use super::picklists::{MOST_CHOSEN, Picklist, fold, parts};
use super::reading::Raw;
use super::{Cutting, dates, texts};
use crate::targets::{TargetField, TargetType};

/// What values of a target have to be like.
#[derive(Debug)]
pub(super) enum Form {
    /// Text that may be shortened.
    Text,
    Email,
    Picklist(Picklist),
    MultiPicklist(Picklist),
    Checkbox,
    /// Most digits before the point where that is known, and digits after it.
    Number {
        whole: Option<usize>,
        scale: usize,
    },
    Date,
    DateTime,
    Time,
    /// A record id.
    Reference,
    /// Whatever the source gives.
    Any,
    /// The parent's External ID field.
    Parent {
        field: String,
    },
}

/// How values are fitted to one target.
#[derive(Debug)]
pub(super) struct Conversion {
    pub(super) form: Form,
    pub(super) length: Option<usize>,
    pub(super) cutting: Cutting,
    /// Folded value of ours, and what it is replaced by.
    pub(super) replaced: Vec<(String, String)>,
}

/// A value as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Converted {
    pub(super) json: String,
    /// Length before and after, where something was cut.
    pub(super) cut: Option<(u32, u32)>,
}

/// Why a value cannot be sent; says nothing of the value itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: &'static str,
    pub(super) what: String,
    pub(super) cure: &'static str,
}

type Outcome = Result<Option<Converted>, Problem>;

impl Conversion {
    pub(super) fn new(field: &TargetField, cutting: Cutting, values: &[(String, String)]) -> Self {
        Self {
            form: form(field),
            length: field.length.and_then(|length| usize::try_from(length).ok()),
            cutting,
            replaced: values
                .iter()
                .map(|(from, to)| (fold(from), to.clone()))
                .collect(),
        }
    }

    /// Fits a value; `None` is unset.
    pub(super) fn convert(&self, raw: Raw<'_>, zone: &TimeZone) -> Outcome {
        match (&self.form, raw) {
            (Form::Any, raw) => self.as_it_is(raw),
            (Form::Parent { field }, raw) => {
                let json = |value: Converted| format!("{{{}:{}}}", quote(field), value.json);
                Ok(self.as_it_is(raw)?.map(|value| Converted {
                    json: json(value),
                    cut: None,
                }))
            }
            (_, Raw::Text(text)) => match texts::clean(text) {
                Some(text) => self.text(text, zone),
                None => Ok(None),
            },
            (Form::Checkbox, Raw::YesNo(yes)) => Ok(sent(yes.to_string())),
            (Form::Number { whole, scale }, raw) => self.number(digits(&raw)?, *whole, *scale),
            (Form::Date, Raw::Date(date)) => dates::date_text(date)
                .map(|text| sent(quote(&text)))
                .map_err(date_fault),
            (Form::Date, Raw::Moment(moment)) => dates::date_of(moment, zone)
                .and_then(dates::date_text)
                .map(|text| sent(quote(&text)))
                .map_err(date_fault),
            (Form::DateTime, Raw::Moment(moment)) => moment_json(moment),
            (Form::DateTime, Raw::Date(date)) => dates::start_of(date, zone)
                .map_err(date_fault)
                .and_then(moment_json),
            _ => Err(wrong_type("the source doesn't fit the type of the field")),
        }
    }

    /// Fits text, which is never blank, to the type of the target.
    fn text(&self, text: Cow<'_, str>, zone: &TimeZone) -> Outcome {
        match &self.form {
            Form::Text => self.line(self.replace(&text)),
            Form::Email => self.email(self.replace(text.trim())),
            Form::Picklist(list) => self.chosen(list, self.replace(text.trim())),
            Form::MultiPicklist(list) => self.several(list, &text),
            Form::Checkbox => yes_or_no(&text).map(|yes| sent(yes.to_string())),
            Form::Number { whole, scale } => {
                let digits = Digits::read(&text).ok_or_else(|| wrong_type("it isn't a number"))?;
                self.number(digits, *whole, *scale)
            }
            Form::Date => match dates::read(&text, zone).map_err(date_fault)? {
                dates::Read::Date(date) => self.convert(Raw::Date(date), zone),
                dates::Read::Moment(moment) => self.convert(Raw::Moment(moment), zone),
            },
            Form::DateTime => match dates::read(&text, zone).map_err(date_fault)? {
                dates::Read::Date(date) => self.convert(Raw::Date(date), zone),
                dates::Read::Moment(moment) => moment_json(moment),
            },
            Form::Time => dates::time_text(&text)
                .map(|text| sent(quote(&text)))
                .map_err(|_| wrong_type("it isn't a time such as 18:30")),
            Form::Reference => match leadferry_salesforce::Id::parse(text.trim()) {
                Ok(id) => Ok(sent(quote(id.as_str()))),
                Err(_) => Err(wrong_type("it isn't a record ID of 15 or 18 characters")),
            },
            Form::Any | Form::Parent { .. } => self.as_it_is(Raw::Text(text)),
        }
    }

    /// Returns text as it would be sent were there no limit to its length.
    pub(super) fn uncut(&self, text: Cow<'_, str>) -> Option<String> {
        texts::clean(text).map(|text| self.replace(&text).to_owned())
    }

    fn replace<'a>(&'a self, text: &'a str) -> &'a str {
        if self.replaced.is_empty() {
            return text;
        }
        let folded = fold(text);
        self.replaced
            .iter()
            .find(|(from, _)| *from == folded)
            .map_or(text, |(_, to)| to)
    }

    fn line(&self, text: &str) -> Outcome {
        let Some(limit) = self.length.filter(|limit| !texts::fits(text, *limit)) else {
            return Ok(unless_blank(text));
        };
        if self.cutting == Cutting::Refuse {
            return Err(too_long(
                limit,
                "shorten it in the contact, or allow shortening in the mapping row",
            ));
        }
        let short = texts::shorten(text, limit);
        let cut = Some((count(texts::length(text)), count(texts::length(short))));
        Ok(unless_blank(short).map(|value| Converted { cut, ..value }))
    }

    /// Text that would mean something else if it were shortened.
    fn whole(&self, text: &str) -> Outcome {
        match self.length {
            Some(limit) if !texts::fits(text, limit) => {
                Err(too_long(limit, "correct it in the contact"))
            }
            _ => Ok(unless_blank(text)),
        }
    }

    fn email(&self, text: &str) -> Outcome {
        let options = Options::default()
            .without_display_text()
            .without_domain_literal()
            .with_required_tld();
        if !text.is_empty() && EmailAddress::parse_with_options(text, options).is_err() {
            return Err(Problem {
                code: "invalid_email",
                what: "it isn't a valid email address".into(),
                cure: "correct it in the contact",
            });
        }
        self.whole(text)
    }

    fn chosen(&self, list: &Picklist, text: &str) -> Outcome {
        if text.is_empty() {
            return Ok(None);
        }
        self.whole(list.resolve(text).ok_or_else(not_in_picklist)?)
    }

    fn several(&self, list: &Picklist, text: &str) -> Outcome {
        let mut chosen: Vec<&str> = Vec::new();
        // The map may replace the whole text, or one part of it.
        for part in parts(self.replace(text)) {
            let part = self.replace(part);
            if part.is_empty() {
                continue;
            }
            let value = list.resolve(part).ok_or_else(not_in_picklist)?;
            if !chosen.contains(&value) {
                chosen.push(value);
            }
        }
        if chosen.len() > MOST_CHOSEN {
            return Err(Problem {
                code: "too_long",
                what: format!("it has more than {MOST_CHOSEN} values"),
                cure: "choose fewer in the contact",
            });
        }
        self.whole(&chosen.join(";"))
    }

    fn number(&self, mut digits: Digits, whole: Option<usize>, scale: usize) -> Outcome {
        if let Some(most) = whole
            && digits.whole_digits() > most
        {
            return Err(Problem {
                code: "number_too_large",
                what: format!(
                    "it has more than {} before the decimal point",
                    counted(most as u64, "digit", "digits")
                ),
                cure: "correct it in the contact, or map it to a larger field",
            });
        }
        let had = digits.scale();
        if had <= scale {
            return Ok(sent(digits.to_string()));
        }
        if self.cutting == Cutting::Refuse {
            return Err(Problem {
                code: "too_long",
                what: format!(
                    "it has more than {} after the point",
                    counted(scale as u64, "digit", "digits")
                ),
                cure: "correct it in the contact, or allow shortening in the mapping row",
            });
        }
        digits.cut(scale);
        Ok(Some(Converted {
            json: digits.to_string(),
            cut: Some((count(had), count(scale))),
        }))
    }

    /// Sends a value as what it is: nothing is known of the target.
    fn as_it_is(&self, raw: Raw<'_>) -> Outcome {
        Ok(match raw {
            Raw::Text(text) => {
                texts::clean(text).and_then(|text| unless_blank(self.replace(&text)))
            }
            Raw::YesNo(yes) => sent(yes.to_string()),
            Raw::Date(date) => sent(quote(&dates::date_text(date).map_err(date_fault)?)),
            Raw::Moment(moment) => moment_json(moment)?,
            number => sent(digits(&number)?.to_string()),
        })
    }
}

fn form(field: &TargetField) -> Form {
    let list = || Picklist::new(&field.picklist, field.restricted);
    let size = |digits: u32| usize::try_from(digits).unwrap_or(usize::MAX);
    match &field.kind {
        TargetType::Email => Form::Email,
        TargetType::Picklist => Form::Picklist(list()),
        TargetType::MultiPicklist => Form::MultiPicklist(list()),
        TargetType::Checkbox => Form::Checkbox,
        TargetType::Integer => Form::Number {
            whole: (field.digits > 0).then(|| size(field.digits)),
            scale: 0,
        },
        kind if kind.is_number() => Form::Number {
            whole: (field.precision > 0).then(|| size(field.precision.saturating_sub(field.scale))),
            scale: size(field.scale),
        },
        TargetType::Date => Form::Date,
        TargetType::DateTime => Form::DateTime,
        TargetType::Time => Form::Time,
        TargetType::Reference | TargetType::Id => Form::Reference,
        TargetType::Unknown | TargetType::Other(_) => Form::Any,
        _ => Form::Text,
    }
}

fn digits(raw: &Raw<'_>) -> Result<Digits, Problem> {
    let text = match raw {
        Raw::Integer(number) => number.to_string(),
        Raw::Decimal(decimal) => decimal.to_string(),
        // The shortest digits that read back as the same number, never with an exponent.
        Raw::Float(number) => number.to_string(),
        _ => return Err(wrong_type("the source doesn't fit the type of the field")),
    };
    Digits::read(&text).ok_or_else(|| wrong_type("it isn't a number"))
}

fn yes_or_no(text: &str) -> Result<bool, Problem> {
    match fold(text).as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(wrong_type("it is neither yes nor no")),
    }
}

fn moment_json(moment: i64) -> Outcome {
    dates::moment_text(moment)
        .map(|text| sent(quote(&text)))
        .map_err(date_fault)
}

fn sent(json: String) -> Option<Converted> {
    Some(Converted { json, cut: None })
}

fn unless_blank(text: &str) -> Option<Converted> {
    if text.trim().is_empty() {
        None
    } else {
        sent(quote(text))
    }
}

/// Writes a JSON string.
pub(super) fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn count(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

fn too_long(limit: usize, cure: &'static str) -> Problem {
    Problem {
        code: "too_long",
        what: format!(
            "it is longer than {}",
            counted(limit as u64, "character", "characters")
        ),
        cure,
    }
}

fn not_in_picklist() -> Problem {
    Problem {
        code: "not_in_picklist",
        what: "it isn't in the picklist".into(),
        cure: "correct it in the contact, or add it to the value map",
    }
}

fn wrong_type(what: &str) -> Problem {
    Problem {
        code: "wrong_type",
        what: what.to_owned(),
        cure: "correct the constant, the template or the mapping",
    }
}

fn date_fault(fault: dates::Fault) -> Problem {
    match fault {
        dates::Fault::Unreadable => wrong_type("it isn't a date such as 2026-01-31"),
        dates::Fault::OutOfRange => Problem {
            code: "date_out_of_range",
            what: "Salesforce only takes dates from 1700 to 4000".into(),
            cure: "correct it in the contact",
        },
    }
}
