//! The org's user as identity and user info show them: what the User record holds now.

use rusqlite::Row;

use crate::json::{Json, object};
use crate::org::Org;

/// The values of the User record that sign-in endpoints tell.
pub(crate) struct Person {
    pub(crate) username: String,
    pub(crate) nickname: String,
    pub(crate) name: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) time_zone: String,
    pub(crate) language: String,
    pub(crate) locale: String,
    pub(crate) user_type: String,
    pub(crate) active: bool,
    pub(crate) mobile_phone: Option<String>,
    pub(crate) street: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
    /// UTC milliseconds.
    pub(crate) changed_ms: i64,
}

impl Person {
    /// Reads the user who acts.
    pub(crate) fn read(org: &Org) -> rusqlite::Result<Person> {
        let sql = "SELECT * FROM \"o_User\" WHERE \"Id\" = ?1";
        let mut statement = org.conn().prepare_cached(sql)?;
        statement.query_row([org.acting()], Person::of)
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Person> {
        let user_type: String = row.get("UserType")?;
        Ok(Person {
            username: row.get("Username")?,
            nickname: row.get("CommunityNickname")?,
            name: row.get("Name")?,
            first_name: row.get("FirstName")?,
            last_name: row.get("LastName")?,
            email: row.get("Email")?,
            time_zone: row.get("TimeZoneSidKey")?,
            language: row.get("LanguageLocaleKey")?,
            locale: row.get("LocaleSidKey")?,
            user_type: user_type.to_ascii_uppercase(),
            active: row.get("IsActive")?,
            mobile_phone: row.get("MobilePhone")?,
            street: row.get("Street")?,
            city: row.get("City")?,
            state: row.get("State")?,
            postal_code: row.get("PostalCode")?,
            country: row.get("Country")?,
            changed_ms: row.get("LastModifiedDate")?,
        })
    }

    /// The address with the names that `OpenID` has for its parts.
    pub(crate) fn address(&self) -> Json {
        let mut address = object([]);
        for (name, value) in [
            ("street_address", &self.street),
            ("locality", &self.city),
            ("region", &self.state),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
        ] {
            if let Some(value) = value {
                address.push(name, value.as_str());
            }
        }
        address
    }
}
