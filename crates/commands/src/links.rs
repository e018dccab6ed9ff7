//! Links: which contact is which record.

mod confirming;
mod finding;

use std::collections::BTreeSet;

use leadferry_replication::{Org, Settings};
use leadferry_salesforce::{Id, soql};
use leadferry_store::{Connection, ContactId, Guid, Link, LinkId, LinkOrigin, NewLink, Reader};
use serde::Serialize;

pub use confirming::{ConfirmLinks, ConfirmedPair, LinksConfirmed, PairRefused, confirm};
pub use finding::{FindLinks, LinkPair, LinkPairs, find};

use crate::contacts::{Corrected, follow};
use crate::orgs::{self, chosen, keep_allowance};
use crate::replications::sender_lock;
use crate::{Error, Result, Workspace, people};

/// Objects that contacts are linked to, and how the ids of their records begin.
const PREFIXES: &[(&str, &str)] = &[("00Q", "Lead"), ("003", "Contact")];

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinkLine {
    /// Id, for the next page.
    pub id: LinkId,
    /// The contact.
    pub contact: Guid,
    /// The contact's name, else its email, else its company.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// The org.
    pub org_id: String,
    /// The first connection to that org, where there still is one.
    pub connection: Option<String>,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// The identifier that the record holds, where known.
    pub identifier: Option<String>,
    /// What we know of the record.
    pub state: &'static str,
    /// How the link came about.
    pub origin: &'static str,
}

/// A page of links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinkList {
    /// The links, in the order in which they came about.
    pub links: Vec<LinkLine>,
    /// Ask with this for the next page; `None` on the last one.
    pub next: Option<LinkId>,
}

/// Returns a page of links, of one connection's org where one is named.
///
/// # Errors
/// When there is no such connection.
pub fn list(
    workspace: &Workspace,
    connection: Option<&str>,
    after: Option<i64>,
    limit: usize,
) -> Result<LinkList> {
    workspace.store().read(|reader| {
        let org_id = match connection {
            Some(name) => Some(reader.connection_named(name)?.org_id.unwrap_or_default()),
            None => None,
        };
        let mut found = reader.links_page(
            org_id.as_deref(),
            LinkId(after.unwrap_or(0)),
            limit.saturating_add(1),
        )?;
        let more = found.len() > limit;
        found.truncate(limit);
        let ids: Vec<_> = found.iter().map(|link| link.contact).collect();
        let people = people::people(reader, &ids)?;
        let connections = reader.connections()?;
        let connection_to = |org: &str| {
            let first = connections
                .iter()
                .find(|connection| connection.org_id.as_deref() == Some(org));
            first.map(|connection| connection.name.clone())
        };
        let next = found.last().filter(|_| more).map(|link| link.id);
        let links = found.into_iter().filter_map(|link| {
            let person = people.get(&link.contact)?;
            Some(LinkLine {
                id: link.id,
                contact: person.guid.clone(),
                name: person.name.clone(),
                email: person.email.clone(),
                connection: connection_to(&link.org_id),
                org_id: link.org_id,
                object: link.object,
                record_id: link.record_id,
                identifier: link.identifier.filter(|held| !held.is_empty()),
                state: link.state.name(),
                origin: link.origin.name(),
            })
        });
        Ok(LinkList {
            links: links.collect(),
            next,
        })
    })
}

/// A link to be made by hand.
#[derive(Debug, Clone, serde::Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SetLink {
    /// The contact, by guid or e-mail.
    pub contact: String,
    /// The record's id.
    pub record_id: String,
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// Whether an identifier that the record holds for someone else is replaced.
    pub overwrite_identifier: bool,
}

/// What linking by hand came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Linked {
    /// The contact.
    pub contact: Guid,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// The identifier fields that hold the contact's guid now.
    pub identifiers: Vec<String>,
}

