//! `links.…`: which contact is which record.

use serde::Deserialize;

use super::table::commands;
use crate::links::{self, LinkList, Linked, LinksRemoved, SetLink};

commands! {
    /// Returns a page of links, of one connection's org where one is named.
    "links.list" (LinkPage) -> LinkList = |at, request| {
        links::list(at.workspace()?, request.connection.as_deref(), request.after, request.limit)
    };
    /// Links a contact to a record that the org has, and writes the contact's guid into the record.
    "links.set" (SetLink) -> Linked, stales ["links", "contacts", "queue", "search"] = |at, request| {
        links::set(at.workspace()?, &request).await
    };
    /// Removes a contact's links: all, or those of one connection's org, or to one object.
    "links.remove" (RemoveLinks) -> LinksRemoved, stales ["links", "contacts", "queue", "search"] = |at, request| {
        links::remove(
            at.workspace()?,
            &request.contact,
            request.connection.as_deref(),
            request.object.as_deref(),
        )
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct LinkPage {
    /// Of this connection's org; of all without.
    connection: Option<String>,
    /// The last one of the page before.
    after: Option<i64>,
    /// Length of the page.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct RemoveLinks {
    /// The contact's guid.
    contact: String,
    /// Only those to this connection's org.
    connection: Option<String>,
    /// Only those to this object.
    object: Option<String>,
}
