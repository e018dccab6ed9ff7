//! The few words by which lists name a contact.

use std::collections::BTreeMap;

use leadferry_store::{AccountField, Contact, ContactField, ContactId, Guid, Reader, Values};

/// What a contact is called when it has neither a name, an email nor a company.
const NO_NAME: &str = "No name";

/// The fields that a contact's name is made of, and what stands in for one.
pub(crate) const NAMES: [ContactField; 7] = [
    ContactField::Salutation,
    ContactField::FirstName,
    ContactField::MiddleName,
    ContactField::LastName,
    ContactField::Suffix,
    ContactField::Email,
    ContactField::CompanyName,
];

/// A contact as lists name it.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) guid: Guid,
    /// Its name, else its email, else its company; never empty.
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    /// Its own company name, else the name of its account.
    pub(crate) company: Option<String>,
}

/// Returns how lists name these contacts, deleted ones included.
pub(crate) fn people(
    reader: &Reader<'_>,
    ids: &[ContactId],
) -> leadferry_store::Result<BTreeMap<ContactId, Person>> {
    named(reader, &reader.contacts(ids, &NAMES)?)
}

/// Returns how lists name these contacts, whose [`NAMES`] have been read.
pub(crate) fn named(
    reader: &Reader<'_>,
    contacts: &[Contact],
) -> leadferry_store::Result<BTreeMap<ContactId, Person>> {
    let own = |contact: &Contact| {
        let company = contact.values.text(ContactField::CompanyName);
        company.map(str::to_owned)
    };
    let without: Vec<_> = contacts
        .iter()
        .filter(|contact| own(contact).is_none())
        .map(|contact| contact.id)
        .collect();
    let mut accounts = account_names(reader, &without)?;
    let person = |contact: &Contact| {
        let company = own(contact).or_else(|| accounts.remove(&contact.id));
        let person = Person {
            name: called(&contact.values, company.as_deref()),
            email: contact.values.text(ContactField::Email).map(str::to_owned),
            company,
            guid: contact.guid.clone(),
        };
        (contact.id, person)
    };
    Ok(contacts.iter().map(person).collect())
}

/// Returns the name of the account that stands for each contact that has one.
fn account_names(
    reader: &Reader<'_>,
    ids: &[ContactId],
) -> leadferry_store::Result<BTreeMap<ContactId, String>> {
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
    let of_contact = |(contact, account)| Some((contact, names.get(&account)?.clone()));
    Ok(firsts.into_iter().filter_map(of_contact).collect())
}

/// Returns what a contact is called: its name as people write it, else its email, else its company.
pub(crate) fn called(values: &Values, company: Option<&str>) -> String {
    let parts = NAMES[..5]
        .iter()
        .filter(|field| **field != ContactField::Salutation || is_title(values))
        .filter_map(|field| values.text(*field).map(str::trim))
        .filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join(" ");
    let stand_in = || values.text(ContactField::Email).or(company);
    match name.as_str() {
        "" => stand_in().unwrap_or(NO_NAME).to_owned(),
        _ => name,
    }
}

/// A title such as *Dr.* belongs to a name; *Mr* and *Frau* do not.
fn is_title(values: &Values) -> bool {
    let titles = ["dr", "prof"];
    values.text(ContactField::Salutation).is_some_and(|text| {
        titles
            .iter()
            .any(|title| text.to_lowercase().starts_with(title))
    })
}

#[cfg(test)]
mod tests {
    use leadferry_store::Value;

    use super::*;

    #[test]
    fn a_contact_without_a_name_is_called_by_its_email_else_by_its_company() {
        let of = |fields: &[(ContactField, &str)], company| {
            let values = fields.iter();
            let values: Values = values
                .map(|(field, text)| (*field, Value::Text((*text).to_owned())))
                .collect();
            called(&values, company)
        };
        let email = (ContactField::Email, "ada@example.com");
        let names = [
            (ContactField::Salutation, "Dr."),
            (ContactField::LastName, "Lovelace"),
            email,
        ];
        assert_eq!(of(&names, None), "Dr. Lovelace");
        assert_eq!(of(&[email], Some("Engines")), "ada@example.com");
        assert_eq!(of(&[], Some("Engines")), "Engines");
        let only_frau = [(ContactField::Salutation, "Frau"), email];
        assert_eq!(of(&only_frau, None), "ada@example.com");
        assert_eq!(of(&[], None), "No name");
    }
}
