//! The values that a person had before: earlier emails, phone numbers and names, from what is recorded of their contacts.
//!
//! They are gathered before the records go, and searched for like the values of today. A value that another contact has by
//! now is that one's own, and isn't counted.

use rusqlite::{OptionalExtension as _, named_params};
use serde_json::Value;

use super::ErasedPerson;
use super::person::PersonName;
use crate::acts::{Image, Stored};
use crate::contacts::{email_key, id_array};
use crate::{ContactId, Reader, Result};

const PHONES: [&str; 4] = ["business_phone", "mobile_phone", "home_phone", "fax"];

/// Fields of a contact's records and their values, as texts.
const OF_RECORDS: &str = "
SELECT target AS field, sent AS value FROM differences WHERE contact_id IN rarray(:ids) AND sent IS NOT NULL
UNION ALL
SELECT target, held FROM differences WHERE contact_id IN rarray(:ids) AND held IS NOT NULL
UNION ALL
SELECT c.field, c.agreed FROM conflicts AS c JOIN links AS l ON l.id = c.link_id
WHERE l.contact_id IN rarray(:ids) AND c.agreed IS NOT NULL
UNION ALL
SELECT '', fields FROM undo_rows WHERE contact_id IN rarray(:ids)";

impl Reader<'_> {
    /// Returns the values that these contacts had before, `now` those that they have.
    pub(super) fn former_values(
        &self,
        ids: &[ContactId],
        now: &ErasedPerson,
    ) -> Result<ErasedPerson> {
        let mut former = ErasedPerson::default();
        for id in ids {
            self.add_changed(*id, &mut former)?;
            for row in self.rows_for(*id)? {
                add_sent(&row.payload, &mut former);
                add_text("", row.old_values.as_deref().unwrap_or(""), &mut former);
            }
        }
        let array = id_array(ids.iter().map(|id| id.0));
        let mut statement = self.connection.prepare_cached(OF_RECORDS)?;
        let mut rows = statement.query(named_params! { ":ids": array })?;
        while let Some(row) = rows.next()? {
            let (field, value): (String, String) = (row.get("field")?, row.get("value")?);
            add_text(&field, &value, &mut former);
        }
        former.emails.retain(|email| !now.emails.contains(email));
        former.phones.retain(|phone| !now.phones.contains(phone));
        self.without_those_of_others(former, ids)
    }

    /// Goes back from change to change, the newest first.
    fn add_changed(&self, id: ContactId, former: &mut ErasedPerson) -> Result<()> {
        let Some(mut name) = self.full_name_of(id)? else {
            return Ok(());
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT before FROM act_contacts WHERE contact_id = :id ORDER BY act_id DESC",
        )?;
        let images = statement.query_map(named_params! { ":id": id }, |row| row.get(0))?;
        for image in images {
            let image: String = image?;
            // What can't be read back names nobody that it could be undone for.
            let Ok(image) = serde_json::from_str::<Image>(&image) else {
                add_text("", &image, former);
                continue;
            };
            let (befores, afters): (Vec<_>, Vec<_>) = image
                .fields
                .iter()
                .map(|(column, (before, after))| ((column, before), (column, after)))
                .unzip();
            for state in [afters, befores] {
                for (column, value) in state {
                    add_cell(column, value, &mut name, former);
                }
                former.names.insert(name.clone());
            }
        }
        Ok(())
    }

    fn full_name_of(&self, id: ContactId) -> Result<Option<PersonName>> {
        let name = self
            .connection
            .prepare_cached(
                "SELECT first_name, middle_name, last_name FROM contacts WHERE id = :id",
            )?
            .query_row(named_params! { ":id": id }, |row| {
                let text = |at: usize| {
                    row.get::<_, Option<String>>(at)
                        .map(Option::unwrap_or_default)
                };
                Ok(PersonName {
                    first: text(0)?,
                    middle: text(1)?,
                    last: text(2)?,
                })
            });
        Ok(name.optional()?)
    }

    fn without_those_of_others(
        &self,
        mut former: ErasedPerson,
        ids: &[ContactId],
    ) -> Result<ErasedPerson> {
        let ids = id_array(ids.iter().map(|id| id.0));
        let mut emails = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM contacts WHERE email_key = :value AND id NOT IN rarray(:ids))
                 OR EXISTS (SELECT 1 FROM contacts WHERE lower(trim(email_2)) = :value AND id NOT IN rarray(:ids))",
        )?;
        let mut phones = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM contacts WHERE :value IN (business_phone, mobile_phone, home_phone, fax)
               AND id NOT IN rarray(:ids))",
        )?;
        for (values, statement) in [
            (&mut former.emails, &mut emails),
            (&mut former.phones, &mut phones),
        ] {
            let mut own = values.clone();
            for value in values.iter() {
                let bound = named_params! { ":value": value, ":ids": ids };
                if statement.query_row(bound, |row| row.get(0))? {
                    own.remove(value);
                }
            }
            *values = own;
        }
        Ok(former)
    }
}

fn add_cell(column: &str, value: &Stored, name: &mut PersonName, former: &mut ErasedPerson) {
    let text = match value {
        Stored::Text(text) => text.as_str(),
        _ => "",
    };
    match column {
        "first_name" => text.clone_into(&mut name.first),
        "middle_name" => text.clone_into(&mut name.middle),
        "last_name" => text.clone_into(&mut name.last),
        "email" | "email_2" => former.emails.extend(email_key(text)),
        _ if PHONES.contains(&column) && !text.is_empty() => {
            former.phones.insert(text.to_owned());
        }
        _ => {}
    }
}

/// Adds what a payload says of its contact, the name included.
fn add_sent(payload: &str, former: &mut ErasedPerson) {
    let Ok(payload) = serde_json::from_str::<Value>(payload) else {
        return;
    };
    let text = |field: &str| payload[field].as_str().unwrap_or_default().to_owned();
    let name = PersonName {
        first: text("FirstName"),
        middle: text("MiddleName"),
        last: text("LastName"),
    };
    if !name.first.is_empty() && !name.last.is_empty() {
        former.names.insert(name);
    }
    add_value("", &payload, former);
}

/// Adds what a text holds, the value of `field` or JSON with several.
fn add_text(field: &str, text: &str, former: &mut ErasedPerson) {
    match serde_json::from_str::<Value>(text) {
        Ok(value) if !value.is_number() => add_value(field, &value, former),
        _ => add_value(field, &Value::String(text.to_owned()), former),
    }
}

fn add_value(field: &str, value: &Value, former: &mut ErasedPerson) {
    match value {
        Value::String(text) => add_of_field(field, text, former),
        Value::Array(items) => items.iter().for_each(|item| add_value(field, item, former)),
        Value::Object(members) => {
            let named = members.get("field").and_then(Value::as_str);
            for (key, member) in members {
                let is_known = kind_of(key).is_some();
                let field = if is_known {
                    key
                } else {
                    named.unwrap_or(field)
                };
                add_value(field, member, former);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Email,
    Phone,
}

/// Tells what a field holds, by its name in Salesforce or here.
fn kind_of(field: &str) -> Option<Kind> {
    let field = field.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| field.contains(word));
    if says(&["email"]) {
        Some(Kind::Email)
    } else if says(&["phone", "mobile", "fax"]) {
        Some(Kind::Phone)
    } else {
        None
    }
}

fn add_of_field(field: &str, text: &str, former: &mut ErasedPerson) {
    match kind_of(field) {
        Some(Kind::Email) if text.contains('@') => former.emails.extend(email_key(text)),
        Some(Kind::Phone) => {
            former.phones.insert(text.to_owned());
        }
        _ => {}
    }
}
