//! Prepares a mapping, once, for being applied to many contacts.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use leadferry_store::{AskedField, ContactField, PurposeId, ScoreId, SegmentId};

use super::checking::{CheckedRow, examine};
use super::converting::Conversion;
use super::dependence::{Dependence, Place};
use super::preferences::NO;
use super::reading::{Local, Raw, Reading};
use super::wording::source_label;
use super::{Finding, Mapping, MappingRow, Names, Overwrite, Refusal, Severity, Source, Target};
use crate::Settings;
use crate::settings::EmptyValues;
use crate::targets::{TargetObject, TargetType};

/// A mapping, ready to be applied.
#[derive(Debug)]
pub struct Compiled {
    pub(super) rows: Vec<CompiledRow>,
    pub(super) time_zone: TimeZone,
    pub(super) default_company: Option<String>,
    pub(super) default_last_name: Option<String>,
    fields: Vec<ContactField>,
    scores: Vec<ScoreId>,
    segments: Vec<SegmentId>,
    purposes: Vec<PurposeId>,
    records: Vec<(usize, AskedField)>,
    needs_accounts: bool,
}

/// A row, ready to be applied.
#[derive(Debug)]
pub(super) struct CompiledRow {
    pub(super) reading: Reading,
    pub(super) conversion: Conversion,
    /// The key in the record that is sent: a field, or the relationship to a parent.
    pub(super) target: Arc<str>,
    /// The source and the target as people read them.
    pub(super) source_label: String,
    pub(super) target_label: String,
    pub(super) overwrite: Overwrite,
    pub(super) is_parent: bool,
    /// The field that holds what is sent: the lookup itself where a parent is addressed.
    pub(super) held_in: Arc<str>,
    /// What the org takes only beside a value of another field.
    pub(super) dependence: Option<Dependence>,
    /// The rest of the contact goes without a value that the org would refuse.
    pub(super) leaves_out: bool,
    /// A new record must have it.
    pub(super) required: bool,
    /// The user wants every record to have it.
    pub(super) always_required: bool,
    pub(super) createable: bool,
    pub(super) updateable: bool,
    /// An unset value clears what the record has.
    pub(super) clears: bool,
    /// What it sends for a no, where the row says whether somebody allows something.
    pub(super) no: Option<String>,
    /// What isn't a no only takes back a no of ours.
    pub(super) is_opt_out: bool,
}

/// Prepares a mapping.
///
/// # Errors
/// All findings, where any of them is an error.
pub fn compile(
    mapping: &Mapping,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
    time_zone: &TimeZone,
) -> Result<Compiled, Vec<Finding>> {
    let (findings, checked) = examine(mapping, names, object, settings);
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(findings);
    }
    let rows: Vec<_> = checked
        .into_iter()
        .map(|row| compile_row(row, object, settings))
        .collect();
    let locals = || rows.iter().flat_map(|row| row.reading.locals());
    let fields: BTreeSet<_> = locals().flat_map(|local| local.fields()).collect();
    let scores: BTreeSet<_> = locals().filter_map(|local| local.score()).collect();
    Ok(Compiled {
        fields: fields.into_iter().collect(),
        scores: scores.into_iter().collect(),
        segments: locals()
            .filter_map(|local| local.segment())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        purposes: locals()
            .filter_map(|local| local.purpose())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        records: locals()
            .filter_map(|local| local.record())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter_map(|at| Some((at, names.salesforce.get(at)?.0.clone())))
            .collect(),
        needs_accounts: locals().any(|local| local.needs_account()),
        time_zone: time_zone.clone(),
        default_company: settings.default_company.clone(),
        default_last_name: settings.default_last_name.clone(),
        rows,
    })
}

/// Prepares a row for [`Compiled::texts`]: without its value map, and whether or not a new record could do with it alone.
///
/// # Errors
/// All findings, where any of them is an error.
pub fn compile_alone(
    row: &MappingRow,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
    time_zone: &TimeZone,
) -> Result<Compiled, Vec<Finding>> {
    let row = MappingRow {
        values: Vec::new(),
        required: false,
        ..row.clone()
    };
    let updates = Settings {
        create_missing: false,
        ..settings.clone()
    };
    compile(
        &Mapping { rows: vec![row] },
        names,
        object,
        &updates,
        time_zone,
    )
}

