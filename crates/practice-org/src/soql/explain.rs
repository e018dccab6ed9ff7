//! Says how a query would be run, and how much it would read.

use rusqlite::params_from_iter;

use super::run::prepare;
use super::translate::Finds;
use crate::http::Refused;
use crate::json::{Json, object};
use crate::org::Org;

/// An index is worth its while for this share of an object's records at most.
const SELECTIVE_SHARE: i64 = 3;

/// Explains a query: one plan, the one that would be taken.
///
/// # Source
/// REST API Developer Guide, "Get Feedback on Query Performance".
pub(crate) fn explain(org: &Org, soql: &str, every: bool) -> Result<Json, Refused> {
    let translated = prepare(org, soql, every, false)?;
    let (text, bound) = (&translated.rows.text, &translated.rows.bound);
    let one = |sql: &str, bound: &[rusqlite::types::Value]| -> rusqlite::Result<i64> {
        let mut statement = org.conn().prepare(sql)?;
        statement.query_row(params_from_iter(bound), |row| row.get(0))
    };
    let found = match translated.finds {
        Finds::Count => one(text, bound)?,
        _ => one(&format!("SELECT count(*) FROM ({text})"), bound)?,
    };
    let all = one(
        &format!("SELECT count(*) FROM {}", translated.object.table()),
        &[],
    )?;
    let mut statement = org.conn().prepare(&format!("EXPLAIN QUERY PLAN {text}"))?;
    let steps = statement.query_map(params_from_iter(bound), |row| row.get::<_, String>(3))?;
    let steps: Vec<String> = steps.collect::<rusqlite::Result<_>>()?;
    let by_index = steps.iter().any(|step| step.starts_with("SEARCH t "));
    let hundredths = match (by_index, all) {
        (true, 1..) => found * SELECTIVE_SHARE * 100 / all,
        _ => 100,
    };
    let cost = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let plan = object([
        ("cardinality", found.into()),
        ("fields", Json::Array(Vec::new())),
        (
            "leadingOperationType",
            if by_index { "Index" } else { "TableScan" }.into(),
        ),
        ("notes", Json::Array(Vec::new())),
        ("relativeCost", Json::Number(cost)),
        ("sobjectCardinality", all.into()),
        ("sobjectType", translated.object.name.as_str().into()),
    ]);
    Ok(object([
        ("plans", Json::Array(vec![plan])),
        ("sourceQuery", soql.into()),
    ]))
}
