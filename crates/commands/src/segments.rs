//! Segments: saved rules, who meets them, and since when.

use std::collections::BTreeMap;
use std::path::Path;

use leadferry_replication::mapping::Named;
use leadferry_store::Error::{NotFound, Refused};
pub use leadferry_store::{ContactId, Explained, SegmentStatus};
use leadferry_store::{
    Guid, ListedSegment, Reader, Recalculated, RuleTree, SegmentId, SegmentRule,
};
use serde::{Deserialize, Serialize};

use crate::contacts::{self, ContactsFilter, ExportRequest};
use crate::error::sentence;
use crate::recalculating::{What, recalculate};
use crate::replications::{rename_in_replications, users_of};
use crate::rules::{in_our_terms, in_their_terms, put_in_words, why_refused};
use crate::unknown_values::notes_on;
use crate::{Error, Result, Workspace, values};

/// People shown beside a count.
const SAMPLE: usize = 5;

/// A segment, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SegmentInfo {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its rules as one sentence; `None` where the members are fixed, or the rules can't be read.
    pub says: Option<String>,
    /// Why its rules can't be read, where they can't: they can be replaced, or the segment removed.
    pub unread: Option<String>,
    /// Why its rules can be read, but not calculated any more, in a sentence: its members stay as they are.
    pub unfit: Option<String>,
    /// Members, as last calculated.
    pub members: u64,
    /// When membership was calculated last.
    pub calculated_at: Option<String>,
}

/// A segment with its rules and its growth.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct SegmentCard {
    /// The segment.
    #[serde(flatten)]
    pub segment: SegmentInfo,
    /// Its rules; `None` where the members are fixed, or the rules can't be read.
    pub tree: Option<RuleTree>,
    /// What each day did to it, the earliest first.
    pub growth: Vec<Growth>,
    /// What asks for it: replications, scores and other segments, in words.
    pub users: Vec<String>,
    /// Fields and values in its rules that Salesforce doesn't have, in sentences.
    pub notes: Vec<String>,
}

/// What a day did to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SegmentGrowth")]
pub struct Growth {
    /// Its beginning, UTC milliseconds.
    pub day: i64,
    /// How many joined.
    pub joined: u64,
    /// How many left.
    pub left: u64,
    /// How many were in it at its end.
    pub members: u64,
}

/// Somebody, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SegmentMember")]
pub struct Member {
    /// Its guid.
    pub guid: Guid,
    /// Its row, for the next page.
    pub id: ContactId,
    /// Its name, as lists show it.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Since when it is a member, UTC milliseconds; `None` in a sample.
    pub since: Option<i64>,
}

/// Who meets rules that are not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "TreeTried")]
pub struct Tried {
    /// How many; `None` where the rules make no sense.
    pub contacts: Option<u64>,
    /// A few of them.
    pub sample: Vec<Member>,
    /// The rules as one sentence.
    pub says: String,
    /// What is wrong with them.
    pub refused: Option<String>,
    /// Fields and values in them that Salesforce doesn't have, in sentences.
    pub notes: Vec<String>,
}

/// Returns all segments by name.
pub fn list(workspace: &Workspace) -> Result<Vec<SegmentInfo>> {
    Ok(workspace.store().read(|reader| {
        let segments = reader.listed_segments()?.into_iter();
        segments
            .map(|segment| info(reader, segment))
            .collect::<leadferry_store::Result<_>>()
    })?)
}

fn info(reader: &Reader<'_>, listed: ListedSegment) -> leadferry_store::Result<SegmentInfo> {
    let segment = listed.segment;
    let unfit = match &segment.tree {
        Some(tree) => reader.why_unfit(tree)?,
        None => None,
    };
    Ok(SegmentInfo {
        unfit: unfit.as_deref().map(sentence),
        unread: listed.unread.map(|why| why.to_string()),
        members: reader.member_count(segment.id)?,
        says: segment
            .tree
            .clone()
            .map(|tree| in_their_terms(tree).sentence()),
        name: segment.name,
        description: segment.description,
        calculated_at: segment.calculated_at.map(values::moment),
    })
}