pub(super) fn compile_row(
    checked: CheckedRow,
    object: &TargetObject,
    settings: &Settings,
) -> CompiledRow {
    let CheckedRow {
        row,
        reading,
        field,
        conversion,
        ..
    } = checked;
    let is_parent = matches!(row.target, Target::Parent { .. });
    // A checkbox has no third state, a parent is cleared by its lookup only, and the org refuses to clear the rest.
    let can_be_cleared = field.nillable && field.kind != TargetType::Checkbox && !is_parent;
    let place = Place::of(&field, object);
    let reading = match (reading, place) {
        (Reading::Local(Local::CountryName), Some(place)) => {
            Reading::OrgCountry(place.country_names())
        }
        (Reading::Local(Local::StateName), Some(place)) => Reading::OrgState(place.state_codes()),
        (reading, _) => reading,
    };
    CompiledRow {
        clears: can_be_cleared
            && settings.empty_values == EmptyValues::Clear
            && matches!(row.overwrite, Overwrite::Always | Overwrite::Own),
        no: no_of(&row.source, &conversion),
        is_opt_out: matches!(row.source, Source::Field(_)) && row.source.says_no_with().is_some(),
        target: match &row.target {
            Target::Field(name) => name.as_str().into(),
            Target::Parent { relationship, .. } => relationship.as_str().into(),
        },
        source_label: source_label(&row.source),
        target_label: format!("{} ({})", field.label, row.target),
        overwrite: row.overwrite,
        required: field.required && field.kind != TargetType::Checkbox,
        always_required: row.required,
        createable: field.createable,
        updateable: field.updateable,
        is_parent,
        leaves_out: row.refusal == Refusal::LeaveOut,
        dependence: Dependence::of(&field, object).filter(|_| !is_parent),
        held_in: field.name.as_str().into(),
        reading,
        conversion,
    }
}

/// Returns what a row sends for a no, as its value map and its field leave it.
fn no_of(source: &Source, conversion: &Conversion) -> Option<String> {
    match source {
        Source::Preference(_) => {
            let converted = conversion.convert(Raw::Text(NO.into()), &TimeZone::UTC);
            converted.ok().flatten().map(|converted| converted.json)
        }
        source => source.says_no_with().map(str::to_owned),
    }
}

impl Compiled {
    /// Returns the contact fields that have to be loaded.
    pub fn fields(&self) -> &[ContactField] {
        &self.fields
    }

    /// Returns the scores whose points have to be loaded.
    pub fn scores(&self) -> &[ScoreId] {
        &self.scores
    }

    /// Returns the segments whose statuses have to be loaded.
    pub fn segments(&self) -> &[SegmentId] {
        &self.segments
    }

    /// Returns the purposes whose answers have to be loaded.
    pub fn purposes(&self) -> &[PurposeId] {
        &self.purposes
    }

    /// Returns the fields of Salesforce's data that have to be loaded, by number.
    pub fn records(&self) -> &[(usize, AskedField)] {
        &self.records
    }

    /// Tells whether any row says whether somebody allows something.
    pub fn says_no(&self) -> bool {
        self.rows.iter().any(|row| row.no.is_some())
    }

    /// Visits the fields that a no goes to.
    pub fn refusal_targets(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().filter(|row| row.no.is_some());
        rows.map(|row| &*row.target)
    }

    /// Tells whether the contact's accounts matter.
    pub fn needs_accounts(&self) -> bool {
        self.needs_accounts
    }

    /// Visits the keys of the record that may be sent: field names, and relationships to parents.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| &*row.target)
    }

    /// Tells whether any row depends on what the record holds.
    pub fn has_if_empty(&self) -> bool {
        let can_stand_in = |row: &CompiledRow| match &row.reading {
            Reading::Local(Local::CompanyName) => self.default_company.is_some(),
            _ => true,
        };
        self.rows.iter().any(|row| match row.overwrite {
            Overwrite::IfEmpty => true,
            Overwrite::Own => can_stand_in(row),
            Overwrite::Always | Overwrite::OnCreate => false,
        })
    }

    /// Returns the fields that can be read back from a record, in row order; of a parent the lookup, where a rule needs it.
    pub fn reads(&self) -> Vec<&str> {
        let is_read = |row: &&CompiledRow| {
            !row.is_parent || matches!(row.overwrite, Overwrite::IfEmpty | Overwrite::Own)
        };
        let rows = self.rows.iter().filter(is_read);
        rows.map(|row| &*row.held_in).collect()
    }
}
