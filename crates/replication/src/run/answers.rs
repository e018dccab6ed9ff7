//! Takes in what came to its end.

use std::sync::Arc;

use leadferry_store::{ContactId, crash_point};

use super::{Basis, Conductor, Done};
use crate::Result;
use crate::matching::{Known, Wanted, find};

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
}
