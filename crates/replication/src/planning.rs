//! Decides, contact by contact, what a run would do. Plain functions: no database, no network, no clock.

use leadferry_store::{
    Candidate, Entry, EntryState, LinkState, PersonRecord, Reason, SegmentId, SegmentStatus,
    Selection,
};
use serde_json::json;

use crate::mapping::{Mapped, MappedValue, Purpose};
use crate::matching::pairing::{Likeness, Somebody, likeness};
use crate::matching::{DOUBT_CURE, looks_by_email};
use crate::settings::WhenDeleted;
use crate::setup::Setup;

/// What is to be done about a contact, as far as the workspace knows.
#[derive(Debug)]
pub enum Judgement {
    /// Not selected: deleted, not to be sent, below the minimum, held, followed elsewhere, or a record of the other object.
    LeftOut,
    /// Selected, but nothing differs from what was sent last, or each goes once and went.
    Unchanged,
    /// Needs a person.
    Blocked(Reason),
    /// The person has to be found in the org first. Comes with the values of a new record where they were worked out.
    Match(Option<Box<Mapped>>),
    /// The linked record is to be updated.
    Update(Update),
    /// Nothing else goes, but a no: the org is to be asked which records have the email.
    Seek,
    /// Nothing else goes, but a no, to a record beside the linked one.
    Copy(Update),
}

/// An update of a linked record.
#[derive(Debug)]
pub struct Update {
    /// The record.
    pub record_id: String,
    /// The values that differ from what was sent last.
    pub values: Vec<MappedValue>,
}

/// Judges a contact.
///
/// In the order of the design: what no one wants sent is left out before anything else is asked; what needs a person
/// comes before what would be sent. Who may be in the org is looked for there, whatever a new record lacks.
pub fn judge(candidate: &Candidate, setup: &Setup) -> Judgement {
    match judge_person(candidate, setup) {
        Judgement::Match(_) => match judge_new(candidate, setup) {
            Judgement::Blocked(_) if is_enough_if_found(candidate, setup) => Judgement::Match(None),
            judgement => judgement,
        },
        judgement => judgement,
    }
}

/// Judges a contact as long as nobody asks the org: what a new record lacks blocks it.
pub fn foresee(candidate: &Candidate, setup: &Setup) -> Judgement {
    match judge_person(candidate, setup) {
        Judgement::Match(_) => judge_new(candidate, setup),
        judgement => judgement,
    }
}

/// Judges a contact whom the org may not have: where a new record is made then, it must have all that it needs.
fn judge_new(candidate: &Candidate, setup: &Setup) -> Judgement {
    if !setup.creates(candidate) {
        return Judgement::Match(None);
    }
    let mapped = setup.map(candidate, Purpose::Create);
    match mapped.reason() {
        Some(reason) => Judgement::Blocked(reason),
        None => Judgement::Match(Some(Box::new(mapped))),
    }
}
/// Tells whether the org may have a record of a contact, and nothing keeps the contact's values from it: an update can do
/// without what only a new record needs, such as the last name.
fn is_enough_if_found(candidate: &Candidate, setup: &Setup) -> bool {
    setup.org_id().is_some()
        && setup.can_match_email()
        && candidate.email_key.is_some()
        && looks_by_email(candidate, setup)
        && setup.map(candidate, Purpose::Update).reason().is_none()
}

/// Judges a contact as [`judge`] does, but leaves what is wrong with the values of a new record to whoever builds its
/// row.
pub fn judge_person(candidate: &Candidate, setup: &Setup) -> Judgement {
    let judged = judge_record(candidate, setup);
    // The record that is known comes first; one that is still to be found may turn out to be nobody's for certain.
    if matches!(judged, Judgement::Update(_)) {
        return judged;
    }
    let is_sought = matches!(judged, Judgement::Match(_));
    match setup.refusal_copy(candidate) {
        Some(copy) => Judgement::Copy(copy),
        None if !is_sought && setup.seeks_records(candidate) => Judgement::Seek,
        None => judged,
    }
}

impl Judgement {
    /// Tells whether something goes to the contact's own record.
    pub(crate) fn is_about_own_record(&self) -> bool {
        matches!(self, Self::Match(_) | Self::Update(_))
    }
}

/// Judges what becomes of the contact's own record.
pub(crate) fn judge_record(candidate: &Candidate, setup: &Setup) -> Judgement {
    let judged = judge_whole(candidate, setup);
    match (&judged, &candidate.link) {
        // A no goes whatever keeps the rest.
        (Judgement::LeftOut | Judgement::Unchanged | Judgement::Blocked(_), Some(link)) => {
            match setup.no_instead(candidate) {
                Some(no) => Judgement::Update(Update {
                    record_id: link.record_id.clone(),
                    values: no.values,
                }),
                None => judged,
            }
        }
        _ => judged,
    }
}

