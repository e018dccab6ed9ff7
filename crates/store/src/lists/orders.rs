//! The order of all contacts by one column.

use std::collections::BTreeMap;

use rusqlite::named_params;
use rusqlite::types::Value as Cell;

use super::id_set::IdSet;
use super::{Delivery, ListColumn, narrow};
use crate::contacts::id_array;
use crate::{ContactField, FieldKind, Reader, Result};

/// All contacts, deleted ones included, from small to large.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) column: ListColumn,
    /// Those with a value first, then the others by id.
    pub(super) ids: Vec<u32>,
    /// How many have a value.
    pub(super) valued: usize,
}

impl Order {
    /// Goes through all contacts in one of the two directions; those without a value come last in both.
    pub(super) fn iter(&self, descending: bool) -> impl Iterator<Item = u32> + '_ {
        let (valued, rest) = self.ids.split_at(self.valued);
        let (ups, downs) = if descending {
            (&[][..], valued)
        } else {
            (valued, &[][..])
        };
        ups.iter().chain(downs.iter().rev()).chain(rest).copied()
    }
}

/// How the contacts with a value in a column are walked in order: by an index where there is one.
pub(super) struct Walk {
    /// When there is a value.
    pub(super) has_value: String,
    /// What they are sorted by, the most telling first.
    pub(super) keys: Vec<String>,
    /// Whether an index is in that order.
    pub(super) indexed: bool,
}

impl Walk {
    /// Returns the ORDER BY of a direction.
    pub(super) fn order_by(&self, descending: bool) -> String {
        let direction = if descending { " DESC" } else { "" };
        self.keys
            .iter()
            .map(|key| format!("{key}{direction}, "))
            .chain([format!("contacts.id{direction}")])
            .collect()
    }
}

