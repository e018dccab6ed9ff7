//! Takes in requests that failed as a whole: settled, halved, handed back or sent again, and what that means for the run.

use leadferry_store::{
    Batch, BatchRow, BatchState, Outcome, Pause, RowOutcome, Settled, crash_point,
};

use super::{Conductor, Outgoing, Stop};
use crate::{Error, Result};

/// A connection that is cut with no more rows than these was not cut for their size.
const FEW_ROWS: usize = 10;

impl Conductor<'_> {
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
            self.open_batches.push_back(batch.id);
        }
        self.take_refusal(&Error::Salesforce(error)).await
    }

    pub(super) fn batch_is_unknown(&mut self, batch: &Batch) -> Result<()> {
        self.store
            .write(|writer| writer.batch_became_unknown(batch.id))?;
        crash_point("sending.unknown");
        self.open_batches.push_back(batch.id);
        Ok(())
    }

    /// Gives the rows of a batch that was not applied back to the queue: their payloads no longer fit the org.
    fn hand_back(&mut self, batch: &Batch, rows: &[BatchRow]) -> Result<()> {
        let now = (self.clock)();
        self.forget_sending(rows);
        Ok(self.store.write(|writer| {
            let came_to = |row: &BatchRow| RowOutcome {
                position: row.position,
                outcome: Outcome::Retry,
                record_id: None,
                errors: None,
            };
            writer.answer_rows(batch.id, rows.iter().map(came_to).collect())?;
            for row in rows {
                let again = Settled::Again {
                    due_at: now,
                    counts: false,
                    reason: None,
                };
                writer.settle_entry(batch.id, row.entry, row.seq, &again, now)?;
            }
            writer.batch_was_answered(batch.id, None, now)
        })?)
    }

    pub(super) fn forget_sending(&mut self, rows: &[BatchRow]) {
        for row in rows {
            self.sending.remove(&row.contact);
        }
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
            self.pause(now + self.policy.transport_delay(self.faults_in_a_row + 1))?;
        } else {
            self.stop(Stop::of_request(refusal));
            return Ok(());
        }
        if self.faults_in_a_row >= self.policy.transport_attempts {
            self.stop(Stop::of_request(refusal));
        }
        Ok(())
    }

    /// Counts a fault and lets nothing be asked before a moment, in this run and in later ones.
    fn pause(&mut self, until: i64) -> Result<()> {
        self.faults_in_a_row += 1;
        self.paused_until = until;
        let pause = Pause {
            until,
            faults: self.faults_in_a_row,
        };
        Ok(self
            .store
            .write(|writer| writer.set_org_pause(&self.org.org_id, pause))?)
    }

    /// The org has answered: faults are no longer in a row.
    pub(super) fn org_works(&mut self) -> Result<()> {
        if self.faults_in_a_row > 0 {
            self.faults_in_a_row = 0;
            self.store
                .write(|writer| writer.set_org_pause(&self.org.org_id, Pause::default()))?;
        }
        Ok(())
    }

    pub(super) fn stop(&mut self, stop: Stop) {
        self.report.stopped.get_or_insert(stop);
    }
}

/// The org refused the whole request, and halving does not help: nothing of it was applied.
fn is_refusal_of_rows(error: &leadferry_salesforce::Error) -> bool {
    !error.retryable() && !error.needs_sign_in() && !error.is_daily_limit()
}
