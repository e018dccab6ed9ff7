//! Whether a tree makes sense, before it is kept.

use std::collections::BTreeSet;

use super::{RuleTree, Times};
use crate::conditions::{Bound, Reach};
use crate::mirror::asks_mirror;
use crate::{Error, Reader, Result, Writer};

/// The most levels of groups within groups.
const DEEPEST: usize = 12;
/// The most rules of a tree.
const MOST_RULES: usize = 500;

impl Reader<'_> {
    /// Checks a tree: what it names is there, operators fit, values make sense, and it is not too large.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what it names; [`Error::Refused`] otherwise.
    pub fn check_tree(&self, tree: &RuleTree) -> Result<()> {
        check_size(tree)?;
        self.tree_test(tree, &mut Bound::new(1, Reach::Few))
            .map(drop)
    }
}

impl Reader<'_> {
    /// Returns why the rules of something that is kept can't be used any more: a field of Salesforce's data has another type now,
    /// say; `None` where they can.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn why_unfit(&self, tree: &RuleTree) -> Result<Option<String>> {
        match self.check_tree(tree) {
            Ok(()) => Ok(None),
            Err(error @ (Error::Refused(_) | Error::NotFound { .. })) => {
                Ok(Some(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the labels of the fields of Salesforce's data that rules ask for and that are in no org any more, each once: the
    /// values that were read last count.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn gone_fields(&self, tree: &RuleTree) -> Result<Vec<String>> {
        let mut found = BTreeSet::new();
        for asked in tree.asked_of_salesforce() {
            let mut columns = Vec::new();
            for object in asked.objects {
                columns.extend(self.org_columns(object, asked.field)?);
            }
            let is_gone = columns.iter().all(|column| column.field.gone_at.is_some());
            if let (true, Some(column)) = (is_gone, columns.first()) {
                found.insert(column.field.label.clone());
            }
        }
        Ok(found.into_iter().collect())
    }
}

impl Writer<'_> {
    /// Gives the fields that a tree asks for the indexes that finding contacts by them needs.
    pub(crate) fn index_fields(&self, tree: &RuleTree) -> Result<()> {
        match tree {
            RuleTree::Field(condition) if asks_mirror(&condition.field) => {
                self.index_asked(&condition.field)
            }
            RuleTree::Opportunities(rule) => {
                let (references, compared) = self.opportunity_columns(rule)?;
                self.index_mirrored(&references, &compared)
            }
            RuleTree::Campaign(_) => {
                let (references, names) = self.campaign_columns()?;
                self.index_mirrored(&references, &names)
            }
            RuleTree::Field(condition) => {
                if let Some((field, kind)) = self.contact_field_in(condition)? {
                    self.index_field(field, kind)?;
                }
                Ok(())
            }
            group => group
                .parts()
                .iter()
                .try_for_each(|part| self.index_fields(part)),
        }
    }
}

/// Refuses a tree with more rules or levels than a tree may have.
pub(super) fn check_size(tree: &RuleTree) -> Result<()> {
    let (mut rules, mut deepest) = (0, 0);
    measure(tree, 1, &mut rules, &mut deepest);
    if rules > MOST_RULES {
        return Err(Error::Refused(format!(
            "there are {rules} rules, and {MOST_RULES} are allowed; move some of them to another segment"
        )));
    }
    if deepest > DEEPEST {
        return Err(Error::Refused(format!(
            "groups are nested {deepest} levels deep, and {DEEPEST} are allowed; move some of them to another \
             segment"
        )));
    }
    Ok(())
}

fn measure(tree: &RuleTree, depth: usize, rules: &mut usize, deepest: &mut usize) {
    *deepest = (*deepest).max(depth);
    match tree {
        RuleTree::All { all: parts }
        | RuleTree::Any { any: parts }
        | RuleTree::None { none: parts } => {
            for part in parts {
                measure(part, depth + 1, rules, deepest);
            }
        }
        _ => *rules += 1,
    }
}

impl Times {
    /// Refuses numbers that everybody or nobody meets.
    pub(super) fn check(self) -> Result<()> {
        if self.op == super::Comparison::AtLeast && self.value == 0 {
            return Err(Error::Refused(
                "every contact did something at least 0 times; enter 1 or more".into(),
            ));
        }
        Ok(())
    }
}
