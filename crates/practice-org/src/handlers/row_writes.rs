//! What a row of many asks for: the same in collections and in bulk jobs.

use std::collections::HashMap;

use rusqlite::types::Value;

use crate::json::Json;
use crate::org::field::{Field, Kind};
use crate::org::schema::Object;
use crate::org::{Org, Outcome, RowError, Trouble, UpsertRow, WriteOptions, ids};

/// Creates the record of a row.
pub(crate) fn create_row(
    org: &Org,
    kind: &Object,
    row: &Json,
    options: &WriteOptions,
) -> Result<Outcome, Trouble> {
    let id = org.create(kind, row, options)?;
    Ok(Outcome::done(id, None))
}

/// Changes the record that a row names; `seen` are the ids of the rows before.
pub(crate) fn update_row(
    org: &Org,
    kind: &Object,
    row: &Json,
    options: &WriteOptions,
    seen: &mut Vec<String>,
) -> Result<Outcome, Trouble> {
    let id = row
        .get_any_case("Id")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if id.is_empty() {
        let error = RowError::new("MISSING_ARGUMENT", "Id not specified in an update call");
        return Err(error.of(&["Id"]).into());
    }
    let id = ids::normal(id).unwrap_or_else(|| id.to_owned());
    if seen.contains(&id) {
        return Err(RowError::new("DUPLICATE_VALUE", format!("duplicate id in list: {id}")).into());
    }
    seen.push(id.clone());
    org.update(kind, &id, row, options).map_err(missing_row)?;
    Ok(Outcome::done(id, None))
}

/// Deletes a record, which must be one of `only` where that is given.
pub(crate) fn delete_row(org: &Org, id: &str, only: Option<&Object>) -> Result<Outcome, Trouble> {
    let wrong = || RowError::new("MALFORMED_ID", format!("malformed id {id}"));
    let full = ids::normal(id).ok_or_else(wrong)?;
    let schema = org.schema();
    let kind = schema.by_id(&full).ok_or_else(wrong)?;
    if only.is_some_and(|only| only.name != kind.name) {
        return Err(wrong().into());
    }
    let id = org.delete(kind, &full).map_err(missing_row)?;
    Ok(Outcome::done(id, None))
}

/// Among many a record that is not there is a wrong reference, not a missing resource.
fn missing_row(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Row(error) if error.code == "NOT_FOUND" => {
            RowError::new("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id").into()
        }
        other => other,
    }
}

/// Upserts of rows by one key.
pub(crate) struct Upserts<'a> {
    org: &'a Org,
    kind: &'a Object,
    field: &'a Field,
    rows: &'a [Json],
    /// For each row, its key if another row has the same.
    repeated: Vec<Option<String>>,
    /// The code of such rows.
    repeated_code: String,
    options: &'a WriteOptions,
}

impl<'a> Upserts<'a> {
    /// Upserts of `rows`, records of `kind`, by `field`.
    pub(crate) fn new(
        org: &'a Org,
        kind: &'a Object,
        field: &'a Field,
        rows: &'a [Json],
        options: &'a WriteOptions,
    ) -> rusqlite::Result<Upserts<'a>> {
        Ok(Upserts {
            org,
            kind,
            field,
            rows,
            repeated: repeated(field, rows),
            repeated_code: org.choice("duplicate_external_id_status_code")?,
            options,
        })
    }

    /// Writes row `n`. With `all_or_none` a refused one tells whether it would have made a record.
    pub(crate) fn write(&self, n: usize, all_or_none: bool) -> Result<Outcome, Trouble> {
        let (org, kind, field, row) = (self.org, self.kind, self.field, &self.rows[n]);
        let key = row.get_any_case(&field.name).cloned().unwrap_or_default();
        let missing = key == Json::Null || key.as_str().is_some_and(|k| k.trim().is_empty());
        if field.kind == Kind::Id && missing {
            let id = org.create(kind, row, self.options)?;
            return Ok(Outcome::done(id, Some(true)));
        }
        if missing {
            let message = format!("{} not specified", field.name);
            let error = RowError::new("MISSING_ARGUMENT", message);
            return Err(error.of(&[&field.name]).into());
        }
        if let Some(shown) = &self.repeated[n] {
            let message = format!("Duplicate external id specified: {shown}");
            let error = RowError::new(&self.repeated_code, message);
            return Err(error.of(&[&field.name]).into());
        }
        if field.kind != Kind::Id && row.get_any_case("Id").is_some_and(|id| *id != Json::Null) {
            let message = "The Id field should not be specified in the sobject data.";
            return Err(RowError::new("INVALID_FIELD", message).of(&["Id"]).into());
        }
        let mut value = org.key_value(field, &key)?;
        if let (Kind::Id, Value::Text(text)) = (field.kind, &value) {
            value = ids::normal(text).map_or(Value::Null, Value::Text);
        }
        let row = UpsertRow {
            object: kind,
            key: field,
            value,
            record: row,
            update_only: false,
        };
        match org.upsert(&row, self.options) {
            Err(Trouble::Row(error)) if all_or_none => {
                let found = org.find_by_key(kind, field, &row.value)?;
                Ok(Outcome {
                    id: None,
                    created: Some(found.is_empty()),
                    error: Some(error),
                })
            }
            done => done,
        }
    }
}

/// For each row, its key if another row of the request has the same.
fn repeated(field: &Field, rows: &[Json]) -> Vec<Option<String>> {
    let folded = field.unique && !field.case_sensitive || field.id_lookup && !field.external_id;
    let key = |row: &Json| {
        let value = row
            .get_any_case(&field.name)
            .filter(|v| **v != Json::Null)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (!text.is_empty()).then_some(text)
    };
    let fold = |text: &str| {
        let text = text.trim();
        if folded {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for text in rows.iter().filter_map(key) {
        *counts.entry(fold(&text)).or_default() += 1;
    }
    rows.iter()
        .map(|row| key(row).filter(|text| counts.get(&fold(text)).is_some_and(|n| *n > 1)))
        .collect()
}
