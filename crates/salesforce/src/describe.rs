//! What the org says about its objects and fields.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::wire::{count, has_too_many_values, list, or_default};
use crate::{Client, Error, Result, request, soql};

/// More fields than any org allows on an object.
const MAX_FIELDS: usize = 5_000;
/// More values than any picklist has, and more objects than any field can point to.
const MAX_ENTRIES: usize = 20_000;
/// More objects than any org has.
const MAX_OBJECTS: usize = 20_000;
/// More bytes than any real description has.
const MAX_DESCRIBE_BYTES: usize = 64 << 20;

/// The description of one object, with the fields that this user may see.
///
/// Keys that are not read here stay in the raw text; keys that are missing take the harmless value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "named and meant as in the describe answer")]
pub struct Describe {
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    #[serde(deserialize_with = "or_default")]
    pub label: String,
    #[serde(deserialize_with = "or_default")]
    pub label_plural: String,
    pub key_prefix: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub custom: bool,
    #[serde(deserialize_with = "or_default")]
    pub createable: bool,
    #[serde(deserialize_with = "or_default")]
    pub updateable: bool,
    #[serde(deserialize_with = "or_default")]
    pub deletable: bool,
    #[serde(deserialize_with = "or_default")]
    pub queryable: bool,
    #[serde(deserialize_with = "list::<_, _, MAX_FIELDS>")]
    pub fields: Vec<Field>,
    #[serde(
        rename = "recordTypeInfos",
        deserialize_with = "list::<_, _, MAX_FIELDS>"
    )]
    pub record_types: Vec<RecordType>,
}

/// One field of an object.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "named and meant as in the describe answer")]
pub struct Field {
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    #[serde(deserialize_with = "or_default")]
    pub label: String,
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub field_type: FieldType,
    /// `plaintextarea`, `richtextarea`, `personname` and others.
    pub extra_type_info: Option<String>,
    /// Characters, as the org counts them.
    #[serde(deserialize_with = "count")]
    pub length: u32,
    /// Digits in all.
    #[serde(deserialize_with = "count")]
    pub precision: u32,
    /// Digits after the point.
    #[serde(deserialize_with = "count")]
    pub scale: u32,
    /// Digits of a whole number.
    #[serde(deserialize_with = "count")]
    pub digits: u32,
    #[serde(deserialize_with = "or_default")]
    pub nillable: bool,
    #[serde(deserialize_with = "or_default")]
    pub createable: bool,
    #[serde(deserialize_with = "or_default")]
    pub updateable: bool,
    #[serde(deserialize_with = "or_default")]
    pub defaulted_on_create: bool,
    #[serde(deserialize_with = "or_default")]
    pub external_id: bool,
    #[serde(deserialize_with = "or_default")]
    pub id_lookup: bool,
    #[serde(deserialize_with = "or_default")]
    pub unique: bool,
    #[serde(deserialize_with = "or_default")]
    pub case_sensitive: bool,
    #[serde(deserialize_with = "list::<_, _, MAX_ENTRIES>")]
    pub picklist_values: Vec<PicklistEntry>,
    #[serde(deserialize_with = "or_default")]
    pub restricted_picklist: bool,
    #[serde(deserialize_with = "or_default")]
    pub dependent_picklist: bool,
    pub controller_name: Option<String>,
    #[serde(deserialize_with = "list::<_, _, MAX_ENTRIES>")]
    pub reference_to: Vec<String>,
    pub relationship_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub polymorphic_foreign_key: bool,
    pub compound_field_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub calculated: bool,
    #[serde(deserialize_with = "or_default")]
    pub auto_number: bool,
    #[serde(deserialize_with = "or_default")]
    pub encrypted: bool,
    #[serde(deserialize_with = "or_default")]
    pub filterable: bool,
    #[serde(deserialize_with = "or_default")]
    pub sortable: bool,
    #[serde(deserialize_with = "or_default")]
    pub custom: bool,
    #[serde(deserialize_with = "or_default")]
    pub name_field: bool,
    #[serde(deserialize_with = "or_default")]
    pub deprecated_and_hidden: bool,
    pub inline_help_text: Option<String>,
}

/// One value that a picklist offers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PicklistEntry {
    /// What is sent and stored.
    #[serde(deserialize_with = "or_default")]
    pub value: String,
    /// What people read.
    pub label: Option<String>,
    /// Whether it may still be chosen.
    #[serde(deserialize_with = "or_default")]
    pub active: bool,
    /// Whether new records get it by default.
    #[serde(deserialize_with = "or_default")]
    pub default_value: bool,
    /// Base64 of bits: which values of the controlling field allow it.
    pub valid_for: Option<String>,
}

/// One record type of an object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordType {
    /// Its id; `012000000000000AAA` for the master one.
    #[serde(deserialize_with = "or_default")]
    pub record_type_id: String,
    /// What people read.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its API name.
    #[serde(deserialize_with = "or_default")]
    pub developer_name: String,
    /// Whether it is in use.
    #[serde(deserialize_with = "or_default")]
    pub active: bool,
    /// Whether this user may give it to records.
    #[serde(deserialize_with = "or_default")]
    pub available: bool,
    /// Whether this user's new records get it.
    #[serde(deserialize_with = "or_default")]
    pub default_record_type_mapping: bool,
    /// Whether it stands for *no record type*.
    #[serde(deserialize_with = "or_default")]
    pub master: bool,
}

