//! `accounts.…`: companies, and who belongs to them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::commands;
use crate::accounts::{self, AccountCard, AccountId, AccountInfo, AccountLines};

/// Members shown of an account.
const MEMBERS: usize = 100;

commands! {
    /// Returns a page of the accounts by name.
    "accounts.list" (AccountPage) -> AccountLines = |at, request| {
        accounts::by_name(at.workspace()?, &request.begin, request.from, request.limit)
    };
    /// Shows an account with its first contacts.
    "accounts.show" (OneAccount) -> AccountCard = |at, request| {
        accounts::show(at.workspace()?, request.account, MEMBERS)
    };
    /// Adds an account.
    "accounts.add" (NewAccount) -> AccountInfo, stales ["accounts", "workspaces"] = |at, request| {
        let fields: Vec<_> = request.fields.into_iter().collect();
        accounts::add(at.workspace()?, &request.name, &fields)
    };
    /// Changes fields of an account; an empty text unsets one.
    "accounts.set" (AccountFields) -> AccountInfo, stales ["accounts", "contacts"] = |at, request| {
        let fields: Vec<_> = request.fields.into_iter().collect();
        accounts::set(at.workspace()?, request.account, &fields)
    };
    /// Removes an account; its contacts stay.
    "accounts.delete" (OneAccount) -> (), stales ["accounts", "contacts", "workspaces"] = |at, request| {
        accounts::delete(at.workspace()?, request.account)
    };
    /// Makes a contact a member of an account in a role, or takes it out. Returns whether anything differed.
    "accounts.join" (Join) -> bool, stales ["accounts", "contacts"] = |at, request| {
        accounts::join(at.workspace()?, request.account, &request.contact, request.role.as_deref())
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct AccountPage {
    /// How the names begin; empty for all.
    begin: String,
    /// Place of the first one.
    from: u64,
    /// Length of the page.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OneAccount {
    /// The account.
    account: AccountId,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NewAccount {
    /// Its name.
    name: String,
    /// Other values by field name.
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct AccountFields {
    /// The account.
    account: AccountId,
    /// Values by field name.
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Join {
    /// The account.
    account: AccountId,
    /// The contact's guid.
    contact: String,
    /// `primary`, `secondary` or `regular`; none takes it out.
    role: Option<String>,
}
