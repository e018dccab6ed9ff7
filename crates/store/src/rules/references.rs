//! What a tree names: for the order of calculation, against circles, and for renaming.

use std::collections::BTreeSet;

use super::RuleTree;

/// What can be named in a tree, apart from fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Score,
    Segment,
    ActivityType,
    EmailList,
    Purpose,
}

/// What a tree names, and what its answer follows besides the contact herself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References {
    /// Kind and name in lower case.
    pub(crate) names: BTreeSet<(Kind, String)>,
    /// It asks for links, which change without stamping the contact.
    pub(crate) links: bool,
}

impl RuleTree {
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
            Self::Field(_) => {}
            Self::Points(rule) => named(Kind::Score, &rule.points),
            Self::Activity(rule) => named(Kind::ActivityType, &rule.activity),
            Self::Segment(rule) => named(Kind::Segment, &rule.segment),
            Self::List(rule) => named(Kind::EmailList, &rule.list),
            Self::Link(_) => found.links = true,
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
