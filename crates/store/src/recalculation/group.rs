//! Which scores and segments are brought up to date together, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;

use super::Recalculate;
use crate::rules::{Kind, References};
use crate::{Error, Reader, Result, RuleTree, Score, ScoreId, SegmentId, documents, segments};

/// A score or a segment to be calculated.
#[derive(Debug)]
pub(crate) enum Member {
    Score(ScoreMember),
    Segment(SegmentMember),
}

#[derive(Debug)]
pub(crate) struct ScoreMember {
    pub(crate) score: Score,
    /// The slot of each rule.
    pub(crate) slots: Vec<u32>,
    calculated_seq: i64,
    stored: String,
}

#[derive(Debug)]
pub(crate) struct SegmentMember {
    pub(crate) id: SegmentId,
    name: String,
    pub(crate) tree: RuleTree,
    calculated_seq: i64,
    calculated_at: Option<i64>,
    stored: String,
}

impl SegmentMember {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Member {
    pub(super) fn calculated_seq(&self) -> i64 {
        match self {
            Self::Score(score) => score.calculated_seq,
            Self::Segment(segment) => segment.calculated_seq,
        }
    }

    pub(super) fn calculated_at(&self) -> Option<i64> {
        match self {
            Self::Score(score) => score.score.calculated_at,
            Self::Segment(segment) => segment.calculated_at,
        }
    }

    fn trees(&self) -> Vec<&RuleTree> {
        match self {
            Self::Score(score) => score.score.rules.iter().map(|rule| &rule.when).collect(),
            Self::Segment(segment) => vec![&segment.tree],
        }
    }

    /// Returns what people call it.
    fn title(&self) -> String {
        match self {
            Self::Score(score) => format!("the score \"{}\"", score.score.name),
            Self::Segment(segment) => format!("the segment \"{}\"", segment.name),
        }
    }

    fn key(&self) -> (Kind, String) {
        match self {
            Self::Score(score) => (Kind::Score, score.score.name.to_lowercase()),
            Self::Segment(segment) => (Kind::Segment, segment.name.to_lowercase()),
        }
    }

    pub(super) fn references(&self) -> References {
        match self {
            Self::Score(score) => {
                let mut all = References::default();
                for rule in &score.score.rules {
                    let one = rule.when.references();
                    all.names.extend(one.names);
                    all.links |= one.links;
                }
                all
            }
            Self::Segment(segment) => segment.tree.references(),
        }
    }
}

/// Scores and segments that are calculated together, each after what it asks for.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) members: Vec<Member>,
    /// Nothing else is ever calculated.
    pub(crate) is_whole: bool,
    /// What replications use, or scores and segments outside of the group ask for: whoever changes in it is stamped.
    watched: BTreeSet<(Kind, String)>,
}

impl Group {
    /// Tells whether a change in a member is a reason to consider the contact anew.
    pub(crate) fn is_watched(&self, kind: Kind, name: &str) -> bool {
        self.watched.contains(&(kind, name.to_lowercase()))
    }
}

