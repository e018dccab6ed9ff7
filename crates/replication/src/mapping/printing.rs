//! Writes a mapping in its text form; [`Mapping::parse`] reads the same rows again.

use std::fmt;

use super::escaping::{escape_source, opens_section, quoted};
use super::rules::rules_text;
use super::{Mapping, MappingRow, Source};

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            writeln!(f, "{row}")?;
        }
        Ok(())
    }
}

impl fmt::Display for MappingRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}{}", self.source, self.target, rules_text(self))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Account(field) => write!(f, "account:{field}"),
            Self::CompanyName => f.write_str("@company_name"),
            Self::Description => f.write_str("@description"),
            Self::CountryName => f.write_str("@country_name"),
            Self::CountryCode => f.write_str("@country_code"),
            Self::StateName => f.write_str("@state_name"),
            Self::StateCode => f.write_str("@state_code"),
            Self::Street => f.write_str("@street"),
            Self::Points(score) => write!(f, "@points:{}", escape_source(score, false)),
            Self::Segment(name) => write!(f, "@segment:{}", escape_source(name, false)),
            Self::Consent { path, refused } => {
                let prefix = if *refused { "@refused:" } else { "@consent:" };
                write!(f, "{prefix}{}", escape_source(path, false))
            }
            Self::Salesforce(asked) => f.write_str(&asked.name()),
            Self::Constant(text) => f.write_str(&quoted(text)),
            Self::Template(text) if opens_section(text) => f.write_str(&escape_source(text, true)),
            // Without a section it says the same for everyone.
            Self::Template(text) => f.write_str(&quoted(text)),
        }
    }
}
