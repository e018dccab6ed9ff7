//! Query answers that go on over several pages.

use rusqlite::{OptionalExtension, params};

use super::{Org, values};

/// Two days, as long as a locator lives.
const LIFE_MS: i64 = 2 * 24 * 3600 * 1000;

/// A query whose answer has further pages.
pub(crate) struct Cursor {
    /// The query.
    pub(crate) soql: String,
    /// It sees deleted records.
    pub(crate) every: bool,
    /// It was asked under the tooling root.
    pub(crate) tooling: bool,
    /// Records a page.
    pub(crate) page: usize,
    /// Records in all.
    pub(crate) total: usize,
}

impl Org {
    /// Keeps the row numbers of an answer and returns the locator's id.
    pub(crate) fn open_cursor(&self, cursor: &Cursor, rows: &[i64]) -> rusqlite::Result<String> {
        let (id, now) = (self.next_id("01g")?, values::now_ms());
        self.conn.execute(
            "DELETE FROM cursor_pages WHERE cursor IN (SELECT id FROM cursors WHERE made_at < ?1)",
            [now - LIFE_MS],
        )?;
        self.conn
            .execute("DELETE FROM cursors WHERE made_at < ?1", [now - LIFE_MS])?;
        self.conn.execute(
            "INSERT INTO cursors (id, soql, every, page, total, tooling, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, cursor.soql, cursor.every, cursor.page as i64, cursor.total as i64, cursor.tooling, now],
        )?;
        let sql = "INSERT INTO cursor_pages (cursor, start, rows) VALUES (?1, ?2, ?3)";
        let mut statement = self.conn.prepare_cached(sql)?;
        // The first page goes out at once and is never asked for again.
        for (n, page) in rows.chunks(cursor.page).enumerate().skip(1) {
            statement.execute(params![id, (n * cursor.page) as i64, numbers(page)])?;
        }
        Ok(id)
    }

    /// The cursor behind a locator, and the row numbers of its page at `start`.
    pub(crate) fn cursor(
        &self,
        id: &str,
        start: usize,
    ) -> rusqlite::Result<Option<(Cursor, String)>> {
        let sql = "SELECT c.soql, c.every, c.page, c.total, c.tooling, p.rows FROM cursors c
                   JOIN cursor_pages p ON p.cursor = c.id AND p.start = ?2 WHERE c.id = ?1 AND c.made_at >= ?3";
        let read = |row: &rusqlite::Row<'_>| {
            let cursor = Cursor {
                soql: row.get(0)?,
                every: row.get(1)?,
                page: row.get::<_, i64>(2)? as usize,
                total: row.get::<_, i64>(3)? as usize,
                tooling: row.get(4)?,
            };
            Ok((cursor, row.get(5)?))
        };
        self.conn
            .query_row(
                sql,
                params![id, start as i64, values::now_ms() - LIFE_MS],
                read,
            )
            .optional()
    }
}

/// Row numbers as a JSON array, which SQLite reads back as a table.
pub(crate) fn numbers(rows: &[i64]) -> String {
    let texts: Vec<String> = rows.iter().map(i64::to_string).collect();
    format!("[{}]", texts.join(","))
}
