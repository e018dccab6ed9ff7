//! Values that mean something else when a part of them is cut off.

use leadferry_store::ContactField;

use super::{MappingRow, Source, Target};
use crate::targets::{TargetField, TargetType};

/// Words by which people call what only means something as a whole.
const WORDS: &[&str] = &[
    "id", "ids", "code", "key", "number", "no", "nr", "iban", "bic", "vat", "sku", "url", "link",
    "phone", "fax", "email", "mail", "zip", "token", "guid", "uuid",
];

/// Tells whether the values of a row are never shortened: phone numbers, emails, addresses on the web, ids and codes.
pub(super) fn is_whole(row: &MappingRow, field: &TargetField) -> bool {
    let by_type = matches!(
        field.kind,
        TargetType::Email | TargetType::Phone | TargetType::Url
    );
    let is_key = field.external_id || field.unique || matches!(row.target, Target::Parent { .. });
    by_type || is_key || is_whole_source(&row.source) || (field.custom && is_called_so(&field.name))
}

fn is_whole_source(source: &Source) -> bool {
    match source {
        Source::CountryCode | Source::StateCode => true,
        Source::Field(name) => match ContactField::built_in(name) {
            Some(field) => is_whole_field(field),
            None => is_called_so(name.strip_prefix("custom:").unwrap_or(name)),
        },
        _ => false,
    }
}

fn is_whole_field(field: ContactField) -> bool {
    matches!(
        field,
        ContactField::Email
            | ContactField::Email2
            | ContactField::Website
            | ContactField::BusinessPhone
            | ContactField::MobilePhone
            | ContactField::HomePhone
            | ContactField::Fax
            | ContactField::PostalCode
    )
}

/// Tells whether one of the words of a name says so: `Customer_No__c`, `customer ID`, `customerId`.
fn is_called_so(name: &str) -> bool {
    words(name.strip_suffix("__c").unwrap_or(name)).any(|word| WORDS.contains(&word.as_str()))
}

fn words(name: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut before_is_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && before_is_small {
            spaced.push(' ');
        }
        before_is_small = letter.is_lowercase();
        spaced.push(if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        });
    }
    let words: Vec<_> = spaced.split_whitespace().map(str::to_lowercase).collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::is_called_so;

    #[test]
    fn a_word_of_the_name_tells_that_only_the_whole_means_something() {
        for name in [
            "Customer_No__c",
            "customer ID",
            "customerId",
            "IBAN",
            "Vat code",
            "Tracking_URL__c",
        ] {
            assert!(is_called_so(name), "{name}");
        }
        for name in [
            "Notes",
            "Idea__c",
            "Numbered",
            "Codex",
            "Keynote title",
            "Nobility__c",
        ] {
            assert!(!is_called_so(name), "{name}");
        }
    }
}
