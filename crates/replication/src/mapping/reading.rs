//! Reads the value of a source from a contact.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use leadferry_store::{
    Account, AccountField, Candidate, ContactField, Date, Decimal, FieldKind, MirrorKind,
    PurposeId, ScoreId, SegmentId, SegmentStatus, Value,
};

use super::preferences::Preference;
use super::templates::Template;
use super::{Finding, Names, Source, dates, places};
use crate::Settings;

/// A value before it is fitted to its target; never unset, but text may still be blank.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw<'a> {
    Text(Cow<'a, str>),
    Integer(i64),
    Decimal(Decimal),
    Float(f64),
    YesNo(bool),
    Date(Date),
    /// UTC milliseconds.
    Moment(i64),
}

impl Raw<'_> {
    /// Returns the value as people write it; moments in the time zone.
    pub(super) fn into_text(self, zone: &TimeZone) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Decimal(decimal) => decimal.to_string(),
            Self::Float(number) => number.to_string(),
            Self::YesNo(yes) => yes.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Moment(moment) => dates::moment_for_people(moment, zone).unwrap_or_default(),
        }
    }
}

/// What kind of value a source gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    YesNo,
    /// A date, or a date and time.
    Date,
    /// Where somebody stands in a segment.
    Status,
    /// A constant or a template: text that is read as whatever the target is.
    Free,
}

impl From<MirrorKind> for Kind {
    fn from(kind: MirrorKind) -> Self {
        match kind {
            MirrorKind::Text => Self::Text,
            MirrorKind::Number | MirrorKind::Whole => Self::Number,
            MirrorKind::YesNo => Self::YesNo,
            MirrorKind::Date | MirrorKind::DateTime => Self::Date,
        }
    }
}

impl From<FieldKind> for Kind {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text | FieldKind::LongText => Self::Text,
            FieldKind::Integer
            | FieldKind::LongInteger
            | FieldKind::Decimal { .. }
            | FieldKind::Float => Self::Number,
            FieldKind::YesNo => Self::YesNo,
            FieldKind::Date | FieldKind::DateTime => Self::Date,
        }
    }
}

/// Everything that values are read from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) candidate: &'a Candidate,
    pub(super) default_company: Option<&'a str>,
    pub(super) zone: &'a TimeZone,
}

/// One thing that is known of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Local {
    Field(ContactField),
    Guid,
    Account(AccountField),
    CompanyName,
    CountryName,
    CountryCode,
    StateName,
    StateCode,
    Street,
    Points(ScoreId),
    Segment(SegmentId),
    /// The purpose, and whether *yes* stands for a refusal.
    Consent(PurposeId, bool),
    /// A field of Salesforce's data, by its number among the names.
    Record(usize),
}

