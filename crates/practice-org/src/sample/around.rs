//! Campaigns, opportunities and relations around the sample people.

use rusqlite::OptionalExtension;

use crate::http::Refused;
use crate::json::{self, Json, object};
use crate::org::schema::Object;
use crate::org::{Org, Trouble, WriteOptions};

const AROUND: &str = include_str!("../../sample/around_people.txt");

/// Adds them. A line that doesn't fit is named.
pub(super) fn fill(org: &Org, options: &WriteOptions) -> Result<(), (usize, Trouble)> {
    let lines = AROUND.lines().enumerate();
    for (at, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        add(org, line, options).map_err(|trouble| (at + 1, trouble))?;
    }
    Ok(())
}

fn add(org: &Org, line: &str, options: &WriteOptions) -> Result<(), Trouble> {
    let schema = org.schema();
    let mut cells = line.split(" | ");
    let kind = cells.next().and_then(|name| schema.object(name));
    let kind = kind.ok_or_else(Refused::not_found)?;
    let mut record = object([]);
    for (field, text) in cells.filter_map(|cell| cell.split_once('=')) {
        let named = text.split_once(':');
        let parent = named.and_then(|(object, name)| Some((schema.object(object)?, name)));
        let value = match parent {
            Some((parent, name)) if field.ends_with("Id") => id_of(org, parent, name)?.into(),
            _ => json::parse(text).unwrap_or_else(|_| Json::from(text)),
        };
        record.push(field, value);
    }
    org.create(kind, &record, options).map(|_| ())
}

fn id_of(org: &Org, parent: &Object, name: &str) -> Result<String, Trouble> {
    let by = if name.contains('@') { "Email" } else { "Name" };
    let sql = format!(
        "SELECT \"Id\" FROM {} WHERE \"{by}\" = ?1 AND \"IsDeleted\" = 0 ORDER BY row LIMIT 1",
        parent.table()
    );
    let found: Option<String> = org
        .conn()
        .query_row(&sql, [name], |row| row.get(0))
        .optional()?;
    found.ok_or_else(|| Refused::not_found().into())
}
