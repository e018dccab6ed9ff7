//! What a refusal means for a replication: a no always goes, and opted-out people are treated as the setting says.

use leadferry_store::{Candidate, ContactField, LinkState, Value};

use crate::leaving_out::left_out;
use crate::mapping::{Mapped, MappedValue, Purpose, hash_text};
use crate::planning::{Judgement, Update, judge_person, judge_whole};
use crate::settings::OptedOut;
use crate::setup::Setup;

/// The contact field that says who is opted out.
pub(crate) const OPTED_OUT: ContactField = ContactField::EmailOptOut;

impl Setup {
    /// Tells whether a new record may be made of a contact.
    pub fn creates(&self, candidate: &Candidate) -> bool {
        let is_there_already = self.settings.consent_sync && candidate.linked_elsewhere;
        self.settings.create_missing
            && !is_there_already
            && (self.settings.opted_out == OptedOut::LikeOthers || !is_opted_out(candidate))
    }

    /// Tells whether nothing but a no is sent of a contact, because they are opted out and the settings say so.
    pub(crate) fn sends_opt_out_only(&self, candidate: &Candidate) -> bool {
        self.settings.opted_out == OptedOut::OnlyOptOut && is_opted_out(candidate)
    }

    /// Returns the no that is sent of a contact that doesn't go as a whole: because nothing may be sent, they aren't
    /// selected, or something else blocks them. It goes to the record they are linked to and never makes one.
    pub(crate) fn no_instead(&self, candidate: &Candidate) -> Option<Mapped> {
        let values = self.unsent_no(candidate);
        if values.is_empty() {
            return None;
        }
        let goes = matches!(
            judge_whole(candidate, self),
            Judgement::Match(_) | Judgement::Update(_)
        );
        (!goes).then(|| Mapped {
            values,
            ..Mapped::default()
        })
    }

    /// Tells whether nothing but a no is sent of a contact.
    pub fn sends_only_no(&self, candidate: &Candidate) -> bool {
        self.no_instead(candidate).is_some()
    }

    /// Maps a contact; where only a no goes, that alone.
    pub fn map(&self, candidate: &Candidate, purpose: Purpose) -> Mapped {
        let no = match purpose {
            Purpose::Update => self.no_instead(candidate),
            Purpose::Create => None,
        };
        no.unwrap_or_else(|| {
            let mut mapped = self.map_whole(candidate, purpose);
            if let Some(left_out) = left_out(candidate) {
                self.mapping.leave_out(&mut mapped, left_out);
            }
            mapped
        })
    }

    /// Returns a record beside the linked one that has not taken the contact's no yet, and what it is to be told.
    pub(crate) fn refusal_copy(&self, candidate: &Candidate) -> Option<Update> {
        if candidate.refusals.records.is_empty() {
            return None;
        }
        let no = self.refusals(candidate);
        let own = candidate.link.as_ref().map(|link| &link.record_id);
        let others = candidate.refusals.records.iter();
        let mut others = others.filter(|record| !record.gone && Some(&record.record_id) != own);
        others.find_map(|record| {
            let is_own = record.object == self.replication.object;
            let untold = no
                .iter()
                .filter(|value| is_own || self.beside.contains(&*value.target))
                .filter(|value| record.told.get(&*value.target) != Some(&value.hash));
            let values: Vec<MappedValue> = untold.cloned().collect();
            (!values.is_empty()).then(|| Update {
                record_id: record.record_id.clone(),
                values,
            })
        })
    }

    /// Tells whether the org is to be asked for records with the contact's email, because of a no that it wasn't asked about.
    pub(crate) fn seeks_records(&self, candidate: &Candidate) -> bool {
        let about = self.refusal_about(candidate);
        about.is_some() && candidate.refusals.asked != about
    }

    /// Returns what the org is asked about for the sake of a no: a hash of the email and of what is refused; `None` where
    /// there is no no, or nobody can be looked for by email.
    pub(crate) fn refusal_about(&self, candidate: &Candidate) -> Option<String> {
        let looks = self.settings.match_email && self.can_match_email() && self.org_id().is_some();
        let email = candidate.email_key.as_deref().filter(|_| looks)?;
        let no = self.refusals(candidate);
        if no.is_empty() {
            return None;
        }
        let said = no
            .iter()
            .map(|value| format!("\n{}={}", value.target, value.hash));
        Some(hash_text(&format!("{email}{}", said.collect::<String>())))
    }

    /// Returns the record beside the linked one that is next, where nothing else of the contact goes before it.
    pub(crate) fn due_copy(&self, candidate: &Candidate) -> Option<String> {
        if candidate.refusals.records.is_empty() {
            return None;
        }
        match judge_person(candidate, self) {
            Judgement::Copy(copy) => Some(copy.record_id),
            _ => None,
        }
    }

    /// Tells whether a contact's no goes further than the record that was just written.
    pub(crate) fn goes_further(&self, candidate: &Candidate) -> bool {
        self.refusal_copy(candidate).is_some() || self.seeks_records(candidate)
    }

    fn refusals(&self, candidate: &Candidate) -> Vec<MappedValue> {
        match candidate.contact.deleted_at {
            Some(_) => Vec::new(),
            None => self.mapping.refusals(candidate),
        }
    }

    fn unsent_no(&self, candidate: &Candidate) -> Vec<MappedValue> {
        let Some(link) = &candidate.link else {
            return Vec::new();
        };
        if link.state != LinkState::Linked {
            return Vec::new();
        }
        let mut no = self.mapping.refusals(candidate);
        no.retain(|value| link.sent.get(&*value.target) != Some(&value.hash));
        no
    }
}

/// Tells whether a contact wants no emails.
pub(crate) fn is_opted_out(candidate: &Candidate) -> bool {
    candidate.contact.values.get(OPTED_OUT) == Some(&Value::YesNo(true))
}
