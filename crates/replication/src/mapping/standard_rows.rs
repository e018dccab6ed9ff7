//! The rows that are there out of the box.

use super::{Mapping, MappingRow, Source, Target};
use crate::targets::TargetObject;

const LEAD: &str = "
salutation=Salutation
first_name=FirstName
last_name=LastName
email=Email
@company_name=Company
job_title=Title
business_phone=Phone
mobile_phone=MobilePhone
fax=Fax
website=Website
@street=Street
city=City
@state_name=State
postal_code=PostalCode
@country_name=Country
";

const CONTACT: &str = "
salutation=Salutation
first_name=FirstName
last_name=LastName
email=Email
job_title=Title
department=Department
business_phone=Phone
mobile_phone=MobilePhone
home_phone=HomePhone
fax=Fax
birthday=Birthdate
@street=MailingStreet
city=MailingCity
@state_name=MailingState
postal_code=MailingPostalCode
@country_name=MailingCountry
";

/// What only some orgs have a field for, or show, each with the row that it stands after.
const OPTIONAL: &[(&str, &str, &str)] = &[
    ("middle_name", "MiddleName", "FirstName"),
    ("suffix", "Suffix", "LastName"),
    ("email_opt_out", "HasOptedOutOfEmail", "Email"),
    ("phone_opt_out", "DoNotCall", "Phone"),
    ("fax_opt_out", "HasOptedOutOfFax", "Fax"),
];

impl Mapping {
    /// Returns the rows that a new replication starts with: the standard ones, and what else the org is known to have a
    /// field for.
    pub fn usual(object: &TargetObject) -> Self {
        let mut mapping = Self::standard(&object.name);
        for (source, target, after) in OPTIONAL {
            let field = object.field(target);
            let is_there =
                field.is_some_and(|field| field.verified && field.createable && field.updateable);
            let place = mapping
                .rows
                .iter()
                .position(|row| row.target.to_string() == *after);
            if let (true, Some(at)) = (is_there, place) {
                let row = MappingRow::new(
                    Source::Field((*source).to_owned()),
                    Target::Field((*target).to_owned()),
                );
                mapping.rows.insert(at + 1, row);
            }
        }
        mapping
    }

    /// Returns the rows for the fields that every org has; none for objects other than `Lead` and `Contact`.
    pub fn standard(object: &str) -> Self {
        let text = match object {
            "Lead" => LEAD,
            "Contact" => CONTACT,
            _ => "",
        };
        Self::parse(text).unwrap_or_default()
    }
}
