//! The same row both ways: as JSON for collections, as cells for a job.
//!
//! An absent field and an empty cell leave the value as it is. `null` and an empty text clear it, which a cell says with
//! `#N/A`; so a text that is `#N/A` itself can't go in a file. Numbers keep their digits.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::value::RawValue;

use super::csv::CsvFile;

/// The cell that clears a value.
///
/// # Source
/// Bulk API 2.0 Developer Guide, "Prepare CSV Files".
const NULL: &str = "#N/A";

/// The most characters of a cell, and of all cells of a row.
const MAX_CELL_CHARS: usize = 131_072;
const MAX_ROW_CHARS: usize = 400_000;

type Members<'a> = BTreeMap<String, &'a RawValue>;

/// A row of a job's file: cells by their column, such as `Email` and `Account.Ext__c`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkRow(BTreeMap<String, String>);

impl BulkRow {
    /// Returns the row that means the same as this row of collections; None where no file can say it.
    pub fn of(row: &RawValue) -> Option<BulkRow> {
        let members: Members<'_> = serde_json::from_str(row.get()).ok()?;
        let mut cells = BTreeMap::new();
        for (field, value) in own(&members) {
            let (column, cell) = match value.get().starts_with('{') {
                true => parent(field, value)?,
                false => (column(field), cell(value)?),
            };
            cells.insert(column, cell);
        }
        let chars: usize = cells.values().map(|cell| cell.chars().count()).sum();
        (chars <= MAX_ROW_CHARS).then_some(BulkRow(cells))
    }

    /// Returns the columns that the row needs.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the most bytes that its cells take, without what stands between them.
    pub fn most_bytes(&self) -> u64 {
        let quoted = |cell: &String| cell.len() + cell.matches('"').count() + 2;
        self.0.values().map(quoted).sum::<usize>() as u64
    }

    /// Writes the row under these columns; false where the file is full.
    ///
    /// # Errors
    /// Where the row has a column that the file lacks, and whatever the file can't take.
    pub fn write<W: Write>(&self, file: &mut CsvFile<W>, columns: &[String]) -> io::Result<bool> {
        let cells: Vec<&str> = columns
            .iter()
            .map(|column| self.0.get(column).map_or("", String::as_str))
            .collect();
        let known = |column: &String| columns.contains(column);
        if !self.0.keys().all(known) {
            return Err(io::Error::other("the row has a column that the file lacks"));
        }
        file.write(&cells)
    }
}

fn own<'a>(members: &'a Members<'a>) -> impl Iterator<Item = (&'a str, &'a RawValue)> {
    let own = members.iter().filter(|(name, _)| *name != "attributes");
    own.map(|(name, value)| (name.as_str(), *value))
}

/// Rows of collections name their own id in lower case.
fn column(field: &str) -> String {
    if field == "id" { "Id" } else { field }.to_owned()
}

/// A parent by its key: `{"Ext__c": "k"}` stands under `Parent__r.Ext__c`, and with a type under `Type:Parent__r.Ext__c`.
fn parent(relation: &str, value: &RawValue) -> Option<(String, String)> {
    let members: Members<'_> = serde_json::from_str(value.get()).ok()?;
    let mut keys = own(&members);
    let (key, value) = keys.next().filter(|_| keys.next().is_none())?;
    let kind = members.get("attributes").and_then(|attributes| {
        let attributes: BTreeMap<String, String> = serde_json::from_str(attributes.get()).ok()?;
        attributes.get("type").cloned()
    });
    let column = match kind {
        Some(kind) => format!("{kind}:{relation}.{key}"),
        None => format!("{relation}.{key}"),
    };
    Some((column, cell(value)?))
}

fn cell(value: &RawValue) -> Option<String> {
    let text = value.get();
    let cell = match text.as_bytes().first()? {
        b'n' => return Some(NULL.to_owned()),
        b'"' => serde_json::from_str::<String>(text).ok()?,
        b'[' | b'{' => return None,
        _ => text.to_owned(),
    };
    match cell.as_str() {
        "" => Some(NULL.to_owned()),
        // The org drops white space at the ends, and nobody says whether before it looks or after.
        text if text.trim().eq_ignore_ascii_case(NULL) => None,
        _ => (cell.chars().count() <= MAX_CELL_CHARS).then_some(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Option<BulkRow> {
        BulkRow::of(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn each_kind_of_value_has_its_cell() {
        let row = row(
            r#"{"attributes":{"type":"Lead"},"id":"00Q","A":null,"B":"","C":true,"D":123456789012345678.90,"E":"\u00e9",
                "Account":{"Key__c":"k"},"Who":{"attributes":{"type":"Lead"},"Email":"a@b.co"}}"#,
        )
        .unwrap();
        let columns = [
            "Id",
            "A",
            "B",
            "C",
            "D",
            "E",
            "F",
            "Account.Key__c",
            "Lead:Who.Email",
        ];
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let mut file = CsvFile::new(Vec::new(), &columns).unwrap();
        assert!(row.write(&mut file, &columns).unwrap());
        let text = String::from_utf8(file.finish().unwrap()).unwrap();
        assert_eq!(
            text.lines().nth(1),
            Some("00Q,#N/A,#N/A,true,123456789012345678.90,é,,k,a@b.co")
        );
        assert_eq!(
            row.columns().count(),
            8,
            "what the row leaves alone needs no column"
        );
        let mut file = CsvFile::new(Vec::new(), &columns[..2]).unwrap();
        assert!(
            row.write(&mut file, &columns[..2]).is_err(),
            "no cell gets lost"
        );
    }

    #[test]
    fn what_a_file_cant_say_is_no_row_of_one() {
        let long = format!(r#"{{"A":"{}"}}"#, "x".repeat(MAX_CELL_CHARS + 1));
        for bad in [
            r##"{"A":"#N/A"}"##,
            r##"{"A":" #n/a\t"}"##,
            r#"{"A":["x"]}"#,
            r#"{"A":{"Key__c":"k","Other__c":"o"}}"#,
            &long,
        ] {
            assert_eq!(row(bad), None, "{bad:.40}");
        }
    }
}
