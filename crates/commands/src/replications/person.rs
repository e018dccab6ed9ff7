//! Who a contact is, where a list names it.

use std::collections::BTreeMap;

use leadferry_store::{ContactId, Guid, Reader};
use serde::Serialize;

/// Who a contact is, in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Person {
    /// The contact.
    pub contact: Guid,
    /// Its name, else its email, else its company.
    pub name: String,
    /// Email.
    pub email: Option<String>,
    /// Its own company name, else the name of its account.
    pub company: Option<String>,
}

impl Person {
    /// Returns what stands for a contact that is not there any more.
    pub(crate) fn gone(guid: &Guid) -> Self {
        Self {
            contact: guid.clone(),
            name: "No name".to_owned(),
            email: None,
            company: None,
        }
    }
}

/// Returns who these contacts are.
pub(crate) fn people(
    reader: &Reader<'_>,
    ids: impl Iterator<Item = ContactId>,
) -> leadferry_store::Result<BTreeMap<ContactId, Person>> {
    let people = crate::people::people(reader, &ids.collect::<Vec<_>>())?;
    let person = |(id, person): (_, crate::people::Person)| {
        let person = Person {
            contact: person.guid,
            name: person.name,
            email: person.email,
            company: person.company,
        };
        (id, person)
    };
    Ok(people.into_iter().map(person).collect())
}
