//! People: one row each, tombstones and aliases of merged ones included.

mod cells;
mod finding;
mod surroundings;
mod writing;

use std::rc::Rc;

use rusqlite::Row;
use rusqlite::types::Value as Cell;

pub use cells::{LONGEST_LINE, LONGEST_TEXT, email_key};
pub(crate) use cells::{from_cell, to_cell};
pub use finding::{ContactFilter, Survivor};
pub(crate) use finding::{mailbox, search_expression};
pub use surroundings::{Mark, Sent};
pub(crate) use writing::{CellChange, INDEX};

use crate::{ContactField, ContactId, Error, FieldKind, Guid, Reader, Result, Values, long_values};

/// A person in the workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Its row.
    pub id: ContactId,
    /// Its lasting name.
    pub guid: Guid,
    /// The set values among the fields asked for.
    pub values: Values,
    /// Nothing about this contact may be sent.
    pub do_not_send: bool,
    /// When it was created, UTC milliseconds.
    pub created_at: i64,
    /// When it was changed last, UTC milliseconds.
    pub changed_at: i64,
    /// Sequence number of the last change that can alter what is sent.
    pub seq: i64,
    /// When it was deleted, UTC milliseconds; the row is a tombstone then.
    pub deleted_at: Option<i64>,
    /// The contact that it was merged into; its guid is an alias of that one.
    pub merged_into: Option<ContactId>,
}

/// The columns that every contact is read with, before those of the fields asked for.
const HEAD: &str = "id, guid, do_not_send, created_at, changed_at, seq, deleted_at, merged_into";
const HEAD_COLUMNS: usize = 8;

/// The fields to read with each contact, and the SELECT list for them.
pub(crate) struct Shape {
    fields: Vec<(ContactField, FieldKind)>,
    pub(crate) columns: String,
}

impl Shape {
    /// Reads a contact from a row that begins with [`Shape::columns`].
    pub(crate) fn read(&self, row: &Row<'_>) -> Result<Contact> {
        let mut values = Values::default();
        for (at, (field, kind)) in self.fields.iter().enumerate() {
            let cell = row.get_ref(HEAD_COLUMNS + at)?;
            long_values::check_cell(cell, "contacts", || field.column())?;
            values.set(*field, from_cell(*kind, cell)?);
        }
        Ok(Contact {
            id: row.get(0)?,
            guid: row.get(1)?,
            do_not_send: row.get(2)?,
            created_at: row.get(3)?,
            changed_at: row.get(4)?,
            seq: row.get(5)?,
            deleted_at: row.get(6)?,
            merged_into: row.get(7)?,
            values,
        })
    }
}

/// Binds many ids as one parameter of `rarray`.
pub(crate) fn id_array(ids: impl IntoIterator<Item = i64>) -> Rc<Vec<Cell>> {
    Rc::new(ids.into_iter().map(Cell::Integer).collect())
}

/// Binds many ids as [`id_array`] does, each once and in order: what is found by them comes in that order, too.
pub(crate) fn sorted_ids(ids: impl IntoIterator<Item = i64>) -> Rc<Vec<Cell>> {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    id_array(ids)
}

impl Reader<'_> {
    /// Returns a contact with all its fields, deleted ones included.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn contact(&self, id: ContactId) -> Result<Contact> {
        let fields = self.all_fields()?;
        self.contacts(&[id], &fields)?
            .pop()
            .ok_or_else(|| Error::not_found("contact", id))
    }

    /// Returns contacts by id with the fields asked for, in id order; deleted ones are included, unknown ids left out.
    ///
    /// `do_not_send`, `created_at` and `changed_at` stand among the values too when asked for.
    ///
    /// # Errors
    /// [`Error::NotFound`] when a custom field is unknown.
    pub fn contacts(&self, ids: &[ContactId], fields: &[ContactField]) -> Result<Vec<Contact>> {
        let shape = self.shape(fields)?;
        let sql = format!(
            "SELECT {} FROM rarray(?1) AS wanted CROSS JOIN contacts ON contacts.id = wanted.value",
            shape.columns
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([sorted_ids(ids.iter().map(|id| id.0))])?;
        let mut contacts = Vec::with_capacity(ids.len());
        while let Some(row) = rows.next()? {
            contacts.push(shape.read(row)?);
        }
        Ok(contacts)
    }

    /// Works out the SELECT list for the fields asked for.
    pub(crate) fn shape(&self, fields: &[ContactField]) -> Result<Shape> {
        let mut columns = HEAD.to_owned();
        let mut kinds = Vec::with_capacity(fields.len());
        for field in fields {
            kinds.push((*field, self.field_kind(*field)?));
            columns.push_str(", ");
            columns.push_str(&field.column());
        }
        Ok(Shape {
            fields: kinds,
            columns,
        })
    }
}

#[cfg(test)]
mod tests;