impl Local {
    /// Reads the value; `None` is unset.
    pub(super) fn read(self, facts: Facts<'_>) -> Option<Raw<'_>> {
        let contact = &facts.candidate.contact;
        let text = |field| contact.values.text(field);
        let borrowed = |text| Raw::Text(Cow::Borrowed(text));
        match self {
            Self::Field(field) => contact.values.get(field).map(raw),
            Self::Guid => Some(borrowed(contact.guid.as_str())),
            Self::Account(field) => facts.candidate.account.as_ref()?.get(field).map(borrowed),
            Self::CompanyName => company_name(facts).map(borrowed),
            Self::CountryName => {
                text(ContactField::Country).map(|stored| Raw::Text(places::country_name(stored)))
            }
            Self::CountryCode => text(ContactField::Country)
                .and_then(places::country_code)
                .map(borrowed),
            Self::StateName => {
                text(ContactField::State).map(|stored| Raw::Text(places::state_name(stored)))
            }
            Self::StateCode => text(ContactField::State)
                .and_then(places::state_code)
                .map(borrowed),
            Self::Street => street(facts).map(Raw::Text),
            // No points and zero points are the same: the sum over no rules that applied.
            Self::Points(score) => Some(Raw::Integer(
                facts
                    .candidate
                    .points
                    .get(&score)
                    .copied()
                    .unwrap_or_default(),
            )),
            Self::Segment(segment) => facts.candidate.segments.get(&segment).map(|status| {
                borrowed(match status {
                    SegmentStatus::Realized => "realized",
                    SegmentStatus::Exited => "exited",
                })
            }),
            Self::Consent(purpose, refused) => {
                let given = facts.candidate.consents.get(&purpose)?;
                Some(Raw::YesNo(*given != refused))
            }
            Self::Record(at) => facts.candidate.records.get(&at).map(raw),
        }
    }

    /// Visits the contact fields that have to be loaded.
    pub(super) fn fields(self) -> impl Iterator<Item = ContactField> {
        let (one, other) = match self {
            Self::Field(field) => (Some(field), None),
            Self::CompanyName => (Some(ContactField::CompanyName), None),
            Self::CountryName | Self::CountryCode => (Some(ContactField::Country), None),
            Self::StateName | Self::StateCode => (Some(ContactField::State), None),
            Self::Street => (
                Some(ContactField::AddressLine1),
                Some(ContactField::AddressLine2),
            ),
            Self::Guid
            | Self::Account(_)
            | Self::Points(_)
            | Self::Segment(_)
            | Self::Consent(..)
            | Self::Record(_) => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// Tells whether the contact itself has nothing here, so that whatever is read stands in for it.
    fn is_unset(self, facts: Facts<'_>) -> bool {
        match self {
            Self::CompanyName => own_company(facts).is_none(),
            local => local.read(facts).is_none(),
        }
    }

    /// Returns the score whose points have to be loaded.
    pub(super) fn score(self) -> Option<ScoreId> {
        match self {
            Self::Points(score) => Some(score),
            _ => None,
        }
    }

    /// Returns the segment whose status has to be loaded.
    pub(super) fn segment(self) -> Option<SegmentId> {
        match self {
            Self::Segment(segment) => Some(segment),
            _ => None,
        }
    }

    /// Returns the purpose whose answer has to be loaded.
    pub(super) fn purpose(self) -> Option<PurposeId> {
        match self {
            Self::Consent(purpose, _) => Some(purpose),
            _ => None,
        }
    }

    /// Returns the number of the field of Salesforce's data that has to be loaded.
    pub(super) fn record(self) -> Option<usize> {
        match self {
            Self::Record(at) => Some(at),
            _ => None,
        }
    }

    /// Tells whether the account has to be loaded.
    pub(super) fn needs_account(self) -> bool {
        matches!(self, Self::Account(_) | Self::CompanyName)
    }
}

fn raw(value: &Value) -> Raw<'_> {
    match value {
        Value::Text(text) => Raw::Text(Cow::Borrowed(text)),
        Value::Integer(number) => Raw::Integer(*number),
        Value::Decimal(decimal) => Raw::Decimal(*decimal),
        Value::Float(number) => Raw::Float(*number),
        Value::YesNo(yes) => Raw::YesNo(*yes),
        Value::Date(date) => Raw::Date(*date),
        Value::DateTime(moment) => Raw::Moment(*moment),
    }
}

/// Returns the address lines that are set, one below the other.
fn street(facts: Facts<'_>) -> Option<Cow<'_, str>> {
    let values = &facts.candidate.contact.values;
    let line = |field| {
        values
            .text(field)
            .filter(|line: &&str| !line.trim().is_empty())
    };
    match (
        line(ContactField::AddressLine1),
        line(ContactField::AddressLine2),
    ) {
        (Some(first), Some(second)) => Some(Cow::Owned(format!("{}\n{second}", first.trim_end()))),
        (first, second) => first.or(second).map(Cow::Borrowed),
    }
}

/// Returns the contact's own company name, else the account's, else the default one.
fn company_name(facts: Facts<'_>) -> Option<&str> {
    let default = || facts.default_company.filter(is_set);
    own_company(facts).or_else(default)
}

fn is_set(name: &&str) -> bool {
    !name.trim().is_empty()
}

fn own_company(facts: Facts<'_>) -> Option<&str> {
    let own = facts
        .candidate
        .contact
        .values
        .text(ContactField::CompanyName);
    let account = || facts.candidate.account.as_ref().map(Account::name);
    own.filter(is_set).or_else(|| account().filter(is_set))
}

/// Returns the state's code where the org lists it, so that its own name for it is found; else our name.
fn org_state<'a>(codes: &[String], facts: Facts<'a>) -> Option<Raw<'a>> {
    let stored = facts.candidate.contact.values.text(ContactField::State)?;
    let listed = |code: &&str| {
        codes
            .binary_search_by(|known| known.as_str().cmp(code))
            .is_ok()
    };
    match places::state_code(stored).filter(listed) {
        Some(code) => Some(Raw::Text(Cow::Borrowed(code))),
        None => Local::StateName.read(facts),
    }
}

fn org_country<'a>(names: &'a [(String, String)], facts: Facts<'a>) -> Option<Raw<'a>> {
    let stored = facts.candidate.contact.values.text(ContactField::Country)?;
    let code = places::country_code(stored);
    match code.and_then(|code| {
        names
            .binary_search_by(|(known, _)| known.as_str().cmp(code))
            .ok()
    }) {
        Some(at) => Some(Raw::Text(Cow::Borrowed(&names[at].1))),
        None => Local::CountryName.read(facts),
    }
}

/// A source whose names are resolved.
#[derive(Debug)]
pub(super) enum Reading {
    Local(Local),
    /// The country's name as the org spells it, by code; sorted.
    OrgCountry(Vec<(String, String)>),
    /// The state by its code where the org lists that; the codes, sorted.
    OrgState(Vec<String>),
    Preference(Preference),
    Constant(String),
    Template(Template),
}

impl Reading {
    /// Reads the value; `None` is unset.
    ///
    /// # Errors
    /// The template engine's words, where it fails on this contact's values.
    pub(super) fn read<'a>(&'a self, facts: Facts<'a>) -> Result<Option<Raw<'a>>, String> {
        match self {
            Self::Local(local) => Ok(local.read(facts)),
            Self::OrgCountry(names) => Ok(org_country(names, facts)),
            Self::OrgState(codes) => Ok(org_state(codes, facts)),
            Self::Preference(preference) => {
                let text = preference.read(&facts.candidate.consents);
                Ok(text.map(|text| Raw::Text(Cow::Owned(text))))
            }
            Self::Constant(text) => Ok(Some(Raw::Text(Cow::Borrowed(text)))),
            Self::Template(template) => Ok(Some(Raw::Text(Cow::Owned(template.render(facts)?)))),
        }
    }

