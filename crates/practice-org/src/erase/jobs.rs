//! Takes a person out of bulk jobs: ended ones go, as they do after seven days; others lose the person's records.

use rusqlite::{Connection, OptionalExtension, params};

use super::Erasing;
use crate::Result;
use crate::bulk::csv::Reader;
use crate::bulk::job::Format;

/// Tables whose texts are records of many people.
pub(super) const FILES: [&str; 2] = ["bulk_chunks", "bulk_results"];

const ENDED: &str =
    "SELECT id FROM bulk_jobs WHERE state NOT IN ('Open', 'UploadComplete', 'InProgress')";

/// Erases the person from all jobs, where the file has any: those of earlier versions don't.
pub(super) fn erase(connection: &Connection, who: &Erasing<'_>) -> Result<()> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'bulk_jobs'";
    if connection.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(());
    }
    for table in FILES {
        connection.execute(&format!("DELETE FROM {table} WHERE job IN ({ENDED})"), [])?;
    }
    connection.execute(&format!("DELETE FROM bulk_jobs WHERE id IN ({ENDED})"), [])?;
    for table in FILES {
        erase_records(connection, table, who)?;
    }
    Ok(())
}

fn erase_records(connection: &Connection, table: &str, who: &Erasing<'_>) -> Result<()> {
    let sql = format!(
        "SELECT f.row, f.lines, j.delimiter FROM {table} f JOIN bulk_jobs j ON j.id = f.job
         WHERE f.row > ?1 ORDER BY f.row LIMIT 1"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut after = i64::MIN;
    loop {
        let next = statement.query_row([after], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        });
        let Some((row, lines, delimiter)) = next.optional()? else {
            return Ok(());
        };
        let kept = without_theirs(&lines, &delimiter, who);
        if kept.len() < lines.len() {
            let sql = format!("UPDATE {table} SET lines = ?2 WHERE row = ?1");
            connection.execute(&sql, params![row, kept])?;
        }
        after = row;
    }
}

fn without_theirs(lines: &str, delimiter: &str, who: &Erasing<'_>) -> String {
    let format = Format::named(Some(delimiter), None).unwrap_or(Format {
        delimiter: ',',
        crlf: false,
    });
    let mut reader = Reader::new(lines, format);
    let mut kept = String::with_capacity(lines.len());
    while let Some(raw) = reader.next_raw() {
        let values = reader.values(raw).unwrap_or_else(|_| vec![raw.to_owned()]);
        let known = |value: &String| who.guids.contains(value) || who.records.contains(value);
        let theirs = values.iter().any(known) || (who.names)(&values.join(" "));
        if !theirs {
            kept.push_str(raw);
        }
    }
    kept
}
