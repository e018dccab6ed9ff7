//! The inbound mapping as text: `Phone=business_phone ; newest`, one row a line.

use serde::Serialize;

use super::InboundRule;
use crate::mapping::{Finding, excerpt, nearest};

const STREET: &str = "@street";
const CONSENT: &str = "@consent:";
const REFUSED: &str = "@refused:";

/// The rows of an inbound mapping.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbound {
    /// In the order in which lists show them.
    pub rows: Vec<InboundRow>,
}

/// One field of the record, and where its value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundRow {
    /// API name.
    pub field: String,
    /// Where its value goes.
    pub to: InboundTo,
    /// When.
    pub rule: InboundRule,
}

/// Where a record's value goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum InboundTo {
    /// A contact field: its built-in name, or `custom:` and the name that the user gave.
    Field(String),
    /// The two address lines.
    Street,
    /// Whether consent was given to a purpose, preference or value, by its path. Only a no comes in.
    Consent {
        /// The names from the purpose down.
        path: String,
        /// A ticked box says no.
        refused: bool,
    },
}

impl InboundTo {
    /// Names it in a message.
    pub(super) fn said(&self) -> String {
        match self {
            Self::Field(name) => name.clone(),
            Self::Street => "the address lines".to_owned(),
            Self::Consent {
                path,
                refused: false,
            } => format!("consent to {path}"),
            Self::Consent {
                path,
                refused: true,
            } => format!("refusal of {path}"),
        }
    }
}

impl std::fmt::Display for InboundTo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Street => f.write_str(STREET),
            Self::Consent {
                path,
                refused: false,
            } => write!(f, "{CONSENT}{path}"),
            Self::Consent {
                path,
                refused: true,
            } => write!(f, "{REFUSED}{path}"),
        }
    }
}

impl Inbound {
    /// Reads the text form. Empty lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// What can't be read, line by line.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        let mut inbound = Self::default();
        let mut findings = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match row(line) {
                Ok(row) => inbound.rows.push(row),
                Err(finding) => findings.push(finding.at(at + 1)),
            }
        }
        match findings.is_empty() {
            true => Ok(inbound),
            false => Err(findings),
        }
    }

    /// Writes the text form; the rule *if empty* isn't written.
    pub fn text(&self) -> String {
        self.rows
            .iter()
            .map(|row| match row.rule {
                InboundRule::IfEmpty => format!("{}={}\n", row.field, row.to),
                rule => format!("{}={} ; {}\n", row.field, row.to, rule.word()),
            })
            .collect()
    }
}

fn row(line: &str) -> Result<InboundRow, Finding> {
    let (pair, rule) = match line.rsplit_once(';') {
        Some((pair, rule)) => (pair.trim(), Some(rule.trim())),
        None => (line, None),
    };
    let Some((field, to)) = pair.split_once('=') else {
        return Err(Finding::error(
            "bad_row",
            format!("\"{}\" isn't a row", excerpt(line)),
            "write it as Phone=business_phone ; newest",
        ));
    };
    let (field, to) = (field.trim(), to.trim());
    if !leadferry_salesforce::soql::is_name(field) || field.contains('.') {
        return Err(Finding::error(
            "bad_row",
            format!("\"{}\" can't be a Salesforce field", excerpt(field)),
            "start the row with an API name such as Phone or Tier__c",
        ));
    }
    if to.is_empty() {
        return Err(Finding::error(
            "bad_row",
            format!("{field} has no contact field"),
            "write it as Phone=business_phone",
        ));
    }
    Ok(InboundRow {
        field: field.to_owned(),
        to: to_of(to),
        rule: match rule {
            None | Some("") => InboundRule::default(),
            Some(word) => InboundRule::from_word(word).ok_or_else(|| unknown_rule(word))?,
        },
    })
}

fn to_of(text: &str) -> InboundTo {
    let consent = |path: &str, refused| InboundTo::Consent {
        path: path.trim().to_owned(),
        refused,
    };
    match (text.strip_prefix(CONSENT), text.strip_prefix(REFUSED)) {
        (Some(path), _) => consent(path, false),
        (None, Some(path)) => consent(path, true),
        (None, None) if text == STREET => InboundTo::Street,
        (None, None) => InboundTo::Field(text.to_owned()),
    }
}

fn unknown_rule(word: &str) -> Finding {
    let words = InboundRule::ALL.map(InboundRule::word);
    Finding::error(
        "unknown_rule",
        format!("there's no rule \"{}\"", excerpt(word)),
        nearest(
            word,
            words.into_iter(),
            &format!("rules are {}", words.join(", ")),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_reads_back_the_same() {
        let text = "Phone=business_phone\nStreet=@street ; newest\nTier__c=custom:Tier level ; ask\nTitle=job_title ; never\nNews__c=@consent:News > Weekly\nNoNews__c=@refused:News\n";
        let inbound = Inbound::parse(&format!("# what comes in\n\n{text}")).unwrap();
        assert_eq!(inbound.text(), text);
        assert_eq!(inbound.rows[1].to, InboundTo::Street);
        assert_eq!(inbound.rows[0].rule, InboundRule::IfEmpty);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let findings =
            Inbound::parse("Phone=business_phone\nPhone\nA b=x\nFax=\nFax=fax ; newst\n")
                .unwrap_err();
        let lines: Vec<_> = findings.iter().map(|one| (one.line, one.code)).collect();
        assert_eq!(
            lines,
            [
                (Some(2), "bad_row"),
                (Some(3), "bad_row"),
                (Some(4), "bad_row"),
                (Some(5), "unknown_rule")
            ]
        );
        assert_eq!(findings[3].cure, "did you mean \"newest\"?");
    }
}
