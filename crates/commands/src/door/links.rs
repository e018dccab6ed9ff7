//! `links.…`: which contact is which record.

use serde::Deserialize;

use super::table::commands;
use crate::links::{
    self, ConfirmLinks, FindLinks, LinkList, LinkPairs, LinkPreview, Linked, LinksConfirmed,
    LinksRemoved, RecordKept, SetLink,
};

commands! {
    /// Returns a page of links, of one connection's org where one is named.
    "links.list" (LinkPage) -> LinkList = |at, request| {
        links::list(at.workspace()?, request.connection.as_deref(), request.after, request.limit)
    };
    /// Links a contact to a record that the org has, and writes the contact's guid into the record.
    "links.set" (SetLink) -> Linked, stales ["links", "contacts", "queue", "search", "mirror"] = |at, request| {
        links::set(at.workspace()?, &request).await
    };
    /// Tells what linking a contact to a record would write. One call; nothing is written.
    "links.preview" (SetLink) -> LinkPreview, asks org = |at, request| links::preview(at.workspace()?, &request).await;
    /// Chooses one of the two records of a contact that another one was merged into; the links to the others go.
    "links.keep" (KeepRecord) -> RecordKept, stales ["links", "contacts", "queue", "search", "mirror"] = |at, request| {
        links::keep(at.workspace()?, &request.contact, &request.record_id)
    };
    /// Finds contacts and records that are probably one person, from what pulls have read; nothing is linked.
    "links.find" (FindLinks) -> LinkPairs = |at, request| links::find(at.workspace()?, &request);
    /// Links pairs that were confirmed, up to 200 records a call.
    "links.confirm" (ConfirmLinks) -> LinksConfirmed, stales ["links", "contacts", "queue", "search", "mirror"] = |at, request| {
        links::confirm(at.workspace()?, &request).await
    };
    /// Removes a contact's links: all, or those of one connection's org, or to one object.
    "links.remove" (RemoveLinks) -> LinksRemoved, stales ["links", "contacts", "queue", "search", "mirror"] = |at, request| {
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
pub(crate) struct KeepRecord {
    /// The contact's guid.
    contact: String,
    /// The record that stays linked.
    record_id: String,
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
