//! Memberships of a page of contacts.

use rusqlite::types::Value as Cell;

use super::Page;
use super::group::{Group, SegmentMember};
use crate::conditions::{Bound, Reach};
use crate::contacts::id_array;
use crate::rules::Kind;
use crate::{ContactId, Reader, Result, SegmentStatus, Writer};

/// A membership that differs from what is stored, or that time will change.
struct Found {
    contact: ContactId,
    is_in: bool,
    was_in: bool,
    change: Option<i64>,
}

impl Writer<'_> {
    pub(super) fn update_members(
        &self,
        member: &SegmentMember,
        group: &Group,
        page: &mut Page<'_>,
    ) -> Result<()> {
        let (mut joined, mut left) = (Vec::new(), Vec::new());
        for found in self.find_members(member, page)? {
            page.changes_at(found.contact, found.change);
            match (found.was_in, found.is_in) {
                (false, true) => joined.push(found.contact),
                (true, false) => left.push(found.contact),
                _ => {}
            }
        }
        self.set_members(member.id, &joined, SegmentStatus::Realized, page.now)?;
        self.set_members(member.id, &left, SegmentStatus::Exited, page.now)?;
        page.sum.joined += joined.len() as u64;
        page.sum.left += left.len() as u64;
        if group.is_watched(Kind::Segment, member.name()) {
            page.stamped.extend(joined);
            page.stamped.extend(left);
        }
        Ok(())
    }
}

impl Reader<'_> {
    fn find_members(&self, member: &SegmentMember, page: &Page<'_>) -> Result<Vec<Found>> {
        let mut bound = Bound::new(page.now, Reach::Few);
        bound.values = vec![Cell::Null, Cell::Null];
        let test = self.tree_test(&member.tree, &mut bound)?;
        let (change, changes) = match test.change {
            Some(change) => (change, " OR v.change IS NOT NULL"),
            None => ("NULL".to_owned(), ""),
        };
        let sql = format!(
            "WITH v AS MATERIALIZED (
               SELECT contacts.id AS id, contacts.deleted_at IS NULL AND coalesce({}, 0) AS is_in,
                 iif(contacts.deleted_at IS NULL, {change}, NULL) AS change
               FROM rarray(?2) AS wanted CROSS JOIN contacts ON contacts.id = wanted.value)
             SELECT v.id, v.is_in, coalesce(m.state = 'realized', 0), v.change
             FROM v LEFT JOIN segment_members AS m ON m.segment_id = ?1 AND m.contact_id = v.id
             WHERE v.is_in <> coalesce(m.state = 'realized', 0){changes}",
            test.sql
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.raw_bind_parameter(1, member.id)?;
        statement.raw_bind_parameter(2, id_array(page.ids.iter().map(|id| id.0)))?;
        bound.bind_to(&mut statement, 2)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Found {
                contact: row.get(0)?,
                is_in: row.get(1)?,
                was_in: row.get(2)?,
                change: row.get(3)?,
            });
        }
        Ok(found)
    }
}