/// Shows a segment.
///
/// # Errors
/// When there is none of that name.
pub fn show(workspace: &Workspace, name: &str) -> Result<SegmentCard> {
    workspace.store().read(|reader| {
        let listed = reader.listed_segment(name)?;
        let segment = &listed.segment;
        let mut users = users_of(reader, Named::Segment(&segment.name))?;
        users.extend(reader.segment_users(&segment.name)?);
        let growth = reader.growth(segment.id)?.into_iter().map(|day| Growth {
            day: day.day,
            joined: day.joined,
            left: day.left,
            members: day.members,
        });
        let notes = match &segment.tree {
            Some(tree) => notes_on(reader, tree)?,
            None => Vec::new(),
        };
        Ok(SegmentCard {
            notes,
            growth: growth.collect(),
            users,
            tree: segment.tree.clone(),
            segment: info(reader, listed)?,
        })
    })
}

/// Adds a segment, and calculates who is in it.
///
/// # Errors
/// When the name is taken, or a rule makes no sense.
pub fn add(
    workspace: &Workspace,
    name: &str,
    description: &str,
    tree: RuleTree,
) -> Result<SegmentCard> {
    let now = workspace.host().now();
    let tree = in_our_terms(tree);
    workspace
        .store()
        .write(|writer| writer.add_segment(name, description, &tree, now))?;
    recalculate(workspace, What::Segment(name.trim()), false, &|| true)?;
    show(workspace, name)
}

/// What is to be changed of a segment; what is not named stays.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SegmentChange {
    /// Name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its rules.
    pub tree: Option<RuleTree>,
}

/// Changes a segment, and calculates who is in it.
///
/// # Errors
/// When there is none of that name, the new name is taken, or a rule makes no sense.
pub fn change(workspace: &Workspace, name: &str, change: SegmentChange) -> Result<SegmentCard> {
    let now = workspace.host().now();
    let renamed = workspace.store().write(|writer| {
        if change.tree.is_some() {
            writer.clear_unread_segment(name)?;
        }
        let mut segment = writer.segment_named(name)?;
        let before = segment.name.clone();
        segment.name = change.name.unwrap_or(segment.name);
        segment.description = change.description.unwrap_or(segment.description);
        segment.tree = change.tree.map(in_our_terms).or(segment.tree);
        writer.change_segment(&segment, now)?;
        let changed = writer.segment(segment.id)?;
        if changed.name != before {
            rename_in_replications(writer, Named::Segment(&before), &changed.name, now)?;
        }
        Ok::<_, Error>(changed)
    })?;
    if renamed.tree.is_some() {
        recalculate(workspace, What::Segment(&renamed.name), false, &|| true)?;
    }
    show(workspace, &renamed.name)
}

/// Removes a segment with its memberships.
///
/// # Errors
/// When there is none of that name, or something asks for it.
pub fn remove(workspace: &Workspace, name: &str) -> Result<()> {
    workspace.store().write(|writer| {
        writer.clear_unread_segment(name)?;
        let segment = writer.segment_named(name)?;
        if let Some(user) = users_of(writer, Named::Segment(&segment.name))?.first() {
            return Err(Error::usage(
                format!("The segment \"{}\" is in use.", segment.name),
                "Choose other segments there, or stop syncing it, before you remove it.",
            )
            .because(format!("It's used by {user}.")));
        }
        Ok(writer.remove_segment(segment.id)?)
    })
}

/// How two segments become a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SegmentCombination")]
pub enum Combination {
    /// Who is in any of them.
    Union,
    /// Who is in the first and in none of the others.
    Difference,
    /// Who is in all of them.
    Intersection,
}

/// Adds a segment that follows others.
///
/// # Errors
/// When a segment is not there, or the name is taken.
pub fn combine(
    workspace: &Workspace,
    name: &str,
    how: Combination,
    of: &[String],
) -> Result<SegmentCard> {
    if of.len() < 2 {
        return Err(Error::usage(
            "a combination needs at least two segments",
            "choose two or more segments",
        ));
    }
    let asks = |name: &String| {
        RuleTree::Segment(SegmentRule {
            segment: name.trim().to_owned(),
            is: leadferry_store::Place::In,
        })
    };
    let tree = match how {
        Combination::Union => RuleTree::Any {
            any: of.iter().map(asks).collect(),
        },
        Combination::Intersection => RuleTree::All {
            all: of.iter().map(asks).collect(),
        },
        Combination::Difference => RuleTree::All {
            all: vec![
                asks(&of[0]),
                RuleTree::None {
                    none: of[1..].iter().map(asks).collect(),
                },
            ],
        },
    };
    add(workspace, name, "", tree)
}

