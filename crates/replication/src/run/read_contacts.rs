//! What a run has read of its contacts: used as it was read, for as long as nothing in the workspace changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use leadferry_store::{Candidate, ContactId, NewRow, Reader};

use crate::Result;
use crate::setup::Setup;

/// The contacts that were read. Every write that changes what would be sent takes a new sequence number, and with it all of
/// them are let go.
#[derive(Debug, Default)]
pub(super) struct ReadContacts {
    /// The workspace's sequence number when they were read.
    seq: i64,
    contacts: BTreeMap<ContactId, Held>,
}

/// A contact as it was read.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) candidate: Arc<Candidate>,
    /// Whether it was judged, as it is here, to go.
    pub(super) goes: bool,
    /// The row that creates its record, where it was worked out already.
    pub(super) new_row: Option<Arc<NewRow>>,
}

impl ReadContacts {
    /// Reads those of the contacts who have not been read, as they are now.
    pub(super) fn read(
        &mut self,
        reader: &Reader<'_>,
        setup: &Setup,
        contacts: &[ContactId],
    ) -> Result<()> {
        self.keep_current(reader)?;
        let mut missing = contacts.to_vec();
        missing.retain(|contact| !self.contacts.contains_key(contact));
        if missing.is_empty() {
            return Ok(());
        }
        for candidate in reader.candidates(&setup.query(), &missing)? {
            self.put(Arc::new(candidate), false, None);
        }
        Ok(())
    }

    /// Lets go of all contacts if anything has changed since they were read.
    pub(super) fn keep_current(&mut self, reader: &Reader<'_>) -> Result<()> {
        let seq = reader.sequence()?;
        if self.seq != seq {
            self.contacts.clear();
            self.seq = seq;
        }
        Ok(())
    }

    /// Returns the sequence number up to which changes are known here.
    pub(super) fn seq(&self) -> i64 {
        self.seq
    }

    pub(super) fn put(
        &mut self,
        candidate: Arc<Candidate>,
        goes: bool,
        new_row: Option<Arc<NewRow>>,
    ) {
        let held = Held {
            candidate,
            goes,
            new_row,
        };
        self.contacts.insert(held.candidate.contact.id, held);
    }

    pub(super) fn get(&self, contact: ContactId) -> Option<&Held> {
        self.contacts.get(&contact)
    }

    pub(super) fn take(&mut self, contact: ContactId) -> Option<Held> {
        self.contacts.remove(&contact)
    }

    /// Lets go of a contact whose link or entry has changed.
    pub(super) fn forget(&mut self, contact: ContactId) {
        self.contacts.remove(&contact);
    }

    /// Lets go of all.
    pub(super) fn clear(&mut self) {
        self.contacts.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.contacts.len()
    }
}
