//! What is kept of lists between two requests, and who works on the next one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::InterruptHandle;

use super::id_set::IdSet;
use super::members::{Part, parts};
use super::orders::Order;
use super::{ListColumn, ListFilter, ListPage, ListQuery};
use crate::{ContactId, Error, Reader, Result, Store};

const LISTS: usize = 2;
const ORDERS: usize = 2;
const PARTS: usize = 16;
/// Up to so many are sorted by themselves instead of picked out of the order of all.
pub(super) const FEW: u64 = if cfg!(test) { 3 } else { 5_000 };
/// A list that takes no longer than this is settled while the caller waits.
const AT_ONCE: Duration = Duration::from_millis(25);
/// What replications change all the time is worked out again only after so many times what it takes.
const PATIENCE: u32 = 6;

/// The state of the workspace that something was worked out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The sequence number: every change of a contact moves it.
    sequence: i64,
    /// Every write moves it, those of replications too.
    data: i64,
}

/// A settled list.
#[derive(Debug)]
pub(super) struct List {
    query: ListQuery,
    stamp: Stamp,
    members: Members,
    settled_at: Instant,
    took: Duration,
}

#[derive(Debug)]
enum Members {
    /// All contacts, in the order of a column.
    All(Arc<Order>),
    /// Some of them, in the list's order.
    Some(Vec<u32>),
}

impl List {
    pub(super) fn page(
        &self,
        from: usize,
        limit: usize,
        find: Option<ContactId>,
        settling: bool,
    ) -> ListPage {
        let find = find.and_then(|id| u32::try_from(id.0).ok());
        let slice = |ids: &mut dyn Iterator<Item = u32>| {
            ids.take(limit).map(|id| ContactId(id.into())).collect()
        };
        let (ids, total, place) = match &self.members {
            Members::All(order) => {
                let all = || order.iter(self.query.descending);
                let place = find.and_then(|id| all().position(|other| other == id));
                (slice(&mut all().skip(from)), order.ids.len(), place)
            }
            Members::Some(ids) => {
                let place = find.and_then(|id| ids.iter().position(|other| *other == id));
                (slice(&mut ids.iter().copied().skip(from)), ids.len(), place)
            }
        };
        ListPage {
            ids,
            total: Some(total as u64),
            place: place.map(|place| place as u64),
            settling,
        }
    }
}

/// What is kept, the latest used first.
#[derive(Debug, Default)]
struct Kept {
    lists: Vec<Arc<List>>,
    orders: Vec<(Stamp, Arc<Order>)>,
    parts: Vec<(Part, Stamp, Arc<IdSet>)>,
    working: Option<Working>,
    works: u64,
}

impl Kept {
    fn is_working_on(&self, query: &ListQuery) -> bool {
        let working = self.working.as_ref();
        working.is_some_and(|work| work.query == *query)
    }

    /// Makes a list the one that is being settled, and returns the number of this turn; another one is interrupted.
    fn take_turn(&mut self, query: &ListQuery) -> u64 {
        if let Some(Working {
            stop: Some(stop), ..
        }) = &self.working
        {
            stop.interrupt();
        }
        self.works += 1;
        self.working = Some(Working {
            number: self.works,
            query: query.clone(),
            stop: None,
        });
        self.works
    }
}

/// The list that is being settled.
struct Working {
    number: u64,
    query: ListQuery,
    stop: Option<InterruptHandle>,
}

impl std::fmt::Debug for Working {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Working").field(&self.number).finish()
    }
}

/// Lists, orders and parts of filters that are kept for the next request.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    kept: Mutex<Kept>,
    done: Condvar,
}

