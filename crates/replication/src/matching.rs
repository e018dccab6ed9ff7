//! Finds the person in the org: which questions to ask, and what the answers come to. Plain functions.
//!
//! The order is fixed: the link; a record that holds the identifier, deleted ones included; the e-mail. What is
//! neither clearly this person nor clearly new is `ambiguous`, with the candidates.

mod duplicates;
pub mod pairing;
mod same_person;

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::{ErrorCode, Record, RowError};
use leadferry_store::{Candidate, ContactField, ContactId, Found, Guid, Link, LinkState, Reason};
use serde_json::{Map, Value, json};

use crate::planning::{self, Judgement};
use crate::reconciling;
use crate::refusals::OPTED_OUT;
use crate::settings::{WhenConverted, WhenDeleted};
use crate::setup::Setup;

pub(crate) use duplicates::{has_duplicates, name_duplicates, questions_about_duplicates};
pub use same_person::short_forms;
use same_person::{can_be_one, is_shared_mailbox};

/// The contact fields that tell whether a record can be the contact.
const NAME_FIELDS: [ContactField; 3] = [
    ContactField::FirstName,
    ContactField::MiddleName,
    ContactField::LastName,
];

/// The contact fields that finding somebody takes: the name, and whether a record may be made of them.
pub(crate) const FINDING_FIELDS: [ContactField; 4] = [
    ContactField::FirstName,
    ContactField::MiddleName,
    ContactField::LastName,
    OPTED_OUT,
];

/// What to do where one record may be someone else.
pub const DOUBT_CURE: &str = "Link it if it's the same person, or create a new record.";

/// What says of a contact that it belongs to a person account, in orgs that have these.
const IS_PERSON: &str = "IsPersonAccount";
/// Where a contact record has its company.
const ACCOUNT_NAME: &str = "Account.Name";

/// Longest SOQL text of one question, in bytes; Salesforce takes 100,000 characters.
const LONGEST_SOQL: usize = 90_000;

/// What the org said about a record.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgRecord {
    /// The record.
    pub id: String,
    /// Its object.
    pub object: String,
    /// It is in the recycle bin, or was merged into another.
    pub is_deleted: bool,
    /// The record that it was merged into.
    pub master: Option<String>,
    /// The lead was converted.
    pub is_converted: bool,
    /// It is the contact of a person account, which only its account changes.
    pub is_person: bool,
    /// The contact that came of the conversion.
    pub converted_contact: Option<String>,
    /// Its e-mail.
    pub email: Option<String>,
    /// Its e-mail as it is compared.
    pub email_key: Option<String>,
    /// Its company, for showing candidates.
    pub company: Option<String>,
    /// The identifier that it holds.
    pub identifier: Option<String>,
    /// Its name, for showing candidates.
    pub name: Option<String>,
    /// The other fields that were asked for.
    pub values: Map<String, Value>,
}

/// A contact's place in the questions to the org.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The contact.
    pub contact: ContactId,
    /// Its guid, then its aliases.
    pub guids: Vec<Guid>,
    /// Its e-mail, where the org is asked for records that have it.
    pub email_key: Option<String>,
    /// Whether the contact itself is looked for by e-mail; else only its no goes to the records that have it.
    pub by_email: bool,
    /// Its link, where the record is to be read: a live one, or one that was deleted and may have been restored.
    pub link: Option<Link>,
}

impl Wanted {
    /// Tells whether the contact has a record that is there, as far as we know.
    pub fn is_linked(&self) -> bool {
        let link = self.link.as_ref();
        link.is_some_and(|link| link.state == LinkState::Linked)
    }
}

/// What the org was asked and said, for one chunk of contacts.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Every record that came back, by id.
    pub records: BTreeMap<String, OrgRecord>,
    /// Links to these records. A contact that was merged into another one is that one.
    pub links: BTreeMap<String, ContactId>,
    /// Second records of those that others were merged into.
    pub left_over: BTreeSet<String>,
}

impl Known {
    /// Tells whether a record is the one that a contact is linked to; a second record isn't.
    fn is_linked(&self, record: &OrgRecord, contact: ContactId) -> bool {
        self.links.get(&record.id) == Some(&contact) && !self.left_over.contains(&record.id)
    }
}

