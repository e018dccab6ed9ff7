//! Links pairs that finding has proposed and somebody has confirmed: the identifiers are written first, up to 200 records a call, then the links.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_replication::Org;
use leadferry_salesforce::{ErrorCode, Id, RowError, WriteOptions};
use leadferry_store::{Connection, ContactId, Guid, LinkOrigin, LinkState, NewLink};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::finding::proposed;
use super::{identifiers, linked_to_another, object_of};
use crate::contacts::{Corrected, follow};
use crate::orgs::{self, chosen, keep_allowance};
use crate::replications::sender_lock;
use crate::{Error, Result, Workspace};

/// Rows of one request.
const ROWS: usize = 200;

/// A pair to be linked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
pub struct ConfirmedPair {
    /// The contact, by guid or email.
    pub contact: String,
    /// The record.
    pub record_id: String,
}

/// Pairs to be linked.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ConfirmLinks {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// The pairs.
    pub pairs: Vec<ConfirmedPair>,
}

/// What confirming came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinksConfirmed {
    /// How many contacts were linked.
    pub linked: u64,
    /// Pairs that could not be linked, and why.
    pub refused: Vec<PairRefused>,
    /// How many of them have a record without the Leadferry ID, because Salesforce has no field for it yet. The next update
    /// writes it once there is one.
    pub without_id: u64,
    /// API calls that this took.
    pub calls: u64,
}

/// A pair that could not be linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PairRefused {
    /// The contact.
    pub contact: String,
    /// The record.
    pub record_id: String,
    /// Why.
    pub why: String,
    /// What to do.
    pub cure: String,
    /// The command that does it, without the program's name. Only a terminal shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub command: Option<Box<str>>,
}

/// A pair whose contact is known and whose record is nobody else's.
struct Ready {
    contact: ContactId,
    guid: Guid,
    record: Id,
}

/// Links pairs: writes each contact's guid into the record where that has none, then links.
///
/// # Errors
/// When the org does not answer. What was linked until then stays.
pub async fn confirm(workspace: &Workspace, request: &ConfirmLinks) -> Result<LinksConfirmed> {
    workspace.check_may_send()?;
    let _under_way = workspace.store().under_way();
    let connection = chosen(workspace, request.connection.as_deref())?;
    let org = orgs::org(workspace, connection.id).await?;
    let _sender = sender_lock(workspace, &org.org_id)?;
    let before = org.client.traffic().calls;
    let mut done = LinksConfirmed::default();
    for (object, ready) in sorted_out(workspace, &connection, &org, &request.pairs, &mut done)? {
        let fields = identifiers(workspace, &connection, object)?;
        for part in ready.chunks(ROWS) {
            let stamping = stamp(&org, object, &fields, part, &mut done).await;
            keep_allowance(workspace, org.connection, &org.client)?;
            let stamped = stamping?;
            link(workspace, &org, object, !fields.is_empty(), &stamped)?;
            done.linked += stamped.len() as u64;
            if fields.is_empty() {
                done.without_id += stamped.len() as u64;
            }
        }
    }
    done.calls = org.client.traffic().calls.saturating_sub(before);
    Ok(done)
}

impl LinksConfirmed {
    fn refuse(&mut self, contact: impl Into<String>, record: &str, error: Error) {
        self.refused.push(PairRefused {
            contact: contact.into(),
            record_id: record.to_owned(),
            why: match error.cause.is_empty() {
                true => error.message,
                false => error.cause,
            },
            cure: error.hint,
            command: error.command,
        });
    }
}

/// Returns the pairs that can be linked, by object; each contact and each record once.
fn sorted_out(
    workspace: &Workspace,
    connection: &Connection,
    org: &Org,
    pairs: &[ConfirmedPair],
    done: &mut LinksConfirmed,
) -> Result<BTreeMap<&'static str, Vec<Ready>>> {
    let mut free = Vec::new();
    for pair in pairs {
        match ready(workspace, &org.org_id, pair) {
            Ok((object, ready)) => free.push((pair, object, ready)),
            Err(error) => done.refuse(&pair.contact, &pair.record_id, error),
        }
    }
    let contacts: Vec<ContactId> = free.iter().map(|(_, _, ready)| ready.contact).collect();
    let proposed = proposed(workspace, connection, &org.org_id, &contacts)?;
    let mut by_object: BTreeMap<&'static str, Vec<Ready>> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (pair, object, ready) in free {
        let is_first = taken.insert(ready.record.to_string())
            && taken.insert(format!("{object} {}", ready.guid));
        if !proposed.contains(&(ready.guid.clone(), ready.record.to_string())) {
            done.refuse(&pair.contact, &pair.record_id, not_proposed(pair));
        } else if is_first {
            by_object.entry(object).or_default().push(ready);
        } else {
            let error = Error::usage(
                "the contact or the record is in another pair, too",
                "confirm the pair that is right",
            );
            done.refuse(&pair.contact, &pair.record_id, error);
        }
    }
    Ok(by_object)
}

fn not_proposed(pair: &ConfirmedPair) -> Error {
    Error::usage(
        "the two don't look like the same person",
        "check the record, and link it by hand if it's the right one",
    )
    .with_command(format!("links set {} {}", pair.contact, pair.record_id))
}

