//! What somebody probably meant by a name that nothing has.

use crate::{AccountField, ContactField, Error, Reader, Result};

/// Names that differ by more than this are not said to be alike.
const ALIKE: f64 = 0.6;

/// Contact fields as Salesforce and other products name and label them, without signs and capitals.
const CONTACT_FIELDS: &[(&str, ContactField)] = &[
    ("name", ContactField::LastName),
    ("surname", ContactField::LastName),
    ("familyname", ContactField::LastName),
    ("givenname", ContactField::FirstName),
    ("forename", ContactField::FirstName),
    ("mail", ContactField::Email),
    ("emailaddress", ContactField::Email),
    ("secondemail", ContactField::Email2),
    ("title", ContactField::JobTitle),
    ("position", ContactField::JobTitle),
    ("account", ContactField::CompanyName),
    ("accountname", ContactField::CompanyName),
    ("company", ContactField::CompanyName),
    ("organization", ContactField::CompanyName),
    ("phone", ContactField::BusinessPhone),
    ("phonenumber", ContactField::BusinessPhone),
    ("workphone", ContactField::BusinessPhone),
    ("mobile", ContactField::MobilePhone),
    ("cellphone", ContactField::MobilePhone),
    ("url", ContactField::Website),
    ("homepage", ContactField::Website),
    ("address", ContactField::AddressLine1),
    ("street", ContactField::AddressLine1),
    ("mailingstreet", ContactField::AddressLine1),
    ("mailingcity", ContactField::City),
    ("town", ContactField::City),
    ("mailingstate", ContactField::State),
    ("statecode", ContactField::State),
    ("mailingstatecode", ContactField::State),
    ("stateprovince", ContactField::State),
    ("province", ContactField::State),
    ("mailingpostalcode", ContactField::PostalCode),
    ("zip", ContactField::PostalCode),
    ("zipcode", ContactField::PostalCode),
    ("zippostalcode", ContactField::PostalCode),
    ("mailingcountry", ContactField::Country),
    ("countrycode", ContactField::Country),
    ("mailingcountrycode", ContactField::Country),
    ("birthdate", ContactField::Birthday),
    ("dateofbirth", ContactField::Birthday),
    ("genderidentity", ContactField::Gender),
    ("languages", ContactField::Language),
    ("leadsource", ContactField::Source),
    ("leadstatus", ContactField::Status),
    ("ownerid", ContactField::Owner),
    ("description", ContactField::Notes),
    ("hasoptedoutofemail", ContactField::EmailOptOut),
    ("optedoutofemail", ContactField::EmailOptOut),
    ("unsubscribed", ContactField::EmailOptOut),
    ("donotcall", ContactField::PhoneOptOut),
    ("optedoutofphonecalls", ContactField::PhoneOptOut),
    ("hasoptedoutoffax", ContactField::FaxOptOut),
    ("optedoutoffax", ContactField::FaxOptOut),
    ("createddate", ContactField::CreatedAt),
    ("lastmodifieddate", ContactField::ChangedAt),
];

/// What Salesforce puts before the names of an account's address.
const BILLING: &str = "billing";

impl Reader<'_> {
    /// Says that nothing has a name, and which of the names that a query finds was probably meant.
    pub(crate) fn unknown(&self, kind: &'static str, names: &'static str, name: &str) -> Error {
        match self.names_found(names) {
            Ok(known) => {
                let meant = nearest(name, known.iter().map(String::as_str));
                Error::not_found(kind, name.trim()).meant(meant)
            }
            Err(error) => error,
        }
    }

    /// Says that no contact field has a name, and which one was probably meant.
    pub(crate) fn unknown_field(&self, name: &str) -> Error {
        match self.names_found("SELECT name FROM custom_fields") {
            Ok(custom) => {
                let bare = name.strip_prefix("custom:").unwrap_or(name);
                let meant = meant_contact_field(bare, custom.iter().map(String::as_str));
                Error::not_found("contact field", name).meant(meant)
            }
            Err(error) => error,
        }
    }

    fn names_found(&self, sql: &'static str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }
}

/// Returns the name of the contact field that somebody probably meant: by its name in Salesforce, its label or its
/// spelling. `custom` are the names of the custom fields.
pub fn meant_contact_field<'a>(
    name: &str,
    custom: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let wanted = folded(name);
    let known = CONTACT_FIELDS.iter().find(|(known, _)| *known == wanted);
    if let Some((_, field)) = known {
        return Some(field.to_string());
    }
    let built_in = ContactField::BUILT_IN.iter();
    let built_in = built_in.filter_map(|field| -> Option<&'a str> { field.built_in_name() });
    nearest(name, built_in.chain(custom)).map(str::to_owned)
}

/// Returns the name of the account field that somebody probably meant.
pub fn meant_account_field(name: &str) -> Option<&'static str> {
    let wanted = folded(name);
    let bare = wanted.strip_prefix(BILLING).unwrap_or(&wanted);
    let bare = match bare {
        "accountname" | "company" | "companyname" => "name",
        "url" | "homepage" => "website",
        "zip" | "zipcode" => "postalcode",
        bare => bare,
    };
    nearest(bare, AccountField::ALL.iter().map(|field| field.name()))
}

/// Returns the nearest of some names; `None` where none is near. Signs and capitals make no difference.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_spelling(name, known.into_iter().map(|known| (known, known)))
}

/// Returns the nearest of some names, each with a way to spell it, such as its label.
pub fn nearest_spelling<'a>(
    name: &str,
    known: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<&'a str> {
    let wanted = folded(name);
    let likeness =
        |spelling: &str| strsim::normalized_damerau_levenshtein(&wanted, &folded(spelling));
    let likely = known
        .into_iter()
        .map(|(spelling, name)| (likeness(spelling), name))
        .filter(|(likeness, _)| !wanted.is_empty() && *likeness >= ALIKE);
    let best = likely.max_by(|left, right| left.0.total_cmp(&right.0));
    best.map(|(_, name)| name)
}

/// Letters and digits alone, in lower case. All custom fields end alike, which makes none of them likelier.
fn folded(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let bare = name
        .strip_suffix("__c")
        .or_else(|| name.strip_suffix("__r"));
    let letters = bare.unwrap_or(&name).chars();
    letters.filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_field_is_meant_by_salesforces_name_its_label_or_its_spelling() {
        for (name, meant) in [
            ("FirstName", "first_name"),
            ("First Name", "first_name"),
            ("frist_name", "first_name"),
            ("Title", "job_title"),
            ("MailingPostalCode", "postal_code"),
            ("HasOptedOutOfEmail", "email_opt_out"),
            ("Shoe sizes", "Shoe size"),
        ] {
            let found = meant_contact_field(name, ["Shoe size"]);
            assert_eq!(found.as_deref(), Some(meant), "{name}");
        }
        assert_eq!(meant_contact_field("Favourite colour", []), None);
        assert_eq!(meant_contact_field("", []), None);
    }

    #[test]
    fn an_account_field_is_meant_by_salesforces_name_or_its_spelling() {
        assert_eq!(meant_account_field("BillingCity"), Some("city"));
        assert_eq!(meant_account_field("Web site"), Some("website"));
        assert_eq!(meant_account_field("shoes"), None);
    }

    #[test]
    fn a_label_leads_to_the_name() {
        let known = [("Lead Source", "LeadSource"), ("Budget", "Budget__c")];
        assert_eq!(nearest_spelling("lead-source", known), Some("LeadSource"));
        assert_eq!(nearest_spelling("budgets", known), Some("Budget__c"));
    }
}
