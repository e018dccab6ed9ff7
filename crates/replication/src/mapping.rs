//! Mapping: which value goes to which field, as rows, as text, checked, and applied to a contact.
//!
//! [`Mapping::parse`] reads the text form, [`check`] holds it against the target object, [`compile`] prepares it once,
//! and [`Compiled::map`] is then asked contact by contact. Everything here is a plain function of its inputs.

mod auto_matching;
mod beside;
mod checking;
mod choices;
mod compiling;
mod converting;
mod dates;
mod dependence;
mod drifting;
mod editing;
mod escaping;
mod findings;
mod fitting;
mod grid;
mod mapped;
mod names;
mod notes;
mod numbers;
mod parsing;
mod periods;
mod picklists;
mod places;
mod preferences;
mod printing;
mod problems;
mod reading;
mod remarking;
mod renaming;
mod rules;
mod standard_rows;
mod templates;
mod texts;
mod troubles;
mod whole;
mod wording;

use leadferry_store::{AccountField, AskedField, Channel, ContactField};
use serde::{Deserialize, Serialize};

pub use auto_matching::{Proposals, auto_match};
pub(crate) use checking::nearest_target;
pub use checking::{check, check_text};
pub use choices::{Choice, Choices, Misfit, TemplateName, choices, template_names};
pub use compiling::{Compiled, compile, compile_alone};
pub(crate) use dates::{date_of, start_of};
pub use drifting::{Drifted, drifted};
pub use editing::Edit;
pub use findings::{Finding, Severity};
pub(crate) use findings::{did_you_mean, excerpt, nearest};
pub use fitting::fits;
pub use grid::{Form, GridFacts, GridRow, Group, RowState, Sample, Sends, grid};
pub(crate) use mapped::hash_text;
pub use mapped::{Cut, Mapped, MappedValue, NotWritten, Purpose};
pub use names::Names;
pub use notes::notes;
pub use periods::{Period, Phase, day};
pub use picklists::offers;
pub use places::{country_code, country_name, state_code, state_name};
pub use remarking::{NEEDS_A_VALUE, Remark, RemarkKind};
pub use renaming::Named;
pub use templates::{check_template, preview_template, renamed_in_template, template_reads};
pub use troubles::{Trouble, TroubleKind};
pub(crate) use wording::capitalized;
pub use wording::{SourceKind, SourceWords, field_label};

/// The rows of a replication's mapping.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// One row per target, in the order in which lists show them.
    pub rows: Vec<MappingRow>,
}

/// One target and where its value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// Where the value comes from.
    pub source: Source,
    /// Where it goes.
    pub target: Target,
    /// When a value that the record has gives way.
    pub overwrite: Overwrite,
    /// What to do with values that are too long or too precise.
    pub cutting: Cutting,
    /// What to do with a value that the org would refuse.
    pub refusal: Refusal,
    /// Whether contacts without a value are blocked, even if the org does not ask for one.
    pub required: bool,
    /// Values to replace and what by, compared without regard to case; for text and picklists.
    pub values: Vec<(String, String)>,
    /// The days on which it is written; only a segment's status has any but all.
    pub period: Period,
}

impl MappingRow {
    /// Returns a row with the usual rules: written on every day, shortened where needed, left out where the org would
    /// refuse the value.
    pub fn new(source: Source, target: Target) -> Self {
        Self {
            overwrite: source.usual_overwrite(),
            source,
            target,
            cutting: Cutting::Shorten,
            refusal: Cutting::Shorten.usual_refusal(),
            required: false,
            values: Vec::new(),
            period: Period::default(),
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A contact field: its built-in name, or `custom:` and the name that the user gave.
    Field(String),
    /// A field of the account that the company name comes from.
    Account(AccountField),
    /// The company name, found in the order that [`Compiled::map`] describes.
    CompanyName,
    /// The description that the settings' template generates.
    Description,
    /// The country's usual English name.
    CountryName,
    /// The country's two-letter code.
    CountryCode,
    /// The state's name.
    StateName,
    /// The state's code within its country.
    StateCode,
    /// The address lines that are set, one below the other.
    Street,
    /// The points in the score of this name.
    Points(String),
    /// `realized` or `exited` in the segment of this name; unset for those who never were in it.
    Segment(String),
    /// Whether consent was given to a purpose, preference or value, by its path; unset for those who never answered.
    Consent {
        /// The names from the purpose down.
        path: String,
        /// Says *yes* for those who refused.
        refused: bool,
    },
    /// A field of the record in the replication's org that the contact is linked to, or of its account or owner, as a pull has
    /// read it.
    Salesforce(AskedField),
    /// The values of a preference that were given, by the preference's path; *No* for those who refused, unset for those who
    /// never answered.
    Preference(String),
    /// The same text for everyone, such as a picklist entry.
    Constant(String),
    /// Text with `{% … %}` or `{{ … }}` for values.
    Template(String),
}

impl Source {
    /// Tells whether it is a segment's status.
    pub fn is_segment(&self) -> bool {
        matches!(self, Self::Segment(_))
    }

    /// Returns the value that says no, where the source is an opt-out or consent.
    pub(crate) fn says_no_with(&self) -> Option<&'static str> {
        match self {
            Self::Field(name) => {
                let field = ContactField::built_in(name)?;
                Channel::of(field).map(|_| "true")
            }
            Self::Consent { refused, .. } => Some(if *refused { "true" } else { "false" }),
            Self::Preference(_) => Some("\"No\""),
            _ => None,
        }
    }

    /// Returns the rule of a row that says none: what is the same for everyone, or stands in for a value that the contact
    /// does not have, only fills a record that has nothing there.
    pub fn usual_overwrite(&self) -> Overwrite {
        match self {
            Self::Constant(_) | Self::Description => Overwrite::IfEmpty,
            Self::CompanyName | Self::Template(_) => Overwrite::Own,
            _ => Overwrite::Always,
        }
    }
}

/// Where a value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A field of the record.
    Field(String),
    /// The parent record that has the value in one of its External ID fields.
    Parent {
        /// Name of the relationship, such as `Account` or `Parent__r`.
        relationship: String,
        /// The parent's External ID field.
        field: String,
    },
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Parent {
                relationship,
                field,
            } => write!(f, "{relationship}.{field}"),
        }
    }
}

/// When a value that the record has gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Overwrite {
    /// To the contact's own values always; to what stands in for them only where the record has none.
    Own,
    /// Always.
    Always,
    /// Only where the record has none.
    IfEmpty,
    /// Never: the value is given to new records only.
    OnCreate,
}

/// What to do with values that are too long or too precise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Cutting {
    /// They are shortened, and the plan says so.
    Shorten,
    /// They count as values that the org would refuse.
    Refuse,
}

impl Cutting {
    /// Returns what a row that says nothing else does with a value that the org would refuse.
    pub fn usual_refusal(self) -> Refusal {
        match self {
            Self::Shorten => Refusal::LeaveOut,
            Self::Refuse => Refusal::Block,
        }
    }
}

/// What to do with a value that the org would refuse, where the record can do without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "RefusalRule")]
pub enum Refusal {
    /// The rest of the contact goes without it, and the plan says so.
    LeaveOut,
    /// The contact is blocked.
    Block,
}

#[cfg(test)]
mod tests;