/// Links a contact to a record that the org has, and writes the contact's guid into the record.
///
/// # Errors
/// When the record is not there, is another contact's, or holds another identifier.
pub async fn set(workspace: &Workspace, request: &SetLink) -> Result<Linked> {
    workspace.check_may_send()?;
    let _under_way = workspace.store().under_way();
    let record = Id::parse(&request.record_id)?;
    let object = object_of(&record)?;
    let connection = chosen(workspace, request.connection.as_deref())?;
    let org = orgs::org(workspace, connection.id).await?;
    let _sender = sender_lock(workspace, &org.org_id)?;
    let (contact, guid) = checked_contact(workspace, &request.contact, &org, &record)?;
    let identifiers = identifiers(workspace, &connection, object)?;
    let linking = Linking {
        org: &org,
        object,
        record: &record,
        guid: &guid,
    };
    let stamped = linking
        .stamp(&identifiers, request.overwrite_identifier)
        .await;
    keep_allowance(workspace, org.connection, &org.client)?;
    stamped?;
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let new = NewLink {
            contact,
            org_id: &org.org_id,
            object,
            record_id: record.as_str(),
            identifier: Some(guid.as_str()).filter(|_| !identifiers.is_empty()),
            origin: LinkOrigin::Hand,
        };
        writer.put_link(&new, now)?;
        writer.reconsider(contact)?;
        follow(writer, &[contact], Corrected::Link, now)
    })?;
    Ok(Linked {
        contact: guid,
        object: object.to_owned(),
        record_id: record.as_str().to_owned(),
        identifiers: identifiers.into_iter().collect(),
    })
}

/// What linking a contact to a record would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinkPreview {
    /// The contact's name, else its email, else its company.
    pub contact: String,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// The record's name.
    pub name: String,
    /// What linking writes to the record at once; nothing where it holds that already.
    pub writes: Vec<LinkWrite>,
    /// The record of the same object that the contact is linked to now: that link makes way.
    pub replaces: Option<String>,
    /// The contact that the record is linked to now: it can't be linked to another one.
    pub taken_by: Option<String>,
    /// Enabled replications that update the record from now on.
    pub replications: Vec<String>,
    /// API calls that this took.
    pub calls: u64,
}

/// A field that linking writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinkWrite {
    /// API name.
    pub field: String,
    /// What the record holds in it, where that is another contact's.
    pub before: Option<String>,
    /// What it will hold.
    pub after: String,
}

/// Tells what linking a contact to a record would write; nothing is written. One call.
///
/// # Errors
/// When there is no such contact, or the org has no such record.
pub async fn preview(workspace: &Workspace, request: &SetLink) -> Result<LinkPreview> {
    let record = Id::parse(&request.record_id)?;
    let object = object_of(&record)?;
    let connection = chosen(workspace, request.connection.as_deref())?;
    let org = orgs::org(workspace, connection.id).await?;
    let identifiers = identifiers(workspace, &connection, object)?;
    let before = org.client.traffic().calls;
    let columns: Vec<&str> = ["Id", "Name"]
        .into_iter()
        .chain(identifiers.iter().map(String::as_str))
        .collect();
    let soql = format!(
        "SELECT {} FROM {object} WHERE Id = {}",
        columns.join(", "),
        soql::quote(record.as_str())
    );
    let found = org.client.query(&soql).await;
    keep_allowance(workspace, org.connection, &org.client)?;
    let Some(found) = found?.pop() else {
        return Err(no_record(object));
    };
    workspace.store().read(|reader| {
        let id = reader.find_contact(&request.contact)?;
        let guid = reader.contact(id)?.guid;
        let name_of = |id: ContactId| -> Result<String> {
            let person = people::people(reader, &[id])?.remove(&id);
            Ok(person.map(|person| person.name).unwrap_or_default())
        };
        let taken = linked_to_another(reader, &org.org_id, &record, id)?;
        let own = reader.link(id, &org.org_id, object)?;
        let writes = identifiers.iter().filter_map(|field| {
            let held = found.text(field).filter(|text| !text.is_empty());
            let is_own = held.is_some_and(|held| held.eq_ignore_ascii_case(guid.as_str()));
            (!is_own).then(|| LinkWrite {
                field: field.clone(),
                before: held.map(str::to_owned),
                after: guid.as_str().to_owned(),
            })
        });
        let replications = reader.replications()?.into_iter().filter(|replication| {
            replication.enabled
                && replication.connection == Some(connection.id)
                && replication.object == object
        });
        Ok(LinkPreview {
            contact: name_of(id)?,
            object: object.to_owned(),
            record_id: record.as_str().to_owned(),
            name: found.text("Name").unwrap_or_default().to_owned(),
            writes: writes.collect(),
            replaces: own
                .map(|link| link.record_id)
                .filter(|other| other != record.as_str()),
            taken_by: taken.map(name_of).transpose()?,
            replications: replications.map(|replication| replication.name).collect(),
            calls: org.client.traffic().calls.saturating_sub(before),
        })
    })
}

