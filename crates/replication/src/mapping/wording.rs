//! What people call sources and targets, in lists and grids.

use leadferry_store::{AccountField, AskedRecord, ContactField};
use serde::Serialize;

use super::findings::excerpt;
use super::{MappingRow, Names, Source, Target};
use crate::targets::{TargetField, TargetType};

/// What kind of thing a source is; lists group and draw them by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A field of the contact.
    Contact,
    /// A field of the account.
    Account,
    /// Points in a score.
    Score,
    /// Status in a segment.
    Segment,
    /// Consent to a purpose, preference or preference value.
    Consent,
    /// A field of Salesforce's data.
    Salesforce,
    /// Company name, generated description, country and state.
    Special,
    /// The same text for everyone.
    Constant,
    /// Text with values in it.
    Template,
    /// The contact's guid, set by the replication itself.
    Identifier,
}

/// A source as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SourceWords {
    /// What kind of thing it is.
    pub kind: SourceKind,
    /// What people call it.
    pub label: String,
    /// What tells it from its namesakes, such as `points`.
    pub detail: Option<String>,
    /// How a mapping's text writes it; empty for the identifier.
    pub text: String,
    /// The words of a constant or a template as they are edited.
    pub body: Option<String>,
}

impl SourceWords {
    /// Returns the words for a source; names that are not known stand for themselves.
    pub fn of(source: &Source, names: &Names<'_>) -> Self {
        let (kind, label, detail) = match source {
            Source::Field(name) => (SourceKind::Contact, contact_label(name, names), None),
            Source::Account(field) => (
                SourceKind::Account,
                account_label(*field),
                Some("of the account"),
            ),
            Source::CompanyName => (SourceKind::Special, "Company name".to_owned(), None),
            Source::Description => (
                SourceKind::Special,
                "Generated description".to_owned(),
                None,
            ),
            Source::CountryName => (SourceKind::Special, "Country".to_owned(), Some("name")),
            Source::CountryCode => (SourceKind::Special, "Country".to_owned(), Some("code")),
            Source::StateName => (SourceKind::Special, "State".to_owned(), Some("name")),
            Source::StateCode => (SourceKind::Special, "State".to_owned(), Some("code")),
            Source::Street => (
                SourceKind::Special,
                "Address".to_owned(),
                Some("lines 1 and 2"),
            ),
            Source::Points(score) => (SourceKind::Score, score.clone(), Some("points")),
            Source::Segment(name) => (SourceKind::Segment, name.clone(), Some("status")),
            Source::Consent { path, refused } => (
                SourceKind::Consent,
                path.clone(),
                Some(if *refused { "refused" } else { "given" }),
            ),
            Source::Salesforce(asked) => (
                SourceKind::Salesforce,
                names
                    .salesforce(asked)
                    .map_or_else(|_| asked.field.clone(), |(_, field)| field.label.clone()),
                Some(match asked.record {
                    AskedRecord::Linked => "in Salesforce",
                    AskedRecord::Lead => "of the lead in Salesforce",
                    AskedRecord::Contact => "of the contact in Salesforce",
                    AskedRecord::Account => "of the account in Salesforce",
                    AskedRecord::Owner => "of the owner in Salesforce",
                }),
            ),
            Source::Preference(path) => (SourceKind::Consent, path.clone(), Some("values given")),
            Source::Constant(text) => (SourceKind::Constant, format!("“{}”", excerpt(text)), None),
            Source::Template(_) => (SourceKind::Template, "Template".to_owned(), None),
        };
        let body = match source {
            Source::Constant(text) | Source::Template(text) => Some(text.clone()),
            _ => None,
        };
        let detail = match source {
            Source::Template(text) => Some(excerpt(text)),
            _ => detail.map(str::to_owned),
        };
        Self {
            kind,
            label,
            detail,
            text: source.to_string(),
            body,
        }
    }

    /// Returns the words for what the replication writes itself.
    pub(super) fn identifier() -> Self {
        Self {
            kind: SourceKind::Identifier,
            label: "Identifier".to_owned(),
            detail: None,
            text: String::new(),
            body: None,
        }
    }
}

fn contact_label(name: &str, names: &Names<'_>) -> String {
    match names.field(name) {
        Ok((ContactField::Custom(id), _)) => {
            let known = names.custom.iter().find(|field| field.id == id);
            known.map_or_else(|| name.to_owned(), |field| field.name.clone())
        }
        Ok((field, _)) => field_label(field),
        Err(_) => name.strip_prefix("custom:").unwrap_or(name).to_owned(),
    }
}