/// What matching came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// No record is this person: one is to be created.
    New,
    /// This record is the person.
    Record {
        /// The record as it is now; `None` for a linked one that did not have to be read.
        record: Option<Box<OrgRecord>>,
        /// Its id.
        record_id: String,
        /// How it was found.
        found: Found,
        /// The link moved here from a record that was merged away.
        moved: bool,
    },
    /// Update only, and there is no record.
    LeftOut,
    /// A record of the other object is the person: the partner goes on with it.
    Partner {
        /// The other object.
        object: String,
        /// The record.
        record_id: String,
    },
    /// A no goes to this record, which has the contact's email.
    Copy {
        /// The record.
        record_id: String,
    },
    /// The record was deleted in Salesforce; the link is to say so.
    Deleted {
        /// The deleted record.
        record_id: String,
        /// The setting says that it blocks.
        reason: Reason,
    },
    /// The lead was converted.
    Converted {
        /// The lead.
        record_id: String,
        /// The contact record that came of it.
        contact_record: Option<String>,
    },
    /// Needs a person.
    Blocked(Reason),
}

/// Tells whether the org can be asked for an unlinked contact at all: by its identifier or by its e-mail.
pub fn is_asked(candidate: &Candidate, setup: &Setup) -> bool {
    setup.sees_identifier() || (looks_by_email(candidate, setup) && candidate.email_key.is_some())
}

/// Tells whether an unlinked contact is looked for by e-mail.
pub fn looks_by_email(candidate: &Candidate, setup: &Setup) -> bool {
    setup.settings.match_email
        && !candidate
            .entry
            .as_ref()
            .is_some_and(|entry| entry.create_anyway)
}

/// The questions for a chunk of contacts, as SOQL over all records, deleted ones included.
///
/// `sees_accounts` says that this user sees the account of a contact record: a field that is hidden fails the question.
pub fn questions(wanted: &[Wanted], setup: &Setup, sees_accounts: bool) -> Vec<String> {
    let object = setup.replication.object.as_str();
    let by = |object| (object, columns(object, setup, sees_accounts));
    let mut questions = Vec::new();
    let ids: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|one| one.link.as_ref())
        .map(|link| link.record_id.as_str())
        .collect();
    push_questions(&mut questions, &by(object), "Id", ids, "");
    if setup.sees_identifier() {
        let guids: BTreeSet<&str> = wanted
            .iter()
            .filter(|one| !one.is_linked())
            .flat_map(|one| &one.guids)
            .map(Guid::as_str)
            .collect();
        push_questions(
            &mut questions,
            &by(object),
            &setup.settings.identifier,
            guids,
            "",
        );
    }
    let emails: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|one| one.email_key.as_deref())
        .collect();
    for person in ["Lead", "Contact"] {
        let unconverted = if person == "Lead" {
            " AND IsConverted = false"
        } else {
            ""
        };
        let also = format!(" AND IsDeleted = false{unconverted}");
        push_questions(&mut questions, &by(person), "Email", emails.clone(), &also);
    }
    questions
}

/// The question for records that others were merged into.
pub fn question_for(ids: BTreeSet<&str>, setup: &Setup, sees_accounts: bool) -> Vec<String> {
    let object = setup.replication.object.as_str();
    let mut questions = Vec::new();
    push_questions(
        &mut questions,
        &(object, columns(object, setup, sees_accounts)),
        "Id",
        ids,
        "",
    );
    questions
}

fn push_questions(
    questions: &mut Vec<String>,
    (object, columns): &(&str, Vec<&str>),
    field: &str,
    values: BTreeSet<&str>,
    also: &str,
) {
    let columns = columns.join(", ");
    let mut list = String::new();
    let mut flush = |list: &mut String| {
        if !list.is_empty() {
            questions.push(format!(
                "SELECT {columns} FROM {object} WHERE {field} IN ({list}){also}"
            ));
            list.clear();
        }
    };
    for value in values {
        let literal = leadferry_salesforce::soql::quote(value);
        if list.len() + literal.len() + columns.len() + 200 > LONGEST_SOQL {
            flush(&mut list);
        }
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&literal);
    }
    flush(&mut list);
}

