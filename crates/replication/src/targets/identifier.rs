//! Whether a field can hold our guid.

use super::{TargetObject, TargetType};

/// A guid has this many characters.
const GUID_LENGTH: u32 = 32;

const RECIPE: &str = "a Text field of 32 or more with External ID and Unique ticked, treating \"ABC\" and \"abc\" as duplicates";

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
                "{name} was typed by hand and is not verified: connect, and refresh the fields"
            ));
        }
        let mut reasons = Vec::new();
        if field.kind != TargetType::Text {
            reasons.push(format!("it is of type {}, not Text", field.kind.name()));
        } else if field.length.is_none_or(|length| length < GUID_LENGTH) {
            reasons.push(format!(
                "it takes {} characters, not {GUID_LENGTH}",
                field.length.unwrap_or_default()
            ));
        }
        if !field.external_id {
            reasons.push("it is not an External ID".to_owned());
        }
        if !field.unique {
            reasons.push("it is not Unique".to_owned());
        }
        if field.case_sensitive {
            reasons.push("it is case-sensitive".to_owned());
        }
        if !(field.createable && field.updateable) {
            reasons.push("this user may not write to it".to_owned());
        }
        if reasons.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{name} cannot be the identifier: {}. Needed is {RECIPE}.",
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
                "{} has no field {name}; did you mean {}?",
                self.name, field.name
            );
        }
        if self.described {
            format!(
                "{} has no field {name} that this user may see. Create it ({RECIPE}), or let the org be prepared.",
                self.name
            )
        } else {
            format!(
                "whether {} has a field {name} is not known yet: connect, and refresh the fields",
                self.name
            )
        }
    }
}
