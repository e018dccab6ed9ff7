//! What can be chosen for a target, and what cannot and why.

use leadferry_store::{AccountField, ContactField};
use serde::Serialize;

use super::checking::{check_row, target_field};
use super::grid::{Form, GridFacts, Sends, sample_facts, sample_sends};
use super::parsing::{SPECIALS, read_target};
use super::preferences::is_preference;
use super::templates::Template;
use super::wording::{SourceKind, SourceWords};
use super::{Finding, Mapping, Names, Severity, Source};
use crate::targets::{PicklistValue, TargetType};

/// What can be chosen for a target.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Choices {
    /// The target.
    pub target: String,
    /// Its type as the set-up pages name it.
    pub type_name: String,
    /// The sources that fit, by group.
    pub fitting: Vec<Choice>,
    /// The sources that do not fit.
    pub misfits: Vec<Misfit>,
    /// The values that its picklist offers.
    pub picklist: Vec<PicklistValue>,
    /// The org refuses values that the picklist does not offer.
    pub restricted: bool,
    /// Text of one's own and templates can be written.
    pub takes_text: bool,
    /// The lookup's relationship, where its parent can be found by an External ID.
    pub relationship: Option<String>,
}

/// A source that fits.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Choice {
    /// What it is.
    pub source: SourceWords,
    /// What the sample contact has for it; `None` where that is nothing.
    pub sample: Option<String>,
    /// How that is written down.
    pub form: Form,
    /// The picklist does not offer the sample's value.
    pub needs_map: bool,
    /// The row that it makes, as text.
    pub row: String,
}

/// A source that does not fit.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Misfit {
    /// What it is.
    pub source: SourceWords,
    /// Why it does not fit.
    pub why: String,
    /// What to do instead.
    pub cure: String,
}

/// Returns what can be chosen for a target.
///
/// # Errors
/// When the object has no such field.
pub fn choices(target: &str, mapping: &Mapping, facts: GridFacts<'_>) -> Result<Choices, Finding> {
    let parsed = read_target(target)?;
    let (field, _) = target_field(&parsed, facts.object, facts.settings)?;
    let (mut fitting, mut misfits) = (Vec::new(), Vec::new());
    for source in all(facts.names) {
        match choice(target, source.clone(), mapping, facts)? {
            Ok(choice) => fitting.push(choice),
            Err(fault) => misfits.push(Misfit {
                source: SourceWords::of(&source, facts.names),
                why: fault.message,
                cure: fault.cure,
            }),
        }
    }
    let offered = |value: &PicklistValue| value.active;
    for text in constants(
        &field.kind,
        field.picklist.iter().filter(|value| offered(value)),
    ) {
        if let Ok(choice) = choice(target, Source::Constant(text), mapping, facts)? {
            fitting.push(choice);
        }
    }
    Ok(Choices {
        target: target.to_owned(),
        type_name: field.kind.name().to_owned(),
        fitting,
        misfits,
        restricted: field.restricted,
        takes_text: !field.is_read_only()
            && !matches!(field.kind, TargetType::Other(_) | TargetType::Id),
        relationship: field
            .relationship_name
            .clone()
            .filter(|_| field.reference_to.len() == 1),
        picklist: field.picklist,
    })
}

/// A name that templates know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct TemplateName {
    /// What is written into a template, such as `{% Contact.city %}`.
    pub section: String,
    /// What it is.
    pub source: SourceWords,
    /// What the sample contact has for it; `None` where that is nothing.
    pub sample: Option<String>,
}

/// Returns the names that templates know.
pub fn template_names(facts: GridFacts<'_>) -> Vec<TemplateName> {
    let render = |section: &str| {
        let template = Template::read(section, facts.names).ok()?;
        template.render(sample_facts(facts)?).ok()
    };
    let named = |source: Source| {
        let section = section(&source)?;
        Some(TemplateName {
            sample: render(&section).filter(|text| !text.trim().is_empty()),
            source: SourceWords::of(&source, facts.names),
            section,
        })
    };
    all(facts.names).into_iter().filter_map(named).collect()
}