fn no_record(object: &str) -> Error {
    Error::usage(
        format!("the org has no {object} with this id"),
        "check the id, or restore the record in Salesforce if it was deleted",
    )
}

/// Which of two records stays linked to a contact that another one was merged into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RecordKept {
    /// The contact.
    pub contact: Guid,
    /// The record that it is linked to.
    pub record_id: String,
    /// The records that nothing is linked to any more; they stay in Salesforce.
    pub unlinked: Vec<String>,
}

/// Chooses one of the two records of a contact that another one was merged into; the links to the others go. Nothing
/// changes in Salesforce: merge the records there, and the next pull follows.
///
/// # Errors
/// When there is no such contact, or it has no second record of that object.
pub fn keep(workspace: &Workspace, contact: &str, record: &str) -> Result<RecordKept> {
    let record = Id::parse(record)?;
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let id = writer.find_contact(contact)?;
        let mut all = writer.links_left_over(id)?;
        all.extend(writer.links_of(id)?);
        let Some(kept) = all
            .iter()
            .find(|link| link.record_id == record.as_str())
            .cloned()
        else {
            return Err(not_one_of_two(contact));
        };
        let same = |link: &&Link| link.org_id == kept.org_id && link.object == kept.object;
        let others = all.iter().filter(same).filter(|link| link.id != kept.id);
        let others: Vec<Link> = others.cloned().collect();
        if others.is_empty() {
            return Err(not_one_of_two(contact));
        }
        for other in &others {
            writer.remove_link(other.id)?;
        }
        if kept.contact != id {
            writer.give_link(kept.id, id, now)?;
        }
        writer.reconsider(id)?;
        follow(writer, &[id], Corrected::Link, now)?;
        Ok(RecordKept {
            contact: writer.contact(id)?.guid,
            record_id: kept.record_id,
            unlinked: others.into_iter().map(|link| link.record_id).collect(),
        })
    })
}

fn not_one_of_two(contact: &str) -> Error {
    Error::usage(
        "the contact isn't linked to this record beside another one",
        "choose one of its two records",
    )
    .with_command(format!("contacts show {contact}"))
}

/// Returns the object of a record, where it is one that contacts are linked to.
pub(crate) fn known_object(record: &Id) -> Option<&'static str> {
    let known = PREFIXES
        .iter()
        .find(|(prefix, _)| *prefix == record.key_prefix());
    known.map(|(_, object)| *object)
}

fn object_of(record: &Id) -> Result<&'static str> {
    known_object(record).ok_or_else(|| {
        Error::usage(
            "this isn't the id of a lead or a contact",
            "use an id that starts with 00Q (lead) or 003 (contact)",
        )
    })
}

/// Finds the contact; refuses a record that another contact has.
fn checked_contact(
    workspace: &Workspace,
    contact: &str,
    org: &Org,
    record: &Id,
) -> Result<(ContactId, Guid)> {
    workspace.store().read(|reader| {
        let id = reader.find_contact(contact)?;
        let guid = reader.contact(id)?.guid;
        if let Some(other) = linked_to_another(reader, &org.org_id, record, id)? {
            let theirs = reader.contact(other)?.guid;
            return Err(Error::usage(
                "the record can't be linked to this contact",
                "remove the other link first, or merge the two contacts",
            )
            .because(format!("it's linked to another contact ({theirs})"))
            .with_command(format!("links remove {theirs}")));
        }
        Ok((id, guid))
    })
}

