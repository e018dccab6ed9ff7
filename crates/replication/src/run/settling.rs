//! Settles batches that have no known answer.

use std::sync::Arc;

use leadferry_salesforce::Record;
use leadferry_store::{
    Batch, BatchRow, LinkOrigin, LinkState, NewLink, Outcome, Settled, Writer, crash_point,
};

use super::{Conductor, Outgoing};
use crate::reconciling::{Answered, Taking, Verdict};
use crate::settling::{Settlement, settle};
use crate::{Result, sending};

impl Conductor<'_> {
    /// Settles an unknown batch: takes what the org holds, and sends the rest of the stored payloads once more.
    pub(super) async fn take_settled(
        &mut self,
        batch: Batch,
        rows: Vec<BatchRow>,
        records: &[Record],
    ) -> Result<()> {
        // Faults stay in a row until a request that writes was answered.
        let now = (self.clock)();
        let settlements = settle(&batch, &rows, records, &self.visible_fields(&batch.object)?);
        let stale = batch.run != self.run;
        let mut again = Vec::new();
        let mut there = Vec::new();
        let named: Vec<String> = records
            .iter()
            .filter_map(|record| Some(record.id()?.to_string()))
            .collect();
        let store = Arc::clone(&self.store);
        let answered = store.write(|writer| -> Result<Answered> {
            let mut taking = Taking::begin(writer, &batch, &rows, &named, stale, now)?;
            for (row, settlement) in rows.into_iter().zip(&settlements) {
                match settlement {
                    Settlement::Resend { there: is_there } => {
                        if *is_there && row.record_id.is_none() {
                            there.push(row.position);
                        }
                        again.push(row);
                    }
                    settled => {
                        self.sending.remove(&row.contact);
                        take_settlement(writer, &mut taking, &batch, &row, settled, now)?;
                    }
                }
            }
            let answered = taking.end()?;
            if again.is_empty() {
                writer.batch_was_answered(batch.id, Some(now + self.policy.read_back_ms), now)?;
            }
            Ok(answered)
        })?;
        crash_point("settling.taken");
        self.count(answered, settlements.len() - again.len());
        if again.is_empty() {
            return self.org_works();
        }
        let again = Outgoing {
            batch,
            rows: again,
            body: None,
            built_at: None,
        };
        match sending::send(&self.org.client, &again.batch, &again.rows, None).await {
            Ok(answers) => self.take_answers(again, answers, there).await,
            Err(error) => self.take_fault(again, error).await,
        }
    }
}

fn take_settlement(
    writer: &Writer<'_>,
    taking: &mut Taking<'_>,
    batch: &Batch,
    row: &BatchRow,
    settlement: &Settlement,
    now: i64,
) -> Result<()> {
    match settlement {
        Settlement::Taken { record_id } => {
            let created = row.found == leadferry_store::Found::New;
            let verdict = Verdict::Taken {
                created,
                record_id: record_id.clone(),
            };
            taking.row(row, &verdict, &[])
        }
        Settlement::Lost { record_id } => {
            let link = NewLink {
                contact: writer.resolve_contact(row.contact)?,
                org_id: &batch.org_id,
                object: &batch.object,
                record_id,
                identifier: Some(row.guid.as_str()),
                origin: LinkOrigin::Created,
            };
            let link = writer.put_link(&link, now)?;
            writer.set_link_state(link, LinkState::Deleted, now)?;
            taking.came_to(row, Outcome::Lost, Some(record_id), &[]);
            hand_over(writer, batch, row, now)
        }
        Settlement::FindAgain | Settlement::Resend { .. } => {
            taking.came_to(row, Outcome::Retry, None, &[]);
            hand_over(writer, batch, row, now)
        }
    }
}

/// The next match decides, with the link or the org's records as they are now.
fn hand_over(writer: &Writer<'_>, batch: &Batch, row: &BatchRow, now: i64) -> Result<()> {
    let again = Settled::Again {
        due_at: now,
        counts: true,
        reason: None,
    };
    Ok(writer.settle_entry(batch.id, row.entry, row.seq, &again, now)?)
}
