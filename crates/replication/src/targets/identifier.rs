//! Whether a field can hold our guid.

use super::{TargetObject, TargetType};

/// A guid has this many characters.
const GUID_LENGTH: u32 = 32;

const RECIPE: &str = "a Text field of 32 or more characters with External ID and Unique checked, treating \
                      \"ABC\" and \"abc\" as duplicates";

impl TargetObject {
    /// Tells whether a field can be the identifier.
    ///
    /// # Errors
    /// Every reason against it and the cure, in one text.
    pub fn identifier(&self, name: &str) -> Result<(), String> {
        let Some(field) = self.field(name) else {
            return Err(self.no_such_identifier(name));
        };
        if field.kind == TargetType::Unknown {
            return Err(format!(
                "{name} isn't verified yet. Sign in and refresh the fields"
            ));
        }
        let mut reasons = Vec::new();
        if field.kind != TargetType::Text {
            reasons.push(format!("its type is {}, not Text", field.kind.name()));
        } else if field.length.is_none_or(|length| length < GUID_LENGTH) {
            reasons.push(format!(
                "it holds {} characters, not {GUID_LENGTH}",
                field.length.unwrap_or_default()
            ));
        }
        if !field.external_id {
            reasons.push("it isn't an External ID".to_owned());
        }
        if !field.unique {
            reasons.push("it isn't Unique".to_owned());
        }
        if field.case_sensitive {
            reasons.push("it's case-sensitive".to_owned());
        }
        if !(field.createable && field.updateable) {
            reasons.push("you can't edit it".to_owned());
        }
        if reasons.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{name} can't be the identifier: {}. Use {RECIPE}.",
            reasons.join(", ")
        ))
    }

    fn no_such_identifier(&self, name: &str) -> String {
        if let Some(field) = self
            .fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
        {
            return format!(
                "{} has no field {name}. Did you mean {}?",
                self.name, field.name
            );
        }
        if self.described {
            format!(
                "{} has no field {name} that you can see. Create it as {RECIPE}.",
                self.name
            )
        } else {
            format!(
                "{} may not have the field {name}. Connect and refresh the fields to check it",
                self.name
            )
        }
    }
}
