//! Segments: saved rule trees, and who is a member since when.

mod counting;
mod members;
mod sets;

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::Serialize;

pub use members::{GrowthDay, MemberPage, SegmentPast, SegmentStanding, SegmentStatus};

pub(crate) use counting::Trials;

use crate::rules::Kind;
use crate::{ContactId, Error, Reader, Result, RuleTree, SegmentId, Unread, Writer, documents};

const LONGEST_NAME: usize = 255;

/// A segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segment {
    /// Id.
    pub id: SegmentId,
    /// Name, unique without regard to case.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who is a member; `None` where the members are fixed.
    pub tree: Option<RuleTree>,
    /// When membership was calculated last, UTC milliseconds.
    pub calculated_at: Option<i64>,
    /// When it was added, UTC milliseconds.
    pub created_at: i64,
    /// When it was changed last, UTC milliseconds.
    pub changed_at: i64,
}

/// A segment, also where a workspace from elsewhere has rules that can't be read.
#[derive(Debug)]
pub struct ListedSegment {
    /// The segment; it lacks a tree where that can't be read.
    pub segment: Segment,
    /// Why its rules can't be read.
    pub unread: Option<Unread>,
}

const SELECT: &str =
    "SELECT id, name, description, rules, calculated_at, created_at, changed_at FROM segments";

impl ListedSegment {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let name: String = row.get("name")?;
        let read = match row.get::<_, Option<String>>("rules")? {
            Some(rules) => documents::read(&rules).map(Some),
            None => Ok(None),
        };
        let (tree, unread) = match read {
            Ok(tree) => (tree, None),
            Err(error) => (None, Some(unread(&name, &error))),
        };
        let segment = Segment {
            id: row.get("id")?,
            name,
            description: row.get("description")?,
            tree,
            calculated_at: row.get("calculated_at")?,
            created_at: row.get("created_at")?,
            changed_at: row.get("changed_at")?,
        };
        Ok(Self { segment, unread })
    }
}

impl Segment {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let ListedSegment { segment, unread } = ListedSegment::from_row(row)?;
        match unread {
            Some(unread) => Err(unread.in_cell(3)),
            None => Ok(segment),
        }
    }
}

/// Says which segment's rules can't be read, and why.
pub(crate) fn unread(name: &str, error: &serde_json::Error) -> Unread {
    Unread::new(&format!("the rules of the segment \"{name}\""), error)
}

impl Reader<'_> {
    /// Returns all segments by name.
    pub fn segments(&self) -> Result<Vec<Segment>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        let segments = statement.query_map([], Segment::from_row)?;
        Ok(segments.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns all segments by name, also those whose rules can't be read.
    pub fn listed_segments(&self) -> Result<Vec<ListedSegment>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        let segments = statement.query_map([], ListedSegment::from_row)?;
        Ok(segments.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the segment of a name, also where its rules can't be read.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn listed_segment(&self, name: &str) -> Result<ListedSegment> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(
                named_params! { ":name": name.trim() },
                ListedSegment::from_row,
            )
            .optional()?
            .ok_or_else(|| self.unknown("segment", "SELECT name FROM segments", name))
    }

    /// Returns the segments whose rules can be read: what the others ask for, nobody knows.
    pub(crate) fn readable_segments(&self) -> Result<Vec<Segment>> {
        let listed = self.listed_segments()?.into_iter();
        let readable = listed.filter(|one| one.unread.is_none());
        Ok(readable.map(|one| one.segment).collect())
    }

    /// Returns a segment.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn segment(&self, id: SegmentId) -> Result<Segment> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, Segment::from_row)
            .optional()?
            .ok_or_else(|| Error::not_found("segment", id))
    }

    /// Returns the segment of a name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn segment_named(&self, name: &str) -> Result<Segment> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(named_params! { ":name": name.trim() }, Segment::from_row)
            .optional()?
            .ok_or_else(|| self.unknown("segment", "SELECT name FROM segments", name))
    }

    /// Returns what uses a segment, score, list or type of activity in its rules: `segment "A"`, `score "B"`.
    pub(crate) fn users_of(&self, kind: Kind, name: &str) -> Result<Vec<String>> {
        let key = (kind, name.trim().to_lowercase());
        let mut users = BTreeSet::new();
        for segment in self.readable_segments()? {
            let asks = segment.tree.map(|tree| tree.references().names);
            if asks.is_some_and(|asks| asks.contains(&key)) {
                users.insert(format!("the segment \"{}\"", segment.name));
            }
        }
        for score in self.readable_scores()? {
            let mut rules = score.rules.iter();
            if rules.any(|rule| rule.when.references().names.contains(&key)) {
                users.insert(format!("the score \"{}\"", score.name));
            }
        }
        Ok(users.into_iter().collect())
    }

    /// Returns what asks for a segment: scores and other segments, in words.
    pub fn segment_users(&self, name: &str) -> Result<Vec<String>> {
        self.users_of(Kind::Segment, name)
    }

    /// Refuses to remove what rules use.
    pub(crate) fn refuse_used(&self, kind: Kind, name: &str) -> Result<()> {
        match self.users_of(kind, name)?.as_slice() {
            [] => Ok(()),
            users => Err(Error::Refused(format!(
                "{} uses this {}; change its rules first",
                users.join(" and "),
                kind.noun()
            ))),
        }
    }
}