/// Returns the contact that a record is linked to, where it isn't this one or was merged into it.
fn linked_to_another(
    reader: &Reader<'_>,
    org_id: &str,
    record: &Id,
    contact: ContactId,
) -> Result<Option<ContactId>> {
    let Some(link) = reader.link_to(org_id, record.as_str())? else {
        return Ok(None);
    };
    let other = reader.resolve_contact(link.contact)?;
    Ok((other != contact).then_some(other))
}

/// Returns the identifier fields that replications use for an object of the org.
fn identifiers(
    workspace: &Workspace,
    connection: &Connection,
    object: &str,
) -> Result<BTreeSet<String>> {
    workspace.store().read(|reader| {
        let mut fields = BTreeSet::new();
        for replication in reader.replications()? {
            if replication.connection == Some(connection.id) && replication.object == object {
                let identifier = Settings::from_json(&replication.settings)?.identifier;
                let target = crate::mappings::target(reader, &replication)?;
                if target.described && target.field(&identifier).is_some() {
                    fields.insert(identifier);
                }
            }
        }
        Ok(fields)
    })
}

struct Linking<'a> {
    org: &'a Org,
    object: &'a str,
    record: &'a Id,
    guid: &'a Guid,
}

impl Linking<'_> {
    /// Makes sure that the record is there, and writes the guid where it is not yet.
    async fn stamp(&self, identifiers: &BTreeSet<String>, overwrite: bool) -> Result<()> {
        let fields: Vec<&str> = identifiers.iter().map(String::as_str).collect();
        let columns = ["Id"]
            .into_iter()
            .chain(fields.iter().copied())
            .collect::<Vec<_>>()
            .join(", ");
        let soql = format!(
            "SELECT {columns} FROM {} WHERE Id = {}",
            self.object,
            soql::quote(self.record.as_str())
        );
        let Some(found) = self.org.client.query(&soql).await?.pop() else {
            return Err(no_record(self.object));
        };
        let mut missing = serde_json::Map::new();
        for field in fields {
            match found.text(field).filter(|text| !text.is_empty()) {
                Some(held) if held.eq_ignore_ascii_case(self.guid.as_str()) => {}
                Some(_) if !overwrite => {
                    return Err(Error::usage(
                        "the record can't be linked to this contact",
                        "make sure it's the right record, then overwrite its identifier",
                    )
                    .because(format!(
                        "its {field} holds the identifier of another contact"
                    ))
                    .with_command(format!(
                        "links set {} {} --overwrite-identifier",
                        self.guid, self.record
                    ))
                    .at(OVERWRITE));
                }
                _ => {
                    missing.insert(field.to_owned(), self.guid.as_str().into());
                }
            }
        }
        if !missing.is_empty() {
            self.org
                .client
                .update_row(self.object, self.record, &missing.into())
                .await?;
        }
        Ok(())
    }
}

/// The part of a request that a record with another contact's identifier asks for.
const OVERWRITE: &str = "overwrite_identifier";

/// What removing links came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinksRemoved {
    /// The contact.
    pub contact: Guid,
    /// The records that it is not linked to any more.
    pub records: Vec<String>,
}

/// Removes a contact's links: all, or those of one connection's org, or to one object. The records stay as they are.
///
/// # Errors
/// When there is no such contact, or none of its links is meant.
pub fn remove(
    workspace: &Workspace,
    contact: &str,
    connection: Option<&str>,
    object: Option<&str>,
) -> Result<LinksRemoved> {
    workspace.store().write(|writer| {
        let id = writer.find_contact(contact)?;
        let org_id = match connection {
            Some(name) => Some(writer.connection_named(name)?.org_id.unwrap_or_default()),
            None => None,
        };
        let mut records = Vec::new();
        for link in writer.links_of(id)? {
            let org_fits = org_id.as_ref().is_none_or(|org_id| *org_id == link.org_id);
            if org_fits && object.is_none_or(|object| object.eq_ignore_ascii_case(&link.object)) {
                writer.remove_link(link.id)?;
                records.push(link.record_id);
            }
        }
        if records.is_empty() {
            return Err(Error::usage(
                "the contact has no such link",
                "check which records it's linked to",
            )
            .with_command(format!("contacts show {contact}")));
        }
        writer.reconsider(id)?;
        Ok(LinksRemoved {
            contact: writer.contact(id)?.guid,
            records,
        })
    })
}
