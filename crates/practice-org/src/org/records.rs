//! Rows of a request: upserts by key, collections with one result per row.

use rusqlite::types::Value;

use super::Org;
use super::field::{Field, Kind};
use super::schema::Object;
use super::values::{self, Misfit};
use super::write::{RowError, Trouble, WriteOptions};
use crate::http::Refused;
use crate::json::{Json, object};

/// What became of one row.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The record's id, where it is known.
    pub(crate) id: Option<String>,
    /// For upserts: whether the record is new, or would have been.
    pub(crate) created: Option<bool>,
    /// Why the row was refused.
    pub(crate) error: Option<RowError>,
}

/// One row of an upsert.
pub(crate) struct UpsertRow<'a> {
    /// The object.
    pub(crate) object: &'a Object,
    /// Its key field.
    pub(crate) key: &'a Field,
    /// The key's value.
    pub(crate) value: Value,
    /// The other fields.
    pub(crate) record: &'a Json,
    /// Refuse rather than create.
    pub(crate) update_only: bool,
}

impl Outcome {
    /// A row that was written.
    pub(crate) fn done(id: String, created: Option<bool>) -> Outcome {
        Outcome {
            id: Some(id),
            created,
            error: None,
        }
    }

    fn refused(error: RowError, created: Option<bool>) -> Outcome {
        Outcome {
            id: None,
            created,
            error: Some(error),
        }
    }
}

impl Org {
    /// Creates or updates by key. Several matches are a row error listing their ids.
    pub(crate) fn upsert(
        &self,
        row: &UpsertRow<'_>,
        options: &WriteOptions,
    ) -> Result<Outcome, Trouble> {
        let found = self.find_by_key(row.object, row.key, &row.value)?;
        let converted_counts = self.choice("upsert_key_of_converted_lead")? != "create";
        let live: Vec<_> = found
            .iter()
            .filter(|f| !f.deleted && (converted_counts || !f.converted))
            .collect();
        match live[..] {
            [one] => {
                self.update(row.object, &one.id, row.record, options)?;
                Ok(Outcome::done(one.id.clone(), Some(false)))
            }
            [] if found.iter().any(|f| f.deleted) => {
                Err(RowError::new("ENTITY_IS_DELETED", "entity is deleted").into())
            }
            [] if row.update_only => {
                Err(RowError::new("NOT_FOUND", "The requested resource does not exist").into())
            }
            [] if row.key.kind == Kind::Id => Err(RowError::new(
                "INVALID_CROSS_REFERENCE_KEY",
                "invalid cross reference id",
            )
            .into()),
            [] => {
                let mut record = row.record.clone();
                if let Value::Text(text) = &row.value {
                    record.set(&row.key.name, text.as_str());
                } else {
                    record.set(&row.key.name, values::to_json(row.key, (&row.value).into()));
                }
                Ok(Outcome::done(
                    self.create(row.object, &record, options)?,
                    Some(true),
                ))
            }
            _ => {
                let ids: Vec<&str> = live.iter().map(|f| f.id.as_str()).collect();
                let message = format!(
                    "{}: more than one record found for external id field: [{}]",
                    row.key.name,
                    ids.join(", ")
                );
                Err(RowError::new("DUPLICATE_EXTERNAL_ID", message)
                    .of(&[&row.key.name])
                    .into())
            }
        }
    }

    /// Reads a key's value from JSON, as the org would keep it.
    pub(crate) fn key_value(&self, field: &Field, value: &Json) -> Result<Value, Trouble> {
        let value = values::from_json(field, value).map_err(|misfit| match misfit {
            Misfit::Unreadable(message) => Trouble::Unreadable(message, 0),
            Misfit::Row(code, message) => RowError::new(code, message).into(),
        })?;
        let Value::Text(mut text) = value else {
            return Ok(value);
        };
        self.normal_text(field, &mut text)?;
        Ok(Value::Text(text))
    }

    /// Runs `one` for each row and gathers what became of them; with `all_or_none` nothing stays if any is refused.
    pub(crate) fn each_row<'a>(
        &self,
        rows: &'a [Json],
        all_or_none: bool,
        mut one: impl FnMut(usize, &'a Json) -> Result<Outcome, Trouble>,
    ) -> Result<Vec<Outcome>, Trouble> {
        let mut whole: Option<Trouble> = None;
        let outcomes = self.attempt(|| {
            let mut outcomes = Vec::with_capacity(rows.len());
            for (n, row) in rows.iter().enumerate() {
                match one(n, row) {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(Trouble::Row(error)) => outcomes.push(Outcome::refused(error, None)),
                    Err(trouble) => {
                        whole = Some(trouble);
                        return Ok((outcomes, false));
                    }
                }
            }
            let stays = !all_or_none || outcomes.iter().all(|o| o.error.is_none());
            if !stays {
                roll_back(&mut outcomes);
            }
            Ok((outcomes, stays))
        });
        match whole {
            Some(trouble) => Err(trouble),
            None => outcomes.map_err(Trouble::Whole),
        }
    }

    /// The wire form of collection results.
    pub(crate) fn results(&self, outcomes: &[Outcome], upsert: bool) -> Result<Json, Refused> {
        let id_null = self.is_on("failed_row_has_id_null")?;
        let created_missing = self.is_on("upsert_created_missing_on_failure")?;
        let with_matches = self.is_on("match_records_in_collections")?;
        let one = |outcome: &Outcome| match (&outcome.error, &outcome.id) {
            (None, id) => {
                let mut row = object([
                    ("id", id.clone().into()),
                    ("success", true.into()),
                    ("errors", Json::Array(Vec::new())),
                ]);
                if let Some(created) = outcome.created {
                    row.push("created", created);
                }
                row
            }
            (Some(error), _) => {
                let mut error = error.clone();
                error.extra = error.extra.filter(|_| with_matches);
                let mut row = object([]);
                if id_null {
                    row.push("id", Json::Null);
                }
                row.push("success", false);
                row.push("errors", Json::Array(vec![error.json()]));
                match outcome.created {
                    Some(created) if upsert => row.push("created", created),
                    None if upsert && !created_missing => row.push("created", false),
                    _ => {}
                }
                row
            }
        };
        Ok(Json::Array(outcomes.iter().map(one).collect()))
    }
}

fn roll_back(outcomes: &mut [Outcome]) {
    let message = "Record rolled back because not all records were valid and the request was using AllOrNone header";
    for outcome in outcomes.iter_mut().filter(|o| o.error.is_none()) {
        let error = RowError::new("ALL_OR_NONE_OPERATION_ROLLED_BACK", message);
        *outcome = Outcome::refused(error, outcome.created);
    }
}