/// The columns asked for: what identifies a person, and on the target object what a rule or undo needs.
fn columns<'a>(object: &str, setup: &'a Setup, sees_accounts: bool) -> Vec<&'a str> {
    let mut columns: Vec<&str> = vec!["Id", "IsDeleted", "MasterRecordId", "Email", "Name"];
    if object == "Lead" {
        columns.extend(["IsConverted", "ConvertedContactId", "Company"]);
    } else if sees_accounts {
        columns.push(ACCOUNT_NAME);
    }
    if object == setup.replication.object {
        if setup.target.field(IS_PERSON).is_some() {
            columns.push(IS_PERSON);
        }
        if setup.sees_identifier() {
            columns.push(&setup.settings.identifier);
        }
        if setup.settings.old_values || setup.mapping.has_if_empty() {
            for target in setup.mapping.reads() {
                if !columns.contains(&target) {
                    columns.push(target);
                }
            }
        }
    } else if let Some(held) = setup
        .shared
        .as_ref()
        .and_then(|one| one.identifier.as_deref())
    {
        columns.push(held);
    }
    columns
}

/// Reads a record out of an answer; `None` for one without an id.
pub fn org_record(record: Record, setup: &Setup) -> Option<OrgRecord> {
    let text = |field: &str| record.text(field).map(str::to_owned);
    Some(OrgRecord {
        id: record.id()?.to_string(),
        is_deleted: record.boolean("IsDeleted").unwrap_or(false),
        master: text("MasterRecordId"),
        is_converted: record.boolean("IsConverted").unwrap_or(false),
        is_person: record.boolean(IS_PERSON).unwrap_or(false),
        converted_contact: text("ConvertedContactId"),
        email: text("Email"),
        email_key: record.text("Email").and_then(leadferry_store::email_key),
        company: text("Company").or_else(|| {
            let account = record.path(ACCOUNT_NAME)?;
            account.as_str().map(str::to_owned)
        }),
        identifier: text(&setup.settings.identifier)
            .or_else(|| text(setup.shared.as_ref()?.identifier.as_deref()?))
            .map(|value| value.to_ascii_lowercase()),
        name: text("Name"),
        object: record.object.clone(),
        values: record.fields,
    })
}

/// Returns the records that have to be read as well: those that others were merged into.
pub fn winners(known: &Known) -> BTreeSet<&str> {
    known
        .records
        .values()
        .filter_map(|record| record.master.as_deref())
        .filter(|master| !known.records.contains_key(*master))
        .collect()
}

/// Returns the records that a contact's no goes to, by object and id: all that have the email, unconverted and not deleted,
/// apart from the contact's own; those of the other object where it has a field for a no, too.
pub(crate) fn refusal_records(
    wanted: &Wanted,
    own: Option<&str>,
    known: &Known,
    setup: &Setup,
) -> Vec<(String, String)> {
    let Some(email) = &wanted.email_key else {
        return Vec::new();
    };
    let records = known.records.values().filter(|record| {
        (record.object == setup.replication.object || !setup.beside.is_empty())
            && !known.is_linked(record, wanted.contact)
            && record.email_key.as_ref() == Some(email)
            && !record.is_deleted
            && !record.is_converted
            && Some(record.id.as_str()) != own
    });
    let pairs = records.map(|record| (record.object.clone(), record.id.clone()));
    pairs.collect()
}

/// Judges what the org said about one contact.
pub fn find(wanted: &Wanted, candidate: &Candidate, known: &Known, setup: &Setup) -> Finding {
    // Of somebody who doesn't go otherwise nothing is found but the records for their no.
    if !wanted.is_linked() && !goes_as_a_whole(candidate, setup) {
        return Finding::LeftOut;
    }
    match look_up(wanted, candidate, known, setup) {
        Finding::New if !setup.creates(candidate) => Finding::LeftOut,
        finding => finding,
    }
}

fn goes_as_a_whole(candidate: &Candidate, setup: &Setup) -> bool {
    matches!(
        planning::judge_whole(candidate, setup),
        Judgement::Match(_) | Judgement::Update(_)
    )
}

