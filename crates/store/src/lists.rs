//! Lists of contacts in any order, of any length, any page of them at once.
//!
//! The order of a whole list is settled once and kept as ids, four bytes each; a page is a slice of it, whose rows are
//! read by id. What a filter lets through is kept as one bit a contact, part by part, so that a search as one types only
//! works out what is new in it. While a long list is being settled its first page comes straight from an index, and
//! after a change the list shown before is served until the new one stands.
//!
//! At most two lists, two orders and a few parts are kept: under 20 MB at a million contacts.

mod deliveries;
mod first_page;
mod id_set;
mod members;
mod orders;
mod shelf;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use shelf::Shelf;

use crate::{
    Condition, ConsentStanding, ContactField, ContactId, Error, ImportId, PurposeId, Result,
    ScoreId, SegmentId, Store,
};

/// A column of a list of contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListColumn {
    /// The whole name; sorted by last name, then first name.
    Name,
    /// A field.
    Field(ContactField),
    /// The name of the account that stands for the contact.
    Account,
    /// The points in a score.
    Points(ScoreId),
    /// How far it has got.
    Delivery,
}

/// How far a contact has got on its way out, over all replications; the first that holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// A replication cannot send it: a person is needed.
    Blocked,
    /// A replication has given it up after the last attempt.
    GivenUp,
    /// It waits to be sent, or is being sent.
    Waiting,
    /// It has a record, and was changed since it was last considered.
    Changed,
    /// It has a record.
    Linked,
    /// It has no record, and is not to be sent, not selected any more, or held.
    LeftOut,
    /// It has no record.
    NotSent,
}

impl Delivery {
    /// All of them, in their order.
    pub const ALL: [Delivery; 7] = [
        Delivery::Blocked,
        Delivery::GivenUp,
        Delivery::Waiting,
        Delivery::Changed,
        Delivery::Linked,
        Delivery::LeftOut,
        Delivery::NotSent,
    ];
}

/// Which contacts a list shows; all of it must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListFilter {
    /// Beginnings of words in the name, email, company, address or a phone number; every word must occur.
    pub text: Option<String>,
    /// Conditions on fields.
    pub conditions: Vec<Condition>,
    /// Least points in scores.
    pub points: Vec<(ScoreId, i64)>,
    /// How far they have got; any of these. Empty: wherever they are.
    pub deliveries: Vec<Delivery>,
    /// The import that created or changed them.
    pub import: Option<ImportId>,
    /// The segment that they are in.
    pub segment: Option<SegmentId>,
    /// How their consent to a purpose stands.
    pub consent: Option<(PurposeId, ConsentStanding)>,
    /// Deleted ones instead of live ones.
    pub deleted: bool,
}

/// A list of contacts: who, and in which order. Ties are in the order of their ids.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Who.
    pub filter: ListFilter,
    /// What the list is sorted by; contacts without a value come last, whatever the direction.
    pub sort: ListColumn,
    /// From large to small.
    pub descending: bool,
}

/// A slice of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// The contacts, in the list's order.
    pub ids: Vec<ContactId>,
    /// How many the list has; `None` while that is being found out.
    pub total: Option<u64>,
    /// Where the contact that was looked for stands, from 0; `None` when it is not in the list.
    pub place: Option<u64>,
    /// A newer order is being worked out: ask again in a moment.
    pub settling: bool,
}

impl Store {
    /// Returns up to `limit` contacts of a list from a position on; `find` is a contact whose place is wanted too.
    ///
    /// Asking for another list interrupts one that is still being settled.
    ///
    /// # Errors
    /// [`Error::Interrupted`] when another list was asked for meanwhile; [`Error::NotFound`] and [`Error::Refused`] when
    /// a condition makes no sense.
    pub fn list_page(
        self: &Arc<Self>,
        query: &ListQuery,
        from: u64,
        limit: usize,
        find: Option<ContactId>,
    ) -> Result<ListPage> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        if let Some(list) = self.shelf().list(query) {
            let settling = !self.is_up_to_date(&list)? && self.renew(&list)?;
            let list = self.shelf().list(query).unwrap_or(list);
            return Ok(list.page(from, limit, find, settling));
        }
        if find.is_none()
            && let Some(page) = self.first_page(query, from, limit)?
        {
            self.settle_meanwhile(query);
            return Ok(page);
        }
        Ok(self.settled(query)?.page(from, limit, find, false))
    }

    /// Returns how many contacts a filter lets through.
    ///
    /// # Errors
    /// As [`Store::list_page`].
    pub fn count_listed(&self, filter: &ListFilter) -> Result<u64> {
        if *filter == ListFilter::default() {
            return self.read(|reader| reader.live_contacts());
        }
        self.read_stamped(|reader, now| Ok(self.shelf().members(reader, filter, now)?.len()))
    }
}

/// Ids are kept in four bytes: enough for four thousand million contacts.
fn narrow(id: i64) -> Result<u32> {
    u32::try_from(id)
        .map_err(|_| Error::Refused("the workspace has too many contacts for a list".into()))
}

#[cfg(test)]
mod tests;
