//! The standard fields of Lead and Contact, so that mapping works before any org is connected.
//!
//! Labels, types and lengths are those of orgs in English; a describe replaces them. Fields that only some orgs have
//! are `unverified`.

use super::{TargetField, TargetObject, TargetType};

/// One field a line: name, label, type with its sizes, flags.
///
/// `IsConverted` may be given on create by users who may set audit fields; for everybody else it is read-only.
const LEAD: &str = "
LastName | Last Name | text 80 | required
FirstName | First Name | text 40
Salutation | Salutation | picklist 40
MiddleName | Middle Name | text 40 | unverified
Suffix | Suffix | text 40 | unverified
Name | Full Name | text 121 | readonly
Title | Title | text 128
Company | Company | text 255 | required
Street | Street | area 255
City | City | text 40
State | State/Province | text 80
StateCode | State/Province Code | picklist 10 | unverified
PostalCode | Zip/Postal Code | text 20
Country | Country | text 80
CountryCode | Country Code | picklist 10 | unverified
Latitude | Latitude | number 18 15
Longitude | Longitude | number 18 15
GeocodeAccuracy | Geocode Accuracy | picklist 40
Address | Address | address | readonly
Phone | Phone | phone 40
MobilePhone | Mobile Phone | phone 40
Fax | Fax | phone 40
Email | Email | email 80
Website | Website | url 255
PhotoUrl | Photo URL | url 255 | readonly
Description | Description | long 32000 | nofilter
LeadSource | Lead Source | picklist 255
Status | Status | picklist 255 | filled
Industry | Industry | picklist 255
Rating | Rating | picklist 255
AnnualRevenue | Annual Revenue | currency 18 0
NumberOfEmployees | Employees | integer 8
OwnerId | Owner ID | reference Group,User | filled relation=Owner
HasOptedOutOfEmail | Email Opt Out | checkbox | unverified
HasOptedOutOfFax | Fax Opt Out | checkbox | unverified
DoNotCall | Do Not Call | checkbox | unverified
CurrencyIsoCode | Currency ISO Code | picklist 3 | unverified
RecordTypeId | Record Type ID | reference RecordType | unverified relation=RecordType
IndividualId | Individual ID | reference Individual | relation=Individual
Jigsaw | Data.com Key | text 20
CleanStatus | Clean Status | picklist 40
CompanyDunsNumber | Company D-U-N-S Number | text 9
DandbCompanyId | D&B Company ID | reference DandBCompany | relation=DandbCompany
EmailBouncedReason | Email Bounced Reason | text 255 | updateonly
EmailBouncedDate | Email Bounced Date | datetime | updateonly
IsUnreadByOwner | Unread By Owner | checkbox
IsConverted | Converted | checkbox | readonly
ConvertedDate | Converted Date | date | readonly
ConvertedAccountId | Converted Account ID | reference Account | readonly relation=ConvertedAccount
ConvertedContactId | Converted Contact ID | reference Contact | readonly relation=ConvertedContact
ConvertedOpportunityId | Converted Opportunity ID | reference Opportunity | readonly relation=ConvertedOpportunity
";

const CONTACT: &str = "
LastName | Last Name | text 80 | required
FirstName | First Name | text 40
Salutation | Salutation | picklist 40
MiddleName | Middle Name | text 40 | unverified
Suffix | Suffix | text 40 | unverified
Name | Full Name | text 121 | readonly
AccountId | Account ID | reference Account | relation=Account
Title | Title | text 128
Department | Department | text 80
Email | Email | email 80
Phone | Business Phone | phone 40
Fax | Business Fax | phone 40
MobilePhone | Mobile Phone | phone 40
HomePhone | Home Phone | phone 40
OtherPhone | Other Phone | phone 40
AssistantPhone | Asst. Phone | phone 40
AssistantName | Assistant's Name | text 40
ReportsToId | Reports To ID | reference Contact | relation=ReportsTo
LeadSource | Lead Source | picklist 255
Birthdate | Birthdate | date
Description | Contact Description | long 32000 | nofilter
MailingStreet | Mailing Street | area 255
MailingCity | Mailing City | text 40
MailingState | Mailing State/Province | text 80
MailingStateCode | Mailing State/Province Code | picklist 10 | unverified
MailingPostalCode | Mailing Zip/Postal Code | text 20
MailingCountry | Mailing Country | text 80
MailingCountryCode | Mailing Country Code | picklist 10 | unverified
MailingLatitude | Mailing Latitude | number 18 15
MailingLongitude | Mailing Longitude | number 18 15
MailingGeocodeAccuracy | Mailing Geocode Accuracy | picklist 40
MailingAddress | Mailing Address | address | readonly
OtherStreet | Other Street | area 255
OtherCity | Other City | text 40
OtherState | Other State/Province | text 80
OtherStateCode | Other State/Province Code | picklist 10 | unverified
OtherPostalCode | Other Zip/Postal Code | text 20
OtherCountry | Other Country | text 80
OtherCountryCode | Other Country Code | picklist 10 | unverified
OtherLatitude | Other Latitude | number 18 15
OtherLongitude | Other Longitude | number 18 15
OtherGeocodeAccuracy | Other Geocode Accuracy | picklist 40
OtherAddress | Other Address | address | readonly
OwnerId | Owner ID | reference User | filled relation=Owner
HasOptedOutOfEmail | Email Opt Out | checkbox | unverified
HasOptedOutOfFax | Fax Opt Out | checkbox | unverified
DoNotCall | Do Not Call | checkbox | unverified
CurrencyIsoCode | Currency ISO Code | picklist 3 | unverified
RecordTypeId | Record Type ID | reference RecordType | unverified relation=RecordType
IndividualId | Individual ID | reference Individual | relation=Individual
Jigsaw | Data.com Key | text 20
CleanStatus | Clean Status | picklist 40
EmailBouncedReason | Email Bounced Reason | text 255
EmailBouncedDate | Email Bounced Date | datetime
IsEmailBounced | Is Email Bounced | checkbox | readonly
LastCURequestDate | Last Stay-in-Touch Request Date | datetime | readonly
LastCUUpdateDate | Last Stay-in-Touch Save Date | datetime | readonly
PhotoUrl | Photo URL | url 255 | readonly
";

