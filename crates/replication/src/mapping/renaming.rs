//! Finds what a mapping names and a user can rename, and puts the new name there.

use leadferry_store::AskedField;

use super::names::is_custom_field;
use super::templates::asked_in_template;
use super::{Mapping, Source, renamed_in_template};
use crate::Settings;

/// Something of the workspace that mappings name and that can get another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// A custom contact field.
    CustomField(&'a str),
    /// A score.
    Score(&'a str),
    /// A segment.
    Segment(&'a str),
    /// A purpose, preference or preference value, by its path.
    Purpose(&'a str),
}

impl<'a> Named<'a> {
    /// Returns the name that it has.
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::CustomField(name)
            | Self::Score(name)
            | Self::Segment(name)
            | Self::Purpose(name) => name,
        }
    }

    /// Tells whether a template's `Contact["…"]` or `Score["…"]` means this.
    pub(super) fn is_member(self, root: &str, member: &str) -> bool {
        match self {
            Self::CustomField(name) => root == "Contact" && is_custom_field(member, name),
            Self::Score(name) => root == "Score" && is_same(member, name),
            Self::Segment(_) | Self::Purpose(_) => false,
        }
    }
}

impl Mapping {
    /// Tells whether a row reads this, alone or in a template.
    pub fn reads(&self, named: Named<'_>) -> bool {
        let mut sources = self.rows.iter().map(|row| &row.source);
        // The name that it would get doesn't matter.
        sources.any(|source| renamed(source, named, "").is_some())
    }

    /// Puts another name where this is read; returns whether it was anywhere.
    pub fn rename(&mut self, from: Named<'_>, to: &str) -> bool {
        let mut any = false;
        for row in &mut self.rows {
            if let Some(source) = renamed(&row.source, from, to) {
                row.source = source;
                any = true;
            }
        }
        any
    }
}

impl Mapping {
    /// Returns the fields of Salesforce's data that rows read, alone or in a template.
    pub fn asked_records(&self, settings: &Settings) -> Vec<AskedField> {
        self.rows
            .iter()
            .flat_map(|row| row.source.asked_records(settings))
            .collect()
    }
}

impl Source {
    /// Returns the fields of Salesforce's data that it reads, alone or in a template.
    pub fn asked_records(&self, settings: &Settings) -> Vec<AskedField> {
        match self {
            Self::Salesforce(asked) => vec![asked.clone()],
            Self::Template(text) => asked_in_template(text),
            Self::Description => asked_in_template(&settings.description),
            _ => Vec::new(),
        }
    }
}

fn renamed(source: &Source, from: Named<'_>, to: &str) -> Option<Source> {
    match (source, from) {
        (Source::Field(field), Named::CustomField(name)) => {
            is_custom_field(field, name).then(|| Source::Field(format!("custom:{to}")))
        }
        (Source::Points(score), Named::Score(name)) => {
            is_same(score, name).then(|| Source::Points(to.to_owned()))
        }
        (Source::Segment(segment), Named::Segment(name)) => {
            is_same(segment, name).then(|| Source::Segment(to.to_owned()))
        }
        (Source::Consent { path, refused }, Named::Purpose(name)) => {
            is_same(path, name).then(|| Source::Consent {
                path: to.to_owned(),
                refused: *refused,
            })
        }
        (Source::Preference(path), Named::Purpose(name)) => {
            is_same(path, name).then(|| Source::Preference(to.to_owned()))
        }
        (Source::Template(text), _) => renamed_in_template(text, from, to).map(Source::Template),
        _ => None,
    }
}

fn is_same(written: &str, name: &str) -> bool {
    written.trim().to_lowercase() == name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "custom:Region=Region__c\ncity=City\n@points:Region=Score__c\n\
        @segment:Region=Segment__c\n@consent:Region=Consent__c\n@refused:Region=Refused__c\n@preference:Region=Values__c\n{% Contact.Region %} has {{ Score.Region }}=Description\n";

    #[test]
    fn what_a_mapping_reads_of_salesforce_is_known() {
        let text = "Salesforce.Rating=Rating\n{% Salesforce.Account.Industry %}, {{ Contact.city }}=Title\n@description=Description\n";
        let settings = Settings {
            description: "Rated {{ Salesforce.Grade__c }}".to_owned(),
            ..Settings::default()
        };
        let names: Vec<String> = Mapping::parse(text)
            .unwrap()
            .asked_records(&settings)
            .iter()
            .map(AskedField::name)
            .collect();
        assert_eq!(
            names,
            [
                "Salesforce.Rating",
                "Salesforce.Account.Industry",
                "Salesforce.Grade__c"
            ]
        );
    }

    #[test]
    fn what_is_renamed_stays_mapped() {
        for (named, after) in [
            (
                Named::CustomField("region"),
                TEXT.replace("custom:Region", "custom:Area")
                    .replace("Contact.Region", "Contact[\"Area\"]"),
            ),
            (
                Named::Score("REGION"),
                TEXT.replace("@points:Region", "@points:Area")
                    .replace("Score.Region", "Score[\"Area\"]"),
            ),
            (
                Named::Segment("Region "),
                TEXT.replace("@segment:Region", "@segment:Area"),
            ),
            (
                Named::Purpose("region"),
                TEXT.replace("@consent:Region", "@consent:Area")
                    .replace("@refused:Region", "@refused:Area")
                    .replace("@preference:Region", "@preference:Area"),
            ),
        ] {
            let mut mapping = Mapping::parse(TEXT).unwrap();
            assert!(mapping.reads(named), "{named:?}");
            assert!(mapping.rename(named, "Area"), "{named:?}");
            assert_eq!(mapping.to_string(), after, "{named:?}");
            assert!(!mapping.reads(named), "{named:?}");
            assert!(!mapping.rename(named, "Area"), "{named:?}");
        }
    }
}
