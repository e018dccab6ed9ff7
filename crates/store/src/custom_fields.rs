//! Contact fields that the user declares: each is a real column, added at run time, here and nowhere else.

mod changing;

use rusqlite::{OptionalExtension, Row, named_params};

use crate::{ContactField, CustomFieldId, Error, FieldKind, Reader, Result, Writer};

const MOST: usize = 500;
const LONGEST_NAME: usize = 80;
const LARGEST_SCALE: u8 = 18;
/// How the names of the indexes begin that rules on a field need: of texts and built-in fields, and of other fields.
const ASKED_BY: &str = "contacts_asked_by_";
const BY: &str = "contacts_by_";
/// What mapping text uses for itself.
const NOT_IN_NAMES: &[char] = &['=', ';', '{', '}', '"', '%'];

/// A contact field that the user declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// Its id.
    pub id: CustomFieldId,
    /// The name as the user wrote it; unique without regard to case.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// A rule uses it, so that it has an index.
    pub indexed: bool,
}

impl CustomField {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            kind: kind_of(row)?,
            indexed: row.get("indexed")?,
        })
    }
}

fn kind_of(row: &Row<'_>) -> rusqlite::Result<FieldKind> {
    let (kind, scale): (String, u8) = (row.get("kind")?, row.get("scale")?);
    FieldKind::from_name(&kind, scale).ok_or(rusqlite::Error::InvalidQuery)
}

impl Reader<'_> {
    /// Returns the custom fields in the order in which they were added.
    pub fn custom_fields(&self) -> Result<Vec<CustomField>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, kind, scale, indexed FROM custom_fields ORDER BY id",
        )?;
        let fields = statement
            .query_map([], CustomField::from_row)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(fields)
    }

    /// Returns the custom field of a name, with or without `custom:` before it and without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn custom_field_named(&self, name: &str) -> Result<CustomField> {
        let name = name.trim();
        let bare = name.strip_prefix("custom:").unwrap_or(name).trim();
        self.custom_field_by_name(bare)?
            .ok_or_else(|| self.unknown("custom field", "SELECT name FROM custom_fields", bare))
    }

    /// Returns the field of a name: a built-in name exactly, else a custom one (with or without `custom:` before it)
    /// without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn field_named(&self, name: &str) -> Result<ContactField> {
        let name = name.trim();
        if let Some(field) = ContactField::built_in(name) {
            return Ok(field);
        }
        let bare = name.strip_prefix("custom:").unwrap_or(name).trim();
        match self.custom_field_by_name(bare)? {
            Some(field) => Ok(ContactField::Custom(field.id)),
            None => Err(self.unknown_field(name)),
        }
    }

    /// Returns what a field holds.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such custom field.
    pub fn field_kind(&self, field: ContactField) -> Result<FieldKind> {
        let ContactField::Custom(id) = field else {
            return field
                .built_in_kind()
                .ok_or_else(|| Error::not_found("contact field", field));
        };
        self.connection
            .prepare_cached("SELECT kind, scale FROM custom_fields WHERE id = :id")?
            .query_row(named_params! { ":id": id }, kind_of)
            .optional()?
            .ok_or_else(|| Error::not_found("custom field", id))
    }

    /// Returns a field's name: the built-in one, or `custom:` and the name that the user gave.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such custom field.
    pub fn field_name(&self, field: ContactField) -> Result<String> {
        let ContactField::Custom(id) = field else {
            return Ok(field.to_string());
        };
        let name: Option<String> = self
            .connection
            .prepare_cached("SELECT name FROM custom_fields WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get("name"))
            .optional()?;
        name.map(|name| format!("custom:{name}"))
            .ok_or_else(|| Error::not_found("custom field", id))
    }

    /// Returns every field of a contact: the built-in ones, then the custom ones.
    pub fn all_fields(&self) -> Result<Vec<ContactField>> {
        let custom = self
            .custom_fields()?
            .into_iter()
            .map(|field| ContactField::Custom(field.id));
        Ok(ContactField::BUILT_IN
            .iter()
            .copied()
            .chain(custom)
            .collect())
    }

    /// Checks whether custom fields of these names can be added.
    ///
    /// # Errors
    /// As [`Writer::add_custom_field`].
    pub fn check_new_custom_fields(&self, names: &[&str]) -> Result<()> {
        for name in names {
            check_name(name.trim())?;
            if self.custom_field_by_name(name.trim())?.is_some() {
                return Err(Error::NameTaken {
                    kind: "custom field",
                    name: name.trim().to_owned(),
                });
            }
        }
        let count: i64 =
            self.connection
                .query_row("SELECT count(*) FROM custom_fields", [], |row| row.get(0))?;
        if !names.is_empty() && usize::try_from(count).unwrap_or(MOST) + names.len() > MOST {
            return Err(Error::Refused(format!(
                "a workspace has at most {MOST} custom fields"
            )));
        }
        Ok(())
    }

    fn custom_field_by_name(&self, name: &str) -> Result<Option<CustomField>> {
        let exact = self
            .connection
            .prepare_cached(
                "SELECT id, name, kind, scale, indexed FROM custom_fields WHERE name = :name",
            )?
            .query_row(named_params! { ":name": name }, CustomField::from_row)
            .optional()?;
        if exact.is_some() || name.is_ascii() {
            return Ok(exact);
        }
        // SQLite's NOCASE knows ASCII only.
        let lower = name.to_lowercase();
        Ok(self
            .custom_fields()?
            .into_iter()
            .find(|field| field.name.to_lowercase() == lower))
    }
}

