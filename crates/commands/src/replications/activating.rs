//! Activating segments: their statuses are written to fields of the org, each named by its Mapping ID.
//!
//! An activation is a mapping row: what is sent, when, and what of it has gone is told by the mapping alone.

use jiff::civil::Date;
use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, MappingRow, Phase, Source, Target};
use leadferry_replication::settings::is_custom_field_name;
use leadferry_store::{Reader, Replication, Writer, counted};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{check_one_writer, one_writer::same_org};
use crate::mappings::{self, Finding, Severity};
use crate::{Error, Result, Workspace, quoted};

/// Salesforce's limit for the name of a custom field, without its ending.
const LONGEST_NAME: usize = 40;

/// A segment whose status is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Activation {
    /// The segment.
    pub segment: String,
    /// The field that its status is written to.
    pub mapping_id: String,
    /// How it stands with that field.
    pub state: MappingIdState,
    /// What is wrong with it, and what to do.
    pub trouble: Option<Finding>,
    /// Members, as last calculated.
    pub members: u64,
    /// The first day on which it is written, such as `2026-12-01`; from the beginning where unset.
    pub from: Option<String>,
    /// The last day on which it is written; without end where unset.
    pub until: Option<String>,
    /// Where today lies.
    pub phase: Phase,
}

/// What is known of a Mapping ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MappingIdState {
    /// The org has the field, and it fits.
    Verified,
    /// The org's fields are not known yet.
    Unverified,
    /// It cannot be used as it is.
    Unfit,
}

/// The activated segments of a replication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Activations {
    /// The replication.
    pub replication: String,
    /// The segments, in the order of the mapping.
    pub active: Vec<Activation>,
    /// Segments that other replications write to the same object.
    pub elsewhere: u64,
    /// The most that the object is to have.
    pub most: u16,
    /// Segments that are not active here, each with the Mapping ID that would be proposed.
    pub proposed: Vec<(String, String)>,
    /// Fields of the org that can hold a status and are free.
    pub fields: Vec<String>,
}

/// Returns the activated segments of a replication, and what could be activated.
///
/// # Errors
/// When there is no such replication.
pub fn activations(workspace: &Workspace, name: &str) -> Result<Activations> {
    let now = workspace.host().now();
    workspace
        .store()
        .read(|reader| listed(reader, &reader.replication_named(name)?, now))
}

fn listed(reader: &Reader<'_>, replication: &Replication, now: i64) -> Result<Activations> {
    let today = mappings::today(reader, now)?;
    let settings = Settings::from_json(&replication.settings)?;
    let body = reader.mapping(replication.id)?.body;
    let rows = Mapping::parse(&body).unwrap_or_default().rows;
    let findings = mappings::findings(reader, replication, &body)?;
    let segments = reader.segments()?;
    let mut active = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let Source::Segment(segment) = &row.source else {
            continue;
        };
        let of_row: Vec<_> = findings
            .iter()
            .filter(|finding| finding.line == Some(at + 1))
            .collect();
        let trouble = of_row
            .iter()
            .find(|finding| finding.severity == Severity::Error);
        let state = match trouble {
            Some(_) => MappingIdState::Unfit,
            None if of_row.iter().any(|one| one.code == "unverified_target") => {
                MappingIdState::Unverified
            }
            None => MappingIdState::Verified,
        };
        let known = segments
            .iter()
            .find(|known| known.name.to_lowercase() == segment.to_lowercase());
        let members = match known {
            Some(known) => reader.member_count(known.id)?,
            None => 0,
        };
        active.push(Activation {
            segment: segment.clone(),
            mapping_id: row.target.to_string(),
            state,
            trouble: trouble.map(|finding| (*finding).clone()),
            members,
            from: row.period.from.map(|day| day.to_string()),
            until: row.period.until.map(|day| day.to_string()),
            phase: row.period.phase(today),
        });
    }
    let is_active = |name: &str| {
        active
            .iter()
            .any(|one| one.segment.to_lowercase() == name.to_lowercase())
    };
    let proposed = segments
        .iter()
        .filter(|segment| !is_active(&segment.name))
        .map(|segment| (segment.name.clone(), proposal(&segment.name, &settings)));
    Ok(Activations {
        replication: replication.name.clone(),
        elsewhere: active_elsewhere(reader, replication)?,
        most: settings.most_segments,
        proposed: proposed.collect(),
        fields: free_fields(reader, replication, &rows)?,
        active,
    })
}

