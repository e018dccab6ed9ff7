//! The mapping as a grid that can be tried out before it is saved.

use leadferry_replication::mapping::{
    Choices, Edit, Finding, GridRow, Group, Mapping, RowState, Severity, SourceWords, TemplateName,
    auto_match as propose, check, choices, grid, template_names as names_for,
};
use leadferry_store::{ContactId, Guid, Reader};
use serde::Serialize;

use super::desk::{MappingDesk, SampleContact, read, sample_contact};
use crate::replications::check_one_writer;
use crate::{Error, Result, Workspace};

/// A mapping as a grid, one row a target field.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct MappingGrid {
    /// The replication.
    pub replication: String,
    /// Its target object.
    pub object: String,
    /// Its connection.
    pub connection: Option<String>,
    /// When the org last told what its fields are, UTC milliseconds; `None` where the standard fields stand in.
    pub described_at: Option<i64>,
    /// The text form of what is shown.
    pub text: String,
    /// It is the mapping in force.
    pub saved: bool,
    /// A run could use it.
    pub usable: bool,
    /// The contact whose values are shown; `None` where there is none.
    pub sample: Option<SampleContact>,
    /// Required fields first, then mapped ones, then the others.
    pub rows: Vec<GridRow>,
    /// Counts over the rows.
    pub counts: GridCounts,
    /// What was found about the whole.
    pub findings: Vec<Finding>,
}

/// Counts over the rows of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct GridCounts {
    /// Fields that a new record must have, the identifier included.
    pub required: usize,
    /// Those of them that are mapped.
    pub required_mapped: usize,
    /// Other fields that are mapped.
    pub mapped: usize,
    /// Fields that could be mapped and are not.
    pub unmapped: usize,
    /// Fields that nobody can write.
    pub read_only: usize,
    /// Proposals that wait for a yes.
    pub likely: usize,
    /// Rows whose value is cut for this sample.
    pub cut: usize,
    /// Rows whose field the org is not known to have.
    pub unverified: usize,
    /// Required fields that are not mapped.
    pub missing: usize,
    /// Rows with any other thing that needs a look.
    pub faults: usize,
}

/// What is to be shown as a grid.
#[derive(Debug, Clone, Default)]
pub struct GridRequest {
    /// The text of the mapping; the one in force where unset.
    pub text: Option<String>,
    /// What is to be changed about it first.
    pub edits: Vec<Edit>,
    /// Rows that are proposed and not yet confirmed, as text.
    pub likely: String,
    /// The contact whose values are shown.
    pub sample: Option<Guid>,
}

/// Shows a mapping, saved or not, as a grid.
///
/// # Errors
/// When there is no such replication, the text cannot be read, or a change cannot be made.
pub fn try_grid(
    workspace: &Workspace,
    replication: &str,
    request: &GridRequest,
) -> Result<MappingGrid> {
    workspace.store().read(|reader| {
        let mut desk = MappingDesk::load(reader, replication, request.sample.as_ref())?;
        let mapping = match &request.text {
            Some(text) => read(text)?,
            None => desk.in_force.clone(),
        };
        let mapping = mapping
            .edited(&request.edits, &desk.object, &desk.settings)
            .map_err(|finding| super::refusal(&finding))?;
        desk.learn(reader, &mapping)?;
        shown(reader, &desk, &mapping, &read(&request.likely)?)
    })
}

fn shown(
    reader: &Reader<'_>,
    desk: &MappingDesk,
    mapping: &Mapping,
    likely: &Mapping,
) -> Result<MappingGrid> {
    let names = desk.names();
    let rows = grid(mapping, likely, desk.facts(&names));
    let findings = check(mapping, &names, &desk.object, &desk.settings);
    let connection = desk.replication.connection;
    let connected = connection.map(|id| reader.connection(id)).transpose()?;
    let described = match connection {
        Some(id) => reader.describe(id, &desk.replication.object)?,
        None => None,
    };
    Ok(MappingGrid {
        replication: desk.replication.name.clone(),
        object: desk.replication.object.clone(),
        connection: connected.map(|connection| connection.name),
        described_at: described.map(|described| described.fetched_at),
        text: mapping.to_string(),
        saved: *mapping == desk.in_force,
        usable: findings
            .iter()
            .all(|finding| finding.severity != Severity::Error),
        sample: desk.sample(),
        counts: count(&rows),
        rows,
        findings: findings
            .into_iter()
            .filter(|finding| finding.line.is_none() && finding.code != "required_unmapped")
            .collect(),
    })
}

