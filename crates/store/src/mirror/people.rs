//! People in the mirror: records that may be somebody who is here and isn't linked yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rusqlite::named_params;
use rusqlite::types::Value as Cell;

use super::asking::{OrgColumn, PEOPLE};
use super::tables::table;
use crate::fold::fold;
use crate::selection::texts_of;
use crate::{ContactId, MirrorId, Reader, Result, Writer};

/// Records that one kind of key may bring for a page of contacts: a name or company that everybody has is no sign.
const MOST_BY_KEY: usize = 5_000;
/// Records of one name or company that are weighed for one contact.
const MOST_NEAR: usize = 200;

/// What records are looked for by; texts as [`crate::fold()`] makes them, guids in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonKeys {
    /// Emails.
    pub emails: Vec<String>,
    /// Whole names.
    pub names: Vec<String>,
    /// Companies.
    pub companies: Vec<String>,
    /// Values of the identifier.
    pub identifiers: Vec<String>,
}

/// A person's record in the mirror, as far as telling people apart takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonRecord {
    /// `Lead` or `Contact`.
    pub object: String,
    /// 18 characters.
    pub id: String,
    /// Name.
    pub name: Option<String>,
    /// Email.
    pub email: Option<String>,
    /// Company; of a Contact the name of the account.
    pub company: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// The identifier that it holds.
    pub identifier: Option<String>,
}

/// Where the mirror of an object holds what tells people apart.
struct Places {
    object: &'static str,
    mirror: MirrorId,
    name: Option<OrgColumn>,
    email: Option<OrgColumn>,
    phone: Option<OrgColumn>,
    converted: Option<OrgColumn>,
    company: Company,
    identifiers: Vec<OrgColumn>,
}

enum Company {
    None,
    Own(OrgColumn),
    /// The reference to the account, and the account's name.
    Account(OrgColumn, OrgColumn),
}

