//! Remembers on which records an assignment rule ran.

use rusqlite::OptionalExtension;

use super::{Org, values};
use crate::json::{Json, object};

impl Org {
    /// Runs the lead assignment rule: logs it, and hands the lead to the queue where the switch says so.
    pub(super) fn assign(&self, lead: &str) -> rusqlite::Result<()> {
        let sql = "INSERT INTO assignments (record, at) VALUES (?1, ?2)";
        self.conn
            .prepare_cached(sql)?
            .execute(rusqlite::params![lead, values::now_ms()])?;
        if self.is_on("assignment_rule_sets_queue_owner")? {
            let sql =
                "SELECT \"Id\" FROM \"o_Group\" WHERE \"Type\" = 'Queue' ORDER BY row LIMIT 1";
            let queue: Option<String> =
                self.conn.query_row(sql, [], |row| row.get(0)).optional()?;
            let sql = "UPDATE \"o_Lead\" SET \"OwnerId\" = ?2 WHERE \"Id\" = ?1 AND ?2 IS NOT NULL";
            self.conn
                .prepare_cached(sql)?
                .execute(rusqlite::params![lead, queue])?;
        }
        Ok(())
    }

    /// How often the rule ran on each record, or on one.
    pub(crate) fn assignments(&self, record: Option<&str>) -> rusqlite::Result<Json> {
        let sql = "SELECT record, count(*) FROM assignments WHERE ?1 IS NULL OR record = ?1 GROUP BY record ORDER BY record";
        let mut statement = self.conn.prepare(sql)?;
        let rows = statement.query_map([record], |row| {
            Ok(object([
                ("id", row.get::<_, String>(0)?.into()),
                ("runs", row.get::<_, i64>(1)?.into()),
            ]))
        })?;
        Ok(Json::Array(rows.collect::<rusqlite::Result<_>>()?))
    }
}
