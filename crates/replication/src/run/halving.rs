//! Halves a batch that was refused for one row's sake, until that row is alone.

use leadferry_salesforce::RowError;
use leadferry_store::{Batch, BatchRow, crash_point};

use super::Conductor;
use crate::Result;
use crate::reconciling::{self, Answered, Taking, Verdict};

impl Conductor<'_> {
    /// Halves a batch that was refused for one row's sake, until that row is alone.
    pub(super) fn halve(
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
            self.open_batches.extend(halves);
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
            let answered = taking.end()?;
            writer.batch_was_answered(batch.id, None, now)?;
            Ok(answered)
        })?;
        self.count(answered, rows.len());
        self.forget_sending(rows);
        Ok(())
    }
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
