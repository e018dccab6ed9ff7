//! `GET /recent`: the records that were written last. Reading a record doesn't make it recent here.

use super::Request;
use crate::http::{Answer, Refused};
use crate::json::Json;
use crate::org::field::Field;
use crate::org::schema::Object;
use crate::org::values;

/// Most records in an answer.
const MOST: usize = 200;

/// Recent records of all objects that have tabs, the last first.
pub(super) fn all(request: &Request<'_>) -> Result<Answer, Refused> {
    let limit = request.call.param("limit").unwrap_or_default();
    let limit = limit.parse().unwrap_or(MOST).min(MOST);
    let schema = request.org.schema();
    let kinds: Vec<&Object> = super::tabs::objects(&schema).collect();
    Ok(Answer::json(200, of(request, &kinds, limit)?.into()))
}

/// The recent records of some objects with `attributes`, `Id` and their name.
pub(super) fn of(
    request: &Request<'_>,
    kinds: &[&Object],
    limit: usize,
) -> Result<Vec<Json>, Refused> {
    let mut found: Vec<(i64, Json)> = Vec::new();
    for kind in kinds {
        found.extend(last(request, kind, limit)?);
    }
    found.sort_by_key(|(changed_ms, _)| std::cmp::Reverse(*changed_ms));
    Ok(found.into_iter().map(|(_, r)| r).take(limit).collect())
}

/// The records of one object that the user wrote last, with the moment of each.
fn last(request: &Request<'_>, kind: &Object, limit: usize) -> Result<Vec<(i64, Json)>, Refused> {
    let stamps = ["SystemModstamp", "LastModifiedById", "IsDeleted"];
    if stamps.iter().any(|name| kind.any_field(name).is_none()) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT \"Id\", \"SystemModstamp\" FROM {} WHERE \"IsDeleted\" = 0 AND \"LastModifiedById\" = ?1
         ORDER BY \"SystemModstamp\" DESC, row DESC LIMIT ?2",
        kind.table()
    );
    let mut statement = request.org.conn().prepare_cached(&sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(rusqlite::params![request.org.acting(), limit], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let ids: Vec<String> = rows.iter().map(|(id, _)| id.clone()).collect();
    let shown = |f: &&Field| f.name == "Id" || f.name_field;
    let fields: Vec<&Field> = kind.visible().filter(shown).collect();
    let records = request.org.read(kind, &ids, &fields, request.version)?;
    let moments = rows
        .into_iter()
        .map(|(_, ms)| ms.unwrap_or_else(values::now_ms));
    Ok(moments
        .zip(records)
        .filter_map(|(ms, record)| Some((ms, record?)))
        .collect())
}
