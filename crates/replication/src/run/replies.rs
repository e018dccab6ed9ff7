//! Takes the org's answers into the workspace, several in one transaction.

use std::sync::Arc;

use leadferry_salesforce::{RowAnswer, Treatment};
use leadferry_store::{BatchRow, BatchState, Found, RunId, Writer, crash_point};

use super::{Conductor, Outgoing, Stop};
use crate::Result;
use crate::asking::name_duplicates;
use crate::backoff::Policy;
use crate::leaving_out::without_refused;
use crate::mapping::Compiled;
use crate::reconciling::{self, Answered, Taking, Verdict};

/// How often the calls made are kept.
const READ_EVERY_MS: i64 = 60_000;

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
    fn take(
        &self,
        writer: &Writer<'_>,
        run: RunId,
        policy: &Policy,
        mapping: &Compiled,
        now: i64,
    ) -> Result<Answered> {
        let (batch, rows) = (&self.outgoing.batch, &self.outgoing.rows);
        let named = self.answers.iter().filter_map(|answer| answer.id.as_ref());
        let records: Vec<String> = named.map(ToString::to_string).collect();
        let stale = batch.run != run;
        let mut taking = Taking::begin(writer, batch, rows, &records, stale, now)?;
        if self.outgoing.built_at == Some(writer.sequence()?) {
            taking.nothing_has_changed();
        }
        for (row, answer) in rows.iter().zip(&self.answers) {
            let verdict = match without_refused(row, answer, mapping) {
                Some(without) if writer.attempts(row.entry)? + 1 < policy.row_attempts => {
                    Verdict::Retry {
                        reason: without.reason,
                        delay_ms: 0,
                        counts: true,
                    }
                }
                _ => self.judge(writer, row, answer, run, policy)?,
            };
            taking.row(row, &verdict, &answer.errors)?;
            crash_point("reconciling.row");
        }
        let answered = taking.end()?;
        let late = batch.state == BatchState::Unknown;
        writer.batch_was_answered(batch.id, late.then_some(now + policy.read_back_ms), now)?;
        Ok(answered)
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
            // The rest goes without it: it stands in another record, such as one that the contact was linked to before.
            Verdict::Refused(reason)
                if row.stamps && row.found == Found::Linked && is_taken(answer) =>
            {
                let batch = &self.outgoing.batch;
                writer.identifier_is_elsewhere(row.contact, &batch.org_id, &batch.object)?;
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
        let mapping = &self.setup.mapping;
        let answered = self.store.write(|writer| -> Result<Vec<Answered>> {
            let taken = replies
                .iter()
                .map(|one| one.take(writer, run, policy, mapping, now));
            taken.collect()
        })?;
        crash_point("reconciling.applied");
        for (reply, answered) in replies.iter().zip(answered) {
            self.keep_found(&reply.outgoing.rows, &reply.answers);
            self.count(answered, reply.answers.len());
            self.weigh(&reply.outgoing.rows, &reply.answers);
        }
        self.keep_reading(now)
    }

    /// Keeps who was found for rows that are tried again, so that their next try costs no question.
    fn keep_found(&mut self, rows: &[BatchRow], answers: &[RowAnswer]) {
        for (row, answer) in rows.iter().zip(answers) {
            let Some(ready) = self.sending.remove(&row.contact) else {
                continue;
            };
            if reconciling::stays_found(answer) && self.still_matched.len() < self.policy.chunk {
                self.still_matched.insert(row.contact, ready);
            }
        }
        self.retries_refused |= answers.iter().any(reconciling::stays_found);
    }

    /// Notes the values that are left out, and stops a run that nobody watches where too much is refused for good.
    fn weigh(&mut self, rows: &[BatchRow], answers: &[RowAnswer]) {
        let setup = Arc::clone(&self.setup);
        let mapping = &setup.mapping;
        let refused = rows
            .iter()
            .zip(answers)
            .filter(|(_, answer)| !answer.success);
        let mut for_good = 0;
        for (row, answer) in refused {
            match without_refused(row, answer, mapping) {
                Some(without) => self.report.add_values_left_out(without.said),
                None => for_good += u64::from(reconciling::is_for_good(answer)),
            }
        }
        if let Some((refused, rows)) = self.refusals.add(answers.len() as u64, for_good) {
            self.stop(Stop::braked(refused, rows));
        }
    }

    pub(super) fn count(&mut self, answered: Answered, rows: usize) {
        self.report.created += answered.created;
        self.report.updated += answered.updated;
        self.rows_answered += rows as u64;
    }

    /// Keeps the calls made, once a minute: a long run shows in the hours in which it made them.
    pub(super) fn keep_reading(&mut self, now: i64) -> Result<()> {
        if leadferry_store::is_within(self.calls_noted_at, READ_EVERY_MS, now) {
            return Ok(());
        }
        self.calls_noted_at = now;
        let reading = super::reading(&self.org.client, now);
        Ok(self
            .store
            .write(|writer| writer.keep_reading(self.org.connection, &reading))?)
    }
}

/// Tells whether the org refused a row because another record holds the identifier.
fn is_taken(answer: &RowAnswer) -> bool {
    let mut errors = answer.errors.iter();
    errors.any(|error| error.treatment() == Treatment::AskIdentifier)
}

fn asks_for_describe(answer: &RowAnswer) -> bool {
    answer
        .errors
        .first()
        .is_some_and(|error| error.treatment() == Treatment::Redescribe)
}