impl Writer<'_> {
    /// Adds a custom field.
    ///
    /// A name has 1 to 80 characters, none of them a control character or one of `= ; { } " %`.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] when the name is unfit or there are 500 already.
    pub fn add_custom_field(&self, name: &str, kind: FieldKind, now: i64) -> Result<CustomFieldId> {
        let name = name.trim();
        self.check_new_custom_fields(&[name])?;
        let scale = match kind {
            FieldKind::Decimal { scale } if scale > LARGEST_SCALE => {
                return Err(Error::Refused(format!(
                    "a decimal has at most {LARGEST_SCALE} decimal places"
                )));
            }
            FieldKind::Decimal { scale } => scale,
            _ => 0,
        };
        let id: CustomFieldId = self
            .connection
            .prepare_cached(
                "INSERT INTO custom_fields (name, kind, scale, created_at) VALUES (:name, :kind, :scale, :now)
                 RETURNING id",
            )?
            .query_row(
                named_params! { ":name": name, ":kind": kind.name(), ":scale": scale, ":now": now },
                |row| row.get("id"),
            )?;
        let column = ContactField::Custom(id).column();
        self.connection.execute_batch(&format!(
            "ALTER TABLE contacts ADD COLUMN {column} {}",
            column_type(kind)
        ))?;
        Ok(id)
    }

    /// Gives a field the index that rules on it need, once; long text gets none.
    pub(crate) fn index_field(&self, field: ContactField, kind: FieldKind) -> Result<()> {
        if let (ContactField::Custom(id), false) = (field, kind.is_text()) {
            return self.index_custom_field(id);
        }
        // Texts are asked for without regard to case and accents. The rest has indexes from the beginning.
        let indexed = [
            ContactField::CompanyName,
            ContactField::DoNotSend,
            ContactField::CreatedAt,
            ContactField::ChangedAt,
        ];
        if kind == FieldKind::LongText || indexed.contains(&field) {
            return Ok(());
        }
        let column = field.column();
        let key = if kind.is_text() {
            folded(&column)
        } else {
            column.clone()
        };
        self.make_index(&index(ASKED_BY, &column, &key))?;
        if let ContactField::Custom(id) = field {
            self.connection
                .prepare_cached("UPDATE custom_fields SET indexed = 1 WHERE id = :id")?
                .execute(named_params! { ":id": id })?;
        }
        Ok(())
    }

    /// Gives a field the index that finding contacts by its value needs, once; long text gets none.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such custom field.
    pub fn index_key(&self, field: ContactField) -> Result<()> {
        self.index_field(field, self.field_kind(field)?)
    }

    /// Gives a custom field an index, once; long text gets none.
    pub(crate) fn index_custom_field(&self, id: CustomFieldId) -> Result<()> {
        if self.field_kind(ContactField::Custom(id))? == FieldKind::LongText {
            return Ok(());
        }
        let column = ContactField::Custom(id).column();
        self.make_index(&index(BY, &column, &column))?;
        self.connection
            .prepare_cached("UPDATE custom_fields SET indexed = 1 WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    fn make_index(&self, index: &str) -> Result<()> {
        self.connection
            .execute_batch(&format!("CREATE INDEX IF NOT EXISTS {index}"))?;
        Ok(())
    }
}

/// Tells whether a column of contacts is a custom field's.
pub(crate) fn is_custom_column(column: &str) -> bool {
    column
        .strip_prefix("c_")
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns what may stand behind `CREATE INDEX` where this module has made an index of this name; nothing when it never
/// makes one.
pub(crate) fn indexes_named(name: &str) -> Vec<String> {
    if let Some(column) = name.strip_prefix(ASKED_BY) {
        let is_known = is_custom_column(column) || ContactField::built_in(column).is_some();
        let keys = [column.to_owned(), folded(column)];
        return keys
            .iter()
            .filter(|_| is_known)
            .map(|key| index(ASKED_BY, column, key))
            .collect();
    }
    let column = name.strip_prefix(BY).filter(|it| is_custom_column(it));
    column
        .map(|column| index(BY, column, column))
        .into_iter()
        .collect()
}

fn index(beginning: &str, column: &str, key: &str) -> String {
    format!("{beginning}{column} ON contacts ({key}) WHERE {column} IS NOT NULL")
}

fn folded(column: &str) -> String {
    format!("fold({column})")
}

fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if length == 0 || length > LONGEST_NAME {
        return Err(Error::Refused(format!(
            "a field needs a name of 1 to {LONGEST_NAME} characters"
        )));
    }
    if name
        .chars()
        .any(|letter| letter.is_control() || NOT_IN_NAMES.contains(&letter))
    {
        return Err(Error::Refused(format!(
            "the field name \"{}\" contains a character that can't be used; leave out =;{{}}\"% and line breaks",
            name.replace(char::is_control, " ")
        )));
    }
    if name.starts_with('@') || name.to_ascii_lowercase().starts_with("custom:") {
        return Err(Error::Refused(format!(
            "the field name \"{name}\" can't start with @ or custom:"
        )));
    }
    if ContactField::built_in(&name.to_ascii_lowercase()).is_some() {
        return Err(Error::NameTaken {
            kind: "built-in field",
            name: name.to_owned(),
        });
    }
    Ok(())
}

pub(crate) fn column_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Date => "TEXT",
        FieldKind::Float => "REAL",
        FieldKind::Integer
        | FieldKind::LongInteger
        | FieldKind::Decimal { .. }
        | FieldKind::YesNo
        | FieldKind::DateTime => "INTEGER",
    }
}
