//! The headings of exported files: what people read, and what an import takes for the same columns.

use leadferry_store::{ContactField, ListColumn, Reader};

use crate::labels;

/// The heading of the first column. A file that has it was written here, and is read back exactly.
pub(crate) const OWN_ID: &str = "Leadferry ID";

const NAME: &str = "Full name (calculated)";
const ACCOUNT: &str = "Account (calculated)";
const DELIVERY: &str = "Salesforce status (calculated)";
const POINTS: &str = "Points: ";

/// What a heading of an exported file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    /// A built-in field.
    Field(ContactField),
    /// Something that Leadferry works out itself, and never takes from a file.
    Calculated,
}

impl Heading {
    /// Reads a heading; nothing for a custom field's. Exports of earlier versions have names of fields instead of labels.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if [OWN_ID, NAME, ACCOUNT, DELIVERY].contains(&text) || text.starts_with(POINTS) {
            return Some(Self::Calculated);
        }
        let named = |field: &&ContactField| {
            let name = field.to_string();
            name == text || labels::field(&name) == text
        };
        let field = ContactField::BUILT_IN.iter().find(named);
        field.map(|field| Self::Field(*field))
    }
}

/// Returns the heading of a column.
pub(crate) fn of(reader: &Reader<'_>, column: ListColumn) -> leadferry_store::Result<String> {
    Ok(match column {
        ListColumn::Name => NAME.to_owned(),
        ListColumn::Account => ACCOUNT.to_owned(),
        ListColumn::Delivery => DELIVERY.to_owned(),
        ListColumn::Points(score) => format!("{POINTS}{}", reader.score(score)?.name),
        ListColumn::Field(field) => {
            let name = reader.field_name(field)?;
            let label = labels::field(&name);
            // A custom field may be called as a built-in one is.
            let is_taken =
                matches!(field, ContactField::Custom(_)) && Heading::read(&label).is_some();
            if is_taken { name } else { label }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_built_in_field_is_known_again_by_its_label() {
        let mut seen = BTreeSet::new();
        for field in ContactField::BUILT_IN {
            let label = labels::field(&field.to_string());
            assert_eq!(
                Heading::read(&label),
                Some(Heading::Field(*field)),
                "{label}"
            );
            assert_eq!(Heading::read(&field.to_string()), Heading::read(&label));
            assert!(seen.insert(label), "{field} is called like another");
        }
        assert_eq!(Heading::read("Points: Interest"), Some(Heading::Calculated));
        assert_eq!(Heading::read("Region"), None);
    }
}
