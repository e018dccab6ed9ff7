//! Takes in what matching came to: ready for a batch, or settled without one.

use leadferry_store::{
    Candidate, ContactId, LinkId, LinkOrigin, LinkState, NewLink, Standing, Writer,
};

use super::{Basis, Conductor, Ready};
use crate::Result;
use crate::consent_syncs::waiting_for_match;
use crate::matching::Finding;
use crate::planning::{self, is_selected, no_identifier};
use crate::settings::WhenConverted;

impl Conductor<'_> {
    pub(super) fn link(
        &self,
        writer: &Writer<'_>,
        contact: ContactId,
        record_id: &str,
        identifier: Option<&str>,
        origin: LinkOrigin,
        now: i64,
    ) -> Result<LinkId> {
        let link = NewLink {
            contact,
            org_id: &self.org.org_id,
            object: &self.setup.replication.object,
            record_id,
            identifier,
            origin,
        };
        Ok(writer.put_link(&link, now)?)
    }

    /// Records what matching came to: ready for a batch, or settled without one.
    pub(super) fn take_finding(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        basis: Basis,
        finding: Finding,
        now: i64,
    ) -> Result<()> {
        let contact = candidate.contact.id;
        let finding = match finding {
            Finding::New => match self.setup.identifier() {
                Ok(()) => Finding::New,
                Err(why) => Finding::Blocked(no_identifier(&why)),
            },
            other => other,
        };
        let standing = match finding {
            Finding::New => {
                if let Some(link) = &candidate.link {
                    // The record was deleted in Salesforce: a new one takes its place.
                    writer.set_link_state(link.id, LinkState::Deleted, now)?;
                    self.read_contacts.forget(contact);
                }
                self.ready_to_create.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::Record {
                ref record_id,
                moved: true,
                ..
            } => {
                // The link follows the winner of a merge; the row is then built as for any linked record.
                self.link(writer, contact, record_id, None, LinkOrigin::Followed, now)?;
                self.read_contacts.forget(contact);
                let basis = Basis {
                    record_id: Some(record_id.clone()),
                    ..basis
                };
                self.ready_to_update.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::Record { ref record_id, .. } => {
                if let Some(link) = &candidate.link
                    && link.state == LinkState::Deleted
                    && link.record_id == *record_id
                {
                    // Someone has restored it from the recycle bin.
                    writer.set_link_state(link.id, LinkState::Linked, now)?;
                    self.read_contacts.forget(contact);
                }
                self.ready_to_update.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::Copy { .. } => {
                self.ready_to_update.push_back(Ready {
                    contact,
                    finding,
                    basis,
                });
                return Ok(());
            }
            Finding::LeftOut if self.setup.settings.consent_sync => {
                Standing::Waiting(waiting_for_match(&self.setup.replication.object))
            }
            Finding::LeftOut => {
                let is_news = !self.setup.only_no && is_selected(candidate, &self.setup.selection);
                self.report.withdrawn += u64::from(is_news);
                Standing::Withdrawn
            }
            Finding::Partner { object, record_id } => {
                let link = NewLink {
                    contact,
                    org_id: &self.org.org_id,
                    object: &object,
                    record_id: &record_id,
                    identifier: None,
                    origin: LinkOrigin::Email,
                };
                writer.put_link(&link, now)?;
                // The partner considers them at its next run.
                writer.reconsider(contact)?;
                self.report.withdrawn += 1;
                Standing::Withdrawn
            }
            Finding::Deleted { record_id, reason } => {
                let link = self.linked(writer, candidate, &record_id, now)?;
                writer.set_link_state(link, LinkState::Deleted, now)?;
                self.count_block(writer, contact, &reason)?;
                Standing::Blocked(reason)
            }
            Finding::Converted {
                record_id,
                contact_record,
            } => self.follow(writer, candidate, &record_id, contact_record, now)?,
            Finding::Blocked(reason) => {
                self.count_block(writer, contact, &reason)?;
                Standing::Blocked(reason)
            }
        };
        self.claimed.remove(&contact);
        // Whatever keeps the rest, a no goes on to the other records that have the email.
        let standing = match self.setup.refusal_copy(candidate) {
            Some(_) => Standing::Pending,
            None => standing,
        };
        self.consider(writer, candidate, &standing, now)
    }

    fn linked(
        &self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        record_id: &str,
        now: i64,
    ) -> Result<LinkId> {
        match &candidate.link {
            Some(link) if link.record_id == record_id => Ok(link.id),
            _ => self.link(
                writer,
                candidate.contact.id,
                record_id,
                None,
                LinkOrigin::Identifier,
                now,
            ),
        }
    }

    /// Moves the link of a converted lead to the contact that came of it.
    fn follow(
        &mut self,
        writer: &Writer<'_>,
        candidate: &Candidate,
        record_id: &str,
        contact_record: Option<String>,
        now: i64,
    ) -> Result<Standing> {
        let contact = candidate.contact.id;
        let lead = self.linked(writer, candidate, record_id, now)?;
        writer.set_link_state(lead, LinkState::Converted, now)?;
        let follows = self.setup.settings.converted == WhenConverted::Follow;
        if let (true, Some(record)) = (follows, contact_record) {
            let taken = writer
                .link_to(&self.org.org_id, &record)?
                .is_some_and(|link| link.contact != contact);
            let own = writer.link(contact, &self.org.org_id, "Contact")?;
            if !taken && own.is_none() {
                let link = NewLink {
                    contact,
                    org_id: &self.org.org_id,
                    object: "Contact",
                    record_id: &record,
                    identifier: None,
                    origin: LinkOrigin::Followed,
                };
                writer.put_link(&link, now)?;
                // The Contact replication considers her at its next run.
                writer.reconsider(contact)?;
            }
        }
        if self.setup.goes_on_as_contact() {
            self.report.withdrawn += 1;
            return Ok(Standing::Withdrawn);
        }
        let reason = planning::converted();
        self.count_block(writer, contact, &reason)?;
        Ok(Standing::Blocked(reason))
    }
}
