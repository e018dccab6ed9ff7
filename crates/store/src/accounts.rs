//! Companies, and who belongs to them in which role.

mod members;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use rusqlite::types::Value as Cell;
use rusqlite::{Row, named_params, params_from_iter};

pub use members::{AccountRole, Membership};

use crate::contacts::{LONGEST_LINE, LONGEST_TEXT, sorted_ids};
use crate::{AccountId, ContactId, Error, ImportId, Reader, Result, Writer, long_values};

macro_rules! account_fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A field of an account; each is text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AccountField {
            $($(#[$doc])* $variant,)*
        }

        impl AccountField {
            /// Every field, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the field's name, as mappings and the command line write it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns the field of this exact name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

account_fields! {
    /// The company's name, the only field that every account has.
    Name = "name",
    /// Website.
    Website = "website",
    /// Phone.
    Phone = "phone",
    /// Street.
    Street = "street",
    /// City.
    City = "city",
    /// ISO 3166-2 code, else the text as imported.
    State = "state",
    /// Postal code.
    PostalCode = "postal_code",
    /// ISO 3166-1 alpha-2 code, else the text as imported.
    Country = "country",
    /// Industry.
    Industry = "industry",
    /// Notes.
    Notes = "notes",
}

impl fmt::Display for AccountField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its row.
    pub id: AccountId,
    /// The set fields; the name is always among them.
    pub values: BTreeMap<AccountField, String>,
    /// When it was created, UTC milliseconds.
    pub created_at: i64,
    /// When it was changed last, UTC milliseconds.
    pub changed_at: i64,
}

/// What an account is read from; the fields stand in the order of [`AccountField::ALL`].
const COLUMNS: &str = "id, created_at, changed_at, name, website, phone, street, city, state, postal_code, country, industry, notes";

impl Account {
    /// Returns the text of a field; `None` is unset.
    pub fn get(&self, field: AccountField) -> Option<&str> {
        self.values.get(&field).map(String::as_str)
    }

    /// Returns the company's name.
    pub fn name(&self) -> &str {
        self.get(AccountField::Name).unwrap_or_default()
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut values = BTreeMap::new();
        for (at, field) in (3..).zip(AccountField::ALL) {
            if let Some(text) = long_values::get(row, at)? {
                values.insert(*field, text);
            }
        }
        Ok(Self {
            id: row.get(0)?,
            values,
            created_at: row.get(1)?,
            changed_at: row.get(2)?,
        })
    }
}

/// Returns what equality of company names means: trimmed and lower-cased.
fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Returns the ends between which the keys of names lie that begin so.
fn keys_beginning(begin: &str) -> (String, String) {
    let from = name_key(begin);
    let to = format!("{from}{}", char::MAX);
    (from, to)
}

impl Reader<'_> {
    /// Returns an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn account(&self, id: AccountId) -> Result<Account> {
        self.accounts(&[id])?
            .pop()
            .ok_or_else(|| Error::not_found("account", id))
    }

    /// Returns accounts by id, in id order; unknown ids are left out.
    pub fn accounts(&self, ids: &[AccountId]) -> Result<Vec<Account>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM rarray(?1) AS wanted CROSS JOIN accounts ON accounts.id = wanted.value"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = sorted_ids(ids.iter().map(|id| id.0));
        let rows = statement.query_map([ids], Account::from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns up to `limit` accounts in id order, those after `after`.
    pub fn accounts_page(&self, after: Option<AccountId>, limit: usize) -> Result<Vec<Account>> {
        let sql =
            format!("SELECT {COLUMNS} FROM accounts WHERE id > :after ORDER BY id LIMIT :limit");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let after = after.map_or(0, |id| id.0);
        let rows = statement.query_map(
            named_params! { ":after": after, ":limit": limit },
            Account::from_row,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns up to `limit` accounts by name, those after the first `skip`, whose name begins so; each with how many
    /// live contacts it has.
    pub fn accounts_beginning(
        &self,
        begin: &str,
        skip: u64,
        limit: usize,
    ) -> Result<Vec<(Account, u64)>> {
        let sql = format!(
            "SELECT {COLUMNS},
               (SELECT count(*) FROM account_contacts CROSS JOIN contacts ON contacts.id = contact_id
                WHERE account_id = accounts.id AND deleted_at IS NULL) AS members
             FROM accounts WHERE name_key >= :from AND name_key < :to ORDER BY name_key, id LIMIT :limit OFFSET :skip"
        );
        let (from, to) = keys_beginning(begin);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(
            named_params! {
                ":from": from, ":to": to,
                ":limit": i64::try_from(limit).unwrap_or(i64::MAX), ":skip": i64::try_from(skip).unwrap_or(i64::MAX),
            },
            |row| {
                let members: i64 = row.get("members")?;
                Ok((Account::from_row(row)?, members.unsigned_abs()))
            },
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns how many accounts' names begin so.
    pub fn count_accounts_beginning(&self, begin: &str) -> Result<u64> {
        let (from, to) = keys_beginning(begin);
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM accounts WHERE name_key >= :from AND name_key < :to",
            )?
            .query_row(named_params! { ":from": from, ":to": to }, |row| row.get(0))?)
    }

    /// Returns how many accounts there are.
    pub fn count_accounts(&self) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM accounts")?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns the accounts of a name without regard to case, eldest first.
    pub fn accounts_named(&self, name: &str) -> Result<Vec<AccountId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM accounts WHERE name_key = :key ORDER BY id")?;
        let ids = statement.query_map(named_params! { ":key": name_key(name) }, |row| {
            row.get("id")
        })?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the account that a user means by its name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none; [`Error::Refused`] when several share the name.
    pub fn find_account(&self, name: &str) -> Result<AccountId> {
        match self.accounts_named(name)?.as_slice() {
            [] => Err(Error::not_found("account", name.trim())),
            [id] => Ok(*id),
            several => Err(Error::Refused(format!(
                "{} accounts have this name; rename all but one of them",
                several.len()
            ))),
        }
    }
}

impl Writer<'_> {
    /// Adds an account; `import` is the import that brings it.
    ///
    /// # Errors
    /// [`Error::Refused`] when it has no name or a text is too long.
    pub fn insert_account(
        &self,
        values: &BTreeMap<AccountField, String>,
        import: Option<ImportId>,
        now: i64,
    ) -> Result<AccountId> {
        let mut row = vec![
            Cell::Integer(now),
            Cell::Integer(now),
            import.map_or(Cell::Null, |id| Cell::Integer(id.0)),
        ];
        let mut columns = "created_at, changed_at, import_id, name_key".to_owned();
        let name = checked(
            AccountField::Name,
            values.get(&AccountField::Name).map(String::as_str),
        )?;
        row.push(Cell::Text(name_key(name.as_deref().unwrap_or_default())));
        for field in AccountField::ALL {
            let text = checked(*field, values.get(field).map(String::as_str))?;
            row.push(text.map_or(Cell::Null, Cell::Text));
            let _ = write!(columns, ", {field}");
        }
        let places = vec!["?"; row.len()].join(", ");
        let sql = format!("INSERT INTO accounts ({columns}) VALUES ({places})");
        Ok(AccountId(
            self.connection
                .prepare_cached(&sql)?
                .insert(params_from_iter(row))?,
        ))
    }

    /// Changes fields of an account; `None` unsets one. Returns whether anything differed: only then its contacts are
    /// stamped.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the name would be unset or a text is too long.
    pub fn change_account(
        &self,
        id: AccountId,
        changes: &[(AccountField, Option<String>)],
        now: i64,
    ) -> Result<bool> {
        let current = self.account(id)?;
        let mut sql = "UPDATE accounts SET changed_at = ?1".to_owned();
        let mut row = vec![Cell::Integer(now)];
        let mut set = |column: &str, cell: Cell| {
            row.push(cell);
            let _ = write!(sql, ", {column} = ?{}", row.len());
        };
        let mut differs = false;
        for (field, text) in changes {
            let text = checked(*field, text.as_deref())?;
            if text.as_deref() == current.get(*field) {
                continue;
            }
            differs = true;
            if *field == AccountField::Name {
                set(
                    "name_key",
                    Cell::Text(name_key(text.as_deref().unwrap_or_default())),
                );
            }
            set(field.name(), text.map_or(Cell::Null, Cell::Text));
        }
        if differs {
            row.push(Cell::Integer(id.0));
            let _ = write!(sql, " WHERE id = ?{}", row.len());
            self.connection
                .prepare_cached(&sql)?
                .execute(params_from_iter(row))?;
            self.stamp_members(id)?;
        }
        Ok(differs)
    }

    /// Removes an account; its contacts stay.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn delete_account(&self, id: AccountId) -> Result<()> {
        self.stamp_members(id)?;
        let removed = self
            .connection
            .prepare_cached("DELETE FROM accounts WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        if removed == 0 {
            Err(Error::not_found("account", id))
        } else {
            Ok(())
        }
    }

    /// Stamps everyone in an account, in pages.
    fn stamp_members(&self, id: AccountId) -> Result<()> {
        let mut after = ContactId(0);
        loop {
            let members = self.members_page(id, after, 1000)?;
            let Some(last) = members.last() else {
                return Ok(());
            };
            after = *last;
            self.stamp_contacts(&members)?;
        }
    }
}

/// Trims a text and bounds it; `None` is unset.
fn checked(field: AccountField, text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if field == AccountField::Name && text.is_none() {
        return Err(Error::Refused("an account needs a name".into()));
    }
    let longest = if field == AccountField::Notes {
        LONGEST_TEXT
    } else {
        LONGEST_LINE
    };
    if text.is_some_and(|text| text.chars().count() > longest) {
        return Err(Error::Refused(format!(
            "\"{field}\" of the account can't have more than {longest} characters; shorten it"
        )));
    }
    if text.is_some_and(|text| text.contains('\0')) {
        return Err(Error::Refused(format!(
            "the account's \"{field}\" can't contain NUL characters"
        )));
    }
    Ok(text.map(str::to_owned))
}

#[cfg(test)]
mod tests;
