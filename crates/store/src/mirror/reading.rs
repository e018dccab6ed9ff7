//! Shows what the mirror holds: counts, pages, single records, and a profile of a field.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{OptionalExtension, Row, named_params, params_from_iter};

use super::tables::{column, table};
use super::{Mirror, MirrorField, MirrorKind, MirrorState, MirrorValue};
use crate::{Reader, Result};

/// Most frequent values that a profile lists.
const TOP: usize = 10;

/// Which records of a mirror, and what of them.
#[derive(Debug, Clone, Default)]
pub struct MirrorQuery {
    /// In this state; any without.
    pub state: Option<MirrorState>,
    /// A text that one of the text fields must contain, without regard to case.
    pub text: Option<String>,
    /// Records after this one.
    pub after: Option<String>,
    /// How many.
    pub limit: usize,
}

/// A record of a mirror.
#[derive(Debug, Clone, PartialEq)]
pub struct MirrorRow {
    /// 18 characters.
    pub id: String,
    /// Whether the org still has it.
    pub state: MirrorState,
    /// When the org last touched it, UTC milliseconds.
    pub stamp: Option<i64>,
    /// The record that it was merged into.
    pub winner: Option<String>,
    /// Its values, in the order of the fields that were asked for.
    pub values: Vec<Option<MirrorValue>>,
}

/// A page of records, in the order of their ids.
#[derive(Debug, Clone, PartialEq)]
pub struct MirrorPage {
    /// The records.
    pub rows: Vec<MirrorRow>,
    /// There are more after the last of them.
    pub more: bool,
}

/// How often a value stands in a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The value.
    pub value: MirrorValue,
    /// In how many records.
    pub records: u64,
}

/// What a field of the live records holds.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProfile {
    /// API name.
    pub field: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
    /// Live records.
    pub records: u64,
    /// Those that have a value.
    pub filled: u64,
    /// Different values.
    pub distinct: u64,
    /// The most frequent values, at most ten.
    pub top: Vec<Filled>,
    /// Characters of the shortest text.
    pub shortest: Option<u64>,
    /// Characters of the longest text.
    pub longest: Option<u64>,
    /// The least value.
    pub least: Option<MirrorValue>,
    /// The greatest value.
    pub greatest: Option<MirrorValue>,
}

