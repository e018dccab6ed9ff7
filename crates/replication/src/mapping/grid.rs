//! A mapping as a grid: one row a target field, with what one contact would send for it.

mod sending;

use jiff::tz::TimeZone;
use leadferry_store::{AccountRole, Candidate};
use serde::Serialize;

pub use sending::{Form, Sends};
pub(super) use sending::{sample_facts, sends as sample_sends};

use super::checking::{check_row, target_field};
use super::compiling::compile;
use super::whole::is_whole;
use super::wording::{SourceWords, restriction, size, target_label};
use super::{Cutting, Finding, Mapping, MappingRow, Names, Overwrite, Refusal, Severity, Target};
use crate::Settings;
use crate::targets::{TargetField, TargetObject, TargetType};

/// Everything that a grid is made from.
#[derive(Debug, Clone, Copy)]
pub struct GridFacts<'a> {
    /// What the workspace calls its fields and scores.
    pub names: &'a Names<'a>,
    /// The target object.
    pub object: &'a TargetObject,
    /// The settings of the replication.
    pub settings: &'a Settings,
    /// The workspace's time zone.
    pub zone: &'a TimeZone,
    /// The contact whose values are shown.
    pub sample: Option<Sample<'a>>,
}

/// The contact whose values are shown.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// The contact with all its fields.
    pub candidate: &'a Candidate,
    /// What it is in the account that stands for it.
    pub role: Option<AccountRole>,
}

/// One target field.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct GridRow {
    /// As a mapping's text names it.
    pub target: String,
    /// What people call it.
    pub label: String,
    /// The type as the set-up pages name it.
    pub type_name: String,
    /// The type's size, such as `255`, `16, 2` or `6 values`.
    pub size: Option<String>,
    /// A new record must have it.
    pub required: bool,
    /// The org is known to have it.
    pub verified: bool,
    /// It is text, so that a value map can be given.
    pub takes_map: bool,
    /// Values can be too long or too precise for it.
    pub can_cut: bool,
    /// Why it cannot be written, or only at times.
    pub restriction: Option<String>,
    /// Where in the grid it stands.
    pub group: Group,
    /// Where the value comes from.
    pub source: Option<SourceWords>,
    /// When a value that the record has gives way.
    pub overwrite: Option<Overwrite>,
    /// What the rule would be if the row said none.
    pub usual_overwrite: Option<Overwrite>,
    /// What happens to values that are too long or too precise.
    pub cutting: Option<Cutting>,
    /// What happens to values that the org would refuse.
    pub refusal: Option<Refusal>,
    /// Contacts without a value are blocked.
    pub always_required: bool,
    /// The value map.
    pub values: Vec<(String, String)>,
    /// The row as text.
    pub text: Option<String>,
    /// What the sample contact would send.
    pub sends: Sends,
    /// Which step gave the company name.
    pub step: Option<String>,
    /// How it stands.
    pub state: RowState,
    /// It needs a look.
    pub look: bool,
    /// What was found about it.
    pub findings: Vec<Finding>,
}

/// Where in the grid a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A new record must have it.
    Required,
    /// It has a source, or one is proposed.
    Mapped,
    /// It has none.
    NotMapped,
}

/// How a target field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Fine.
    Mapped,
    /// The replication writes it itself.
    SetByUs,
    /// A proposal that waits for a yes.
    Likely,
    /// The sample's value is shortened.
    Cut,
    /// The org is not known to have it.
    Unverified,
    /// Nothing is sent for it.
    NotMapped,
    /// Nothing is sent for it, but a new record must have it.
    RequiredUnmapped,
    /// The org has no such field any more.
    Gone,
    /// It cannot be written.
    NotWritable,
    /// The picklist does not offer the sample's value.
    NeedsValueMap,
    /// The sample has no value, but must have one.
    NoValue,
    /// The sample's value cannot be sent, and blocks the contact.
    Refused,
    /// The sample's value cannot be sent, and is left out.
    LeftOut,
    /// The row itself is wrong.
    Faulty,
}