fn look_up(wanted: &Wanted, candidate: &Candidate, known: &Known, setup: &Setup) -> Finding {
    if let Some(link) = &wanted.link {
        let recreates =
            link.state == LinkState::Deleted && setup.settings.deleted == WhenDeleted::Recreate;
        match known.records.get(&link.record_id) {
            // Another record may take the place of one that is still deleted.
            Some(record) if !(recreates && record.is_deleted && record.master.is_none()) => {
                return judge_record(record, Found::Linked, wanted, known, setup, false);
            }
            None if !recreates => {
                // Purged from the recycle bin, or out of this user's sight.
                return judge_deleted(&link.record_id, setup);
            }
            _ => {}
        }
    }
    let holders: Vec<&OrgRecord> = known
        .records
        .values()
        .filter(|record| record.object == setup.replication.object)
        .filter(|record| {
            record
                .identifier
                .as_deref()
                .is_some_and(|held| wanted.guids.iter().any(|guid| guid.as_str() == held))
        })
        .collect();
    let alive: Vec<&OrgRecord> = holders
        .iter()
        .filter(|record| !record.is_deleted)
        .copied()
        .collect();
    match (alive.as_slice(), holders.as_slice()) {
        ([record], _) => judge_record(record, Found::Identifier, wanted, known, setup, false),
        ([], []) => by_email(wanted, candidate, known, setup),
        ([], [gone, ..]) => judge_record(gone, Found::Identifier, wanted, known, setup, false),
        (several, _) => Finding::Blocked(ambiguous(
            "Several records hold this contact's Leadferry ID.",
            several,
        )),
    }
}

fn judge_record(
    record: &OrgRecord,
    found: Found,
    wanted: &Wanted,
    known: &Known,
    setup: &Setup,
    moved: bool,
) -> Finding {
    if let Some(owner) = known.links.get(&record.id)
        && *owner != wanted.contact
    {
        return Finding::Blocked(ambiguous(
            "The record is linked to another contact.",
            &[record],
        ));
    }
    if let Some(master) = &record.master
        && !moved
    {
        // Merged away, not deleted: the winner is the same person.
        return match known.records.get(master) {
            Some(winner) => judge_record(winner, found, wanted, known, setup, true),
            None => judge_deleted(&record.id, setup),
        };
    }
    if record.is_deleted {
        return judge_deleted(&record.id, setup);
    }
    if record.is_converted {
        return match setup.settings.converted {
            WhenConverted::Follow => Finding::Converted {
                record_id: record.id.clone(),
                contact_record: record.converted_contact.clone(),
            },
            WhenConverted::Block => Finding::Converted {
                record_id: record.id.clone(),
                contact_record: None,
            },
        };
    }
    if record.is_person {
        return Finding::Blocked(planning::person_account());
    }
    if let Some(held) = &record.identifier
        && !wanted.guids.iter().any(|guid| guid.as_str() == held)
        && (moved || found == Found::Email)
    {
        return Finding::Blocked(ambiguous(
            "The record holds the Leadferry ID of another contact.",
            &[record],
        ));
    }
    Finding::Record {
        record_id: record.id.clone(),
        record: Some(Box::new(record.clone())),
        found,
        moved,
    }
}

fn judge_deleted(record_id: &str, setup: &Setup) -> Finding {
    match setup.settings.deleted {
        WhenDeleted::Block => Finding::Deleted {
            record_id: record_id.to_owned(),
            reason: planning::deleted(),
        },
        WhenDeleted::Recreate if setup.settings.create_missing => Finding::New,
        WhenDeleted::Recreate => Finding::LeftOut,
    }
}

fn by_email(wanted: &Wanted, candidate: &Candidate, known: &Known, setup: &Setup) -> Finding {
    let same: Vec<&OrgRecord> = match wanted.email_key.as_ref().filter(|_| wanted.by_email) {
        None => Vec::new(),
        Some(email) => known
            .records
            .values()
            .filter(|record| {
                record.email_key.as_ref() == Some(email)
                    && !record.is_deleted
                    && !record.is_converted
            })
            .filter(|record| !known.is_linked(record, wanted.contact))
            .collect(),
    };
    let same = for_consent(same, setup);
    match same.as_slice() {
        [] if !setup.settings.create_missing => Finding::LeftOut,
        [] if refused_twice(candidate) => Finding::Blocked(other_unique_field(candidate)),
        [] => Finding::New,
        [record] if is_partners(wanted, candidate, record, known, setup) => Finding::Partner {
            object: record.object.clone(),
            record_id: record.id.clone(),
        },
        [record] if record.object != setup.replication.object => {
            let text = format!(
                "A {} with this email is already in Salesforce.",
                record.object
            );
            Finding::Blocked(ambiguous(&text, &[record]))
        }
        [record] => {
            let finding = judge_record(record, Found::Email, wanted, known, setup, false);
            match (&finding, doubt(candidate, record)) {
                (Finding::Record { .. }, Some(doubt)) => Finding::Blocked(doubtful(&doubt, record)),
                _ => finding,
            }
        }
        several => Finding::Blocked(ambiguous("Several records have this email.", several)),
    }
}

