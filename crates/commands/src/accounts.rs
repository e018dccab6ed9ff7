//! Accounts: companies, and who belongs to them.

use std::collections::BTreeMap;

pub use leadferry_store::AccountId;
use leadferry_store::{Account, AccountField, AccountRole, ContactId, Guid, meant_account_field};
use serde::Serialize;

use crate::error::did_you_mean;
use crate::{Error, Result, Workspace, people};

/// A company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountInfo {
    /// Its row, for the next page.
    pub id: AccountId,
    /// Its set fields by name.
    pub fields: BTreeMap<&'static str, String>,
}

impl From<Account> for AccountInfo {
    fn from(account: Account) -> AccountInfo {
        let fields = account
            .values
            .into_iter()
            .map(|(field, text)| (field.name(), text))
            .collect();
        AccountInfo {
            id: account.id,
            fields,
        }
    }
}

/// A page of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountList {
    /// The accounts, in the order in which they came.
    pub accounts: Vec<AccountInfo>,
    /// Ask with this for the next page; `None` on the last one.
    pub next: Option<AccountId>,
}

/// Returns a page of accounts.
pub fn list(workspace: &Workspace, after: Option<AccountId>, limit: usize) -> Result<AccountList> {
    let found = workspace
        .store()
        .read(|reader| reader.accounts_page(after, limit.saturating_add(1)))?;
    let more = found.len() > limit;
    let accounts: Vec<AccountInfo> = found
        .into_iter()
        .take(limit)
        .map(AccountInfo::from)
        .collect();
    let next = accounts.last().filter(|_| more).map(|last| last.id);
    Ok(AccountList { accounts, next })
}

/// A line of the list of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountLine {
    /// The company.
    #[serde(flatten)]
    pub account: AccountInfo,
    /// How many contacts it has.
    pub members: u64,
}

/// Accounts by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountLines {
    /// The page.
    pub lines: Vec<AccountLine>,
    /// How many there are in all.
    pub total: u64,
}

/// Returns accounts by name whose names begin with a text, those after the first `skip`.
pub fn by_name(
    workspace: &Workspace,
    begin: &str,
    skip: u64,
    limit: usize,
) -> Result<AccountLines> {
    Ok(workspace.store().read(|reader| {
        let found = reader.accounts_beginning(begin, skip, limit)?;
        let lines = found.into_iter().map(|(account, members)| AccountLine {
            account: account.into(),
            members,
        });
        Ok::<_, leadferry_store::Error>(AccountLines {
            lines: lines.collect(),
            total: reader.count_accounts_beginning(begin)?,
        })
    })?)
}

/// A company with its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountCard {
    /// The company.
    #[serde(flatten)]
    pub account: AccountInfo,
    /// Its contacts, at most the number asked for.
    pub members: Vec<Member>,
}

/// A contact of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Member {
    /// The contact.
    pub guid: Guid,
    /// Its name, else its email, else its company.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// What the contact is there.
    pub role: &'static str,
}

/// Returns the account that a user means by its name.
///
/// # Errors
/// When there is none of that name, or several.
pub fn named(workspace: &Workspace, name: &str) -> Result<AccountId> {
    Ok(workspace.store().read(|reader| reader.find_account(name))?)
}

/// Shows an account with its first contacts.
///
/// # Errors
/// When there is no such account.
pub fn show(workspace: &Workspace, id: AccountId, limit: usize) -> Result<AccountCard> {
    Ok(workspace.store().read(|reader| {
        let ids = reader.members_page(id, ContactId(0), limit)?;
        let roles = reader.companies_of(&ids)?;
        let contacts = reader.contacts(&ids, &people::NAMES)?;
        let mut people = people::named(reader, &contacts)?;
        let live = contacts
            .iter()
            .filter(|contact| contact.deleted_at.is_none());
        let members = live.filter_map(|contact| {
            let person = people.remove(&contact.id)?;
            let role = roles
                .get(&contact.id)
                .and_then(|all| all.iter().find(|one| one.account == id));
            Some(Member {
                name: person.name,
                email: person.email,
                role: role.map_or("", |membership| membership.role.name()),
                guid: person.guid,
            })
        });
        Ok::<_, leadferry_store::Error>(AccountCard {
            members: members.collect(),
            account: reader.account(id)?.into(),
        })
    })?)
}

/// Adds an account.
///
/// # Errors
/// When it has no name, or a text is too long.
pub fn add(workspace: &Workspace, name: &str, fields: &[(String, String)]) -> Result<AccountInfo> {
    let mut values = BTreeMap::new();
    for (field, text) in fields {
        values.insert(field_named(field)?, text.clone());
    }
    values.insert(AccountField::Name, name.to_owned());
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let id = writer.insert_account(&values, None, now)?;
        writer.account(id).map(AccountInfo::from)
    })?)
}

/// Changes fields of an account; an empty text unsets one.
///
/// # Errors
/// When there is no such account or field, or a text is too long.
pub fn set(
    workspace: &Workspace,
    id: AccountId,
    fields: &[(String, String)],
) -> Result<AccountInfo> {
    let changes = fields.iter().map(|(field, text)| {
        let text = text.trim();
        Ok((
            field_named(field)?,
            (!text.is_empty()).then(|| text.to_owned()),
        ))
    });
    let changes = changes.collect::<Result<Vec<_>>>()?;
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        writer.change_account(id, &changes, now)?;
        writer.account(id).map(AccountInfo::from)
    })?)
}

/// Removes an account; its contacts stay.
///
/// # Errors
/// When there is no such account.
pub fn delete(workspace: &Workspace, id: AccountId) -> Result<()> {
    Ok(workspace
        .store()
        .write(|writer| writer.delete_account(id))?)
}

/// Makes a contact a member of an account, in a role; `None` takes it out. Returns whether anything differed.
///
/// # Errors
/// When there is no such account, contact or role.
pub fn join(
    workspace: &Workspace,
    id: AccountId,
    contact: &str,
    role: Option<&str>,
) -> Result<bool> {
    let role = match role {
        Some(role) => Some(AccountRole::from_name(role).ok_or_else(|| {
            Error::usage(
                format!("\"{role}\" isn't a role"),
                "use primary, secondary or regular",
            )
        })?),
        None => None,
    };
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let contact = writer.find_contact(contact)?;
        match role {
            Some(role) => writer.set_membership(contact, id, role, now),
            None => writer.remove_membership(contact, id),
        }
    })?)
}

fn field_named(name: &str) -> Result<AccountField> {
    AccountField::from_name(name.trim()).ok_or_else(|| {
        let names: Vec<_> = AccountField::ALL.iter().map(|field| field.name()).collect();
        Error::usage(
            format!("Accounts have no field \"{name}\"."),
            did_you_mean(
                meant_account_field(name),
                &format!("Use one of these: {}.", names.join(", ")),
            ),
        )
    })
}
