//! Runs queries page by page.

use rusqlite::params_from_iter;

use super::Fault;
use super::ast::{Condition, Constant, Expression, Literal, Name, Operand, Operator, Query};
use super::children::Children;
use super::grouping;
use super::parser;
use super::selection::{Selection, record};
use super::translate::{Finds, Reach, Translated, translate};
use crate::http::Refused;
use crate::json::{Json, object};
use crate::org::schema::{Object, Schema};
use crate::org::{Cursor, Org, numbers};

/// A query as it was asked.
pub(crate) struct Run<'a> {
    /// Its text.
    pub(crate) soql: &'a str,
    /// Deleted records too.
    pub(crate) every: bool,
    /// Asked under the tooling root.
    pub(crate) tooling: bool,
    /// Records a page.
    pub(crate) page: usize,
    /// Such as `v67.0`.
    pub(crate) version: &'a str,
}

/// Runs a query and answers its first page.
pub(crate) fn run(org: &Org, run: &Run<'_>) -> Result<Json, Refused> {
    let translated = prepare(org, run.soql, run.every, run.tooling)?;
    let mut statement = org.conn().prepare_cached(&translated.rows.text)?;
    let bound = params_from_iter(&translated.rows.bound);
    let (selection, children) = match &translated.finds {
        Finds::Count => {
            let total: i64 = statement.query_row(bound, |row| row.get(0))?;
            return Ok(object([
                ("totalSize", total.into()),
                ("done", true.into()),
                ("records", Json::Array(Vec::new())),
            ]));
        }
        Finds::Groups(members) => {
            let groups = statement.query_map(bound, |row| grouping::record(members, row))?;
            let groups: Vec<Json> = groups.take(run.page + 1).collect::<rusqlite::Result<_>>()?;
            if groups.len() > run.page {
                let message = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch";
                return Err(Refused::new(400, "EXCEEDED_ID_LIMIT", message));
            }
            return Ok(page_of(groups.len(), None, groups, run.version));
        }
        Finds::Rows(selection, children) => (selection, children),
    };
    let rows: Vec<i64> = statement
        .query_map(bound, |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let page = match org
        .switch("page_size_cap")?
        .as_i64()
        .and_then(|n| usize::try_from(n).ok())
    {
        Some(cap) => run.page.min(cap),
        None => run.page,
    };
    let first = &rows[..rows.len().min(page)];
    let records = read(
        org,
        selection,
        children,
        &translated.object,
        &numbers(first),
        run.version,
    )?;
    let next = if rows.len() > page {
        let cursor = Cursor {
            soql: run.soql.to_owned(),
            every: run.every,
            tooling: run.tooling,
            page,
            total: rows.len(),
        };
        Some((org.open_cursor(&cursor, &rows)?, page))
    } else {
        None
    };
    Ok(page_of(rows.len(), next, records, run.version))
}

/// Answers the page that a locator such as `01g…-2000` names.
pub(crate) fn next_page(org: &Org, locator: &str, version: &str) -> Result<Json, Refused> {
    let dead = || Refused::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let (id, start) = locator.rsplit_once('-').ok_or_else(dead)?;
    let start: usize = start.parse().map_err(|_| dead())?;
    let (cursor, rows) = org.cursor(id, start)?.ok_or_else(dead)?;
    let translated = prepare(org, &cursor.soql, cursor.every, cursor.tooling)?;
    let Finds::Rows(selection, children) = &translated.finds else {
        return Err(dead());
    };
    let records = read(org, selection, children, &translated.object, &rows, version)?;
    let end = start + cursor.page;
    let next = (end < cursor.total).then(|| (id.to_owned(), end));
    Ok(page_of(cursor.total, next, records, version))
}

/// Tells whether a condition, as it stands in WHERE, holds for a record.
pub(crate) fn holds(
    org: &Org,
    schema: &Schema,
    object: &Object,
    condition: &str,
    id: &str,
) -> Result<bool, Refused> {
    let soql = format!(
        "SELECT COUNT() FROM {} WHERE Id = '{id}' AND ({condition})",
        object.name
    );
    let refused = |fault: Fault| fault.refused(&soql);
    let query = parser::parse(&soql).map_err(refused)?;
    let reach = Reach {
        every: true,
        tooling: false,
        offset_maximum: 0,
    };
    let translated = translate(schema, &query, reach).map_err(refused)?;
    let mut statement = org.conn().prepare_cached(&translated.rows.text)?;
    let count: i64 =
        statement.query_row(params_from_iter(&translated.rows.bound), |row| row.get(0))?;
    Ok(count > 0)
}

pub(super) fn prepare(
    org: &Org,
    soql: &str,
    every: bool,
    tooling: bool,
) -> Result<Translated, Refused> {
    let offset_maximum = org.switch("offset_maximum")?.as_i64().unwrap_or(2000);
    let mut query = parser::parse(soql).map_err(|f| f.refused(soql))?;
    let schema = org.schema();
    apply_scope(&mut query, &org.acting()).map_err(|f| f.refused(soql))?;
    translate(
        &schema,
        &query,
        Reach {
            every,
            tooling,
            offset_maximum,
        },
    )
    .map_err(|f| f.refused(soql))
}

/// Turns `USING SCOPE` into a condition.
fn apply_scope(query: &mut Query, user: &str) -> Result<(), Fault> {
    let Some(scope) = query.scope.take() else {
        return Ok(());
    };
    let mine = match scope.text.to_ascii_lowercase().as_str() {
        "everything" => return Ok(()),
        "mine" | "mine_and_my_groups" => {
            let owner = Name {
                text: "OwnerId".to_owned(),
                at: scope.at,
            };
            let user = Literal {
                value: Constant::Text(user.to_owned(), user.to_owned()),
                at: scope.at,
            };
            let owner = Expression::Field(vec![owner]);
            Condition::Compare(owner, Operator::Equal, Operand::One(user))
        }
        _ => {
            let message = format!("this practice org has no scope '{}'", scope.text);
            return Err(Fault::at("MALFORMED_QUERY", message, scope.at));
        }
    };
    query.condition = Some(match query.condition.take() {
        None => mine,
        Some(Condition::And(mut list)) => {
            list.push(mine);
            Condition::And(list)
        }
        Some(other) => Condition::And(vec![other, mine]),
    });
    Ok(())
}

/// Reads the records of some rows with their children, `rows` being a JSON array of their numbers.
pub(super) fn read(
    org: &Org,
    selection: &Selection,
    children: &[Children],
    object: &Object,
    rows: &str,
    version: &str,
) -> Result<Vec<Json>, Refused> {
    let mut statement = org.conn().prepare_cached(&selection.select_rows(object))?;
    let mut found = statement.query([rows])?;
    let mut records = Vec::new();
    while let Some(row) = found.next()? {
        let mut record = record(selection, object, row, version)?;
        for children in children {
            let id: String = row.get(0)?;
            children.add(org, &mut record, &id, version)?;
        }
        records.push(record);
    }
    Ok(records)
}

fn page_of(total: usize, next: Option<(String, usize)>, records: Vec<Json>, version: &str) -> Json {
    let mut page = object([("totalSize", total.into()), ("done", next.is_none().into())]);
    if let Some((id, start)) = next {
        page.push(
            "nextRecordsUrl",
            format!("/services/data/{version}/query/{id}-{start}"),
        );
    }
    page.push("records", Json::Array(records));
    page
}