/// Returns the org's fields that can hold a status and that no row writes yet, those that can be filtered on first.
fn free_fields(
    reader: &Reader<'_>,
    replication: &Replication,
    rows: &[MappingRow],
) -> Result<Vec<String>> {
    use leadferry_replication::targets::TargetType;
    let target = mappings::target(reader, replication)?;
    if !target.described {
        return Ok(Vec::new());
    }
    let taken = |name: &str| rows.iter().any(|row| row.target.to_string() == name);
    let rank = |kind: &TargetType| match kind {
        TargetType::Text => Some(0),
        TargetType::Picklist => Some(1),
        TargetType::LongTextArea => Some(2),
        _ => None,
    };
    let settings = Settings::from_json(&replication.settings)?;
    let free = target.fields.iter().filter(|field| {
        is_custom_field_name(&field.name)
            && field.updateable
            && !taken(&field.name)
            && !field.name.eq_ignore_ascii_case(&settings.identifier)
    });
    let mut free: Vec<_> = free
        .filter_map(|field| Some((rank(&field.kind)?, field.name.clone())))
        .collect();
    free.sort();
    Ok(free.into_iter().map(|(_, name)| name).collect())
}

/// Counts the segments that other replications write to the same object of the same org.
fn active_elsewhere(reader: &Reader<'_>, mine: &Replication) -> Result<u64> {
    let Some(connection) = mine.connection else {
        return Ok(0);
    };
    let mut count = 0;
    for other in reader.replications()? {
        let rivals = other.id != mine.id && other.enabled && other.object == mine.object;
        let Some(theirs) = other.connection.filter(|_| rivals) else {
            continue;
        };
        if same_org(reader, connection, theirs)? {
            let rows = Mapping::parse(&reader.mapping(other.id)?.body)
                .unwrap_or_default()
                .rows;
            count += rows.iter().filter(|row| row.source.is_segment()).count() as u64;
        }
    }
    Ok(count)
}

/// What is asked of an activation; what is unset stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ActivationRequest {
    /// The replication.
    pub name: String,
    /// The segment.
    pub segment: String,
    /// The field that its status is written to; the proposed one where the segment is not active yet.
    pub mapping_id: Option<String>,
    /// The first day on which it is written, such as `2026-12-01`; empty for from the beginning.
    pub from: Option<String>,
    /// The last day on which it is written; empty for without end.
    pub until: Option<String>,
}

/// Activates a segment, or changes the Mapping ID or the days of an active one.
///
/// # Errors
/// When there is no such replication or segment, the Mapping ID cannot be the name of a field or holds something else,
/// a day is none, or the object has its most segments.
pub fn activate(workspace: &Workspace, request: &ActivationRequest) -> Result<Activations> {
    let now = workspace.host().now();
    workspace
        .store()
        .write(|writer| activate_one(writer, request, now))
}

/// Activates every segment that is not active yet, each with its proposed Mapping ID; all of them or none.
///
/// # Errors
/// As [`activate`].
pub fn activate_all(workspace: &Workspace, name: &str) -> Result<Activations> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let mut all = listed(writer, &writer.replication_named(name)?, now)?;
        for (segment, _) in all.proposed.clone() {
            let request = ActivationRequest {
                name: name.to_owned(),
                segment,
                ..ActivationRequest::default()
            };
            all = activate_one(writer, &request, now)?;
        }
        Ok(all)
    })
}