impl Reader<'_> {
    /// Returns contacts that have no live link in an org, in the order of their ids.
    pub fn unlinked_contacts(
        &self,
        org_id: &str,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.id FROM contacts AS c WHERE c.id > :after AND c.deleted_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM links AS l WHERE l.contact_id = c.id AND l.org_id = :org AND l.state = 'linked')
             ORDER BY c.id LIMIT :limit",
        )?;
        let params = named_params! { ":after": after, ":org": org_id, ":limit": limit };
        let ids = statement.query_map(params, |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns live, unconverted records of people that any of the keys finds and that nobody is linked to.
    /// `identifiers` are the fields that may hold an identifier, by object.
    pub fn people_like(
        &self,
        org_id: &str,
        identifiers: &[(String, String)],
        keys: &PersonKeys,
    ) -> Result<Vec<PersonRecord>> {
        let mut found = Vec::new();
        for places in self.places_of_people(org_id, identifiers)? {
            self.people_in(org_id, &places, keys, &mut found)?;
        }
        Ok(found)
    }

    fn places_of_people(
        &self,
        org_id: &str,
        identifiers: &[(String, String)],
    ) -> Result<Vec<Places>> {
        let column = |object: &str, field: &str| -> Result<Option<OrgColumn>> {
            let mut columns = self.org_columns(object, field)?.into_iter();
            Ok(columns.find(|column| column.org_id == org_id))
        };
        let mut places = Vec::new();
        for object in PEOPLE {
            let mirrors = self.org_mirrors(object)?;
            let Some((_, mirror)) = mirrors.into_iter().find(|(org, _)| org == org_id) else {
                continue;
            };
            let account = (column(object, "AccountId")?, column("Account", "Name")?);
            let company = match (column(object, "Company")?, account) {
                (Some(own), _) => Company::Own(own),
                (None, (Some(to), Some(name))) => Company::Account(to, name),
                _ => Company::None,
            };
            let mut held = Vec::new();
            for (of, field) in identifiers.iter().filter(|(of, _)| of == object) {
                held.extend(column(of, field)?);
            }
            places.push(Places {
                object,
                mirror,
                name: column(object, "Name")?,
                email: column(object, "Email")?,
                phone: column(object, "Phone")?,
                converted: column(object, "IsConverted")?,
                company,
                identifiers: held,
            });
        }
        Ok(places)
    }

    fn people_in(
        &self,
        org_id: &str,
        places: &Places,
        keys: &PersonKeys,
        found: &mut Vec<PersonRecord>,
    ) -> Result<()> {
        let own = table(places.mirror);
        let mut ways: Vec<(String, &[String])> = Vec::new();
        let mut by = |column: &OrgColumn, keys| {
            let held = column.of("r");
            ways.push((
                format!("{own} AS r ON {held} IS NOT NULL AND fold({held}) = wanted.value"),
                keys,
            ));
        };
        if let Some(email) = &places.email {
            by(email, keys.emails.as_slice());
        }
        if let Some(name) = &places.name {
            by(name, &keys.names);
        }
        for identifier in &places.identifiers {
            by(identifier, &keys.identifiers);
        }
        match &places.company {
            Company::None => {}
            Company::Own(company) => by(company, &keys.companies),
            Company::Account(to, name) => {
                let (accounts, named, to) = (name.table(), name.of("a"), to.of("r"));
                ways.push((
                    format!(
                        "{accounts} AS a ON {named} IS NOT NULL AND fold({named}) = wanted.value
                         CROSS JOIN {own} AS r ON {to} = a.record_id"
                    ),
                    &keys.companies,
                ));
            }
        }
        let mut ids: Vec<String> = Vec::new();
        for (way, keys) in ways.into_iter().filter(|(_, keys)| !keys.is_empty()) {
            let sql = format!(
                "SELECT r.record_id FROM rarray(:keys) AS wanted CROSS JOIN {way} WHERE r.state = 0 LIMIT {MOST_BY_KEY}"
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows =
                statement.query_map(named_params! { ":keys": texts_of(keys) }, |row| row.get(0))?;
            for id in rows {
                ids.push(id?);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        self.read_people(org_id, places, &ids, found)
    }

    fn read_people(
        &self,
        org_id: &str,
        places: &Places,
        ids: &[String],
        found: &mut Vec<PersonRecord>,
    ) -> Result<()> {
        let held = |column: &Option<OrgColumn>| {
            column
                .as_ref()
                .map_or("NULL".to_owned(), |column| column.of("r"))
        };
        let (company, mut from) = match &places.company {
            Company::None => ("NULL".to_owned(), String::new()),
            Company::Own(company) => (company.of("r"), String::new()),
            Company::Account(to, name) => (
                name.of("a"),
                format!(
                    " LEFT JOIN {} AS a ON a.record_id = {}",
                    name.table(),
                    to.of("r")
                ),
            ),
        };
        let _ = write!(
            from,
            " WHERE r.state = 0 AND NOT EXISTS (
               SELECT 1 FROM links AS l WHERE l.org_id = :org AND l.record_id = r.record_id)"
        );
        if let Some(converted) = &places.converted {
            let _ = write!(from, " AND coalesce({}, 0) = 0", converted.of("r"));
        }
        let identifier = match places.identifiers.as_slice() {
            [] => "NULL".to_owned(),
            [one] => one.of("r"),
            several => {
                let several: Vec<String> = several.iter().map(|one| one.of("r")).collect();
                format!("coalesce({})", several.join(", "))
            }
        };
        let sql = format!(
            "SELECT r.record_id, {}, {}, {company}, {}, {identifier}
             FROM rarray(:ids) AS wanted CROSS JOIN {} AS r ON r.record_id = wanted.value{from}",
            held(&places.name),
            held(&places.email),
            held(&places.phone),
            table(places.mirror)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let params = named_params! { ":ids": texts_of(ids), ":org": org_id };
        let text = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<Option<String>> {
            Ok(match row.get::<_, Cell>(at)? {
                Cell::Text(text) => Some(text),
                _ => None,
            })
        };
        let rows = statement.query_map(params, |row| {
            Ok(PersonRecord {
                object: places.object.to_owned(),
                id: row.get(0)?,
                name: text(row, 1)?,
                email: text(row, 2)?,
                company: text(row, 3)?,
                phone: text(row, 4)?,
                identifier: text(row, 5)?,
            })
        })?;
        for row in rows {
            found.push(row?);
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns for contacts the records of people that have the same name or company, as far as the mirror of the org is
    /// indexed for that; see [`Writer::index_people`]. Each contact comes with its name and company.
    pub fn people_near(
        &self,
        org_id: &str,
        contacts: &[(ContactId, Option<String>, Option<String>)],
    ) -> Result<BTreeMap<ContactId, Vec<PersonRecord>>> {
        let mut near: BTreeMap<ContactId, Vec<PersonRecord>> = BTreeMap::new();
        if contacts.is_empty() || !self.finds_people(org_id)? {
            return Ok(near);
        }
        let key = |text: &Option<String>| {
            let text = text.as_deref().map(|text| fold(text.trim()));
            text.filter(|text| !text.is_empty())
        };
        let (mut names, mut companies) = (BTreeSet::new(), BTreeSet::new());
        for (_, name, company) in contacts {
            // A single word says too little to look for.
            names.extend(key(name).filter(|name| name.contains(' ')));
            companies.extend(key(company));
        }
        let keys = PersonKeys {
            names: names.into_iter().collect(),
            companies: companies.into_iter().collect(),
            ..PersonKeys::default()
        };
        let records = self.people_like(org_id, &[], &keys)?;
        let mut by_key: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
        for (at, record) in records.iter().enumerate() {
            for (is_name, text) in [(true, &record.name), (false, &record.company)] {
                if let Some(key) = key(text) {
                    by_key.entry((is_name, key)).or_default().push(at);
                }
            }
        }
        for (id, name, company) in contacts {
            let mut found: BTreeSet<usize> = BTreeSet::new();
            for (is_name, text) in [(true, name), (false, company)] {
                let at = key(text).and_then(|key| by_key.get(&(is_name, key)));
                found.extend(at.into_iter().flatten().take(MOST_NEAR));
            }
            if !found.is_empty() {
                let found = found.into_iter().filter_map(|at| records.get(at).cloned());
                near.insert(*id, found.collect());
            }
        }
        Ok(near)
    }

    /// Tells whether leads or contacts of an org are mirrored that can't be looked for by name yet.
    pub fn lacks_people_index(&self, org_id: &str) -> Result<bool> {
        for object in PEOPLE {
            for column in self.org_columns(object, "Name")? {
                if column.org_id == org_id && !self.is_asked(&column)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Tells whether people of an org can be looked for by name.
    fn finds_people(&self, org_id: &str) -> Result<bool> {
        for object in PEOPLE {
            for column in self.org_columns(object, "Name")? {
                if column.org_id == org_id && self.is_asked(&column)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl Writer<'_> {
    /// Indexes what people are looked for by in the mirror of an org; returns how many objects there are to look in.
    pub fn index_people(&self, org_id: &str, identifiers: &[(String, String)]) -> Result<usize> {
        let places = self.places_of_people(org_id, identifiers)?;
        for one in &places {
            let mut compared: Vec<OrgColumn> = Vec::new();
            compared.extend(one.name.clone());
            compared.extend(one.email.clone());
            compared.extend(one.identifiers.iter().cloned());
            let mut references = Vec::new();
            match &one.company {
                Company::None => {}
                Company::Own(company) => compared.push(company.clone()),
                Company::Account(to, name) => {
                    references.push(to.clone());
                    compared.push(name.clone());
                }
            }
            self.index_mirrored(&references, &compared)?;
        }
        Ok(places.len())
    }
}
