//! The tree of a consent sync: purposes, preferences and values, each with the field that it goes to.

use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, MappingRow, Source, Target};
use leadferry_replication::settings::is_custom_field_name;
use leadferry_replication::targets::{TargetField, TargetObject, TargetType};
use leadferry_store::{ConsentLevel, Purpose, Reader, Replication};
use serde::{Deserialize, Serialize};

use super::{named, parsed};
use crate::mappings::{self, Severity};
use crate::replications::{check_one_writer, field_name};
use crate::{Error, Result, Workspace};

/// The opt-outs: the contact field, what people call it, and Salesforce's own field.
const CHANNELS: [(&str, &str, &str); 3] = [
    ("email_opt_out", "Opted out of email", "HasOptedOutOfEmail"),
    ("phone_opt_out", "Opted out of phone calls", "DoNotCall"),
    ("fax_opt_out", "Opted out of fax", "HasOptedOutOfFax"),
];

/// What a line of the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LineLevel {
    /// An opt-out of a channel.
    OptOut,
    /// What data is used for.
    Purpose,
    /// A choice within a purpose.
    Preference,
    /// One of the values of a preference.
    PreferenceValue,
}

/// What a field can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentFit {
    /// Yes or no.
    Checkbox,
    /// The values of a preference.
    Text,
}

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConsentLine {
    /// The names from the purpose down, or the contact field of an opt-out.
    pub path: String,
    /// What people call it: the last name of the path.
    pub label: String,
    /// What it is.
    pub level: LineLevel,
    /// Which fields fit.
    pub fits: ConsentFit,
    /// The field that it goes to.
    pub field: Option<String>,
    /// The field says *yes* for a refusal.
    pub negated: bool,
    /// The org does not have the field, or doesn't show it to this user.
    pub missing: bool,
    /// What is wrong with the field, and what to do.
    pub trouble: Option<String>,
    /// The name that a new field would get.
    pub suggested: String,
}

/// A field of the org that can hold consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConsentField {
    /// API name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The type as the set-up pages name it.
    pub type_name: String,
    /// What it can hold.
    pub fits: ConsentFit,
}

/// The tree of a consent sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConsentTree {
    /// The consent sync.
    pub sync: String,
    /// Opt-outs first, then the purposes, each followed by what stands below it.
    pub lines: Vec<ConsentLine>,
    /// The fields of the org that fit, by label.
    pub fields: Vec<ConsentField>,
    /// Whether the org has said what fields it has.
    pub described: bool,
}

/// What a line of the tree is to go to.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct MapConsent {
    /// The consent sync.
    pub name: String,
    /// The path of the purpose, preference or value, or the contact field of an opt-out.
    pub path: String,
    /// The field; none takes the line out.
    pub field: Option<String>,
    /// Whether the field says *yes* for a refusal.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub negated: bool,
}

/// Returns the tree of a consent sync.
///
/// # Errors
/// When there is no such consent sync.
pub fn tree(workspace: &Workspace, name: &str) -> Result<ConsentTree> {
    workspace.store().read(|reader| {
        let (sync, _) = named(reader, name)?;
        grown(reader, &sync)
    })
}

/// Sets the field of a purpose, preference, value or opt-out, or takes it away.
///
/// # Errors
/// When there is no such sync or line, the field does not fit, or something else writes to it. A field that the org does not
/// have can be created, so it is kept.
pub fn map(workspace: &Workspace, request: &MapConsent) -> Result<ConsentTree> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let (sync, _) = named(writer, &request.name)?;
        let (path, level) = line_of(writer, &request.path)?;
        let mut mapping = parsed(writer, &sync)?;
        let at = mapping
            .rows
            .iter()
            .position(|row| is_about(row, &path, level));
        let field = request.field.as_deref().map(str::trim);
        match field.filter(|field| !field.is_empty()) {
            None => {
                if let Some(at) = at {
                    mapping.rows.remove(at);
                }
            }
            Some(field) => {
                let source = source(&path, level, request.negated)?;
                let row = MappingRow::new(source, Target::Field(field.to_owned()));
                put(writer, &sync, &mut mapping, at, row)?;
            }
        }
        writer.save_mapping(sync.id, &mapping.to_string(), now)?;
        check_one_writer(writer, sync.id)?;
        grown(writer, &sync)
    })
}

/// Puts a row into the mapping, unless it can never work.
fn put(
    reader: &Reader<'_>,
    sync: &Replication,
    mapping: &mut Mapping,
    at: Option<usize>,
    row: MappingRow,
) -> Result<()> {
    let name = row.target.to_string();
    let mut others = mapping.rows.iter().enumerate();
    let taken = others.find(|(other, row)| {
        Some(*other) != at && row.target.to_string().eq_ignore_ascii_case(&name)
    });
    if let Some((_, row)) = taken {
        return Err(Error::usage(
            format!("{name} can't be used here"),
            "choose another field, or remove it there first",
        )
        .because(format!("it's the field for {}", row.source))
        .at("field"));
    }
    let line = match at {
        Some(at) => {
            mapping.rows[at] = row;
            at
        }
        None => {
            mapping.rows.push(row);
            mapping.rows.len() - 1
        }
    };
    let findings = mappings::findings(reader, sync, &mapping.to_string())?;
    // What is missing can be created, and a hidden opt-out can be shown.
    let can_be_made = is_custom_field_name(&name) || CHANNELS.iter().any(|one| one.2 == name);
    let fault = findings.into_iter().find(|finding| {
        finding.severity == Severity::Error
            && finding.line == Some(line + 1)
            && !(finding.code == "unknown_target" && can_be_made)
    });
    match fault {
        Some(fault) => Err(
            Error::usage(format!("{name} can't be used here"), fault.cure)
                .because(fault.message)
                .at("field"),
        ),
        None => Ok(()),
    }
}

