//! Adding, changing and deleting contacts, and stamping what has to be considered again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, named_params, params_from_iter};

use super::{email_key, id_array, to_cell};
use crate::consents::Origin;
use crate::{
    Channel, ContactField, ContactId, Error, Guid, ImportId, Reader, RefusedAt, Result, Value,
    Values, Writer, long_values,
};

/// One field of a contact before and after a change, as its column holds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellChange {
    pub(crate) field: ContactField,
    pub(crate) before: Cell,
    pub(crate) after: Cell,
}

/// Enters contacts into the search index, as its trigger does with those that change.
pub(crate) const INDEX: &str = "
INSERT INTO contacts_search (rowid, first_name, last_name, email, company_name, phones, address)
SELECT id, first_name, last_name, email, company_name,
  concat_ws(' ', phone_words(business_phone), phone_words(mobile_phone), phone_words(home_phone)),
  concat_ws(' ', address_line1, address_line2, postal_code, city)
FROM contacts";

impl Writer<'_> {
    /// Adds a contact; `import` is the import that brings it.
    ///
    /// # Errors
    /// [`Error::Refused`] when a value does not fit its field.
    pub fn insert_contact(
        &self,
        values: &Values,
        import: Option<ImportId>,
        now: i64,
    ) -> Result<ContactId> {
        let origin = import.map_or(Origin::ByHand, |_| Origin::Import(RefusedAt::default()));
        self.insert(values, import, origin, now)
    }

    /// Adds a contact that a file brings, which says when they opted out.
    ///
    /// # Errors
    /// As [`Writer::insert_contact`].
    pub fn insert_imported(
        &self,
        values: &Values,
        import: ImportId,
        refused: RefusedAt,
        now: i64,
    ) -> Result<ContactId> {
        self.insert(values, Some(import), Origin::Import(refused), now)
    }

    fn insert(
        &self,
        values: &Values,
        import: Option<ImportId>,
        origin: Origin,
        now: i64,
    ) -> Result<ContactId> {
        let by_hand = values.iter().find(|(field, _)| !field.is_writable());
        if let Some((field, _)) = by_hand {
            return Err(not_writable(field));
        }
        let key = values.text(ContactField::Email).and_then(email_key);
        let mut row = vec![
            Cell::Text(Guid::random()?.into()),
            Cell::Integer(now),
            Cell::Integer(now),
            Cell::Integer(self.next_sequence()?),
            import.map_or(Cell::Null, |import| Cell::Integer(import.0)),
            key.map_or(Cell::Null, Cell::Text),
        ];
        // All built-in columns always, so that most rows share one prepared statement.
        for field in writable_fields() {
            row.push(self.cell(field, values.get(field))?);
        }
        let custom = values
            .iter()
            .filter(|(field, _)| matches!(field, ContactField::Custom(_)));
        let mut columns = Cow::Borrowed(BUILT_IN_COLUMNS.as_str());
        for (field, value) in custom {
            row.push(self.cell(field, Some(value))?);
            let _ = write!(columns.to_mut(), ", {}", field.column());
        }
        let sql = match columns {
            Cow::Borrowed(_) => Cow::Borrowed(INSERT_BUILT_IN.as_str()),
            Cow::Owned(columns) => Cow::Owned(insert_sql(&columns, row.len())),
        };
        let id = self
            .connection
            .prepare_cached(&sql)?
            .insert(params_from_iter(row))?;
        self.not_searchable.borrow_mut().push(id);
        let id = ContactId(id);
        let mut opt_outs = self.opt_outs(values)?;
        if !opt_outs.is_empty() {
            self.tell_opt_outs(id, &mut opt_outs, origin, now)?;
        }
        Ok(id)
    }

    /// Changes fields of a contact; `None` unsets one. Returns whether anything differed: only then it is stamped.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when a value does not fit its field or the contact is deleted.
    pub fn change_contact(
        &self,
        id: ContactId,
        changes: &[(ContactField, Option<Value>)],
        now: i64,
    ) -> Result<bool> {
        let cells = self.cells(
            changes
                .iter()
                .map(|(field, value)| (*field, value.as_ref())),
        )?;
        Ok(!self
            .change_cells(id, cells, Origin::ByHand, now)?
            .is_empty())
    }

    /// Stamps contacts, so that what would be sent for them is worked out again.
    pub fn stamp_contacts(&self, ids: &[ContactId]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let seq = self.next_sequence()?;
        self.connection
            .prepare_cached("UPDATE contacts SET seq = :seq WHERE id IN rarray(:ids)")?
            .execute(named_params! { ":seq": seq, ":ids": id_array(ids.iter().map(|id| id.0)) })?;
        Ok(())
    }

    /// Enters the contacts of this transaction into the search index; before any of them changes, and at its end.
    pub(crate) fn make_searchable(&self) -> Result<()> {
        let new = self.not_searchable.take();
        if new.is_empty() {
            return Ok(());
        }
        self.attach_waiting(&new)?;
        self.connection
            .prepare_cached(&format!("{INDEX} WHERE id IN rarray(:ids) ORDER BY id"))?
            .execute(named_params! { ":ids": id_array(new) })?;
        Ok(())
    }

    /// Builds the search index anew: what left it stays in its pages until they are written again.
    pub(crate) fn rebuild_search(&self) -> Result<()> {
        self.connection.execute_batch(&format!(
            "INSERT INTO contacts_search (contacts_search) VALUES ('delete-all'); {INDEX} ORDER BY id"
        ))?;
        Ok(())
    }

    /// Writes the cells that differ, stamps, and returns what was changed.
    pub(crate) fn change_cells(
        &self,
        id: ContactId,
        mut cells: BTreeMap<ContactField, Cell>,
        origin: Origin,
        now: i64,
    ) -> Result<Vec<CellChange>> {
        let current = self.current_cells(id, cells.keys().copied())?;
        if current.deleted {
            return Err(Error::Refused(format!("contact {id} is deleted")));
        }
        self.tell_opt_outs(id, &mut cells, origin, now)?;
        let changes: Vec<CellChange> = cells
            .into_iter()
            .zip(current.cells)
            .filter(|((_, after), before)| after != before)
            .map(|((field, after), before)| CellChange {
                field,
                before,
                after,
            })
            .collect();
        if !changes.is_empty() {
            self.make_searchable()?;
            self.write_changes(id, &changes, now)?;
            let claim_moves = |change: &CellChange| {
                matches!(change.field, ContactField::Email | ContactField::DoNotSend)
            };
            if changes
                .iter()
                .any(|change| change.field == ContactField::Email)
            {
                self.attach_waiting(&[id.0])?;
            }
            if changes.iter().any(claim_moves) {
                self.stamp_claims(current.email_key.as_deref())?;
                self.stamp_claims(self.email_key_of(id)?.as_deref())?;
            }
        }
        Ok(changes)
    }

    /// Stamps the live contacts that claim an e-mail: which of them goes may have changed.
    pub(crate) fn stamp_claims(&self, email_key: Option<&str>) -> Result<()> {
        let Some(key) = email_key else { return Ok(()) };
        let seq = self.next_sequence()?;
        self.connection
            .prepare_cached(
                "UPDATE contacts SET seq = :seq WHERE email_key = :key AND deleted_at IS NULL AND seq < :seq",
            )?
            .execute(named_params! { ":seq": seq, ":key": key })?;
        Ok(())
    }

    pub(crate) fn email_key_of(&self, id: ContactId) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached("SELECT email_key FROM contacts WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get("email_key"))?)
    }

    /// Returns the cells of the opt-outs among values.
    fn opt_outs(&self, values: &Values) -> Result<BTreeMap<ContactField, Cell>> {
        let told = Channel::ALL.iter().map(|channel| channel.field());
        let told = told.filter_map(|field| Some((field, Some(values.get(field)?))));
        self.cells(told)
    }

    pub(crate) fn write_changes(
        &self,
        id: ContactId,
        changes: &[CellChange],
        now: i64,
    ) -> Result<()> {
        let mut sql = "UPDATE contacts SET changed_at = ?1, seq = ?2".to_owned();
        let mut row = vec![Cell::Integer(now), Cell::Integer(self.next_sequence()?)];
        let mut set = |column: &str, cell: Cell| {
            row.push(cell);
            let _ = write!(sql, ", {column} = ?{}", row.len());
        };
        for change in changes {
            set(&change.field.column(), change.after.clone());
            if change.field == ContactField::Email {
                set(
                    "email_key",
                    key_of(&change.after).map_or(Cell::Null, Cell::Text),
                );
            }
        }
        row.push(Cell::Integer(id.0));
        let _ = write!(sql, " WHERE id = ?{}", row.len());
        self.connection
            .prepare_cached(&sql)?
            .execute(params_from_iter(row))?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Checks values as adding a contact with them would.
    ///
    /// # Errors
    /// [`Error::Refused`] when a value does not fit its field.
    pub fn check_values<'v>(
        &self,
        values: impl Iterator<Item = (ContactField, &'v Value)>,
    ) -> Result<()> {
        self.cells(values.map(|(field, value)| (field, Some(value))))
            .map(drop)
    }

    /// Returns the fields that an import of these values would change.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when a value does not fit its field.
    pub fn differing_values<'v>(
        &self,
        id: ContactId,
        values: impl Iterator<Item = (ContactField, &'v Value)>,
    ) -> Result<Vec<ContactField>> {
        let cells = self.cells(values.map(|(field, value)| (field, Some(value))))?;
        let current = self.current_cells(id, cells.keys().copied())?;
        let differing = cells.into_iter().zip(current.cells);
        // Nobody is opted in by an import.
        let is_refused = |field: ContactField, before: &Cell| {
            Channel::of(field).is_some() && *before == Cell::Integer(1)
        };
        Ok(differing
            .filter(|((field, after), before)| after != before && !is_refused(*field, before))
            .map(|((field, _), _)| field)
            .collect())
    }

    /// Checks values against their fields; the last one counts where a field stands twice.
    pub(crate) fn cells<'v>(
        &self,
        values: impl Iterator<Item = (ContactField, Option<&'v Value>)>,
    ) -> Result<BTreeMap<ContactField, Cell>> {
        let mut cells = BTreeMap::new();
        for (field, value) in values {
            if !field.is_writable() {
                return Err(not_writable(field));
            }
            cells.insert(field, self.cell(field, value)?);
        }
        Ok(cells)
    }

    /// Checks a value against its field.
    fn cell(&self, field: ContactField, value: Option<&Value>) -> Result<Cell> {
        let kind = self.field_kind(field)?;
        let name = field.built_in_name();
        match (to_cell(field, name.unwrap_or_default(), kind, value), name) {
            // Only a refusal is worth looking up the name that the user gave.
            (Err(Error::Refused(_)), None) => to_cell(field, &self.field_name(field)?, kind, value),
            (cell, _) => cell,
        }
    }

    fn current_cells(
        &self,
        id: ContactId,
        fields: impl Iterator<Item = ContactField>,
    ) -> Result<Current> {
        let columns: String = fields
            .map(|field| format!(", {}", field.column()))
            .collect();
        let sql = format!(
            "SELECT deleted_at IS NOT NULL, email_key{columns} FROM contacts WHERE id = ?1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let count = statement.column_count();
        statement
            .query_row([id], |row| {
                Ok(Current {
                    deleted: row.get(0)?,
                    email_key: row.get(1)?,
                    cells: (2..count)
                        .map(|at| long_values::get(row, at))
                        .collect::<rusqlite::Result<_>>()?,
                })
            })
            .optional()?
            .ok_or_else(|| Error::not_found("contact", id))
    }
}

struct Current {
    deleted: bool,
    email_key: Option<String>,
    cells: Vec<Cell>,
}

/// The columns that every contact is inserted with.
static BUILT_IN_COLUMNS: LazyLock<String> = LazyLock::new(|| {
    let mut columns = "guid, created_at, changed_at, seq, import_id, email_key".to_owned();
    for field in writable_fields() {
        let _ = write!(columns, ", {}", field.column());
    }
    columns
});

static INSERT_BUILT_IN: LazyLock<String> = LazyLock::new(|| {
    let count = BUILT_IN_COLUMNS.split(", ").count();
    insert_sql(&BUILT_IN_COLUMNS, count)
});

fn writable_fields() -> impl Iterator<Item = ContactField> {
    let fields = ContactField::BUILT_IN.iter().copied();
    fields.filter(|field| field.is_writable())
}

fn insert_sql(columns: &str, count: usize) -> String {
    let places = vec!["?"; count].join(", ");
    format!("INSERT INTO contacts ({columns}) VALUES ({places})")
}

fn not_writable(field: ContactField) -> Error {
    Error::Refused(format!(
        "\"{field}\" is set by Leadferry and can't be changed"
    ))
}

fn key_of(email: &Cell) -> Option<String> {
    match email {
        Cell::Text(text) => email_key(text),
        _ => None,
    }
}