    /// Tells whether the value says nothing of the contact: it is the same for everyone, or stands in for what is unset.
    pub(super) fn stands_in(&self, facts: Facts<'_>) -> bool {
        self.locals().iter().all(|local| local.is_unset(facts))
    }

    /// Returns the contact fields of which it is the value itself, in whatever form; none for anything else.
    pub(super) fn own_fields(&self) -> Vec<ContactField> {
        match self {
            Self::Local(local) => local.fields().collect(),
            Self::OrgCountry(_) => vec![ContactField::Country],
            Self::OrgState(_) => vec![ContactField::State],
            Self::Preference(_) | Self::Constant(_) | Self::Template(_) => Vec::new(),
        }
    }

    /// Visits what has to be known of the contact.
    pub(super) fn locals(&self) -> &[Local] {
        match self {
            Self::Local(local) => std::slice::from_ref(local),
            Self::OrgCountry(_) => &[Local::CountryName],
            Self::OrgState(_) => &[Local::StateName],
            Self::Preference(preference) => preference.locals(),
            Self::Constant(_) => &[],
            Self::Template(template) => template.locals(),
        }
    }
}

/// Resolves the names in a source; also tells what kind of value it gives.
pub(super) fn resolve(
    source: &Source,
    names: &Names<'_>,
    settings: &Settings,
) -> Result<(Reading, Kind), Finding> {
    let text = |local| (Reading::Local(local), Kind::Text);
    Ok(match source {
        Source::Field(name) => {
            let (field, kind) = names.field(name)?;
            (Reading::Local(Local::Field(field)), kind.into())
        }
        Source::Account(field) => text(Local::Account(*field)),
        Source::CompanyName => text(Local::CompanyName),
        Source::CountryName => text(Local::CountryName),
        Source::CountryCode => text(Local::CountryCode),
        Source::StateName => text(Local::StateName),
        Source::StateCode => text(Local::StateCode),
        Source::Street => text(Local::Street),
        Source::Points(name) => (
            Reading::Local(Local::Points(names.score(name)?)),
            Kind::Number,
        ),
        Source::Segment(name) => (
            Reading::Local(Local::Segment(names.segment(name)?)),
            Kind::Status,
        ),
        Source::Consent { path, refused } => (
            Reading::Local(Local::Consent(names.purpose(path)?, *refused)),
            Kind::YesNo,
        ),
        Source::Salesforce(asked) => {
            let (at, field) = names.salesforce(asked)?;
            (Reading::Local(Local::Record(at)), field.kind.into())
        }
        Source::Preference(path) => (
            Reading::Preference(Preference::new(path, names)?),
            Kind::Text,
        ),
        Source::Constant(constant) => (Reading::Constant(constant.clone()), Kind::Free),
        Source::Template(template) => (
            Reading::Template(Template::read(template, names)?),
            Kind::Free,
        ),
        Source::Description => {
            let template =
                Template::read(&settings.description, names).map_err(|finding| Finding {
                    message: format!(
                        "the description template in the settings: {}",
                        finding.message
                    ),
                    ..finding
                })?;
            (Reading::Template(template), Kind::Text)
        }
    })
}
