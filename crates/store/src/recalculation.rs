//! Bringing points, marks and memberships up to date, page by page.
//!
//! What a score or a segment says of a contact follows from that contact alone: her fields, accounts, activities, and
//! what other scores and segments say of her. So a page of contacts is brought up to date in one transaction, scores
//! and segments in an order in which each comes after what it asks for, and a killed recalculation simply goes on.
//! Only contacts stamped since the last time are looked at, and those for whom time has changed the answer.

mod group;
mod membership;
mod points;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;
use serde::Serialize;

use self::group::{Group, Member};
pub(crate) use self::points::earlier_of;
use crate::contacts::id_array;
use crate::{ContactId, Reader, Result, ScoreId, SegmentId, Store, Writer, crash_point};

pub(crate) const PAGE: usize = 5_000;

/// What is to be brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recalculate {
    /// Every score that is switched on, and every segment.
    Everything,
    /// A score, and what it asks for.
    Score(ScoreId),
    /// A segment, and what it asks for.
    Segment(SegmentId),
}

/// What a recalculation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct Recalculated {
    /// Contacts looked at; one that was looked at twice counts twice.
    pub seen: u64,
    /// Points that changed, over all scores.
    pub changed: u64,
    /// Marks set, over all replications.
    pub marked: u64,
    /// Memberships that began, over all segments.
    pub joined: u64,
    /// Memberships that ended, over all segments.
    pub left: u64,
    /// It was not stopped half-way; a stopped one goes on with the next call.
    pub complete: bool,
}

/// Which contacts are left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    whom: Whom,
    /// Up to this number no stamp but our own came after `until`.
    own: i64,
}

#[derive(Debug, Clone, Copy)]
enum Whom {
    /// Everybody with a larger id: in the order in which contacts and activities lie in the file, which is by far the
    /// quickest. What was not finished begins anew.
    After(i64),
    /// Those stamped after `seq`, and those stamped at `seq` with a larger id, up to `until`.
    Stamped { seq: i64, id: i64, until: i64 },
}

/// Clocks are set right by seconds all the time, and nobody's answer is wrong for long then.
const CLOCK_TOLERANCE_MS: i64 = 10 * 60 * 1000;

/// A page in the making.
struct Page<'a> {
    ids: &'a [ContactId],
    now: i64,
    sum: &'a mut Recalculated,
    /// Who has to be considered by replications, or by scores and segments of another group.
    stamped: BTreeSet<ContactId>,
    /// When the answer changes next for whom.
    due: BTreeMap<ContactId, i64>,
}

impl Page<'_> {
    fn changes_at(&mut self, contact: ContactId, moment: Option<i64>) {
        if let Some(moment) = moment {
            let due = self.due.entry(contact).or_insert(moment);
            *due = moment.min(*due);
        }
    }
}

