//! The fields of a contact: built in, and custom ones that the user declares.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::CustomFieldId;

/// The declared type of a contact field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Text of several lines.
    LongText,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    LongInteger,
    /// An exact decimal with this many digits after the point, at most 18 digits in all.
    Decimal {
        /// Digits after the point, 0 to 18.
        scale: u8,
    },
    /// A floating point number.
    Float,
    /// Yes or no.
    YesNo,
    /// A date.
    Date,
    /// A date and time.
    DateTime,
}

impl FieldKind {
    /// Returns the kind's name as stored and as the command line writes it; the scale of a decimal stands apart.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Integer => "integer",
            Self::LongInteger => "long_integer",
            Self::Decimal { .. } => "decimal",
            Self::Float => "float",
            Self::YesNo => "yes_no",
            Self::Date => "date",
            Self::DateTime => "date_time",
        }
    }

    /// Returns what such a field holds, for people.
    pub fn holds(self) -> &'static str {
        match self {
            Self::Text | Self::LongText => "text",
            Self::Integer | Self::LongInteger => "whole numbers",
            Self::Decimal { .. } | Self::Float => "numbers",
            Self::YesNo => "yes or no",
            Self::Date => "dates",
            Self::DateTime => "dates with times",
        }
    }

    /// Reads a kind by its name.
    pub fn from_name(name: &str, scale: u8) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "long_text" => Self::LongText,
            "integer" => Self::Integer,
            "long_integer" => Self::LongInteger,
            "decimal" => Self::Decimal { scale },
            "float" => Self::Float,
            "yes_no" => Self::YesNo,
            "date" => Self::Date,
            "date_time" => Self::DateTime,
            _ => return None,
        })
    }

    /// Tells whether values of this kind are text.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::LongText)
    }
}

macro_rules! built_in {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $kind:ident,)*) => {
        /// A field of a contact, built in or custom.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ContactField {
            $($(#[$doc])* $variant,)*
            /// A field that the user declared.
            Custom(CustomFieldId),
        }

        impl ContactField {
            /// Every built-in field, in the order in which lists show them.
            pub const BUILT_IN: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the name of a built-in field, `None` for a custom one.
            pub fn built_in_name(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($name),)*
                    Self::Custom(_) => None,
                }
            }

            /// Returns the kind of a built-in field, `None` for a custom one.
            pub fn built_in_kind(self) -> Option<FieldKind> {
                match self {
                    $(Self::$variant => Some(FieldKind::$kind),)*
                    Self::Custom(_) => None,
                }
            }

            /// Returns the built-in field of this exact name.
            pub fn built_in(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

built_in! {
    /// Form of address.
    Salutation = "salutation": Text,
    /// First name.
    FirstName = "first_name": Text,
    /// Middle name.
    MiddleName = "middle_name": Text,
    /// Last name.
    LastName = "last_name": Text,
    /// Name suffix.
    Suffix = "suffix": Text,
    /// E-mail, the one that identifies.
    Email = "email": Text,
    /// Second e-mail.
    Email2 = "email_2": Text,
    /// Job title.
    JobTitle = "job_title": Text,
    /// Department.
    Department = "department": Text,
    /// The contact's own company name.
    CompanyName = "company_name": Text,
    /// Website.
    Website = "website": Text,
    /// Business phone.
    BusinessPhone = "business_phone": Text,
    /// Mobile phone.
    MobilePhone = "mobile_phone": Text,
    /// Home phone.
    HomePhone = "home_phone": Text,
    /// Fax.
    Fax = "fax": Text,
    /// First address line.
    AddressLine1 = "address_line1": Text,
    /// Second address line.
    AddressLine2 = "address_line2": Text,
    /// City.
    City = "city": Text,
    /// ISO 3166-2 code such as `US-CA`, else the text as imported.
    State = "state": Text,
    /// Postal code.
    PostalCode = "postal_code": Text,
    /// ISO 3166-1 alpha-2 code, else the text as imported.
    Country = "country": Text,
    /// Birthday.
    Birthday = "birthday": Date,
    /// Gender.
    Gender = "gender": Text,
    /// Language.
    Language = "language": Text,
    /// Where the contact came from.
    Source = "source": Text,
    /// Campaign.
    Campaign = "campaign": Text,
    /// Status.
    Status = "status": Text,
    /// The colleague who looks after the contact.
    Owner = "owner": Text,
    /// Notes.
    Notes = "notes": LongText,
    /// Nothing about this contact may be sent.
    DoNotSend = "do_not_send": YesNo,
    /// They want no emails. Unset means they never said.
    EmailOptOut = "email_opt_out": YesNo,
    /// They want no calls. Unset means they never said.
    PhoneOptOut = "phone_opt_out": YesNo,
    /// They want no faxes. Unset means they never said.
    FaxOptOut = "fax_opt_out": YesNo,
    /// When the contact was created.
    CreatedAt = "created_at": DateTime,
    /// When the contact was changed last.
    ChangedAt = "changed_at": DateTime,
}

impl ContactField {
    /// Tells whether users and imports may write the field.
    pub fn is_writable(self) -> bool {
        !matches!(self, Self::CreatedAt | Self::ChangedAt)
    }

    /// Returns the field's column in `contacts`: the one place where column names are made.
    pub(crate) fn column(self) -> String {
        match self {
            Self::Custom(id) => format!("c_{id}"),
            built_in => built_in.built_in_name().unwrap_or_default().to_owned(),
        }
    }
}

impl fmt::Display for ContactField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom(id) => write!(f, "custom field {id}"),
            built_in => f.write_str(built_in.built_in_name().unwrap_or_default()),
        }
    }
}
