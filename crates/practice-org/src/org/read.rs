//! Reads records by id, in the form the rows resources answer.

use rusqlite::params_from_iter;

use super::Org;
use super::field::Field;
use super::schema::Object;
use super::{ids, values};
use crate::http::Refused;
use crate::json::Json;
use crate::soql::{self, Selection};

impl Org {
    /// Records in the order of `ids`; nothing for those unknown or deleted.
    pub(crate) fn read(
        &self,
        kind: &Object,
        ids: &[String],
        fields: &[&Field],
        version: &str,
    ) -> Result<Vec<Option<Json>>, Refused> {
        let schema = self.schema();
        let selection = Selection::of_fields(&schema, kind, fields);
        let deleted = if kind.any_field("IsDeleted").is_some() {
            "AND t.\"IsDeleted\" = 0"
        } else {
            ""
        };
        let sql = format!("{} WHERE t.\"Id\" = ? {deleted}", selection.select(kind));
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            let id = ids::normal(id).unwrap_or_default();
            let mut rows = statement.query(params_from_iter([id]))?;
            records.push(match rows.next()? {
                Some(row) => Some(soql::record(&selection, kind, row, version)?),
                None => None,
            });
        }
        Ok(records)
    }

    /// When a record last changed, and whether it lies in the recycle bin.
    pub(crate) fn state(&self, kind: &Object, id: &str) -> rusqlite::Result<Option<(i64, bool)>> {
        let column = |name: &str| {
            if kind.any_field(name).is_some() {
                format!("\"{name}\"")
            } else {
                "0".to_owned()
            }
        };
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE \"Id\" = ?1",
            column("SystemModstamp"),
            column("IsDeleted"),
            kind.table()
        );
        let found = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |row| Ok((row.get::<_, Option<i64>>(0)?, row.get(1)?)));
        match found {
            Ok((changed, deleted)) => Ok(Some((changed.unwrap_or_else(values::now_ms), deleted))),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
