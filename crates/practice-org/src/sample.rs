//! People to try with, and what stands around them, so that a new org is not empty.

mod around;

use crate::json::object;
use crate::org::{Org, Trouble, WriteOptions};
use crate::{Error, Result};

const PEOPLE: &str = include_str!("../sample/people.csv");

/// Columns of the file, in order.
const COLUMNS: [&str; 10] = [
    "sobject",
    "FirstName",
    "LastName",
    "Company",
    "Email",
    "Title",
    "Phone",
    "City",
    "Country",
    "LeadSource",
];

/// Adds the sample people in a transaction of their own.
pub(crate) fn fill_new(org: &Org) -> Result<()> {
    let filled = org.transaction(|org| {
        fill(org).map_err(|e| crate::http::Refused::new(500, "SAMPLE", e.to_string()))
    });
    filled
        .map(|_| ())
        .map_err(|refused| Error::Sample(refused.message))
}

/// Adds the sample people with their campaigns and opportunities, and returns how many people.
pub(crate) fn fill(org: &Org) -> Result<usize> {
    let mut rows = read(PEOPLE);
    if rows.is_empty() || rows.remove(0).1 != COLUMNS {
        return Err(Error::Shipped {
            what: "people.csv",
            line: 1,
        });
    }
    let options = WriteOptions {
        allow_save: true,
        record_details: false,
        assign: false,
        version: "v67.0".to_owned(),
    };
    let mut added = 0;
    for (line, row) in rows {
        if row.len() != COLUMNS.len() {
            return Err(Error::Shipped {
                what: "people.csv",
                line,
            });
        }
        add(org, &row, &options).map_err(|trouble| refused(line, trouble))?;
        added += 1;
    }
    around::fill(org, &options).map_err(|(line, trouble)| refused(line, trouble))?;
    Ok(added)
}

fn refused(line: usize, trouble: Trouble) -> Error {
    let refused = trouble.refused(&[]);
    Error::Sample(format!("line {line}: {} {}", refused.code, refused.message))
}

fn add(org: &Org, row: &[String], options: &WriteOptions) -> std::result::Result<(), Trouble> {
    let schema = org.schema();
    let kind = schema
        .object(&row[0])
        .ok_or_else(crate::http::Refused::not_found)?;
    let contact = kind.name == "Contact";
    let mut record = object([]);
    for (column, value) in COLUMNS
        .iter()
        .zip(row)
        .skip(1)
        .filter(|(_, v)| !v.is_empty())
    {
        let field = match (*column, contact) {
            ("Company", true) => {
                record.push("AccountId", org.account_named(value, options)?);
                continue;
            }
            ("City", true) => "MailingCity",
            ("Country", true) => "MailingCountry",
            (column, _) => column,
        };
        record.push(field, value.as_str());
    }
    org.create(kind, &record, options).map(|_| ())
}

/// Rows of a CSV text with the lines they begin at.
fn read(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let (mut quoted, mut line, mut start) = (false, 1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {}
            ('\n', false) => {
                row.push(std::mem::take(&mut cell));
                rows.push((start, std::mem::take(&mut row)));
                start = line;
            }
            (c, _) => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((start, row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_cells_keep_commas_and_quotes() {
        let rows = read("a,\"b, \"\"c\"\"\"\r\n\"x\ny\",z");
        assert_eq!(
            rows,
            [
                (1, vec!["a".to_owned(), "b, \"c\"".to_owned()]),
                (2, vec!["x\ny".to_owned(), "z".to_owned()])
            ]
        );
    }
}
