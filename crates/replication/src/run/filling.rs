//! Keeps enough requests in flight: open batches first, then full batches, then questions about the next people.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leadferry_store::{
    BatchState, Candidate, ContactId, Found, Reason, Standing, Writer, crash_point,
};

use super::{Basis, Conductor, Done, Outgoing, Ready};
use crate::Result;
use crate::asking::{ask, wanted};
use crate::matching::{Finding, Wanted};
use crate::planning::{Judgement, is_as_considered, judge};

impl Conductor<'_> {
    /// Starts requests until enough are in flight or nothing is left to start.
    pub(super) fn fill(&mut self) -> Result<()> {
        while self.requests.len() < self.in_flight() {
            if !self.start_next()? {
                break;
            }
        }
        Ok(())
    }

    fn start_next(&mut self) -> Result<bool> {
        if let Some(id) = self.open_batches.pop_front() {
            return self.start_open(id);
        }
        if self.start_job()? {
            return Ok(true);
        }
        let full = self.batch_size();
        // The next people are asked about while those before them are sent: two rounds of batches last until the answer.
        let ready =
            self.ready_to_update.len() + self.ready_to_create.len() + self.prepared.len() * full;
        let runs_dry = ready < 2 * full * self.in_flight();
        if self.lookups == 0 && runs_dry && self.start_matching()? {
            return Ok(true);
        }
        if let Some(outgoing) = self.prepared.pop_front() {
            self.spawn_send(outgoing);
            return Ok(true);
        }
        if self.has_full_batch() {
            self.prepare_next()?;
            return Ok(true);
        }
        if self.start_matching()? {
            return Ok(true);
        }
        // Only when no more people are on their way are batches sent that are not full.
        let all_are_here = self.lookups == 0 && self.entering.is_none();
        if all_are_here && !(self.ready_to_update.is_empty() && self.ready_to_create.is_empty()) {
            self.prepare_next()?;
            return Ok(true);
        }
        Ok(all_are_here && self.close_gathered()?)
    }

    fn start_open(&mut self, id: leadferry_store::BatchId) -> Result<bool> {
        let (batch, mut rows) = self
            .store
            .read(|reader| -> Result<_> { Ok((reader.batch(id)?, reader.batch_rows(id)?)) })?;
        rows.retain(|row| row.outcome.is_none());
        match batch.state {
            BatchState::Unknown => self.spawn_settle(batch, rows)?,
            BatchState::Prepared => self.spawn_send(Outgoing {
                batch,
                rows,
                body: None,
                built_at: None,
            }),
            BatchState::Answered | BatchState::Split => return Ok(true),
        }
        Ok(true)
    }

    /// Takes the next people who are due; returns whether there were any.
    fn start_matching(&mut self) -> Result<bool> {
        if self.only_first.are_all() {
            return Ok(false);
        }
        let chunk = self.only_first.chunk(self.policy.chunk);
        // Fewer than one question takes wait for those who are entered next.
        let wait_for_more =
            self.entering.is_some() && self.read_contacts.len() < self.claimed.len() + chunk;
        if self.claimed.len() >= 2 * chunk || wait_for_more {
            return Ok(false);
        }
        let (id, now) = (self.setup.replication.id, (self.clock)());
        let mut due = self.store.read(|reader| {
            reader.due_contacts(id, now, chunk + self.claimed.len(), self.due_of())
        })?;
        due.retain(|contact| !self.claimed.contains(contact));
        due.truncate(chunk);
        let more_come = self.entering.is_some() && due.len() < chunk;
        if due.is_empty() || more_come || self.waits_for_others(due.len()) {
            return Ok(false);
        }
        due.retain(|contact| !self.go_on_as_found(*contact));
        if due.is_empty() {
            return Ok(true);
        }
        due.sort_unstable();
        let setup = Arc::clone(&self.setup);
        let store = Arc::clone(&self.store);
        let candidates = store.write(|writer| self.still_going(writer, &due, now))?;
        let wanted = store.read(|reader| wanted(reader, &candidates, &setup))?;
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
        self.lookups += 1;
        self.requests.spawn(async move {
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

    /// Returns those of the due contacts who go as they are now; what became of the others is recorded.
    fn still_going(
        &mut self,
        writer: &Writer<'_>,
        due: &[ContactId],
        now: i64,
    ) -> Result<Vec<Arc<Candidate>>> {
        let setup = Arc::clone(&self.setup);
        self.read_contacts.read(writer, &setup, due)?;
        let mut going = Vec::with_capacity(due.len());
        for contact in due {
            if self.cancel.is_cancelled() {
                break;
            }
            let Some(held) = self.read_contacts.get(*contact).cloned() else {
                continue;
            };
            let candidate = held.candidate;
            // What is as it was considered is judged when its batch is built: an answer may have come since.
            if !held.goes && !is_as_considered(&candidate, &setup) {
                let judgement = judge(&candidate, &setup);
                let goes = judgement.is_about_own_record();
                if !self.still_goes(writer, &candidate, judgement, now)? {
                    continue;
                }
                self.read_contacts.put(Arc::clone(&candidate), goes, None);
            }
            going.push(candidate);
        }
        Ok(going)
    }

    /// A few that were refused for now wait for the requests on their way: others may be refused alike, and come along.
    fn waits_for_others(&self, due: usize) -> bool {
        let full = self.batch_size();
        self.retries_refused && due < full && !self.requests.is_empty()
    }

    /// Takes on a contact who was refused for now; returns whether it was found before.
    fn go_on_as_found(&mut self, contact: ContactId) -> bool {
        let Some(ready) = self.still_matched.remove(&contact) else {
            return false;
        };
        self.claimed.insert(contact);
        match ready.finding {
            Finding::New => self.ready_to_create.push_back(ready),
            _ => self.ready_to_update.push_back(ready),
        }
        true
    }

    /// Contacts that need no question go straight on; the others are taken until the org has answered.
    fn sort_out(&mut self, candidates: &[Arc<Candidate>], wanted: &[Wanted]) {
        let asked: BTreeSet<ContactId> = wanted.iter().map(|one| one.contact).collect();
        for candidate in candidates {
            let contact = candidate.contact.id;
            self.claimed.insert(contact);
            if asked.contains(&contact) {
                continue;
            }
            if let Some(record_id) = self.setup.due_copy(candidate) {
                self.ready_to_update.push_back(Ready {
                    contact,
                    finding: Finding::Copy { record_id },
                    basis: Basis::of(candidate),
                });
            } else if let Some(link) = &candidate.link {
                let finding = Finding::Record {
                    record_id: link.record_id.clone(),
                    record: None,
                    found: Found::Linked,
                    moved: false,
                };
                self.ready_to_update.push_back(Ready {
                    contact,
                    finding,
                    basis: Basis::of(candidate),
                });
            }
        }
    }

    /// Takes what judging a due contact once more came to: whether it still goes, else what became of it is recorded.
    pub(super) fn still_goes(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        judgement: Judgement,
        now: i64,
    ) -> Result<bool> {
        let standing = match judgement {
            Judgement::Match(_) | Judgement::Update(_) | Judgement::Seek | Judgement::Copy(_) => {
                return Ok(true);
            }
            Judgement::LeftOut => {
                // One that was deleted here has not been waiting: it was sent, or goes nowhere any more.
                let waited = candidate.contact.deleted_at.is_none() && !self.setup.only_no;
                self.report.withdrawn += u64::from(waited);
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

    /// Counts a contact as newly blocked, unless it was blocked for the same reason when the run began.
    pub(super) fn count_block(
        &self,
        writer: &Writer<'_>,
        contact: ContactId,
        reason: &Reason,
    ) -> Result<()> {
        if self.blocked_before.get(&contact) == Some(&reason.code) {
            return Ok(());
        }
        Ok(writer.add_run_block(self.run, contact, &reason.code, &reason.message)?)
    }

    pub(super) fn consider(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        standing: &Standing,
        now: i64,
    ) -> Result<()> {
        self.read_contacts.forget(candidate.contact.id);
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
}