impl Reader<'_> {
    /// Returns how many records of a mirror are in a state; of all states without one. 0 where the table was removed.
    pub fn count_mirrored(&self, mirror: &Mirror, state: Option<MirrorState>) -> Result<u64> {
        if !self.has_table(mirror.id)? {
            return Ok(0);
        }
        let table = table(mirror.id);
        let sql = format!("SELECT count(*) FROM {table} WHERE :state IS NULL OR state = :state");
        let sql = match state {
            Some(_) => format!("SELECT count(*) FROM {table} WHERE state = :state"),
            None => sql,
        };
        let state = state.map(MirrorState::number);
        Ok(self
            .connection
            .prepare_cached(&sql)?
            .query_row(named_params! { ":state": state }, |row| row.get(0))?)
    }

    /// Returns the greatest number that a record of a mirror was seen with; 0 where there is none. Reads every record once.
    pub fn last_mirror_pass(&self, mirror: &Mirror) -> Result<i64> {
        if !self.has_table(mirror.id)? {
            return Ok(0);
        }
        let sql = format!("SELECT coalesce(max(pass), 0) FROM {}", table(mirror.id));
        Ok(self
            .connection
            .prepare(&sql)?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns the names of records by their ids; those without one are left out.
    pub fn mirrored_names(
        &self,
        mirror: &Mirror,
        ids: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, String>> {
        let of = |names: &[&str]| -> Vec<String> {
            let fields = names.iter().filter_map(|name| mirror.field(name));
            fields
                .filter(|field| field.kind == MirrorKind::Text)
                .map(|field| format!("coalesce({}, '')", column(field)))
                .collect()
        };
        let mut parts = of(&["Name"]);
        if parts.is_empty() {
            parts = of(&["FirstName", "LastName"]);
        }
        if parts.is_empty() || !self.has_table(mirror.id)? {
            return Ok(BTreeMap::new());
        }
        let sql = format!(
            "SELECT record_id, trim({}) AS name FROM {}
             WHERE record_id IN (SELECT value FROM json_each(:ids)) AND name <> ''",
            parts.join(" || ' ' || "),
            table(mirror.id)
        );
        let ids = serde_json::json!(ids).to_string();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(named_params! { ":ids": ids }, |row| {
            Ok((row.get("record_id")?, row.get("name")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns a page of a mirror's records with some of their fields.
    pub fn mirrored(
        &self,
        mirror: &Mirror,
        fields: &[&MirrorField],
        query: &MirrorQuery,
    ) -> Result<MirrorPage> {
        if !self.has_table(mirror.id)? {
            return Ok(MirrorPage {
                rows: Vec::new(),
                more: false,
            });
        }
        let mut conditions = Vec::new();
        let mut bound: Vec<Cell> = Vec::new();
        if let Some(state) = query.state {
            conditions.push("state = ?".to_owned());
            bound.push(state.number().into());
        }
        if let Some(after) = &query.after {
            conditions.push("record_id > ?".to_owned());
            bound.push(after.clone().into());
        }
        if let Some(text) = query
            .text
            .as_deref()
            .map(str::trim)
            .filter(|t| !t.is_empty())
        {
            let texts = mirror.fields.iter().filter(|f| f.kind == MirrorKind::Text);
            let texts: Vec<String> = texts
                .map(|field| format!("instr(lower({}), ?)", column(field)))
                .collect();
            let count = texts.len();
            conditions.push(format!(
                "({})",
                if texts.is_empty() {
                    "0".to_owned()
                } else {
                    texts.join(" OR ")
                }
            ));
            bound.extend(std::iter::repeat_n(Cell::from(text.to_lowercase()), count));
        }
        let condition = match conditions.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", conditions.join(" AND ")),
        };
        // The index by state would have to be sorted for each page.
        let sql = format!(
            "SELECT {} FROM {} NOT INDEXED {condition} ORDER BY record_id LIMIT {}",
            columns(fields),
            table(mirror.id),
            query.limit + 1
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement
            .query_map(params_from_iter(bound), |row| mirrored(row, fields))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let more = rows.len() > query.limit;
        rows.truncate(query.limit);
        Ok(MirrorPage { rows, more })
    }

    /// Returns a record of a mirror.
    pub fn mirrored_record(&self, mirror: &Mirror, id: &str) -> Result<Option<MirrorRow>> {
        if !self.has_table(mirror.id)? {
            return Ok(None);
        }
        let fields: Vec<&MirrorField> = mirror.fields.iter().collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE record_id = :id",
            columns(&fields),
            table(mirror.id)
        );
        Ok(self
            .connection
            .prepare_cached(&sql)?
            .query_row(named_params! { ":id": id }, |row| mirrored(row, &fields))
            .optional()?)
    }

    /// Returns what a field of a mirror's live records holds. Reads every record once.
    pub fn profile_mirrored(&self, mirror: &Mirror, field: &MirrorField) -> Result<FieldProfile> {
        let mut profile = FieldProfile {
            field: field.name.clone(),
            label: field.label.clone(),
            kind: field.kind,
            records: 0,
            filled: 0,
            distinct: 0,
            top: Vec::new(),
            shortest: None,
            longest: None,
            least: None,
            greatest: None,
        };
        if !self.has_table(mirror.id)? {
            return Ok(profile);
        }
        let (table, column) = (table(mirror.id), column(field));
        let lengths = match field.kind {
            MirrorKind::Text => format!("min(length({column})), max(length({column}))"),
            _ => "NULL, NULL".to_owned(),
        };
        let sql = format!(
            "SELECT count(*), count({column}), count(DISTINCT {column}), {lengths}, min({column}), max({column})
             FROM {table} WHERE state = 0"
        );
        self.connection.prepare(&sql)?.query_row([], |row| {
            profile.records = row.get(0)?;
            profile.filled = row.get(1)?;
            profile.distinct = row.get(2)?;
            profile.shortest = row.get(3)?;
            profile.longest = row.get(4)?;
            profile.least = value(field.kind, row.get_ref(5)?);
            profile.greatest = value(field.kind, row.get_ref(6)?);
            Ok(())
        })?;
        let sql = format!(
            "SELECT {column}, count(*) FROM {table} WHERE state = 0 AND {column} IS NOT NULL
             GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT {TOP}"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(value) = value(field.kind, row.get_ref(0)?) {
                let records = row.get(1)?;
                profile.top.push(Filled { value, records });
            }
        }
        Ok(profile)
    }
}

fn columns(fields: &[&MirrorField]) -> String {
    let own = "record_id, state, stamp, winner".to_owned();
    fields
        .iter()
        .fold(own, |all, field| format!("{all}, {}", column(field)))
}

fn mirrored(row: &Row<'_>, fields: &[&MirrorField]) -> rusqlite::Result<MirrorRow> {
    let values = fields
        .iter()
        .enumerate()
        .map(|(at, field)| Ok(value(field.kind, row.get_ref(at + 4)?)))
        .collect::<rusqlite::Result<_>>()?;
    Ok(MirrorRow {
        id: row.get(0)?,
        state: MirrorState::from_number(row.get(1)?),
        stamp: row.get(2)?,
        winner: row.get(3)?,
        values,
    })
}

/// Reads a value as its column holds it; what can't be one of the kind is none.
pub(super) fn value(kind: MirrorKind, cell: ValueRef<'_>) -> Option<MirrorValue> {
    match (kind, cell) {
        (MirrorKind::Text, ValueRef::Text(text)) => Some(MirrorValue::Text(
            String::from_utf8_lossy(text).into_owned(),
        )),
        (MirrorKind::Number, ValueRef::Real(number)) => Some(MirrorValue::Number(number)),
        (MirrorKind::Whole | MirrorKind::DateTime, ValueRef::Integer(number)) => {
            Some(MirrorValue::Whole(number))
        }
        (MirrorKind::YesNo, ValueRef::Integer(yes)) => Some(MirrorValue::YesNo(yes != 0)),
        (MirrorKind::Date, ValueRef::Text(text)) => std::str::from_utf8(text)
            .ok()
            .and_then(|text| text.parse().ok())
            .map(MirrorValue::Date),
        _ => None,
    }
}