fn count(rows: &[GridRow]) -> GridCounts {
    let mut counts = GridCounts::default();
    for row in rows {
        let is_open = row.source.is_none();
        match row.group {
            Group::Required => {
                counts.required += 1;
                counts.required_mapped += usize::from(!is_open);
            }
            Group::Mapped => counts.mapped += 1,
            Group::NotMapped if row.state == RowState::NotWritable => counts.read_only += 1,
            Group::NotMapped => counts.unmapped += 1,
        }
        match row.state {
            RowState::Likely => counts.likely += 1,
            RowState::Cut => counts.cut += 1,
            RowState::Unverified => counts.unverified += 1,
            RowState::RequiredUnmapped => counts.missing += 1,
            _ if row.look => counts.faults += 1,
            _ => {}
        }
    }
    counts
}

/// Saves a mapping that was tried out: it may still lack what a run needs, but no row may be wrong that was not wrong
/// before.
///
/// # Errors
/// When a row cannot be used, or another replication writes the same fields.
pub fn save(workspace: &Workspace, replication: &str, text: &str) -> Result<()> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let mut desk = MappingDesk::load(writer, replication, None)?;
        let mapping = read(text)?;
        desk.learn(writer, &mapping)?;
        let found = check(&mapping, &desk.names(), &desk.object, &desk.settings);
        let is_new = |finding: &&Finding| {
            let row = finding.line.and_then(|line| mapping.rows.get(line - 1));
            finding.severity == Severity::Error
                && row.is_some_and(|row| !desk.in_force.rows.contains(row))
        };
        if let Some(fault) = found.iter().find(is_new) {
            return Err(Error::usage(fault.message.clone(), fault.cure.clone()));
        }
        writer.save_mapping(desk.replication.id, &mapping.to_string(), now)?;
        writer.follow_records(&mapping.asked_records(&desk.settings))?;
        check_one_writer(writer, desk.replication.id)
    })
}

/// Returns what can be chosen for a target.
///
/// # Errors
/// When there is no such replication or field.
pub fn sources(
    workspace: &Workspace,
    replication: &str,
    target: &str,
    text: Option<&str>,
    sample: Option<&Guid>,
) -> Result<Choices> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, sample)?;
        let mapping = match text {
            Some(text) => read(text)?,
            None => desk.in_force.clone(),
        };
        let names = desk.names();
        choices(target, &mapping, desk.facts(&names)).map_err(|finding| super::refusal(&finding))
    })
}

/// Returns the names that templates know.
///
/// # Errors
/// When there is no such replication.
pub fn template_names(
    workspace: &Workspace,
    replication: &str,
    sample: Option<&Guid>,
) -> Result<Vec<TemplateName>> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, sample)?;
        let names = desk.names();
        Ok(names_for(desk.facts(&names)))
    })
}

/// Which way contacts are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the next.
    Next,
    /// To the one before.
    Previous,
}

/// Returns the contact after or before another one; at the end it goes on from the other end.
///
/// # Errors
/// When there is no such replication.
pub fn walk_samples(
    workspace: &Workspace,
    replication: &str,
    from: &Guid,
    direction: Direction,
) -> Result<Option<SampleContact>> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, Some(from))?;
        let forward = direction == Direction::Next;
        let end = if forward {
            ContactId(0)
        } else {
            ContactId(i64::MAX)
        };
        let start = reader
            .contact_by_guid(from)?
            .map_or(end, |contact| contact.id);
        let found = match desk.neighbour(reader, start, forward)? {
            Some(found) => Some(found),
            None => desk.neighbour(reader, end, forward)?,
        };
        match found {
            Some(contact) => sample_contact(reader, contact),
            None => Ok(None),
        }
    })
}

