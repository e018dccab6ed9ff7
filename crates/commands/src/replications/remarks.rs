//! What becomes of values that don't go as they are, and of those that go nowhere: what a plan says before a run.

use std::collections::BTreeMap;

use leadferry_replication::mapping::{RemarkKind, field_label};
use leadferry_store::{ContactField, PlanRemark, Reader};
use serde::Serialize;

use crate::{Result, Workspace};

/// Values that are named for all that are meant.
const NAMED: usize = 5;

/// What becomes of the values of some contacts in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PlannedRemark {
    /// What becomes of them.
    pub kind: RemarkKind,
    /// The field, or the relationship to a parent.
    pub field: String,
    /// In words, with some of the values.
    pub message: String,
    /// How many contacts.
    pub contacts: u64,
}

/// A contact field that holds values and goes nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UnsentField {
    /// Its name.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// How many of the selected contacts have a value in it.
    pub contacts: u64,
    /// What to do to send it; unset where mapping it is all.
    pub cure: Option<String>,
}

/// Returns what becomes of values of the latest plan's contacts, the most frequent first; none where there is no plan.
///
/// # Errors
/// When there is no such replication.
pub fn remarks(workspace: &Workspace, name: &str) -> Result<Vec<PlannedRemark>> {
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        match reader.latest_plan(replication.id)? {
            Some(plan) => remarks_of(reader, plan.id),
            None => Ok(Vec::new()),
        }
    })
}

pub(super) fn remarks_of(
    reader: &Reader<'_>,
    plan: leadferry_store::PlanId,
) -> Result<Vec<PlannedRemark>> {
    let remarks = reader.plan_remarks(plan)?;
    Ok(remarks.into_iter().filter_map(planned).collect())
}

fn planned(remark: PlanRemark) -> Option<PlannedRemark> {
    Some(PlannedRemark {
        kind: serde_json::from_value(remark.kind.into()).ok()?,
        message: with_others(remark.message, &remark.values),
        field: remark.field,
        contacts: remark.contacts,
    })
}

/// Returns the words about one value with the other values that they hold for.
pub(super) fn with_others(message: String, values: &[String]) -> String {
    let quoted = values.iter().map(|value| format!("“{value}”"));
    let others: Vec<_> = quoted.filter(|value| !message.contains(value)).collect();
    if others.is_empty() {
        return message;
    }
    let more = if others.len() >= NAMED {
        ", and others"
    } else {
        ""
    };
    let named: Vec<_> = others.into_iter().take(NAMED - 1).collect();
    let message = message.trim_end_matches('.');
    format!("{message}. Also {}{more}.", named.join(", "))
}

/// Returns the fields that go nowhere, those that most contacts have a value in first.
pub(super) fn unsent(object: &str, counts: &BTreeMap<String, u64>) -> Vec<UnsentField> {
    let mut fields: Vec<_> = counts
        .iter()
        .filter_map(|(name, contacts)| {
            let field = ContactField::built_in(name)?;
            Some(UnsentField {
                label: field_label(field),
                cure: cure(object, field).map(str::to_owned),
                field: name.clone(),
                contacts: *contacts,
            })
        })
        .collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.contacts));
    fields
}

fn cure(object: &str, field: ContactField) -> Option<&'static str> {
    match (object, field) {
        ("Contact", ContactField::CompanyName) => Some(
            "In Salesforce, the company of a contact is its account. To link the account, map the account's ID to AccountId, \
             or its External ID to Account.FIELD.",
        ),
        (_, ContactField::AddressLine2) => {
            Some("To send both address lines, fill the street from @street.")
        }
        (_, ContactField::EmailOptOut) => Some(
            "These opt-outs don't reach Salesforce. Map the field to HasOptedOutOfEmail, or add a consent sync.",
        ),
        (_, ContactField::PhoneOptOut) => Some(
            "These opt-outs don't reach Salesforce. Map the field to DoNotCall, or add a consent sync.",
        ),
        (_, ContactField::FaxOptOut) => Some(
            "These opt-outs don't reach Salesforce. Map the field to HasOptedOutOfFax, or add a consent sync.",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::with_others;

    #[test]
    fn other_values_are_named_after_the_first_and_not_all_of_many() {
        let values = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        let message = || "Tier: “a” isn't in the picklist.".to_owned();
        assert_eq!(with_others(message(), &values(&["a"])), message());
        assert_eq!(
            with_others(message(), &values(&["a", "b"])),
            "Tier: “a” isn't in the picklist. Also “b”."
        );
        assert_eq!(
            with_others(message(), &values(&["a", "b", "c", "d", "e", "f"])),
            "Tier: “a” isn't in the picklist. Also “b”, “c”, “d”, “e”, and others."
        );
    }
}
