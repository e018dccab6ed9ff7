//! Merges duplicates, as a salesperson does in the org.

use rusqlite::params;

use super::schema::Object;
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
            self.mark_deleted(kind, &loser, values::stamp_ms())?;
            let sql = format!(
                "UPDATE {} SET \"MasterRecordId\" = ?2 WHERE \"Id\" = ?1",
                kind.table()
            );
            self.conn.execute(&sql, params![loser, winner])?;
            self.hand_over(kind, &loser, &winner)?;
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

    /// Gives the records that point to one record to another, but for what the org itself noted there.
    pub(super) fn hand_over(&self, kind: &Object, from: &str, to: &str) -> rusqlite::Result<()> {
        let schema = self.schema();
        for children in schema.children_of(kind) {
            let Some(child) = schema.object(&children.object) else {
                continue;
            };
            let Some(field) = child.any_field(&children.field).filter(|f| f.createable) else {
                continue;
            };
            // Who reads what changed must see that it has another parent now.
            let stamp = match child.any_field("SystemModstamp") {
                Some(_) => format!(", \"SystemModstamp\" = {}", values::stamp_ms()),
                None => String::new(),
            };
            let sql = format!(
                "UPDATE {0} SET {1} = ?2{stamp} WHERE {1} = ?1",
                child.table(),
                field.column()
            );
            self.conn.execute(&sql, [from, to])?;
            if child.name == "CampaignMember" {
                let sql = "UPDATE \"o_CampaignMember\" SET \"LeadOrContactId\" = ?2 WHERE \"LeadOrContactId\" = ?1";
                self.conn.execute(sql, [from, to])?;
            }
        }
        Ok(())
    }
}
