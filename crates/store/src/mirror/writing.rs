//! Fills the mirror from pages of a pull.

use std::collections::BTreeSet;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, named_params, params, params_from_iter};

use super::tables::{column, table};
use super::{Mirror, MirrorField, MirrorKind, MirrorState, MirrorValue};
use crate::{Error, Result, Writer};

/// A record as a pull has read it.
#[derive(Debug, Clone, PartialEq)]
pub struct MirrorRecord {
    /// 18 characters.
    pub id: String,
    /// When the org last touched it, UTC milliseconds.
    pub stamp: Option<i64>,
    /// It is in the recycle bin.
    pub deleted: bool,
    /// The record that it was merged into.
    pub winner: Option<String>,
    /// Its values, in the order of the fields that the page is written with.
    pub values: Vec<Option<MirrorValue>>,
}

/// What writing a page changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageTally {
    /// Live records that the mirror lacked.
    pub new: u64,
    /// Records with another value or stamp than before, and those that are back.
    pub changed: u64,
    /// Records that were live here, or unknown, and are deleted there.
    pub deleted: u64,
}

impl Writer<'_> {
    /// Writes a page of records. `fields` are the columns that were read; others keep what they hold.
    ///
    /// # Errors
    /// [`Error::Refused`] where a value doesn't fit its column.
    pub fn write_mirror_page(
        &self,
        mirror: &Mirror,
        fields: &[&MirrorField],
        records: &[MirrorRecord],
        pass: i64,
    ) -> Result<PageTally> {
        let table = table(mirror.id);
        let columns: Vec<String> = fields.iter().map(|field| column(field)).collect();
        let own = ["record_id", "stamp", "state", "winner", "pass"].map(str::to_owned);
        let all: Vec<&str> = own.iter().chain(&columns).map(String::as_str).collect();
        let marks = vec!["?"; all.len()].join(", ");
        let compared: Vec<&str> = all[1..4].iter().chain(&all[own.len()..]).copied().collect();
        let differs: Vec<String> = compared
            .iter()
            .map(|name| format!("{table}.{name} IS NOT excluded.{name}"))
            .collect();
        let sets: Vec<String> = all[1..]
            .iter()
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        let mut before = self
            .connection
            .prepare_cached(&format!("SELECT state FROM {table} WHERE record_id = ?1"))?;
        let mut upsert = self.connection.prepare_cached(&format!(
            "INSERT INTO {table} ({}) VALUES ({marks})
             ON CONFLICT (record_id) DO UPDATE SET {} WHERE {}",
            all.join(", "),
            sets.join(", "),
            differs.join(" OR ")
        ))?;
        let mut seen = self.connection.prepare_cached(&format!(
            "UPDATE {table} SET pass = ?2 WHERE record_id = ?1 AND pass < ?2"
        ))?;
        let mut tally = PageTally::default();
        let mut concerned = self.concerned_before(mirror, records)?;
        let mut touched = BTreeSet::new();
        for record in records {
            let known: Option<i64> = before
                .query_row([&record.id], |row| row.get(0))
                .optional()?;
            let known = known.map(MirrorState::from_number);
            let state = match record.deleted {
                true => MirrorState::Deleted,
                false => MirrorState::Live,
            };
            let mut cells: Vec<Cell> = vec![
                record.id.clone().into(),
                record.stamp.into(),
                state.number().into(),
                record.winner.clone().into(),
                pass.into(),
            ];
            for (field, value) in fields.iter().zip(&record.values) {
                cells.push(cell(field, value.as_ref())?);
            }
            let changed = upsert.execute(params_from_iter(cells))? > 0;
            if changed {
                touched.insert(record.id.clone());
            } else {
                seen.execute(params![record.id, pass])?;
            }
            match (known, state) {
                (None, MirrorState::Live) => tally.new += 1,
                (Some(MirrorState::Live) | None, MirrorState::Deleted) => tally.deleted += 1,
                _ => tally.changed += u64::from(changed),
            }
        }
        concerned.retain(|(record, _)| touched.contains(record));
        let touched: Vec<String> = touched.into_iter().collect();
        concerned.extend(self.concerned(mirror, &touched)?);
        self.stamp_concerned(concerned)?;
        Ok(tally)
    }

    /// Notes that these records are live in the org, and returns those that the mirror doesn't hold as such.
    pub fn note_seen(&self, mirror: &Mirror, ids: &[String], pass: i64) -> Result<Vec<String>> {
        let table = table(mirror.id);
        let mut seen = self.connection.prepare_cached(&format!(
            "UPDATE {table} SET pass = :pass WHERE record_id = :id AND state = 0"
        ))?;
        let mut unknown = Vec::new();
        for id in ids {
            if seen.execute(named_params! { ":pass": pass, ":id": id })? == 0 {
                unknown.push(id.clone());
            }
        }
        Ok(unknown)
    }

    /// Marks live records gone that a reading of everything has not seen, and returns how many.
    pub fn mark_unseen_gone(&self, mirror: &Mirror, pass: i64) -> Result<u64> {
        self.stamp_unseen(mirror, pass)?;
        let sql = format!(
            "UPDATE {} SET state = 2 WHERE state = 0 AND pass < :pass",
            table(mirror.id)
        );
        let gone = self
            .connection
            .execute(&sql, named_params! { ":pass": pass })?;
        Ok(gone as u64)
    }
}

fn cell(field: &MirrorField, value: Option<&MirrorValue>) -> Result<Cell> {
    Ok(match (field.kind, value) {
        (_, None) => Cell::Null,
        (MirrorKind::Text, Some(MirrorValue::Text(text))) => text.clone().into(),
        (MirrorKind::Number, Some(MirrorValue::Number(number))) => (*number).into(),
        (MirrorKind::Whole | MirrorKind::DateTime, Some(MirrorValue::Whole(n))) => (*n).into(),
        (MirrorKind::YesNo, Some(MirrorValue::YesNo(yes))) => i64::from(*yes).into(),
        (MirrorKind::Date, Some(MirrorValue::Date(date))) => date.to_string().into(),
        _ => {
            return Err(Error::Refused(format!(
                "the field {} holds another type than the mirror",
                field.name
            )));
        }
    })
}
