//! Fits one value to one target: the JSON to send, what was cut, or why it cannot be sent.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};
use jiff::tz::TimeZone;
use leadferry_store::counted;

use super::numbers::Digits;
use super::picklists::{MOST_CHOSEN, Picklist, fold};
use super::problems::{Problem, date_fault, not_in_picklist, too_long, wrong_type};
use super::reading::Raw;
use super::whole::is_whole;
use super::{Cutting, MappingRow, Refusal, dates, texts};
use crate::targets::{TargetField, TargetType};

/// What values of a target have to be like.
#[derive(Debug)]
pub(super) enum Form {
    /// Text that may be shortened.
    Text,
    /// Text of one line that may be shortened.
    Line,
    Email,
    Picklist(Picklist),
    MultiPicklist(Picklist),
    Checkbox,
    /// Most digits before the point where that is known, digits after it, and how far from zero it may be.
    Number {
        whole: Option<usize>,
        scale: usize,
        most: Option<u32>,
    },
    Date,
    DateTime,
    Time,
    /// A record id.
    Reference,
    /// The id of one of these record types.
    RecordType(Vec<String>),
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
    /// What does not fit is left out; else the contact is blocked.
    pub(super) leaves_out: bool,
    /// Text that would mean something else if it were shortened.
    pub(super) whole: bool,
    /// Folded value of ours, and what it is replaced by.
    pub(super) replaced: Vec<(String, String)>,
}

/// A value as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Converted {
    pub(super) json: String,
    /// Length before and after, where something was cut.
    pub(super) cut: Option<(u32, u32)>,
    /// What else became of it on the way.
    pub(super) notes: Vec<Note>,
}

/// What became of a value on the way, beside being shortened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// The picklist does not offer it, and the org will take it all the same.
    NewValue(String),
    /// Its line breaks became commas.
    LineBreaks,
    /// A part of it is left out.
    LeftOut(Problem),
}

type Outcome = Result<Option<Converted>, Problem>;

