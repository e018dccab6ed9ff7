//! Lists of contacts, and one with all that belongs to it.

mod followed;
mod undone;

use std::collections::BTreeMap;

use leadferry_store::{
    AccountId, Connection, ContactField, ContactFilter, ContactId, Deed, Delivery, Entry,
    EntryState, Guid, Link, Outcome, Reader, Reason, Replication, RunId, SegmentStatus, Sent,
};
use serde::Serialize;
use serde_json::Value;

use super::blocks;
use crate::causes::{self, Candidate, Cure};
use crate::scores::{PointsExplained, RuleExplained};
use crate::{Result, Workspace, labels, mappings, people, values};

pub use followed::{ContactFollowed, Followed};

/// What a list of contacts shows of each.
const LINE: &[ContactField] = &[
    ContactField::FirstName,
    ContactField::LastName,
    ContactField::Email,
    ContactField::CompanyName,
];

/// One line of a list of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactLine {
    /// Its lasting name.
    pub guid: Guid,
    /// Its row, for the next page.
    pub id: ContactId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Its own company name.
    pub company_name: Option<String>,
    /// Nothing about it may be sent.
    pub do_not_send: bool,
}

/// A page of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactList {
    /// The contacts, in the order in which they came.
    pub contacts: Vec<ContactLine>,
    /// Ask with this for the next page; `None` on the last one.
    pub next: Option<ContactId>,
}

impl ContactCard {
    /// Says how far it has got on its way to Salesforce, as the window does.
    pub fn delivery_in_words(&self) -> &'static str {
        labels::delivery(self.delivery)
    }
}

/// Returns a page of contacts; every word of `text` begins a word of the name, e-mail or company.
pub fn list(
    workspace: &Workspace,
    text: Option<&str>,
    deleted: bool,
    after: Option<ContactId>,
    limit: usize,
) -> Result<ContactList> {
    let filter = ContactFilter {
        text: text.map(str::to_owned),
        deleted,
        ..ContactFilter::default()
    };
    let found = workspace
        .store()
        .read(|reader| reader.contacts_page(&filter, LINE, after, limit.saturating_add(1)))?;
    let more = found.len() > limit;
    let contacts: Vec<ContactLine> = found.into_iter().take(limit).map(line).collect();
    let next = contacts.last().filter(|_| more).map(|last| last.id);
    Ok(ContactList { contacts, next })
}

fn line(contact: leadferry_store::Contact) -> ContactLine {
    let text = |field| contact.values.text(field).map(str::to_owned);
    ContactLine {
        first_name: text(ContactField::FirstName),
        last_name: text(ContactField::LastName),
        email: text(ContactField::Email),
        company_name: text(ContactField::CompanyName),
        do_not_send: contact.do_not_send,
        guid: contact.guid,
        id: contact.id,
    }
}

/// Returns how many contacts there are.
pub fn count(workspace: &Workspace, text: Option<&str>, deleted: bool) -> Result<u64> {
    let filter = ContactFilter {
        text: text.map(str::to_owned),
        deleted,
        ..ContactFilter::default()
    };
    let all = text.is_none() && !deleted;
    Ok(workspace.store().read(|reader| {
        if all {
            reader.live_contacts()
        } else {
            reader.count_contacts(&filter)
        }
    })?)
}

/// An account that a contact is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactAccount {
    /// Id.
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// What the contact is there: `primary`, `secondary` or `regular`.
    pub role: &'static str,
}

/// A contact with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ContactCard {
    /// Its lasting name.
    pub guid: Guid,
    /// Its set fields by name, the custom ones as `custom:NAME`.
    pub fields: BTreeMap<String, Value>,
    /// Nothing about it may be sent.
    pub do_not_send: bool,
    /// When it was deleted.
    pub deleted_at: Option<String>,
    /// Its accounts and what it is there, in the order in which the company name is looked up.
    pub accounts: Vec<ContactAccount>,
    /// Its points by score.
    pub points: BTreeMap<String, i64>,
    /// Its records in Salesforce.
    pub links: Vec<ContactLink>,
    /// Records of contacts that were merged into it, beside one of its own of the same object: one person, two records.
    pub second_records: Vec<ContactLink>,
    /// What became of its records in Salesforce, the oldest first.
    pub followed: Vec<ContactFollowed>,
    /// Where it stands in the replications.
    pub queue: Vec<ContactQueueEntry>,
    /// What runs did with it, the oldest first.
    pub history: Vec<ContactRun>,
    /// Its name, else its email, else its company.
    pub name: String,
    /// The company that would be sent, and where that is from.
    pub company: Option<ContactCompany>,
    /// Its points in every score, with the rules behind them.
    pub scores: Vec<ContactScore>,
    /// The segments that it is or was in, with what was before.
    pub segments: Vec<ContactSegment>,
    /// How many activities it has.
    pub activities: u64,
    /// What runs did with it, the newest first; the last 50.
    pub sends: Vec<ContactSend>,
    /// How far it has got on its way to Salesforce.
    pub delivery: Delivery,
}