fn activate_one(writer: &Writer<'_>, request: &ActivationRequest, now: i64) -> Result<Activations> {
    let replication = writer.replication_named(&request.name)?;
    let segment = writer.segment_named(&request.segment)?.name;
    let settings = Settings::from_json(&replication.settings)?;
    let mut mapping = parsed(writer, &replication)?;
    let at = mapping.rows.iter().position(|row| {
            matches!(&row.source, Source::Segment(name) if name.to_lowercase() == segment.to_lowercase())
        });
    let asked = request.mapping_id.as_deref().map(str::trim);
    let mut row = match at {
        Some(at) => mapping.rows[at].clone(),
        None => {
            refuse_too_many(writer, &replication, &settings, &mapping, now)?;
            let proposed = Target::Field(proposal(&segment, &settings));
            MappingRow::new(Source::Segment(segment), proposed)
        }
    };
    if let Some(id) = asked.filter(|id| !id.is_empty()) {
        row.target = Target::Field(checked(writer, &replication, id)?);
    }
    if let Some(from) = &request.from {
        row.period.from = a_day(from)?;
    }
    if let Some(until) = &request.until {
        row.period.until = a_day(until)?;
    }
    let target = row.target.to_string();
    match at {
        Some(at) => mapping.rows[at] = row,
        None => mapping.rows.push(row),
    }
    save(writer, &replication, &mapping, &target, now)
}

/// Reads a day; an empty text is none.
fn a_day(text: &str) -> Result<Option<Date>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    Date::strptime("%Y-%m-%d", text).map(Some).map_err(|_| {
        Error::usage(
            format!("\"{text}\" isn't a date"),
            "write it like 2026-12-01, or leave it empty",
        )
    })
}

/// Ends an activation: nothing more is written to its field, which stays as it is in the org.
///
/// # Errors
/// When there is no such replication, or the segment is not active there.
pub fn deactivate(workspace: &Workspace, name: &str, segment: &str) -> Result<Activations> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let replication = writer.replication_named(name)?;
        let mut mapping = parsed(writer, &replication)?;
        let before = mapping.rows.len();
        mapping.rows.retain(|row| {
            !matches!(&row.source, Source::Segment(name) if name.to_lowercase() == segment.trim().to_lowercase())
        });
        if mapping.rows.len() == before {
            return Err(Error::usage(
                format!("the segment \"{}\" isn't synced by this replication", segment.trim()),
                "choose a segment that is",
            )
            .with_command(format!("replications activations {}", quoted(name))));
        }
        writer.save_mapping(replication.id, &mapping.to_string(), now)?;
        listed(writer, &writer.replication(replication.id)?, now)
    })
}

fn parsed(reader: &Reader<'_>, replication: &Replication) -> Result<Mapping> {
    let body = reader.mapping(replication.id)?.body;
    Mapping::parse(&body).map_err(|_| {
        Error::usage("the mapping can't be read", "correct the mapping first")
            .with_command(format!("mappings check {}", quoted(&replication.name)))
    })
}

/// Keeps a changed mapping, unless the new row can never work; a field that is not there yet can be made.
fn save(
    writer: &Writer<'_>,
    replication: &Replication,
    mapping: &Mapping,
    target: &str,
    now: i64,
) -> Result<Activations> {
    let body = mapping.to_string();
    let line = mapping
        .rows
        .iter()
        .position(|row| row.source.is_segment() && row.target.to_string() == target)
        .map(|at| at + 1);
    let findings = mappings::findings(writer, replication, &body)?;
    let fault = findings.into_iter().find(|finding| {
        finding.severity == Severity::Error
            && finding.line == line
            && finding.code != "unknown_mapping_id"
    });
    if let Some(fault) = fault {
        return Err(Error::usage(fault.message, fault.cure));
    }
    writer.save_mapping(replication.id, &body, now)?;
    check_one_writer(writer, replication.id)?;
    listed(writer, &writer.replication(replication.id)?, now)
}