/// One object, as the list of all objects has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "named and meant as in the describe answer")]
pub struct ObjectSummary {
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    #[serde(deserialize_with = "or_default")]
    pub label: String,
    pub key_prefix: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub custom: bool,
    #[serde(deserialize_with = "or_default")]
    pub createable: bool,
    #[serde(deserialize_with = "or_default")]
    pub updateable: bool,
    #[serde(deserialize_with = "or_default")]
    pub queryable: bool,
}

/// The answer to a question for a description.
#[derive(Debug, Clone, PartialEq)]
pub enum Described {
    /// Nothing has changed since the date that was given.
    NotModified,
    /// The description as it is now.
    Fresh {
        /// HTTP date to ask with next time.
        last_modified: Option<String>,
        /// The answer as it came, to be kept.
        raw: String,
        /// The answer as read.
        describe: Describe,
    },
}

/// Declares each field type once, as the variant and the org's spelling.
macro_rules! field_types {
    ($($variant:ident = $text:literal,)*) => {
        /// Type of a field, as the describe answer spells it.
        ///
        /// # Source
        /// Object Reference, "Field Types".
        #[expect(missing_docs, reason = "each variant is the org's own word")]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum FieldType {
            $($variant,)*
            /// A type that this client does not know, as the org spelled it.
            Other(String),
        }

        impl FieldType {
            /// Returns the org's spelling.
            pub fn as_str(&self) -> &str {
                match self {
                    $(FieldType::$variant => $text,)*
                    FieldType::Other(text) => text,
                }
            }
        }

        impl From<String> for FieldType {
            fn from(text: String) -> FieldType {
                match text.as_str() {
                    $($text => FieldType::$variant,)*
                    _ => FieldType::Other(text),
                }
            }
        }
    };
}

field_types! {
    Address = "address",
    AnyType = "anyType",
    Base64 = "base64",
    Boolean = "boolean",
    Combobox = "combobox",
    ComplexValue = "complexvalue",
    Currency = "currency",
    Date = "date",
    DateTime = "datetime",
    Double = "double",
    Email = "email",
    EncryptedString = "encryptedstring",
    Id = "id",
    Int = "int",
    Json = "json",
    Location = "location",
    Long = "long",
    MultiPicklist = "multipicklist",
    Percent = "percent",
    Phone = "phone",
    Picklist = "picklist",
    Reference = "reference",
    String = "string",
    TextArea = "textarea",
    Time = "time",
    Url = "url",
}

impl Default for FieldType {
    fn default() -> FieldType {
        FieldType::Other(String::new())
    }
}

impl From<FieldType> for String {
    fn from(field_type: FieldType) -> String {
        field_type.as_str().to_owned()
    }
}

impl std::fmt::Display for FieldType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for FieldType {
    type Err = Infallible;

    fn from_str(text: &str) -> std::result::Result<FieldType, Infallible> {
        Ok(FieldType::from(text.to_owned()))
    }
}

impl Describe {
    /// Reads a description, such as one that was kept.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when it is not one; also when a name in it could not be one, because names end up in
    /// queries and addresses.
    pub fn parse(raw: &str) -> Result<Describe> {
        if raw.len() > MAX_DESCRIBE_BYTES || has_too_many_values(raw.as_bytes()) {
            return Err(not_a_describe("it is too long".to_owned()));
        }
        let describe: Describe = serde_json::from_str(raw).map_err(|error| {
            not_a_describe(format!("line {} column {}", error.line(), error.column()))
        })?;
        let fields = describe.fields.iter().map(|field| &field.name);
        if !fields
            .chain([&describe.name])
            .all(|name| soql::is_name(name))
        {
            return Err(not_a_describe(
                "one of its names cannot be a name".to_owned(),
            ));
        }
        Ok(describe)
    }

    /// Returns a field by its API name, without regard to case.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

impl Field {
    /// Tells whether a new record must have a value here.
    ///
    /// # Source
    /// SOAP API Developer Guide, "describeSObjects": createable, not nillable, not defaulted, no checkbox.
    pub fn required_on_create(&self) -> bool {
        let needs_value = self.createable && !self.nillable && !self.defaulted_on_create;
        needs_value && self.field_type != FieldType::Boolean
    }
}

impl Client {
    /// Describes one object, unless it has not changed since the HTTP date that an earlier answer gave.
    ///
    /// # Source
    /// REST API Developer Guide, "sObject Describe".
    pub async fn describe(
        &self,
        object: &str,
        if_modified_since: Option<&str>,
    ) -> Result<Described> {
        let version = self.api_version().await?;
        let request = request::describe(version, object, if_modified_since)?;
        let answer = self.send(&request).await?;
        if answer.status == 304 {
            return Ok(Described::NotModified);
        }
        let raw = std::str::from_utf8(&answer.body);
        let raw = raw.map_err(|_| answer.unreadable("not UTF-8"))?.to_owned();
        let describe = Describe::parse(&raw)?;
        Ok(Described::Fresh {
            last_modified: answer.last_modified,
            raw,
            describe,
        })
    }

    /// Lists all objects that this user may see.
    pub async fn describe_global(&self) -> Result<Vec<ObjectSummary>> {
        #[derive(Deserialize)]
        struct Global {
            #[serde(deserialize_with = "list::<_, _, MAX_OBJECTS>")]
            sobjects: Vec<ObjectSummary>,
        }
        let request = request::describe_global(self.api_version().await?);
        let global: Global = self.send(&request).await?.json()?;
        Ok(global.sobjects)
    }
}

fn not_a_describe(reason: String) -> Error {
    Error::Unreadable {
        status: 200,
        reason: format!("not a description of an object, {reason}"),
        excerpt: String::new(),
    }
}

#[cfg(test)]
#[path = "describe_tests.rs"]
mod tests;