/// The company that stands for a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactCompany {
    /// Its name.
    pub name: String,
    /// `own` for the contact's own company name, else what it is in the account: `primary`, `secondary`, `regular`.
    pub from: &'static str,
}

/// A segment that a contact is or was in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactSegment {
    /// The segment.
    pub name: String,
    /// Where it stands.
    pub status: SegmentStatus,
    /// Since when, UTC milliseconds.
    pub since: i64,
    /// What was before: where it stood, from when until when; the latest first.
    pub past: Vec<(SegmentStatus, i64, i64)>,
}

/// A contact's points in a score, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactScore {
    /// The score.
    pub name: String,
    /// The points, as last calculated.
    pub points: i64,
    /// Every rule, and what it gives now.
    pub why: Vec<RuleExplained>,
    /// The replications that it is marked for by this score.
    pub marks: Vec<ContactMark>,
}

/// Points that have reached a replication's minimum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactMark {
    /// The replication.
    pub replication: String,
    /// Since when, UTC milliseconds.
    pub at: i64,
    /// The points then.
    pub points: i64,
}

/// What a run did with a contact, and when.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ContactSend {
    /// The run.
    pub run: RunId,
    /// The replication.
    pub replication: String,
    /// The connection, or the org's id where none leads there any more.
    pub connection: String,
    /// When, UTC milliseconds.
    pub at: i64,
    /// `created`, `updated`, `refused`, `retry`, `lost`, `blocked`, `unanswered`; `deleted` or `restored` by an undo.
    pub outcome: String,
    /// The fields sent and their values; empty where nothing was, or the history was thinned.
    pub fields: Vec<SentValue>,
    /// Why it was refused or blocked; empty when it was taken.
    pub reason: String,
}

/// A value that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct SentValue {
    /// The field in Salesforce.
    pub field: String,
    /// What Salesforce calls it, where known; else the field.
    pub label: String,
    /// The value.
    pub value: Value,
}

/// A record of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactLink {
    /// The org.
    pub org_id: String,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// What we know of it.
    pub state: &'static str,
    /// How the link came about.
    pub origin: &'static str,
    /// The connection to that org, where there is one.
    pub connection: Option<String>,
    /// The record's https address; none for the practice org.
    pub address: Option<String>,
    /// When something was sent to it last, UTC milliseconds.
    pub sent_at: Option<i64>,
}

/// Where a contact stands in a replication.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ContactQueueEntry {
    /// The replication.
    pub replication: String,
    /// State.
    pub state: EntryState,
    /// Why, where it is blocked, given up or tried again; `detail` has the candidates.
    pub reason: Option<Reason>,
    /// When the state began, UTC milliseconds.
    pub since: i64,
    /// The connection to the org, where there is one.
    pub connection: Option<String>,
    /// The cause in two or three words.
    pub label: Option<String>,
    /// What can be offered against it.
    pub cures: &'static [Cure],
    /// Who it may be instead.
    pub candidates: Vec<Candidate>,
    /// The contact's fields that it is about, those to look at first in front.
    pub fields: Vec<String>,
}

/// What a run did with a contact.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ContactRun {
    /// The run.
    pub run: RunId,
    /// `created`, `updated`, `refused`, `retry`, `lost`, `blocked`, `unanswered`; `deleted` or `restored` by an undo.
    pub outcome: &'static str,
    /// What was sent; `null` where nothing was, or the history was thinned.
    pub sent: Value,
    /// What the org answered, or why it was blocked.
    pub errors: Value,
}

/// Shows a contact, found by guid or by an e-mail that only it has.
///
/// # Errors
/// When there is none, or several share the e-mail.
pub fn show(workspace: &Workspace, contact: &str) -> Result<ContactCard> {
    let now = workspace.host().now();
    workspace.store().read(|reader| {
        let id = reader.find_contact(contact)?;
        card(reader, id, now)
    })
}

