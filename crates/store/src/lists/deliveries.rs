//! How far contacts have got on their way out.

use std::collections::BTreeMap;

use rusqlite::named_params;

use super::Delivery;
use super::id_set::IdSet;
use crate::contacts::id_array;
use crate::queue::in_state;
use crate::{ContactId, EntryState, Reader, Result};

impl Reader<'_> {
    /// Returns how far each of these contacts has got.
    pub fn deliveries(&self, ids: &[ContactId]) -> Result<BTreeMap<ContactId, Delivery>> {
        let mut found: BTreeMap<ContactId, Delivery> =
            ids.iter().map(|id| (*id, Delivery::NotSent)).collect();
        // What is worth more comes later and overwrites.
        let mut statement = self.connection.prepare_cached(
            "SELECT id, do_not_send, EXISTS (
               SELECT 1 FROM links WHERE links.contact_id = contacts.id AND links.state <> 'deleted')
             FROM contacts WHERE id IN rarray(:ids)",
        )?;
        let array = id_array(ids.iter().map(|id| id.0));
        let mut rows = statement.query(named_params! { ":ids": array })?;
        while let Some(row) = rows.next()? {
            let (left_out, linked): (bool, bool) = (row.get(1)?, row.get(2)?);
            if linked {
                found.insert(row.get(0)?, Delivery::Linked);
            } else if left_out {
                found.insert(row.get(0)?, Delivery::LeftOut);
            }
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT q.contact_id, q.state, c.seq > max(q.seq, r.considered_seq) AND c.changed_at > q.since
             FROM queue q CROSS JOIN contacts c ON c.id = q.contact_id CROSS JOIN replications r ON r.id = q.replication_id
             WHERE q.contact_id IN rarray(:ids)",
        )?;
        let array = id_array(ids.iter().map(|id| id.0));
        let mut rows = statement.query(named_params! { ":ids": array })?;
        while let Some(row) = rows.next()? {
            let Some(delivery) = found.get_mut(&row.get(0)?) else {
                continue;
            };
            let better = match row.get(1)? {
                EntryState::Blocked => Delivery::Blocked,
                EntryState::GivenUp => Delivery::GivenUp,
                EntryState::Pending | EntryState::Sending => Delivery::Waiting,
                EntryState::Done if row.get(2)? && *delivery == Delivery::Linked => {
                    Delivery::Changed
                }
                EntryState::Withdrawn | EntryState::Held => Delivery::LeftOut,
                EntryState::Done => continue,
            };
            *delivery = better.min(*delivery);
        }
        Ok(found)
    }

    /// Returns all contacts, parted by how far they have got; in the order of [`Delivery::ALL`].
    pub(super) fn delivery_sets(&self) -> Result<[IdSet; 7]> {
        let blocked = self.entries_in(&[EntryState::Blocked])?;
        let given_up = self.entries_in(&[EntryState::GivenUp])?;
        let waiting = self.entries_in(&[EntryState::Pending, EntryState::Sending])?;
        let linked = self.linked()?;
        let changed = self.changed()?;
        let mut left_out = self.entries_in(&[EntryState::Withdrawn, EntryState::Held])?;
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM contacts INDEXED BY contacts_not_to_send WHERE do_not_send = 1",
        )?;
        left_out.add(&IdSet::read(statement.query([])?)?);
        let mut changed_and_linked = changed;
        changed_and_linked.keep(&linked);
        let mut rest = self.everyone()?;
        let claims = [
            blocked,
            given_up,
            waiting,
            changed_and_linked,
            linked,
            left_out,
        ];
        let mut sets: [IdSet; 7] = Default::default();
        for (set, mut claim) in sets.iter_mut().zip(claims) {
            claim.keep(&rest);
            rest.remove(&claim);
            *set = claim;
        }
        sets[Delivery::NotSent as usize] = rest;
        Ok(sets)
    }

    fn entries_in(&self, states: &[EntryState]) -> Result<IdSet> {
        let mut all = IdSet::default();
        for replication in self.replications()? {
            for state in states {
                let mut statement = self.connection.prepare_cached(&format!(
                    "SELECT contact_id FROM queue q WHERE q.replication_id = :replication AND {}",
                    in_state(*state)
                ))?;
                let rows = statement
                    .query(named_params! { ":replication": replication.id, ":state": state })?;
                all.add(&IdSet::read(rows)?);
            }
        }
        Ok(all)
    }

    fn linked(&self) -> Result<IdSet> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT contact_id FROM links")?;
        let mut linked = IdSet::read(statement.query([])?)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id FROM links l INDEXED BY links_deleted WHERE state = 'deleted'
               AND NOT EXISTS (SELECT 1 FROM links o WHERE o.contact_id = l.contact_id AND o.state <> 'deleted')",
        )?;
        linked.remove(&IdSet::read(statement.query([])?)?);
        Ok(linked)
    }

    /// Returns the contacts that were changed since a replication last considered them.
    ///
    /// A complete pass has considered all that was stamped until then: only what came later is looked at. A stamp alone is no
    /// change: a pull that reads a contact's record stamps them, too.
    fn changed(&self) -> Result<IdSet> {
        let mut changed = IdSet::default();
        let mut statement = self.connection.prepare_cached(
            "SELECT c.id FROM contacts c INDEXED BY contacts_by_seq
               CROSS JOIN queue q ON q.replication_id = :replication AND q.contact_id = c.id
             WHERE c.seq > :considered AND c.seq > q.seq AND c.changed_at > q.since AND q.state = 'done'",
        )?;
        for replication in self.replications()? {
            let rows = statement.query(named_params! {
                ":replication": replication.id, ":considered": replication.considered.seq,
            })?;
            changed.add(&IdSet::read(rows)?);
        }
        Ok(changed)
    }
}
