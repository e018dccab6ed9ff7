//! Bringing found leads and contacts in: each record becomes a contact here, or the one that it already is, and is
//! linked. The org is only read.

use std::collections::HashSet;

use leadferry_replication::inbound::agreement_on;
use leadferry_salesforce::{Id, Record, soql};
use leadferry_store::{
    Agreements, Connection, ContactField, ContactId, Guid, LinkOrigin, NewLink, Value, Values,
    Writer, grouped,
};
use serde::{Deserialize, Serialize};

use super::fields::Described;
use super::mapping_back::back;
use super::spent::{Counting, Spent};
use super::{Object, reached, records};
use crate::imports::resolve_places;
use crate::{Error, Result, Workspace, values};

/// Records in one query: their ids stay well below the longest SOQL statement.
const PART: usize = 200;
/// The most records brought in at once.
const MOST: usize = 2_000;

/// Records to be brought in.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ImportRecords {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// What the records are: leads or contacts.
    pub object: Object,
    /// Their ids, 2,000 at most.
    pub records: Vec<String>,
}

/// What bringing records in came to; every record is in exactly one of the counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct RecordsImported {
    /// Contacts made of records.
    pub created: Vec<Guid>,
    /// Contacts who were here with the record's e-mail: they got the link, and what they did not have yet.
    pub found: Vec<Guid>,
    /// Records that were linked already.
    pub linked_before: u64,
    /// Records that were left out.
    pub left_out: Vec<RecordLeftOut>,
    /// What it cost.
    pub spent: Spent,
}

/// A record that was not brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RecordLeftOut {
    /// Its id.
    pub id: String,
    /// Its name, where known.
    pub name: String,
    /// Why, and what to do.
    pub reason: String,
}

/// Brings records in as contacts and links them.
///
/// # Errors
/// When they are no people, an id is none, or the org does not answer; what was brought in until then stays.
pub async fn import(workspace: &Workspace, request: &ImportRecords) -> Result<RecordsImported> {
    let ids = checked_ids(request)?;
    let (connection, org) = reached(workspace, request.connection.as_deref()).await?;
    let counting = Counting::from_here(workspace, &org);
    let described = Described::of(workspace, &connection, &org.client, request.object).await?;
    let incoming = Incoming {
        workspace,
        org_id: &org.org_id,
        connection: &connection,
        fields: known(&described),
        described: &described,
    };
    let mut outcome = RecordsImported::default();
    for part in ids.chunks(PART) {
        let read = org.client.query(&incoming.query(part)).await;
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                counting.done()?;
                return Err(error.into());
            }
        };
        incoming.take(part, &read, &mut outcome)?;
    }
    outcome.spent = counting.done()?;
    Ok(outcome)
}

fn checked_ids(request: &ImportRecords) -> Result<Vec<Id>> {
    if !request.object.is_person() {
        return Err(Error::usage(
            format!("records of {} can't become contacts", request.object.name()),
            "choose leads or contacts",
        ));
    }
    if request.records.len() > MOST {
        return Err(Error::usage(
            format!(
                "at most {} records can be imported at once",
                grouped(MOST as u64)
            ),
            "import fewer records, then the rest",
        ));
    }
    let mut seen = HashSet::new();
    let ids = request.records.iter().map(|text| Ok(Id::parse(text)?));
    let ids: Vec<Id> = ids.collect::<Result<_>>()?;
    Ok(ids
        .into_iter()
        .filter(|id| seen.insert(id.as_str().to_owned()))
        .collect())
}

/// Returns the pairs of fields whose field of the org's the user may see.
fn known(described: &Described) -> Vec<(&'static str, &'static str)> {
    let pairs = back(described.object).iter().copied();
    pairs
        .filter(|(theirs, _)| described.field(theirs).is_some())
        .collect()
}

struct Incoming<'a> {
    workspace: &'a Workspace,
    org_id: &'a str,
    connection: &'a Connection,
    fields: Vec<(&'static str, &'static str)>,
    described: &'a Described,
}

/// What one record became.
enum Became {
    Created(Guid),
    Found(Guid),
    LinkedBefore,
    LeftOut(String),
}