impl Shelf {
    /// Says that a list is being settled which is not.
    #[cfg(test)]
    pub(super) fn pretend(&self, query: &ListQuery, stop: InterruptHandle) {
        self.kept().working = Some(Working {
            number: 0,
            query: query.clone(),
            stop: Some(stop),
        });
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that nothing is being settled any more, unless another turn has begun.
    fn end_turn(&self, number: u64) {
        let mut kept = self.kept();
        if kept
            .working
            .as_ref()
            .is_some_and(|work| work.number == number)
        {
            kept.working = None;
        }
    }

    fn give_turn_up(&self, number: u64) {
        self.end_turn(number);
        self.done.notify_all();
    }

    pub(super) fn list(&self, query: &ListQuery) -> Option<Arc<List>> {
        let mut kept = self.kept();
        let at = kept.lists.iter().position(|list| list.query == *query)?;
        let list = kept.lists.remove(at);
        kept.lists.insert(0, list.clone());
        Some(list)
    }

    fn keep_list(&self, list: Arc<List>) {
        let mut kept = self.kept();
        kept.lists.retain(|other| other.query != list.query);
        kept.lists.insert(0, list);
        kept.lists.truncate(LISTS);
    }

    /// Returns the order of a column if it is kept and still holds.
    pub(super) fn kept_order(&self, column: ListColumn, now: Stamp) -> Option<Arc<Order>> {
        let kept = self.kept();
        let (_, order) = kept
            .orders
            .iter()
            .find(|(stamp, order)| order.column == column && holds(*stamp, now, follows(column)))?;
        Some(order.clone())
    }

    fn order(&self, reader: &Reader<'_>, column: ListColumn, now: Stamp) -> Result<Arc<Order>> {
        if let Some(order) = self.kept_order(column, now) {
            return Ok(order);
        }
        let order = Arc::new(reader.order(column)?);
        let mut kept = self.kept();
        kept.orders.retain(|(_, other)| other.column != column);
        kept.orders.insert(0, (now, order.clone()));
        kept.orders.truncate(ORDERS);
        Ok(order)
    }

    /// Returns a part if it is kept and still holds.
    pub(super) fn kept_part(&self, part: &Part, now: Stamp) -> Option<Arc<IdSet>> {
        let mut kept = self.kept();
        let at = kept.parts.iter().position(|(other, stamp, _)| {
            other == part && holds(*stamp, now, part.follows_deliveries())
        })?;
        let found = kept.parts.remove(at);
        let set = found.2.clone();
        kept.parts.insert(0, found);
        Some(set)
    }

    pub(super) fn part(&self, reader: &Reader<'_>, part: &Part, now: Stamp) -> Result<Arc<IdSet>> {
        if let Some(set) = self.kept_part(part, now) {
            return Ok(set);
        }
        if let Part::Delivery(wanted) = part {
            // One pass gives all of them.
            let sets = reader.delivery_sets()?.map(Arc::new);
            for (delivery, set) in super::Delivery::ALL.iter().zip(&sets) {
                self.keep_part(Part::Delivery(*delivery), now, set.clone());
            }
            return Ok(sets[*wanted as usize].clone());
        }
        let set = Arc::new(reader.part(part)?);
        self.keep_part(part.clone(), now, set.clone());
        Ok(set)
    }

    fn keep_part(&self, part: Part, now: Stamp, set: Arc<IdSet>) {
        let mut kept = self.kept();
        kept.parts.retain(|(other, ..)| *other != part);
        kept.parts.insert(0, (part, now, set));
        kept.parts.truncate(PARTS);
    }

    /// Returns whom a filter lets through.
    pub(super) fn members(
        &self,
        reader: &Reader<'_>,
        filter: &ListFilter,
        now: Stamp,
    ) -> Result<IdSet> {
        self.members_of(reader, filter, &parts(filter), now)
    }

    /// Returns whom some parts of a filter let through, and its deliveries.
    pub(super) fn members_of(
        &self,
        reader: &Reader<'_>,
        filter: &ListFilter,
        parts: &[Part],
        now: Stamp,
    ) -> Result<IdSet> {
        let mut members: Option<IdSet> = None;
        let narrowed = |members: Option<IdSet>, by: IdSet| {
            Some(match members {
                None => by,
                Some(mut members) => {
                    members.keep(&by);
                    members
                }
            })
        };
        for part in parts.iter().filter(|part| !part.leaves_out()) {
            members = narrowed(members, (*self.part(reader, part, now)?).clone());
        }
        if !filter.deliveries.is_empty() {
            let mut any = IdSet::default();
            for delivery in &filter.deliveries {
                any.add(&*self.part(reader, &Part::Delivery(*delivery), now)?);
            }
            members = narrowed(members, any);
        }
        let deleted = self.part(reader, &Part::Deleted, now)?;
        if filter.deleted {
            members = narrowed(members, (*deleted).clone());
        }
        let mut members = match members {
            Some(members) => members,
            None => (*self.part(reader, &Part::Everyone, now)?).clone(),
        };
        if !filter.deleted {
            members.remove(&deleted);
        }
        for part in parts.iter().filter(|part| part.leaves_out()) {
            members.remove(&*self.part(reader, part, now)?);
        }
        Ok(members)
    }
}

impl Reader<'_> {
    /// Returns everyone whom a filter lets through at this moment, in the order of their ids.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Refused`] when a condition makes no sense.
    pub fn listed(&self, filter: &ListFilter) -> Result<Vec<ContactId>> {
        let now = Stamp {
            sequence: self.sequence()?,
            data: 0,
        };
        // What is kept for other requests may be older than this transaction.
        let members = Shelf::default().members(self, filter, now)?;
        Ok(members.iter().map(|id| ContactId(id.into())).collect())
    }
}