/// What every record has and nobody writes.
const SYSTEM: &str = "
Id | Record ID | id | readonly
IsDeleted | Deleted | checkbox | readonly
MasterRecordId | Master Record ID | reference | readonly
CreatedDate | Created Date | datetime | readonly
CreatedById | Created By ID | reference User | readonly relation=CreatedBy
LastModifiedDate | Last Modified Date | datetime | readonly
LastModifiedById | Last Modified By ID | reference User | readonly relation=LastModifiedBy
SystemModstamp | System Modstamp | datetime | readonly
LastActivityDate | Last Activity | date | readonly
LastViewedDate | Last Viewed Date | datetime | readonly
LastReferencedDate | Last Referenced Date | datetime | readonly
JigsawContactId | Jigsaw Contact ID | text 20 | readonly
";

impl TargetObject {
    /// Returns the standard fields of `Lead` or `Contact` as they ship with the app, `None` for other objects.
    pub fn built_in(object: &str) -> Option<Self> {
        let table = match object {
            "Lead" => LEAD,
            "Contact" => CONTACT,
            _ => return None,
        };
        let lines = table.lines().chain(SYSTEM.lines());
        let fields = lines
            .filter(|line| !line.is_empty())
            .filter_map(standard_field)
            .collect();
        Some(Self {
            name: object.to_owned(),
            fields,
            described: false,
            record_types: Vec::new(),
            parents: Vec::new(),
        })
    }
}

pub(super) fn standard_field(line: &str) -> Option<TargetField> {
    let mut columns = line.split('|').map(str::trim);
    let (name, label, sized) = (columns.next()?, columns.next()?, columns.next()?);
    let mut field = TargetField {
        label: label.to_owned(),
        verified: true,
        ..TargetField::unverified(name)
    };
    set_type(&mut field, sized)?;
    for flag in columns.next().unwrap_or_default().split_whitespace() {
        match flag.split_once('=').unwrap_or((flag, "")) {
            ("required", _) => (field.required, field.nillable) = (true, false),
            ("filled", _) => field.nillable = false,
            ("readonly", _) => (field.createable, field.updateable) = (false, false),
            ("updateonly", _) => field.createable = false,
            ("nofilter", _) => field.filterable = false,
            ("unverified", _) => field.verified = false,
            ("relation", name) => field.relationship_name = Some(name.to_owned()),
            _ => return None,
        }
    }
    Some(field)
}

fn set_type(field: &mut TargetField, sized: &str) -> Option<()> {
    let (kind, sizes) = sized.split_once(' ').unwrap_or((sized, ""));
    let numbers: Vec<u32> = sizes
        .split(' ')
        .filter_map(|size| size.parse().ok())
        .collect();
    field.kind = match kind {
        "text" => TargetType::Text,
        "area" => TargetType::TextArea,
        "long" => TargetType::LongTextArea,
        "email" => TargetType::Email,
        "phone" => TargetType::Phone,
        "url" => TargetType::Url,
        "picklist" => TargetType::Picklist,
        "checkbox" => TargetType::Checkbox,
        "number" => TargetType::Number,
        "integer" => TargetType::Integer,
        "currency" => TargetType::Currency,
        "date" => TargetType::Date,
        "datetime" => TargetType::DateTime,
        "reference" => TargetType::Reference,
        "id" => TargetType::Id,
        "address" => TargetType::Other("address".to_owned()),
        _ => return None,
    };
    match (&field.kind, numbers.as_slice()) {
        (TargetType::Number | TargetType::Currency, [precision, scale]) => {
            (field.precision, field.scale) = (*precision, *scale);
        }
        (TargetType::Integer, [digits]) => field.digits = *digits,
        (TargetType::Reference, _) => {
            field.reference_to = sizes
                .split(',')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
        }
        (kind, [length]) if kind.is_text() => field.length = Some(*length),
        (kind, []) if !kind.is_text() && !kind.is_number() => {}
        _ => return None,
    }
    Some(())
}
