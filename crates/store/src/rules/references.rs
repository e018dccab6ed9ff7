//! What a tree names: for the order of calculation, against circles, and for renaming.

use std::collections::BTreeSet;

use super::{CampaignStanding, OpportunityState, RuleTree};
use crate::AskedField;
use crate::mirror::asks_mirror;

/// A field of Salesforce's data that a rule asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedByRule<'t> {
    /// The objects that may have it.
    pub objects: &'static [&'static str],
    /// API name, as it was written.
    pub field: &'t str,
    /// The rule.
    pub rule: &'t RuleTree,
}

/// What can be named in a tree, apart from fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Score,
    Segment,
    ActivityType,
    EmailList,
    Purpose,
}

impl Kind {
    /// Returns what messages call it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Segment => "segment",
            Self::ActivityType => "activity type",
            Self::EmailList => "list",
            Self::Purpose => "purpose",
        }
    }
}

/// What a tree names, and what its answer follows besides the contact herself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References {
    /// Kind and name in lower case.
    pub(crate) names: BTreeSet<(Kind, String)>,
    /// It asks for links or what lies behind them; links change without stamping the contact.
    pub(crate) links: bool,
}

impl RuleTree {
    /// Tells whether a rule asks for a custom field, named without regard to case.
    pub(crate) fn asks_for_field(&self, name: &str) -> bool {
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                parts.iter().any(|part| part.asks_for_field(name))
            }
            Self::Field(condition) => is_custom_field(&condition.field, name),
            _ => false,
        }
    }

    /// Puts another name where a custom field's stands; returns whether it stood anywhere.
    pub(crate) fn rename_field(&mut self, from: &str, to: &str) -> bool {
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                let renamed = parts.iter_mut().map(|part| part.rename_field(from, to));
                renamed.fold(false, |any, one| any | one)
            }
            Self::Field(condition) if is_custom_field(&condition.field, from) => {
                condition.field = format!("custom:{to}");
                true
            }
            _ => false,
        }
    }

    /// Returns the fields of Salesforce's data that the rules ask for, rule by rule.
    pub fn asked_of_salesforce(&self) -> Vec<AskedByRule<'_>> {
        let asked = |objects, field| AskedByRule {
            objects,
            field,
            rule: self,
        };
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                let parts = parts.iter().flat_map(Self::asked_of_salesforce);
                parts.collect()
            }
            Self::Field(condition) => {
                let objects = AskedField::parse(&condition.field).map(|one| one.record.objects());
                let field = condition
                    .field
                    .rsplit('.')
                    .next()
                    .unwrap_or_default()
                    .trim();
                objects
                    .map(|objects| asked(objects, field))
                    .into_iter()
                    .collect()
            }
            Self::Opportunities(rule) => {
                let state = match rule.opportunities {
                    OpportunityState::Any => None,
                    OpportunityState::Open | OpportunityState::Closed => Some("IsClosed"),
                    OpportunityState::Won | OpportunityState::Lost => Some("IsWon"),
                };
                let fields = rule.with.iter().map(|condition| condition.field.trim());
                let fields = fields.chain(rule.sum.map(|_| "Amount")).chain(state);
                fields.map(|field| asked(&["Opportunity"], field)).collect()
            }
            Self::Campaign(rule) => {
                let responded = matches!(
                    rule.is,
                    CampaignStanding::Responded | CampaignStanding::NotResponded
                );
                let responded = responded.then_some("HasResponded");
                let status = rule.status.as_ref().map(|_| "Status");
                let fields = responded.into_iter().chain(status);
                fields
                    .map(|field| asked(&["CampaignMember"], field))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// Tells whether a rule asks for what a pull has read.
    pub(crate) fn asks_mirror(&self) -> bool {
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                parts.iter().any(Self::asks_mirror)
            }
            Self::Field(condition) => asks_mirror(&condition.field),
            Self::Opportunities(_) | Self::Campaign(_) => true,
            _ => false,
        }
    }

    pub(crate) fn references(&self) -> References {
        let mut found = References::default();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut References) {
        let mut named = |kind, name: &str| {
            found.names.insert((kind, name.trim().to_lowercase()));
        };
        match self {
            Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts } => {
                parts.iter().for_each(|part| part.collect(found));
            }
            Self::Field(condition) => found.links |= asks_mirror(&condition.field),
            Self::Points(rule) => named(Kind::Score, &rule.points),
            Self::Activity(rule) => named(Kind::ActivityType, &rule.activity),
            Self::Segment(rule) => named(Kind::Segment, &rule.segment),
            Self::List(rule) => named(Kind::EmailList, &rule.list),
            Self::Link(_) | Self::Opportunities(_) | Self::Campaign(_) => found.links = true,
            Self::Consent(rule) => named(Kind::Purpose, &rule.consent),
        }
    }

    /// Puts another name where one stands; returns whether it stood anywhere.
    pub(crate) fn rename(&mut self, kind: Kind, from: &str, to: &str) -> bool {
        let put = |name: &mut String| {
            let same = name.trim().to_lowercase() == from.trim().to_lowercase();
            if same {
                to.clone_into(name);
            }
            same
        };
        match (self, kind) {
            (
                Self::All { all: parts } | Self::Any { any: parts } | Self::None { none: parts },
                _,
            ) => {
                let renamed = parts.iter_mut().map(|part| part.rename(kind, from, to));
                renamed.fold(false, |any, one| any | one)
            }
            (Self::Points(rule), Kind::Score) => put(&mut rule.points),
            (Self::Activity(rule), Kind::ActivityType) => put(&mut rule.activity),
            (Self::Segment(rule), Kind::Segment) => put(&mut rule.segment),
            (Self::List(rule), Kind::EmailList) => put(&mut rule.list),
            (Self::Consent(rule), Kind::Purpose) => put(&mut rule.consent),
            _ => false,
        }
    }
}

/// Tells whether a condition names a custom field; no custom field has the name of a built-in one.
fn is_custom_field(asked: &str, name: &str) -> bool {
    let asked = asked.trim();
    let bare = asked.strip_prefix("custom:").unwrap_or(asked).trim();
    bare.to_lowercase() == name.trim().to_lowercase()
}
