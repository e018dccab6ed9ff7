//! Who a contact is, where a list names it.

use std::collections::BTreeMap;

use leadferry_store::{Contact, ContactField, ContactId, Guid, Reader};
use serde::Serialize;

/// Who a contact is, in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Person {
    /// The contact.
    pub contact: Guid,
    /// First and last name.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Its own company name.
    pub company: Option<String>,
}

/// Returns who these contacts are.
pub(super) fn people(
    reader: &Reader<'_>,
    ids: impl Iterator<Item = ContactId>,
) -> leadferry_store::Result<BTreeMap<ContactId, Person>> {
    const FIELDS: &[ContactField] = &[
        ContactField::FirstName,
        ContactField::LastName,
        ContactField::Email,
        ContactField::CompanyName,
    ];
    let contacts = reader.contacts(&ids.collect::<Vec<_>>(), FIELDS)?;
    let person = |contact: Contact| {
        let text = |field| contact.values.text(field).map(str::to_owned);
        let names = [text(ContactField::FirstName), text(ContactField::LastName)];
        let person = Person {
            name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
            email: text(ContactField::Email),
            company: text(ContactField::CompanyName),
            contact: contact.guid,
        };
        (contact.id, person)
    };
    Ok(contacts.into_iter().map(person).collect())
}
