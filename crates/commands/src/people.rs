//! The few words by which lists name a contact.

use std::collections::BTreeMap;

use leadferry_store::{AccountField, ContactField, ContactId, Guid, Reader};

use crate::Result;

/// A contact as lists name it.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) guid: Guid,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) company: Option<String>,
}

impl Person {
    /// Returns the name, else the e-mail, else the guid.
    pub(crate) fn label(&self) -> &str {
        match (self.name.is_empty(), &self.email) {
            (false, _) => &self.name,
            (true, Some(email)) => email,
            (true, None) => self.guid.as_str(),
        }
    }
}

/// Returns how lists name these contacts, deleted ones included.
pub(crate) fn people(
    reader: &Reader<'_>,
    ids: &[ContactId],
) -> Result<BTreeMap<ContactId, Person>> {
    const FIELDS: &[ContactField] = &[
        ContactField::FirstName,
        ContactField::LastName,
        ContactField::Email,
        ContactField::CompanyName,
    ];
    let mut people = BTreeMap::new();
    let mut without_company = Vec::new();
    for contact in reader.contacts(ids, FIELDS)? {
        let text = |field| contact.values.text(field).map(str::to_owned);
        let parts = [text(ContactField::FirstName), text(ContactField::LastName)];
        let name: Vec<_> = parts.into_iter().flatten().collect();
        let company = text(ContactField::CompanyName);
        if company.is_none() {
            without_company.push(contact.id);
        }
        let person = Person {
            name: name.join(" "),
            email: text(ContactField::Email),
            company,
            guid: contact.guid,
        };
        people.insert(contact.id, person);
    }
    name_accounts(reader, &without_company, &mut people)?;
    Ok(people)
}

/// Names the account where the contact says no company itself.
fn name_accounts(
    reader: &Reader<'_>,
    ids: &[ContactId],
    people: &mut BTreeMap<ContactId, Person>,
) -> Result<()> {
    let memberships = reader.companies_of(ids)?;
    let firsts: BTreeMap<_, _> = memberships
        .into_iter()
        .filter_map(|(contact, held)| Some((contact, held.first()?.account)))
        .collect();
    let wanted: Vec<_> = firsts.values().copied().collect();
    let names: BTreeMap<_, _> = reader
        .accounts(&wanted)?
        .into_iter()
        .filter_map(|mut account| Some((account.id, account.values.remove(&AccountField::Name)?)))
        .collect();
    for (contact, account) in firsts {
        if let Some(person) = people.get_mut(&contact) {
            person.company = names.get(&account).cloned();
        }
    }
    Ok(())
}