/// What auto-matching makes of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AutoMatched {
    /// The mapping with the certain rows added.
    pub text: String,
    /// The targets that these fill, as people call them.
    pub filled: Vec<String>,
    /// The likely rows as text, one a line.
    pub likely: String,
    /// How many these are.
    pub likely_count: usize,
}

/// Fills what is certain and proposes what is likely for targets that have no source.
///
/// # Errors
/// When there is no such replication, or the text cannot be read.
pub fn auto_match(
    workspace: &Workspace,
    replication: &str,
    text: Option<&str>,
) -> Result<AutoMatched> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, None)?;
        let mut mapping = match text {
            Some(text) => read(text)?,
            None => desk.in_force.clone(),
        };
        let proposals = propose(&mapping, &desk.names(), &desk.object, &desk.settings);
        let mut filled = Vec::new();
        for row in proposals.certain {
            let name = row.target.to_string();
            filled.push(label(&desk, &name));
            mapping.set(row);
        }
        Ok(AutoMatched {
            text: mapping.to_string(),
            filled,
            likely_count: proposals.likely.len(),
            likely: Mapping {
                rows: proposals.likely,
            }
            .to_string(),
        })
    })
}

fn label(desk: &MappingDesk, target: &str) -> String {
    let field = desk.object.field(target);
    field.map_or_else(|| target.to_owned(), |field| field.label.clone())
}

/// What a pasted text would set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Pasted {
    /// Its rows; blank lines and comments are left out.
    pub lines: Vec<PastedLine>,
    /// The rows that can be set, as text.
    pub rows: String,
}

/// One row of a pasted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PastedLine {
    /// Its line, from 1.
    pub line: usize,
    /// As it was pasted.
    pub text: String,
    /// The target as people call it; empty where the line cannot be read.
    pub label: String,
    /// Where the value would come from.
    pub source: Option<SourceWords>,
    /// Where it comes from now.
    pub before: Option<SourceWords>,
    /// The row stands there already.
    pub same: bool,
    /// Why it cannot be set, or what is doubtful about it.
    pub finding: Option<Finding>,
}

/// Tells what a pasted text would set, line by line.
///
/// # Errors
/// When there is no such replication, or the mapping's text cannot be read.
pub fn paste(
    workspace: &Workspace,
    replication: &str,
    text: Option<&str>,
    pasted: &str,
) -> Result<Pasted> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, None)?;
        let mapping = match text {
            Some(text) => read(text)?,
            None => desk.in_force.clone(),
        };
        let mut usable = Mapping::default();
        let mut lines = Vec::new();
        for (at, line) in pasted.trim_start_matches('\u{feff}').lines().enumerate() {
            let text = line.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            lines.push(pasted_line(at + 1, text, &desk, &mapping, &mut usable));
        }
        Ok(Pasted {
            lines,
            rows: usable.to_string(),
        })
    })
}

fn pasted_line(
    line: usize,
    text: &str,
    desk: &MappingDesk,
    mapping: &Mapping,
    usable: &mut Mapping,
) -> PastedLine {
    let names = desk.names();
    let unread = |finding: Option<Finding>| PastedLine {
        line,
        text: text.to_owned(),
        label: String::new(),
        source: None,
        before: None,
        same: false,
        finding,
    };
    let row = match Mapping::parse(text).map(|mapping| mapping.rows.into_iter().next()) {
        Ok(Some(row)) => row,
        Ok(None) => return unread(None),
        Err(findings) => return unread(findings.into_iter().next()),
    };
    let only = Mapping {
        rows: vec![row.clone()],
    };
    let mut found = check(&only, &names, &desk.object, &desk.settings);
    found.retain(|finding| finding.line.is_some());
    found.sort_by_key(|finding| finding.severity);
    let target = row.target.to_string();
    let before = mapping.row(&target);
    let answer = PastedLine {
        label: label(desk, &target),
        source: Some(SourceWords::of(&row.source, &names)),
        before: before.map(|row| SourceWords::of(&row.source, &names)),
        same: before == Some(&row),
        finding: found.into_iter().next(),
        ..unread(None)
    };
    let is_fault = |finding: &Finding| finding.severity == Severity::Error;
    if !answer.finding.as_ref().is_some_and(is_fault) {
        usable.set(row);
    }
    answer
}
