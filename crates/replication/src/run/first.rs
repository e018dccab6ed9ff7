//! Sends no more than the first few contacts, for someone to look at before the others follow.

use std::collections::BTreeSet;

use leadferry_store::ContactId;

use super::{Conductor, Reach, Stop};
use crate::Result;

/// Contacts matched together where few are sent: some of them may turn out to need a person.
const FEWEST_MATCHED: usize = 200;

/// Who are the first, where no others are sent.
#[derive(Debug, Default)]
pub(super) struct First {
    /// How many; `None` sends all.
    most: Option<usize>,
    sent: BTreeSet<ContactId>,
}

impl First {
    pub(super) fn of(reach: Reach) -> Self {
        let most = match reach {
            Reach::First(most) => Some(most as usize),
            Reach::Whole | Reach::AsFarAsItGets => None,
        };
        Self {
            most,
            sent: BTreeSet::new(),
        }
    }

    /// Tells whether as many are sent as may be.
    pub(super) fn are_all(&self) -> bool {
        self.most.is_some_and(|most| self.sent.len() >= most)
    }

    /// Tells whether a contact may be sent.
    pub(super) fn admits(&self, contact: ContactId) -> bool {
        !self.are_all() || self.sent.contains(&contact)
    }

    /// A contact's row is being made durable.
    pub(super) fn add(&mut self, contact: ContactId) {
        if self.most.is_some() {
            self.sent.insert(contact);
        }
    }

    /// Returns how many of so many contacts are sent.
    pub(super) fn at_most(&self, contacts: u64) -> u64 {
        self.most.map_or(contacts, |most| contacts.min(most as u64))
    }

    /// Returns how many contacts are matched together.
    pub(super) fn chunk(&self, chunk: usize) -> usize {
        self.most.map_or(chunk, |most| {
            chunk.min(most.saturating_mul(2).max(FEWEST_MATCHED))
        })
    }
}

impl Conductor<'_> {
    /// Tells whether the first are sent and answered. Those of them that were refused for now wait with the others.
    pub(super) fn has_sent_first(&self) -> bool {
        self.only_first.are_all()
            && self.requests.is_empty()
            && self.prepared.is_empty()
            && self.open_batches.is_empty()
            && self.jobs.are_done()
    }

    /// Says that others wait, where any do.
    pub(super) fn stop_after_first(&mut self) -> Result<()> {
        let others_wait = self.entering.is_some() || self.next_due((self.clock)())?.is_some();
        if others_wait
            && let Reach::First(most) = self.reach
            && most > 0
        {
            self.stop(Stop::first(most));
        }
        Ok(())
    }
}
