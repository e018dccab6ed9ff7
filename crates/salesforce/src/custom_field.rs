//! Making custom fields.

use serde_json::{Value, json};

use crate::rest::created_id;
use crate::{Client, Error, ErrorCode, Id, Result, request};

/// A custom field to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// API name of the object, such as `Lead`.
    pub object: String,
    /// API name of the field, ending in `__c`.
    pub name: String,
    /// What people read.
    pub label: String,
    /// What the field is for.
    pub description: String,
    /// Its type.
    pub kind: CustomFieldKind,
}

/// Type of a custom field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomFieldKind {
    /// One line of text.
    Text {
        /// At most 255 characters.
        length: u32,
        /// Whether rows can be upserted by it.
        external_id: bool,
        /// Whether no two records may hold the same value.
        unique: bool,
        /// Whether values that differ in case only are different ones.
        case_sensitive: bool,
    },
    /// Many lines of text; cannot be filtered on.
    LongTextArea {
        /// 256-131,072 characters.
        length: u32,
        /// Lines shown on the page.
        visible_lines: u32,
    },
    /// Yes or no, *no* at first.
    Checkbox,
    /// A date and time.
    DateTime,
    /// A number.
    Number {
        /// Digits in all, at most 18.
        precision: u32,
        /// Digits after the point.
        scale: u32,
    },
}

/// Whether a field had to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It was made; no one can see it before permissions are granted.
    New(Id),
    /// A field of that name exists; whether it fits is for the describe to say.
    AlreadyThere,
}

impl CustomField {
    /// Returns what the Tooling API is told about the field.
    pub fn to_json(&self) -> Value {
        let mut metadata = self.kind.metadata();
        metadata["label"] = json!(self.label);
        metadata["description"] = json!(self.description);
        json!({
            "FullName": format!("{}.{}", self.object, self.name),
            "Metadata": metadata,
        })
    }
}

impl CustomFieldKind {
    fn metadata(self) -> Value {
        match self {
            CustomFieldKind::Text {
                length,
                external_id,
                unique,
                case_sensitive,
            } => {
                let mut text = json!({
                    "type": "Text",
                    "length": length,
                    "externalId": external_id,
                    "unique": unique,
                    "required": false,
                });
                if unique {
                    text["caseSensitive"] = json!(case_sensitive);
                }
                text
            }
            CustomFieldKind::LongTextArea {
                length,
                visible_lines,
            } => json!({"type": "LongTextArea", "length": length, "visibleLines": visible_lines}),
            CustomFieldKind::Checkbox => json!({"type": "Checkbox", "defaultValue": "false"}),
            CustomFieldKind::DateTime => json!({"type": "DateTime", "required": false}),
            CustomFieldKind::Number { precision, scale } => {
                json!({"type": "Number", "precision": precision, "scale": scale, "required": false})
            }
        }
    }
}

impl Client {
    /// Makes a custom field, unless one of that name exists.
    ///
    /// # Source
    /// Tooling API, `CustomField`.
    pub async fn create_custom_field(&self, field: &CustomField) -> Result<Created> {
        let version = self.api_version().await?;
        let request = request::create_tooling_row(version, "CustomField", &field.to_json())?;
        match self.send(&request).await {
            Ok(answer) => Ok(Created::New(created_id(&answer)?)),
            Err(error) if is_already_there(&error) => Ok(Created::AlreadyThere),
            Err(error) => Err(error),
        }
    }
}

/// The code is not documented, so the text counts too.
fn is_already_there(error: &Error) -> bool {
    let codes = [ErrorCode::DuplicateDeveloperName, ErrorCode::DuplicateValue];
    let by_code = error.code().is_some_and(|code| codes.contains(code));
    by_code
        || error
            .message()
            .is_some_and(|text| text.contains("already a field named"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_described_as_the_tooling_api_wants_it() {
        let field = CustomField {
            object: "Lead".into(),
            name: "Person_ID__c".into(),
            label: "Person ID".into(),
            description: "Who this is".into(),
            kind: CustomFieldKind::Text {
                length: 32,
                external_id: true,
                unique: true,
                case_sensitive: false,
            },
        };
        let expected = json!({"FullName": "Lead.Person_ID__c", "Metadata": {
            "type": "Text", "length": 32, "externalId": true, "unique": true, "caseSensitive": false,
            "required": false, "label": "Person ID", "description": "Who this is",
        }});
        assert_eq!(field.to_json(), expected);
    }
}
