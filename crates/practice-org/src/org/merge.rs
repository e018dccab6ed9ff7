//! Merges duplicates, as a salesperson does in the org.

use rusqlite::params;

use super::write::{RowError, Trouble};
use super::{Org, values};
use crate::json::{Json, array, object};

impl Org {
    /// Deletes the losers with `MasterRecordId` set to the winner; empty fields of the winner stay empty.
    pub(crate) fn merge(&self, winner: &str, losers: &[String]) -> Result<Json, Trouble> {
        let schema = self.schema();
        let (kind, winner) = self.known(&schema, winner)?;
        if !kind.is("merge") || losers.is_empty() || losers.len() > 2 {
            return Err(RowError::new(
                "INVALID_OPERATION",
                "a merge takes one winner and one or two losers",
            )
            .into());
        }
        let mut merged = Vec::new();
        for loser in losers {
            let (other, loser) = self.known(&schema, loser)?;
            if other.name != kind.name || loser == winner {
                return Err(RowError::new(
                    "INVALID_OPERATION",
                    "winner and losers must be different records of one object",
                )
                .into());
            }
            self.mark_deleted(kind, &loser, true)?;
            let sql = format!(
                "UPDATE {} SET \"MasterRecordId\" = ?2 WHERE \"Id\" = ?1",
                kind.table()
            );
            self.conn.execute(&sql, params![loser, winner])?;
            if kind.name == "Account" {
                self.conn.execute(
                    "UPDATE \"o_Contact\" SET \"AccountId\" = ?2 WHERE \"AccountId\" = ?1",
                    params![loser, winner],
                )?;
            }
            merged.push(loser);
        }
        let now = values::stamp_ms();
        let sql = format!(
            "UPDATE {} SET \"LastModifiedDate\" = ?2, \"SystemModstamp\" = ?2 WHERE \"Id\" = ?1",
            kind.table()
        );
        self.conn.execute(&sql, params![winner, now])?;
        Ok(object([
            ("id", winner.into()),
            ("mergedRecordIds", array(merged)),
            ("success", true.into()),
        ]))
    }
}
