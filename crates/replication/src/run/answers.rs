//! Takes in what came to its end: findings, answers and faults.

use std::sync::Arc;

use leadferry_salesforce::{RowAnswer, RowError, Treatment};
use leadferry_store::{
    Batch, BatchRow, BatchState, ContactId, Outcome, Pause, RunId, Settled, Writer, crash_point,
};

use super::{Ask, Basis, Conductor, Done, Outgoing, Stop, StopKind};
use crate::asking::name_duplicates;
use crate::matching::{Known, Wanted, find};
use crate::reconciling::{self, Answered, Taking, Verdict};
use crate::schedule::Policy;
use crate::{Error, Result};

/// How often the calls made are kept.
const READ_EVERY_MS: i64 = 60_000;

/// A connection that is cut with no more rows than these was not cut for their size.
const FEW_ROWS: usize = 10;

/// The org's answer to a batch, a row's each.
pub(super) struct Reply {
    outgoing: Outgoing,
    answers: Vec<RowAnswer>,
    /// Positions of rows whose record our first request had created.
    there: Vec<u32>,
    /// Where the fields are to blame, the rows are not: they wait for the mapping to fit again.
    fields_changed: bool,
}

impl Reply {
    /// Takes it into the workspace.
    fn take(&self, writer: &Writer<'_>, run: RunId, policy: &Policy, now: i64) -> Result<Answered> {
        let (batch, rows) = (&self.outgoing.batch, &self.outgoing.rows);
        let named = self.answers.iter().filter_map(|answer| answer.id.as_ref());
        let records: Vec<String> = named.map(ToString::to_string).collect();
        let stale = batch.run != run;
        let mut taking = Taking::begin(writer, batch, rows, &records, stale, now)?;
        if self.outgoing.built_at == Some(writer.sequence()?) {
            taking.nothing_has_changed();
        }
        for (row, answer) in rows.iter().zip(&self.answers) {
            let verdict = self.judge(writer, row, answer, run, policy)?;
            taking.row(row, &verdict, &answer.errors)?;
            crash_point("reconciling.row");
        }
        let late = batch.state == BatchState::Unknown;
        writer.batch_was_answered(batch.id, late.then_some(now + policy.read_back_ms), now)?;
        taking.end()
    }

    fn judge(
        &self,
        writer: &Writer<'_>,
        row: &BatchRow,
        answer: &RowAnswer,
        run: RunId,
        policy: &Policy,
    ) -> Result<Verdict> {
        // Only a refusal counts those before it.
        let attempts = if answer.success {
            0
        } else {
            writer.attempts(row.entry)?
        };
        let mut verdict = reconciling::judge(row, answer, attempts, run, policy);
        match &mut verdict {
            Verdict::Refused(reason) if self.fields_changed && asks_for_describe(answer) => {
                return Ok(Verdict::Retry {
                    reason: reason.clone(),
                    delay_ms: 0,
                    counts: false,
                });
            }
            Verdict::Taken { created, .. } => *created |= self.there.contains(&row.position),
            _ => {}
        }
        Ok(verdict)
    }
}

