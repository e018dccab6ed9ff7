//! Finds pairs of a contact and a record that are probably one person, from what pulls have read. Nothing is linked here; see
//! [`super::confirming`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use leadferry_replication::matching::pairing::{
    LEAST_CONFIDENCE, Likeness, Somebody, WEIGHED_FIELDS, likeness,
};
use leadferry_store::{Connection, ContactId, Guid, PersonKeys, PersonRecord, Reader, fold};
use serde::{Deserialize, Serialize};

use super::identifiers;
use crate::orgs::chosen;
use crate::{Error, Result, Workspace, people};

/// Contacts that are looked at in one transaction.
const PAGE: usize = 500;
/// Contacts that one question looks at, so that the answer comes soon; the next one goes on.
const MOST_LOOKED_AT: u64 = 20_000;
/// Pairs of one answer.
const MOST_PAIRS: usize = 1_000;

/// Which pairs are looked for.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct FindLinks {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// Pairs of at least this confidence, 0 to 100; 60 without.
    pub least: Option<u8>,
    /// Only pairs that are certain.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub certain: bool,
    /// Goes on behind this contact.
    pub after: Option<ContactId>,
    /// Most pairs, 1,000 at most; 100 without.
    pub limit: Option<usize>,
}

/// A contact and a record that are probably one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinkPair {
    /// The contact.
    pub contact: Guid,
    /// Its name, else its email, else its company.
    pub name: String,
    /// Its email.
    pub email: Option<String>,
    /// Its company.
    pub company: Option<String>,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// Its name.
    pub record_name: Option<String>,
    /// Its email.
    pub record_email: Option<String>,
    /// Its company.
    pub record_company: Option<String>,
    /// How sure it is, 0 to 100.
    pub confidence: u8,
    /// Why, the strongest reason first.
    pub reasons: Vec<String>,
    /// It is this record and no other one.
    pub certain: bool,
}

/// Pairs that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LinkPairs {
    /// The connection.
    pub connection: String,
    /// The pairs, contact by contact, the likeliest first.
    pub pairs: Vec<LinkPair>,
    /// Contacts that were looked at.
    pub looked_at: u64,
    /// Ask with this as `after` for more; none at the end.
    pub next: Option<ContactId>,
    /// Leads or contacts have been pulled from the org.
    pub mirrored: bool,
}

/// Finds pairs; nothing is linked.
///
/// # Errors
/// When there is no such connection, or nobody has signed in to it.
pub fn find(workspace: &Workspace, request: &FindLinks) -> Result<LinkPairs> {
    let connection = chosen(workspace, request.connection.as_deref())?;
    let Some(org_id) = connection.org_id.clone() else {
        return Err(not_signed_in(&connection));
    };
    let store = workspace.store();
    let held = identifier_fields(workspace, &connection)?;
    let places = store.write(|writer| writer.index_people(&org_id, &held))?;
    let search = Search {
        org_id: &org_id,
        identifiers: &held,
        least: request.least.unwrap_or(LEAST_CONFIDENCE),
        certain: request.certain,
    };
    let limit = request.limit.unwrap_or(100).clamp(1, MOST_PAIRS);
    let mut found = LinkPairs {
        connection: connection.name.clone(),
        pairs: Vec::new(),
        looked_at: 0,
        next: Some(request.after.unwrap_or(ContactId(0))).filter(|_| places > 0),
        mirrored: places > 0,
    };
    while let Some(after) = found.next {
        let (pairs, ids) = store.read(|reader| search.page(reader, after))?;
        found.pairs.extend(pairs);
        found.looked_at += ids.len() as u64;
        found.next = ids.last().copied().filter(|_| ids.len() == PAGE);
        if found.pairs.len() >= limit || found.looked_at >= MOST_LOOKED_AT {
            break;
        }
    }
    Ok(found)
}

fn not_signed_in(connection: &Connection) -> Error {
    Error::usage(
        format!("nobody has signed in to \"{}\" yet", connection.name),
        "sign in first",
    )
    .with_command("connections list")
}

/// Returns the identifier fields of both objects, each with its object.
fn identifier_fields(
    workspace: &Workspace,
    connection: &Connection,
) -> Result<Vec<(String, String)>> {
    let mut held = Vec::new();
    for object in ["Lead", "Contact"] {
        let fields = identifiers(workspace, connection, object)?;
        held.extend(fields.into_iter().map(|field| (object.to_owned(), field)));
    }
    Ok(held)
}

/// Returns those pairs of contacts and records that finding would propose.
pub(super) fn proposed(
    workspace: &Workspace,
    connection: &Connection,
    org_id: &str,
    contacts: &[ContactId],
) -> Result<BTreeSet<(Guid, String)>> {
    let store = workspace.store();
    let held = identifier_fields(workspace, connection)?;
    store.write(|writer| writer.index_people(org_id, &held))?;
    let search = Search {
        org_id,
        identifiers: &held,
        least: LEAST_CONFIDENCE,
        certain: false,
    };
    let mut proposed = BTreeSet::new();
    for ids in contacts.chunks(PAGE) {
        let pairs = store.read(|reader| search.pairs(reader, ids))?.into_iter();
        proposed.extend(pairs.map(|pair| (pair.contact, pair.record_id)));
    }
    Ok(proposed)
}

struct Search<'a> {
    org_id: &'a str,
    identifiers: &'a [(String, String)],
    least: u8,
    certain: bool,
}