impl Reader<'_> {
    /// Returns what has to be up to date for this. Of everything, what can't be calculated is left as it is.
    pub(super) fn members_of(&self, what: Recalculate) -> Result<Vec<Member>> {
        let (all, mut unfit) = self.fit_members()?;
        let wanted = match what {
            Recalculate::Everything => return Ok(all),
            Recalculate::Score(id) => {
                let score = self.score(id)?;
                if !score.enabled {
                    return Err(Error::Refused(format!(
                        "the score \"{}\" is disabled; enable it first",
                        score.name
                    )));
                }
                (Kind::Score, score.name.to_lowercase())
            }
            Recalculate::Segment(id) => (Kind::Segment, self.segment(id)?.name.to_lowercase()),
        };
        let needed = with_references([wanted], &all);
        if let Some(error) = needed.iter().find_map(|key| unfit.remove(key)) {
            return Err(error);
        }
        Ok(all
            .into_iter()
            .filter(|member| needed.contains(&member.key()))
            .collect())
    }

    /// Returns why points and memberships can't be brought up to date; `None` where they can.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn why_not_calculated(
        &self,
        score: Option<ScoreId>,
        segments: &[SegmentId],
    ) -> Result<Option<Error>> {
        let (all, mut unfit) = self.fit_members()?;
        if unfit.is_empty() {
            return Ok(None);
        }
        let mut wanted = BTreeSet::new();
        for listed in self.listed_segments()? {
            if segments.contains(&listed.segment.id) {
                wanted.insert((Kind::Segment, listed.segment.name.to_lowercase()));
            }
        }
        for listed in self.listed_scores()? {
            if Some(listed.score.id) == score {
                wanted.insert((Kind::Score, listed.score.name.to_lowercase()));
            }
        }
        let needed = with_references(wanted, &all);
        Ok(needed.iter().find_map(|key| unfit.remove(key)))
    }

    /// Returns all members whose rules can be calculated, and why those of the others can't.
    fn fit_members(&self) -> Result<(Vec<Member>, BTreeMap<Key, Error>)> {
        let (members, mut unfit) = self.all_members()?;
        let mut fit = Vec::with_capacity(members.len());
        for member in members {
            let mut why = None;
            for tree in member.trees() {
                why = why.or(self.why_unfit(tree)?);
            }
            match why {
                Some(why) => {
                    let why = format!(
                        "{} can't be calculated: {why}; change its rules",
                        member.title()
                    );
                    unfit.insert(member.key(), Error::Refused(why));
                }
                None => fit.push(member),
            }
        }
        Ok((fit, unfit))
    }

    /// Returns all members whose rules can be read, and why those of the others can't.
    fn all_members(&self) -> Result<(Vec<Member>, BTreeMap<Key, Error>)> {
        let (mut members, mut unread) = (Vec::new(), BTreeMap::new());
        for listed in self.listed_scores()? {
            let score = listed.score;
            if !score.enabled {
                continue;
            }
            if let Some(why) = listed.unread {
                let key = (Kind::Score, score.name.to_lowercase());
                unread.insert(key, Error::unreadable("a value", why));
                continue;
            }
            let (stored, slots, calculated_seq): (String, String, i64) = self
                .connection
                .prepare_cached("SELECT rules, slots, calculated_seq FROM scores WHERE id = :id")?
                .query_row(named_params! { ":id": score.id }, |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let slots = match serde_json::from_str(&slots) {
                Ok(slots) => slots,
                Err(error) => {
                    let why = Error::unreadable("a score's slots", error);
                    unread.insert((Kind::Score, score.name.to_lowercase()), why);
                    continue;
                }
            };
            members.push(Member::Score(ScoreMember {
                score,
                slots,
                calculated_seq,
                stored,
            }));
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, rules, calculated_seq, calculated_at FROM segments WHERE rules IS NOT NULL ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, SegmentId>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, Option<i64>>(4)?,
            ))
        })?;
        for row in rows {
            let (id, name, stored, calculated_seq, calculated_at) = row?;
            let tree = match documents::read(&stored) {
                Ok(tree) => tree,
                Err(error) => {
                    let why = Error::unreadable("a value", segments::unread(&name, &error));
                    unread.insert((Kind::Segment, name.to_lowercase()), why);
                    continue;
                }
            };
            members.push(Member::Segment(SegmentMember {
                id,
                name,
                tree,
                calculated_seq,
                calculated_at,
                stored,
            }));
        }
        Ok((members, unread))
    }

    /// Puts members into an order, and finds out whose changes matter elsewhere.
    pub(super) fn group(&self, members: Vec<Member>) -> Result<Group> {
        let (all, _) = self.fit_members()?;
        let inside: BTreeSet<_> = members.iter().map(Member::key).collect();
        let outside = all
            .iter()
            .filter(|member| !inside.contains(&member.key()))
            .flat_map(|member| member.references().names);
        let mut watched: BTreeSet<_> = outside.collect();
        for key in &inside {
            if self.replications_name(&key.1)? {
                watched.insert(key.clone());
            }
        }
        Ok(Group {
            is_whole: members.len() == all.len(),
            members: in_order(members),
            watched,
        })
    }

    /// Tells whether a replication may use a score or segment: its name occurs in settings or mapping, or could in an
    /// escaped form.
    fn replications_name(&self, name: &str) -> Result<bool> {
        let plain = name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || " -_.".contains(letter));
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (
                   SELECT 1 FROM replications
                   CROSS JOIN mappings ON replication_id = replications.id AND version = mapping_version
                   WHERE NOT :plain OR instr(lower(body), :name) > 0 OR instr(lower(settings), :name) > 0)",
            )?
            .query_row(named_params! { ":plain": plain, ":name": name }, |row| {
                row.get(0)
            })?)
    }

    /// Tells whether the rules are still those that the group was made with.
    pub(super) fn is_current(&self, group: &Group) -> Result<bool> {
        for member in &group.members {
            let (sql, id, stored) = match member {
                Member::Score(score) => (
                    "SELECT EXISTS (SELECT 1 FROM scores WHERE id = ?1 AND rules = ?2 AND enabled = 1)",
                    score.score.id.0,
                    &score.stored,
                ),
                Member::Segment(segment) => (
                    "SELECT EXISTS (SELECT 1 FROM segments WHERE id = ?1 AND rules = ?2)",
                    segment.id.0,
                    &segment.stored,
                ),
            };
            let same: bool = self
                .connection
                .prepare_cached(sql)?
                .query_row((id, stored), |row| row.get(0))?;
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Refuses rules that ask, in the end, for themselves.
    pub(crate) fn refuse_circle(&self, kind: Kind, name: &str, asks: &References) -> Result<()> {
        let own = (kind, name.trim().to_lowercase());
        let mut edges: BTreeMap<_, _> = self
            .all_members()?
            .0
            .iter()
            .map(|member| (member.key(), member.references().names))
            .collect();
        edges.insert(own.clone(), asks.names.clone());
        let mut path = Vec::new();
        if let Some(circle) = circle_from(&own, &own, &edges, &mut path) {
            let words: Vec<_> = circle
                .iter()
                .map(|(_, name)| format!("\"{name}\""))
                .collect();
            return Err(Error::Refused(format!(
                "these rules refer to each other: {}; remove one of them",
                words.join(" asks for ")
            )));
        }
        Ok(())
    }
}

type Key = (Kind, String);

/// Returns these and what they ask for, in the end.
fn with_references(wanted: impl IntoIterator<Item = Key>, all: &[Member]) -> BTreeSet<Key> {
    let mut needed: BTreeSet<_> = wanted.into_iter().collect();
    let references: BTreeMap<_, _> = all
        .iter()
        .map(|member| (member.key(), member.references().names))
        .collect();
    let mut open: Vec<_> = needed.iter().cloned().collect();
    while let Some(key) = open.pop() {
        for name in references.get(&key).into_iter().flatten() {
            if needed.insert(name.clone()) {
                open.push(name.clone());
            }
        }
    }
    needed
}

fn circle_from(
    at: &Key,
    own: &Key,
    edges: &BTreeMap<Key, BTreeSet<Key>>,
    path: &mut Vec<Key>,
) -> Option<Vec<Key>> {
    path.push(at.clone());
    for next in edges.get(at).into_iter().flatten() {
        if next == own {
            path.push(own.clone());
            return Some(path.clone());
        }
        if !path.contains(next)
            && let Some(circle) = circle_from(next, own, edges, path)
        {
            return Some(circle);
        }
    }
    path.pop();
    None
}

/// Puts each member after those that it asks for. There are no circles: saving refuses them.
fn in_order(mut members: Vec<Member>) -> Vec<Member> {
    let mut ordered: Vec<Member> = Vec::with_capacity(members.len());
    while !members.is_empty() {
        let open: BTreeSet<_> = members.iter().map(Member::key).collect();
        let ready = members
            .iter()
            .position(|member| member.references().names.is_disjoint(&open))
            .unwrap_or(0);
        ordered.push(members.remove(ready));
    }
    ordered
}