/// Returns the grid: required fields first, then mapped ones in the mapping's order, then the others.
///
/// `likely` are rows that were proposed and not yet confirmed; they are shown for targets that have no row.
pub fn grid(mapping: &Mapping, likely: &Mapping, facts: GridFacts<'_>) -> Vec<GridRow> {
    let unmapped = |row: &&MappingRow| mapping.row(&row.target.to_string()).is_none();
    let proposed = likely.rows.iter().filter(unmapped);
    let mut rows: Vec<GridRow> = mapping
        .rows
        .iter()
        .map(|row| mapped_row(row, false, facts))
        .chain(proposed.map(|row| mapped_row(row, true, facts)))
        .collect();
    let taken = |field: &TargetField| {
        mapping
            .rows
            .iter()
            .chain(&likely.rows)
            .any(|row| stands_for(&row.target, field, facts.object))
    };
    let identifier = &facts.settings.identifier;
    rows.push(identifier_row(identifier, facts));
    rows.extend(
        facts
            .object
            .fields
            .iter()
            .filter(|field| !field.name.eq_ignore_ascii_case(identifier) && !taken(field))
            .map(|field| unmapped_row(field, facts)),
    );
    beside(&mut rows, mapping, facts);
    order(&mut rows);
    rows
}

/// Takes in what only shows where the rows are seen together: a value that does not go with the one that it depends on.
fn beside(rows: &mut [GridRow], mapping: &Mapping, facts: GridFacts<'_>) {
    let Some(sample) = facts.sample else { return };
    let compiled = compile(
        mapping,
        facts.names,
        facts.object,
        facts.settings,
        facts.zone,
    );
    let Ok(compiled) = compiled else { return };
    for (target, blocks) in compiled.dependent_refusals(sample.candidate) {
        let Some(row) = rows.iter_mut().find(|row| row.target == target) else {
            continue;
        };
        if let Sends::Value { kept, .. } = &row.sends {
            row.sends = Sends::Refused {
                code: "dependent_picklist".to_owned(),
                value: kept.clone(),
                why: "it doesn't go with the field that it depends on".to_owned(),
                cure: "correct one of the two in the contact, or map the value".to_owned(),
                blocks,
            };
            row.state = state(&row.findings, false, &row.sends);
            row.look = needs_a_look(row.state);
        }
    }
}

/// Tells whether a target gives the field its value: by itself, or as the parent that the lookup points to.
fn stands_for(target: &Target, field: &TargetField, object: &TargetObject) -> bool {
    match target {
        Target::Field(name) => name.eq_ignore_ascii_case(&field.name),
        Target::Parent { relationship, .. } => object
            .lookup(relationship)
            .is_some_and(|lookup| lookup.name == field.name),
    }
}

/// Required and other fields stand by their names; mapped ones stay in the order in which they were mapped.
fn order(rows: &mut [GridRow]) {
    let place = |row: &GridRow| match row.group {
        Group::Required => (0, row.label.to_lowercase()),
        Group::Mapped => (1, String::new()),
        Group::NotMapped if row.state == RowState::NotWritable => (3, row.label.to_lowercase()),
        Group::NotMapped => (2, row.label.to_lowercase()),
    };
    rows.sort_by_cached_key(place);
}

fn mapped_row(row: &MappingRow, likely: bool, facts: GridFacts<'_>) -> GridRow {
    let GridFacts {
        names,
        object,
        settings,
        ..
    } = facts;
    let mut findings = Vec::new();
    let checked = check_row(row, names, object, settings, &mut findings);
    let known = target_field(&row.target, object, settings).map(|(field, _)| field);
    let field = known.unwrap_or_else(|_| TargetField {
        verified: object.described,
        ..TargetField::unverified(&row.target.to_string())
    });
    let must_have = row.required || (field.required && settings.create_missing);
    let sends = match (checked, facts.sample) {
        (Some(checked), Some(sample)) => sending::sends(checked, must_have, sample, facts),
        _ => Sends::Unknown,
    };
    let state = state(&findings, likely, &sends);
    GridRow {
        label: target_label(row, &field),
        source: Some(SourceWords::of(&row.source, names)),
        overwrite: Some(row.overwrite),
        usual_overwrite: Some(row.source.usual_overwrite()),
        cutting: Some(row.cutting),
        refusal: Some(row.refusal),
        can_cut: can_cut(&field) && !is_whole(row, &field),
        always_required: row.required,
        values: row.values.clone(),
        text: Some(row.to_string()),
        step: facts.sample.and_then(|sample| {
            sending::company_step(&row.source, sample, settings).map(str::to_owned)
        }),
        group: if field.required {
            Group::Required
        } else {
            Group::Mapped
        },
        look: needs_a_look(state),
        state,
        sends,
        findings,
        ..bare_row(row.target.to_string(), &field, facts)
    }
}