fn card(reader: &Reader<'_>, id: ContactId, now: i64) -> Result<ContactCard> {
    let contact = reader.contact(id)?;
    let mut fields = BTreeMap::new();
    for (field, value) in contact.values.iter() {
        fields.insert(reader.field_name(field)?, values::json(value));
    }
    let mut points = BTreeMap::new();
    for (score, value) in reader.points_of(id)? {
        points.insert(reader.score(score)?.name, value);
    }
    let connections = reader.connections()?;
    let mut people = people::people(reader, &[id])?;
    let mut sends = reader
        .sent_of(id, SENDS)?
        .into_iter()
        .map(|sent| send(reader, sent, &connections))
        .collect::<Result<Vec<_>>>()?;
    undone::among_sends(reader, id, &connections, &mut sends)?;
    let history = reader.history(id)?.into_iter();
    let mut history: Vec<_> = history.map(|(run, deed)| happened(run, deed)).collect();
    undone::among_runs(reader, id, &mut history)?;
    Ok(ContactCard {
        fields,
        do_not_send: contact.do_not_send,
        deleted_at: contact.deleted_at.map(values::moment),
        accounts: accounts(reader, id)?,
        points,
        links: reader
            .links_of(id)?
            .iter()
            .map(|one| link(one, &connections))
            .collect(),
        second_records: reader
            .links_left_over(id)?
            .iter()
            .map(|one| link(one, &connections))
            .collect(),
        name: people
            .remove(&id)
            .map(|person| person.name)
            .unwrap_or_default(),
        delivery: reader
            .deliveries(&[id])?
            .remove(&id)
            .unwrap_or(Delivery::NotSent),
        company: company(reader, &contact)?,
        scores: scores(reader, id, now)?,
        segments: segments(reader, id)?,
        activities: reader.count_activities_of(id)?,
        sends,
        followed: followed::of(&reader.links_of(id)?),
        queue: queue(reader, id, &connections)?,
        history,
        guid: contact.guid,
    })
}

fn accounts(
    reader: &Reader<'_>,
    id: ContactId,
) -> Result<Vec<ContactAccount>, leadferry_store::Error> {
    let memberships = reader.companies_of(&[id])?.remove(&id).unwrap_or_default();
    let named = memberships.into_iter().map(|membership| {
        Ok(ContactAccount {
            id: membership.account,
            name: reader.account(membership.account)?.name().to_owned(),
            role: membership.role.name(),
        })
    });
    named.collect()
}

/// How many sends a card shows.
const SENDS: usize = 50;

fn company(
    reader: &Reader<'_>,
    contact: &leadferry_store::Contact,
) -> Result<Option<ContactCompany>, leadferry_store::Error> {
    if let Some(own) = contact.values.text(ContactField::CompanyName) {
        return Ok(Some(ContactCompany {
            name: own.to_owned(),
            from: "own",
        }));
    }
    let account = accounts(reader, contact.id)?.into_iter().next();
    Ok(account.map(|account| ContactCompany {
        name: account.name,
        from: account.role,
    }))
}

fn segments(
    reader: &Reader<'_>,
    id: ContactId,
) -> Result<Vec<ContactSegment>, leadferry_store::Error> {
    let standings = reader.segments_of(id)?.into_iter();
    let segments = standings.map(|standing| ContactSegment {
        name: standing.name,
        status: standing.status,
        since: standing.since,
        past: standing
            .past
            .iter()
            .map(|past| (past.status, past.since, past.until))
            .collect(),
    });
    Ok(segments.collect())
}

fn scores(
    reader: &Reader<'_>,
    id: ContactId,
    now: i64,
) -> Result<Vec<ContactScore>, leadferry_store::Error> {
    let points = reader.points_of(id)?;
    let marks = reader.marks_of(id)?;
    let replications = reader.replications()?;
    let mut scores = Vec::new();
    for score in reader.scores()? {
        let of_score = marks.iter().filter_map(|mark| {
            let replication = replications.iter().find(|one| one.id == mark.replication)?;
            let threshold = replication.threshold.as_ref()?;
            (threshold.score == score.id).then(|| ContactMark {
                replication: replication.name.clone(),
                at: mark.at,
                points: mark.points,
            })
        });
        scores.push(ContactScore {
            points: points.get(&score.id).copied().unwrap_or(0),
            why: PointsExplained::from(reader.explain_points(score.id, id, now)?).rules,
            marks: of_score.collect(),
            name: score.name,
        });
    }
    Ok(scores)
}