impl Incoming<'_> {
    fn query(&self, ids: &[Id]) -> String {
        let columns = self.fields.iter().map(|(theirs, _)| *theirs);
        let columns: Vec<&str> = std::iter::once("Id").chain(columns).collect();
        let converted = self.described.field("IsConverted");
        let converted = converted.map_or("", |_| ", IsConverted");
        format!(
            "SELECT {}{converted} FROM {} WHERE Id IN {}",
            columns.join(", "),
            self.described.object.name(),
            soql::list(ids.iter().map(Id::as_str))
        )
    }

    /// Takes one part in: all of it, or nothing of it when the process ends.
    fn take(&self, asked: &[Id], read: &[Record], outcome: &mut RecordsImported) -> Result<()> {
        let texts: Vec<String> = asked.iter().map(|id| id.as_str().to_owned()).collect();
        let linked = records::people(self.workspace, self.connection, &texts)?;
        let became = self.workspace.store().write(|writer| {
            let mut became = Vec::with_capacity(asked.len());
            for id in asked {
                let record = read.iter().find(|record| record.id().as_ref() == Some(id));
                let one = match record {
                    _ if linked.contains_key(id.as_str()) => Became::LinkedBefore,
                    None => Became::LeftOut(
                        "the record was deleted, or this user can't see it".to_owned(),
                    ),
                    Some(record) => self.become_contact(writer, id, record)?,
                };
                let name = record.map(name_of).unwrap_or_default();
                became.push((id, name, one));
            }
            Ok::<_, leadferry_store::Error>(became)
        })?;
        for (id, name, one) in became {
            match one {
                Became::Created(guid) => outcome.created.push(guid),
                Became::Found(guid) => outcome.found.push(guid),
                Became::LinkedBefore => outcome.linked_before += 1,
                Became::LeftOut(reason) => outcome.left_out.push(RecordLeftOut {
                    id: id.as_str().to_owned(),
                    name,
                    reason,
                }),
            }
        }
        Ok(())
    }

    fn become_contact(
        &self,
        writer: &Writer<'_>,
        id: &Id,
        record: &Record,
    ) -> Result<Became, leadferry_store::Error> {
        if record.boolean("IsConverted") == Some(true) {
            return Ok(Became::LeftOut(
                "the lead was converted. Import the contact instead".to_owned(),
            ));
        }
        let values = self.values(writer, record)?;
        let email = values.text(ContactField::Email).unwrap_or_default();
        let here = writer.contacts_by_email(email)?;
        let contact = match here.as_slice() {
            [] => None,
            [one] => Some(*one),
            several => {
                return Ok(Became::LeftOut(format!(
                    "{} contacts have its email. Link it to one of them",
                    several.len()
                )));
            }
        };
        if values.iter().next().is_none() {
            return Ok(Became::LeftOut(
                "none of its fields fit a contact".to_owned(),
            ));
        }
        let now = self.workspace.host().now();
        let object = self.described.object.name();
        let (contact, existed) = match contact {
            Some(contact) if writer.link(contact, self.org_id, object)?.is_some() => {
                return Ok(Became::LeftOut(
                    "the contact with its email is linked to another record. Remove that link first"
                        .to_owned(),
                ));
            }
            Some(contact) => {
                fill(writer, contact, &values, now)?;
                (contact, true)
            }
            None => (writer.insert_contact(&values, None, now)?, false),
        };
        let link = NewLink {
            contact,
            org_id: self.org_id,
            object,
            record_id: id.as_str(),
            identifier: None,
            // As a run that matches by email: the next one writes the identifier.
            origin: LinkOrigin::Email,
        };
        let link = writer.put_link(&link, now)?;
        writer.set_agreements(link, &self.agreed(writer, contact, record, &values)?)?;
        writer.reconsider(contact)?;
        let guid = writer.contact(contact)?.guid;
        Ok(if existed {
            Became::Found(guid)
        } else {
            Became::Created(guid)
        })
    }

    /// Returns what both sides agree on: what the contact has of the record's values, in whatever form, doesn't go out again.
    fn agreed(
        &self,
        writer: &Writer<'_>,
        contact: ContactId,
        record: &Record,
        values: &Values,
    ) -> Result<Agreements, leadferry_store::Error> {
        let mut agreed = Agreements::new();
        for (theirs, ours) in &self.fields {
            let field = writer.field_named(ours)?;
            let fields = match field {
                ContactField::AddressLine1 => vec![field, ContactField::AddressLine2],
                _ => vec![field],
            };
            let known = writer.contacts(&[contact], &fields)?;
            let has = |field: &ContactField| {
                let values = known.first().map(|contact| &contact.values);
                values.and_then(|values| values.get(*field)).cloned()
            };
            let here: Vec<Option<Value>> = fields.iter().map(has).collect();
            if here.iter().all(Option::is_none) {
                continue;
            }
            let came = fields.iter().map(|field| values.get(*field).cloned());
            let text = record.path(theirs).and_then(|value| value.as_str());
            if let (Some(text), true) = (text, came.eq(here.iter().cloned())) {
                agreed.insert((*theirs).to_owned(), agreement_on(&here, text));
            }
        }
        Ok(agreed)
    }

    /// Returns the record's values as ours; what does not fit a field is not brought in.
    fn values(
        &self,
        writer: &Writer<'_>,
        record: &Record,
    ) -> Result<Values, leadferry_store::Error> {
        let mut found = Values::default();
        for (theirs, ours) in &self.fields {
            let Some(text) = record.path(theirs).and_then(|value| value.as_str()) else {
                continue;
            };
            let field = writer.field_named(ours)?;
            let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Ok(value) = values::parse(ours, writer.field_kind(field)?, &one_line) {
                found.set(field, Some(value));
            }
        }
        resolve_places(&mut found);
        Ok(found)
    }
}

fn name_of(record: &Record) -> String {
    let text = |field| record.text(field).unwrap_or_default();
    format!("{} {}", text("FirstName"), text("LastName"))
        .trim()
        .to_owned()
}

/// Sets what the contact does not have yet: what is here was typed or imported by the user and wins.
fn fill(
    writer: &Writer<'_>,
    contact: ContactId,
    values: &Values,
    now: i64,
) -> Result<(), leadferry_store::Error> {
    let fields: Vec<ContactField> = values.iter().map(|(field, _)| field).collect();
    let known = writer.contacts(&[contact], &fields)?;
    let has = |field: ContactField| known.iter().any(|known| known.values.get(field).is_some());
    let missing: Vec<(ContactField, Option<Value>)> = values
        .iter()
        .filter(|(field, _)| !has(*field))
        .map(|(field, value)| (field, Some(value.clone())))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    writer.change_contact(contact, &missing, now)?;
    Ok(())
}
