//! What the target object looks like: from the org's describe, or the standard fields that ship with the app.

mod describing;
mod drift;
mod identifier;
mod standard;

use serde::{Deserialize, Serialize};

pub use describing::type_name;
pub use drift::{Change, FieldChange, drift};

use crate::mapping::{Mapping, Target};

/// The object that records are written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct TargetObject {
    /// API name, `Lead` or `Contact`.
    pub name: String,
    /// Its fields in the order in which lists show them.
    pub fields: Vec<TargetField>,
    /// Whether the org described it; otherwise it is what ships with the app.
    pub described: bool,
    /// The record types that records may be given; empty where that is not known.
    pub record_types: Vec<String>,
    /// The objects that lookups point to, as far as the org was asked about them.
    pub parents: Vec<Parent>,
}

/// An object that a lookup points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Parent {
    /// API name.
    pub name: String,
    /// API names of its fields.
    pub fields: Vec<String>,
    /// Those of them by which one of its records can be found.
    pub keys: Vec<String>,
}

impl TargetObject {
    /// Returns the field of this exact API name.
    pub fn field(&self, name: &str) -> Option<&TargetField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the lookup field that a relationship such as `Account` or `Parent__r` stands for.
    pub fn lookup(&self, relationship: &str) -> Option<&TargetField> {
        self.fields
            .iter()
            .find(|field| field.relationship_name.as_deref() == Some(relationship))
    }

    /// Returns the objects whose records the rows of a mapping address by an External ID, each once.
    pub fn parents_of(&self, mapping: &Mapping) -> Vec<String> {
        let addressed = mapping.rows.iter().filter_map(|row| match &row.target {
            Target::Parent { relationship, .. } => self.lookup(relationship),
            Target::Field(_) => None,
        });
        let only = addressed.filter(|lookup| lookup.reference_to.len() == 1);
        let mut names: Vec<_> = only.map(|lookup| lookup.reference_to[0].clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The type of a target field, as people know it from the set-up pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetType {
    /// One line of text.
    Text,
    /// Text of several lines, at most 255 characters.
    TextArea,
    /// Long or rich text.
    LongTextArea,
    /// Text that the org encrypts.
    Encrypted,
    /// E-mail.
    Email,
    /// Phone.
    Phone,
    /// URL.
    Url,
    /// Picklist, one value.
    Picklist,
    /// Picklist, several values.
    MultiPicklist,
    /// Checkbox.
    Checkbox,
    /// Number.
    Number,
    /// Whole number of a standard field.
    Integer,
    /// Percent.
    Percent,
    /// Currency.
    Currency,
    /// Date.
    Date,
    /// Date and time.
    DateTime,
    /// Time of day.
    Time,
    /// Lookup or master-detail.
    Reference,
    /// Record id.
    Id,
    /// A type that nothing can be written to as a whole, such as `address`.
    Other(String),
    /// Not known: a custom field that was typed by hand.
    Unknown,
}

impl TargetType {
    /// Returns the name that the set-up pages use.
    pub fn name(&self) -> &str {
        match self {
            Self::Text => "Text",
            Self::TextArea => "Text Area",
            Self::LongTextArea => "Text Area (Long)",
            Self::Encrypted => "Text (Encrypted)",
            Self::Email => "Email",
            Self::Phone => "Phone",
            Self::Url => "URL",
            Self::Picklist => "Picklist",
            Self::MultiPicklist => "Picklist (Multi-Select)",
            Self::Checkbox => "Checkbox",
            Self::Number | Self::Integer => "Number",
            Self::Percent => "Percent",
            Self::Currency => "Currency",
            Self::Date => "Date",
            Self::DateTime => "Date/Time",
            Self::Time => "Time",
            Self::Reference => "Lookup",
            Self::Id => "record id",
            Self::Other(name) => name,
            Self::Unknown => "not known yet",
        }
    }

    /// Tells whether values of this type are text.
    pub fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::TextArea
                | Self::LongTextArea
                | Self::Encrypted
                | Self::Email
                | Self::Phone
                | Self::Url
                | Self::Picklist
                | Self::MultiPicklist
        )
    }

    /// Tells whether values of this type are numbers.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Number | Self::Integer | Self::Percent | Self::Currency
        )
    }
}

/// One field of the target object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct TargetField {
    /// API name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Type.
    pub kind: TargetType,
    /// Most characters in UTF-16 units; `None` where there is no such limit or it is not known.
    pub length: Option<u32>,
    /// Digits in all, of numbers other than whole ones; 0 when not known.
    pub precision: u32,
    /// Digits after the point.
    pub scale: u32,
    /// Digits of whole numbers; 0 when not known.
    pub digits: u32,
    /// Whether a new record may be given a value.
    pub createable: bool,
    /// Whether an existing record may be given a value.
    pub updateable: bool,
    /// Whether a new record must be given a value.
    pub required: bool,
    /// Whether the value of an existing record may be cleared.
    pub nillable: bool,
    /// The values that a picklist offers, inactive ones included.
    pub picklist: Vec<PicklistValue>,
    /// Whether the org refuses values that the picklist does not offer.
    pub restricted: bool,
    /// The field that decides which values of the picklist can be chosen.
    pub controller: Option<Controller>,
    /// Whether the field is an External ID.
    pub external_id: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether values that differ in case only count as different.
    pub case_sensitive: bool,
    /// Whether queries may filter on it.
    pub filterable: bool,
    /// Whether it is a custom field.
    pub custom: bool,
    /// The name under which a lookup's parent is addressed, such as `Account` or `Parent__r`.
    pub relationship_name: Option<String>,
    /// The objects that a lookup may point to.
    pub reference_to: Vec<String>,
    /// Whether the org is known to have it as it stands here.
    pub verified: bool,
}

impl TargetField {
    /// Returns a custom field of which only the name is known.
    pub fn unverified(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: name.to_owned(),
            kind: TargetType::Unknown,
            length: None,
            precision: 0,
            scale: 0,
            digits: 0,
            createable: true,
            updateable: true,
            required: false,
            nillable: true,
            picklist: Vec::new(),
            restricted: false,
            controller: None,
            external_id: false,
            unique: false,
            case_sensitive: false,
            filterable: true,
            custom: crate::settings::is_custom_field_name(name),
            relationship_name: None,
            reference_to: Vec::new(),
            verified: false,
        }
    }

    /// Tells whether nothing can ever be written to the field.
    pub fn is_read_only(&self) -> bool {
        !self.createable && !self.updateable
    }
}

/// What decides which values of a picklist can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Controller {
    /// API name of the controlling field.
    pub field: String,
    /// For each value of the picklist: bit n from the left says that it may stand beside the n-th controlling value.
    pub valid_for: Vec<Vec<u8>>,
}

/// One value that a picklist offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct PicklistValue {
    /// What is sent and stored.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it may still be chosen.
    pub active: bool,
}

#[cfg(test)]
mod tests;