/// Adds a segment with fixed members: those who are in another one now.
///
/// # Errors
/// When there is none of that name, or the new name is taken.
pub fn copy(workspace: &Workspace, name: &str, new_name: &str) -> Result<SegmentCard> {
    let now = workspace.host().now();
    if is_dynamic(workspace, name)? {
        recalculate(workspace, What::Segment(name), false, &|| true)?;
    }
    workspace.store().write(|writer| {
        let segment = writer.segment_named(name)?;
        writer.copy_segment(segment.id, new_name, now)
    })?;
    show(workspace, new_name)
}

fn is_dynamic(workspace: &Workspace, name: &str) -> Result<bool> {
    let segment = workspace
        .store()
        .read(|reader| reader.segment_named(name))?;
    Ok(segment.tree.is_some())
}

/// Counts who meets rules, and shows a few, without keeping anything.
pub fn try_tree(workspace: &Workspace, tree: RuleTree) -> Result<Tried> {
    let tree = in_our_terms(tree);
    let now = workspace.host().now();
    let says = in_their_terms(tree.clone()).sentence();
    let store = workspace.store();
    match store.try_tree(&tree, SAMPLE, now) {
        Ok((contacts, ids)) => Ok(Tried {
            contacts: Some(contacts),
            sample: store.read(|reader| lines(reader, &ids, &BTreeMap::new()))?,
            says,
            refused: None,
            notes: store.read(|reader| notes_on(reader, &tree))?,
        }),
        Err(error @ (Refused(_) | NotFound { .. })) => Ok(Tried {
            contacts: None,
            sample: Vec::new(),
            says,
            refused: Some(why_refused(&error)),
            notes: Vec::new(),
        }),
        Err(error) => Err(error.into()),
    }
}

/// Counts who meets each of the trees, parts of one that is being built; `None` for those that make no sense.
pub fn try_parts(workspace: &Workspace, trees: Vec<RuleTree>) -> Result<Vec<Option<u64>>> {
    let trees: Vec<_> = trees.into_iter().map(in_our_terms).collect();
    let now = workspace.host().now();
    Ok(workspace.store().try_parts(&trees, now)?)
}

/// Returns how many are in a segment now, after bringing it up to date.
///
/// # Errors
/// When there is none of that name.
pub fn count(workspace: &Workspace, name: &str) -> Result<u64> {
    bring_up_to_date(workspace, name)?;
    Ok(workspace.store().read(|reader| {
        let segment = reader.segment_named(name)?;
        reader.member_count(segment.id)
    })?)
}

/// Brings a segment up to date; one with fixed members always is.
///
/// # Errors
/// When there is none of that name.
pub fn bring_up_to_date(workspace: &Workspace, name: &str) -> Result<Recalculated> {
    if is_dynamic(workspace, name)? {
        recalculate(workspace, What::Segment(name), false, &|| true)
    } else {
        Ok(Recalculated::default())
    }
}

/// A page of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SegmentMembers")]
pub struct Members {
    /// The members, in the order in which they came into the workspace.
    pub members: Vec<Member>,
    /// Ask with this for the next page; `None` on the last one.
    pub next: Option<ContactId>,
}

/// Returns a page of members.
///
/// # Errors
/// When there is none of that name.
pub fn members(
    workspace: &Workspace,
    name: &str,
    after: Option<ContactId>,
    limit: usize,
) -> Result<Members> {
    workspace.store().read(|reader| {
        let segment = reader.segment_named(name)?;
        page(reader, segment.id, after, limit)
    })
}

fn page(
    reader: &Reader<'_>,
    segment: SegmentId,
    after: Option<ContactId>,
    limit: usize,
) -> Result<Members> {
    let found = reader.members(segment, after, limit)?.members;
    let next = found
        .last()
        .filter(|_| found.len() == limit)
        .map(|last| last.0);
    let since: BTreeMap<_, _> = found.iter().copied().collect();
    let ids: Vec<_> = found.into_iter().map(|(id, _)| id).collect();
    Ok(Members {
        members: lines(reader, &ids, &since)?,
        next,
    })
}

fn lines(
    reader: &Reader<'_>,
    ids: &[ContactId],
    since: &BTreeMap<ContactId, i64>,
) -> Result<Vec<Member>> {
    let mut people = crate::people::people(reader, ids)?;
    let lines = ids.iter().filter_map(|id| {
        let person = people.remove(id)?;
        Some(Member {
            guid: person.guid,
            id: *id,
            name: person.name,
            email: person.email,
            company: person.company,
            since: since.get(id).copied(),
        })
    });
    Ok(lines.collect())
}

