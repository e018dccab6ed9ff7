//! Finds a custom contact field in a mapping, and puts its new name there.

use super::names::is_custom_field;
use super::{Mapping, Source, renamed_in_template, template_reads_field};

impl Mapping {
    /// Tells whether a row reads a custom contact field, alone or in a template.
    pub fn reads_field(&self, name: &str) -> bool {
        self.rows.iter().any(|row| match &row.source {
            Source::Field(field) => is_custom_field(field, name),
            Source::Template(text) => template_reads_field(text, name),
            _ => false,
        })
    }

    /// Puts another name where a custom contact field is read; returns whether it was anywhere.
    pub fn rename_field(&mut self, from: &str, to: &str) -> bool {
        let mut renamed = false;
        for row in &mut self.rows {
            let source = match &row.source {
                Source::Field(field) if is_custom_field(field, from) => {
                    Some(Source::Field(format!("custom:{to}")))
                }
                Source::Template(text) => renamed_in_template(text, from, to).map(Source::Template),
                _ => None,
            };
            if let Some(source) = source {
                row.source = source;
                renamed = true;
            }
        }
        renamed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_field_stays_mapped() {
        let text = "custom:Region=Region__c\ncity=City\nFrom {% Contact.Region %}=Description\n";
        let mut mapping = Mapping::parse(text).unwrap();
        assert!(mapping.reads_field("region"));
        assert!(mapping.rename_field("Region", "Area"));
        assert_eq!(
            mapping.to_string(),
            "custom:Area=Region__c\ncity=City\nFrom {% Contact[\"Area\"] %}=Description\n"
        );
        assert!(!mapping.reads_field("Region"));
        assert!(!mapping.rename_field("Region", "Area"));
    }
}