/// Tells whether what was worked out then still holds.
fn holds(then: Stamp, now: Stamp, follows_deliveries: bool) -> bool {
    then.sequence == now.sequence && (!follows_deliveries || then.data == now.data)
}

fn follows(column: ListColumn) -> bool {
    column == ListColumn::Delivery
}

impl ListQuery {
    /// Tells whether replications change the list without stamping contacts.
    fn follows_deliveries(&self) -> bool {
        follows(self.sort) || !self.filter.deliveries.is_empty()
    }
}

impl Store {
    /// Runs `f` on one state of the workspace, with its stamp.
    pub(super) fn read_stamped<T>(
        &self,
        f: impl FnOnce(&Reader<'_>, Stamp) -> Result<T>,
    ) -> Result<T> {
        // Taken before the state is: a write in between only makes the result seem older than it is.
        let data = self.data_version()?;
        self.read(|reader| {
            let sequence = reader.sequence()?;
            f(reader, Stamp { sequence, data })
        })
    }

    pub(super) fn is_up_to_date(&self, list: &List) -> Result<bool> {
        let now = self.read_stamped(|_, stamp| Ok(stamp))?;
        Ok(holds(list.stamp, now, list.query.follows_deliveries()))
    }

    /// Has a list that is out of date settled again: at once where that is quick, else meanwhile. Returns whether a
    /// newer one is being worked out.
    pub(super) fn renew(self: &Arc<Self>, list: &List) -> Result<bool> {
        if list.took <= AT_ONCE {
            self.settled(&list.query)?;
            return Ok(false);
        }
        if list.query.follows_deliveries() && list.settled_at.elapsed() < list.took * PATIENCE {
            return Ok(false);
        }
        self.settle_meanwhile(&list.query);
        Ok(true)
    }

    /// Settles a list on a thread of its own, unless that is being done.
    pub(super) fn settle_meanwhile(self: &Arc<Self>, query: &ListQuery) {
        let mut kept = self.shelf().kept();
        if kept.is_working_on(query) {
            return;
        }
        // Its turn is taken here: a thread that begins late must not interrupt what was asked for after it.
        let number = kept.take_turn(query);
        drop(kept);
        let (store, query) = (Arc::downgrade(self), query.clone());
        let thread = std::thread::Builder::new().name("settling a list".to_owned());
        let spawned = thread.spawn(move || {
            if let Some(store) = store.upgrade()
                && let Err(error) = store.settle(&query, number)
            {
                tracing::debug!(%error, "a list was not settled");
            }
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, "no thread for a list");
            self.shelf().give_turn_up(number);
        }
    }

    /// Settles a list, or waits for who does; one that is being settled for another query is interrupted.
    pub(super) fn settled(&self, query: &ListQuery) -> Result<Arc<List>> {
        let shelf = self.shelf();
        let mut kept = shelf.kept();
        while kept.is_working_on(query) {
            let number = kept.works;
            kept = shelf
                .done
                .wait_while(kept, |kept| kept.works == number && kept.working.is_some())
                .unwrap_or_else(PoisonError::into_inner);
            if kept.working.is_none()
                && let Some(list) = kept.lists.iter().find(|list| list.query == *query)
            {
                return Ok(list.clone());
            }
        }
        let number = kept.take_turn(query);
        drop(kept);
        self.settle(query, number)
    }

    fn settle(&self, query: &ListQuery, number: u64) -> Result<Arc<List>> {
        let shelf = self.shelf();
        let begun = Instant::now();
        let data = self.data_version();
        let mine = |work: &&mut Working| work.number == number;
        let settled = self.read_interruptible(
            |stop| match shelf.kept().working.as_mut().filter(mine) {
                Some(work) => {
                    work.stop = Some(stop);
                    true
                }
                // Another list is wanted by now.
                None => false,
            },
            || shelf.end_turn(number),
            |reader| {
                let stamp = Stamp {
                    sequence: reader.sequence()?,
                    data: data?,
                };
                let members = self.members_in_order(reader, query, stamp)?;
                let list = Arc::new(List {
                    query: query.clone(),
                    stamp,
                    members,
                    settled_at: begun,
                    took: begun.elapsed(),
                });
                shelf.keep_list(list.clone());
                Ok(list)
            },
        );
        // Also where no reader could be had.
        shelf.give_turn_up(number);
        match settled {
            Ok(Some(list)) => Ok(list),
            Ok(None) => Err(Error::Interrupted),
            Err(error) => Err(error),
        }
    }

    /// Returns a list as a whole, in its order, as the workspace is now.
    ///
    /// # Errors
    /// As [`Store::list_page`], but never [`Error::Interrupted`].
    pub fn whole_list(&self, query: &ListQuery) -> Result<Vec<ContactId>> {
        self.read_stamped(|reader, now| {
            let id = |id: u32| ContactId(id.into());
            Ok(match self.members_in_order(reader, query, now)? {
                Members::All(order) => order.iter(query.descending).map(id).collect(),
                Members::Some(ids) => ids.into_iter().map(id).collect(),
            })
        })
    }

    fn members_in_order(
        &self,
        reader: &Reader<'_>,
        query: &ListQuery,
        now: Stamp,
    ) -> Result<Members> {
        let shelf = self.shelf();
        if query.filter == ListFilter::default() {
            let deleted = shelf.part(reader, &Part::Deleted, now)?;
            let order = shelf.order(reader, query.sort, now)?;
            return Ok(if deleted.is_empty() {
                Members::All(order)
            } else {
                let live = order.iter(query.descending);
                Members::Some(live.filter(|id| !deleted.contains(*id)).collect())
            });
        }
        let members = shelf.members(reader, &query.filter, now)?;
        let count = members.len();
        if count <= FEW
            && shelf.kept_order(query.sort, now).is_none()
            && let Some(walk) = reader.walk(query.sort)?
        {
            return reader
                .sort_few(&members, &walk, query.descending)
                .map(Members::Some);
        }
        let order = shelf.order(reader, query.sort, now)?;
        let mut ids = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        ids.extend(
            order
                .iter(query.descending)
                .filter(|id| members.contains(*id)),
        );
        Ok(Members::Some(ids))
    }
}
