//! The values of Salesforce's data that rules compare with, so that one nobody has is told by name instead of counting 0.

use std::collections::BTreeSet;

use rusqlite::named_params;

use super::RuleTree;
use super::related::ANY;
use crate::fold::fold;
use crate::mirror::asking::OrgColumn;
use crate::{AskedField, Condition, MirrorKind, Operator, Reader, Result};

/// Names that are looked through for a similar one.
const MOST_COMPARED: usize = 500;

/// A text that a rule compares a field of Salesforce's data with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AskedValue {
    /// The objects that may have the field.
    pub objects: &'static [&'static str],
    /// API name.
    pub field: String,
    /// The text.
    pub value: String,
}

impl RuleTree {
    /// Returns the whole texts that rules compare Salesforce's data with, each once. Parts of texts, numbers and dates aren't
    /// among them.
    pub fn asked_values(&self) -> Vec<AskedValue> {
        let mut found = BTreeSet::new();
        self.collect_values(&mut found);
        found.into_iter().collect()
    }

    fn collect_values(&self, found: &mut BTreeSet<AskedValue>) {
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                parts.iter().for_each(|part| part.collect_values(found));
            }
            Self::Field(condition) => {
                if let Some(asked) = AskedField::parse(&condition.field) {
                    let objects = asked.record.objects();
                    found.extend(values(condition, objects, &asked.field));
                }
            }
            Self::Opportunities(rule) => {
                for condition in &rule.with {
                    found.extend(values(condition, &["Opportunity"], &condition.field));
                }
            }
            Self::Campaign(rule) => {
                let mut add = |objects, field: &str, value: &str| {
                    found.insert(AskedValue {
                        objects,
                        field: field.to_owned(),
                        value: value.trim().to_owned(),
                    })
                };
                if !rule.campaign.trim().eq_ignore_ascii_case(ANY) {
                    add(&["Campaign"], "Name", &rule.campaign);
                }
                if let Some(status) = &rule.status {
                    add(&["CampaignMember"], "Status", status);
                }
            }
            _ => {}
        }
    }
}

fn values(condition: &Condition, objects: &'static [&'static str], field: &str) -> Vec<AskedValue> {
    let whole = [
        Operator::Equals,
        Operator::NotEquals,
        Operator::OneOf,
        Operator::NoneOf,
    ];
    if !whole.contains(&condition.op) {
        return Vec::new();
    }
    let several = condition.value.as_array();
    let texts = match several {
        Some(several) => several.iter().filter_map(|one| one.as_str()).collect(),
        None => Vec::from_iter(condition.value.as_str()),
    };
    let texts = texts.into_iter().map(|text| AskedValue {
        objects,
        field: field.trim().to_owned(),
        value: text.trim().to_owned(),
    });
    texts.filter(|asked| !asked.value.is_empty()).collect()
}

impl Reader<'_> {
    /// Tells whether a live record that a pull has read holds this text in a field; `None` where no text field of this name is
    /// mirrored.
    pub fn is_mirrored_value(&self, asked: &AskedValue) -> Result<Option<bool>> {
        let columns = self.text_columns(asked)?;
        for column in &columns {
            let name = column.of("r");
            let sql = format!(
                "SELECT EXISTS (SELECT 1 FROM {} AS r WHERE {name} IS NOT NULL AND fold({name}) = :value AND state = 0)",
                column.table()
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let value = fold(&asked.value);
            if statement.query_row(named_params! { ":value": value }, |row| row.get(0))? {
                return Ok(Some(true));
            }
        }
        Ok((!columns.is_empty()).then_some(false))
    }

    /// Returns texts that live records hold in a field, a few hundred at most.
    pub fn mirrored_texts(&self, asked: &AskedValue) -> Result<Vec<String>> {
        let mut texts = BTreeSet::new();
        for column in self.text_columns(asked)? {
            let name = column.of("r");
            // Reading on for texts that differ would read all of a large object.
            let sql = format!(
                "SELECT {name} FROM {} AS r WHERE {name} IS NOT NULL AND state = 0 LIMIT :most",
                column.table()
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map(named_params! { ":most": MOST_COMPARED }, |row| {
                row.get::<_, String>(0)
            })?;
            for text in rows {
                texts.insert(text?);
            }
        }
        Ok(texts.into_iter().collect())
    }

    /// Returns the label of a field, as a pull has read it.
    pub fn mirrored_label(&self, asked: &AskedValue) -> Result<Option<String>> {
        let columns = self.text_columns(asked)?;
        Ok(columns.into_iter().next().map(|column| column.field.label))
    }

    fn text_columns(&self, asked: &AskedValue) -> Result<Vec<OrgColumn>> {
        let mut columns = Vec::new();
        for object in asked.objects {
            columns.extend(self.org_columns(object, &asked.field)?);
        }
        columns.retain(|column| column.field.kind == MirrorKind::Text);
        Ok(columns)
    }
}
