//! Proposes sources for targets that have none: what is certain, and what is likely.

use super::checking::check_row;
use super::choices::all;
use super::editing::new_row;
use super::wording::SourceWords;
use super::{Mapping, MappingRow, Names, Severity, Source, Target};
use crate::Settings;
use crate::targets::{TargetField, TargetObject, TargetType};

/// Names that differ by more than this are not said to be alike.
const ALIKE: f64 = 0.8;

/// What other products and Salesforce itself call the same thing.
const LIKELY: &[(&str, &str)] = &[
    ("leadsource", "source"),
    ("genderidentity", "gender"),
    ("industry", "account:industry"),
    ("languages", "language"),
];

/// What was found for the targets that had no source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposals {
    /// Rows that mean the same on both sides.
    pub certain: Vec<MappingRow>,
    /// Rows that probably do.
    pub likely: Vec<MappingRow>,
}

/// Looks for a source for each target that has none; only rows without faults are proposed.
pub fn auto_match(
    mapping: &Mapping,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
) -> Proposals {
    // What came from Salesforce isn't sent back to where it came from, unless somebody asks for that.
    let own = all(names)
        .into_iter()
        .filter(|source| !matches!(source, Source::Salesforce(_)));
    let sources: Vec<_> = own
        .map(|source| (folded_names(&source, names), source))
        .collect();
    let standard = Mapping::standard(&object.name);
    let mut proposals = Proposals::default();
    let mut used: Vec<String> = mapping
        .rows
        .iter()
        .map(|row| row.source.to_string())
        .collect();
    let sound = |source: &Source, field: &TargetField| {
        let row = new_row(
            source.clone(),
            Target::Field(field.name.clone()),
            object,
            settings,
        );
        let mut found = Vec::new();
        check_row(&row, names, object, settings, &mut found)?;
        found
            .iter()
            .all(|finding| finding.severity != Severity::Error)
            .then_some(row)
    };
    let open: Vec<_> = object
        .fields
        .iter()
        .filter(|field| is_open(field, mapping, object, settings))
        .collect();
    let mut rest = Vec::new();
    for field in open {
        let usual = standard.row(&field.name).map(|row| row.source.clone());
        let same = || {
            let wanted = target_names(field);
            let fits = |(folded, _): &&(Vec<String>, Source)| {
                folded.iter().any(|name| wanted.contains(name))
            };
            sources
                .iter()
                .filter(fits)
                .map(|(_, source)| source)
                .find(|source| is_direct(source) && sound(source, field).is_some())
                .cloned()
        };
        match usual.or_else(same).and_then(|source| sound(&source, field)) {
            Some(row) => {
                used.push(row.source.to_string());
                proposals.certain.push(row);
            }
            None => rest.push(field),
        }
    }
    for field in rest {
        let free = sources
            .iter()
            .filter(|(_, source)| !used.contains(&source.to_string()));
        let best = free
            .map(|(folded, source)| (likeness(folded, source, field), source))
            .filter(|(likeness, source)| *likeness >= ALIKE && sound(source, field).is_some())
            .max_by(|left, right| left.0.total_cmp(&right.0));
        if let Some(row) = best.and_then(|(_, source)| sound(source, field)) {
            used.push(row.source.to_string());
            proposals.likely.push(row);
        }
    }
    proposals
}

fn is_open(
    field: &TargetField,
    mapping: &Mapping,
    object: &TargetObject,
    settings: &Settings,
) -> bool {
    let by_parent = mapping.rows.iter().any(|row| match &row.target {
        Target::Parent { relationship, .. } => object
            .lookup(relationship)
            .is_some_and(|lookup| lookup.name == field.name),
        Target::Field(_) => false,
    });
    // A field that only some orgs have would turn a sound mapping into a doubtful one.
    field.verified
        && !by_parent
        && !field.is_read_only()
        && mapping.row(&field.name).is_none()
        && !field.name.eq_ignore_ascii_case(&settings.identifier)
        && !matches!(field.kind, TargetType::Reference | TargetType::Unknown)
}

/// What the contact itself has; the account's namesakes are only likely.
fn is_direct(source: &Source) -> bool {
    matches!(source, Source::Field(_) | Source::Points(_))
}

fn likeness(folded: &[String], source: &Source, field: &TargetField) -> f64 {
    let targets = target_names(field);
    let text = source.to_string();
    if LIKELY
        .iter()
        .any(|(target, known)| *known == text && targets.iter().any(|name| name == target))
    {
        return 1.0;
    }
    let pairs = folded
        .iter()
        .flat_map(|ours| targets.iter().map(move |theirs| (ours, theirs)));
    pairs
        // Short names are alike by chance.
        .filter(|(ours, theirs)| ours.len() > 3 && theirs.len() > 3)
        .map(|(ours, theirs)| strsim::normalized_damerau_levenshtein(ours, theirs))
        .fold(0.0, f64::max)
}

fn folded_names(source: &Source, names: &Names<'_>) -> Vec<String> {
    let written = match source {
        Source::Field(name) => name.strip_prefix("custom:").unwrap_or(name).to_owned(),
        Source::Points(name) => name.clone(),
        Source::Account(field) => field.name().to_owned(),
        // They fill fields that the standard rows name, and no others by chance.
        _ => return Vec::new(),
    };
    let mut folded = vec![
        letters(&written),
        letters(&SourceWords::of(source, names).label),
    ];
    folded.dedup();
    folded
}

fn target_names(field: &TargetField) -> Vec<String> {
    let bare = field.name.strip_suffix("__c").unwrap_or(&field.name);
    let mut names = vec![letters(bare), letters(&field.label)];
    names.dedup();
    names
}

/// Returns the letters and digits in lower case: `E-mail 2` and `email_2` are the same.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