fn identifier_row(name: &str, facts: GridFacts<'_>) -> GridRow {
    let known = facts.object.field(name).cloned();
    let is_gone = known.is_none() && facts.object.described;
    let field = known.unwrap_or_else(|| TargetField::unverified(name));
    let finding = facts.object.identifier(name).err().filter(|_| is_gone);
    let findings = finding
        .map(|why| Finding::warning("no_identifier", why, "prepare the org for this replication"));
    let state = if is_gone {
        RowState::Gone
    } else {
        RowState::SetByUs
    };
    GridRow {
        required: true,
        group: Group::Required,
        source: Some(SourceWords::identifier()),
        overwrite: Some(Overwrite::OnCreate),
        sends: facts.sample.map_or(Sends::Unknown, |sample| {
            sending::plain(sample.candidate.contact.guid.as_str())
        }),
        look: needs_a_look(state),
        state,
        findings: findings.into_iter().collect(),
        ..bare_row(name.to_owned(), &field, facts)
    }
}

fn unmapped_row(field: &TargetField, facts: GridFacts<'_>) -> GridRow {
    let cannot =
        field.is_read_only() || matches!(field.kind, TargetType::Other(_) | TargetType::Id);
    let missing = field.required && facts.settings.create_missing;
    let state = match (cannot, missing) {
        (true, _) => RowState::NotWritable,
        (_, true) => RowState::RequiredUnmapped,
        _ => RowState::NotMapped,
    };
    GridRow {
        group: if field.required && !cannot {
            Group::Required
        } else {
            Group::NotMapped
        },
        sends: if state == RowState::RequiredUnmapped {
            Sends::Nothing { blocks: true }
        } else {
            Sends::Unknown
        },
        look: state == RowState::RequiredUnmapped,
        state,
        ..bare_row(field.name.clone(), field, facts)
    }
}

fn bare_row(target: String, field: &TargetField, facts: GridFacts<'_>) -> GridRow {
    GridRow {
        target,
        label: field.label.clone(),
        type_name: field.kind.name().to_owned(),
        size: size(field),
        required: field.required,
        verified: field.verified,
        takes_map: field.kind.is_text() || field.kind == TargetType::Unknown,
        can_cut: can_cut(field),
        restriction: restriction(field, facts.object.described),
        group: Group::NotMapped,
        source: None,
        overwrite: None,
        usual_overwrite: None,
        cutting: None,
        refusal: None,
        always_required: false,
        values: Vec::new(),
        text: None,
        sends: Sends::Unknown,
        step: None,
        state: RowState::NotMapped,
        look: false,
        findings: Vec::new(),
    }
}

/// Tells whether values of a field can be too long or too precise, and are worth something when they are cut.
fn can_cut(field: &TargetField) -> bool {
    let chosen = matches!(
        field.kind,
        TargetType::Picklist | TargetType::MultiPicklist | TargetType::Email
    );
    (field.kind.is_text() && !chosen) || field.kind.is_number()
}

fn state(findings: &[Finding], likely: bool, sends: &Sends) -> RowState {
    let mut errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.code);
    let is_unverified = findings
        .iter()
        .any(|finding| finding.code == "unverified_target");
    match (errors.next(), sends) {
        (Some("unknown_target"), _) => RowState::Gone,
        (Some("read_only_target" | "compound_target"), _) => RowState::NotWritable,
        (Some(_), _) => RowState::Faulty,
        _ if likely => RowState::Likely,
        (_, Sends::Refused { code, .. }) if code == "not_in_picklist" => RowState::NeedsValueMap,
        (_, Sends::Refused { blocks: false, .. }) => RowState::LeftOut,
        (_, Sends::Refused { .. }) => RowState::Refused,
        (_, Sends::Nothing { blocks: true }) => RowState::NoValue,
        _ if is_unverified => RowState::Unverified,
        (_, Sends::Value { cut: Some(_), .. }) => RowState::Cut,
        _ => RowState::Mapped,
    }
}

fn needs_a_look(state: RowState) -> bool {
    !matches!(
        state,
        RowState::Mapped | RowState::SetByUs | RowState::NotMapped
    )
}
