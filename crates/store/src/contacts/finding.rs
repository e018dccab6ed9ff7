//! Looking contacts up: by guid, by e-mail, by text, page by page.

use std::fmt::Write as _;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, named_params, params_from_iter};

use super::{Contact, email_key};
use crate::conditions::Bound;
use crate::{Condition, ContactField, ContactId, Error, Guid, Reader, Result, phones};

/// Which contacts a list shows.
#[derive(Debug, Clone, Default)]
pub struct ContactFilter {
    /// Beginnings of words in the name, email, company, address or a phone number; every word must occur.
    pub text: Option<String>,
    /// What must hold; all of them.
    pub conditions: Vec<Condition>,
    /// Deleted ones instead of live ones.
    pub deleted: bool,
}

/// Who a contact is now, after merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survivor {
    /// The contact itself, or the one that it was merged into in the end.
    pub id: ContactId,
    /// The sequence number of its last change.
    pub seq: i64,
    /// Whether it was deleted.
    pub deleted: bool,
}

impl Reader<'_> {
    /// Returns the contact that a guid stands for: its own row, or the survivor that it was merged into.
    pub fn contact_by_guid(&self, guid: &Guid) -> Result<Option<Contact>> {
        match self.contact_id_by_guid(guid)? {
            Some(id) => Ok(Some(self.contact(self.resolve_contact(id)?)?)),
            None => Ok(None),
        }
    }

    /// Returns the contact that a guid stands for, unless it was deleted.
    pub fn live_contact_by_guid(&self, guid: &Guid) -> Result<Option<ContactId>> {
        let Some(id) = self.contact_id_by_guid(guid)? else {
            return Ok(None);
        };
        let survivor = self.survivor(id)?;
        Ok((!survivor.deleted).then_some(survivor.id))
    }

    /// Follows merges to the contact that survives; an unmerged contact is its own.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such contact.
    pub fn resolve_contact(&self, id: ContactId) -> Result<ContactId> {
        let merged_into = self
            .connection
            .prepare_cached("SELECT merged_into FROM contacts WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| {
                row.get::<_, Option<i64>>(0)
            })
            .optional()?;
        match merged_into {
            None => Err(Error::not_found("contact", id)),
            // Nearly everybody; following a chain costs ten times as much.
            Some(None) => Ok(id),
            Some(Some(_)) => self.end_of_chain(id),
        }
    }

    fn end_of_chain(&self, id: ContactId) -> Result<ContactId> {
        self.connection
            .prepare_cached(
                "WITH RECURSIVE chain (id, merged_into) AS (
                   SELECT id, merged_into FROM contacts WHERE id = :id
                   UNION
                   SELECT contacts.id, contacts.merged_into
                   FROM contacts JOIN chain ON contacts.id = chain.merged_into
                 )
                 SELECT id FROM chain WHERE merged_into IS NULL",
            )?
            .query_row(named_params! { ":id": id }, |row| row.get("id"))
            .optional()?
            .ok_or_else(|| Error::not_found("contact", id))
    }

    /// Returns what has become of a contact: who it is now, and when that one was changed last.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn survivor(&self, id: ContactId) -> Result<Survivor> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, deleted_at IS NOT NULL, merged_into IS NOT NULL FROM contacts WHERE id = :id",
        )?;
        let mut find = |id: ContactId| -> Result<(Survivor, bool)> {
            let row = statement.query_row(named_params! { ":id": id }, |row| {
                let (seq, deleted) = (row.get(0)?, row.get(1)?);
                Ok((Survivor { id, seq, deleted }, row.get(2)?))
            });
            row.optional()?
                .ok_or_else(|| Error::not_found("contact", id))
        };
        match find(id)? {
            (survivor, false) => Ok(survivor),
            (_, true) => Ok(find(self.end_of_chain(id)?)?.0),
        }
    }

    /// Returns the contact that a user means: by guid, or by an e-mail that exactly one live contact has.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none; [`Error::Refused`] when several share the e-mail.
    pub fn find_contact(&self, text: &str) -> Result<ContactId> {
        if let Ok(guid) = Guid::parse(text)
            && let Some(id) = self.contact_id_by_guid(&guid)?
        {
            return self.resolve_contact(id);
        }
        let found = self.contacts_by_email(text)?;
        match found.as_slice() {
            [] => Err(Error::not_found("contact", text.trim())),
            [id] => Ok(*id),
            several => Err(Error::Refused(format!(
                "{} contacts share this email; use the guid of the one you mean",
                several.len()
            ))),
        }
    }

    /// Returns the live contacts with an e-mail, eldest first.
    pub fn contacts_by_email(&self, email: &str) -> Result<Vec<ContactId>> {
        let Some(key) = email_key(email) else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM contacts WHERE email_key = :key AND deleted_at IS NULL ORDER BY id",
        )?;
        let ids = statement.query_map(named_params! { ":key": key }, |row| row.get("id"))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the deleted contacts with an email, and those merged into others, the oldest first.
    pub fn deleted_contacts_by_email(&self, email: &str) -> Result<Vec<ContactId>> {
        let Some(key) = email_key(email) else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM contacts WHERE email_key = :key AND deleted_at IS NOT NULL ORDER BY id",
        )?;
        let ids = statement.query_map(named_params! { ":key": key }, |row| row.get("id"))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns up to `limit` contacts in id order, those after `after`, with the fields asked for.
    pub fn contacts_page(
        &self,
        filter: &ContactFilter,
        fields: &[ContactField],
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<Vec<Contact>> {
        let mut found = self.found(filter)?;
        let after = found.bound.bind(Cell::Integer(after.map_or(0, |id| id.0)));
        let limit = found
            .bound
            .bind(Cell::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let sql = format!(
            "SELECT {id} FROM {from} WHERE {when} AND {id} > {after} ORDER BY {id} LIMIT {limit}",
            id = found.id,
            from = found.from,
            when = found.when
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(&found.bound.values), |row| row.get(0))?;
        let ids: Vec<ContactId> = ids.collect::<rusqlite::Result<_>>()?;
        self.contacts(&ids, fields)
    }

    /// Returns how many contacts a filter shows.
    pub fn count_contacts(&self, filter: &ContactFilter) -> Result<u64> {
        if filter.text.is_none() && filter.conditions.is_empty() && !filter.deleted {
            return self.live_contacts();
        }
        let found = self.found(filter)?;
        let sql = format!("SELECT count(*) FROM {} WHERE {}", found.from, found.when);
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(&found.bound.values), |row| row.get(0))?)
    }

    fn found(&self, filter: &ContactFilter) -> Result<Found> {
        let mut bound = Bound::default();
        let mut when = if filter.deleted {
            "contacts.deleted_at IS NOT NULL"
        } else {
            "contacts.deleted_at IS NULL"
        }
        .to_owned();
        // Of the deleted, who may be few, the planner would rather visit everyone in id order.
        let mut from = if filter.deleted {
            "contacts INDEXED BY contacts_deleted"
        } else {
            "contacts"
        };
        let mut id = "contacts.id";
        if let Some(expression) = filter.text.as_deref().and_then(search_expression) {
            // The search index leads, in rowid order, so that a page stops early.
            id = "contacts_search.rowid";
            from = "contacts_search CROSS JOIN contacts ON contacts.id = contacts_search.rowid";
            let place = bound.bind(Cell::Text(expression));
            let _ = write!(when, " AND contacts_search MATCH {place}");
        }
        if let Some((from, below)) = filter.text.as_deref().and_then(mailbox) {
            let (from, below) = (bound.bind(from.into()), bound.bind(below.into()));
            let _ = write!(
                when,
                " AND contacts.email_key >= {from} AND contacts.email_key < {below}"
            );
        }
        for condition in &filter.conditions {
            let _ = write!(
                when,
                " AND {}",
                self.condition_test(condition, &mut bound)?.sql
            );
        }
        Ok(Found {
            id,
            from,
            when,
            bound,
        })
    }

    fn contact_id_by_guid(&self, guid: &Guid) -> Result<Option<ContactId>> {
        Ok(self
            .connection
            .prepare_cached("SELECT id FROM contacts WHERE guid = :guid")?
            .query_row(named_params! { ":guid": guid }, |row| row.get("id"))
            .optional()?)
    }
}