/// Returns how a template names a source; `None` where it cannot.
fn section(source: &Source) -> Option<String> {
    let inner = match source {
        Source::Field(name) => member("Contact", name.strip_prefix("custom:").unwrap_or(name)),
        Source::Account(field) => member("Account", field.name()),
        Source::Points(name) => member("Score", name),
        Source::CountryName => "Contact.country_name".to_owned(),
        Source::StateName => "Contact.state_name".to_owned(),
        Source::Salesforce(asked) => asked.name(),
        _ => return None,
    };
    Some(format!("{{% {inner} %}}"))
}

fn member(root: &str, name: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || char == '_';
    let starts_well = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    if starts_well && name.chars().all(is_plain) {
        return format!("{root}.{name}");
    }
    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{root}[\"{escaped}\"]")
}

type Weighed = Result<Choice, Finding>;

fn choice(
    target: &str,
    source: Source,
    mapping: &Mapping,
    facts: GridFacts<'_>,
) -> Result<Weighed, Finding> {
    let row = mapping.row_filled(target, source, facts.object, facts.settings)?;
    let mut found = Vec::new();
    let checked = check_row(&row, facts.names, facts.object, facts.settings, &mut found);
    if let Some(fault) = found
        .into_iter()
        .find(|finding| finding.severity == Severity::Error)
    {
        return Ok(Err(fault));
    }
    let sends = match (checked, facts.sample) {
        (Some(checked), Some(sample)) => sample_sends(checked, false, sample, facts),
        _ => Sends::Unknown,
    };
    let needs_map = matches!(&sends, Sends::Refused { code, .. } if code == "not_in_picklist");
    let (sample, form) = match sends {
        Sends::Value { kept, form, .. } => (Some(kept), form),
        Sends::Refused { value, .. } => (Some(value), Form::Text),
        Sends::Unknown | Sends::Nothing { .. } => (None, Form::Text),
    };
    let source = SourceWords::of(&row.source, facts.names);
    Ok(Ok(Choice {
        // A constant says itself what it is.
        sample: sample.filter(|_| source.kind != SourceKind::Constant),
        source,
        form,
        needs_map,
        row: row.to_string(),
    }))
}

/// Visits the sources that the workspace has, in the order in which lists show them.
pub(super) fn all(names: &Names<'_>) -> Vec<Source> {
    let specials = SPECIALS.iter().map(|(_, source)| source.clone());
    // Those who may not be sent never are, so that the mark says nothing.
    let built_in = ContactField::BUILT_IN
        .iter()
        .filter(|field| **field != ContactField::DoNotSend)
        .filter_map(|field| field.built_in_name().map(str::to_owned));
    let custom = names
        .custom
        .iter()
        .map(|field| format!("custom:{}", field.name));
    let points = names
        .scores
        .iter()
        .map(|(_, name)| Source::Points(name.clone()));
    let segments = names
        .segments
        .iter()
        .map(|(_, name)| Source::Segment(name.clone()));
    let consents = names.purposes.iter().flat_map(|(_, path)| {
        [false, true].map(|refused| Source::Consent {
            path: path.clone(),
            refused,
        })
    });
    let pulled = names.salesforce.iter();
    let pulled = pulled.map(|(asked, _)| Source::Salesforce(asked.clone()));
    let preferences = names
        .purposes
        .iter()
        .filter(|(_, path)| is_preference(path))
        .map(|(_, path)| Source::Preference(path.clone()));
    built_in
        .chain(custom)
        .map(Source::Field)
        .chain(AccountField::ALL.iter().copied().map(Source::Account))
        .chain(points)
        .chain(segments)
        .chain(consents)
        .chain(pulled)
        .chain(preferences)
        .chain(specials)
        .collect()
}

fn constants<'a>(
    kind: &TargetType,
    picklist: impl Iterator<Item = &'a PicklistValue>,
) -> Vec<String> {
    match kind {
        TargetType::Checkbox => vec!["true".to_owned(), "false".to_owned()],
        TargetType::Picklist | TargetType::MultiPicklist => {
            picklist.map(|entry| entry.value.clone()).collect()
        }
        _ => Vec::new(),
    }
}