impl Reader<'_> {
    /// Returns how a column of `contacts` is walked; `None` for columns that stand elsewhere.
    pub(super) fn walk(&self, column: ListColumn) -> Result<Option<Walk>> {
        let walk = |has_value: &str, keys: &[&str], indexed| Walk {
            has_value: has_value.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            indexed,
        };
        Ok(Some(match column {
            ListColumn::Name => walk(
                "coalesce(last_name, first_name) IS NOT NULL",
                &["fold(coalesce(last_name, first_name))", "fold(first_name)"],
                true,
            ),
            ListColumn::Field(ContactField::Email) => {
                walk("email_key IS NOT NULL", &["email_key"], true)
            }
            // Their order is that of the rows, but for clocks that were set back.
            ListColumn::Field(ContactField::CreatedAt) => walk("TRUE", &["created_at"], true),
            ListColumn::Field(ContactField::ChangedAt) => walk("TRUE", &["changed_at"], true),
            ListColumn::Field(field) => {
                let column = field.column();
                let key = match self.field_kind(field)? {
                    FieldKind::Text | FieldKind::LongText => format!("fold({column})"),
                    _ => column.clone(),
                };
                let indexed = field == ContactField::CompanyName;
                walk(&format!("{column} IS NOT NULL"), &[&key], indexed)
            }
            ListColumn::Account | ListColumn::Points(_) | ListColumn::Delivery => return Ok(None),
        }))
    }

    /// Returns all contacts, deleted ones included.
    pub(super) fn everyone(&self) -> Result<IdSet> {
        // Without an order SQLite reads the narrowest index, not the wide rows.
        let mut statement = self.connection.prepare_cached("SELECT id FROM contacts")?;
        IdSet::read(statement.query([])?)
    }

    /// Works the order of a column out.
    pub(super) fn order(&self, column: ListColumn) -> Result<Order> {
        let valued = match column {
            ListColumn::Points(score) => return self.order_by_points(score),
            ListColumn::Delivery => return self.order_by_delivery(),
            ListColumn::Account => self.by_account()?,
            _ => match self.walk(column)? {
                Some(walk) => self.walked(&walk)?,
                None => Vec::new(),
            },
        };
        let mut rest = self.everyone()?;
        let mut seen = IdSet::default();
        valued.iter().for_each(|id| seen.insert(*id));
        rest.remove(&seen);
        Ok(in_order(column, valued, &rest))
    }

    fn walked(&self, walk: &Walk) -> Result<Vec<u32>> {
        let sql = format!(
            "SELECT contacts.id FROM contacts WHERE {} ORDER BY {}",
            walk.has_value,
            walk.order_by(false)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        ids(statement.query([])?)
    }

    fn order_by_points(&self, score: crate::ScoreId) -> Result<Order> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, points FROM score_points
             WHERE score_id = :score AND points <> 0 ORDER BY points, contact_id",
        )?;
        let mut rows = statement.query(named_params! { ":score": score })?;
        let (mut below, mut above) = (Vec::new(), Vec::new());
        let mut elsewhere = IdSet::default();
        while let Some(row) = rows.next()? {
            let id = narrow(row.get(0)?)?;
            let side = if row.get::<_, i64>(1)? < 0 {
                &mut below
            } else {
                &mut above
            };
            side.push(id);
            elsewhere.insert(id);
        }
        let mut none = self.everyone()?;
        none.remove(&elsewhere);
        below.extend(none.iter());
        below.append(&mut above);
        Ok(in_order(
            ListColumn::Points(score),
            below,
            &IdSet::default(),
        ))
    }

    fn order_by_delivery(&self) -> Result<Order> {
        let sets = self.delivery_sets()?;
        let ids = Delivery::ALL
            .iter()
            .flat_map(|delivery| sets[*delivery as usize].iter());
        Ok(in_order(
            ListColumn::Delivery,
            ids.collect(),
            &IdSet::default(),
        ))
    }

    /// Returns the members of accounts, by the name of the account that stands for each.
    fn by_account(&self) -> Result<Vec<u32>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM accounts ORDER BY fold(name), id")?;
        let places: BTreeMap<i64, u32> = statement
            .query_map([], |row| row.get(0))?
            .zip(0_u32..)
            .map(|(id, place)| Ok((id?, place)))
            .collect::<rusqlite::Result<_>>()?;
        // The first of each contact's accounts stands for it, as in `companies_of`.
        let mut statement = self.connection.prepare_cached(
            "SELECT contact_id, account_id FROM account_contacts
             ORDER BY contact_id,
               CASE role WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END, since, account_id",
        )?;
        let mut rows = statement.query([])?;
        let mut placed: Vec<(u32, u32)> = Vec::new();
        while let Some(row) = rows.next()? {
            let id = narrow(row.get(0)?)?;
            let place = places.get(&row.get(1)?).copied().unwrap_or(u32::MAX);
            if placed.last().is_none_or(|(_, last)| *last != id) {
                placed.push((place, id));
            }
        }
        placed.sort_unstable();
        Ok(placed.into_iter().map(|(_, id)| id).collect())
    }

    /// Sorts a few contacts, those with a value first; costs in proportion to them, not to all.
    pub(super) fn sort_few(
        &self,
        members: &IdSet,
        walk: &Walk,
        descending: bool,
    ) -> Result<Vec<u32>> {
        // `NOT INDEXED` leaves the rows by their ids, and keeps SQLite from walking a whole index instead.
        let sql = format!(
            "SELECT contacts.id FROM contacts NOT INDEXED
             WHERE contacts.id IN rarray(?1) AND {} ORDER BY {}",
            walk.has_value,
            walk.order_by(descending)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let array: std::rc::Rc<Vec<Cell>> = id_array(members.iter().map(i64::from));
        let mut sorted = ids(statement.query([array])?)?;
        let mut rest = members.clone();
        let mut seen = IdSet::default();
        sorted.iter().for_each(|id| seen.insert(*id));
        rest.remove(&seen);
        sorted.extend(rest.iter());
        Ok(sorted)
    }
}

fn in_order(column: ListColumn, valued: Vec<u32>, rest: &IdSet) -> Order {
    let mut ids = valued;
    let valued = ids.len();
    ids.extend(rest.iter());
    Order {
        column,
        ids,
        valued,
    }
}

fn ids(mut rows: rusqlite::Rows<'_>) -> Result<Vec<u32>> {
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        ids.push(narrow(row.get(0)?)?);
    }
    Ok(ids)
}