/// Returns what people call a source within a sentence.
pub(super) fn source_label(source: &Source) -> String {
    match source {
        Source::Field(name) => ContactField::built_in(name).map_or_else(
            || name.trim_start_matches("custom:").to_owned(),
            field_label,
        ),
        Source::Account(field) => format!("{field} of the account"),
        Source::CompanyName => "company name".to_owned(),
        Source::Description => "generated description".to_owned(),
        Source::CountryName | Source::CountryCode => "country".to_owned(),
        Source::StateName | Source::StateCode => "state".to_owned(),
        Source::Street => "address".to_owned(),
        Source::Points(score) => format!("points in {score}"),
        Source::Segment(segment) => format!("status in {segment}"),
        Source::Consent {
            path,
            refused: false,
        } => format!("consent to {path}"),
        Source::Consent {
            path,
            refused: true,
        } => format!("refusal of {path}"),
        Source::Salesforce(asked) => format!("{} in Salesforce", asked.field),
        Source::Preference(path) => format!("values of {path}"),
        Source::Constant(_) => "constant".to_owned(),
        Source::Template(_) => "template".to_owned(),
    }
}

/// Names a source in a message: in quotation marks as the mapping's text writes it, unless that is a name of ours such as
/// `@company_name`.
pub(super) fn said(source: &Source) -> String {
    let text = source.to_string();
    match text.starts_with('@') {
        true => excerpt(&source_label(source)),
        false => format!("\"{}\"", excerpt(&text)),
    }
}

/// Returns what people call a built-in contact field.
pub fn field_label(field: ContactField) -> String {
    match field {
        ContactField::Email => "Email".to_owned(),
        ContactField::Email2 => "Second email".to_owned(),
        ContactField::AddressLine1 => "Address line 1".to_owned(),
        ContactField::AddressLine2 => "Address line 2".to_owned(),
        ContactField::EmailOptOut => "Opted out of email".to_owned(),
        ContactField::PhoneOptOut => "Opted out of phone calls".to_owned(),
        ContactField::FaxOptOut => "Opted out of fax".to_owned(),
        ContactField::CreatedAt => "Created".to_owned(),
        ContactField::ChangedAt => "Last changed".to_owned(),
        field => spoken(field.built_in_name().unwrap_or_default()),
    }
}

/// Returns what people call an account field.
pub(super) fn account_label(field: AccountField) -> String {
    spoken(field.name())
}

fn spoken(name: &str) -> String {
    let mut letters = name.replace('_', " ");
    if let Some(first) = letters.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    letters
}

/// Returns a text that begins a sentence.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Returns a type's size as lists write it: `255`, `16, 2`, `6 values`.
pub(super) fn size(field: &TargetField) -> Option<String> {
    let active = field.picklist.iter().filter(|entry| entry.active).count();
    match &field.kind {
        TargetType::Picklist | TargetType::MultiPicklist if active > 0 => Some(format!(
            "{active} value{}",
            if active == 1 { "" } else { "s" }
        )),
        // The length of a picklist's values says nothing to people.
        TargetType::Picklist | TargetType::MultiPicklist => None,
        TargetType::Integer if field.digits > 0 => Some(field.digits.to_string()),
        TargetType::Number | TargetType::Percent | TargetType::Currency if field.precision > 0 => {
            let whole = field.precision.saturating_sub(field.scale);
            Some(format!("{whole}, {}", field.scale))
        }
        TargetType::Reference if !field.reference_to.is_empty() => {
            Some(field.reference_to.join(", "))
        }
        _ => field.length.map(|length| length.to_string()),
    }
}

/// Returns why a field cannot be written, or only at times.
pub(super) fn restriction(field: &TargetField, described: bool) -> Option<String> {
    let text = match (&field.kind, field.createable, field.updateable) {
        (TargetType::Other(_), ..) => "made of other fields. Map its parts",
        (_, false, false) if field.name == "Name" => "made of first and last name. Map those",
        (_, false, false) if described => "set by Salesforce, or this user can't edit it",
        (_, false, false) => "Salesforce sets it",
        (_, true, false) => "can only be written when a record is created",
        (_, false, true) => "can't be written when a record is created, only later",
        (_, true, true) => return None,
    };
    Some(text.to_owned())
}

/// Returns what people call the target of a row whose field is known.
pub(super) fn target_label(row: &MappingRow, field: &TargetField) -> String {
    match &row.target {
        Target::Field(_) => field.label.clone(),
        Target::Parent { field: by, .. } => format!("{} by {by}", field.label),
    }
}
