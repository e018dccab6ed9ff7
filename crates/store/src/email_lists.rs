//! Lists of e-mails, pasted or imported, that rules ask for.

use rusqlite::{OptionalExtension, named_params};
use serde::Serialize;

use crate::contacts::email_key;
use crate::rules::Kind;
use crate::{EmailListId, Error, Reader, Result, Writer};

const LONGEST_NAME: usize = 255;

/// A list of e-mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct EmailList {
    /// Id.
    pub id: EmailListId,
    /// Name, unique without regard to case.
    pub name: String,
    /// How many e-mails it holds.
    pub emails: u64,
    /// How many live contacts have one of them.
    pub contacts: u64,
}

impl Reader<'_> {
    /// Returns all lists by name.
    pub fn email_lists(&self) -> Result<Vec<EmailList>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name FROM email_lists ORDER BY name")?;
        let names: Vec<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        names
            .iter()
            .map(|name| self.email_list_named(name))
            .collect()
    }

    /// Returns the list of a name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn email_list_named(&self, name: &str) -> Result<EmailList> {
        self.connection
            .prepare_cached(
                "SELECT id, name,
                   (SELECT count(*) FROM email_list_entries WHERE list_id = l.id),
                   (SELECT count(*) FROM email_list_entries AS e CROSS JOIN contacts AS c ON c.email_key = e.email_key
                    WHERE e.list_id = l.id AND c.deleted_at IS NULL)
                 FROM email_lists AS l WHERE name = :name",
            )?
            .query_row(named_params! { ":name": name.trim() }, |row| {
                Ok(EmailList {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    emails: row.get(2)?,
                    contacts: row.get(3)?,
                })
            })
            .optional()?
            .ok_or_else(|| self.unknown("list of emails", "SELECT name FROM email_lists", name))
    }

    pub(crate) fn email_list_id(&self, name: &str) -> Result<Option<EmailListId>> {
        Ok(self
            .connection
            .prepare_cached("SELECT id FROM email_lists WHERE name = :name")?
            .query_row(named_params! { ":name": name.trim() }, |row| row.get(0))
            .optional()?)
    }
}

impl Writer<'_> {
    /// Adds e-mails to a list, which is made where there is none of that name; returns how many are new in it.
    ///
    /// Contacts who have one of them are stamped.
    ///
    /// # Errors
    /// [`Error::Refused`] when the name is unfit.
    pub fn add_to_email_list<'e>(
        &self,
        name: &str,
        emails: impl Iterator<Item = &'e str>,
        now: i64,
    ) -> Result<u64> {
        let list = self.email_list_to_fill(name, now)?;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO email_list_entries (list_id, email_key) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        let mut added = 0;
        for key in emails.filter_map(email_key) {
            if insert.execute((list, &key))? > 0 {
                self.stamp_claims(Some(&key))?;
                added += 1;
            }
        }
        Ok(added)
    }

    fn email_list_to_fill(&self, name: &str, now: i64) -> Result<EmailListId> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::Refused(format!(
                "this can't be the name of a list; enter 1 to {LONGEST_NAME} characters on one line"
            )));
        }
        if let Some(list) = self.email_list_id(name)? {
            self.connection
                .prepare_cached("UPDATE email_lists SET changed_at = :now WHERE id = :list")?
                .execute(named_params! { ":now": now, ":list": list })?;
            return Ok(list);
        }
        let id = self
            .connection
            .prepare_cached("INSERT INTO email_lists (name, changed_at) VALUES (:name, :now)")?
            .insert(named_params! { ":name": name, ":now": now })?;
        Ok(EmailListId(id))
    }

    /// Removes a list.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while rules ask for it.
    pub fn remove_email_list(&self, name: &str) -> Result<()> {
        let list = self.email_list_named(name)?;
        self.refuse_used(Kind::EmailList, &list.name)?;
        self.connection
            .prepare_cached("DELETE FROM email_lists WHERE id = :id")?
            .execute(named_params! { ":id": list.id })?;
        Ok(())
    }
}
