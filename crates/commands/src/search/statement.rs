//! A SOQL statement that the user wrote: run as it stands, shown as a table.

use leadferry_salesforce::{Cursor, Page, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reached;
use super::records::Cell;
use super::spent::{Counting, Spent};
use crate::{Error, Result, Workspace};

/// Records on a page.
const PAGE: u16 = 500;
/// The longest statement that an org takes.
///
/// # Source
/// SOQL and SOSL Reference, "SOQL SELECT Syntax": 100,000 characters.
const LONGEST: usize = 100_000;

/// A statement to be run.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskSoql {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// The statement; only `SELECT` is one.
    pub soql: String,
    /// [`SoqlFound::next`] of the page before; the first page without.
    pub next: Option<String>,
}

/// A page of what a statement found.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct SoqlFound {
    /// The connection.
    pub connection: String,
    /// API names and paths of the columns, in the order of the statement.
    pub columns: Vec<String>,
    /// The records, column by column; of records within records, their number.
    pub rows: Vec<Vec<Cell>>,
    /// How many there are in all; for `COUNT()`, the count.
    pub total: u64,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<String>,
    /// What it cost.
    pub spent: Spent,
}

/// Runs a statement that only reads.
///
/// # Errors
/// When it is no `SELECT`, or the org does not answer or refuses it: then with the org's own words.
pub async fn soql(workspace: &Workspace, request: &AskSoql) -> Result<SoqlFound> {
    let statement = checked(&request.soql)?;
    let cursor = request.next.as_deref().map(Cursor::parse).transpose()?;
    let (connection, org) = reached(workspace, request.connection.as_deref()).await?;
    let counting = Counting::from_here(workspace, &org);
    let page = match cursor {
        Some(cursor) => org.client.next_page(&cursor).await,
        None => org.client.first_page_of(statement, PAGE).await,
    };
    let spent = counting.done()?;
    let page = page?;
    let (columns, rows) = tabled(statement, &page);
    Ok(SoqlFound {
        connection: connection.name,
        columns,
        rows,
        total: page.total,
        next: page.next.as_ref().map(|next| next.as_str().to_owned()),
        spent,
    })
}

/// Returns the statement without its ends; refuses what is no `SELECT`, or would change what users see.
fn checked(soql: &str) -> Result<&str> {
    let soql = soql.trim().trim_end_matches(';').trim_end();
    let words: Vec<String> = soql.split_whitespace().map(str::to_uppercase).collect();
    if words.first().map(String::as_str) != Some("SELECT") {
        return Err(Error::usage(
            "this statement can't be run here",
            "start with SELECT, as in SELECT Id, Name FROM Lead LIMIT 10",
        ));
    }
    if soql.len() > LONGEST {
        return Err(Error::usage(
            format!("the statement has more than {LONGEST} characters"),
            "shorten it",
        ));
    }
    // They lock records, or put them among those that the user viewed last.
    let ends_in = |word: &str| words.ends_with(&["FOR".to_owned(), word.to_owned()]);
    if ["UPDATE", "VIEW", "REFERENCE"].into_iter().any(ends_in) {
        return Err(Error::usage(
            "this statement does more than read",
            "remove FOR UPDATE, FOR VIEW or FOR REFERENCE",
        ));
    }
    Ok(soql)
}

fn tabled(statement: &str, page: &Page) -> (Vec<String>, Vec<Vec<Cell>>) {
    let mut columns: Vec<String> = Vec::new();
    let flat: Vec<Vec<(String, Cell)>> = page.records.iter().map(flattened).collect();
    for (name, _) in flat.iter().flatten() {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    // A parent that is empty in one record is a field of its own there, and columns below it in others.
    let parents: Vec<String> = columns
        .iter()
        .filter(|name| columns.iter().any(|other| is_below(other, name)))
        .cloned()
        .collect();
    columns.retain(|name| !parents.contains(name));
    let words: Vec<&str> = statement.split(is_between_names).collect();
    columns.sort_by_key(|column| {
        let named = |word: &&str| word.eq_ignore_ascii_case(column);
        words.iter().position(named).unwrap_or(usize::MAX)
    });
    let rows = flat.into_iter().map(|mut record| {
        let cells = columns.iter().map(|column| {
            let at = record.iter().position(|(name, _)| name == column);
            at.map_or(Cell::Nothing, |at| record.swap_remove(at).1)
        });
        cells.collect()
    });
    let rows = rows.collect();
    (columns, rows)
}

fn is_between_names(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || matches!(character, '_' | '.'))
}

fn is_below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent)
        .is_some_and(|rest| rest.starts_with('.'))
}

fn flattened(record: &Record) -> Vec<(String, Cell)> {
    let mut cells = Vec::new();
    for (name, value) in &record.fields {
        flatten(name.clone(), value, &mut cells);
    }
    cells
}

fn flatten(name: String, value: &Value, cells: &mut Vec<(String, Cell)>) {
    let cell = match value {
        Value::Null => Cell::Nothing,
        Value::Bool(yes) => Cell::YesNo(*yes),
        Value::Number(number) => number.as_f64().map_or(Cell::Nothing, Cell::Number),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Array(all) => Cell::Number(all.len() as f64),
        Value::Object(fields) => match fields.get("totalSize").and_then(Value::as_f64) {
            Some(records) => Cell::Number(records),
            None => {
                let own = fields.iter().filter(|(name, _)| *name != "attributes");
                for (below, value) in own {
                    flatten(format!("{name}.{below}"), value, cells);
                }
                return;
            }
        },
    };
    cells.push((name, cell));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_statement_that_reads_is_run() {
        assert_eq!(
            checked(" select Id from Lead ; ").unwrap(),
            "select Id from Lead"
        );
        for refused in [
            "",
            "DELETE FROM Lead",
            "FIND {Ada}",
            "SELECT Id FROM Lead FOR UPDATE",
            "SELECT Id FROM Lead\nfor view",
        ] {
            assert!(checked(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn parents_become_columns_and_children_their_number() {
        let record = |value| Record::from_value(value).unwrap();
        let page = Page {
            records: vec![
                record(json!({"Id": "1", "Account": null})),
                record(
                    json!({"Id": "2", "Account": {"attributes": {"type": "Account"}, "Name": "Acme"},
                    "Cases": {"totalSize": 3, "done": true, "records": []}}),
                ),
            ],
            total: 2,
            next: None,
            bytes: 0,
        };
        let statement = "SELECT Id, account.name, (SELECT Id FROM Cases) FROM Contact";
        let (columns, rows) = tabled(statement, &page);
        assert_eq!(columns, ["Id", "Account.Name", "Cases"]);
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(rows[0], [text("1"), Cell::Nothing, Cell::Nothing]);
        assert_eq!(rows[1], [text("2"), text("Acme"), Cell::Number(3.0)]);
    }
}
