//! Converts leads, as a salesperson does in the org.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

use super::features::PERSON_ACCOUNTS;
use super::write::{RowError, Trouble, WriteOptions};
use super::{Org, ids, values};
use crate::http::Refused;
use crate::json::{Json, object};

/// Lead fields and the contact fields that take them over.
const CARRIED: [(&str, &str); 15] = [
    ("FirstName", "FirstName"),
    ("LastName", "LastName"),
    ("Salutation", "Salutation"),
    ("Title", "Title"),
    ("Phone", "Phone"),
    ("MobilePhone", "MobilePhone"),
    ("Fax", "Fax"),
    ("Email", "Email"),
    ("LeadSource", "LeadSource"),
    ("Description", "Description"),
    ("Street", "MailingStreet"),
    ("City", "MailingCity"),
    ("State", "MailingState"),
    ("PostalCode", "MailingPostalCode"),
    ("Country", "MailingCountry"),
];

impl Org {
    /// Marks a lead converted and makes (or reuses) its account and contact. Answers their ids.
    pub(crate) fn convert_lead(&self, lead: &str, contact: Option<&str>) -> Result<Json, Trouble> {
        let schema = self.schema();
        let (lead_object, lead) = self.known(&schema, lead)?;
        if lead_object.name != "Lead" {
            return Err(Refused::not_found().into());
        }
        let sql = "SELECT \"IsConverted\" OR \"IsDeleted\", \"Company\" FROM \"o_Lead\" WHERE \"Id\" = ?1";
        let (done, company): (bool, Option<String>) = self
            .conn
            .query_row(sql, [&lead], |r| Ok((r.get(0)?, r.get(1)?)))?;
        if done {
            return Err(RowError::new(
                "CANNOT_UPDATE_CONVERTED_LEAD",
                "cannot reference converted lead",
            )
            .into());
        }
        let options = WriteOptions {
            allow_save: true,
            record_details: false,
            assign: false,
            version: "v67.0".to_owned(),
        };
        let (account, contact) = match (company, contact) {
            (None, None) if self.is_on(PERSON_ACCOUNTS)? => self.person_of(&lead, &options)?,
            (company, contact) => {
                let account =
                    self.account_named(company.as_deref().unwrap_or("Unknown"), &options)?;
                let contact = match contact {
                    Some(id) => ids::normal(id)
                        .filter(|i| i.starts_with("003"))
                        .ok_or_else(Refused::not_found)?,
                    None => self.contact_of(&lead, &account, &options)?,
                };
                (account, contact)
            }
        };
        self.conn.execute(
            "UPDATE \"o_Task\" SET \"WhoId\" = ?2, \"SystemModstamp\" = ?3 WHERE \"WhoId\" = ?1",
            params![lead, contact, values::stamp_ms()],
        )?;
        self.conn.execute(
            "UPDATE \"o_CampaignMember\" SET \"ContactId\" = ?2, \"LeadOrContactId\" = ?2, \"Type\" = 'Contact',
                 \"SystemModstamp\" = ?3 WHERE \"LeadId\" = ?1",
            params![lead, contact, values::stamp_ms()],
        )?;
        self.conn.execute(
            "UPDATE \"o_Lead\" SET \"IsConverted\" = 1, \"Status\" = 'Closed - Converted', \"ConvertedDate\" = ?2,
                 \"ConvertedAccountId\" = ?3, \"ConvertedContactId\" = ?4, \"LastModifiedDate\" = ?5, \"SystemModstamp\" = ?5
             WHERE \"Id\" = ?1",
            params![lead, values::today().to_string(), account, contact, values::stamp_ms()],
        )?;
        Ok(object([
            ("leadId", lead.into()),
            ("accountId", account.into()),
            ("contactId", contact.into()),
            ("opportunityId", Json::Null),
            ("success", true.into()),
        ]))
    }

    /// The id of the account of this name, made if there is none.
    pub(crate) fn account_named(
        &self,
        name: &str,
        options: &WriteOptions,
    ) -> Result<String, Trouble> {
        let sql = "SELECT \"Id\" FROM \"o_Account\" WHERE \"Name\" = ?1 AND \"IsDeleted\" = 0 ORDER BY row LIMIT 1";
        let known: Option<String> = self
            .conn
            .prepare_cached(sql)?
            .query_row([name], |row| row.get(0))
            .optional()?;
        match (known, self.schema().object("Account")) {
            (Some(id), _) => Ok(id),
            (None, Some(account)) => {
                self.create(account, &object([("Name", name.into())]), options)
            }
            (None, None) => Err(Refused::not_found().into()),
        }
    }

    fn contact_of(
        &self,
        lead: &str,
        account: &str,
        options: &WriteOptions,
    ) -> Result<String, Trouble> {
        let schema = self.schema();
        let contact = schema.object("Contact").ok_or_else(Refused::not_found)?;
        let mut record = object([("AccountId", account.into())]);
        for (to, text) in self.carried(lead)? {
            record.push(to, text);
        }
        self.create(contact, &record, options)
    }

    /// Makes the person account of a lead without a company; its id and its contact's.
    fn person_of(&self, lead: &str, options: &WriteOptions) -> Result<(String, String), Trouble> {
        let schema = self.schema();
        let account = schema.object("Account").ok_or_else(Refused::not_found)?;
        let mut record = object([]);
        for (to, text) in self.carried(lead)? {
            let own = format!("Person{to}");
            let name = if account.field(&own).is_some() {
                own.as_str()
            } else {
                to
            };
            record.push(name, text);
        }
        let id = self.create(account, &record, options)?;
        let sql = "SELECT \"PersonContactId\" FROM \"o_Account\" WHERE \"Id\" = ?1";
        let contact = self.conn.query_row(sql, [&id], |row| row.get(0))?;
        Ok((id, contact))
    }

    /// What a contact takes over from a lead: its own fields and their texts.
    fn carried(&self, lead: &str) -> rusqlite::Result<Vec<(&'static str, String)>> {
        let columns: Vec<String> = CARRIED
            .iter()
            .map(|(from, _)| format!("\"{from}\""))
            .collect();
        let sql = format!(
            "SELECT {} FROM \"o_Lead\" WHERE \"Id\" = ?1",
            columns.join(", ")
        );
        let values: Vec<Value> = self.conn.query_row(&sql, [lead], |row| {
            (0..CARRIED.len()).map(|n| row.get(n)).collect()
        })?;
        let filled = CARRIED
            .iter()
            .zip(values)
            .filter_map(|((_, to), value)| match value {
                Value::Text(text) => Some((*to, text)),
                _ => None,
            });
        Ok(filled.collect())
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Trouble {
        Trouble::Whole(refused)
    }
}