impl Store {
    /// Brings points, marks and memberships up to date; `full` looks at every contact.
    ///
    /// `progress` gets the contacts done and their number, and says whether to go on.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`]; [`crate::Error::Refused`] when the score is switched off.
    pub fn recalculate(
        &self,
        what: Recalculate,
        full: bool,
        now: i64,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Recalculated> {
        let mut sum = Recalculated::default();
        if full {
            self.write(|writer| writer.forget_calculated(what))?;
        }
        self.write(|writer| writer.forget_calculated_ahead(now))?;
        while self.write(|writer| writer.wake(now))? {
            if !progress(0, 0) {
                return Ok(sum);
            }
        }
        self.write(|writer| writer.stamp_linked_since(what))?;
        while let Some((group, mut rest, total)) =
            self.write(|writer| writer.begin_recalculation(what, now))?
        {
            let total = total + sum.seen;
            loop {
                if !progress(sum.seen, total) {
                    return Ok(sum);
                }
                let page =
                    self.write(|writer| writer.recalculate_page(&group, rest, now, &mut sum))?;
                crash_point("recalculation.page");
                match page {
                    Some(next) => rest = next,
                    None => break,
                }
            }
        }
        sum.complete = true;
        Ok(sum)
    }
}

impl Writer<'_> {
    /// Stamps a page of those for whom time has changed an answer; returns whether there were any.
    pub(crate) fn wake(&self, now: i64) -> Result<bool> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM changes_due WHERE contact_id IN (
               SELECT contact_id FROM changes_due WHERE at <= :now ORDER BY at LIMIT :limit)
             RETURNING contact_id",
        )?;
        let ids: Vec<ContactId> = statement
            .query_map(named_params! { ":now": now, ":limit": PAGE }, |row| {
                row.get(0)
            })?
            .collect::<rusqlite::Result<_>>()?;
        self.stamp_contacts(&ids)?;
        Ok(!ids.is_empty())
    }

    /// Makes stale what was calculated while the clock was ahead: points have lapsed then, and nothing would wake anybody.
    fn forget_calculated_ahead(&self, now: i64) -> Result<()> {
        let limit = now.saturating_add(CLOCK_TOLERANCE_MS);
        for table in ["scores", "segments"] {
            self.connection
                .prepare_cached(&format!(
                    "UPDATE {table} SET calculated_seq = 0, calculated_at = :now WHERE calculated_at > :limit"
                ))?
                .execute(named_params! { ":now": now, ":limit": limit })?;
        }
        Ok(())
    }

    /// Makes everything of this stale.
    fn forget_calculated(&self, what: Recalculate) -> Result<()> {
        let (scores, segments) = match what {
            Recalculate::Everything => (Some(None), Some(None)),
            Recalculate::Score(id) => (Some(Some(id)), None),
            Recalculate::Segment(id) => (None, Some(Some(id))),
        };
        if let Some(id) = scores {
            self.connection
                .prepare_cached(
                    "UPDATE scores SET calculated_seq = 0 WHERE id = coalesce(:id, id)",
                )?
                .execute(named_params! { ":id": id })?;
        }
        if let Some(id) = segments {
            self.connection
                .prepare_cached(
                    "UPDATE segments SET calculated_seq = 0 WHERE id = coalesce(:id, id)",
                )?
                .execute(named_params! { ":id": id })?;
        }
        Ok(())
    }

    /// Stamps contacts whose links have changed since a rule about links was asked last: links do not stamp.
    fn stamp_linked_since(&self, what: Recalculate) -> Result<()> {
        let members = self.members_of(what)?;
        let asking = members
            .iter()
            .filter(|member| member.references().links && member.calculated_at().is_some());
        let Some(since) = asking.filter_map(Member::calculated_at).min() else {
            return Ok(());
        };
        let mut statement = self
            .connection
            .prepare_cached("SELECT contact_id FROM links WHERE changed_at >= :since")?;
        let ids: Vec<ContactId> = statement
            .query_map(named_params! { ":since": since }, |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        self.stamp_contacts(&ids)
    }

    /// Returns the scores and segments that are furthest behind, whom they have not looked at, and how many those are;
    /// `None` when all are up to date.
    pub(crate) fn begin_recalculation(
        &self,
        what: Recalculate,
        now: i64,
    ) -> Result<Option<(Group, Rest, u64)>> {
        let until = self.sequence()?;
        let mut members = self.members_of(what)?;
        let Some(seq) = members
            .iter()
            .map(Member::calculated_seq)
            .min()
            .filter(|seq| *seq < until)
        else {
            self.set_calculated(&members, until, Some(now))?;
            return Ok(None);
        };
        members.retain(|member| member.calculated_seq() == seq);
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM contacts WHERE seq > :seq AND seq <= :until")?
            .query_row(named_params! { ":seq": seq, ":until": until }, |row| {
                row.get(0)
            })?;
        let whom = if seq == 0 {
            Whom::After(0)
        } else {
            let id = i64::MAX;
            Whom::Stamped { seq, id, until }
        };
        let rest = Rest { whom, own: until };
        Ok(Some((self.group(members)?, rest, total)))
    }

    /// Brings one page up to date; returns what is left, `None` at the end.
    pub(crate) fn recalculate_page(
        &self,
        group: &Group,
        rest: Rest,
        now: i64,
        sum: &mut Recalculated,
    ) -> Result<Option<Rest>> {
        if !self.is_current(group)? {
            // Somebody has changed the rules meanwhile: the next group is asked for anew.
            return Ok(None);
        }
        let (ids, mut next) = self.stale_page(rest)?;
        if ids.is_empty() {
            self.set_calculated(&group.members, rest.own, Some(now))?;
            return Ok(None);
        }
        sum.seen += ids.len() as u64;
        let before = self.sequence()?;
        let changes = |sum: &Recalculated| sum.changed + sum.joined + sum.left;
        let changes_before = changes(sum);
        let mut page = Page {
            ids: &ids,
            now,
            sum,
            stamped: BTreeSet::new(),
            due: BTreeMap::new(),
        };
        for member in &group.members {
            match member {
                Member::Score(score) => self.update_points(score, group, &mut page)?,
                Member::Segment(segment) => self.update_members(segment, group, &mut page)?,
            }
        }
        let (stamped, due) = (page.stamped, page.due);
        self.put_due(group, &ids, &due)?;
        self.stamp_contacts(&stamped.into_iter().collect::<Vec<_>>())?;
        if changes(sum) > changes_before {
            // Lists by points and by segments are out of date, also where nobody was stamped.
            self.next_sequence()?;
        }
        // Our own stamps change nothing here, so that the next recalculation need not look at them.
        if before == rest.own {
            next.own = self.sequence()?;
        }
        if let Whom::Stamped { seq, .. } = next.whom {
            self.set_calculated(&group.members, seq - 1, None)?;
        }
        Ok(Some(next))
    }

    /// Records when the answer changes next for the contacts of a page.
    fn put_due(
        &self,
        group: &Group,
        ids: &[ContactId],
        due: &BTreeMap<ContactId, i64>,
    ) -> Result<()> {
        if !group.is_whole && due.is_empty() {
            return Ok(());
        }
        if group.is_whole {
            self.connection
                .prepare_cached("DELETE FROM changes_due WHERE contact_id IN rarray(:ids)")?
                .execute(named_params! { ":ids": id_array(ids.iter().map(|id| id.0)) })?;
        }
        // Where only a part was asked, whatever comes first counts: being looked at once too often does no harm.
        let mut put = self.connection.prepare_cached(
            "INSERT INTO changes_due (contact_id, at) VALUES (?1, ?2)
             ON CONFLICT (contact_id) DO UPDATE SET at = min(at, excluded.at)",
        )?;
        for (contact, at) in due {
            put.execute((contact, at))?;
        }
        Ok(())
    }

    fn set_calculated(&self, members: &[Member], seq: i64, at: Option<i64>) -> Result<()> {
        for member in members {
            let (sql, id) = match member {
                Member::Score(score) => (
                    "UPDATE scores SET calculated_seq = ?2, calculated_at = coalesce(?3, calculated_at) WHERE id = ?1",
                    score.score.id.0,
                ),
                Member::Segment(segment) => (
                    "UPDATE segments SET calculated_seq = ?2, calculated_at = coalesce(?3, calculated_at) WHERE id = ?1",
                    segment.id.0,
                ),
            };
            self.connection
                .prepare_cached(sql)?
                .execute((id, seq, at))?;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns when the next answer changes by itself; `None` when none does.
    pub fn next_change_due(&self) -> Result<Option<i64>> {
        Ok(self
            .connection
            .prepare_cached("SELECT min(at) FROM changes_due")?
            .query_row([], |row| row.get(0))?)
    }

    /// Tells whether points or memberships are behind what is known of the contacts.
    pub fn has_stale_rules(&self, now: i64) -> Result<bool> {
        let sequence = self.sequence()?;
        let limit = now.saturating_add(CLOCK_TOLERANCE_MS);
        let behind = |member: &Member| {
            member.calculated_seq() < sequence
                || member.calculated_at().is_some_and(|at| at > limit)
        };
        Ok(self.members_of(Recalculate::Everything)?.iter().any(behind)
            || self.next_change_due()?.is_some_and(|due| due <= now))
    }

    /// Returns the next contacts to look at, and what is left then.
    fn stale_page(&self, rest: Rest) -> Result<(Vec<ContactId>, Rest)> {
        let (ids, whom) = match rest.whom {
            Whom::After(id) => {
                let ids = self.page_after(id)?;
                let last = ids.last().map_or(id, |last| last.0);
                (ids, Whom::After(last))
            }
            Whom::Stamped { seq, id, until } => self.stamped_page(seq, id, until)?,
        };
        Ok((ids, Rest { whom, ..rest }))
    }

    fn page_after(&self, id: i64) -> Result<Vec<ContactId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM contacts WHERE id > :id ORDER BY id LIMIT :limit")?;
        let ids = statement.query_map(named_params! { ":id": id, ":limit": PAGE }, |row| {
            row.get(0)
        })?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Two searches, since one over both columns would begin each page with all that bear the same number.
    fn stamped_page(
        &self,
        mut seq: i64,
        mut id: i64,
        until: i64,
    ) -> Result<(Vec<ContactId>, Whom)> {
        let mut ids = Vec::new();
        let mut same = self.connection.prepare_cached(SELECT_SAME_SEQ)?;
        let mut rows = same.query(named_params! { ":seq": seq, ":id": id, ":limit": PAGE })?;
        while let Some(row) = rows.next()? {
            id = row.get(0)?;
            ids.push(ContactId(id));
        }
        let mut later = self.connection.prepare_cached(SELECT_LATER_SEQ)?;
        let limit = PAGE - ids.len();
        let mut rows =
            later.query(named_params! { ":seq": seq, ":until": until, ":limit": limit })?;
        while let Some(row) = rows.next()? {
            (seq, id) = (row.get(0)?, row.get(1)?);
            ids.push(ContactId(id));
        }
        Ok((ids, Whom::Stamped { seq, id, until }))
    }
}

pub(crate) const SELECT_SAME_SEQ: &str =
    "SELECT id FROM contacts WHERE seq = :seq AND id > :id ORDER BY id LIMIT :limit";
pub(crate) const SELECT_LATER_SEQ: &str =
    "SELECT seq, id FROM contacts WHERE seq > :seq AND seq <= :until ORDER BY seq, id LIMIT :limit";

#[cfg(test)]
mod tests;
