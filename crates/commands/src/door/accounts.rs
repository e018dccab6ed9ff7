//! `accounts.…`: companies, and who belongs to them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::{Named, commands};
use crate::accounts::{self, AccountCard, AccountId, AccountInfo, AccountList};

/// Members shown of an account.
const MEMBERS: usize = 100;

commands! {
    /// Returns a page of accounts.
    "accounts.list" (AccountPage) -> AccountList = |at, request| {
        accounts::list(at.workspace()?, request.after, request.limit)
    };
    /// Shows an account with its first contacts.
    "accounts.show" (Named) -> AccountCard = |at, request| {
        accounts::show(at.workspace()?, &request.name, MEMBERS)
    };
    /// Adds an account.
    "accounts.add" (AccountFields) -> AccountInfo, stales ["accounts", "workspaces"] = |at, request| {
        let fields: Vec<_> = request.fields.into_iter().collect();
        accounts::add(at.workspace()?, &request.name, &fields)
    };
    /// Changes fields of an account; an empty text unsets one.
    "accounts.set" (AccountFields) -> AccountInfo, stales ["accounts", "contacts"] = |at, request| {
        let fields: Vec<_> = request.fields.into_iter().collect();
        accounts::set(at.workspace()?, &request.name, &fields)
    };
    /// Removes an account; its contacts stay.
    "accounts.delete" (Named) -> (), stales ["accounts", "contacts", "workspaces"] = |at, request| {
        accounts::delete(at.workspace()?, &request.name)
    };
    /// Makes a contact a member of an account in a role, or takes it out. Returns whether anything differed.
    "accounts.join" (Join) -> bool, stales ["accounts", "contacts"] = |at, request| {
        accounts::join(at.workspace()?, &request.name, &request.contact, request.role.as_deref())
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct AccountPage {
    /// The last one of the page before.
    after: Option<AccountId>,
    /// Length of the page.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct AccountFields {
    /// The account.
    name: String,
    /// Values by field name.
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Join {
    /// The account.
    name: String,
    /// The contact's guid.
    contact: String,
    /// `primary`, `secondary` or `regular`; none takes it out.
    role: Option<String>,
}
