//! The first page of a list that is not settled yet, straight from an index.

use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};

use super::id_set::IdSet;
use super::members::{Part, parts};
use super::orders::Walk;
use super::shelf::{FEW, Stamp};
use super::{Delivery, ListColumn, ListFilter, ListPage, ListQuery, narrow};
use crate::conditions::Bound;
use crate::{ContactId, Reader, Result, ScoreId, Store};

/// Workspaces with fewer contacts are settled at once; tests go both ways with a handful.
const MANY: i64 = if cfg!(test) { 0 } else { 20_000 };
/// How far a first page may reach.
const REACH: usize = 1_000;
/// Instructions of the database between two looks at how many there were, and how many looks there may be: some tens
/// of milliseconds. A filter that so few fulfil is better settled.
const STRIDE: i32 = 1_000;
const STRIDES: u32 = 2_000;
/// How many are asked at a time how far they have got; tests go both ways with a handful.
const ASKED: usize = if cfg!(test) { 2 } else { 200 };

impl Store {
    /// Returns a page near the beginning of a list if an index leads to it at once; `None` where settling is better.
    pub(super) fn first_page(
        &self,
        query: &ListQuery,
        from: usize,
        limit: usize,
    ) -> Result<Option<ListPage>> {
        if query.filter.deleted || from.saturating_add(limit) > REACH {
            return Ok(None);
        }
        self.read_stamped(|reader, now| {
            if reader.largest_id()? < MANY || self.shelf().kept_order(query.sort, now).is_some() {
                return Ok(None);
            }
            let Some(walks) = reader.first_walks(query.sort, query.descending)? else {
                return Ok(None);
            };
            let Some(sifted) = self.sifted(reader, query, now)? else {
                return Ok(None);
            };
            let ids = within_budget(reader.connection, || {
                reader.walk_until(&walks, &sifted, from, limit)
            })?;
            Ok(ids.map(|ids| ListPage {
                ids,
                total: sifted.total,
                place: None,
                settling: true,
            }))
        })
    }

    /// Works out what is quick of a filter, and leaves the rest to be looked at row by row.
    fn sifted(&self, reader: &Reader<'_>, query: &ListQuery, now: Stamp) -> Result<Option<Sifted>> {
        let shelf = self.shelf();
        let filter = &query.filter;
        let known = |part: &Part| shelf.kept_part(part, now).is_some();
        let mut wanted = filter.deliveries.iter().copied().map(Part::Delivery);
        let (deliveries, filter) = if wanted.all(|part| known(&part)) {
            (Vec::new(), filter.clone())
        } else {
            let others = ListFilter {
                deliveries: Vec::new(),
                ..filter.clone()
            };
            (filter.deliveries.clone(), others)
        };
        let (slow, quick): (Vec<Part>, Vec<Part>) = parts(&filter)
            .into_iter()
            .partition(|part| part.is_slow() && !known(part));
        let mut bound = Bound::default();
        let mut when = String::new();
        for part in &slow {
            if let Part::Condition(condition) = part {
                when.push_str(" AND ");
                when.push_str(&reader.condition_test(condition, &mut bound)?.sql);
            }
        }
        if quick.is_empty() && filter.deliveries.is_empty() {
            let out = (*shelf.part(reader, &Part::Deleted, now)?).clone();
            return Ok(Some(Sifted {
                only: None,
                out,
                when,
                bound: bound.values,
                deliveries,
                total: None,
            }));
        }
        let only = shelf.members_of(reader, &filter, &quick, now)?;
        let count = only.len();
        Ok((count > FEW).then(|| Sifted {
            only: Some(only),
            out: IdSet::default(),
            total: (when.is_empty() && deliveries.is_empty()).then_some(count),
            when,
            bound: bound.values,
            deliveries,
        }))
    }
}

/// A filter, half worked out.
struct Sifted {
    only: Option<IdSet>,
    out: IdSet,
    /// What is to be asked of each row.
    when: String,
    bound: Vec<Cell>,
    /// How far they may have got, where that is still to be asked; empty: wherever they are.
    deliveries: Vec<Delivery>,
    total: Option<u64>,
}

