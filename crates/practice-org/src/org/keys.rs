//! Finds records by the value of a key field.

use rusqlite::types::Value;

use super::Org;
use super::field::{Field, Kind};
use super::schema::Object;
use super::tables::WIDE;

/// A record that holds a key value.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its id.
    pub(crate) id: String,
    /// It lies in the recycle bin.
    pub(crate) deleted: bool,
    /// It is a converted lead.
    pub(crate) converted: bool,
}

impl Org {
    /// Records holding this value, by the field's own rule of case; deleted ones only where the switch says they count.
    pub(crate) fn find_by_key(
        &self,
        object: &Object,
        field: &Field,
        value: &Value,
    ) -> rusqlite::Result<Vec<Found>> {
        if *value == Value::Null {
            return Ok(Vec::new());
        }
        let flag = |name: &str| {
            if object.any_field(name).is_some() {
                format!("\"{name}\"")
            } else {
                "0".to_owned()
            }
        };
        let (deleted, converted) = (flag("IsDeleted"), flag("IsConverted"));
        let column = field.column();
        let wide = matches!(value, Value::Text(text) if !text.is_ascii());
        let matching = match () {
            () if field.kind == Kind::Id || field.case_sensitive => format!("{column} = ?1"),
            // An external id without "unique" tells case apart.
            () if field.external_id && !field.unique => {
                format!("{column} = ?1 AND {column} = ?1 COLLATE BINARY")
            }
            () if wide => format!("{column} {WIDE} AND fold({column}) = fold(?1)"),
            () => format!("{column} = ?1"),
        };
        let live = if self.is_on("deleted_record_still_matches_identifier")? {
            "1".to_owned()
        } else {
            format!("{deleted} = 0")
        };
        let sql = format!(
            "SELECT \"Id\", {deleted}, {converted} FROM {} WHERE ({matching}) AND {live} ORDER BY row",
            object.table()
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([value], |row| {
            Ok(Found {
                id: row.get(0)?,
                deleted: row.get(1)?,
                converted: row.get(2)?,
            })
        })?;
        rows.collect()
    }
}
