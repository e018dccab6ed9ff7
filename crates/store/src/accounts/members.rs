//! The contacts of an account and the accounts of a contact.

use std::collections::BTreeMap;

use rusqlite::named_params;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::contacts::sorted_ids;
use crate::{AccountId, ContactId, Error, Reader, Result, Writer};

/// What a contact is in an account; the order is the one in which the company name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// The account's first contact person.
    Primary,
    /// The second one.
    Secondary,
    /// Any other member.
    Regular,
}

impl AccountRole {
    /// Returns the role's name as stored and as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Regular => "regular",
        }
    }

    /// Reads a role by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Primary, Self::Secondary, Self::Regular]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

impl ToSql for AccountRole {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.name().to_sql()
    }
}

impl FromSql for AccountRole {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

/// One account of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: AccountId,
    /// What the contact is in it.
    pub role: AccountRole,
    /// Since when, UTC milliseconds.
    pub since: i64,
}

impl Reader<'_> {
    /// Returns the accounts of each contact: primary, secondary, regular, the earliest first within each. Contacts
    /// without an account are left out.
    pub fn companies_of(&self, ids: &[ContactId]) -> Result<BTreeMap<ContactId, Vec<Membership>>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, account_id, role, since
             FROM rarray(?1) AS wanted CROSS JOIN account_contacts ON contact_id = wanted.value",
        )?;
        let mut rows = statement.query([sorted_ids(ids.iter().map(|id| id.0))])?;
        let mut companies: BTreeMap<ContactId, Vec<Membership>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let membership = Membership {
                account: row.get(1)?,
                role: row.get(2)?,
                since: row.get(3)?,
            };
            companies.entry(row.get(0)?).or_default().push(membership);
        }
        for memberships in companies.values_mut() {
            memberships
                .sort_by_key(|membership| (membership.role, membership.since, membership.account));
        }
        Ok(companies)
    }

    /// Returns up to `limit` contacts of an account in id order, those after `after`.
    pub fn members_page(
        &self,
        account: AccountId,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<ContactId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id FROM account_contacts
             WHERE account_id = :account AND contact_id > :after ORDER BY contact_id LIMIT :limit",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = statement.query_map(
            named_params! { ":account": account, ":after": after, ":limit": limit },
            |row| row.get(0),
        )?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    /// Makes a contact a member of an account, or changes its role there. Returns whether anything differed.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such contact or account.
    pub fn set_membership(
        &self,
        contact: ContactId,
        account: AccountId,
        role: AccountRole,
        now: i64,
    ) -> Result<bool> {
        self.account(account)?;
        let exists: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM contacts WHERE id = :id)")?
            .query_row(named_params! { ":id": contact }, |row| row.get(0))?;
        if !exists {
            return Err(Error::not_found("contact", contact));
        }
        let changed = self
            .connection
            .prepare_cached(
                "INSERT INTO account_contacts (contact_id, account_id, role, since)
                 VALUES (:contact, :account, :role, :now)
                 ON CONFLICT (contact_id, account_id) DO UPDATE SET role = excluded.role WHERE role <> excluded.role",
            )?
            .execute(named_params! { ":contact": contact, ":account": account, ":role": role, ":now": now })?;
        if changed > 0 {
            self.stamp_contacts(&[contact])?;
        }
        Ok(changed > 0)
    }

    /// Takes a contact out of an account. Returns whether it was in it.
    pub fn remove_membership(&self, contact: ContactId, account: AccountId) -> Result<bool> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM account_contacts WHERE contact_id = :contact AND account_id = :account")?
            .execute(named_params! { ":contact": contact, ":account": account })?;
        if removed > 0 {
            self.stamp_contacts(&[contact])?;
        }
        Ok(removed > 0)
    }
}