impl Sifted {
    fn lets_through(&self, id: u32) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(id)) && !self.out.contains(id)
    }
}

impl Reader<'_> {
    fn largest_id(&self) -> Result<i64> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT coalesce(max(id), 0) FROM contacts")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Returns statements that give the list's beginning one after the other; each is completed by conditions.
    pub(super) fn first_walks(
        &self,
        column: ListColumn,
        descending: bool,
    ) -> Result<Option<Vec<[String; 2]>>> {
        if let ListColumn::Points(score) = column {
            return Ok(Some(by_points(score, descending).into()));
        }
        let walk = self.walk(column)?.filter(|walk| walk.indexed);
        Ok(walk.map(|walk: Walk| {
            let begin = format!("SELECT contacts.id FROM contacts WHERE {}", walk.has_value);
            vec![[begin, format!(" ORDER BY {}", walk.order_by(descending))]]
        }))
    }

    /// Walks until the page is full; `None` when it does not get full.
    fn walk_until(
        &self,
        walks: &[[String; 2]],
        sifted: &Sifted,
        from: usize,
        limit: usize,
    ) -> Result<Option<Vec<ContactId>>> {
        let mut page = Page {
            ids: Vec::with_capacity(limit),
            before: from,
            limit,
        };
        let mut asked = Vec::with_capacity(ASKED);
        for [begin, end] in walks {
            let mut statement = self
                .connection
                .prepare_cached(&format!("{begin}{}{end}", sifted.when))?;
            let mut rows = statement.query(params_from_iter(&sifted.bound))?;
            while let Some(row) = rows.next()? {
                let id = row.get(0)?;
                if !sifted.lets_through(narrow(id)?) {
                    continue;
                }
                asked.push(ContactId(id));
                let enough = sifted.deliveries.is_empty() || asked.len() == ASKED;
                if enough && self.take(&mut asked, sifted, &mut page)? {
                    return Ok(Some(page.ids));
                }
            }
        }
        let full = self.take(&mut asked, sifted, &mut page)?;
        Ok(full.then_some(page.ids))
    }

    /// Takes those who have got as far as is wanted; true when the page is full.
    fn take(&self, asked: &mut Vec<ContactId>, sifted: &Sifted, page: &mut Page) -> Result<bool> {
        if !sifted.deliveries.is_empty() {
            let got = self.deliveries(asked)?;
            asked.retain(|id| {
                got.get(id)
                    .is_some_and(|got| sifted.deliveries.contains(got))
            });
        }
        for id in asked.drain(..) {
            if page.before > 0 {
                page.before -= 1;
            } else if page.ids.len() < page.limit {
                page.ids.push(id);
            }
        }
        Ok(page.ids.len() == page.limit)
    }
}

/// A page that is being filled.
struct Page {
    ids: Vec<ContactId>,
    /// How many come before it.
    before: usize,
    limit: usize,
}

/// Those with entries on the one side of 0, then those at 0.
fn by_points(score: ScoreId, descending: bool) -> [[String; 2]; 2] {
    let (side, direction) = if descending {
        ("> 0", " DESC")
    } else {
        ("< 0", "")
    };
    [
        [
            format!(
                "SELECT contact_id FROM score_points CROSS JOIN contacts ON contacts.id = contact_id
                 WHERE score_id = {score} AND points {side}"
            ),
            format!(" ORDER BY points{direction}, contact_id{direction}"),
        ],
        [
            format!(
                "SELECT contacts.id FROM contacts WHERE NOT EXISTS (
                   SELECT 1 FROM score_points
                   WHERE score_id = {score} AND contact_id = contacts.id AND points <> 0)"
            ),
            format!(" ORDER BY contacts.id{direction}"),
        ],
    ]
}

/// Runs `f`, but not for long; `None` when it would take longer.
fn within_budget<T>(
    connection: &Connection,
    f: impl FnOnce() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let strides = AtomicU32::new(0);
    connection.progress_handler(
        STRIDE,
        Some(move || strides.fetch_add(1, Ordering::Relaxed) >= STRIDES),
    )?;
    let done = f();
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match done {
        Err(crate::Error::Interrupted) => Ok(None),
        done => done,
    }
}
