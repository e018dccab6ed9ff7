//! Who is erased: the values by which texts can name the person.

use std::collections::BTreeSet;

use rusqlite::named_params;
use serde::{Deserialize, Serialize};

use super::Finder;
use crate::contacts::{email_key, id_array};
use crate::{ContactId, Reader, Result};

/// A person being erased, with all contacts that were merged into it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ErasedPerson {
    /// Guids, those of merged contacts included.
    pub guids: BTreeSet<String>,
    /// Emails in lower case.
    pub emails: BTreeSet<String>,
    /// Phone and fax numbers as they were written.
    pub phones: BTreeSet<String>,
    /// Ids of records in Salesforce.
    pub records: BTreeSet<String>,
    /// Files with the invalid rows of imports whose own names name the person: the workspace forgets where they are.
    pub errors_files: BTreeSet<String>,
    /// Names.
    pub(crate) names: BTreeSet<PersonName>,
}

/// A name in parts; an unset part is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PersonName {
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) last: String,
}

impl ErasedPerson {
    /// Returns somebody who isn't a contact any more, by what is known of them; what is unknown is empty.
    pub fn known_by(emails: &[String], phones: &[String], first: &str, last: &str) -> Self {
        let name = PersonName {
            first: first.to_owned(),
            middle: String::new(),
            last: last.to_owned(),
        };
        Self {
            emails: emails.iter().filter_map(|email| email_key(email)).collect(),
            phones: phones.iter().cloned().collect(),
            names: [name].into(),
            ..Self::default()
        }
    }

    /// Returns what finds the person in texts.
    #[must_use]
    pub fn finder(&self) -> Finder {
        Finder::new(self)
    }

    /// Adds what is known of the same person elsewhere, such as an earlier email in a backup.
    pub(crate) fn add(&mut self, other: Self) {
        self.guids.extend(other.guids);
        self.emails.extend(other.emails);
        self.phones.extend(other.phones);
        self.records.extend(other.records);
        self.errors_files.extend(other.errors_files);
        self.names.extend(other.names);
    }
}

const CONTACTS: &str = "
SELECT guid, email, email_2, business_phone, mobile_phone, home_phone, fax, first_name, middle_name, last_name
FROM contacts WHERE id IN rarray(:ids)";

const RECORDS: &str = "SELECT record_id FROM links WHERE contact_id IN rarray(:ids)";

impl Reader<'_> {
    /// Returns the values by which texts can name these contacts, those that they had before included.
    pub(super) fn values_of(&self, ids: &[ContactId]) -> Result<ErasedPerson> {
        let array = id_array(ids.iter().map(|id| id.0));
        let mut person = ErasedPerson::default();
        let mut statement = self.connection.prepare_cached(CONTACTS)?;
        let mut rows = statement.query(named_params! { ":ids": array })?;
        while let Some(row) = rows.next()? {
            let text = |name| row.get::<_, Option<String>>(name);
            person.guids.extend(text("guid")?);
            for field in ["email", "email_2"] {
                person
                    .emails
                    .extend(text(field)?.and_then(|email| email_key(&email)));
            }
            for field in ["business_phone", "mobile_phone", "home_phone", "fax"] {
                person.phones.extend(text(field)?);
            }
            person.names.insert(PersonName {
                first: text("first_name")?.unwrap_or_default(),
                middle: text("middle_name")?.unwrap_or_default(),
                last: text("last_name")?.unwrap_or_default(),
            });
        }
        let mut statement = self.connection.prepare_cached(RECORDS)?;
        let records = statement.query_map(named_params! { ":ids": array }, |row| row.get(0))?;
        person.records = records.collect::<rusqlite::Result<_>>()?;
        for id in ids {
            let rows = self.rows_for(*id)?.into_iter();
            person.records.extend(rows.filter_map(|row| row.record_id));
        }
        person.add(self.former_values(ids, &person)?);
        Ok(person)
    }
}
