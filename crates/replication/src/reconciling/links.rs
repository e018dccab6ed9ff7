//! The links that a batch's answers may touch, read in two questions instead of two a row.

use std::collections::{HashMap, HashSet};

use leadferry_store::{Batch, ContactId, Link, Writer};

use crate::Result;

/// Links of a batch's contacts, and to the records that the org named.
pub(super) struct Links {
    by_contact: HashMap<ContactId, Link>,
    owners: HashMap<String, ContactId>,
    /// Contacts whose links are as they were read.
    read: HashSet<ContactId>,
}

impl Links {
    /// Reads them.
    pub(super) fn read(
        writer: &Writer<'_>,
        batch: &Batch,
        contacts: &[ContactId],
        records: &[String],
    ) -> Result<Self> {
        let links = writer.links_of_contacts(contacts, &batch.org_id)?;
        let to_records = writer.links_to_records(&batch.org_id, records)?;
        Ok(Self {
            by_contact: links
                .into_iter()
                .filter(|link| link.object == batch.object)
                .map(|link| (link.contact, link))
                .collect(),
            owners: to_records
                .into_iter()
                .map(|link| (link.record_id, link.contact))
                .collect(),
            read: contacts.iter().copied().collect(),
        })
    }

    /// Returns the contact's link to the batch's object.
    pub(super) fn of(
        &self,
        writer: &Writer<'_>,
        batch: &Batch,
        contact: ContactId,
    ) -> Result<Option<Link>> {
        if self.read.contains(&contact) {
            return Ok(self.by_contact.get(&contact).cloned());
        }
        Ok(writer.link(contact, &batch.org_id, &batch.object)?)
    }

    /// Tells whether a record is linked to someone else.
    pub(super) fn is_anothers(&self, record_id: &str, contact: ContactId) -> bool {
        self.owners
            .get(record_id)
            .is_some_and(|owner| *owner != contact)
    }

    /// A contact was linked to a record: what was read of its link is old.
    pub(super) fn changed(&mut self, contact: ContactId, record_id: &str) {
        self.read.remove(&contact);
        self.owners.insert(record_id.to_owned(), contact);
    }
}
