//! Where a column can go: what a request's map takes, in plain words and grouped.

use leadferry_store::{AccountField, ContactField, CustomField, Purpose};
use serde::Serialize;

use super::answers::{CONSENT, Detail};
use crate::labels;

/// A place that a column can go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ImportTarget {
    /// As a request's map writes it.
    pub field: String,
    /// In plain words.
    pub label: String,
    /// What holds it.
    pub group: TargetGroup,
}

/// What holds a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum TargetGroup {
    /// The contact.
    Contact,
    /// A field that the user declared.
    Custom,
    /// Her company.
    Account,
    /// What she answered.
    Consent,
}

/// Returns every target, group by group.
pub fn targets(custom: &[CustomField], purposes: &[Purpose]) -> Vec<ImportTarget> {
    let target = |field: String, label: String, group| ImportTarget {
        field,
        label,
        group,
    };
    let built_in = ContactField::BUILT_IN
        .iter()
        .filter(|field| field.is_writable())
        .map(|field| {
            let name = field.to_string();
            let label = labels::field(&name);
            target(name, label, TargetGroup::Contact)
        });
    let full_name = target(
        "full_name".to_owned(),
        "Full name".to_owned(),
        TargetGroup::Contact,
    );
    let record_id = target(
        "record_id".to_owned(),
        "Salesforce ID (lead or contact)".to_owned(),
        TargetGroup::Contact,
    );
    let own = custom.iter().map(|field| {
        let name = format!("custom:{}", field.name);
        target(name, field.name.clone(), TargetGroup::Custom)
    });
    let account = AccountField::ALL.iter().map(|field| {
        let name = format!("account:{field}");
        let label = labels::field(&name);
        target(name, label, TargetGroup::Account)
    });
    let answers = purposes.iter().map(|purpose| {
        let name = format!("{CONSENT}{}", purpose.path);
        target(name, purpose.path.clone(), TargetGroup::Consent)
    });
    // A wording is one of a purpose; the rest is about opting in to emails, too.
    let details = Detail::ALL
        .into_iter()
        .filter(|(detail, ..)| *detail != Detail::Wording || !purposes.is_empty());
    let details = details
        .map(|(_, name, label)| target(name.to_owned(), label.to_owned(), TargetGroup::Consent));
    let first = std::iter::once(full_name);
    first
        .chain(built_in)
        .chain(std::iter::once(record_id))
        .chain(own)
        .chain(account)
        .chain(answers)
        .chain(details)
        .collect()
}