/// A filter as SQL: fixed text, with every word of the user bound.
struct Found {
    id: &'static str,
    from: &'static str,
    when: String,
    bound: Bound,
}

/// Returns a search that finds each word as a prefix, and words that make a phone number as that number, too. A word such
/// as *jane@* is all of what stands before the @ of an email, see [`mailbox`].
///
/// Each word is quoted, so that no character of it is search syntax.
pub(crate) fn search_expression(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    let runs = words.chunk_by(|one, next| phones::is_part(one) && phones::is_part(next));
    let terms: Vec<String> = runs.map(term).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// Returns the range of email keys that a word such as *jane@* stands for, from the first on and below the second: the
/// index of words can't tell that from *jane.doe@*.
pub(crate) fn mailbox(text: &str) -> Option<(String, String)> {
    let key = email_key(text.split_whitespace().find(|word| is_mailbox(word))?)?;
    let below = format!("{}{AFTER_AT}", key.trim_end_matches('@'));
    Some((key, below))
}

/// The letter after the @ in the order of keys.
const AFTER_AT: char = 'A';

fn is_mailbox(word: &str) -> bool {
    word.strip_suffix('@')
        .is_some_and(|local| !local.contains('@') && local.contains(char::is_alphanumeric))
}

/// Returns the search for a word, or for words that may be one phone number.
fn term(words: &[&str]) -> String {
    let each: Vec<String> = words.iter().map(|word| prefix(word)).collect();
    let each = each.join(" AND ");
    if !words.iter().all(|word| phones::is_part(word)) {
        return each;
    }
    let numbers = phones::beginnings(&words.join(" "));
    let numbers = numbers
        .iter()
        .map(|number| format!(" OR {}", prefix(number)));
    format!("(({each}){})", numbers.collect::<String>())
}

fn prefix(word: &str) -> String {
    let quoted = format!("\"{}\"", word.replace('"', "\"\"").replace('\0', ""));
    match is_mailbox(word) {
        true => format!("email : ^{quoted}"),
        false => format!("{quoted}*"),
    }
}

#[cfg(test)]
mod tests;
