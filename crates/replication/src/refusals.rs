//! What a refusal means for a replication: a no always goes, and opted-out people are treated as the setting says.

use leadferry_store::{Candidate, ContactField, LinkState, Value};

use crate::mapping::{Mapped, MappedValue, Purpose};
use crate::planning::{Judgement, judge_whole};
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
            Judgement::Match | Judgement::Update(_)
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
        no.unwrap_or_else(|| self.map_whole(candidate, purpose))
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
