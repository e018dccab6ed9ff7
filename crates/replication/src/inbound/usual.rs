//! The rows that are there out of the box, and the opt-outs, which always come in.

use leadferry_store::Channel;

pub(super) const LEAD: &str = "
Salutation=salutation
FirstName=first_name
MiddleName=middle_name
LastName=last_name
Suffix=suffix
Email=email
Title=job_title
Company=company_name
Website=website
Phone=business_phone
MobilePhone=mobile_phone
Fax=fax
Street=@street
City=city
State=state
PostalCode=postal_code
Country=country
LeadSource=source
";

pub(super) const CONTACT: &str = "
Salutation=salutation
FirstName=first_name
MiddleName=middle_name
LastName=last_name
Suffix=suffix
Email=email
Title=job_title
Department=department
Phone=business_phone
MobilePhone=mobile_phone
HomePhone=home_phone
Fax=fax
Birthdate=birthday
MailingStreet=@street
MailingCity=city
MailingState=state
MailingPostalCode=postal_code
MailingCountry=country
LeadSource=source
";

/// Fields in which people of the org note what somebody refuses.
pub(super) const OPT_OUTS: [(&str, Channel); 3] = [
    ("HasOptedOutOfEmail", Channel::Email),
    ("DoNotCall", Channel::Phone),
    ("HasOptedOutOfFax", Channel::Fax),
];