impl Writer<'_> {
    /// Adds a segment; members come with the next recalculation.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] and [`Error::NotFound`] when a rule makes no sense, or asks in the end
    /// for this segment.
    pub fn add_segment(
        &self,
        name: &str,
        description: &str,
        tree: &RuleTree,
        now: i64,
    ) -> Result<SegmentId> {
        let name = self.checked_segment_name(name, None)?;
        let rules = self.checked_tree(&name, tree)?;
        self.insert_segment(&name, description, Some(&rules), now)
    }

    /// Adds a segment with fixed members: those who are in another one now.
    ///
    /// # Errors
    /// [`Error::NameTaken`], [`Error::NotFound`].
    pub fn copy_segment(&self, of: SegmentId, name: &str, now: i64) -> Result<SegmentId> {
        let original = self.segment(of)?;
        let name = self.checked_segment_name(name, None)?;
        let description = format!("the members of {} at that time", original.name);
        let copy = self.insert_segment(&name, &description, None, now)?;
        let joined = self
            .connection
            .prepare_cached(
                "INSERT INTO segment_members (segment_id, contact_id, state, since)
                 SELECT :copy, contact_id, 'realized', :now FROM segment_members
                 WHERE segment_id = :of AND state = 'realized'",
            )?
            .execute(named_params! { ":copy": copy, ":of": of, ":now": now })?;
        self.count_day(copy, joined, 0, now)?;
        self.connection
            .prepare_cached("UPDATE segments SET calculated_at = :now WHERE id = :copy")?
            .execute(named_params! { ":copy": copy, ":now": now })?;
        Ok(copy)
    }

    /// Stores a changed segment; a changed tree makes all memberships stale, a changed name is put into the rules that
    /// ask for it.
    ///
    /// # Errors
    /// As [`Writer::add_segment`]; [`Error::Refused`] when fixed members are to become rules, or the other way.
    pub fn change_segment(&self, changed: &Segment, now: i64) -> Result<()> {
        let before = self.segment(changed.id)?;
        if before.tree.is_some() != changed.tree.is_some() {
            return Err(Error::Refused(
                "a segment has either rules or fixed members; add another segment".into(),
            ));
        }
        let name = self.checked_segment_name(&changed.name, Some(changed.id))?;
        let rules = match &changed.tree {
            Some(tree) => Some(self.checked_tree(&before.name, tree)?),
            None => None,
        };
        self.connection
            .prepare_cached(
                "UPDATE segments SET name = :name, description = :description, rules = :rules, changed_at = :now,
                   calculated_seq = CASE WHEN :stale THEN 0 ELSE calculated_seq END
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":name": name, ":description": changed.description, ":rules": rules, ":now": now,
                ":stale": before.tree != changed.tree, ":id": changed.id,
            })?;
        if before.name != name {
            self.rename_in_rules(Kind::Segment, &before.name, &name)?;
        }
        Ok(())
    }

    /// Makes rules that can't be read into ones that nobody meets, so that the segment can be changed or removed; returns
    /// whether they couldn't be read.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn clear_unread_segment(&self, name: &str) -> Result<bool> {
        let listed = self.listed_segment(name)?;
        if listed.unread.is_none() {
            return Ok(false);
        }
        let nobody = json(&RuleTree::Any { any: Vec::new() })?;
        self.connection
            .prepare_cached(
                "UPDATE segments SET rules = :rules, calculated_seq = 0 WHERE id = :id",
            )?
            .execute(named_params! { ":rules": nobody, ":id": listed.segment.id })?;
        Ok(true)
    }

    /// Removes a segment with its memberships and their history.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while other rules ask for it.
    pub fn remove_segment(&self, id: SegmentId) -> Result<()> {
        let segment = self.segment(id)?;
        self.refuse_used(Kind::Segment, &segment.name)?;
        self.connection
            .prepare_cached("DELETE FROM segments WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    /// Adds contacts to a segment with fixed members, or removes them; returns how many that changed.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the segment has rules.
    pub fn set_fixed_members(
        &self,
        id: SegmentId,
        contacts: &[ContactId],
        status: SegmentStatus,
        now: i64,
    ) -> Result<u64> {
        let segment = self.segment(id)?;
        if segment.tree.is_some() {
            return Err(Error::Refused(format!(
                "the members of \"{}\" come from its rules; change the rules",
                segment.name
            )));
        }
        let standing = self.realized_among(id, contacts)?;
        let moving: Vec<ContactId> = contacts
            .iter()
            .copied()
            .filter(|contact| standing.contains(contact) != (status == SegmentStatus::Realized))
            .collect();
        self.set_members(id, &moving, status, now)?;
        self.stamp_contacts(&moving)?;
        Ok(moving.len() as u64)
    }

    fn insert_segment(
        &self,
        name: &str,
        description: &str,
        rules: Option<&str>,
        now: i64,
    ) -> Result<SegmentId> {
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO segments (name, description, rules, created_at, changed_at)
                 VALUES (:name, :description, :rules, :now, :now)",
            )?
            .insert(named_params! {
                ":name": name, ":description": description, ":rules": rules, ":now": now,
            })?;
        Ok(SegmentId(id))
    }

    /// Checks a tree, indexes the fields that it asks for, and returns its JSON.
    fn checked_tree(&self, name: &str, tree: &RuleTree) -> Result<String> {
        self.refuse_circle(Kind::Segment, name, &tree.references())?;
        self.check_tree(tree)?;
        self.index_fields(tree)?;
        json(tree)
    }

    fn checked_segment_name(&self, name: &str, of: Option<SegmentId>) -> Result<String> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::Refused(format!(
                "this can't be a segment's name; enter 1 to {LONGEST_NAME} characters on one line"
            )));
        }
        match self.segment_id(name)? {
            Some(other) if Some(other) != of => Err(Error::NameTaken {
                kind: "segment",
                name: name.to_owned(),
            }),
            _ => Ok(name.to_owned()),
        }
    }

    /// Puts a new name into every tree that names something. Nothing becomes stale: it says the same.
    pub(crate) fn rename_in_rules(&self, kind: Kind, from: &str, to: &str) -> Result<()> {
        for segment in self.readable_segments()? {
            let Some(mut tree) = segment.tree else {
                continue;
            };
            if tree.rename(kind, from, to) {
                self.connection
                    .prepare_cached("UPDATE segments SET rules = :rules WHERE id = :id")?
                    .execute(named_params! { ":rules": json(&tree)?, ":id": segment.id })?;
            }
        }
        for mut score in self.readable_scores()? {
            let mut renamed = false;
            for rule in &mut score.rules {
                renamed |= rule.when.rename(kind, from, to);
            }
            if renamed {
                self.connection
                    .prepare_cached("UPDATE scores SET rules = :rules WHERE id = :id")?
                    .execute(named_params! { ":rules": json(&score.rules)?, ":id": score.id })?;
            }
        }
        Ok(())
    }
}

fn json(rules: &impl Serialize) -> Result<String> {
    documents::write("rules", rules)
}
