//! Counts calls over the last 24 hours and remembers recent requests.

use rusqlite::params;

use super::{Org, values};
use crate::json::{Json, object};

/// Requests that the log keeps.
const KEPT: i64 = 5000;

/// A line of the request log.
pub(crate) struct Logged {
    /// Method.
    pub(crate) method: String,
    /// Path without query.
    pub(crate) path: String,
    /// HTTP status; 0 when the connection was dropped instead of answering.
    pub(crate) status: u16,
}

impl Org {
    /// Most API calls in 24 hours.
    pub(crate) fn daily_limit(&self) -> rusqlite::Result<i64> {
        self.number("daily_api_requests", 100_000)
    }

    /// Most internal batches of bulk jobs in 24 hours.
    pub(crate) fn most_batches(&self) -> rusqlite::Result<i64> {
        self.number("daily_bulk_batches", 15_000)
    }

    /// Most bulk query jobs in 24 hours.
    pub(crate) fn most_query_jobs(&self) -> rusqlite::Result<i64> {
        self.number("daily_bulk_query_jobs", 10_000)
    }

    /// Calls counted in the last 24 hours.
    pub(crate) fn calls_today(&self) -> rusqlite::Result<i64> {
        let oldest = values::now_ms() / 60_000 - 24 * 60;
        let sql = "SELECT coalesce(sum(calls), 0) FROM api_calls WHERE minute > ?1";
        self.conn
            .prepare_cached(sql)?
            .query_row([oldest], |row| row.get(0))
    }

    /// Counts one API call.
    pub(crate) fn count_call(&self) -> rusqlite::Result<()> {
        let sql = "INSERT INTO api_calls (minute, calls) VALUES (?1, 1) ON CONFLICT DO UPDATE SET calls = calls + 1";
        self.conn
            .prepare_cached(sql)?
            .execute([values::now_ms() / 60_000])?;
        self.add_to_counter("api_calls")
    }

    /// Sets the calls of the last 24 hours, for trying out what happens near the limit.
    pub(crate) fn set_calls_today(&self, calls: i64) -> rusqlite::Result<()> {
        self.conn.execute("DELETE FROM api_calls", [])?;
        let minute = values::now_ms() / 60_000;
        self.conn.execute(
            "INSERT INTO api_calls (minute, calls) VALUES (?1, ?2)",
            [minute, calls],
        )?;
        Ok(())
    }

    fn add_to_counter(&self, name: &str) -> rusqlite::Result<()> {
        let sql = "INSERT INTO counters (name, value) VALUES (?1, 1) ON CONFLICT DO UPDATE SET value = value + 1";
        self.conn.prepare_cached(sql)?.execute([name])?;
        Ok(())
    }

    /// Writes a request into the log.
    pub(crate) fn log_request(&self, logged: &Logged) -> rusqlite::Result<()> {
        self.add_to_counter("requests")?;
        let sql =
            "INSERT INTO requests (at, method, path, status) VALUES (?1, ?2, ?3, ?4) RETURNING id";
        let row = params![values::now_ms(), logged.method, logged.path, logged.status];
        let id: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row(row, |row| row.get(0))?;
        if id % 500 == 0 {
            self.conn
                .execute("DELETE FROM requests WHERE id <= ?1", [id - KEPT])?;
        }
        Ok(())
    }

    /// `{"requests": n, "api_calls": n}` since the file was made.
    pub(crate) fn counters(&self) -> rusqlite::Result<Json> {
        let one = |name: &str| {
            let sql = "SELECT coalesce((SELECT value FROM counters WHERE name = ?1), 0)";
            self.conn.query_row(sql, [name], |row| row.get::<_, i64>(0))
        };
        Ok(object([
            ("requests", one("requests")?.into()),
            ("api_calls", one("api_calls")?.into()),
        ]))
    }

    /// The log, newest first.
    pub(crate) fn recent_requests(&self, most: i64) -> rusqlite::Result<Json> {
        let mut statement = self
            .conn
            .prepare("SELECT at, method, path, status FROM requests ORDER BY id DESC LIMIT ?1")?;
        let rows = statement.query_map([most], |row| {
            Ok(object([
                ("method", row.get::<_, String>(1)?.into()),
                ("path", row.get::<_, String>(2)?.into()),
                ("status", row.get::<_, i64>(3)?.into()),
                ("at", row.get::<_, i64>(0)?.into()),
            ]))
        })?;
        Ok(Json::Array(rows.collect::<rusqlite::Result<_>>()?))
    }
}
