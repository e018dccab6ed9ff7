//! `segments.…`: saved rules, who meets them, and lists of e-mails that rules ask for.

use std::path::PathBuf;

use leadferry_store::{ContactId, EmailList, Recalculated, RuleTree, SegmentStatus};
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::email_lists;
use crate::segments::{
    self, Combination, Explained, Members, Moves, SegmentCard, SegmentChange, SegmentInfo, Tried,
    Why,
};

commands! {
    /// Returns all segments by name.
    "segments.list" (Nothing) -> Vec<SegmentInfo> = |at, _| segments::list(at.workspace()?);
    /// Shows a segment: its rules, its growth, and what asks for it.
    "segments.show" (Named) -> SegmentCard = |at, request| segments::show(at.workspace()?, &request.name);
    /// Adds a segment, and calculates who is in it.
    "segments.add" (NewSegment) -> SegmentCard, stales ["segments", "contacts"] = |at, request| {
        segments::add(at.workspace()?, &request.name, &request.description, request.tree)
    };
    /// Changes a segment, and calculates who is in it.
    "segments.set" (SetSegment) -> SegmentCard, stales ["segments", "contacts", "scores"] = |at, request| {
        segments::change(at.workspace()?, &request.segment, request.change)
    };
    /// Removes a segment that nothing asks for.
    "segments.remove" (Named) -> (), stales ["segments", "contacts"] = |at, request| {
        segments::remove(at.workspace()?, &request.name)
    };
    /// Adds a segment with fixed members: those who are in another one now.
    "segments.copy" (CopySegment) -> SegmentCard, stales ["segments", "contacts"] = |at, request| {
        segments::copy(at.workspace()?, &request.segment, &request.name)
    };
    /// Adds a segment that follows others: their union, intersection or difference.
    "segments.combine" (Combine) -> SegmentCard, stales ["segments", "contacts"] = |at, request| {
        segments::combine(at.workspace()?, &request.name, request.how, &request.of)
    };
    /// Counts who meets rules that are not kept yet, and shows a few of them.
    "segments.try" (TryTree) -> Tried = |at, request| segments::try_tree(at.workspace()?, request.tree);
    /// Counts who meets each of these parts of a tree.
    "segments.try_parts" (TryParts) -> Vec<Option<u64>> = |at, request| {
        segments::try_parts(at.workspace()?, request.trees)
    };
    /// Brings a segment up to date.
    "segments.refresh" (Named) -> Recalculated, stales ["segments", "contacts"] = |at, request| {
        segments::bring_up_to_date(at.workspace()?, &request.name)
    };
    /// Returns a page of members.
    "segments.members" (MembersPage) -> Members = |at, request| {
        segments::members(at.workspace()?, &request.segment, request.after, request.limit)
    };
    /// Adds contacts to a segment with fixed members, or removes them; returns how many that changed.
    "segments.set_members" (SetMembers) -> u64, stales ["segments", "contacts"] = |at, request| {
        segments::set_members(at.workspace()?, &request.segment, &request.contacts, request.status)
    };
    /// Explains why a contact is in a segment, or is not, rule by rule.
    "segments.explain" (ExplainMember) -> Why = |at, request| {
        segments::explain(at.workspace()?, &request.segment, &request.contact)
    };
    /// Explains why a contact meets rules that are not kept yet, or does not, rule by rule.
    "segments.explain_rules" (ExplainRules) -> Explained = |at, request| {
        segments::explain_rules(at.workspace()?, request.tree, &request.contact)
    };
    /// Tells what rules that are not kept yet would do to a segment.
    "segments.compare" (CompareRules) -> Option<Moves> = |at, request| {
        segments::compare(at.workspace()?, &request.segment, request.tree)
    };
    /// Writes the members with all their fields to a CSV file; returns how many.
    "segments.export" (ExportSegment) -> u64 = |at, request| {
        segments::export(at.workspace()?, &request.segment, &request.place)
    };
    /// Returns the lists of e-mails that rules can ask for.
    "segments.email_lists" (Nothing) -> Vec<EmailList> = |at, _| email_lists::list(at.workspace()?);
    /// Adds the e-mails in a text to a list, which is made where there is none of that name.
    "segments.add_emails" (AddEmails) -> EmailList, stales ["segments"] = |at, request| {
        email_lists::add(at.workspace()?, &request.list, &request.text)
    };
    /// Removes a list of e-mails that no rule asks for.
    "segments.remove_email_list" (Named) -> (), stales ["segments"] = |at, request| {
        email_lists::remove(at.workspace()?, &request.name)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NewSegment {
    /// Name.
    name: String,
    /// What it is for.
    description: String,
    /// Its rules.
    tree: RuleTree,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SetSegment {
    /// The segment, by the name it has.
    segment: String,
    /// What is changed.
    change: SegmentChange,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct CopySegment {
    /// The segment.
    segment: String,
    /// The name of the new one.
    name: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Combine {
    /// The name of the new one.
    name: String,
    /// How.
    how: Combination,
    /// The segments.
    of: Vec<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct TryParts {
    /// The rules of each part.
    trees: Vec<RuleTree>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct TryTree {
    /// The rules.
    tree: RuleTree,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct MembersPage {
    /// The segment.
    segment: String,
    /// The last of the page before.
    after: Option<ContactId>,
    /// The most that are wanted.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SetMembers {
    /// The segment.
    segment: String,
    /// Guids or e-mails.
    contacts: Vec<String>,
    /// What they become.
    status: SegmentStatus,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct ExplainMember {
    /// The segment.
    segment: String,
    /// Guid or e-mail.
    contact: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct ExplainRules {
    /// The rules.
    tree: RuleTree,
    /// Guid or email.
    contact: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct CompareRules {
    /// The segment.
    segment: String,
    /// The new rules.
    tree: RuleTree,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct ExportSegment {
    /// The segment.
    segment: String,
    /// Where the file goes.
    place: PathBuf,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct AddEmails {
    /// The list's name.
    list: String,
    /// Any text with addresses in it.
    text: String,
}
