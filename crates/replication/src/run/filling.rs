//! Keeps enough requests in flight: open batches first, then full batches, then questions about the next people.

use std::collections::{BTreeMap, VecDeque};

use leadferry_store::{
    BatchState, Candidate, ContactId, EntryId, EntryState, Hashes, LinkOrigin, LinkState, NewBatch,
    NewLink, NewRow, Operation, Reason, Standing, Writer, crash_point,
};

use super::{Basis, Conductor, Done, Ready};
use crate::asking::{ask, wanted};
use crate::batching::{RowBuild, create_row, update_row};
use crate::matching::Finding;
use crate::planning::{self, Judgement, judge};
use crate::settings::WhenConverted;
use crate::{Result, planning::no_identifier};

impl Conductor<'_> {
    /// Starts requests until enough are in flight or nothing is left to start.
    pub(super) fn fill(&mut self) -> Result<()> {
        while self.tasks.len() < usize::from(self.setup.settings.in_flight) {
            if !self.start_next()? {
                break;
            }
        }
        Ok(())
    }

    fn start_next(&mut self) -> Result<bool> {
        if let Some(id) = self.open.pop_front() {
            return self.start_open(id);
        }
        let full = usize::from(self.setup.settings.batch_size);
        if self.updates.len() >= full || self.creates.len() >= full {
            return self.start_batch();
        }
        if self.start_matching()? {
            return Ok(true);
        }
        // Only when no more people are on their way are batches sent that are not full.
        if self.matching == 0 && !(self.updates.is_empty() && self.creates.is_empty()) {
            return self.start_batch();
        }
        Ok(false)
    }

    fn start_open(&mut self, id: leadferry_store::BatchId) -> Result<bool> {
        let (batch, mut rows) = self
            .store
            .read(|reader| -> Result<_> { Ok((reader.batch(id)?, reader.batch_rows(id)?)) })?;
        rows.retain(|row| row.outcome.is_none());
        match batch.state {
            BatchState::Unknown => self.spawn_settle(batch, rows)?,
            BatchState::Prepared => self.spawn_send(batch, rows),
            BatchState::Answered | BatchState::Split => return Ok(true),
        }
        Ok(true)
    }

    /// Takes the next people who are due; returns whether there were any.
    fn start_matching(&mut self) -> Result<bool> {
        let chunk = self.policy.chunk;
        if self.taken.len() >= 2 * chunk {
            return Ok(false);
        }
        let (id, now) = (self.setup.replication.id, (self.clock)());
        let mut due = self
            .store
            .read(|reader| reader.due_contacts(id, now, chunk + self.taken.len()))?;
        due.retain(|contact| !self.taken.contains(contact));
        due.truncate(chunk);
        if due.is_empty() {
            return Ok(false);
        }
        due.sort_unstable();
        let setup = std::sync::Arc::clone(&self.setup);
        let store = std::sync::Arc::clone(&self.store);
        let candidates = store.write(|writer| -> Result<_> {
            let candidates = writer.candidates(&setup.query(), &due)?;
            let mut going = Vec::new();
            for candidate in candidates {
                if self.still_goes(writer, &candidate, now)? {
                    going.push(candidate);
                }
            }
            Ok(going)
        })?;
        let wanted = self
            .store
            .read(|reader| wanted(reader, &candidates, &setup))?;
        self.sort_out(&candidates, &wanted);
        if wanted.is_empty() {
            return Ok(true);
        }
        let by_contact: BTreeMap<ContactId, Basis> = candidates
            .iter()
            .map(|candidate| (candidate.contact.id, Basis::of(candidate)))
            .collect();
        let bases = wanted
            .iter()
            .filter_map(|one| by_contact.get(&one.contact).cloned())
            .collect();
        let org = self.org.clone();
        self.matching += 1;
        self.tasks.spawn(async move {
            let result = ask(&org, &store, &wanted, &setup).await;
            crash_point("matching.asked");
            Done::Asked {
                wanted,
                bases,
                result,
            }
        });
        Ok(true)
    }

    /// Contacts that need no question go straight on; the others are taken until the org has answered.
    fn sort_out(&mut self, candidates: &[Candidate], wanted: &[crate::matching::Wanted]) {
        let asked: std::collections::BTreeSet<ContactId> =
            wanted.iter().map(|one| one.contact).collect();
        for candidate in candidates {
            let contact = candidate.contact.id;
            self.taken.insert(contact);
            if let (false, Some(link)) = (asked.contains(&contact), &candidate.link) {
                let finding = Finding::Record {
                    record_id: link.record_id.clone(),
                    record: None,
                    found: leadferry_store::Found::Linked,
                    moved: false,
                };
                self.updates.push_back(Ready {
                    contact,
                    finding,
                    basis: Basis::of(candidate),
                });
            }
        }
    }

    /// Judges a due contact once more; records what it comes to when nothing is to be sent.
    fn still_goes(&mut self, writer: &Writer<'_>, candidate: &Candidate, now: i64) -> Result<bool> {
        let standing = match judge(candidate, &self.setup) {
            Judgement::Match | Judgement::Update(_) => return Ok(true),
            Judgement::LeftOut => {
                // One that was deleted here has not been waiting: it was sent, or goes nowhere any more.
                self.report.withdrawn += u64::from(candidate.contact.deleted_at.is_none());
                Standing::Withdrawn
            }
            Judgement::Unchanged => Standing::Done,
            Judgement::Blocked(reason) => {
                self.count_block(writer, candidate.contact.id, &reason)?;
                Standing::Blocked(reason)
            }
        };
        self.consider(writer, candidate, &standing, now)?;
        Ok(false)
    }

    pub(super) fn count_block(
        &mut self,
        writer: &Writer<'_>,
        contact: ContactId,
        reason: &Reason,
    ) -> Result<()> {
        self.report.blocked += 1;
        Ok(writer.add_run_block(self.run, contact, &reason.code, &reason.message)?)
    }

    pub(super) fn consider(
        &self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        standing: &Standing,
        now: i64,
    ) -> Result<()> {
        writer.consider(
            self.setup.replication.id,
            candidate.contact.id,
            candidate.contact.seq,
            self.setup.versions,
            standing,
            now,
        )?;
        Ok(())
    }

    /// Makes the next batch durable and sends it; updates by id and upserts never share one.
    fn start_batch(&mut self) -> Result<bool> {
        let size = usize::from(self.setup.settings.batch_size);
        let creates =
            self.updates.len() < size && (self.creates.len() >= size || self.updates.is_empty());
        let queue = if creates {
            &mut self.creates
        } else {
            &mut self.updates
        };
        let ready: VecDeque<Ready> = queue.drain(..size.min(queue.len())).collect();
        for one in &ready {
            self.taken.remove(&one.contact);
        }
        let now = (self.clock)();
        let setup = std::sync::Arc::clone(&self.setup);
        let store = std::sync::Arc::clone(&self.store);
        let prepared = store.write(|writer| -> Result<_> {
            let rows = self.build_rows(writer, &ready, now)?;
            if rows.is_empty() {
                return Ok(None);
            }
            let operation = if creates {
                Operation::Upsert {
                    identifier_field: setup.settings.identifier.clone(),
                }
            } else {
                Operation::Update
            };
            let new = NewBatch {
                run: self.run,
                replication: setup.replication.id,
                org_id: self.org.org_id.clone(),
                object: setup.replication.object.clone(),
                operation,
                assignment: creates && setup.settings.assignment_rules,
                allow_duplicates: setup.settings.allow_duplicates,
                rows,
            };
            let id = writer.prepare_batch(&new, now)?;
            Ok(Some((writer.batch(id)?, writer.batch_rows(id)?)))
        })?;
        crash_point("batching.prepared");
        if let Some((batch, rows)) = prepared {
            self.spawn_send(batch, rows);
        }
        Ok(true)
    }

    /// Builds the rows inside the transaction that makes them durable: who goes and what is asked again here.
    fn build_rows(
        &mut self,
        writer: &Writer<'_>,
        ready: &VecDeque<Ready>,
        now: i64,
    ) -> Result<Vec<NewRow>> {
        let setup = std::sync::Arc::clone(&self.setup);
        let ids: Vec<_> = ready.iter().map(|one| one.contact).collect();
        let candidates = writer.candidates(&setup.query(), &ids)?;
        let mut by_contact: BTreeMap<ContactId, Candidate> = candidates
            .into_iter()
            .map(|candidate| (candidate.contact.id, candidate))
            .collect();
        let mut rows = Vec::with_capacity(ready.len());
        for one in ready {
            let Some(candidate) = by_contact.remove(&one.contact) else {
                continue;
            };
            let entry = candidate
                .entry
                .as_ref()
                .filter(|entry| entry.state == EntryState::Pending);
            let Some(entry) = entry.map(|entry| entry.id) else {
                continue;
            };
            if !self.still_goes(writer, &candidate, now)? || Basis::of(&candidate) != one.basis {
                // Stays pending where it still goes, and is matched anew.
                continue;
            }
            if let Some(row) = self.build_row(writer, &candidate, entry, &one.finding, now)? {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn build_row(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        entry: EntryId,
        finding: &Finding,
        now: i64,
    ) -> Result<Option<NewRow>> {
        let setup = std::sync::Arc::clone(&self.setup);
        let built = match finding {
            Finding::Record {
                record_id,
                record,
                found,
                ..
            } => update_row(
                candidate,
                entry,
                record_id,
                record.as_deref(),
                *found,
                &setup,
            ),
            _ => create_row(candidate, entry, &setup),
        };
        match built {
            RowBuild::Row(row) => Ok(Some(*row)),
            RowBuild::Nothing(hashes) => {
                self.nothing_to_send(writer, candidate, finding, &hashes, now)?;
                Ok(None)
            }
            RowBuild::Blocked(reason) => {
                self.count_block(writer, candidate.contact.id, &reason)?;
                self.consider(writer, candidate, &Standing::Blocked(reason), now)?;
                Ok(None)
            }
        }
    }

    /// The org holds everything already: the link is recorded, and nothing is sent.
    fn nothing_to_send(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        finding: &Finding,
        hashes: &Hashes,
        now: i64,
    ) -> Result<()> {
        if let Finding::Record {
            record_id,
            record,
            found,
            ..
        } = finding
        {
            let identifier = record
                .as_ref()
                .and_then(|record| record.identifier.as_deref());
            let link = match &candidate.link {
                Some(link) if link.record_id == *record_id => link.id,
                _ => self.link(
                    writer,
                    candidate.contact.id,
                    record_id,
                    identifier,
                    origin(*found),
                    now,
                )?,
            };
            writer.record_sent(link, hashes, identifier, now)?;
        }
        self.report.unchanged += 1;
        self.consider(writer, candidate, &Standing::Done, now)
    }

    pub(super) fn link(
        &self,
        writer: &Writer<'_>,
        contact: ContactId,
        record_id: &str,
        identifier: Option<&str>,
        origin: LinkOrigin,
        now: i64,
    ) -> Result<leadferry_store::LinkId> {
        let link = NewLink {
            contact,
            org_id: &self.org.org_id,
            object: &self.setup.replication.object,
            record_id,
            identifier,
            origin,
        };
        Ok(writer.put_link(&link, now)?)
    }

    /// Records what matching came to: ready for a batch, or settled without one.
    pub(super) fn take_finding(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        basis: Basis,
        finding: Finding,
        now: i64,
    ) -> Result<()> {
        let contact = candidate.contact.id;
        let finding = match finding {
            Finding::New => match self.setup.identifier() {
                Ok(()) => Finding::New,
                Err(why) => Finding::Blocked(no_identifier(&why)),
            },
            other => other,
        };
        let standing = match finding {
            Finding::New => {
                if let Some(link) = &candidate.link {
                    // The record was deleted in Salesforce: a new one takes its place.
                    writer.set_link_state(link.id, LinkState::Deleted, now)?;
                }
                self.creates.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::Record {
                ref record_id,
                moved: true,
                ..
            } => {
                // The link follows the winner of a merge; the row is then built as for any linked record.
                self.link(writer, contact, record_id, None, LinkOrigin::Followed, now)?;
                let basis = Basis {
                    record_id: Some(record_id.clone()),
                    ..basis
                };
                self.updates.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::Record { .. } => {
                self.updates.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::LeftOut => {
                self.report.withdrawn += 1;
                Standing::Withdrawn
            }
            Finding::Deleted { record_id, reason } => {
                let link = self.linked(writer, candidate, &record_id, now)?;
                writer.set_link_state(link, LinkState::Deleted, now)?;
                self.count_block(writer, contact, &reason)?;
                Standing::Blocked(reason)
            }
            Finding::Converted {
                record_id,
                contact_record,
            } => self.follow(writer, candidate, &record_id, contact_record, now)?,
            Finding::Blocked(reason) => {
                self.count_block(writer, contact, &reason)?;
                Standing::Blocked(reason)
            }
        };
        self.taken.remove(&contact);
        self.consider(writer, candidate, &standing, now)
    }

    fn linked(
        &self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        record_id: &str,
        now: i64,
    ) -> Result<leadferry_store::LinkId> {
        match &candidate.link {
            Some(link) if link.record_id == record_id => Ok(link.id),
            _ => self.link(
                writer,
                candidate.contact.id,
                record_id,
                None,
                LinkOrigin::Identifier,
                now,
            ),
        }
    }

    /// Moves the link of a converted lead to the contact that came of it.
    fn follow(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        record_id: &str,
        contact_record: Option<String>,
        now: i64,
    ) -> Result<Standing> {
        let contact = candidate.contact.id;
        let lead = self.linked(writer, candidate, record_id, now)?;
        writer.set_link_state(lead, LinkState::Converted, now)?;
        let follows = self.setup.settings.converted == WhenConverted::Follow;
        if let (true, Some(record)) = (follows, contact_record) {
            let taken = writer
                .link_to(&self.org.org_id, &record)?
                .is_some_and(|link| link.contact != contact);
            let own = writer.link(contact, &self.org.org_id, "Contact")?;
            if !taken && own.is_none() {
                let link = NewLink {
                    contact,
                    org_id: &self.org.org_id,
                    object: "Contact",
                    record_id: &record,
                    identifier: None,
                    origin: LinkOrigin::Followed,
                };
                writer.put_link(&link, now)?;
                // The Contact replication considers her at its next run.
                writer.reconsider(contact)?;
            }
        }
        if self.setup.goes_on_as_contact() {
            self.report.withdrawn += 1;
            return Ok(Standing::Withdrawn);
        }
        let reason = planning::converted();
        self.count_block(writer, contact, &reason)?;
        Ok(Standing::Blocked(reason))
    }
}

fn origin(found: leadferry_store::Found) -> LinkOrigin {
    match found {
        leadferry_store::Found::Email => LinkOrigin::Email,
        _ => LinkOrigin::Identifier,
    }
}
