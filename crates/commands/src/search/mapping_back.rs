//! Which contact field a field of the org's becomes, when a found record is brought in.

use super::Object;

/// The org's fields of an object and ours, each once.
pub(super) fn back(object: Object) -> &'static [(&'static str, &'static str)] {
    match object {
        Object::Lead => LEAD,
        Object::Contact => CONTACT,
        Object::Account | Object::Campaign => &[],
    }
}

const LEAD: &[(&str, &str)] = &[
    ("Salutation", "salutation"),
    ("FirstName", "first_name"),
    ("MiddleName", "middle_name"),
    ("LastName", "last_name"),
    ("Suffix", "suffix"),
    ("Email", "email"),
    ("Title", "job_title"),
    ("Company", "company_name"),
    ("Website", "website"),
    ("Phone", "business_phone"),
    ("MobilePhone", "mobile_phone"),
    ("Fax", "fax"),
    ("Street", "address_line1"),
    ("City", "city"),
    ("State", "state"),
    ("PostalCode", "postal_code"),
    ("Country", "country"),
    ("LeadSource", "source"),
    ("Status", "status"),
];

const CONTACT: &[(&str, &str)] = &[
    ("Salutation", "salutation"),
    ("FirstName", "first_name"),
    ("MiddleName", "middle_name"),
    ("LastName", "last_name"),
    ("Suffix", "suffix"),
    ("Email", "email"),
    ("Title", "job_title"),
    ("Department", "department"),
    ("Account.Name", "company_name"),
    ("Phone", "business_phone"),
    ("MobilePhone", "mobile_phone"),
    ("HomePhone", "home_phone"),
    ("Fax", "fax"),
    ("MailingStreet", "address_line1"),
    ("MailingCity", "city"),
    ("MailingState", "state"),
    ("MailingPostalCode", "postal_code"),
    ("MailingCountry", "country"),
    ("Birthdate", "birthday"),
    ("LeadSource", "source"),
];