/// Tells whether a record of the other object is clearly this person, so that the partner goes on with it.
fn is_partners(
    wanted: &Wanted,
    candidate: &Candidate,
    record: &OrgRecord,
    known: &Known,
    setup: &Setup,
) -> bool {
    let owner = known.links.get(&record.id);
    let is_free = record
        .identifier
        .as_ref()
        .is_none_or(|held| wanted.guids.iter().any(|guid| guid.as_str() == held));
    setup.shared.is_some()
        && record.object != setup.replication.object
        && owner.is_none_or(|owner| *owner == wanted.contact)
        && is_free
        && doubt(candidate, record).is_none()
}

/// Of the records with an email, a consent sync means those of its own object: those of the other have a sync of their own.
/// Where it may create records, they still keep it from doing so.
fn for_consent<'a>(same: Vec<&'a OrgRecord>, setup: &Setup) -> Vec<&'a OrgRecord> {
    if !setup.settings.consent_sync {
        return same;
    }
    let is_own = |record: &&OrgRecord| record.object == setup.replication.object;
    if setup.settings.create_missing && !same.iter().any(is_own) {
        return same;
    }
    same.into_iter().filter(is_own).collect()
}

/// Returns a contact's name, as far as it decides whether a record can be the contact.
pub(crate) fn name_of(candidate: &Candidate) -> String {
    let values = &candidate.contact.values;
    let parts = NAME_FIELDS.iter().filter_map(|field| values.text(*field));
    parts.collect::<Vec<_>>().join(" ")
}

/// Says why a record with the contact's email may not be the contact; `None` where nothing speaks against it.
fn doubt(candidate: &Candidate, record: &OrgRecord) -> Option<String> {
    let email = candidate.email_key.as_deref().unwrap_or_default();
    if is_shared_mailbox(email) {
        return Some(format!(
            "{email} is a shared mailbox, so it doesn't tell whether this is the {} {}.",
            record.object,
            record.name.as_deref().unwrap_or(&record.id)
        ));
    }
    let name = record.name.as_deref().unwrap_or_default();
    let fits = can_be_one(&name_of(candidate), name);
    (!fits).then(|| {
        format!(
            "The {} with this email has another name: {name}.",
            record.object
        )
    })
}

fn doubtful(doubt: &str, record: &OrgRecord) -> Reason {
    Reason {
        message: format!("{doubt} {DOUBT_CURE}"),
        ..ambiguous(doubt, &[record])
    }
}

/// A create was refused for a duplicate value, yet no record holds the identifier: it is about another unique field.
fn refused_twice(candidate: &Candidate) -> bool {
    let reason = candidate
        .entry
        .as_ref()
        .and_then(|entry| entry.reason.as_ref());
    reason.is_some_and(|reason| reason.code == "DUPLICATE_VALUE")
}

/// Says what the org said then, with what to do now that it is not tried again.
fn other_unique_field(candidate: &Candidate) -> Reason {
    let entry = candidate.entry.as_ref();
    let before = entry.and_then(|entry| entry.reason.as_ref());
    let said = before.and_then(|reason| reason.detail["message"].as_str());
    let fields = before.map(|reason| &reason.detail["fields"]);
    let fields = fields.and_then(Value::as_array).into_iter().flatten();
    let mut error = RowError::new(ErrorCode::DuplicateValue, said.unwrap_or_default());
    error.fields = fields
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    reconciling::reason(&error, error.cure())
}

fn ambiguous(what: &str, candidates: &[&OrgRecord]) -> Reason {
    let candidates: Vec<Value> = candidates
        .iter()
        .take(10)
        .map(|record| {
            json!({
                "object": record.object, "record": record.id, "name": record.name,
                "email": record.email, "company": record.company,
            })
        })
        .collect();
    Reason {
        code: "ambiguous".into(),
        message: format!(
            "{what} Link the right record, merge the contacts, or create a new record."
        ),
        detail: json!({ "candidates": candidates }),
    }
}
