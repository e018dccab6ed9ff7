//! Links pairs that somebody has confirmed: the identifiers are written first, up to 200 records a call, then the links.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_replication::Org;
use leadferry_salesforce::{Id, WriteOptions};
use leadferry_store::{ContactId, Guid, LinkOrigin, NewLink};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::{identifiers, object_of};
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
    for (object, ready) in sorted_out(workspace, &org, &request.pairs, &mut done) {
        let fields = identifiers(workspace, &connection, object)?;
        for part in ready.chunks(ROWS) {
            let stamping = stamp(&org, object, &fields, part, &mut done).await;
            keep_allowance(workspace, org.connection, &org.client)?;
            link(workspace, &org, object, !fields.is_empty(), &stamping?)?;
        }
    }
    done.linked = request.pairs.len().saturating_sub(done.refused.len()) as u64;
    done.calls = org.client.traffic().calls.saturating_sub(before);
    Ok(done)
}

impl LinksConfirmed {
    fn refuse(&mut self, contact: impl Into<String>, record: &str, why: impl Into<String>) {
        self.refused.push(PairRefused {
            contact: contact.into(),
            record_id: record.to_owned(),
            why: why.into(),
        });
    }
}

/// Returns the pairs that can be linked, by object; each contact and each record once.
fn sorted_out(
    workspace: &Workspace,
    org: &Org,
    pairs: &[ConfirmedPair],
    done: &mut LinksConfirmed,
) -> BTreeMap<&'static str, Vec<Ready>> {
    let mut by_object: BTreeMap<&'static str, Vec<Ready>> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for pair in pairs {
        match ready(workspace, &org.org_id, pair) {
            Ok((object, ready)) => {
                let is_first = taken.insert(ready.record.to_string())
                    && taken.insert(format!("{object} {}", ready.guid));
                if is_first {
                    by_object.entry(object).or_default().push(ready);
                } else {
                    let why = "the contact or the record is in another pair, too";
                    done.refuse(&pair.contact, &pair.record_id, why);
                }
            }
            Err(error) => {
                let why = match error.cause.is_empty() {
                    true => error.message,
                    false => error.cause,
                };
                done.refuse(&pair.contact, &pair.record_id, why);
            }
        }
    }
    by_object
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
        let other = reader.link_to(org_id, record.as_str())?;
        if other.is_some_and(|link| link.contact != contact) {
            return Err(Error::usage(
                "the record is linked to another contact",
                "remove that link first, or merge the two contacts",
            ));
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
            let why = "the record isn't in the org any more";
            done.refuse(ready.guid.as_str(), ready.record.as_str(), why);
            continue;
        };
        let held = |field: &String| record.text(field).filter(|held| !held.is_empty());
        let is_own = |held: &str| held.eq_ignore_ascii_case(ready.guid.as_str());
        if identifiers
            .iter()
            .filter_map(held)
            .any(|held| !is_own(held))
        {
            let why = "the record holds the identifier of another contact";
            done.refuse(ready.guid.as_str(), ready.record.as_str(), why);
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
        let why = answer.errors.first().map(|error| error.message.clone());
        let why = why.unwrap_or_else(|| "Salesforce refused the record".to_owned());
        done.refuse(ready.guid.as_str(), ready.record.as_str(), why);
    }
    Ok(stamped)
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