fn send(reader: &Reader<'_>, sent: Sent, connections: &[Connection]) -> Result<ContactSend> {
    let connection = connection_to(connections, &sent.org_id);
    let reason = match &sent.block {
        Some((_, message)) => message.clone(),
        None => refusal(sent.errors.as_deref()),
    };
    let values: BTreeMap<String, Value> = serde_json::from_str(&sent.payload).unwrap_or_default();
    Ok(ContactSend {
        fields: sent_values(reader, &sent.replication, values)?,
        run: sent.run,
        replication: sent.replication,
        connection: connection.map_or(sent.org_id, |one| one.name.clone()),
        at: sent.at,
        outcome: sent.outcome,
        reason,
    })
}

/// Names the values that were sent as the org does; as they stand where it is not known any more.
fn sent_values(
    reader: &Reader<'_>,
    replication: &str,
    values: BTreeMap<String, Value>,
) -> Result<Vec<SentValue>> {
    let known = match reader.replication_named(replication) {
        Ok(replication) if !values.is_empty() => Some(mappings::target(reader, &replication)?),
        _ => None,
    };
    let label = |name: &str| {
        let field = known.as_ref().and_then(|object| object.field(name));
        field.map_or_else(|| name.to_owned(), |field| field.label.clone())
    };
    let values = values.into_iter().map(|(field, value)| SentValue {
        label: label(&field),
        field,
        value,
    });
    Ok(values.collect())
}

/// Returns what the org said, in its own words.
fn refusal(errors: Option<&str>) -> String {
    let errors: Vec<Value> = errors
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let said = errors
        .iter()
        .filter_map(|error| error["message"].as_str().or_else(|| error["code"].as_str()));
    said.collect::<Vec<_>>().join("; ")
}

fn connection_to<'c>(connections: &'c [Connection], org_id: &str) -> Option<&'c Connection> {
    connections
        .iter()
        .find(|one| one.org_id.as_deref() == Some(org_id))
}

fn link(link: &Link, connections: &[Connection]) -> ContactLink {
    let connection = connection_to(connections, &link.org_id);
    let instance = connection.and_then(|one| one.instance_url.as_deref());
    ContactLink {
        connection: connection.map(|one| one.name.clone()),
        address: instance
            .filter(|url| url.starts_with("https://"))
            .map(|url| format!("{}/{}", url.trim_end_matches('/'), link.record_id)),
        sent_at: link.sent_at,
        org_id: link.org_id.clone(),
        object: link.object.clone(),
        record_id: link.record_id.clone(),
        state: link.state.name(),
        origin: link.origin.name(),
    }
}

fn queue(
    reader: &Reader<'_>,
    id: ContactId,
    connections: &[Connection],
) -> Result<Vec<ContactQueueEntry>> {
    let mut standing = Vec::new();
    for replication in reader.replications()? {
        if let Some(entry) = reader.entry(replication.id, id)? {
            standing.push(queue_entry(reader, &replication, entry, connections)?);
        }
    }
    Ok(standing)
}

fn queue_entry(
    reader: &Reader<'_>,
    replication: &Replication,
    entry: Entry,
    connections: &[Connection],
) -> Result<ContactQueueEntry> {
    let connection = connections
        .iter()
        .find(|one| Some(one.id) == replication.connection);
    let org = connection.and_then(|one| one.org_id.as_deref());
    let (mut cures, mut candidates, mut fields, mut label) = Default::default();
    if let Some(reason) = &entry.reason {
        cures = causes::cures_of(reason, entry.state);
        candidates = causes::candidates(reader, org, &reason.detail)?;
        label = Some(crate::diagnosis::explained(&reason.code, &reason.message).label);
        fields = blocks::fields(reader, replication, reason)?
            .into_iter()
            .map(|field| reader.field_name(field))
            .collect::<Result<Vec<_>, _>>()?;
    }
    Ok(ContactQueueEntry {
        replication: replication.name.clone(),
        state: entry.state,
        reason: entry.reason,
        since: entry.since,
        connection: connection.map(|one| one.name.clone()),
        label,
        cures,
        candidates,
        fields,
    })
}

fn happened(run: RunId, deed: Deed) -> ContactRun {
    let json = |text: Option<&str>| {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Value::Null)
    };
    match deed {
        Deed::Sent(row) => ContactRun {
            run,
            outcome: row.outcome.map_or("unanswered", Outcome::name),
            sent: json(Some(&row.payload)),
            errors: json(row.errors.as_deref()),
        },
        Deed::Blocked { code, message } => ContactRun {
            run,
            outcome: "blocked",
            sent: Value::Null,
            errors: serde_json::json!([{ "code": code, "message": message }]),
        },
    }
}