/// Returns the line that a path means, under the name that it has.
fn line_of(reader: &Reader<'_>, path: &str) -> Result<(String, LineLevel)> {
    let wanted = path.trim();
    if CHANNELS.iter().any(|(field, ..)| *field == wanted) {
        return Ok((wanted.to_owned(), LineLevel::OptOut));
    }
    let purpose = reader.purpose(path)?;
    Ok((purpose.path.clone(), level_of(&purpose)))
}

fn level_of(purpose: &Purpose) -> LineLevel {
    match purpose.level {
        ConsentLevel::Purpose => LineLevel::Purpose,
        ConsentLevel::Preference => LineLevel::Preference,
        ConsentLevel::PreferenceValue => LineLevel::PreferenceValue,
    }
}

fn source(path: &str, level: LineLevel, negated: bool) -> Result<Source> {
    let path = path.to_owned();
    match level {
        LineLevel::OptOut | LineLevel::Preference if negated => Err(Error::usage(
            format!("\"{path}\" can't be negated"),
            "negate purposes and preference values only",
        )),
        LineLevel::OptOut => Ok(Source::Field(path)),
        LineLevel::Preference => Ok(Source::Preference(path)),
        LineLevel::Purpose | LineLevel::PreferenceValue => Ok(Source::Consent {
            path,
            refused: negated,
        }),
    }
}

fn is_about(row: &MappingRow, path: &str, level: LineLevel) -> bool {
    let is_path = |one: &str| one.to_lowercase() == path.to_lowercase();
    match (&row.source, level) {
        (Source::Field(name), LineLevel::OptOut) => name == path,
        (Source::Field(_), _) => false,
        (Source::Consent { path, .. } | Source::Preference(path), _) => is_path(path),
        _ => false,
    }
}

fn grown(reader: &Reader<'_>, sync: &Replication) -> Result<ConsentTree> {
    let mapping = parsed(reader, sync)?;
    let body = mapping.to_string();
    let findings = mappings::findings(reader, sync, &body)?;
    let unseen = mappings::unseen_in(reader, sync, &body)?;
    let opt_outs = CHANNELS.into_iter().map(|(field, label, suggested)| {
        line(field, label, LineLevel::OptOut, suggested.to_owned())
    });
    let purposes = reader.purposes()?;
    let purposes = purposes.iter().map(|purpose| {
        let label = purpose.path.rsplit(" > ").next().unwrap_or(&purpose.path);
        let suggested = field_name(&purpose.path);
        line(&purpose.path, label, level_of(purpose), suggested)
    });
    let mut lines: Vec<_> = opt_outs.chain(purposes).collect();
    for line in &mut lines {
        let at = mapping
            .rows
            .iter()
            .position(|row| is_about(row, &line.path, line.level));
        let Some(at) = at else { continue };
        let row = &mapping.rows[at];
        let fault = findings
            .iter()
            .find(|one| one.severity == Severity::Error && one.line == Some(at + 1));
        let field = row.target.to_string();
        line.negated = matches!(row.source, Source::Consent { refused: true, .. });
        line.missing = unseen.contains(&field);
        line.trouble = fault
            .filter(|_| !line.missing)
            .map(|fault| format!("{}: {}", fault.message, fault.cure));
        line.field = Some(field);
    }
    let target = mappings::target(reader, sync)?;
    let settings = Settings::from_json(&sync.settings)?;
    Ok(ConsentTree {
        sync: sync.name.clone(),
        lines,
        described: target.described,
        fields: fitting(&target, &settings.identifier),
    })
}

fn line(path: &str, label: &str, level: LineLevel, suggested: String) -> ConsentLine {
    ConsentLine {
        path: path.to_owned(),
        label: label.to_owned(),
        level,
        fits: match level {
            LineLevel::Preference => ConsentFit::Text,
            _ => ConsentFit::Checkbox,
        },
        field: None,
        negated: false,
        missing: false,
        trouble: None,
        suggested,
    }
}

/// Returns the fields that can hold consent and that this user can change, by label.
fn fitting(target: &TargetObject, identifier: &str) -> Vec<ConsentField> {
    let is_free =
        |field: &&TargetField| field.updateable && !field.name.eq_ignore_ascii_case(identifier);
    let fields = target.fields.iter().filter(is_free);
    let fields = fields.filter_map(|field| {
        let fits = match field.kind {
            TargetType::Checkbox => ConsentFit::Checkbox,
            TargetType::Text
            | TargetType::Picklist
            | TargetType::MultiPicklist
            | TargetType::TextArea
            | TargetType::LongTextArea
                // The standard ones hold something else.
                if is_custom_field_name(&field.name) =>
            {
                ConsentFit::Text
            }
            _ => return None,
        };
        Some(ConsentField {
            name: field.name.clone(),
            label: field.label.clone(),
            type_name: field.kind.name().to_owned(),
            fits,
        })
    });
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by_cached_key(|field| (field.label.to_lowercase(), field.name.clone()));
    fields
}