fn ready(
    workspace: &Workspace,
    org_id: &str,
    pair: &ConfirmedPair,
) -> Result<(&'static str, Ready)> {
    let record = Id::parse(&pair.record_id)?;
    let object = object_of(&record)?;
    workspace.store().read(|reader| {
        let contact = reader.find_contact(&pair.contact)?;
        let guid = reader.contact(contact)?.guid;
        let links = reader.links_of(contact)?.into_iter();
        let mut own = links.filter(|link| link.org_id == org_id && link.state == LinkState::Linked);
        if let Some(link) = own.next() {
            return Err(Error::usage(
                format!(
                    "the contact is already linked to {} {}",
                    link.object, link.record_id
                ),
                "link it by hand to change that",
            )
            .with_command(format!("links set {} {}", pair.contact, pair.record_id)));
        }
        if let Some(other) = linked_to_another(reader, org_id, &record, contact)? {
            let theirs = reader.contact(other)?.guid;
            return Err(Error::usage(
                format!("the record is linked to another contact ({theirs})"),
                "remove that link first, or merge the two contacts",
            )
            .with_command(format!("links remove {theirs}")));
        }
        let ready = Ready {
            contact,
            guid,
            record,
        };
        Ok((object, ready))
    })
}

/// Writes the guids into the records of a part; returns those that hold them now.
async fn stamp<'a>(
    org: &Org,
    object: &'static str,
    identifiers: &BTreeSet<String>,
    part: &'a [Ready],
    done: &mut LinksConfirmed,
) -> Result<Vec<&'a Ready>> {
    let ids: Vec<Id> = part.iter().map(|one| one.record).collect();
    let columns = ["Id"].into_iter();
    let columns: Vec<&str> = columns
        .chain(identifiers.iter().map(String::as_str))
        .collect();
    let records = org.client.retrieve(object, &ids, &columns).await?;
    let (mut stamped, mut written, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (ready, record) in part.iter().zip(records) {
        let Some(record) = record else {
            let error = Error::usage(
                "the record isn't in the org any more",
                "run the pull again, and look for links again",
            );
            done.refuse(ready.guid.as_str(), ready.record.as_str(), error);
            continue;
        };
        let held = |field: &String| record.text(field).filter(|held| !held.is_empty());
        let is_own = |held: &str| held.eq_ignore_ascii_case(ready.guid.as_str());
        if identifiers
            .iter()
            .filter_map(held)
            .any(|held| !is_own(held))
        {
            let error = Error::usage(
                "the record holds the Leadferry ID of another contact",
                "if this is the right contact, link it by hand and replace the ID",
            )
            .with_command(format!(
                "links set {} {} --overwrite-identifier",
                ready.guid, ready.record
            ));
            done.refuse(ready.guid.as_str(), ready.record.as_str(), error);
            continue;
        }
        let missing: Vec<&String> = identifiers
            .iter()
            .filter(|field| held(field).is_none())
            .collect();
        if missing.is_empty() {
            stamped.push(ready);
        } else {
            rows.push(row(object, ready, &missing)?);
            written.push(ready);
        }
    }
    let answers = org.client.update(&rows, &WriteOptions::default()).await?;
    for (ready, answer) in written.into_iter().zip(answers) {
        if answer.success {
            stamped.push(ready);
            continue;
        }
        let error = not_written(answer.errors.first());
        done.refuse(ready.guid.as_str(), ready.record.as_str(), error);
    }
    Ok(stamped)
}

/// Says why Salesforce didn't take the Leadferry ID.
fn not_written(error: Option<&RowError>) -> Error {
    match error {
        Some(error) if error.code == ErrorCode::DuplicateValue => Error::usage(
            "another Salesforce record already holds the contact's Leadferry ID",
            "link the contact to that record, or clear the ID there and try again",
        ),
        Some(error) => Error::usage(
            format!("Salesforce refused the record: {}", error.message),
            "correct the record in Salesforce, then try again",
        ),
        None => Error::usage("Salesforce refused the record", "try again"),
    }
}

fn row(object: &str, ready: &Ready, fields: &[&String]) -> Result<Box<RawValue>> {
    let mut row = serde_json::Map::new();
    row.insert("attributes".to_owned(), json!({ "type": object }));
    row.insert("id".to_owned(), ready.record.as_str().into());
    for field in fields {
        row.insert((*field).clone(), ready.guid.as_str().into());
    }
    to_raw_value(&row).map_err(|error| {
        Error::usage("the records can't be written", "try again").because(error.to_string())
    })
}

fn link(
    workspace: &Workspace,
    org: &Org,
    object: &str,
    is_stamped: bool,
    ready: &[&Ready],
) -> Result<()> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        for one in ready {
            let new = NewLink {
                contact: one.contact,
                org_id: &org.org_id,
                object,
                record_id: one.record.as_str(),
                identifier: Some(one.guid.as_str()).filter(|_| is_stamped),
                origin: LinkOrigin::Hand,
            };
            writer.put_link(&new, now)?;
            writer.reconsider(one.contact)?;
        }
        let contacts: Vec<ContactId> = ready.iter().map(|one| one.contact).collect();
        follow(writer, &contacts, Corrected::Link, now)
    })
}
