//! Makes batches durable: their rows are built in the transaction that hands their entries over.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use leadferry_salesforce::PackedRows;
use leadferry_store::{
    BatchRow, Candidate, EntryId, EntryState, Found, Hashes, LinkOrigin, NewBatch, NewRow,
    Operation, RequestForm, Standing, Writer, crash_point,
};

use super::{Basis, Conductor, Outgoing, Ready};
use crate::Result;
use crate::batching::{RowBuild, create_row, refusal_row, update_row};
use crate::matching::Finding;
use crate::planning::{Judgement, judge, judge_person};
use crate::sending::write_lead;
use crate::setup::{Setup, other_object};

/// No more rows join a batch whose fields are as long as this: the org takes 50 MB. Who is left out goes with the next.
const MOST_BYTES: usize = 40_000_000;

impl Conductor<'_> {
    /// Makes batches durable while nothing else is to be done, so that none has to be waited for when a request ends;
    /// returns whether it did anything.
    pub(super) fn prepare_ahead(&mut self) -> Result<bool> {
        if !self.prepared.is_empty() || !self.has_full_batch() {
            return Ok(false);
        }
        self.prepare_next()?;
        Ok(true)
    }

    /// Tells whether enough contacts are ready to fill a batch.
    pub(super) fn has_full_batch(&self) -> bool {
        let full = self.batch_size();
        self.ready_to_update.len() >= full || self.ready_to_create.len() >= full
    }

    /// Takes batches back that were to be sent later: nothing of them has left.
    pub(super) fn take_back_prepared(&mut self) -> Result<()> {
        let now = (self.clock)();
        let prepared = std::mem::take(&mut self.prepared);
        Ok(self.store.write(|writer| {
            let mut batches = prepared.iter();
            batches.try_for_each(|one| writer.take_back_batch(one.batch.id, now))
        })?)
    }

    /// Makes the next batch durable, and in the same transaction as many full ones as may be in flight with it.
    pub(super) fn prepare_next(&mut self) -> Result<()> {
        let (now, store) = ((self.clock)(), Arc::clone(&self.store));
        store.write(|writer| -> Result<()> {
            self.prepare(writer, now)?;
            for _ in 1..self.in_flight() {
                if self.has_full_batch() {
                    self.prepare(writer, now)?;
                }
            }
            Ok(())
        })?;
        crash_point("batching.prepared");
        Ok(())
    }

    /// Makes a batch durable; updates by id and upserts never share one.
    fn prepare(&mut self, writer: &Writer<'_>, now: i64) -> Result<()> {
        let size = self.batch_size();
        let creates = self.ready_to_update.len() < size
            && (self.ready_to_create.len() >= size || self.ready_to_update.is_empty());
        let queue = if creates {
            &mut self.ready_to_create
        } else {
            &mut self.ready_to_update
        };
        let ready: VecDeque<Ready> = queue.drain(..size.min(queue.len())).collect();
        for one in &ready {
            self.claimed.remove(&one.contact);
        }
        let Built { rows, elsewhere } = self.build_rows(writer, &ready, now)?;
        let is_empty = rows.is_empty() && elsewhere.is_empty();
        if is_empty {
            return Ok(());
        }
        self.sending
            .extend(ready.into_iter().map(|one| (one.contact, one)));
        let own = self.setup.replication.object.clone();
        self.prepare_rows(writer, &own, creates, rows, now)?;
        self.prepare_rows(writer, other_object(&own), false, elsewhere, now)
    }

    /// Makes rows for one object durable.
    fn prepare_rows(
        &mut self,
        writer: &Writer<'_>,
        object: &str,
        creates: bool,
        rows: Vec<NewRow>,
        now: i64,
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let setup = Arc::clone(&self.setup);
        let operation = if creates {
            Operation::Upsert {
                identifier_field: setup.settings.identifier.clone(),
            }
        } else {
            Operation::Update
        };
        let lead = |text: &mut String, row: &BatchRow| {
            write_lead(text, object, &operation, row);
        };
        let form = RequestForm {
            head: PackedRows::HEAD,
            lead: &lead,
            tail: PackedRows::TAIL,
        };
        let new = NewBatch {
            run: self.run,
            replication: setup.replication.id,
            org_id: self.org.org_id.clone(),
            object: object.to_owned(),
            operation: operation.clone(),
            assignment: creates && setup.settings.assignment_rules,
            allow_duplicates: setup.settings.allow_duplicates,
            rows,
        };
        let (batch, rows, body) = writer.prepare_request(new, &form, now)?;
        let outgoing = Outgoing {
            batch,
            rows,
            body: Some(body),
            built_at: Some(self.read_contacts.seq()),
        };
        self.let_go(writer, outgoing, creates)
    }

    /// Builds the rows inside the transaction that makes them durable: who has changed is judged again here.
    fn build_rows(
        &mut self,
        writer: &Writer<'_>,
        ready: &VecDeque<Ready>,
        now: i64,
    ) -> Result<Built> {
        let setup = Arc::clone(&self.setup);
        let ids: Vec<_> = ready.iter().map(|one| one.contact).collect();
        self.read_contacts.read(writer, &setup, &ids)?;
        let mut rows: Vec<NewRow> = Vec::with_capacity(ready.len());
        let mut elsewhere = Vec::new();
        let mut bytes = 0;
        for one in ready {
            // What is built by then is taken back: nothing of it leaves any more.
            if self.cancel.is_cancelled() || bytes > MOST_BYTES {
                break;
            }
            // The others wait for the next run.
            if !self.only_first.admits(one.contact) {
                continue;
            }
            let Some(held) = self.read_contacts.take(one.contact) else {
                continue;
            };
            let candidate = held.candidate;
            let entry = candidate
                .entry
                .as_ref()
                .filter(|entry| entry.state == EntryState::Pending);
            let Some(entry) = entry.map(|entry| entry.id) else {
                continue;
            };
            if let Finding::Copy { record_id } = &one.finding {
                let row = self.build_copy(writer, &candidate, entry, record_id, now)?;
                match is_elsewhere(&candidate, record_id, &setup) {
                    true => elsewhere.extend(row),
                    false => rows.extend(row),
                }
                continue;
            }
            if !held.goes {
                let judgement = match one.finding {
                    Finding::Record { .. } => judge(&candidate, &setup),
                    _ => judge_person(&candidate, &setup),
                };
                let is_about_own = judgement.is_about_own_record();
                if !self.still_goes(writer, &candidate, judgement, now)?
                    || !is_about_own
                    || Basis::of(&candidate) != one.basis
                    || (matches!(one.finding, Finding::New) && !setup.creates(&candidate))
                {
                    // Stays pending where it still goes, and is matched anew.
                    continue;
                }
            }
            let row = match (&one.finding, held.new_row) {
                (Finding::New, Some(row)) => Some(Arc::unwrap_or_clone(row)),
                (finding, _) => self.build_row(writer, &candidate, entry, finding, now)?,
            };
            if let Some(row) = row {
                bytes += row.payload.len();
                rows.push(row);
                self.only_first.add(one.contact);
            }
        }
        // A request takes a record once: the other row stays pending, and goes with a later one.
        let mut records = BTreeSet::new();
        for rows in [&mut rows, &mut elsewhere] {
            rows.retain(|row: &NewRow| match &row.record_id {
                Some(record) => records.insert(record.clone()),
                None => true,
            });
        }
        Ok(Built { rows, elsewhere })
    }

    /// Builds the row that tells a record beside the linked one of a no, if that is still next.
    fn build_copy(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        entry: EntryId,
        record_id: &str,
        now: i64,
    ) -> Result<Option<NewRow>> {
        match judge_person(candidate, &self.setup) {
            Judgement::Copy(copy) if copy.record_id == record_id => {
                Ok(Some(refusal_row(candidate, entry, &copy)))
            }
            judgement => {
                self.still_goes(writer, candidate, judgement, now)?;
                Ok(None)
            }
        }
    }

    fn build_row(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        entry: EntryId,
        finding: &Finding,
        now: i64,
    ) -> Result<Option<NewRow>> {
        let setup = Arc::clone(&self.setup);
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
        let standing = match self.setup.goes_further(candidate) {
            true => Standing::Pending,
            false => Standing::Done,
        };
        self.consider(writer, candidate, &standing, now)
    }
}

/// The rows of a batch, and those of a no for records of the other object.
struct Built {
    rows: Vec<NewRow>,
    elsewhere: Vec<NewRow>,
}

fn is_elsewhere(candidate: &Candidate, record_id: &str, setup: &Setup) -> bool {
    let mut records = candidate.refusals.records.iter();
    records.any(|record| record.record_id == record_id && record.object != setup.replication.object)
}

fn origin(found: Found) -> LinkOrigin {
    match found {
        Found::Email => LinkOrigin::Email,
        _ => LinkOrigin::Identifier,
    }
}
