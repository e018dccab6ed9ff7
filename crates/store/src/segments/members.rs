//! Who is in a segment, since when, and what was before.

use std::collections::BTreeSet;

use rusqlite::named_params;
use serde::{Deserialize, Serialize};

use crate::contacts::id_array;
use crate::links::stored_names;
use crate::{ContactId, Reader, Result, SegmentId, Writer};

const DAY_MS: i64 = 86_400_000;

/// Where somebody stands who is or was a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SegmentStatus {
    /// A member.
    Realized,
    /// A member once, and none now.
    Exited,
}

stored_names!(SegmentStatus { Realized = "realized", Exited = "exited" });

/// A page of members.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberPage {
    /// Contact and since when, UTC milliseconds; in the order of their ids.
    pub members: Vec<(ContactId, i64)>,
}

/// A segment that a contact is or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentStanding {
    /// The segment.
    pub segment: SegmentId,
    /// Its name.
    pub name: String,
    /// Where she stands.
    pub status: SegmentStatus,
    /// Since when, UTC milliseconds.
    pub since: i64,
    /// What was before, the latest first.
    pub past: Vec<SegmentPast>,
}

/// Where a contact stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentPast {
    /// Where.
    pub status: SegmentStatus,
    /// From when, UTC milliseconds.
    pub since: i64,
    /// Until when, UTC milliseconds.
    pub until: i64,
}

/// What a day did to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthDay {
    /// Its beginning, UTC milliseconds.
    pub day: i64,
    /// How many joined.
    pub joined: u64,
    /// How many left.
    pub left: u64,
    /// How many were in it at its end.
    pub members: u64,
}

impl Reader<'_> {
    /// Returns the number of members.
    pub fn member_count(&self, segment: SegmentId) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT coalesce(sum(joined - departed), 0) FROM segment_days WHERE segment_id = :segment",
            )?
            .query_row(named_params! { ":segment": segment }, |row| row.get(0))?)
    }

    /// Returns the next members behind a contact.
    pub fn members(
        &self,
        segment: SegmentId,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<MemberPage> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, since FROM segment_members
             WHERE segment_id = :segment AND contact_id > :after AND state = 'realized'
             ORDER BY contact_id LIMIT :limit",
        )?;
        let members = statement.query_map(
            named_params! {
                ":segment": segment, ":after": after.map_or(0, |id| id.0),
                ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
            },
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(MemberPage {
            members: members.collect::<rusqlite::Result<_>>()?,
        })
    }

    /// Returns those of the contacts who are members now.
    pub fn realized_among(
        &self,
        segment: SegmentId,
        contacts: &[ContactId],
    ) -> Result<BTreeSet<ContactId>> {
        let standing = self.statuses(segment, contacts)?;
        let realized = standing
            .into_iter()
            .filter(|(_, status)| *status == SegmentStatus::Realized);
        Ok(realized.map(|(contact, _)| contact).collect())
    }

    /// Returns where contacts stand; those who never were members are absent.
    pub fn statuses(
        &self,
        segment: SegmentId,
        contacts: &[ContactId],
    ) -> Result<Vec<(ContactId, SegmentStatus)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, state FROM rarray(:ids) AS wanted
             CROSS JOIN segment_members ON segment_id = :segment AND contact_id = wanted.value",
        )?;
        let ids = id_array(contacts.iter().map(|id| id.0));
        let rows = statement
            .query_map(named_params! { ":segment": segment, ":ids": ids }, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the segments that a contact is or was in, by name, with what was before.
    pub fn segments_of(&self, contact: ContactId) -> Result<Vec<SegmentStanding>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT m.segment_id, s.name, m.state, m.since FROM segment_members AS m
             JOIN segments AS s ON s.id = m.segment_id WHERE m.contact_id = :contact ORDER BY s.name",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| {
            Ok(SegmentStanding {
                segment: row.get(0)?,
                name: row.get(1)?,
                status: row.get(2)?,
                since: row.get(3)?,
                past: Vec::new(),
            })
        })?;
        let mut standings = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        for standing in &mut standings {
            standing.past = self.past(standing.segment, contact)?;
        }
        Ok(standings)
    }

    fn past(&self, segment: SegmentId, contact: ContactId) -> Result<Vec<SegmentPast>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT state, since, until FROM segment_history
             WHERE contact_id = :contact AND segment_id = :segment ORDER BY id DESC LIMIT 100",
        )?;
        let rows = statement.query_map(
            named_params! { ":contact": contact, ":segment": segment },
            |row| {
                Ok(SegmentPast {
                    status: row.get(0)?,
                    since: row.get(1)?,
                    until: row.get(2)?,
                })
            },
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns what each day did to a segment, the earliest first; days on which nothing happened are left out.
    pub fn growth(&self, segment: SegmentId) -> Result<Vec<GrowthDay>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT day, joined, departed, sum(joined - departed) OVER (ORDER BY day)
             FROM segment_days WHERE segment_id = :segment ORDER BY day",
        )?;
        let rows = statement.query_map(named_params! { ":segment": segment }, |row| {
            Ok(GrowthDay {
                day: row.get::<_, i64>(0)? * DAY_MS,
                joined: row.get(1)?,
                left: row.get(2)?,
                members: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    /// Gives contacts, none of whom has it yet, a status; what stood there before becomes history.
    pub(crate) fn set_members(
        &self,
        segment: SegmentId,
        contacts: &[ContactId],
        status: SegmentStatus,
        now: i64,
    ) -> Result<()> {
        if contacts.is_empty() {
            return Ok(());
        }
        let mut remember = self.connection.prepare_cached(
            "INSERT INTO segment_history (segment_id, contact_id, state, since, until)
             SELECT segment_id, contact_id, state, since, ?3 FROM segment_members
             WHERE segment_id = ?1 AND contact_id = ?2",
        )?;
        let mut put = self.connection.prepare_cached(
            "INSERT INTO segment_members (segment_id, contact_id, state, since) VALUES (?1, ?2, ?4, ?3)
             ON CONFLICT (segment_id, contact_id) DO UPDATE SET state = excluded.state, since = excluded.since",
        )?;
        for contact in contacts {
            remember.execute((segment, contact, now))?;
            put.execute((segment, contact, now, status))?;
        }
        match status {
            SegmentStatus::Realized => self.count_day(segment, contacts.len(), 0, now),
            SegmentStatus::Exited => self.count_day(segment, 0, contacts.len(), now),
        }
    }

    /// Counts contacts who are erased as having left.
    pub(crate) fn leave_segments(&self, contacts: &[ContactId]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE segment_days SET departed = departed + gone
             FROM (SELECT m.segment_id AS segment, count(*) AS gone,
                     (SELECT max(day) FROM segment_days AS d WHERE d.segment_id = m.segment_id) AS last
                   FROM segment_members AS m
                   WHERE m.contact_id IN rarray(:ids) AND m.state = 'realized' GROUP BY m.segment_id)
             WHERE segment_id = segment AND day = last",
        )?;
        let ids = id_array(contacts.iter().map(|id| id.0));
        statement.execute(named_params! { ":ids": ids })?;
        Ok(())
    }

    pub(super) fn count_day(
        &self,
        segment: SegmentId,
        joined: usize,
        left: usize,
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO segment_days (segment_id, day, joined, departed) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (segment_id, day) DO UPDATE
                 SET joined = joined + excluded.joined, departed = departed + excluded.departed",
            )?
            .execute((
                segment,
                now.div_euclid(DAY_MS),
                i64::try_from(joined).unwrap_or(i64::MAX),
                i64::try_from(left).unwrap_or(i64::MAX),
            ))?;
        Ok(())
    }
}