fn refuse_too_many(
    reader: &Reader<'_>,
    replication: &Replication,
    settings: &Settings,
    mapping: &Mapping,
    now: i64,
) -> Result<()> {
    let here: Vec<_> = mapping
        .rows
        .iter()
        .filter_map(|row| match &row.source {
            Source::Segment(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let count = here.len() as u64 + active_elsewhere(reader, replication)?;
    if count < settings.most_segments.into() {
        return Ok(());
    }
    let today = mappings::today(reader, now)?;
    let ended = mapping.rows.iter().find_map(|row| match &row.source {
        Source::Segment(name) if row.period.phase(today) == Phase::After => Some(name),
        _ => None,
    });
    let mut smallest = Vec::new();
    for name in &here {
        let members = match reader.segment_named(name) {
            Ok(segment) => reader.member_count(segment.id)?,
            Err(_) => 0,
        };
        smallest.push((members, name.clone()));
    }
    smallest.sort();
    let retire = match (ended, smallest.first()) {
        (Some(name), _) => format!("\"{name}\", which has ended"),
        (None, Some((members, name))) => {
            let members = counted(*members, "member", "members");
            format!("\"{name}\", for example, which has {members}")
        }
        (None, None) => "one that another replication syncs".to_owned(),
    };
    Err(Error::usage(
        format!(
            "{} synced to {} in this org, and the limit is {}",
            counted(count, "segment is", "segments are"),
            replication.object,
            settings.most_segments
        ),
        format!("stop syncing {retire}, or raise the limit in the replication's settings"),
    )
    .with_command(format!(
        "replications set {} --most-segments {}",
        quoted(&replication.name),
        settings.most_segments + 1
    )))
}

/// Checks the form of a Mapping ID; the ending of custom fields is added where it was left out.
fn checked(reader: &Reader<'_>, replication: &Replication, id: &str) -> Result<String> {
    if id.chars().any(char::is_whitespace) {
        return Err(Error::usage(
            format!("the field name \"{id}\" contains a space"),
            format!("use {}__c", underscored(id.trim_end_matches("__c"))),
        ));
    }
    let target = mappings::target(reader, replication)?;
    if target.field(id).is_some() || is_custom_field_name(id) {
        return Ok(id.to_owned());
    }
    let with_ending = format!("{id}__c");
    if is_custom_field_name(&with_ending) {
        return Ok(with_ending);
    }
    Err(Error::usage(
        format!("\"{id}\" can't be the name of a Salesforce field"),
        format!(
            "use letters, digits and underscores, such as {}__c",
            underscored(id)
        ),
    ))
}

/// Returns the Mapping ID that is proposed for a segment.
fn proposal(segment: &str, settings: &Settings) -> String {
    let name = format!(
        "{}{segment}{}",
        settings.mapping_id_prefix, settings.mapping_id_suffix
    );
    field_name(&name)
}

/// Returns the API name that a custom field for something of this name would get.
pub(crate) fn field_name(name: &str) -> String {
    format!("{}__c", underscored(name))
}

/// Makes a name of letters, digits and single underscores that begins with a letter.
fn underscored(text: &str) -> String {
    let mut name = String::new();
    for letter in text
        .nfkd()
        .filter(|letter| letter.is_ascii() || letter.is_alphanumeric())
    {
        if letter.is_ascii_alphanumeric() {
            name.push(letter);
        } else if !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert_str(0, "Segment_");
    }
    name.truncate(LONGEST_NAME);
    name.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_mapping_ids() {
        let mut settings = Settings::default();
        for (name, id) in [
            ("Hot leads", "Hot_leads__c"),
            ("Größe > 5 (neu)", "Gro_e_5_neu__c"),
            ("2026 buyers", "Segment_2026_buyers__c"),
            ("経理", "Segment__c"),
        ] {
            let proposed = proposal(name, &settings);
            assert_eq!(proposed, id);
            assert!(is_custom_field_name(&proposed), "{proposed}");
        }
        settings.mapping_id_prefix = "DEV_".to_owned();
        settings.mapping_id_suffix = "_v2".to_owned();
        assert_eq!(proposal("Hot", &settings), "DEV_Hot_v2__c");
        assert!(proposal(&"x".repeat(99), &settings).len() <= 43);
    }
}