/// Judges a contact as a whole: a no that goes all the same is not its matter.
pub(crate) fn judge_whole(candidate: &Candidate, setup: &Setup) -> Judgement {
    if setup.only_no {
        return Judgement::LeftOut;
    }
    if setup.says_farewell(candidate) {
        return match judge_linked(candidate, setup) {
            // The org knows already; a deleted contact is not selected.
            Judgement::Unchanged => Judgement::LeftOut,
            other => other,
        };
    }
    let selected = is_selected(candidate, &setup.selection);
    if setup.closes(candidate) {
        return match judge_linked(candidate, setup) {
            // The org knows already where it stands.
            Judgement::Unchanged if !selected => Judgement::LeftOut,
            other => other,
        };
    }
    if !selected || setup.sends_opt_out_only(candidate) {
        return Judgement::LeftOut;
    }
    if let Some(standing) = standing_entry(candidate, setup) {
        return standing;
    }
    let went = candidate
        .entry
        .as_ref()
        .is_some_and(|entry| entry.sent_at.is_some());
    if went && !setup.settings.keep_updated {
        return Judgement::Unchanged;
    }
    match &candidate.link {
        Some(link) if link.state == LinkState::Linked => judge_linked(candidate, setup),
        _ if setup.has_no_consent_to_send(candidate) => Judgement::LeftOut,
        Some(link) if link.state == LinkState::Converted => judge_converted(setup),
        Some(_) if setup.settings.deleted == WhenDeleted::Block && !is_retried(candidate) => {
            Judgement::Blocked(deleted())
        }
        _ => judge_unlinked(candidate, setup),
    }
}

/// Tells whether a contact may go at all: who goes, apart from what differs.
pub fn is_selected(candidate: &Candidate, selection: &Selection) -> bool {
    let contact = &candidate.contact;
    let is_in =
        |segment: &SegmentId| candidate.segments.get(segment) == Some(&SegmentStatus::Realized);
    contact.deleted_at.is_none()
        && !contact.do_not_send
        && (!selection.scored || candidate.marked)
        && (selection.any.is_empty() || selection.any.iter().any(is_in))
        && selection.all.iter().all(is_in)
        && !selection.none.iter().any(is_in)
        && selection
            .consented
            .iter()
            .all(|purpose| candidate.consents.get(purpose) == Some(&true))
}

/// Tells whether a contact is as it was when its queue entry was last considered, and so is all that decides about it.
pub fn is_as_considered(candidate: &Candidate, setup: &Setup) -> bool {
    let entry = candidate.entry.as_ref();
    entry
        .is_some_and(|entry| entry.seq >= candidate.contact.seq && entry.versions == setup.versions)
}

/// Returns the judgement that the queue entry stands for, where only a hand or a change can end it.
fn standing_entry(candidate: &Candidate, setup: &Setup) -> Option<Judgement> {
    let entry = candidate.entry.as_ref()?;
    let fresh = is_as_considered(candidate, setup);
    if entry.is_held() {
        return Some(Judgement::LeftOut);
    }
    match entry.state {
        EntryState::GivenUp => entry.reason.clone().map(Judgement::Blocked),
        // Another replication has found out since whose record it is.
        EntryState::Blocked if is_ambiguous(entry) && candidate.linked_elsewhere => None,
        EntryState::Blocked if fresh => entry.reason.clone().map(Judgement::Blocked),
        _ => None,
    }
}

fn is_ambiguous(entry: &Entry) -> bool {
    let reason = entry.reason.as_ref();
    reason.is_some_and(|reason| reason.code == "ambiguous")
}

/// Tells whether a hand has let a contact go again whose record was deleted: it may have been restored in the org.
fn is_retried(candidate: &Candidate) -> bool {
    let entry = candidate.entry.as_ref();
    entry.is_some_and(|entry| entry.state == EntryState::Pending)
}

fn judge_linked(candidate: &Candidate, setup: &Setup) -> Judgement {
    let Some(link) = &candidate.link else {
        return Judgement::Match(None);
    };
    let mapped = setup.map_whole(candidate, Purpose::Update);
    if let Some(reason) = mapped.reason() {
        return Judgement::Blocked(reason);
    }
    let differing: Vec<_> = mapped
        .values
        .into_iter()
        .filter(|value| !setup.is_known_there(candidate, value))
        .collect();
    if differing.is_empty() && !setup.lacks_identifier(candidate) {
        return Judgement::Unchanged;
    }
    Judgement::Update(Update {
        record_id: link.record_id.clone(),
        values: differing,
    })
}