impl Conversion {
    pub(super) fn new(row: &MappingRow, field: &TargetField) -> Self {
        Self {
            form: form(field),
            length: field.length.and_then(|length| usize::try_from(length).ok()),
            cutting: row.cutting,
            leaves_out: row.refusal == Refusal::LeaveOut,
            whole: is_whole(row, field),
            replaced: row
                .values
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
                Ok(self.as_it_is(raw)?.and_then(|value| sent(json(value))))
            }
            (_, Raw::Text(text)) => match texts::clean(text) {
                Some(text) => self.text(text, zone),
                None => Ok(None),
            },
            (Form::Checkbox, Raw::YesNo(yes)) => Ok(sent(yes.to_string())),
            (Form::Number { .. }, raw) => self.number(digits(&raw)?),
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
            Form::Text => self.shortened(self.replace(&text)),
            Form::Line => self.line(self.replace(&text)),
            Form::Email => self.email(self.replace(text.trim())),
            Form::Picklist(list) => self.chosen(list, self.replace(text.trim())),
            Form::MultiPicklist(list) => self.several(list, &text),
            Form::Checkbox => yes_or_no(&text).map(|yes| sent(yes.to_string())),
            Form::Number { .. } => {
                let digits = Digits::read(&text).ok_or_else(|| wrong_type("it isn't a number"))?;
                self.number(digits)
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
            Form::RecordType(known) => match leadferry_salesforce::Id::parse(text.trim()) {
                Ok(id) if known.iter().any(|one| is_same_id(one, id.as_str())) => {
                    Ok(sent(quote(id.as_str())))
                }
                _ => Err(Problem::new(
                    "record_type",
                    "it isn't the ID of a record type that you can use",
                    "correct the mapping, or ask an admin for the record type",
                )),
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

    /// Fits text to a field of one line: Salesforce would not keep the others apart.
    fn line(&self, text: &str) -> Outcome {
        let Some(line) = texts::one_line(text) else {
            return self.shortened(text);
        };
        let converted = self.shortened(&line)?;
        Ok(converted.map(|mut converted| {
            converted.notes.push(Note::LineBreaks);
            converted
        }))
    }

    fn shortened(&self, text: &str) -> Outcome {
        if self.whole {
            return self.whole(text);
        }
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

    /// Sends text as a whole or not at all.
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
            return Err(Problem::new(
                "invalid_email",
                "it isn't a valid email address",
                "correct it in the contact",
            ));
        }
        self.whole(text)
    }

    fn chosen(&self, list: &Picklist, text: &str) -> Outcome {
        if text.is_empty() {
            return Ok(None);
        }
        let Some(value) = list.resolve(text) else {
            return Err(Problem {
                token: Some(quote(list.as_sent_before(text))),
                ..not_in_picklist().of(text)
            });
        };
        let converted = self.whole(value)?;
        Ok(converted.map(|converted| Converted {
            notes: new_value(list, text).into_iter().collect(),
            ..converted
        }))
    }

    fn several(&self, list: &Picklist, text: &str) -> Outcome {
        let mut chosen: Vec<&str> = Vec::new();
        let mut before: Vec<&str> = Vec::new();
        let (mut refused, mut notes) = (Vec::new(), Vec::new());
        // The map may replace the whole text, or one part of it.
        for part in list.split(self.replace(text), |part| self.replace(part)) {
            let part = self.replace(part);
            if part.is_empty() {
                continue;
            }
            push_once(&mut before, list.as_sent_before(part));
            match list.resolve(part) {
                Some(value) => {
                    push_once(&mut chosen, value);
                    notes.extend(new_value(list, part));
                }
                None => refused.push(part),
            }
        }
        if chosen.len() > MOST_CHOSEN {
            return Err(Problem::new(
                "too_long",
                format!("it has more than {MOST_CHOSEN} values"),
                "choose fewer in the contact",
            ));
        }
        let refusal = |part: &str| Problem {
            token: Some(quote(&before.join(";"))),
            ..not_in_picklist().of(part)
        };
        if !refused.is_empty() && (chosen.is_empty() || !self.leaves_out) {
            return Err(refusal(&refused.join(", ")));
        }
        notes.extend(refused.into_iter().map(|part| Note::LeftOut(refusal(part))));
        let converted = self.whole(&chosen.join(";"))?;
        Ok(converted.map(|converted| Converted { notes, ..converted }))
    }

    fn number(&self, mut digits: Digits) -> Outcome {
        let Form::Number { whole, scale, most } = self.form else {
            return Err(wrong_type("the source doesn't fit the type of the field"));
        };
        let refusal = |what: String, digits: &Digits| Problem {
            token: Some(digits.to_string()),
            ..Problem::new(
                "number_too_large",
                what,
                "correct it in the contact, or map it to a larger field",
            )
        };
        if let Some(most) = whole
            && digits.whole_digits() > most
        {
            let what = format!(
                "it has more than {} before the decimal point",
                counted(most as u64, "digit", "digits")
            );
            return Err(refusal(what, &digits));
        }
        if let Some(most) = most
            && digits
                .to_string()
                .parse::<f64>()
                .is_ok_and(|number| number.abs() > f64::from(most))
        {
            return Err(refusal(
                format!("it isn't between -{most} and {most}"),
                &digits,
            ));
        }
        let had = digits.scale();
        if had <= scale {
            return Ok(sent(digits.to_string()));
        }
        if self.cutting == Cutting::Refuse {
            return Err(Problem::new(
                "too_long",
                format!(
                    "it has more than {} after the point",
                    counted(scale as u64, "digit", "digits")
                ),
                "correct it in the contact, or allow shortening in the mapping row",
            ));
        }
        digits.cut(scale);
        Ok(sent(digits.to_string()).map(|value| Converted {
            cut: Some((count(had), count(scale))),
            ..value
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
            most: None,
        },
        kind if kind.is_number() => Form::Number {
            whole: (field.precision > 0).then(|| size(field.precision.saturating_sub(field.scale))),
            scale: size(field.scale),
            most: farthest(field),
        },
        TargetType::Date => Form::Date,
        TargetType::DateTime => Form::DateTime,
        TargetType::Time => Form::Time,
        TargetType::Reference | TargetType::Id => Form::Reference,
        TargetType::Unknown | TargetType::Other(_) => Form::Any,
        TargetType::TextArea | TargetType::LongTextArea => Form::Text,
        _ => Form::Line,
    }
}

/// Returns how far from zero a place on earth can be; the describe names it, and its digits would let more through.
fn farthest(field: &TargetField) -> Option<u32> {
    let name = field.name.strip_suffix("__s").unwrap_or(&field.name);
    let is_part = !field.custom || field.name.ends_with("__s");
    match () {
        () if is_part && name.ends_with("Latitude") => Some(90),
        () if is_part && name.ends_with("Longitude") => Some(180),
        () => None,
    }
}

/// Record ids of 15 and 18 characters are the same where the first 15 are.
fn is_same_id(one: &str, other: &str) -> bool {
    matches!((one.get(..15), other.get(..15)), (Some(one), Some(other)) if one == other)
}

fn push_once<'a>(chosen: &mut Vec<&'a str>, value: &'a str) {
    if !chosen.contains(&value) {
        chosen.push(value);
    }
}

/// Notes a value that the picklist does not offer, and the org takes.
fn new_value(list: &Picklist, text: &str) -> Option<Note> {
    let is_new = !list.is_empty() && list.find(text).is_none();
    is_new.then(|| Note::NewValue(text.to_owned()))
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
    Some(Converted {
        json,
        cut: None,
        notes: Vec::new(),
    })
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
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    if text.bytes().any(is_escaped) {
        return serde_json::to_string(text).unwrap_or_default();
    }
    // Nearly every text.
    ["\"", text, "\""].concat()
}

fn count(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}