/// Adds contacts to a segment with fixed members, or removes them; returns how many that changed.
///
/// # Errors
/// When there is none of that name, it has rules, or a contact is not known.
pub fn set_members(
    workspace: &Workspace,
    name: &str,
    contacts: &[String],
    status: SegmentStatus,
) -> Result<u64> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let segment = writer.segment_named(name)?;
        let ids = contacts
            .iter()
            .map(|contact| writer.find_contact(contact))
            .collect::<leadferry_store::Result<Vec<_>>>()?;
        writer.set_fixed_members(segment.id, &ids, status, now)
    })?)
}

/// Why somebody is in a segment, or is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SegmentWhy")]
pub struct Why {
    /// The contact's name.
    pub contact: String,
    /// Where it stands, as last calculated; `None` where it never was a member.
    pub status: Option<SegmentStatus>,
    /// Since when, UTC milliseconds.
    pub since: Option<i64>,
    /// Rule by rule, as it stands now; `None` where the members are fixed.
    pub rules: Option<Explained>,
}

/// Explains why a contact is in a segment, or is not.
///
/// # Errors
/// When there is no such segment or contact.
pub fn explain(workspace: &Workspace, name: &str, contact: &str) -> Result<Why> {
    let now = workspace.host().now();
    workspace.store().read(|reader| {
        let segment = reader.segment_named(name)?;
        let id = reader.find_contact(contact)?;
        let standing = reader
            .segments_of(id)?
            .into_iter()
            .find(|standing| standing.segment == segment.id);
        if let Some(why) = reader.why_not_calculated(None, &[segment.id])? {
            return Err(why.into());
        }
        let rules = match &segment.tree {
            Some(tree) => Some(explained(reader, tree, id, now)?),
            None => None,
        };
        let person = crate::people::people(reader, &[id])?.remove(&id);
        Ok(Why {
            contact: person.map(|person| person.name).unwrap_or_default(),
            status: standing.as_ref().map(|standing| standing.status),
            since: standing.map(|standing| standing.since),
            rules,
        })
    })
}

/// Explains why a contact meets rules that are not kept yet, or does not.
///
/// # Errors
/// When there is no such contact, or a rule makes no sense.
pub fn explain_rules(workspace: &Workspace, tree: RuleTree, contact: &str) -> Result<Explained> {
    let now = workspace.host().now();
    let tree = in_our_terms(tree);
    workspace.store().read(|reader| {
        let id = reader.find_contact(contact)?;
        explained(reader, &tree, id, now)
    })
}

fn explained(
    reader: &Reader<'_>,
    tree: &RuleTree,
    contact: ContactId,
    now: i64,
) -> Result<Explained> {
    let mut explained = reader.explain_tree(tree, contact, now)?;
    put_in_words(&mut explained, tree);
    Ok(explained)
}

/// What new rules would do to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SegmentMoves")]
pub struct Moves {
    /// How many meet the new rules and not the saved ones.
    pub joining: u64,
    /// How many meet the saved rules and not the new ones.
    pub leaving: u64,
}

/// Compares rules that are not kept yet with those of a segment; `None` where its members are fixed, or the rules make
/// no sense.
///
/// # Errors
/// When there is none of that name.
pub fn compare(workspace: &Workspace, name: &str, tree: RuleTree) -> Result<Option<Moves>> {
    let now = workspace.host().now();
    let tree = in_our_terms(tree);
    workspace.store().read(|reader| {
        let Some(saved) = reader.segment_named(name)?.tree else {
            return Ok(None);
        };
        let without = |all: &RuleTree, none: &RuleTree| RuleTree::All {
            all: vec![
                all.clone(),
                RuleTree::None {
                    none: vec![none.clone()],
                },
            ],
        };
        let joining = reader.count_tree(&without(&tree, &saved), now);
        match joining {
            Ok(joining) => Ok(Some(Moves {
                joining,
                leaving: reader.count_tree(&without(&saved, &tree), now)?,
            })),
            Err(Refused(_) | NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    })
}

/// Writes the members with all their fields to a CSV file that a spreadsheet opens safely; returns how many.
///
/// # Errors
/// When there is none of that name, the file cannot be written, or somebody cancels it; no file is left then.
pub fn export(workspace: &Workspace, name: &str, file: &Path) -> Result<u64> {
    bring_up_to_date(workspace, name)?;
    let filter = ContactsFilter {
        segment: Some(name.to_owned()),
        ..ContactsFilter::default()
    };
    contacts::export(workspace, &ExportRequest::all_fields(filter, file))
}