impl Conductor<'_> {
    /// Takes in whatever ended.
    pub(super) async fn take(&mut self, done: Done) -> Result<()> {
        match done {
            Done::Asked {
                wanted,
                bases,
                result,
            } => self.take_asked(&wanted, bases, result).await,
            Done::Sent { outgoing, result } => match result {
                Ok(answers) => self.take_answers(outgoing, answers, Vec::new()).await,
                Err(error) => self.take_fault(outgoing, error).await,
            },
            Done::Settled {
                batch,
                rows,
                result,
            } => match result {
                Ok(records) => self.take_settled(batch, rows, &records).await,
                Err(error) => {
                    self.open.push_back(batch.id);
                    self.take_refusal(&error).await
                }
            },
        }
    }

    async fn take_asked(
        &mut self,
        wanted: &[Wanted],
        bases: Vec<Basis>,
        result: Result<Known>,
    ) -> Result<()> {
        self.matching -= 1;
        let known = match result {
            Ok(known) => known,
            Err(error) => {
                for one in wanted {
                    self.taken.remove(&one.contact);
                }
                return self.take_refusal(&error).await;
            }
        };
        self.org_works()?;
        let now = (self.clock)();
        let (setup, store) = (Arc::clone(&self.setup), Arc::clone(&self.store));
        let ids: Vec<ContactId> = wanted.iter().map(|one| one.contact).collect();
        store.write(|writer| -> Result<()> {
            self.hand.read(writer, &setup, &ids)?;
            for (one, basis) in wanted.iter().zip(bases) {
                let Some(held) = self.hand.get(one.contact).cloned() else {
                    continue;
                };
                if !held.goes && Basis::of(&held.candidate) != basis {
                    // E-mail, link or claim changed while the org was asked: once more from the start.
                    self.taken.remove(&one.contact);
                    continue;
                }
                let finding = find(one, &held.candidate, &known, &setup);
                self.take_finding(writer, &held.candidate, basis, finding, now)?;
            }
            Ok(())
        })?;
        crash_point("matching.taken");
        Ok(())
    }

    /// Takes in the answer to a batch. `there` names rows whose record stood in the org before this request was
    /// repeated: our first request had created it.
    pub(super) async fn take_answers(
        &mut self,
        outgoing: Outgoing,
        mut answers: Vec<RowAnswer>,
        there: Vec<u32>,
    ) -> Result<()> {
        let (batch, rows) = (&outgoing.batch, &outgoing.rows);
        if answers.len() != rows.len() {
            return self.batch_is_unknown(batch);
        }
        self.org_works()?;
        let (org, store, setup) = (self.org, &self.store, &self.setup);
        name_duplicates(org, store, batch, rows, &mut answers, setup).await?;
        let consequences = reconciling::consequences(&answers);
        if consequences.redescribe {
            self.check_fields().await?;
        }
        // An answer that takes all rows can wait for others: if it is lost, the org is asked and says the same.
        let waits = batch.state == BatchState::Prepared && answers.iter().all(|one| one.success);
        self.replies.push(Reply {
            outgoing,
            answers,
            there,
            fields_changed: consequences.redescribe && self.report.stopped.is_some(),
        });
        if !waits || self.replies.len() >= self.in_flight() {
            self.take_in()?;
        }
        if let Some(error) = consequences.stop {
            self.stop(Stop::of_row(&error));
        }
        Ok(())
    }

    /// Takes the answers that have come into the workspace, in one transaction.
    pub(super) fn take_in(&mut self) -> Result<()> {
        let replies = std::mem::take(&mut self.replies);
        if replies.is_empty() {
            return Ok(());
        }
        let (now, run, policy) = ((self.clock)(), self.run, self.policy);
        let answered = self.store.write(|writer| -> Result<Vec<Answered>> {
            let taken = replies.iter().map(|one| one.take(writer, run, policy, now));
            taken.collect()
        })?;
        crash_point("reconciling.applied");
        for (reply, answered) in replies.iter().zip(answered) {
            self.keep_found(&reply.outgoing.rows, &reply.answers);
            self.count(answered, reply.answers.len());
        }
        self.keep_reading(now)
    }

    /// Keeps who was found for rows that are tried again, so that their next try costs no question.
    fn keep_found(&mut self, rows: &[BatchRow], answers: &[RowAnswer]) {
        for (row, answer) in rows.iter().zip(answers) {
            let Some(ready) = self.sending.remove(&row.contact) else {
                continue;
            };
            if reconciling::stays_found(answer) && self.found.len() < self.policy.chunk {
                self.found.insert(row.contact, ready);
            }
        }
        self.refused |= answers.iter().any(reconciling::stays_found);
    }

    pub(super) fn count(&mut self, answered: Answered, rows: usize) {
        self.report.created += answered.created;
        self.report.updated += answered.updated;
        self.sent += rows as u64;
    }

    /// Takes in a request that failed as a whole.
    pub(super) async fn take_fault(
        &mut self,
        outgoing: Outgoing,
        error: leadferry_salesforce::Error,
    ) -> Result<()> {
        let (batch, rows) = (&outgoing.batch, &outgoing.rows);
        // A batch that was unknown has been settled just now, so that the org can be reached: what runs too long even so
        // is halved, and so is what is cut off once more, as a gateway does with what is too large for it.
        let settled = batch.state == BatchState::Unknown;
        let splits = error.splits() && (!error.may_have_been_applied() || settled);
        let too_large = settled && error.was_cut() && rows.len() > FEW_ROWS;
        if splits || too_large {
            return self.halve(batch, rows, &error);
        } else if error.may_have_been_applied() {
            self.batch_is_unknown(batch)?;
        } else if matches!(error, leadferry_salesforce::Error::Reserved { .. })
            && batch.state == BatchState::Prepared
        {
            // It never left, and is taken back when the run ends.
            self.prepared.push_front(outgoing);
        } else if error.needs_describe() || is_refusal_of_rows(&error) {
            self.hand_back(batch, rows)?;
        } else {
            self.open.push_back(batch.id);
        }
        self.take_refusal(&Error::Salesforce(error)).await
    }

    fn batch_is_unknown(&mut self, batch: &Batch) -> Result<()> {
        self.store
            .write(|writer| writer.batch_became_unknown(batch.id))?;
        crash_point("sending.unknown");
        self.open.push_back(batch.id);
        Ok(())
    }

    /// Halves a batch that was refused for one row's sake, until that row is alone.
    fn halve(
        &mut self,
        batch: &Batch,
        rows: &[BatchRow],
        error: &leadferry_salesforce::Error,
    ) -> Result<()> {
        let now = (self.clock)();
        if !error.was_cut() {
            self.org_works()?;
        }
        if rows.len() > 1 {
            if error.is_too_large() || error.was_cut() {
                // What comes next need not be refused first.
                self.most_rows = self.most_rows.min(rows.len().div_ceil(2));
            }
            let halves = self.store.write(|writer| -> Result<_> {
                let halves = writer.split_batch(batch.id, now)?;
                for half in halves.iter().filter(|_| error.may_have_been_applied()) {
                    writer.batch_became_unknown(*half)?;
                }
                Ok(halves)
            })?;
            crash_point("sending.split");
            self.open.extend(halves);
            return Ok(());
        }
        let refusal = refusal_of_one(error);
        let reason = reconciling::reason(&refusal, refusal.cure());
        let answered = self.store.write(|writer| -> Result<Answered> {
            let stale = batch.run != self.run;
            let mut taking = Taking::begin(writer, batch, rows, &[], stale, now)?;
            for row in rows {
                let verdict = Verdict::Refused(reason.clone());
                taking.row(row, &verdict, std::slice::from_ref(&refusal))?;
            }
            writer.batch_was_answered(batch.id, None, now)?;
            taking.end()
        })?;
        self.count(answered, rows.len());
        self.forget_sending(rows);
        Ok(())
    }

    fn forget_sending(&mut self, rows: &[BatchRow]) {
        for row in rows {
            self.sending.remove(&row.contact);
        }
    }

    /// Gives the rows of a batch that was not applied back to the queue: their payloads no longer fit the org.
    fn hand_back(&mut self, batch: &Batch, rows: &[BatchRow]) -> Result<()> {
        let now = (self.clock)();
        self.forget_sending(rows);
        Ok(self.store.write(|writer| {
            for row in rows {
                writer.answer_row(row.batch, row.position, Outcome::Retry, None, None)?;
                let again = Settled::Again {
                    due_at: now,
                    counts: false,
                    reason: None,
                };
                writer.settle_entry(row.entry, row.seq, &again, now)?;
            }
            writer.batch_was_answered(batch.id, None, now)
        })?)
    }

    /// Decides what a failed request means for the run: a pause, or its end.
    pub(super) async fn take_refusal(&mut self, error: &Error) -> Result<()> {
        let refusal = match error {
            Error::Salesforce(refusal) => refusal,
            Error::EmailMatching(why) => {
                self.stop(Stop::email_matching(why));
                return Ok(());
            }
            error => return Err(Error::Unexpected(error.to_string())),
        };
        if refusal.needs_describe() {
            self.check_fields().await?;
        }
        let now = (self.clock)();
        if refusal.is_concurrent_limit() {
            self.pause(now + self.policy.concurrent_wait_ms)?;
        } else if refusal.retryable() && !refusal.is_daily_limit() {
            self.pause(now + self.policy.transport_delay(self.faults + 1))?;
        } else {
            self.stop(Stop::of_request(refusal));
            return Ok(());
        }
        if self.faults >= self.policy.transport_attempts {
            self.stop(Stop::of_request(refusal));
        }
        Ok(())
    }

    /// Counts a fault and lets nothing be asked before a moment, in this run and in later ones.
    fn pause(&mut self, until: i64) -> Result<()> {
        self.faults += 1;
        self.paused_until = until;
        let pause = Pause {
            until,
            faults: self.faults,
        };
        Ok(self
            .store
            .write(|writer| writer.set_org_pause(&self.org.org_id, pause))?)
    }

    /// The org has answered: faults are no longer in a row.
    pub(super) fn org_works(&mut self) -> Result<()> {
        if self.faults > 0 {
            self.faults = 0;
            self.store
                .write(|writer| writer.set_org_pause(&self.org.org_id, Pause::default()))?;
        }
        Ok(())
    }

    /// Reads the describe again and stops the run if the mapping does not fit it any more.
    async fn check_fields(&mut self) -> Result<()> {
        match self.refresh_describe(Ask::Anew).await {
            Ok(_) => {
                let (id, now) = (self.setup.replication.id, (self.clock)());
                let stop = match self
                    .store
                    .read(|reader| crate::setup::Setup::load(reader, id, now))
                {
                    Err(Error::Mapping(findings)) => Some(Stop::mapping(&findings)),
                    Err(Error::Settings(fault)) => Some(Stop::settings(fault)),
                    Err(error) => return Err(error),
                    // The fields changed under the run: what is in the queue is considered anew by the next one.
                    Ok(setup) if setup.versions != self.setup.versions => Some(Stop {
                        kind: StopKind::SetUp,
                        message: "the org's fields changed during the run".into(),
                        cure: "check the plan again, then run".into(),
                    }),
                    Ok(_) => None,
                };
                if let Some(stop) = stop {
                    self.stop(stop);
                }
            }
            Err(error) => self.stop(Stop::of(&error)?),
        }
        Ok(())
    }

    pub(super) fn stop(&mut self, stop: Stop) {
        self.report.stopped.get_or_insert(stop);
    }

    /// Keeps the calls made, once a minute: a long run shows in the hours in which it made them.
    fn keep_reading(&mut self, now: i64) -> Result<()> {
        if leadferry_store::is_within(self.read_at, READ_EVERY_MS, now) {
            return Ok(());
        }
        self.read_at = now;
        let reading = super::reading(&self.org.client, now);
        Ok(self
            .store
            .write(|writer| writer.keep_reading(self.org.connection, &reading))?)
    }
}

/// The org refused the whole request, and halving does not help: nothing of it was applied.
fn is_refusal_of_rows(error: &leadferry_salesforce::Error) -> bool {
    !error.retryable() && !error.needs_sign_in() && !error.is_daily_limit()
}

/// What the org said of a request with one row, it said of that row.
fn refusal_of_one(error: &leadferry_salesforce::Error) -> RowError {
    RowError {
        code: error
            .code()
            .cloned()
            .unwrap_or_else(|| "request_refused".into()),
        message: error
            .message()
            .unwrap_or("Salesforce rejected the request")
            .to_owned(),
        fields: Vec::new(),
        matches: Vec::new(),
        allow_save: None,
    }
}

fn asks_for_describe(answer: &RowAnswer) -> bool {
    answer
        .errors
        .first()
        .is_some_and(|error| error.treatment() == Treatment::Redescribe)
}
