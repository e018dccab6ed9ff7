//! The rows that are there out of the box.

use super::Mapping;

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
address_line1=Street
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
address_line1=MailingStreet
city=MailingCity
@state_name=MailingState
postal_code=MailingPostalCode
@country_name=MailingCountry
";

impl Mapping {
    /// Returns the rows that a new replication starts with; none for objects other than `Lead` and `Contact`.
    pub fn standard(object: &str) -> Self {
        let text = match object {
            "Lead" => LEAD,
            "Contact" => CONTACT,
            _ => "",
        };
        Self::parse(text).unwrap_or_default()
    }
}