impl Search<'_> {
    /// Returns the pairs of a page of contacts, and which contacts those are.
    fn page(
        &self,
        reader: &Reader<'_>,
        after: ContactId,
    ) -> Result<(Vec<LinkPair>, Vec<ContactId>)> {
        let ids = reader.unlinked_contacts(self.org_id, after, PAGE)?;
        Ok((self.pairs(reader, &ids)?, ids))
    }

    fn pairs(&self, reader: &Reader<'_>, ids: &[ContactId]) -> Result<Vec<LinkPair>> {
        let contacts = reader.contacts(ids, &WEIGHED_FIELDS)?;
        let known = people::people(reader, ids)?;
        let somebodies: Vec<(ContactId, Somebody)> = contacts
            .iter()
            .map(|contact| {
                let person = known.get(&contact.id);
                let company = person.and_then(|person| person.company.clone());
                (contact.id, Somebody::of(contact, company))
            })
            .collect();
        let keys = keys(somebodies.iter().map(|(_, somebody)| somebody));
        let records = reader.people_like(self.org_id, self.identifiers, &keys)?;
        let lookup = Lookup::of(&records);
        let mut pairs = Vec::new();
        for (id, somebody) in &somebodies {
            if let Some(person) = known.get(id) {
                self.pairs_of(reader, person, somebody, &lookup, &mut pairs)?;
            }
        }
        Ok(pairs)
    }

    fn pairs_of(
        &self,
        reader: &Reader<'_>,
        person: &people::Person,
        somebody: &Somebody,
        lookup: &Lookup<'_>,
        pairs: &mut Vec<LinkPair>,
    ) -> Result<()> {
        let near = lookup.near(somebody).into_iter();
        let mut likely: Vec<(Likeness, &PersonRecord)> = near
            .filter_map(|record| Some((likeness(somebody, record)?, record)))
            .filter(|(likeness, _)| likeness.confidence >= self.least)
            .collect();
        likely.sort_by_key(|(one, record)| (Reverse(one.confidence), record.id.clone()));
        let is_alone = is_alone(reader, somebody, &likely)?;
        for (likeness, record) in likely {
            let certain = likeness.certain && is_alone;
            if self.certain && !certain {
                continue;
            }
            pairs.push(LinkPair {
                contact: person.guid.clone(),
                name: person.name.clone(),
                email: person.email.clone(),
                company: somebody.company.clone(),
                object: record.object.clone(),
                record_id: record.id.clone(),
                record_name: record.name.clone(),
                record_email: record.email.clone(),
                record_company: record.company.clone(),
                confidence: likeness.confidence,
                reasons: likeness.reasons.into_iter().map(str::to_owned).collect(),
                certain,
            });
        }
        Ok(())
    }
}

/// Tells whether one record alone is certain, and nobody else here has the email.
fn is_alone(
    reader: &Reader<'_>,
    somebody: &Somebody,
    likely: &[(Likeness, &PersonRecord)],
) -> Result<bool> {
    let mut certain = likely.iter().filter(|(one, _)| one.certain);
    let (Some((first, _)), None) = (certain.next(), certain.next()) else {
        return Ok(false);
    };
    if first.confidence == 100 {
        return Ok(true);
    }
    for email in &somebody.emails {
        if reader.contacts_by_email(email)?.len() > 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn keys<'a>(somebodies: impl Iterator<Item = &'a Somebody>) -> PersonKeys {
    let (mut emails, mut names) = (BTreeSet::new(), BTreeSet::new());
    let (mut companies, mut held) = (BTreeSet::new(), BTreeSet::new());
    for one in somebodies {
        emails.extend(one.emails.iter().map(|email| fold(email)));
        names.extend(name_key(&one.name));
        companies.extend(one.company.as_deref().map(|company| fold(company.trim())));
        held.extend(one.guids.iter().map(|guid| guid.to_lowercase()));
    }
    PersonKeys {
        emails: emails.into_iter().collect(),
        names: names.into_iter().collect(),
        companies: companies.into_iter().collect(),
        identifiers: held.into_iter().collect(),
    }
}

/// A single word says too little to look for.
fn name_key(name: &str) -> Option<String> {
    let name = fold(name.trim());
    name.contains(' ').then_some(name)
}

/// The records of a page, by what they can be found by.
struct Lookup<'a> {
    by_key: BTreeMap<(u8, String), Vec<&'a PersonRecord>>,
}

impl<'a> Lookup<'a> {
    fn of(records: &'a [PersonRecord]) -> Self {
        let mut by_key: BTreeMap<(u8, String), Vec<&PersonRecord>> = BTreeMap::new();
        for record in records {
            let held = [
                &record.email,
                &record.name,
                &record.company,
                &record.identifier,
            ];
            for (kind, text) in (0..).zip(held) {
                if let Some(text) = text.as_deref().map(str::trim) {
                    by_key.entry((kind, fold(text))).or_default().push(record);
                }
            }
        }
        Self { by_key }
    }

    /// Returns the records that share an email, the name, the company or the identifier with somebody, each once.
    fn near(&self, somebody: &Somebody) -> Vec<&'a PersonRecord> {
        let emails = somebody.emails.iter().map(|email| (0, fold(email)));
        let name = name_key(&somebody.name).map(|name| (1, name));
        let company = somebody.company.as_deref();
        let company = company.map(|company| (2, fold(company.trim())));
        let held = somebody.guids.iter().map(|guid| (3, guid.to_lowercase()));
        let mut seen = BTreeSet::new();
        emails
            .chain(name)
            .chain(company)
            .chain(held)
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .filter(|record| seen.insert(record.id.as_str()))
            .copied()
            .collect()
    }
}
