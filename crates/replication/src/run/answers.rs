//! Takes in what came to its end.

use std::sync::Arc;

use leadferry_store::{Candidate, ContactId, RefusalPlace, Writer, crash_point};

use super::{Basis, Conductor, Done};
use crate::Result;
use crate::matching::{Finding, Known, Wanted, find, refusal_records};

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
            Done::Job {
                job,
                built_at,
                result,
            } => self.take_job(job, built_at, *result).await,
            Done::Settled {
                batch,
                rows,
                result,
            } => match result {
                Ok(records) => self.take_settled(batch, rows, &records).await,
                Err(error) => {
                    self.open_batches.push_back(batch.id);
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
        self.lookups -= 1;
        let known = match result {
            Ok(known) => known,
            Err(error) => {
                for one in wanted {
                    self.claimed.remove(&one.contact);
                }
                return self.take_refusal(&error).await;
            }
        };
        self.org_works()?;
        let now = (self.clock)();
        let (setup, store) = (Arc::clone(&self.setup), Arc::clone(&self.store));
        let ids: Vec<ContactId> = wanted.iter().map(|one| one.contact).collect();
        store.write(|writer| -> Result<()> {
            self.read_contacts.read(writer, &setup, &ids)?;
            for (one, basis) in wanted.iter().zip(bases) {
                let Some(held) = self.read_contacts.get(one.contact).cloned() else {
                    continue;
                };
                if !held.goes && Basis::of(&held.candidate) != basis {
                    // E-mail, link or claim changed while the org was asked: once more from the start.
                    self.claimed.remove(&one.contact);
                    continue;
                }
                let finding = find(one, &held.candidate, &known, &setup);
                let candidate =
                    self.keep_refusals(writer, held.candidate, one, &finding, &known)?;
                self.take_finding(writer, &candidate, basis, finding, now)?;
            }
            Ok(())
        })?;
        crash_point("matching.taken");
        Ok(())
    }

    /// Keeps the records that have the email of somebody who said no, so that the no goes to each of them.
    fn keep_refusals(
        &mut self,
        writer: &Writer<'_>,
        candidate: Arc<Candidate>,
        wanted: &Wanted,
        finding: &Finding,
        known: &Known,
    ) -> Result<Arc<Candidate>> {
        let setup = Arc::clone(&self.setup);
        let about = setup.refusal_about(&candidate);
        let (Some(about), true) = (about, setup.seeks_records(&candidate)) else {
            return Ok(candidate);
        };
        let contact = candidate.contact.id;
        let own = match finding {
            Finding::Record { record_id, .. } => Some(record_id.as_str()),
            _ => candidate.link.as_ref().map(|link| link.record_id.as_str()),
        };
        let records = refusal_records(wanted, own, known, &setup);
        let place = RefusalPlace {
            org_id: &self.org.org_id,
            object: &setup.replication.object,
        };
        writer.found_refusal_records(contact, place, &about, &records)?;
        self.read_contacts.forget(contact);
        let mut candidate = Arc::unwrap_or_clone(candidate);
        let kept = writer.refusals_of(&[contact], place)?.remove(&contact);
        candidate.refusals = kept.unwrap_or_default();
        Ok(Arc::new(candidate))
    }
}