fn judge_converted(setup: &Setup) -> Judgement {
    if setup.goes_on_as_contact() {
        Judgement::LeftOut
    } else {
        Judgement::Blocked(converted())
    }
}

fn judge_unlinked(candidate: &Candidate, setup: &Setup) -> Judgement {
    let anyway = candidate
        .entry
        .as_ref()
        .is_some_and(|entry| entry.create_anyway);
    // One person is one record: a Contact there is not made a Lead as well, nor the other way round.
    if candidate.linked_elsewhere && !anyway && !setup.settings.consent_sync {
        return Judgement::LeftOut;
    }
    // New people go through one of two partners, by their rule.
    if setup.leaves_to_partner(candidate) && !anyway {
        return Judgement::LeftOut;
    }
    if setup.settings.match_email
        && !anyway
        && let Some(eldest) = candidate.eldest
        && eldest != candidate.contact.id
    {
        return Judgement::Blocked(shared_email(eldest.0));
    }
    if !anyway && let Some(reason) = likely_duplicate(candidate, setup) {
        return Judgement::Blocked(reason);
    }
    Judgement::Match(None)
}

/// Returns the reason for a new person whom a mirrored record is likely to be. A record with the same email is none: finding
/// the person in the org tells more of it.
fn likely_duplicate(candidate: &Candidate, setup: &Setup) -> Option<Reason> {
    if candidate.near.is_empty() || !setup.settings.holds_duplicates() {
        return None;
    }
    let company = candidate
        .account
        .as_ref()
        .map(|account| account.name().to_owned());
    let somebody = Somebody::of(&candidate.contact, company);
    let least = setup.settings.hold_duplicates;
    let mut likely: Vec<(Likeness, &PersonRecord)> = candidate
        .near
        .iter()
        .filter(|record| !setup.settings.match_email || !somebody.has_email_of(record))
        .filter_map(|record| Some((likeness(&somebody, record)?, record)))
        .filter(|(likeness, _)| likeness.confidence >= least)
        .collect();
    likely.sort_by_key(|(one, record)| (std::cmp::Reverse(one.confidence), record.id.clone()));
    let (best, record) = likely.first()?;
    let candidates: Vec<_> = likely
        .iter()
        .take(10)
        .map(|(_, record)| {
            json!({
                "object": record.object, "record": record.id, "name": record.name,
                "email": record.email, "company": record.company,
            })
        })
        .collect();
    Some(Reason {
        code: "ambiguous".into(),
        message: format!(
            "Probably the {} {} in Salesforce ({} %, same {}). {DOUBT_CURE}",
            record.object,
            record.name.as_deref().unwrap_or(&record.id),
            best.confidence,
            best.reasons.join(", ").to_lowercase()
        ),
        detail: json!({ "candidates": candidates }),
    })
}

/// Returns the reason for a contact whose e-mail an elder one has, too.
pub fn shared_email(eldest: i64) -> Reason {
    Reason {
        code: "ambiguous".into(),
        message: "An older contact that is selected has the same email. Merge the two, change one email, or create a \
                  new record."
            .into(),
        detail: json!({ "eldest": eldest }),
    }
}

/// Returns the reason for a contact whose record was deleted in Salesforce.
pub fn deleted() -> Reason {
    Reason {
        code: "deleted_in_salesforce".into(),
        message: "The record was deleted in Salesforce. Restore it there and retry, or let the replication create \
                  deleted records again."
            .into(),
        detail: serde_json::Value::Null,
    }
}

/// Returns the reason for a contact that belongs to a person account.
pub fn person_account() -> Reason {
    Reason {
        code: "person_account".into(),
        message: "The contact is a person account in Salesforce, which can only be changed through its account. Change it \
                  there, or leave the contact out of this replication."
            .into(),
        detail: serde_json::Value::Null,
    }
}

/// Returns the reason for a contact whose lead was converted in Salesforce.
pub fn converted() -> Reason {
    Reason {
        code: "converted".into(),
        message: "The lead was converted in Salesforce and can't be updated. Add a replication to contacts on this \
                  connection to update the converted record, then retry."
            .into(),
        detail: serde_json::Value::Null,
    }
}

/// Returns the reason for a contact that only an org with a proper identifier field can take.
pub fn no_identifier(why: &str) -> Reason {
    Reason {
        code: "no_identifier".into(),
        message: why.into(),
        detail: serde_json::Value::Null,
    }
}
